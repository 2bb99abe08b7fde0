"""What a store is to the rest of kg: a small protocol and the records it speaks."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeAlias

import pyoxigraph as ox

from kg.judgements import Closing, Identities, IdentityJudgement, Judgement
from kg.model import Claim, Document, Entity, Outcome
from kg.resolve import RegisterRecord
from kg.store.columns import Columns
from kg.store.near_duplicates import NearDuplicates
from kg.store.selection import Selection
from kg.store.sparql import ALL, Scope
from kg.store.user_graphs import UpdateResult

if TYPE_CHECKING:
    import pyarrow as pa
    import rdflib

    from kg.store.register_index import RegisterIndex
    from kg.store.text_index import TextIndex

__all__ = ["NO_BINDINGS", "CommitResult", "DocumentClaims", "PastRecords", "Store"]

NO_BINDINGS: Mapping[str, Any] = {}

PastRecords: TypeAlias = Iterator[tuple[Document, RegisterRecord]]
"""Records of registers as they were, with the documents that say them."""


@dataclass(frozen=True, slots=True)
class DocumentClaims:
    """A document and what a reader read in it.

    `reader` names the method, its version and its data: a document that the same reader has read
    need not be read again. `claims` are those that its gate admitted; `candidates` those that it did
    not, to be reviewed or refused, which the store keeps beside the graph. `judgements` are what people say of them:
    a commit heeds those it is given and those that the document had. `as_read` are all claims and candidates as the
    reader had them, where what people say of who is whom gave them other ends; it is empty where it did not. `closings`
    say who has read the document to the end. `records` are what a register says in it of entities themselves.
    """

    document: Document
    claims: tuple[Claim, ...]
    reader: str = ""
    candidates: tuple[Claim, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    as_read: tuple[Claim, ...] = ()
    closings: tuple[Closing, ...] = ()
    records: tuple[RegisterRecord, ...] = ()

    @property
    def words(self) -> tuple[Judgement | Closing, ...]:
        """All that people say of the document and its claims."""
        return (*self.judgements, *self.closings)


@dataclass(frozen=True, slots=True)
class CommitResult:
    """What a commit changed: documents written and left alone, claims and edges that came and went."""

    documents: int = 0
    unchanged: int = 0
    claims: int = 0
    retracted: int = 0
    edges_added: int = 0
    edges_removed: int = 0


class Store(Protocol):
    """Documents and claims, kept; the graph over them, asked."""

    @property
    def base(self) -> str:
        """The IRI below which entities, claims and documents are named."""

    @property
    def today(self) -> dt.date:
        """The day for which the edges stand: which relationships are facts on it."""

    @property
    def selection(self) -> Selection:
        """What it is narrowed to: `EVERYTHING`, unless `kg.store.select` made it."""

    def set_day(self, day: dt.date) -> None:
        """Move the edges to another day, where it is another; raise `StoreError` where the store is read only."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What was mended at opening, and for which day the edges stand where that is not today; a line each."""

    def commit(
        self, readings: Iterable[DocumentClaims] = (), identities: Iterable[IdentityJudgement] = ()
    ) -> CommitResult:
        """Take in readings, all or none; a document that is there already is replaced by its new reading.

        With them comes what people say of who is whom: all claims, of other documents too, are between the entities
        that `identities` come to, together with those that there are.
        """

    @property
    def identities(self) -> Identities:
        """Who is whom, by what people said."""

    def forget(self, document: str) -> CommitResult:
        """Withdraw a document: its claims, and the edges that only it supported."""

    def update(self, sparql: str, *, scope: Scope = ALL) -> UpdateResult:
        """Change graphs of one's own by SPARQL 1.1 Update, the whole request or nothing of it.

        One's own are the named graphs outside `base`. Raises `QueryError` for what is no update, what would
        fetch from elsewhere and what would change other graphs, which follow from documents.
        """

    def replace_graph(self, graph: str, triples: Iterable[ox.Triple]) -> UpdateResult:
        """Make a graph of one's own hold these triples and no others; it is gone where there are none."""

    def is_current(self, document: Document, reader: str) -> bool:
        """Whether the store holds this document, letter by letter, as this reader read it."""

    def holds(self, document: str) -> bool:
        """Whether the store has a document of this id; cheap, however many there are."""

    def document_ids(self, prefix: str = "") -> Iterator[str]:
        """Yield the ids of the documents that begin so, in no order."""

    def documents(self) -> Iterator[Document]:
        """Yield the documents with their texts, in order of id."""

    def document(self, id_: str) -> Document:
        """Return a document; raise `UnknownDocument` with the nearest names."""

    def reading(self, document: str) -> DocumentClaims:
        """Return what a document's reader said of it, as it was committed; raise `UnknownDocument`."""

    def claims(
        self, *, document: str | None = None, entity: str | None = None, ids: Iterable[str] | None = None
    ) -> Iterator[Claim]:
        """Yield the current claims, in a fixed order: all, or of one document, on one entity (its id), of these ids."""

    def candidates(
        self,
        *,
        document: str | None = None,
        entity: str | None = None,
        outcomes: Collection[Outcome] | None = None,
    ) -> Iterator[Claim]:
        """Yield the claims that the gate did not admit, in a fixed order: all, of one document, on one entity (its id).

        They stand in no graph: no question, export or analysis meets them. Their entities are as their document calls
        them. `outcomes` are those asked for; None is both, to review and refused.
        """

    def records(self, *, document: str | None = None, entity: str | None = None) -> Iterator[RegisterRecord]:
        """Yield what registers say of entities: all in order of documents, or of one document, or on an entity."""

    def claim(self, id_: str) -> Claim:
        """Return a current claim; raise `StoreError` where there is none."""

    def history(self, until: str | None = None, known: str | None = None) -> Iterator[Claim]:
        """Yield every claim ever recorded; the withdrawn ones have `retracted_at`.

        With `until`, a partial date, as it was on that day: later commits are left out, and so is what they make of a
        claim (withdrawn, confirmed, read by another reader). With `known`, a partial date, the records of registers
        stand in the last state that was published by then: a later one replaces nothing yet. An endpoint tells of
        claims as they are now in any case.
        """

    def past_records(self, until: str | None = None, known: str | None = None) -> PastRecords:
        """Yield what registers said of entities, with the documents that say it; `until` and `known` as in `history`.

        An endpoint tells of them as they are now.
        """

    def entities(self) -> Iterator[Entity]:
        """Yield the entities that current claims name, with their spellings, in order of id."""

    def near_duplicates(self) -> NearDuplicates:
        """Return which documents are copies of which: one story, rewritten, cut short or printed elsewhere.

        Raises `MissingExtra` where new texts are to be compared and datasketch is not installed.
        """

    def claims_table(self) -> "pa.Table":
        """Return the current claims as an Arrow table, a row a claim, every term typed: see `kg.store.columns`.

        It is a snapshot, and kept from one asking to the next. Raises `MissingExtra` without pyarrow.
        """

    def columns(self, *, make: bool = True) -> Columns | None:
        """Return what scans of all claims are answered from; None where SPARQL is asked as well.

        Without `make`, None too where they would have to be made or brought up to date first.
        """

    def text_index(self) -> "TextIndex":
        """Return the index of texts, up to date: what `kg.search` asks; raise `MissingExtra` without tantivy."""

    def register_index(self) -> "RegisterIndex":
        """Return the index of what registers say, up to date; raise `MissingExtra` without tantivy."""

    def query(self, sparql: str, bindings: Mapping[str, Any] = NO_BINDINGS, *, scope: Scope = ALL) -> Any:
        """Answer SPARQL 1.1 over claims and edges together; values in `bindings` are bound as terms.

        The usual prefixes need no declaration. `scope` chooses other graphs than all. Raises `QueryError` for a
        query that cannot be parsed, that would ask another server or that names a graph that is not here.
        """

    def dataset(self) -> "rdflib.Dataset":
        """Return the graph as an `rdflib.Dataset` over the same data, all graphs together, for reading.

        What is added to it is in no journal, and gone when the store is opened again.
        """

    def quads(self, graph: str | None = None) -> Iterator[ox.Quad]:
        """Yield all data: claims in their documents' graphs, edges and entities in the default graph.

        With `graph`, an IRI, only that one's; the default graph's for "".
        """

    def close(self) -> None:
        """Let go of files and locks."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
