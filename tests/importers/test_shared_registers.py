"""Real files of registers, by the command: nothing lost, the graph whole, a second import without any change."""

import csv
import gzip
import json
import signal
import subprocess
import sys

import pytest
from click.testing import CliRunner
from lxml import etree

from kg.cli import cli
from kg.importers.registers import recognised, register
from kg.pipeline.imports import import_register
from kg.store import check, open_store

SAMPLE = "gleif/lei-level1-sample-30k.csv.gz"
GLEIF_JSON = ("records", "relations", "exceptions")
ROWS = {"LEIRecord", "RelationshipRecord", "infoTable"}
"""Elements of which each is a row; a file of XML without one is a schedule, one row."""


def real_files(data):
    """The files of registers, but for the sample of thirty thousand; each is a source of its own."""
    patterns = (
        "bods/**/*.json",
        "ftm/*",
        "sec/13*/*",
        "sec/company_tickers.json",
        "gleif/cdf-fixtures/*",
        "gleif/rdf*/*",
    )
    return [path for pattern in patterns for path in sorted(data.glob(pattern)) if recognised(path) is not None]


def rows_of(path):
    """How many rows a file has, as its format alone counts them; None where a row is no piece of the format (RDF)."""
    if path.suffix == ".ttl":
        return None
    if path.suffix == ".xml":
        tags = [str(one.tag).rpartition("}")[2] for one in etree.fromstring(path.read_bytes().strip()).iter()]
        return sum(tag in ROWS for tag in tags) or 1
    if path.suffix == ".ijson":
        return len(path.read_text("utf-8").splitlines())
    told = json.loads(path.read_bytes())
    return len(next((told[key] for key in GLEIF_JSON if key in told), told) if isinstance(told, dict) else told)


def taken(path, store):
    """Import a file by the command, as a source of its own; return how many rows it says that there were."""
    kind = recognised(path)
    named = [] if kind in {"gleif", "sec"} else ["--name", f"{path.parent.name} {path.stem}"]
    told = ["import", kind, str(path), "--skip-bad", "--no-resolve", *named, "--store", str(store)]
    done = CliRunner().invoke(cli, told)
    assert done.exit_code == 0, done.output
    return int(done.stdout.partition("read ")[2].partition(" row")[0])


def test_every_real_file_is_taken_in_without_loss_a_second_time_without_change_and_the_graph_is_whole(shared, tmp_path):
    files, store = real_files(shared / "data"), tmp_path / "store"
    assert len(files) > 40
    for path in files:
        rows = taken(path, store)
        assert rows == (rows_of(path) or rows), path.name
        before = (store / "journal.jsonl").read_bytes()
        assert taken(path, store) == rows
        assert (store / "journal.jsonl").read_bytes() == before, path.name
    for command in ("resolve", "check"):
        done = CliRunner().invoke(cli, [command, "--store", str(store)])
        assert done.exit_code == 0, done.output


# ------------------------------------------------------------------------------------------ thirty thousand LEIs
KILLED = """
import os, signal, sys
from pathlib import Path
from kg.importers.registers import register
from kg.pipeline import imports
from kg.store import open_store

imports._RECORDS = 2000


class Killed:
    # A store that is killed while it writes the fourth commit.
    def __init__(self, store):
        self.store, self.left = store, 3

    def __getattr__(self, name):
        return getattr(self.store, name)

    def commit(self, readings):
        if not self.left:
            readings = (each if at < 900 else os.kill(os.getpid(), signal.SIGKILL) for at, each in enumerate(readings))
        self.left -= 1
        return self.store.commit(readings)


with open_store(sys.argv[1], write=True) as store:
    imports.import_register(Killed(store), register("gleif", Path(sys.argv[2])))
"""


@pytest.fixture(scope="module")
def sample(shared):
    return shared / "data" / SAMPLE


def said_of(store):
    """The records in a store, by the document of each: what registers say."""
    return {document.id: (document.text, tuple(store.records(document=document.id))) for document in store.documents()}


@pytest.mark.long
def test_an_import_of_thirty_thousand_that_was_killed_in_a_commit_goes_on(sample, tmp_path):
    done = subprocess.run([sys.executable, "-c", KILLED, tmp_path / "store", sample], check=False)
    assert done.returncode == -signal.SIGKILL
    with open_store(tmp_path / "store", write=True) as store, open_store(None, write=True) as whole:
        report = import_register(store, register("gleif", sample))
        assert (report.unchanged, report.written, report.rows) == (6000, 24_000, 30_000)
        import_register(whole, register("gleif", sample))
        assert said_of(store) == said_of(whole)
        assert check(store).violations == ()


@pytest.mark.long
def test_changes_to_thirty_thousand_change_only_what_they_should(sample, tmp_path):
    with gzip.open(sample, "rt", encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    name = header.index("Entity.LegalName")
    changed = [list(row) for row in rows[100:30_000:3000]]
    for row in changed:
        row[name] = f"{row[name]} Renamed"
    delta = tmp_path / "delta.csv"
    with delta.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *changed, *rows[:50]])
    with open_store(tmp_path / "store", write=True) as store:
        import_register(store, register("gleif", sample))
        before = said_of(store)
        report = import_register(store, register("gleif", delta, is_delta=True))
        assert (report.written, report.unchanged, report.forgotten, report.kept) == (10, 50, 0, 0)
        after = said_of(store)
        assert before.keys() == after.keys()
        assert {id_ for id_ in after if after[id_] != before[id_]} == {f"gleif/lei/{row[0]}" for row in changed}
        whole = import_register(store, register("gleif", sample))
        # No row of this sample says when it was written: the file that came last is believed, and what a company was
        # called meanwhile is a former name.
        assert (whole.written, whole.forgotten) == (10, 0)
        assert {id_: told[0] for id_, told in said_of(store).items()} == {id_: told[0] for id_, told in before.items()}
        assert check(store).violations == ()
