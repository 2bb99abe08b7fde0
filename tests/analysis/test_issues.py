"""What does not add up is named with the claims that cause it."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from kg.analysis.ownership.control import control
from kg.analysis.ownership.issues import issues
from kg.analysis.ownership.shares import owners
from kg.facts import AsOf
from kg.model import Modality


def _sibling(name):
    spec = spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


oracles = _sibling("oracles")
holds, say, register = oracles.holds, oracles.say, oracles.register


def kinds(claims):
    return [(row.kind, row.company.name) for row in issues(claims)]


def test_what_adds_up_has_no_issues():
    assert kinds(register(("A", "X", 60), ("B", "X", 40), ("X", "Y", 100))) == []
    assert kinds([holds("A", "X"), holds("B", "X")]) == []
    assert kinds([]) == []


def test_shares_above_the_whole_are_named_with_the_claims_that_cause_it():
    said = [holds("A", "X", 70), holds("B", "X", 50), holds("C", "X"), holds("A", "Y", 100)]
    [row] = issues(said)
    assert (row.kind, row.company.name, row.sum) == ("over the whole", "X", pytest.approx(1.2))
    assert set(said[:2]) <= set(row.claims) <= set(said[:3])
    lines = list(row.cells())
    assert [line["claims"] for line in lines] == [(claim,) for claim in row.claims]
    assert all(line["percent_in_all"] == pytest.approx(120) for line in lines)


def test_one_document_above_the_whole_is_named_too():
    said = register(("A", "X", 70), ("B", "X", 50))
    [row] = issues(said)
    assert (row.kind, set(row.claims)) == ("over the whole", set(said))
    assert any("more than 100 %" in note for note in owners(said, "X").notes)
    assert {(row.controller.name, row.company.name) for row in control(said)} == {("A", "X")}


def test_votes_above_the_whole_are_told_from_capital():
    said = [
        *(holds(name, "X", 60, percent_of="votes") for name in "AB"),
        *(holds(name, "X", 20, percent_of="capital") for name in "AB"),
    ]
    assert [(row.kind, row.basis) for row in issues(said)] == [("over the whole", "votes")]
    said = [holds(name, "X", 60) for name in "AB"]
    assert [(row.kind, row.basis) for row in issues(said)] == [("over the whole", "capital")]


def test_sources_at_odds_are_named():
    said = [holds("A", "X", 30), say("A", "invests-in", "X", percent=40)]
    [row] = issues(said)
    assert (row.kind, set(row.claims)) == ("at odds", set(said))
    denied = [holds("A", "X", 40), holds("A", "X", as_=Modality.DENIED)]
    [row] = issues(denied)
    assert (row.kind, set(row.claims)) == ("at odds", set(denied))


def test_own_shares_are_named_and_count_for_nobody():
    """As in Van Gelder 1993: 40 % beside 20 % that a company holds of itself is no control."""
    said = register(("A", "X", 40), ("X", "X", 20))
    [row] = issues(said)
    assert (row.kind, row.company.name, row.claims) == ("own shares", "X", (said[1],))
    assert not control(said)
    [owner] = owners(said, "X")
    assert (owner.holder.name, owner.net.low) == ("A", pytest.approx(0.4))


def test_a_ring_that_leaves_nobody_behind_it_is_named():
    ring = register(("A", "B", 100), ("B", "C", 100), ("C", "A", 100), ("C", "D", 50))
    [row] = issues(ring)
    assert (row.kind, row.company.name, set(row.claims)) == ("closed ring", "A", set(ring[:3]))
    assert kinds(register(("A", "B", 100), ("B", "A", "99.9"))) == []


def test_issues_are_those_of_the_date():
    said = [holds("A", "X", 70, known="2024-01"), holds("B", "X", 50, known="2025-01")]
    assert not issues(said, as_of=AsOf(known="2024-06"))
    assert len(issues(said, as_of=AsOf(known="2025-06"))) == 1


def test_the_order_of_claims_does_not_matter():
    said = [
        *(holds("A", "X", 70), holds("B", "X", 50), say("A", "invests-in", "X", percent=40)),
        *register(("A", "B", 100), ("B", "A", 100), ("X", "X", 5)),
    ]
    assert issues(said) == issues(reversed(said))
    assert [row.claims for row in issues(said)] == [row.claims for row in issues(reversed(said))]


def test_the_shipped_examples_answer(examples):
    for row in issues(examples):
        assert row.claims
        assert set(row.claims) <= set(examples)


def test_two_who_both_bought_a_company_are_named_with_their_claims():
    said = [say("A", "acquires", "X"), say("B", "acquires", "X")]
    [issue] = [row for row in issues(said) if row.kind == "several controllers"]
    assert issue.company.name == "X"
    assert set(issue.claims) == set(said)


def test_two_sources_on_one_share_that_exclude_each_other_are_at_odds():
    said = [say("A", "holds-stake", "X", percent=60), say("A", "holds-stake", "X", percent=40)]
    [issue] = issues(said)
    assert (issue.kind, issue.company.name, set(issue.claims)) == ("at odds", "X", set(said))
