"""What judgements make of a reading: what stays out, what stays in, and what fits nothing any more."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kg.judgements.judgement import Judgement, Verdict, in_force
from kg.judgements.matching import means, placed, says
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
    document: Document, claims: Iterable[Claim], candidates: Iterable[Claim], judgements: Iterable[Judgement]
) -> Judged:
    """Return what readers said of a document, as its judgements have it.

    The last word on a claim decides. A rejected one is a candidate, refused, with `REJECTED` among its reasons; a
    confirmed one is admitted, with `CONFIRMED`. What was confirmed, or put in a rejected one's place, and no reader
    says stands as its author's own, where the document still has its quotes to the letter.
    """
    admitted, others = unjudged(claims, candidates)
    marked = {claim.id: claim for claim in (*admitted, *others)}
    unmatched: list[Judgement] = []
    for judgement in in_force(judgements):
        meant = [claim for claim in marked.values() if means(judgement, claim, document)]
        if judgement.verdict is not Verdict.UNSURE:
            marked |= {claim.id: _marked(claim, judgement.verdict) for claim in meant}
        right = judgement.claim if judgement.verdict is Verdict.RIGHT else judgement.correction
        told = None if right is None else _told(right, judgement, document)
        same = [] if right is None else [claim for claim in marked.values() if says(claim, right, document)]
        if same:
            marked |= {claim.id: _marked(claim, Verdict.RIGHT) for claim in same}
        elif told is not None:
            marked[told.id] = _marked(told, Verdict.RIGHT)
        if not (meant or same or told):
            unmatched.append(judgement)
    told_ = list(marked.values())
    return Judged(
        tuple(claim for claim in told_ if claim.outcome is Outcome.ADMITTED),
        tuple(claim for claim in told_ if claim.outcome is not Outcome.ADMITTED),
        tuple(unmatched),
    )


def _marked(claim: Claim, verdict: Verdict) -> Claim:
    mark = Reason.CONFIRMED if verdict is Verdict.RIGHT else Reason.REJECTED
    reasons = gravest_first((*(reason for reason in claim.reasons if reason not in _MARKS), mark))
    outcome = Outcome.ADMITTED if verdict is Verdict.RIGHT else Outcome.REFUSED
    return replace(claim, reasons=reasons, outcome=outcome)


def _told(claim: Claim, judgement: Judgement, document: Document) -> Claim | None:
    """A claim that stands by a judgement alone, its quotes where the document has them now; None where one is gone."""
    evidence = tuple(found for one in claim.evidence if (found := placed(one, document)) is not None)
    if len(evidence) < len(claim.evidence):
        return None
    return replace(
        claim,
        evidence=evidence,
        method=judgement.method,
        confidence=1.0,
        reasons=(),
        outcome=Outcome.ADMITTED,
        known_from=document.published,
        recorded_at=None,
        retracted_at=None,
    )
