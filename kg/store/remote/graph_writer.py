"""Changing the graph behind an endpoint: what a commit adds and removes, in steps, as SPARQL updates.

No transaction spans two requests, and no lock keeps another writer out: one at a time is for its users to see to.
A commit that fits into one request is as whole as the engine makes a request. A larger one goes in steps, each of
whole claims: edges that go, then documents and entities, then claims, then edges that come, and at last the mark
that a document is read. A reader meanwhile sees some of the new claims and not yet others, never an edge without its
claim. A commit that breaks off leaves its documents unmarked; reading them again compares with what is there and
sends what is missing.
"""

import contextlib
import datetime as dt
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import pyoxigraph as ox

from kg.errors import StoreError, UnknownDocument
from kg.judgements import Identities
from kg.model import Claim, Entity
from kg.resolve import RegisterRecord
from kg.store.api import CommitResult, DocumentClaims
from kg.store.bookkeeping import identity_quads
from kg.store.derived import DATES, ENDING, UNDECIDED, derived, edges_of_key, graphs, today_quad
from kg.store.iris import term
from kg.store.json_codec import claim_record, document_record
from kg.store.judging import heeding
from kg.store.label_counts import LabelCounts, description
from kg.store.rdf_decode import claims_from, mentioned, mentions_from
from kg.store.relationship_index import keys_of, stub
from kg.store.remote.bookkeeping import DocumentStatus
from kg.store.remote.graph import RemoteGraph
from kg.store.remote.paging import DURATION
from kg.store.sparql import data
from kg.store.validation import by_id, check_claims, fingerprint, stamped

__all__ = ["HALF", "GraphWriter"]

_DEFAULT = ox.DefaultGraph()
_Parts: TypeAlias = defaultdict[ox.NamedNode | None, set[ox.Quad]]
HALF = (ValueError, KeyError, IndexError, ArithmeticError)
"""What the codec raises for a claim of which only a part is there; `InvalidRecord` is a ValueError."""

_VERSION, _RECORD, _CLAIM = term("dcterms:isVersionOf"), term("prov:value"), term("rdf:subject")
_READER = term("prov:wasGeneratedBy")
_BODY = term("oa:hasBody")


@dataclass(frozen=True, slots=True)
class _Change:
    """A document before and after: its graph, its claims by id, what is kept of it; no reading, it goes."""

    document: str
    held: frozenset[ox.Quad]
    before: Mapping[str, Claim]
    mark: DocumentStatus
    reading: DocumentClaims | None
    wanted: frozenset[ox.Quad] = frozenset()

    @property
    def after(self) -> Mapping[str, Claim]:
        """The claims that the document is to have, by id."""
        return by_id(self.reading.claims) if self.reading else {}

    @property
    def records(self) -> tuple[RegisterRecord, ...]:
        """The records of registers that the document is to have."""
        return self.reading.records if self.reading else ()


@dataclass(slots=True)
class _Step:
    """Quads that go and come together."""

    removed: set[ox.Quad] = field(default_factory=set)
    added: set[ox.Quad] = field(default_factory=set)


