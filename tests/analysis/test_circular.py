"""Circular deals are found with the terms and sentences of every leg, and none that is not there."""

import datetime as dt
from decimal import Decimal
from itertools import permutations

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.analysis.deals.circular import circular_deals
from kg.analysis.deals.loops import typed_loops
from kg.analysis.deals.relations import Flow
from kg.errors import QueryError, UnknownEntity
from kg.facts import NO_CUTOFF, AsOf, Interval, Money, TriState
from kg.model import Claim, Document, Entity, Modality, Qualifiers


def company(name):
    return Entity(f"company/{name.lower()}", name, "Company", (name,))


A, B, C, D = map(company, "ABCD")


def say(subject, relation, object_, as_="asserted", known="2025-03", **terms):
    """A claim whose document is one sentence."""
    if "amount" in terms:
        terms = {"currency": "USD", **terms, "amount": Decimal(terms["amount"])}
    sentence = f"{subject.name} {relation} {object_.name} {as_} {sorted(terms.items())}"
    place = (Document(sentence, sentence, "en", known).evidence(0, len(sentence)),)
    return Claim(subject, relation, object_, Modality(as_), place, Qualifiers(**terms), known)


def only(*claims, **options):
    [loop] = circular_deals(claims, **options)
    return loop


def test_a_stake_in_a_company_that_buys_of_its_holder_is_found_in_the_examples(examples):
    loop = next(loop for loop in circular_deals(examples) if str(loop) == "Nvidia → CoreWeave → Nvidia")
    money_in, money_out = loop.legs
    assert (loop.kind, loop.modality) == ("vendor financing", Modality.ASSERTED)
    assert (money_in.kind, money_in.share, money_in.terms) == (Flow.FINANCES, Interval.exactly(0.06), "6 % of capital")
    assert (money_out.kind, money_out.relationship.relation) == (Flow.PAYS, "supplies")
    assert "Nvidia owns 6% of CoreWeave" in {c.evidence[0].quote[:27] for c in money_in.relationship.claims}
    assert any("puces" in c.evidence[0].quote for c in money_out.relationship.claims)
    assert loop.returned is None


def test_shares_received_for_an_order_are_found_in_the_examples(examples):
    loop = next(loop for loop in circular_deals(examples) if str(loop) == "OpenAI → CoreWeave → OpenAI")
    order, shares = loop.legs
    assert (loop.kind, loop.modality) == ("customer's stake", Modality.PLANNED)
    assert order.amounts == (Money(Decimal("11.9e9"), Decimal("11.9e9"), "USD"),)
    assert order.terms == "11.9 bn USD over 5 years"
    assert shares.amounts == (Money(Decimal("350e6"), Decimal("350e6"), "USD"),)
    assert loop.returned.low == loop.returned.high == pytest.approx(350 / 11_900)
    assert all(claim.evidence[0].quote for claim in loop.claims)
    assert {claim.id for claim in loop.claims} == {c.id for leg in loop.legs for c in leg.relationship.claims}


def test_a_table_has_a_line_a_leg_with_its_own_claims(examples):
    loop = next(loop for loop in circular_deals(examples, "Nvidia"))
    first, second = loop.cells()
    assert [(line["leg"], line["kind"], line["relation"]) for line in (first, second)] == [
        (1, "finances", "holds-stake"),
        (2, "pays", "supplies"),
    ]
    assert first["claims"] == loop.legs[0].relationship.claims
    assert first["overlap_from"] == "2025-03-11"


@pytest.mark.parametrize(
    ("claims", "kind"),
    [
        ((say(A, "invests-in", B), say(A, "supplies", B)), "vendor financing"),
        ((say(A, "lends-to", B), say(A, "supplies", B)), "vendor financing"),
        ((say(A, "holds-stake", B), say(A, "revenue-share-from", B)), "revenue share"),
        ((say(A, "holds-stake", B), say(B, "supplies", A)), "customer's stake"),
        ((say(A, "invests-in", B), say(B, "holds-stake", C), say(A, "supplies", C)), "vendor financing"),
        ((say(A, "lends-to", B), say(C, "holds-stake", B), say(A, "supplies", C)), "mixed"),
    ],
)
def test_a_loop_is_named_by_the_way_of_its_capital(claims, kind):
    assert kind in {loop.kind for loop in circular_deals(claims)}


@pytest.mark.parametrize(
    "claims",
    [
        (say(A, "invests-in", B), say(B, "invests-in", A)),
        (say(A, "supplies", B), say(B, "supplies", A)),
        (say(A, "lends-to", B), say(B, "supplies", A)),
        (say(A, "invests-in", B), say(B, "invests-in", C), say(C, "invests-in", A)),
        (say(A, "partners-with", B), say(A, "supplies", B)),
        (say(A, "invests-in", A), say(A, "supplies", A)),
        (say(A, "invests-in", B), say(A, "supplies", B, "denied")),
        (say(A, "invests-in", B, "past"), say(A, "supplies", B)),
    ],
)
def test_no_loop_without_both_capital_and_commerce_that_stand(claims):
    assert not circular_deals(claims)


