"""One judgement of identity: who said of which two names that they are one company, or two."""

import hashlib
import json
from dataclasses import dataclass, field, replace
from enum import StrEnum

from kg.errors import InvalidRecord
from kg.judgements.judgement import is_moment
from kg.model import Entity

__all__ = ["RESOLVER", "IdentityJudgement", "IdentityVerdict"]

RESOLVER = "resolver/1"
"""The author of what a program says: it holds as long as no person says otherwise, whenever that was."""


class IdentityVerdict(StrEnum):
    """What a person says of two entities."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class IdentityJudgement:
    """A person's word, or the resolver's, on whether two entities are one company, kept for ever.

    `one` and `other` are entities as they were shown: id, name, class. Where they are `SAME`, `one` is whose name
    stays. Where they are `DIFFERENT`, `mention` is a name that `one` goes by and that means `other`, in `documents` (by
    id) or, where there are none, in all; `documents` without a `mention` are about any name of `one` in them; without
    both, the two are only kept apart. `author`, `at` (`kg.judgements.moment`) and `tool` say who said it when, with
    what, `why` for which reason. `undoes` is the id of an earlier judgement that this one takes back; nothing else of
    it counts then.

    `id` says which judgement it is: the same words of the same person at the same moment are one.
    """

    verdict: IdentityVerdict
    one: Entity
    other: Entity
    author: str
    at: str
    mention: str | None = None
    documents: tuple[str, ...] = ()
    tool: str = ""
    undoes: str | None = None
    why: str = ""
    id: str = field(init=False)

    def __post_init__(self) -> None:
        """Check that its parts fit together, and work out its identity."""
        if not self.author.strip():
            raise InvalidRecord("a judgement needs an author")
        if not is_moment(self.at):
            raise InvalidRecord(f"{self.at!r} is no UTC time: write YYYY-MM-DDThh:mm:ssZ, with six decimals or none")
        if self.one.id == self.other.id:
            raise InvalidRecord(f"'{self.one.name}' and '{self.other.name}' are one already: {self.one.id}")
        if self.one.type != self.other.type:
            raise InvalidRecord(
                f"'{self.one.name}' is a {self.one.type} and '{self.other.name}' a {self.other.type}: "
                "only what is of one class can be one"
            )
        if self.is_split and (self.verdict is not IdentityVerdict.DIFFERENT or self.mention == ""):
            raise InvalidRecord("only what is different has a name or documents in which it is meant")
        for name in ("one", "other"):
            object.__setattr__(self, name, replace(getattr(self, name), aliases=(), identifiers=()))
        object.__setattr__(self, "documents", tuple(sorted(set(self.documents))))
        ends = [[end.id, end.name, end.type] for end in (self.one, self.other)]
        said = [self.verdict, *ends, self.mention, self.documents, self.author, self.at, self.tool, self.undoes]
        said += [self.why] if self.why else []
        object.__setattr__(self, "id", hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32])

    @property
    def is_machines(self) -> bool:
        """Whether a program said it, and no person."""
        return self.author == RESOLVER

    @property
    def is_split(self) -> bool:
        """Whether it says which mentions of `one` mean `other`."""
        return self.mention is not None or bool(self.documents)

    @property
    def order(self) -> tuple[str, str]:
        """What sorts judgements by their times."""
        return self.at.rstrip("Z"), self.id

    @property
    def about(self) -> tuple[object, ...]:
        """What it is about: an author's later word on it replaces an earlier one."""
        ends = (self.one.id, self.other.id)
        return (*(ends if self.is_split else sorted(ends)), self.mention, self.documents)
