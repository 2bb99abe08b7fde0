"""How many sources a line has: documents that are copies of one story are one source."""

from collections.abc import Iterable, Iterator

from kg.errors import MissingExtra, TextsMissing
from kg.model import Document
from kg.store import NearDuplicates, Store
from kg.tables.table import Kind, Table, Value

__all__ = ["near_duplicates_of", "near_duplicates_table"]

_COLUMNS = ("group", "document", "published", "title", "alike", "like")


def near_duplicates_of(store: Store) -> NearDuplicates | None:
    """Return which documents are copies; None where that cannot be told, for want of a library or of the texts.

    Nothing is guessed then.
    """
    try:
        return store.near_duplicates()
    except (MissingExtra, TextsMissing):
        return None


def near_duplicates_table(store: Store) -> Table:
    """Return the groups of documents that are copies of one story, a row a document.

    `alike` is the share, in percent, of five-word runs that the document has in common with the one of its group
    that it is most alike, `like`: of the runs of the shorter of the two. Raises `MissingExtra` where datasketch is
    not installed.
    """
    copies = store.near_duplicates()
    # A part of a store is told of its own documents alone.
    groups = ([id_ for id_ in group if store.holds(id_)] for group in copies.groups())
    rows = tuple(
        tuple(_row(number, store.document(id_), copies, group))
        for number, group in enumerate((group for group in groups if len(group) > 1), start=1)
        for id_ in group
    )
    return Table(_COLUMNS, rows, base=store.base, kinds={"published": Kind.DATE})


def _row(number: int, document: Document, copies: NearDuplicates, group: Iterable[str]) -> Iterator[Value]:
    yield number
    yield document.id
    yield document.published
    yield document.title
    like, share = copies.nearest(document.id, group) or ("", 0.0)
    yield int(f"{100 * share:.0f}")
    yield like
