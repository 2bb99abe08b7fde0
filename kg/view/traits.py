"""Where companies are registered and what they do, for the marks that tell them apart in a picture.

Registers say so. Where none of the store does, the country is that of a company's number in its register, or that of
its ISIN, whose first two letters are the country of the issue (ISO 6166).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.model import Entity
from kg.ontology import ontology
from kg.store import Store
from kg.store.iris import IriScheme
from kg.view.sectors import division_of

__all__ = ["NO_TRAITS", "Traits", "traits_of"]

_ANY = "SELECT ?record { GRAPH ?document { ?record a kg:RegisterRecord } } LIMIT 1"
_TOLD = """SELECT ?entity ?country ?sector {{ VALUES ?entity {{ {} }} GRAPH ?document {{
    ?record kg:about ?entity .
    OPTIONAL {{ ?record kg:country ?country }} OPTIONAL {{ ?record kg:sector ?sector }} }} }}"""
_TOGETHER = 500
_COUNTRY = re.compile(r"(?!X|EU)[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class Traits:
    """A country in two letters (ISO 3166-1), and a sector: a scheme and the division ("nace:64"); "" for neither."""

    country: str = ""
    sector: str = ""


NO_TRAITS = Traits()


def traits_of(store: Store, entities: Iterable[Entity]) -> Mapping[str, Traits]:
    """Return what is known of entities, by id; those of whom nothing is known are left out.

    Where registers differ, what most of them say counts, of as many the first in the order of letters.
    """
    wanted = {entity.id: entity for entity in entities}
    told = _told(store, sorted(wanted)) if next(iter(store.query(_ANY)), None) is not None else {}
    found = {}
    for id_, entity in wanted.items():
        countries, sectors = told.get(id_, (Counter[str](), Counter[str]()))
        traits = Traits(_most(countries) or _by_identifier(entity), _most(sectors))
        if traits != NO_TRAITS:
            found[id_] = traits
    return found


def _told(store: Store, ids: list[str]) -> Mapping[str, tuple[Counter[str], Counter[str]]]:
    """Return how many records name each country and each sector of an entity, by its id."""
    iris = IriScheme(store.base)
    found: defaultdict[str, tuple[Counter[str], Counter[str]]] = defaultdict(lambda: (Counter(), Counter()))
    for start in range(0, len(ids), _TOGETHER):
        nodes = {iris.entity(id_): id_ for id_ in ids[start : start + _TOGETHER]}
        for row in store.query(_TOLD.format(" ".join(map(str, nodes)))):
            countries, sectors = found[nodes[row["entity"]]]
            if row["country"] is not None:
                countries[row["country"].value[:2]] += 1
            if row["sector"] is not None:
                sectors[division_of(row["sector"].value)] += 1
    return found


def _most(counts: Counter[str]) -> str:
    return min(counts, key=lambda each: (-counts[each], each), default="")


def _by_identifier(entity: Entity) -> str:
    known = dict(ontology().identifiers_of(entity.id, entity.identifiers))
    countries = (known[kind][:2] for kind in ("registration", "isin") if kind in known)
    return next((country for country in countries if _COUNTRY.fullmatch(country)), "")
