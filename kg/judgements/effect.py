"""What judgements make of a reading: what stays out, what stays in, and what fits nothing any more."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from kg.judgements.identities import NO_IDENTITIES, Identities, is_loop, refused_loop
from kg.judgements.judgement import Judgement, Verdict, in_force, standing
from kg.judgements.matching import meant, placed, says
from kg.model import Claim, Document, Outcome
from kg.reasons import Reason, gravest_first, outcome_of

__all__ = ["Judged", "judged", "unjudged"]

_MARKS = {Reason.REJECTED, Reason.CONFIRMED}
_BY_PERSON = "person/"


@dataclass(frozen=True, slots=True)
class Judged:
    """Claims and candidates of a document once its judgements are heeded; `unmatched` fit nothing in it."""

    claims: tuple[Claim, ...]
    candidates: tuple[Claim, ...]
    unmatched: tuple[Judgement, ...]


def unjudged(claims: Iterable[Claim], candidates: Iterable[Claim]) -> tuple[tuple[Claim, ...], tuple[Claim, ...]]:
    """Return what readers alone said, claims and candidates, out of a reading whose judgements were heeded."""
    read = [_bare(claim) for claim in (*claims, *candidates) if not claim.method.startswith(_BY_PERSON)]
    admitted = tuple(claim for claim in read if claim.outcome is Outcome.ADMITTED)
    return admitted, tuple(claim for claim in read if claim.outcome is not Outcome.ADMITTED)


def _bare(claim: Claim) -> Claim:
    if not _MARKS.intersection(claim.reasons):
        return claim
    reasons = tuple(reason for reason in claim.reasons if reason not in _MARKS)
    return replace(claim, reasons=reasons, outcome=outcome_of(reasons))


def judged(
    document: Document,
    claims: Iterable[Claim],
    candidates: Iterable[Claim],
    judgements: Iterable[Judgement],
    identities: Identities = NO_IDENTITIES,
) -> Judged:
    """Return what readers said of a document, as its judgements have it.

    The last word on a claim decides. A rejected one is a candidate, refused, with `REJECTED` among its reasons; a
    confirmed one is admitted, with `CONFIRMED`. What was confirmed, or put in a rejected one's place, and no reader
    says stands as its author's own, where the document still has its quotes to the letter; others may judge it in turn.

    Claims, and what judgements say of them, are between the entities that `identities` make of those read. One
    whose two ends they make one is refused, whatever is said of it.
    """
    told = {judgement.id: judgement for judgement in judgements}
    judgements = tuple(map(identities.judgement, told.values()))
    # Without judgements all is as it was read, who the reader may be.
    read = unjudged(claims, candidates) if judgements else (tuple(claims), tuple(candidates))
    was = {claim.id for side in read for claim in side}
    marked = {claim.id: claim for claim in identities.claims(claim for side in read for claim in side)}
    _add_own(marked, judgements, document)
    unmatched: list[Judgement] = []
    for judgement in in_force(judgements):
        right = judgement.claim if judgement.verdict is Verdict.RIGHT else judgement.correction
        same = [] if right is None else [one.id for one in marked.values() if says(one, right, document)]
        about = [one.id for one in meant(judgement, marked.values(), document)]
        if judgement.verdict is Verdict.WRONG:
            marked |= {id_: _marked(marked[id_], Verdict.WRONG) for id_ in about}
        marked |= {id_: _marked(marked[id_], Verdict.RIGHT) for id_ in same}
        if not (about or same):
            unmatched.append(told[judgement.id])
    settled = [_settled(claim, was) for claim in marked.values() if not _is_bare_word(claim)]
    return Judged(
        tuple(claim for claim in settled if claim.outcome is Outcome.ADMITTED),
        tuple(claim for claim in settled if claim.outcome is not Outcome.ADMITTED),
        tuple(unmatched),
    )


def _add_own(marked: dict[str, Claim], judgements: Iterable[Judgement], document: Document) -> None:
    """Add the claims that judgements tell and no reader says."""
    for judgement in standing(judgements):
        own = _told(judgement, document)
        if own is not None and not any(says(claim, own, document) for claim in marked.values()):
            marked[own.id] = own


def _settled(claim: Claim, was: Collection[str]) -> Claim:
    """Return a claim as the gate has it whose ends became one, and that was no reader's."""
    return refused_loop(claim) if is_loop(claim) and claim.id not in was else claim


def _is_bare_word(claim: Claim) -> bool:
    """Whether a claim stood by a judgement alone that no longer says it is right."""
    return claim.method.startswith(_BY_PERSON) and not _MARKS.intersection(claim.reasons)


def _marked(claim: Claim, verdict: Verdict) -> Claim:
    mark = Reason.CONFIRMED if verdict is Verdict.RIGHT else Reason.REJECTED
    reasons = gravest_first((*(reason for reason in claim.reasons if reason not in _MARKS), mark))
    outcome = Outcome.ADMITTED if verdict is Verdict.RIGHT else Outcome.REFUSED
    return replace(claim, reasons=reasons, outcome=outcome)


def _told(judgement: Judgement, document: Document) -> Claim | None:
    """What a judgement says holds, as its author's own, with its quotes where the document has them; None otherwise."""
    right = judgement.claim if judgement.verdict is Verdict.RIGHT else judgement.correction
    if right is None:
        return None
    evidence = tuple(found for one in right.evidence if (found := placed(one, document)) is not None)
    if len(evidence) < len(right.evidence):
        return None
    return replace(
        right,
        evidence=evidence,
        method=judgement.method,
        confidence=1.0,
        reasons=(),
        outcome=Outcome.ADMITTED,
        known_from=document.published,
        recorded_at=None,
        retracted_at=None,
    )
