"""What kg keeps for itself behind an endpoint, beside the documents' graphs: marks, texts, candidates, withdrawals."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import pyoxigraph as ox

from kg.errors import InvalidRecord
from kg.judgements import Closing, Identities, Judgement
from kg.model import Claim, Document
from kg.resolve import RegisterRecord
from kg.store.api import DocumentClaims
from kg.store.bookkeeping import HIDDEN, NAMES, RECORD, identities_from
from kg.store.closing_codec import closing_from, closing_record
from kg.store.iris import IriScheme, term
from kg.store.json_codec import claim_from, claim_record, document_from
from kg.store.judgement_codec import judgement_from, judgement_record
from kg.store.rdf_decode import document_from as document_said
from kg.store.record_codec import record_from, register_record
from kg.store.remote.paging import PagedReader
from kg.store.remote.sparql_client import batches, listed
from kg.store.validation import hidden, named, place_order

__all__ = ["Bookkeeping", "DocumentStatus"]

_DOCUMENTS = 150
"""Documents in VALUES, in one request."""
_VERSION, _RECORD, _READER = term("dcterms:isVersionOf"), term("prov:value"), term("prov:wasGeneratedBy")
_CANDIDATE, _JUDGED, _CLOSED = term("kg:candidate"), term("kg:judged"), term("kg:closed")
_AS_READ = term("kg:asRead")
_RECORDED, _ABOUT = term("kg:RegisterRecord"), term("kg:about")
_CANDIDATES = f"{_CANDIDATE}, {NAMES}, {_JUDGED}, {_CLOSED}, {_AS_READ}, {HIDDEN}, {_RECORDED}"


class DocumentStatus(NamedTuple):
    """What kg keeps of a document beside its graph: fingerprint, record with text, reader, candidates and words.

    `candidates` holds the quads of candidates, judgements, closings and records, and of claims as they were read.
    """

    fingerprint: ox.Quad | None = None
    record: ox.Quad | None = None
    reader: ox.Quad | None = None
    candidates: frozenset[ox.Quad] = frozenset()

    @property
    def quads(self) -> set[ox.Quad]:
        """All of it."""
        return {quad for quad in (self.fingerprint, self.record, self.reader) if quad} | self.candidates


@dataclass(slots=True)
class Bookkeeping(PagedReader):
    """Reads what kg keeps for itself of the graph under a base."""

    iris: IriScheme

    @property
    def bookkeeping(self) -> ox.NamedNode:
        """The graph of what kg keeps for itself: fingerprints, texts, candidates, withdrawn claims."""
        return self.iris.kept

    def statuses(self, ids: Iterable[str]) -> dict[str, DocumentStatus]:
        """Return what is kept of documents, by id."""
        statuses = {}
        for id_, quads in self._said_of(ids):
            by = {quad.predicate: quad for quad in quads if quad.graph_name == self.bookkeeping}
            statuses[id_] = DocumentStatus(by.get(_VERSION), by.get(_RECORD), by.get(_READER))
        for quad in self._said_of_candidates(statuses):
            id_ = self.iris.id_of(quad.subject, "document/")
            statuses[id_] = statuses[id_]._replace(candidates=statuses[id_].candidates | {quad})
        return statuses

    def _said_of_candidates(self, ids: Iterable[str]) -> Iterator[ox.Quad]:
        for some in batches(map(self.iris.document, ids), _DOCUMENTS):
            pattern = (
                f"VALUES ?s {{ {listed(some)} }} GRAPH {self.bookkeeping} {{ ?s ?p ?o }} FILTER(?p IN ({_CANDIDATES}))"
            )
            for row in self.whole("?s ?p ?o", pattern, distinct=False):
                yield ox.Quad(row["s"], row["p"], row["o"], self.bookkeeping)

    def candidate_quads(self, reading: DocumentClaims) -> set[ox.Quad]:
        """Return what is kept of candidates, judgements, closings and claims as read, each as a literal.

        The ids of the entities that they name are kept with them. Literals, so that nothing that is asked of the graph
        meets them.
        """
        node = self.iris.document(reading.document.id)
        records = [(_CANDIDATE, claim_record(claim)) for claim in reading.candidates]
        records += [(_AS_READ, claim_record(claim)) for claim in reading.as_read]
        records += [(_JUDGED, judgement_record(judgement)) for judgement in reading.judgements]
        records += [(_CLOSED, closing_record(closing)) for closing in reading.closings]
        records += [(_RECORDED, register_record(one)) for one in reading.records]
        texts = [(predicate, json.dumps(record, ensure_ascii=False)) for predicate, record in records]
        texts += [(NAMES, id_) for id_ in named(reading.candidates)] + [(HIDDEN, id_) for id_ in hidden(reading)]
        return {ox.Quad(node, predicate, ox.Literal(text), self.bookkeeping) for predicate, text in texts}

    def documents_with_candidates(self, entity: str | None = None) -> list[str]:
        """Return the ids, sorted, of the documents with claims that were not admitted: all, or those on an entity."""
        about = "?o" if entity is None else str(ox.Literal(entity))
        rows = self.whole("?s", f"GRAPH {self.bookkeeping} {{ ?s {NAMES} {about} }}")
        return sorted(self.iris.id_of(row["s"], "document/") for row in rows)

    def documents_with_records(self, entity: str | None = None) -> list[str]:
        """Return the ids, sorted, of the documents with a register's records: all, or those on an entity."""
        about = f"a {_RECORDED}" if entity is None else f"{_ABOUT} {self.iris.entity(entity)}"
        rows = self.whole("?g", f"GRAPH ?g {{ ?record {about} }}")
        return sorted({self.iris.id_of(row["g"], "document/") for row in rows})

    def candidates(self, ids: Iterable[str]) -> Iterator[Claim]:
        """Yield the claims of documents that were not admitted."""
        return self.candidates_of(DocumentStatus(candidates=frozenset(self._said_of_candidates(ids))))

    @staticmethod
    def candidates_of(status: DocumentStatus) -> Iterator[Claim]:
        """Yield the candidates that a document's status holds."""
        return (claim_from(_record(quad)) for quad in status.candidates if quad.predicate == _CANDIDATE)

    @staticmethod
    def as_read_of(status: DocumentStatus) -> tuple[Claim, ...]:
        """Return the claims and candidates of a document as its reader had them, where its status holds them."""
        claims = (claim_from(_record(quad)) for quad in status.candidates if quad.predicate == _AS_READ)
        return tuple(sorted(claims, key=lambda claim: claim.id))

    def candidate_status(self, id_: str) -> DocumentStatus:
        """Return what is kept of a document's candidates, judgements, closings and claims as read."""
        return DocumentStatus(candidates=frozenset(self._said_of_candidates([id_])))

    def identities(self) -> Identities:
        """Return who is whom, by what people said."""
        start = ox.Literal(f"{self.iris.base}judgement/")
        # A split in many documents makes a long record.
        pattern = f"GRAPH {self.bookkeeping} {{ ?s {RECORD} ?o FILTER(STRSTARTS(STR(?s), {start})) }}"
        rows = self.whole("?s ?o", pattern, distinct=False)
        return identities_from(ox.Quad(row["s"], RECORD, row["o"], self.bookkeeping) for row in rows)

    def identity_graph(self) -> list[ox.Quad]:
        """Return what the graph says of who is whom."""
        rows = self.whole("?s ?p ?o", f"GRAPH {self.iris.identities} {{ ?s ?p ?o }}")
        return [ox.Quad(row["s"], row["p"], row["o"], self.iris.identities) for row in rows]

    def documents_keeping(self, entities: Iterable[str]) -> set[str]:
        """Return the documents in which candidates, or claims as they were read, name an entity of these ids."""
        documents: set[str] = set()
        for some in batches(map(ox.Literal, entities), _DOCUMENTS):
            pattern = f"VALUES ?o {{ {listed(some)} }} GRAPH {self.bookkeeping} {{ ?s ?p ?o }}"
            rows = self.whole("?s", f"{pattern} FILTER(?p IN ({NAMES}, {HIDDEN}))")
            documents.update(self.iris.id_of(row["s"], "document/") for row in rows)
        return documents

    def with_words(self, reading: DocumentClaims, status: DocumentStatus) -> DocumentClaims:
        """Return a reading with what a document's status holds beside its claims, and nothing else."""
        return replace(
            reading,
            candidates=tuple(sorted(self.candidates_of(status), key=place_order)),
            judgements=self.judgements_of(status),
            as_read=self.as_read_of(status),
            closings=self.closings_of(status),
            records=self.records_of(status),
        )

    @staticmethod
    def records_of(status: DocumentStatus) -> tuple[RegisterRecord, ...]:
        """Return the records of registers that a document's status holds, in order of their keys."""
        found = (record_from(_record(quad)) for quad in status.candidates if quad.predicate == _RECORDED)
        return tuple(sorted(found, key=lambda record: (record.register, record.key, record.entity.id)))

    def records(self, ids: Iterable[str]) -> Iterator[tuple[str, tuple[RegisterRecord, ...]]]:
        """Yield documents' ids, in their order, each with its records of registers; many are asked for at once."""
        for some in batches(ids, _DOCUMENTS):
            quads: dict[str, set[ox.Quad]] = {id_: set() for id_ in some}
            for quad in self._said_of_candidates(some):
                quads[self.iris.id_of(quad.subject, "document/")].add(quad)
            yield from ((id_, self.records_of(DocumentStatus(candidates=frozenset(quads[id_])))) for id_ in some)

    @staticmethod
    def closings_of(status: DocumentStatus) -> tuple[Closing, ...]:
        """Return the closings that a document's status holds, oldest first."""
        found = (closing_from(_record(quad)) for quad in status.candidates if quad.predicate == _CLOSED)
        return tuple(sorted(found, key=lambda closing: closing.order))

    @staticmethod
    def judgements_of(status: DocumentStatus) -> tuple[Judgement, ...]:
        """Return the judgements that a document's status holds, oldest first."""
        found = (judgement_from(_record(quad)) for quad in status.candidates if quad.predicate == _JUDGED)
        return tuple(sorted(found, key=lambda judgement: judgement.order))

    def reader_of(self, document: str) -> str:
        """Return what read a document; "" where nothing says."""
        rows = self.whole("?o", f"GRAPH {self.bookkeeping} {{ {self.iris.document(document)} {_READER} ?o }}")
        return next((str(row["o"].value) for row in rows), "")

    def has_status(self, document: str, fingerprint: str) -> bool:
        """Whether a document is marked as read, with this fingerprint."""
        pattern = f"{self.iris.document(document)} {_VERSION} {ox.Literal(fingerprint)}"
        return self.client.says(f"ASK {{ GRAPH {self.bookkeeping} {{ {pattern} }} }}")

    def _said_of(self, ids: Iterable[str]) -> Iterator[tuple[str, list[ox.Quad]]]:
        # Records hold texts, which may be long.
        for some in batches(ids, 16):
            nodes = {self.iris.document(id_): id_ for id_ in some}
            by_document: dict[str, list[ox.Quad]] = {id_: [] for id_ in some}
            rows = self.client.rows(
                f"SELECT ?g ?s ?p ?o {{ VALUES ?s {{ {listed(nodes)} }} GRAPH ?g {{ ?s ?p ?o }}"
                f" FILTER(?p NOT IN ({_CANDIDATES})) }}"
            )
            for quad in self.quads(rows):
                by_document[nodes[quad.subject]].append(quad)  # type: ignore[index]
            yield from by_document.items()

    def documents_said(self, ids: Iterable[str]) -> Iterator[Document]:
        """Yield documents: with their texts where kg wrote them, else as the graph describes them, without text."""
        for id_, quads in self._said_of(ids):
            records = [quad for quad in quads if quad.graph_name == self.bookkeeping and quad.predicate == _RECORD]
            node = self.iris.document(id_)
            if records:
                yield document_from(_record(records[0]))
            elif any(quad.graph_name == node for quad in quads):
                yield document_said(quad for quad in quads if quad.graph_name == node)

    def records_with_documents(self) -> Iterator[tuple[Document, RegisterRecord]]:
        """Yield all records of registers, with the documents that say them."""
        for some in batches(self.documents_with_records(), _DOCUMENTS):
            told = dict(self.records(some))
            yield from ((document, record) for document in self.documents_said(some) for record in told[document.id])

    def fingerprints(self) -> dict[str, str]:
        """Return the fingerprint of each document of which one is kept, by its id."""
        rows = self.whole("?s ?o", f"GRAPH {self.bookkeeping} {{ ?s {_VERSION} ?o }}")
        return {self.iris.id_of(row["s"], "document/"): row["o"].value for row in rows}

    def withdrawn(self) -> Iterator[Claim]:
        """Yield the claims that were withdrawn, as they were then."""
        start = ox.Literal(f"{self.iris.base}claim/")
        pattern = f"GRAPH {self.bookkeeping} {{ ?s {_RECORD} ?o FILTER(STRSTARTS(STR(?s), {start})) }}"
        for row in self.whole("?s ?o", pattern):
            yield claim_from(_record(ox.Quad(row["s"], _RECORD, row["o"])))


def _record(quad: ox.Quad) -> Any:
    text = quad.object.value if isinstance(quad.object, ox.Literal) else ""
    try:
        return json.loads(text)
    except ValueError as error:
        raise InvalidRecord(f"what is kept of {quad.subject} is no JSON ({error}): read its document again") from error
