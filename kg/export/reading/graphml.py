"""The claims of a GraphML file that kg wrote, or that networkx or Gephi wrote again."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kg.errors import DocumentError, InvalidRecord
from kg.export.escapes import ESCAPED, unescaped
from kg.export.properties import EDGE, Kind, claim_of, entity_of, node_kinds, parsed
from kg.export.reading.contract import check_format
from kg.importers.contract import RecordReject
from kg.importers.xml_elements import XmlElement, xml_records
from kg.model import Claim, Document, Entity

__all__ = ["GraphmlFile"]


class GraphmlFile:
    """A file of GraphML: see `kg.export.reading.contract`. Properties that others added to it are counted."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._keys: dict[str, tuple[str, str]] = {}
        self._nodes: dict[str, Entity] = {}
        self._others: dict[str, None] = {}

    def document(self, _id: str) -> Document | None:
        """Return None: the file tells nothing of documents but their names."""
        return None

    def notes(self) -> Iterator[str]:
        """Yield the properties that others added."""
        if self._others:
            yield f"of {self._path.name} these properties are not kg's, and left out: {', '.join(self._others)}"

    def claims(self) -> Iterator[Claim | RecordReject]:
        """Yield the claims that the edges are."""
        form: str | None = None
        is_checked, row = False, 0
        with self._path.open("rb") as stream:
            for record in xml_records(stream, ("key", "data", "node", "edge"), self._path):
                element = record.root
                if element.name == "key":
                    of, name = element.attributes.get("for", ""), element.attributes.get("attr.name", "")
                    self._keys[element.attributes.get("id", "")] = of, name
                    continue
                if element.name == "data":
                    if self._keys.get(element.attributes.get("key", "")) == ("graph", "format"):
                        form = element.text
                    continue
                if not is_checked:
                    check_format(self._path, form, "GraphML")
                    is_checked = True
                row += element.name == "edge"
                try:
                    if element.name == "node":
                        self._take_node(element)
                    else:
                        yield self._claim(element)
                except InvalidRecord as error:
                    if element.name == "node":
                        raise DocumentError(f"{self._path}, line {record.line}: {error}") from error
                    yield RecordReject(row, record.line, "edge", element.attributes.get("id", ""), f"– {error}")
        if not is_checked:
            check_format(self._path, form, "XML")

    def _take_node(self, element: XmlElement) -> None:
        written = element.attributes.get("id", "")
        properties = self._properties(element, node_kinds(), {"id": written})
        self._nodes[written] = entity_of(str(properties.pop("id")), properties)

    def _claim(self, element: XmlElement) -> Claim:
        ends = [self._nodes.get(element.attributes.get(name, "")) for name in ("source", "target")]
        if ends[0] is None or ends[1] is None:
            raise InvalidRecord("it goes from or to a node that is not there")
        return claim_of(self._properties(element, EDGE, {}), ends[0], ends[1])

    def _properties(self, element: XmlElement, kinds: Mapping[str, Kind], texts: dict[str, str]) -> dict[str, Any]:
        """Return what a node or an edge has, each as what it is."""
        for data in element.children:
            if data.name != "data":
                continue
            _, name = self._keys.get(data.attributes.get("key", ""), ("", ""))
            if name in kinds or name == ESCAPED:
                texts[name] = data.text
            else:
                self._others[name or data.attributes.get("key", "")] = None
        return {
            name: text if name == "id" else parsed(name, kinds[name], text) for name, text in unescaped(texts).items()
        }
