"""Answers spoilt on purpose, in every way that the gate must catch, and what is expected of each."""

import re
from collections.abc import Callable
from itertools import combinations
from typing import Any, TypeAlias

from .answers import KINDS, Marks, Said, stands

PERCENT = re.compile(r"\d+(?:[.,]\d+)?\s?%")
SCALED = re.compile(r"^(\D{0,2}\d[\d.,]*)\s?(?:million|billion|milli|bn|m\b|M|Md)")
CURLED = str.maketrans({"'": "\u2019", "\u2019": "'", "-": "\u2010", "\u00a0": " ", "\u202f": " ", "\u2013": "-"})
OTHER = {
    "acquires": "supplies", "supplies": "acquires", "holds-stake": "lends-to", "invests-in": "supplies",
    "lends-to": "competes-with", "partners-with": "acquires", "subsidiary-of": "competes-with",
    "competes-with": "holds-stake", "merges-with": "lends-to", "revenue-share-from": "acquires",
}  # fmt: skip
SYMMETRIC = {"competes-with", "partners-with", "merges-with"}

ADMITTED, STOPPED = ["admitted"], ["to-review", "refused"]
Spoilt: TypeAlias = tuple[Said, dict[str, Any]]
"""A claim, and what is expected of it: `outcomes`, one of the `reasons`, `never` the terms that it must not have."""
Spoiler: TypeAlias = Callable[[Marks, dict[str, Any], Said], Spoilt | None]


def expect(outcomes: list[str], *reasons: str, **never: Any) -> dict[str, Any]:
    return {"outcomes": outcomes, "reasons": list(reasons), "never": never}


def _marked(marks: Marks, subject: str, relation: str, object_: str) -> bool:
    """Whether the marks have a tie, in either direction where it has none, and in the given one else."""
    ends = {(subject, object_)} | ({(object_, subject)} if relation in SYMMETRIC else set())
    return any((r["subject"], r["object"]) in ends and r["predicate"] == relation for r in marks.relations)


def typography(_marks: Marks, _relation: dict[str, Any], said: Said) -> Spoilt | None:
    quote = said["quote"].translate(CURLED)
    return None if quote == said["quote"] else ({**said, "quote": quote}, expect(ADMITTED))


def other_spaces(_marks: Marks, _relation: dict[str, Any], said: Said) -> Spoilt | None:
    words = said["quote"].split()
    quote = " ".join(words)
    if quote == said["quote"]:
        quote = "\n".join([" ".join(words[:2]), "  ".join(words[2:])])
    return {**said, "quote": quote}, expect(ADMITTED)


def misquoted(_marks: Marks, _relation: dict[str, Any], said: Said) -> Spoilt | None:
    words = said["quote"].split(" ")
    quote = " ".join([*words[:2], "surely", *words[2:]])
    return {**said, "quote": quote}, expect(["refused"], "NO_QUOTE")


def swapped_ends(marks: Marks, relation: dict[str, Any], said: Said) -> Spoilt | None:
    name = relation["predicate"]
    if name in SYMMETRIC or _marked(marks, relation["object"], name, relation["subject"]):
        return None
    mirror = {"subject": "object", "object": "subject", "subject_kind": "object_kind", "object_kind": "subject_kind"}
    swapped = {mirror.get(key, key): value for key, value in said.items()}
    return swapped, expect(STOPPED, "DIRECTION", "NOT_STATED", "KIND")


def other_relation(marks: Marks, relation: dict[str, Any], said: Said) -> Spoilt | None:
    name = OTHER[relation["predicate"]]
    if _marked(marks, relation["subject"], name, relation["object"]):
        return None
    return {**said, "relation": name}, expect(STOPPED, "NOT_STATED", "DISAGREEMENT", "SENSE", "DOUBTFUL_SENSE", "KIND")


def other_clause(marks: Marks, _relation: dict[str, Any], said: Said) -> Spoilt | None:
    shown = "\n".join([said["quote"], *said["support"]])
    for entity in marks.entities.values():
        names = marks.names(entity["id"])
        if entity["type"] == "company" and names and not marks.name_in(entity["id"], shown):
            spoilt = {k: v for k, v in said.items() if k != "object_kind"} | {"object": names[0]}
            return spoilt, expect(STOPPED, "NO_PARTY_IN_QUOTE", "REFERENCE")
    return None


def one_letter(marks: Marks, _relation: dict[str, Any], said: Said) -> Spoilt | None:
    """A name that the quote has not, tied to the s of "Dolan's" or to the first letter of a word."""
    spoilt = other_clause(marks, _relation, said)
    if spoilt is None:
        return None
    letter = "s" if stands("s", said["quote"]) else said["quote"][0]
    return {**spoilt[0], "object_words": letter}, expect(["refused"], "NO_PARTY_IN_QUOTE")


def half_a_word(marks: Marks, _relation: dict[str, Any], said: Said) -> Spoilt | None:
    half = said["subject"][:-2]
    if len(half.split(" ")[-1]) < 4 or stands(half, marks.text):
        return None
    return {**said, "subject": half}, expect(["refused"], "NO_PARTY_IN_QUOTE")


def invented_party(_marks: Marks, _relation: dict[str, Any], said: Said) -> Spoilt | None:
    return {**said, "object": "Zyxtral Partners"}, expect(["refused"], "NO_PARTY_IN_QUOTE")


