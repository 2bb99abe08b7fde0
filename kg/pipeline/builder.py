"""The build: find the sources, have them parsed, leave out what is known, have the rest read, commit."""

import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from kg import documents
from kg.errors import InvalidRecord, KgError, MissingExtra, MissingReader, OntologyError, ReadingFailed
from kg.model import Document, Outcome
from kg.pipeline.document_steps import ParsedDocument, ParseTask, parse, prepare, read, refusals_of, seconds_for
from kg.pipeline.precision import without_precision
from kg.pipeline.report import BuildOptions, BuildReport, SourceOptions
from kg.pipeline.unpacking import Unpacker, expected_documents
from kg.pipeline.workers import InProcessRunner, ProcessRunner, Runner, suitable_jobs
from kg.store import DocumentClaims, Store, as_read

__all__ = ["build"]

_NOTHING, _HERE = SourceOptions(), BuildOptions()

_BATCH = 16
"""Documents in one commit: what an interruption can cost."""


def build(
    store: Store, paths: Iterable[str], source_options: SourceOptions = _NOTHING, options: BuildOptions = _HERE
) -> BuildReport:
    """Read every source below `paths` into the store; a source that fails is reported, the rest built.

    A document that the store already has, read by the same reader, is left alone; one that it has at another precision
    is sorted anew, out of the store. The store ends up
    the same, commit by commit, however many jobs there are. Raises `MissingExtra` where a library is
    not installed that all documents need, and `StoreError` where the store takes no more; what was committed is kept.
    """
    began = time.monotonic()
    sources = list(documents.find(paths))
    report = BuildReport(found=len(sources))
    jobs = suitable_jobs(expected_documents(sources)) if options.jobs is None else options.jobs
    with ProcessRunner(jobs) if jobs else InProcessRunner() as runner:
        _Builder(store, source_options, options, report, runner).build(sources)
    for skipped in (report.skipped, report.failed):
        skipped.sort(key=lambda source: source.source)
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
    sorted_anew: set[str] = field(default_factory=set)
    """The ids of documents that are sorted, not read."""
    unpacker: Unpacker = field(init=False)

    def __post_init__(self) -> None:
        """Let what unpacks files of many documents work where documents are read."""
        self.unpacker = Unpacker(self.options, self.report, self.runner, self._fail, self._seconds)

    def build(self, sources: Sequence[documents.Source | documents.SkippedSource]) -> None:
        readings = self._read(self._outdated(sources))
        while batch := list(islice(readings, _BATCH)):
            self._commit(batch)
        self.report.not_at_hand = self.unpacker.addresses.not_at_hand()

    def _outdated(self, sources: Iterable[documents.Source | documents.SkippedSource]) -> Iterator[ParsedDocument]:
        """Yield the documents that the store does not hold, or holds as another text or of another reader."""
        for task, parsed in self.runner.map(parse, self._tasks(sources), self._seconds, prepare):
            if isinstance(parsed, KgError):
                self._fail(task.source.name, parsed)
                continue
            self.unpacker.addresses.see(parsed.document.url)
            self.report.notes += [documents.SkippedSource(task.source.name, note) for note in parsed.notes]
            own = _own_id(self.store, parsed.document, task.source, self.taken)
            named = self._with_tier(replace(parsed, document=own))
            self.taken.add(named.document.id)
            if self.store.is_current(named.document, named.reader):
                self.report.unchanged += 1
                self._settled()
                continue
            stored = self._stored(named)
            if stored is not None:
                self.sorted_anew.add(named.document.id)
            yield replace(named, stored=stored)

    def _with_tier(self, parsed: ParsedDocument) -> ParsedDocument:
        """Return a document with the tier that the store has, where nobody says another."""
        id_ = parsed.document.id
        if parsed.document.tier is not None or not self.store.holds(id_):
            return parsed
        if self.store.is_current(parsed.document, parsed.reader):
            return parsed
        return replace(parsed, document=replace(parsed.document, tier=self.store.document(id_).tier))

    def _stored(self, parsed: ParsedDocument) -> DocumentClaims | None:
        """Return what these readers have read in this very document at another precision, where the store has it."""
        if not self.store.holds(parsed.document.id):
            return None
        try:
            reading = as_read(self.store.reading(parsed.document.id))
        except InvalidRecord:
            # Behind an endpoint, a commit that broke off leaves halves of claims; reading again mends them.
            return None
        # Another tier changes nothing of what is read.
        document = replace(parsed.document, tier=reading.document.tier)
        is_same_reader = without_precision(reading.reader) == without_precision(parsed.reader)
        return reading if is_same_reader and self.store.is_current(document, reading.reader) else None

    def _tasks(self, sources: Iterable[documents.Source | documents.SkippedSource]) -> Iterator[ParseTask]:
        for source in self.unpacker.unpacked(sources):
            if isinstance(source, documents.SkippedSource):
                self.report.skipped.append(source)
                self._settled()
                continue
            data = None
            if source.path == documents.STDIN:
                data = (self.source_options.stdin or sys.stdin.buffer).read(documents.LIMIT + 1)
            said, how = self.source_options, self.options
            yield ParseTask(source, said.lang, said.published, data, how.readers, how.precision, said.tier, said.ocr)

    def _read(self, parsed_documents: Iterable[ParsedDocument]) -> Iterator[DocumentClaims]:
        """Yield the claims of each document, and add the rest of the results to the report."""
        for parsed, result in self.runner.map(read, parsed_documents, self._seconds, prepare):
            document = parsed.document
            if isinstance(result, KgError):
                self._fail(document.source, result)
                continue
            self.report.dropped += result.dropped
            self.report.ungrounded += len(result.refused)
            self.report.tables += sum(table.is_read for table in result.tables)
            self.report.unnamed += result.unnamed + sum(table.unnamed for table in result.tables)
            unread = [table for table in result.tables if not table.is_read]
            self.report.unread_tables.extend((document.source, table) for table in unread)
            if self.options.refusals is not None:
                self.options.refusals(document.id, refusals_of(result))
            self.report.requests += result.usage.requests
            self.report.tokens_in += result.usage.input_tokens
            self.report.tokens_out += result.usage.output_tokens
            reasons = [documents.SkippedSource(document.source, reason) for reason in result.failed]
            if reasons and not (result.claims or result.candidates):
                self.report.left.append(reasons[0])
                self._settled()
                continue
            self.report.partially_read.extend(reasons)
            reader = "" if result.failed else parsed.reader
            yield DocumentClaims(document, result.claims, reader, result.candidates)

    def _seconds(self, item: documents.ListingTask | ParseTask | ParsedDocument) -> float:
        return self.options.limit or seconds_for(item)

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
        resorted = sum(reading.document.id in self.sorted_anew for reading in batch)
        self.report.sorted_anew += resorted
        self.report.read += len(batch) - resorted
        outcomes = Counter(claim.outcome for reading in batch for claim in (*reading.claims, *reading.candidates))
        self.report.claims += outcomes[Outcome.ADMITTED]
        self.report.to_review += outcomes[Outcome.TO_REVIEW]
        self.report.refused += outcomes[Outcome.REFUSED]
        self._settled()

    def _fail(self, source: str, error: KgError) -> None:
        if isinstance(error, MissingExtra | OntologyError) and not isinstance(error, MissingReader):
            raise error
        ours = isinstance(error, ReadingFailed | InvalidRecord)
        (self.report.failed if ours else self.report.skipped).append(documents.SkippedSource(source, str(error)))
        self._settled()

    def _settled(self) -> None:
        if self.options.watch is not None:
            self.options.watch(self.report)


def _own_id(store: Store, document: Document, source: documents.Source, taken: set[str]) -> Document:
    """Keep two sources of one name apart: the later one takes as much of its path as tells them apart.

    Standard input has no name, so its text gives it one.
    """
    if document.source == documents.STDIN:
        return replace(document, id=f"stdin-{document.sha256[:12]}")
    parts, member = Path(source.path).absolute().parts[1:], f"#{source.member}" if source.member else ""
    shortest = len(Path(document.id.removesuffix(member)).parts)
    for depth in range(shortest, len(parts) + 1):
        name = document.id if depth == shortest else "/".join(parts[-depth:]) + member
        if name in taken:
            continue
        if not store.holds(name):
            return replace(document, id=name)
        stored = store.document(name)
        if stored.text == document.text or _same_place(stored.source, document.source):
            return replace(document, id=name)
    return document


def _same_place(first: str, second: str) -> bool:
    return Path(first).absolute() == Path(second).absolute()
