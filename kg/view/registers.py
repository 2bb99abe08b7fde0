"""What registers say of the companies in a view, as plain values: in words, with the row that says so.

Of a company with records the view has `registers`, a record each: `words` and `more` (lines, in both languages),
`row`, the record to the letter, cut where it is long, `document` (its id) and `url` where it has one. Sources that
are registers' files have `tier`, "register": by it the viewer tells which ties a register states.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from kg.facts import NO_CUTOFF
from kg.model import Document
from kg.query.register_text import more_words, record_words
from kg.query.registers import RegisterFact, register_facts_of
from kg.view.presentation import address, clipped
from kg.wording.printable import printable

if TYPE_CHECKING:
    from kg.store import Store

__all__ = ["MOST", "register_records"]

MOST = 2000
"""So many companies at most are asked after, the first ones: each record is read out of the journal."""
_LONGEST_ROW = 4000
_LONGEST_LINE = 600
_LANGUAGES = ("en", "fr")


def register_records(store: "Store", companies: Iterable[str]) -> Mapping[str, list[dict[str, Any]]]:
    """Return what registers say of companies, by their ids; those of which none says anything are left out."""
    wanted = list(dict.fromkeys(companies))[:MOST]
    told = register_facts_of(store, wanted, NO_CUTOFF)
    return {id_: [_record(fact, store.document(fact.document)) for fact in facts] for id_, facts in told.items()}


def _record(fact: RegisterFact, document: Document) -> dict[str, Any]:
    url = address(document.url)
    return {
        "words": {lang: clipped(" · ".join(record_words(fact, lang)), _LONGEST_LINE) for lang in _LANGUAGES},
        "more": {lang: [clipped(line, _LONGEST_LINE) for line in more_words(fact, lang)] for lang in _LANGUAGES},
        "row": clipped(printable(document.text), _LONGEST_ROW),
        "document": clipped(fact.document, _LONGEST_LINE),
        **({"url": url} if url else {}),
    }
