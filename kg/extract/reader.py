"""A document in, grounded claims out: the readers one after the other, and the gate behind them."""

import functools
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kg.companies import LISTED
from kg.errors import MissingExtra, ModelFailed, UnknownLanguage
from kg.extract import kinds
from kg.extract.agreement import compared
from kg.extract.capitals import Known
from kg.extract.confidence import MODEL as CONFIDENCE
from kg.extract.confidence import confidence
from kg.extract.doubts import doubts, topic, with_own_terms
from kg.extract.filings.customers import unnamed
from kg.extract.filings.identity import identified
from kg.extract.filings.items import by_item
from kg.extract.filings.reader import METHOD as FILINGS
from kg.extract.filings.reader import Filings, without_forms
from kg.extract.gate import Resolve, admit, as_found
from kg.extract.lexicon import LANGUAGES, load
from kg.extract.measures import measures
from kg.extract.paragraph.network import HEADS
from kg.extract.paragraph.reader import Paragraphs
from kg.extract.paragraph.seen import look
from kg.extract.paragraph.settled import settled
from kg.extract.proposal import Parsed, Proposal, Reader, Refusal, Usage
from kg.extract.rules import Rules
from kg.extract.sentences import Text, read_text
from kg.extract.signs import signs
from kg.extract.steering import steered
from kg.extract.tables.reader import Tables
from kg.extract.tables.reading import METHOD as TABLES
from kg.extract.tables.reading import read_tables
from kg.extract.tables.summary import TableSummary
from kg.extract.tables.surety import MEASURED
from kg.model import Claim, Document, Entity, Outcome
from kg.ontology import ontology, path, state

__all__ = ["READERS", "Extraction", "Heard", "doubted", "fingerprint", "hear", "named", "parse", "pipeline", "read"]

_WEIGHTS = (*(f"weights/{model}.json" for model in (kinds.MODEL, topic.MODEL, CONFIDENCE)), HEADS, MEASURED)

_OWN = ("llm/", TABLES, FILINGS)
"""Methods whose proposals bring doubts and confidence of their own."""

_OF_SENTENCES = ("rules/", "paragraph/")
"""Methods that read sentence by sentence, whatever the form of the text."""

READERS: tuple[Reader, ...] = (Rules(), Paragraphs(), Tables(), Filings())
"""The readers of a build that asks for no other, each hearing what those before it proposed."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a reading gave: the claims that the gate admitted, and the candidates that it did not.

    `dropped` are lines left out as furniture or headings, `refused` proposals that point at nothing in the text,
    `usage` is what it cost, `failed` says why readers could not read; the others' claims are there. `tables` tells
    what became of each table, `unnamed` counts customers whose shares a filing tells without their names.
    """

    claims: tuple[Claim, ...]
    candidates: tuple[Claim, ...] = ()
    dropped: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()
    usage: Usage = field(default_factory=Usage)
    failed: tuple[str, ...] = ()
    tables: tuple[TableSummary, ...] = ()
    unnamed: int = 0


@functools.cache
def pipeline(lang: str) -> Any:
    """Load the spaCy pipeline of a language, once in a process; raise `MissingExtra` where it is absent."""
    try:
        import spacy

        return spacy.load(load(lang).pipeline, exclude=["senter"])
    except (ImportError, OSError) as error:
        raise MissingExtra(
            f"reading {lang} text needs spaCy and {load(lang).pipeline}: pip install 'kg[read]'"
        ) from error


def fingerprint(lang: str, readers: tuple[Reader, ...] = READERS) -> str:
    """Name what reads a language today: methods, versions, lexicon, registry and weights.

    A document that this has read need not be read again.
    """
    names = (f"lexicon/{lang}.toml", "registry.ttl", LISTED, *_WEIGHTS)
    return f"{'+'.join(r.method for r in readers)}+{_hash(names, tuple(map(state, names)))}"


@functools.lru_cache(maxsize=8)
def _hash(names: tuple[str, ...], _: object) -> str:
    """The hash of what files hold, wherever they lie."""
    told = hashlib.sha256()
    for name in names:
        told.update(path(name).read_bytes())
    return told.hexdigest()[:12]


def named(document: Document, known: Known = lambda _: None) -> Text:
    """Parse a document and find its names, of the kinds that the names' model gives them.

    This is what the paragraph model reads. `known` tells what a name is where a register knows it. Raises
    `UnknownLanguage` for a text in neither French nor English, `MissingExtra` where the language's pipeline is not
    installed.
    """
    if document.lang not in LANGUAGES:
        raise UnknownLanguage(f"{document.id}: no reader for the language '{document.lang}'; kg reads fr and en")
    return read_text(document.text, load(document.lang), pipeline(document.lang), known)


def parse(document: Document, known: Known = lambda _: None) -> Parsed:
    """Parse a document and find its names, their kinds settled by the paragraph model; raise what `named` raises."""
    text, lexicon = named(document, known), load(document.lang)
    seen = look(document, text)
    return Parsed(document, settled(text, seen, lexicon), lexicon, seen)


