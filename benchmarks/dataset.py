"""Twelve questions to a dataset of 100,000 to 100 million made claims, out of core on this machine, and how it grows.

Each size is made (`_made_dataset.py`, seeded), asked by DuckDB and thrown away, in a process of its own under a bound
of memory. Printed are the seconds of the processor (those of the clock beside them), the rows, the size on disk, the
peak of memory, and from one size to the next the exponent: 1 is linear, 0 is no growth. The line through
the second and third largest sizes foretells the largest.

``python benchmarks/dataset.py --claims 100000 1000000 10000000 100000000 --folder DIR``: the largest takes some 10 GB
of disk. ``--spark`` asks Spark (local, two cores) the same, and compares the rows; needs pyspark and Java.
``--quick`` is 10,000 and 100,000 claims.
"""

import argparse
import json
import math
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
from _made_dataset import FolderTables, make

from kg.errors import QueryError
from kg.query.sql import DuckDB, Engine, Spark, questions, write_answer

SIZES = (100_000, 1_000_000, 10_000_000)
QUICK = (10_000, 100_000)
PER_COMPANY = 100
GIVEN = {
    "company": "company/1", "day": "2024-06-01", "from": "2022-01-01", "to": "2024-01-01", "least": "2",
    "points": "20", "relation": "supplies", "most": "3", "since": "2018-06-01",
}  # fmt: skip
MONTHS = {"from": "2018-01", "to": "2018-05"}
MEMORY = "8GB"
BEYOND = 10**9


def given(name: str) -> dict[str, str]:
    """What is asked of a question; of facts on which many sources agree, those that ever more of them tell."""
    told = MONTHS if name == "months" else GIVEN
    return {parameter: told[parameter] for parameter in questions()[name].parameters}


