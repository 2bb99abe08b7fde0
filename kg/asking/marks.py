"""What marks a question beside its relation: the shape of its answer; a plan, a report, a denial, what is over."""

from collections.abc import Iterator

from kg.asking.clause import Clause
from kg.asking.ends import Filled
from kg.asking.inflection import tense_of

__all__ = ["modalities_of", "one_modality", "shape_of"]

_SHAPES = ("count", "much", "when", "total", "largest", "ordinal")
_NAMES = {"much": "amount", "ordinal": "largest"}
_MODALITIES = ("past", "denied", "hedged", "planned")
_TENSES = {"future": "planned", "conditional": "hedged"}


def shape_of(clause: Clause) -> tuple[str, frozenset[int]]:
    """Return the shape of the answer that is asked for (see `kg.asking.intent.Intent`), and the words that say so."""
    shape, used = "", set[int]()
    for name in _SHAPES:
        for places in clause.find(name):
            if name in {"largest", "ordinal"} and not _is_of_noun(clause, places, is_ordinal=name == "ordinal"):
                continue
            shape = shape or _NAMES.get(name, name)
            used.update(places)
    return shape, frozenset(used)


def _is_of_noun(clause: Clause, places: tuple[int, ...], *, is_ordinal: bool) -> bool:
    """Whether a superlative is of what a relation has: "the largest shareholder", not "the largest companies".

    An ordinal is one only before such a noun: « le premier actionnaire », not « le premier à investir ».
    """
    before, behind = places[0] - 1, places[-1] + 1
    while before >= 0 and clause.tokens[before].lower in {"the", "le", "la", "les"}:
        before -= 1
    if behind < len(clause.tokens) and _is_noun(clause, behind):
        return True
    if is_ordinal or before < 0:
        return False
    ends = behind == len(clause.tokens) and clause.tokens[before].says("be", "être")
    return _is_noun(clause, before) or (ends and any(_is_noun(clause, at) for at in range(before)))


def _is_noun(clause: Clause, at: int) -> bool:
    token = clause.tokens[at]
    if token.named:
        return False
    told = {c.frame.pos for lemma in token.lemmas for c in clause.words.constructions.get(lemma, ())}
    return not told.isdisjoint({"role", "noun"}) or token.says(*clause.words.lists["part"])


def modalities_of(clause: Clause, used: frozenset[int]) -> tuple[frozenset[str], frozenset[int]]:
    """Return what is asked for beside facts, and the words that say so; `used` are the relation's own."""
    told, explained = set[str](), set[int]()
    negation = {at for at in range(len(clause.tokens)) if clause.tokens[at].lower in {"ne", "n'"}}
    more = {at for at in range(len(clause.tokens)) if clause.lang == "fr" and clause.tokens[at].lower == "plus"}
    if more and negation:
        told, explained = {"past"}, more | negation
    for name, places in _cues(clause):
        if used.isdisjoint(places) and more.isdisjoint(places) and not clause.is_apposition(places[-1]):
            told.add(name)
            explained.update(places)
    return frozenset(told), frozenset(explained)


def _cues(clause: Clause) -> Iterator[tuple[str, tuple[int, ...]]]:
    before_infinitive = clause.words.lists["before_infinitive"]
    for name in _MODALITIES:
        for places in clause.find(f"modality.{name}"):
            if not clause.tokens[places[0]].says(*before_infinitive) or _infinitive(clause, places[-1]):
                yield name, places


def _infinitive(clause: Clause, at: int) -> bool:
    """Whether a French infinitive stands behind a place, as in « compte investir »."""
    behind = clause.tokens[at + 1 : at + 5]
    return any(t.lower in t.lemmas and t.lower.endswith(("er", "ir", "re", "oir")) for t in behind)


def one_modality(clause: Clause, one: Filled, told: frozenset[str]) -> str | None:
    """Return the one kind of saying that is asked for, "" for facts; None where it is several, or an end."""
    ends = [at for at in one.verbs if clause.tokens[at].says(*clause.words.cues["modality.ended"])]
    if ends and one.construction.frame.pos != "verb":
        # "Who sold its stake": it is over; when a deal ends is nothing that is asked of facts.
        told = told | {"past"} if one.relation == "holds-stake" else told | {"past", "planned"}
    told = told - {"planned"} if "denied" in told else told
    if len(told) > 1:
        return None
    return next(iter(told), "") or _tense(clause, one)


def _tense(clause: Clause, one: Filled) -> str:
    """Return what the tense of a French verb makes of it: « fournira » is a plan, « fusionnerait » a report."""
    frame = one.construction.frame
    for at in one.verbs if clause.lang == "fr" else ():
        verbs = clause.tokens[at].lemmas & (frame.lemmas | frame.via)
        tenses = {tense_of(clause.tokens[at].lower, verb) for verb in verbs} - {""}
        if tenses:
            return _TENSES[min(tenses)]
    return ""
