"""Records of registers as JSON, which the journal keeps with their document."""

from typing import Any

from kg.errors import InvalidRecord
from kg.resolve import DatedName, RegisterRecord
from kg.store.json_codec import entity_from, entity_record

__all__ = ["record_from", "register_record"]

_PLAIN = ("country", "legal_form", "is_active", "start", "end")
_LISTS = ("topics", "sectors")


def register_record(record: RegisterRecord) -> dict[str, Any]:
    """Return a register's record as JSON has it; what it does not say is left out."""
    told: dict[str, Any] = {"entity": entity_record(record.entity), "register": record.register, "key": record.key}
    told |= {name: value for name in _PLAIN if (value := getattr(record, name)) is not None}
    told |= {name: list(values) for name in _LISTS if (values := getattr(record, name))}
    if record.former_names:
        told["former_names"] = [[one.name, one.start, one.end] for one in record.former_names]
    return told | ({} if record.read is None else {"read": entity_record(record.read)})


def record_from(told: Any) -> RegisterRecord:
    """Return the register's record that JSON tells; raise `InvalidRecord`, naming what is wrong with it."""
    try:
        known: dict[str, Any] = dict(told)
        unknown = known.keys() - {"entity", "register", "key", "read", "former_names", *_PLAIN, *_LISTS}
        if unknown:
            raise InvalidRecord(f"a register's record has the unknown {', '.join(sorted(unknown))}")
        return RegisterRecord(
            entity_from(known["entity"]),
            known["register"],
            known["key"],
            **{name: known[name] for name in _PLAIN if name in known},
            topics=tuple(known.get("topics", ())),
            sectors=tuple(known.get("sectors", ())),
            former_names=tuple(DatedName(*one) for one in known.get("former_names", ())),
            read=entity_from(known["read"]) if "read" in known else None,
        )
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, InvalidRecord):
            raise
        raise InvalidRecord(f"a register's record is not whole: {error}") from error
