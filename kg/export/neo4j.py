"""Claims as the CSV files that ``neo4j-admin database import full`` takes.

Headers and quoting are those of https://neo4j.com/docs/operations-manual/current/import/. Entities, figures and
documents are nodes, each claim is a relationship of its relation's type with the properties of `kg.export.properties`.
A text may have line breaks, so the command needs ``--multiline-fields=true``; what stands between the texts of a list
is U+001F, since names have semicolons. ``import.sh`` has the whole command.
"""

import csv
import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from kg import formats
from kg.export.dated import DatedClaim, dated_claims
from kg.export.escapes import ESCAPED, all_escaped, escaped, escaped_id
from kg.export.nodes import FIGURE, Nodes, edge_type, figure_id, figure_properties
from kg.export.notes import Notes
from kg.export.properties import EDGE, Kind, Property, edge_properties, node_kinds, node_properties, renamed_ends
from kg.model import Claim, Document, Entity
from kg.settings import today as current_day

__all__ = ["ARRAYS", "DOCUMENT", "FIGURE_KINDS", "FILES", "MANIFEST", "header", "write_neo4j"]

ARRAYS = "\x1f"
"""What stands between the texts of a list."""
_FORBIDDEN = re.compile("[\x00\x1f]")

FIGURE_KINDS: Mapping[str, Kind] = {
    "label": Kind.TEXT,
    "value": Kind.NUMBER,
    "value_text": Kind.TEXT,
    "unit": Kind.TEXT,
}
DOCUMENT = ("title", "url", "lang", "published", "tier")
MANIFEST = "kg.json"
"""The file that says what the folder is."""
_SCRIPT = """#!/bin/sh
# Makes a database of a Neo4j 5 server out of these files: sh import.sh [DATABASE], by default the database neo4j.
# It must be stopped meanwhile, and what it held is gone.
cd "$(dirname "$0")" || exit 1
exec neo4j-admin database import full "${1:-neo4j}" --overwrite-destination=true \\
  --nodes=entities.csv --nodes=figures.csv --nodes=documents.csv \\
  --relationships=claims.csv --relationships=figure_claims.csv \\
  --multiline-fields=true --array-delimiter=U+001F --delimiter=,
"""


def header(name: str) -> list[str]:
    """Return the header of a file: the fields of Neo4j, each with its type.

    >>> header("figures.csv")
    ['id:ID(Figure)', 'label:string', 'value:double', 'value_text:string', 'unit:string', 'escaped:string', ':LABEL']

    """
    first, kinds, last = FILES[name]
    of_nodes = node_kinds() if kinds is None else kinds
    return [*first, *(f"{each}:{kind}" for each, kind in of_nodes.items()), f"{ESCAPED}:string", last]


FILES: Mapping[str, tuple[Sequence[str], Mapping[str, Kind] | None, str]] = {
    "entities.csv": (("id:ID(Entity)",), None, ":LABEL"),
    "figures.csv": (("id:ID(Figure)",), FIGURE_KINDS, ":LABEL"),
    "documents.csv": (("id:ID(Document)",), dict.fromkeys(DOCUMENT, Kind.TEXT), ":LABEL"),
    "claims.csv": ((":START_ID(Entity)", ":END_ID(Entity)"), EDGE, ":TYPE"),
    "figure_claims.csv": ((":START_ID(Entity)", ":END_ID(Figure)"), EDGE, ":TYPE"),
}
"""The files: their first fields, their properties (None for those of a node), and the last field."""


def write_neo4j(
    claims: Iterable[Claim],
    folder: Path,
    *,
    documents: Iterable[Document] = (),
    today: dt.date | None = None,
    selection: str | None = None,
) -> tuple[str, ...]:
    """Write claims, and what is known of documents but for their texts, into a folder that is there and empty.

    Return a note on each text that is not written to the letter. In memory are the entities, and the claims that report
    an end.
    """
    day, notes = today or current_day(), Notes("Neo4j's CSV")
    told = {"format": formats.EXCHANGE, "today": day.isoformat(), "selection": selection}
    folder.joinpath(MANIFEST).write_text(json.dumps({k: v for k, v in told.items() if v is not None}) + "\n", "utf-8")
    folder.joinpath("import.sh").write_text(_SCRIPT, "utf-8")
    with ExitStack() as stack:
        tables = _Tables(folder, notes, stack)
        for document in documents:
            values = {name: value for name in DOCUMENT if (value := getattr(document, name)) is not None}
            tables.write("documents.csv", [document.id], values, "Document", f"document {document.id!r}")
        for dated in dated_claims(claims, day):
            tables.claim(dated)
    return tuple(notes)


class _Tables:
    """The files of a folder, open for writing."""

    def __init__(self, folder: Path, notes: Notes, stack: ExitStack) -> None:
        self._notes, self._nodes = notes, Nodes()
        self._writers = {}
        for name in FILES:
            handle = stack.enter_context(folder.joinpath(name).open("w", encoding="utf-8", newline=""))
            self._writers[name] = csv.writer(handle, lineterminator="\r\n")
            self._writers[name].writerow(header(name))

    def claim(self, dated: DatedClaim) -> None:
        """Write a claim, and its ends where they are new."""
        claim, object_ = dated.claim, dated.claim.object
        subject = self._entity(claim.subject)
        target, end = "claims.csv", object_
        if isinstance(object_, Entity):
            end, id_ = self._entity(object_), object_.id
        else:
            target, id_ = "figure_claims.csv", figure_id(claim)
            self.write("figures.csv", [id_], figure_properties(object_), FIGURE, f"claim {claim.id}")
        properties = edge_properties(dated) | renamed_ends(claim, subject, end)
        places = [claim.subject.id, id_]
        self.write(target, places, properties, edge_type(claim.relation), f"claim {claim.id}")

    def _entity(self, entity: Entity) -> Entity:
        known, is_new = self._nodes.known(entity)
        if is_new:
            self.write("entities.csv", [entity.id], node_properties(entity), entity.type, f"entity {entity.id!r}")
        return known

    def write(self, file: str, ids: list[str], properties: Mapping[str, Property], last: str, owner: str) -> None:
        """Write a row: its ids, its properties in the order of the header, and its label or type."""
        written = {name: _cell(value) for name, value in properties.items()}
        changed = sorted(name for name, cell in written.items() if cell != _cell(properties[name], to_letter=True))
        plain_ids = [escaped_id(id_, _FORBIDDEN) for id_ in ids]
        # A relationship names its ends as their own rows do.
        if len(ids) == 1 and plain_ids != ids:
            changed.insert(0, "id")
        for name in changed:
            self._notes.changed(f"the {name} of {owner}")
        kinds = FILES[file][1]
        names = node_kinds() if kinds is None else kinds
        cells = [written.get(name, "") for name in names]
        self._writers[file].writerow([*plain_ids, *cells, " ".join(changed), last])


def _cell(value: Property, *, to_letter: bool = False) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return value if to_letter else escaped(value, _FORBIDDEN)
        case tuple():
            return ARRAYS.join(value if to_letter else all_escaped(value, _FORBIDDEN))
    return repr(value)
