"""An explanation of a reading as lines for people, places as character offsets."""

from collections.abc import Iterator

from kg.extract.explanation import Explanation, Name, Verdict
from kg.extract.outline import Clause
from kg.extract.proposal import Refusal
from kg.extract.reasons import MEANINGS, Reason
from kg.model import Document

__all__ = ["explanation_lines"]

_SHOWN = 3
"""Entries of an idle word that are told."""
_SURE = 100
"""How many times likelier a kind is, from where on nobody asks how many."""


def explanation_lines(found: Explanation, document: Document) -> Iterator[str]:
    """Yield the lines of an explanation."""
    yield "Names" if found.names else "Names: none"
    yield from (f"  {name.start}–{name.end}  {name.text}: {_kind(name)}" for name in found.names)
    yield f"Filer: {found.filer or 'nobody is told'}"
    yield f"About business: {found.business:.0%} probable"
    yield "Clauses"
    for clause in found.clauses:
        yield from _clause_lines(clause, "  ")
    yield f"Readings, at a precision of {found.precision:g}" if found.verdicts else "Readings: none"
    for verdict in found.verdicts:
        yield from _verdict_lines(verdict, document)
    if found.idle:
        yield "Words that could have stated a relation, but found no names in their places"
        for word in found.idle:
            more = " …" if len(word.entries) > _SHOWN else ""
            yield f"  {word.start}  {word.word}: {'; '.join(word.entries[:_SHOWN])}{more}"
    for line in found.dropped:
        yield f"Not read (a heading or a link): {line.strip()}"


def _kind(name: Name) -> str:
    if name.odds is None:
        sure = "known to the register"
    elif name.odds >= _SURE:
        sure = f"over {_SURE} times likelier than another kind"
    else:
        sure = f"{name.odds:.1f} times likelier than another kind"
    besides = f", short for {name.full}" if name.full != name.text else ""
    besides += ", may be a company" if name.maybe_company else ""
    return f"{name.kind} ({sure}){besides}"


def _clause_lines(clause: Clause, indent: str) -> Iterator[str]:
    parts = "; ".join(f"{role} {words}" for role, words in clause.parts)
    yield f"{indent}{clause.link}: {clause.verb}" + (f" ({parts})" if parts else "")
    for inner in clause.clauses:
        yield from _clause_lines(inner, f"{indent}  ")


def _verdict_lines(verdict: Verdict, document: Document) -> Iterator[str]:
    proposal, said = verdict.proposal, verdict.proposal.qualifiers.terms()
    ends = (("subject", proposal.subject), ("object", proposal.object))
    name = "" if proposal.object is None else f" {proposal.object.name}"
    yield f"  {proposal.subject.name} {proposal.relation}{name} [{proposal.modality.value}]"
    yield f"    entry    {proposal.why} ({proposal.method})"
    for role, end in ends:
        if end is not None:
            words = document.text[end.start : end.end]
            by = "" if words == end.name else f", for {end.name}"
            yield f"    {role:8} {end.start}–{end.end}  {words}{by}"
    for term, value in said.items():
        start, stop = proposal.printed.get(term, (None, None))
        yield f"    {term:8} {value}" + ("" if start is None else f"  ({start}–{stop})")
    yield from _outcome_lines(verdict)


def _outcome_lines(verdict: Verdict) -> Iterator[str]:
    outcome = verdict.outcome
    if isinstance(outcome, Refusal):
        yield f"    refused  {outcome.reason}: {outcome.detail}"
        return
    yield f"    {outcome.outcome}, confidence {outcome.confidence:.2f}"
    yield from (f"      {reason}: {MEANINGS[Reason(reason)][1]}" for reason in outcome.reasons)
    for word, told in (("for", verdict.signs_for), ("against", verdict.signs_against)):
        if told:
            yield f"      {word:7}  {', '.join(told)}"
