"""What a Python worker of Spark does with documents: each is read in a process of its own, as `kg build` does.

The pipelines are loaded once a worker: the process that reads lives as long as Spark's worker does, however many
tasks it is given. A document that crashes it, hangs or takes all memory becomes a reject, and a new process goes on.
"""

import atexit
import pickle
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from kg.errors import KgError, MissingExtra, MissingReader, OntologyError
from kg.pipeline.document_steps import ParsedDocument, ParseTask, ReadResult, parse, prepare, read, seconds_for
from kg.pipeline.workers import ProcessRunner
from kg.spark.records import document_key, reading_row, reject_row, row_schema
from kg.store import DocumentClaims
from kg.store.columns import arrow

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["read_batches"]

_AT_ONCE = 16
"""Rows that are handed on at once."""
_RUNNER: list[ProcessRunner] = []


def read_batches(
    batches: Iterator["pa.RecordBatch"], run: int = 0, limit: float | None = None
) -> Iterator["pa.RecordBatch"]:
    """Yield the rows of documents, of which batches hold the tasks, leaving out those of known keys."""
    told = (row for batch in batches for row in batch.to_pylist())
    try:
        rows = _Task(_runner(), told, run, limit).rows()
        while found := list(islice(rows, _AT_ONCE)):
            yield arrow().RecordBatch.from_pylist(found, row_schema())
    except BaseException:
        # What waits in the runner would answer the next task.
        _close()
        raise


@dataclass(slots=True)
class _Task:
    """Some documents, and what became of them."""

    runner: ProcessRunner
    told: Iterator[dict[str, Any]]
    run: int
    limit: float | None
    known: dict[str, set[str | None]] = field(default_factory=dict)
    rejects: list[dict[str, Any]] = field(default_factory=list)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield a row for each document that is not known so already, or for why there is none."""
        for parsed, result in self.runner.map(read, self._outdated(), self._seconds, prepare):
            if isinstance(result, KgError):
                self._fail(parsed.document.id, parsed.document.source, "read", result)
            else:
                yield from self._reading(parsed, result)
            while self.rejects:
                yield self.rejects.pop()
        yield from self.rejects

    def _tasks(self) -> Iterator[ParseTask]:
        for row in self.told:
            task: ParseTask = pickle.loads(row["task"])  # noqa: S301 - this job made it
            self.known[task.source.id] = {row["known"], row["known_reject"]}
            yield task

    def _outdated(self) -> Iterator[ParsedDocument]:
        for task, parsed in self.runner.map(parse, self._tasks(), self._seconds, prepare):
            if isinstance(parsed, KgError):
                self._fail(task.source.id, task.source.name, "parse", parsed)
            elif document_key(parsed.document, parsed.reader) not in self.known[parsed.document.id]:
                yield parsed

    def _reading(self, parsed: ParsedDocument, result: ReadResult) -> Iterator[dict[str, Any]]:
        document = parsed.document
        for reason in result.failed:
            self._reject(document.id, document.source, "read", reason)
        if result.claims or result.candidates or not result.failed:
            # What some readers could not read counts as no reader's: the next run reads it again.
            by = "" if result.failed else parsed.reader
            reading = DocumentClaims(document, result.claims, by, result.candidates)
            yield reading_row(reading, document_key(document, by), self.run)

    def _fail(self, id_: str, source: str, what: str, error: KgError) -> None:
        # A library that lacks lacks for all documents: the job fails, as a build does.
        if isinstance(error, MissingExtra | OntologyError) and not isinstance(error, MissingReader):
            raise error
        self._reject(id_, source, what, str(error))

    def _reject(self, id_: str, source: str, what: str, why: str) -> None:
        row = reject_row(source, what, why, self.run)
        self.rejects.extend([] if row["key"] in self.known[id_] else [row])

    def _seconds(self, item: ParseTask | ParsedDocument) -> float:
        return self.limit or seconds_for(item)


def _runner() -> ProcessRunner:
    """Return what runs the process that reads: one as long as this worker lives."""
    if not _RUNNER:
        runner = ProcessRunner(1)
        _RUNNER.append(runner.__enter__())
        atexit.register(_close)
    return _RUNNER[0]


def _close() -> None:
    while _RUNNER:
        _RUNNER.pop().__exit__(None, None, None)
