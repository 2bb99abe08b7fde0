"""What opening a store costs, and what judgements add to it, in one run. ``--quick`` takes a tenth of the data.

Opening    100,000 claims, for reading and for writing: journal and index as they were left, against the same store
           without checkpoint and checksums, which is read through
Judged     the same with a judgement on every claim, against the one without: opening, all edges asked for in SPARQL,
           all claims read

Each time is the median of processes of their own, which have loaded what they need. A ratio above 1 means that the
first side takes that many times less than the other; a tenth more than the other is 0.91. ``--claims N`` takes
another number of claims, ``--turns N`` another number of processes. A million are two stores of 8 and 10 GB that take
an hour of a processor each to make, and to read all claims takes ten minutes a turn: ``--claims 1000000 --acts
open,edges`` leaves that out.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from _generate import readings
from bench import ROOT, Row

from kg.judgements import Judgement, Verdict
from kg.store import DocumentClaims, open_store

COMMIT = 1024  # documents
TURNS = 5
JUDGED = ("open", "edges", "claims")
DERIVED = ("journal.checkpoint", "index.sums")
ACT = """
import sys, time
from kg.ontology import ontology
from kg.store import open_store
folder, act = sys.argv[1:]
relations = " ".join(f"<{relation.iri}>" for relation in ontology().relations.values())
open_store(None).close()
wall, processor = time.perf_counter(), time.process_time()
store = open_store(folder, write=act == "open to write")
if not act.startswith("open"):
    wall, processor = time.perf_counter(), time.process_time()
    found = store.claims() if act == "claims" else store.query("SELECT * { VALUES ?p { %s } ?a ?p ?b }" % relations)
    assert sum(1 for _ in found)
print(time.perf_counter() - wall, time.process_time() - processor)
store.close()
"""


def judged(reading: DocumentClaims) -> DocumentClaims:
    about, at = reading.document.sha256, "2026-01-01T00:00:00Z"
    said = (Judgement(Verdict.RIGHT, claim, about, "ada", at, tool="benchmark") for claim in reading.claims)
    return replace(reading, judgements=tuple(said))


def make(folder: Path, claims: int, *, is_judged: bool) -> None:
    taken = readings(claims, claims)
    with open_store(folder, write=True) as store:
        while batch := list(islice(taken, COMMIT)):
            store.commit(map(judged, batch) if is_judged else batch)


def once(folder: Path, act: str) -> tuple[float, float]:
    command = [sys.executable, "-c", ACT, str(folder), act]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603 - kg itself
    wall, processor = map(float, done.stdout.split())
    return wall, processor


def bare(folder: Path, act: str) -> tuple[float, float]:
    """Act on a store without what is derived of its journal and of its index's files."""
    for name in DERIVED:
        (folder / name).unlink(missing_ok=True)
    return once(folder, act)


def row(what: str, ours: list[tuple[float, float]], theirs: list[tuple[float, float]]) -> Row:
    turns = len(ours)
    (wall, processor), (wall_, processor_) = (
        map(statistics.median, zip(*runs, strict=True)) for runs in (ours, theirs)
    )
    return Row(what, wall, wall_, f"of the processor {processor:.2f} and {processor_:.2f} s; medians of {turns}")


def measure(claims: int, turns: int, acts: list[str]) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as temporary:
        plain, told = Path(temporary) / "plain", Path(temporary) / "judged"
        make(plain, claims, is_judged=False)
        for act in ("open", "open to write"):
            once(plain, act)
            ours = [once(plain, act) for _ in range(turns)]
            yield row(f"{act}, {claims:,} claims", ours, [bare(plain, act) for _ in range(turns)])
        make(told, claims, is_judged=True)
        for act in acts:
            # By turns, so that other work on the machine meets both.
            pairs = [(once(told, act), once(plain, act)) for _ in range(turns + 1)][1:]
            yield row(f"{act}, judged", [one for one, _ in pairs], [other for _, other in pairs])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="take a tenth of the data")
    parser.add_argument("--claims", type=int, default=100_000, help="how many claims (100000)")
    parser.add_argument("--acts", default=",".join(JUDGED), help="of the judged, with commas between them")
    parser.add_argument("--turns", type=int, default=TURNS, help=f"how many processes for each median ({TURNS})")
    given = parser.parse_args()
    print(f"{'':<28}{'kg':>12}{'other':>12}{'other/kg':>10}")
    for one in measure(given.claims // (10 if given.quick else 1), given.turns, given.acts.split(",")):
        print(one, flush=True)


if __name__ == "__main__":
    main()
