"""How a text is read, and why: for whoever writes a lexicon, or wonders about a claim."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.extract.gate import admit
from kg.extract.names import Known
from kg.extract.proposal import Parsed, Proposal, Reader, Refusal
from kg.extract.reader import READERS, hear, parse
from kg.model import Claim, Document

__all__ = ["Explanation", "Idle", "Name", "Verdict", "explain"]


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
