"""What a user gives to a named query, as RDF terms: values are bound, never written into the text."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

import pyoxigraph as ox

from kg.dates import is_partial_date
from kg.errors import InvalidRecord, QueryError, did_you_mean
from kg.model import Entity, canonical_decimal
from kg.ontology import PREFIXES, ontology
from kg.query.entity_lookup import find_entity
from kg.query.library import NamedQuery, Parameter
from kg.store import Store
from kg.store.iris import IriScheme

__all__ = ["bind", "bound"]

_NAMED = re.compile(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)


def bind(query: NamedQuery, arguments: Sequence[str], store: Store) -> dict[str, ox.NamedNode | ox.Literal]:
    """Return the term of each parameter, from ``value`` arguments in order and ``name=value`` ones.

    Raises `QueryError` for an argument missing, unknown, given twice or of the wrong kind, and
    `UnknownEntity` for a name that the graph does not hold.
    """
    given = _by_name(query, arguments)
    terms = {}
    for parameter in query.parameters:
        text = given.get(parameter.name, parameter.default)
        if text is not None:
            terms[parameter.name] = _term(parameter, text, store)
        elif not parameter.optional:
            what = f" ({parameter.text})" if parameter.text else ""
            raise QueryError(f"query '{query.name}' needs {parameter.name}{what}: {query.usage}")
    return terms


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
    found = _of_rdflib(value) if hasattr(value, "n3") else _plain(name, value)
    if found is None:
        what = type(value).__name__
        raise QueryError(f"{name} is a {what}: give text, a number, a date, an entity, an IRI or a literal")
    return found


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


def _by_name(query: NamedQuery, arguments: Sequence[str]) -> dict[str, str]:
    names = [parameter.name for parameter in query.parameters]
    given: dict[str, str] = {}
    loose: list[str] = []
    for argument in arguments:
        match = _NAMED.fullmatch(argument)
        if match is None:
            loose.append(argument)
            continue
        name, value = match.groups()
        if name not in names:
            hint = did_you_mean(name, names) or f" It takes: {', '.join(names) or 'nothing'}."
            raise QueryError(f"query '{query.name}' has no parameter '{name}'.{hint}")
        if name in given:
            raise QueryError(f"query '{query.name}' is given {name} twice: {given[name]} and {value}")
        given[name] = value
    free = [name for name in names if name not in given]
    if len(loose) > len(free):
        raise QueryError(f"query '{query.name}' cannot use '{loose[len(free)]}': {query.usage}")
    return given | dict(zip(free, loose, strict=False))


def _term(parameter: Parameter, text: str, store: Store) -> ox.NamedNode | ox.Literal:
    match parameter.kind:
        case "entity":
            return IriScheme(store.base).entity(find_entity(store, text).id)
        case "relation":
            return ox.NamedNode(ontology().relation(text).iri)
        case "date" if not is_partial_date(text):
            raise QueryError(f"{parameter.name} '{text}' is no date: write YYYY, YYYY-MM or YYYY-MM-DD")
        case "number":
            return ox.Literal(_number(parameter.name, text), datatype=ox.NamedNode(PREFIXES["xsd"] + "decimal"))
    return _literal(parameter.name, text)


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
