"""The paragraph around a quote, as the reader of a page sees it."""

from collections.abc import Mapping, Sequence

from kg.model import Document, Evidence
from kg.wording.printable import printable

__all__ = ["Snippets"]

_REACH = 420
"""Characters that are shown before and behind a quote, at most."""
_SPAN = 1600
"""Quotes of one claim that lie farther apart are shown without what lies between."""


class Snippets:
    """Texts around quotes, each kept once."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        self.texts: list[str] = []
        self._documents = documents
        self._places: dict[str, int] = {}

    def around(self, evidence: Sequence[Evidence]) -> tuple[int, list[list[int]]]:
        """Return which text holds the quotes, and where in it each begins and ends; -1 where no text is at hand."""
        document = self._documents.get(evidence[0].document)
        if document is None:
            return -1, []
        near = [quote for quote in evidence if quote.document == document.id]
        near.sort(key=lambda quote: quote.start)
        parts = [(quote.start, quote.end) for quote in near]
        if parts[-1][1] - parts[0][0] > _SPAN:
            parts = [(evidence[0].start, evidence[0].end)]
        text, marks = _marked(document.text, parts)
        if text not in self._places:
            self._places[text] = len(self.texts)
            self.texts.append(text)
        return self._places[text], marks


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
        shown += _shown(text[at : max(begins, at)])
        marked = _shown(text[max(begins, at) : ends])
        marks.append([_units(shown), _units(shown + marked)])
        shown += marked
        at = ends
    rest = _shown(text[at:end])
    return shown + rest + ("…" if end < len(text) and text[end] != "\n" else ""), marks


def _shown(part: str) -> str:
    """Return a part of a text as it can be shown; a space at its border stays."""
    if not part or part.isspace():
        return " " if part else ""
    return f"{' ' * part[0].isspace()}{printable(part)}{' ' * part[-1].isspace()}"


def _units(text: str) -> int:
    """Count as a browser does, in UTF-16 code units: https://tc39.es/ecma262/#sec-ecmascript-language-types-string-type."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
