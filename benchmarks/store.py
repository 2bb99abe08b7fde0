"""Loading and asking a store, against four other engines on the same data, in one run. ``--quick`` takes a tenth.

10,000 companies with 30,000 claims (1.1M triples) and 100,000 with 65,000 (2.6M triples); each claim has its terms,
dates and evidence. Every time is that of a process of its own, killed at the limit; — is no answer by then.

kg          commits of 1,024 documents, journal and sync included; library queries through kg.query, names looked up
rdflib      in memory, the smaller size alone: N-Quads parsed; the same SPARQL
oxrdflib    rdflib's API over Oxigraph on disk: N-Quads loaded; the same SPARQL
pyoxigraph  bare, on disk: N-Quads loaded in bulk; the same SPARQL
DuckDB      a database on disk, loaded from the Arrow table of claims; kg's SQL of those queries that scan

Times are those of the processor, all threads together, which other work on the machine does not change much. Beside
them stand their ratios: what rdflib and pyoxigraph take, in times of kg; what kg takes, in times of DuckDB.
"""

import argparse
import gc
import multiprocessing
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from _generate import readings
from bench import shown

from kg.ontology import PREFIXES
from kg.query import Table, run
from kg.query.arguments import bind
from kg.query.library import NamedQuery, library
from kg.store import Store, open_store
from kg.store.iris import IriScheme

COMMIT = 1024  # documents
PATIENCE = 20  # times the limit that a process may take by the clock
FEW = 16  # documents, as kg build commits them
HUBS = ("Ara", "Arex")  # the names that the generator draws most
STATED = {"from": "2020", "to": "2021"}
LONG = 300.0  # seconds that loading may take
SIZES = ((10_000, 30_000, True), (100_000, 65_000, False))  # companies, claims, whether rdflib takes part
SIDES = ("kg", "rdflib", "oxrdflib", "pyoxigraph", "DuckDB")


@dataclass(frozen=True)
class Asked:
    """What one side said: median seconds, and rows; None where there was no answer in time."""

    seconds: float | None = None
    rows: int | None = None
    note: str = ""


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    """Act, and return the processor's seconds, all threads together, with what came of it."""
    gc.collect()
    start = time.process_time()
    result = act()
    return time.process_time() - start, result


Ready = Callable[[], None]
Act = Callable[[Ready], Asked]


def killable(act: Callable[[Ready], Any], limit: float) -> Any:
    """Act in a forked process, killed when it has used the processor so long after it said that it is ready.

    This process opens no store itself: RocksDB's threads are not there any more in a fork, and it waits for them.
    """
    fork = multiprocessing.get_context("fork")
    receiver, sender = fork.Pipe(duplex=False)

    def ready() -> None:
        end = int(time.process_time() + limit) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (end, end))
        sender.send(None)

    def child() -> None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        sender.send(act(ready))

    process = fork.Process(target=child)
    process.start()
    sender.close()
    try:
        receiver.recv()
        if not receiver.poll(PATIENCE * limit):
            process.kill()
        return receiver.recv()
    except EOFError:
        return Asked()
    finally:
        process.join()


def median_of(act: Callable[[], int]) -> Asked:
    """Run up to five times, as long as that takes no more than two seconds; the process is warm after the first."""
    first, rows = timed(act)
    runs = [first]
    while len(runs) < 5 and sum(runs) < 2:
        runs.append(timed(act)[0])
    return Asked(statistics.median(runs), rows)


def line(what: str, asked: Mapping[str, Asked], note: str = "", limit: float | None = None) -> str:
    """Return a line of the table; who had no answer by the limit takes more than that many times as long."""

    def ratio(one: str, other: str) -> str:
        above, below = (asked.get(side, Asked()).seconds for side in (one, other))
        if above is None and below and limit and one in asked:
            return f">{limit / below:.0f}"
        return f"{above / below:.1f}" if above and below else "–"

    times = "".join(f"{shown(asked.get(side, Asked()).seconds):>11}" for side in SIDES)
    ratios = (ratio("rdflib", "kg"), ratio("pyoxigraph", "kg"), ratio("kg", "DuckDB"))
    return f"{what:<24}{times}" + "".join(f"{one:>11}" for one in ratios) + f"  {note}"


def head() -> str:
    return f"{'':<24}" + "".join(f"{name:>11}" for name in (*SIDES, "rdflib/kg", "pyox./kg", "kg/DuckDB"))


# ---------------------------------------------------------------- loading


def load_ours(folder: Path, companies: int, claims: int, at_once: int, ready: Ready) -> Asked:
    """Commit in streams, the making of readings left out of the time."""
    taken, spent, passed = readings(companies, claims), 0.0, 0.0
    ready()
    with open_store(folder, write=True) as store:
        while batch := list(islice(taken, at_once)):
            start = time.perf_counter()
            spent += timed(lambda batch=batch: store.commit(batch))[0]
            passed += time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return Asked(spent, claims, f"{claims / passed:,.0f} claims/s by the clock, at most {peak} MB of memory")


