"""What identifying costs: a name against a register of 400,000 made names, and a file of names against all of them.

Names are recombined out of GLEIF's public sample (`_names.py`), so that words are as common and as rare as in life.
Each is asked for as it is, without its legal form, and with a typing error. Found is where it is among the candidates,
first where it is the first of them. Asked for is less than 5 ms a name.

The other sides, in the same run: the best of all names by RapidFuzz (`process.extractOne`, its default), and by
DuckDB's `jaro_winkler_similarity`; what they find is the first only. The file is joined by kg, and by DuckDB alone: all
pairs of one first letter and one country, by Jaro-Winkler.

Times are of the processor, of one name, in milliseconds; making is that of the register's index. ``--names N`` takes
another number, ``--quick`` a tenth. Needs the shared data (KG_SHARED).
"""

import argparse
import csv
import io
import itertools
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[1]))

from _names import SAMPLE, made, misspelled, reading, without_form

from kg.query.batch_identification import NameFile, identify_file
from kg.query.identification import Asked, identify
from kg.store import open_store
from kg.store.register_index import RegisterIndex

NAMES = 400_000
ASKED = 300  # of each kind
ASKED_OF_OTHERS = 12
A_BATCH = 4096
LINE = "{:<34}{:>10}{:>10}{:>9}{:>9}"
Named = Sequence[tuple[str, str]]
Find = Callable[[str], list[str]]


