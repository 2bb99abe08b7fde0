"""kg import: what every importer promises, shown on lists of edges."""

import io
import signal
import subprocess
import sys
import tracemalloc

import pytest
from click.testing import CliRunner

from kg.analysis import claims_of_edges, owners
from kg.cli import cli
from kg.importers.edges import importer as edges
from kg.importers.edges import names
from kg.importers.edges.importer import EdgeImporter
from kg.pipeline import imports
from kg.pipeline.imports import import_claims
from kg.store import open_store

LIST = "holder,issuer,share,known_from\nAnn Lee,Beta,0.6,2025\nBeta,Gamma,25%,2025-03\nGamma,Delta,0.1,2025\n"
BAD = "holder,issuer,share\nA,B,0.6\nB,C,-1\nC,C,0.5\n"


@pytest.fixture
def small(monkeypatch):
    """Chunks of two rows, a commit each."""
    monkeypatch.setattr(edges, "ROWS", 2)
    monkeypatch.setattr(imports, "_BATCH", 1)


def written(tmp_path, text, name="register.csv"):
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


def rows(count, start=0):
    return "holder,issuer,share\n" + "".join(f"H{at},I{at % 7},0.{at % 9 + 1}\n" for at in range(start, start + count))


def content(store):
    return [(c.id, c.subject, c.relation, c.object, c.evidence, c.document) for c in store.claims()], [
        (d.id, d.text) for d in store.documents()
    ]


def run(*arguments, given=None, code=0):
    done = CliRunner().invoke(cli, ["import", *map(str, arguments)], input=given)
    assert done.exit_code == code, (done.output, done.exception)
    return done


@pytest.mark.usefixtures("small")
def test_a_row_becomes_a_claim_whose_evidence_is_the_row(tmp_path):
    path = written(tmp_path, LIST)
    with open_store(None, write=True) as store:
        report = import_claims(store, EdgeImporter(path))
        claims, documents = list(store.claims()), {document.id: document for document in store.documents()}
    assert (report.rows, report.claims, report.written, report.bad_rows) == (3, 3, 2, 0)
    assert list(documents) == ["register.csv/000001", "register.csv/000002"]
    assert documents["register.csv/000002"].text == "holder,issuer,share,known_from\nGamma,Delta,0.1,2025\n"
    for claim in claims:
        [place] = claim.evidence
        assert documents[claim.document].text[place.start : place.end] == place.quote
    assert {claim.evidence[0].quote for claim in claims} == set(LIST.splitlines()[1:])


@pytest.mark.usefixtures("small")
def test_the_claims_are_those_of_the_list_read_whole(tmp_path):
    text = LIST + "Alpha Holding,Alpha,0.5,\nALPHA,Ann Lee,0.5,\n"
    path = written(tmp_path, text)
    whole = claims_of_edges(io.StringIO(text, newline=""))
    chunks = [claim for chunk in EdgeImporter(path).chunks() for claim in chunk.claims]
    assert [(c.subject, c.relation, c.object, c.qualifiers) for c in chunks] == [
        (c.subject, c.relation, c.object, c.qualifiers) for c in whole
    ]


@pytest.mark.usefixtures("small")
def test_a_second_import_changes_nothing(tmp_path):
    path = written(tmp_path, rows(7))
    with open_store(tmp_path / "store", write=True) as store:
        import_claims(store, EdgeImporter(path))
        before = content(store)
        journal = {file: file.read_bytes() for file in (tmp_path / "store").glob("*.jsonl")}
        report = import_claims(store, EdgeImporter(path))
        assert (report.unchanged, report.written, report.claims, report.retracted) == (4, 0, 0, 0)
        assert content(store) == before
        assert {file: file.read_bytes() for file in journal} == journal


