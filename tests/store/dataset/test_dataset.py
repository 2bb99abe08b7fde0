"""A dataset between machines: who writes at once, who breaks off, who reads without kg."""

import random
from contextlib import closing
from pathlib import Path

import pytest

import kg.store.dataset.clone
from kg.errors import JournalDamaged, NotAStore, StoreError, StoreInUse
from kg.store import Replica, check, open_store
from kg.store.dataset import Tables, push
from kg.store.dataset.tables import delta

pytest.importorskip("deltalake")
pa_dataset = pytest.importorskip("pyarrow.dataset")


@pytest.fixture
def address(tmp_path):
    """A dataset of a graph without commits."""
    with open_store(None) as nothing:
        push(nothing, str(tmp_path / "graph"))
    return str(tmp_path / "graph")


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """A function that makes what follows happen on another machine: one with a clone of its own."""

    def on(name):
        monkeypatch.setattr(kg.store.dataset.clone, "clone_folder", lambda _: tmp_path / name)

    return on


def rows(address, name):
    """The rows of a table, as who reads all files of the folder sees them."""
    return pa_dataset.dataset(f"{address}/{name}", format="parquet", partitioning="hive").to_table()


def ids(address):
    return sorted(rows(address, "claims")["claim"].to_pylist())


# ------------------------------------------------------------------------------ several machines
def test_what_one_machine_commits_the_other_sees(address, readings, machine, state):
    machine("here")
    with open_store(address, write=True) as store:
        store.commit(readings[:1])
    machine("there")
    with open_store(address, write=True) as store:
        assert len(list(store.documents())) == 1
        store.commit(readings[1:])
        there = state(store)
    machine("here")
    with open_store(address) as store:
        assert state(store) == there
        assert not check(store).violations


def test_two_who_write_at_once_do_not_lose_what_either_wrote(address, readings, machine):
    machine("here")
    with open_store(address, write=True) as mine:
        machine("there")
        with open_store(address, write=True) as other:
            other.commit(readings[1:])
        with pytest.raises(StoreInUse, match="changed by somebody else"):
            mine.commit(readings[:1])
    machine("here")
    with open_store(address, write=True) as store:
        store.commit(readings[:1])
        assert [document.id for document in store.documents()] == ["deal.txt", "rivals.txt"]
        assert ids(address) == sorted(claim.id for claim in store.claims())


def test_a_clone_of_another_dataset_is_made_anew(address, readings, machine, tmp_path):
    machine("here")
    with open_store(address, write=True) as store:
        store.commit(readings)
    Path(address).rename(tmp_path / "moved")
    with open_store(None, write=True) as other:
        other.commit(readings[1:])
        push(other, address)
    with open_store(address) as store:
        assert [document.id for document in store.documents()] == ["rivals.txt"]


def test_who_follows_a_journal_is_told_to_take_the_clone(address, readings, tmp_path):
    with open_store(address, write=True) as store:
        store.commit(readings)
    with pytest.raises(NotAStore, match="is a dataset"):
        Replica(Path(address), tmp_path)


def test_a_reader_is_told_that_others_have_the_dataset_open(address, readings, monkeypatch):
    monkeypatch.setattr("kg.store.store_folder._PATIENCE", 0)
    with open_store(address, write=True) as store:
        store.commit(readings)
    with open_store(address), open_store(address) as second:
        assert second.notes == (
            "others have the dataset open here: what was committed elsewhere since is not seen yet",
        )
        assert len(list(second.documents())) == 2


# ------------------------------------------------------------------------------ who breaks off
@pytest.mark.parametrize("step", range(1, 6))
def test_a_writer_that_breaks_off_loses_nothing_and_leaves_nothing_twice(address, readings, monkeypatch, step):
    """The writer dies before its first, second … table is written, after its commit is there, or before that."""
    lib, written = delta(), []

    def write(table, *arguments, **options):
        written.append(table)
        if len(written) == step:
            raise OSError("the network is gone")
        return original(table, *arguments, **options)

    original = lib.write_deltalake
    monkeypatch.setattr(lib, "write_deltalake", write)
    try:
        with open_store(address, write=True) as store:
            store.commit(readings[:1])
            monkeypatch.undo()
            # A process that is killed closes nothing: what is open here is let go of without a word to the tables.
            store.journal.tables = None
            store.journal._lags = False
    except StoreError:
        assert step == 1
    with open_store(address, write=True) as store:
        assert len(list(store.documents())) == (0 if step == 1 else 1)
        store.commit(readings)
        assert ids(address)[0] in {claim.id for claim in store.claims()}
        said = [claim.id for claim in store.claims()]
    assert ids(address) == sorted(said), "a claim stands twice, or is missing"
    assert rows(address, "commits")["number"].to_pylist().count(0) == 0


def test_tables_that_lag_are_completed_by_the_next_commit(address, readings, monkeypatch):
    with open_store(address, write=True) as store:
        with monkeypatch.context() as patched:
            patched.setattr(Tables, "follow", lambda _: (_ for _ in ()).throw(StoreError("the network is gone")))
            store.commit(readings[:1])
        assert Tables(address).files("claims") == []
        store.commit(readings[1:])
    assert len(ids(address)) == 11