def load_again(folder: Path, ready: Ready) -> Asked:
    """The index made again from the journal."""
    import shutil

    shutil.rmtree(folder / "index")
    ready()
    spent, store = timed(lambda: open_store(folder))
    store.close()
    return Asked(spent)


def load_columns(folder: Path, ready: Ready) -> Asked:
    with open_store(folder) as store:
        ready()
        return Asked(*timed(lambda: store.claims_table().num_rows))


def follow_columns(folder: Path, ready: Ready) -> Asked:
    """The columns, brought up to date after one document came."""
    with open_store(folder, write=True) as store:
        before = store.claims_table().num_rows
        store.commit(islice(readings(1000, 10), 1))
        ready()
        spent, table = timed(store.claims_table)
        return Asked(spent, table.num_rows - before)


def load_bare(folder: Path, nquads: Path, ready: Ready) -> Asked:
    ready()
    return Asked(timed(lambda: ox.Store(str(folder)).bulk_load(path=str(nquads), format=ox.RdfFormat.N_QUADS))[0])


def load_oxrdflib(folder: Path, nquads: Path, ready: Ready) -> Asked:
    dataset = over_oxigraph(ox.Store(str(folder)))
    ready()
    return Asked(timed(lambda: dataset.parse(str(nquads), format="ox-nquads"))[0])


def load_duckdb(file: Path, folder: Path, ready: Ready) -> Asked:
    import duckdb

    with open_store(folder) as store:
        columns = store.columns()
        ready()
        spent = time.process_time()
        with duckdb.connect(str(file)) as database:
            for name in ("claims", "documents"):
                database.register("given", getattr(columns, name))
                database.execute(f"CREATE TABLE {name} AS SELECT * FROM given")  # noqa: S608 - two names
        return Asked(time.process_time() - spent)


def over_oxigraph(store: ox.Store) -> Any:
    import rdflib
    from oxrdflib import OxigraphStore

    return rdflib.Dataset(store=OxigraphStore(store=store), default_union=True)


# ---------------------------------------------------------------- asking


def arguments(query: NamedQuery) -> list[str]:
    """Give what the query must have: the busiest companies, two dates."""
    hubs = iter(HUBS)
    needed = [p for p in query.parameters if p.name in STATED or p.required]
    return [f"{p.name}={STATED.get(p.name) or next(hubs)}" for p in needed]


def ask_ours(folder: Path, name: str, given: Sequence[str], ready: Ready) -> Asked:
    def rows() -> int:
        answer = run(store, name, given)
        return len(answer.rows) if isinstance(answer, Table) else 1

    with open_store(folder) as store:
        ready()
        return median_of(rows)


def ask_rdflib(dataset: Callable[[], Any], query: NamedQuery, terms: Mapping[str, str], ready: Ready) -> Asked:
    from rdflib.util import from_n3

    bound, asked = {name: from_n3(term) for name, term in terms.items()}, dataset()
    ready()
    return median_of(lambda: len(list(asked.query(query.text, initNs=dict(PREFIXES), initBindings=bound))))


def ask_bare(folder: Path, query: NamedQuery, terms: Mapping[str, str], ready: Ready) -> Asked:
    store = ox.Store.read_only(str(folder))
    bound = {ox.Variable(name): term_of(text) for name, text in terms.items()}

    def rows() -> int:
        found = store.query(query.text, use_default_graph_as_union=True, substitutions=bound)
        return len([tuple(solution) for solution in found])

    ready()
    return median_of(rows)


def term_of(text: str) -> Any:
    [triple] = ox.parse(f"<a:a> <a:a> {text} .", ox.RdfFormat.N_TRIPLES)
    return triple.object


def ask_duckdb(file: Path, query: NamedQuery, terms: Mapping[str, str], ready: Ready) -> Asked:
    import duckdb

    names, found = IriScheme(), {name: term_of(text) for name, text in terms.items()}
    plain = {k: names.id_of(v) if isinstance(v, ox.NamedNode) else v.value for k, v in found.items()}
    given = {parameter.name: plain.get(parameter.name) for parameter in query.parameters}
    with duckdb.connect(str(file), read_only=True) as database:
        ready()
        return median_of(lambda: len(database.execute(query.sql, given).fetchall()))


# ---------------------------------------------------------------- both


@dataclass(frozen=True)
class Place:
    """Where the data stands for each side."""

    folder: Path

    @property
    def ours(self) -> Path:
        return self.folder / "store"

    @property
    def bare(self) -> Path:
        return self.folder / "bare"

    @property
    def nquads(self) -> Path:
        return self.folder / "all.nq"

    @property
    def duckdb(self) -> Path:
        return self.folder / "all.duckdb"


