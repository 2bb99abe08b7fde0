"""Kernels give the same compiled and as plain Python, and what networkx and brute force give."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import given

from kg.analysis.kernels import (
    better_chosen,
    controlled,
    csr_graph,
    fast,
    most_reached,
    reached,
    settle,
    spread,
    strong_components,
    typed_cycles,
    weak_components,
)
from kg.analysis.kernels.compilation import _compiled
from kg.analysis.ownership import integrated_ownership

pytestmark = pytest.mark.slow  # compiles, or draws large pages


def _sibling(name):
    spec = spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


oracles = _sibling("oracles")
SEEDS = range(25)


def random_graph(seed, most=12, density=0.25):
    """How many nodes, the two ends of edges, and chance numbers for more."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, most))
    joined = rng.random((n, n)) < density
    np.fill_diagonal(joined, val=False)
    one, other = (ends.astype(np.int64) for ends in np.nonzero(joined))
    return n, one, other, rng


def net_of(n, one, other):
    net = nx.DiGraph()
    net.add_nodes_from(range(n))
    net.add_edges_from(zip(one.tolist(), other.tolist(), strict=True))
    return net


def parts_in_order(start, to):
    part = strong_components(start, to)
    order = np.argsort(part, kind="stable").astype(np.int64)
    return part, order, np.concatenate(([0], np.cumsum(np.bincount(part, minlength=1)))).astype(np.int64)


def same(one, other):
    for mine, yours in zip(one, other, strict=True):
        assert np.array_equal(mine, yours)


def grouped(numbers):
    return {frozenset(np.flatnonzero(numbers == number).tolist()) for number in set(numbers.tolist())}


# ---------------------------------------------------------------- parts
@pytest.mark.parametrize("seed", SEEDS)
def test_parts_are_those_of_networkx_compiled_or_not(seed):
    n, one, other, _ = random_graph(seed)
    net, rows = net_of(n, one, other), csr_graph(n, one, other)
    part = strong_components(rows.start, rows.to)
    assert grouped(part) == {frozenset(each) for each in nx.strongly_connected_components(net)}
    assert (part[other] <= part[one]).all()
    weak = weak_components(n, one, other)
    assert grouped(weak) == {frozenset(each) for each in nx.weakly_connected_components(net)}
    assert all(number == min(group) for group in grouped(weak) for number in weak[list(group)])
    same([part, weak], [_compiled(strong_components)(rows.start, rows.to), _compiled(weak_components)(n, one, other)])
    for node in range(n):
        found = reached(rows.start, rows.to, node)
        assert found.tolist() == sorted({node} | nx.descendants(net, node))
        same([found], [_compiled(reached)(rows.start, rows.to, node)])


def test_a_long_chain_needs_no_recursion():
    n = 20_000
    rows = csr_graph(n, np.arange(n - 1), np.arange(1, n))
    assert len(set(strong_components(rows.start, rows.to).tolist())) == n
    back = csr_graph(n, np.arange(n), (np.arange(n) + 1) % n)
    assert set(_compiled(strong_components)(back.start, back.to).tolist()) == {0}


# ---------------------------------------------------------------- cycles
def kinds_stand_against_each_other(kinds):
    return any(a & 1 and b & 2 for x, a in enumerate(kinds) for y, b in enumerate(kinds) if x != y)


