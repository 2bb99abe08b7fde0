"""Where readers agree and where they differ: one claim of two that say the same, both to review where they do not.

Two claims speak of one thing where they have the same two ends, whatever their kinds, and their sentences overlap. They
agree where relation, direction and group of modality are the same and no figure contradicts another.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from kg.model import NUMERIC_QUALIFIERS, Claim, Entity, Modality, Outcome
from kg.ontology import ontology
from kg.reasons import MEANINGS, Reason, gravest_first, outcome_of

__all__ = ["compared", "is_same_modality"]

_GROUPS = (
    {Modality.ASSERTED, Modality.PAST},
    {Modality.PAST, Modality.ENDED},
    {Modality.ANNOUNCED, Modality.PLANNED},
    {Modality.CONDITIONAL, Modality.HEDGED},
)
"""Modalities that two readers of one sentence may both mean; nobody sees a past deed and a fact apart each time."""
_AGREED = 0.99
"""The most that agreement makes of a confidence."""


def is_same_modality(one: Modality, two: Modality) -> bool:
    """Return whether two modalities are one to a reader, or neighbours.

    >>> is_same_modality(Modality.ANNOUNCED, Modality.PLANNED), is_same_modality(Modality.ASSERTED, Modality.DENIED)
    (True, False)
    """
    return one is two or any({one, two} <= group for group in _GROUPS)


def compared(claims: Iterable[Claim]) -> list[Claim]:
    """Return the claims of a document's readers, compared.

    Two that agree become one: the one whose terms say more, with the evidence, the reasons and the methods of both
    ("rules/2+llm/…") and the confidence of two who say the same. Of what is left, two that differ both go to review
    with DISAGREEMENT. What the gate refused, and what one reader alone says, stays as it is.
    """
    claims = list(claims)
    offline = [claim for claim in claims if not _is_models(claim) and claim.outcome is not Outcome.REFUSED]
    told: list[Claim] = []
    agreed: dict[int, Claim] = {}
    for claim in (one for one in claims if _is_models(one) and one.outcome is not Outcome.REFUSED):
        same = [at for at, other in enumerate(offline) if _meets(claim, other) and _agrees(claim, other)]
        if not same:
            told.append(claim)
        for at in same:
            agreed[at] = _merged(agreed.get(at, offline[at]), claim)
    left = [claim for at, claim in enumerate(offline) if at not in agreed]
    return [
        *(claim for claim in claims if claim.outcome is Outcome.REFUSED),
        *agreed.values(),
        *_doubted(left, told),
        *_doubted(told, left),
    ]


def _is_models(claim: Claim) -> bool:
    """Whether a language model read it; rules and weights are one reader, since they talk to each other."""
    return claim.method.startswith("llm/")


def _ends(claim: Claim) -> tuple[str, str]:
    object_ = claim.object
    return _name(claim.subject), _name(object_) if isinstance(object_, Entity) else f"{object_.value} {object_.unit}"


def _name(entity: Entity) -> str:
    """What an id says of the name: readers may take one name for two kinds."""
    return entity.id.partition("/")[2]


def _meets(one: Claim, two: Claim) -> bool:
    """Whether two claims speak of the same ends in sentences that overlap."""
    if set(_ends(one)) != set(_ends(two)):
        return False
    first, second = one.evidence[0], two.evidence[0]
    return first.document == second.document and first.start < second.end and second.start < first.end


def _agrees(one: Claim, two: Claim) -> bool:
    if one.relation != two.relation or not is_same_modality(one.modality, two.modality):
        return False
    if _ends(one) != _ends(two) and not ontology().relation(one.relation).symmetric:
        return False
    return not any(
        None not in (mine := getattr(one.qualifiers, name), other := getattr(two.qualifiers, name)) and mine != other
        for name in NUMERIC_QUALIFIERS
    )


def _merged(one: Claim, two: Claim) -> Claim:
    """One claim of two that agree: a doubt that only one of them has is answered by the other."""
    first, second = sorted((one, two), key=lambda claim: -len(claim.qualifiers.terms()))
    shared = set(one.reasons) & set(two.reasons)
    notes = {reason for reason in (*one.reasons, *two.reasons) if MEANINGS[Reason(reason)][0] is Outcome.ADMITTED}
    reasons = gravest_first(reason for reason in (*one.reasons, *two.reasons) if reason in shared | notes)
    wrong = (1 - one.confidence) * (1 - two.confidence)
    return replace(
        first,
        evidence=tuple(dict.fromkeys((*first.evidence, *second.evidence))),
        method="+".join(dict.fromkeys((*one.method.split("+"), *two.method.split("+")))),
        confidence=max(one.confidence, two.confidence, min(_AGREED, 1 - wrong)),
        reasons=reasons,
        outcome=outcome_of(reasons),
    )


def _doubted(claims: Iterable[Claim], others: Sequence[Claim]) -> Iterator[Claim]:
    """Yield claims, those in doubt of which another reader says something else."""
    for claim in claims:
        if not any(_meets(claim, other) for other in others):
            yield claim
            continue
        reasons = gravest_first((*claim.reasons, Reason.DISAGREEMENT))
        yield replace(claim, reasons=reasons, outcome=outcome_of(reasons))
