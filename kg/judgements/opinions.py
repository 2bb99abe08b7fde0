"""What people say of each claim of a document, by the judgements that hold."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.judgements.judgement import Judgement, Part, Verdict, in_force
from kg.judgements.matching import meant, says
from kg.model import Claim, Document

__all__ = ["Opinion", "author_of", "opinions"]

_BY_HAND = frozenset({"note", "person"})


@dataclass(frozen=True, slots=True)
class Opinion:
    """A person's word on one claim: whoever puts another claim right says that the correction is right.

    `at` is a moment in UTC (`kg.judgements.moment`), `judgement` the id of the judgement that says it.
    """

    verdict: Verdict
    author: str
    at: str
    part: Part | None
    judgement: str


def author_of(claim: Claim) -> str | None:
    """Return the person whose own claim it is; None for what a reader or a register says."""
    kind, _, name = claim.method.partition("/")
    return name if kind in _BY_HAND and name else None


def opinions(
    document: Document, claims: Iterable[Claim], judgements: Iterable[Judgement]
) -> Mapping[str, tuple[Opinion, ...]]:
    """Return the opinions on claims of a document by the claim's id, oldest first; claims without any are left out."""
    claims = list(claims)
    found: defaultdict[str, list[Opinion]] = defaultdict(list)
    for judgement in in_force(judgements):
        right = judgement.correction
        if right is not None:
            for claim in claims:
                if says(claim, right, document):
                    found[claim.id].append(_opinion(judgement, Verdict.RIGHT))
        for claim in _about(judgement, claims, document):
            found[claim.id].append(_opinion(judgement, judgement.verdict))
    return {id_: tuple(those) for id_, those in found.items()}


def _about(judgement: Judgement, claims: list[Claim], document: Document) -> list[Claim]:
    """The claims that a judgement is about; one that is right and said again in other words is only what it says."""
    if judgement.verdict is Verdict.RIGHT:
        return [claim for claim in claims if says(claim, judgement.claim, document)]
    correction = judgement.correction
    about = meant(judgement, claims, document)
    return [claim for claim in about if correction is None or not says(claim, correction, document)]


def _opinion(judgement: Judgement, verdict: Verdict) -> Opinion:
    part = judgement.part if verdict is Verdict.WRONG else None
    return Opinion(verdict, judgement.author, judgement.at, part, judgement.id)
