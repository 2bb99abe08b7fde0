"""What an analysis may ask the store besides claims: who is on which list, and what kind of source a document is."""

from collections.abc import Iterable, Mapping

from kg.facts import AsOf
from kg.model import Tier
from kg.query.registers import Listing, listings, tiers_of
from kg.store import Store

__all__ = ["Background"]


class Background:
    """A store, as far as analyses ask it: nothing is looked up before it is asked for."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def listings(self, as_of: AsOf) -> Mapping[str, tuple[Listing, ...]]:
        """Return who is under sanctions at a date, by the entity's id, and which documents say so."""
        return listings(self._store, as_of)

    def tiers(self, documents: Iterable[str]) -> Mapping[str, Tier]:
        """Return what kind of source documents are, by id, as far as it is known."""
        return tiers_of(self._store, documents)

    def text(self, document: str) -> str:
        """Return the text of a document: of a register's record, the record to the letter."""
        return self._store.document(document).text