def _key(claim: Claim) -> tuple[str, str, str, str, str, str]:
    first, second = claim.subject.id, claim.object.id if isinstance(claim.object, Entity) else str(claim.object.value)
    if ontology().relation(claim.relation).symmetric and second < first:
        first, second = second, first
    method, place = claim.method.partition("/")[0], str(claim.evidence[0].start)
    if claim.method in {TABLES, FILINGS}:
        # A row tells shares of capital and of votes, and those of several days; so does a sentence on customers.
        place += f" {claim.qualifiers.percent_of} {claim.qualifiers.as_of}"
    return first, claim.relation, second, claim.modality.value, place, method


def _better(one: Claim, two: Claim) -> Claim:
    return one if len(one.qualifiers.terms()) >= len(two.qualifiers.terms()) else two


def _distinct(claims: Iterable[Claim]) -> list[Claim]:
    """One claim of each that a reader found twice in a sentence: the one that says more."""
    kept: dict[tuple[str, ...], Claim] = {}
    for claim in claims:
        key = _key(claim)
        kept[key] = _better(kept[key], claim) if key in kept else claim
    return sorted(kept.values(), key=lambda c: (c.evidence[0].start, c.relation, c.subject.id, c.method))


@dataclass(slots=True)
class Heard:
    """What readers said of a document, before the gate; `failed` tells of those that could not read it."""

    proposals: list[Proposal] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
    failed: tuple[str, ...] = ()


def hear(parsed: Parsed, readers: Sequence[Reader]) -> Heard:
    """Let each reader propose, knowing what those before it did; what one proposes before it fails stays."""
    heard = Heard()
    for reader in readers:
        said: list[Proposal | Refusal | Usage] = []
        try:
            said.extend(reader.propose(parsed, tuple(heard.proposals)))
        except ModelFailed as error:
            heard.failed = (*heard.failed, str(error))
        heard.proposals.extend(one for one in said if isinstance(one, Proposal))
        heard.refusals.extend(one for one in said if isinstance(one, Refusal))
        heard.usage = sum((one for one in said if isinstance(one, Usage)), heard.usage)
    return heard


def doubted(proposals: Sequence[Proposal], parsed: Parsed) -> Sequence[Proposal]:
    """Return proposals with what speaks against them, and how sure they are.

    A language model and tables bring doubts and confidence of their own. In a text that gives orders to whatever
    reads it, all are in doubt: the rules, too, would take an order for news.
    """
    offline = [with_own_terms(one, parsed) for one in proposals if not one.method.startswith(_OWN)]
    business = topic.business(parsed) if offline else 1.0
    weighed = iter(
        replace(proposal, doubts=(*proposal.doubts, *found), confidence=round(confidence(told), 4))
        for proposal, found in zip(offline, doubts(offline, parsed, business), strict=True)
        for told in [measures(proposal, parsed, signs(proposal, parsed, offline, business), business)]
    )
    told = [proposal if proposal.method.startswith(_OWN) else next(weighed) for proposal in proposals]
    told = [_as_sure_as_its_leader(proposal, told) for proposal in told]
    return steered(told, parsed.document.text)


def _as_sure_as_its_leader(proposal: Proposal, others: Sequence[Proposal]) -> Proposal:
    """In a list of holders of one kind, all are as surely read as the one that leads it, which the parse tells of."""
    if proposal.led_by is None:
        return proposal
    leads = [
        other.confidence
        for other in others
        if proposal.led_by == other.subject.name
        and (other.relation, other.object, other.evidence) == (proposal.relation, proposal.object, proposal.evidence)
        and other.subject.kind == proposal.subject.kind
    ]
    return replace(proposal, confidence=max(leads, default=proposal.confidence))


def read(
    document: Document,
    known: Known = lambda _: None,
    readers: Sequence[Reader] = READERS,
    resolve: Resolve = as_found,
) -> Extraction:
    """Read a document's claims.

    `resolve` gives the entities their ids (`kg.resolve.Resolver.entity`) before a claim is made of them; without it
    the ids are provisional. Where the rules and a language model differ, both claims go to review, each with its
    method and confidence; where they agree they are one (`kg.extract.agreement`). Raises what `parse` raises.
    """
    parsed = parse(document, known)
    heard = hear(parsed, readers)
    proposals = by_item(without_forms(heard.proposals, parsed, _OF_SENTENCES), parsed)
    verdicts = [admit(proposal, document, resolve) for proposal in doubted(proposals, parsed)]
    claims = identified(compared(verdict for verdict in verdicts if isinstance(verdict, Claim)), parsed, resolve)
    admitted = _distinct(claim for claim in claims if claim.outcome is Outcome.ADMITTED)
    found = {_key(claim) for claim in admitted}
    candidates = _distinct(c for c in claims if c.outcome is not Outcome.ADMITTED and _key(c) not in found)
    return Extraction(
        tuple(admitted),
        tuple(candidates),
        tuple(line.text for line in parsed.text.dropped),
        (*heard.refusals, *(v for v in verdicts if isinstance(v, Refusal))),
        heard.usage,
        heard.failed,
        tuple(reading.summary for reading in read_tables(parsed)),
        unnamed(parsed),
    )
