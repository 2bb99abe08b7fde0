"""What registers and lists say of entities themselves, with the documents that say it, and how documents rank."""

import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from kg.dates import first_day, last_day
from kg.facts import AsOf
from kg.model import Tier
from kg.ontology import ontology
from kg.resolve import RegisterRecord
from kg.store import Store
from kg.store.iris import IriScheme

__all__ = [
    "Listing",
    "RegisterFact",
    "Sanctioned",
    "listings",
    "register_facts",
    "register_facts_of",
    "sanctioned",
    "tiers_of",
]

_ABOUT = """SELECT DISTINCT ?entity ?id ?tier ?published {{ VALUES ?entity {{ {0} }} GRAPH ?document {{
    ?record a kg:RegisterRecord ; kg:about ?entity . ?document schema:identifier ?id .
    OPTIONAL {{ ?document kg:tier ?tier }} OPTIONAL {{ ?document schema:datePublished ?published }} }} }}"""
_TOPICS = """SELECT ?id ?entity ?topic ?tier ?published { GRAPH ?document {
    ?record kg:topic ?topic ; kg:about ?entity . ?document schema:identifier ?id .
    OPTIONAL { ?document kg:tier ?tier } OPTIONAL { ?document schema:datePublished ?published } }
    FILTER(CONTAINS(?topic, "sanction")) }"""
_DAY = r"(\.\.|\d[\d-]*)"
_TOPIC = re.compile(rf"(ended-)?sanction(?::(.*?))?(?: {_DAY}/{_DAY})?", re.DOTALL)
_OPEN = {"..": None}
_TOGETHER = 500


_Source: TypeAlias = tuple[str, Tier | None, str | None]
"""A document's id, its tier, and its day."""


@dataclass(frozen=True, slots=True)
class RegisterFact:
    """What a record of a register says of an entity, and the document that is that record, with its tier and its day.

    `published` is a partial date: the day of which the register's content is.
    """

    document: str
    tier: Tier | None
    published: str | None
    record: RegisterRecord


@dataclass(frozen=True, slots=True)
class Listing:
    """That a document puts an entity under sanctions: its topics that say so, as the list has them, and its day."""

    document: str
    topics: tuple[str, ...]
    tier: Tier | None = None
    published: str | None = None


@dataclass(frozen=True, slots=True)
class Sanctioned:
    """What a topic says of a programme of sanctions: its name, the days, and whether it is over."""

    programme: str
    start: str | None
    end: str | None
    is_over: bool


def sanctioned(topic: str) -> Sanctioned | None:
    """Return the programme of sanctions that a topic tells; None for a topic that tells none.

    >>> sanctioned("sanction:SDN 2014-03-20/..")
    Sanctioned(programme='SDN', start='2014-03-20', end=None, is_over=False)
    >>> sanctioned("sanction"), sanctioned("sanction.linked")
    (None, None)

    """
    match = _TOPIC.fullmatch(topic)
    if match is None or not match[2]:
        return None
    start, end = (_OPEN.get(match[place], match[place]) for place in (3, 4))
    return Sanctioned(match[2], start, end, is_over=match[1] is not None)


@dataclass(slots=True)
class _Listed:
    """What all lists say of one entity: the topics of each document, and the earliest day that any of them tells."""

    by_document: defaultdict[_Source, list[str]] = field(default_factory=lambda: defaultdict(list))
    start: str | None = None


def register_facts(store: Store, entity: str, as_of: AsOf) -> tuple[RegisterFact, ...]:
    """Return what registers say of the entity of an id, in order of documents.

    Where the known clock is turned back, records stand in the state that was published by then; what was published
    later is left out, as is what has no day. Where the recorded clock is, they stand as the store had them.
    """
    return register_facts_of(store, [entity], as_of).get(entity, ())


def register_facts_of(store: Store, entities: Iterable[str], as_of: AsOf) -> Mapping[str, tuple[RegisterFact, ...]]:
    """Return what registers say of entities, by their ids, as `register_facts` does of one; many are asked at once."""
    wanted, told = sorted(set(entities)), defaultdict[str, list[RegisterFact]](list)
    if _is_turned_back(as_of):
        for document, record in store.past_records(as_of.recorded, as_of.known):
            if record.entity.id in wanted and _was_known(document.published, as_of):
                told[record.entity.id].append(RegisterFact(document.id, document.tier, document.published, record))
        return {entity: tuple(facts) for entity, facts in told.items()}
    iris = IriScheme(store.base)
    for start in range(0, len(wanted), _TOGETHER):
        some = wanted[start : start + _TOGETHER]
        found = store.query(_ABOUT.format(" ".join(str(iris.entity(id_)) for id_ in some)))
        rows = {(iris.id_of(row["entity"]), row["id"].value): (row["tier"], row["published"]) for row in found}
        for (entity, document), (tier, day) in sorted(rows.items()):
            records = store.records(document=document, entity=entity)
            told[entity] += [RegisterFact(document, _tier(tier), _text(day), record) for record in records]
    return {entity: tuple(facts) for entity, facts in told.items()}