def other_figure(marks: Marks, _relation: dict[str, Any], said: Said) -> Spoilt | None:
    """The percentage of another sentence, where this one has none."""
    shown = "\n".join([said["quote"], *said["support"]])
    words = next((m[0] for m in PERCENT.finditer(marks.text) if m[0] not in shown), None)
    if words is None or "%" in said["quote"] or any(name.startswith("percent") for name in said):
        return None
    return {**said, "percent": words}, expect(["admitted", "to-review"], "UNREADABLE_TERM", percent=None)


def scale_cut_off(_marks: Marks, _relation: dict[str, Any], said: Said) -> Spoilt | None:
    match = SCALED.match(said.get("amount", ""))
    if match is None:
        return None
    value = re.sub(r"[^\d.]", "", match[1].replace(",", "."))
    return {**said, "amount": match[1]}, expect(["admitted", "to-review"], amount=value)


def bound_as_exact(_marks: Marks, _relation: dict[str, Any], said: Said) -> Spoilt | None:
    for kind in ("percent", "amount"):
        for bound in ("max", "min"):
            figure = re.search(r"\D?\d.*", said.get(f"{kind}_{bound}", ""))
            if figure is not None and kind not in said:
                spoilt = {k: v for k, v in said.items() if not k.startswith(f"{kind}_m")} | {kind: figure[0].strip()}
                return spoilt, expect(["admitted", "to-review"], "BOUND", "UNREADABLE_TERM", **{kind: None})
    return None


def no_date(_marks: Marks, _relation: dict[str, Any], said: Said) -> Spoilt | None:
    word = next((m[0] for m in re.finditer(r"(?<!\w)[a-zé]{7,}(?!\w)", said["quote"])), None)
    if word is None or "start" in said:
        return None
    return {**said, "start": word}, expect(["admitted", "to-review"], "UNREADABLE_TERM", start=None)


def unfit_kind(marks: Marks, _relation: dict[str, Any], _said: Said) -> Spoilt | None:
    """A person or a product said to be somebody's rival."""
    for entity in marks.entities.values():
        kind = KINDS.get(entity["type"])
        if kind not in {"Person", "Product", "Place"}:
            continue
        sentence = marks.nearest(entity["id"], 0)
        name = marks.name_in(entity["id"], sentence or "")
        others = [e for e in marks.entities if e != entity["id"] and marks.name_in(e, sentence or "")]
        if sentence and name and others:
            other = marks.name_in(others[0], sentence)
            if other is None or stands(name, other) or stands(other, name):
                continue
            spoilt = {"quote": sentence, "support": [], "subject": name, "subject_kind": kind,
                      "relation": "competes-with", "object": other, "modality": "asserted"}  # fmt: skip
            return spoilt, expect(STOPPED, "KIND", "UNKNOWN_KIND")
    return None


def neighbours(marks: Marks, _relation: dict[str, Any], said: Said) -> Spoilt | None:
    """Two names of one quote that no mark ties, said to be partners."""
    named = [one for one in marks.entities if marks.name_in(one, said["quote"])]
    tied = {frozenset((r["subject"], r["object"])) for r in marks.relations}
    for subject, object_ in combinations(named, 2):
        companies = all(marks.entities[one]["type"] == "company" for one in (subject, object_))
        if companies and frozenset((subject, object_)) not in tied:
            names = {"subject": marks.name_in(subject, said["quote"]), "object": marks.name_in(object_, said["quote"])}
            if stands(names["subject"], names["object"]) or stands(names["object"], names["subject"]):
                continue
            spoilt = {
                "quote": said["quote"],
                "support": [],
                **names,
                "relation": "partners-with",
                "modality": "asserted",
            }
            return spoilt, expect(STOPPED)
    return None


def trap(marks: Marks, _relation: dict[str, Any], _said: Said) -> Spoilt | None:
    """What a trap warns of: two names of one quote, and a tie that nobody states."""
    for one in marks.traps:
        quote = one["quote"]
        for edge in one.get("edges", ()):
            subject, object_ = (
                marks.name_in(edge[end], quote) if edge[end] in marks.entities else None
                for end in ("subject", "object")
            )
            if not subject or not object_ or edge.get("qualifiers") or edge.get("statuses"):
                continue
            if edge["predicate"] not in OTHER or _marked(marks, edge["subject"], edge["predicate"], edge["object"]):
                continue
            spoilt = {"quote": quote, "support": [], "subject": subject, "relation": edge["predicate"],
                      "object": object_, "modality": "asserted"}  # fmt: skip
            return spoilt, expect(STOPPED)
    return None


def denial_as_fact(_marks: Marks, relation: dict[str, Any], said: Said) -> Spoilt | None:
    if relation["status"] not in {"denied", "terminated"}:
        return None
    return {**said, "modality": "asserted"}, expect(STOPPED, "NOT_HAPPENED", "NOT_STATED", "DISAGREEMENT")


SPOILERS: dict[str, Spoiler] = {
    spoiler.__name__.replace("_", " "): spoiler
    for spoiler in (
        typography, other_spaces, misquoted, swapped_ends, other_relation, other_clause, one_letter, half_a_word,
        invented_party, other_figure, scale_cut_off, bound_as_exact, no_date, unfit_kind, trap, neighbours,
        denial_as_fact,
    )
}  # fmt: skip
