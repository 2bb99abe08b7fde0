"""Integrated and net shares: the inverse, the series, the chance of a walk; sharp bounds over all completions."""

import math
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import assume, given, settings

from kg.analysis.ownership.holdings import Holdings
from kg.analysis.ownership.integrated_ownership import (
    chain_sums,
    integrated_values,
    net_values,
    self_ownership,
    shares_in,
    shares_of,
    simple_shares,
)
from kg.analysis.ownership.shares import owners, portfolio
from kg.errors import InvalidRecord, UnknownEntity
from kg.facts import AsOf
from kg.model import Modality


def _sibling(name):
    spec = spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


oracles = _sibling("oracles")
holds, say, graph_of = oracles.holds, oracles.say, oracles.graph_of
NEAR = 1e-7


def near(value):
    return pytest.approx(value, abs=NEAR, rel=NEAR)


def all_in(graph):
    """Net and integrated intervals by (holder, issuer)."""
    return {
        (owner, node): both
        for node in range(len(graph.entities))
        for owner, both in shares_in(graph, node).intervals().items()
    }


def all_of(graph):
    return {
        (node, issuer): both
        for node in range(len(graph.entities))
        for issuer, both in shares_of(graph, node).intervals().items()
    }


# ---------------------------------------------------------------- exact shares
@given(oracles.shares())
def test_integrated_shares_are_the_inverse_and_the_power_series(drawn):
    n, found = drawn
    assume(oracles.is_open(n, found))
    a = oracles.matrix(n, found)
    inverse = np.linalg.inv(np.eye(n) - a)
    series, power = np.zeros((n, n)), np.eye(n)
    for _ in range(3000):
        power = power @ a
        series += power
    got = all_in(graph_of(n, found))
    for i in range(n):
        for j in range(n):
            share = got[i, j][1].low if (i, j) in got else 0.0
            assert share == near(inverse[i, j] - (i == j))
            assert share == pytest.approx(series[i, j], abs=1e-4, rel=1e-1)


@given(oracles.shares())
def test_net_shares_are_the_inverse_over_its_diagonal_and_the_chance_of_a_walk(drawn):
    n, found = drawn
    got = all_in(graph_of(n, found))
    net = np.array([[got[i, j][0].low if (i, j) in got else 0.0 for j in range(n)] for i in range(n)])
    assert (net >= 0).all()
    assert (net <= 1).all()
    for i in range(n):
        assert net[i] == near(oracles.met(n, found, i))
    if oracles.is_open(n, found):
        inverse = np.linalg.inv(np.eye(n) - oracles.matrix(n, found))
        assert net == near((inverse - np.eye(n)) / np.diag(inverse)[:, None])


@given(oracles.shares())
@settings(max_examples=40)
def test_what_one_owns_is_what_its_companies_say_of_it(drawn):
    graph = graph_of(*drawn)
    one, other = all_in(graph), all_of(graph)
    assert set(one) == set(other)
    for pair in one:
        assert [(i.low, i.high) for i in one[pair]] == [near((i.low, i.high)) for i in other[pair]]


@given(oracles.shares())
@settings(max_examples=40)
def test_values_are_sums_over_shares(drawn):
    n, found = drawn
    graph = graph_of(n, found)
    values = np.arange(1.0, n + 1)
    got = all_in(graph)
    net = [sum(got[i, j][0].low * values[j] for j in range(n) if (i, j) in got) for i in range(n)]
    assert net_values(graph, values) == near(np.array(net))
    gross = [sum(got[i, j][1].low * values[j] for j in range(n) if (i, j) in got) for i in range(n)]
    sums = [sum(got[i, j][1].low * values[i] for i in range(n) if (i, j) in got) for j in range(n)]
    if np.isfinite(gross).all():
        assert integrated_values(graph, values) == near(np.array(gross))
        assert chain_sums(graph, values) == near(np.array(sums))


