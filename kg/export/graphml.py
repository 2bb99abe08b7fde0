"""Claims as GraphML (http://graphml.graphdrawing.org), for Gephi, yEd, igraph and networkx.

An edge is a claim, with the properties of `kg.export.properties`; entities come before edges, since programs want
that. Edges wait in a file of their own meanwhile: in memory are the entities, and the claims that report an end.

Keys are named after their properties, since Gephi's importer takes the keys ``d3`` and ``d7`` for labels whatever they
are called (``ImporterGraphML``), and these are names that writers of GraphML use. It shows ``label`` of nodes and
edges, and draws edges by ``weight``.
"""

import datetime as dt
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, BinaryIO

from kg import formats
from kg.export.dated import dated_claims
from kg.export.escapes import ESCAPED, XML_FORBIDDEN, escaped, escaped_id
from kg.export.network import Plain, plain
from kg.export.notes import Notes
from kg.export.properties import EDGE, Kind, edge_properties, node_kinds, node_properties, renamed_ends
from kg.model import Claim, Entity
from kg.settings import today as current_day

__all__ = ["write_graphml"]

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""
_MARKUP = re.compile('[&<>"\r]')
# A parser takes a bare carriage return for a line feed, and in an attribute line feeds and tabs for spaces.
_REPLACED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;"}
_SPACES = str.maketrans({"\n": "&#10;", "\t": "&#9;"})
_UNTOLD = {("node", "label"), ("edge", "label")}
"""Texts that only repeat others: a note on them would say the same twice."""


def write_graphml(
    claims: Iterable[Claim],
    out: BinaryIO,
    *,
    facts_only: bool = False,
    today: dt.date | None = None,
    selection: str | None = None,
) -> tuple[str, ...]:
    r"""Write the graph of `kg.export.to_networkx` as GraphML, and return a note on each text that it changed.

    XML has no way to write control characters: each becomes its escape (``\u0000``) in the file, and the property
    ``escaped`` names the texts that have such. networkx reads the file back with
    ``read_graphml(path, node_type=str, edge_key_type=str, force_multigraph=True)``, and ``kg import`` the claims.
    """
    day = today or current_day()
    notes = Notes("GraphML")
    with tempfile.TemporaryFile() as edges:
        out.write(_head({"format": formats.EXCHANGE, "today": day.isoformat(), "selection": selection}).encode())
        writer = _Writer(out, edges, notes)
        for dated in dated_claims(claims, day):
            claim = dated.claim
            if claim.retracted_at is not None or (facts_only and not dated.is_fact):
                continue
            if not isinstance(claim.object, Entity):
                notes.left_out("figures of companies have no second entity: export them as jsonl, neo4j or parquet")
                continue
            writer.edge(claim, claim.object, plain(edge_properties(dated)))
        edges.seek(0)
        shutil.copyfileobj(edges, out, 1 << 20)
    out.write(b"</graph>\n</graphml>\n")
    return tuple(notes)


def _head(told: Mapping[str, str | None]) -> str:
    graph = {name: value for name, value in told.items() if value is not None}
    kinds: list[tuple[str, str, str]] = [("graph", name, Kind.TEXT) for name in graph]
    kinds += [("node", name, kind) for name, kind in {**node_kinds(), ESCAPED: Kind.TEXT}.items()]
    kinds += [("edge", name, kind) for name, kind in {**EDGE, ESCAPED: Kind.TEXT}.items()]
    keys = "".join(
        f'<key id="{of}-{name}" for="{of}" attr.name="{name}" attr.type="{kind.removesuffix("[]")}"/>\n'
        for of, name, kind in kinds
    )
    data = "".join(f'<data key="graph-{name}">{_text(value)}</data>\n' for name, value in graph.items())
    return f'{_HEAD}{keys}<graph id="kg" edgedefault="directed">\n{data}'


@dataclass(slots=True)
class _Writer:
    """Writes nodes, each before the first edge that needs it, and edges aside."""

    nodes: BinaryIO
    edges: IO[bytes]
    notes: Notes
    _known: dict[str, tuple[Entity, str]] = field(default_factory=dict)

    def edge(self, claim: Claim, object_: Entity, properties: dict[str, Plain]) -> None:
        """Write a claim, and its ends where they are new."""
        subject, source = self._node(claim.subject)
        other, target = self._node(object_)
        if subject is not claim.subject or other is not object_:
            properties |= plain(renamed_ends(claim, subject, other))
        data = "".join(self._data("edge", properties, f"claim {claim.id}"))
        self.edges.write(f'<edge id="{claim.id}" source="{source}" target="{target}">{data}</edge>\n'.encode())

    def _node(self, entity: Entity) -> tuple[Entity, str]:
        """Return the entity as its node has it, and the node's id as an attribute."""
        if (known := self._known.get(entity.id)) is not None:
            return known
        id_, properties = escaped_id(entity.id, XML_FORBIDDEN), plain(node_properties(entity))
        if id_ != entity.id:
            self.notes.changed(f"the id of {entity.id!r}")
        data = "".join(self._data("node", properties, f"entity {entity.id!r}", {"id"} if id_ != entity.id else set()))
        written = _text(id_).translate(_SPACES)
        self.nodes.write(f'<node id="{written}">{data}</node>\n'.encode())
        self._known[entity.id] = entity, written
        return entity, written

    def _data(
        self, of: str, properties: Mapping[str, Plain], owner: str, changed: set[str] | None = None
    ) -> Iterator[str]:
        marked = changed or set()
        for name, value in properties.items():
            text = escaped(value, XML_FORBIDDEN) if isinstance(value, str) else value
            if text != value:
                marked.add(name)
                if (of, name) not in _UNTOLD:
                    self.notes.changed(f"the {name} of {owner}")
            yield f'<data key="{of}-{name}">{_text(text) if isinstance(text, str) else _plain(text)}</data>'
        if marked:
            yield f'<data key="{of}-{ESCAPED}">{" ".join(sorted(marked))}</data>'


def _text(text: str) -> str:
    return _MARKUP.sub(lambda match: _REPLACED[match[0]], text)


def _plain(value: float | bool) -> str:  # noqa: FBT001 - the value of a property
    return str(value).lower() if isinstance(value, bool) else repr(value)
