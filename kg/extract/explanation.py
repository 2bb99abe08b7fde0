"""How a text is read, and why: for whoever writes a lexicon, or wonders about a claim."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.extract.capitals import Known
from kg.extract.gate import admit
from kg.extract.proposal import Parsed, Proposal, Reader, Refusal
from kg.extract.reader import READERS, hear, parse
from kg.extract.reasons import MEANINGS, Reason
from kg.model import Claim, Document

__all__ = ["Explanation", "Idle", "Name", "Verdict", "explain", "lines_of"]


_SHOWN = 3
"""Entries of an idle word that are told."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name in the text: characters `start`–`end`, what it is, and what it may be besides."""

    text: str
    kind: str
    start: int
    end: int
    full: str
    maybe_company: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """A proposal, and what the gate made of it."""

    proposal: Proposal
    outcome: Claim | Refusal


@dataclass(frozen=True, slots=True)
class Idle:
    """A word that some entries could have been triggered by, and none of them read: no names in their places."""

    word: str
    start: int
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a text is found to hold: its names, its readings with their entries, its words left idle."""

    names: tuple[Name, ...]
    verdicts: tuple[Verdict, ...]
    idle: tuple[Idle, ...]
    dropped: tuple[str, ...]


def explain(document: Document, known: Known = lambda _: None, readers: Sequence[Reader] = READERS) -> Explanation:
    """Read a document and tell how: every name, every proposal with the entry that made it, its gate's verdict.

    Raises what `kg.extract.read` raises.
    """
    parsed = parse(document, known)
    proposals = hear(parsed, readers).proposals
    return Explanation(
        names=tuple(_names(parsed)),
        verdicts=tuple(Verdict(p, admit(p, document)) for p in proposals),
        idle=tuple(_idle(parsed, proposals)),
        dropped=tuple(line.text for line in parsed.text.dropped),
    )


def _names(parsed: Parsed) -> Iterator[Name]:
    for sentence in parsed.text.sentences:
        for mention in sentence.mentions:
            yield Name(mention.text, mention.kind, *mention.place, mention.name, mention.maybe)


def _idle(parsed: Parsed, proposals: Sequence[Proposal]) -> Iterator[Idle]:
    spoke = {proposal.why for proposal in proposals}
    for sentence in parsed.text.sentences:
        for token in sentence.span:
            entries = [frame.name for frame in parsed.lexicon.frames_at(token.lemma_.lower(), token.lower_)]
            if entries and token.i not in sentence.by_token and not spoke.intersection(entries):
                yield Idle(token.text, sentence.offset + token.idx, tuple(dict.fromkeys(entries)))


def lines_of(found: Explanation, document: Document) -> Iterator[str]:
    """Yield an explanation as lines for people, places as character offsets."""
    yield "Names"
    for name in found.names:
        besides = f", short for {name.full}" if name.full != name.text else ""
        besides += ", may be a company" if name.maybe_company else ""
        yield f"  {name.start}–{name.end}  {name.text}: {name.kind}{besides}"
    yield "Readings" if found.verdicts else "Readings: none"
    for verdict in found.verdicts:
        yield from _verdict_lines(verdict, document)
    if found.idle:
        yield "Words that could have stated a relation, but found no names in their places"
        for word in found.idle:
            more = " …" if len(word.entries) > _SHOWN else ""
            yield f"  {word.start}  {word.word}: {'; '.join(word.entries[:_SHOWN])}{more}"
    for line in found.dropped:
        yield f"Not read (a heading or a link): {line.strip()}"


def _verdict_lines(verdict: Verdict, document: Document) -> Iterator[str]:
    proposal, said = verdict.proposal, verdict.proposal.qualifiers.terms()
    ends = (("subject", proposal.subject), ("object", proposal.object))
    name = "" if proposal.object is None else f" {proposal.object.name}"
    yield f"  {proposal.subject.name} {proposal.relation}{name} [{proposal.modality.value}]"
    yield f"    entry    {proposal.why} ({proposal.method}, {proposal.confidence:g})"
    for role, end in ends:
        if end is not None:
            words = document.text[end.start : end.end]
            by = "" if words == end.name else f", for {end.name}"
            yield f"    {role:8} {end.start}–{end.end}  {words}{by}"
    for term, value in said.items():
        start, stop = proposal.printed.get(term, (None, None))
        yield f"    {term:8} {value}" + ("" if start is None else f"  ({start}–{stop})")
    yield from _outcome_lines(verdict.outcome)


def _outcome_lines(outcome: Claim | Refusal) -> Iterator[str]:
    if isinstance(outcome, Refusal):
        yield f"    refused  {outcome.reason}: {outcome.detail}"
        return
    yield f"    {outcome.outcome}"
    yield from (f"      {reason}: {MEANINGS[Reason(reason)][1]}" for reason in outcome.reasons)
