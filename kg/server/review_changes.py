"""What reviewers change over HTTP: a judgement, one taken back, a claim of their own.

Each is made with the store locked, so that nothing comes between looking and writing. Whoever judges a claim tells what
he was shown; where others have said something since, or the text is another, nothing is written, and he is shown what
there is now. A request that arrives a second time finds its judgement made, and makes no other.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kg.errors import KgError, QueryError
from kg.judgements import (
    WHOLE,
    Draw,
    Judgement,
    Part,
    Stratum,
    Verdict,
    closing_in_force,
    current_moment,
    in_force,
    standing,
)
from kg.model import Claim, Evidence
from kg.query.closings import closing_of
from kg.query.review_records import claims_at, claims_records
from kg.store import DocumentClaims, Store, close_document, reading_now
from kg.store import judge as heed

__all__ = ["AddClaim", "CloseDocument", "JudgeClaim", "NotYours", "Stale", "UndoJudgement"]

_TOOL = "server"


class Stale(KgError):
    """A change was asked for on the ground of what is no longer so; `now` is what there is instead."""

    def __init__(self, message: str, now: Mapping[str, Any]) -> None:
        super().__init__(message)
        self.now = now


class NotYours(KgError):
    """A judgement of another person is to be taken back."""


@dataclass(frozen=True, slots=True)
class JudgeClaim:
    """A verdict on a claim of a document, and what was shown to who gives it: the text's hash, others' judgements.

    `correction` says what stands there instead: subject, relation, object, modality, terms by name.
    """

    document: str
    claim: str
    text: str
    verdict: Verdict
    author: str
    seen: frozenset[str]
    part: Part | None = None
    correction: Mapping[str, str | None] = field(default_factory=dict)
    drawn: Draw = Draw.CHANCE
    stratum: Stratum = WHOLE
    lang: str = "en"

    def apply(self, store: Store) -> Mapping[str, Any]:
        """Judge, and return the judgement's id with the sentence's claims as they are then."""
        reading = reading_now(store, self.document)
        judgements = [one for one in reading.judgements if one.claim.id == self.claim]
        claims = [one for one in (*reading.claims, *reading.candidates) if one.id == self.claim]
        place = next((one.evidence[0] for one in (*claims, *(one.claim for one in judgements))), None)
        unseen = [one for one in judgements if one.id not in self.seen]
        is_same_text = reading.document.sha256 == self.text
        correction = self._corrected(claims, reading) if is_same_text else None
        held = {one.id for one in in_force(reading.judgements)}
        replaced = {one.id for one in standing(reading.judgements)} - held
        as_now = None if correction is None else store.identities.claim(correction)
        fresh = (one for one in unseen if one.id not in replaced)
        again = next((one for one in fresh if self._is(one, as_now, is_same_text=is_same_text)), None)
        if again is not None:
            return _made(again, reading, place, self.lang)
        if not is_same_text:
            raise _stale(f"the text of '{self.document}' has changed since the claim was shown", reading, place, self)
        if not claims:
            raise _stale(f"'{self.document}' has been read anew, and this claim is gone", reading, place, self)
        if others := [one for one in unseen if one.id in held]:
            names = ", ".join(dict.fromkeys(one.author for one in others))
            raise _stale(f"{names} has judged this claim since it was shown", reading, place, self)
        judgement = Judgement(
            *(self.verdict, claims[0], self.text, self.author, current_moment()),
            part=self.part,
            correction=correction,
            tool=_TOOL,
            reader=reading.reader,
            drawn=self.drawn,
            stratum=self.stratum,
        )
        heed(store, [judgement])
        return _made(judgement, reading_now(store, self.document), place, self.lang)

    def _corrected(self, claims: Iterable[Claim], reading: DocumentClaims) -> Claim | None:
        claim = next(iter(claims), None)
        if not self.correction or claim is None:
            return None
        from kg.pipeline.own_claims import corrected

        return corrected(claim, reading.document, self.author, **self.correction)

    def _is(self, judgement: Judgement, correction: Claim | None, *, is_same_text: bool) -> bool:
        """Whether a judgement is what this request made when it came before."""
        mine = (self.author, self.text, self.verdict, self.part, self.drawn, self.stratum)
        made = judgement.author, judgement.text, judgement.verdict, judgement.part, judgement.drawn, judgement.stratum
        if mine != made:
            return False
        if judgement.undoes is not None or (judgement.correction is None) is not (not self.correction):
            return False
        if not is_same_text or correction is None or judgement.correction is None:
            return True
        return judgement.correction.id == correction.id


@dataclass(frozen=True, slots=True)
class UndoJudgement:
    """A judgement of a document to be taken back by who made it; one that is taken back already stays so."""

    document: str
    judgement: str
    author: str
    lang: str = "en"

    def apply(self, store: Store) -> Mapping[str, Any]:
        """Take it back, and return the id of what does so, with the sentence's claims as they are then."""
        reading = reading_now(store, self.document)
        undone = next((one for one in reading.judgements if one.id == self.judgement), None)
        if undone is None:
            raise QueryError(f"'{self.document}' has no judgement '{self.judgement}': load the page again")
        if undone.author != self.author:
            raise NotYours(f"{undone.author} said this, and alone takes it back here: judge the claim yourself")
        place = undone.claim.evidence[0]
        stands = {one.id for one in standing(reading.judgements)}
        takers = (one for one in reading.judgements if one.undoes == undone.id)
        again = None if undone.id in stands else next(takers, None)
        if again is not None:
            return _made(again, reading, place, self.lang)
        text = reading.document.sha256
        judgement = Judgement(
            *(Verdict.UNSURE, undone.claim, text, self.author, current_moment()), tool=_TOOL, undoes=undone.id
        )
        heed(store, [judgement])
        return _made(judgement, reading_now(store, self.document), place, self.lang)


