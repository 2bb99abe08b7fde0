"""Lexicon entries → frames: a template and its nouns, and the variants that follow from them.

A template is a sentence in dictionary form, ``{A}`` and ``{B}`` for the two ends of the relation:

    {A} détenir|posséder {percent} part|action de|dans {B}
    {A} racheter|acquérir {B}
    {A} être actionnaire de {B}
    {A} compter {B} parmi client
    client de {A} comprendre {B}
    {A}-backed {B}

Words that one may be said for another are parted by ``|``; an underscore joins the words of one
preposition (``auprès_de``); what stands in round brackets may be missing, and is then what the
sentence is about; ``{percent}``, ``{amount}``, ``{quantity}`` name the figures that the relation
takes. The passive, the relative clause, participle, infinitive, coordination and enumeration are
the matcher's and are not written; the nominal variants are derived here from the nouns of the
entry: `action` (« rachat »), `nominal` (what the verb of « prendre participation » becomes, « prise »),
`actor` (what A is called, « acquéreur »), `target` (what B is). A preposition at the end is the verb's
particle ("take {B} over").
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kg.errors import OntologyError
from kg.ontology import ontology

__all__ = ["KEYS", "Frame", "frames_of"]

KEYS = frozenset(
    {
        *(
            "relation",
            "template",
            "action",
            "nominal",
            "actor",
            "target",
            "requires",
            "unless",
            "voice",
            "through",
            "described",
            "called",
        ),
        *("event", "closes", "percent_of", "modality", "examples", "counter", "terms"),
    }
)
"""The keys of an entry."""

_TERMS = {"percent", "amount", "quantity"}
_ENDS = {"{A}": "subject", "{B}": "object"}
_OTHER = "{X}"
"""Somebody who is neither end: who sells B to A."""
_TOKEN = re.compile(r"\{[A-Za-z]+\}(?:-\S+)?|[^\s{}]+")


@dataclass(frozen=True, slots=True)
class Frame:
    """One construction that states a relation: a trigger, and where its two ends stand.

    `pos` is verb, noun, role (a noun said of somebody), or compound ("X-backed"). `via` holds the
    verbs through which a noun finds its agent, `beside` nouns that must stand in the clause of a verb,
    `called` words of which one must modify the trigger; `act` tells that the noun states the whole
    act; the places of subject and object are tried from left to right (see `kg.extract.places`).
    """

    name: str
    relation: str
    pos: str
    lemmas: frozenset[str]
    subject: tuple[str, ...]
    object: tuple[str, ...]
    via: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()
    described: frozenset[str] = frozenset()
    called: frozenset[str] = frozenset()
    requires: str | None = None
    unless: str | None = None
    terms: frozenset[str] = frozenset()
    act: bool = False
    particle: str | None = None
    passive_only: bool = False
    reflexive: bool = False
    through: bool = False
    event: bool = False
    closes: bool = False
    percent_of: str | None = None
    modality: str | None = None


@dataclass(slots=True)
class _Grammar:
    """What a language's lexicon says of its own small words."""

    prepositions: frozenset[str]
    copulas: frozenset[str]
    of: str
    by: str
    between: str


@dataclass(slots=True)
class _Pattern:
    """A template taken apart."""

    verbs: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    places: dict[str, list[str]] = field(default_factory=lambda: {"subject": [], "object": []})
    terms: set[str] = field(default_factory=set)
    particle: str | None = None
    reflexive: bool = False
    beside: bool = False
    compound: bool = False
    role: bool = False


def frames_of(lang: str, index: int, entry: Mapping[str, Any], grammar: Mapping[str, Sequence[str]]) -> Iterator[Frame]:
    """Yield the frames of an entry: its templates', the nominal ones after the first's.

    Raises `OntologyError` where the entry is wrong.
    """
    where = f"ontology/lexicon/{lang}.toml, entry {index + 1} ({entry.get('relation', '')})"
    _check(entry, where)
    words = _Grammar(
        frozenset(p.replace("_", " ") for p in grammar["prepositions"]),
        frozenset(grammar["copulas"]),
        grammar["of"][0],
        grammar["by"][0],
        grammar["between"][0],
    )
    common = _common(entry)
    templates = entry["template"] if isinstance(entry["template"], list) else [entry["template"]]
    for at, template in enumerate(templates):
        pattern = _parse(template, words, where)
        terms = frozenset(pattern.terms | set(entry.get("terms", ())))
        if "{figure}" in template:
            terms = frozenset({"amount"})
        named = {**common, "terms": terms}
        name = f"{lang}/{entry['relation']}: {template}"
        yield _first(pattern, name, named)
        if at == 0:
            yield from _nominal(pattern, entry, name, named, words)


def _check(entry: Mapping[str, Any], where: str) -> None:
    unknown = set(entry) - KEYS
    if unknown:
        raise OntologyError(f"{where}: unknown key {', '.join(sorted(unknown))}")
    if "template" not in entry:
        raise OntologyError(f"{where}: give a template")
    if entry.get("relation") not in ontology().relations:
        raise OntologyError(f"{where}: the ontology has no such relation")


