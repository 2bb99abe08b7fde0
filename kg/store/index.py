"""The RDF index over the journal: a pyoxigraph store that can be made again at any time.

Documents' graphs hold claims and mentions. The default graph holds what follows from them: when each claim states a
fact, an edge for every relationship that is a fact on the day the index stands at, a description of every entity. Two
graphs more hold the schema, for its labels, and the bookkeeping (which commit the index stands at, where in the
journal each document's reading is), so that bookkeeping and data change in one transaction.

A symmetric relation has one edge, the way round that the claim has it: ask for
``?a kg:competesWith|^kg:competesWith ?b``.
"""

import datetime as dt
import functools
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast

import pyoxigraph as ox

from kg import formats
from kg.companies import LISTED
from kg.judgements import Identities, IdentityJudgement
from kg.ontology import turtle
from kg.store.api import DocumentClaims
from kg.store.bookkeeping import (
    READING,
    RECORD,
    JournalPlace,
    identities_from,
    identity_quads,
    kept,
    kept_text,
)
from kg.store.bulk_loader import BulkLoader
from kg.store.day_change import day_change
from kg.store.derived import today_quad
from kg.store.index_reader import IndexReader
from kg.store.iris import IriScheme, term
from kg.store.journal_format import Position
from kg.store.label_counts import LabelCountsIndex
from kg.store.plan import DocumentChange, Plan, Planner
from kg.store.sparql import data

__all__ = ["BATCH", "MANY", "Index", "schema_version"]

_STANDS_AT = term("dcterms:identifier")
_DEFAULT = ox.DefaultGraph()
_UNSETTLED = 50_000
_UNMERGED, _PART = 500_000, 4
"""Quads that came, and the part of all that they are, from which on tables are merged: looking a term up in many tables
costs half as much again, or twice."""
BATCH = 256
"""Documents read again whose quads are held in memory at once."""
MANY = 64
"""New documents from which on files are loaded beside the tables, three times as fast and in no transaction."""
_NO_TEXTS: Mapping[ox.NamedNode, str] = {}


@functools.cache
def schema_version() -> str:
    """What an index depends on beside the journal: its format, the ontology, the registry."""
    parts = [formats.INDEX, turtle("kg.ttl"), turtle("registry.ttl"), turtle(LISTED)]
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    return f"{formats.INDEX}+{digest[:16]}"


