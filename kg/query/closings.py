"""Documents read to the end: closing one, taking that back, and what has become of each closing."""

from collections.abc import Iterator

from kg.errors import QueryError
from kg.judgements import ClosedDocument, Closing, ClosingState, closing_in_force, closing_states, standing
from kg.query.judged import judged_documents
from kg.store import Store, closed

__all__ = ["closed_documents", "closing_of", "closings_of", "documents_with_words", "undoing"]

_CLOSED = "SELECT DISTINCT ?id { GRAPH ?document { ?word a kg:Closing . ?document schema:identifier ?id } }"


def closing_of(store: Store, document: str, author: str, at: str, tool: str) -> Closing:
    """Return the closing of a document as it stands: what holds in it now is all that it says.

    Raises `UnknownDocument` where the store does not hold it.
    """
    reading = store.reading(document)
    return Closing(document, reading.document.sha256, author, at, reading.claims, tool, reading.reader)


def undoing(store: Store, document: str, author: str, at: str, tool: str) -> Closing:
    """Return what takes back the closing of a document that counts, or else the last of an earlier text.

    Raises `UnknownDocument`, and `QueryError` where there is no closing to take back.
    """
    reading = store.reading(document)
    text = reading.document.sha256
    last = closing_in_force(reading.closings, text) or next(reversed(standing(reading.closings)), None)
    if last is None:
        raise QueryError(f"'{document}' is not closed: there is nothing to take back")
    return Closing(document, text, author, at, (), tool, reading.reader, undoes=last.id)


def closings_of(store: Store, document: str | None = None) -> Iterator[tuple[Closing, ClosingState]]:
    """Yield the closings that a store keeps, by document and time, each with what has become of it."""
    for id_ in _closed_ids(store) if document is None else [document]:
        reading = store.reading(id_)
        yield from closing_states(reading.closings, reading.document.sha256)


def documents_with_words(store: Store) -> list[str]:
    """Return the ids, sorted, of the documents of which people have said something: judgements, closings."""
    return sorted({*judged_documents(store), *_closed_ids(store)})


def _closed_ids(store: Store) -> list[str]:
    """The ids of the documents that were closed, asked of the graph: most were not."""
    return sorted(value.value for row in store.query(_CLOSED) for value in row)


def closed_documents(store: Store) -> Iterator[ClosedDocument]:
    """Yield the documents that were read to the end and have not changed since, in order of id."""
    identities = store.identities
    for id_ in _closed_ids(store):
        found = closed(store.reading(id_), identities)
        if found is not None:
            yield found