def _common(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "relation": entry["relation"],
        "described": frozenset(entry.get("described", ())),
        "called": frozenset(entry.get("called", ())),
        "requires": entry.get("requires"),
        "unless": entry.get("unless"),
        "passive_only": entry.get("voice") == "passive",
        "through": bool(entry.get("through", False)),
        "event": bool(entry.get("event", False)),
        "closes": bool(entry.get("closes", False)),
        "percent_of": entry.get("percent_of"),
        "modality": entry.get("modality"),
    }


def _parse(template: str, grammar: _Grammar, where: str) -> _Pattern:
    """Take a template apart; raise `OntologyError` where it is no template."""
    found, preposition, lead = _Pattern(), "", ""
    optional = "(" in template
    for token in _TOKEN.findall(template.replace("(", " ").replace(")", " ")):
        if token in _ENDS:
            if found.verbs or found.nouns:
                _place(found, _ENDS[token], preposition, grammar)
            else:
                lead = _ENDS[token]
            preposition = ""
        elif token == _OTHER:
            lead = "other"
        elif "}-" in token:
            found.compound, found.verbs = True, tuple(token.split("}-")[1].split("|"))
            found.places = {"subject": ["hyphen"], "object": ["head"]}
        elif token.startswith("{"):
            found.terms |= {token.strip("{}")} & _TERMS
        elif token.partition("|")[0].replace("_", " ") in grammar.prepositions:
            preposition = token
        else:
            _word(found, token, lead, grammar)
            preposition = ""
    found.particle = preposition or None
    if optional:
        found.places["object"].append("topic")
    if not found.verbs and not found.nouns:
        raise OntologyError(f"{where}: {template!r} holds no verb and no noun")
    _lead(found, lead)
    return found


def _word(found: _Pattern, token: str, lead: str, grammar: _Grammar) -> None:
    words = tuple(token.split("|"))
    if token in {"se", "s'"}:
        found.reflexive = True
    elif not found.verbs and (lead or found.nouns):
        found.verbs = words
        found.role = words[0] in grammar.copulas
    else:
        # « compter {B} parmi client »: a noun after both ends only stands beside.
        found.beside = bool(found.verbs) and bool(found.places["subject"] or found.places["object"]) and not found.nouns
        found.nouns = words


def _place(found: _Pattern, end: str, preposition: str, grammar: _Grammar) -> None:
    if found.compound:
        return
    if not preposition:
        found.places[end].append("patient")
        return
    of_subject = bool(found.nouns) and not found.verbs
    for one in preposition.split("|"):
        word = one.replace("_", " ")
        if word == grammar.of and found.nouns:
            found.places[end] += ["subject-of"] if of_subject else ["of", f"prep:{word}"]
        else:
            found.places[end].append(f"prep:{word}")


def _lead(found: _Pattern, lead: str) -> None:
    """The end that a template begins with: who does it, or, of a role, who bears it."""
    if lead in found.places:
        found.places[lead].insert(0, "bearer" if found.role else "agent")


def _first(found: _Pattern, name: str, common: Mapping[str, Any]) -> Frame:
    subject, object_ = tuple(found.places["subject"]), tuple(found.places["object"])
    kind, lemmas = "verb", found.verbs
    via: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    if found.compound:
        kind = "compound"
    elif found.role:
        kind, lemmas = "role", found.nouns
    elif found.beside or "subject-of" in (*subject, *object_):
        beside = found.nouns
    elif found.nouns:
        kind, lemmas, via = "noun", found.nouns, found.verbs
    return Frame(
        name=name,
        pos=kind,
        lemmas=frozenset(lemmas),
        subject=subject,
        object=object_,
        via=frozenset(via),
        beside=frozenset(beside),
        particle=found.particle,
        reflexive=found.reflexive,
        **common,
    )


def _nominal(
    found: _Pattern, entry: Mapping[str, Any], name: str, common: Mapping[str, Any], grammar: _Grammar
) -> Iterator[Frame]:
    """The nominal variants of an entry: of the act, of who does it, of whom it is done to."""
    of = ("of", f"prep:{grammar.of}")
    by = f"prep:{grammar.by}"
    preps = {end: tuple(p for p in places if p.startswith("prep:")) for end, places in found.places.items()}
    members = ("members",) if ontology().relation(entry["relation"]).symmetric else ()
    direct = {end: "patient" in places for end, places in found.places.items()}
    leads = {end: "agent" in places or "bearer" in places for end, places in found.places.items()}
    act = {
        end: (by, "owner", *(of if not any(direct.values()) else ()), "agent")
        if leads[end]
        else (*(of if direct[end] else ()), *preps[end], *members)
        for end in found.places
    }
    if "nominal" in entry and found.nouns and not found.role:
        verb = _first(found, f"{name} (nominal)", {**common, "passive_only": False})
        yield replace(verb, pos="noun", lemmas=frozenset(found.nouns), via=frozenset(entry["nominal"]))
    for kind, (subject, object_), key in (
        ("noun", (act["subject"], act["object"]), "action"),
        ("role", (("bearer",), (*of, *preps["object"])), "actor"),
        ("role", ((*of, by), ("bearer",)), "target"),
    ):
        if key in entry:
            own = {**common, "passive_only": False, "unless": None}
            lemmas = frozenset(entry[key])
            named = f"{name} ({key})"
            act_of = key == "action"
            yield Frame(named, own.pop("relation"), kind, lemmas, subject, object_, act=act_of, **own)