@given(oracles.shares())
def test_what_comes_back_is_the_net_share_in_oneself(drawn):
    n, found = drawn
    assert self_ownership(graph_of(n, found), np.arange(n)) == near(
        np.array([oracles.met(n, found, i)[i] for i in range(n)])
    )


@given(oracles.shares(most=5))
def test_simple_shares_are_the_sum_over_simple_paths(drawn):
    n, found = drawn
    net = nx.DiGraph()
    net.add_nodes_from(range(n))
    net.add_edges_from(found)
    for i in range(n):
        got = simple_shares(graph_of(n, found), i, least=0.0)
        for j in set(range(n)) - {i}:
            paths = nx.all_simple_edge_paths(net, i, j)
            assert got.get(j, 0.0) == near(sum(math.prod(found[edge] / 100 for edge in path) for path in paths))
        assert i not in got


@given(oracles.shares())
def test_without_cycles_all_three_measures_are_one(drawn):
    n, found = drawn
    found = {pair: percent for pair, percent in found.items() if pair[0] < pair[1]}
    graph = graph_of(n, found)
    for (i, j), (net, integrated) in all_in(graph).items():
        assert net.low == near(integrated.low)
        assert net.low == near(simple_shares(graph, i, least=0.0)[j])


@given(oracles.shares(full=True))
@settings(max_examples=40)
def test_the_ultimate_owners_of_a_company_sum_to_the_whole_where_all_is_told(drawn):
    n, found = drawn
    assume(found)
    graph = graph_of(n, found)
    held = {issuer for _, issuer in found}
    got = all_in(graph)
    met = [oracles.met(n, found, top) for top in range(n) if top not in held]
    for node in held:
        sum_ = sum(net.low for (owner, other), (net, _) in got.items() if other == node and owner not in held)
        assert sum_ <= 1 + NEAR
        assert sum_ == near(sum(x[node] for x in met))
        if not nx.descendants(net_of(found).reverse(), node) & closed(found):
            assert sum_ == near(1)


def net_of(found):
    net = nx.DiGraph()
    net.add_edges_from(found)
    return net


def closed(found):
    """The nodes of rings that hold the whole of each other."""
    net = net_of(found)
    parts = [part for part in nx.strongly_connected_components(net) if len(part) > 1]
    return {
        node
        for part in parts
        if all(sum(p for (i, j), p in found.items() if j == one and i in part) == 100 for one in part)
        for node in part
    }


# ---------------------------------------------------------------- rings that hold themselves
def ring(*percents, more=()):
    """Node k holds percents[k] of the next; the last of the first."""
    n = len(percents)
    edges = {(k, (k + 1) % n): percent for k, percent in enumerate(percents)} | dict(more)
    return 1 + max(max(pair) for pair in edges), edges


def test_who_holds_the_whole_of_each_other_has_a_net_share_and_endless_integrated_ones():
    graph = graph_of(*ring(100, 100, more={(1, 2): 50}.items()))
    got = all_in(graph)
    assert [got[pair][0].low for pair in ((0, 1), (1, 0), (0, 0))] == near([1, 1, 1])
    assert (got[0, 1][1].low, got[0, 0][1].high) == (math.inf, math.inf)
    assert (got[0, 2][0].low, got[1, 2][0].low) == near((0.5, 0.5))
    assert got[0, 2][1].low == math.inf
    assert net_values(graph, np.array([1.0, 1.0, 4.0])) == near(np.array([4.0, 4.0, 0.0]))


def test_a_ring_that_holds_itself_answers_for_claims_too():
    said = oracles.register(("A", "B", 100), ("B", "A", 100), ("B", "C", 30))
    rows = {row.holder.name: row for row in owners(said, "C")}
    assert (rows["A"].net.low, rows["B"].net.low) == near((0.3, 0.3))
    assert rows["A"].integrated.high == math.inf
    assert str(owners(said, "C"))


