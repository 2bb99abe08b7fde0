"""What it costs to hand a graph over and to take it back, beside the libraries that one would use, in one run.

Speed     claims out of memory into each format, beside the library's own writer on the same data: networkx on the
          claims as a graph, pandas on the same as a frame, both made on the way as kg's rows are, and rdflib on
          the same quads (of a tenth of the claims, since it is slow); and back again
Memory    the most that a process of its own takes to write each format out of a store on disk, of two sizes: what it
          grows by while the claims grow fivefold

Times are of the processor. A ratio is kg's time in times of the other's, so less than 1 is faster. ``--quick`` takes a
tenth of the claims, ``--claims N`` another number; ``--memory`` measures memory alone.
"""

import argparse
import gc
import io
import multiprocessing
import re
import shutil
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import networkx as nx
import pandas as pd
import pyoxigraph as ox
import rdflib
from _generate import readings

from kg.export import export, export_folder, frame, to_networkx
from kg.export.cypher import write_cypher
from kg.export.graphml import write_graphml
from kg.export.neo4j import write_neo4j
from kg.export.parquet import write_claims
from kg.export.reading import exported
from kg.export.table import write_csv
from kg.model import Claim
from kg.store import open_store
from kg.store.json_codec import claim_line

STREAMED = ("jsonl", "csv", "graphml", "cypher", "parquet", "trig12", "neo4j")


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    gc.collect()
    start = time.process_time()
    result = act()
    return time.process_time() - start, result


def row(name: str, seconds: float, count: int, other: str = "", theirs: float | None = None) -> None:
    ratio = "" if theirs is None else f"{other} {theirs:6.2f} s   ratio {seconds / theirs:5.2f}"
    print(f"  {name:<34}{seconds:7.2f} s {1e6 * seconds / count:7.1f} µs a claim   {ratio}", flush=True)


def write(path: Path, act: Callable[[Any], Any]) -> float:
    with path.open("wb") as out:
        return timed(lambda: act(out))[0]


def speed(count: int, folder: Path) -> None:
    made = list(readings(count // 3, count))
    claims = [claim.recorded("2026-01-01T00:00:00Z") for reading in made for claim in reading.claims]
    between = [claim for claim in claims if len(claim.entities) == 2]
    print(f"{len(claims):,} claims, out of memory")
    theirs = write(folder / "nx.graphml", lambda out: nx.write_graphml(to_networkx(between), out))
    row("GraphML", write(folder / "a.graphml", lambda out: write_graphml(between, out)), count, "networkx", theirs)
    theirs = write(folder / "pd.csv", lambda out: frame(claims).to_csv(out))
    ours = write(folder / "a.csv", lambda out: write_csv(claims, out))
    row("CSV", ours, count, "pandas.to_csv", theirs)
    target = folder / "neo4j"
    target.mkdir()
    row("Neo4j's CSV", timed(lambda: write_neo4j(claims, target))[0], count, "pandas.to_csv", theirs)
    row("Cypher", write(folder / "a.cypher", lambda out: write_cypher(claims, out)), count, "pandas.to_csv", theirs)
    theirs = write(folder / "pd.parquet", lambda out: frame(claims).to_parquet(out))
    ours = write(folder / "a.parquet", lambda out: write_claims(claims, out))
    row("Parquet", ours, count, "pandas.to_parquet", theirs)
    row("JSON lines", write(folder / "a.jsonl", lambda out: out.writelines(map(claim_line, claims))), count)
    print("and read back as claims")
    for name, other in (("a.graphml", lambda: nx.read_graphml(folder / "a.graphml", force_multigraph=True)),
                        ("neo4j", lambda: pd.read_csv(target / "claims.csv", low_memory=False)),
                        ("a.parquet", lambda: pd.read_parquet(folder / "a.parquet")), ("a.jsonl", None)):  # fmt: skip
        seconds, found = timed(lambda name=name: list(exported(folder / name).claims()))
        if bad := [each for each in found if not isinstance(each, Claim)]:
            raise SystemExit(f"{name}: {bad[0]}")
        theirs = None if other is None else timed(other)[0]
        row(name, seconds, len(found), "networkx" if name == "a.graphml" else "pandas", theirs)


def rdf(count: int) -> None:
    with open_store(None) as store:
        store.commit(readings(count // 3, count))
        print(f"{count:,} claims, RDF out of a store")
        dataset = rdflib.Dataset()
        dataset.parse(data=ox.serialize(store.quads(), format=ox.RdfFormat.N_QUADS), format="nquads")
        for form in ("trig", "nquads"):
            theirs, _ = timed(lambda form=form: dataset.serialize(format=form))
            for each in (form, f"{form}12"):
                ours, _ = timed(lambda each=each: export(store, each, io.BytesIO()))
                row(each, ours, count, f"rdflib {form}", theirs)


def most() -> int:
    """Return the most that this process had in memory, in KiB; what `getrusage` says is its parent's, too."""
    return int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1])


def peak(path: Path, form: str, target: Path, answer: Any) -> None:
    """Tell how much memory a process takes, at most, in MiB, beyond what it had when the store was open."""
    with open_store(path) as store:
        next(iter(store.claims()))
        before = most()
        if form == "neo4j":
            export_folder(store, form, target)
        else:
            with target.open("wb") as out:
                export(store, form, out)
        answer.put((most() - before) / 1024)


def memory(count: int, folder: Path) -> None:
    sizes = (count // 5, count)
    for size in sizes:
        with open_store(folder / f"store{size}", write=True) as store:
            # The companies stay as many: what grows is the claims.
            made = readings(sizes[0] // 20, size)
            while batch := list(islice(made, 200)):
                store.commit(batch)
    print(f"memory beyond the open store, {sizes[0]:,} and {sizes[1]:,} claims of as many companies")
    context = multiprocessing.get_context("spawn")
    for form in STREAMED:
        found = []
        for size in sizes:
            target = folder / f"out-{form}"
            answer = context.Queue()
            process = context.Process(target=peak, args=(folder / f"store{size}", form, target, answer))
            process.start()
            found.append(answer.get())
            process.join()
            written = sum(f.stat().st_size for f in target.iterdir()) if target.is_dir() else target.stat().st_size
            shutil.rmtree(target) if target.is_dir() else target.unlink()
        print(f"  {form:<10}{found[0]:8.0f} MiB {found[1]:8.0f} MiB   file {written / 2**20:6.0f} MiB", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--claims", type=int, default=100_000)
    options = parser.parse_args()
    count = options.claims // 10 if options.quick else options.claims
    with tempfile.TemporaryDirectory() as folder:
        if not options.memory:
            speed(count, Path(folder))
            rdf(count // 10)
        memory(count, Path(folder))


if __name__ == "__main__":
    main()
