"""What it costs to fill SPARQL engines with a large graph, and to ask them the shipped questions; those that run here.

A folder is filled step by step, each step a process of its own whose time, memory and disk are printed as JSON:

make       a store of kg with 250,000 made claims on 25,000 companies (`_generate.py`): some 10⁷ statements
parts      kg export --shards 8, for all engines; and parts-virtuoso, for Virtuoso alone
oxigraph   the parts into a new database, by loading/oxigraph.sh
virtuoso   the parts into a new database, by loading/virtuoso.sh, with one loader
ask        the questions, of kg's own store, of Oxigraph's server and of Virtuoso by turns: three rounds, each question
           of each in its turn; the median of each, in seconds by the clock and of the processor, kg's and the server's

``python benchmarks/engines.py --folder DIR`` takes all steps, or those named with ``--steps``; ``--quick`` takes a
hundredth of the claims. An engine that is not installed is left out. Some 8 GB of disk.
"""

import argparse
import contextlib
import json
import os
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[1]))

from _generate import readings
from _served import wait_for

import kg
from kg.errors import KgError
from kg.export import export_shards
from kg.query import run
from kg.store import Store, open_store

COMPANIES, CLAIMS, PARTS, ROUNDS = 25_000, 250_000, 8, 3
COMMIT = 1000  # documents
HUB, OTHER = "Ara", "Arex"  # the names that the generator draws most
QUESTIONS = (
    ("about", HUB),
    ("buyers", HUB),
    ("changes", "from=2024-01", "to=2024-06"),
    ("competitors", HUB),
    ("connections", HUB, OTHER),
    ("disputes", HUB),
    ("entities",),
    ("evidence", HUB, OTHER),
    ("facts", "holds-stake", f"whom={HUB}"),
    ("facts", "supplies", f"who={HUB}"),
    ("facts-between-rivals", HUB),
    ("figures", HUB),
    ("holders", HUB),
    ("holdings", HUB),
    ("investors", HUB),
    ("past", HUB),
    ("planned", HUB),
    ("revenue-shares", HUB),
    ("sources",),
    ("suppliers", HUB),
    ("timeline", HUB),
    ("unproven", HUB),
)
VIRTUOSO = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
NumberOfBuffers = 170000
MaxDirtyBuffers = 130000
CaseMode = 2
DirsAllowed = {folder}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = .
ServerThreads = 5
[SPARQL]
ResultSetMaxRows = 1000000
"""
Facts = dict[str, Any]


def _size(path: Path) -> int:
    return round(sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) / 1e6)


def _used(pid: int) -> float:
    """Return the seconds of the processor that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak(pid: int) -> int:
    [line] = [line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM")]
    return round(int(line.split()[1]) / 1000)


def _port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _here(program: str) -> str | None:
    return shutil.which(program, path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")


def make(folder: Path, share: float) -> Facts:
    """Fill a store of kg."""
    documents = readings(int(COMPANIES * share), int(CLAIMS * share))
    with open_store(folder / "store", write=True) as store:
        while some := list(islice(documents, COMMIT)):
            store.commit(some)
    return {"mb": _size(folder / "store"), "journal_mb": round((folder / "store/journal.jsonl").stat().st_size / 1e6)}


def _parts(folder: Path, name: str, engine: str | None) -> Facts:
    with open_store(folder / "store") as store:
        export_shards(store, "nquads", folder / name, PARTS, engine)
    told = json.loads((folder / name / "manifest.json").read_text())
    return {"statements": told["statements"], "parts": len(told["files"]), "mb": _size(folder / name)}


def parts(folder: Path, _: float) -> Facts:
    """Write the parts for all engines."""
    return _parts(folder, "parts", None)


def parts_virtuoso(folder: Path, _: float) -> Facts:
    """Write the parts for Virtuoso."""
    return _parts(folder, "parts-virtuoso", "virtuoso")


def oxigraph(folder: Path, _: float) -> Facts:
    """Load the parts into a database of Oxigraph."""
    if _here("oxigraph") is None:
        return {"left out": "pip install oxigraph"}
    _load(folder / "parts/loading/oxigraph.sh", str(folder / "oxigraph"))
    return {"mb": _size(folder / "oxigraph")}


def _load(script: Path, *arguments: str) -> None:
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    subprocess.run(["sh", str(script), *arguments], check=True, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603,S607


@contextlib.contextmanager
def virtuoso_server(folder: Path) -> Iterator[tuple[int, str, str]]:
    """Run Virtuoso on its database: its process, the address for queries, that for SQL."""
    place = folder / "virtuoso"
    place.mkdir(exist_ok=True)
    sql, http = _port(), _port()
    (place / "virtuoso.ini").write_text(VIRTUOSO.format(sql=sql, http=http, folder=folder))
    command = [str(_here("virtuoso-t")), "+configfile", "virtuoso.ini", "+foreground"]
    with (place / "out").open("wb") as out:
        process = subprocess.Popen(command, cwd=place, stdout=out, stderr=out)  # noqa: S603
    try:
        wait_for(f"http://127.0.0.1:{http}/sparql")
        yield process.pid, f"http://127.0.0.1:{http}/sparql", f"127.0.0.1:{sql}"
    finally:
        process.terminate()
        process.wait()


def virtuoso(folder: Path, _: float) -> Facts:
    """Load the parts into a database of Virtuoso."""
    if _here("virtuoso-t") is None:
        return {"left out": "apt-get install virtuoso-opensource"}
    with virtuoso_server(folder) as (pid, _address, sql):
        _load(folder / "parts-virtuoso/loading/virtuoso.sh", sql)
        told = {"server_seconds": round(_used(pid)), "server_peak_mb": _peak(pid)}
    return told | {"mb": _size(folder / "virtuoso")}


@contextlib.contextmanager
def oxigraph_server(folder: Path) -> Iterator[tuple[int, str]]:
    """Run Oxigraph on its database, for reading: its process and its address."""
    url = f"127.0.0.1:{_port()}"
    command = [str(_here("oxigraph")), "serve-read-only", "--location", str(folder / "oxigraph"), "--bind", url]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        wait_for(f"http://{url}/query")
        yield process.pid, f"http://{url}/query"
    finally:
        process.terminate()
        process.wait()


def _asked(store: Store, pid: int | None, call: tuple[str, ...]) -> tuple[float, float, list[str] | str]:
    """Ask, and return the seconds by the clock, those of the processor, and the rows or why there are none."""
    begun, own, server = time.monotonic(), time.process_time(), _used(pid) if pid else 0.0
    answer: list[str] | str
    try:
        answer = sorted(map(repr, run(store, call[0], call[1:]).rows))
    except KgError as error:
        answer = str(error)
    used = time.process_time() - own + (_used(pid) - server if pid else 0.0)
    return time.monotonic() - begun, used, answer


def ask(folder: Path, _: float) -> Facts:
    """Ask all sides all questions by turns."""
    with contextlib.ExitStack() as stack:
        sides: dict[str, tuple[Store, int | None]] = {"kg": (stack.enter_context(open_store(folder / "store")), None)}
        for name, server in (("oxigraph", oxigraph_server), ("virtuoso", virtuoso_server)):
            if (folder / name).is_dir():
                pid, url, *_rest = stack.enter_context(server(folder))  # type: ignore[arg-type]
                os.environ["KG_ENGINE"] = name
                sides[name] = (stack.enter_context(open_store(url)), pid)
        table = {}
        for call in QUESTIONS:
            taken: dict[str, list[tuple[float, float]]] = {name: [] for name in sides}
            answers = {}
            for _round in range(ROUNDS):
                for name, (store, pid) in sides.items():
                    clock, used, answers[name] = _asked(store, pid, call)
                    taken[name].append((clock, used))
            table[" ".join(call)] = _row(taken, answers)
            print(" ".join(call), table[" ".join(call)], file=sys.stderr, flush=True)
    return {"questions": table}


def _row(taken: dict[str, list[tuple[float, float]]], answers: dict[str, list[str] | str]) -> Facts:
    """Sum up what the sides took for a question, and whether they said the same."""
    row: Facts = {}
    for name, times in taken.items():
        clock, used = (round(statistics.median(column), 3) for column in zip(*times, strict=True))
        answer = answers[name]
        row[name] = answer[:80] if isinstance(answer, str) else {"clock": clock, "processor": used, "rows": len(answer)}
    return row | {"same": all(answer == answers["kg"] for answer in answers.values())}


STEPS: dict[str, Callable[[Path, float], Facts]] = {
    "make": make,
    "parts": parts,
    "parts-virtuoso": parts_virtuoso,
    "oxigraph": oxigraph,
    "virtuoso": virtuoso,
    "ask": ask,
}


def one(step: str, folder: Path, share: float) -> None:
    """Take a step, and print what it cost as JSON; this is what the process of a step does."""
    start = time.monotonic()
    told = STEPS[step](folder, share)
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    cost = {
        "seconds": round(time.monotonic() - start),
        "processor_seconds": round(own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime),
        "peak_mb": round(max(own.ru_maxrss, children.ru_maxrss) / 1000),
    }
    print(json.dumps({"step": step, "kg": kg.__version__} | cost | told), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, help="where all of it stands, and stays for steps to come")
    parser.add_argument("--steps", nargs="+", choices=STEPS, default=list(STEPS), help="the steps to take")
    parser.add_argument("--quick", action="store_true", help="a hundredth of the claims")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.one:
        one(told.steps[0], told.folder, 0.01 if told.quick else 1)
        return
    with tempfile.TemporaryDirectory() as made_here:
        folder = (Path(made_here) if told.folder is None else told.folder).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        for step in told.steps:
            command = [sys.executable, __file__, "--folder", str(folder), "--one", *(["--quick"] if told.quick else [])]
            subprocess.run([*command, "--steps", step], check=True)  # noqa: S603 - this file


if __name__ == "__main__":
    main()