@pytest.mark.parametrize("percents", [(99.99, 99.99), (99.9999, 100), (100, 100, 99.9), (99, 99, 99, 99)])
def test_rings_that_hold_nearly_all_of_themselves_are_exact(percents):
    n, found = ring(*percents, more={(len(percents), 0): 0.0001}.items())
    got = all_in(graph_of(n, found))
    assert got[n - 1, 0][0].low == pytest.approx(oracles.met(n, found, n - 1)[0], rel=1e-6)
    turn = math.prod(percents) / 100 ** len(percents)
    assert got[0, 0][0].low == pytest.approx(turn, rel=1e-9)
    assert got[0, 0][1].low == pytest.approx(turn / (1 - turn), rel=1e-6)


def test_a_share_of_unknown_size_in_a_closed_ring_adds_nothing_endless():
    """The ring leaves nobody room, so whoever is said to hold some of it has nothing, not even of what it holds."""
    graph = Holdings.of_arrays(
        4, [0, 1, 2, 2, 0], [1, 0, 0, 3, 2], [1.0, 1.0, 0.0, 0.5, 0.0], [1.0, 1.0, 1.0, 0.5, 1.0]
    )
    got = all_in(graph)
    assert (got[2, 3][0].low, got[2, 3][0].high) == near((0.5, 0.5))
    assert got[2, 3][1].low == near(0.5)
    assert got[0, 1][0].low == near(1)
    assert (2, 0) not in got or got[2, 0][0].high == 0.0
    of = shares_of(graph, 2).intervals()
    assert (of[3][0].low, of[3][0].high) == near((0.5, 0.5))


def test_registers_that_sum_to_more_than_the_whole_stay_within_bounds():
    n = 40
    everybody = {(i, j): 100 for i in range(n) for j in range(n) if i != j} | {(0, n): 50}
    graph = graph_of(n + 1, everybody)
    for both in (shares_in(graph, n), shares_of(graph, 0)):
        assert ((both.low >= 0) & (both.low <= both.high) & (both.high <= 1)).all()
    assert shares_in(graph, n).intervals()[0][1].high == math.inf


# ---------------------------------------------------------------- ranges
def bounds(graph):
    """Bounds by pair from both sides, which must be alike where the walk can end anywhere."""
    return all_in(graph), all_of(graph)


@given(oracles.ranges(most=4, edges=6))
@settings(max_examples=60)
def test_the_bounds_of_net_shares_are_those_of_all_completions_and_are_reached(drawn):
    n, found = drawn
    into, of = bounds(graph_of(n, found))
    least, most = np.full((n, n), 1.0), np.zeros((n, n))
    for exact in oracles.extremes(found):
        net = np.array([oracles.met(n, exact, i) for i in range(n)])
        least, most = np.minimum(least, net), np.maximum(most, net)
    for i in range(n):
        for j in range(n):
            for got in (into, of):
                low, high = (got[i, j][0].low, got[i, j][0].high) if (i, j) in got else (0.0, 0.0)
                assert (low, high) == near((least[i, j], most[i, j])), (i, j)


