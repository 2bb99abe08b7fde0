"""What is compared: gold, read and checked, and claims as far as they are scored."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.evaluation.matching import Key, Value

__all__ = ["Expected", "Gold", "GoldEdge", "ScoredClaim", "Span", "Trap"]


@dataclass(frozen=True, slots=True)
class Expected:
    """A relation that gold has. `statuses` are all that are right, `status` the first of them.

    `core` must be found; any other is right where it is said, and need not be. `start` is the
    quote's place in the text, in characters.
    """

    id: str
    key: Key
    status: str
    statuses: tuple[str, ...]
    core: bool
    qualifiers: Mapping[str, Value]
    quote: str
    start: int


@dataclass(frozen=True, slots=True)
class GoldEdge:
    """A relation that a trap forbids; with `modalities` or `qualifiers`, only where it is said so.

    An end or the relation may be "*": any.
    """

    key: Key
    modalities: frozenset[str] | None
    qualifiers: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Trap:
    """A reading that must not appear: its edges or, with None, whatever gold does not have at its quote.

    `start` is the quote's place in the text, below 0 where it is not there.
    """

    must_not: str
    quote: str
    start: int
    edges: tuple[GoldEdge, ...] | None


@dataclass(frozen=True, slots=True)
class Gold:
    """The annotations of one text.

    `file` is the name of the gold file, `document` that of the text's. `limit` is the number of
    characters that are annotated, `ids` the entities' ids by normalised name. `expected` has the
    scored relations only; `any_of` groups keys that word one fact. `source` is the text's id in the store that the
    gold is from, where it is from one.
    """

    file: str
    document: str
    lang: str
    text: str
    limit: int
    ids: Mapping[str, str]
    expected: tuple[Expected, ...]
    any_of: tuple[tuple[Key, ...], ...] = ()
    traps: tuple[Trap, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A claim's evidence: `quote` should be characters `start` up to `end` of the document's text."""

    document: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class ScoredClaim:
    """A claim as far as it is scored. `object` is "" where it is a figure.

    `subject_also` and `object_also` are further spellings of the ends.
    """

    subject: str
    relation: str
    object: str
    modality: str
    qualifiers: Mapping[str, Value]
    evidence: tuple[Span, ...]
    subject_also: tuple[str, ...] = field(default=())
    object_also: tuple[str, ...] = field(default=())
