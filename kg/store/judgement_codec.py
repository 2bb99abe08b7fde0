"""Judgements as JSON records: of claims, as the journal keeps them with their reading, and of identities."""

from collections.abc import Mapping
from typing import Any

from kg.errors import InvalidRecord
from kg.judgements import Draw, IdentityJudgement, IdentityVerdict, Judgement, Part, Stratum, Verdict
from kg.model import Entity
from kg.store.json_codec import claim_from, claim_record

__all__ = ["identity_from", "identity_record", "judgement_from", "judgement_record"]

_REQUIRED = {"id", "verdict", "claim", "text", "author", "at"}
_OPTIONAL = {"part", "correction", "tool", "reader", "drawn", "stratum", "undoes", "read"}
_IDENTITY = {"id", "verdict", "one", "other", "author", "at"}
_OF_IDENTITY = {"mention", "documents", "tool", "undoes", "why"}


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
        "read": judgement.read and claim_record(judgement.read),
    }
    return record | {name: value for name, value in said.items() if value}


def judgement_from(record: Any, *, checked: bool = True) -> Judgement:
    """Return the judgement that a record is; raise `InvalidRecord`, naming what is wrong with it.

    Unless `checked`, the claims in it are taken under the ids that they have: the journal guards its bytes.
    """
    _check(record, _REQUIRED, _OPTIONAL)
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
            read=claim_from(record["read"], checked=checked) if "read" in record else None,
        )
    except (TypeError, ValueError, AttributeError) as error:
        if isinstance(error, InvalidRecord):
            raise
        raise InvalidRecord(f"a judgement is not whole: {error}") from error
    _check_id(judgement.id, record)
    return judgement


def identity_record(judgement: IdentityJudgement) -> dict[str, Any]:
    """Return a judgement of identity as a record; what it does not say is left out."""
    record: dict[str, Any] = {"id": judgement.id, "verdict": judgement.verdict.value}
    for name in ("one", "other"):
        entity: Entity = getattr(judgement, name)
        record[name] = {"id": entity.id, "name": entity.name, "type": entity.type}
    record |= {"author": judgement.author, "at": judgement.at}
    said = {name: getattr(judgement, name) for name in ("mention", "tool", "undoes", "why")}
    said["documents"] = list(judgement.documents)
    return record | {name: value for name, value in said.items() if value}


def identity_from(record: Any) -> IdentityJudgement:
    """Return the judgement of identity that a record is; raise `InvalidRecord`, naming what is wrong with it."""
    _check(record, _IDENTITY, _OF_IDENTITY)
    try:
        judgement = IdentityJudgement(
            verdict=IdentityVerdict(record["verdict"]),
            one=Entity(**record["one"]),
            other=Entity(**record["other"]),
            author=record["author"],
            at=record["at"],
            mention=record.get("mention"),
            documents=tuple(record.get("documents", ())),
            tool=record.get("tool", ""),
            undoes=record.get("undoes"),
            why=record.get("why", ""),
        )
    except (TypeError, ValueError, AttributeError) as error:
        if isinstance(error, InvalidRecord):
            raise
        raise InvalidRecord(f"a judgement is not whole: {error}") from error
    _check_id(judgement.id, record)
    return judgement


def _check(record: Any, required: set[str], optional: set[str]) -> None:
    if not isinstance(record, Mapping):
        raise InvalidRecord(f"a judgement must be an object, not {type(record).__name__}")
    missing, unknown = required - set(record), set(record) - required - optional
    if missing or unknown:
        raise InvalidRecord(f"a judgement lacks {sorted(missing)} and has the unknown {sorted(unknown)}")


def _check_id(id_: str, record: Mapping[str, Any]) -> None:
    if id_ != record["id"]:
        raise InvalidRecord(f"judgement {record['id']} says what {id_} would: it was changed after it was made")
