"""GLEIF in a store: nothing lost, a second import changes nothing, a later file only what it should."""

import contextlib
import signal
import subprocess
import sys
import tracemalloc

import pytest
from click.testing import CliRunner

from kg.cli import cli
from kg.errors import DocumentError
from kg.importers import json_elements, xml_elements
from kg.importers.registers import register
from kg.pipeline.imports import import_register
from kg.store import check, open_store
from tests.importers.gleif.files import (
    FORMATS,
    HELVANE,
    ORBICOR,
    QUENBY,
    entity,
    exception,
    golden_csv,
    lei,
    relationship,
    xml,
)


@pytest.fixture(params=["memory", "folder"])
def store(request, tmp_path):
    with open_store(None if request.param == "memory" else tmp_path / "store", write=True) as store:
        yield store


@pytest.fixture
def take(store, written):
    """Import trees into the store, as a file in XML."""

    def taken(*trees, name="file.xml", withdraw=False, **told):
        path = written(xml(list(trees), **told), name)
        return import_register(store, register("gleif", path), withdraw=withdraw)

    return taken


def content(store):
    """What a store holds, but for when it was recorded."""
    return (
        sorted((document.id, document.text, document.published or "") for document in store.documents()),
        sorted(claim.id for claim in store.claims()),
        sorted(map(repr, store.records())),
        sorted((one.id, one.name, one.identifiers) for one in store.entities()),
    )


def company(key):
    return f"company/lei-{key.lower()}"


def test_the_three_files_meet_in_one_entity_which_goes_by_its_name(store, take):
    take(relationship(), relationship(kind="IS_ULTIMATELY_CONSOLIDATED_BY"), relationship(child=QUENBY))
    take(exception(ORBICOR))
    assert {one.name for one in store.entities()} == {HELVANE, ORBICOR, QUENBY}
    take(entity(), entity(ORBICOR, "Orbicor SA"))
    assert {one.id: one.name for one in store.entities()} == {
        company(HELVANE): "Helvane SA",
        company(ORBICOR): "Orbicor SA",
        company(QUENBY): QUENBY,
    }
    topics = [topic for record in store.records(entity=company(ORBICOR)) for topic in record.topics]
    assert topics == ["parent-exception:direct:NATURAL_PERSONS"]
    assert check(store).violations == ()


def test_a_second_import_changes_nothing(store, take, tmp_path):
    trees = [entity(), entity(ORBICOR, "Orbicor"), entity(QUENBY, "Quenby", status="ANNULLED")]
    first = take(*trees)
    assert (first.rows, first.written, first.records, first.bad_rows) == (3, 3, 2, 0)
    before = content(store)
    journal = {path: path.read_bytes() for path in (tmp_path / "store").glob("*.jsonl")}
    again = take(*trees)
    assert (again.unchanged, again.written, again.forgotten) == (3, 0, 0)
    assert content(store) == before
    assert {path: path.read_bytes() for path in journal} == journal


def test_a_later_file_leaves_records_alone_that_have_only_moved(take):
    take(entity(ORBICOR, "Orbicor"), entity(QUENBY, "Quenby"))
    report = take(entity(), entity(ORBICOR, "Orbicor"), entity(QUENBY, "Quenby"), date="2024-01-01T00:00:00Z")
    assert (report.written, report.unchanged) == (1, 2)


def test_a_full_file_withdraws_what_it_no_longer_has_and_touches_no_other_kind(store, take):
    take(entity(), entity(ORBICOR, "Orbicor"))
    take(relationship())
    assert take(entity()).kept == 1
    report = take(entity(), withdraw=True)
    assert (report.forgotten, report.unchanged) == (1, 1)
    assert len(list(store.claims())) == 1
    assert {record.key for record in store.records()} == {HELVANE}


