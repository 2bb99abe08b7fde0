"""Closings as JSON records, as the journal keeps them with the reading of their document."""

from collections.abc import Mapping
from typing import Any

from kg.errors import InvalidRecord
from kg.judgements import Closing
from kg.store.json_codec import claim_from, claim_record

__all__ = ["closing_from", "closing_record"]

_REQUIRED = {"id", "document", "text", "author", "at", "claims"}
_OPTIONAL = {"tool", "reader", "undoes", "read"}


def closing_record(closing: Closing) -> dict[str, Any]:
    """Return a closing as a record; what it does not say is left out."""
    record: dict[str, Any] = {
        "id": closing.id,
        "document": closing.document,
        "text": closing.text,
        "author": closing.author,
        "at": closing.at,
        "claims": [claim_record(claim) for claim in closing.claims],
    }
    said = {
        "tool": closing.tool,
        "reader": closing.reader,
        "undoes": closing.undoes,
        "read": [claim_record(claim) for claim in closing.read],
    }
    return record | {name: value for name, value in said.items() if value}


def closing_from(record: Any, *, checked: bool = True) -> Closing:
    """Return the closing that a record is; raise `InvalidRecord`, naming what is wrong with it.

    Unless `checked`, the claims in it are taken under the ids that they have: the journal guards its bytes.
    """
    if not isinstance(record, Mapping):
        raise InvalidRecord(f"a closing must be an object, not {type(record).__name__}")
    missing, unknown = _REQUIRED - set(record), set(record) - _REQUIRED - _OPTIONAL
    if missing or unknown:
        raise InvalidRecord(f"a closing lacks {sorted(missing)} and has the unknown {sorted(unknown)}")
    try:
        closing = Closing(
            document=record["document"],
            text=record["text"],
            author=record["author"],
            at=record["at"],
            claims=tuple(claim_from(claim, checked=checked) for claim in record["claims"]),
            tool=record.get("tool", ""),
            reader=record.get("reader", ""),
            undoes=record.get("undoes"),
            read=tuple(claim_from(claim, checked=checked) for claim in record.get("read", ())),
        )
    except (TypeError, ValueError, AttributeError) as error:
        if isinstance(error, InvalidRecord):
            raise
        raise InvalidRecord(f"a closing is not whole: {error}") from error
    if closing.id != record["id"]:
        raise InvalidRecord(f"closing {record['id']} says what {closing.id} would: it was changed after it was made")
    return closing
