"""The journal: whole commits or none, and no change of a byte goes unseen."""

import errno
import itertools
import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import JournalDamaged, NotAStore, StoreError, StoreFull
from kg.store.journal import FileJournal
from kg.store.journal_format import Position, decode_commit, encode_commit, frame_line
from kg.store.memory_journal import MemoryJournal

HEADER = {"base": "https://example.org/"}
COMMITS = [
    ("2025-01-01T00:00:00Z", [{"a": 1}, {"b": 'é"\n}],"readings":['}], ()),
    ("2025-01-02T00:00:00Z", [], ("x", '"readings":[')),
    ("2025-01-03T00:00:00Z", [{"c": [{}, []]}], ("y",)),
]


@pytest.fixture(params=["memory", "file"])
def journal(request, tmp_path):
    if request.param == "memory":
        yield MemoryJournal(HEADER)
        return
    FileJournal.begin(tmp_path / "j", HEADER)
    opened = FileJournal(tmp_path / "j", write=True)
    yield opened
    opened.close()


@pytest.fixture
def path(tmp_path):
    """A file of three commits."""
    FileJournal.begin(tmp_path / "j", HEADER)
    opened = FileJournal(tmp_path / "j", write=True)
    for at, readings, forgotten in COMMITS:
        opened.append(at, readings, forgotten)
    opened.close()
    return tmp_path / "j"


def opened(path, *, write=False):
    journal = FileJournal(path, write=write)
    journal.close()
    return journal


def told(journal):
    return [(c.at, [record for _, record in c.readings], c.forgotten) for c in journal.commits()]


def test_what_is_appended_is_told_again_in_order(journal):
    for at, readings, forgotten in COMMITS:
        spans = journal.append(at, readings, forgotten)
        assert [journal.read(span) for span in spans] == readings
    assert told(journal) == COMMITS
    assert [c.position for c in journal.commits()][-1] == journal.end
    assert [c.at for c in journal.commits(after=2)] == [COMMITS[2][0]]
    for commit in journal.commits():
        assert [journal.read(span) for span, _ in commit.readings] == [record for _, record in commit.readings]


def test_an_empty_journal_says_nothing(journal):
    assert told(journal) == []
    assert journal.end.sequence == 0


records = st.recursive(st.none() | st.text() | st.integers(), lambda x: st.lists(x) | st.dictionaries(st.text(), x))


@given(st.lists(st.dictionaries(st.text(), records), max_size=4), st.lists(st.text(), max_size=3), st.integers(0, 99))
def test_a_line_taken_apart_is_what_was_put_in(readings, forgotten, offset):
    digest, line = frame_line("0", encode_commit("now", readings, forgotten)[0])
    commit = decode_commit(7, line, offset)
    assert commit.position == Position(7, digest)
    assert (commit.at, list(commit.forgotten), [record for _, record in commit.readings]) == (
        "now",
        forgotten,
        readings,
    )
    for span, record in commit.readings:
        assert json.loads(line[span.start - offset : span.start - offset + span.length]) == record


def test_it_is_the_same_after_opening_again(path):
    first, again = opened(path), opened(path, write=True)
    assert told(first) == told(again) == COMMITS
    assert first.end == again.end
    assert first.header["base"] == HEADER["base"]
    assert first.notes == ()


def test_every_torn_end_costs_the_last_commit_alone(path):
    whole = path.read_bytes()
    last = whole.rstrip(b"\n").rindex(b"\n") + 1
    for cut in range(last + 1, len(whole)):
        path.write_bytes(whole[:cut])
        reading = opened(path)
        assert told(reading) == COMMITS[:2], cut
        assert "not written whole" in reading.notes[0]
        assert path.read_bytes() == whole[:cut], "a reader changes nothing"
    assert opened(path, write=True).notes
    assert path.read_bytes() == whole[:last], "a writer cuts it off"
    assert opened(path).notes == ()


def test_after_a_torn_end_writing_goes_on(path):
    path.write_bytes(path.read_bytes()[:-3])
    journal = FileJournal(path, write=True)
    journal.append(*COMMITS[2])
    journal.close()
    assert told(opened(path)) == COMMITS