def test_a_file_of_changes_changes_only_what_it_should(store, take):
    take(relationship(), relationship(child=QUENBY))
    take(entity(), entity(ORBICOR, "Orbicor"))
    before = content(store)[0]
    report = take(entity(name="Helvane Energie SA", updated="2024-02-01"), content="GLEIF_DELTA_PUBLISHED")
    assert (report.written, report.unchanged, report.forgotten) == (1, 0, 0)
    after = content(store)[0]
    assert [document for document in before if document not in after] == [
        document for document in before if document[0] == f"gleif/lei/{HELVANE}"
    ]
    assert {one.id: one.name for one in store.entities()}[company(HELVANE)] == "Helvane Energie SA"
    deleted = relationship() | {"Extension": {"Deletion": {"DeletedAt": "2026-09-24T18:50:35Z"}}}
    report = take(deleted, content="GLEIF_DELTA_PUBLISHED")
    assert (report.retracted, report.claims) == (1, 0)
    assert [claim.subject.id for claim in store.claims()] == [company(QUENBY)]


def test_a_file_that_is_cut_off_withdraws_nothing(store, take, written):
    take(entity(), entity(ORBICOR, "Orbicor"))
    before = content(store)
    whole = xml([entity(), entity(QUENBY, "Quenby")])
    for data in (xml([entity()], count=2), whole[: whole.index(QUENBY.encode())]):
        with contextlib.suppress(DocumentError):
            import_register(store, register("gleif", written(data)))
    assert content(store) == before


def test_what_stands_twice_holds_as_it_stands_last(store, take):
    take(entity(name="Helvane Alt SA", updated="2020-01-01"), entity(name="Helvane Neu SA", updated="2024-01-01"))
    assert [record.entity.name for record in store.records()] == ["Helvane Neu SA"]


KILLED = """
import os, signal, sys
from pathlib import Path
from kg.importers.registers import register
from kg.pipeline import imports
from kg.store import open_store

imports._RECORDS = 2


class Killed:
    # A store on which the third commit finds the process killed.
    def __init__(self, store):
        self.store, self.left = store, 2

    def __getattr__(self, name):
        return getattr(self.store, name)

    def commit(self, readings):
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1
        return self.store.commit(readings)


with open_store(sys.argv[1], write=True) as store:
    imports.import_register(Killed(store), register("gleif", Path(sys.argv[2])))
"""


def test_an_import_that_was_killed_goes_on_where_it_was(tmp_path, written):
    trees = [entity(lei(f"A{at}"), f"Company {at}") for at in range(9)]
    path = written(golden_csv(trees), "lei.csv")
    done = subprocess.run([sys.executable, "-c", KILLED, tmp_path / "store", path], check=False)
    assert done.returncode == -signal.SIGKILL
    with open_store(tmp_path / "store", write=True) as store, open_store(None, write=True) as whole:
        assert len(list(store.documents())) == 4
        report = import_register(store, register("gleif", path))
        assert (report.unchanged, report.written) == (4, 5)
        import_register(whole, register("gleif", path))
        assert content(store) == content(whole)


@pytest.mark.parametrize("form", ["xml", "json", "csv"])
def test_memory_does_not_grow_with_the_file(written, monkeypatch, form):
    for module in (xml_elements, json_elements):
        monkeypatch.setattr(module, "_PIECE", 1 << 12)

    def peak(count):
        path = written(
            FORMATS[form]([entity(lei(f"A{at}"), f"Company {at}") for at in range(count)]), f"{count}.{form}"
        )
        return min(measured(path, count) for _ in range(3))

    def measured(path, count):
        tracemalloc.start()
        assert sum(chunk.rows for chunk in register("gleif", path).chunks()) == count
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    # The least of several: when a table of the interpreter is made larger is chance.
    peak(200)  # what is loaded once is no growth
    assert peak(600) < 1.2 * peak(200)


def test_the_command_tells_what_came_of_it_and_names_what_does_not_hold(tmp_path, written):
    trees = [relationship(), relationship(child=QUENBY, kind="IS_SUBFUND_OF"), relationship(parent="X")]
    path = written(xml(trees), "rr.xml")
    done = CliRunner().invoke(cli, ["import", str(path), "--store", str(tmp_path / "store")])
    assert done.exit_code == 1
    assert "read 3 rows, 1 claim, 1 row left out" in done.stdout
    assert f"{path}: record 3 (line " in done.stderr
    assert "kg: note: 1 left out: relationships IS_SUBFUND_OF" in done.stderr
    again = CliRunner().invoke(cli, ["import", "gleif", str(path), "--skip-bad", "--store", str(tmp_path / "store")])
    assert (again.exit_code, "1 chunk unchanged" in again.stdout) == (0, True)
