"""Who holds how much of whom: out of claims as ranges, never more than the whole, and out of arrays."""

from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from kg.analysis.ownership.holdings import UNIT, Holdings, Numbered, positions
from kg.analysis.ownership.holdings_from_claims import holdings
from kg.analysis.ownership.shares import remarks
from kg.errors import InvalidRecord
from kg.facts import AsOf
from kg.model import Figure, Modality


def _sibling(name):
    spec = spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


oracles = _sibling("oracles")
holds, say, register = oracles.holds, oracles.say, oracles.register


def shares(claims, **options):
    """(low, high) by the names of holder and issuer."""
    graph = holdings(claims, **options)
    names = [entity.name for entity in graph.entities]
    return {
        (names[graph.holder[edge]], names[graph.issuer[edge]]): (graph.share(edge).low, graph.share(edge).high)
        for edge in range(len(graph))
    }


def near(low, high):
    return (pytest.approx(low, abs=1e-11), pytest.approx(high, abs=1e-11))


# ---------------------------------------------------------------- from claims
def test_a_share_is_what_is_told_or_its_bounds_or_unknown():
    said = [
        holds("A", "X", 25),
        say("B", "invests-in", "Y", percent_min=10, percent_max=30),
        holds("C", "Z"),
        holds("D", "V", percent_max=5),
        holds("E", "W", percent_min=60),
    ]
    assert shares(said) == {
        ("A", "X"): near(0.25, 0.25),
        ("B", "Y"): near(0.1, 0.3),
        ("C", "Z"): near(0, 1),
        ("D", "V"): near(0, 0.05),
        ("E", "W"): near(0.6, 1),
    }


def test_two_figures_of_one_date_are_a_range_and_a_later_one_overtakes_the_earlier():
    assert shares([holds("A", "X", 6), holds("A", "X", "5.2")]) == {("A", "X"): near(0.052, 0.06)}
    said = [holds("A", "X", 6, as_of="2023"), holds("A", "X", 9, as_of="2024")]
    assert shares(said) == {("A", "X"): near(0.09, 0.09)}


def test_a_subsidiary_is_controlled_by_its_parent_with_a_share_that_nobody_tells():
    for said in (say("X", "subsidiary-of", "A"), say("A", "acquires", "X")):
        for of in ("votes", "capital"):
            assert shares([said], basis=of) == {("A", "X"): near(0, 1)}
        assert holdings([said], basis="votes").control.tolist() == [2]
    assert shares([say("X", "subsidiary-of", "A", percent=80)], basis="votes") == {("A", "X"): near(0.8, 0.8)}


def test_a_parent_through_another_does_not_take_more_than_the_whole():
    graph = holdings([holds("P", "H", 60), holds("H", "X", 100), say("X", "subsidiary-of", "P")], basis="votes")
    assert graph.over == {}
    assert graph.at_odds == ()


def test_what_is_bought_comes_on_top_of_what_was_held():
    said = [holds("A", "X", 30, as_of="2023"), say("A", "acquires", "X", start="2024")]
    assert shares(said, basis="votes") == {("A", "X"): near(0.3, 1)}
    assert holdings(said, basis="votes").at_odds == ()


def test_a_range_that_others_bound_names_their_claims():
    bound, others = say("A", "invests-in", "X"), holds("B", "X", 90)
    graph = holdings([bound, others])
    edge = graph.edge(graph.places["company/a"], graph.places["company/x"])
    assert (graph.share(edge).low, graph.share(edge).high) == near(0, 0.1)
    assert set(graph.claims([edge])) == {bound, others}


def test_two_ties_of_a_pair_say_what_both_allow():
    graph = holdings([holds("A", "X", 30), say("A", "invests-in", "X", percent=40)])
    assert (graph.share(0).low, graph.share(0).high) == near(0.3, 0.4)
    assert graph.at_odds == (0,)


def test_capital_and_votes_are_two_graphs():
    said = [holds("A", "X", 10, percent_of="capital"), holds("A", "X", 60, percent_of="votes"), holds("B", "X", 5)]
    assert shares(said) == {("A", "X"): near(0.1, 0.1), ("B", "X"): near(0.05, 0.05)}
    # Where the votes of one are told, a share of capital tells nothing of another's.
    assert shares(said, basis="votes") == {("A", "X"): near(0.6, 0.6), ("B", "X"): near(0, 0.4)}
    graph = holdings(said, basis="votes")
    assert graph.assumed == frozenset()
    assert shares(said, basis="votes", one_share_one_vote=False)["B", "X"] == near(0, 0.4)
    with pytest.raises(InvalidRecord, match="votes or of capital"):
        holdings(said, basis="shares")


