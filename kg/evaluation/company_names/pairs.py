"""Pairs of names made out of a register: one company written another way, and two companies called nearly alike.

Nobody has marked a large set of such pairs that may be used freely, so they are made: from each name a variant as
registers, filings and the press write them (`variants`), and another company with much the same words (`negatives`).
The names are parted in two halves by a hash, so that nothing fitted on the one has seen a name of the other.
"""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from kg.evaluation.company_names.negatives import negative
from kg.evaluation.company_names.register import RegisterWords, count_words
from kg.evaluation.company_names.variants import variant
from kg.resolve.names.form import NameForm, normalise
from kg.resolve.names.spelling import spelled

__all__ = ["NamePair", "make_pairs"]

SEED = 20
_RAREST_SHARED = 3
_NEAR = 5
_NEIGHBOURS = 60
"""Names that share a word, of which the nearest is taken."""


@dataclass(frozen=True, slots=True)
class NamePair:
    """Two names, whether they are one company's, and how the pair was made."""

    first: str
    second: str
    same: bool
    kind: str


def make_pairs(names: Sequence[str], count: int, seed: int = SEED) -> list[NamePair]:
    """Make `count` pairs of names, half of them one company's, the same for the same names and seed."""
    chance = random.Random(f"{seed}")  # noqa: S311 - a draw of examples, no secret
    words = count_words(names)
    near = _Neighbours(names, words)
    pairs: list[NamePair] = []
    order = list(names)
    while len(pairs) < count:
        chance.shuffle(order)
        for name in order:
            made = (variant(name, words, chance), negative(name, words, chance, near.nearest))
            pairs += [NamePair(name, text, at == 0, kind) for at, (text, kind) in enumerate(made) if text]
            if len(pairs) >= count:
                break
    return pairs[:count]


class _Neighbours:
    """Finds for a name another company's that shares its words."""

    def __init__(self, names: Sequence[str], words: RegisterWords) -> None:
        self.names, self.common = names, words.counts
        self.forms = [normalise(name) for name in names]
        self.at = {name: at for at, name in enumerate(names)}
        self.by_word: dict[str, list[int]] = defaultdict(list)
        for at, name in enumerate(names):
            for word in set(spelled(name)[0]):
                self.by_word[word].append(at)

    def nearest(self, name: str, chance: random.Random) -> str:
        """Return one of the most similar names of other companies, mostly the nearest, or "" where none is."""
        from rapidfuzz import fuzz, process

        words = sorted(set(spelled(name)[0]), key=lambda word: (self.common[word], word))[:_RAREST_SHARED]
        form = self.forms[self.at[name]]
        others = {at for word in words for at in self._some(word, chance)}
        texts = [self.names[at] for at in sorted(others) if not _alike(self.forms[at], form)]
        best = process.extract(name, texts, scorer=fuzz.token_sort_ratio, processor=str.casefold, limit=_NEAR)
        return best[min(int(chance.expovariate(1)), len(best) - 1)][0] if best else ""

    def _some(self, word: str, chance: random.Random) -> list[int]:
        found = self.by_word[word]
        return found if len(found) <= _NEIGHBOURS else chance.sample(found, _NEIGHBOURS)


def _alike(first: NameForm, second: NameForm) -> bool:
    """Whether names differ in nothing but case, accents and a legal form that one leaves out: nobody can part them."""
    is_same = first.key == second.key or first.joined == second.joined
    return is_same and not (first.legal and second.legal and set(first.legal).isdisjoint(second.legal))
