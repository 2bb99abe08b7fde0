"""Level 1, who is who: a record of an LEI (LEI-CDF 2.1 and 3.1) as the record of an entity.

Names and what they are by their types, where the entity is registered, its number in a companies register, legal form,
when it began and ended. A record of an LEI that never was an entity's own (annulled, a duplicate) is none of an entity.

Source: GLEIF, Level 1 Data: LEI-CDF 3.1 Format (https://www.gleif.org/en/lei-data/access-and-use-lei-data/level-1-data-lei-cdf-3-1-format).
"""

from collections.abc import Iterator
from typing import Any

from kg.importers.gleif.records import REGISTER, Tie, Understood, known_by_lei
from kg.importers.gleif.tree import Tree, children, day, lei, own_text, text
from kg.importers.record_chunks import BadRecord
from kg.importers.register_numbers import AUTHORITIES, registration
from kg.model import Entity, Modality, Qualifiers
from kg.resolve import DatedName, RegisterRecord, register_entity

__all__ = ["NO_ENTITY", "understood"]

NO_ENTITY = frozenset({"ANNULLED", "CANCELLED", "DUPLICATE", "PENDING_VALIDATION"})
"""Statuses of a registration that is no entity's own, or not yet."""

_FORMER = "PREVIOUS_LEGAL_NAME"
_NO_FORM = frozenset({None, "8888", "9999"})
"""Codes that say that the form is not in the list (ISO 20275), or not yet."""
_ADDRESS = "LegalAddress"
_ACTIVE = {"ACTIVE": True, "INACTIVE": False}


def understood(tree: Tree) -> Understood:
    """Return what a level 1 record says; raise `BadRecord` where it does not hold."""
    key = lei(tree, "LEI", "LEI")
    published = day(tree, "LastUpdateDate", "Registration", "LastUpdateDate")
    status = text(tree, "Registration", "RegistrationStatus")
    if status in NO_ENTITY:
        return Understood(key, published, left_out=f"LEIs whose registration is {status}")
    entity = tree.get("Entity")
    name = text(entity, "LegalName")
    if name is None:
        raise BadRecord("LegalName", "", "is empty: a record needs a name")
    aliases, former = _names(entity)
    who = register_entity(name, "Company", REGISTER, key, identifiers=_identifiers(key, entity), aliases=aliases)
    record = RegisterRecord(
        who,
        REGISTER,
        key,
        country=text(entity, "LegalJurisdiction") or text(entity, "LegalAddress", "Country"),
        legal_form=_legal_form(entity),
        is_active=_ACTIVE.get(text(entity, "EntityStatus") or ""),
        start=day(entity, "EntityCreationDate", "EntityCreationDate"),
        end=day(entity, "EntityExpirationDate", "EntityExpirationDate"),
        former_names=former,
        sectors=tuple(
            f"{REGISTER}:{code}" for field in ("EntityCategory", "EntitySubCategory") if (code := text(entity, field))
        ),
        addresses=tuple(filter(None, (_address(entity),))),
    )
    ties = tuple(_mergers(who, record.end, status, entity))
    return Understood(key, published, name, (record,), ties)


def _identifiers(key: str, entity: object) -> list[tuple[str, str]]:
    place = AUTHORITIES.get(text(entity, "RegistrationAuthority", "RegistrationAuthorityID") or "")
    number = text(entity, "RegistrationAuthority", "RegistrationAuthorityEntityID")
    found = None if place is None or number is None else registration(place, number)
    return [("lei", key), *([] if found is None else [("registration", found)])]


def _legal_form(entity: object) -> str | None:
    """Return the code of the form (ISO 20275), or what the register calls it where the list has no code."""
    code = text(entity, "LegalForm", "EntityLegalFormCode")
    return text(entity, "LegalForm", "OtherLegalForm") if code in _NO_FORM else code


def _address(entity: object) -> str | None:
    """Return the legal address in one line; None where no more than its country is told."""
    held = entity.get(_ADDRESS) if isinstance(entity, dict) else None
    further = (text(line) for line in children(held, "AdditionalAddressLine", "AdditionalAddressLine"))
    town = " ".join(filter(None, (text(held, "PostalCode"), text(held, "City"))))
    lines = list(filter(None, (text(held, "FirstAddressLine"), *further, town)))
    return ", ".join(filter(None, (*lines, text(held, "Country")))) if lines else None


def _names(entity: object) -> tuple[list[str], tuple[DatedName, ...]]:
    """Return the other names in use, and those of earlier days."""
    aliases: dict[str, None] = {}
    former: dict[str, None] = {}
    for kind, name in _other_names(entity):
        (former if kind == _FORMER else aliases)[name] = None
    changed = _renamed(entity)
    # Of one name and one change it is sure that they belong together.
    until = changed[0] if len(former) == len(changed) == 1 else None
    return list(aliases), tuple(DatedName(name, end=until) for name in former)


def _other_names(entity: object) -> Iterator[tuple[str | None, str]]:
    for item in ("OtherEntityName", "TransliteratedOtherEntityName"):
        for one in children(entity, f"{item}s", item):
            name = text(one, item) or own_text(one)
            if name is not None:
                yield _type(one), name


def _type(node: Any) -> str | None:
    return text(node, "@type") or text(node, "type")


def _events(entity: object) -> Iterator[tuple[str | None, str | None]]:
    """Yield the completed events of an entity: what each is, and the day on which it took effect."""
    for event in children(entity, "LegalEntityEvents", "LegalEntityEvent"):
        status = text(event, "@event_status") or text(event, "event_status") or text(event, "LegalEntityEventStatus")
        if status == "COMPLETED":
            date = day(event, "LegalEntityEventEffectiveDate", "LegalEntityEventEffectiveDate")
            yield text(event, "LegalEntityEventType"), date


def _renamed(entity: object) -> list[str]:
    return [date for kind, date in _events(entity) if kind == "CHANGE_LEGAL_NAME" and date is not None]


def _mergers(who: Entity, end: str | None, status: str | None, entity: object) -> Iterator[Tie]:
    """Yield what the record says of a merger that took place: that it was one, and into which entity.

    A successor alone does not say so: what was sold, split up or brought home has one too. Nor does an event of the
    kind "mergers and acquisitions", since who was bought goes on.
    """
    absorbed = [date for kind, date in _events(entity) if kind == "ABSORPTION"]
    if status != "MERGED" and not absorbed:
        return
    since = end or next(iter(absorbed), None)
    for successor in children(entity, "SuccessorEntity", "SuccessorEntity"):
        if text(successor, "SuccessorLEI") is None:
            continue
        other = known_by_lei(lei(successor, "SuccessorLEI", "SuccessorLEI"))
        if other.id == who.id:
            raise BadRecord("SuccessorLEI", text(successor, "SuccessorLEI") or "", "is the entity itself")
        yield Tie(who, "merges-with", other, Modality.ASSERTED, Qualifiers(start=since))
