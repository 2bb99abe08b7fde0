"""Every target of one machine in one run, each beside its peer: load, open, serve, check, analyse, start.

Each side works in processes of its own. Times are those of the processor, all threads together, which other work on
the machine changes less than the clock; a server's requests a second and how late it answers are by the clock, and
mean something on a machine that does nothing else. `MB` is what a process held at most while it worked.

load      a commit of documents, journal and sync included, against rdflib and bare pyoxigraph, which load the N-Quads
open      a store as it was left, against the same without checkpoint and checksums
serve     32 clients, light queries, against ``oxigraph serve``; how late the last of four queries that hurt is answered
check     growth from n claims to four times as many; against pyshacl on a few; with ``--old CHECKOUT`` against that
analyses  on claims in memory, against their kernels: the same question asked of arrays that are made
start     ``import kg`` and ``kg --help``, against ``python -c pass``

``--quick`` takes a tenth of the data; ``--only load,check`` some of the parts.
"""

import argparse
import asyncio
import contextlib
import json
import math
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import _memory
import opening
import serving
import store
from bench import ROOT, shown

LATE = 0.25
TURNS = 5


@dataclass(frozen=True)
class Side:
    """What one side took: a number, and megabytes at most; None where nobody measured."""

    taken: float | None = None
    megabytes: float | None = None


@dataclass(frozen=True)
class Line:
    """A target: what ours must be in times of the peer's (or alone, without a peer)."""

    what: str
    ours: Side
    theirs: Side
    ratio: float | None
    target: str
    met: bool | None
    unit: str = "s"

    def __str__(self) -> str:
        numbers = "".join(f"{self._shown(side.taken):>12}" for side in (self.ours, self.theirs))
        sizes = "".join(
            f"{'–' if side.megabytes is None else f'{side.megabytes:.0f}':>7}" for side in (self.ours, self.theirs)
        )
        ratio = "–" if self.ratio is None else f"{self.ratio:.2f}"
        verdict = {True: "met", False: "missed", None: ""}[self.met]
        return f"{self.what:<44}{numbers}{ratio:>9}  {self.target:<18}{verdict:<8}{sizes}"

    def _shown(self, taken: float | None) -> str:
        return "–" if taken is None else shown(taken) if self.unit == "s" else f"{taken:.2f}{self.unit}"


HEAD = f"{'':<44}{'kg':>12}{'peer':>12}{'ratio':>9}  {'target':<18}{'':<8}{'MB':>7}{'peer':>7}"


def at_least(what: str, ours: Side, theirs: Side, times: float | None) -> Line:
    """Ours may take so many times less than the peer."""
    ratio = theirs.taken / ours.taken if ours.taken and theirs.taken else None
    met = None if ratio is None or times is None else ratio >= times
    return Line(what, ours, theirs, ratio, "" if times is None else f"peer/kg ≥ {times:g}", met)


def at_most(what: str, ours: Side, theirs: Side, times: float) -> Line:
    """Ours may take so many times what the peer takes."""
    ratio = ours.taken / theirs.taken if ours.taken and theirs.taken else None
    return Line(what, ours, theirs, ratio, f"kg/peer ≤ {times:g}", None if ratio is None else ratio <= times)


def alone(act: Callable[[store.Ready], store.Asked]) -> Side:
    """Act in a process of its own; memory counts from when it is ready."""

    def measured(ready: store.Ready) -> tuple[store.Asked, float]:
        def begin() -> None:
            _memory.start()
            ready()

        asked = act(begin)
        return asked, _memory.peak()

    found = store.killable(measured, store.LONG)
    return Side() if isinstance(found, store.Asked) else Side(found[0].seconds, found[1])


def python(code: str, *arguments: object, folder: Path = ROOT) -> Any:
    """Run code in a process of its own, with the kg of a checkout; return the JSON that it writes last."""
    paths = os.pathsep.join((str(folder), str(ROOT / "benchmarks")))
    command = [sys.executable, "-c", code, *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": paths}
    done = subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True)  # noqa: S603 - kg itself
    return json.loads(done.stdout.splitlines()[-1])


# ---------------------------------------------------------------- load and open
def parse(nquads: Path, ready: store.Ready) -> store.Asked:
    import rdflib

    dataset = rdflib.Dataset(default_union=True)
    ready()
    return store.Asked(store.timed(lambda: dataset.parse(str(nquads), format="nquads"))[0])


