"""Control is the least fixpoint, sure where it holds however the unknown turns out, and it names its claims."""

from fractions import Fraction
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kg.analysis.ownership.control import control, control_pairs, top_pairs, ultimate_controllers
from kg.analysis.ownership.holdings_from_claims import holdings
from kg.errors import InvalidRecord, UnknownEntity
from kg.facts import AsOf, TriState
from kg.model import Modality


def _sibling(name):
    spec = spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


oracles = _sibling("oracles")
holds, say = oracles.holds, oracles.say
HALF = Fraction(1, 2)
THRESHOLDS = st.sampled_from([Fraction(1, 5), Fraction(1, 4), Fraction(3, 10), HALF, Fraction(2, 3), Fraction(3, 4)])


def as_set(pairs):
    who, whom = (array.tolist() for array in pairs)
    assert len(set(zip(who, whom, strict=True))) == len(who)
    return set(zip(who, whom, strict=True))


def numbers(result, answer=None):
    """The pairs of control rows of companies N0, N1, …"""
    return {(int(row.controller.name[1:]), int(row.company.name[1:])) for row in result if answer in {None, row.answer}}


# ---------------------------------------------------------------- the fixpoint
@given(oracles.shares(), THRESHOLDS, st.booleans())
def test_control_is_the_least_fixpoint(drawn, threshold, inclusive):
    n, found = drawn
    expected = oracles.controls(n, found, threshold, inclusive=inclusive)
    assert as_set(control_pairs(oracles.graph_of(n, found), float(threshold), inclusive=inclusive)) == expected


@given(oracles.shares(most=5), THRESHOLDS, st.booleans())
def test_control_of_claims_is_the_least_fixpoint(drawn, threshold, inclusive):
    n, found = drawn
    rows = control(oracles.claims_from(found), threshold=float(threshold), inclusive=inclusive)
    assert numbers(rows) == oracles.controls(n, found, threshold, inclusive=inclusive)
    assert {row.answer for row in rows} <= {TriState.TRUE}


@given(oracles.shares(), st.data())
def test_control_of_some_sources_is_that_of_all_restricted_to_them(drawn, data):
    n, found = drawn
    graph = oracles.graph_of(n, found)
    sources = sorted(data.draw(st.sets(st.integers(0, n - 1))))
    expected = {pair for pair in as_set(control_pairs(graph)) if pair[0] in sources}
    assert as_set(control_pairs(graph, sources=np.array(sources, np.int64))) == expected


@given(oracles.shares(most=7), THRESHOLDS)
def test_the_tops_are_the_controllers_that_nobody_above_controls(drawn, threshold):
    """Of companies that control each other one stands for the ring."""
    n, found = drawn
    pairs = oracles.controls(n, found, threshold)
    expected, got = oracles.tops(pairs), as_set(top_pairs(oracles.graph_of(n, found), float(threshold)))
    assert got <= expected
    for who, whom in expected:
        ring = {who} | {one for one, other in pairs if other == who}
        assert whom in ring or any((one, whom) in got for one in ring)
    heads = {who for who, _ in got}
    assert not any((one, other) in pairs for one in heads for other in heads)


@given(oracles.shares(most=4, least=3))
def test_ultimate_controllers_are_the_tops(drawn):
    n, found = drawn
    rows = ultimate_controllers(oracles.claims_from(found))
    assert numbers(rows) == as_set(top_pairs(oracles.graph_of(n, found)))
    assert {row.answer for row in rows} <= {TriState.TRUE}
    pairs = oracles.controls(n, found)
    for row in rows:
        who = int(row.controller.name[1:])
        assert {int(one.name[1:]) for one in row.ring} == {one for one, other in pairs if other == who}