@pytest.mark.parametrize("seed", range(60))
def test_typed_cycles_are_those_of_networkx_whose_kinds_stand_against_each_other(seed):
    n, one, other, rng = random_graph(seed, most=8, density=0.4)
    mask, longest = rng.integers(1, 4, len(one)).astype(np.int64), int(rng.integers(2, 6))
    rows, back = csr_graph(n, one, other), csr_graph(n, other, one)
    kind = {(a, b): k for a, b, k in zip(one.tolist(), other.tolist(), mask.tolist(), strict=True)}
    expected = []
    for cycle in nx.simple_cycles(net_of(n, one, other), length_bound=longest):
        first = cycle.index(min(cycle))
        turned = (*cycle[first:], *cycle[:first])
        if kinds_stand_against_each_other([kind[ends] for ends in zip(turned, turned[1:] + turned[:1], strict=True)]):
            expected.append(turned)
    given_ = (rows.start, rows.to, mask[rows.edge], back.start, back.to, longest)
    for kernel in (typed_cycles, _compiled(typed_cycles)):
        nodes, ends = kernel(*given_)
        found = [tuple(map(int, cycle)) for cycle in np.split(nodes, ends)[:-1]]
        assert sorted(found) == sorted(expected)


def test_more_cycles_than_there_was_room_for_are_all_found():
    """Of 9 companies that all invest in and supply each other there are 36 + 168 + 756 + 3024 loops of 2 to 5."""
    one, other = (ends.astype(np.int64) for ends in np.nonzero(~np.eye(9, dtype=bool)))
    rows, mask = csr_graph(9, one, other), np.full(72, 3, np.int64)
    for kernel in (typed_cycles, _compiled(typed_cycles)):
        nodes, ends = kernel(rows.start, rows.to, mask, rows.start, rows.to, 5)
        assert len(ends) == 36 + 168 + 756 + 3024
        assert len({tuple(cycle) for cycle in np.split(nodes, ends)[:-1]}) == len(ends)


# ---------------------------------------------------------------- control
@pytest.mark.parametrize("seed", SEEDS)
def test_control_is_brute_force_and_the_same_compiled(seed):
    n, one, other, rng = random_graph(seed, density=0.4)
    percent = rng.integers(0, 60, len(one))
    rows, spare = csr_graph(n, one, other), np.full(n, 100, np.int64)
    units = percent[rows.edge].astype(np.int64)
    found = {(a, b): p for a, b, p in zip(one.tolist(), other.tolist(), percent.tolist(), strict=True)}
    for only_tops in (0, 1):
        given_ = (np.arange(n), rows.start, rows.to, units, units, spare, 50, only_tops)
        who, whom = controlled(*given_)
        same([who, whom], _compiled(controlled)(*given_))
        if not only_tops:
            assert set(zip(who.tolist(), whom.tolist(), strict=True)) == oracles.controls(n, found)


def test_more_controllers_than_there_was_room_for_are_all_found():
    n = 100
    one, other = (ends.astype(np.int64) for ends in np.nonzero(np.triu(np.ones((n, n)), 1)))
    rows, units = csr_graph(n, one, other), np.full(len(one), 60, np.int64)
    for kernel in (controlled, _compiled(controlled)):
        who, _ = kernel(np.arange(n), rows.start, rows.to, units, units, np.full(n, 100, np.int64), 50, 0)
        assert len(who) == n * (n - 1) // 2


# ---------------------------------------------------------------- shares
@pytest.mark.parametrize("seed", SEEDS)
def test_shares_settle_to_the_inverse_and_the_same_compiled(seed):
    n, one, other, rng = random_graph(seed)
    weight = rng.random(len(one)) / max(1, n)
    a = np.zeros((n, n))
    a[one, other] = weight
    rows, value = csr_graph(n, one, other), rng.random(n)
    _, order, bounds = parts_in_order(rows.start, rows.to)
    results = []
    for kernel in (settle, _compiled(settle)):
        x = np.zeros(n)
        kernel_parts = kernel(order, bounds, rows.start, rows.to, weight[rows.edge], value, x, 0, 1000)
        assert kernel_parts == len(bounds) - 1
        results.append(x)
    assert results[0] == pytest.approx((np.linalg.inv(np.eye(n) - a) - np.eye(n)) @ value)
    assert results[1] == pytest.approx(results[0], rel=1e-14, abs=1e-15)


