"""What the reading job writes: a row a document, or a row a reject, with equal content however often it is written."""

import hashlib
import json
from typing import TYPE_CHECKING, Any

from kg.errors import InvalidRecord
from kg.model import Document
from kg.store import DocumentClaims
from kg.store.columns import arrow
from kg.store.json_codec import claim_from, claim_record, document_from, document_record, strict_json

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["READING", "REJECT", "document_key", "reading_from", "reading_row", "reject_row", "row_schema"]

READING, REJECT = "reading", "reject"
"""Kinds of rows, and the folders that they stand in: ``kind=reading``, ``kind=reject``."""


def row_schema() -> "pa.Schema":
    """Return the columns of a row.

    `key` says which text of a document which reader has read, or which reject it is; `run` which call of the job wrote
    it. A reading has its document's id, its text's `sha256`, the `reader`, how many claims it has, and itself as JSON.
    A reject says where (`source`), what failed ("find", "parse", "read") and why.
    """
    pa = arrow()
    texts = ("kind", "key", "document", "source", "sha256", "reader", "what", "why", "reading")
    return pa.schema([*((name, pa.string()) for name in texts), ("claims", pa.int32()), ("run", pa.int32())])


def document_key(document: Document, reader: str) -> str:
    """Return the same for the same document, text and all that is known of it, read by the same reader."""
    return _hash(json.dumps(document_record(document), sort_keys=True), reader)


def reading_row(reading: DocumentClaims, key: str, run: int) -> dict[str, Any]:
    """Return the row that a reading is."""
    document = reading.document
    told = {
        "document": document_record(document),
        "reader": reading.reader,
        "claims": [claim_record(claim) for claim in reading.claims],
        "candidates": [claim_record(claim) for claim in reading.candidates],
    }
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    named = {"kind": READING, "key": key, "document": document.id, "source": document.source}
    read = {"sha256": document.sha256, "reader": reading.reader, "reading": text, "claims": len(reading.claims)}
    return named | read | {"run": run}


def reject_row(source: str, what: str, why: str, run: int) -> dict[str, Any]:
    """Return the row that says where something failed, what, and why."""
    key = _hash(source, what, why)
    return {"kind": REJECT, "key": key, "source": source, "what": what, "why": why, "run": run}


def reading_from(text: str) -> DocumentClaims:
    """Return the reading that a row's JSON tells; raise `InvalidRecord` where it is none."""
    told = strict_json(text)
    try:
        claims, candidates = (tuple(map(claim_from, told[name])) for name in ("claims", "candidates"))
        return DocumentClaims(document_from(told["document"]), claims, told["reader"], candidates)
    except (KeyError, TypeError) as error:
        raise InvalidRecord(f"a reading is not whole: {error}") from error


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
