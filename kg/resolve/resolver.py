"""From the names that a reader found to the entities they mean.

A name that the registry knows, in any spelling, is that company. Any other name makes an entity
of its own whose id is a function of the folded name and the type alone, so that builds in any
order, on any day, agree: « Opower » and "OPOWER Inc." are one, the company and the product of one
name are two.
"""

import functools
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from kg.companies import Company, KnownBy
from kg.model import Entity
from kg.ontology import listed, ontology
from kg.resolve.folding import fold, has_legal_form, is_written_as_name, legal_words
from kg.resolve.names.tables import legal_forms

__all__ = ["Resolver"]


@functools.cache
def _registered() -> Mapping[str, Company]:
    """The companies written by hand by each of their folded names."""
    return {
        fold(name): company for company in ontology().companies.values() for name in (company.name, *company.aliases)
    }


@functools.cache
def _listed() -> tuple[Mapping[str, Company], frozenset[str]]:
    """The companies on exchanges by each of their folded names, and which of these are known by sight."""
    by_name: dict[str, Company] = {}
    by_sight: set[str] = set()
    for company in listed().values():
        if company.known_by is not KnownBy.IDENTIFIER:
            keys = {fold(alias) for alias in company.aliases}
            own = fold(company.name)
            # "Z Holdings" is known by sight; what it folds to, a bare Z, is not.
            seen = {fold(alias) for alias in company.aliases if not has_legal_form(alias)}
            by_sight |= seen | ({own} if company.known_by is KnownBy.SIGHT else set())
            by_name.update(dict.fromkeys((own, *keys), ontology().company(company.id) or company))
    return by_name, frozenset(by_sight)


_GROUP_WORDS = frozenset({"group", "groupe", "holding", "holdings"})


def _has_its_form(name: str, company: Company) -> bool:
    """Whether a name has a legal form that a company of that country may have, or the company's word for a group."""
    words = legal_words(name)
    isin = company.identifiers.get("isin")
    country = isin[:2] if isin else "US" if "cik" in company.identifiers else ""
    own = {word for told in (company.name, *company.aliases) for word in legal_words(told)}
    forms, listed_there = words - _GROUP_WORDS, legal_forms().listed
    return bool(words) and words & _GROUP_WORDS <= own and forms <= listed_there.get(country, listed_there[""]) | own


@dataclass(frozen=True, slots=True)
class Resolver:
    """Gives names their entities, by the companies of ``ontology/registry.ttl`` and ``registry-listed.tsv``."""

    def kind(self, name: str) -> str | None:
        """Return what a name is ("Company") where the registry knows it, else None.

        A name in small letters, which its company does not write so, is a word. Of the companies on exchanges, those
        whose name is a word, a surname or a place are known with their legal form only.

        >>> [Resolver().kind(name) for name in ("Adyen", "Target", "Target Corp.", "orange", "monday.com")]
        ['Company', None, 'Company', None, 'Company']

        """
        key = fold(name)
        company = _registered().get(key)
        if company is not None:
            return None if name.islower() and name not in {company.name, *company.aliases} else company.type
        company = self._listed_as(name, key)
        if company is None or not (is_written_as_name(name) or name in {company.name, *company.aliases}):
            return None
        return company.type

    @staticmethod
    def _listed_as(name: str, key: str) -> Company | None:
        """Return the company on exchanges that a name means: by sight, or with a legal form that may be its own."""
        by_name, by_sight = _listed()
        company = by_name.get(key)
        return company if company is not None and (key in by_sight or _has_its_form(name, company)) else None

    def entity(self, mention: Entity) -> Entity:
        """Resolve an entity that a reader made of a name.

        Args:
            mention: its name and type count; its aliases and identifiers are kept.

        Returns:
            The company of the registry, if the name and the type are the company's; else an entity whose id is the
            type and the folded name.

        >>> Resolver().entity(Entity("?", "Veridia Cloud Inc.", "Company")).id
        'company/veridiacloud'

        """
        key = fold(mention.name)
        company = _registered().get(key) or self._listed_as(mention.name, key)
        if company is not None and company.type == mention.type:
            return Entity(company.id, company.name, company.type, mention.aliases, mention.identifiers)
        key = key or hashlib.sha256(mention.name.encode()).hexdigest()[:16]
        return Entity(f"{mention.type.lower()}/{key}", mention.name, mention.type, mention.aliases, mention.identifiers)
