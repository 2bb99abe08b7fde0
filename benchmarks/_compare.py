"""This checkout beside an older one: what the same acts cost, in turns, as medians of processor times and their ratio.

    git worktree add ../old COMMIT && python benchmarks/_compare.py ../old --rounds 7

Each round starts one process a checkout, the older first in every second round. What only one of the two can do is
left out. Processor times vary less than the clock on the wall where other work is going on; quote the ratios.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

_HERE = Path(__file__).parents[1]
_PROBE = r"""
import json, subprocess, sys, tempfile, time
from pathlib import Path
sys.path.insert(0, "benchmarks")
import kg
from _generate import readings
times = {}
def timed(name, act):
    start = time.process_time()
    try:
        value = act()
    except Exception as error:
        print(f"{name}: {type(error).__name__}: {error}", file=sys.stderr)
        return None
    times[name] = time.process_time() - start
    return value
made = list(readings(1000, 6000))
folder = tempfile.mkdtemp()
store = kg.open(folder + "/store", write=True).store
timed("commit 60 documents, one by one", lambda: [store.commit([each]) for each in made[:60]])
timed("load in bulk", lambda: store.commit(made[60:]))
timed("read all claims", lambda: list(store.claims()))
store.close()
graph = timed("open", lambda: kg.open(folder + "/store"))
name = next(graph.store.entities()).name
other = made[0].claims[0].subject.name
for question, arguments in (
    ("suppliers", [other]), ("holders", [other]), ("investors", [other]), ("competitors", [other]), ("about", [other]),
    ("timeline", [other]), ("evidence", [other, name]), ("planned", []), ("past", []), ("figures", []),
    ("changes", ["2020", "2021"]), ("entities", []), ("sources", []), ("disputes", []),
):
    timed(f"query {question}", lambda: [graph.query(question, *arguments) for _ in range(3)])
timed("dossier", lambda: str(graph.show(other)))
timed("relations", lambda: __import__("kg.query", fromlist=["x"]).relations_table(graph.store))
for analysis in ("control", "circular", "frenemies", "concentration"):
    timed(f"analyse {analysis}", lambda: graph.analyse(analysis))
timed("diff", lambda: graph.diff("2020-01-01", "2021-01-01"))
timed("networkx", lambda: graph.to_networkx())
timed("arrow", lambda: (graph.to_arrow if hasattr(graph, "to_arrow") else graph.claims_table)())
timed("picture", lambda: graph.view(company=other))
graph.close()
with kg.open() as memory:
    timed("read the examples", lambda: memory.build(kg.examples()))
    timed("read the examples again", lambda: [memory.read(Path(p).read_text(), lang="en" if ".en." in p.name else "fr")
        for p in sorted(kg.examples().iterdir()) for _ in range(3) if p.suffix != ".html"])
def child(*arguments):
    import resource
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for _ in range(3):
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
times["import kg"] = child("-c", "import kg")
times["kg --help"] = child("-m", "kg", "--help")
print(json.dumps(times))
"""


def probe(checkout: Path) -> dict[str, float]:
    environment = {**os.environ, "PYTHONPATH": str(checkout), "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-c", _PROBE]
    done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if done.returncode:
        sys.exit(f"{checkout}: {done.stderr.strip().splitlines()[-1]}")
    for line in done.stderr.splitlines():
        if line.count(": ") > 1:
            print(f"{checkout}: {line}", file=sys.stderr)
    times: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", type=Path, help="a checkout of an older commit")
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()
    rounds: list[tuple[dict[str, float], dict[str, float]]] = []
    for number in range(arguments.rounds):
        places = [arguments.old.resolve(), _HERE]
        found = {place: probe(place) for place in (places if number % 2 else places[::-1])}
        rounds.append((found[places[0]], found[places[1]]))
    print(f"{'':36}{'old ms':>10}{'new ms':>10}{'ratio':>8}   (medians of {len(rounds)} rounds, processor time)")
    for name in rounds[0][1]:
        if all(name in old and name in new for old, new in rounds):
            old, new = (statistics.median(each[at][name] for each in rounds) for at in (0, 1))
            ratio = statistics.median(new[name] / max(old[name], 1e-6) for old, new in rounds)
            print(f"{name:36}{1000 * old:10.1f}{1000 * new:10.1f}{ratio:8.2f}")


if __name__ == "__main__":
    main()
