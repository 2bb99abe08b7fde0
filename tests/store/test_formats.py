"""Stores of older formats: opened through `kg migrate`, or refused in one line; ``formats/`` holds one of each."""

import json
import shutil
from pathlib import Path

import pytest

from kg import formats
from kg.errors import JournalDamaged, NotAStore, StoreError, StoreInUse
from kg.store import backup, backups, migrate, open_store, restore, salvage, verify
from kg.store.migrations import MIGRATIONS

FORMATS = Path(__file__).parent / "formats"
BASE = "https://example.org/kg/"


@pytest.fixture(params=sorted(path.name for path in FORMATS.iterdir()))
def older(request, tmp_path):
    """A store that an older kg has written."""
    return Path(shutil.copytree(FORMATS / request.param, tmp_path / "older"))


@pytest.fixture
def first(tmp_path):
    """A store of version 1, as kg 0.1 wrote it."""
    return Path(shutil.copytree(FORMATS / "v1", tmp_path / "first"))


def header(folder):
    with (folder / "journal.jsonl").open("rb") as file:
        return json.loads(file.readline().partition(b" ")[2])


def lines_of(folder):
    return [line.partition(b" ")[2] for line in (folder / "journal.jsonl").read_bytes().splitlines()]


def test_one_store_of_each_older_version_is_kept():
    versions = {header(folder)["format"] for folder in FORMATS.iterdir()}
    assert versions == set(MIGRATIONS)
    assert all(formats.is_older(name, formats.JOURNAL) for name in versions)


def test_the_docs_name_each_format_at_its_version():
    page = (Path(__file__).parents[2] / "docs" / "reference" / "formats.md").read_text()
    for name in sorted(set(formats.__all__) - {"is_older"}):
        assert f"| `{getattr(formats, name)}` |" in page


@pytest.mark.parametrize("write", [False, True])
def test_an_older_store_is_refused_in_one_line_that_says_what_to_do(older, write):
    before = (older / "journal.jsonl").read_bytes()
    with pytest.raises(StoreError, match=f"'kg migrate --store {older}'$") as refused:
        open_store(older, write=write)
    assert "\n" not in str(refused.value)
    with pytest.raises(StoreError, match="kg migrate"):
        backup(older, older.parent / "saved")
    assert (older / "journal.jsonl").read_bytes() == before


def test_a_migrated_store_is_whole_and_of_this_format(older):
    name, before = header(older)["format"], (older / "journal.jsonl").read_bytes()
    assert migrate(older) == (name, formats.JOURNAL)
    assert header(older) == {"format": formats.JOURNAL, "base": BASE}
    assert (older / f"journal.jsonl.{name.replace('/', '-')}").read_bytes() == before
    assert not list(older.glob("*.part")) + list(older.glob("*.new"))
    with open_store(older, write=True) as store:
        assert verify(store).violations == ()
        assert store.claims_table().num_rows == len(list(store.claims()))
    assert migrate(older) == (formats.JOURNAL, formats.JOURNAL)


def test_nothing_but_the_ids_changes(first):
    old = [json.loads(line) for line in lines_of(first)[1:]]
    migrate(first)
    new = [json.loads(line) for line in lines_of(first)[1:]]
    assert [commit["at"] for commit in new] == [commit["at"] for commit in old]
    assert new[-1] == old[-1] == {"at": "2025-04-05T08:00:00Z", "forgotten": ["rivals.txt"], "readings": []}
    for before, after in zip(old[0]["readings"], new[0]["readings"], strict=True):
        assert before["document"] == after["document"]
        records = {json.dumps(claim | {"id": ""}) for claim in after["claims"]}
        assert records <= {json.dumps(claim | {"id": ""}) for claim in before["claims"]}


def test_times_and_withdrawals_are_kept_and_one_claim_is_one(first):
    migrate(first)
    with open_store(first) as store:
        claims_ = [
            (
                claim.relation,
                len(claim.evidence),
                claim.recorded_at[8:10],
                claim.retracted_at and claim.retracted_at[8:10],
            )
            for claim in store.history()
        ]
        assert [document.id for document in store.documents()] == ["deal.txt"]
    assert claims_ == [
        ("supplies", 2, "01", None),  # a second quote came on the third: the claim is the one of the first
        ("holds-stake", 1, "01", None),
        ("revenue", 1, "01", "03"),
        ("competes-with", 2, "01", "05"),  # was two, which differed in their second quotes
        ("holds-stake", 1, "01", "05"),
    ]


def test_the_users_graphs_name_claims_by_their_new_ids(first):
    migrate(first)
    with open_store(first) as store:
        names = {f"<{BASE}claim/{claim.id}>" for claim in store.claims()}
        mine = {str(quad.subject) for quad in store.quads("urn:mine")}
    assert mine == names


def test_a_backup_of_an_older_format_is_restored_in_this_one(older, tmp_path):
    commits = restore(older / "journal.jsonl", tmp_path / "again")
    assert header(tmp_path / "again")["format"] == formats.JOURNAL
    migrate(older)
    assert lines_of(tmp_path / "again") == lines_of(older)
    assert commits == len(lines_of(older)) - 1


def test_a_damaged_older_store_is_left_as_it_is(first, tmp_path):
    journal = first / "journal.jsonl"
    damaged = journal.read_bytes().replace(b"CoreWeave", b"CoreWeaver", 1)
    journal.write_bytes(damaged)
    with pytest.raises(JournalDamaged, match="salvage what is whole first"):
        migrate(first)
    assert journal.read_bytes() == damaged
    assert list(first.iterdir()) == [journal]
    salvage(journal, tmp_path / "saved")
    assert migrate(tmp_path / "saved") == ("kg-journal/1", formats.JOURNAL)


def test_a_store_that_somebody_has_open_is_not_migrated(folder):
    with open_store(folder), pytest.raises(StoreInUse):
        migrate(folder)
    assert migrate(folder) == (formats.JOURNAL, formats.JOURNAL)


def test_an_id_that_is_not_its_claims_is_seen_by_verify(first):
    journal = first / "journal.jsonl"
    head, *bodies = lines_of(first)
    journal.unlink()
    # The journal is whole, by its checksums; its ids are those of version 1.
    backups._written(journal, backups.compact(json.loads(head) | {"format": formats.JOURNAL}), bodies)
    with open_store(first) as store:
        assert [violation.rule for violation in verify(store).violations] == ["id-is-the-claims"] * 2


def test_where_there_is_no_store_nothing_is_migrated(tmp_path):
    with pytest.raises(NotAStore):
        migrate(tmp_path / "nowhere")