def test_a_table_that_is_lost_is_made_again(address, readings, tmp_path):
    with open_store(address, write=True) as store:
        store.commit(readings)
    before = ids(address)
    for name in ("claims", "documents", "judgements", "commits"):
        Path(address, name).rename(tmp_path / f"lost-{name}")
    with open_store(None) as nothing:
        Tables(address).create(b"")
        assert nothing.today
    Tables(address).follow()
    assert ids(address) == before


def test_a_journal_that_was_written_into_is_refused(address, readings, machine):
    machine("here")
    with open_store(address, write=True) as store:
        store.commit(readings)
    tables = Tables(address)
    [(_, header), (_, line)] = tables.lines(-1)
    tampered = line.replace(b"OpenAI", b"OpenIA")
    lib, pa = delta(), pytest.importorskip("pyarrow")
    table = pa.table({"number": [0, 1], "at": ["", ""], "hash": [header[:32].decode(), line[:32].decode()],
                      "line": [header.decode(), tampered.decode()]})  # fmt: skip
    said = lib.CommitProperties(app_transactions=[lib.Transaction("kg", 1)])
    lib.write_deltalake(tables.uri("journal"), table, mode="overwrite", commit_properties=said)
    machine("there")
    with pytest.raises(JournalDamaged, match="commit 1 does not follow"):
        open_store(address)


# ------------------------------------------------------------------------------ files
def test_small_files_are_put_together_and_say_the_same(address, readings):
    with open_store(address, write=True) as store:
        for number in random.Random(1).sample(range(6), 6):  # noqa: S311 - the same order every time
            store.commit([readings[number % 2]])
            store.forget(readings[number % 2].document.id)
        store.commit(readings)
        said = [claim.id for claim in store.claims()]
        before = {name: rows(address, name).sort_by("commit").to_pylist() for name in ("claims", "documents")}
    done = Tables(address).compact()
    assert all(now <= had for had, now in done.values())
    assert done["journal"][1] == done["commits"][1] == 1
    for name, had in before.items():
        now = rows(address, name).sort_by("commit").to_pylist()
        assert sorted(map(str, now)) == sorted(map(str, had))
    with open_store(address, write=True) as store:
        assert [claim.id for claim in store.claims()] == said
        store.forget("deal.txt")
    with open_store(address) as store:
        assert [document.id for document in store.documents()] == ["rivals.txt"]


def test_files_lie_by_relation_and_month_and_other_readers_take_them(address, readings):
    polars, pandas = pytest.importorskip("polars"), pytest.importorskip("pandas")
    with open_store(address, write=True) as store:
        store.commit(readings)
        counted = {}
        for claim in store.claims():
            counted[claim.relation] = counted.get(claim.relation, 0) + 1
    parts = {path.parent.relative_to(address).as_posix() for path in Path(address, "claims").rglob("*.parquet")}
    assert "claims/relation=supplies/known=2025-03" in parts
    assert all(part.count("/") == 2 for part in parts)
    seen = polars.scan_parquet(f"{address}/claims/**/*.parquet", hive_partitioning=True)
    told = seen.group_by("relation").len().collect()
    assert dict(told.iter_rows()) == counted
    frame = pandas.read_parquet(f"{address}/claims")
    assert frame.groupby("relation", observed=True).size().to_dict() == counted


# ------------------------------------------------------------------------------ pushing
def test_a_store_is_pushed_as_far_as_it_has_come(tmp_path, readings, state):
    address = str(tmp_path / "graph")
    with open_store(tmp_path / "store", write=True) as store:
        store.commit(readings[:1])
        assert push(store, address) == (1, 1)
        assert push(store, address) == (0, 1)
        store.commit(readings)
        store.forget("deal.txt")
        assert push(store, address) == (2, 3)
        mine = state(store)
    with closing(open_store(address)) as opened:
        assert state(opened) == mine


def test_what_is_no_dataset_of_a_store_is_refused(tmp_path, readings):
    address = str(tmp_path / "graph")
    with open_store(tmp_path / "one", write=True) as one, open_store(tmp_path / "other", write=True) as other:
        one.commit(readings)
        other.commit(readings[:1])
        push(one, address)
        with pytest.raises(StoreError, match="not the dataset of this store"):
            push(other, address)
    with open_store(tmp_path / "elsewhere", write=True, base="https://example.org/") as foreign:
        foreign.commit(readings)
        with pytest.raises(StoreError, match="not the dataset of this store"):
            push(foreign, address)


def test_a_folder_that_holds_something_else_is_left_as_it_is(tmp_path, readings):
    with open_store(tmp_path / "store", write=True) as store:
        store.commit(readings)
        before = sorted(path.name for path in (tmp_path / "store").iterdir())
        with pytest.raises(NotAStore, match="holds other things"):
            push(store, str(tmp_path / "store"))
    assert set(before) <= {path.name for path in (tmp_path / "store").iterdir()}
    assert not (tmp_path / "store/claims").exists()


def test_tables_of_something_else_are_no_dataset(tmp_path):
    pa = pytest.importorskip("pyarrow")
    delta().write_deltalake(str(tmp_path / "sales/journal"), pa.table({"number": [1]}))
    with pytest.raises(NotAStore, match="no dataset of kg"):
        open_store(tmp_path / "sales")