@pytest.mark.usefixtures("small")
def test_a_changed_list_changes_its_chunks_and_a_shorter_one_loses_its_last(tmp_path):
    path = written(tmp_path, rows(7))
    with open_store(None, write=True) as store:
        import_claims(store, EdgeImporter(path))
        path.write_text(rows(7).replace("H6,I6,0.7", "H6,I6,0.75"), "utf-8")
        report = import_claims(store, EdgeImporter(path))
        assert (report.unchanged, report.written, report.claims, report.retracted) == (3, 1, 1, 1)
        path.write_text(rows(3), "utf-8")
        report = import_claims(store, EdgeImporter(path))
        assert (report.unchanged, report.written, report.forgotten, len(list(store.claims()))) == (1, 1, 2, 3)
        with open_store(None, write=True) as fresh:
            import_claims(fresh, EdgeImporter(path))
            assert content(store) == content(fresh)


@pytest.mark.usefixtures("small")
def test_a_name_that_another_row_tells_apart_is_another_entity_in_every_chunk(tmp_path):
    path = written(tmp_path, "holder,issuer,share\nAlpha Holding,X,0.5\nY,Z,0.5\n")
    with open_store(None, write=True) as store:
        import_claims(store, EdgeImporter(path))
        path.write_text(path.read_text("utf-8") + "Alpha,Z,0.1\n", "utf-8")
        report = import_claims(store, EdgeImporter(path))
        assert report.written == 2
        assert len({claim.subject.id for claim in store.claims()}) == 3


def test_memory_does_not_grow_with_the_list(tmp_path, monkeypatch):
    for place, name in ((edges, "ROWS"), (names, "_BATCH"), (names, "_CACHED")):
        monkeypatch.setattr(place, name, 20)

    def peak(count):
        path = written(tmp_path, rows(count), f"{count}.csv")
        tracemalloc.start()
        for chunk in EdgeImporter(path).chunks():
            assert chunk.rows
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(400)  # what is loaded once is no growth
    assert peak(1200) < 1.2 * peak(400)


KILLED = """
import os, signal, sys
from kg.importers.edges import importer
from kg.pipeline import imports
from kg.store import open_store

importer.ROWS, imports._BATCH = 2, 1


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
    imports.import_claims(Killed(store), importer.EdgeImporter(sys.argv[2]))
"""


@pytest.mark.usefixtures("small")
def test_an_import_that_was_killed_goes_on_where_it_was(tmp_path):
    path = written(tmp_path, rows(9))
    done = subprocess.run([sys.executable, "-c", KILLED, tmp_path / "store", path], check=False)
    assert done.returncode == -signal.SIGKILL
    with open_store(tmp_path / "store", write=True) as store, open_store(None, write=True) as whole:
        assert len(list(store.claims())) == 4
        report = import_claims(store, EdgeImporter(path))
        assert (report.unchanged, report.written) == (2, 3)
        import_claims(whole, EdgeImporter(path))
        assert content(store) == content(whole)


def test_rows_that_do_not_hold_are_named_with_their_place_and_the_others_taken_in(tmp_path):
    path, store = written(tmp_path, BAD), tmp_path / "store"
    done = run("edges", path, "--store", store, code=1)
    assert "row 2 (line 3): share '-1' is negative; write 0 to 1" in done.stderr
    assert "row 3 (line 4): issuer 'C' is the holder itself" in done.stderr
    assert "read 3 rows, 1 claim, 2 rows left out" in done.stdout
    again = run("edges", path, "--store", store, "--skip-bad")
    assert "1 chunk unchanged" in again.stdout
    with open_store(store) as opened:
        assert [row.holder.name for row in owners(opened.claims(), "B")] == ["A"]


def test_a_list_comes_over_standard_input_too(tmp_path):
    run("edges", "-", "--unit", "percent", "--store", tmp_path / "store", given="holder,issuer,share\nA,B,60\n")
    with open_store(tmp_path / "store") as store:
        [claim] = store.claims()
    assert (claim.document, claim.qualifiers.percent) == ("stdin/000001", 60)


def test_a_list_that_is_none_is_refused_before_anything_is_written(tmp_path):
    done = run("edges", written(tmp_path, "holder,isuer\nA,B\n"), "--store", tmp_path / "store", code=1)
    assert "Did you mean 'issuer'?" in str(done.exception)
    with open_store(tmp_path / "store", write=True) as store:
        assert not list(store.documents())
