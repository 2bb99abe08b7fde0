"""What a search gives: hits with their exact places, a table of them, and how many there are of each kind."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kg.query.result import QueryResult
from kg.store.text_entries import NO_CLAIM
from kg.tables.table import Kind, Table, Value
from kg.wording.printable import printable, steers

__all__ = ["Hit", "SearchResult", "add_command", "table_of_hits"]

_COLUMNS = (
    *("sentence", "document", "start", "end", "published", "source", "relations", "modalities"),
    *("outcome", "judged", "claims", "score"),
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A sentence that was found: characters `start` up to `end` of a document's text, which are `text`.

    `marks` are the places, in `text`, of the words searched for. `outcome` is "admitted" where a claim is made there,
    "to-review" where one may be, else "none"; `claims` are their ids, `relations` and `modalities` theirs. `judged` is
    what people say of claims there. Where documents are searched, the sentence is the one with most of the words, and
    the rest is said of the whole document.
    """

    document: str
    start: int
    end: int
    text: str
    marks: tuple[tuple[int, int], ...]
    score: float
    title: str | None
    published: str | None
    source: str
    lang: str
    claims: tuple[str, ...]
    relations: tuple[str, ...]
    modalities: tuple[str, ...]
    outcome: str
    judged: tuple[str, ...]

    @property
    def has_no_claim(self) -> bool:
        """Whether nothing is claimed there, so that a person may add it."""
        return self.outcome == NO_CLAIM

    def to_json(self) -> dict[str, Any]:
        """Return the hit as JSON has it; `add` is what adding a claim takes, None where one is made."""
        fields = {name: getattr(self, name) for name in Hit.__dataclass_fields__}
        place = {"document": self.document, "quote": self.text, "start": self.start, "end": self.end}
        return {**fields, "add": place if self.has_no_claim else None}


@dataclass(frozen=True, eq=False)
class SearchResult(QueryResult):
    """Hits, the best first, as a table of Python values; `total` is how many there are in all.

    `facets` counts them: by relation, modality, source, year, verdict, outcome and language. `words` are the words
    that were searched for.
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    words: str = ""


def table_of_hits(hits: tuple[Hit, ...]) -> Table:
    """Return hits as a table, a row each."""
    return Table(_COLUMNS, [_row(hit) for hit in hits], "Hits", kinds={"published": Kind.DATE})


def _row(hit: Hit) -> tuple[Value, ...]:
    return (
        hit.text,
        hit.document,
        hit.start,
        hit.end,
        hit.published,
        hit.source,
        " ".join(hit.relations) or None,
        " ".join(hit.modalities) or None,
        hit.outcome,
        " ".join(hit.judged) or None,
        " ".join(hit.claims) or None,
        round(hit.score, 4),
    )


def add_command(hit: Hit, store: str | None = None) -> str:
    """Return the command that adds a claim out of a hit, for a shell; who, what and whom are left to fill in.

    The quote is the sentence to the letter; of one that could steer a terminal it is the longest part that cannot.
    """
    parts = "".join("\0" if steers(char) else char for char in hit.text).split("\0")
    words = ["--document", printable(hit.document), "--quote", max(parts, key=len)]
    words += [] if store is None else ["--store", store]
    return " ".join(["kg add SUBJECT RELATION OBJECT", *map(shlex.quote, words)])