def written(place: Place, ready: Ready) -> tuple[int, dict[str, dict[str, str]]]:
    """Write the data as N-Quads; return their number, and the terms of each query's arguments."""
    ready()
    with open_store(place.ours) as store:
        with place.nquads.open("w", encoding="utf-8") as file:
            count = sum(bool(file.write(f"{quad} .\n")) for quad in store.quads())
        return count, {q.name: terms_of(q, store) for q in library().values()}


def terms_of(query: NamedQuery, store: Store) -> dict[str, str]:
    return {name: str(term) for name, term in bind(query, arguments(query), store).items()}


def measure(companies: int, claims: int, *, limit: float, with_rdflib: bool) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as temporary:
        place = Place(Path(temporary))
        ours = killable(lambda ready: load_ours(place.ours, companies, claims, COMMIT, ready), LONG)
        small = killable(lambda ready: load_ours(place.folder / "small", companies, claims, FEW, ready), LONG)
        count, terms = killable(lambda ready: written(place, ready), LONG)
        bare = killable(lambda ready: load_bare(place.bare, place.nquads, ready), LONG)
        oxrdflib = killable(lambda ready: load_oxrdflib(place.folder / "oxrdflib", place.nquads, ready), LONG)
        again = killable(lambda ready: load_again(place.ours, ready), LONG)
        columns = killable(lambda ready: load_columns(place.ours, ready), LONG)
        table = killable(lambda ready: load_duckdb(place.duckdb, place.ours, ready), LONG)
        dataset, theirs = None, Asked()
        if with_rdflib:
            dataset, theirs = parsed(place.nquads)
        others = {"oxrdflib": oxrdflib, "pyoxigraph": bare, "DuckDB": table, "rdflib": theirs}
        yield f"\n{companies:,} companies, {claims:,} claims, {count:,} triples"
        yield head()
        yield line("load", {"kg": ours, **others}, ours.note)
        yield line("load, 16 a commit", {"kg": small, **others}, small.note)
        yield line("index made again", {"kg": again, **others}, "from the journal")
        yield line("columns, first", {"kg": columns}, f"{columns.rows or 0:,} rows")
        yield line("columns, kept", {"kg": killable(lambda ready: load_columns(place.ours, ready), LONG)})
        for name, query in library().items():
            yield compare(place, query, terms[name], dataset, limit)
        later = killable(lambda ready: follow_columns(place.ours, ready), LONG)
        yield line("columns, one later", {"kg": later}, f"{later.rows} rows more")
        yield line("disputes", {"kg": killable(lambda ready: ask_ours(place.ours, "disputes", [], ready), limit)})


def parsed(nquads: Path) -> tuple[Any, Asked]:
    """Parse into rdflib's memory, here: every query's process is a fork of this one."""
    import rdflib

    dataset = rdflib.Dataset(default_union=True)
    spent, _ = timed(lambda: dataset.parse(str(nquads), format="nquads"))
    gc.freeze()  # a collection in a forked child would copy the whole graph
    return dataset, Asked(spent)


def compare(place: Place, query: NamedQuery, terms: Mapping[str, str], dataset: Any, limit: float) -> str:
    def stored() -> Any:
        return over_oxigraph(ox.Store.read_only(str(place.bare)))

    sides: dict[str, Act] = {
        "kg": lambda ready: ask_ours(place.ours, query.name, arguments(query), ready),
        "oxrdflib": lambda ready: ask_rdflib(stored, query, terms, ready),
        "pyoxigraph": lambda ready: ask_bare(place.bare, query, terms, ready),
    }
    if dataset is not None:
        sides["rdflib"] = lambda ready: ask_rdflib(lambda: dataset, query, terms, ready)
    if query.sql:
        sides["DuckDB"] = lambda ready: ask_duckdb(place.duckdb, query, terms, ready)
    asked = {side: killable(act, limit) for side, act in sides.items()}
    counts = sorted({one.rows for one in asked.values() if one.rows is not None})
    return line(query.name, asked, " or ".join(map(str, counts)) + " rows", limit)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="take a tenth of the data")
    parser.add_argument("--limit", type=float, default=4, help="seconds that a query may take (4)")
    parser.add_argument("--companies", type=int, choices=[size for size, *_ in SIZES], help="take this size alone")
    given = parser.parse_args()
    share = 10 if given.quick else 1
    for companies, claims, with_rdflib in SIZES:
        if given.companies not in {None, companies}:
            continue
        found = measure(companies // share, claims // share, limit=given.limit, with_rdflib=with_rdflib)
        for said in found:
            print(said, flush=True)


if __name__ == "__main__":
    main()