# ---------------------------------------------------------------- ranges
@given(oracles.ranges(), THRESHOLDS, st.booleans(), st.randoms(use_true_random=False))
def test_what_is_sure_holds_in_every_completion_and_what_holds_in_one_is_not_denied(drawn, threshold, inclusive, rng):
    n, found = drawn
    graph = oracles.graph_of(n, found)
    surely, perhaps = (
        as_set(control_pairs(graph, float(threshold), inclusive=inclusive, high=high)) for high in (False, True)
    )
    assert surely <= perhaps
    for exact in oracles.completions(found, rng, 12):
        assert surely <= oracles.controls(n, exact, threshold, inclusive=inclusive) <= perhaps


@given(oracles.ranges(most=4, edges=5))
def test_control_is_undecided_only_where_one_completion_has_it_and_another_has_not(drawn):
    n, found = drawn
    graph = oracles.graph_of(n, found)
    answers = [oracles.controls(n, exact) for exact in oracles.extremes(found)]
    assert as_set(control_pairs(graph)) == set.intersection(*answers)
    assert as_set(control_pairs(graph, high=True)) == set.union(*answers)


@given(oracles.ranges(most=4, edges=5))
def test_answers_and_votes_held_together_of_claims_are_those_of_the_completions(drawn):
    n, found = drawn
    rows = {(int(r.controller.name[1:]), int(r.company.name[1:])): r for r in control(oracles.claims_from(found))}
    answers = []
    for exact in oracles.extremes(found):
        pairs = oracles.controls(n, exact)
        answers.append(pairs)
        for who, whom in pairs:
            group = {who} | {other for one, other in pairs if one == who}
            votes = sum(exact.get((one, whom), 0) for one in group) / 100
            assert rows[who, whom].together.low - 1e-9 <= votes <= rows[who, whom].together.high + 1e-9
    assert set(rows) == set.union(*answers)
    assert {pair for pair, row in rows.items() if row.answer is TriState.TRUE} == set.intersection(*answers)


@given(oracles.ranges(most=4, edges=5))
def test_an_ultimate_controller_of_any_completion_is_listed_and_a_sure_one_is_one_in_all(drawn):
    """Up to companies that control each other, of which any may stand for the ring."""
    n, found = drawn
    rows = ultimate_controllers(oracles.claims_from(found))
    surely, perhaps = numbers(rows, TriState.TRUE), numbers(rows)
    reached = set()
    for exact in oracles.extremes(found):
        pairs = oracles.controls(n, exact)
        tops = oracles.tops(pairs)
        assert surely <= tops
        for who, whom in tops:
            ring = {who} | {one for one, other in pairs if other == who}
            assert whom in ring or any((one, whom) in perhaps for one in ring), (who, whom, exact)
        reached |= tops
    assert perhaps <= reached


def test_exactly_half_is_no_control_and_one_unit_more_is():
    assert not control(oracles.register(("A", "B", 50)))
    assert [row.answer for row in control(oracles.register(("A", "B", "50.0001")))] == [TriState.TRUE]
    assert len(control(oracles.register(("A", "B", 50)), inclusive=True)) == 1
    thirds = oracles.register(("A", "B", "16.7"), ("A", "C", 60), ("C", "B", "33.3"))
    assert {(row.controller.name, row.company.name) for row in control(thirds)} == {("A", "C")}


def test_an_unknown_share_leaves_control_open_as_far_as_the_others_leave_room():
    [row] = control([holds("A", "B")])
    assert (row.answer, row.together.low, row.together.high) == (TriState.UNDECIDED, 0.0, 1.0)
    assert not control([holds("A", "B"), holds("C", "B", 50)])
    [row] = control([holds("A", "B"), holds("C", "B", 45)])
    assert (row.controller.name, row.answer) == ("A", TriState.UNDECIDED)
    assert row.together.high == pytest.approx(0.55)


def test_holdings_of_a_group_count_together_and_say_through_whom():
    rows = control(oracles.register(("A", "B", 60), ("A", "D", 20), ("B", "C", 55), ("C", "D", 35)), "A")
    [row] = [row for row in rows if row.company.name == "D"]
    assert (row.direct.low, row.together.low) == pytest.approx((0.2, 0.55))
    assert [entity.name for entity in row.via] == ["C"]


