"""What holds for all names."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kg.resolve.names import normalise, score

NAMES = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            [
                "Zeltan",
                "Korba",
                "Société",
                "Générale",
                "Bank",
                "of",
                "West",
                "II",
                "Müller",
                "GmbH",
                "S.A.",
                "&",
                "Intl",
                "Яндекс",
                "3M",
                "SG",
            ]
        ),
        max_size=7,
    ).map(" ".join),
)


@given(NAMES, NAMES)
@example("a b", "b a")
@example("Delta Delata", "Delata Delta Delt")
def test_the_order_of_two_names_does_not_matter(first, second):
    one, other = score(first, second), score(second, first)
    assert one.probability == other.probability
    assert {r.code for r in one.reasons} == {r.code for r in other.reasons}


@given(NAMES)
def test_a_name_is_its_own(name):
    has_words = bool(normalise(name).words or normalise(name).numbers or normalise(name).places)
    assert score(name, name).probability == (1.0 if has_words else 0.0)


@given(NAMES, NAMES)
def test_a_probability_is_one_and_each_reason_can_be_said(first, second):
    result = score(first, second)
    assert 0 <= result.probability <= 1
    assert result.reasons
    assert all(reason.text(lang) for reason in result.reasons for lang in ("en", "fr"))


@given(NAMES)
def test_preparing_twice_gives_the_same(name):
    assert normalise(name) == normalise(name)


@pytest.mark.parametrize(
    "name", ["Société Générale S.A.", "Zeltan Énergie SARL", "Crédit Agricole S.A.", "Nestlé S.A.", "Telefónica, S.A."]
)
def test_case_accents_and_the_dots_of_a_legal_form_do_not_count(name):
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    for other in (
        name.upper(),
        name.lower(),
        bare,
        bare.upper(),
        name.replace("S.A.", "SA").replace("SARL", "S.A.R.L."),
    ):
        assert score(name, other).probability == 1.0


def test_long_and_odd_names_are_taken_as_they_come():
    long = "Zeltan " * 4000
    assert score(long, long).probability == 1.0
    for name in ("\x00", "\ud800 Ltd", "🙂 Ltd", "Ltd", "a" * 5000, "(((", "/DE/", "٣٤", "ﬁnance"):
        assert 0 <= score(name, "Zeltan Ltd").probability < 0.5