@pytest.mark.parametrize("kernel", [settle, _compiled(settle)], ids=["plain", "compiled"])
def test_a_part_that_does_not_settle_is_given_up_and_the_rest_goes_on(kernel):
    """A ring that holds the whole of itself, or more: its sums grow without end."""
    for weight in (1.0, 50.0):
        rows = csr_graph(3, np.array([0, 1, 2]), np.array([1, 0, 0]))
        _, order, bounds = parts_in_order(rows.start, rows.to)
        x = np.zeros(3)
        given_ = (order, bounds, rows.start, rows.to, np.array([weight, weight, 0.5]), np.ones(3), x)
        assert kernel(*given_, 0, 1000) == 0
        x[:2] = 7.0
        assert kernel(*given_, 1, 1000) == 2
        assert x[2] == 0.5 * 8


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("keep", [1e-12, 0.02])
def test_what_spreads_is_the_inverse_and_the_same_compiled(seed, keep):
    n, one, other, rng = random_graph(seed)
    weight = rng.random(len(one)) * 2 / max(2, n)
    a = np.zeros((n, n))
    a[one, other] = weight
    rows, emits = csr_graph(n, other, one), np.bincount(other, minlength=n) == 0
    _, order, bounds = parts_in_order(rows.start, rows.to)
    given_ = (order, bounds, rows.start, rows.to, weight[rows.edge], emits, keep, 200)
    plain, compiled = spread(*given_), _compiled(spread)(*given_)
    same(plain[:3], compiled[:3])
    assert compiled[3] == pytest.approx(plain[3], rel=1e-12)
    first, last, whose, much = plain
    got = np.zeros((n, n))
    for node in range(n):
        places = slice(first[node], last[node])
        assert len(set(whose[places].tolist())) == last[node] - first[node]
        got[whose[places], node] = much[places]
    exact = np.linalg.inv(np.eye(n) - a)
    for owner in np.flatnonzero(emits):
        others = np.arange(n) != owner
        assert (got[owner, others] <= exact[owner, others] + 1e-9).all()
        if keep < 1e-9:
            assert got[owner, others] == pytest.approx(exact[owner, others], abs=1e-9)
    assert (got[~emits] == 0).all()
    assert (much >= keep).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_greatest_chance_of_a_walk_is_the_same_compiled(seed):
    n, one, other, rng = random_graph(seed)
    low = rng.random(len(one)) / max(1, n)
    high = np.minimum(low + rng.random(len(one)) * 0.5, 1.0)
    rows = csr_graph(n, other, one)
    _, order, _ = parts_in_order(rows.start, rows.to)
    ends = (rows.start, rows.to, low[rows.edge], high[rows.edge], np.ones(n), 0)
    plain, is_settled = most_reached(order, *ends, 5000)
    compiled = _compiled(most_reached)(order, *ends, 5000)
    assert is_settled
    assert compiled[1]
    assert compiled[0] == pytest.approx(plain)
    chosen, other_chosen = low[rows.edge].copy(), low[rows.edge].copy()
    found = np.zeros(n)
    gained = [better_chosen(*ends, found, chosen), _compiled(better_chosen)(*ends, found, other_chosen)]
    assert gained[0] == gained[1]
    same([chosen], [other_chosen])


@given(oracles.ranges(most=5))
def test_choosing_anew_ends_at_what_sweeps_come_to(drawn):
    n, found = drawn
    graph = oracles.graph_of(n, found)
    room = np.ones(n)
    by_sweeps = [integrated_ownership._most(graph, node, room) for node in range(n)]
    kept = integrated_ownership._SWEEPS
    try:
        integrated_ownership._SWEEPS = 0
        for node in range(n):
            assert integrated_ownership._most(graph, node, room) == pytest.approx(by_sweeps[node], abs=1e-8)
    finally:
        integrated_ownership._SWEEPS = kept


def test_small_inputs_stay_plain_python():
    assert fast(strong_components, 10) is strong_components
    assert fast(strong_components, 10**6) is fast(strong_components, 10**7) is not strong_components