def test_a_share_of_revenue_is_no_share_of_a_company():
    assert shares([holds("A", "X", 60, percent_of="revenue")]) == {("A", "X"): near(0, 1)}


def test_plans_denials_and_what_is_over_hold_nothing():
    said = [holds("A", "X", 60, as_=modality) for modality in Modality if modality is not Modality.ASSERTED]
    assert shares(said) == {}
    assert shares([holds("A", "X", 60), holds("A", "X", as_=Modality.DENIED)]) == {("A", "X"): near(0, 0.6)}
    ended = [holds("A", "X", 60, known="2023-05-01"), holds("A", "X", as_=Modality.ENDED, known="2024-05-01")]
    assert shares(ended) == {}
    assert shares(ended, as_of=AsOf(known="2023-12")) == {("A", "X"): near(0.6, 0.6)}


def test_other_relations_figures_and_things_that_are_no_companies_are_no_holdings():
    brand = say("A", "acquires", "Gadget")
    brand = brand.__class__(
        *(brand.subject, brand.relation, oracles.entity("Gadget", "Product"), brand.modality, brand.evidence),
    )
    revenue = say("A", "holds-stake", "X")
    revenue = revenue.__class__(
        *(revenue.subject, "revenue", Figure(oracles.Decimal(5), "USD"), revenue.modality, revenue.evidence),
    )
    assert shares([brand, revenue, say("A", "supplies", "X", percent=60)]) == {}


def test_own_shares_are_kept_apart():
    graph = holdings([*register(("A", "X", 40), ("X", "X", 20))])
    assert len(graph) == 1
    assert [relationship.subject.name for relationship in graph.own] == ["X"]


# ---------------------------------------------------------------- the whole
def test_unknown_shares_end_where_the_others_leave_no_more():
    said = [holds("A", "X", 90), holds("B", "X"), holds("C", "X", percent_min=4)]
    assert shares(said) == {("A", "X"): near(0.9, 0.9), ("B", "X"): near(0, 0.06), ("C", "X"): near(0.04, 0.1)}
    assert shares([holds("A", "X", 100), holds("B", "X")])["B", "X"] == near(0, 0)


def test_sources_that_sum_to_more_than_the_whole_are_ranges_from_what_is_too_much_less():
    graph = holdings([holds("A", "X", 70), holds("B", "X", 50)])
    assert {int(node): units / UNIT for node, units in graph.over.items()} == {graph.places["company/x"]: 1.2}
    assert shares([holds("A", "X", 70), holds("B", "X", 50)]) == {
        ("A", "X"): near(0.5, 0.7),
        ("B", "X"): near(0.3, 0.5),
    }
    low = shares([holds("A", "X", 95), holds("B", "X", 100), holds("C", "X", 2)])
    assert low == {("A", "X"): near(0, 0.95), ("B", "X"): near(0.03, 1), ("C", "X"): near(0, 0.02)}


def test_one_source_above_the_whole_is_taken_at_its_word():
    graph = holdings(register(("A", "X", 70), ("B", "X", 50)))
    assert shares(register(("A", "X", 70), ("B", "X", 50))) == {("A", "X"): near(0.7, 0.7), ("B", "X"): near(0.5, 0.5)}
    assert len(graph.over) == 1
    assert graph.is_exact


def test_thirds_that_were_rounded_are_no_more_than_the_whole():
    thirds = register(*((name, "X", "33.33333333334") for name in "ABC"))
    assert not holdings(thirds).over
    assert holdings(register(*((name, "X", "33.4") for name in "ABC"))).over


