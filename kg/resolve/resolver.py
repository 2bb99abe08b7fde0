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

from kg.model import Entity
from kg.ontology import Company, ontology
from kg.resolve.folding import fold

__all__ = ["Resolver"]


@functools.cache
def _registered() -> Mapping[str, Company]:
    """The registry's companies by each of their folded names."""
    return {
        fold(name): company for company in ontology().companies.values() for name in (company.name, *company.aliases)
    }


@dataclass(frozen=True, slots=True)
class Resolver:
    """Gives names their entities, by the registry of ``ontology/registry.ttl``."""

    def kind(self, name: str) -> str | None:
        """Return what a name is ("Company") where the registry knows it, else None."""
        company = _registered().get(fold(name))
        return None if company is None else company.type

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
        company = _registered().get(fold(mention.name))
        if company is not None and company.type == mention.type:
            return Entity(company.id, company.name, company.type, mention.aliases, mention.identifiers)
        key = fold(mention.name) or hashlib.sha256(mention.name.encode()).hexdigest()[:16]
        return Entity(f"{mention.type.lower()}/{key}", mention.name, mention.type, mention.aliases, mention.identifiers)
