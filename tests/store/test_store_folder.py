"""Opening: what is a store, who may have it, and how its index comes back."""

import contextlib
from types import SimpleNamespace

import pytest

import kg.store.store_folder
from kg.errors import JournalDamaged, NotAStore, StoreError, StoreInUse
from kg.store import DocumentClaims, open_store


@contextlib.contextmanager
def other_process(start, code, *arguments):
    """Another process, which has said that it is ready, and ends with the block."""
    with start(code, *arguments) as process:
        assert process.stdout.readline() == "ready\n"
        yield process
        process.stdin.close()


HOLD = """
with open_store(sys.argv[1], write=sys.argv[2] == "write") as store:
    print("ready", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(kg.store.store_folder, "_PATIENCE", 0.1)


# ---------------------------------------------------------------------------- what is a store
def test_a_store_that_is_not_there_says_how_to_make_one(tmp_path):
    with pytest.raises(StoreError, match=r"there is no store at .*: make one with 'kg build"):
        open_store(tmp_path / "none")
    assert not (tmp_path / "none").exists()
    with pytest.raises(StoreError, match="there is no store"):
        open_store(tmp_path / "none", write=True, create=False)
    with open_store(tmp_path / "none", create=True) as store:
        assert list(store.claims()) == []


@pytest.mark.parametrize("write", [False, True])
def test_a_folder_of_something_else_is_left_alone(tmp_path, write):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(NotAStore, match="holds other things"):
        open_store(tmp_path, write=write)
    with pytest.raises(NotAStore, match="is no folder"):
        open_store(tmp_path / "notes.txt", write=write)
    (tmp_path / "journal.jsonl").write_text('{"my": "journal"}\n')
    with pytest.raises(NotAStore):
        open_store(tmp_path, write=write)
    assert {p.name for p in tmp_path.iterdir()} == {"notes.txt", "journal.jsonl"}
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_a_store_of_rocksdb_that_is_not_ours_is_left_alone(tmp_path):
    import pyoxigraph as ox

    ox.Store(str(tmp_path / "theirs")).flush()
    before = {p.name for p in (tmp_path / "theirs").iterdir()}
    with pytest.raises(NotAStore):
        open_store(tmp_path / "theirs", write=True)
    assert {p.name for p in (tmp_path / "theirs").iterdir()} == before


def test_an_empty_folder_becomes_a_store(tmp_path):
    with open_store(tmp_path, write=True):
        assert {p.name for p in tmp_path.iterdir()} == {"journal.jsonl", "journal.checkpoint", "index"}


def test_damage_of_the_journal_stops_everything(folder):
    journal = folder / "journal.jsonl"
    content = bytearray(journal.read_bytes())
    content[len(content) // 2] ^= 1
    journal.write_bytes(content)
    for write in (False, True):
        with pytest.raises(JournalDamaged, match="line 2"):
            open_store(folder, write=write)
    assert journal.read_bytes() == content


# ---------------------------------------------------------------------------- who may have it
def test_many_read_at_once(folder, state, start):
    with open_store(folder) as first, open_store(folder) as second, other_process(start, HOLD, folder, "read"):
        assert state(first) == state(second)
        assert len(list(first.claims())) == 11


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(("held", "wanted"), [("write", "write"), ("write", "read"), ("read", "write")])
def test_a_writer_is_alone(folder, held, wanted, start):
    with other_process(start, HOLD, folder, held), pytest.raises(StoreInUse, match="is in use") as caught:
        open_store(folder, write=wanted == "write")
    assert "\n" not in str(caught.value)
    with open_store(folder, write=True) as store:
        assert len(list(store.claims())) == 11


@pytest.mark.usefixtures("impatient")
def test_a_writer_is_alone_in_its_own_process_too(folder):
    with open_store(folder, write=True), pytest.raises(StoreInUse):
        open_store(folder)


def test_one_who_opens_waits_a_moment_for_one_who_mends(folder, start):
    with start(HOLD, folder, "write") as process:
        assert process.stdout.readline() == "ready\n"
        process.stdin.close()
        with open_store(folder) as store:
            assert len(list(store.claims())) == 11


def test_an_answer_kept_after_closing_is_named_as_what_is_in_the_way(folder):
    store = open_store(folder, write=True)
    answer = store.query("SELECT * { ?s ?p ?o }")
    store.close()
    with pytest.raises(StoreInUse, match="let go of answers"):
        open_store(folder, write=True)
    del answer
    open_store(folder, write=True).close()


def test_one_who_reads_cannot_write(folder, readings, state):
    with open_store(folder) as store:
        before = state(store)
        with pytest.raises(StoreError, match="write=True"):
            store.forget("deal.txt")
        with pytest.raises(StoreError, match="write=True"):
            store.commit([DocumentClaims(r.document, ()) for r in readings])
        assert state(store) == before


def test_closing_twice_is_closing_once(folder):
    store = open_store(folder, write=True)
    store.close()
    store.close()
    open_store(folder, write=True).close()


def test_windows_is_refused_in_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(kg.store.store_folder, "sys", SimpleNamespace(platform="win32"))
    with pytest.raises(StoreError, match="on Windows, run kg in WSL") as caught:
        open_store(tmp_path / "s", write=True)
    assert "\n" not in str(caught.value)
