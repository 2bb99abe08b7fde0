"""The dates for which questions about facts are answered: today's where nobody names others."""

from collections.abc import Iterable

from kg.errors import UnknownEntity
from kg.facts import NO_CUTOFF, AsOf, visible_claims
from kg.model import Claim, Entity
from kg.query.entity_lookup import find_among, find_named
from kg.settings import today
from kg.store import Store

__all__ = ["claims_about", "claims_as_of", "claims_recorded", "or_today"]


def claims_as_of(store: Store, as_of: AsOf) -> Iterable[Claim]:
    """Return the claims to answer from: the history where a clock is turned back, which has the names of its time."""
    return store.claims() if as_of.recorded is None and as_of.known is None else store.history()


def claims_recorded(store: Store, as_of: AsOf, entity: str | None = None) -> Iterable[Claim]:
    """Return the claims, all or of one entity (its id), that the store had on the recorded day, by default now."""
    if as_of.recorded is None:
        return store.claims(entity=entity)
    past = visible_claims(store.history(), as_of)
    return (claim for claim in past if entity is None or entity in {end.id for end in claim.entities})


def claims_about(store: Store, name: str, as_of: AsOf, *, candidates: bool = False) -> tuple[Entity, list[Claim]]:
    """Return the entity that `name` names and the claims about it, as the store had both.

    On a recorded day that lies back a name means what it meant then: two companies may have become one since. Raises
    `UnknownEntity` where it names nothing, neither then nor now, and `QueryError` where it may be any of several.
    """
    if as_of.recorded is None:
        entity = find_named(store, name, candidates=candidates)
        return entity, list(store.claims(entity=entity.id))
    past = list(claims_recorded(store, as_of))
    try:
        entity = find_among({end.id: end for claim in past for end in claim.entities}.values(), name)
    except UnknownEntity:
        entity = find_named(store, name, candidates=candidates)
    return entity, [claim for claim in past if entity.id in {end.id for end in claim.entities}]


def or_today(as_of: AsOf | None) -> AsOf:
    """Return the dates as of which a question is answered.

    None, and dates that leave open on which day it is decided what holds, stand for today (see `kg.settings.today`).
    `NO_CUTOFF` stays what it is: no date at all.

    >>> or_today(AsOf(known="2025-03")), or_today(NO_CUTOFF) == NO_CUTOFF
    (AsOf(valid=None, known='2025-03', recorded=None), True)
    """
    if as_of is None:
        return NO_CUTOFF.or_on(today())
    return as_of if as_of == NO_CUTOFF else as_of.or_on(today())
