"""The paragraph around a quote, as the reader of a page sees it."""

from collections.abc import Iterator, Mapping, Sequence

from kg.model import Document, Evidence
from kg.wording.printable import printable

__all__ = ["Snippets", "printable_part"]

_REACH = 420
"""Characters that are shown before and behind a quote, at most."""
_GAP = 2 * _REACH
"""Quotes of one claim that lie farther apart are shown without what lies between."""


class Snippets:
    """Texts around quotes, each kept once."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        self.texts: list[str] = []
        self._documents = documents
        self._places: dict[str, int] = {}

    def around(self, evidence: Sequence[Evidence]) -> tuple[int, list[list[int]]]:
        """Return which text holds the quotes, and where in it each begins and ends; -1 where no text is at hand.

        Every quote is in it, whichever document it is of, and "…" where the text between two is left out.
        """
        if evidence[0].document not in self._documents:
            return -1, []
        text, marks = "", list[list[int]]()
        for shown, places in self._pieces(evidence):
            text += " … " * bool(text)
            before = _units(text)
            marks += [[before + start, before + end] for start, end in places]
            text += shown
        if text not in self._places:
            self._places[text] = len(self.texts)
            self.texts.append(text)
        return self._places[text], marks

    def _pieces(self, evidence: Sequence[Evidence]) -> Iterator[tuple[str, list[list[int]]]]:
        """Yield the texts around quotes that stand near each other, document by document, with the quotes' places."""
        for name in dict.fromkeys(quote.document for quote in evidence):
            quotes = sorted((quote for quote in evidence if quote.document == name), key=lambda quote: quote.start)
            document = self._documents.get(name)
            if document is None:
                yield from ((printable(quote.quote), [[0, _units(printable(quote.quote))]]) for quote in quotes)
                continue
            for near in _near(quotes):
                yield _marked(document.text, [(quote.start, quote.end) for quote in near])


def _near(quotes: Sequence[Evidence]) -> Iterator[list[Evidence]]:
    """Yield quotes that are shown together, with what lies between them."""
    near: list[Evidence] = []
    for quote in quotes:
        if near and quote.start - max(before.end for before in near) > _GAP:
            yield near
            near = []
        near.append(quote)
    yield near


def _marked(text: str, parts: Sequence[tuple[int, int]]) -> tuple[str, list[list[int]]]:
    first, last = parts[0][0], max(end for _, end in parts)
    start = max(text.rfind("\n", 0, first) + 1, first - _REACH)
    end = text.find("\n", last)
    end = min(len(text) if end < 0 else end, last + _REACH)
    shown = "…" if start and text[start - 1] != "\n" else ""
    marks: list[list[int]] = []
    at = start
    for begins, ends in parts:
        if ends <= at:
            continue
        shown += printable_part(text[at : max(begins, at)])
        marked = printable_part(text[max(begins, at) : ends])
        marks.append([_units(shown), _units(shown + marked)])
        shown += marked
        at = ends
    rest = printable_part(text[at:end])
    return shown + rest + ("…" if end < len(text) and text[end] != "\n" else ""), marks


def printable_part(part: str) -> str:
    """Return a part of a text as it can be shown; a space at its border stays."""
    if not part or part.isspace():
        return " " if part else ""
    return f"{' ' * part[0].isspace()}{printable(part)}{' ' * part[-1].isspace()}"


def _units(text: str) -> int:
    """Count as a browser does, in UTF-16 code units: https://tc39.es/ecma262/#sec-ecmascript-language-types-string-type."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