@given(oracles.ranges())
def test_bounds_are_sharp_within_the_whole(drawn):
    """Each share can be its least and its greatest: the others leave just so much."""
    n, found = drawn
    graph = oracles.graph_of(n, found)
    for edge, ((_, issuer), (low, high)) in enumerate(found.items()):
        others = sum(least for pair, (least, _) in found.items() if pair[1] == issuer) - low
        assert (graph.low[edge], graph.high[edge]) == (low * UNIT // 100, min(high, 100 - others) * UNIT // 100)
    assert not graph.over


# ---------------------------------------------------------------- arrays
@given(oracles.shares())
def test_claims_and_arrays_make_the_same_holdings(drawn):
    n, found = drawn
    graph, told = oracles.graph_of(n, found), holdings(oracles.claims_from(found))
    as_numbers = [int(entity.name[1:]) for entity in told.entities]
    assert {
        (as_numbers[i], as_numbers[j]): int(low) for i, j, low in zip(told.holder, told.issuer, told.low, strict=True)
    } == {(int(i), int(j)): int(low) for i, j, low in zip(graph.holder, graph.issuer, graph.low, strict=True)}
    assert told.is_exact


@pytest.mark.parametrize(
    ("edge", "wrong"),
    [
        ((0, 1, -0.1), "cannot hold -0.1"),
        ((0, 1, 1.1), "cannot hold 1.1"),
        ((0, 1, float("nan")), "cannot hold nan"),
        ((0, 0, 0.5), "two of them"),
        ((0, 9, 0.5), "below 3"),
        ((-1, 0, 0.5), "below 3"),
    ],
)
def test_arrays_that_do_not_hold_are_named_by_their_first_edge(edge, wrong):
    with pytest.raises(InvalidRecord, match=f"^edge 1: .*{wrong}"):
        Holdings.of_arrays(3, [0, edge[0]], [2, edge[1]], [0.5, edge[2]])


def test_a_pair_stands_once_and_a_range_is_no_empty_one():
    with pytest.raises(InvalidRecord, match="twice"):
        Holdings.of_arrays(3, [0, 0], [1, 1], [0.2, 0.3])
    with pytest.raises(InvalidRecord, match="edge 0"):
        Holdings.of_arrays(3, [0], [1], [0.4], [0.3])


def test_rows_parts_and_edges_are_those_of_the_graph():
    graph = oracles.graph_of(4, {(0, 1): 60, (1, 2): 50, (2, 1): 30, (3, 2): 10})
    assert sorted(positions(graph.holders, 1)) == [(0, 0), (2, 2)]
    assert sorted(positions(graph.held, 2)) == [(1, 2)]
    assert (graph.edge(2, 1), graph.edge(1, 0)) == (2, None)
    assert sorted(graph.edges_into(2)) == [1, 3]
    part = graph.parts.part
    assert part[1] == part[2] < part[0]
    assert [entity.id for entity in graph.entities][:2] == ["company/0", "company/1"]
    assert graph.claims([0, 1]) == ()
    with pytest.raises(IndexError):
        Numbered(3)[3]
    assert [one.name for one in Numbered(3)] == ["0", "1", "2"]
    assert len(Numbered(5)[1:3]) == 2


def test_the_least_and_the_greatest_shares_are_graphs_without_those_of_nothing():
    graph = Holdings.of_arrays(3, [0, 1], [1, 2], [0.0, 0.4], [0.3, 0.5])
    assert (len(graph.least), len(graph.greatest)) == (1, 2)
    assert graph.least.is_exact
    exact = oracles.graph_of(2, {(0, 1): 60})
    assert exact.least is exact.greatest is exact


@given(oracles.ranges(), oracles.st.randoms(use_true_random=False))
def test_the_order_of_claims_does_not_matter(drawn, rng):
    said = oracles.claims_from(drawn[1])
    mixed = list(said)
    rng.shuffle(mixed)
    one, other = holdings(said, basis="votes"), holdings(mixed, basis="votes")
    assert list(one.entities) == list(other.entities)
    for name in ("holder", "issuer", "low", "high"):
        assert np.array_equal(getattr(one, name), getattr(other, name))
    assert one.claims(range(len(one))) == other.claims(range(len(other)))


def test_what_takes_no_part_is_told():
    product = replace(say("A", "acquires", "P"), object=oracles.entity("P", "Product"))
    graph = holdings([holds("A", "X", 10), holds("B", "X", 60, as_=Modality.PLANNED), product])
    assert (graph.unfirm, [relationship.object.name for relationship in graph.left_out]) == (1, ["P"])
    notes = list(remarks(graph, "capital"))
    assert "planned, announced or reported holdings take no part: 1" in notes
    assert any(note.endswith("left out: 1 (P)") for note in notes)


def test_what_is_held_through_others_is_not_added_to_what_is_held_directly():
    def through(claim):
        return replace(claim, qualifiers=replace(claim.qualifiers, indirect=True))

    claims = [holds("A", "B", 100), holds("B", "X", 76.5), holds("A", "X", 23.5), through(holds("S", "X", 100))]
    assert shares(claims) == shares(claims[:3])
    graph = holdings(claims)
    assert [relationship.subject.name for relationship in graph.through] == ["S"]
    assert any(note.endswith("held directly: 1 (S)") for note in remarks(graph, "capital"))
    # Where nobody tells direct holders, it is all that is known.
    assert ("S", "X") in shares(claims[3:])
