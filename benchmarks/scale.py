"""Registers of millions of names: what they cost to take in, to index, to ask, and to join with a file of names.

A folder is filled step by step, each step a process of its own, whose time, memory and disk are printed:

make      a register of N made companies in GLEIF's format (`_names.py`, seeded), and a file of N/3 names to look for:
          as they are, without their legal form, with a typing error, a third each; one in ten is in no register
import    the register, taken into a store
again     the same file once more, which changes nothing
index     the index of registers' records, made of the file (a store makes it of its journal)
ask       300 names of each kind, one after the other
batch     the file of names against the register, with precision and recall on what is known to be true

``python benchmarks/scale.py --folder DIR --rows 3000000`` takes all steps, or those named with ``--steps``: `index`,
`ask` and `batch` need no store. Needs the shared data (KG_SHARED), and for 3 million rows some 30 GB of disk.
"""

import argparse
import csv
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[1]))

from _names import SAMPLE, made, misspelled, without_form

from kg.importers.registers import register
from kg.pipeline.imports import import_register
from kg.query.batch_identification import NameFile, identify_file
from kg.query.identification import Asked, identify
from kg.store import DocumentClaims, open_store
from kg.store.register_index import RegisterIndex

ROWS, ASKED = 100_000, 300
ABSENT = 0.1
Facts = dict[str, Any]


def lei(number: int) -> str:
    """An LEI with its check digits (ISO 17442: ISO 7064, mod 97-10)."""
    body = f"MADE00{number:012}"
    return f"{body}{98 - int(''.join(str(int(letter, 36)) for letter in f'{body}00')) % 97:02}"


def _varied(name: str, kind: int, random_: random.Random) -> str:
    return (name, without_form(name), misspelled(name, random_))[kind]


