"""An explanation of a reading as lines for people, places as character offsets."""

from collections.abc import Iterator

from kg.extract.explanation import Explanation, Name, Verdict
from kg.extract.outline import Clause
from kg.extract.paragraph.seen import Seen
from kg.extract.proposal import Refusal
from kg.extract.tables.summary import TableSummary
from kg.model import Document
from kg.reasons import MEANINGS, Reason

__all__ = ["explanation_lines"]

_KINDS = 2
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
    yield from _seen_lines(found.seen, document)
    yield f"Readings, at a precision of {found.precision:g}" if found.verdicts else "Readings: none"
    for verdict in found.verdicts:
        yield from _verdict_lines(verdict, document)
    if found.idle:
        yield "Words that could have stated a relation, but found no names in their places"
        for word in found.idle:
            more = " …" if len(word.entries) > _SHOWN else ""
            yield f"  {word.start}  {word.word}: {'; '.join(word.entries[:_SHOWN])}{more}"
    yield from (_table_line(table) for table in found.tables)
    for line in found.dropped:
        yield f"Not read (a heading or a link): {line.strip()}"


def _table_line(table: TableSummary) -> str:
    where = f"Table {table.start}–{table.end} “{table.label}”"
    if not table.is_read:
        return f"{where}: not read: {table.reason}"
    others = ((table.unnamed, "that name nobody"), (table.totals, "that sum up"))
    rest = "".join(f", {count} {what}" for count, what in others if count)
    return f"{where}: each row a {table.topic}; of {table.rows} rows {table.read} read{rest}"


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


def _seen_lines(seen: Seen, document: Document) -> Iterator[str]:
    """What the paragraph model sees: names with their likeliest kinds, ties with their scores, what tells them."""
    if not seen.kinds:
        yield "The paragraph holds no two names that could be tied"
        return
    yield "The paragraph, as its model sees it"
    for name, kinds in seen.kinds.items():
        ranked = sorted(kinds, key=lambda kind: -kinds[kind])[:_KINDS]
        yield f"  {name}: {', '.join(f'{kind} {kinds[kind]:.2f}' for kind in ranked)}"
    for tie in sorted(seen.ties.values(), key=lambda tie: -tie.score):
        yield f"  {tie.subject} {tie.relation} {tie.object}: {tie.score:+.1f} [{tie.modality} {tie.sure:.2f}]"
        for (start, end), share in tie.where[:1]:
            yield f"    told by  {start}–{end}  {share:.2f} of the attention"
        for term in tie.terms:
            words = document.text[term.mark.start : term.mark.end]
            yield f"    {term.role:8} {words}  {term.probability:.2f}  ({term.mark.start}–{term.mark.end})"


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
