"""Reading articles by the job on Spark, on two workers of this machine, and by ``kg build --jobs 2``.

``--documents N`` articles (20,000 by default) are the shared ones with other names in them. Both read them into a store
of their own; the claims must be equal. ``--kill`` kills a worker in the middle of the job, and compares all the same.
Seconds are those of the clock and of the processors; ``KG_SHARED`` says where the articles are.
"""

import argparse
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import kg
from kg.store import open_store

SHARED = Path(os.environ.get("KG_SHARED", Path(__file__).parents[2] / "shared")) / "articles"
NAMES = ["OpenAI", "CoreWeave", "Microsoft", "Nvidia", "Oracle", "SoftBank"]


def articles(folder: Path, count: int) -> None:
    texts = [path.read_text() for path in sorted([*kg.examples().glob("*.txt"), *SHARED.rglob("*.txt")])]
    chance = random.Random(7)
    for number in range(count):
        text = chance.choice(texts)
        for name in NAMES:
            text = text.replace(name, name + "".join(chance.choices("abcdefghij", k=4)))
        (folder / f"{number:05}.txt").write_text(text)


def processes() -> dict[int, tuple[int, str]]:
    """The parent and the command line of each process."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            found[int(folder.name)] = parent, (folder / "cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue
    return found


def workers(root: int) -> list[int]:
    """The Python workers of Spark below a process that have a process of their own, in which they read."""
    alive = processes()
    below = {root}
    while more := {pid for pid, (parent, _) in alive.items() if parent in below} - below:
        below |= more
    daemons = {pid for pid in below if "pyspark.daemon" in alive[pid][1]}
    return [pid for pid in daemons if alive[pid][0] in daemons and pid in {parent for parent, _ in alive.values()}]


def kill_one(root: int, out: Path, killed: list[int]) -> None:
    """Kill a worker once the job has written something, or is in the middle of it."""
    while Path(f"/proc/{root}").exists():
        written = any(out.rglob("_temporary/**/*.parquet"))
        if written and (found := workers(root)):
            os.kill(found[0], signal.SIGKILL)
            killed.append(found[0])
            return
        time.sleep(0.2)


def timed(command: list[str], kill: Path | None = None) -> tuple[float, float]:
    """How long a command takes: by the clock, and by the processors."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    process, killed = subprocess.Popen(command), []  # noqa: S603 - ours
    if kill is not None:
        threading.Thread(target=kill_one, args=(process.pid, kill, killed), daemon=True).start()
    if process.wait():
        sys.exit(f"{' '.join(command)} ended with {process.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if kill is not None:
        print(f"killed in the middle: {len(killed)} worker")
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.monotonic() - began, used


def said(path: Path) -> list[tuple[str, float, str]]:
    with open_store(path) as store:
        return sorted((claim.id, claim.confidence, claim.document) for claim in store.claims())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--kill", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kg-spark-") as name:
        folder = Path(name)
        news, out = folder / "news", folder / "readings"
        news.mkdir()
        articles(news, options.documents)
        run = [sys.executable, "-m"]
        built = timed([*run, "kg", "build", str(news), "--jobs", "2", "--store", str(folder / "built")])
        job = [*run, "kg.spark", "read", str(news), "--out", str(out), "--workers", "2"]
        read = timed(job, out if options.kill else None)
        taken = timed([*run, "kg.spark", "take", str(out), "--store", str(folder / "taken")])
        equal = said(folder / "built") == said(folder / "taken")
        print(f"{options.documents:,} articles, {len(said(folder / 'built')):,} claims, equal: {equal}")
        for what, (clock, used) in (("kg build --jobs 2", built), ("kg-spark read", read), ("kg-spark take", taken)):
            print(f"{what:20} {clock:8.1f} s, {used:8.1f} s of processors")
        print(f"read and take / build: {(read[0] + taken[0]) / built[0]:.2f} by the clock")
        sys.exit(not equal)


if __name__ == "__main__":
    main()