def make(folder: Path, rows: int) -> Facts:
    """Write the register, the names that are looked for, and the truth: the LEI of each name, or none."""
    random_, asked, absent = random.Random(33), [], int(rows / 3 * ABSENT)
    names = made(rows + absent, SAMPLE)
    with (folder / "register.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("LEI", "Entity.LegalName", "Entity.LegalAddress.Country"))
        for number in range(rows):
            name, country = next(names)
            writer.writerow((lei(number), name, country))
            if random_.random() < (1 - ABSENT) / 3:
                asked.append((name, country, lei(number)))
    asked += [(name, country, "") for name, country in names]
    random_.shuffle(asked)
    with (
        (folder / "names.csv").open("w", encoding="utf-8", newline="") as file,
        (folder / "truth.csv").open("w", encoding="utf-8", newline="") as truth,
    ):
        writer, known = (csv.writer(one, lineterminator="\n") for one in (file, truth))
        writer.writerow(("name", "country"))
        known.writerow(("line", "lei", "kind"))
        for at, (name, country, key) in enumerate(asked):
            writer.writerow((_varied(name, at % 3, random_), country))
            known.writerow((at + 2, key, at % 3))
    return {"rows": rows, "asked": len(asked), "register_mb": _size(folder / "register.csv")}


def take_in(folder: Path, _: int) -> Facts:
    """Import the register into a store."""
    with open_store(folder / "store", write=True) as store:
        report = import_register(store, register("gleif", folder / "register.csv"))
    counts = {"written": report.written, "unchanged": report.unchanged, "rejected": report.bad_rows}
    return counts | {"store_mb": _size(folder / "store"), "journal_mb": _size(folder / "store/journal.jsonl")}


def index(folder: Path, _: int) -> Facts:
    """Make the index of registers' records."""
    place = folder / "registers"
    place.mkdir()
    made_ = RegisterIndex(place)
    chunks = register("gleif", folder / "register.csv").chunks()
    readings = (DocumentClaims(one.document, (), records=one.records) for one in chunks if one.document is not None)
    made_.change((), readings, many=True)
    return {"records": len(made_), "index_mb": _size(place)}


def ask(folder: Path, _: int) -> Facts:
    """Ask for names of each kind, one after the other; milliseconds of the processor."""
    told: Facts = {}
    besides = [RegisterIndex(folder / "registers")]
    with open_store(None) as store:
        identify(store, Asked("Warm Up"), besides=besides)
        for kind, called in enumerate(("exact", "no legal form", "typing error")):
            taken, found = [], 0
            for name, key in _few(folder, kind):
                start = time.process_time()
                best = identify(store, Asked(name), besides=besides)
                taken.append(1000 * (time.process_time() - start))
                found += f"company/lei-{key.lower()}" in {one.entity.id for one in best}
            told[called] = {
                "median": round(statistics.median(taken), 2),
                "90th": round(statistics.quantiles(taken, n=10)[-1], 2),
                "found": round(found / len(taken), 3),
            }
    return told


def _few(folder: Path, kind: int) -> Iterator[tuple[str, str]]:
    with (folder / "truth.csv").open(encoding="utf-8") as truth, (folder / "names.csv").open(encoding="utf-8") as names:
        pairs = zip(csv.DictReader(truth), csv.DictReader(names), strict=True)
        those = ((name["name"], one["lei"]) for one, name in pairs if one["lei"] and int(one["kind"]) == kind)
        for _, pair in zip(range(ASKED), those, strict=False):
            yield pair


class _Indexed:
    """A store so far as a file of names asks it: for the index of what registers say."""

    def __init__(self, folder: Path) -> None:
        self._index = RegisterIndex(folder)

    def register_index(self) -> RegisterIndex:
        return self._index


def batch(folder: Path, _: int) -> Facts:
    """Identify the names of the file, and compare with the truth."""
    store: Any = _Indexed(folder / "registers")
    start = time.monotonic()

    def told(line: str) -> None:
        print(f"    {time.monotonic() - start:,.0f} s: {line}", flush=True)

    with (folder / "found.csv").open("w", encoding="utf-8", newline="") as out:
        report = identify_file(store, NameFile(folder / "names.csv"), out, progress=told)
    return {"names": report.names, "listed": report.listed, "pairs": report.pairs} | judged(folder)


def judged(folder: Path) -> Facts:
    """Compare what was found with the truth: of each name, and of those that were said to be the same."""
    with (folder / "truth.csv").open(encoding="utf-8") as file:
        truth = {int(row["line"]): row["lei"] for row in csv.DictReader(file)}
    found, first, same, right, absent = set(), set(), 0, 0, 0
    seen: set[int] = set()
    ranked: list[tuple[float, bool]] = []
    with (folder / "found.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            line = int(row["line"])
            is_it = bool(truth[line]) and row["key"] == truth[line]
            if is_it:
                found.add(line)
                first |= {line} if line not in seen else set()
            if row["key"] and line not in seen:
                ranked.append((float(row["probability"]), is_it))
            if row["decision"] == "same":
                same, right = same + 1, right + is_it
                absent += not truth[line]
            seen.add(line)
    present = sum(map(bool, truth.values()))
    return {
        "found": round(len(found) / present, 4),
        "first": round(len(first) / present, 4),
        "same_precision": round(right / max(same, 1), 4),
        "same_recall": round(right / present, 4),
        "same_though_absent": absent,
        "best_f1": round(_best_f1(ranked, present), 4),
    }


def _best_f1(ranked: list[tuple[float, bool]], present: int) -> float:
    """Return the F1 of what is first of each name, at the threshold that is best, as `_splink.py` has it for Splink."""
    right, best = 0, 0.0
    for taken, (_, is_it) in enumerate(sorted(ranked, key=lambda one: -one[0]), 1):
        right += is_it
        best = max(best, 2 * right / (taken + present))
    return best


def _size(path: Path) -> int:
    files = [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
    return round(sum(file.stat().st_size for file in files) / 1e6)


STEPS: dict[str, Callable[[Path, int], Facts]] = {
    "make": make,
    "import": take_in,
    "again": take_in,
    "index": index,
    "ask": ask,
    "batch": batch,
}


def one(step: str, folder: Path, rows: int) -> None:
    """Take a step, and print what it cost as JSON; this is what the process of a step does."""
    start, before = time.monotonic(), time.process_time()
    told = STEPS[step](folder, rows)
    used = resource.getrusage(resource.RUSAGE_SELF)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    cost = {
        "seconds": round(time.monotonic() - start),
        "processor_seconds": round(time.process_time() - before + children.ru_utime + children.ru_stime),
        "peak_mb": round(max(used.ru_maxrss, children.ru_maxrss) / 1000),
    }
    print(json.dumps({"step": step} | cost | told), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, help="where all of it stands, and stays for steps to come")
    parser.add_argument("--rows", type=int, default=ROWS, help=f"companies of the register: {ROWS:,}")
    parser.add_argument("--steps", nargs="+", choices=STEPS, default=list(STEPS), help="the steps to take")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    told = parser.parse_args()
    if not SAMPLE.is_file():
        sys.exit(f"the shared data is not here: {SAMPLE} (set KG_SHARED)")
    if told.one:
        one(told.steps[0], told.folder, told.rows)
        return
    with tempfile.TemporaryDirectory() as made_here:
        folder = Path(made_here) if told.folder is None else told.folder
        folder.mkdir(parents=True, exist_ok=True)
        for step in told.steps:
            command = [sys.executable, __file__, "--folder", str(folder), "--rows", str(told.rows), "--one"]
            subprocess.run([*command, "--steps", step], check=True)  # noqa: S603 - this file


if __name__ == "__main__":
    main()