def test_who_may_hold_the_middle_of_a_chain_leaves_open_who_stands_at_its_top():
    """A may control B and B may control C: then C is A's, or B's, or nobody's."""
    found = [holds("A", "B", percent_min=40, percent_max=60), holds("B", "C", percent_min=40, percent_max=60)]
    rows = ultimate_controllers(found, "C")
    assert {(row.controller.name, row.answer) for row in rows} == {("A", TriState.UNDECIDED), ("B", TriState.UNDECIDED)}


def test_companies_that_hold_each_other_stand_as_a_ring():
    ring = oracles.register(("A", "B", 60), ("B", "A", 60), ("B", "C", 70))
    rows = ultimate_controllers(ring)
    assert {(row.company.name, row.controller.name) for row in rows} == {("B", "A"), ("C", "A")}
    assert {tuple(one.name for one in row.ring) for row in rows} == {("B",)}
    assert {(row.controller.name, row.company.name) for row in control(ring)} == {
        *[("A", "B"), ("A", "C")],
        *[("B", "A"), ("B", "C")],
    }


# ---------------------------------------------------------------- claims
def test_capital_is_not_votes():
    said = [
        holds("A", "B", 10, percent_of="capital"),
        holds("A", "B", 60, percent_of="votes"),
        holds("C", "B", 90, percent_of="capital"),
        holds("C", "B", 40, percent_of="votes"),
    ]
    result = control(said)
    assert [(row.controller.name, row.together.low) for row in result] == [("A", pytest.approx(0.6))]
    assert not any("taken for votes" in note for note in result.notes)
    assert set(result[0].claims) == {said[0], said[1]}


def test_one_share_one_vote_is_assumed_where_nobody_tells_the_votes_and_is_said():
    result = control([holds("A", "B", 60, percent_of="capital"), holds("A", "C", 70, percent_of="votes")])
    assert {row.company.name for row in result} == {"B", "C"}
    assert [note for note in result.notes if "taken for votes" in note] == [
        "shares of capital are taken for votes where no source tells the votes: 1"
    ]
    said = [holds("A", "B", 60, percent_of="capital")]
    assert holdings(said, basis="votes", one_share_one_vote=False).share(0).low == 0.0


@pytest.mark.parametrize("relation", ["subsidiary-of", "acquires"])
def test_a_subsidiary_and_an_acquired_company_are_controlled_without_a_figure(relation):
    said = [say("B", "subsidiary-of", "A") if relation == "subsidiary-of" else say("A", "acquires", "B")]
    [row] = control(said)
    assert (row.controller.name, row.company.name, row.answer) == ("A", "B", TriState.TRUE)
    assert row.claims == tuple(said)


def test_a_parent_is_one_through_others_too():
    said = [holds("P", "H", 60), holds("H", "X", 100), say("X", "subsidiary-of", "P")]
    assert {(row.controller.name, row.company.name, row.answer) for row in control(said)} == {
        ("P", "H", TriState.TRUE), ("P", "X", TriState.TRUE), ("H", "X", TriState.TRUE)
    }  # fmt: skip


def test_a_later_buyer_leaves_the_earlier_one_undecided():
    said = [say("A", "acquires", "X", start="2020"), say("B", "acquires", "X", start="2024")]
    assert {(row.controller.name, row.answer) for row in control(said)} == {
        ("A", TriState.UNDECIDED), ("B", TriState.TRUE)
    }  # fmt: skip
    [first] = control(said, as_of=AsOf(valid="2021"))
    assert (first.controller.name, first.answer) == ("A", TriState.TRUE)


def test_a_parent_beside_somebody_with_a_majority_is_undecided_unless_it_controls_them():
    said = [say("X", "subsidiary-of", "A"), holds("B", "X", 60)]
    assert {(row.controller.name, row.answer) for row in control(said)} == {
        ("A", TriState.UNDECIDED), ("B", TriState.TRUE)
    }  # fmt: skip
    assert ("A", TriState.TRUE) in {(row.controller.name, row.answer) for row in control([*said, holds("A", "B", 51)])}


