"""Graphs large enough to be compiled for: the answers are those of networkx and scipy, in full."""

from collections import defaultdict

import networkx as nx
import numpy as np
import pytest
from scipy.sparse import csc_array, identity
from scipy.sparse.linalg import splu

from kg.analysis.ownership.control import control_pairs, top_pairs
from kg.analysis.ownership.holdings import Holdings
from kg.analysis.ownership.integrated_ownership import integrated_values, net_values, shares_in
from kg.analysis.ownership.owners import is_ultimate, ultimate_shares

pytestmark = pytest.mark.long


@pytest.fixture(scope="module", params=[1, 2, 3])
def graph(request):
    """40,000 holdings among 20,000, a tenth of them in cycles; nobody is held by more than the whole."""
    rng = np.random.default_rng(request.param)
    count = 20_000
    issuer = rng.integers(0, count - 4000, 44_000)
    holder = np.where(
        rng.random(44_000) < 0.9, issuer + 1 + rng.integers(0, 4000, 44_000), rng.integers(0, count, 44_000)
    )
    pair = np.unique(holder[holder != issuer] * count + issuer[holder != issuer])[:40_000]
    holder, issuer = pair // count, pair % count
    weight = rng.pareto(0.7, len(pair)) + 0.05
    whole = np.bincount(issuer, weight, count)
    share = np.round(weight / whole[issuer] * (0.5 + 0.5 * rng.random(count))[issuer], 6)
    return Holdings.of_arrays(count, holder, issuer, share)


def matrix(graph):
    size = len(graph.entities)
    return csc_array((graph.low / 10**12, (graph.holder, graph.issuer)), shape=(size, size))


def test_control_is_that_of_a_plain_fixpoint(graph):
    told = nx.DiGraph()
    told.add_nodes_from(range(len(graph.entities)))
    told.add_weighted_edges_from(zip(graph.holder.tolist(), graph.issuer.tolist(), graph.low.tolist(), strict=True))
    expected = set()
    for source in told:
        held, group, queue = defaultdict(int), {source}, [source]
        while queue:
            for issuer, data in told[queue.pop()].items():
                held[issuer] += data["weight"]
                if issuer not in group and 2 * held[issuer] > 10**12:
                    group.add(issuer)
                    queue.append(issuer)
        expected |= {(source, other) for other in group - {source}}
    found = set(zip(*(side.tolist() for side in control_pairs(graph)), strict=True))
    assert found == expected
    controlled = {whom for _, whom in expected}
    tops = set(zip(*(side.tolist() for side in top_pairs(graph)), strict=True))
    assert tops <= expected
    assert {pair for pair in expected if pair[0] not in controlled} <= tops


def test_shares_are_those_of_the_inverse(graph):
    size = len(graph.entities)
    solver = splu((identity(size, format="csc") - matrix(graph)).tocsc())
    values = np.random.default_rng(0).random(size)
    assert np.allclose(integrated_values(graph, values), solver.solve(values) - values)
    diagonal = np.array([solver.solve(np.eye(1, size, node)[0])[node] for node in range(0, size, 40)])
    assert np.allclose(net_values(graph, values)[::40], ((solver.solve(values) - values)[::40]) / diagonal)
    for node in range(0, size, 400):
        column = solver.solve(np.eye(1, size, node)[0])
        shares = shares_in(graph, node)
        assert np.allclose(shares.integrated_low, column[shares.nodes] - (shares.nodes == node))
        assert shares.low.min(initial=0) >= 0
        assert shares.high.max(initial=0) <= 1


def test_ultimate_shares_of_all_are_those_of_each_and_never_more_than_the_whole(graph):
    owner, company, low, high = ultimate_shares(graph, keep=1e-4)
    assert np.bincount(company, low).max() <= 1 + 1e-9
    tops = is_ultimate(graph)
    told = {(o, c): (a, b) for o, c, a, b in zip(*(x.tolist() for x in (owner, company, low, high)), strict=True)}
    for node in range(0, len(graph.entities), 400):
        shares = shares_in(graph, node)
        for who, share in zip(shares.nodes.tolist(), shares.low.tolist(), strict=True):
            if tops[who] and who != node and share >= 1e-3:
                least, most = told[who, node]
                assert least - 1e-9 <= share <= most + 1e-9
