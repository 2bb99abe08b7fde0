"""Files of many documents in a build: each document in their place, listed where reading can be killed."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kg import documents
from kg.errors import KgError
from kg.pipeline.report import BuildOptions, BuildReport
from kg.pipeline.workers import Runner

__all__ = ["Addresses", "Unpacker", "expected_documents"]

_TYPICAL = 8192
"""Bytes of a document in a file of many, its markup included and perhaps compressed."""
_SCHEME = re.compile(r"^https?://(?:www\.)?", re.IGNORECASE)


@dataclass(slots=True)
class Addresses:
    """The addresses that lists in a build hold, and those of the pages that it came upon."""

    listed: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)

    def see(self, url: str | None) -> None:
        """Take note of a page at hand."""
        if url:
            self.seen.add(_key(url))

    def not_at_hand(self) -> int:
        """Return how many of the addresses are of no page at hand."""
        return len(self.listed - self.seen)


@dataclass(slots=True)
class Unpacker:
    """Puts the documents of a file in its place, and what else is in it into the report."""

    options: BuildOptions
    report: BuildReport
    runner: Runner
    fail: Callable[[str, KgError], None]
    seconds: Callable[[documents.ListingTask], float]
    addresses: Addresses = field(default_factory=Addresses)

    def unpacked(
        self, sources: Iterable[documents.Source | documents.SkippedSource]
    ) -> Iterator[documents.Source | documents.SkippedSource]:
        """Yield each source, and in place of a file that holds many documents each of them."""
        for source in sources:
            if isinstance(source, documents.SkippedSource) or not documents.is_container(source):
                yield source
            else:
                yield from self._members(source)

    def _members(self, source: documents.Source) -> Iterator[documents.Source | documents.SkippedSource]:
        self.report.found -= 1  # it was counted as if it were one document
        for listing in self._listings(source):
            self.report.found += len(listing.sources)
            self.report.passed_over += listing.passed_over
            self._take(listing.addresses)
            for member in listing.sources:
                # What a container calls as itself is one document after all.
                if member == source:
                    yield source
                else:
                    yield from self.unpacked([member])

    def _listings(self, source: documents.Source) -> Iterator[documents.Listing]:
        """Yield what is in a container, some at a time; a question on it goes to a person, once."""
        task: documents.ListingTask | None = documents.ListingTask(source)
        while task is not None:
            [(_, listing)] = self.runner.map(documents.list_members, [task], self.seconds)
            if isinstance(listing, KgError):
                self.report.found += 1
                self.fail(source.name, listing)
                return
            if listing.question is not None:
                if self.options.columns is None:
                    yield documents.Listing((_unanswered(source, listing.question),))
                    return
                documents.keep_columns(Path(source.path), self.options.columns(source, listing.question))
                continue
            yield listing
            task = documents.ListingTask(source, listing.rest) if listing.rest is not None else None

    def _take(self, addresses: Iterable[str]) -> None:
        self.addresses.listed.update(map(_key, addresses))
        self.report.addresses = len(self.addresses.listed)


def expected_documents(sources: Iterable[documents.Source | documents.SkippedSource]) -> int:
    """Return how many documents there may be, by the sizes of files that hold many."""
    return sum(_expected(source) for source in sources)


def _expected(source: documents.Source | documents.SkippedSource) -> int:
    if isinstance(source, documents.SkippedSource) or not documents.is_container(source):
        return 1
    path = Path(source.path)
    return max(1, path.stat().st_size // _TYPICAL) if path.is_file() else 1


def _unanswered(source: documents.Source, question: documents.ColumnQuestion) -> documents.SkippedSource:
    head, file = question.long[0], f"{source.path}{documents.COLUMNS}"
    return documents.SkippedSource(
        source.name,
        f"its column '{head}' holds long texts: write text = \"{head}\" into {file} to have each row read as an "
        'article, or text = "" to have the sheet read as a table',
    )


def _key(url: str) -> str:
    """Return what two addresses of one page have in common."""
    return _SCHEME.sub("", url).partition("#")[0].rstrip("/")
