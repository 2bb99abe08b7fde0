"""A dossier as text for a terminal, in English or French: every line with its terms and its sentence."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TextIO

from kg.errors import QueryError
from kg.model import Entity
from kg.ontology import ontology
from kg.query.dossiers import Direction, Dossier, Group, Line
from kg.query.rendering import printable

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


_WORDINGS: Mapping[str, _Wording] = {
    "en": _Wording(
        facts="Facts",
        no_facts="No facts",
        disputes="Disputed: the sources differ",
        nothing="no source says anything of it",
        untied="no source ties them directly; look for a way with: kg query path",
        known_from="known from",
        quotes=("“", "”"),
    ),
    "fr": _Wording(
        facts="Faits",
        no_facts="Aucun fait",
        disputes="Contesté : les sources divergent",
        nothing="aucune source n’en dit rien",
        untied="aucune source ne les relie directement ; cherchez un chemin avec : kg query path",
        known_from="connu depuis",
        quotes=("« ", " »"),
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
        yield from _group(group, dossier.entity, lang)
    for modality, groups in dossier.apart:
        yield _Piece("")
        yield _Piece(ontology().modalities[modality].label[lang].capitalize(), style="bold yellow")
        for group in groups:
            yield from _group(group, dossier.entity, lang)
    if dossier.disputes:
        yield _Piece("")
        yield _Piece(wording.disputes, style="bold red")
    for dispute in dossier.disputes:
        yield _Piece(_statement(dispute.lines[0], lang), 1)
        for line in dispute.lines:
            mark = "" if line.is_fact else ontology().modalities[line.modality].label[lang]
            yield _Piece(" · ".join(filter(None, (mark, line.terms(lang) or "–", *_sources(line, lang)))), 2)


def _introduction(entity: Entity, lang: str) -> str:
    words = [ontology().classes[entity.type].label[lang] if entity.type in ontology().classes else entity.type]
    known = ontology().companies.get(entity.id)
    identifiers = known.identifiers if known else {}
    words += [f"{ontology().identifiers[kind].label[lang]} {value}" for kind, value in identifiers.items()]
    return " · ".join([f"{entity.name}: {words[0]}", entity.id, *words[1:]])


def _group(group: Group, entity: Entity, lang: str) -> Iterator[_Piece]:
    label = ontology().relation(group.relation).label[lang]
    yield _Piece(f"… {label} {entity.name}" if group.direction is Direction.IN else f"{entity.name} {label}", 1, "cyan")
    for line in group.lines:
        yield from _line(line, entity, lang)


def _line(line: Line, entity: Entity, lang: str) -> Iterator[_Piece]:
    other = line.other(entity)
    words = [other.name] if isinstance(other, Entity) else []
    known_from = f"{_WORDINGS[lang].known_from} {line.known_from}" if line.known_from else ""
    yield _Piece(" · ".join(filter(None, (*words, line.terms(lang), known_from))), 2)
    opening, closing = _WORDINGS[lang].quotes
    for claim in line.claims:
        quote = " … ".join(evidence.quote for evidence in claim.evidence)
        yield _Piece(f"{opening}{quote}{closing} {claim.document}", 3, "dim")


def _statement(line: Line, lang: str) -> str:
    label = ontology().relation(line.relation).label[lang]
    words = [line.subject.name, label, line.object.name if isinstance(line.object, Entity) else "…"]
    return " ".join(words)


def _sources(line: Line, lang: str) -> Iterator[str]:
    opening, closing = _WORDINGS[lang].quotes
    for claim in line.claims:
        yield f"{claim.document} {claim.known_from or ''}".strip()
        yield f"{opening}{claim.evidence[0].quote}{closing}"
