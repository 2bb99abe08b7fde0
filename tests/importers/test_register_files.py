"""What files of the SEC, of Wikidata and of OpenCorporates have in common: flat memory, and going on after a kill."""

import json
import signal
import subprocess
import sys
import tracemalloc

import pytest

from kg.importers import csv_rows, groups, json_elements, xml_elements
from kg.importers.registers import recognised, register
from kg.importers.wikidata import items
from kg.pipeline.imports import import_register
from kg.store import open_store
from tests.importers import sec_files, wikidata_files
from tests.importers.opencorporates_files import COMPANIES, HELD, RELATIONSHIPS, ZELTAN, table


def tickers(count, long=""):
    rows = {str(at): {"cik_str": at + 1, "ticker": "AB", "title": f"Company {at}{long}"} for at in range(count)}
    return "sec", json.dumps(rows)


def holdings(count, long=""):
    rows = [sec_files.row(name=f"COMPANY {at}{long}", cusip=sec_files.cusip(at)) for at in range(count)]
    return "sec", sec_files.table(*rows)


def dump(count, long=""):
    made = (
        wikidata_files.item(f"Q{at + 1}", f"Company {at}{long}", P749=[wikidata_files.thing(f"Q{at + 2}")])
        for at in range(count)
    )
    return "wikidata", wikidata_files.lines(*made)


def results(count, long=""):
    return "wikidata", wikidata_files.results(
        *({"item": f"Q{at + 1}", "itemLabel": f"C{at}{long}", "parent": f"Q{at + 2}"} for at in range(count))
    )


def companies(count, long=""):
    return "opencorporates", table(
        COMPANIES, *({**ZELTAN, "company_number": f"{at:08}", "name": f"C{long}"} for at in range(count))
    )


def relationships(count, long=""):
    return "opencorporates", table(
        RELATIONSHIPS,
        *({**HELD, "oc_relationship_identifier": at, "object_entity_name": f"C{long}"} for at in range(count)),
    )


LONG = " x" * 1000
FILES = pytest.mark.parametrize("made", [tickers, holdings, dump, results, companies, relationships])


def written(tmp_path, made, count, long=""):
    kind, text = made(count, long)
    (tmp_path / "primary_doc.xml").write_text(sec_files.cover(), "utf-8")
    path = tmp_path / f"{count}.file"
    path.write_text(text, "utf-8")
    return kind, path


@FILES
def test_a_file_is_recognised_by_what_it_holds(tmp_path, made):
    kind, path = written(tmp_path, made, 3)
    assert recognised(path) == kind


@FILES
def test_memory_does_not_grow_with_the_file(tmp_path, monkeypatch, made):
    for module, name, size in (
        (json_elements, "_PIECE", 1 << 12),
        (xml_elements, "_PIECE", 1 << 12),
        (groups, "_BATCH", 20),
        (items, "_BATCH", 20),
    ):
        monkeypatch.setattr(module, name, size)

    def peak(count):
        kind, path = written(tmp_path, made, count, LONG)
        tracemalloc.start()
        rows = sum(chunk.rows for chunk in register(kind, path).chunks())
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert rows == count
        return most, path.stat().st_size

    peak(200)  # what is loaded once is no growth
    (small, size), (large, larger) = peak(200), peak(1200)
    # The interpreter keeps some thousand small objects for use again, whatever the file is.
    assert large - small < (larger - size) / 5


KILLED = """
import os, signal, sys
from pathlib import Path
from kg.importers.registers import recognised, register
from kg.importers.wikidata import items
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
    imports.import_register(Killed(store), register(sys.argv[2], Path(sys.argv[3])))
"""


@FILES
def test_an_import_that_was_killed_goes_on_where_it_was(tmp_path, made):
    kind, path = written(tmp_path, made, 9)
    done = subprocess.run([sys.executable, "-c", KILLED, tmp_path / "store", kind, path], check=False)
    assert done.returncode == -signal.SIGKILL
    with open_store(tmp_path / "store", write=True) as store, open_store(None, write=True) as whole:
        report = import_register(store, register(kind, path))
        assert (report.unchanged, report.written) == (4, 5)
        import_register(whole, register(kind, path))
        assert sorted(claim.id for claim in store.claims()) == sorted(claim.id for claim in whole.claims())
        assert [document.text for document in store.documents()] == [document.text for document in whole.documents()]


def test_rows_are_cut_out_of_a_file_whatever_the_pieces_in_which_it_is_read(tmp_path, monkeypatch):
    path = tmp_path / "x"
    text = '<a>\n<r>é<b/><c x="/>"></c><d><e/></d></r>\n<!-- <r> --><r/></a>'
    value = {"head": {"x": [1.50, '\\"]']}, "results": {"y": None, "bindings": [{"a": "é}"}, 12, [[]], "", {}]}}
    for size in (1, 2, 3, 7, 1000):
        monkeypatch.setattr(xml_elements, "_PIECE", size)
        monkeypatch.setattr(json_elements, "_PIECE", size)
        path.write_text(text, "utf-8")
        with path.open("rb") as stream:
            records = list(xml_elements.xml_records(stream, ("r",), path))
        assert [(record.line, record.text) for record in records] == [
            (2, '<r>é<b/><c x="/>"></c><d><e/></d></r>'),
            (3, "<r/>"),
        ]
        parts = [records[0].text[part.start : part.end] for part in records[0].root.children]
        assert parts == ["<b/>", '<c x="/>"></c>', "<d><e/></d>"]
        path.write_text(json.dumps(value, ensure_ascii=False, indent=1), "utf-8")
        with path.open("rb") as stream:
            elements = list(json_elements.json_elements(stream, path, ("results", "bindings")))
        assert [json.loads(element.text) for element in elements] == value["results"]["bindings"]
        assert [element.pointer for element in elements] == [f"/results/bindings/{at}" for at in range(5)]


def test_a_row_of_csv_may_go_over_several_lines(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(b'\xef\xbb\xbfa,b\r\n1,"x\r\ny"\r\n\r\n2,z\r\n')
    with path.open("rb") as stream:
        rows = list(csv_rows.csv_rows(stream, path))
    assert [(row.number, row.line, dict(row.cells)) for row in rows] == [
        (1, 2, {"a": "1", "b": "x\r\ny"}),
        (2, 5, {"a": "2", "b": "z"}),
    ]
    assert rows[0].document == 'a,b\n1,"x\r\ny"'