def asked(engine: Engine, answers: Path, names: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Ask questions, write what they give into a folder, and tell what each took; go on where one is not answered."""
    answers.mkdir()
    for name in names:
        wall, processor = time.perf_counter(), time.process_time()
        try:
            write_answer(engine, name, given(name), str(answers / name))
        except QueryError as error:
            say(name, {"unanswered": str(error)})
            continue
        yield name, {"seconds": time.perf_counter() - wall, "processor": time.process_time() - processor}


def rows(answer: Path) -> int:
    """Return how many rows a file, or a folder of files, has."""
    files = sorted(answer.glob("*.parquet")) if answer.is_dir() else [answer]
    return sum(pq.read_metadata(file).num_rows for file in files)


def differing(one: Path, other: Path) -> int:
    """Return 0 where two answers have the same rows, each as often."""
    files = [str(answer / "*.parquet") if answer.is_dir() else str(answer) for answer in (one, other)]
    with duckdb.connect(config={"memory_limit": MEMORY, "threads": 2}) as connection:
        ours, theirs = map(connection.read_parquet, files)
        return len(ours.except_(theirs).limit(1)) + len(theirs.except_(ours).limit(1))


def one(claims: int, folder: Path, names: list[str], *, spark: bool) -> None:
    """Make a dataset and ask it; print what each step cost as JSON."""
    wall, processor = time.perf_counter(), time.process_time()
    made = make(folder, claims, max(100, claims // PER_COMPANY))
    size = sum(file.stat().st_size for file in folder.rglob("*.parquet"))
    told = {"seconds": time.perf_counter() - wall, "processor": time.process_time() - processor, "rows": made}
    say("make", told | {"gigabytes": round(size / 1e9, 2)})
    tables, ours, theirs = FolderTables(str(folder)), folder / "answers", folder / "answers of Spark"
    answered: list[str] = []
    for name, cost in asked(DuckDB(tables, memory=MEMORY, threads=2, folder=str(folder / "spilt")), ours, names):
        say(name, cost | {"rows": rows(ours / name)})
        answered.append(name)
    say("peak", {"megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000})
    if spark:
        for name, cost in asked(Spark(session(), tables), theirs, answered):
            both = rows(ours / name), rows(theirs / name)
            del cost["processor"]  # Java's is not ours
            is_equal = both[0] == both[1] and not differing(ours / name, theirs / name)
            say(f"spark {name}", cost | {"rows": both[1], "equal": is_equal})


def session() -> Any:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    return builder.config("spark.driver.memory", "8g").config("spark.sql.shuffle.partitions", "16").getOrCreate()


def say(step: str, told: dict[str, Any]) -> None:
    rounded = {key: round(value, 2) if isinstance(value, float) else value for key, value in told.items()}
    print(json.dumps({"step": step} | rounded), flush=True)


def measured(claims: int, given: argparse.Namespace) -> dict[str, dict[str, Any]]:
    """Take a size in a process of its own, and return what each step cost."""
    with tempfile.TemporaryDirectory(dir=given.folder) as temporary:
        folder = Path(temporary) / "made"
        command = [sys.executable, __file__, "--one", str(claims), "--folder", str(folder)]
        process = subprocess.Popen(  # noqa: S603 - this file
            command + ["--questions", *given.questions] + ["--spark"] * given.spark, stdout=subprocess.PIPE, text=True
        )
        steps = {}
        for line in process.stdout or ():
            told = json.loads(line)
            step = told.pop("step")
            steps[step] = told
            shown = "  ".join(f"{key} {value}" for key, value in told.items())
            print(f"  {claims:>13,}  {step:<22}{shown}", flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        if process.wait():
            sys.exit(f"{claims:,} claims: the process ended with {process.returncode}")
    return steps


def grown(sizes: list[int], found: list[dict[str, dict[str, Any]]]) -> None:
    """Print how each step's cost grows, and what the line through the two sizes before says of the largest."""
    print(f"\nseconds of the processor: exponents from each size to the next; at {sizes[-1]:,} foretold, and measured;")
    print(f"a line through the two largest: seconds, and microseconds a claim; at {BEYOND:,} claims, in hours")
    for step in [name for name in found[0] if all("processor" in steps[name] for steps in found)]:
        costs = [max(steps[step]["processor"], 0.01) for steps in found]
        pairs = zip(costs, costs[1:], sizes, sizes[1:], strict=False)
        shown = "".join(f"{math.log(b / a) / math.log(n / m):6.2f}" for a, b, m, n in pairs)
        if len(sizes) > 2:
            foretold, fixed, each = sum(line(sizes[-3:-1], costs[-3:-1], sizes[-1])), *line(sizes[-2:], costs[-2:], 1)
            shown += f"{foretold:10.1f}{costs[-1]:9.1f}{fixed:10.1f}{each * 1e6:8.2f}"
            shown += f"{sum(line(sizes[-2:], costs[-2:], BEYOND)) / 3600:8.2f}"
        print(f"  {step:<24}{shown}")


def line(sizes: list[int], costs: list[float], size: int) -> tuple[float, float]:
    """Return what a line through two costs makes of a size: what is fixed, and what the claims cost."""
    each = (costs[1] - costs[0]) / (sizes[1] - sizes[0])
    return costs[0] - each * sizes[0], each * size


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, nargs="+", default=list(SIZES), help="the sizes, the smallest first")
    parser.add_argument("--folder", help="where there is room")
    parser.add_argument("--spark", action="store_true", help="ask Spark as well, and compare")
    parser.add_argument("--questions", nargs="+", choices=list(questions()), default=list(questions()), metavar="NAME")
    parser.add_argument("--quick", action="store_true", help="10,000 and 100,000 claims")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.one:
        one(told.one, Path(told.folder), told.questions, spark=told.spark)
        return
    sizes = list(QUICK) if told.quick else told.claims
    found = [measured(claims, told) for claims in sizes]
    grown(sizes, found)


if __name__ == "__main__":
    main()
