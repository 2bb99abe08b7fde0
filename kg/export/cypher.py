r"""Claims as statements of Cypher, which may be run as often as one likes: they make what is not there yet.

The language is that of https://neo4j.com/docs/cypher-manual/current/ in the part that openCypher shares: `MERGE` by id
over the rows of an `UNWIND`, all rows of a statement with the same keys. Only the constraints at the head are Neo4j's
own. Nodes, relationships and properties are those of Neo4j's CSV (`kg.export.neo4j`), but for the documents.

Texts stand in single quotes. Backslashes, quotes and control characters are escaped, so no text of a source ends its
quotes: Neo4j reads ``\uXXXX`` anywhere in a query before it reads anything else, and a backslash that is doubled is
none of these.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import BinaryIO

from kg import formats
from kg.export.dated import DatedClaim, dated_claims
from kg.export.nodes import FIGURE, Nodes, edge_type, figure_id, figure_properties
from kg.export.properties import Property, edge_properties, node_properties, renamed_ends
from kg.model import Claim, Entity
from kg.ontology import ontology
from kg.settings import today as current_day

__all__ = ["literal", "write_cypher"]

_BATCH = 500
"""Claims whose statements are made together: a transaction each stays small."""
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_SPECIAL = re.compile(r"[\\'\x00-\x1f\x7f-\x9f\u2028\u2029]")
_ESCAPES = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_OTHER = re.compile(r"[^\w ,.:–-]")


def write_cypher(
    claims: Iterable[Claim], out: BinaryIO, *, today: dt.date | None = None, selection: str | None = None
) -> tuple[str, ...]:
    """Write claims as statements of Cypher, each ended by a semicolon and a line break; every text to the letter.

    In memory are the entities, and the claims that report an end.
    """
    day, nodes = today or current_day(), Nodes()
    out.write("\n".join((*_head(day, selection), "")).encode())
    stream = dated_claims(claims, day)
    while batch := list(islice(stream, _BATCH)):
        made: list[tuple[str, dict[str, Property]]] = []
        edges = [_edge(dated, nodes, made) for dated in batch]
        out.writelines(text.encode() for text in (*_node_statements(made), *_edge_statements(edges)))
    return ()


def _head(day: dt.date, selection: str | None) -> Iterator[str]:
    yield f"// {formats.EXCHANGE}, facts of {day.isoformat()}"
    if selection is not None:
        # Neo4j reads escapes in comments too.
        yield f"// {_OTHER.sub(' ', selection)}"
    yield "// Run it as often as you like: cypher-shell -f FILE"
    for label in (*sorted(ontology().classes), FIGURE):
        name = f"kg_{label.lower()}_id"
        yield f"CREATE CONSTRAINT {name} IF NOT EXISTS FOR (n:{_name(label)}) REQUIRE n.id IS UNIQUE;"


def _edge(
    dated: DatedClaim, nodes: Nodes, made: list[tuple[str, dict[str, Property]]]
) -> tuple[tuple[str, str, str], dict[str, Property]]:
    """Return a claim's edge with its type between the labels of its ends; nodes that are new go to `made`."""

    def end(entity: Entity) -> Entity:
        known, is_new = nodes.known(entity)
        if is_new:
            made.append((entity.type, {"id": entity.id} | node_properties(entity)))
        return known

    claim = dated.claim
    subject, object_ = end(claim.subject), claim.object
    if isinstance(object_, Entity):
        target: Entity | None = end(object_)
        id_, label = object_.id, end(object_).type
    else:
        target, id_, label = None, figure_id(claim), FIGURE
        made.append((FIGURE, {"id": id_} | figure_properties(object_)))
    properties = edge_properties(dated) | renamed_ends(claim, subject, target or object_)
    places: dict[str, Property] = {"source": claim.subject.id, "target": id_}
    return (subject.type, edge_type(claim.relation), label), places | properties


def _node_statements(nodes: Iterable[tuple[str, dict[str, Property]]]) -> Iterator[str]:
    groups: dict[tuple[str, tuple[str, ...]], list[dict[str, Property]]] = {}
    for label, row in nodes:
        groups.setdefault((label, tuple(row)), []).append(row)
    for (label, names), rows in groups.items():
        yield f"{_unwound(rows)}MERGE (n:{_name(label)} {{id: row.id}})\n{_set('n', names, ('id',))};\n"


def _edge_statements(edges: Iterable[tuple[tuple[str, str, str], dict[str, Property]]]) -> Iterator[str]:
    groups: dict[tuple[tuple[str, str, str], tuple[str, ...]], list[dict[str, Property]]] = {}
    for ends, row in edges:
        groups.setdefault((ends, tuple(row)), []).append(row)
    for ((subject, type_, object_), names), rows in groups.items():
        told = _set("r", names, ("source", "target", "claim"))
        # Said for both cases: Kùzu and its successors lose a plain SET behind the MERGE of a relationship.
        yield (
            f"{_unwound(rows)}"
            f"MATCH (s:{_name(subject)} {{id: row.source}}), (o:{_name(object_)} {{id: row.target}})\n"
            f"MERGE (s)-[r:{_name(type_)} {{claim: row.claim}}]->(o)\n"
            f"ON CREATE {told}\n"
            f"ON MATCH {told};\n"
        )


def _unwound(rows: Sequence[Mapping[str, Property]]) -> str:
    maps = ",\n".join(
        "{" + ", ".join(f"{_name(name)}: {literal(value)}" for name, value in row.items()) + "}" for row in rows
    )
    return f"UNWIND [\n{maps}\n] AS row\n"


def _set(variable: str, names: Iterable[str], keys: Sequence[str]) -> str:
    return "SET " + ", ".join(f"{variable}.{_name(n)} = row.{_name(n)}" for n in names if n not in keys)


def _name(name: str) -> str:
    """Return a name as Cypher takes it: those that are words of the language too, as `end`, in backticks."""
    if name in {"id", "claim", "source", "target"} or (_WORD.fullmatch(name) and name[0].isupper()):
        return name
    return "`" + name.replace("`", "``") + "`"


def literal(value: Property) -> str:
    r"""Return a value as Cypher writes it.

    >>> print(literal("it's"), literal("\\u0027"), literal(1e16), literal(True), literal(("a", "b")))
    'it\'s' '\\u0027' 1e16 true ['a', 'b']

    """
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f"'{_SPECIAL.sub(_escape, value)}'"
        case tuple():
            return f"[{', '.join(map(literal, value))}]"
    return repr(value).replace("e+", "e")


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    return _ESCAPES.get(char) or f"\\u{ord(char):04x}"
