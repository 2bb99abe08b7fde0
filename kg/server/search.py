"""Searching the texts over HTTP: the parameters of an address, and the task that answers them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.errors import QueryError, did_you_mean
from kg.server.response_buffer import LimitedBuffer
from kg.store import Store

if TYPE_CHECKING:
    from kg.search import SearchRequest, SearchResult

__all__ = ["MEDIA_TYPES", "PARAMETERS", "SearchTexts", "asks_nothing"]

MEDIA_TYPES = ("application/json", "text/html")
PARAMETERS: Mapping[str, str] = {
    "q": "words",
    "text_lang": "lang",
    **{name: name for name in ("company", "relation", "modality", "document", "source", "since", "until")},
    **{name: name for name in ("outcome", "judged", "within", "limit", "offset")},
}
"""The parameters of the address, and what each is in a request; beside them `lang` is the language of the page."""
_NUMBERS = ("limit", "offset")
_MOST = 100
"""Hits on a page: a stranger's request is to stay small."""


def asks_nothing(parameters: Mapping[str, str]) -> bool:
    """Whether an address asks for the form alone."""
    return not any(value for name, value in parameters.items() if name != "lang")


@dataclass(frozen=True, slots=True)
class SearchTexts:
    """A search of the texts, answered as JSON or as a page, in the words of a language."""

    parameters: tuple[tuple[str, str], ...]
    media_type: str = "application/json"
    lang: str = "en"

    def answer(self, store: Store, buffer: LimitedBuffer) -> str:
        """Write the hits, how many there are, and how many of each kind; raise `QueryError` for what is wrong."""
        from kg.search import search

        request = _request(dict(self.parameters))
        result = search(store, request, self.lang)
        if self.media_type == "text/html":
            buffer.write(self._page(store, request, result).encode())
            return "text/html; charset=utf-8"
        found = {
            "query": request.words,
            "total": result.total,
            "offset": request.offset,
            "notes": result.notes,
            "facets": result.facets,
            "hits": [hit.to_json() for hit in result.hits],
        }
        buffer.write(json.dumps(found, ensure_ascii=False).encode())
        return "application/json"

    def _page(self, store: Store, request: "SearchRequest", result: "SearchResult") -> str:
        from kg.query.review import phrase
        from kg.search import claims_of_hits
        from kg.server.page import SearchAnswer, search_page

        # Of a whole document there would be too many.
        claims = {} if request.within == "documents" else claims_of_hits(store, result.hits)
        phrases = {id_: phrase(claim, self.lang) for id_, claim in claims.items()}
        return search_page(self.lang, dict(self.parameters), SearchAnswer(request, result, phrases))


def _request(parameters: Mapping[str, str]) -> "SearchRequest":
    from kg.search import SearchRequest

    given = {name: value for name, value in parameters.items() if value and name != "lang"}
    for name in given:
        if name not in PARAMETERS:
            hint = did_you_mean(name, PARAMETERS) or f" There are: {', '.join(PARAMETERS)}."
            raise QueryError(f"a search has no parameter '{name}'.{hint}")
    texts = {PARAMETERS[name]: value for name, value in given.items() if name not in _NUMBERS}
    numbers = {name: _number(name, given[name]) for name in _NUMBERS if name in given}
    if numbers.get("limit", 1) > _MOST:
        raise QueryError(f"limit {numbers['limit']} is too many hits at a time: ask for at most {_MOST}")
    return SearchRequest(**texts, **numbers)  # type: ignore[arg-type]


def _number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):  # noqa: PLR2004 - fits into 32 bits
        raise QueryError(f"{name} '{text}' is no whole number")
    return int(text)
