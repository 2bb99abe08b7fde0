"""Which claims a judgement means, when a document is read anew: by another reader, with other borders of a name.

A judgement holds on to the relation, the two ends and the place. Offsets count where the text is the same, to the
letter; where it has changed, the quote is looked for.
"""

import re
from collections.abc import Iterable, Mapping

from kg.judgements.judgement import Judgement, Part
from kg.model import Claim, Document, Entity, Evidence
from kg.ontology import ontology

__all__ = ["meant", "placed", "says", "words"]

_WORD = re.compile(r"[^\W_]+")
_TERMS_LEFT_OUT = frozenset({"as_printed", "currency"})


def meant(judgement: Judgement, claims: Iterable[Claim], document: Document) -> list[Claim]:
    """Return the claims of a document as it is now that a judgement is about.

    The very claim alone, where a reader still says it; but what a sentence does not state, it states in no other form
    either. Where no reader says it any more, it is the one that took its place: whatever borders its names have now,
    with terms that do not contradict it.
    """
    claims = list(claims)
    if judgement.part not in _WHOLE and any(claim.id == judgement.claim.id for claim in claims):
        return [claim for claim in claims if claim.id == judgement.claim.id]
    return [claim for claim in claims if _is_meant(judgement, claim, document)]


_WHOLE = frozenset({Part.NOT_STATED, Part.RELATION, Part.DIRECTION})
"""Parts of a claim that, where they are wrong, leave nothing of the tie, whatever its terms."""


def _is_meant(judgement: Judgement, claim: Claim, document: Document) -> bool:
    said, part = judgement.claim, judgement.part
    if claim.id == said.id:
        return True
    if not _is_tie(claim, said, document, exact=part in {Part.NAME, Part.IDENTITY}):
        return False
    if part is Part.MODALITY:
        return claim.modality is said.modality
    if part is Part.TERM:
        return _terms(claim) == _terms(said)
    return part is not None or (claim.modality is said.modality and _agree(_terms(claim), _terms(said)))


def _agree(one: Mapping[str, object], two: Mapping[str, object]) -> bool:
    """Whether no term that both tell differs."""
    return all(two[name] == value for name, value in one.items() if name in two)


def says(claim: Claim, said: Claim, document: Document) -> bool:
    """Return whether a claim of the document as it is now says the same as another of the same sentence."""
    if claim.id == said.id:
        return True
    same = claim.modality is said.modality and _terms(claim) == _terms(said)
    return same and _is_tie(claim, said, document, exact=True)


def placed(evidence: Evidence, document: Document) -> Evidence | None:
    """Return evidence where the document has its quote now; None where it no longer has it."""
    start = _place(evidence.start, evidence.quote, document)
    return None if start is None else document.evidence(start, start + len(evidence.quote))


def _is_tie(claim: Claim, said: Claim, document: Document, *, exact: bool = False) -> bool:
    """Whether a claim is of the same relation between the same ends, told by the same sentence."""
    if claim.relation != said.relation or not _meets(said, claim, document):
        return False
    return any(_is_pair(said, ends, exact=exact) for ends in _ways_round(claim))


def _ways_round(claim: Claim) -> list[tuple[object, object]]:
    symmetric = ontology().relation(claim.relation).symmetric
    ways: list[tuple[object, object]] = [(claim.subject, claim.object)]
    return [*ways, (claim.object, claim.subject)] if symmetric else ways


def _is_pair(said: Claim, ends: tuple[object, object], *, exact: bool) -> bool:
    return _is_end(said.subject, ends[0], exact=exact) and _is_end(said.object, ends[1], exact=exact)


def _is_end(said: object, end: object, *, exact: bool) -> bool:
    """Whether two ends are one: the same entity, or names of which one holds the other's words."""
    if not isinstance(said, Entity) or not isinstance(end, Entity):
        return said == end
    if exact:
        return said.id == end.id
    one, two = words(said.name), words(end.name)
    return said.id == end.id or _holds(one, two) or _holds(two, one)


def words(name: str) -> list[str]:
    """Return the words of a name, without case and marks."""
    return [word.casefold() for word in _WORD.findall(name)]


def _holds(whole: list[str], part: list[str]) -> bool:
    size = len(part)
    return bool(part) and any(whole[at : at + size] == part for at in range(len(whole) - size + 1))


def _meets(said: Claim, claim: Claim, document: Document) -> bool:
    """Whether the sentence that tells a claim is that of the other."""
    one, two = claim.evidence[0], placed(said.evidence[0], document)
    return two is not None and one.start < two.end and two.start < one.end


def _place(start: int, quote: str, document: Document) -> int | None:
    """Where a quote stands in a text now: where it stood, or the place nearest to it."""
    if document.text.startswith(quote, start):
        return start
    found = [match.start() for match in re.finditer(re.escape(quote), document.text)]
    return min(found, key=lambda at: abs(at - start), default=None)


def _terms(claim: Claim) -> dict[str, object]:
    return {name: value for name, value in claim.qualifiers.terms().items() if name not in _TERMS_LEFT_OUT}
