"""What stops a store in the middle: it says so in one line, and nothing goes on with an index out of step."""

import contextlib
import os
import re
import subprocess
import sys

import pyoxigraph as ox
import pytest

from kg.errors import NotAStore, StoreError
from kg.store import index, open_store
from kg.store.sparql import Solutions, damaged

NOBODY = 65534


@pytest.mark.parametrize("error", [SyntaxError("a\nb"), ValueError("x"), RuntimeError("y"), KeyboardInterrupt()])
def test_whatever_stops_the_index_stops_the_writer(tmp_path, readings, monkeypatch, error):
    store = open_store(tmp_path / "s", write=True)
    store.commit(readings[:1])

    def fail(*_):
        raise error

    with monkeypatch.context() as broken:
        broken.setattr(index.Index, "_write", fail)
        with pytest.raises((StoreError, KeyboardInterrupt)) as caught:
            store.commit(readings[1:])
        assert "\n" not in str(caught.value)
    # A commit that went on would bring the index to a state that lacks the one before.
    with pytest.raises(StoreError, match="open the store again"):
        store.forget("deal.txt")
    store.close()
    with open_store(tmp_path / "s", write=True) as again:
        assert len(list(again.claims())) == 11
        assert again.notes == ("the index was behind the journal and has caught up",)
        again.forget("deal.txt")


def test_a_closed_store_says_so(tmp_path, readings):
    store = open_store(tmp_path / "s", write=True)
    store.commit(readings)
    store.close()
    for ask in (
        lambda: list(store.documents()),
        lambda: list(store.claims()),
        lambda: list(store.entities()),
        lambda: list(store.quads()),
        lambda: store.query("ASK { ?s ?p ?o }"),
        lambda: store.commit(readings),
        lambda: store.forget("deal.txt"),
        store.dataset,
    ):
        with pytest.raises(StoreError, match="the store is closed"):
            ask()


def test_it_opens_again_in_the_same_process_after_changes(tmp_path, readings):
    for _ in range(3):
        with open_store(tmp_path / "s", write=True) as store:
            store.commit(readings)
            store.forget("deal.txt")
            assert store.notes == ()


def test_what_a_crash_left_of_a_journal_that_was_to_begin_is_no_other_thing(tmp_path):
    (tmp_path / "journal.jsonl.4711.part").write_text("half")
    with open_store(tmp_path, write=True) as store:
        assert list(store.claims()) == []
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "part").touch()
    with pytest.raises(NotAStore):
        open_store(tmp_path / "other", write=True)


def test_what_a_crash_left_of_an_index_that_was_made_again_goes(folder):
    (folder / "index-crashed").mkdir()
    (folder / "index" / "CURRENT").unlink()
    with open_store(folder) as store:
        assert len(list(store.claims())) == 11
    assert sorted(path.name for path in folder.iterdir()) == [
        "index",
        "index.sums",
        "journal.checkpoint",
        "journal.jsonl",
    ]


def test_an_index_that_cannot_be_made_leaves_nothing_behind(folder, monkeypatch):
    (folder / "index" / "CURRENT").unlink()
    monkeypatch.setattr(index.Index, "rebuild", lambda *_: (_ for _ in ()).throw(StoreError("no")))
    with pytest.raises(StoreError, match="no"):
        open_store(folder)
    assert not list(folder.glob("index-*"))


# ---------------------------------------------------------------------------------- rights
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
@pytest.mark.parametrize(
    ("write", "damaged", "said"),
    [
        (False, False, "11 claims"),
        (True, False, "StoreFull: .* cannot be written: Permission denied"),
        (False, True, "StoreFull: .* cannot be written: Permission denied"),
    ],
    ids=["reader", "writer", "reader that must mend"],
)
def test_who_may_not_write_reads_or_is_told_in_one_line(folder, write, damaged, said):
    if damaged:
        (folder / "index" / "CURRENT").unlink()
    code = (
        "import os, sys; from kg.errors import KgError; from kg.store import open_store; import _strptime\n"
        "open_store(None).close()  # loads what nobody may not read\n"
        f"os.setuid({NOBODY})\n"
        "try:\n"
        "    with open_store(sys.argv[1], write=sys.argv[2] == 'True') as s: print(len(list(s.claims())), 'claims')\n"
        "except KgError as error: print(f'{type(error).__name__}: {error}')\n"
    )
    with contextlib.ExitStack() as rights:
        for parent in [folder, *folder.parents]:
            mode = parent.stat().st_mode & 0o777
            rights.callback(parent.chmod, mode)
            parent.chmod(mode | 0o055)
        done = subprocess.run(
            [sys.executable, "-c", code, folder, str(write)], capture_output=True, text=True, check=False
        )
    lines = done.stdout.splitlines()
    assert len(lines) == 1, done.stderr
    assert re.match(said, lines[0])


# ---------------------------------------------------------------------------------- damage found while reading
class Corrupt:
    """Says one thing, then what RocksDB says of a block whose checksum does not hold."""

    def quads_for_pattern(self, *_):
        yield ox.Quad(ox.NamedNode("http://a"), ox.NamedNode("http://b"), ox.Literal("c"))
        raise RuntimeError("Corruption: block checksum mismatch:\nstored = 1")

    def __next__(self):
        raise OSError("IO error: cannot read")


def test_damage_that_shows_only_while_reading_is_one_line(readings):
    store = open_store(None, write=True)
    store.commit(readings)
    store.index._store = Corrupt()
    for ask in (store.quads, store.documents, store.entities, lambda: Solutions(Corrupt(), damaged)):
        with pytest.raises(StoreError, match="delete the store's folder 'index'") as caught:
            list(ask())
        assert "\n" not in str(caught.value)
