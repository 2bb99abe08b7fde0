"""Records of registers as JSON, which the journal keeps with their document, and names prepared for comparison."""

from typing import Any

from kg.errors import InvalidRecord
from kg.resolve import DatedName, RegisterRecord
from kg.resolve.names import NameForm
from kg.store.json_codec import entity_from, entity_record

__all__ = ["name_form_from", "name_form_record", "record_from", "register_record"]

_PLAIN = ("country", "legal_form", "is_active", "start", "end")
_LISTS = ("topics", "sectors", "addresses")


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
            addresses=tuple(known.get("addresses", ())),
            former_names=tuple(DatedName(*one) for one in known.get("former_names", ())),
            read=entity_from(known["read"]) if "read" in known else None,
        )
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, InvalidRecord):
            raise
        raise InvalidRecord(f"a register's record is not whole: {error}") from error


def name_form_record(form: NameForm) -> list[Any]:
    """Return a prepared name as JSON has it: its fields in their order."""
    return [
        *(form.name, form.key, form.words, form.weights, sorted(form.known), form.written, form.numbers),
        *(dict(form.places), form.legal, form.joined, sorted(form.initials), dict(form.spellings), form.is_foreign),
    ]


def name_form_from(told: list[Any]) -> NameForm:
    """Return the prepared name that JSON tells: some thirty times as fast as preparing it again.

    >>> from kg.resolve.names import normalise
    >>> name_form_from(name_form_record(normalise("Acme SA"))) == normalise("Acme SA")
    True

    """
    name, key, words, weights, known, written, numbers, places, legal, joined, initials, spellings, is_foreign = told
    texts = tuple(words), tuple(weights), frozenset(known), tuple(written), tuple(numbers), places, tuple(legal)
    return NameForm(name, key, *texts, joined, frozenset(initials), spellings, is_foreign)