@dataclass(frozen=True, slots=True)
class AddClaim:
    """A claim that a person reads in characters `start`–`end` of a document; it passes the gate of all claims."""

    document: str
    text: str
    subject: str
    relation: str
    object: str
    start: int
    end: int
    author: str
    modality: str = "asserted"
    terms: Mapping[str, str] = field(default_factory=dict)
    lang: str = "en"

    def apply(self, store: Store) -> Mapping[str, Any]:
        """Add it, and return the judgement that does so, with the sentence's claims as they are then."""
        from kg.pipeline.own_claims import Saying, own_claim

        reading = reading_now(store, self.document)
        if reading.document.sha256 != self.text:
            raise _stale(f"the text of '{self.document}' has changed since it was shown", reading, None, self)
        place = (self.start, self.end)
        saying = Saying(self.subject, self.relation, self.object, *place, self.modality, self.terms)
        claim = own_claim(reading.document, saying, self.author)
        judgement = Judgement(
            *(Verdict.RIGHT, claim, self.text, self.author, current_moment()), tool=_TOOL, reader=reading.reader
        )
        told = store.identities.judgement(judgement)
        again = next((one for one in in_force(reading.judgements) if _says(one, told)), None)
        if again is None:
            heed(store, [judgement])
        return _made(again or judgement, reading_now(store, self.document), claim.evidence[0], self.lang)


@dataclass(frozen=True, slots=True)
class CloseDocument:
    """A document that a person has read to the end, as it was shown: what holds in it now is all that it says."""

    document: str
    text: str
    claims: frozenset[str]
    author: str
    lang: str = "en"

    def apply(self, store: Store) -> Mapping[str, Any]:
        """Close it, and return the closing's id; the same person's closing of the same claims is there already."""
        reading = reading_now(store, self.document)
        if reading.document.sha256 != self.text:
            raise _stale(f"the text of '{self.document}' has changed since it was shown", reading, None, self)
        closing = closing_of(store, self.document, self.author, current_moment(), _TOOL)
        held = closing_in_force(reading.closings, self.text)
        if held is not None and (held.author, held.claims) == (self.author, closing.claims):
            return {"closing": held.id}
        if {claim.id for claim in reading.claims} != self.claims:
            raise _stale(f"what is said of '{self.document}' has changed since it was shown", reading, None, self)
        close_document(store, closing)
        return {"closing": closing.id}


def _says(judgement: Judgement, new: Judgement) -> bool:
    """Whether a judgement says what a new one would."""
    same = (new.claim.id, new.author, new.verdict, new.text)
    is_same = same == (judgement.claim.id, judgement.author, judgement.verdict, judgement.text)
    return is_same and judgement.undoes is None


def _made(judgement: Judgement, reading: DocumentClaims, place: Evidence | None, lang: str) -> Mapping[str, Any]:
    claims = [] if place is None else claims_at(reading, place)
    return {"judgement": judgement.id, "claims": claims_records(claims, reading, lang)}


def _stale(message: str, reading: DocumentClaims, place: Evidence | None, change: Any) -> Stale:
    """Return what tells a reviewer that he looks at the past, with what there is now in that place."""
    claims = [] if place is None else claims_at(reading, place)
    now = {"text_sha256": reading.document.sha256, "claims": claims_records(claims, reading, change.lang)}
    return Stale(f"{message}: look at it again", now)
