"""Ultimate and beneficial owners: one pass says what each company says of itself; bounds hold what is let go."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from kg.analysis.ownership.holdings import Holdings
from kg.analysis.ownership.integrated_ownership import shares_in
from kg.analysis.ownership.owners import beneficial_owners, is_ultimate, ultimate_shares
from kg.errors import InvalidRecord, UnknownEntity
from kg.facts import AsOf, TriState
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


def in_one_pass(graph, **options):
    owner, company, low, high = (column.tolist() for column in ultimate_shares(graph, **options))
    found = {(one, other): both for one, other, *both in zip(owner, company, low, high, strict=True)}
    assert len(found) == len(owner)
    return found


def one_by_one(graph):
    tops = set(np.flatnonzero(is_ultimate(graph)).tolist())
    return {
        (owner, node): net
        for node in range(len(graph.entities))
        for owner, (net, _) in shares_in(graph, node).intervals().items()
        if owner in tops and net.high > 1e-8
    }


# ---------------------------------------------------------------- all owners at once
@given(oracles.shares(full=True))
@settings(max_examples=50)
def test_one_pass_finds_what_each_company_says_of_its_owners(drawn):
    graph = graph_of(*drawn)
    found, expected = in_one_pass(graph, keep=0.0), one_by_one(graph)
    for pair, net in expected.items():
        assert found[pair][0] <= net.low + NEAR
        assert found[pair][1] >= net.high - NEAR
        if oracles.is_open(*drawn):
            assert found[pair] == near([net.low, net.high])
    assert {pair for pair, (_, high) in found.items() if high > 1e-6} <= set(expected)


@given(oracles.shares(full=True))
@settings(max_examples=50)
def test_what_is_let_go_widens_the_bounds_of_what_is_listed(drawn):
    graph = graph_of(*drawn)
    found, expected = in_one_pass(graph, keep=0.05), one_by_one(graph)
    for pair, (low, high) in found.items():
        assert low >= 0.05
        assert low - NEAR <= expected[pair].low <= high + NEAR
    direct = {(int(i), int(j)) for i, j, u in zip(graph.holder, graph.issuer, graph.low, strict=True) if u >= 0.05e12}
    tops = set(np.flatnonzero(is_ultimate(graph)).tolist())
    assert {pair for pair in direct if pair[0] in tops} <= set(found)


@given(oracles.ranges(most=5), oracles.st.sampled_from([0.0, 0.05]))
def test_ranges_of_one_pass_hold_those_of_each_company(drawn, keep):
    graph = graph_of(*drawn)
    found, expected = in_one_pass(graph, keep=keep), one_by_one(graph)
    for pair, (low, high) in found.items():
        net = expected.get(pair)
        assert 0 <= low <= high <= 1
        if net is not None:
            assert low <= net.low + NEAR
            assert high >= net.high - NEAR
    if not keep:
        assert set(expected) <= set(found)


@given(oracles.shares(full=True))
def test_the_ultimate_owners_of_a_company_are_the_whole_at_most_and_all_of_it_where_all_is_told(drawn):
    n, found = drawn
    graph = graph_of(n, found)
    sums = np.zeros(n)
    for (_, company), (low, _) in in_one_pass(graph, keep=0.0).items():
        sums[company] += low
    assert (sums <= 1 + NEAR).all()
    for company in {issuer for _, issuer in found}:
        tops = [top for top in range(n) if top not in {issuer for _, issuer in found}]
        if oracles.is_open(n, found):
            assert sums[company] == near(sum(oracles.met(n, found, top)[company] for top in tops))


def test_all_is_told_down_a_chain():
    graph = graph_of(5, {(0, 2): 60, (1, 2): 40, (2, 3): 100, (3, 4): 50, (0, 4): 50})
    found = {pair: low for pair, (low, _) in in_one_pass(graph).items()}
    assert found == near({(0, 2): 0.6, (1, 2): 0.4, (0, 3): 0.6, (1, 3): 0.4, (0, 4): 0.8, (1, 4): 0.2})


def test_rings_that_hold_themselves_and_lists_above_the_whole_are_answered():
    ring = graph_of(4, {(0, 1): 100, (1, 0): 100, (1, 2): 50, (3, 2): 50})
    assert in_one_pass(ring) == {(3, 2): near([0.5, 0.5])}
    n = 40
    everybody = {(i, j): 100 for i in range(n) for j in range(n) if i != j} | {(n, 0): 50}
    for low, high in in_one_pass(graph_of(n + 1, everybody)).values():
        assert 0 <= low <= high <= 1


@pytest.mark.slow
def test_large_graphs_are_answered_as_small_ones_are():
    rng = np.random.default_rng(8)
    n, tops = 900, 100
    edges = {}
    for node in range(tops, n):
        for holder in rng.choice(n, 8, replace=False).tolist():
            if holder != node:
                edges[holder, node] = 12
    graph = graph_of(n, edges)
    assert len(graph) > 5000
    found = in_one_pass(graph, keep=0.0)
    a = oracles.matrix(n, edges)
    inverse = np.linalg.inv(np.eye(n) - a)
    got = np.zeros((n, n))
    for (owner, company), (low, high) in found.items():
        got[owner, company] = low
        assert high == near(low)
    assert got[:tops, tops:] == near(inverse[:tops, tops:])
    kept = in_one_pass(graph, keep=0.01)
    assert 0 < len(kept) < len(found)
    for (owner, company), (low, high) in kept.items():
        assert low - NEAR <= inverse[owner, company] <= high + NEAR


# ---------------------------------------------------------------- beneficial owners
def answers(result):
    return {(row.owner.name, row.company.name): row.answer for row in result}


@given(oracles.shares(most=4, full=True))
@settings(max_examples=50)
def test_all_companies_together_say_what_each_says_alone(drawn):
    said = oracles.claims_from(drawn[1])
    if not said:
        return
    rows = beneficial_owners(said)
    alone = {}
    for name in sorted({claim.object.name for claim in said}):
        alone |= answers(beneficial_owners(said, name))
    if oracles.is_open(*drawn):
        assert answers(rows) == alone
    n, found = drawn
    held = {issuer for _, issuer in found}
    controls = oracles.controls(n, found)
    for top in set(range(n)) - held:
        net = oracles.met(n, found, top)
        for node in held:
            is_owner = bool(net[node] >= 0.25 - NEAR / 100) or (top, node) in controls
            assert (alone.get((f"N{top}", f"N{node}")) is TriState.TRUE) is is_owner


@given(oracles.ranges(most=4), oracles.st.randoms(use_true_random=False))
@settings(max_examples=50)
def test_an_owner_in_any_completion_is_listed_and_a_sure_one_is_one_in_all(drawn, rng):
    n, found = drawn
    said = oracles.claims_from(found)
    held = {issuer for _, issuer in found}
    rows = answers(beneficial_owners(said))
    for exact in oracles.completions(found, rng, 5):
        controls = oracles.controls(n, exact)
        for top in set(range(n)) - held:
            net = oracles.met(n, exact, top)
            for node in held:
                answer = rows.get((f"N{top}", f"N{node}"), TriState.FALSE)
                if net[node] >= 0.25 + NEAR or (top, node) in controls:
                    assert answer is not TriState.FALSE
                elif net[node] < 0.25 - NEAR:
                    assert answer is not TriState.TRUE


def test_a_quarter_is_enough_and_less_is_not():
    said = oracles.register(("ann", "A", 25), ("bob", "A", "24.99"), ("cid", "A", "50.01"))
    assert set(answers(beneficial_owners(said))) == {("ann", "A"), ("cid", "A")}


def test_who_controls_owns_whatever_the_share():
    """60 % of 60 % of 60 % is 21.6 %, and control all the way; the rest has 8 % and more, and none."""
    said = oracles.register(("ann", "A", 60), ("A", "B", 60), ("B", "C", 60), ("bob", "C", 20))
    [row] = beneficial_owners(said, "C")
    assert (row.owner.name, row.kind, row.controls) == ("ann", "Person", TriState.TRUE)
    assert row.capital.low == near(0.216)
    assert {claim.subject.name for claim in row.claims} == {"ann", "A", "B"}


def test_votes_make_an_owner_as_capital_does():
    said = [
        holds("ann", "A", 10, percent_of="capital"),
        holds("ann", "A", 30, percent_of="votes"),
        holds("bob", "A", 60, percent_of="capital"),
        holds("bob", "A", 10, percent_of="votes"),
        holds("cid", "A", 10, percent_of="capital"),
        holds("cid", "A", 10, percent_of="votes"),
    ]
    rows = {row.owner.name: row for row in beneficial_owners(said, "A")}
    assert set(rows) == {"ann", "bob"}
    assert (rows["ann"].capital.low, rows["ann"].votes.low) == near((0.1, 0.3))
    assert set(rows["ann"].claims) == set(said[:2])


def test_an_owner_that_is_no_person_is_told_as_what_it_is():
    result = beneficial_owners(oracles.register(("A", "B", 60)))
    assert result[0].kind == "Company"
    assert any("no persons" in note for note in result.notes)
    assert not any("no persons" in note for note in beneficial_owners(oracles.register(("ann", "B", 60))).notes)


def test_an_unknown_share_leaves_open_who_owns():
    said = [holds("ann", "A", 60), holds("bob", "A"), holds("cid", "A", percent_min=5, percent_max=10)]
    assert answers(beneficial_owners(said)) == {("ann", "A"): TriState.TRUE, ("bob", "A"): TriState.UNDECIDED}
    assert answers(beneficial_owners(said, threshold=0.4)) == {("ann", "A"): TriState.TRUE}


def test_plans_and_later_news_make_no_owner():
    said = [
        holds("ann", "A", 60, known="2024-01"),
        holds("bob", "A", 40, known="2025-01"),
        holds("cid", "A", 40, as_=Modality.PLANNED, known="2024-01"),
    ]
    assert set(answers(beneficial_owners(said))) == {("ann", "A"), ("bob", "A")}
    assert set(answers(beneficial_owners(said, as_of=AsOf(known="2024-06")))) == {("ann", "A")}


def test_thresholds_are_fractions_and_unknown_companies_are_told():
    said = oracles.register(("ann", "A", 60))
    for wrong in (0, 25, -1, float("nan")):
        with pytest.raises(InvalidRecord, match=r"0\.25 for 25 %"):
            beneficial_owners(said, threshold=wrong)
    with pytest.raises(UnknownEntity):
        beneficial_owners(said, "Nowhere")
    assert not beneficial_owners([])


def test_an_array_of_nobody_has_no_owners():
    assert in_one_pass(Holdings.of_arrays(3, [], [], [])) == {}
    assert in_one_pass(Holdings.of_arrays(0, [], [], [])) == {}


@given(oracles.ranges(most=4), oracles.st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_the_order_of_claims_does_not_matter(drawn, rng):
    said = oracles.claims_from(drawn[1])
    mixed = list(said)
    rng.shuffle(mixed)
    assert beneficial_owners(said) == beneficial_owners(mixed)
