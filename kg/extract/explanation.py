"""How a text is read, and why: for whoever writes a lexicon, or wonders about a claim."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.extract.capitals import Known
from kg.extract.confidence import MODEL, RIGHT, WRONG, settled
from kg.extract.doubts import topic
from kg.extract.gate import Resolve, admit, as_found
from kg.extract.linear import weights
from kg.extract.outline import Clause, outline
from kg.extract.paragraph.seen import Seen
from kg.extract.proposal import Parsed, Proposal, Reader, Refusal
from kg.extract.reader import READERS, doubted, hear, parse
from kg.extract.signs import signs
from kg.extract.tables.reading import read_tables
from kg.extract.tables.summary import TableSummary
from kg.model import Claim, Document
from kg.settings import PRECISION

__all__ = ["Explanation", "Idle", "Name", "Verdict", "explain"]

_STRONGEST = 3
"""Signs for, and signs against, that are told of a proposal."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name in the text: characters `start`–`end`, what it is, and what it may be besides.

    `odds` says how many times likelier its kind is than the next one, None where a register knows it.
    """

    text: str
    kind: str
    start: int
    end: int
    full: str
    maybe_company: bool
    odds: float | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """A proposal, what the gate made of it, and the signs that raise and lower its confidence most."""

    proposal: Proposal
    outcome: Claim | Refusal
    signs_for: tuple[str, ...]
    signs_against: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Idle:
    """A word that some entries could have been triggered by, and none of them read: no names in their places."""

    word: str
    start: int
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a text is found to hold: its names, clauses, readings with their entries, its words left idle.

    `filer` is who files it, where it is told; `business` is the probability that it is about the business of
    organisations; claims are sorted as a build sorts them that is asked for `precision`. `seen` is what the paragraph
    model sees, `tables` what became of each table.
    """

    names: tuple[Name, ...]
    filer: str | None
    business: float
    clauses: tuple[Clause, ...]
    verdicts: tuple[Verdict, ...]
    idle: tuple[Idle, ...]
    dropped: tuple[str, ...]
    precision: float
    seen: Seen
    tables: tuple[TableSummary, ...]


def explain(
    document: Document,
    known: Known = lambda _: None,
    readers: Sequence[Reader] = READERS,
    resolve: Resolve = as_found,
    precision: float = PRECISION,
) -> Explanation:
    """Read a document and tell how: every name, every proposal with the entry that made it, its gate's verdict.

    Raises what `kg.extract.read` raises.
    """
    parsed = parse(document, known)
    proposals = doubted(hear(parsed, readers).proposals, parsed)
    business = topic.business(parsed)
    verdicts = []
    for proposal in proposals:
        outcome = admit(proposal, document, resolve)
        sorted_ = settled(outcome, precision) if isinstance(outcome, Claim) else outcome
        verdicts.append(Verdict(proposal, sorted_, *_strongest(signs(proposal, parsed, proposals, business))))
    filer = parsed.text.filer
    return Explanation(
        names=tuple(_names(parsed)),
        filer=None if filer is None else filer.name,
        business=business,
        clauses=tuple(outline(sentence) for sentence in parsed.text.sentences),
        verdicts=tuple(verdicts),
        idle=tuple(_idle(parsed, proposals)),
        dropped=tuple(line.text for line in parsed.text.dropped),
        precision=precision,
        seen=parsed.seen,
        tables=tuple(reading.summary for reading in read_tables(parsed)),
    )


def _names(parsed: Parsed) -> Iterator[Name]:
    for sentence in parsed.text.sentences:
        for mention in sentence.mentions:
            odds = None if mention.margin is None else math.exp(mention.margin)
            yield Name(mention.text, mention.kind, *mention.place, mention.name, mention.maybe, odds)


def _strongest(found: set[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The signs that speak most for a proposal, and most against it."""
    model = weights(MODEL)
    right, wrong = model.classes.index(RIGHT), model.classes.index(WRONG)
    told = {sign: w[right] - w[wrong] for sign in found if (w := model.features.get(sign)) is not None}
    ranked = sorted(told, key=lambda sign: (-told[sign], sign))
    plus = [sign for sign in ranked if told[sign] > 0]
    minus = [sign for sign in reversed(ranked) if told[sign] < 0]
    return tuple(plus[:_STRONGEST]), tuple(minus[:_STRONGEST])


def _idle(parsed: Parsed, proposals: Sequence[Proposal]) -> Iterator[Idle]:
    spoke = {proposal.why for proposal in proposals}
    for sentence in parsed.text.sentences:
        for token in sentence.span:
            entries = [frame.name for frame in parsed.lexicon.frames_at(token.lemma_.lower(), token.lower_)]
            if entries and token.i not in sentence.by_token and not spoke.intersection(entries):
                yield Idle(token.text, sentence.offset + token.idx, tuple(dict.fromkeys(entries)))
