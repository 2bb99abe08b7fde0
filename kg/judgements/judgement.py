"""One judgement: who said what of which claim, when, and how the claim had come before him."""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Protocol, TypeVar

from kg.errors import InvalidRecord
from kg.judgements.stratum import WHOLE, Stratum
from kg.model import Claim

__all__ = [
    "Draw",
    "Judgement",
    "Part",
    "Undoable",
    "Verdict",
    "current_moment",
    "in_force",
    "is_moment",
    "moment",
    "standing",
]

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{6})?Z", re.ASCII)


def moment(time: dt.datetime) -> str:
    """Return a time as judgements write it: UTC, to the microsecond, since a person may judge twice in a second.

    >>> moment(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    '2026-01-01T00:00:00.000000Z'
    """
    return time.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def current_moment() -> str:
    """Return the time now, as judgements write it."""
    return moment(dt.datetime.now(dt.UTC))


def is_moment(text: str) -> bool:
    """Return whether a text is a time as `moment` writes it, with six decimals or none."""
    try:
        return _MOMENT.fullmatch(text) is not None and bool(dt.datetime.fromisoformat(text))
    except ValueError:
        return False


class Verdict(StrEnum):
    """What a person says of a claim."""

    RIGHT = "right"
    WRONG = "wrong"
    UNSURE = "unsure"


class Part(StrEnum):
    """What is wrong with a claim: `NOT_STATED` where the text does not say it at all."""

    NAME = "name"
    IDENTITY = "identity"
    DIRECTION = "direction"
    RELATION = "relation"
    MODALITY = "modality"
    TERM = "term"
    NOT_STATED = "not-stated"


class Draw(StrEnum):
    """How an item came to be judged; only what was drawn at `RANDOM` measures how good a graph is."""

    RANDOM = "random"
    UNCERTAIN = "uncertain"
    ALL = "all"
    CHANCE = "chance"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A person's word on a claim of a document, kept for ever.

    `claim` is the claim as it was shown, with its method, confidence and outcome; `text` the hash of the document's
    text then (`kg.model.Document.sha256`). `part` says what is wrong, where the verdict is that; `correction` is what
    the text says instead. `author`, `at` (`moment`), `tool` and `reader` (the fingerprint of what had read
    the document) say who judged what with what; `drawn` how the item came up, and `stratum` out of what part of the
    graph it was drawn. `undoes` is the id of an earlier judgement that this one takes back; nothing else of it counts
    then. `read` is the claim as its reader had it, where judgements of identity had given it other ends when it was
    shown: the store fills it in.

    `id` says which judgement it is: the same words of the same person at the same moment are one, however often they
    arrive.
    """

    verdict: Verdict
    claim: Claim
    text: str
    author: str
    at: str
    part: Part | None = None
    correction: Claim | None = None
    tool: str = ""
    reader: str = ""
    drawn: Draw = Draw.CHANCE
    stratum: Stratum = WHOLE
    undoes: str | None = None
    read: Claim | None = None
    id: str = field(init=False)

    def __post_init__(self) -> None:
        """Check that its parts fit together, and work out its identity."""
        if not self.author.strip():
            raise InvalidRecord("a judgement needs an author")
        if not is_moment(self.at):
            raise InvalidRecord(f"{self.at!r} is no UTC time: write YYYY-MM-DDThh:mm:ssZ, with six decimals or none")
        if (self.part is not None or self.correction is not None) and self.verdict is not Verdict.WRONG:
            raise InvalidRecord(f"a claim that is {self.verdict} has no wrong part, and no correction")
        if self.correction is not None and self.correction.document != self.claim.document:
            raise InvalidRecord(f"a correction must quote '{self.claim.document}', not '{self.correction.document}'")
        if self.correction is not None and self.correction.id == self.claim.id:
            raise InvalidRecord("a correction must say something else than the claim that is wrong")
        said = [self.verdict, self.claim.id, self.text, self.author, self.at, self.part, self.undoes]
        corrected = None if self.correction is None else self.correction.id
        part = [self.stratum.name] if self.stratum != WHOLE else []
        whole = json.dumps([*said, corrected, self.tool, self.drawn, *part])
        object.__setattr__(self, "id", hashlib.sha256(whole.encode()).hexdigest()[:32])

    def about_now(self, claim: Claim, correction: Claim | None) -> "Judgement":
        """Return it as a word on another form of its claim, under the same id; both forms may have come to say one."""
        copy = object.__new__(Judgement)
        for name in _JUDGEMENT:
            object.__setattr__(copy, name, getattr(self, name))
        object.__setattr__(copy, "claim", claim)
        object.__setattr__(copy, "correction", correction)
        return copy

    @property
    def order(self) -> tuple[str, str]:
        """What sorts judgements by their times."""
        return self.at.rstrip("Z"), self.id

    @property
    def document(self) -> str:
        """The document that it is about."""
        return self.claim.document

    @property
    def about(self) -> str:
        """What it is about: an author's later word on it replaces an earlier one."""
        return self.claim.id

    @property
    def method(self) -> str:
        """What a claim that stands by this judgement alone names as its reader."""
        return f"person/{self.author}"


_JUDGEMENT = tuple(f.name for f in fields(Judgement))


class Undoable(Protocol):
    """What a person has said at a time, and may take back by saying so."""

    @property
    def id(self) -> str:
        """Which it is."""

    @property
    def order(self) -> tuple[str, str]:
        """What sorts by time."""

    @property
    def undoes(self) -> str | None:
        """The id of what it takes back."""


class _Word(Undoable, Protocol):
    """What all judgements have besides: of claims, and of identities."""

    @property
    def author(self) -> str: ...
    @property
    def about(self) -> object: ...


_U = TypeVar("_U", bound=Undoable)
_W = TypeVar("_W", bound=_Word)


def standing(words: Iterable[_U]) -> tuple[_U, ...]:
    """Return the judgements (or closings) that were not taken back, oldest first.

    Whoever takes back what took another back brings that one into force again.
    """
    ordered = sorted({one.id: one for one in words}.values(), key=lambda word: word.order)
    undone: set[str] = set()
    for word in reversed(ordered):
        if word.undoes is not None and word.id not in undone:
            undone.add(word.undoes)
    return tuple(one for one in ordered if one.undoes is None and one.id not in undone)


def in_force(judgements: Iterable[_W]) -> tuple[_W, ...]:
    """Return the judgements that hold, oldest first: of those that stand, each author's last on one thing."""
    last: dict[tuple[str, object], _W] = {}
    for judgement in standing(judgements):
        key = judgement.author, judgement.about
        last.pop(key, None)
        last[key] = judgement
    return tuple(last.values())
