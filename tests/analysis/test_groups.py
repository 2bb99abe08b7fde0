"""Groups and close links: control decides, the effective interest tells how much, and a third links two."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import assume, given, settings

from kg.analysis.ownership.groups import close_links, consolidation
from kg.errors import InvalidRecord, UnknownEntity
from kg.facts import AsOf, TriState


def _sibling(name):
    spec = spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


oracles = _sibling("oracles")

holds = oracles.holds
NEAR = 1e-7


def near(value):
    return pytest.approx(value, abs=NEAR, rel=NEAR)


def number(entity):
    return int(entity.name[1:])


# ---------------------------------------------------------------- consolidation
@given(oracles.shares(most=5), oracles.st.integers(0, 4))
def test_a_group_is_what_the_parent_controls_and_from_a_fifth_of_the_votes_its_associates(drawn, parent):
    n, found = drawn
    assume(any(parent in pair for pair in found))
    rows = {number(row.company): row for row in consolidation(oracles.claims_from(found), f"N{parent}")}
    controlled = {whom for who, whom in oracles.controls(n, found) if who == parent}
    net = oracles.met(n, found, parent)
    for node in set(range(n)) - {parent}:
        votes = sum(found.get((one, node), 0) for one in {parent, *controlled}) / 100
        method = "full" if node in controlled else "equity" if votes >= 0.2 else None
        assert (rows[node].method if node in rows else None) == method
        if method:
            assert rows[node].votes.low == near(min(votes, 1.0))
            assert rows[node].effective.low == near(net[node])
            assert rows[node].non_controlling.high == near(1 - net[node])
    assert parent not in rows


@given(oracles.ranges(most=4), oracles.st.integers(0, 3), oracles.st.randoms(use_true_random=False))
def test_a_group_with_ranges_holds_that_of_every_completion(drawn, parent, rng):
    n, found = drawn
    assume(any(parent in pair for pair in found))
    rows = {number(row.company): row for row in consolidation(oracles.claims_from(found), f"N{parent}")}
    for exact in oracles.completions(found, rng, 5):
        controlled = {whom for who, whom in oracles.controls(n, exact) if who == parent}
        net = oracles.met(n, exact, parent)
        for node in set(range(n)) - {parent}:
            votes = sum(exact.get((one, node), 0) for one in {parent, *controlled}) / 100
            method = "full" if node in controlled else "equity" if votes >= 0.2 else None
            row = rows.get(node)
            assert (row.method if row else None) in {method, "undecided"}
            if row:
                assert row.votes.low - NEAR <= votes <= row.votes.high + NEAR
                assert row.effective.low - NEAR <= net[node] <= row.effective.high + NEAR


def test_a_member_has_the_claims_of_its_chains():
    said = {
        "PA": holds("P", "A", 70),
        "AB": holds("A", "B", 30),
        "PB": holds("P", "B", 25),
        "XB": holds("X", "B", 45),
        "AC": holds("A", "C", 10),
    }
    rows = {row.company.name: row for row in consolidation(said.values(), "P")}
    assert set(rows) == {"A", "B"}
    assert set(rows["A"].claims) == {said["PA"]}
    assert set(rows["B"].claims) == {said["PA"], said["AB"], said["PB"]}


def test_votes_decide_and_capital_tells_the_interest():
    said = [
        holds("P", "A", 10, percent_of="capital"),
        holds("P", "A", 60, percent_of="votes"),
        holds("P", "B", 90, percent_of="capital"),
        holds("P", "B", 10, percent_of="votes"),
    ]
    [row] = consolidation(said, "P")
    assert (row.company.name, row.method) == ("A", "full")
    assert (row.effective.low, row.votes.low) == near((0.1, 0.6))


def test_a_group_at_another_date_and_an_unknown_parent():
    said = [holds("P", "A", 70, known="2024-01"), holds("P", "B", 70, known="2025-01")]
    assert [row.company.name for row in consolidation(said, "P", as_of=AsOf(known="2024"))] == ["A"]
    with pytest.raises(UnknownEntity):
        consolidation(said, "B", as_of=AsOf(known="2024"))
    with pytest.raises(InvalidRecord):
        consolidation(said, "P", threshold=50)


# ---------------------------------------------------------------- close links
def linked(result, *, third=False):
    return {
        (number(row.one), number(row.other), *([number(row.third)] if row.third else [])): row
        for row in result
        if (row.third is not None) is third
    }


@given(oracles.shares(most=5))
@settings(max_examples=60)
def test_close_links_are_simple_chains_of_a_fifth_or_more_and_thirds_that_have_so_much_of_both(drawn):
    n, found = drawn
    net = nx.DiGraph()
    net.add_nodes_from(range(n))
    net.add_edges_from(found)
    simple = {
        (i, j): sum(np.prod([found[edge] / 100 for edge in path]) for path in nx.all_simple_edge_paths(net, i, j))
        for i in range(n)
        for j in range(n)
        if i != j
    }
    expected = {pair for pair, share in simple.items() if share >= 0.2 - 1e-9}
    result = close_links(oracles.claims_from(found))
    direct = linked(result)
    assert set(direct) == expected
    for pair, row in direct.items():
        assert row.share.low == near(min(simple[pair], 1.0))
    assert {row.answer for row in result} <= {TriState.TRUE}
    thirds = {(a, b, z) for z in range(n) for a in range(n) for b in range(a + 1, n) if {(z, a), (z, b)} <= expected}
    assert set(linked(result, third=True)) == thirds


@given(oracles.shares(most=5))
@settings(max_examples=60)
def test_by_net_shares_close_links_are_those_of_a_walk(drawn):
    n, found = drawn
    met = np.array([oracles.met(n, found, i) for i in range(n)])
    expected = {(i, j) for i in range(n) for j in range(n) if i != j and met[i, j] >= 0.2 - 1e-9}
    assert set(linked(close_links(oracles.claims_from(found), measure="net"))) == expected


@given(oracles.ranges(most=4), oracles.st.sampled_from(["simple", "net"]), oracles.st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_close_links_of_any_completion_are_listed_and_sure_ones_are_in_all(drawn, measure, rng):
    _, found = drawn
    result = close_links(oracles.claims_from(found), measure=measure)
    answers = {(row.one.name, row.other.name, row.third.name if row.third else None): row.answer for row in result}
    for exact in oracles.completions(found, rng, 4):
        got = close_links(oracles.claims_from(exact), measure=measure)
        now = {(row.one.name, row.other.name, row.third.name if row.third else None) for row in got}
        assert now <= set(answers)
        assert {key for key, answer in answers.items() if answer is TriState.TRUE} <= now


def test_a_fifth_is_enough_on_every_side():
    """On Guideline (EU) 2015/510, article 138(2): a third with a fifth of both links them, with 19 % it does not."""
    said = oracles.register(("Z", "X", 20), ("Z", "Y", 40), ("Y", "W", 50), ("Z", "V", 19))
    result = close_links(said)
    assert {(row.one.name, row.other.name) for row in result if row.third is None} == {
        *[("Z", "X"), ("Z", "Y")],
        *[("Y", "W"), ("Z", "W")],
    }
    assert {(row.one.name, row.other.name) for row in result if row.third} == {("X", "Y"), ("W", "X"), ("W", "Y")}
    assert {(row.one.name, row.third.name) for row in close_links(said, "X") if row.third} == {("X", "Z"), ("W", "Z")}


def test_links_name_the_claims_of_their_chains():
    said = {"ZX": holds("Z", "X", 30), "ZA": holds("Z", "A", 50), "AY": holds("A", "Y", 60), "BY": holds("B", "Y", 10)}
    rows = {(row.one.name, row.other.name, bool(row.third)): row for row in close_links(said.values())}
    assert set(rows["Z", "Y", False].claims) == {said["ZA"], said["AY"]}
    assert set(rows["X", "Y", True].claims) == {said["ZX"], said["ZA"], said["AY"]}


def test_too_many_links_are_counted_and_not_listed():
    said = oracles.register(*(("Z", f"X{n}", 50) for n in range(20)))
    result = close_links(said, limit=50)
    assert len(result) == 50
    assert result.notes[-1].startswith(f"{20 + 190 - 50} more links")
    assert len(close_links(said)) == 210


def test_measures_and_thresholds_are_checked():
    said = oracles.register(("Z", "X", 30))
    with pytest.raises(InvalidRecord, match="simple, net"):
        close_links(said, measure="gross")
    for wrong in (0, 20, float("nan")):
        with pytest.raises(InvalidRecord, match=r"0\.2 for 20 %"):
            close_links(said, threshold=wrong)
    with pytest.raises(UnknownEntity):
        close_links(said, "Nowhere")


@given(oracles.ranges(most=4), oracles.st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_the_order_of_claims_does_not_matter(drawn, rng):
    said = oracles.claims_from(drawn[1])
    mixed = list(said)
    rng.shuffle(mixed)
    for row, other in zip(close_links(said), close_links(mixed), strict=True):
        assert row == other
    if said:
        assert consolidation(said, said[0].subject.name) == consolidation(mixed, said[0].subject.name)


def test_an_associate_by_votes_alone_is_one():
    said = [holds("P", "X", 30, percent_of="votes"), holds("Q", "X", 100, percent_of="capital")]
    [row] = consolidation(said, "P")
    assert (row.company.name, row.method, row.effective.high) == ("X", "equity", 0.0)


@pytest.mark.slow
def test_where_all_may_hold_all_of_each_other_close_links_are_open_and_soon_told():
    names = [f"N{at}" for at in range(20)]
    said = [oracles.say(one, "invests-in", other) for one in names for other in names if one != other]
    found = close_links(said, "N0", limit=50)
    assert {row.answer for row in found} == {TriState.UNDECIDED}
