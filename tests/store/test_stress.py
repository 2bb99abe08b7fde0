"""Series of faults: two hundred kills in the midst of commits, a thousand flipped bytes, a disk that is full."""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest

from kg.errors import KgError
from kg.store import check, open_store, salvage, verify
from kg.store.checkpoint import Checkpoint, stamp_of

_COMMITS = """
from kg.judgements import Judgement, Verdict
first = int(sys.argv[2])
def name(n): return n % 50 if n % 3 == 0 else n
with open_store(sys.argv[1], write=True) as store:
    print("ready", flush=True)
    for n in range(first, first + 10_000):
        if n % 5 == 4:
            store.update(f"INSERT DATA {{ GRAPH <urn:mine> {{ <urn:a> <urn:n> {n} }} }}")
        elif n % 5 == 3:
            judged = reading(name(n - 1))
            verdict = tuple(Verdict)[n % len(Verdict)]
            about = judged.claims[0], judged.document.sha256
            judge(store, [Judgement(verdict, *about, f"author-{n}", "2026-01-01T00:00:00Z", tool="test")])
        else:
            store.commit([reading(name(n), claims=n % 4 + 1)])
        print(n, flush=True)
"""


@pytest.mark.long
def test_two_hundred_kills_lose_nothing_that_was_acknowledged(tmp_path, start, capsys):
    chance = random.Random(7)  # noqa: S311 - a fault's time, not a secret
    acknowledged, notes = -1, Counter()
    for _ in range(200):
        with start(_COMMITS, tmp_path / "s", acknowledged + 1) as process:
            # Also while the index is mended, before the first commit.
            if chance.random() < 0.9:
                process.stdout.readline()
            time.sleep(chance.random() * 0.3)
            process.send_signal(signal.SIGKILL)
            numbers = [int(line) for line in process.stdout.read().split() if line.isdigit()]
        acknowledged = max([acknowledged, *numbers])
        with contextlib.suppress(FileNotFoundError), open_store(tmp_path / "s") as store:
            notes.update(store.notes)
            _holds_all(store, acknowledged)
    with open_store(tmp_path / "s") as store:
        assert check(store).violations == ()
    with capsys.disabled():
        print(f"\n200 kills, {acknowledged + 1} commits acknowledged, none lost; at opening: {dict(notes)}")


def _holds_all(store, acknowledged):
    """All that was acknowledged, and of what was not at most the commit that was under way."""
    documents = {document.id for document in store.documents()}
    expected = {_name(n) for n in range(acknowledged + 1) if n % 5 < 3}
    assert expected <= documents
    assert len(documents - expected) <= 1
    numbers = {int(quad.object.value) for quad in store.quads("urn:mine")}
    mine = {n for n in range(acknowledged + 1) if n % 5 == 4}
    assert mine <= numbers <= mine | {acknowledged + 1}
    judged = {(one.document, one.author) for id_ in documents for one in store.reading(id_).judgements}
    words = {(_name(n - 1), f"author-{n}") for n in range(acknowledged + 1) if n % 5 == 3}
    assert words <= judged <= words | {(_name(acknowledged), f"author-{acknowledged + 1}")}


def _name(n):
    return f"{n % 50 if n % 3 == 0 else n}.txt"


def _all_of(store):
    """All that a store says, and what queries of several kinds say of it."""
    rows = [
        sorted(map(str, store.query(query)))
        for query in (
            "SELECT ?s ?p ?o { ?s ?p ?o }",
            "SELECT ?o (COUNT(*) AS ?n) { ?s kg:holdsStake ?o } GROUP BY ?o",
            "SELECT ?a ?b { ?a kg:holdsStake+ ?b }",
        )
    ]
    table = store.claims_table().to_pylist()
    copies = store.near_duplicates().groups()
    content = (tuple(store.claims()), tuple(store.documents()), tuple(store.history()), tuple(store.entities()))
    content += tuple(store.reading(document.id).judgements for document in content[1])
    return content, rows, table, copies, frozenset(map(str, store.quads()))


@pytest.fixture
def kept(tmp_path, start):
    """A store with all its files: twenty documents, copies among them, judgements, an own graph, columns."""
    program = """
    from kg.judgements import Judgement, Verdict
    with open_store(sys.argv[1], write=True) as store:
        for n in range(20):
            store.commit([reading(n)])
            if n % 4 == 0:
                store.index.store.flush()
            if n % 3 == 0:
                about = reading(n).claims[n % 5], reading(n).document.sha256
                judge(store, [Judgement(tuple(Verdict)[n % 2], *about, "ada", "2026-01-01T00:00:00Z", tool="test")])
        store.update("INSERT DATA { GRAPH <urn:mine> { <urn:a> <urn:b> 1 } }")
        store.near_duplicates()
        store.claims_table()
    """
    with start(program, tmp_path / "kept") as process:
        assert process.wait() == 0
    return tmp_path / "kept"


