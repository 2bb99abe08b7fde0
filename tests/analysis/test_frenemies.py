"""Rivals that are more than rivals are found with the evidence of either side."""

from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.analysis.deals.common_owners import common_owners
from kg.analysis.deals.frenemies import frenemies
from kg.errors import QueryError
from kg.facts import UNKNOWN, AsOf, Interval, TriState
from kg.model import Claim, Document, Entity, Modality, Qualifiers


def company(name, type_="Company"):
    return Entity(f"{type_.lower()}/{name.lower()}", name, type_, (name,))


A, B, C, D = map(company, "ABCD")
PROGRAMME = company("P", "Programme")


def say(subject, relation, object_, as_="asserted", known="2025-03", percent=None, **terms):
    """A claim whose document is one sentence."""
    if percent is not None:
        terms |= {"percent": Decimal(str(percent)), "percent_of": "capital"}
    sentence = f"{subject.name} {relation} {object_.name} {as_} {sorted(terms.items())}"
    place = (Document(sentence, sentence, "en", known).evidence(0, len(sentence)),)
    return Claim(subject, relation, object_, Modality(as_), place, Qualifiers(**terms), known)


RIVALS = say(A, "competes-with", B)


def test_openai_and_microsoft_are_rivals_and_bound_with_evidence_on_each_side(examples):
    [row] = frenemies(examples)
    assert (str(row), row.modality) == ("Microsoft and OpenAI", Modality.ASSERTED)
    assert any("competes with Microsoft" in claim.evidence[0].quote for claim in row.rivalry.claims)
    relations = {bond.relation for bond in row.bonds}
    assert relations == {"invests-in", "partners-with", "revenue-share-from", "supplies"}
    quotes = [claim.evidence[0].quote for claim in row.bond_claims]
    assert any("plus gros investisseur" in quote for quote in quotes)
    assert set(row.claims) == {*row.rivalry.claims, *row.bond_claims}
    assert [line["side"] for line in row.cells()] == ["rivalry", "bond", "bond", "bond", "bond"]


@pytest.mark.parametrize(
    "bond",
    [
        say(B, "partners-with", A),
        say(A, "invests-in", B),
        say(B, "holds-stake", A),
        say(A, "supplies", B),
        say(A, "lends-to", B),
        say(A, "revenue-share-from", B),
        say(A, "subsidiary-of", B),
    ],
)
def test_a_bond_of_any_kind_and_direction_counts(bond):
    [row] = frenemies([RIVALS, bond])
    assert row.bond_claims == (bond,)


@pytest.mark.parametrize(
    "claims",
    [
        (RIVALS,),
        (RIVALS, say(A, "supplies", C)),
        (RIVALS, say(A, "acquires", B, "planned")),
        (RIVALS, say(A, "supplies", B, "denied")),
        (RIVALS, say(A, "supplies", B, "past")),
        (RIVALS, say(A, "participates-in", PROGRAMME)),
        (say(A, "supplies", B),),
    ],
)
def test_no_rivals_without_a_bond_that_stands(claims):
    assert not frenemies(claims)


def test_a_common_programme_is_a_bond_of_two_ties():
    parts = say(A, "participates-in", PROGRAMME), say(B, "participates-in", PROGRAMME, "planned")
    [row] = frenemies([RIVALS, *parts])
    assert [bond.subject for bond in row.bonds] == [A, B]
    assert row.modality is Modality.PLANNED


def test_facts_come_first_and_a_pair_is_as_firm_as_its_weaker_side():
    claims = [
        say(A, "competes-with", B, "hedged"),
        say(A, "supplies", B),
        say(C, "competes-with", D),
        say(C, "supplies", D, "planned"),
        say(C, "partners-with", D),
    ]
    rows = frenemies(claims)
    assert [(str(row), row.modality.value) for row in rows] == [("C and D", "asserted"), ("A and B", "hedged")]
    assert [bond.relation for bond in rows[0].bonds] == ["partners-with", "supplies"]
    assert [str(row) for row in frenemies(claims, modalities=[Modality.ASSERTED])] == ["C and D"]
    assert [str(row) for row in frenemies(claims, "B")] == ["A and B"]


def test_a_bond_that_a_source_denies_is_noted():
    found = frenemies([RIVALS, say(A, "supplies", B), say(A, "supplies", B, "denied")])
    assert found.notes == ("1 of 1 pairs have a tie that a source denies, or calls ended",)


