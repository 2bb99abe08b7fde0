"""A dossier as text for a terminal, in English or French: every fact with its terms and its sentences."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import TextIO, TypeAlias

from kg.errors import QueryError
from kg.facts import Dispute, Fact, TierSaying, TriState, tier_rank
from kg.facts.periods import Key
from kg.judgements import Verdict, author_of
from kg.model import Claim, Entity, Figure, Tier
from kg.ontology import ontology
from kg.query.dossiers import Direction, Dossier, Group
from kg.query.judged import judged_in_words
from kg.query.register_text import identifier_in_words, register_lines, saying_in_words
from kg.store import NearDuplicates
from kg.wording.dossiers import DOSSIER_WORDING
from kg.wording.places import place_label
from kg.wording.printable import printable
from kg.wording.terms import figure, terms

__all__ = ["write_dossier"]

_WITHOUT_END = 1_000_000
_LONGEST_ROW = 200
_Sayings: TypeAlias = dict[Key, tuple[TierSaying, ...]]


@dataclass(frozen=True, slots=True)
class _Piece:
    """One line of text, how far it stands in, and how it looks."""

    text: str
    indent: int = 0
    style: str = ""


def write_dossier(dossier: Dossier, out: TextIO, lang: str = "en", *, width: int | None = None) -> None:
    """Write a dossier: facts by relation, then what is planned, reported, denied or over, then disputes.

    Long sentences are folded to the terminal's width, or to `width`; in a pipe nothing is folded.
    """
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    if lang not in DOSSIER_WORDING:
        raise QueryError(f"a dossier cannot be written in '{lang}': choose one of {', '.join(DOSSIER_WORDING)}")
    room = width or (None if out.isatty() else _WITHOUT_END)
    console = Console(file=out, width=room, highlight=False, emoji=False)
    for piece in _pieces(dossier, lang):
        text = Text(printable(piece.text), style=piece.style)
        console.print(Padding(text, (0, 0, 0, 2 * piece.indent), expand=False) if piece.indent else text)


def _pieces(dossier: Dossier, lang: str) -> Iterator[_Piece]:
    wording = DOSSIER_WORDING[lang]
    ends = [dossier.entity, dossier.other] if dossier.other else [dossier.entity]
    yield _Piece(" – ".join(end.name for end in ends), style="bold")
    for end in ends:
        yield _Piece(_introduction(end, lang), style="dim")
    for note in dossier.selection.notes(lang):
        yield _Piece(note, style="dim")
    yield from (_Piece(*line) for line in register_lines(dossier.registers, lang))
    if not dossier.is_empty:
        yield from _told(dossier, lang)
    elif dossier.other or not dossier.registers:
        yield _Piece(wording.untied if dossier.other else wording.nothing)
    if dossier.judged is not None and dossier.judged.judged:
        yield _Piece("")
        yield _Piece(judged_in_words(dossier.judged, lang), style="dim")
    if dossier.count_to_review:
        yield _Piece("")
        name = shlex.quote(dossier.entity.name)
        yield _Piece(wording.more_to_review.format(dossier.count_to_review, name), style="dim")


def _told(dossier: Dossier, lang: str) -> Iterator[_Piece]:
    """Yield facts, what is no fact, disputes, and at last what was not admitted."""
    wording = DOSSIER_WORDING[lang]
    yield _Piece("")
    yield _Piece(_heading(dossier, lang), style="bold green")
    sayings = dict(dossier.sayings_by_tier)
    for group in dossier.facts:
        yield from _group(group, dossier, sayings, lang)
    for modality, groups in dossier.apart:
        yield _Piece("")
        yield _Piece(ontology().modalities[modality].label[lang].capitalize(), style="bold yellow")
        for group in groups:
            yield from _group(group, dossier, sayings, lang)
    if dossier.disputes:
        yield _Piece("")
        yield _Piece(wording.disputes, style="bold red")
    for dispute in dossier.disputes:
        yield from _dispute(dispute, dossier, lang)
    if dossier.candidates:
        yield _Piece("")
        yield _Piece(wording.candidates, style="bold magenta")
    for claim in dossier.candidates:
        yield from _candidate(claim, dossier, lang)
        yield from _opinions(claim, dossier, lang, 2)


def _heading(dossier: Dossier, lang: str) -> str:
    """Return the heading of the facts: on which day they stand, and how many of them are undecided."""
    wording, day = DOSSIER_WORDING[lang], dossier.as_of.day
    text = wording.facts if dossier.facts else wording.no_facts
    if day is not None:
        text = wording.on.format(text, day)
    count = dossier.count_undecided
    return f"{text} ({wording.count_undecided.format(count)})" if count else text


def _introduction(entity: Entity, lang: str) -> str:
    words = [ontology().classes[entity.type].label[lang] if entity.type in ontology().classes else entity.type]
    identifiers = ontology().identifiers_of(entity.id, entity.identifiers)
    words += [identifier_in_words(kind, value, lang) for kind, value in identifiers]
    return " · ".join([f"{entity.name}: {words[0]}", entity.id, *words[1:]])


def _group(group: Group, dossier: Dossier, sayings: _Sayings, lang: str) -> Iterator[_Piece]:
    """Yield the facts of a group; what several tiers say of one relationship stands beneath the first fact on it."""
    label, name = ontology().relation(group.relation).label[lang], dossier.entity.name
    yield _Piece(f"… {label} {name}" if group.direction is Direction.IN else f"{name} {label}", 1, "cyan")
    for fact in group.facts:
        yield from _fact(fact, dossier, sayings.pop(fact.key, ()), lang)


def _fact(fact: Fact, dossier: Dossier, sayings: Sequence[TierSaying], lang: str) -> Iterator[_Piece]:
    wording, other = DOSSIER_WORDING[lang], fact.other(dossier.entity)
    words = (
        other.name if isinstance(other, Entity) else "",
        fact.terms(lang),
        wording.undecided if fact.holds is TriState.UNDECIDED else "",
        f"{wording.known_from} {fact.known_from}" if fact.known_from else "",
        _support(fact, dossier.near_duplicates, lang),
    )
    yield _Piece(" · ".join(filter(None, words)), 2)
    if sayings:
        told = " – ".join(saying_in_words(saying, lang) for saying in sayings)
        yield _Piece(wording.by_tier.format(told), 3, "yellow")
    likeness = _likeness(fact, dossier.near_duplicates, lang)
    for claim in fact.claims:
        yield from _quotes(claim, dossier, lang, 3, likeness.get(claim.document))
        yield from _opinions(claim, dossier, lang, 3)


def _quotes(claim: Claim, dossier: Dossier, lang: str, indent: int, likeness: str | None = None) -> Iterator[_Piece]:
    """Yield each quote of a claim on a line of its own: the telling one first, then what it leans on."""
    for number, evidence in enumerate(claim.evidence):
        where = ", ".join(filter(None, (evidence.document, place_label(dossier.places.get(evidence, ()), lang))))
        quote = _shown(evidence.quote, is_row=dossier.tiers.get(evidence.document) is Tier.REGISTER)
        parts = (f"{_quoted(quote, lang)} {where}", None if number else likeness)
        yield _Piece(" · ".join(filter(None, parts)), indent, "dim")


def _opinions(claim: Claim, dossier: Dossier, lang: str, indent: int) -> Iterator[_Piece]:
    """Yield a line where people say something of a claim: whose own it is, who confirmed or doubts it, and when."""
    wording, author = DOSSIER_WORDING[lang], author_of(claim)
    own = () if author is None else (wording.own.format(author),)
    others = (
        wording.verdicts[opinion.verdict].format(opinion.author, opinion.at[:10])
        for opinion in dossier.opinions.get(claim.id, ())
        if opinion.author != author or opinion.verdict is not Verdict.RIGHT
    )
    if words := " · ".join((*own, *others)):
        yield _Piece(words, indent, "bold blue")


def _support(fact: Fact, near_duplicates: NearDuplicates | None, lang: str) -> str:
    """Say how many independent sources and documents a fact has, where there is more than one document."""
    wording, documents = DOSSIER_WORDING[lang], len(fact.documents)
    if documents == 1:
        return ""
    if near_duplicates is None:
        return wording.documents.format(documents)
    count = len(near_duplicates.sources(fact.documents))
    sources = wording.source if count == 1 else wording.sources.format(count)
    return sources if count == documents else f"{sources}, {wording.documents.format(documents)}"


def _likeness(fact: Fact, near_duplicates: NearDuplicates | None, lang: str) -> Mapping[str, str]:
    """Say of each document that is no source of its own which other one it is most alike."""
    likeness = {}
    for source in near_duplicates.sources(fact.documents) if near_duplicates else ():
        for document in source[1:]:
            nearest = near_duplicates.nearest(document, source) if near_duplicates else None
            if nearest is not None:
                likeness[document] = DOSSIER_WORDING[lang].like.format(f"{100 * nearest[1]:.0f}", nearest[0])
    return likeness


def _dispute(dispute: Dispute, dossier: Dossier, lang: str) -> Iterator[_Piece]:
    """Yield what sources say against each other, each side with the tiers of its sources, the firmest first."""
    wording, near_duplicates = DOSSIER_WORDING[lang], dossier.near_duplicates
    names = {"figure": wording.figure, "modality": wording.modality}
    differs = [names.get(name) or ontology().qualifiers[name].label[lang] for name in dispute.differs]
    yield _Piece(f"{_statement(dispute.facts[0], lang)} · {', '.join(differs)}", 1, "cyan")
    for fact in dispute.facts:
        mark = "" if fact.is_fact else ontology().modalities[fact.modality].label[lang]
        tiers = sorted({dossier.tiers[name] for name in fact.documents if name in dossier.tiers}, key=tier_rank)
        ranks = ", ".join(ontology().tiers[tier].label[lang] for tier in tiers)
        words = (ranks, mark, fact.terms(lang) or "–", _support(fact, near_duplicates, lang))
        yield _Piece(" · ".join(filter(None, words)), 2)
        for claim in fact.claims:
            is_row = dossier.tiers.get(claim.document) is Tier.REGISTER
            quotes = " ".join(_quoted(_shown(evidence.quote, is_row=is_row), lang) for evidence in claim.evidence)
            yield _Piece(" · ".join(filter(None, (claim.known_from, claim.document, quotes))), 3, "dim")


def _candidate(claim: Claim, dossier: Dossier, lang: str) -> Iterator[_Piece]:
    """Yield a claim that was not admitted: its outcome and reasons first, so that nobody takes it for a fact."""
    outcome = DOSSIER_WORDING[lang].outcomes[claim.outcome]
    modality = ontology().modalities[claim.modality].label[lang]
    worded = figure(claim.object, lang) if isinstance(claim.object, Figure) else terms(claim.qualifiers, lang)
    words = (f"{outcome} ({', '.join(claim.reasons)})", _statement(claim, lang), worded, modality)
    yield _Piece(" · ".join(filter(None, words)), 1)
    yield from _quotes(claim, dossier, lang, 2)


def _statement(said: Fact | Claim, lang: str) -> str:
    label = ontology().relation(said.relation).label[lang]
    words = [said.subject.name, label, said.object.name if isinstance(said.object, Entity) else "…"]
    return " ".join(words)


def _shown(quote: str, *, is_row: bool) -> str:
    """Return a sentence whole, and the beginning of a register's row, which can be a page long."""
    return shorten(quote, _LONGEST_ROW, placeholder="…") if is_row else quote


def _quoted(text: str, lang: str) -> str:
    opening, closing = DOSSIER_WORDING[lang].quotes
    return f"{opening}{text}{closing}"
