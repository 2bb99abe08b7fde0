"""What a user gives to a named query, as RDF terms: values are bound, never written into the text."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

import pyoxigraph as ox

from kg.errors import InvalidRecord, QueryError
from kg.model import Entity, canonical_decimal
from kg.ontology import PREFIXES, ontology
from kg.query.entity_lookup import find_entity
from kg.query.library import NamedQuery
from kg.questions import Parameter, Value
from kg.questions import bind as bind_values
from kg.store import Store
from kg.store.iris import IriScheme

__all__ = ["bind", "bound"]


def bind(query: NamedQuery, arguments: Sequence[str], store: Store) -> dict[str, ox.NamedNode | ox.Literal]:
    """Return the term of each parameter, from ``value`` arguments in order and ``name=value`` ones.

    Raises `QueryError` for an argument missing, unknown, given twice or of the wrong kind, and
    `UnknownEntity` for a name that the graph does not hold.
    """
    values = bind_values(query, arguments)
    return {p.name: _term(p, values[p.name], store) for p in query.parameters if p.name in values}


def bound(values: Mapping[str, Any], store: Store) -> dict[str, ox.NamedNode | ox.Literal]:
    """Return Python values as the terms that variables are bound to, by the variables' names.

    Text is a plain literal, numbers, truth values and dates are typed ones, an `Entity` is its IRI; terms of
    pyoxigraph and rdflib stay what they are. Raises `QueryError` for what is none of these.
    """
    return {name: _value(name, value, store) for name, value in values.items()}


def _value(name: str, value: Any, store: Store) -> ox.NamedNode | ox.Literal:
    if isinstance(value, ox.NamedNode | ox.Literal):
        return value
    if isinstance(value, Entity):
        return IriScheme(store.base).entity(value.id)
    term = _of_rdflib(value) if hasattr(value, "n3") else _plain(name, value)
    if term is None:
        what = type(value).__name__
        raise QueryError(f"{name} is a {what}: give text, a number, a date, an entity, an IRI or a literal")
    return term


def _plain(name: str, value: Any) -> ox.Literal | None:
    match value:
        case str():
            return _literal(name, value)
        case Decimal():
            return ox.Literal(_number(name, str(value)), datatype=ox.NamedNode(PREFIXES["xsd"] + "decimal"))
        case dt.date() if not isinstance(value, dt.datetime):
            return ox.Literal(value.isoformat(), datatype=ox.NamedNode(PREFIXES["xsd"] + "date"))
        case bool() | int() | float():
            return ox.Literal(value)
    return None


def _of_rdflib(term: Any) -> ox.NamedNode | ox.Literal | None:
    import rdflib

    if isinstance(term, rdflib.URIRef):
        return ox.NamedNode(str(term))
    if not isinstance(term, rdflib.Literal):
        return None
    if term.language:
        return ox.Literal(str(term), language=term.language)
    return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype)) if term.datatype else None)


def _term(parameter: Parameter, value: Value, store: Store) -> ox.NamedNode | ox.Literal:
    match parameter.kind:
        case "entity":
            return IriScheme(store.base).entity(find_entity(store, str(value)).id)
        case "relation":
            return ox.NamedNode(ontology().relation(str(value)).iri)
        case "day":
            return ox.Literal(str(value), datatype=ox.NamedNode(PREFIXES["xsd"] + "date"))
        case "number":
            return ox.Literal(_number(parameter.name, str(value)), datatype=ox.NamedNode(PREFIXES["xsd"] + "decimal"))
    return _literal(parameter.name, str(value))


def _literal(name: str, text: str) -> ox.Literal:
    try:
        return ox.Literal(text)
    except ValueError as error:
        raise QueryError(f"{name} {text!a} is no text: write it in UTF-8") from error


def _number(name: str, text: str) -> str:
    try:
        return str(canonical_decimal(Decimal(text)))
    except (InvalidOperation, InvalidRecord):
        raise QueryError(f"{name} '{text}' is no number: write digits, as in 12.5") from None