class Index(IndexReader):
    """The graph of a store; `size` is its number of quads, where that is known."""

    def __init__(self, store: ox.Store, iris: IriScheme, size: int | None = None) -> None:
        super().__init__(store, iris)
        self._counted = size
        self._unsettled = self._unmerged = 0
        self._day: dt.date | None = None
        self._identities: Identities | None = None
        self._planner = Planner(store, iris)

    @property
    def size(self) -> int:
        """The number of quads."""
        return self._size

    def let_go(self) -> None:
        """Let go of the files: RocksDB closes them when nothing refers to the store any more."""
        self._store = None
        # The planner would live on until the garbage is collected: it knows itself, through its label counts.
        self._planner.store = ox.Store()

    # ------------------------------------------------------------------------------ bookkeeping
    @property
    def _size(self) -> int:
        # Counted when first asked for: it takes a walk over all, and who only asks questions need not know.
        if self._counted is None:
            self._counted = len(self.store)
        return self._counted

    @_size.setter
    def _size(self, size: int) -> None:
        self._counted = size

    def begin(self, day: dt.date) -> None:
        """Give an empty index its schema, and the day for which its edges are to stand; it holds no commit yet."""
        self.store.load(turtle("kg.ttl").encode(), ox.RdfFormat.TURTLE, to_graph=self.iris.ontology)
        self.store.add(today_quad(day, self.iris))
        self._day = day
        self._size = len(self.store)

    @property
    def day(self) -> dt.date:
        """The day for which its edges stand."""
        if self._day is None:
            pattern = today_quad(dt.date.min, self.iris)
            quad = next(self._found(pattern.subject, pattern.predicate, None, _DEFAULT))
            self._day = dt.date.fromisoformat(_value(quad))
        return self._day

    def set_day(self, day: dt.date) -> bool:
        """Move the edges to another day, in one transaction; return whether that was another."""
        if day == self.day:
            return False
        added, removed = day_change(self.store, self.iris, self.day, day)
        self._write(added, removed, self.position())
        self._day = day
        return True

    def position(self) -> Position | None:
        """Return the commit that the index stands at; None where it is not whole, or of another schema."""
        mark = next(self._marks(), None)
        if mark is None:
            return None
        sequence, digest, size, schema = _value(mark).split(" ")
        if int(size) != self._size or schema != schema_version():
            return None
        return Position(int(sequence), digest.strip("-"))

    def trust(self) -> None:
        """Take the number of quads from the mark, without a count: the files stand as they were closed."""
        self._counted = next((int(_value(mark).split(" ")[2]) for mark in self._marks()), None)

    def _marks(self) -> Iterator[ox.Quad]:
        return self.store.quads_for_pattern(self.iris.store, _STANDS_AT, None, self.iris.store)

    def place(self, document: str) -> JournalPlace | None:
        """Return where a document's reading stands, or None where the index has no such document."""
        quad = next(self._places(self.iris.document(document)), None)
        return None if quad is None else JournalPlace.parsed(_value(quad))

    def _places(self, document: ox.NamedNode | None) -> Iterator[ox.Quad]:
        return self._found(document, READING, None, self.iris.store)

    def fingerprints(self) -> dict[str, str]:
        """Return the fingerprint of each document's reading, by its id."""
        quads = self._places(None)
        return {self.iris.id_of(quad.subject, "document/"): _value(quad).rpartition(" ")[2] for quad in quads}

    def document_ids(self) -> Iterator[str]:
        """Yield the ids of the documents, in no order."""
        return (self.iris.id_of(quad.subject, "document/") for quad in self._places(None))

    def documents(self) -> list[str]:
        """Return the ids of the documents, sorted."""
        return sorted(self.document_ids())

    @property
    def identities(self) -> Identities:
        """Who is whom, by what people said."""
        if self._identities is None:
            self._identities = identities_from(self._found(None, RECORD, None, self.iris.store))
        return self._identities

    # ------------------------------------------------------------------------------ changing
    def change(
        self,
        changes: Sequence[tuple[DocumentChange, JournalPlace | None]],
        position: Position,
        identities: Iterable[IdentityJudgement] = (),
    ) -> tuple[int, int]:
        """Carry out changes of documents, whose new readings stand at places; return the edges come and gone.

        A small change is one transaction. While a large one lasts, the index counts as not whole. `identities` are new.
        """
        told = tuple(identities)
        besides = self._identity_change(told) if told else _NOTHING
        new = [(place, change.new) for change, place in changes if place and change.new and change.old is None]
        come = gone = 0
        if len(new) >= MANY:
            changes = [pair for pair in changes if pair[0].old is not None]
            come, gone = self._load(new, self._planner.label_counts, None if changes or told else position)
        for start in range(0, len(changes) or bool(told), BATCH):
            batch = changes[start : start + BATCH]
            plan = self._planner.plan([change for change, _ in batch], self.day)
            is_last = start + BATCH >= len(changes)
            self._apply(plan, batch, position if is_last else None, besides if is_last else _NOTHING)
            come, gone = come + plan.edges_added, gone + plan.edges_removed
        if told:
            self._identities = Identities.of((*self.identities.judgements, *told))
        return come, gone

    def _identity_change(self, told: Iterable[IdentityJudgement]) -> tuple[set[ox.Quad], set[ox.Quad]]:
        """Return the quads that come and go with judgements of identity."""
        both = (self.identities, Identities.of((*self.identities.judgements, *told)))
        before, after = (identity_quads(identities, self.iris, self.iris.store) for identities in both)
        return after - before, before - after

    def _load(
        self, new: Iterable[tuple[JournalPlace, DocumentClaims]], counts: LabelCountsIndex, position: Position | None
    ) -> tuple[int, int]:
        """Load documents that the index does not have; return the number of edges that came and went."""
        # The mark is taken away: who is killed now leaves an index that is made again.
        self._write(set(), set(), None)
        with BulkLoader(self.store, self.iris, counts, self.day) as bulk:
            bulk.documents((kept_text(place, reading, self.iris), reading) for place, reading in new)
            added, removed = bulk.descriptions()
            self._size += bulk.size
            self._unmerged += bulk.size
            come, gone = bulk.settle(added, removed)
        self._write(added, removed, position)
        return come, gone

    def _apply(
        self,
        plan: Plan,
        changes: Sequence[tuple[DocumentChange, JournalPlace | None]],
        position: Position | None,
        besides: tuple[set[ox.Quad], set[ox.Quad]],
    ) -> None:
        added, removed = {*plan.added, *besides[0]}, {*plan.removed, *besides[1]}
        for change, place in changes:
            removed.update(self._kept(self.iris.document(change.document)))
            if place is not None and change.new is not None:
                added.update(kept(place, change.new, self.iris))
        dropped = [self.iris.document(change.document) for change, place in changes if place is None]
        self._write(added, removed, position, plan.texts, dropped)
        self._planner.carried_out(plan)

    def rebuild(
        self,
        readings: Iterable[tuple[JournalPlace, DocumentClaims]],
        user_quads: set[ox.Quad],
        identities: Identities,
        position: Position,
    ) -> None:
        """Fill an index that has only begun with what a journal says in the end: readings, own graphs, who is whom."""
        self._load(readings, self._planner.label_counts, None)
        self._write(user_quads | identity_quads(identities, self.iris, self.iris.store), set(), position)
        self._identities = identities

    def annotate(self, added: set[ox.Quad], removed: set[ox.Quad], position: Position) -> None:
        """Change graphs of the user's own."""
        added, removed = {q for q in added if q not in self.store}, {q for q in removed if q in self.store}
        left = {quad.graph_name for quad in removed} - {quad.graph_name for quad in added}
        emptied = [g for g in left if all(q in removed for q in self._found(None, None, None, g))]
        self._write(added, removed, position, dropped=cast("list[ox.NamedNode]", emptied))

    def _write(
        self,
        added: set[ox.Quad],
        removed: set[ox.Quad],
        position: Position | None,
        texts: Mapping[ox.NamedNode, str] = _NO_TEXTS,
        dropped: Iterable[ox.NamedNode] = (),
    ) -> None:
        removed = removed | set(self._marks())
        size = self._size + len(added) - len(removed) + sum(text.count("\n") for text in texts.values())
        if position is not None:
            size += 1
            mark = f"{position.sequence} {position.hash or '-'} {size} {schema_version()}"
            added = added | {ox.Quad(self.iris.store, _STANDS_AT, ox.Literal(mark), self.iris.store)}
        # One request is one transaction: https://www.w3.org/TR/sparql11-update/#updateLanguage. Who is killed
        # here leaves an index that is behind and catches up, not one to make again.
        inside = (f"GRAPH {graph} {{ {_triples(text, graph)} }}" for graph, text in texts.items())
        parts = [f"DELETE DATA {{ {data(removed)} }}", f"INSERT DATA {{ {data(added)} {' '.join(inside)} }}"]
        # An emptied graph would still be listed.
        parts += [f"DROP SILENT GRAPH {graph}" for graph in dropped]
        self.store.update(" ;\n".join(parts))
        changed = abs(size - self._size) + len(removed)
        self._unsettled += changed
        self._unmerged += changed
        self._size = size
        if self._unsettled > _UNSETTLED:
            self.settle()

    def settle(self) -> None:
        """Write what RocksDB only has in its log to its tables: whoever opens it next need not replay the log."""
        if self._unsettled:
            self.store.flush()
            self._unsettled = 0

    def merge(self) -> None:
        """Merge RocksDB's tables after a large change, as it does by and by: each then has its terms once."""
        if self._unmerged >= max(_UNMERGED, self._size // _PART):
            self.store.optimize()
            self._unmerged = 0

    def _kept(self, document: ox.NamedNode) -> Iterator[ox.Quad]:
        return self._found(document, None, None, self.iris.store)

    def keeps(self, place: JournalPlace, reading: DocumentClaims) -> bool:
        """Whether the bookkeeping says of a reading what it should."""
        return set(self._kept(self.iris.document(reading.document.id))) == kept(place, reading, self.iris)


_NOTHING: tuple[set[ox.Quad], set[ox.Quad]] = (set(), set())


def _value(quad: ox.Quad) -> str:
    return cast("ox.NamedNode | ox.Literal", quad.object).value


def _triples(nquads: str, graph: ox.NamedNode) -> str:
    """Lines of N-Quads, all of one graph, without its name; a line's end stands in no literal."""
    return nquads.replace(f" {graph} .\n", " .\n")
