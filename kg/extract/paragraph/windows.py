"""A document cut into the pieces that the paragraph model reads at once, names and figures marked in them.

A window is a paragraph or several, with the head of the document before it (its title, and who files it): what is said
of "the group" far from its name is read beside the name.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from kg.extract.dates import DateSpan, dates
from kg.extract.figures import FigureSpan, figures
from kg.extract.names import Mention
from kg.extract.plain import plain
from kg.extract.sentence import Sentence
from kg.extract.sentences import Text
from kg.model import Document

__all__ = ["FIGURES", "KINDS", "Mark", "Window", "windows"]

KINDS = ("Company", "Organisation", "PublicBody", "Person", "Programme", "Product", "Place")
"""What a name can be, in the order of the model's markers."""
FIGURES = ("amount", "percent", "quantity", "duration", "date")
"""What a figure can be, in the order of the model's markers."""

_LONGEST = 1_400
"""Characters of a window, its head left out: about 350 pieces of words."""
_HEAD = 200
_PARTIES = frozenset({"Company", "Organisation", "PublicBody", "Person", "Programme"})
_UNSURE = 3.0
"""What is so little likelier a product or a place than anything else may be a party: 20 times, as a logarithm."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A name or a figure at characters `start`–`end` of the document; `name` is its place in the window's names.

    `kind` is a class of the ontology, or what the figure counts; a figure has no name (None), but what was read of it:
    its offsets there are those of the text that was searched.
    """

    start: int
    end: int
    kind: str
    name: int | None = None
    figure: FigureSpan | DateSpan | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """Parts of a document (`spans`, in order) that are read together, with their marks in order."""

    spans: tuple[tuple[int, int], ...]
    marks: tuple[Mark, ...]
    names: tuple[str, ...]

    @property
    def body(self) -> tuple[int, int]:
        """The part that is read here for the first time."""
        return self.spans[-1]


def windows(document: Document, text: Text) -> Iterator[Window]:
    """Yield the windows of a document that hold two names or more which can be parties."""
    able = {mention.name for sentence in text.sentences for mention in sentence.mentions if _is_able(mention)}
    for number, body in enumerate(_bodies(text.sentences)):
        spans = (*_head(text, body[0]), body) if number else (body,)
        window = _marked(document, text, spans)
        here = {window.names[mark.name] for mark in window.marks if mark.name is not None and mark.start >= body[0]}
        if len(able.intersection(window.names)) > 1 and here & able:
            yield window


def _is_able(mention: Mention) -> bool:
    """Whether a name can be a party, by its kind or for want of a sure one."""
    return mention.kind in _PARTIES or (mention.margin is not None and mention.margin < _UNSURE)


def _bodies(sentences: Sequence[Sentence]) -> Iterator[tuple[int, int]]:
    """Yield runs of whole paragraphs, or of the sentences of one that is too long."""
    begun: tuple[int, int] | None = None
    for piece in _pieces(sentences):
        if begun is None:
            begun = piece
        elif piece[1] - begun[0] <= _LONGEST:
            begun = begun[0], piece[1]
        else:
            yield begun
            begun = piece
    if begun is not None:
        yield begun


def _pieces(sentences: Sequence[Sentence]) -> Iterator[tuple[int, int]]:
    for _, line in groupby(sentences, key=lambda sentence: sentence.offset):
        those = list(line)
        if those[-1].end - those[0].start <= _LONGEST:
            yield those[0].start, those[-1].end
        else:
            yield from ((sentence.start, min(sentence.end, sentence.start + _LONGEST)) for sentence in those)


def _head(text: Text, body: int) -> Iterator[tuple[int, int]]:
    """Yield the first sentence of the document, and the name of its filer if it stands behind it, before the body."""
    first = text.sentences[0]
    end = min(first.end, first.start + _HEAD)
    yield first.start, end
    filer = text.filer
    if filer is not None and filer.start >= end and filer.place[1] <= body:
        yield filer.place


def _marked(document: Document, text: Text, spans: tuple[tuple[int, int], ...]) -> Window:
    names: dict[str, int] = {}
    marks: list[Mark] = []
    for sentence in text.sentences:
        for mention in sentence.mentions:
            start, end = mention.place
            if any(first <= start and end <= last for first, last in spans):
                kind = mention.kind if mention.kind in KINDS else "Company"
                marks.append(Mark(start, end, kind, names.setdefault(mention.name, len(names))))
    taken = [(mark.start, mark.end) for mark in marks]
    marks.extend(mark for mark in _figures(document, spans[-1]) if not _overlaps(mark, taken))
    return Window(spans, tuple(sorted(marks, key=lambda mark: mark.start)), tuple(names))


def _overlaps(mark: Mark, taken: Sequence[tuple[int, int]]) -> bool:
    return any(mark.start < end and start < mark.end for start, end in taken)


def _figures(document: Document, body: tuple[int, int]) -> Iterator[Mark]:
    """Yield the figures and dates of the window's body; what is part of a date is no quantity."""
    text = plain(document.text[slice(*body)])
    said = [Mark(d.start, d.end, "date", figure=d) for d in dates(text, document.lang, document.published)]
    times = [(mark.start, mark.end) for mark in said]
    for figure in figures(text, document.lang):
        mark = Mark(figure.start, figure.end, figure.kind, figure=figure)
        if not _overlaps(mark, times):
            said.append(mark)
    yield from (replace(mark, start=mark.start + body[0], end=mark.end + body[0]) for mark in said)
