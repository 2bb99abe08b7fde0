"""Rounds of watching: each tells what is new since the one before, once, whatever happened in between."""

import json
import os
import shutil
from dataclasses import replace
from decimal import Decimal

import pytest

from kg.documents import SkippedSource
from kg.errors import StoreError, StoreInUse, UnknownEntity
from kg.model import Modality
from kg.pipeline import build
from kg.store import open_store
from kg.watch import watcher as watcher_module
from kg.watch.changes import fingerprint
from kg.watch.config import Interest, NewsKind, WatchedPath
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


def test_an_end_is_told_once_though_the_clock_goes_back(desk):
    desk.look()
    desk.commit(SUPPLY)
    desk.look()
    told = []
    for desk.day in ("2026-05-21", "2026-05-19", "2026-05-21"):
        told.append(desk.look())
    assert told == [{"Bolt": {"ended": 1}}, {}, {}]


def test_a_store_that_is_lost_is_a_note_and_what_it_had_is_not_told_again(desk):
    desk.look()
    desk.commit(SIX)
    desk.look()
    shutil.rmtree(desk.store)
    assert desk.look() == {}
    assert "is not the one that was there: all sources are read again" in desk.reports[-1].notes[0]
    desk.commit(SIX, SUPPLY)
    assert desk.look() == {"Bolt": {"new": 1}}
    assert lines(desk) == [("new", "six"), ("new", "supply")]


def test_another_store_gets_all_sources(desk, tmp_path):
    news = tmp_path / "news"
    news.mkdir()
    (news / "a.txt").write_text("News\n\nMay 4, 2026\n\nNvidia owns 6% of CoreWeave.\n")
    desk.config = replace(desk.config, paths=(WatchedPath(news),))
    desk.look()
    assert desk.look() == {}
    first = desk.watcher()
    first.store_path = str(tmp_path / "other")
    report = first.round()
    assert [built.read for built in report.builds] == [1]
    assert "other is not the one that was there" in report.notes[0]


def test_a_name_that_leads_to_another_company_withdraws_nothing(desk):
    desk.look()
    desk.commit(SIX)
    desk.look()
    other = replace(BOLT, id="company/bolt-holding", name="Bolt Holding", aliases=("Bolt Holding",))
    desk.commit(source("holding", "Cameo competes with Bolt Holding.", (CAMEO, other), "competes-with"))
    # As where somebody gives the id of the other company under the same interest.
    interests = (Interest("Bolt", "company/bolt-holding"),)
    state = read_state(desk.digests)
    bolt = replace(state.interests["bolt"], asks=interests[0].asks)
    write_state(desk.digests, replace(state, interests={"bolt": bolt}))
    assert desk.look(interests=interests) == {"Bolt": {"new": 1}}
    [note] = desk.reports[-1].notes
    assert "is company/bolt-holding now, and was company/bolt" in note
    assert lines(desk) == [("new", "six"), ("new", "holding")]


def test_a_company_that_is_called_otherwise_withdraws_nothing(desk, monkeypatch):
    desk.look()
    desk.commit(SIX)
    desk.look()
    with monkeypatch.context() as patch:

        def unknown(*_):
            raise UnknownEntity("nothing in the graph is called 'Bolt'.")

        patch.setattr(watcher_module, "find_entity", unknown)
        desk.commit(source("rivals", "Acme competes with Cameo.", (ACME, CAMEO), "competes-with"))
        assert desk.look() == {}
    desk.commit(SUPPLY)
    assert desk.look() == {"Bolt": {"new": 1}}
    assert lines(desk) == [("new", "six"), ("new", "supply")]


def test_a_document_that_breaks_its_reader_is_tried_three_times_until_it_changes(desk, tmp_path, monkeypatch):
    news = tmp_path / "news"
    news.mkdir()
    (news / "a.txt").write_text("News\n\nMay 4, 2026\n\nNvidia owns 6% of CoreWeave.\n")
    desk.config = replace(desk.config, paths=(WatchedPath(news),))
    builds = []

    def broken(*arguments):
        report = build(*arguments)
        builds.append(replace(report, failed=[SkippedSource("a.txt", "broke down")]))
        return builds[-1]

    monkeypatch.setattr(watcher_module, "build", broken)
    for _ in range(5):
        desk.look()
    assert len(builds) == 3
    (news / "a.txt").write_text("News\n\nMay 4, 2026\n\nNvidia owns 9% of CoreWeave.\n")
    for _ in range(5):
        desk.look()
    assert len(builds) == 6


def test_that_copies_cannot_be_told_apart_is_said_once(desk, monkeypatch):
    monkeypatch.setattr(watcher_module, "near_duplicates_of", lambda _: None)
    desk.look()
    watcher = desk.watcher()
    notes = []
    for reading in (SIX, source("also", "Bolt is 6% Acme's.", percent=Decimal(6), percent_of="capital")):
        desk.commit(reading)
        notes.append(watcher.round().notes)
    assert [len(each) for each in notes] == [1, 0]
    assert "nothing is called confirmed or a copy" in notes[0][0]


def test_two_that_watch_into_one_folder_leave_each_others_sources_alone(desk, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(f"News {name}\n\nMay 4, 2026\n\nNvidia owns 6% of CoreWeave.\n")
    reads = []
    for name in ("one", "two", "one", "two"):
        desk.look(paths=(WatchedPath(tmp_path / name),))
        reads.append(len(desk.reports[-1].builds))
    assert reads == [1, 1, 0, 0]


def test_a_file_that_is_written_over_under_its_old_time_has_changed(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("6%")
    before, times = fingerprint(tmp_path), path.stat()
    path.write_text("9%")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert fingerprint(tmp_path) != before


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
    assert desk.reports[-1].notes == [
        "interest 'Bolt': 120 lines are new, and no form has more than the first 50: raise keep"
    ]
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
    assert desk.reports[-1].notes == ["interest 'Bolts': nothing in the graph is called 'Bolts'. Did you mean 'Bolt'?"]


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
    [note] = desk.reports[-1].notes
    assert "may be any of company/bolt, programme/bolt: give one of these ids" in note
    assert lines(desk) == [("new", "six")]
    desk.forget("namesake")
    assert desk.look(interests=interests) == {"Bolt": {"contradicted": 1}}
