"""From what a user types to the one entity meant: an id, an IRI, a name in any spelling."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

import pyoxigraph as ox

from kg.errors import InvalidRecord, QueryError, UnknownEntity, did_you_mean
from kg.identifiers import canonical
from kg.model import Entity
from kg.ontology import ontology
from kg.resolve import fold
from kg.store import Store
from kg.store.iris import IriScheme

__all__ = ["find_among", "find_entity", "find_named"]

_DESCRIBED = "SELECT ?id ?label ?class WHERE { ?id rdfs:label ?label ; a ?class }"


def find_entity(store: Store, text: str) -> Entity:
    """Return the entity that `text` names: by id, by IRI, by name, by identifier, by alias, in this order.

    Case, accents, spaces, hyphens and legal forms do not count; ``company:nvidia`` is an IRI too.
    Raises `UnknownEntity` with the nearest names when there is none, and `QueryError` with the ids
    when there are several.
    """
    # A byte that is no UTF-8 reaches an argument as half of a surrogate pair, and no name holds one.
    word = text.strip().encode("utf-8", "replace").decode()
    # The index answers for an exact id or name at once; only other spellings need all names read.
    matches = _by_id(store, word) or _described(store, label=ox.Literal(word)) or _by_identifier(store, word)
    matches = matches or _by_spelling(store.entities(), word)
    return _only(matches, word, store.entities)


def find_named(store: Store, text: str, *, candidates: bool) -> Entity:
    """Return the entity that `text` names, as `find_entity` does; with `candidates`, of claims not admitted too."""
    try:
        return find_entity(store, text)
    except UnknownEntity:
        if not candidates:
            raise
        word = text.strip()
        named = {entity.id: entity for claim in store.candidates() for entity in claim.entities}
        matches = {word: named[word]} if word in named else _by_spelling(named.values(), word)
        return _only(matches, word, lambda: (*store.entities(), *named.values()))


def find_among(entities: Iterable[Entity], text: str) -> Entity:
    """Return which of some entities `text` names, as `find_entity` does in a store: by id, by name, by alias."""
    word, candidates = text.strip(), tuple(entities)
    by_id = {entity.id: entity for entity in candidates if word in {entity.id, entity.id.replace("/", ":", 1)}}
    by_name = {entity.id: entity for entity in candidates if word == entity.name}
    matches = by_id or by_name or _by_spelling(candidates, word)
    if not matches:
        hint = did_you_mean(word, {entity.name for entity in candidates})
        raise UnknownEntity(f"nothing that takes part here, at this date, is called '{word}'.{hint}")
    return _only(matches, word, lambda: candidates)


def _only(matches: Mapping[str, Entity], word: str, candidates: Callable[[], Iterable[Entity]]) -> Entity:
    if not matches:
        hint = did_you_mean(word, {entity.name for entity in candidates()})
        raise UnknownEntity(f"nothing in the graph is called '{word}'.{hint or ' List all: kg query entities'}")
    if len(matches) > 1:
        raise QueryError(f"'{word}' may be any of {', '.join(sorted(matches))}: give one of these ids")
    return next(iter(matches.values()))


def _by_id(store: Store, word: str) -> dict[str, Entity]:
    iri = word.removeprefix("<").removesuffix(">")
    if "/" not in word and ":" not in word:
        return {}
    try:
        id_ = word.replace(":", "/", 1) if word.startswith("company:") else word
        node = ox.NamedNode(iri) if iri.startswith(store.base) else IriScheme(store.base).entity(id_)
    except (InvalidRecord, ValueError):
        return {}
    return _described(store, id=node)


def _described(store: Store, **bound: ox.NamedNode | ox.Literal) -> dict[str, Entity]:
    """Return the entities with exactly that ``id`` or ``label``, by id."""
    names, classes = IriScheme(store.base), {term.iri: name for name, term in ontology().classes.items()}
    entities = {}
    for row in store.query(_DESCRIBED, bound):
        if row["class"].value in classes and row["id"].value.startswith(store.base):
            id_ = names.id_of(row["id"])
            entities[id_] = Entity(id_, row["label"].value, classes[row["class"].value])
    return entities


def _by_identifier(store: Store, word: str) -> dict[str, Entity]:
    """Return the entities with an identifier: "lei:9695…", or an LEI alone, whose check digits hold."""
    kind, sign, value = word.partition(":")
    pairs = [(kind, value)] if sign and kind in ontology().identifiers else [("lei", word)]
    found: dict[str, Entity] = {}
    for name, text in pairs:
        spelt = canonical(name, text)
        if spelt is not None:
            node = ox.NamedNode(ontology().identifiers[name].iri)
            rows = store.query("SELECT ?id { ?id ?kind ?value }", {"kind": node, "value": ox.Literal(spelt)})
            for row in rows:
                found |= _described(store, id=row["id"])
    return found


def _by_spelling(entities: Iterable[Entity], word: str) -> dict[str, Entity]:
    """Return the entities whose name folds to what `word` does, or else those that have such an alias."""
    folded = fold(word)
    matches: dict[bool, dict[str, Entity]] = defaultdict(dict)
    for entity in entities if folded else ():
        if folded == fold(entity.name):
            matches[True][entity.id] = entity
        elif any(folded == fold(alias) for alias in entity.aliases):
            matches[False][entity.id] = entity
    return matches[True] or matches[False]
