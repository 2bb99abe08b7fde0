"""The index comes back from the journal, whatever happened to it."""

import gc
import os
import shutil
from dataclasses import replace

import pytest

from kg.errors import StoreError, StoreFull
from kg.store import DocumentClaims, index, open_store


# ---------------------------------------------------------------------------- the index
def flip(file):
    content = bytearray(file.read_bytes())
    for place in range(len(content) // 4, len(content), max(1, len(content) // 8)):
        content[place] ^= 0xFF
    file.write_bytes(content)


def flipped(kind):
    def damage(folder):
        files = sorted((folder / "index").glob(kind), key=lambda file: file.stat().st_size)
        assert files, f"no {kind} to damage"
        for file in files:
            flip(file)

    return damage


def behind(folder):
    """Put an index in place that has not seen the last commit."""
    shutil.copytree(folder / "index", folder.parent / "early")
    with open_store(folder, write=True, clock=lambda: "2025-05-01T00:00:00Z") as store:
        store.forget("deal.txt")
    shutil.rmtree(folder / "index")
    (folder.parent / "early").rename(folder / "index")
    # The checksums are the later one's, and would have the index made again.
    (folder / "index.sums").unlink()


def ahead(folder):
    """Take the last commit out of the journal."""
    with open_store(folder, write=True, clock=lambda: "2025-05-01T00:00:00Z") as store:
        store.forget("deal.txt")
    lines = (folder / "journal.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "journal.jsonl").write_bytes(b"".join(lines[:-1]))


def another(folder):
    """Give the store the index of another one, of as many commits."""
    other = folder.parent / "another"
    with open_store(folder) as store, open_store(other, write=True) as opened:
        opened.commit([DocumentClaims(document, ()) for document in store.documents()])
    shutil.rmtree(folder / "index")
    shutil.copytree(other / "index", folder / "index")


def poorer(folder):
    """Take a quad out of the index behind its back."""
    import pyoxigraph as ox

    store = ox.Store(str(folder / "index"))
    store.remove(next(iter(store)))
    store.flush()


DAMAGES = {
    "gone": lambda folder: shutil.rmtree(folder / "index"),
    "empty": lambda folder: [file.unlink() for file in (folder / "index").iterdir()],
    "tables flipped": flipped("*.sst"),
    "manifest flipped": flipped("MANIFEST*"),
    "current flipped": flipped("CURRENT"),
    "tables gone": lambda folder: [file.unlink() for file in (folder / "index").glob("*.sst")],
    "poorer": poorer,
    "behind": behind,
    "ahead": ahead,
    "another's": another,
}


@pytest.mark.slow
@pytest.mark.parametrize("write", [False, True], ids=["reader", "writer"])
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_the_index_comes_back_from_the_journal(folder, damage, write, state, tmp_path):
    damage(folder)
    (tmp_path / "fresh").mkdir()
    shutil.copy(folder / "journal.jsonl", tmp_path / "fresh")
    with open_store(tmp_path / "fresh") as fresh:
        expected = state(fresh)
    with open_store(folder, write=write) as store:
        assert state(store) == expected
    with open_store(folder, write=write) as again:
        assert again.notes == (), "mended once, it is whole"
        assert state(again) == expected
    assert {p.name for p in folder.iterdir()} == {"journal.jsonl", "journal.checkpoint", "index", "index.sums"}


def test_a_mend_is_told(folder):
    behind(folder)
    with open_store(folder) as store:
        assert store.notes == ("the index was behind the journal and has caught up",)
    poorer(folder)
    with open_store(folder) as store:
        assert "made again" in store.notes[0]


def test_an_index_of_another_schema_is_made_again(folder, monkeypatch, state):
    with open_store(folder) as store:
        before = state(store)
    monkeypatch.setattr(index, "schema_version", lambda: "newer")
    with open_store(folder) as store:
        assert "made again" in store.notes[0]
        assert state(store) == before
    with open_store(folder) as store:
        assert store.notes == ()


def test_readers_that_find_it_damaged_at_once_all_read_in_the_end(folder, start):
    shutil.rmtree(folder / "index")
    code = "with open_store(sys.argv[1]) as store: print(sum(1 for _ in store.claims()))"
    processes = [start(code, folder) for _ in range(3)]
    assert [process.communicate(timeout=600)[0] for process in processes] == ["11\n"] * 3


def test_a_large_commit_is_written_in_parts_and_whole_in_the_end(tmp_path, readings, monkeypatch, state):
    monkeypatch.setattr(index, "BATCH", 1)
    clock = lambda: "2025-04-01T08:00:00Z"  # noqa: E731
    with open_store(tmp_path / "parts", write=True, clock=clock) as parts, open_store(None, clock=clock) as whole:
        assert parts.commit(readings) == whole.commit(readings)
        assert state(parts) == state(whole)
    with open_store(tmp_path / "parts") as again:
        assert again.notes == ()


class Merged:
    """A store of quads that writes down when its tables are merged."""

    def __init__(self, store, merged):
        self._store, self._merged = store, merged

    def __getattr__(self, name):
        return getattr(self._store, name)

    def optimize(self):
        self._merged.append("merged")
        self._store.optimize()


@pytest.mark.parametrize(("most", "part", "times"), [(1, 4, 1), (1_000_000, 4, 0)])
def test_tables_are_merged_at_the_end_of_a_large_change(tmp_path, readings, monkeypatch, most, part, times):
    monkeypatch.setattr(index, "_UNMERGED", most)
    monkeypatch.setattr(index, "_PART", part)
    merged = []
    with open_store(tmp_path / "s", write=True) as store:
        store.index._store = Merged(store.index.store, merged)
        store.commit(readings)
        before = set(store.quads())
    assert len(merged) == times
    # A small part of it all is left to the engine.
    with open_store(tmp_path / "s", write=True) as store:
        assert set(store.quads()) == before
        monkeypatch.setattr(index, "_PART", 1)
        store.index._store = Merged(store.index.store, merged)
        store.commit([replace(readings[0], reader="another")])
    assert len(merged) == times


def test_an_index_that_cannot_follow_stops_the_writer_and_catches_up_later(tmp_path, readings, monkeypatch):
    store = open_store(tmp_path / "s", write=True)
    store.commit(readings[:1])

    def fail(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(index.Index, "_write", fail)
        with pytest.raises(StoreError, match="safe in the journal"):
            store.commit(readings[1:])
    with pytest.raises(StoreError, match="open the store again"):
        store.forget("deal.txt")
    store.close()
    with open_store(tmp_path / "s") as again:
        assert len(list(again.claims())) == 11


# ---------------------------------------------------------------------------- faults
def test_a_full_disk_is_one_line_and_loses_nothing(tmp_path, start):
    code = """
    from kg.errors import KgError
    import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    store = open_store(sys.argv[1], write=True)
    store.commit([reading(1)])
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    try:
        store.commit([reading(n, claims=19) for n in range(2, 60)])
    except KgError as error:
        print(type(error).__name__, error)
    print(sum(1 for _ in store.claims()))
    """
    out = start(code, tmp_path / "s").communicate(timeout=600)[0].splitlines()
    assert out[0].startswith("StoreFull the disk of")
    assert out[1:] == ["5"]
    with open_store(tmp_path / "s", write=True) as store:
        assert len(list(store.claims())) == 5


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_rights_is_one_line(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(StoreFull, match="cannot be written"):
        open_store(tmp_path / "s", write=True)


class Dying:
    """A store of RDF whose process ends with its first transaction."""

    def __init__(self, real):
        self.real = real

    def __getattr__(self, name):
        return getattr(self.real, name)

    def update(self, request):
        self.real.update(request)
        raise OSError(5, "killed after one transaction")

    def extend(self, quads):
        self.real.extend(quads)
        raise OSError(5, "killed after one transaction")


def test_a_commit_reaches_the_index_whole_or_not_at_all(folder):
    store = open_store(folder, write=True)
    store.index._store = Dying(store.index.store)
    with pytest.raises(StoreError, match="safe in the journal"):
        store.forget("deal.txt")
    store.index._store = store.index.store.real
    store.close()
    gc.collect()
    with open_store(folder) as again:
        assert again.notes == (), "one transaction holds it all, the mark included"
        assert [document.id for document in again.documents()] == ["rivals.txt"]