def cost(act: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of the processor."""
    start = time.process_time()
    result = act()
    return time.process_time() - start, result


def kinds(random_: random.Random) -> dict[str, Callable[[str], str]]:
    return {"exact": str, "no legal form": without_form, "typing error": lambda name: misspelled(name, random_)}


def lookup(what: str, names: Named, count: int, find: Find) -> Iterator[str]:
    """Ask for names of each kind; `find` gives the numbers of what it found, the first first."""
    random_ = random.Random(5)
    picked = random_.sample(range(len(names)), min(count, len(names)))
    find("Warm Up")
    for kind, vary in kinds(random_).items():
        seconds, found, first = [], 0, 0
        for number in picked:
            asked = vary(names[number][0])
            taken, answers = cost(lambda asked=asked: find(asked))
            seconds.append(1000 * taken)
            found += f"{number:08}" in answers
            first += answers[:1] == [f"{number:08}"]
        most = statistics.quantiles(seconds, n=10)[-1]
        shares = f"{found / len(picked):.3f}", f"{first / len(picked):.3f}"
        yield LINE.format(f"{what}, {kind}", f"{statistics.median(seconds):.2f}", f"{most:.2f}", *shares)


def ours(names: Named, folder: Path) -> Iterator[str]:
    folder.mkdir()
    index = RegisterIndex(folder)
    readings = (reading(number, *one) for number, one in enumerate(names))
    seconds, _ = cost(lambda: index.change((), readings, many=True))
    size = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
    yield f"making the index: {seconds / len(names) * 1000:.3f} ms a record, {size:.0f} MB"
    with open_store(None, write=True) as store:
        yield from lookup(
            "kg",
            names,
            ASKED,
            lambda name: [one.entity.id.rpartition("-")[2] for one in identify(store, Asked(name), besides=(index,))],
        )


def others(names: Named) -> Iterator[str]:
    from rapidfuzz import process

    texts = [name for name, _ in names]
    yield from lookup("rapidfuzz", names, ASKED_OF_OTHERS, lambda name: [f"{process.extractOne(name, texts)[2]:08}"])
    database = table(names)
    sql = "SELECT id FROM listed ORDER BY jaro_winkler_similarity(name, ?) DESC LIMIT 1"

    def nearest(name: str) -> list[str]:
        return [f"{row[0]:08}" for row in database.execute(sql, [name]).fetchall()]

    yield from lookup("DuckDB, jaro_winkler", names, ASKED_OF_OTHERS, nearest)


def table(names: Named, asked: Named = ()) -> Any:
    """The names in DuckDB."""
    import duckdb
    import pyarrow as pa

    database = duckdb.connect()
    for called, those in (("listed", names), ("asked", asked)):
        ids, texts = list(range(len(those))), [name for name, _ in those]
        database.register("rows", pa.table({"id": ids, "name": texts, "country": [country for _, country in those]}))
        database.execute(f"CREATE TABLE {called} AS SELECT * FROM rows")  # noqa: S608 - two names
    return database


def file(names: Named, count: int, folder: Path) -> Iterator[str]:
    """Identify the names of a file against a store with the register."""
    random_ = random.Random(7)
    varied = list(kinds(random_).values())
    picked = [random_.randrange(len(names)) for _ in range(count)]
    asked = [(varied[at % 3](names[number][0]), names[number][1]) for at, number in enumerate(picked)]
    path, out = folder / "names.csv", io.StringIO()
    with path.open("w", encoding="utf-8", newline="") as text:
        csv.writer(text).writerows([("name", "country"), *asked])
    with open_store(folder / "store", write=True) as store:
        for start in range(0, len(names), A_BATCH):
            store.commit(reading(start + at, *one) for at, one in enumerate(names[start : start + A_BATCH]))
        seconds, report = cost(lambda: identify_file(store, NameFile(path), out, progress=print))
    found, same, wrong = set(), 0, 0
    for row in csv.DictReader(io.StringIO(out.getvalue())):
        number, is_it = int(row["line"]), row["key"] == f"{picked[int(row['line']) - 2]:08}"
        found |= {number} if is_it else set()
        same += row["decision"] == "same" and is_it
        wrong += row["decision"] == "same" and not is_it
    each = 1000 * seconds / (len(names) + count)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    yield f"kg: {seconds:.1f} s, {each:.3f} ms a name of either side, {report.pairs:,} pairs; at most {memory:,.0f} MB"
    yield f"    found {len(found) / count:.3f}; same {same / count:.3f}, wrongly {wrong / count:.4f}"
    seconds, (right, total) = cost(lambda: joined(table(names, asked), picked))
    yield f"DuckDB alone, jaro_winkler > 0.9: {seconds:.1f} s, {total:,} pairs; first {right / count:.3f}"


def joined(database: Any, picked: Sequence[int]) -> tuple[int, int]:
    """How many names DuckDB finds by itself, and how many pairs it compares."""
    on = "a.country = l.country AND lower(a.name[1]) = lower(l.name[1])"
    total = database.execute(f"SELECT count(*) FROM asked a JOIN listed l ON {on}").fetchall()[0][0]  # noqa: S608
    rows = database.execute(f"""
        SELECT a.id, arg_max(l.id, jaro_winkler_similarity(a.name, l.name)) FROM asked a JOIN listed l ON {on}
        WHERE jaro_winkler_similarity(a.name, l.name) > 0.9 GROUP BY a.id
    """).fetchall()  # noqa: S608 - two conditions
    return sum(picked[one] == other for one, other in rows), total


def main() -> None:
    parser = argparse.ArgumentParser(description="identifying names, one and many, as costs in one run")
    parser.add_argument("--names", type=int, help=f"how many names the register has: {NAMES:,}")
    parser.add_argument("--quick", action="store_true", help="a tenth of the names")
    given = parser.parse_args()
    if not SAMPLE.is_file():
        sys.exit(f"the shared data is not here: {SAMPLE} (set KG_SHARED)")
    count = given.names or (NAMES // 10 if given.quick else NAMES)
    names = list(made(count, SAMPLE))
    print(f"{count:,} names\n{LINE.format('', 'ms', '90th', 'found', 'first')}")
    with tempfile.TemporaryDirectory() as folder:
        for line in itertools.chain(ours(names, Path(folder, "index")), others(names)):
            print(line, flush=True)
        few = names[: count // 4]
        print(f"\na file of {len(few) // 3:,} names against {len(few):,}")
        for line in file(few, len(few) // 3, Path(folder)):
            print(line, flush=True)


if __name__ == "__main__":
    main()
