"""Ownership, control and loops on generated graphs of 10,000 to a million edges, beside networkx in the same run.

    python benchmarks/analysis.py [EDGES ...]

The graph: heavy-tailed holders, one to many holders a company, majorities and scattered shares, and a core of firms
that hold each other (as in Vitali, Glattfelder, Battiston 2011: 1,300 of 600,000). Both sides start from a graph that
is built, and answer the same question; where networkx had not answered in the given seconds its time is a lower bound.
Times are the least of some runs on a machine that should do nothing else; compiling is done before.
"""

import contextlib
import io
import signal
import sys
import time
from collections import defaultdict
from itertools import pairwise

import networkx as nx
import numpy as np
from scipy.sparse import csr_array

from kg.analysis.kernels import csr_graph, fast, strong_components, typed_cycles, weak_components
from kg.analysis.ownership.control import control_pairs, top_pairs
from kg.analysis.ownership.holdings import Holdings
from kg.analysis.ownership.integrated_ownership import integrated_values, net_values, reachable, shares_in
from kg.analysis.ownership.owners import ultimate_shares

SIZES = (10_000, 100_000, 1_000_000)
COMPILED = 10_000
LIMIT = 40
TARGETS = 20


def ownership(edges, seed=7):
    """Return holders, issuers and shares."""
    rng = np.random.default_rng(seed)
    companies, tops, core = int(edges * 0.42), int(edges * 0.2), max(30, int(edges * 0.0022))
    count = companies + tops
    many = np.minimum(rng.zipf(2.1, companies), 400)
    # More than are wanted: some pairs come twice.
    many = np.maximum(1, (many * 1.6 * edges / many.sum()).round().astype(int))
    issuer = np.repeat(np.arange(companies), many)
    # Holders are companies before the issuer, or tops; the more popular the likelier.
    popular = (rng.pareto(1.3, len(issuer)) * 3).astype(int)
    holder = np.where(rng.random(len(issuer)) < 0.55, companies + popular % tops, issuer - 1 - popular % 5000)
    holder = np.where(holder < 0, companies + rng.integers(0, tops, len(issuer)), holder)
    members = rng.choice(companies, core, replace=False)
    issuer = np.concatenate((issuer, np.repeat(members, 4)))
    holder = np.concatenate((holder, np.roll(members, 1), *(rng.permutation(members) for _ in range(3))))
    sound = holder != issuer
    pair = np.unique(holder[sound] * count + issuer[sound])
    is_core = np.isin(pair // count, members) & np.isin(pair % count, members)
    rest = rng.permutation(pair[~is_core])[: max(0, edges - is_core.sum())]
    pair = np.concatenate((pair[is_core], rest))
    holder, issuer = pair // count, pair % count
    weight = rng.pareto(0.8, len(pair)) + 0.05
    whole = np.zeros(count)
    np.add.at(whole, issuer, weight)
    return count, holder, issuer, weight / whole[issuer] * (0.55 + 0.45 * rng.random(count))[issuer]


def deals(edges, seed=7):
    """Return payers, payees and kinds (1 capital, 2 trade, 3 both) of a graph of deals with hubs."""
    rng = np.random.default_rng(seed)
    count = int(edges * 0.6)
    one, other = (np.minimum((rng.pareto(1.1, 2 * edges) * edges / 1500).astype(np.int64), 10**9) for _ in range(2))
    spread = rng.integers(0, count, (2, 2 * edges))
    few = rng.random((2, 2 * edges)) < 0.85
    one, other = (np.where(few[at], spread[at], ends % count) for at, ends in enumerate((one, other)))
    pair = np.unique(one[one != other] * count + other[one != other])
    pair = rng.permutation(pair)[:edges]
    return count, pair // count, pair % count, rng.choice([1, 2, 3], len(pair), p=[0.45, 0.45, 0.1])


# ---------------------------------------------------------------- the same questions on a networkx graph
def nx_control(graph):
    """Who controls whom, for every holder."""
    pairs = 0
    for source in graph:
        held, group, queue = defaultdict(float), {source}, [source]
        while queue:
            for issuer, data in graph[queue.pop()].items():
                if issuer not in group:
                    held[issuer] += data["share"]
                    if held[issuer] > 0.5:
                        group.add(issuer)
                        queue.append(issuer)
        pairs += len(group) - 1
    return pairs


def nx_values(graph):
    """What all hold by all chains: the power series, to 10^-9."""
    term = dict.fromkeys(graph, 1.0)
    total = dict.fromkeys(graph, 0.0)
    while True:
        term = {u: sum(data["share"] * term[v] for v, data in graph[u].items()) for u in graph}
        if max(term.values()) < 1e-9:
            return total
        for u, more in term.items():
            total[u] += more


def nx_owners(graph, targets):
    """What all direct and indirect owners hold of some companies."""
    for target in targets:
        inside = graph.subgraph([*nx.ancestors(graph, target), target])
        term, total = {target: 1.0}, defaultdict(float)
        while max(term.values(), default=0) > 1e-9:
            onward = defaultdict(float)
            for issuer, worth in term.items():
                for holder, _, share in inside.in_edges(issuer, data="share"):
                    onward[holder] += worth * share
            term = onward
            for holder, worth in term.items():
                total[holder] += worth


def nx_loops(graph):
    """Loops of at most four edges with one of capital against another of trade."""
    count = 0
    for cycle in nx.simple_cycles(graph, length_bound=4):
        kinds = [graph[u][v]["kind"] for u, v in zip(cycle, [*cycle[1:], cycle[0]], strict=True)]
        count += any(a & 1 and b & 2 for i, a in enumerate(kinds) for j, b in enumerate(kinds) if i != j)
    return count


# ---------------------------------------------------------------- measuring
def timed(work, runs):
    """Return the least time of some runs, and the answer."""
    best, answer = float("inf"), None
    for _ in range(runs):
        begin = time.perf_counter()
        answer = work()
        best = min(best, time.perf_counter() - begin)
    return best, answer


def limited(work):
    """Return the time of one run, infinite where it takes longer than the limit."""

    def stop(*_):
        raise TimeoutError

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, LIMIT)
    begin = time.perf_counter()
    try:
        work()
    except TimeoutError:
        return float("inf")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return time.perf_counter() - begin