def load(share: int) -> Iterator[Line]:
    companies, claims = 10_000 // share, 30_000 // share
    with tempfile.TemporaryDirectory() as temporary:
        place = store.Place(Path(temporary))
        ours = alone(lambda ready: store.load_ours(place.ours, companies, claims, store.COMMIT, ready))
        store.killable(lambda ready: store.written(place, ready), store.LONG)
        bare = alone(lambda ready: store.load_bare(place.bare, place.nquads, ready))
        rdflib = alone(lambda ready: parse(place.nquads, ready))
    yield at_least(f"load {claims:,} claims, rdflib in memory", ours, rdflib, 5)
    yield at_least("  the same, pyoxigraph bare on disk", ours, bare, None)


OPEN = """
import json, sys, time, _memory
from kg.store import open_store
open_store(None).close()
_memory.start()
start = time.process_time()
store = open_store(sys.argv[1])
print(json.dumps([time.process_time() - start, _memory.peak()]))
"""


def open_(share: int, claims: int) -> Iterator[Line]:
    claims //= share
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "store"
        opening.make(folder, claims, is_judged=False)
        python(OPEN, folder)
        ours = middle([python(OPEN, folder) for _ in range(TURNS)])
        theirs = []
        for _ in range(TURNS):
            for name in opening.DERIVED:
                (folder / name).unlink(missing_ok=True)
            theirs.append(python(OPEN, folder))
    whole = middle(theirs)
    ratio = whole.taken / ours.taken if whole.taken and ours.taken else None
    yield Line(f"open {claims:,} claims, read through", ours, whole, ratio, "kg < 2 s", (ours.taken or 9) < 2)


def middle(pairs: list[list[float]]) -> Side:
    seconds, megabytes = zip(*pairs, strict=True)
    return Side(statistics.median(seconds), max(megabytes))


