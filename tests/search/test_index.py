"""The index of texts follows from the journal: brought up to date, made again, shared, never in the way."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from kg.errors import MissingExtra
from kg.search import SearchRequest, search
from kg.store import DocumentClaims, Replica, open_store
from kg.store.text_index import TextIndex

from .conftest import READINGS, UNDATED


def total(store, words="contract"):
    return search(store, SearchRequest(words)).total


def searched(folder, words="contract"):
    with open_store(folder) as store:
        return total(store, words)


def states(folder):
    return sorted(path.name for path in (folder / "texts").iterdir())


@pytest.fixture
def made(monkeypatch):
    """How many documents each change of an index took in."""
    counts = []
    change = TextIndex.change

    def counting(self, gone, readings, *, many=False):
        readings = list(readings)
        counts.append(len(readings))
        change(self, gone, readings, many=many)

    monkeypatch.setattr(TextIndex, "change", counting)
    return counts


def test_a_reader_makes_it_and_the_next_one_finds_it(folder, made):
    assert searched(folder) == searched(folder) == 4
    assert made == [3]
    assert len(states(folder)) == 1


def test_only_what_changed_is_read_again(folder, made):
    searched(folder)
    with open_store(folder, write=True) as store:
        store.commit([DocumentClaims(replace(UNDATED, id="new.txt"), (), "test/1")])
        store.forget("memo.txt")
        store.commit([DocumentClaims(replace(UNDATED, id="newer.txt"), (), "test/1")])
    assert searched(folder) == 5
    assert made == [3, 2]
    assert len(states(folder)) == 1


def test_a_writer_finds_what_it_has_just_committed(folder):
    with open_store(folder, write=True) as store:
        for number in range(5):
            store.commit([DocumentClaims(replace(UNDATED, id=f"{number}.txt"), (), "test/1")])
            assert total(store) == 5 + number


def damage_file(folder, name):
    [state] = (folder / "texts").iterdir()
    for file in state.glob(name):
        content = bytearray(file.read_bytes())
        if not content:
            continue  # a lock
        content[len(content) // 2] ^= 0xFF
        # Whoever has it open keeps what it was.
        file.unlink()
        file.write_bytes(content)


def lose_file(folder, name):
    [state] = (folder / "texts").iterdir()
    for file in state.glob(name):
        file.unlink()


@pytest.mark.parametrize("harm", [damage_file, lose_file])
@pytest.mark.parametrize("name", ["*.term", "*.store", "*.idx", "meta.json", "sums.json", "*"])
def test_what_is_lost_or_damaged_is_made_again(folder, harm, name, made):
    searched(folder)
    harm(folder, name)
    assert searched(folder) == 4
    assert made == [3, 3]


def test_one_of_another_version_is_made_again(folder, monkeypatch):
    searched(folder)
    monkeypatch.setattr("kg.formats.TEXTS", "kg-texts/0")
    assert searched(folder) == 4
    monkeypatch.undo()
    [state] = (folder / "texts").iterdir()
    sums = json.loads((state / "sums.json").read_text())
    assert sums["of"].startswith("kg-texts/0")
    assert searched(folder) == 4


def test_where_no_folder_can_be_made_memory_serves(folder):
    (folder / "texts").write_text("in the way")
    assert searched(folder) == 4
    with open_store(folder, write=True) as store:
        assert total(store) == 4
        store.forget("memo.txt")
        assert total(store) == 3
    assert (folder / "texts").read_text() == "in the way"


def test_what_a_killed_process_left_is_no_hindrance(folder):
    searched(folder)
    (folder / "texts" / "1.2.part").mkdir()
    with open_store(folder, write=True) as store:
        store.forget("memo.txt")
        assert total(store) == 3
    assert searched(folder) == 3


OFTEN = """
import sys
from kg.search import SearchRequest, search
from kg.store import open_store
for _ in range(3):
    with open_store(sys.argv[1]) as store:
        print(search(store, SearchRequest("contract")).total)
"""


@pytest.mark.slow
def test_many_processes_at_once_do_not_harm_it(folder):
    command = [sys.executable, "-c", OFTEN, str(folder)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert [process.communicate()[0].split() for process in processes] == [["4"] * 3] * 3
    assert len(states(folder)) == 1
    assert searched(folder) == 4


def test_a_snapshot_has_the_index_of_its_commit_and_makes_none(folder, tmp_path, made):
    searched(folder)
    work = tmp_path / "work"
    work.mkdir()
    replica = Replica(folder, work)
    first = replica.snapshot()
    with open_store(folder, write=True) as store:
        store.forget("memo.txt")
    assert replica.follow()
    second = replica.snapshot()
    before = list(made)
    with first.open() as old, second.open() as new:
        assert (total(old), total(new)) == (4, 3)
    assert made == before
    first.discard()
    assert not list(work.glob("snapshot-1*"))
    replica.close()


def test_memory_follows_too(made):
    with open_store(None) as store:
        store.commit(READINGS)
        assert total(store) == 4
        store.commit([DocumentClaims(replace(UNDATED, id="new.txt"), (), "test/1")])
        assert total(store) == 5
    assert made == [3, 1]


def test_without_tantivy_one_line_says_what_to_install(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "tantivy", None)
    with open_store(folder) as store, pytest.raises(MissingExtra, match=r"pip install 'kg\[search\]'"):
        total(store)
