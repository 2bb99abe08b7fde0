"""What telling copies and disputes costs, as ratios in one run. ``--quick`` takes a tenth of the data.

Copies     of 10,000 documents, among them rewritten, cut and led-in ones, when first asked for; against
           datasketch's own MinHash and LSH over the same runs of words, which neither judges nor keeps
One more   the copies again after one document came; against the first time
Kept       the copies in the next process; against the first time
Disputes   of 100,000 claims, against reading all claims

A ratio above 1 means that kg takes that many times less than the other side; below 1, more.
"""

import argparse
import random
import tempfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from _generate import readings
from bench import Row, batched, fill, timed

from kg.documents.minhash import words
from kg.model import Document
from kg.query.disputes import disputes
from kg.store import DocumentClaims, Store, open_store

WORDS = [f"word{number}" for number in range(20_000)]
# A few words make up most of a text, as in a language.
OFTEN = [1 / (number + 10) for number in range(len(WORDS))]
KINDS = ("rewritten", "cut", "led in")


def draw(chance: random.Random, count: int) -> list[str]:
    return chance.choices(WORDS, OFTEN, k=count)


def copy(kind: str, story: list[str], chance: random.Random) -> list[str]:
    if kind == "rewritten":
        return [chance.choice(WORDS) if chance.random() < 0.08 else word for word in story]
    if kind == "cut":
        return story[: len(story) // 4]
    return draw(chance, 20) + story + draw(chance, 15)


def press(count: int) -> Iterator[Document]:
    """Stories of 150 to 600 words, and of one in twenty a copy of each kind."""
    chance = random.Random(count)
    copied = count // 20
    for number in range(count - len(KINDS) * copied):
        story = draw(chance, chance.randint(150, 600))
        yield Document(f"story {number}", " ".join(story), "en")
        if number < copied:
            for kind in KINDS:
                yield Document(f"{kind} {number}", " ".join(copy(kind, story, chance)), "en")


def bare(documents: list[Document]) -> int:
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(num_perm=128, params=(42, 3))
    for document in documents:
        said = words(document.text)
        hashed = MinHash(num_perm=128)
        hashed.update_batch({" ".join(said[at : at + 5]).encode() for at in range(len(said) - 4)})
        index.insert(document.id, hashed)
        index.query(hashed)
    return len(index.keys)


def found(store: Store, count: int) -> str:
    copies = store.near_duplicates()
    pairs = {kind: [(f"story {at}", f"{kind} {at}") for at in range(count // 20)] for kind in KINDS}
    shares = {kind: sum(len(copies.sources(pair)) == 1 for pair in pairs[kind]) / len(pairs[kind]) for kind in KINDS}
    wrong = sum(len({id_.rpartition(" ")[2] for id_ in group}) > 1 for group in copies.groups())
    told = ", ".join(f"{share:.1%} of the {kind}" for kind, share in shares.items())
    return f"{told} found; {wrong} groups of different stories"


def measure_copies(count: int) -> Iterator[Row]:
    documents = list(press(count))
    theirs, _ = timed(lambda: bare(documents))
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "store"
        with open_store(folder, write=True) as store:
            store.commit([DocumentClaims(document, ()) for document in documents])
            first, _ = timed(store.near_duplicates)
            yield Row(f"copies, {count:,} documents", first, theirs, found(store, count))
            store.commit([DocumentClaims(Document("one more", documents[-1].text + " and more", "en"), ())])
            yield Row("one more", timed(store.near_duplicates)[0], first)
        with open_store(folder) as store:
            kept, _ = timed(store.near_duplicates)
            yield Row("kept", kept, first, f"{(folder / 'copies.db').stat().st_size / 1e6:.0f} MB on disk")


def measure_disputes(companies: int, claims: int) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as temporary:
        with open_store(Path(temporary) / "store", write=True) as store:
            fill(store, batched(readings(companies, claims)))
        with open_store(Path(temporary) / "store") as store:
            ours, disputed = timed(lambda: disputes(store))
            theirs, count = timed(lambda: sum(1 for _ in store.claims()))
            yield Row(f"disputes, {companies:,} companies", ours, theirs, f"{len(disputed)} among {count:,} claims")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="take a tenth of the data")
    share = 10 if parser.parse_args().quick else 1
    print(f"{'':<28}{'kg':>12}{'other':>12}{'other/kg':>10}")
    for row in chain(measure_copies(10_000 // share), measure_disputes(10_000 // share, 100_000 // share)):
        print(row, flush=True)


if __name__ == "__main__":
    main()
