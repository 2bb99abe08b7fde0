"""Near-duplicates: whether one text is a copy of another, rewritten, cut short, or with another lead.

Texts are compared by their runs of five words (shingles, https://nlp.stanford.edu/IR-book/html/htmledition/
near-duplicates-and-shingling-1.html). The measure is containment, the share of the shorter text's runs that the
longer one has (Broder 1997, https://doi.org/10.1109/SEQUEN.1997.666900): a copy that was cut short has few of the
other's runs, and the other has all of its own.

`overlap` depends on the two texts alone, so that neither the order of reading nor a third text changes the answer.
MinHash sketches only find the pairs that are worth comparing.
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

__all__ = ["METHOD", "Sketch", "Sketcher", "bands", "overlap", "words"]

METHOD = "runs/1"
"""The version of the method; it changes whenever the same texts would get another sketch or another answer."""

_WORD = re.compile(r"\w+")
_RUN = 5
_MOSTLY = 0.5
"""The least share of a copy's runs that the other text has: one word in ten may differ."""
_NEARLY_ALL, _HARDLY = 0.8, 0.1
_ENOUGH, _FEW = 20, 8
"""Runs that must be shared (24 words in a row); and those that suffice (12) where nearly all of a short text's are."""
_CLOSING = 60
"""The longest closing that unrelated texts may share: who publishes them, where to subscribe."""
_OPENING = 100
"""Words of the opening, which a copy that was cut short keeps."""
_MUCH_SHORTER = 4
_HASHES, _BANDS, _ROWS = 128, 42, 3
"""Of pairs that share a third of all their runs, the least that copies of one length share, 96 % are compared (each
text has two sketches); of those that share a hundredth, 0.01 %."""
_AT_ONCE = 4096
"""Texts that are indexed at once: their index takes 60 MB."""


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text, without case and punctuation.

    >>> words("PARIS (AFP) – L’action")
    ('paris', 'afp', 'l', 'action')
    """
    return tuple(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def _runs(text_words: Sequence[str]) -> set[int]:
    """Return the hashes of all runs of five words; of the whole text if it is shorter."""
    encoded = [word.encode() for word in text_words]
    last = max(len(encoded) - _RUN, 0)
    return {zlib.crc32(b" ".join(encoded[at : at + _RUN])) for at in range(last + 1)}


def overlap(first: Sequence[str], second: Sequence[str]) -> float | None:
    """Return how much of one text stands in another, if one is a copy of the other.

    Two texts of the same words are copies, however short. Otherwise they must share half of the runs of five words of
    the shorter text, and at least 20 runs, or 8 where these are nearly all. They are no copies if they share only a
    closing of up to 60 words, after 20 or more words of their own. A text of less than a quarter of the other's length
    is a copy only of its opening: a page that collects many stories is no copy of each.

    Args:
        first: the `words` of a text.
        second: the `words` of another; the order of the two makes no difference.

    Returns:
        The share of the shorter text's runs that the longer one has, in (0, 1]; None if neither is a copy.

    >>> overlap(words("Nvidia buys a stake."), words("NVIDIA buys a stake"))
    1.0
    >>> overlap(words("Nvidia buys a stake."), words("Oracle buys Opower."))

    """
    if not first or not second:
        return None
    if tuple(first) == tuple(second):
        return 1.0
    short, long = sorted((first, second), key=len)
    shared, share = _shared_runs(short, long)
    if shared < (_FEW if share >= _NEARLY_ALL else _ENOUGH) or share < _MOSTLY:
        return None
    if _only_closing(first, second) or (len(short) * _MUCH_SHORTER < len(long) and not _same_opening(short, long)):
        return None
    return share


def _shared_runs(short: Sequence[str], long: Sequence[str]) -> tuple[int, float]:
    """Return how many runs of the shorter text the longer one has, and their share."""
    runs = _runs(short)
    shared = len(runs & _runs(long))
    return shared, shared / len(runs)


def _only_closing(first: Sequence[str], second: Sequence[str]) -> bool:
    """Return whether two texts share only their closing, after many words of their own."""
    same, longest = 0, min(_CLOSING, len(first) - _ENOUGH, len(second) - _ENOUGH)
    while same < longest and first[-1 - same] == second[-1 - same]:
        same += 1
    before = first[: len(first) - same], second[: len(second) - same]
    return same > 0 and _shared_runs(*sorted(before, key=len))[1] < _HARDLY


def _same_opening(short: Sequence[str], long: Sequence[str]) -> bool:
    return _shared_runs(short[:_OPENING], long[: 2 * _OPENING])[1] >= _MOSTLY


@dataclass(frozen=True, slots=True)
class Sketch:
    """The MinHash values of a text and of its opening, as bytes that a store can keep."""

    whole: bytes
    opening: bytes


def bands(sketch: Sketch) -> Iterator[tuple[str, bytes]]:
    """Yield the bands of a sketch: texts that share one, at the same place, are those that `Sketcher.candidates` pairs.

    >>> first, second = ([place for place, _ in bands(Sketch(bytes(512), bytes(512)))][at] for at in (0, -1))
    >>> first, second
    ('whole 0', 'opening 41')
    """
    width = 4 * _ROWS
    for name, values in (("whole", sketch.whole), ("opening", sketch.opening)):
        yield from ((f"{name} {at}", values[at * width : (at + 1) * width]) for at in range(_BANDS))


class Sketcher:
    """Makes MinHash sketches, and finds pairs of texts that may be copies.

    The pairs are found by locality-sensitive hashing (Leskovec, Rajaraman, Ullman, *Mining of Massive Datasets*,
    chapter 3, http://www.mmds.org). Making one raises `MissingExtra` if datasketch is not installed.

    >>> sketcher, text = Sketcher(), words("Nvidia buys a stake in the company for a billion dollars.")
    >>> sketcher.candidates({b"a": sketcher.sketch(text), b"b": sketcher.sketch(text)}, {})
    {(b'a', b'b')}
    """

    def __init__(self) -> None:
        """Draw the hash functions: the same ones every time, one set for texts and one for openings."""
        try:
            from datasketch import MinHash
        except ModuleNotFoundError as error:
            raise MissingExtra("telling copies of a story needs datasketch: pip install 'kg[read]'") from error
        # Every argument that decides the values is given: defaults change between versions.
        self._whole, self._opening = (
            MinHash(num_perm=_HASHES, seed=seed, hashfunc=int, scheme="affine32") for seed in (1, 2)
        )

    def sketch(self, text_words: Sequence[str]) -> Sketch:
        """Return the sketch of a text, of which `text_words` are the `words`."""
        return Sketch(_values(self._whole, text_words), _values(self._opening, text_words[:_OPENING]))

    def candidates(self, new: Mapping[bytes, Sketch], known: Mapping[bytes, Sketch]) -> set[tuple[bytes, bytes]]:
        """Return the pairs of texts that may be copies and have to be compared.

        Args:
            new: sketches of new texts, by their keys.
            known: sketches of texts that have been compared with each other before.

        Returns:
            Pairs of keys, the lesser first: of two new texts, or of a new and a known one.

        """
        pairs: set[tuple[bytes, bytes]] = set()
        queried = list(known.items())
        remaining = iter(new.items())
        while chunk := list(islice(remaining, _AT_ONCE)):
            queried += chunk
            pairs.update(self._colliding([(key, s.whole) for key, s in chunk], [(key, s.whole) for key, s in queried]))
            openings = [(key, s.opening) for key, s in queried]
            pairs.update(self._colliding([(key, s.opening) for key, s in chunk], openings))
        return pairs

    def _colliding(
        self, indexed: Sequence[tuple[bytes, bytes]], queried: Sequence[tuple[bytes, bytes]]
    ) -> Iterator[tuple[bytes, bytes]]:
        import numpy as np
        from datasketch import MinHashLSH

        # Of a hash that is only looked up, the values alone count.
        hashed = self._whole.copy()
        index = MinHashLSH(num_perm=_HASHES, params=(_BANDS, _ROWS))
        with index.insertion_session() as session:
            for key, values in indexed:
                hashed.hashvalues = np.frombuffer(values, dtype="<u4")
                session.insert(key, hashed)
        for key, values in queried:
            hashed.hashvalues = np.frombuffer(values, dtype="<u4")
            yield from ((min(key, match), max(key, match)) for match in index.query(hashed) if match != key)


def _values(empty: "MinHash", text_words: Sequence[str]) -> bytes:
    hashed = empty.copy()
    hashed.update_batch(sorted(_runs(text_words)))
    return bytes(hashed.hashvalues.astype("<u4").tobytes())