def test_a_loop_is_as_firm_as_its_weakest_leg_and_facts_come_first():
    claims = [
        say(A, "invests-in", B, "hedged"),
        say(A, "supplies", B),
        say(C, "invests-in", D),
        say(C, "supplies", D),
        say(A, "invests-in", C, "planned"),
        say(A, "supplies", C),
    ]
    found = circular_deals(claims)
    assert [loop.modality.value for loop in found] == ["asserted", "planned", "hedged"]
    assert [str(loop) for loop in circular_deals(claims, modalities=[Modality.ASSERTED])] == ["C → D → C"]


def test_what_comes_back_is_the_least_of_the_other_legs_over_the_first_and_at_most_all():
    loop = only(say(A, "invests-in", B, amount=100), say(A, "supplies", B, amount=30))
    assert loop.returned == Interval.exactly(0.3)
    loop = only(say(A, "invests-in", B, amount=100), say(A, "supplies", B, amount=300))
    assert loop.returned == Interval.exactly(1.0)


def test_sums_at_odds_give_a_range_of_what_comes_back():
    claims = say(A, "invests-in", B, amount=100), say(A, "invests-in", B, amount=30), say(A, "supplies", B, amount=15)
    loop = only(*claims)
    assert loop.legs[0].amounts == (Money(Decimal(30), Decimal(100), "USD"),)
    assert loop.returned == Interval(0.15, 0.5)


def test_currencies_are_never_mixed_and_a_note_says_so():
    claims = say(A, "invests-in", B, amount=100), say(A, "supplies", B, amount=30, currency="EUR")
    found = circular_deals(claims)
    assert found[0].returned is None
    assert found.notes == ("1 of 1 loops mix currencies, not compared",)
    claims = *claims, say(A, "supplies", B, amount=20, start="2026")
    assert circular_deals(claims)[0].returned is None
    assert [line["amount"].currency for line in circular_deals(claims)[0].cells()] == ["USD", "EUR", "USD"]


def test_a_missing_sum_leaves_open_what_comes_back_and_a_note_says_so():
    found = circular_deals([say(A, "invests-in", B, amount=100), say(A, "supplies", B)])
    assert found[0].returned is None
    assert found.notes == ("1 of 1 loops lack a sum: what share comes back is not known",)


def test_a_planned_sum_does_not_pass_for_one_of_an_asserted_leg():
    claims = [say(A, "invests-in", B), say(A, "invests-in", B, "planned", amount=5), say(A, "supplies", B, amount=1)]
    found = circular_deals(claims)
    assert (found[0].modality, found[0].legs[0].amount_modality) == (Modality.ASSERTED, Modality.PLANNED)
    assert "1 of 1 loops have a sum that is told less firmly than its leg" in found.notes


@pytest.mark.parametrize(
    ("first", "second", "together", "overlap"),
    [
        ({"start": "2023"}, {"start": "2024-05"}, TriState.TRUE, (dt.date(2024, 5, 1), None)),
        (
            {"start": "2023-01-01", "duration": "P2Y"},
            {"start": "2024"},
            TriState.TRUE,
            (dt.date(2024, 1, 1), dt.date(2024, 12, 31)),
        ),
        ({"start": "2023", "duration": "P1Y"}, {"start": "2025"}, TriState.FALSE, None),
        ({"start": "2023", "duration": "P1Y"}, {}, TriState.UNDECIDED, None),
        ({"start": "2023"}, {"known": None}, TriState.UNDECIDED, (dt.date(2023, 1, 1), None)),
    ],
)
def test_legs_that_lie_apart_in_time_are_told_from_those_of_which_nobody_says(first, second, together, overlap):
    claims = say(A, "invests-in", B, **first), say(A, "supplies", B, **second)
    [loop] = circular_deals(claims, as_of=NO_CUTOFF)
    assert (loop.together, loop.overlap) == (together, overlap)


def test_legs_that_hold_at_once_come_before_those_apart_and_the_greater_return_before_the_lesser():
    def deal(one, other, order, **terms):
        return [say(one, "invests-in", other, amount=100, **terms), say(one, "supplies", other, amount=order)]

    apart = [
        say(A, "invests-in", B, amount=100, start="2020", duration="P1Y"),
        say(A, "supplies", B, amount=90, start="2024"),
    ]
    claims = [*apart, *deal(A, C, 20), *deal(A, D, 70), say(B, "invests-in", C), say(B, "supplies", C)]
    found = [str(loop) for loop in circular_deals(claims, max_length=2, as_of=NO_CUTOFF)]
    assert found == ["A → D → A", "A → C → A", "B → C → B", "A → B → A"]