@pytest.mark.parametrize("modality", [m for m in Modality if m is not Modality.ASSERTED])
def test_what_is_no_fact_gives_no_control(modality):
    said = [holds("A", "B", 60, as_=modality), say("C", "acquires", "B", as_=modality), holds("B", "D", 60)]
    assert {(row.controller.name, row.company.name) for row in control(said)} == {("B", "D")}


def test_a_denial_beside_an_assertion_leaves_control_open():
    said = [say("A", "acquires", "B"), say("A", "acquires", "B", as_=Modality.DENIED)]
    [row] = control(said)
    assert (row.answer, row.together.low) == (TriState.UNDECIDED, 0.0)
    assert set(row.claims) == set(said)


def test_every_row_names_the_claims_of_its_chain_and_no_others():
    said = {
        "AB": holds("A", "B", 60),
        "BC": holds("B", "C", 30),
        "AC": holds("A", "C", 30),
        "XC": holds("X", "C", 10),
        "BY": holds("B", "Y", 10),
        "ZA": holds("Z", "A", 40),
    }
    rows = {(row.controller.name, row.company.name): row for row in control(said.values())}
    assert set(rows) == {("A", "B"), ("A", "C")}
    assert set(rows["A", "B"].claims) == {said["AB"]}
    assert set(rows["A", "C"].claims) == {said["AB"], said["BC"], said["AC"]}


@given(oracles.shares(most=5))
def test_the_claims_of_a_row_are_enough_to_find_it_again(drawn):
    for row in control(oracles.claims_from(drawn[1])):
        again = control(row.claims, row.controller.name)
        assert (row.controller, row.company) in {(one.controller, one.company) for one in again}


@given(oracles.ranges(most=4), st.randoms(use_true_random=False))
def test_the_order_of_claims_does_not_matter(drawn, rng):
    said = oracles.claims_from(drawn[1])
    mixed = list(said)
    rng.shuffle(mixed)
    assert control(said) == control(mixed)
    assert ultimate_controllers(said) == ultimate_controllers(mixed)
    for one, other in zip(control(said), control(mixed), strict=True):
        assert one.claims == other.claims


def test_no_answer_as_of_a_date_uses_what_was_said_later():
    said = [holds("A", "B", 60, known="2024-01-10"), holds("C", "A", 70, known="2025-02-01")]
    for clock in ("known", "valid"):
        before = control(said, as_of=AsOf(**{clock: "2024-06-30"}))
        assert [(row.controller.name, row.claims) for row in before] == [("A", (said[0],))]
        assert len(control(said, as_of=AsOf(**{clock: "2025-06-30"}))) == 3
    assert not control(said, as_of=AsOf(known="2023"))


def test_a_company_in_no_holding_is_unknown_and_thresholds_are_fractions():
    said = oracles.register(("A", "B", 60))
    with pytest.raises(UnknownEntity):
        control(said, "Nowhere")
    with pytest.raises(InvalidRecord, match=r"0\.5 for 50 %"):
        control(said, threshold=50)
    with pytest.raises(InvalidRecord):
        control(said, threshold=float("nan"))
    assert control([]) == control([])
    assert not ultimate_controllers([])


def test_the_shipped_examples_answer(examples):
    for row in control(examples):
        assert set(row.claims) <= set(examples)
    assert control(examples) == control(reversed(examples))


@given(oracles.shares(most=5), st.randoms(use_true_random=False))
def test_a_share_more_never_takes_control_away(drawn, rng):
    n, found = drawn
    assume(found)
    pair = rng.choice(sorted(found))
    room = 100 - sum(percent for (_, issuer), percent in found.items() if issuer == pair[1])
    more = found | {pair: found[pair] + rng.randint(0, room)}
    assert as_set(control_pairs(oracles.graph_of(n, found))) <= as_set(control_pairs(oracles.graph_of(n, more)))


def test_no_threshold_at_all_is_refused():
    with pytest.raises(InvalidRecord, match="gives no control"):
        control([holds("A", "B", 1)], threshold=0, inclusive=True)
