"""Judgements as JSON records, as the journal keeps them with the reading that they are about."""

from collections.abc import Mapping
from typing import Any

from kg.errors import InvalidRecord
from kg.judgements import Draw, Judgement, Part, Stratum, Verdict
from kg.store.json_codec import claim_from, claim_record

__all__ = ["judgement_from", "judgement_record"]

_REQUIRED = {"id", "verdict", "claim", "text", "author", "at"}
_OPTIONAL = {"part", "correction", "tool", "reader", "drawn", "stratum", "undoes"}


def judgement_record(judgement: Judgement) -> dict[str, Any]:
    """Return a judgement as a record; what it does not say is left out."""
    record: dict[str, Any] = {
        "id": judgement.id,
        "verdict": judgement.verdict.value,
        "claim": claim_record(judgement.claim),
        "text": judgement.text,
        "author": judgement.author,
        "at": judgement.at,
        "drawn": judgement.drawn.value,
    }
    said = {
        "part": judgement.part and judgement.part.value,
        "correction": judgement.correction and claim_record(judgement.correction),
        "tool": judgement.tool,
        "reader": judgement.reader,
        "stratum": dict(judgement.stratum.record),
        "undoes": judgement.undoes,
    }
    return record | {name: value for name, value in said.items() if value}


def judgement_from(record: Any, *, checked: bool = True) -> Judgement:
    """Return the judgement that a record is; raise `InvalidRecord`, naming what is wrong with it.

    Unless `checked`, the claims in it are taken under the ids that they have: the journal guards its bytes.
    """
    if not isinstance(record, Mapping):
        raise InvalidRecord(f"a judgement must be an object, not {type(record).__name__}")
    missing, unknown = _REQUIRED - set(record), set(record) - _REQUIRED - _OPTIONAL
    if missing or unknown:
        raise InvalidRecord(f"a judgement lacks {sorted(missing)} and has the unknown {sorted(unknown)}")
    try:
        judgement = Judgement(
            verdict=Verdict(record["verdict"]),
            claim=claim_from(record["claim"], checked=checked),
            text=record["text"],
            author=record["author"],
            at=record["at"],
            part=Part(record["part"]) if "part" in record else None,
            correction=claim_from(record["correction"], checked=checked) if "correction" in record else None,
            tool=record.get("tool", ""),
            reader=record.get("reader", ""),
            drawn=Draw(record.get("drawn", Draw.CHANCE)),
            stratum=Stratum.of(record.get("stratum", {})),
            undoes=record.get("undoes"),
        )
    except (TypeError, ValueError, AttributeError) as error:
        if isinstance(error, InvalidRecord):
            raise
        raise InvalidRecord(f"a judgement is not whole: {error}") from error
    if judgement.id != record["id"]:
        raise InvalidRecord(
            f"judgement {record['id']} says what {judgement.id} would: it was changed after it was made"
        )
    return judgement