def test_parallel_ties_make_loops_of_their_own_and_what_is_not_listed_is_counted():
    claims = [say(A, "invests-in", B), say(A, "lends-to", B), say(A, "supplies", B), say(A, "revenue-share-from", B)]
    assert len(circular_deals(claims)) == 4
    found = circular_deals(claims, limit=1)
    assert len(found) == 1
    assert "3 further loops are not listed: ask for more with limit, or for those of one company" in found.notes
    assert found.rows == circular_deals(claims).rows[:1]


def test_a_denial_of_a_leg_is_among_its_claims_and_noted():
    denial = say(A, "supplies", B, "denied")
    found = circular_deals([say(A, "invests-in", B), say(A, "supplies", B), denial])
    assert denial in found[0].claims
    assert "1 of 1 loops have a leg that a source denies, or calls ended" in found.notes


def test_a_company_without_such_ties_has_no_loops_and_an_unknown_one_is_named(examples):
    assert not circular_deals(examples, "Oracle")
    with pytest.raises(UnknownEntity, match="Did you mean 'Nvidia'"):
        circular_deals(examples, "Nvidai")


@pytest.mark.parametrize("options", [{"max_length": 1}, {"limit": 0}])
def test_bounds_that_allow_no_loop_are_refused(options):
    with pytest.raises(QueryError, match="give max_length from 2 and limit from 1"):
        circular_deals([], **options)


NODES = [company(name) for name in "ABCDE"]
PAIRS = st.sets(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), max_size=24)
CLAIMS = st.lists(
    st.builds(
        say,
        st.sampled_from(NODES),
        st.sampled_from(["invests-in", "holds-stake", "lends-to", "supplies", "revenue-share-from", "competes-with"]),
        st.sampled_from(NODES),
        st.sampled_from(["asserted", "planned", "denied"]),
        st.sampled_from(["2024", "2025-03"]),
    ),
    max_size=10,
)


@given(PAIRS, st.integers(2, 6))
def test_cycles_are_those_that_networkx_finds(pairs, longest):
    graph = nx.DiGraph([pair for pair in pairs if pair[0] != pair[1]])
    wanted = {tuple(c[(at := c.index(min(c))) :] + c[:at]) for c in nx.simple_cycles(graph, length_bound=longest)}
    found = list(typed_loops(dict.fromkeys(pairs, 3), longest))
    assert len(found) == len(set(found))
    assert set(found) == wanted


def legs_by_hand(claims):
    """All legs as (payer, payee, relation, capital), by a table of the test's own; a tie gives one or two."""

    told = {(c.subject.id, c.relation, c.object.id) for c in claims if c.modality is not Modality.DENIED}

    for subject, relation, object_ in told:
        if relation in {"invests-in", "holds-stake", "lends-to"}:
            yield subject, object_, (subject, relation, object_), True
        if relation in {"invests-in", "holds-stake"}:
            yield object_, subject, (subject, relation, object_), True
        if relation in {"supplies", "revenue-share-from"}:
            yield object_, subject, (subject, relation, object_), False


def loops_by_hand(claims, longest):
    legs = list(legs_by_hand(claims))
    for length in range(2, longest + 1):
        for chosen in permutations(legs, length):
            closed = all(one[1] == other[0] for one, other in zip(chosen, chosen[1:] + chosen[:1], strict=True))
            alone = len({leg[0] for leg in chosen}) == len({leg[2] for leg in chosen}) == length
            if closed and alone and len({leg[3] for leg in chosen}) == 2:
                yield frozenset(leg[:3] for leg in chosen)


@given(CLAIMS)
def test_loops_are_those_of_brute_force(claims):
    found = [
        frozenset(
            (g.payer.id, g.payee.id, (g.relationship.subject.id, g.relationship.relation, g.relationship.object.id))
            for g in loop.legs
        )
        for loop in circular_deals(claims, max_length=3)
    ]
    assert len(found) == len(set(found))
    assert set(found) == set(loops_by_hand(claims, 3))


@given(CLAIMS, st.randoms(use_true_random=False))
def test_the_order_of_claims_does_not_count(claims, random):
    found = circular_deals(claims)
    shuffled = random.sample(claims, len(claims))
    assert [row.legs for row in circular_deals(shuffled)] == [row.legs for row in found]


@given(CLAIMS)
def test_the_loops_of_a_company_are_those_that_it_is_in(claims):
    found = circular_deals(claims)
    for node in {end for claim in claims for end in (claim.subject, claim.object)}:
        through = tuple(loop for loop in found if node.id in {leg.payer.id for leg in loop.legs})
        assert circular_deals(claims, node.name).rows == through


@given(CLAIMS)
def test_nothing_that_became_known_later_takes_part(claims):
    then = circular_deals(claims, as_of=AsOf(known="2024"))
    assert then.rows == circular_deals([c for c in claims if c.known_from == "2024"]).rows
    assert all(claim.known_from == "2024" for claim in then.claims)


def test_what_was_put_into_a_company_does_not_count_as_coming_back():
    loops = circular_deals([say(A, "invests-in", B, amount=100), say(B, "supplies", A, amount=50)])
    assert [(loop.kind, loop.returned) for loop in loops] == [("customer's stake", None)]
