"""Imports: what an importer gives, committed to a store chunk by chunk, so that an interruption costs little."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass

from kg.importers.contract import Importer, Reject
from kg.store import DocumentClaims, Store

__all__ = ["ImportReport", "import_claims"]

_BATCH = 8
"""Chunks in one commit."""


@dataclass(slots=True)
class ImportReport:
    """What an import did to a store.

    `rows` counts those of the list, `bad_rows` those that do not hold. Chunks are written, left alone (`unchanged`) or
    `forgotten`, where the list no longer has them. `claims` came, and `retracted` went.
    """

    rows: int = 0
    bad_rows: int = 0
    written: int = 0
    unchanged: int = 0
    forgotten: int = 0
    claims: int = 0
    retracted: int = 0


def _ignore(_: Reject) -> None:
    """Take no notice."""


def import_claims(store: Store, importer: Importer, on_reject: Callable[[Reject], None] = _ignore) -> ImportReport:
    """Take a list into the store, and tell what it changed.

    Rows that do not hold are given to `on_reject` and left out, the others are imported. Chunks that the store holds
    already are left alone, so an interrupted import goes on where it was; a list that became shorter loses its last
    chunks. Raises what the importer raises for a list that is none, before anything is written.
    """
    report = ImportReport()
    pending: list[DocumentClaims] = []
    chunks = 0
    for chunk in importer.chunks():
        chunks += 1
        report.rows += chunk.rows
        report.bad_rows += len({reject.row for reject in chunk.rejected})
        for reject in chunk.rejected:
            on_reject(reject)
        if store.is_current(chunk.document, chunk.reader):
            report.unchanged += 1
            continue
        pending.append(DocumentClaims(chunk.document, chunk.claims, chunk.reader))
        if len(pending) == _BATCH:
            _commit(store, pending, report)
    _commit(store, pending, report)
    _forget(store, importer, chunks + 1, report)
    return report


def _commit(store: Store, pending: list[DocumentClaims], report: ImportReport) -> None:
    if not pending:
        return
    result = store.commit(pending)
    report.written += len(pending)
    report.claims += result.claims
    report.retracted += result.retracted
    pending.clear()


def _forget(store: Store, importer: Importer, number: int, report: ImportReport) -> None:
    """Withdraw the chunks from a number on: the list has become shorter."""
    for surplus in map(importer.document_id, itertools.count(number)):
        if not store.holds(surplus):
            return
        report.retracted += store.forget(surplus).retracted
        report.forgotten += 1