# ---------------------------------------------------------------- serve
def serve(share: int) -> Iterator[Line]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        work = Path(temporary)
        names, _ = serving.filled(work, 10_000 // share)
        rates: dict[str, list[serving.Load]] = {"ours": [], "theirs": []}
        for turn in range(4):
            side = serving.ours if turn % 2 == 0 else serving.theirs
            with side(work) as (process, url):
                rates[side.__name__].append(serving.loaded(process, url, names, 10_000 // share))
                if turn == 0:
                    hurt = asyncio.run(serving.limits(url, names[0]))
    ours, theirs = (
        Side(statistics.median(one.rate for one in found), max(one.after for one in found)) for found in rates.values()
    )
    ratio = (ours.taken or 0) / (theirs.taken or 1)
    what = f"serve {serving.CLIENTS} clients, oxigraph serve"
    yield Line(what, ours, theirs, ratio, "kg/peer ≥ 1", ratio >= 1, "/s")
    yield Line("four that hurt, after their limit", Side(hurt.four), Side(), None, "kg ≤ 250 ms", hurt.four <= LATE)


# ---------------------------------------------------------------- check
CHECK = """
import json, sys, time, _memory
from kg.store import check, open_store
with open_store(sys.argv[1]) as store:
    _memory.start()
    start = time.process_time()
    report = check(store)
    assert not report.violations, report.violations[:3]
    print(json.dumps([time.process_time() - start, _memory.peak()]))
"""
SHACL = """
import json, sys, time, _memory
import pyoxigraph as ox, pyshacl, rdflib
from kg.ontology import turtle
from kg.store import open_store
with open_store(sys.argv[1]) as store:
    triples = {ox.Triple(quad.subject, quad.predicate, quad.object) for quad in store.quads()}
data, shapes = rdflib.Graph(), rdflib.Graph().parse(data=turtle("shapes.ttl"), format="turtle")
data.parse(data=ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES), format="nt")
data.parse(data=turtle("kg.ttl"), format="turtle")
_memory.start()
start = time.process_time()
assert pyshacl.validate(data, shacl_graph=shapes)[0]
print(json.dumps([time.process_time() - start, _memory.peak()]))
"""


def check(share: int, old: Path | None) -> Iterator[Line]:
    few, claims = 20, 10_000 // share
    with tempfile.TemporaryDirectory() as temporary:
        folders = {size: Path(temporary) / str(size) for size in (few, claims, 4 * claims)}
        for size, folder in folders.items():
            store.killable(
                lambda ready, f=folder, n=size: store.load_ours(f, n // 3, n, store.COMMIT, ready), store.LONG
            )
        ours = {size: Side(*python(CHECK, folder)) for size, folder in folders.items()}
        one, four = ours[claims], ours[4 * claims]
        exponent = math.log((four.taken or 0) / (one.taken or 1), 4)
        yield Line(f"check {claims:,} claims, {4 * claims:,}", one, four, exponent, "exponent ≤ 1.1", exponent <= 1.1)
        yield at_least(f"check {few} claims, pyshacl, rules alone", ours[few], Side(*python(SHACL, folders[few])), 5)
        if old is not None:
            before = Side(*python(CHECK, folders[4 * claims], folder=old))
            yield at_least(f"check {4 * claims:,} claims, older checkout", four, before, 5)


# ---------------------------------------------------------------- analyses
CONTROL = """
import json, sys, time, _memory
import numpy as np
import analysis
from kg.analysis import claims_of_edges, control
from kg.analysis.ownership.control import control_pairs
from kg.analysis.ownership.holdings import Holdings
size = int(sys.argv[1])
def kernel(count, holder, issuer, share):
    graph = Holdings.of_arrays(count, holder, issuer, np.round(share, 4))
    return [control_pairs(graph, high=high) for high in (False, True)]
def timed(act, turns):
    best = []
    for _ in range(turns):
        start = time.process_time(); found = act(); best.append(time.process_time() - start)
    return min(best), found
arrays = analysis.ownership(size)
kernel(*arrays)
_memory.start()
theirs, pairs = timed(lambda: kernel(*arrays), 3)
peak = _memory.peak()
ends = zip(*(column.tolist() for column in arrays[1:]), strict=True)
claims = claims_of_edges([(f"N{one}", f"N{other}", round(share, 4)) for one, other, share in ends])
control(claims[:100])
_memory.start()
ours, rows = timed(lambda: control(claims), 3)
print(json.dumps([ours, _memory.peak(), theirs, peak, len(claims), len(rows)]))
"""


def analyses(share: int, old: Path | None) -> Iterator[Line]:
    ours, held, theirs, most, claims, _ = python(CONTROL, 100_000 // share)
    yield at_most(f"control of {claims:,} claims, its kernel", Side(ours, held), Side(theirs, most), 5)
    if old is not None:
        before, held_before, *_ = python(CONTROL, 100_000 // share, folder=old)
        yield at_least("  the same, older checkout", Side(ours, held), Side(before, held_before), None)


# ---------------------------------------------------------------- start
PEAK = "; print(next(line for line in open('/proc/self/status') if line.startswith('VmHWM')).split()[1])"


def start() -> Iterator[Line]:
    commands = {"bare": ["-c", "pass"], "import kg": ["-c", "import kg"], "kg --help": ["-m", "kg", "--help"]}
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(3 * TURNS + 1):  # by turns; the first warms the caches
        for name, command in commands.items():
            seconds = processor_of([sys.executable, *command])
            if turn:
                taken[name].append(seconds)
    sizes = {"bare": "pass", "import kg": "import kg", "kg --help": HELP}
    sides = {}
    for name, code in sizes.items():
        megabytes = None
        with contextlib.suppress(subprocess.CalledProcessError, ValueError):
            megabytes = python(code + PEAK) / 1024
        sides[name] = Side(statistics.median(taken[name]), megabytes)
    yield at_most("import kg, a bare interpreter", sides["import kg"], sides["bare"], 1.5)
    yield at_most("kg --help, a bare interpreter", sides["kg --help"], sides["bare"], 3)


HELP = """
import contextlib, io, sys
from kg.cli import main
sys.argv = ["kg", "--help"]
with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
    main()
_ = 0"""


def processor_of(command: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - kg itself
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="take a tenth of the data")
    parser.add_argument("--only", default="", help="parts, with commas between them")
    parser.add_argument("--claims", type=int, default=100_000, help="how many claims the opened store has (100000)")
    parser.add_argument("--old", type=Path, help="an older checkout, for its check and its control")
    given = parser.parse_args()
    share, old = 10 if given.quick else 1, None if given.old is None else given.old.resolve()
    parts: dict[str, Callable[[], Iterator[Line]]] = {
        "start": start,
        "load": lambda: load(share),
        "open": lambda: open_(share, given.claims),
        "check": lambda: check(share, old),
        "analyses": lambda: analyses(share, old),
        "serve": lambda: serve(share),
    }
    print(HEAD)
    for name, part in parts.items():
        if not given.only or name in given.only.split(","):
            for line in part():
                print(line, flush=True)


if __name__ == "__main__":
    os.environ.pop("KG_STORE", None)
    main()
