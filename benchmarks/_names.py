"""Made registers: names recombined out of real ones, so that words are as rare and as common as in life."""

import csv
import gzip
import os
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from kg.model import Document, Tier
from kg.resolve import RegisterRecord, register_entity
from kg.resolve.names import normalise
from kg.store import DocumentClaims

SHARED = Path(os.environ.get("KG_SHARED", Path(__file__).parents[2] / "shared"))
SAMPLE = SHARED / "data/gleif/lei-level1-sample-30k.csv.gz"
_SWAPPED = 0.7  # of the words that no other name has: a made one in their place, since vocabularies grow with names
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def sample(path: Path) -> list[tuple[str, str]]:
    """The names of GLEIF's sample, each with its country."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = csv.DictReader(file)
        return [(row["Entity.LegalName"], row["Entity.LegalAddress.Country"]) for row in rows]


def made(count: int, path: Path, seed: int = 20) -> Iterator[tuple[str, str]]:
    """Yield made names with countries: the head of one real name, the tail (and legal form) of another."""
    random_ = random.Random(seed)
    real = [(name.split(), country) for name, country in sample(path) if len(name.split()) > 1]
    counts = Counter(word.casefold() for words, _ in real for word in words)
    rare = [word for words, _ in real for word in words if counts[word.casefold()] == 1 and len(word) > 3]
    told: set[str] = set()
    while len(told) < count:
        (head, _), (tail, country) = random_.choice(real), random_.choice(real)
        taken = head[: random_.randint(1, max(1, len(head) - 1))][:3]
        words = [_word(word, counts, rare, random_) for word in (*taken, *tail[max(1, len(tail) // 2) :])]
        name = " ".join(words)
        if name not in told and any(map(str.isalnum, name)):
            told.add(name)
            yield name, country


def _word(word: str, counts: Counter[str], rare: Sequence[str], random_: random.Random) -> str:
    if counts[word.casefold()] > 1 or random_.random() > _SWAPPED:
        return word
    one, other = random_.choice(rare), random_.choice(rare)
    return one[: (len(one) + 1) // 2] + other[len(other) // 2 :].lower()


def reading(number: int, name: str, country: str) -> DocumentClaims:
    """What a register says of one made company."""
    key = f"{number:08}"
    entity = register_entity(name, "Company", "made", key)
    record = RegisterRecord(entity, "made", key, country=country or None)
    return DocumentClaims(
        Document(f"made/{key}", f"{key};{name};{country}", "en", tier=Tier.REGISTER), (), "made 1", records=(record,)
    )


def misspelled(name: str, random_: random.Random) -> str:
    """A name with one letter swapped, dropped or changed within a word of more than four letters."""
    words = name.split()
    long = [at for at, word in enumerate(words) if len(word) > 4 and word.isalpha()]
    if not long:
        return name
    at = random_.choice(long)
    word, place = words[at], random_.randrange(1, len(words[at]) - 2)
    kind = random_.randrange(3)
    if kind == 0:
        word = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    else:
        word = word[:place] + (random_.choice(_LETTERS) if kind == 1 else "") + word[place + 1 :]
    return " ".join((*words[:at], word, *words[at + 1 :]))


def without_form(name: str) -> str:
    """A name without its legal form, as texts write it."""
    words = name.split()
    while len(words) > 1 and normalise(" ".join(words)).legal != normalise(" ".join(words[:-1])).legal:
        words.pop()
    return " ".join(words)
