"""What the readers of GLEIF's formats give, and what their records are understood as."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kg.importers.gleif.tree import Tree
from kg.model import Entity, Modality, Qualifiers
from kg.places import PlaceKind
from kg.resolve import RegisterRecord, register_entity

__all__ = ["REGISTER", "Header", "Kind", "RawRecord", "Tie", "Understood", "kind_of", "known_by_lei"]

REGISTER = "gleif"


class Kind(StrEnum):
    """What a record is of; its value is how its document is called: "gleif/lei/…"."""

    ENTITY = "lei"
    """Level 1: who is who (LEI-CDF)."""
    RELATIONSHIP = "rr"
    """Level 2: who consolidates whom (RR-CDF)."""
    EXCEPTION = "repex"
    """Level 2: why no parent is reported (Reporting Exceptions)."""


@dataclass(slots=True)
class Header:
    """What a file says of itself, as far as it has been read; `fields` are those of its own header."""

    fields: dict[str, str] = field(default_factory=dict)

    @property
    def records(self) -> int | None:
        """The number of records that the file says it has."""
        count = self.fields.get("RecordCount", "")
        return int(count) if count.isdecimal() and len(count) < 19 else None  # noqa: PLR2004 - the digits of a 64-bit number

    @property
    def is_delta(self) -> bool:
        """Whether the file says that it has changes alone."""
        return "_DELTA_" in self.fields.get("FileContent", "")


@dataclass(frozen=True, slots=True)
class RawRecord:
    """A record as it stands in a file: its number from 1, its text, and the tree that it is.

    `start` is where the record's own text begins, behind what is put before it so that it can be read (the header of a
    CSV file). `place` says where it stands, `line` on which line where that is told. `wrong` is why it is no record.
    """

    number: int
    text: str
    tree: Tree
    place: tuple[PlaceKind, str] | None = None
    line: int | None = None
    start: int = 0
    wrong: str | None = None


@dataclass(frozen=True, slots=True)
class Tie:
    """A claim without its evidence."""

    subject: Entity
    relation: str
    object: Entity
    modality: Modality
    qualifiers: Qualifiers


@dataclass(frozen=True, slots=True)
class Understood:
    """What a record says.

    `key` names it among those of its kind. `published` is when it was last changed in the register. `left_out` tells
    what it is where nothing of it is taken, and `is_kept` whether it still stands in the place of what an earlier file
    said under its key.
    """

    key: str
    published: str | None = None
    title: str | None = None
    records: tuple[RegisterRecord, ...] = ()
    ties: tuple[Tie, ...] = ()
    left_out: str | None = None
    is_kept: bool = True


def kind_of(tree: Mapping[str, object]) -> Kind:
    """Return what a record is of, by the fields that it has."""
    if "Relationship" in tree:
        return Kind.RELATIONSHIP
    return Kind.EXCEPTION if "ExceptionCategory" in tree else Kind.ENTITY


def known_by_lei(lei: str) -> Entity:
    """Return an entity of which a record gives the LEI and no name: it is called by it until another record names it.

    It is a company, as every entity with an LEI is here: level 2 does not say what it is, and one LEI is one entity.

    >>> known_by_lei("969500T3MBS4SQAMHJ45").id
    'company/lei-969500t3mbs4sqamhj45'

    """
    return register_entity(lei, "Company", REGISTER, lei, identifiers=[("lei", lei)])
