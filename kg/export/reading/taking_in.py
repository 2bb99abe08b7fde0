"""Exported claims, taken into a store: the same claims, each in a document that has its quotes."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby

from kg.errors import InvalidRecord, OntologyError
from kg.export.reading.contract import ExportFile
from kg.export.reading.texts import QuotedText
from kg.importers.contract import RecordReject, Reject
from kg.model import Claim, Document, Outcome
from kg.pipeline.imports import ImportReport
from kg.store import DocumentClaims, Store
from kg.store.iris import IriScheme
from kg.store.judging import as_read
from kg.store.validation import check_claims

__all__ = ["READER", "take_in"]

READER = "export/1"
"""What reads the claims of an export; its number changes where the same claims become other documents."""
_BATCH = 256
"""Documents of a commit: what an interruption can cost."""


def take_in(
    store: Store, file: ExportFile, source: str, on_reject: Callable[[Reject], None] = lambda _: None
) -> ImportReport:
    """Take the claims of an export into a store, and tell what it changed.

    Claims keep their identity, terms, evidence, dates of sources, method, confidence and outcome; when they were
    recorded is when this store takes them in. What a store has of a document from another export is added to. A
    document that the store has read itself is left as it is: of its claims those that this reading lacks are given to
    `on_reject`, as is what does not hold.
    """
    writer = _Writer(store, file, source, on_reject)
    found = writer.held(file.claims())
    for document, claims in groupby(found, key=lambda claim: claim.document):
        writer.document(document, claims)
    writer.commit()
    return writer.report


@dataclass(slots=True)
class _Writer:
    """Commits documents, some at a time, and keeps the report."""

    store: Store
    file: ExportFile
    source: str
    on_reject: Callable[[Reject], None]
    report: ImportReport = field(default_factory=ImportReport)
    _pending: dict[str, DocumentClaims] = field(default_factory=dict)

    def held(self, found: Iterator[Claim | RecordReject]) -> Iterator[Claim]:
        """Yield the claims that hold."""
        for each in found:
            self.report.rows += 1
            if isinstance(each, Claim):
                yield each
            else:
                self._reject(each)

    def _reject(self, reject: Reject) -> None:
        self.report.bad_rows += 1
        self.on_reject(reject)

    def _refuse(self, claim: Claim, reason: str) -> None:
        self._reject(RecordReject(self.report.rows, None, "claim", claim.id, reason))

    def document(self, id_: str, claims: Iterable[Claim]) -> None:
        """Take in claims of a document, beside those that are there."""
        if id_ in self._pending:
            self.commit()
        before = as_read(self.store.reading(id_)) if self.store.holds(id_) else None
        if before is not None and before.reader != READER:
            self._compare(before, claims)
            return
        known = {} if before is None else {claim.id: claim for claim in (*before.claims, *before.candidates)}
        text = QuotedText()
        for claim in known.values():
            text.quote(claim)
        new = [claim for claim in claims if self._fits(claim, text)]
        if not new:
            return
        document = self._described(id_, new, before, text.text)
        new = [claim for claim in new if self._holds(claim, document)]
        admitted, others = _sorted((known | {claim.id: claim for claim in new}).values())
        if new:
            self._pending[id_] = DocumentClaims(document, admitted, READER, others)
        if len(self._pending) == _BATCH:
            self.commit()

    def _fits(self, claim: Claim, text: QuotedText) -> bool:
        """Write a claim's quotes into its document's text; name it where they do not fit."""
        try:
            text.quote(claim)
        except InvalidRecord as error:
            self._refuse(claim, f"– {error}")
            return False
        return True

    def _holds(self, claim: Claim, document: Document) -> bool:
        """Whether a store could hold a claim; it is named where none could."""
        admitted, others = _sorted([claim])
        try:
            check_claims(DocumentClaims(document, admitted, candidates=others), IriScheme(self.store.base))
        except (InvalidRecord, OntologyError) as error:
            self._refuse(claim, f"– {error}")
            return False
        return True

    def _compare(self, before: DocumentClaims, claims: Iterable[Claim]) -> None:
        """Tell which claims a document that was read here does not have."""
        known = {claim.id for claim in (*before.claims, *before.candidates)}
        lacking = [claim for claim in claims if claim.id not in known]
        for claim in lacking:
            self._refuse(claim, f"– '{claim.document}' was read into this graph, and does not say it there")
        self.report.unchanged += not lacking

    def _described(self, id_: str, claims: Iterable[Claim], before: DocumentClaims | None, text: str) -> Document:
        told = self.file.document(id_) or (None if before is None else before.document)
        if told is not None:
            return replace(told, text=text, source=self.source)
        first = next(iter(claims))
        dates = {claim.known_from for claim in claims} - {None}
        return Document(id_, text, first.evidence[0].lang, dates.pop() if len(dates) == 1 else None, source=self.source)

    def commit(self) -> None:
        """Commit the documents that wait."""
        if self._pending:
            result = self.store.commit(self._pending.values())
            self.report.written += result.documents
            self.report.unchanged += result.unchanged
            self.report.claims += result.claims
            self.report.retracted += result.retracted
            self._pending.clear()


def _sorted(claims: Iterable[Claim]) -> tuple[tuple[Claim, ...], tuple[Claim, ...]]:
    """Return the claims that were admitted, and the others."""
    listed = list(claims)
    admitted = tuple(claim for claim in listed if claim.outcome is Outcome.ADMITTED)
    return admitted, tuple(claim for claim in listed if claim.outcome is not Outcome.ADMITTED)
