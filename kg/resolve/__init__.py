"""Names → entities: one company is one entity across spellings, languages and documents."""

from kg.resolve.folding import fold, has_legal_form
from kg.resolve.resolver import Resolver

__all__ = ["Resolver", "fold", "has_legal_form"]
