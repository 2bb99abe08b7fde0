"""Backups, their way back, what is saved of a damaged journal, older formats."""

import re
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import formats
from kg.errors import JournalDamaged, NotAStore, StoreError
from kg.store import backup, backups, check, migrate, open_store, restore, salvage, verify


@pytest.fixture
def journal(folder, readings):
    """The journal of a store of five commits: two documents, read, forgotten, read again; an own graph."""
    with open_store(folder, write=True) as store:
        store.forget("deal.txt")
        store.update("INSERT DATA { GRAPH <urn:mine> { <urn:a> <urn:b> 1 } }")
        store.commit(readings[:1])
        store.forget("rivals.txt")
    return folder / "journal.jsonl"


@pytest.mark.usefixtures("journal")
def test_a_backup_comes_back_the_same(folder, tmp_path, state):
    assert backup(folder, tmp_path / "saved") == 5
    assert restore(tmp_path / "saved", tmp_path / "again") == 5
    with open_store(folder) as first, open_store(tmp_path / "again") as second:
        assert state(first) == state(second)
        assert check(second).violations == ()


def test_a_backup_is_taken_beside_a_writer(folder, tmp_path, state):
    with open_store(folder, write=True) as store:
        before = state(store)
        backup(folder, tmp_path / "saved")
        store.forget("deal.txt")
    restore(tmp_path / "saved", tmp_path / "again")
    with open_store(tmp_path / "again") as second:
        assert state(second) == before


def test_nothing_that_is_there_is_overwritten(folder, tmp_path):
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(StoreError, match="is there already"):
        backup(folder, tmp_path / "mine")
    backup(folder, tmp_path / "saved")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "mine").write_text("mine")
    for place in ("mine", "folder", "story"):
        with pytest.raises(NotAStore, match="choose another"):
            restore(tmp_path / "saved", tmp_path / place)
    assert (tmp_path / "mine").read_text() == (tmp_path / "folder" / "mine").read_text() == "mine"
    assert not list(tmp_path.glob("*.part"))


def test_what_is_no_backup_is_told(folder, tmp_path):
    (tmp_path / "text").write_text("hello\n")
    for act in (restore, salvage):
        with pytest.raises(NotAStore):
            act(tmp_path / "text", tmp_path / "new")
        assert not (tmp_path / "new").exists()
    with pytest.raises(NotAStore, match="no store at"):
        backup(tmp_path / "none", tmp_path / "saved")
    with pytest.raises(StoreError):
        restore(tmp_path / "none", tmp_path / "new")
    backup(folder, tmp_path / "saved")
    data = (tmp_path / "saved").read_bytes()
    (tmp_path / "saved").write_bytes(data[:-10])
    with pytest.raises(JournalDamaged, match="not written whole"):
        restore(tmp_path / "saved", tmp_path / "new")


def lines_of(journal):
    return journal.read_bytes().splitlines(keepends=True)


def test_a_damaged_middle_is_told_with_what_it_held(journal):
    lines = lines_of(journal)
    place = lines[1].index(b"CoreWeave")
    lines[1] = lines[1][:place] + b"X" + lines[1][place + 1 :]
    journal.write_bytes(b"".join(lines))
    saved = salvage(journal)
    assert saved.commits == 4
    (lost,) = saved.lost
    assert (lost.line, lost.start, lost.length) == (2, len(lines[0]), len(lines[1]))
    assert lost.documents == ("deal.txt", "rivals.txt")
    assert str(lost).endswith("it held 'deal.txt', 'rivals.txt'")


def test_a_space_that_came_into_a_hash_or_went_from_behind_it_costs_nothing(journal):
    lines = lines_of(journal)
    for at, byte in ((13, b" "), (32, b"!")):
        journal.write_bytes(b"".join([lines[0], lines[1][:at] + byte + lines[1][at + 1 :], *lines[2:]]))
        assert salvage(journal).commits == 5


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_a_flipped_byte_costs_one_commit_at_most(journal, data):
    content = journal.read_bytes()
    first = content.index(b"\n") + 1
    at = data.draw(st.integers(first, len(content) - 1))
    bit = data.draw(st.integers(0, 7))
    damaged = bytearray(content)
    damaged[at] ^= 1 << bit
    place = journal.with_name("damaged")
    place.write_bytes(bytes(damaged))
    saved = salvage(place)
    inside_hash = at - (content.rfind(b"\n", 0, at) + 1) < 32
    whole = 5 if inside_hash and content.find(b"\n", at) != len(content) - 1 else 4
    # A newline that came or went touches two lines at most; the last commit may have lost its own.
    assert saved.commits >= whole - (damaged[at] == 10 or content[at] == 10)
    assert saved.commits + len(saved.lost) >= 4