def test_an_owner_of_two_rivals_is_found_with_both_shares():
    stakes = say(C, "holds-stake", A, percent=6), say(C, "invests-in", B)
    found = common_owners([RIVALS, *stakes])
    [row] = found
    assert (row.owner, row.rivals, row.shares) == (C, (A, B), (Interval.exactly(0.06), UNKNOWN))
    assert set(row.claims) == {RIVALS, *stakes}
    assert found.notes == ("1 of 1 common owners have a stake of a size that no source gives",)
    assert [line["rival"] for line in row.cells()] == [A, B]


def test_a_parent_and_a_buyer_are_owners_and_a_rival_itself_is_not():
    [row] = common_owners([RIVALS, say(A, "subsidiary-of", C), say(C, "acquires", B, "planned")])
    assert (row.owner, row.modality) == (C, Modality.PLANNED)
    assert not common_owners([RIVALS, say(A, "holds-stake", B), say(A, "subsidiary-of", B)])
    assert not common_owners([RIVALS, say(C, "holds-stake", A), say(C, "supplies", B)])


def test_the_least_share_leaves_out_the_smaller_and_keeps_the_undecided():
    claims = [RIVALS, say(C, "holds-stake", A, percent=6), say(C, "holds-stake", B, percent=4)]
    claims += [say(D, "holds-stake", A, percent=30), say(D, "invests-in", B)]
    assert [(row.owner, row.answer) for row in common_owners(claims, min_share=0.05)] == [(D, TriState.UNDECIDED)]
    assert [row.owner for row in common_owners(claims, min_share=0.04)] == [C, D]
    assert [row.owner for row in common_owners(claims, "D")] == [D]
    assert len(common_owners(claims, "A")) == 2


def test_two_ties_of_one_owner_give_the_share_of_the_firmest_that_says_one():
    claims = [RIVALS, say(C, "holds-stake", A, percent=6), say(C, "invests-in", A, "planned", percent=20)]
    [row] = common_owners([*claims, say(C, "holds-stake", B, percent=5)])
    assert row.shares[0] == Interval.exactly(0.06)
    assert len(row.stakes[0]) == 2


def test_a_share_in_per_cent_is_refused():
    with pytest.raises(QueryError, match=r"write 5 % as 0\.05"):
        common_owners([], min_share=5)


NODES = [A, B, C, D]
CLAIMS = st.lists(
    st.builds(
        say,
        st.sampled_from(NODES),
        st.sampled_from(["competes-with", "supplies", "holds-stake", "subsidiary-of", "acquires"]),
        st.sampled_from(NODES),
        st.sampled_from(["asserted", "planned"]),
        st.sampled_from(["2024", "2025-03"]),
    ),
    max_size=10,
)


@given(CLAIMS)
def test_pairs_and_owners_are_those_of_brute_force(claims):
    said = {(c.subject.name, c.relation, c.object.name) for c in claims}
    bonds = ("supplies", "holds-stake", "subsidiary-of")
    pairs, owners = set(), set()
    for one, other in permutations("ABCD", 2):
        if (one, "competes-with", other) in said:
            pair = tuple(sorted((one, other)))
            if any((x, relation, y) in said for relation in bonds for x, y in permutations(pair)):
                pairs.add(pair)
            owners |= {(o, pair) for o in "ABCD" if o not in pair and all(owns(said, o, rival) for rival in pair)}
    assert {tuple(rival.name for rival in row.rivals) for row in frenemies(claims)} == pairs
    assert {(row.owner.name, tuple(r.name for r in row.rivals)) for row in common_owners(claims)} == owners


def owns(said, owner, rival):
    forth = any((owner, relation, rival) in said for relation in ("holds-stake", "acquires"))
    return forth or (rival, "subsidiary-of", owner) in said


@given(CLAIMS)
def test_the_order_of_claims_does_not_count_and_nothing_known_later_takes_part(claims):
    earlier = [claim for claim in claims if claim.known_from == "2024"]
    for analysis in (frenemies, common_owners):
        assert [list(row.cells()) for row in analysis(claims)] == [list(row.cells()) for row in analysis(claims[::-1])]
        assert analysis(claims, as_of=AsOf(known="2024")).rows == analysis(earlier).rows


def test_owners_by_chains_are_common_too_with_their_net_shares():
    told = [
        RIVALS,
        say(C, "holds-stake", D, percent=50),
        say(D, "holds-stake", A, percent=20),
        say(C, "holds-stake", B, percent=5),
    ]
    assert not common_owners(told)
    [row] = common_owners(told, indirect=True)
    assert (row.owner, [share.low for share in row.shares]) == (C, [0.1, 0.05])
    assert set(row.claims) == set(told)
    assert not common_owners(told, indirect=True, min_share=0.06)
