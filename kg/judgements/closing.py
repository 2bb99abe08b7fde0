"""A document read to the end: who read it, when, and what holds in it.

Judgements tell whether what a reader found is right. Only a document that somebody has read to the end tells what a
reader has missed. A closing says so, with the claims that held when it was made: readers may find others later, and
they were not in the text when a person looked. Judgements go on: what is put right in a closed document is right.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from kg.errors import InvalidRecord
from kg.judgements.effect import judged, unjudged
from kg.judgements.identities import NO_IDENTITIES, Identities, is_loop
from kg.judgements.judgement import Judgement, Verdict, in_force, is_moment, standing
from kg.judgements.matching import placed, says
from kg.model import Claim, Document

__all__ = [
    "ClosedDocument",
    "Closing",
    "ClosingState",
    "closed_document",
    "closing_in_force",
    "closing_states",
    "rejected",
]


@dataclass(frozen=True, slots=True)
class Closing:
    """A person's word that a document is read to the end, kept for ever.

    `text` is the hash of its text then (`kg.model.Document.sha256`): a closing of another text no longer counts.
    `claims` are those that held, as they were shown; `read` are the same as their readers had them, where judgements of
    identity had given some of them other ends: the store fills it in. `tool` and `reader` (the fingerprint of what had
    read the document) say with what it was read. `undoes` is the id of an earlier closing that this one takes back;
    nothing else of it counts then.
    """

    document: str
    text: str
    author: str
    at: str
    claims: tuple[Claim, ...] = ()
    tool: str = ""
    reader: str = ""
    undoes: str | None = None
    read: tuple[Claim, ...] = ()
    id: str = field(init=False)

    def __post_init__(self) -> None:
        """Check that its parts fit together, and work out its identity."""
        if not self.author.strip():
            raise InvalidRecord("a closing needs an author")
        if not is_moment(self.at):
            raise InvalidRecord(f"{self.at!r} is no UTC time: write YYYY-MM-DDThh:mm:ssZ, with six decimals or none")
        for claim in (*self.claims, *self.read):
            if claim.document != self.document:
                raise InvalidRecord(f"a closing of '{self.document}' holds a claim of '{claim.document}'")
        claims = sorted(claim.id for claim in self.claims)
        whole = json.dumps([self.document, self.text, self.author, self.at, claims, self.tool, self.undoes])
        object.__setattr__(self, "id", hashlib.sha256(whole.encode()).hexdigest()[:32])

    @property
    def order(self) -> tuple[str, str]:
        """What sorts closings by their times."""
        return self.at.rstrip("Z"), self.id

    @property
    def method(self) -> str:
        """How RDF names its author."""
        return f"person/{self.author}"


class ClosingState(StrEnum):
    """What has become of a closing."""

    HOLDS = "holds"
    REPLACED = "replaced"
    CHANGED = "unmatched"
    """The text has changed since."""
    TAKEN_BACK = "taken back"
    TAKES_BACK = "takes back"


def closing_in_force(closings: Iterable[Closing], text: str) -> Closing | None:
    """Return the closing that counts for a text of this hash: the last that was not taken back; None without."""
    found = [closing for closing in standing(closings) if closing.text == text]
    return found[-1] if found else None


def closing_states(closings: Iterable[Closing], text: str) -> list[tuple[Closing, ClosingState]]:
    """Return what has become of each closing of a document whose text has this hash now, oldest first."""
    closings = sorted(closings, key=lambda closing: closing.order)
    stands = {closing.id for closing in standing(closings)}
    last = closing_in_force(closings, text)

    def state(closing: Closing) -> ClosingState:
        if closing.undoes is not None:
            return ClosingState.TAKES_BACK
        if closing.id not in stands:
            return ClosingState.TAKEN_BACK
        if closing.text != text:
            return ClosingState.CHANGED
        return ClosingState.HOLDS if closing == last else ClosingState.REPLACED

    return [(closing, state(closing)) for closing in closings]


@dataclass(frozen=True, slots=True)
class ClosedDocument:
    """A document that was read to the end.

    `claims` are all that hold in it: those that held when it was closed, as judgements have them since. `found` are
    those of them that readers alone had admitted, `read` all that readers alone had admitted. `rejected` are the
    judgements that call something in it wrong.
    """

    document: Document
    closing: Closing
    claims: tuple[Claim, ...]
    found: tuple[Claim, ...]
    read: tuple[Claim, ...]
    rejected: tuple[Judgement, ...] = ()


def closed_document(
    document: Document,
    closings: Iterable[Closing],
    reading: tuple[Iterable[Claim], Iterable[Claim]],
    judgements: Iterable[Judgement],
    identities: Identities = NO_IDENTITIES,
) -> ClosedDocument | None:
    """Return what a closed document tells; None where no closing of its text is in force.

    `reading` are its claims and candidates as they are now, `judgements` what people say of them. What held is between
    the entities that `identities` make of those read, as the reading is: a merge or a split that is taken back gives
    back what there was.
    """
    closing = closing_in_force(closings, document.sha256)
    if closing is None:
        return None
    judgements = tuple(judgements)
    held = judged(document, closing.read or closing.claims, (), judgements, identities).claims
    read, _ = unjudged(*reading)
    found = tuple(claim for claim in held if any(says(one, claim, document) for one in read))
    return ClosedDocument(document, closing, held, found, read, rejected(document, held, judgements, identities))


def rejected(
    document: Document,
    held: Iterable[Claim],
    judgements: Iterable[Judgement],
    identities: Identities = NO_IDENTITIES,
) -> tuple[Judgement, ...]:
    """Return the judgements in force that call a claim wrong which the document still quotes, and which does not hold.

    `held` are the claims that hold. Each is told as a word on the claim between the entities that are meant now; one
    whose ends `identities` make one is left out, for no reader says it.
    """
    ids = {claim.id for claim in held}
    words = in_force(map(identities.judgement, judgements))
    wrong = (word for word in words if word.verdict is Verdict.WRONG and word.claim.id not in ids)
    return tuple(
        word for word in wrong if not is_loop(word.claim) and placed(word.claim.evidence[0], document) is not None
    )