def test_every_flipped_bit_is_seen(path):
    whole = path.read_bytes()
    start = whole.index(b"\n") + 1
    silent = []
    for place in range(start, len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        try:
            # A last line that lost its end is torn; anything else is damage.
            if not opened(path).notes:
                silent.append(place)
        except JournalDamaged:
            continue
    assert silent == []


def test_damage_names_the_line_and_the_way_out(path):
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:2], lines[2].replace(b'"at"', b'"aT"'), *lines[3:]]))
    kept = len(lines[0]) + len(lines[1])
    with pytest.raises(
        JournalDamaged, match=rf"line 3 is damaged.* 1 commits before it are whole.*head -c {kept}"
    ) as e:
        opened(path)
    assert "\n" not in str(e.value)
    path.write_bytes(path.read_bytes()[:kept])
    assert told(opened(path)) == COMMITS[:1]


@pytest.mark.parametrize("order", [o for o in itertools.permutations(range(3)) if o != (0, 1, 2)])
def test_lines_out_of_order_are_damage(path, order):
    header, *lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(header + b"".join(lines[i] for i in order))
    with pytest.raises(JournalDamaged):
        opened(path)


def test_a_line_taken_out_is_damage(path):
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:2] + lines[3:]))
    with pytest.raises(JournalDamaged, match="line 3"):
        opened(path)


@pytest.mark.parametrize(
    "content", [b"", b"hello\n", b"\0" * 100, b'{"id": 1}\n', b"x" * 100_000, "é".encode("latin-1")]
)
def test_a_file_of_something_else_is_left_alone(tmp_path, content):
    file = tmp_path / "j"
    file.write_bytes(content)
    with pytest.raises(NotAStore):
        opened(file, write=True)
    assert file.read_bytes() == content


def test_a_damaged_header_is_no_other_file(path):
    path.write_bytes(path.read_bytes().replace(b"example.org", b"example.com", 1))
    with pytest.raises(JournalDamaged, match="first line"):
        opened(path)


@pytest.mark.parametrize(("version", "what"), [(6, "update kg"), (4, "bring it there with 'kg migrate --store .*'")])
def test_another_format_is_one_line(tmp_path, version, what):
    _, line = frame_line("", b'{"format":"kg-journal/%d"}' % version)
    (tmp_path / "j").write_bytes(line)
    with pytest.raises(StoreError, match=f"has the format kg-journal/{version}, this kg reads kg-journal/5: {what}$"):
        opened(tmp_path / "j")


@pytest.mark.parametrize(
    ("number", "said"), [(errno.ENOSPC, "is full"), (errno.EROFS, "cannot be"), (errno.EIO, "error")]
)
@pytest.mark.parametrize("call", ["write", "sync"])
def test_a_commit_that_fails_leaves_nothing_behind(path, monkeypatch, number, said, call):
    before = path.read_bytes()
    journal = FileJournal(path, write=True)
    raw, sync = journal._file, os.fdatasync

    class Failing:
        """A file on a disk that takes ten bytes more."""

        def __getattr__(self, name):
            return getattr(raw, name)

        def write(self, data):
            if call == "sync":
                return raw.write(data)
            if raw.tell() == len(before):
                return raw.write(data[:10])
            raise OSError(number, os.strerror(number))

    def failing_sync(_):
        raise OSError(number, os.strerror(number))

    journal._file = Failing()
    if call == "sync":
        monkeypatch.setattr(os, "fdatasync", failing_sync)
    with pytest.raises(StoreError, match=said) as caught:
        journal.append(*COMMITS[0])
    assert isinstance(caught.value, StoreFull) == (number != errno.EIO)
    assert path.read_bytes() == before
    journal._file = raw
    monkeypatch.setattr(os, "fdatasync", sync)
    journal.append(*COMMITS[0])
    journal.close()
    assert told(opened(path)) == [*COMMITS, COMMITS[0]]