@dataclass(slots=True)
class GraphWriter:
    """Carries out commits; the edges stand for `day`.

    `in_default` says that others have put edges and entities into the default graph, `plain_durations` that the
    engine takes no xsd:duration, as Virtuoso, and is given text.
    """

    graph: RemoteGraph
    day: dt.date
    in_default: bool = False
    plain_durations: bool = False

    def commit(
        self, readings: Iterable[DocumentClaims], now: str, before: Identities, identities: Identities
    ) -> CommitResult:
        """Take in readings; raise `InvalidRecord` before anything is sent, `StoreError` where it breaks off.

        `identities` are who is whom from now on, and `before` until now: that is sent last, so that who says it again
        after a break finds what is left to be done.
        """
        by_document = {reading.document.id: reading for reading in readings}
        held, marks = dict(self.graph.graphs(by_document)), self.graph.statuses(by_document)
        changes = [
            self._change(reading, held[id_], marks[id_], now, identities) for id_, reading in by_document.items()
        ]
        changes = [change for change in changes if not self._is_done(change)]
        counts = CommitResult(documents=len(changes), unchanged=len(by_document) - len(changes))
        last = _step(*(identity_quads(one, self.graph.iris, self.graph.bookkeeping) for one in (before, identities)))
        return self._carry_out(changes, now, counts, last) if changes or before is not identities else counts

    def forget(self, document: str, now: str) -> CommitResult:
        """Withdraw a document; raise `UnknownDocument` where there is nothing of it."""
        ((_, held),) = self.graph.graphs([document])
        mark = self.graph.statuses([document])[document]
        if not held and not mark.quads:
            raise UnknownDocument(f"{self.graph.client.host} holds no document '{document}'")
        change = _Change(document, frozenset(held), self._claims(held), mark, None)
        return self._carry_out([change], now, CommitResult(documents=1), _Step())

    # ------------------------------------------------------------------------------ what changes
    def _change(
        self,
        reading: DocumentClaims,
        held: Sequence[ox.Quad],
        mark: DocumentStatus,
        now: str,
        identities: Identities,
    ) -> _Change:
        before = self._claims(held)
        check_claims(reading, self.graph.iris)
        old = self.graph.with_words(replace(reading, claims=tuple(before.values())), mark)
        reading = stamped(heeding(reading, old, identities), old, now)
        check_claims(reading, self.graph.iris)
        expected = frozenset(graphs([reading], self.graph.iris))
        return _Change(reading.document.id, frozenset(held), before, mark, reading, expected)

    def _claims(self, held: Sequence[ox.Quad]) -> dict[str, Claim]:
        """Return the claims of a document's graph by id; what a broken commit left of one is passed over."""
        iris = self.graph.iris
        mentions: Mapping[str, Entity] = {}
        with contextlib.suppress(*HALF):
            mentions = mentions_from(held, iris)

        def entity(id_: str) -> Entity:
            return mentions.get(id_) or stub(id_)

        claims: dict[str, Claim] = {}
        for quads in _by_claim(held).values():
            with contextlib.suppress(*HALF):
                claims |= {claim.id: claim for claim in claims_from(quads, iris, entity)}
        return claims

    def _is_done(self, change: _Change) -> bool:
        """Whether a document stands as its reading says, to the last quad, and is marked as read."""
        return change.held == change.wanted and self._kept(change) == change.mark.quads

    def _kept(self, change: _Change) -> set[ox.Quad]:
        """What is to be kept of a document: its fingerprint, its record, its reader, its candidates."""
        if change.reading is None:
            return set()
        document = change.reading.document
        node = self.graph.iris.document(document.id)
        record = json.dumps(document_record(document), ensure_ascii=False)
        reader = change.reading.reader
        statements = ((_VERSION, fingerprint(document, reader)), (_RECORD, record), (_READER, reader))
        quads = {ox.Quad(node, predicate, ox.Literal(value), self.graph.bookkeeping) for predicate, value in statements}
        return quads | self.graph.candidate_quads(change.reading)

    def _withdrawn(self, claim: Claim, now: str) -> ox.Quad:
        record = json.dumps(claim_record(replace(claim, retracted_at=now)), ensure_ascii=False)
        return ox.Quad(self.graph.iris.claim(claim.id), _RECORD, ox.Literal(record), self.graph.bookkeeping)

    # ------------------------------------------------------------------------------ what follows
    def _facts(self, claims: Sequence[Claim], after: Iterable[Claim] = (), touched: Collection[str] = ()) -> _Step:
        """Return the edges and marks of claims that go and come, in the relationships of some claims.

        All their claims take part, since what one document reports ends what another asserted; those of the documents
        `touched` are to be those of `after`.
        """
        iris = self.graph.iris
        edges = {edge_ for key in keys_of(claims) for edge_ in edges_of_key(key, iris)}
        nodes = [node for node, id_ in self.graph.claims_for(edges).items() if id_ not in touched]
        untouched = [c for quads in self.graph.closures(nodes) for c in claims_from(quads, iris, stub)]
        expected = derived((*after, *untouched), iris, self.day)
        present = self.graph.present(edges) | self.graph.marks(iris.claim(c.id) for c in (*claims, *untouched))
        facts = expected.edges | {quad for quad in expected.marks if quad.predicate != ENDING}
        return _Step(set(present - facts), set(facts - present))

    def set_day(self, day: dt.date) -> None:
        """Move the edges to a day; what breaks off is sent when the store is opened again."""
        before, self.day = self.graph.today(), day
        if before == day:
            return
        nodes = self.graph.claims_between(min(before, day), max(before, day)) if before else self.graph.all_claims()
        claims = [c for quads in self.graph.closures(nodes) for c in claims_from(quads, self.graph.iris, stub)]
        facts = self._facts(claims)
        steps = [_Step(removed={quad}) for quad in facts.removed] + [_Step(added={quad}) for quad in facts.added]
        old = set() if before is None else {today_quad(before, self.graph.iris)}
        self.send(list(self._requests([*steps, _Step(old, {today_quad(day, self.graph.iris)})])))

    def _descriptions(self, changes: Sequence[_Change]) -> tuple[_Step, set[ox.Quad]]:
        """Return what changes in what is said of entities, and what goes with those that nobody names any more."""
        iris = self.graph.iris
        ids = {id_ for change in changes for id_ in self._named(change)}
        label_counts = self.graph.label_counts(ids, [change.document for change in changes])
        for change in changes:
            for entity in mentioned(change.after.values(), change.records).values():
                label_counts.setdefault(entity.id, LabelCounts()).add(entity, 1)
        expected = {quad for id_ in ids if id_ in label_counts for quad in description(id_, label_counts[id_], iris)}
        held = set(self.graph.descriptions(ids))
        named = {quad.subject for quad in expected}
        gone = {quad for quad in held if quad.subject not in named}
        return _Step(held - expected - gone, expected - held), gone

    def _named(self, change: _Change) -> set[str]:
        """Return the entities that a document names, before or after, or that a broken commit left of it."""
        claims = (*change.before.values(), *change.after.values())
        bodies = [quad.object for quad in change.held if quad.predicate == _BODY]
        return {*mentioned(claims, change.records), *(self.graph.iris.id_of(node) for node in bodies)}

    def _steps(self, changes: Sequence[_Change], now: str, facts: _Step) -> Iterator[_Step]:
        """Yield the steps of a commit, in their order."""
        described, undescribed = self._descriptions(changes)
        marks = {change.mark.fingerprint for change in changes if change.mark.fingerprint}
        yield _Step(facts.removed | marks)
        yield described
        last = _Step(undescribed, facts.added)
        for change in changes:
            held, expected = _by_claim(change.held), _by_claim(change.wanted)
            yield from self._candidate_steps(change)
            before = held.pop(None, set()) | {quad for quad in (change.mark.record, change.mark.reader) if quad}
            if change.reading is None:
                last.removed |= before  # at last, so that forgetting can begin again
            else:
                records = {quad for quad in self._kept(change) if quad.predicate in {_RECORD, _READER}}
                yield _step(before, expected.pop(None, set()) | records)
            yield from self._claim_steps(change, held, expected, now)
        yield last
        yield _Step(set(), {quad for c in changes for quad in self._kept(c) if quad.predicate == _VERSION})

    def _candidate_steps(self, change: _Change) -> Iterator[_Step]:
        """Yield what goes and comes with candidates, each by itself: together they may be longer than a request."""
        wanted = self.graph.candidate_quads(change.reading) if change.reading else set()
        yield from (_Step(removed={quad}) for quad in sorted(change.mark.candidates - wanted, key=str))
        yield from (_Step(added={quad}) for quad in sorted(wanted - change.mark.candidates, key=str))

    def _claim_steps(self, change: _Change, held: _Parts, expected: _Parts, now: str) -> Iterator[_Step]:
        """Yield what goes and comes with each claim; one that goes is kept as withdrawn."""
        nodes = {self.graph.iris.claim(id_): claim for id_, claim in change.before.items()}
        after = {self.graph.iris.claim(id_) for id_ in change.after}
        for node in sorted(held.keys() | expected.keys(), key=str):
            step = _step(held.get(node, set()), expected.get(node, set()))
            if node in nodes and node not in after:
                step.added.add(self._withdrawn(nodes[node], now))
            yield step

    # ------------------------------------------------------------------------------ sending
    def _carry_out(self, changes: Sequence[_Change], now: str, counts: CommitResult, last: _Step) -> CommitResult:
        claims = [claim for change in changes for side in (change.before, change.after) for claim in side.values()]
        after = [claim for change in changes for claim in change.after.values()]
        facts = self._facts(claims, after, {change.document for change in changes})
        requests = list(self._requests([*self._steps(changes, now, facts), last]))
        # An emptied graph would still be listed.
        drops = [
            f"DROP SILENT GRAPH {self.graph.iris.document(change.document)}" for change in changes if not change.reading
        ]
        if drops:
            requests[-1:] = [" ;\n".join([*requests[-1:], *drops])]
        self.send(requests)
        self.graph.forget_entities()
        return replace(
            counts,
            claims=sum(len(change.after.keys() - change.before.keys()) for change in changes),
            retracted=sum(len(change.before.keys() - change.after.keys()) for change in changes),
            edges_added=_edge_count(facts.added),
            edges_removed=_edge_count(facts.removed),
        )

    def send(self, requests: Sequence[str]) -> None:
        """Send updates one after the other; raise `StoreError`, saying how far they came."""
        for number, request in enumerate(requests):
            try:
                self.graph.client.transport.update(request)
            except StoreError as error:
                part = f" after {number} of {len(requests)} requests of this commit" if number else ""
                raise type(error)(f"{error}{part}; what is missing is sent when the same is read again") from error

    def _requests(self, steps: Iterable[_Step]) -> Iterator[str]:
        """Yield updates of a bounded size, of whole steps."""
        engine, whole, size = self.graph.client.engine, _Step(), 0
        for step in steps:
            more = sum(len(str(quad)) for quad in step.added | step.removed)
            full = len(whole.added) + len(whole.removed) + len(step.added) + len(step.removed) > engine.quads
            if (size and full) or (size and size + more > engine.size):
                yield self._update(whole)
                whole, size = _Step(), 0
            whole.removed |= step.removed
            whole.added |= step.added
            size += more
        if size:
            yield self._update(whole)

    def _update(self, step: _Step) -> str:
        removed = {self._placed(quad) for quad in step.removed}
        if self.in_default:
            removed |= {quad for quad in step.removed if quad.graph_name == _DEFAULT}
        parts = [f"DELETE DATA {{ {data(removed)} }}"] if removed else []
        parts += [f"INSERT DATA {{ {data({self._placed(quad) for quad in step.added})} }}"] if step.added else []
        return " ;\n".join(parts)

    def _placed(self, quad: ox.Quad) -> ox.Quad:
        """Return a quad as the endpoint is to hold it."""
        graph = self.graph.derived if quad.graph_name == _DEFAULT else quad.graph_name
        value = quad.object
        if self.plain_durations and quad.predicate == DURATION and isinstance(value, ox.Literal):
            value = ox.Literal(value.value)
        return ox.Quad(quad.subject, quad.predicate, value, graph)

    def load(self, quads: Iterable[ox.Quad]) -> None:
        """Add quads that nothing follows from."""
        self.send(list(self._requests(_Step(set(), {quad}) for quad in quads)))


def _step(held: set[ox.Quad], expected: set[ox.Quad]) -> _Step:
    return _Step(held - expected, expected - held)


def _edge_count(quads: Iterable[ox.Quad]) -> int:
    return sum(1 for quad in quads if quad.predicate not in {*DATES, UNDECIDED})


def _by_claim(quads: Iterable[ox.Quad]) -> _Parts:
    """Part a document's graph into its claims, with their evidence; under None what is of no claim."""
    quads = list(quads)
    nodes = [quad.subject for quad in quads if quad.predicate == _CLAIM]
    claims = {node.value: node for node in nodes if isinstance(node, ox.NamedNode)}
    parts: _Parts = defaultdict(set)
    for quad in quads:
        name = quad.subject.value  # type: ignore[union-attr]
        # Evidence is named after its claim.
        parts[claims.get(name) or claims.get(name.rpartition("#")[0])].add(quad)
    return parts
