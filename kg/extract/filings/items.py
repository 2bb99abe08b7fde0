"""What the item of a report tells of its sentences: an agreement signed or ended, a deal done, a risk that may come.

The numbers are those of the forms: https://www.sec.gov/files/form8-k.pdf, https://www.sec.gov/files/form10-k.pdf.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kg.extract.proposal import Parsed, Proposal
from kg.filings import cover
from kg.model import Modality
from kg.places import PlaceKind, places_in

__all__ = ["by_item"]

_DEALS = frozenset({"acquires", "merges-with"})
_AGREED = frozenset({"acquires", "lends-to", "merges-with", "partners-with", "supplies"})
_ANY = frozenset[str]()
_DONE = re.compile(r"\b(?:completed|consummated|closed|closing)\b", re.IGNORECASE)
_MAY = re.compile(r"\b(?:may|might|could|would|if|unless|cannot assure|no assurance|were to)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Rule:
    """In such an item, what is said so of such relations (none: of any) is said otherwise, in sentences that fit."""

    said: frozenset[Modality]
    means: Modality
    relations: frozenset[str] = _ANY
    where: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None


_RISKS = _Rule(frozenset({Modality.ASSERTED}), Modality.CONDITIONAL, where=_MAY)
_RULES: Mapping[tuple[str, str], _Rule] = {
    # Entry into a material definitive agreement: it is signed, and what it is about lies ahead.
    ("Form 8-K", "1.01"): _Rule(frozenset({Modality.ASSERTED}), Modality.ANNOUNCED, _DEALS, unless=_DONE),
    # Termination of a material definitive agreement.
    ("Form 8-K", "1.02"): _Rule(frozenset({Modality.ASSERTED, Modality.ANNOUNCED}), Modality.ENDED, _AGREED),
    # Completion of acquisition or disposition of assets.
    ("Form 8-K", "2.01"): _Rule(
        frozenset({Modality.ANNOUNCED, Modality.PLANNED}), Modality.ASSERTED, frozenset({"acquires"}), where=_DONE
    ),
    # Risk factors.
    ("Form 10-K", "1A"): _RISKS,
    ("Form 10-Q", "1A"): _RISKS,
}


def by_item(proposals: Sequence[Proposal], parsed: Parsed) -> list[Proposal]:
    """Return proposals with the modality that the item of the report which they stand in gives them."""
    items = [place for place in parsed.document.places if place.kind is PlaceKind.ITEM]
    found = cover(parsed.document.text) if items else None
    if found is None:
        return list(proposals)
    form = found.form.removesuffix("/A")
    weighed = []
    for proposal in proposals:
        start, end = proposal.evidence[0] if proposal.evidence else (0, 0)
        names = [place.name for place in places_in(items, start, end)]
        rule = _RULES.get((form, names[0])) if len(names) == 1 else None
        applies = rule is not None and _applies(rule, proposal, parsed.document.text[start:end])
        weighed.append(replace(proposal, modality=rule.means) if rule is not None and applies else proposal)
    return weighed


def _applies(rule: _Rule, proposal: Proposal, sentence: str) -> bool:
    if proposal.modality not in rule.said or (rule.relations and proposal.relation not in rule.relations):
        return False
    if rule.unless is not None and rule.unless.search(sentence):
        return False
    return rule.where is None or rule.where.search(sentence) is not None
