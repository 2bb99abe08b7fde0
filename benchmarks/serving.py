"""`kg serve` under load, beside ``oxigraph serve`` on the same data in the same run. ``--quick`` takes a tenth of it.

Load      32 clients at once, a mix of light queries: requests a second, p50 and p95, errors, memory before and after
Limits    how long after its limit a query that hurts is answered, and how many times longer a light one takes beside
          four of them than alone
"""

import argparse
import asyncio
import contextlib
import itertools
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import httpx2
import pyoxigraph as ox
from _generate import readings
from _served import started

from kg.store import open_store

CLIENTS = 32
LIMIT = 2.0
_KG = "PREFIX kg: <https://w3id.org/company-kg/ontology#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> "
LIGHT = (
    _KG + "SELECT ?o { <https://w3id.org/company-kg/company/%s> kg:supplies ?o } LIMIT 20",
    _KG + "SELECT ?p ?o { <https://w3id.org/company-kg/company/%s> ?p ?o }",
    _KG + "ASK { ?s kg:competesWith <https://w3id.org/company-kg/company/%s> }",
    _KG
    + "SELECT ?c ?m { GRAPH ?g { ?c rdf:subject <https://w3id.org/company-kg/company/%s> ; kg:modality ?m } } LIMIT 20",
)
HEAVY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


def memory(process: subprocess.Popen[str]) -> int:
    """Proportional memory of a server's processes, in MB: what they share counts once."""
    found = 0
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, IndexError):
            if int((entry / "stat").read_text().rpartition(")")[2].split()[3]) == process.pid:
                found += int(re.search(r"^Pss:\s+(\d+)", (entry / "smaps_rollup").read_text(), re.MULTILINE)[1])
    return found >> 10


async def load(url: str, names: list[str], requests: int) -> tuple[float, list[float], int]:
    """Return the seconds of all requests together, each one's, and how many failed."""
    took, failed = [], 0
    work = itertools.islice(itertools.cycle(itertools.product(LIGHT, names)), requests)
    limits = httpx2.Limits(max_connections=CLIENTS)
    async with httpx2.AsyncClient(timeout=60, limits=limits) as client:

        async def ask() -> None:
            nonlocal failed
            for query, name in work:
                begun = time.perf_counter()
                answer = await client.get(url, params={"query": query % name}, headers={"accept": "text/csv"})
                took.append(time.perf_counter() - begun)
                failed += answer.status_code != 200

        begun = time.perf_counter()
        await asyncio.gather(*(ask() for _ in range(CLIENTS)))
        return time.perf_counter() - begun, took, failed


@dataclass(frozen=True)
class Load:
    """What a server did under load: requests a second, milliseconds, failures, its memory in MB before and after."""

    rate: float
    p50: float
    p95: float
    failed: int
    before: int
    after: int

    def __str__(self) -> str:
        return f"{self.rate:>10.0f}{self.p50:>10.1f}{self.p95:>10.1f}{self.failed:>8}{self.before:>10}{self.after:>10}"


@dataclass(frozen=True)
class Hurt:
    """Seconds after its limit of a query that hurts, and of the last of four; of a light one alone and beside them."""

    one: float
    four: float
    alone: float
    beside: float


def loaded(process: subprocess.Popen[str], url: str, names: list[str], requests: int) -> Load:
    """Ask a server, warm after a tenth of the requests."""
    asyncio.run(load(url, names, requests // 10))
    before = memory(process)
    whole, took, failed = asyncio.run(load(url, names, requests))
    took.sort()
    p50, p95 = took[len(took) // 2] * 1000, took[len(took) * 95 // 100] * 1000
    return Load(len(took) / whole, p50, p95, failed, before, memory(process))


async def limits(url: str, name: str) -> Hurt:
    async with httpx2.AsyncClient(timeout=60) as client:

        async def seconds(query: str) -> float:
            begun = time.perf_counter()
            await client.post(url, data={"query": query}, headers={"accept": "text/csv"})
            return time.perf_counter() - begun

        # Each is another one: what was asked before needs no worker.
        others = itertools.count()

        async def light() -> float:
            return statistics.median([await seconds(f"{LIGHT[0] % name} OFFSET {next(others)}") for _ in range(200)])

        alone = await light()
        heavy = [asyncio.create_task(seconds(HEAVY)) for _ in range(4)]
        await asyncio.sleep(0.6)
        beside = await light()
        over = [await one - LIMIT for one in heavy]
        return Hurt(await seconds(HEAVY) - LIMIT, max(over), alone, beside)


def filled(work: Path, companies: int) -> tuple[list[str], int]:
    """Make the same data for both servers; return names of companies to ask for, and the number of quads."""
    with open_store(work / "store", write=True) as store:
        store.commit(readings(companies, 3 * companies))
        ids = (e.id for e in islice(store.entities(), 0, None, 7))
        names = [id_.removeprefix("company/") for id_ in ids if id_.startswith("company/")]
        foreign = ox.Store(str(work / "oxigraph"))
        foreign.bulk_extend(ox.Quad(q.subject, q.predicate, q.object) for q in store.quads())
        foreign.bulk_extend(store.quads())
        foreign.flush()
        return names, len(foreign)


def ours(work: Path) -> contextlib.AbstractContextManager[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-m", "kg", "serve", "--port", "0", "--store", str(work / "store")]
    return started([*command, "--time-limit", str(LIMIT)], None)


def theirs(work: Path) -> contextlib.AbstractContextManager[tuple[subprocess.Popen[str], str]]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    binary = str(Path(sys.executable).with_name("oxigraph"))
    place = ["--location", str(work / "oxigraph"), "--bind", f"127.0.0.1:{port}"]
    return started([binary, "serve", *place], f"http://127.0.0.1:{port}/query")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    companies, requests = (1000, 2000) if quick else (10_000, 20_000)
    with tempfile.TemporaryDirectory(prefix="kg-bench-", ignore_cleanup_errors=True) as folder:
        work = Path(folder)
        names, quads = filled(work, companies)
        print(f"{companies} companies, {quads} quads, {CLIENTS} clients, {requests} requests")
        print(f"{'':<16}{'req/s':>10}{'p50 ms':>10}{'p95 ms':>10}{'failed':>8}{'MB before':>10}{'MB after':>10}")
        with ours(work) as (process, url):
            print(f"{'kg serve':<16}{loaded(process, url, names, requests)}", flush=True)
            hurt = asyncio.run(limits(url, names[0]))
        print(
            f"one query that hurts is answered {hurt.one * 1000:.0f} ms after its limit; four at once, at most "
            f"{hurt.four * 1000:.0f} ms\na light query takes {hurt.alone * 1000:.1f} ms alone, "
            f"{hurt.beside * 1000:.1f} ms beside four: {hurt.beside / hurt.alone:.2f} times"
        )
        with theirs(work) as (process, url):
            print(f"{'oxigraph serve':<16}{loaded(process, url, names, requests)}", flush=True)


if __name__ == "__main__":
    os.environ.pop("KG_STORE", None)
    main()
