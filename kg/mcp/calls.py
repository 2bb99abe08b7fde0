"""What a worker process is asked by an assistant: a tool to be called, a resource to be read."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kg.mcp.answer import MAX_BYTES, answer_of, page_at
from kg.mcp.fitting import wire_size
from kg.mcp.resources import read_resource
from kg.mcp.tools import find_tool, handler_of, values_of
from kg.store import Store

__all__ = ["CallTool", "JudgeClaim", "ReadResource"]

_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class CallTool:
    """A tool that reads, with its arguments as they came, asked of the graph as of a commit."""

    name: str
    arguments: Mapping[str, Any]
    commit: int = 0

    def answer(self, store: Store, buffer: io.RawIOBase) -> str:
        """Write the answer: ``structured`` and ``text``; raise `KgError` where there is none."""
        buffer.write(json.dumps(self.result(store)).encode())
        return _JSON

    def result(self, store: Store) -> Mapping[str, Any]:
        """Return the answer, which is never larger than `MAX_BYTES`."""
        from kg.graph import Graph

        tool = find_tool(self.name)
        values = values_of(tool, self.arguments)
        page = page_at(values.get("cursor"), values.get("limit", 20), self.commit)
        answer = answer_of(handler_of(tool)(Graph(store), values), page)
        size = wire_size(answer)
        if size > MAX_BYTES:
            raise AssertionError(f"an answer of '{self.name}' takes {size} bytes")
        return answer


@dataclass(frozen=True, slots=True)
class ReadResource:
    """A resource by its address: see `kg.mcp.resources`."""

    uri: str

    def answer(self, store: Store, buffer: io.RawIOBase) -> str:
        """Write the resource as text, and return its media type; raise `KgError` where there is none."""
        text, media_type = read_resource(store, self.uri)
        buffer.write(text.encode())
        return media_type


@dataclass(frozen=True, slots=True)
class JudgeClaim:
    """A verdict on a claim by the person for whom an assistant works, as `kg judge` takes it."""

    author: str
    arguments: Mapping[str, Any]

    def apply(self, store: Store) -> Mapping[str, Any]:
        """Judge, and return what that changed; raise `KgError` where the text does not bear it out."""
        from kg.graph import Graph
        from kg.mcp.rows import entity_row
        from kg.mcp.tools import JUDGE
        from kg.query.review import find_claim

        values = values_of(JUDGE, self.arguments)
        claim = find_claim(store, values["claim"])
        names = ("subject", "relation", "object", "modality")
        changes: dict[str, Any] = {name: str(values[name]) for name in names if values.get(name) is not None}
        changes |= {name: str(value) for name, value in values.get("terms", {}).items()}
        done = Graph(store).judge(
            claim, values["verdict"], author=self.author, part=values.get("part"), tool="assistant", **changes
        )
        told = {"claim": claim.id, "verdict": values["verdict"], "subject": entity_row(claim.subject)["name"]}
        return told | {"claims_added": done.claims, "claims_withdrawn": done.retracted}
