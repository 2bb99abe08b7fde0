"""Names → entities: one company is one entity across spellings, languages and documents."""

from kg.resolve.folding import fold, has_legal_form
from kg.resolve.record import DatedName, RegisterRecord, register_entity
from kg.resolve.resolver import Resolver

__all__ = ["DatedName", "RegisterRecord", "Resolver", "fold", "has_legal_form", "register_entity"]
