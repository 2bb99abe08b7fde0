"""What kg is to watch: sources, addresses and interests, as CONFIG says."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

__all__ = ["FORMATS", "Address", "Config", "Interest", "NewsKind", "WatchedPath"]

FORMATS: Mapping[str, str] = {"atom": ".atom", "html": ".html", "jsonl": ".jsonl", "markdown": ".md"}
"""The forms of a digest, and what their files' names end in."""


class NewsKind(StrEnum):
    """What a line of a digest tells; the order is that of the pages."""

    CONTRADICTED = "contradicted"
    """A source denies what another says, or says otherwise of the same time."""
    NEW = "new"
    DENIED = "denied"
    """A source denies what nobody has said."""
    CHANGED = "changed"
    """Other terms, another modality, or a later figure."""
    ENDED = "ended"
    CONFIRMED = "confirmed"
    """A second independent source says the same."""
    WITHDRAWN = "withdrawn"
    """What said so is no longer in the graph."""
    COPY = "copy"
    """A document that repeats another one, almost to the letter."""


@dataclass(frozen=True, slots=True)
class WatchedPath:
    """A folder or file that is read when it changes, with what is said of its documents."""

    path: Path
    lang: str | None = None
    tier: str | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """A feed or a page of the web, which is fetched on demand, at most once in `every` seconds.

    Of a feed, `pages` says to fetch the pages that its entries link to as well.
    """

    url: str
    is_feed: bool = False
    pages: bool = False
    every: int = 3600
    lang: str | None = None
    tier: str | None = None


@dataclass(frozen=True, slots=True)
class Interest:
    """A company, a relation, or a relation of a company, of which a digest is written; `kinds` are told."""

    name: str
    company: str | None = None
    relation: str | None = None
    kinds: tuple[NewsKind, ...] = tuple(NewsKind)

    @property
    def file(self) -> str:
        """The name of its files, without an ending: ASCII letters, digits and hyphens.

        >>> Interest("Crédit agricole & Cie").file
        'credit-agricole-cie'

        """
        ascii_ = unicodedata.normalize("NFKD", self.name).encode("ascii", "ignore").decode().lower()
        return re.sub(r"[^a-z0-9]+", "-", ascii_).strip("-")

    @property
    def asks(self) -> tuple[str | None, str | None]:
        """What it asks for: where that changes, its digest begins anew."""
        return self.company, self.relation


@dataclass(frozen=True, slots=True)
class Config:
    """All that CONFIG says; paths are as the program can open them.

    `lines` are shown on a page, `keep` in a feed. `every` is the pause between two rounds, in seconds.
    """

    paths: tuple[WatchedPath, ...]
    addresses: tuple[Address, ...]
    interests: tuple[Interest, ...]
    digests: Path
    fetched: Path
    store: str | None = None
    lang: str = "en"
    formats: tuple[str, ...] = tuple(FORMATS)
    lines: int = 50
    keep: int = 500
    every: int = 300
    where: Path = field(default=Path(), compare=False)

    def overlapping(self, store: str) -> tuple[str, ...]:
        """Return a line for each path that holds, or lies in, what kg writes: it would read its own words as a source.

        `store` is the path of the graph; an endpoint lies in no folder. Hidden folders are not read.
        """
        written = {"digests": self.digests, "fetched": self.fetched} | (
            {} if "://" in store else {"store": Path(store)}
        )
        return tuple(
            f"{self.where}: source[{number}].path {source.path} and {name} {folder} hold one another: "
            "kg would read what it writes; name folders of which none is in the other"
            for number, source in enumerate(self.paths, 1)
            for name, folder in written.items()
            if _is_read_in(source.path, folder) or _is_read_in(folder, source.path)
        )

    def missing(self) -> tuple[str, ...]:
        """Return a line for each path that is not there."""
        return tuple(
            f"{self.where}: source[{number}].path {source.path} is not there: correct the path, or make it"
            for number, source in enumerate(self.paths, 1)
            if not source.path.exists()
        )


def _is_read_in(folder: Path, path: Path) -> bool:
    """Whether a path is a folder, or lies in it and is not hidden there."""
    try:
        below = path.resolve().relative_to(folder.resolve())
    except ValueError:
        return False
    return not any(part.startswith(".") for part in below.parts)
