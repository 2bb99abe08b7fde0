"""New documents on their way into an index, in streams: text in batches, one loaded while the next is written."""

import datetime as dt
from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Self

import pyoxigraph as ox

from kg.facts import TriState, relationship_key, reports_end
from kg.facts.periods import Key, own_period
from kg.model import Entity
from kg.store.api import DocumentClaims
from kg.store.derived import ENDING, derived, edge, ending_literal, marks_text
from kg.store.iris import IriScheme
from kg.store.label_counts import Description, LabelCountsIndex, described, described_text
from kg.store.rdf_decode import mentioned
from kg.store.rdf_encode import document_text
from kg.store.relationship_index import claims_of, correction

if TYPE_CHECKING:
    from concurrent.futures import Future

__all__ = ["BulkLoader"]

_ENOUGH = 1 << 24
"""Characters of a batch: at a hundred thousand quads RocksDB sorts what it takes in fastest."""
_ENTITIES = 1 << 16
"""Entities whose label counts are held in memory, a kilobyte and more each."""


class BulkLoader:
    """Loads documents that a store does not hold, and what follows from them.

    No more than two batches are in memory. Each claim is loaded with its own period; the relationships of which a
    claim reports an end are remembered, and settled when all are there. Nothing here is a transaction: whoever loads
    so must have said before that the index is not whole. `edges` counts the edges that came, `size` the quads.
    """

    def __init__(self, store: ox.Store, iris: IriScheme, label_counts: LabelCountsIndex, day: dt.date) -> None:
        from concurrent.futures import ThreadPoolExecutor

        self.edges = self.size = 0
        self._store, self._iris, self._label_counts, self._day = store, iris, label_counts, day
        self._before: dict[str, Description | None] = {}
        self._added: set[ox.Quad] = set()
        self._removed: set[ox.Quad] = set()
        endings = store.quads_for_pattern(None, ENDING, None, iris.store)
        self._ended = frozenset(str(quad.object) for quad in endings)
        self._closed: set[Key] = set()
        self._documents: set[ox.NamedNode] = set()
        self._loader = ThreadPoolExecutor(1)
        self._loading: Future[None] | None = None
        self._underway: set[ox.Quad] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loader.shutdown()
        # An error's traceback may keep this object, and with it the store's files, open.
        self._store, self._loading = ox.Store(), None

    def documents(self, readings: Iterable[tuple[str, DocumentClaims]]) -> None:
        """Load the graphs of readings, each with lines of bookkeeping (N-Quads), and the edges that are new."""
        texts: list[str] = []
        edges: set[ox.Quad] = set()
        length = 0
        for kept, reading in readings:
            entities = mentioned(reading.claims, reading.records).values()
            graph = document_text(reading, entities, self._iris)
            texts += (graph, kept, self._facts(reading, edges))
            length += len(graph)
            if reading.claims:
                self._documents.add(self._iris.document(reading.document.id))
            for entity in entities:
                counts = self._label_counts.of(entity.id)
                if entity.id not in self._before:
                    self._before[entity.id] = counts.description()
                counts.add(entity, 1)
            if length > _ENOUGH:
                self._send(texts, edges)
                texts, edges, length = [], set(), 0
                if len(self._before) > _ENTITIES:
                    self._describe()
        self._send(texts, edges)

    def _facts(self, reading: DocumentClaims, edges: set[ox.Quad]) -> str:
        """Return what marks the claims of a reading, each by itself, and add their edges."""
        texts = []
        for claim in reading.claims:
            if not isinstance(claim.object, Entity):
                continue
            period = own_period(claim)
            texts.append(marks_text(claim, period, self._iris, self._day))
            if period is not None and period.holds_on(self._day) is not TriState.FALSE:
                edges.add(edge(claim, self._iris))
            key = relationship_key(claim)
            if reports_end(claim) or (self._ended and str(ending_literal(key, self._iris)) in self._ended):
                self._closed.add(key)
        return "".join(texts)

    def settle(self, added: set[ox.Quad], removed: set[ox.Quad]) -> tuple[int, int]:
        """Add what reported ends change in other claims; return the numbers of edges that came and went in all."""
        gone = undone = 0
        for key in self._closed:
            change = correction(self._store, key, self._iris, self._day)
            added |= change.added
            removed |= change.removed
            if change.edges:
                claims = claims_of(self._store, key, self._iris, self._documents)
                before = change.edges & derived(claims, self._iris, self._day).edges
                gone += len(before)
                undone += len(change.edges - before)
        return self.edges - undone, gone

    def descriptions(self) -> tuple[set[ox.Quad], set[ox.Quad]]:
        """Load what is to be said of entities that nothing was said of; return what else to add and to remove."""
        self._describe()
        return self._added, self._removed

    def _describe(self) -> None:
        """Load descriptions of the entities that came up since; what changes of others is kept for the end.

        The label counts are let go: all that they count is in the store by then.
        """
        new: list[str] = []
        added: set[ox.Quad] = set()
        removed: set[ox.Quad] = set()
        for id_, before in self._before.items():
            after = self._label_counts.of(id_).description()
            if before is None:
                new.append(described_text(id_, after, self._iris))
            elif before != after:
                added.update(described(id_, after, self._iris))
                removed.update(described(id_, before, self._iris))
        self._load("".join(new))
        self._wait()
        come, gone = added - removed, removed - added
        self._added, self._removed = (
            (self._added - gone) | (come - self._removed),
            (self._removed - come) | (gone - self._added),
        )
        self._before.clear()
        self._label_counts.trim(_ENTITIES)

    def _send(self, texts: list[str], edges: set[ox.Quad]) -> None:
        """Load a batch: what the one before it is bringing counts as there."""
        come = {edge for edge in edges if edge not in self._underway and edge not in self._store}
        self.edges += len(come)
        self._load("".join(texts) + _nquads(come))
        self._underway = come

    def _load(self, text: str) -> None:
        self._wait()
        if not text:
            return
        self.size += text.count("\n")
        self._loading = self._loader.submit(self._store.bulk_load, text, ox.RdfFormat.N_QUADS)

    def _wait(self) -> None:
        if self._loading is not None:
            self._loading.result()


def _nquads(quads: Iterable[ox.Quad]) -> str:
    return "".join(f"{quad} .\n" for quad in quads)
