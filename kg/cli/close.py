"""The command that closes a document: somebody has read it to the end."""

from typing import TYPE_CHECKING

import click

from kg.cli.common import author_option, opened, store_option

if TYPE_CHECKING:
    from kg.judgements import Closing
    from kg.store import Store

__all__ = ["close"]


@click.command()
@click.argument("document")
@click.option("--undo", is_flag=True, help="Take the closing back.")
@author_option
@store_option
def close(document: str, undo: bool, author: str, store_path: str) -> None:
    """Say that you have read DOCUMENT to the end: what holds in it now is all that it says.

    Judge its claims first, and add what no reader found. It tells how much readers miss (kg evaluate --judgements), is
    gold for others (kg export --format gold) and trains the reader (kg train --store). A closing counts as long as
    the text stays the same.

    For example: kg close deal.txt --author ada.
    """
    from kg.judgements import current_moment
    from kg.query.closings import closing_of, undoing
    from kg.store import close_document

    at = current_moment()
    with opened(store_path, write=True) as store:
        closing = (undoing if undo else closing_of)(store, document, author, at, "terminal")
        close_document(store, closing)
        click.echo(_told(store, closing))


def _told(store: "Store", closing: "Closing") -> str:
    from kg.model import Outcome

    if closing.undoes is not None:
        return f"taken back: {closing.document} is not read to the end"
    left = sum(1 for _ in store.candidates(document=closing.document, outcomes={Outcome.TO_REVIEW}))
    rest = f"; {left} to review count as not stated, unless somebody calls them right" if left else ""
    return f"closed {closing.document}: {len(closing.claims)} claims hold in it{rest}"
