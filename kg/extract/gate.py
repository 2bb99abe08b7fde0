"""The gate: what a proposal says is compared with the text, and sorted into admitted, to review and refused.

Its quotes are exact parts of the text; both names stand in them, or are tied to words in them by a
reference whose name stands in the text; every figure parses again, from its own place, to the value
that the proposal gives it; the ends are of kinds that the ontology lets the relation have. What else
speaks against it (`kg.reasons`) comes with the proposal, as its doubts.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeAlias

from kg.errors import InvalidRecord
from kg.extract.figures import figures
from kg.extract.lexicon import load
from kg.extract.plain import plain
from kg.extract.proposal import End, Proposal, Refusal, without_figures
from kg.extract.units import figure_with_unit
from kg.model import NUMERIC_QUALIFIERS, Claim, Document, Entity, Evidence, Figure, Qualifiers
from kg.ontology import ontology
from kg.reasons import Reason, gravest_first, outcome_of

__all__ = ["Resolve", "admit", "as_found"]

Resolve: TypeAlias = Callable[[Entity], Entity]
"""What tells the entity that a found one is."""

_AFTER = 12


def as_found(entity: Entity) -> Entity:
    """Leave an entity as it was found, with its provisional id."""
    return entity


def admit(proposal: Proposal, document: Document, resolve: Resolve = as_found) -> Claim | Refusal:
    """Return the claim that a proposal makes, its ends resolved, with its outcome and the reasons for it.

    A term that does not parse again from its own place is left out, and noted. Where no claim can be made, because
    the proposal points at nothing in the text, that is a `Refusal`.
    """
    ungrounded = _ungrounded(proposal, document)
    if ungrounded is not None:
        return _refusal(proposal, document, *ungrounded)
    readable, notes = _readable(proposal, document)
    reasons = gravest_first((*_faults(readable, document), *proposal.doubts, *notes))
    try:
        claim = _claim(readable, document, resolve)
    except InvalidRecord as error:
        return _refusal(proposal, document, Reason.UNREADABLE_TERM, str(error))
    if len({entity.id for entity in claim.entities}) < len(claim.entities):
        reasons = gravest_first((Reason.SAME_PARTY, *reasons))
    return replace(claim, reasons=reasons, outcome=outcome_of(reasons))


def _refusal(proposal: Proposal, document: Document, reason: Reason, detail: str) -> Refusal:
    start, end = proposal.evidence[0] if proposal.evidence else (0, 0)
    return Refusal(
        reason,
        detail,
        proposal.subject.name,
        proposal.relation,
        "" if proposal.object is None else proposal.object.name,
        document.text[start:end],
        start,
        proposal.method,
    )


def _ungrounded(proposal: Proposal, document: Document) -> tuple[Reason, str] | None:
    """Return why no claim can be made of a proposal at all."""
    if proposal.relation not in ontology().relations:
        return Reason.NOT_A_RELATION, f"the ontology has no relation {proposal.relation!r}"
    relation = ontology().relation(proposal.relation)
    if not proposal.evidence or not all(0 <= a < b <= len(document.text) for a, b in proposal.evidence):
        return Reason.NO_QUOTE, "no evidence in the text"
    if (proposal.object is None) != relation.is_figure:
        wanted = "a figure" if relation.is_figure else "a name"
        return Reason.NOT_A_RELATION, f"{proposal.relation} takes {wanted} as object"
    return None


def _faults(proposal: Proposal, document: Document) -> Iterator[Reason]:
    """Yield what speaks against a proposal whose quotes stand in the text."""
    relation = ontology().relation(proposal.relation)
    sides = ((proposal.subject, relation.domain), (proposal.object, relation.range))
    for end, kinds in sides:
        if end is None:
            continue
        if end.kind not in kinds:
            yield Reason.KIND
        if not _stands(end, proposal, document):
            yield Reason.NO_PARTY_IN_QUOTE


def _readable(proposal: Proposal, document: Document) -> tuple[Proposal, tuple[Reason, ...]]:
    """Return a proposal without the figures that do not parse again from their own places, and notes of them."""
    unreadable = {
        name
        for name in NUMERIC_QUALIFIERS
        if getattr(proposal.qualifiers, name) is not None and not _reparses(name, proposal, document)
    }
    if not unreadable:
        return proposal, ()
    return without_figures(proposal, unreadable), (Reason.UNREADABLE_TERM,)


def _stands(end: End, proposal: Proposal, document: Document) -> bool:
    """Whether the words that carry an end stand in the evidence, and spell its name or refer to one that does."""
    if not any(a <= end.start < end.end <= b for a, b in proposal.evidence):
        return False
    start, stop = end.antecedent or (end.start, end.end)
    printed = _printed(document, start, stop)
    # A person may be said by the last name alone: the full name ends with what is printed.
    return bool(printed) and start >= 0 and (printed in end.name or end.name in printed)


def _printed(document: Document, start: int, stop: int) -> str:
    """What stands there, on one line: a name may run over the end of one."""
    return " ".join(plain(document.text[start:stop]).split())


def _reparses(name: str, proposal: Proposal, document: Document) -> bool:
    kind, value = name.split("_", maxsplit=1)[0], getattr(proposal.qualifiers, name)
    if name not in proposal.printed:
        return False
    start, stop = proposal.printed[name]
    if name in proposal.units:
        units = [document.text[first:last] for first, last in proposal.units[name]]
        figure = figure_with_unit(document.text[start:stop], kind, units, load(document.lang))
        currency = proposal.qualifiers.currency if kind == "amount" else ""
        return figure is not None and (figure.value, figure.unit) == (value, currency)
    # A word more than the figure: « un tiers » is a share only before « de ».
    found = figures(plain(document.text[start : stop + _AFTER]), document.lang)
    currencies = {proposal.qualifiers.currency} if kind == "amount" else {""}
    return any(f.kind == kind and f.start < stop - start and f.value == value and f.unit in currencies for f in found)


def _evidence(document: Document, place: tuple[int, int]) -> Evidence:
    start, end = place
    while start < end and document.text[start].isspace():
        start += 1
    while start < end and document.text[end - 1].isspace():
        end -= 1
    return document.evidence(start, end)


def _entity(end: End, document: Document) -> Entity:
    slug = "-".join("".join(c if c.isalnum() else " " for c in end.name.casefold()).split()) or "unnamed"
    printed = end.name if end.antecedent else _printed(document, end.start, end.end)
    return Entity(f"{end.kind.lower()}/{slug}", end.name, end.kind, tuple(sorted({end.name, printed})))


def _claim(proposal: Proposal, document: Document, resolve: Resolve) -> Claim:
    said = proposal.qualifiers
    end: Entity | Figure
    if proposal.object is None:
        if said.amount is None or said.currency is None:
            raise InvalidRecord("a figure without an amount")
        end, said = Figure(said.amount, said.currency), _without_amount(said)
    else:
        end = resolve(_entity(proposal.object, document))
    subject = resolve(_entity(proposal.subject, document))
    if proposal.object is not None and isinstance(end, Entity) and _stays_apart(proposal, subject, end):
        if proposal.part == "subject":
            subject = _entity(proposal.subject, document)
        else:
            end = _entity(proposal.object, document)
    return Claim(
        subject=subject,
        relation=proposal.relation,
        object=end,
        modality=proposal.modality,
        evidence=tuple(_evidence(document, place) for place in proposal.evidence),
        qualifiers=said,
        known_from=document.published,
        method=proposal.method,
        confidence=proposal.confidence,
    )


def _stays_apart(proposal: Proposal, subject: Entity, end: Entity) -> bool:
    """Whether a part is taken as it is found: a register would make one of it and its parent, or of two parts."""
    if not proposal.part or proposal.object is None:
        return False
    differ = proposal.subject.name.casefold() != proposal.object.name.casefold()
    return proposal.namesake or (subject.id == end.id and differ)


def _without_amount(said: Qualifiers) -> Qualifiers:
    return replace(said, amount=None, currency=None)
