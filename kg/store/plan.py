"""Planning: what changes of documents do to the quads of an index, before any of it is written."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import pyoxigraph as ox

from kg.facts.periods import reports_end
from kg.model import Entity
from kg.ontology import ontology
from kg.store.api import DocumentClaims
from kg.store.derived import derived, edge, graphs
from kg.store.iris import IriScheme, term
from kg.store.label_counts import LabelCounts, LabelCountsIndex, described
from kg.store.rdf_decode import IDENTIFIER, identifier_from, mentioned
from kg.store.rdf_encode import document_text
from kg.store.relationship_index import claims_of, has_ending, holds, keys_of

__all__ = ["DocumentChange", "Plan", "Planner"]

_NAME, _KIND, _BODY, _SPELLING = (term(n) for n in ("skos:prefLabel", "dcterms:type", "oa:hasBody", "skos:altLabel"))
_REMEMBERED = 1 << 16
"""Entities whose label counts are held in memory."""


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """What happens to a document: what was read of it before, what is now; None is nothing."""

    document: str
    old: DocumentClaims | None
    new: DocumentClaims | None

    @property
    def counts(self) -> tuple[int, int]:
        """How many claims come, and how many go."""
        old, new = ({claim.id for claim in side.claims} if side else set() for side in (self.old, self.new))
        return len(new - old), len(old - new)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a change does: graphs of new documents as N-Quads text, quads that it adds and removes beside these.

    The edges among them are counted, and `label_counts` are those after it.
    """

    texts: Mapping[ox.NamedNode, str]
    added: frozenset[ox.Quad]
    removed: frozenset[ox.Quad]
    edges_added: int
    edges_removed: int
    label_counts: Mapping[str, LabelCounts]


@dataclass(frozen=True, slots=True)
class _FactChange:
    """What a change does to edges and periods."""

    added: frozenset[ox.Quad]
    removed: frozenset[ox.Quad]
    edges_added: int
    edges_removed: int


class Planner:
    """Plans the changes of an index, and keeps count of what its documents call each entity."""

    def __init__(self, store: ox.Store, iris: IriScheme) -> None:
        self.store, self.iris = store, iris
        self.label_counts = LabelCountsIndex(self._count_labels)

    def plan(self, changes: Iterable[DocumentChange], day: dt.date) -> Plan:
        """Work out what changes of documents do to the index, whose edges stand for a day; nothing is written."""
        changes = tuple(changes)
        old, new = (graphs(readings, self.iris) for readings in _sides(c for c in changes if c.old is not None))
        before, after, label_counts = self._descriptions(changes)
        facts = self._facts(changes, day)
        fresh = [change.new for change in changes if change.old is None and change.new is not None]
        return Plan(
            texts={self.iris.document(reading.document.id): self._text(reading) for reading in fresh},
            added=frozenset((new - old) | (after - before) | facts.added),
            removed=frozenset((old - new) | (before - after) | facts.removed),
            edges_added=facts.edges_added,
            edges_removed=facts.edges_removed,
            label_counts=label_counts,
        )

    def _facts(self, changes: Sequence[DocumentChange], day: dt.date) -> "_FactChange":
        """Return what changes in edges and periods.

        Where no claim reports an end, each claim has its own period, and others are only asked whether an edge stays.
        """
        old, new = ([claim for reading in side for claim in reading.claims] for side in _sides(changes))
        touched = {self.iris.document(change.document) for change in changes}
        closed = {key for key in keys_of((*old, *new)) if has_ending(self.store, key, self.iris)}
        closed |= keys_of(claim for claim in new if reports_end(claim))
        untouched = [claim for key in closed for claim in claims_of(self.store, key, self.iris, touched)]
        before, after = (derived((*claims, *untouched), self.iris, day) for claims in (old, new))
        settled = {edge(claim, self.iris) for claim in untouched}
        come = {edge_ for edge_ in after.edges if edge_ not in self.store}
        gone = {
            edge_
            for edge_ in before.edges - after.edges
            if edge_ in settled or not holds(self.store, edge_, day, self.iris, touched)
        }
        return _FactChange(
            (after.marks - before.marks) | come, (before.marks - after.marks) | gone, len(come), len(gone)
        )

    def _text(self, reading: DocumentClaims) -> str:
        entities = mentioned(reading.claims, reading.records).values()
        return document_text(reading, entities, self.iris)

    def carried_out(self, plan: Plan) -> None:
        """Remember the label counts that a plan, once written, has brought about."""
        for id_, counts in plan.label_counts.items():
            self.label_counts.put(id_, counts)
        self.label_counts.trim(_REMEMBERED)

    def _descriptions(
        self, changes: Iterable[DocumentChange]
    ) -> tuple[set[ox.Quad], set[ox.Quad], Mapping[str, LabelCounts]]:
        """What the default graph says of the entities that changes touch, before and after them."""
        changed: defaultdict[str, list[tuple[Entity, int]]] = defaultdict(list)
        for change in changes:
            for reading, count in ((change.old, -1), (change.new, 1)):
                for entity in (mentioned(reading.claims, reading.records) if reading else {}).values():
                    changed[entity.id].append((entity, count))
        before: set[ox.Quad] = set()
        after: set[ox.Quad] = set()
        label_counts = {}
        for id_, entities in changed.items():
            counts = self.label_counts.of(id_)
            label_counts[id_] = counts.with_counts(entities)
            was, is_ = counts.description(), label_counts[id_].description()
            if was != is_:
                before.update(described(id_, was, self.iris))
                after.update(described(id_, is_, self.iris))
        return before, after, label_counts

    def _count_labels(self, id_: str) -> LabelCounts:
        """Count what the documents in the index call an entity."""
        classes = {class_.iri: name for name, class_ in ontology().classes.items()}
        entities = []
        for mention in self.store.quads_for_pattern(None, _BODY, self.iris.entity(id_), None):
            values: defaultdict[ox.NamedNode, list[str]] = defaultdict(list)
            for quad in self.store.quads_for_pattern(mention.subject, None, None, mention.graph_name):
                values[quad.predicate].append(_value(quad))
            identifiers = tuple(map(identifier_from, values[IDENTIFIER]))
            entity = Entity(id_, values[_NAME][0], classes[values[_KIND][0]], tuple(values[_SPELLING]), identifiers)
            entities.append((entity, 1))
        return LabelCounts().with_counts(entities)


def _sides(changes: Iterable[DocumentChange]) -> tuple[list[DocumentClaims], list[DocumentClaims]]:
    changes = tuple(changes)
    return [c.old for c in changes if c.old is not None], [c.new for c in changes if c.new is not None]


def _value(quad: ox.Quad) -> str:
    return cast("ox.NamedNode | ox.Literal", quad.object).value
