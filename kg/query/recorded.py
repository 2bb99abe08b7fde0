"""The claims of a store as it had them at a date of the recorded clock, with the names of that time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from kg.dates import last_day
from kg.errors import UnknownEntity
from kg.facts import AsOf, visible_claims
from kg.judgements import Identities
from kg.model import Claim, Entity
from kg.query.entity_lookup import find_among, find_entity
from kg.store import Store

__all__ = ["claims_then", "entity_then", "identities_then", "recorded_then"]

_ANY_REGISTER = "ASK { GRAPH ?g { ?document kg:tier kg:Register } }"


def recorded_then(store: Store, as_of: AsOf) -> tuple[Claim, ...] | None:
    """Return the claims that a store had, as they were; None where the recorded clock is not turned back."""
    if as_of.recorded is None:
        return None
    return tuple(visible_claims(store.history(as_of.recorded, as_of.known), AsOf(recorded=as_of.recorded)))


def identities_then(store: Store, as_of: AsOf) -> Identities:
    """Return who was whom, by what people had said at a date of the recorded clock."""
    if as_of.recorded is None:
        return store.identities
    last = last_day(as_of.recorded).isoformat()
    return Identities.of(one for one in store.identities.judgements if one.at[:10] <= last)


def claims_then(
    store: Store, entity: str | None, past: Sequence[Claim] | None, known: str | None = None
) -> Iterable[Claim]:
    """Return the claims of a store, or those of `recorded_then`: all, or those that name the entity of an id.

    Where `known` is given, a register's record stands in the state that was published by then.
    """
    if past is None:
        earlier = {} if known is None else _earlier(store, entity, known)
        return [*(claim for claim in store.claims(entity=entity) if claim.id not in earlier), *earlier.values()]
    return [claim for claim in past if _names(claim, entity)]


def _earlier(store: Store, entity: str | None, known: str) -> Mapping[str, Claim]:
    """Return the claims of registers' records, by id, of which a state published after a date has taken the place."""
    if not store.query(_ANY_REGISTER):
        return {}
    now = {claim.id: claim.known_from for claim in store.claims(entity=entity)}
    live = (one for one in store.history(known=known) if one.retracted_at is None and _names(one, entity))
    return {one.id: one for one in live if now.get(one.id, "") != one.known_from}


def _names(claim: Claim, entity: str | None) -> bool:
    return entity is None or entity in {end.id for end in claim.entities}


def entity_then(store: Store, text: str, past: Sequence[Claim] | None) -> Entity:
    """Return the entity that `text` named, with its spellings: two that were merged since were two.

    What had no claim then is found by today's names. Raises what `find_entity` raises.
    """
    if past is None:
        return find_entity(store, text)
    entities = [end for claim in past for end in claim.entities]
    try:
        # An IRI may be that of an entity which has been merged away since.
        found = find_among(entities, text.strip().removeprefix("<").removesuffix(">").removeprefix(store.base))
    except UnknownEntity:
        return find_entity(store, text)
    spellings = {alias for end in entities if end.id == found.id for alias in end.aliases}
    identifiers = {pair for end in entities if end.id == found.id for pair in end.identifiers}
    return replace(found, aliases=tuple(sorted(spellings)), identifiers=tuple(sorted(identifiers)))