def _flip(folder, chance):
    """Flip a bit of a file, each file as likely as any; return its kind.

    Every other time as a failing disk does it: no time of change tells of it, and the journal's checkpoint counts.
    """
    silently = chance.random() < 0.5
    if silently:
        open_store(folder).close()
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size)
    path = chance.choice(files)
    content = bytearray(path.read_bytes())
    at = chance.randrange(len(content))
    content[at] ^= 1 << chance.randrange(8)
    times, checkpoint = path.stat(), Checkpoint(folder / "journal.checkpoint")
    with (folder / "journal.jsonl").open("rb") as journal:
        end = checkpoint.end(journal.fileno())
        path.write_bytes(bytes(content))
        if silently:
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
        if silently and path.name == "journal.jsonl":
            checkpoint.keep(end, stamp_of(journal.fileno()))
    within = f"index/*{path.suffix}" if path.suffix else f"index/{path.name[:8]}"
    return f"{path.name if path.parent == folder else within}{', silently' if silently else ''}"


@pytest.mark.long
def test_a_thousand_flipped_bytes_are_mended_or_named(kept, tmp_path, capsys):
    chance = random.Random(11)  # noqa: S311 - the same bytes each time
    with open_store(kept) as store:
        before = _all_of(store)
    outcomes, silent = Counter(), []
    for number in range(1000):
        place = tmp_path / "damaged"
        shutil.copytree(kept, place)
        kind = _flip(place, chance)
        try:
            with open_store(place) as store:
                same = _all_of(store) == before
                how = "mended" if store.notes else "harmless"
                violations = verify(store).violations
            if not same:
                how = "named by verify" if violations else "SILENT"
        except KgError as error:
            how = "named" if "\n" not in str(error) else "named, but not in one line"
        outcomes[kind, how] += 1
        if how == "SILENT":
            silent.append((number, kind))
        shutil.rmtree(place)
    with capsys.disabled():
        print("\n1000 flipped bytes:")
        for (kind, how), count in sorted(outcomes.items()):
            print(f"  {kind:<30}{how:<18}{count}")
    assert silent == []
    assert not [how for _, how in outcomes if "not in" in how]


@pytest.mark.long
def test_power_that_is_lost_costs_the_index_alone(kept, tmp_path):
    """Whatever of the index never reached the disk, the synced journal has all."""
    chance = random.Random(13)  # noqa: S311 - the same each time
    with open_store(kept) as store:
        before = _all_of(store)
    for _ in range(60):
        place = tmp_path / "cut"
        shutil.copytree(kept, place)
        for path in (place / "index").iterdir():
            if chance.random() < 0.5:
                size = path.stat().st_size
                with path.open("r+b") as file:
                    file.truncate(chance.randrange(size + 1))
            elif chance.random() < 0.2:
                path.unlink()
        with open_store(place) as store:
            assert _all_of(store) == before
        shutil.rmtree(place)


_FILLED = """
import resource, signal, sys
from kg.errors import StoreError
from kg.store import open_store
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with open_store(sys.argv[1], write=True) as store:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
    try:
        for n in range(1000):
            store.update("INSERT DATA { GRAPH <urn:mine> { <urn:a> <urn:n> %d } }" % n)
    except StoreError as error:
        print(n, error)
    print(sum(1 for _ in store.claims()), len(store.query("SELECT * { ?s ?p ?o }").variables))
"""


@pytest.mark.parametrize("room", [400, 2000, 20_000])
def test_on_a_full_disk_it_takes_no_more_and_goes_on_answering(folder, room):
    """A file may grow no more: the journal's, or one of the index, whichever comes first."""
    size = (folder / "journal.jsonl").stat().st_size + room
    command = [sys.executable, "-c", _FILLED, str(folder), str(size)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    refused, answered = done.stdout.splitlines()
    acknowledged = int(refused.split()[0])
    assert "free space" in refused or "safe in the journal" in refused or "File too large" in refused
    assert answered == "11 3"
    with open_store(folder) as store:
        assert acknowledged <= len(list(store.quads("urn:mine"))) <= acknowledged + 1
        assert check(store).violations == ()
    assert salvage(folder / "journal.jsonl").lost == []
