"""Rounds of watching: each tells what is new since the one before, once, whatever happened in between."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from kg.errors import StoreError, StoreInUse
from kg.model import Modality
from kg.store import open_store
from kg.watch import watcher as watcher_module
from kg.watch.config import Interest, NewsKind
from kg.watch.state import locked, read_state, write_state
from tests.watch.conftest import ACME, BOLT, CAMEO, hashed, source

SIX = source("six", "Acme owns 6% of Bolt.", percent=Decimal(6), percent_of="capital")
NINE = source("nine", "Acme owns 9% of Bolt.", percent=Decimal(9), percent_of="capital")
SUPPLY = source("supply", "Bolt supplies Cameo.", (BOLT, CAMEO), "supplies", end="2026-05-20")


def lines(desk, name="bolt"):
    path = desk.digests / f"{name}.jsonl"
    return [(line["kind"], line["citation"]["document"]) for line in map(json.loads, path.read_text().splitlines())]


def pages(desk):
    return {
        path.name: hashed(path) for path in desk.digests.iterdir() if path.suffix in {".atom", ".html", ".jsonl", ".md"}
    }


def test_a_round_tells_what_came_and_the_next_one_nothing(desk):
    assert desk.look() == {}
    desk.commit(SIX)
    assert desk.look() == {"Bolt": {"new": 1}}
    before = pages(desk)
    assert desk.look() == {}
    assert pages(desk) == before
    desk.commit(NINE)
    assert desk.look() == {"Bolt": {"contradicted": 1}}
    assert lines(desk) == [("new", "six"), ("contradicted", "nine")]


def test_what_the_store_had_before_is_not_told(desk):
    desk.commit(SIX)
    assert desk.look() == {}
    assert lines(desk) == []
    desk.commit(NINE)
    assert desk.look() == {"Bolt": {"contradicted": 1}}


def test_an_interest_that_is_added_begins_with_what_comes_then(desk):
    desk.look()
    desk.commit(SIX, SUPPLY)
    both = (Interest("Bolt", "Bolt"), Interest("Cameo", "Cameo"))
    assert desk.look(interests=both) == {"Bolt": {"new": 2}}
    desk.commit(source("late", "Acme competes with Cameo.", (ACME, CAMEO), "competes-with"))
    assert desk.look(interests=both) == {"Cameo": {"new": 1}}


def test_an_interest_that_asks_for_something_else_begins_anew(desk):
    desk.look()
    desk.commit(SIX)
    assert desk.look(interests=(Interest("Bolt", "Cameo"),)) == {}
    desk.commit(SUPPLY)
    assert desk.look(interests=(Interest("Bolt", "Cameo"),)) == {"Bolt": {"new": 1}}


def test_relations_and_kinds_choose(desk):
    interests = (
        Interest("Stakes", None, "holds-stake"),
        Interest("Bolt supplies", "Bolt", "supplies"),
        Interest("Quarrels", "Bolt", None, (NewsKind.CONTRADICTED,)),
    )
    desk.look(interests=interests)
    desk.commit(SIX, SUPPLY)
    assert desk.look(interests=interests) == {"Stakes": {"new": 1}, "Bolt supplies": {"new": 1}}
    desk.commit(NINE)
    assert desk.look(interests=interests) == {"Stakes": {"contradicted": 1}, "Quarrels": {"contradicted": 1}}


def test_a_document_that_is_forgotten_is_told_without_its_text(desk):
    desk.look()
    desk.commit(SIX)
    desk.look()
    desk.forget("six")
    assert desk.look() == {"Bolt": {"withdrawn": 1}}
    assert lines(desk)[-1] == ("withdrawn", "six")
    assert "Acme owns 6% of Bolt." in (desk.digests / "bolt.md").read_text()


def test_the_calendar_brings_news_too(desk):
    desk.look()
    desk.commit(SUPPLY)
    desk.look()
    desk.day = "2026-05-20"
    assert desk.look() == {}
    desk.day = "2026-05-21"
    assert desk.look() == {"Bolt": {"ended": 1}}
    assert desk.look() == {}


def test_a_clock_that_is_set_back_loses_nothing(desk):
    desk.look()
    desk.commit(SIX)
    desk.look()
    with open_store(desk.store, write=True, clock=lambda: "2020-01-01T00:00:00Z") as store:
        store.commit([NINE])
    assert desk.look() == {"Bolt": {"contradicted": 1}}


def test_a_round_that_is_killed_before_it_kept_what_it_told_tells_it_next_time(desk, monkeypatch):
    desk.look()
    desk.commit(SIX)

    def killed(*_):
        raise SystemExit(137)

    with monkeypatch.context() as patch:
        patch.setattr(watcher_module, "write_state", killed)
        with pytest.raises(SystemExit):
            desk.look()
    assert lines(desk) == []
    assert desk.look() == {"Bolt": {"new": 1}}
    assert lines(desk) == [("new", "six")]


@pytest.mark.parametrize("written", [0, 1, 3])
def test_a_round_that_is_killed_while_it_writes_pages_is_finished_by_the_next_one(desk, monkeypatch, written):
    desk.look()
    desk.commit(SIX)
    left = [written + 4]  # the first round of a process writes what is there already

    def killed(path, data):
        left[0] -= 1
        if left[0] < 0:
            raise SystemExit(137)
        return write_file(path, data)

    write_file = watcher_module.write_file
    with monkeypatch.context() as patch:
        patch.setattr(watcher_module, "write_file", killed)
        with pytest.raises(SystemExit):
            desk.look()
    assert desk.look() == {}
    assert lines(desk) == [("new", "six")]
    assert all("Acme owns 6% of Bolt" in (desk.digests / f"bolt.{end}").read_text() for end in ("atom", "html", "md"))


def test_a_page_that_somebody_deleted_comes_back(desk):
    desk.look()
    desk.commit(SIX)
    desk.look()
    before = pages(desk)
    for name in before:
        (desk.digests / name).unlink()
    desk.look()
    assert pages(desk) == before


def test_digests_are_bounded_and_say_how_much_more_there_is(desk):
    desk.look()
    names = [f"R{at:03}" for at in range(120)]
    others = [replace(CAMEO, id=f"company/{name}", name=name) for name in names]
    rivals = [source(each.name, f"Bolt competes with {each.name}.", (BOLT, each), "competes-with") for each in others]
    desk.commit(*rivals)
    assert desk.look(lines=10, keep=50) == {"Bolt": {"new": 120}}
    page = (desk.digests / "bolt.md").read_text()
    assert page.count("**new**") == 10
    assert "and 110 more" in page
    assert len(lines(desk)) == 50
    desk.commit(SIX)
    desk.look(lines=10, keep=50)
    assert len(lines(desk)) == 50
    assert (desk.digests / "bolt.md").read_text().count("**new**") == 1
    state = read_state(desk.digests)
    assert len(state.interests["bolt"].told) == 121


def test_a_company_that_the_graph_does_not_know_is_a_note(desk):
    desk.commit(SIX)
    interests = (Interest("Bolts", "Bolts"),)
    assert desk.look(interests=interests) == {}
    assert desk.reports[-1].unknown == [
        "interest 'Bolts': nothing in the graph is called 'Bolts'. Did you mean 'Bolt'?"
    ]


def test_two_at_once_end_in_one_line(desk):
    with locked(desk.digests), pytest.raises(StoreInUse, match="another kg watch works in"), locked(desk.digests):
        pass
    with locked(desk.digests):
        pass


def test_a_store_that_somebody_writes_to_is_left_for_later(desk, monkeypatch):
    monkeypatch.setattr("kg.store.store_folder._PATIENCE", 0)
    desk.look()
    desk.commit(SIX)
    with open_store(desk.store, write=True), pytest.raises(StoreInUse):
        desk.look()
    assert desk.look() == {"Bolt": {"new": 1}}


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": "kg-watch/1"}', '{"format": "kg-watch/9"}', "[" * 9000])
def test_a_state_that_is_none_is_one_line(desk, content):
    desk.look()
    (desk.digests / "watch-state.json").write_text(content)
    with pytest.raises(StoreError, match=r"watch-state\.json") as raised:
        desk.look()
    assert "\n" not in str(raised.value)


def test_a_state_is_read_as_it_was_written(desk):
    desk.look()
    desk.commit(SIX, source("denied", "Acme denied it.", as_=Modality.DENIED, day=None), SUPPLY)
    desk.look()
    state = read_state(desk.digests)
    assert [line.kind for line in state.interests["bolt"].digest] == ["contradicted", "new", "new"]
    write_state(desk.digests, state)
    assert read_state(desk.digests) == state


def test_an_idle_round_opens_no_store(desk, monkeypatch):
    desk.look()
    desk.commit(SIX)
    desk.look()
    monkeypatch.setattr(watcher_module, "open_store", None)
    assert desk.look() == {}


def test_a_name_that_may_be_any_of_several_is_a_note_and_costs_its_interest_alone(desk):
    desk.look()
    desk.commit(SIX)
    desk.look()
    other = replace(BOLT, id="programme/bolt", type="Programme")
    desk.commit(NINE, source("namesake", "Cameo takes part in Bolt.", (CAMEO, other), "participates-in"))
    interests = (Interest("Bolt", "Bolt"), Interest("Acme", "Acme"))
    desk.look(interests=interests)
    [note] = desk.reports[-1].unknown
    assert "may be any of company/bolt, programme/bolt: give one of these ids" in note
    assert lines(desk) == [("new", "six")]
    desk.forget("namesake")
    assert desk.look(interests=interests) == {"Bolt": {"contradicted": 1}}
