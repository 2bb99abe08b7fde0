"""The checkpoint: what stands as it was left is not read again, and nothing that was changed goes by."""

import contextlib
import json
import os
import shutil
import time

import pyoxigraph as ox
import pytest

from kg.errors import JournalDamaged, StoreError
from kg.judgements import Judgement, Verdict
from kg.store import Replica, check, checksums, index, journal_format, judge, open_store, verify
from kg.store.checkpoint import Checkpoint, stamp_of
from kg.store.checksums import Condition, condition
from kg.store.journal import FileJournal
from kg.store.journal_format import frame_line, line_start
from kg.store.replay import current

MADE_AGAIN = ("the index was damaged or of an older kg, and has been made again",)


def refuse(*_, **__):
    raise AssertionError("it is not to be asked")


def length(counted):
    return refuse() if isinstance(counted, ox.Store) else len(counted)


@contextlib.contextmanager
def unread():
    """Let no journal be walked through, and no index's quads be counted."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(FileJournal, "_walked", refuse)
        patched.setattr(index, "len", length, raising=False)
        yield


@pytest.fixture
def told(folder, sorted_reading):
    """The folder of a store with a judgement in its last commit."""
    with open_store(folder, write=True) as store:
        store.commit([sorted_reading])
        claim = sorted_reading.claims[0]
        text = sorted_reading.document.sha256
        judge(store, [Judgement(Verdict.WRONG, claim, text, "ada", "2026-01-01T00:00:00Z", tool="test")])
    return folder


def stored(folder, state):
    with open_store(folder) as store:
        judgements = [store.reading(document.id).judgements for document in store.documents()]
        return state(store), judgements


def as_known(folder, change):
    """Change the journal as a failing disk does, which sets no time: at the place that `change` finds."""
    path, checkpoint = folder / "journal.jsonl", Checkpoint(folder / "journal.checkpoint")
    with path.open("r+b") as file:
        end = checkpoint.end(file.fileno())
        assert end is not None
        content = bytearray(file.read())
        content[change(content)] ^= 1
        file.seek(0)
        file.write(content)
        file.flush()
        checkpoint.keep(end, stamp_of(file.fileno()))


# ---------------------------------------------------------------------------- what is left unread
@pytest.mark.parametrize("write", [False, True])
def test_what_stands_as_it_was_left_is_not_read_through(told, state, write):
    before = stored(told, state)
    with unread():
        with open_store(told, write=write) as store:
            assert store.notes == ()
            assert store.index.size == sum(1 for _ in store.index.store)
        assert stored(told, state) == before


def test_each_commit_moves_it_on(folder, readings, state):
    for number in range(3):
        with unread(), open_store(folder, write=True, clock=lambda n=number: f"2026-01-0{n + 1}T00:00:00Z") as store:
            store.forget("deal.txt")
            store.commit(readings)
            store.update(f"INSERT DATA {{ GRAPH <urn:mine> {{ <urn:a> <urn:b> {number} }} }}")
            before = state(store)
        with unread():
            assert stored(folder, state)[0] == before


def test_a_replica_begins_with_what_was_left(folder, tmp_path):
    (tmp_path / "work").mkdir()
    with unread():
        replica = Replica(folder, tmp_path / "work")
    with open_store(folder, write=True) as store:
        store.forget("deal.txt")
        number = store.journal.end.sequence
    assert replica.follow()
    assert replica.snapshot().number == number
    replica.close()


# ---------------------------------------------------------------------------- a checkpoint that does not count
def another_version(path):
    body = json.loads(path.read_bytes().partition(b" ")[2]) | {"format": "kg-checkpoint/0"}
    path.write_bytes(frame_line("", json.dumps(body).encode())[1])


def without_a_key(path):
    _, line = frame_line("", b'{"format":"kg-checkpoint/1"}')
    path.write_bytes(line)


def no_object(path):
    path.write_bytes(frame_line("", b"[1]")[1])


def a_folder(path):
    path.unlink()
    path.mkdir()


def flipped(place):
    def flip(path):
        content = bytearray(path.read_bytes())
        content[place] ^= 1
        path.write_bytes(content)

    return flip


LOSSES = {
    "lost": lambda path: path.unlink(),
    "empty": lambda path: path.write_bytes(b""),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-9]),
    "of another version": another_version,
    "without a key": without_a_key,
    "no object": no_object,
    "a folder": a_folder,
    **{f"flipped at {place}": flipped(place) for place in (0, 32, 40, 100, -1)},
}


@pytest.mark.parametrize("write", [False, True])
@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES.keys())
def test_a_checkpoint_that_is_lost_or_damaged_is_made_anew_without_a_word(told, state, loss, write):
    before, path = stored(told, state), told / "journal.checkpoint"
    loss(path)
    with open_store(told, write=write) as store:
        assert store.notes == ()
    assert stored(told, state) == before
    if path.is_file():
        with (told / "journal.jsonl").open("rb") as file:
            assert Checkpoint(path).end(file.fileno()) is not None


def test_the_checkpoint_of_another_store_does_not_count(told, tmp_path, state, readings):
    with open_store(tmp_path / "other", write=True) as store:
        store.commit(readings[:1])
    before = stored(told, state)
    shutil.copy(tmp_path / "other" / "journal.checkpoint", told)
    assert stored(told, state) == before


def test_a_copied_store_is_walked_through_once(told, tmp_path, state):
    before = stored(told, state)
    shutil.copytree(told, tmp_path / "copy")
    with unread(), pytest.raises(AssertionError):
        open_store(tmp_path / "copy")
    assert stored(tmp_path / "copy", state) == before
    with unread():
        assert stored(tmp_path / "copy", state) == before


def test_a_writer_that_could_not_keep_it_loses_nothing(told, monkeypatch, state):
    """As a kill between a commit and its checkpoint: the next who opens walks, and finds all."""
    with monkeypatch.context() as patched:
        patched.setattr(Checkpoint, "keep", lambda *_: None)
        with open_store(told, write=True) as store:
            store.forget("deal.txt")
            before = state(store)
    assert stored(told, state)[0] == before


# ---------------------------------------------------------------------------- a journal that was changed
def flip_in_the_middle(path):
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        byte = file.read(1)[0]
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte ^ 1]))


def cut_a_line_out(path):
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:1] + lines[2:]))


def add_a_line(path):
    with path.open("ab") as file:
        file.write(b"0" * 32 + b" {}\n")


CHANGES = {"flipped": flip_in_the_middle, "a line less": cut_a_line_out, "a line more": add_a_line}


@pytest.mark.parametrize("write", [False, True])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_journal_that_was_changed_is_read_and_named(told, change, write):
    path, times = told / "journal.jsonl", (told / "journal.jsonl").stat()
    change(path)
    # Who sets the time back is no further: nobody can set the time of a file's attributes.
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    with pytest.raises(JournalDamaged):
        open_store(told, write=write)


@pytest.mark.parametrize("back", [1, 2])
def test_a_journal_that_was_cut_is_as_long_as_it_is(told, back):
    path = told / "journal.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-back]))
    with open_store(told) as store:
        assert store.notes == MADE_AGAIN
        assert store.journal.end.sequence == len(lines) - 1 - back
        assert check(store).violations == ()


def test_a_journal_that_is_replaced_is_read(told, tmp_path, state, readings):
    with open_store(tmp_path / "other", write=True) as store:
        store.commit(readings)
        before = state(store)
    (tmp_path / "other" / "journal.jsonl").replace(told / "journal.jsonl")
    assert stored(told, state)[0] == before


def test_damage_under_an_open_writer_is_found_at_the_next_opening(told):
    with open_store(told, write=True) as store:
        flip_in_the_middle(told / "journal.jsonl")
        store.update("INSERT DATA { GRAPH <urn:mine> { <urn:a> <urn:b> 1 } }")
    with pytest.raises(JournalDamaged):
        open_store(told)


# ---------------------------------------------------------------------------- a disk that changes bytes by itself
def in_the_reading_of(document):
    return lambda content: content.index(document.encode(), content.index(b'"readings":[{"document":{'))


def test_a_reading_whose_bytes_changed_is_named_when_it_is_read(told):
    as_known(told, in_the_reading_of("rivals.txt"))
    with open_store(told) as store:
        with pytest.raises(JournalDamaged, match=r"from byte .*'kg verify' tells what is whole") as caught:
            store.document("rivals.txt")
        assert "\n" not in str(caught.value)
        for ask in (store.claims, store.documents, store.history, lambda: current(store.journal)):
            with pytest.raises(JournalDamaged):
                list(ask())
        for verified in (verify, check):
            with pytest.raises(JournalDamaged, match="line 2 is damaged"):
                verified(store)
        others = {document for document in store.index.documents() if document != "rivals.txt"}
        assert all(store.document(document).text for document in others)


@pytest.mark.parametrize("what", [b'{"at":', b'"forgotten":', b'"readings":', b'"author":', b"]}\n"])
def test_verify_finds_it_wherever_it_is(told, what):
    as_known(told, lambda content: content.rindex(what) + 1)
    with open_store(told) as store, pytest.raises(JournalDamaged):
        verify(store)
    (told / "index" / "CURRENT").unlink()
    with pytest.raises(JournalDamaged):
        open_store(told)


def flip_silently(path):
    """Flip a bit of a table as a failing disk does: its time of change stays."""
    stat, content = path.stat(), bytearray(path.read_bytes())
    content[len(content) // 3] ^= 4
    path.write_bytes(bytes(content))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def test_a_table_whose_bytes_changed_is_found_by_lot_or_by_verify(folder, monkeypatch):
    tables = sorted((folder / "index").glob("*.sst"), key=lambda path: path.stat().st_size)
    flip_silently(tables[-1])
    with monkeypatch.context() as patched:
        patched.setattr(checksums, "_BY_LOT", 0)
        assert condition(folder / "index", folder / "index.sums") is Condition.AS_CLOSED
    assert condition(folder / "index", folder / "index.sums", whole=True) is Condition.DAMAGED
    with open_store(folder) as store:
        assert store.notes == MADE_AGAIN


def test_verify_reads_the_tables_before_it_asks_them(folder, monkeypatch):
    with open_store(folder) as store:
        flip_silently(next((folder / "index").glob("*.sst")))
        monkeypatch.setattr(store.index.__class__, "query", refuse)
        for verified in (verify, check):
            with pytest.raises(StoreError, match="delete the store's folder 'index'"):
                verified(store)


def test_files_that_a_killed_writer_left_are_counted(folder, start):
    """The index was not closed: what is in it is compared with its mark, and only then written down."""
    program = "import os\nstore = open_store(sys.argv[1], write=True)\nstore.commit([reading(1)])\nos._exit(1)"
    with start(program, folder) as process:
        process.wait()
    assert condition(folder / "index", folder / "index.sums") is Condition.CHANGED
    with open_store(folder) as store:
        assert store.notes == ()
        assert store.holds("1.txt")
    assert condition(folder / "index", folder / "index.sums") is Condition.AS_CLOSED


# ---------------------------------------------------------------------------- several at once
def test_many_who_open_at_once_make_it_anew(told, start):
    program = "with open_store(sys.argv[1]) as store: print(len(list(store.claims())), store.notes)"
    (told / "journal.checkpoint").unlink()
    processes = [start(program, told) for _ in range(4)]
    answers = {process.communicate(timeout=600)[0] for process in processes}
    assert len(answers) == 1
    assert answers.pop().endswith(" ()\n")
    with (told / "journal.jsonl").open("rb") as file:
        assert Checkpoint(told / "journal.checkpoint").end(file.fileno()) is not None
    assert not list(told.glob("*.part"))


def test_who_opens_a_journal_beside_its_writer_sees_whole_commits_alone(told, start):
    """Whether the checkpoint is of the commit before or of this one, what is read is a commit's end."""
    program = """
    with open_store(sys.argv[1], write=True) as store:
        print("ready", flush=True)
        for n in range(10_000):
            store.update("INSERT DATA { GRAPH <urn:mine> { <urn:a> <urn:n> %d } }" % n)
    """
    with start(program, told) as process:
        process.stdout.readline()
        numbers = []
        until = time.monotonic() + 2
        while time.monotonic() < until:
            journal = FileJournal(
                told / "journal.jsonl", write=False, checkpoint=Checkpoint(told / "journal.checkpoint")
            )
            assert sum(1 for _ in journal.commits()) == journal.end.sequence
            numbers.append(journal.end.sequence)
            journal.close()
        process.kill()
    assert numbers == sorted(numbers)
    with open_store(told) as store:
        assert store.journal.end.sequence >= numbers[-1]


# ---------------------------------------------------------------------------- lines from the end
@pytest.mark.parametrize("chunk", [1, 7, 1 << 20])
def test_commits_are_found_from_the_end(told, monkeypatch, chunk):
    monkeypatch.setattr(journal_format, "_CHUNK", chunk)
    journal = FileJournal(told / "journal.jsonl", write=False)
    all_ = list(journal.commits())
    for after in range(len(all_) + 1):
        assert list(journal.commits(after)) == all_[after:]
    content = (told / "journal.jsonl").read_bytes()
    with (told / "journal.jsonl").open("rb") as file:
        starts = [line_start(file, len(content), back) for back in range(len(all_) + 1, 0, -1)]
    journal.close()
    assert [content[at : content.index(b"\n", at) + 1] for at in starts] == content.splitlines(keepends=True)
