"""A dossier as text for a terminal, in English or French: every line with its terms and its sentence."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TextIO

from kg.errors import QueryError
from kg.facts import Dispute, Fact
from kg.model import Entity
from kg.ontology import ontology
from kg.query.dossiers import Direction, Dossier, Group
from kg.query.rendering import printable
from kg.store import NearDuplicates

__all__ = ["write_dossier"]

_WITHOUT_END = 1_000_000


@dataclass(frozen=True, slots=True)
class _Wording:
    facts: str
    no_facts: str
    disputes: str
    nothing: str
    untied: str
    known_from: str
    quotes: tuple[str, str]
    source: str
    sources: str
    documents: str
    like: str
    figure: str
    modality: str


_WORDINGS: Mapping[str, _Wording] = {
    "en": _Wording(
        facts="Facts",
        no_facts="No facts",
        disputes="Disputed: the sources differ",
        nothing="no source says anything of it",
        untied="no source ties them directly; look for a way with: kg query path",
        known_from="known from",
        quotes=("“", "”"),
        source="1 source",
        sources="{0} independent sources",
        documents="{0} documents",
        like="{0} % the same as {1}",
        figure="figure",
        modality="modality",
    ),
    "fr": _Wording(
        facts="Faits",
        no_facts="Aucun fait",
        disputes="Contesté : les sources divergent",
        nothing="aucune source n’en dit rien",
        untied="aucune source ne les relie directement ; cherchez un chemin avec : kg query path",
        known_from="connu depuis",
        quotes=("« ", " »"),
        source="1 source",
        sources="{0} sources indépendantes",
        documents="{0} documents",
        like="{0} % du texte de {1}",
        figure="chiffre",
        modality="modalité",
    ),
}


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

    if lang not in _WORDINGS:
        raise QueryError(f"a dossier cannot be written in '{lang}': choose one of {', '.join(_WORDINGS)}")
    room = width or (None if out.isatty() else _WITHOUT_END)
    console = Console(file=out, width=room, highlight=False, emoji=False)
    for piece in _pieces(dossier, lang):
        text = Text(printable(piece.text), style=piece.style)
        console.print(Padding(text, (0, 0, 0, 2 * piece.indent), expand=False) if piece.indent else text)


def _pieces(dossier: Dossier, lang: str) -> Iterator[_Piece]:
    wording = _WORDINGS[lang]
    ends = [dossier.entity, dossier.other] if dossier.other else [dossier.entity]
    yield _Piece(" – ".join(end.name for end in ends), style="bold")
    for end in ends:
        yield _Piece(_introduction(end, lang), style="dim")
    if dossier.is_empty:
        yield _Piece(wording.untied if dossier.other else wording.nothing)
        return
    yield _Piece("")
    yield _Piece(wording.facts if dossier.facts else wording.no_facts, style="bold green")
    for group in dossier.facts:
        yield from _group(group, dossier, lang)
    for modality, groups in dossier.apart:
        yield _Piece("")
        yield _Piece(ontology().modalities[modality].label[lang].capitalize(), style="bold yellow")
        for group in groups:
            yield from _group(group, dossier, lang)
    if dossier.disputes:
        yield _Piece("")
        yield _Piece(wording.disputes, style="bold red")
    for dispute in dossier.disputes:
        yield from _dispute(dispute, dossier.near_duplicates, lang)


def _introduction(entity: Entity, lang: str) -> str:
    words = [ontology().classes[entity.type].label[lang] if entity.type in ontology().classes else entity.type]
    known = ontology().companies.get(entity.id)
    identifiers = known.identifiers if known else {}
    words += [f"{ontology().identifiers[kind].label[lang]} {value}" for kind, value in identifiers.items()]
    return " · ".join([f"{entity.name}: {words[0]}", entity.id, *words[1:]])


def _group(group: Group, dossier: Dossier, lang: str) -> Iterator[_Piece]:
    label, name = ontology().relation(group.relation).label[lang], dossier.entity.name
    yield _Piece(f"… {label} {name}" if group.direction is Direction.IN else f"{name} {label}", 1, "cyan")
    for line in group.lines:
        yield from _line(line, dossier, lang)


def _line(line: Fact, dossier: Dossier, lang: str) -> Iterator[_Piece]:
    other = line.other(dossier.entity)
    words = [other.name] if isinstance(other, Entity) else []
    known_from = f"{_WORDINGS[lang].known_from} {line.known_from}" if line.known_from else ""
    said = (*words, line.terms(lang), known_from, _support(line, dossier.near_duplicates, lang))
    yield _Piece(" · ".join(filter(None, said)), 2)
    likeness = _likeness(line, dossier.near_duplicates, lang)
    for claim in line.claims:
        quote = " … ".join(evidence.quote for evidence in claim.evidence)
        parts = (f"{_quoted(quote, lang)} {claim.document}", likeness.get(claim.document))
        yield _Piece(" · ".join(filter(None, parts)), 3, "dim")


def _support(line: Fact, copies: NearDuplicates | None, lang: str) -> str:
    """Say how many independent sources and documents a line has, where there is more than one document."""
    wording, documents = _WORDINGS[lang], len(line.documents)
    if documents == 1:
        return ""
    if copies is None:
        return wording.documents.format(documents)
    count = len(copies.sources(line.documents))
    sources = wording.source if count == 1 else wording.sources.format(count)
    return sources if count == documents else f"{sources}, {wording.documents.format(documents)}"


def _likeness(line: Fact, copies: NearDuplicates | None, lang: str) -> Mapping[str, str]:
    """Say of each document that is no source of its own which other one it is most alike."""
    found = {}
    for source in copies.sources(line.documents) if copies else ():
        for document in source[1:]:
            like = copies.nearest(document, source) if copies else None
            if like is not None:
                found[document] = _WORDINGS[lang].like.format(f"{100 * like[1]:.0f}", like[0])
    return found


def _dispute(dispute: Dispute, copies: NearDuplicates | None, lang: str) -> Iterator[_Piece]:
    wording = _WORDINGS[lang]
    named = {"figure": wording.figure, "modality": wording.modality}
    differs = [named.get(name) or ontology().qualifiers[name].label[lang] for name in dispute.differs]
    yield _Piece(f"{_statement(dispute.facts[0], lang)} · {', '.join(differs)}", 1, "cyan")
    for line in dispute.facts:
        mark = "" if line.is_fact else ontology().modalities[line.modality].label[lang]
        yield _Piece(" · ".join(filter(None, (mark, line.terms(lang) or "–", _support(line, copies, lang)))), 2)
        for claim in line.claims:
            said = (claim.known_from, claim.document, _quoted(claim.evidence[0].quote, lang))
            yield _Piece(" · ".join(filter(None, said)), 3, "dim")


def _statement(line: Fact, lang: str) -> str:
    label = ontology().relation(line.relation).label[lang]
    words = [line.subject.name, label, line.object.name if isinstance(line.object, Entity) else "…"]
    return " ".join(words)


def _quoted(text: str, lang: str) -> str:
    opening, closing = _WORDINGS[lang].quotes
    return f"{opening}{text}{closing}"
