"""Names of a register, and how common their words are."""

import csv
import gzip
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.resolve.folding import fold
from kg.resolve.names.spelling import spelled

__all__ = ["RegisterWords", "count_words", "is_frozen", "register_names"]

_RARE = range(2, 121)
_LEAST_LETTERS = 4


@dataclass(frozen=True, slots=True)
class RegisterWords:
    """In how many names each word stands, and the words that name companies: in few names, and not in one alone."""

    counts: Mapping[str, int]
    naming: tuple[str, ...]


def register_names(path: Path) -> list[str]:
    """Return the names of GLEIF's sample, each once, in the order of the file."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        return list(dict.fromkeys(row["Entity.LegalName"] for row in csv.DictReader(lines)))


def is_frozen(name: str) -> bool:
    """Whether a name belongs to the half that nothing is fitted on.

    >>> is_frozen("Siemens AG") == is_frozen("SIEMENS A.G.")
    True

    """
    return hashlib.sha256(fold(name).encode()).digest()[0] % 2 == 0


def count_words(names: Sequence[str]) -> RegisterWords:
    """Count in how many names each word stands.

    >>> count_words(["Zeltan Energy", "Zeltan Rubber"]).naming
    ('zeltan',)

    """
    counts = Counter(word for name in names for word in set(spelled(name)[0]))
    naming = sorted(
        word for word, count in counts.items() if count in _RARE and len(word) >= _LEAST_LETTERS and word.isalpha()
    )
    return RegisterWords(counts, tuple(naming))