def test_what_is_whole_is_kept(journal, tmp_path):
    lines = lines_of(journal)
    lines[2] = lines[2].replace(b"forgotten", b"forgottem")
    journal.write_bytes(b"".join(lines))
    saved = salvage(journal, tmp_path / "new")
    assert (saved.commits, len(saved.lost)) == (4, 1)
    with open_store(tmp_path / "new") as store:
        assert [document.id for document in store.documents()] == ["deal.txt"]
        assert len(list(store.quads("urn:mine"))) == 1
        assert check(store).violations == ()


def test_verify_finds_what_is_not_as_the_journal_says(folder):
    with open_store(folder, write=True) as store:
        assert verify(store).violations == ()
        quad = next(quad for quad in store.quads() if "percent" in quad.predicate.value)
        store.index.store.remove(quad)
        assert verify(store).violations


def test_older_formats_are_brought_to_this_one(folder, journal, state, monkeypatch):
    with open_store(folder) as store:
        before = state(store)
    old = "kg-journal/0"
    lines = [backups.compact({**_body(line), "when": _body(line).get("at")}) for line in lines_of(journal)[1:]]
    header = backups.compact({**_body(lines_of(journal)[0]), "format": old})
    journal.unlink()
    backups._written(journal, header, lines)
    with pytest.raises(StoreError, match="kg migrate"):
        open_store(folder)
    with pytest.raises(StoreError, match="cannot bring"):
        migrate(folder)

    def step(header, commits):
        assert header["format"] == old
        for record in commits():
            assert record.pop("when") == record["at"]
            yield record

    monkeypatch.setattr(backups, "MIGRATIONS", {old: (formats.JOURNAL, step)})
    assert migrate(folder) == (old, formats.JOURNAL)
    assert migrate(folder) == (formats.JOURNAL, formats.JOURNAL)
    assert (folder / "journal.jsonl.kg-journal-0").is_file()
    with open_store(folder) as store:
        assert state(store) == before


def _body(line):
    import json

    return json.loads(line.partition(b" ")[2])


def kg(*arguments):
    command = [sys.executable, "-m", "kg", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_commands_say_what_they_did(folder, journal, tmp_path):
    done = kg("backup", tmp_path / "saved", "--store", folder)
    assert done.stdout == f"wrote {tmp_path / 'saved'}: 5 commits\n"
    done = kg("restore", tmp_path / "saved", "--store", tmp_path / "new")
    assert re.match(r"restored 5 commits, 1 documents\.", done.stdout), done
    done = kg("verify", "--store", folder)
    assert (done.returncode, done.stdout.startswith("0 differences; verified 1 documents")) == (0, True)
    assert "already" in kg("migrate", "--store", folder).stdout
    journal.write_bytes(journal.read_bytes().replace(b"Nvidia", b"nvidia", 1))
    done = kg("verify", "--store", folder)
    assert (done.returncode, done.stderr.count("\n"), "--salvage" in done.stdout) == (1, 1, True)
    assert "'deal.txt'" in done.stderr
    done = kg("restore", journal, "--salvage", "--store", tmp_path / "saved-of-it")
    assert (done.returncode, "4 commits" in done.stdout, "is damaged" in done.stderr) == (0, True, True)
    for wrong in (("backup", tmp_path / "saved"), ("restore", tmp_path / "none"), ("verify",), ("migrate",)):
        ended = kg(*wrong, "--store", tmp_path / "nothing")
        assert (ended.returncode, ended.stderr.count("\n")) == (1, 1), wrong
    assert not (tmp_path / "nothing").exists()
