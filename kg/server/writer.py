"""Changes that come over HTTP: each in a process of its own, which has the store locked for as long as it takes."""

import asyncio
import datetime as dt
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol

import pyoxigraph as ox

from kg.errors import (
    DocumentError,
    InvalidRecord,
    KgError,
    NotAStore,
    OntologyError,
    QueryError,
    StoreFull,
    StoreInUse,
    UnknownDocument,
)
from kg.processes import WorkerProcess
from kg.server.negotiation import GRAPHS
from kg.server.review_changes import NotYours, Stale
from kg.server.sandbox import enter_sandbox
from kg.server.worker import Answer, ErrorResponse, error_response
from kg.store import Scope, Store, open_store

__all__ = ["Change", "DeleteDocument", "PutDocument", "PutGraph", "Update", "Writer"]

_SECONDS = 300.0
_MEMORY = 4 << 30
_STATUS: tuple[tuple[type[KgError], int], ...] = (
    (UnknownDocument, 404),
    (QueryError, 400),
    (DocumentError, 422),
    (InvalidRecord, 422),
    (OntologyError, 422),
    (NotYours, 403),
    (StoreInUse, 503),
    (StoreFull, 507),
    (NotAStore, 500),
)


class Change(Protocol):
    """A change of a store; it is pickled and sent to another process."""

    def apply(self, store: Store) -> Mapping[str, Any]:
        """Make the change, and return its result as JSON has it; raise `KgError` where it cannot be made."""


@dataclass(frozen=True, slots=True)
class Update:
    """A SPARQL update of user graphs, its patterns over the graphs of a scope."""

    sparql: str
    scope: Scope

    def apply(self, store: Store) -> Mapping[str, Any]:
        """Change the graphs."""
        result = store.update(self.sparql, scope=self.scope)
        return {"added": result.added, "removed": result.removed}


@dataclass(frozen=True, slots=True)
class PutGraph:
    """New content of a user graph, in a media type of `GRAPHS`; `append` keeps what the graph holds."""

    graph: str
    content: bytes = b""
    media_type: str = "application/n-triples"
    append: bool = False

    def apply(self, store: Store) -> Mapping[str, Any]:
        """Store the triples."""
        form = GRAPHS[self.media_type]
        try:
            triples = [quad.triple for quad in ox.parse(self.content, format=form, base_iri=self.graph)]
        except (SyntaxError, ValueError) as error:
            raise QueryError(f"the graph cannot be parsed: {' '.join(str(error).split())}") from error
        if self.append:
            triples += [quad.triple for quad in store.quads(self.graph)]
        result = store.replace_graph(self.graph, triples)
        return {"added": result.added, "removed": result.removed}


@dataclass(frozen=True, slots=True)
class PutDocument:
    """An article to be read, and stored under a name."""

    name: str
    content: bytes
    media_type: str | None
    lang: str | None = None
    date: str | None = None

    def apply(self, store: Store) -> Mapping[str, Any]:
        """Read the article; it replaces the document of that name."""
        from kg import documents
        from kg.pipeline import read_document

        today = dt.datetime.now(dt.UTC).date()
        metadata = documents.checked(documents.Metadata(lang=self.lang, published=self.date), "what was given", today)
        source = documents.Source(self.name, self.name)
        document = documents.parse(self.content, source, media_type=self.media_type, known=metadata, today=today)
        reading, _ = read_document(document)
        result = store.commit([reading])
        return {"document": document.id, "lang": document.lang, "claims": len(reading.claims), "new": result.claims}


@dataclass(frozen=True, slots=True)
class DeleteDocument:
    """A document to be removed."""

    name: str

    def apply(self, store: Store) -> Mapping[str, Any]:
        """Remove the document and its claims."""
        return {"retracted": store.forget(self.name).retracted}


class Writer:
    """Makes changes to the store in `folder`, one after the other."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = asyncio.Lock()
        self._executor = ThreadPoolExecutor(1, "kg-start-writer")

    async def write(self, change: Change) -> Answer | ErrorResponse:
        """Make a change; the answer is JSON."""
        async with self._lock:
            loop = asyncio.get_running_loop()
            process = await loop.run_in_executor(self._executor, self._start, change)
            try:
                async with asyncio.timeout(_SECONDS):
                    response: Answer | ErrorResponse = await process.receive_async()
                    return response
            except TimeoutError:
                return ErrorResponse(503, f"the change took longer than the {_SECONDS:g} s that it may: split it")
            except EOFError:
                return ErrorResponse(503, "the process that made the change ended too early: split the change")
            finally:
                process.kill()
                await loop.run_in_executor(None, process.join)

    def _start(self, change: Change) -> WorkerProcess:
        return WorkerProcess.start(_apply, self._folder, change, own_group=True)


def _apply(connection: Connection, folder: Path, change: Change) -> None:
    enter_sandbox(_MEMORY)
    try:
        with open_store(folder, write=True, create=False) as store:
            result = change.apply(store)
        connection.send(Answer(json.dumps(result, ensure_ascii=False).encode(), "application/json"))
    except Stale as error:
        connection.send(ErrorResponse(409, " ".join(str(error).split()), error.now))
    except Exception as error:  # noqa: BLE001 - a defect of kg is reported in one line, too
        connection.send(error_response(error, _STATUS))