def tiers_of(store: Store, documents: Iterable[str]) -> Mapping[str, Tier]:
    """Return the tiers of documents, by id; what has none, and what is not in the store, is left out."""
    iris, wanted = IriScheme(store.base), sorted(set(documents))
    tiers: dict[str, Tier] = {}
    for start in range(0, len(wanted), _TOGETHER):
        nodes = {iris.document(id_): id_ for id_ in wanted[start : start + _TOGETHER]}
        values = " ".join(map(str, nodes))
        held = f"VALUES ?document {{ {values} }} GRAPH ?document {{ ?document kg:tier ?tier }}"
        rows = store.query(f"SELECT ?document ?tier {{ {held} }}")
        told = {nodes[row["document"]]: _tier(row["tier"]) for row in rows}
        tiers |= {id_: tier for id_, tier in told.items() if tier is not None}
    return tiers


def listings(store: Store, as_of: AsOf) -> Mapping[str, tuple[Listing, ...]]:
    """Return which entities are under sanctions on a day, by id, and which documents say so.

    The topics "sanction" and "sanction:PROGRAMME" say so, the latter with its days where they are known, as in
    "sanction:SDN 2014-03-20/.."; one that has ended says it of the days before. A topic without days holds from the
    earliest day that any list tells of that entity. Who is said to be linked to somebody under sanctions
    ("sanction.linked"), or under those of another side ("sanction.counter"), is not listed. What was published after
    the known date is left out.
    """
    listed: defaultdict[str, _Listed] = defaultdict(_Listed)
    for entity, topic, source in _topics(store, as_of):
        match = _TOPIC.fullmatch(topic)
        if match is None or not _was_known(source[2], as_of):
            continue
        each = listed[entity]
        each.by_document[source].append(topic)
        start = _OPEN.get(match[3], match[3])
        if start is not None:
            each.start = start if each.start is None else min(start, each.start, key=first_day)
    found = {entity: _listings(told, as_of) for entity, told in sorted(listed.items())}
    return {entity: lists for entity, lists in found.items() if lists}


def _topics(store: Store, as_of: AsOf) -> Iterator[tuple[str, str, _Source]]:
    """Yield the topics of sanctions that records have: of which entity, and who says so."""
    if _is_turned_back(as_of):
        for document, record in store.past_records(as_of.recorded, as_of.known):
            source = document.id, document.tier, document.published
            yield from ((record.entity.id, topic, source) for topic in record.topics if "sanction" in topic)
        return
    iris = IriScheme(store.base)
    for row in store.query(_TOPICS):
        source = row["id"].value, _tier(row["tier"]), _text(row["published"])
        yield iris.id_of(row["entity"]), row["topic"].value, source


def _is_turned_back(as_of: AsOf) -> bool:
    return as_of.recorded is not None or as_of.known is not None


def _listings(told: _Listed, as_of: AsOf) -> tuple[Listing, ...]:
    """Return what puts an entity under sanctions on a day, document by document."""
    found = []
    for (document, tier, published), topics in sorted(told.by_document.items(), key=lambda pair: pair[0][0]):
        standing = sorted({topic for topic in topics if _stands(topic, told.start, as_of)})
        found += [Listing(document, tuple(standing), tier, published)] if standing else []
    return tuple(found)


def _stands(topic: str, earliest: str | None, as_of: AsOf) -> bool:
    match = _TOPIC.fullmatch(topic)
    if match is None:
        return False
    has_days = match[3] is not None
    start, end = (_OPEN.get(match[place], match[place]) for place in (3, 4)) if has_days else (earliest, None)
    if match[1] and end is None:
        # It is over, and nobody says since when.
        return False
    if as_of.day is None:
        return end is None
    return (start is None or first_day(start) <= as_of.day) and (end is None or as_of.day <= last_day(end))


def _was_known(published: str | None, as_of: AsOf) -> bool:
    return as_of.known is None or (published is not None and last_day(published) <= last_day(as_of.known))


@functools.cache
def _tiers() -> Mapping[str, Tier]:
    return {term.iri: Tier(name) for name, term in ontology().tiers.items()}


def _tier(value: object) -> Tier | None:
    return _tiers().get(_text(value) or "")


def _text(value: object) -> str | None:
    return None if value is None else str(getattr(value, "value", value))
