"""A server beside a writer: whole commits only, each seen soon, whoever kills whom."""

import datetime as dt
import subprocess
import sys
import threading

import kg
from kg.model import Claim, Document, Entity, Modality, Qualifiers
from kg.server.store_watcher import StoreWatcher
from kg.store import DocumentClaims, open_store

_COUNT = "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?c a kg:Claim }"
_WRITER = """
import sys
from pathlib import Path
from kg.model import Claim, Document, Entity, Modality
from kg.store import DocumentClaims, open_store

def bought(document, at):
    buyer, target = (Entity(f"company/{document.id}{at}{end}", f"{end} {at}", "Company") for end in ("A", "B"))
    return Claim(buyer, "acquires", target, Modality.ASSERTED, (document.evidence(0, len(document.text)),))

with open_store(Path(sys.argv[1]), write=True) as store:
    for commit in range(6):
        documents = [Document(f"{commit}-{at}.txt", "Five deals were struck.", "en") for at in range(10)]
        store.commit([DocumentClaims(one, tuple(bought(one, at) for at in range(5))) for one in documents])
"""


def contract(name="contract.txt", **terms):
    """A document that says who supplies whom, on some terms."""
    text = "Acme supplies Bolt."
    document = Document(name, text, "en", "2025-03-11")
    acme, bolt = (Entity(f"company/{name.lower()}", name, "Company") for name in ("Acme", "Bolt"))
    evidence = (document.evidence(0, len(text)),)
    claim = Claim(acme, "supplies", bolt, Modality.ASSERTED, evidence, Qualifiers(**terms), "2025-03-11")
    return DocumentClaims(document, (claim,))


def write(folder, *readings):
    with open_store(folder, write=True) as store:
        store.commit(readings)


def claims(served):
    return int(served.rows(_COUNT)[0]["n"])


def test_each_commit_is_seen_soon(serving, tmp_path, until):
    write(tmp_path / "store", contract())
    with serving(tmp_path / "store", tmp_path / "log") as served:
        assert claims(served) == 1
        with open_store(tmp_path / "store", write=True) as store:
            for number in range(2, 8):
                store.commit([contract(f"text-{number}")])
                until(lambda count=number: claims(served) == count)
        assert served.get("health").json()["commit"] == 7


class Workers:
    """What a watcher needs of a worker pool."""

    def __init__(self):
        self.snapshots = []

    def replace_snapshot(self, snapshot):
        self.snapshots.append(snapshot)


def test_a_day_that_changes_gives_a_new_snapshot(run_async, tmp_path):
    write(tmp_path / "store", contract())
    days = [dt.date(2025, 12, 31)]
    watcher = StoreWatcher(tmp_path / "store", tmp_path / "work", today=lambda: days[-1])
    first, workers = watcher.open(), Workers()
    run_async(watcher.refresh(workers))
    assert (watcher.day, workers.snapshots) == (dt.date(2025, 12, 31), [])
    days.append(dt.date(2026, 1, 1))
    run_async(watcher.refresh(workers))
    assert watcher.day == dt.date(2026, 1, 1)
    (second,) = workers.snapshots
    assert (second.number, second.index == first.index) == (first.number, False)
    run_async(watcher.refresh(workers))
    assert len(workers.snapshots) == 1, "once a day"
    watcher.clean()


def test_a_contract_that_ran_out_yesterday_is_no_edge_today(run_async, tmp_path):
    write(tmp_path / "store", contract(end="2025-12-31"))
    days = [dt.date(2025, 12, 31)]
    watcher = StoreWatcher(tmp_path / "store", tmp_path / "work", today=lambda: days[-1])

    def suppliers(snapshot):
        with snapshot.open() as store:
            return [row["s"].value for row in store.query("SELECT ?s { ?s kg:supplies ?o }")]

    assert len(suppliers(watcher.open())) == 1
    days.append(dt.date(2026, 1, 1))
    workers = Workers()
    run_async(watcher.refresh(workers))
    assert [suppliers(snapshot) for snapshot in workers.snapshots] == [[]]
    watcher.clean()


def test_a_writer_runs_beside_a_server_and_only_whole_commits_show(serving, tmp_path, until):
    write(tmp_path / "store", contract())
    per_document = (
        "SELECT ?d (COUNT(DISTINCT ?c) AS ?n) { GRAPH ?d { ?c a kg:Claim ; rdf:predicate kg:acquires } } GROUP BY ?d"
    )
    nameless = "SELECT ?c { GRAPH ?g { ?c rdf:subject ?s } FILTER NOT EXISTS { ?s rdfs:label ?name } }"
    command = [sys.executable, "-c", _WRITER, str(tmp_path / "store")]
    with serving(tmp_path / "store", tmp_path / "log") as served:
        built = threading.Thread(target=subprocess.run, args=(command,), kwargs={"check": True, "capture_output": True})
        built.start()
        counts = {}
        while built.is_alive():
            seen = {row["d"]: row["n"] for row in served.rows(per_document)}
            for document, number in seen.items():
                counts.setdefault(document, set()).add(number)
            assert served.rows(nameless) == [], "no claim without its entities"
        built.join()
        with kg.open(tmp_path / "store") as graph:
            documents = {claim.document for claim in graph.claims() if claim.relation == "acquires"}
        assert len(documents) > 50
        until(lambda: len(served.rows(per_document)) == len(documents))
        for row in served.rows(per_document):
            assert counts.get(row["d"], {row["n"]}) == {row["n"]}, "a document is there whole, or not at all"


def test_a_server_starts_beside_a_writer_and_reads_a_folder_that_it_cannot_write(serving, tmp_path):
    with open_store(tmp_path / "store", write=True) as store:
        store.commit([contract()])
        with serving(tmp_path / "store", tmp_path / "log") as served:
            assert claims(served) == 1


def test_a_store_that_is_replaced_is_read_anew(serving, tmp_path, until):
    for name, count in (("one", 1), ("two", 3)):
        write(tmp_path / name, *(contract(f"text-{number}") for number in range(count)))
    with serving(tmp_path / "one", tmp_path / "log") as served:
        assert claims(served) == 1
        (tmp_path / "one").rename(tmp_path / "old")
        (tmp_path / "two").rename(tmp_path / "one")
        until(lambda: claims(served) == 3)
        assert served.get("health").status_code == 200


def test_a_store_that_is_damaged_is_answered_from_its_last_state(serving, tmp_path, until):
    write(tmp_path / "store", contract())
    with serving(tmp_path / "store", tmp_path / "log") as served:
        with (tmp_path / "store" / "journal.jsonl").open("ab") as journal:
            journal.write(b"0" * 32 + b' {"at":"x"}\n')
        until(lambda: served.get("health").status_code == 503)
        health = served.get("health").json()
        assert (health["status"], "is damaged" in health["trouble"]) == ("stale", True)
        assert claims(served) == 1


def test_what_is_no_store_is_left_alone(tmp_path):
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    command = [sys.executable, "-m", "kg", "serve", "--port", "0", "--store"]
    for folder in (tmp_path, tmp_path / "none"):
        ended = subprocess.run([*command, str(folder)], capture_output=True, text=True, check=False, timeout=120)
        assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
        assert "kg build" in ended.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_port_that_is_taken_is_told(server, examples):
    command = [sys.executable, "-m", "kg", "serve", "--store", str(examples), "--port", str(server.port)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert (ended.returncode, "--port" in ended.stderr, ended.stderr.count("\n")) == (1, True, 1)
