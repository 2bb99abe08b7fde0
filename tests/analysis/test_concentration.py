"""The index of concentration is a range that holds whatever the rest may turn out to be."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.analysis.deals.concentration import concentration, largest_customers
from kg.analysis.deals.herfindahl import hhi
from kg.errors import QueryError
from kg.facts import STANDING_MODALITIES, AsOf, Interval, TriState
from kg.model import Claim, Document, Entity, Modality, Qualifiers


def company(name):
    return Entity(f"company/{name.lower()}", name, "Company", (name,))


SELLER, A, B, C = map(company, ("Seller", "Ada", "Bob", "Cid"))
TOLERANCE = 1e-6


def say(subject, object_, percent=None, as_="asserted", *, of="revenue", known="2025-03", **terms):
    """A claim of supply whose document is one sentence."""
    if percent is not None:
        terms |= {"percent": Decimal(str(percent)), "percent_of": of}
    sentence = f"{subject.name} supplies {object_.name} {as_} {sorted(terms.items())}"
    place = (Document(sentence, sentence, "en", known).evidence(0, len(sentence)),)
    return Claim(subject, "supplies", object_, Modality(as_), place, Qualifiers(**terms), known)


def year(percent, other, period="2024", **terms):
    return say(SELLER, other, percent, as_of=period, **terms)


def only(*claims, **options):
    [row] = concentration(claims, **options)
    return row


def test_one_customer_of_62_per_cent_gives_a_range(examples):
    row = only(*examples, company="CoreWeave")
    assert (row.company.name, row.basis, row.period, row.modality) == ("CoreWeave", "revenue", "2024", "asserted")
    assert row.hhi == Interval(3844.0, 5288.0)
    assert row.level == "highly concentrated"
    assert row.known.low == row.known.high == pytest.approx(0.62)
    assert [one.entity.name for one in row.partners] == ["Microsoft"]
    assert {"62 %", "62%"} <= {claim.qualifiers.as_printed for claim in row.claims}
    [line] = row.cells()
    assert (line["hhi_low"], line["hhi_high"], line["claims"]) == (3844.0, 5288.0, row.claims)


def test_customers_of_ten_per_cent_are_named_with_their_sentences(examples):
    [row] = largest_customers(examples)
    assert (row.supplier.name, row.customer.name, row.answer) == ("CoreWeave", "Microsoft", TriState.TRUE)
    assert any("62%" in claim.evidence[0].quote for claim in row.claims)


def test_a_filing_that_names_all_of_ten_per_cent_narrows_the_range():
    assert only(year(62, A), others_below=0.10).hhi == Interval(3844.0, 3844 + 3 * 100 + 64)


def test_shares_of_the_whole_give_a_number():
    row = only(year(50, A), year(30, B), year(20, C))
    assert row.hhi == Interval.exactly(3800.0)
    assert row.known == Interval.exactly(1.0)


def test_each_period_has_its_own_row_and_figures_without_one_stand_apart():
    claims = year(50, A), year(40, A, "2023"), say(SELLER, B, 10)
    assert {row.period: row.partners[0].stated for row in concentration(claims)} == {
        "2024": Interval.exactly(0.5),
        "2023": Interval.exactly(0.4),
        None: Interval.exactly(0.1),
    }


def test_a_year_and_its_last_day_are_one_period_and_a_quarter_is_another():
    claims = year(50, A), year(20, B, "2024-12-31"), year(30, C, "2024-03")
    said = {row.period: {one.entity for one in row.partners if one.stated} for row in concentration(claims)}
    assert said == {"2024": {A, B}, "2024-03": {C}}


def test_a_customer_of_one_year_is_not_taken_for_one_of_another():
    assert {row.period: len(row.partners) for row in concentration([year(50, A), year(40, B, "2022")])} == {
        "2024": 1,
        "2022": 1,
    }


def test_a_partner_named_without_a_share_is_listed_with_what_the_rest_leaves():
    named = say(SELLER, B)
    row = only(year(62, A), named)
    assert [(one.entity, one.stated) for one in row.partners] == [(A, Interval.exactly(0.62)), (B, None)]
    assert (row.partners[1].share.low, row.partners[1].share.high) == (0.0, pytest.approx(0.38))
    assert row.hhi == Interval(3844.0, 5288.0)
    assert named in row.claims
    assert only(year(62, A), named, others_below=0.1).partners[1].share == Interval(0.0, 0.1)


def test_a_partner_that_is_planned_or_came_later_is_none_of_the_period():
    claims = year(62, A), say(SELLER, B, as_="planned"), say(SELLER, C, start="2025-03")
    assert [one.entity for one in only(*claims).partners] == [A]


def test_shares_at_odds_widen_the_range():
    row = only(year(62, A), year(50, A))
    assert row.partners[0].stated == Interval(0.5, 0.62)
    assert row.hhi.low == 2500.0
    assert row.hhi.high == 5288.0


def test_a_denied_customer_may_have_no_share_and_the_denial_is_shown():
    denial = say(SELLER, A, as_="denied")
    row = only(year(62, A), denial)
    assert row.partners[0].stated == Interval(0.0, 0.62)
    assert denial in row.claims


def test_planned_and_reported_shares_are_no_facts_but_can_be_asked_for():
    claims = year(62, A), year(20, B, as_="hedged")
    found = concentration(claims)
    assert [one.entity for one in found[0].partners] == [A]
    assert "1 shares are planned, announced or reported, and do not count as facts" in found.notes
    row = only(*claims, modalities=STANDING_MODALITIES)
    assert (len(row.partners), row.modality) == (2, Modality.HEDGED)


def test_what_was_so_of_a_year_stays_so_when_the_tie_is_over():
    ending = say(SELLER, A, as_="ended", known="2025-09")
    assert only(year(62, A), ending).hhi.low == 3844.0
    assert only(year(62, A, as_="past")).modality is Modality.PAST
    assert not concentration([say(SELLER, A, 62), ending])


def test_shares_over_the_whole_are_reported_with_their_claims_and_every_way_to_cut_them_is_allowed():
    found = concentration([year(70, A), year(50, B)])
    [row] = found
    assert row.over
    assert [bound for one in row.partners for bound in (one.share.low, one.share.high)] == pytest.approx(
        [0.5, 0.7, 0.3, 0.5]
    )
    assert row.hhi.low <= 10_000 * (0.5**2 + 0.3**2) + TOLERANCE
    assert row.hhi.high >= 10_000 * (0.7**2 + 0.3**2) - TOLERANCE
    [note] = found.notes
    assert note.startswith("shares of revenue of Seller in 2024 add up to more than 100 %: Ada 70 % (Seller supplies")
    assert "Bob 50 %" in note


def test_suppliers_are_weighed_by_cost():
    row = only(say(A, SELLER, 40, of="cost"), say(B, SELLER, 30, of="revenue"), basis="cost")
    assert (row.company, row.partners[0].entity) == (SELLER, A)
    assert row.hhi.low == 1600.0


@pytest.mark.parametrize(
    ("claims", "level"),
    [
        ([year(62, A)], "highly concentrated"),
        ([year(35, A), year(20, B)], "undecided"),
        ([year(10 * n, one) for n, one in enumerate((A, B, C), 1)], "undecided"),
    ],
)
def test_the_class_is_undecided_where_the_range_lies_across_its_bound(claims, level):
    assert only(*claims).level == level


def test_the_classes_between_and_below_are_told_where_the_rest_is_small():
    assert only(year(33, A), year(20, B), others_below=0.05).level == "moderately concentrated"
    assert only(year(10, A), others_below=0.05).level == "not concentrated"


def test_a_customer_without_a_share_may_be_a_large_one():
    rows = largest_customers([year(62, A), say(SELLER, B), year(5, C)])
    assert [(row.customer, row.answer) for row in rows] == [(A, TriState.TRUE), (B, TriState.UNDECIDED)]
    rows = largest_customers([year(93, A), say(SELLER, B)])
    assert [row.customer for row in rows] == [A]
    assert largest_customers([year(9.9, A)], threshold=0.05)[0].answer is TriState.TRUE
    assert largest_customers([year(10, A)])[0].answer is TriState.TRUE


def test_companies_without_any_share_are_counted():
    found = concentration([say(SELLER, A), say(B, C)])
    assert not found
    assert found.notes == ("2 companies have customers of which no source gives a share of revenue",)


@pytest.mark.parametrize("options", [{"basis": "revenu"}, {"others_below": 10}, {"others_below": 0}])
def test_other_questions_are_refused_with_the_next_step(options):
    with pytest.raises(QueryError, match=r"Did you mean 'revenue'|write 10 % as 0\.10"):
        concentration([], **options)


def test_a_threshold_in_per_cent_is_refused():
    with pytest.raises(QueryError, match=r"write 10 % as 0\.10"):
        largest_customers([], threshold=10)


def test_what_became_known_later_takes_no_part():
    claims = year(62, A, known="2025-01"), year(50, A, known="2025-06"), year(20, B, known="2025-06")
    assert only(*claims, as_of=AsOf(known="2025-03")).hhi == only(claims[0]).hhi


@st.composite
def completed(draw):
    """Shares as ranges, and one way that all may turn out to be: theirs, and what others have."""
    weights = draw(st.lists(st.floats(0.01, 1), min_size=1, max_size=8))
    named = draw(st.integers(0, len(weights)))
    true = [weight / sum(weights) for weight in weights]
    slack = st.floats(0, 0.3)
    ranges = [Interval(max(0.0, s - draw(slack)), min(1.0, s + draw(slack))) for s in true[:named]]
    exact = draw(st.booleans())
    return [Interval.exactly(s) for s in true[:named]] if exact else ranges, true[:named], true[named:]


@given(completed())
def test_the_range_holds_every_way_that_the_rest_may_turn_out(case):
    ranges, shares, others = case
    index = 10_000 * sum(share**2 for share in shares + others)
    for below in {None, *([max(others)] if others and max(others) >= 0.001 else [])}:
        bounds = hhi(ranges, below)
        assert bounds.low - TOLERANCE * 10 <= index <= bounds.high + TOLERANCE * 10


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6), st.floats(0.05, 1))
def test_the_bounds_of_known_shares_are_reached(weights, part):
    total = sum(weights) or 1.0
    shares = [part * weight / total for weight in weights]
    rest = 1 - sum(shares)
    known = sum(share**2 for share in shares)
    bounds = hhi([Interval.exactly(share) for share in shares])
    assert bounds.low == pytest.approx(10_000 * known)
    assert bounds.high == pytest.approx(10_000 * (known + rest**2))


@given(st.permutations([year(30, A), year(20, B), say(SELLER, C), year(31, A), say(SELLER, B, as_="denied")]))
def test_the_order_of_claims_does_not_count(claims):
    assert concentration(claims).rows[0].cells().__next__() == concentration(claims[::-1]).rows[0].cells().__next__()


def test_a_share_that_others_narrow_names_their_claims():
    told, named, loose = (
        year(62, A),
        say(SELLER, B),
        say(SELLER, C, as_of="2024", percent_max=Decimal(90), percent_of="revenue"),
    )
    row = only(told, named, loose)
    claims = {one.entity: one.claims for one in row.partners}
    assert claims == {A: (told,), B: (named, told), C: (loose, told)}
    assert row.claims == (told, loose, named)
    below = only(told, named, others_below=0.1)
    assert below.partners[1].claims == (named,)


def test_shares_above_the_whole_name_each_others_claims_and_their_own_documents():
    one, other = year(70, A), year(60, B)
    row = only(one, other)
    assert [set(each.claims) for each in row.partners] == [{one, other}] * 2
    [note] = concentration([one, other]).notes
    assert note.count(one.document) == note.count(other.document) == 1


def test_denials_and_customers_are_looked_up_by_company():
    sellers = [company(f"S{at}") for at in range(3)]
    told = [say(each, A, 40, as_of="2024") for each in sellers]
    rows = concentration([*told, say(sellers[1], A, as_="denied"), say(sellers[2], B)])
    assert {row.company.name: [one.entity.name for one in row.partners] for row in rows} == {
        "S0": ["Ada"],
        "S1": ["Ada"],
        "S2": ["Ada", "Bob"],
    }
    assert {row.company.name for row in rows if row.partners[0].stated.low == 0} == {"S1"}
