"""The stages composed: sources → documents → claims → entities → store."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from kg import documents, extract
from kg.errors import DocumentError, UnknownDocument
from kg.model import Document
from kg.resolve import Resolver
from kg.store import Reading, Store

__all__ = ["Build", "Given", "build", "read_document"]

_BATCH = 16
"""Documents in one commit: what an interruption can cost."""


@dataclass(slots=True)
class Build:
    """What a build did: documents read and found unchanged, claims kept, withdrawn and refused.

    `rejected` holds each source that could not be read, with the reason; `dropped` counts lines
    left out as furniture or headings, `refused` the proposals that the grounding gate turned down.
    """

    read: int = 0
    unchanged: int = 0
    claims: int = 0
    retracted: int = 0
    dropped: int = 0
    refused: int = 0
    rejected: list[documents.Rejected] = field(default_factory=list)


def read_document(document: Document) -> tuple[Reading, extract.Extraction]:
    """Read one document's claims, entities resolved."""
    resolver = Resolver()
    extraction = extract.read(document, resolver.kind)
    claims = resolver.resolve(extraction.claims)
    return Reading(document, claims, extract.fingerprint(document.lang)), extraction


@dataclass(frozen=True, slots=True)
class Given:
    """What the user says of the sources: their language and publication date, and what standard input is."""

    lang: str | None = None
    published: str | None = None
    stdin: BinaryIO | None = None


def build(store: Store, paths: Iterable[str], given: Given = Given()) -> Build:
    """Read every source below `paths` into the store; a source that fails is reported, the rest built.

    A document that the store already has, read by the same reader, is left alone.
    """
    report = Build()
    stream = _readings(store, paths, given, report)
    while batch := list(islice(stream, _BATCH)):
        committed = store.commit(batch)
        report.retracted += committed.retracted
    return report


def _readings(store: Store, paths: Iterable[str], given: Given, report: Build) -> Iterator[Reading]:
    for source in documents.find(paths):
        if isinstance(source, documents.Rejected):
            report.rejected.append(source)
            continue
        try:
            document = documents.read(source, lang=given.lang, published=given.published, stdin=given.stdin)
        except DocumentError as error:
            report.rejected.append(documents.Rejected(source.path, str(error)))
            continue
        reading = _reading(store, _own_id(store, document), report)
        if reading is not None:
            yield reading


def _reading(store: Store, document: Document, report: Build) -> Reading | None:
    if store.is_current(document, extract.fingerprint(document.lang)):
        report.unchanged += 1
        return None
    reading, extraction = read_document(document)
    report.read += 1
    report.claims += len(reading.claims)
    report.dropped += len(extraction.dropped)
    report.refused += len(extraction.refused)
    return reading


def _own_id(store: Store, document: Document) -> Document:
    """Keep two sources of one name apart: the later one takes as much of its path as tells them apart.

    Standard input has no name, so its text gives it one.
    """
    if document.source == documents.STDIN:
        return replace(document, id=f"stdin-{document.sha256[:12]}")
    parts = Path(document.source).absolute().parts[1:]
    for depth in range(len(Path(document.id).parts), len(parts) + 1):
        name = document.id if depth == len(Path(document.id).parts) else "/".join(parts[-depth:])
        try:
            known = store.document(name)
        except UnknownDocument:
            return replace(document, id=name)
        if known.text == document.text or _same_place(known.source, document.source):
            return replace(document, id=name)
    return document


def _same_place(one: str, other: str) -> bool:
    return Path(one).absolute() == Path(other).absolute()
