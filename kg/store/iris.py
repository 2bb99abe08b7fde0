"""The IRIs of a store: minted under its base, and taken apart again."""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

import pyoxigraph as ox

from kg.errors import InvalidRecord, did_you_mean
from kg.ontology import BASE, PREFIXES, ontology

__all__ = ["IriScheme", "class_node", "date_term", "date_text", "term", "text_term"]

# What RFC 3987 lets stand in a path, but "%" and "#", which have a meaning of their own.
_SAFE = frozenset("/:@!$&'()*+,;=-._~")
_PLAIN = re.compile(r"[\w/:@!$&'()*+,;=.~-]*", re.ASCII)
_OWN = frozenset({"claim", "closing", "document", "identities", "judgement", "ontology", "reader", "store"})


def term(prefixed: str) -> ox.NamedNode:
    """Return the IRI of a prefixed name, such as "kg:modality"."""
    prefix, _, local = prefixed.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local)


@functools.cache
def _by_length() -> Mapping[int, ox.NamedNode]:
    return {4: term("xsd:gYear"), 7: term("xsd:gYearMonth"), 10: term("xsd:date")}


def date_term(iso: str) -> ox.Literal:
    """Return a partial date typed by what it holds: xsd:gYear, xsd:gYearMonth or xsd:date."""
    return ox.Literal(iso, datatype=_by_length()[len(iso)])


def date_text(iso: str) -> str:
    """Return a partial date as N-Quads have it."""
    return f'"{iso}"^^{_by_length()[len(iso)]}'


def text_term(value: str) -> str:
    """Return a text as N-Quads have it."""
    return str(ox.Literal(value))


def class_node(name: str) -> ox.NamedNode:
    """Return the IRI of a class of entities; raise `InvalidRecord` where the ontology has none such."""
    class_ = ontology().classes.get(name)
    if class_ is None:
        raise InvalidRecord(f"the ontology has no class '{name}'.{did_you_mean(name, ontology().classes)}")
    return ox.NamedNode(class_.iri)


@dataclass(frozen=True, slots=True)
class IriScheme:
    """Mints the IRIs of a store under its base, and takes them apart again."""

    base: str = BASE

    def entity(self, id_: str) -> ox.NamedNode:
        """Return the IRI of an entity ("company/nvidia"); raise `InvalidRecord` for what the store names itself."""
        return _entity(self.base, id_)

    def claim(self, id_: str) -> ox.NamedNode:
        """Return the IRI of a claim."""
        return ox.NamedNode(f"{self.base}claim/{_quoted(id_)}")

    def judgement(self, id_: str) -> ox.NamedNode:
        """Return the IRI of a judgement."""
        return ox.NamedNode(f"{self.base}judgement/{_quoted(id_)}")

    def closing(self, id_: str) -> ox.NamedNode:
        """Return the IRI of a closing."""
        return ox.NamedNode(f"{self.base}closing/{_quoted(id_)}")

    def document(self, id_: str) -> ox.NamedNode:
        """Return the IRI of a document, which is that of its named graph."""
        return _minted(f"{self.base}document/", id_)

    def reader(self, method: str) -> ox.NamedNode:
        """Return the IRI of a reading method."""
        return _minted(f"{self.base}reader/", method)

    @property
    def identities(self) -> ox.NamedNode:
        """The graph of what people say of who is whom, and of what it comes to."""
        return ox.NamedNode(f"{self.base}identities")

    @property
    def ontology(self) -> ox.NamedNode:
        """The graph that holds the schema, for its labels."""
        return ox.NamedNode(f"{self.base}ontology")

    @property
    def store(self) -> ox.NamedNode:
        """The graph, and the node, of the store's own bookkeeping."""
        return ox.NamedNode(f"{self.base}store")

    @property
    def derived(self) -> ox.NamedNode:
        """The graph of edges and entities at an endpoint: not every engine has a default graph of its own."""
        return ox.NamedNode(f"{self.store.value}/derived")

    @property
    def kept(self) -> ox.NamedNode:
        """The graph of what kg keeps for itself at an endpoint: fingerprints, texts, candidates, withdrawn claims."""
        return ox.NamedNode(f"{self.store.value}/kept")

    def id_of(self, node: Any, kind: str = "") -> str:
        """Return the id that an IRI of this store was minted from."""
        return unquote(str(node.value).removeprefix(self.base).removeprefix(kind), errors="strict")


# A busy company is named thousands of times over, a document by each of its claims.
@functools.lru_cache(maxsize=1 << 16)
def _entity(base: str, id_: str) -> ox.NamedNode:
    if id_.partition("/")[0] in _OWN:
        raise InvalidRecord(f"'{id_}' is no id of an entity: kg keeps {', '.join(sorted(_OWN))} for itself")
    return ox.NamedNode(base + _quoted(id_))


@functools.lru_cache(maxsize=1 << 10)
def _minted(start: str, id_: str) -> ox.NamedNode:
    return ox.NamedNode(start + _quoted(id_))


def _quoted(id_: str) -> str:
    if _PLAIN.fullmatch(id_):
        return id_
    return "".join(c if c in _SAFE or _is_letter(c) else quote(c, safe="") for c in id_)


def _is_letter(char: str) -> bool:
    """Whether a letter or digit may stand in an IRI: compatibility forms may not all."""
    return char.isalnum() and (char < "\x80" or "\xa0" <= char <= "\ud7ff")
