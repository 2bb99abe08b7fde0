"""Names → entities: one company is one entity across spellings, languages and documents."""

from kg.resolve.folding import fold
from kg.resolve.resolver import Resolver

__all__ = ["Resolver", "fold"]