@given(oracles.ranges(most=5), oracles.st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_no_completion_leaves_the_bounds(drawn, rng):
    n, found = drawn
    into, of = bounds(graph_of(n, found))
    for exact in oracles.completions(found, rng, 4):
        gross = all_in(graph_of(n, exact))
        for i in range(n):
            net = oracles.met(n, exact, i)
            for j in np.flatnonzero(net > NEAR):
                for got in (into, of):
                    assert got[i, j][0].low - NEAR <= net[j] <= got[i, j][0].high + NEAR
                    high = got[i, j][1].high
                    assert got[i, j][1].low - NEAR <= gross[i, j][1].low <= high + NEAR * max(1.0, high)


def test_the_greatest_net_share_is_not_missed_where_chains_turn_long():
    """A holds 99.9 % of B and B of A; X and Y may have what is left of B, so X's share nears one half, slowly."""
    low, high = 0.0005, 0.001
    graph = Holdings.of_arrays(
        4, [0, 1, 2, 3], [1, 0, 1, 1], [0.999, 0.999, low - 0.0005, low - 0.0005], [0.999, 0.999, high, high]
    )
    most = high / (1 - 0.999**2)
    for got in (shares_in(graph, 1).intervals()[2], shares_of(graph, 2).intervals()[1]):
        assert got[0].high == pytest.approx(most, rel=1e-6)


# ---------------------------------------------------------------- claims
def test_shares_come_with_what_is_held_directly_and_with_their_claims():
    said = {
        "AB": holds("A", "B", 60),
        "BC": holds("B", "C", 50),
        "AC": holds("A", "C", 10),
        "XC": holds("X", "C", 5),
        "CD": holds("C", "D", 5),
        "ZA": holds("Z", "A", 1),
    }
    rows = {row.holder.name: row for row in owners(said.values(), "C")}
    assert [row.holder.name for row in owners(said.values(), "C")] == ["B", "A", "X", "Z"]
    assert (rows["A"].net.low, rows["A"].direct.low) == near((0.4, 0.1))
    assert rows["Z"].direct is None
    assert set(rows["A"].claims) == {said["AB"], said["BC"], said["AC"]}
    assert set(rows["B"].claims) == {said["BC"]}
    assert set(rows["Z"].claims) == {said["ZA"], said["AB"], said["BC"], said["AC"]}
    below = {row.issuer.name: row for row in portfolio(said.values(), "A")}
    assert set(below) == {"B", "C", "D"}
    assert below["C"].claims == rows["A"].claims
    assert below["D"].net.low == near(0.02)


@given(oracles.shares(most=5))
@settings(max_examples=40)
def test_the_claims_of_a_share_are_those_of_the_chains_between_the_two(drawn):
    found = drawn[1]
    said = dict(zip(found, oracles.claims_from(found), strict=True))
    net = net_of(found)
    for j in {issuer for _, issuer in found}:
        for row in owners(said.values(), f"N{j}"):
            i = int(row.holder.name[1:])
            below = nx.descendants(net, i) | {i}
            above = nx.ancestors(net, j) | {j}
            expected = {claim for (k, m), claim in said.items() if k in below & above and m in above}
            assert set(row.claims) == expected
            [again] = [one for one in owners(row.claims, f"N{j}") if one.holder == row.holder]
            assert (again.net.low, again.integrated.low) == near((row.net.low, row.integrated.low))


def test_sources_at_odds_and_bounds_of_percentages_give_ranges():
    [row] = owners([holds("A", "B", 6), holds("A", "B", "5.2")], "B")
    assert (row.net.low, row.net.high) == near((0.052, 0.06))
    [row] = owners([holds("A", "B", percent_min=30, percent_max=40)], "B")
    assert (row.net.low, row.net.high) == near((0.3, 0.4))
    [row] = owners([holds("A", "B", percent_min=30)], "B")
    assert (row.net.low, row.net.high) == near((0.3, 1.0))
    [row] = owners([holds("A", "B", percent_max=5)], "B")
    assert (row.net.low, row.net.high) == near((0.0, 0.05))
    result = owners([holds("A", "B")], "B")
    assert (result[0].net.low, result[0].net.high) == (0.0, 1.0)
    assert any("not known exactly" in note for note in result.notes)


def test_an_unknown_share_is_no_more_than_the_others_leave():
    rows = {row.holder.name: row for row in owners([holds("A", "B", 90), holds("C", "B")], "B")}
    assert (rows["C"].net.low, rows["C"].net.high) == near((0.0, 0.1))
    assert rows["A"].net.is_exact


def test_a_denial_beside_an_assertion_gives_a_range_from_nothing():
    said = [holds("A", "B", 40), holds("A", "B", as_=Modality.DENIED)]
    [row] = owners(said, "B")
    assert (row.net.low, row.net.high) == near((0.0, 0.4))
    assert set(row.claims) == set(said)


@pytest.mark.parametrize("modality", [m for m in Modality if m is not Modality.ASSERTED])
def test_what_is_no_fact_is_owned_by_nobody(modality):
    with pytest.raises(UnknownEntity):
        owners([holds("A", "B", 40, as_=modality)], "B")


def test_capital_and_votes_are_asked_for_apart():
    said = [holds("A", "B", 10, percent_of="capital"), holds("A", "B", 60, percent_of="votes")]
    for of, share in (("capital", 0.1), ("votes", 0.6)):
        [row] = owners(said, "B", basis=of)
        assert (row.net.low, row.basis) == (near(share), of)
    [row] = owners([holds("A", "B", 60, percent_of="votes")], "B")
    assert (row.net.low, row.net.high) == (0.0, 1.0)


def test_no_share_as_of_a_date_uses_what_was_said_later():
    said = [
        holds("A", "B", 60, known="2024-01-10"),
        holds("C", "B", 20, known="2025-02-01"),
        holds("A", "B", 50, as_of="2025-01", known="2025-02-01"),
    ]
    before = owners(said, "B", as_of=AsOf(known="2024-12"))
    assert [(row.holder.name, row.net.low, row.claims) for row in before] == [("A", near(0.6), (said[0],))]
    assert {row.holder.name for row in owners(said, "B")} == {"A", "C"}


@given(oracles.ranges(most=4), oracles.st.randoms(use_true_random=False))
def test_the_order_of_claims_does_not_matter(drawn, rng):
    said = oracles.claims_from(drawn[1])
    assume(said)
    mixed = list(said)
    rng.shuffle(mixed)
    company = said[0].object.name
    assert owners(said, company) == owners(mixed, company)
    assert [row.claims for row in owners(said, company)] == [row.claims for row in owners(mixed, company)]
    assert portfolio(said, said[0].subject.name) == portfolio(mixed, said[0].subject.name)


def test_small_shares_are_left_out_on_request_and_thresholds_are_fractions():
    said = oracles.register(("A", "B", 60), ("C", "B", 5), ("D", "B", 4))
    assert [row.holder.name for row in owners(said, "B", min_share=0.05)] == ["A", "C"]
    with pytest.raises(InvalidRecord, match=r"0\.05 for 5 %"):
        owners(said, "B", min_share=5)
    with pytest.raises(InvalidRecord, match="not of 'shares'"):
        owners(said, "B", basis="shares")
    with pytest.raises(UnknownEntity):
        portfolio(said, "Nowhere")


@pytest.mark.slow
def test_large_graphs_are_answered_as_small_ones_are():
    """From some thousand holdings on kernels are compiled, and large parts are not inverted as a whole."""
    rng = np.random.default_rng(4)
    n = 600
    held = rng.permuted(np.tile(np.arange(n), (10, 1)), axis=1).ravel()
    pairs = sorted({(int(i), int(j)) for i, j in zip(np.tile(np.arange(n), 10), held, strict=True) if i != j})
    found = dict.fromkeys(pairs, 9)
    a = oracles.matrix(n, found)
    inverse = np.linalg.inv(np.eye(n) - a)
    graph = graph_of(n, found)
    assert len(graph) > 5000
    got = shares_in(graph, 7)
    assert got.nodes.tolist() == list(range(n))
    assert got.integrated_low == near(inverse[:, 7] - (np.arange(n) == 7))
    assert got.low == near((inverse[:, 7] - (np.arange(n) == 7)) / np.diag(inverse))
    assert shares_of(graph, 7).low == near((inverse[7] - (np.arange(n) == 7)) / inverse[7, 7])
    values = rng.random(n)
    assert integrated_values(graph, values) == near((inverse - np.eye(n)) @ values)
    assert chain_sums(graph, values) == near(values @ (inverse - np.eye(n)))