def tell(name, ours, theirs, told):
    beside = ratio = ""
    if theirs is not None:
        over = "> " if theirs > LIMIT else ""
        beside, ratio = f"{over}{1000 * min(theirs, LIMIT):.0f}", f"{over}{min(theirs, LIMIT) / ours:.0f}×"
    print(f"  {name:46}{1000 * ours:10.1f}{beside:>12}{ratio:>9}   {told}".rstrip())


def measure_ownership(edges, note):
    count, holder, issuer, share = ownership(edges)
    graph = Holdings.of_arrays(count, holder, issuer, share)
    core = np.bincount(graph.parts.part).max()
    print(f"\n{len(graph):,} holdings among {count:,} entities; the largest cyclic part has {core:,}")
    print(f"  {'ms':46}{'kg':>10}{'networkx':>12}{'ratio':>9}")
    theirs = nx.DiGraph()
    theirs.add_nodes_from(range(count))
    theirs.add_weighted_edges_from(zip(holder.tolist(), issuer.tolist(), share.tolist(), strict=True), weight="share")
    start, to = graph.held.start, graph.held.to

    ours, pairs = timed(lambda: control_pairs(graph), 3)
    note("who controls whom, all pairs", ours, limited(lambda: nx_control(theirs)), f"{len(pairs[0]):,} pairs")
    ours, pairs = timed(lambda: top_pairs(graph), 3)
    note("ultimate controllers of all", ours, None, f"{len(pairs[0]):,} pairs")
    ours, _ = timed(lambda: fast(strong_components, len(graph))(start, to), 3)
    note("strongly connected parts", ours, limited(lambda: sum(1 for _ in nx.strongly_connected_components(theirs))))
    ours, _ = timed(lambda: fast(weak_components, len(graph))(count, graph.holder, graph.issuer), 3)
    note("weakly connected parts", ours, limited(lambda: sum(1 for _ in nx.weakly_connected_components(theirs))))

    matrix, ones = csr_array((graph.weights(graph.held), to, start), shape=(count, count)), np.ones(count)
    product, _ = timed(lambda: [matrix @ ones for _ in range(20)], 3)
    ours, _ = timed(lambda: integrated_values(graph, ones), 3)
    products = f"as long as {20 * ours / product:.0f} sparse products"
    note("integrated value of all holdings", ours, limited(lambda: nx_values(theirs)), products)
    # Below the core, where the question is hard: elsewhere a few holders are soon told.
    some = np.random.default_rng(1).choice(np.unique(issuer), 500, replace=False).tolist()
    targets = sorted(some, key=lambda node: -len(reachable(graph.holders, node)))[:TARGETS]
    ours, _ = timed(lambda: [shares_in(graph, target) for target in targets], 1)
    told = (
        f"of {len(reachable(graph.holders, targets[0])):,} to {len(reachable(graph.holders, targets[-1])):,} above each"
    )
    note(f"owners of {TARGETS} companies, one by one", ours, limited(lambda: nx_owners(theirs, targets)), told)
    ours, _ = timed(lambda: net_values(graph, ones), 1)
    note("net value of all holdings", ours)
    ours, found = timed(lambda: ultimate_shares(graph), 1)
    note("ultimate owners of all, one pass", ours, None, f"{len(found[0]):,} shares")


def measure_deals(edges, note):
    count, payer, payee, kind = deals(edges)
    start, to, edge = csr_graph(count, payer, payee)
    back_start, back_to, _ = csr_graph(count, payee, payer)
    theirs = nx.DiGraph()
    kinds = ({"kind": one} for one in kind.tolist())
    theirs.add_edges_from(zip(payer.tolist(), payee.tolist(), kinds, strict=True))
    kernel = fast(typed_cycles, edges)
    ours, found = timed(lambda: kernel(start, to, kind[edge], back_start, back_to, 4), 1)
    note(
        "loops of capital against trade, up to 4 legs",
        ours,
        limited(lambda: nx_loops(theirs)),
        f"{len(found[1]):,} loops",
    )


def measure(edges):
    """Measure one size; return the times by name."""
    times = {}

    def note(name, ours, theirs=None, told=""):
        times[name] = ours
        tell(name, ours, theirs, told)

    measure_ownership(edges, note)
    measure_deals(edges, note)
    return times


def main():
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    # Compiled before anything is measured, what suits small inputs too.
    with contextlib.redirect_stdout(io.StringIO()):
        measure(COMPILED)
    taken = [measure(size) for size in sizes]
    if len(sizes) > 1:
        print(
            "\ntime from size to size, as a ratio; edges grow " + ", ".join(f"{b / a:g}×" for a, b in pairwise(sizes))
        )
        for name in taken[0]:
            print(f"  {name:46}" + "".join(f"{b[name] / a[name]:8.1f}×" for a, b in pairwise(taken)))


if __name__ == "__main__":
    main()
