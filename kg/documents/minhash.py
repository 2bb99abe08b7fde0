"""Whether one text is a copy of another: the same story rewritten, cut short, or with a lead of its own.

Texts are compared by their runs of five words (shingles, https://nlp.stanford.edu/IR-book/html/htmledition/
near-duplicates-and-shingling-1.html). What counts is containment, the share of the shorter text's runs that the
longer one has: a copy that was cut short has few of the other's runs, and the other has all of its own.

`overlap` depends on the two texts alone, never on what else is known, so that no order of reading and no third
text changes what it says. `Sketch` only spares comparing every text with every other.
"""

import re
import unicodedata
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from kg.errors import MissingExtra

if TYPE_CHECKING:
    from datasketch import MinHash

__all__ = ["METHOD", "Sketch", "Sketcher", "overlap", "words"]

METHOD = "runs/1"
"""Changes whenever the same texts would be sketched or judged otherwise."""

_WORD = re.compile(r"\w+")
_RUN = 5
_MOSTLY = 0.5
"""The least share of a copy's runs that the other text has: one word in ten may be another."""
_NEARLY_ALL, _HARDLY = 0.8, 0.1
_ENOUGH, _FEW = 20, 8
"""Runs that must be shared, and that suffice where nearly all of a short text's are: 24 and 12 words in a row."""
_CLOSING = 60
"""Words that may close two texts to the letter without meaning anything: who publishes them, where to subscribe."""
_OPENING = 100
"""Words that are an opening: what a cut copy keeps."""
_MUCH_SHORTER = 4
_HASHES, _BANDS, _ROWS = 128, 42, 3
"""How sketches meet. Two are drawn of each text, so that of pairs which share a third of all their runs, the least
that copies of one length share, 96 % are compared; of those which share a hundredth 0.01 %."""
_AT_ONCE = 4096
"""Texts that are indexed at once: their index takes 60 MB."""


def words(text: str) -> tuple[str, ...]:
    """Return a text's words without case and punctuation.

    >>> words("PARIS (AFP) – L’action")
    ('paris', 'afp', 'l', 'action')
    """
    return tuple(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def _runs(said: Sequence[str]) -> set[int]:
    """The hashes of all runs of words; of the whole where it is shorter than one run."""
    spelt = [word.encode() for word in said]
    last = max(len(spelt) - _RUN, 0)
    return {zlib.crc32(b" ".join(spelt[at : at + _RUN])) for at in range(last + 1)}


def overlap(one: Sequence[str], other: Sequence[str]) -> float | None:
    """Return the share of the shorter text's runs that the longer has, in (0, 1], or None where neither is a copy.

    Both are given as their `words`. Texts of the same words are copies, however short. Others must share half of
    the shorter's runs and 24 words' worth of them; a text of fewer nearly all. They are no copies where all that
    they share is up to 60 words at their end, after 20 or more of their own. A text of less than a quarter of the
    other's length is a copy only of its opening: who gathers many stories on a page has not copied each.
    """
    if not one or not other:
        return None
    if tuple(one) == tuple(other):
        return 1.0
    short, long = sorted((one, other), key=len)
    found, share = _shared(short, long)
    if found < (_FEW if share >= _NEARLY_ALL else _ENOUGH) or share < _MOSTLY:
        return None
    if _only_closing(one, other) or (len(short) * _MUCH_SHORTER < len(long) and not _same_opening(short, long)):
        return None
    return share


def _shared(short: Sequence[str], long: Sequence[str]) -> tuple[int, float]:
    """Return how many runs of the first the second has, and which share of them that is."""
    runs = _runs(short)
    found = len(runs & _runs(long))
    return found, found / len(runs)


def _only_closing(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether two texts are the same only where they close, and much stands before that."""
    same, longest = 0, min(_CLOSING, len(one) - _ENOUGH, len(other) - _ENOUGH)
    while same < longest and one[-1 - same] == other[-1 - same]:
        same += 1
    before = one[: len(one) - same], other[: len(other) - same]
    return same > 0 and _shared(*sorted(before, key=len))[1] < _HARDLY


def _same_opening(short: Sequence[str], long: Sequence[str]) -> bool:
    return _shared(short[:_OPENING], long[: 2 * _OPENING])[1] >= _MOSTLY


@dataclass(frozen=True, slots=True)
class Sketch:
    """What texts are first compared by: MinHash values of the whole and of the opening, as bytes to keep."""

    whole: bytes
    opening: bytes


class Sketcher:
    """Makes sketches, and finds those that meet; raises `MissingExtra` where datasketch is not installed."""

    def __init__(self) -> None:
        """Draw the hash functions: always the same, and others for the opening than for the whole."""
        try:
            from datasketch import MinHash
        except ModuleNotFoundError as error:
            raise MissingExtra("telling copies of a story needs datasketch: pip install 'kg[read]'") from error
        # Every argument that decides the values is said, so that no default of another version does.
        self._whole, self._opening = (
            MinHash(num_perm=_HASHES, seed=seed, hashfunc=int, scheme="affine32") for seed in (1, 2)
        )

    def sketch(self, said: Sequence[str]) -> Sketch:
        """Return the sketch of a text's words."""
        return Sketch(_values(self._whole, said), _values(self._opening, said[:_OPENING]))

    def meeting(self, new: Mapping[bytes, Sketch], known: Mapping[bytes, Sketch]) -> set[tuple[bytes, bytes]]:
        """Return the pairs of keys, the lesser first, that may be copies: two new ones, or a new and a known one."""
        found: set[tuple[bytes, bytes]] = set()
        before = list(known.items())
        come = iter(new.items())
        while chunk := list(islice(come, _AT_ONCE)):
            before += chunk
            found.update(self._meeting([(key, s.whole) for key, s in chunk], [(key, s.whole) for key, s in before]))
            found.update(self._meeting([(key, s.opening) for key, s in chunk], [(key, s.opening) for key, s in before]))
        return found

    def _meeting(
        self, indexed: Sequence[tuple[bytes, bytes]], asked: Sequence[tuple[bytes, bytes]]
    ) -> Iterator[tuple[bytes, bytes]]:
        import numpy as np
        from datasketch import MinHashLSH

        # Of a hash that is only looked up the values alone count.
        hashed = self._whole.copy()
        index = MinHashLSH(num_perm=_HASHES, params=(_BANDS, _ROWS))
        with index.insertion_session() as session:
            for key, values in indexed:
                hashed.hashvalues = np.frombuffer(values, dtype="<u4")
                session.insert(key, hashed)
        for key, values in asked:
            hashed.hashvalues = np.frombuffer(values, dtype="<u4")
            yield from ((min(key, other), max(key, other)) for other in index.query(hashed) if other != key)


def _values(empty: "MinHash", said: Sequence[str]) -> bytes:
    hashed = empty.copy()
    hashed.update_batch(sorted(_runs(said)))
    return bytes(hashed.hashvalues.astype("<u4").tobytes())
