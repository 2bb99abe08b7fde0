"""The build: find the sources, have them parsed, leave out what is known, have the rest read, commit."""

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from kg import documents
from kg.errors import InvalidRecord, KgError, MissingExtra, OntologyError, ReadingFailed
from kg.model import Document
from kg.pipeline.document_steps import ParsedDocument, ParseTask, parse, prepare, read
from kg.pipeline.report import BuildOptions, BuildReport, SourceOptions
from kg.pipeline.workers import InProcessRunner, ProcessRunner, Runner, suitable_jobs
from kg.store import DocumentClaims, Store

__all__ = ["build"]

_NOTHING, _HERE = SourceOptions(), BuildOptions()

_BATCH = 16
"""Documents in one commit: what an interruption can cost."""

_PATIENCE, _PACE = 60.0, 4000
"""A document may take so many seconds, and one more for each so many characters: a quarter of the usual pace."""


def build(
    store: Store, paths: Iterable[str], source_options: SourceOptions = _NOTHING, options: BuildOptions = _HERE
) -> BuildReport:
    """Read every source below `paths` into the store; a source that fails is reported, the rest built.

    A document that the store already has, read by the same reader, is left alone. The store ends up
    the same, commit by commit, however many jobs there are. Raises `MissingExtra` where a library is
    not installed, and `StoreError` where the store takes no more; what was committed is kept.
    """
    began = time.monotonic()
    found = list(documents.find(paths))
    report = BuildReport(found=len(found))
    jobs = suitable_jobs(len(found)) if options.jobs is None else options.jobs
    with ProcessRunner(jobs) if jobs else InProcessRunner() as runner:
        _Builder(store, source_options, options, report, runner).build(found)
    for those in (report.skipped, report.failed):
        those.sort(key=lambda one: one.source)
    report.seconds = time.monotonic() - began
    return report


@dataclass(slots=True)
class _Builder:
    store: Store
    source_options: SourceOptions
    options: BuildOptions
    report: BuildReport
    runner: Runner
    taken: set[str] = field(default_factory=set)
    """The ids that this build has given."""

    def build(self, found: Sequence[documents.Source | documents.SkippedSource]) -> None:
        readings = self._read(self._wanted(found))
        while batch := list(islice(readings, _BATCH)):
            self._commit(batch)

    def _wanted(self, found: Iterable[documents.Source | documents.SkippedSource]) -> Iterator[ParsedDocument]:
        """Yield the documents that the store has not, or not as their reader would read them now."""
        for task, parsed in self.runner.map(parse, self._tasks(found), self._seconds, prepare):
            if isinstance(parsed, KgError):
                self._fail(task.source.path, parsed)
                continue
            known = replace(parsed, document=_own_id(self.store, parsed.document, self.taken))
            self.taken.add(known.document.id)
            if self.store.is_current(known.document, known.reader):
                self.report.unchanged += 1
                self._settled()
            else:
                yield known

    def _tasks(self, found: Iterable[documents.Source | documents.SkippedSource]) -> Iterator[ParseTask]:
        for source in found:
            if isinstance(source, documents.SkippedSource):
                self.report.skipped.append(source)
                self._settled()
                continue
            data = None
            if source.path == documents.STDIN:
                data = (self.source_options.stdin or sys.stdin.buffer).read(documents.LIMIT + 1)
            yield ParseTask(source, self.source_options.lang, self.source_options.published, data, self.options.readers)

    def _read(self, wanted: Iterable[ParsedDocument]) -> Iterator[DocumentClaims]:
        """Yield the documents' readings; what else was found in them goes into the report."""
        for parsed, said in self.runner.map(read, wanted, self._seconds, prepare):
            document = parsed.document
            if isinstance(said, KgError):
                self._fail(document.source, said)
                continue
            self.report.dropped += said.dropped
            self.report.refused += len(said.refused)
            if self.options.refusals is not None:
                self.options.refusals(document.id, said.refused)
            self.report.requests += said.usage.requests
            self.report.tokens_in += said.usage.input_tokens
            self.report.tokens_out += said.usage.output_tokens
            self.report.partially_read.extend(
                documents.SkippedSource(document.source, reason) for reason in said.failed
            )
            yield DocumentClaims(document, said.claims, "" if said.failed else parsed.reader)

    def _seconds(self, item: ParseTask | ParsedDocument) -> float:
        length = len(item.document.text) if isinstance(item, ParsedDocument) else 0
        return self.options.limit or _PATIENCE + length / _PACE

    def _commit(self, batch: Sequence[DocumentClaims]) -> None:
        """Commit readings together; where the store refuses one of them, one by one."""
        try:
            committed = self.store.commit(batch)
        except InvalidRecord as error:
            for reading in batch if len(batch) > 1 else ():
                self._commit([reading])
            if len(batch) == 1:
                self._fail(batch[0].document.source, error)
            return
        self.report.retracted += committed.retracted
        self.report.read += len(batch)
        self.report.claims += sum(len(reading.claims) for reading in batch)
        self._settled()

    def _fail(self, source: str, error: KgError) -> None:
        if isinstance(error, MissingExtra | OntologyError):
            raise error
        ours = isinstance(error, ReadingFailed | InvalidRecord)
        (self.report.failed if ours else self.report.skipped).append(documents.SkippedSource(source, str(error)))
        self._settled()

    def _settled(self) -> None:
        if self.options.watch is not None:
            self.options.watch(self.report)


def _own_id(store: Store, document: Document, taken: set[str]) -> Document:
    """Keep two sources of one name apart: the later one takes as much of its path as tells them apart.

    Standard input has no name, so its text gives it one.
    """
    if document.source == documents.STDIN:
        return replace(document, id=f"stdin-{document.sha256[:12]}")
    parts = Path(document.source).absolute().parts[1:]
    for depth in range(len(Path(document.id).parts), len(parts) + 1):
        name = document.id if depth == len(Path(document.id).parts) else "/".join(parts[-depth:])
        if name in taken:
            continue
        if not store.holds(name):
            return replace(document, id=name)
        known = store.document(name)
        if known.text == document.text or _same_place(known.source, document.source):
            return replace(document, id=name)
    return document


def _same_place(one: str, other: str) -> bool:
    return Path(one).absolute() == Path(other).absolute()
