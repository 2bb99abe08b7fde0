"""Resources: a claim, a document a piece at a time, the ontology, the questions."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from kg.errors import QueryError
from kg.mcp.answer import MAX_BYTES
from kg.mcp.fence import cost, fenced, unfenced
from kg.mcp.fitting import fitting
from kg.mcp.rows import named, word
from kg.ontology import PREFIXES, ontology
from kg.store import Store

__all__ = ["LISTED", "SCHEME", "TEMPLATES", "document_uri", "read_resource"]

SCHEME = "kg"
LISTED: Mapping[str, tuple[str, str, str]] = {
    "kg://ontology": ("ontology", "Relations, classes, modalities and terms, for SPARQL", "text/plain"),
    "kg://questions": ("questions", "The prepared questions and analyses, with what they take", "text/plain"),
}
"""Resources that are always there: name, description and media type, by address."""
TEMPLATES: Mapping[str, tuple[str, str, str]] = {
    "kg://claim/{id}": ("claim", "A claim in full, by its id", "application/json"),
    "kg://document/{id}{?from}": ("document", "A document's text from a character on, by its id", "application/json"),
}
"""Resources by what completes their address."""
_PIECE = 24_000
"""Bytes of a document that are read at a time."""
_ROOM = MAX_BYTES - 700
"""Bytes of a resource and of its address, as they are sent."""
_FROM = re.compile("[0-9]{1,12}")
_WHOLE = 1 << 30
_SHAPES = """A relation that holds today is an edge: ?a kg:supplies ?b. No plan, report or denial is one.
Each claim stands in the graph of its document, whatever holds:
GRAPH ?document { ?claim rdf:subject ?a ; rdf:predicate kg:supplies ; rdf:object ?b ; kg:modality kg:Planned ;
  kg:sentence ?quote ; kg:document ?id ; kg:knownFrom ?date ; kg:amount ?amount ; kg:currency ?currency }
Entities: ?a a kg:Company ; rdfs:label ?name. The prefixes kg, rdf, rdfs, xsd, schema need no declaration."""


def document_uri(id_: str, start: int = 0) -> str:
    """Return the address of a document from a character on.

    >>> document_uri("a/b.txt", 12)
    'kg://document/a%2Fb.txt?from=12'
    """
    return f"kg://document/{quote(id_, safe='')}" + (f"?from={start}" if start else "")


def read_resource(store: Store, uri: str) -> tuple[str, str]:
    """Return the text of a resource and its media type; raise `KgError` where there is none such."""
    try:
        parts = urlsplit(uri)
    except ValueError as error:
        raise QueryError(f"{uri[:200]} is no address: {error}") from error
    if parts.scheme == SCHEME and parts.netloc == "ontology" and not parts.path.strip("/"):
        return _ontology(), "text/plain"
    if parts.scheme == SCHEME and parts.netloc == "questions" and not parts.path.strip("/"):
        return _questions(), "text/plain"
    name = unfenced(unquote(parts.path.removeprefix("/")))
    if parts.scheme == SCHEME and parts.netloc == "claim" and name:
        return _claim(store, name, _ROOM - cost(uri)), "application/json"
    if parts.scheme == SCHEME and parts.netloc == "document" and name:
        asked = dict(parse_qsl(parts.query))
        return _document(store, name, asked.get("from", "0"), _ROOM - cost(uri)), "application/json"
    raise QueryError(f"there is no resource {uri[:200]}: there are {', '.join((*LISTED, *TEMPLATES))}")


def _ontology() -> str:
    """Return the words of the ontology, a line each: all kg's own."""
    schema, prefixes = ontology(), sorted(PREFIXES.items(), key=lambda pair: -len(pair[1]))

    def short(iri: str) -> str:
        return next((f"{name}:{iri.removeprefix(start)}" for name, start in prefixes if iri.startswith(start)), iri)

    lines = [_SHAPES, "", "RELATIONS"]
    for relation in schema.relations.values():
        ends = "a figure" if relation.is_figure else " or ".join(relation.range)
        who = " or ".join(relation.domain)
        lines.append(f"{relation.name} = {short(relation.iri)}: {who} -> {ends}. {relation.comment['en']}")
    for title, terms in (("CLASSES", schema.classes), ("MODALITIES", schema.modalities), ("TERMS", schema.qualifiers)):
        lines += ["", title, *(f"{name} = {short(term.iri)}: {term.label['en']}" for name, term in terms.items())]
    return "\n".join(lines)


def _questions() -> str:
    from kg.catalogue import listing

    return listing()


def _claim(store: Store, id_: str, room: int) -> str:
    from kg.graph import Graph
    from kg.mcp.evidence import claim_in_full, find

    graph = Graph(store)
    told = fitting(claim_in_full(graph, find(graph, id_)), lambda each: _sent(each) <= room)
    return json.dumps(told, ensure_ascii=False)


def _document(store: Store, id_: str, start: str, room: int) -> str:
    if not _FROM.fullmatch(start):
        raise QueryError(f"from={start[:40]}: write a whole number of characters, of twelve digits at most")
    document = store.document(id_)
    length, begin = len(document.text), min(int(start), len(document.text))
    fields: dict[str, Any] = {"id": named(document.id), "title": document.title and named(document.title)}
    fields |= {"url": document.url and named(document.url), "published": document.published}
    fields |= {"lang": word(document.lang), "from": begin, "length": length, "text": "", "truncated": True}
    fields |= {"next": document_uri(id_, length)}
    end = _end(document.text, begin, min(_PIECE, room - _sent(fields)))
    if end == begin < length:
        raise QueryError("the document's id takes so much room that its text cannot be read here: read 'evidence'")
    fields |= {"text": fenced(document.text[begin:end], _WHOLE), "truncated": end < length}
    return json.dumps(fields | {"next": document_uri(id_, end) if end < length else None}, ensure_ascii=False)


def _end(text: str, begin: int, room: int) -> int:
    """Return where a piece of a text ends that takes no more than `room` bytes once it is fenced."""
    low, high = begin, max(begin, min(len(text), begin + room))
    while low < high:
        middle = (low + high + 1) // 2
        if _sent(fenced(text[begin:middle], _WHOLE)) <= room:
            low = middle
        else:
            high = middle - 1
    return low


def _sent(value: object) -> int:
    """Return how many bytes a value takes as JSON within the JSON of a message, which escapes its marks once more."""
    return cost(json.dumps(value, ensure_ascii=False))
