"""Changes that come over HTTP: each in a process of its own, which has the store for as long as it takes."""

import asyncio
import datetime as dt
import json
import multiprocessing
import os
import signal
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol

import pyoxigraph as ox

from kg.errors import DocumentError, KgError, NotAStore, QueryError, StoreFull, StoreInUse, UnknownDocument
from kg.server.negotiation import GRAPHS
from kg.server.sandbox import enter_sandbox
from kg.server.worker import Answer, ErrorResponse
from kg.server.worker_pool import Worker
from kg.store import Scope, Store, open_store

__all__ = ["Change", "DeleteDocument", "PutDocument", "PutGraph", "Update", "Writer"]

_SECONDS = 300.0
_MEMORY = 4 << 30
_STATUS: tuple[tuple[type[KgError], int], ...] = (
    (UnknownDocument, 404),
    (QueryError, 400),
    (DocumentError, 422),
    (StoreInUse, 503),
    (StoreFull, 507),
    (NotAStore, 500),
)


class Change(Protocol):
    """Something to be done to a store, which travels to another process."""

    def carry_out(self, store: Store) -> Mapping[str, Any]:
        """Do it, and return what came of it; raise `KgError` where it cannot be done."""


@dataclass(frozen=True, slots=True)
class Update:
    """An update of own graphs, its patterns over the graphs of a scope."""

    sparql: str
    scope: Scope

    def carry_out(self, store: Store) -> Mapping[str, Any]:
        """Change the graphs."""
        done = store.update(self.sparql, scope=self.scope)
        return {"added": done.added, "removed": done.removed}


@dataclass(frozen=True, slots=True)
class PutGraph:
    """What an own graph is to hold, in a media type of `GRAPHS`; with `more`, beside what it holds."""

    graph: str
    content: bytes = b""
    media: str = "application/n-triples"
    more: bool = False

    def carry_out(self, store: Store) -> Mapping[str, Any]:
        """Put it, in place of what the graph holds."""
        try:
            said = [quad.triple for quad in ox.parse(self.content, format=GRAPHS[self.media], base_iri=self.graph)]
        except (SyntaxError, ValueError) as error:
            raise QueryError(f"the graph cannot be parsed: {' '.join(str(error).split())}") from error
        if self.more:
            said += [quad.triple for quad in store.quads(self.graph)]
        done = store.replace_graph(self.graph, said)
        return {"added": done.added, "removed": done.removed}


@dataclass(frozen=True, slots=True)
class PutDocument:
    """An article, to be read under a name."""

    name: str
    content: bytes
    media: str | None
    lang: str | None = None
    date: str | None = None

    def carry_out(self, store: Store) -> Mapping[str, Any]:
        """Read it, in place of what the store has under the name."""
        from kg import documents
        from kg.pipeline import read_document

        today = dt.datetime.now(dt.UTC).date()
        known = documents.checked(documents.Metadata(lang=self.lang, published=self.date), "what was given", today)
        source = documents.Source(self.name, self.name)
        document = documents.parse(self.content, source, media_type=self.media, known=known, today=today)
        reading, _ = read_document(document)
        done = store.commit([reading])
        return {"document": document.id, "lang": document.lang, "claims": len(reading.claims), "new": done.claims}


@dataclass(frozen=True, slots=True)
class DeleteDocument:
    """A document to be withdrawn."""

    name: str

    def carry_out(self, store: Store) -> Mapping[str, Any]:
        """Withdraw it, and its claims."""
        return {"retracted": store.forget(self.name).retracted}


class Writer:
    """Carries out changes of the store in `folder`, one after the other."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._one = asyncio.Lock()
        self._starter = ThreadPoolExecutor(1, "kg-writer")

    async def write(self, change: Change) -> Answer | ErrorResponse:
        """Carry out a change; the answer is JSON."""
        async with self._one:
            loop = asyncio.get_running_loop()
            worker = await loop.run_in_executor(self._starter, self._started, change)
            try:
                async with asyncio.timeout(_SECONDS):
                    found: Answer | ErrorResponse = await worker.said()
                    return found
            except TimeoutError:
                return ErrorResponse(503, f"the change took longer than the {_SECONDS:g} s that it may: divide it")
            except EOFError:
                return ErrorResponse(
                    503, "the process that made the change ended before it was done: divide the change"
                )
            finally:
                worker.kill()
                await loop.run_in_executor(None, worker.ended)

    def _started(self, change: Change) -> Worker:
        context = multiprocessing.get_context("forkserver")
        ours, theirs = context.Pipe()
        process = context.Process(target=_carry_out, args=(theirs, self._folder, change), daemon=True)
        try:
            process.start()
        finally:
            theirs.close()
        return Worker(process, ours)


def _carry_out(connection: Connection, folder: Path, change: Change) -> None:
    os.setpgid(0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    enter_sandbox(_MEMORY)
    try:
        with open_store(folder, write=True, create=False) as store:
            said = change.carry_out(store)
        connection.send(Answer(json.dumps(said).encode(), "application/json"))
    except KgError as error:
        line = " ".join(str(error).split())
        connection.send(ErrorResponse(next((s for kind, s in _STATUS if isinstance(error, kind)), 500), line))
    except Exception as error:  # noqa: BLE001 - a defect of ours is told in one line, too
        connection.send(ErrorResponse(500, f"this is a defect of kg ({type(error).__name__}): please report it"))
