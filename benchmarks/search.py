"""What searching costs: ``graph.search`` over 100,000 sentences, against grep and a plain SQL LIKE, in one run.

Each query is asked of all three in turn. grep reads a file with a sentence a line, LIKE a table of SQLite with a
sentence a row: both find letters, in no order, and know neither forms of words nor accents nor claims. Making is what
the first search costs, following what a search costs after a commit of one document. ``--quick`` takes a tenth.
"""

import argparse
import random
import sqlite3
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench import Row, timed

import kg
from kg.model import Document
from kg.store import DocumentClaims

A_DOCUMENT = 50  # sentences
TIMES = 5
WORDS = {
    "en": "company contract supplier board quarter price shares plant output market deal partner chips energy stake "
    "agreed signed sold bought owned delivered announced expected doubted renewed cancelled long large new former",
    "fr": "société contrat fournisseur conseil trimestre prix actions usine production marché accord partenaire puces "
    "énergie participation signé vendu acheté détenu livré annoncé attendu cédé renouvelé annulé long grand nouveau",
}
RARE = {"en": "take or pay", "fr": "enlèvement ferme"}
QUERIES = (
    *('"take or pay"', '"enlèvement ferme"', "contract", "contrat", "signed contract", "participation cédée"),
    *("Korba17", "supplier Zeltan3", "énergie annulé", "renewed -cancelled"),
)


def sentence(random_: random.Random, lang: str) -> str:
    words = random_.choices(WORDS[lang].split(), k=random_.randint(10, 25))
    words.insert(3, f"{random_.choice(('Zeltan', 'Korba', 'Dorvan'))}{random_.randrange(500)}")
    if random_.random() < 0.002:
        words.insert(7, RARE[lang])
    return " ".join(words).capitalize() + "."


def documents(count: int) -> Iterator[Document]:
    random_ = random.Random(18)
    for number in range(count // A_DOCUMENT):
        lang = ("en", "fr")[number % 2]
        text = "\n".join(sentence(random_, lang) for _ in range(A_DOCUMENT))
        yield Document(f"{number:06}.txt", text, lang, f"20{20 + number % 6}-03-11")


def letters(query: str) -> str:
    """What grep and LIKE can look for: the first word or phrase, to the letter."""
    return query.split('"', maxsplit=2)[1] if '"' in query else query.split(maxsplit=1)[0]


def grep(text: str, file: Path) -> None:
    command = ["grep", "-i", "-F", text, str(file)]
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL)  # noqa: S603 - a program of the system


def measure(folder: Path, count: int) -> Iterator[Row]:
    taken = list(documents(count))
    lines = [line for document in taken for line in document.text.splitlines()]
    file = folder / "sentences.txt"
    file.write_text("\n".join(lines), "utf-8")
    table = sqlite3.connect(folder / "sentences.db")
    table.execute("CREATE TABLE sentence (text TEXT)")
    table.executemany("INSERT INTO sentence VALUES (?)", ((line,) for line in lines))
    table.commit()
    with kg.open(folder / "store", write=True) as graph:
        graph.store.commit([DocumentClaims(document, (), "bench/1") for document in taken])
        making, _ = timed(lambda: graph.search("contract"))
        yield Row(f"making, {len(lines):,} sentences", making, None)
        new = Document("new.txt", sentence(random.Random(1), "en"), "en")
        graph.store.commit([DocumentClaims(new, (), "bench/1")])
        following, _ = timed(lambda: graph.search("contract"))
        yield Row("following one document", following, None)
        sides: dict[str, Callable[[str], Any]] = {
            "kg": graph.search,
            "grep": lambda query: grep(letters(query), file),
            "LIKE": lambda query: table.execute(
                "SELECT text FROM sentence WHERE text LIKE ?", (f"%{letters(query)}%",)
            ).fetchall(),
        }
        seconds: dict[str, list[float]] = {name: [] for name in sides}
        for _ in range(TIMES):
            for query in QUERIES:
                for name, ask in sides.items():
                    seconds[name].append(timed(lambda ask=ask, query=query: ask(query))[0])
    ours = statistics.median(seconds.pop("kg"))
    for name, all_seconds in seconds.items():
        yield Row(f"search, and {name}", ours, statistics.median(all_seconds), f"medians of {len(all_seconds)}")
    table.close()


def main() -> None:
    parser = argparse.ArgumentParser(description="searching, against grep and LIKE, as ratios in one run")
    parser.add_argument("--quick", action="store_true", help="a tenth of the sentences")
    given = parser.parse_args()
    print(f"{'':<28}{'kg':>12}{'other':>12}{'other/kg':>10}")
    with tempfile.TemporaryDirectory() as folder:
        for row in measure(Path(folder), 10_000 if given.quick else 100_000):
            print(row, flush=True)


if __name__ == "__main__":
    main()
