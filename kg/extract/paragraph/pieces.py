"""A window as the numbers that the encoder takes: pieces of words, with a marker before each name and figure.

Pieces are those of a unigram model (Kudo, "Subword Regularization", ACL 2018), cut to French and English. Markers have
numbers of their own, above those of the pieces.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.extract.paragraph.windows import FIGURES, KINDS, Window
from kg.extract.plain import plain

if TYPE_CHECKING:
    from sentencepiece import SentencePieceProcessor

__all__ = ["LONGEST", "MARKERS", "Encoded", "encoded", "pieces"]

MARKERS = {kind: number for number, kind in enumerate((*KINDS, *FIGURES, "close"))}
"""The markers, by what begins behind them; "close" stands behind a name or figure."""
LONGEST = 508
"""Pieces and markers that are read at once: the encoder has places for 512."""

_BLANK = str.maketrans(dict.fromkeys("\n\t\r\x0b\x0c", " "))


@dataclass(frozen=True, slots=True)
class Encoded:
    """The numbers of a window, the characters that each stands for (None for a marker), and where each mark begins."""

    ids: tuple[int, ...]
    spans: tuple[tuple[int, int] | None, ...]
    places: dict[int, int]


def pieces(text: str, start: int, model: "SentencePieceProcessor") -> Iterator[tuple[int, tuple[int, int]]]:
    """Yield the number of each piece of a text, and its characters; the text begins at character `start`."""
    flat = plain(text).translate(_BLANK)
    first = start + len(flat) - len(flat.lstrip(" "))
    at = first - 1  # the model puts a blank before the first word
    for piece in model.encode(flat.strip(" "), out_type=str):
        yield model.piece_to_id(piece), (max(at, first), at + len(piece))
        at += len(piece)


def encoded(window: Window, text: str, model: "SentencePieceProcessor") -> Encoded:
    """Return the numbers of a window of a text; what is longer than `LONGEST` is cut off."""
    first: int = model.piece_size()
    told: list[tuple[int, tuple[int, int] | None]] = [(model.bos_id(), None)]
    places: dict[int, int] = {}
    for start, end in window.spans:
        at = start
        for number, mark in enumerate(window.marks):
            if not start <= mark.start < mark.end <= end:
                continue
            told.extend(pieces(text[at : mark.start], at, model))
            places[number] = len(told)
            told.append((first + MARKERS[mark.kind], None))
            told.extend(pieces(text[mark.start : mark.end], mark.start, model))
            told.append((first + MARKERS["close"], None))
            at = mark.end
        told.extend(pieces(text[at:end], at, model))
    told = [*told[: LONGEST - 1], (model.eos_id(), None)]
    ids, spans = zip(*told, strict=True)
    return Encoded(ids, spans, {mark: place for mark, place in places.items() if place < len(told) - 1})
