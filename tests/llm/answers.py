"""Right answers of a language model to a passage, made from its marks: to the first question, and to the second."""

import re
from collections.abc import Iterable
from typing import Any, TypeAlias

Passage: TypeAlias = dict[str, Any]
Said: TypeAlias = dict[str, Any]
"""A claim as the model says it, with the quote and the support under which it stands."""

KINDS = {
    "organization": "Organisation", "public-body": "PublicBody", "person": "Person", "programme": "Programme",
    "product": "Product", "place": "Place",
}  # fmt: skip
"""What the model calls a kind of the marks; it leaves out that something is a company."""
STATUSES = {"terminated": "ended", "alleged": "hedged"}
TERMS = (
    "amount", "amount_min", "amount_max", "percent", "percent_min", "percent_max", "quantity", "goods", "duration",
    "start", "end", "as_of",
)  # fmt: skip
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?!\s|$)[^.!?\n]*)*[.!?]?[»”\"]?")


def as_answer(claims: Iterable[Said]) -> dict[str, Any]:
    """Put claims into the form in which the model answers: nested under their quotes."""
    quotes: dict[tuple[str, ...], list[Said]] = {}
    for claim in claims:
        under = (claim["quote"], *claim.get("support", ()))
        quotes.setdefault(under, []).append({k: v for k, v in claim.items() if k not in {"quote", "support"}})
    return {
        "quotes": [{"quote": quote, **({"support": support} if support else {}), "claims": said}
                   for (quote, *support), said in quotes.items()]
    }  # fmt: skip


# ------------------------------------------------------------------------------------------ right answers
def stands(name: str, words: str) -> bool:
    """Whether a name stands in words as a whole."""
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words) is not None


class Marks:
    """A passage's marks, asked for what a model would say."""

    def __init__(self, passage: Passage) -> None:
        self.text: str = passage["text"]
        self.relations: list[dict[str, Any]] = passage["relations"]
        self.traps: list[dict[str, Any]] = passage["traps"]
        self.entities = {entity["id"]: entity for entity in passage["entities"]}
        self.sentences = [(m.start(), m.end()) for m in _SENTENCE.finditer(self.text) if m[0].strip()]

    @property
    def core(self) -> list[dict[str, Any]]:
        return [relation for relation in self.relations if relation["tier"] == "core"]

    def names(self, entity: str) -> list[str]:
        """The names of an entity that the text prints, the longest first."""
        one = self.entities[entity]
        names = {one["name"], *one.get("aliases", ())}
        return sorted((name for name in names if stands(name, self.text)), key=lambda name: (-len(name), name))

    def name_in(self, entity: str, words: str) -> str | None:
        return next((name for name in self.names(entity) if stands(name, words)), None)

    def sentence(self, start: int, end: int) -> str:
        """The sentences that a span touches, to the letter."""
        touched = [(a, b) for a, b in self.sentences if a < end and start < b]
        return self.text[touched[0][0] : touched[-1][1]].strip() if touched else self.text[start:end]

    def nearest(self, entity: str, place: int) -> str | None:
        """The sentence that names an entity, the nearest to a place; what stands before comes first."""
        naming = [(a, b) for a, b in self.sentences if self.name_in(entity, self.text[a:b])]
        best = min(naming, key=lambda span: (span[0] > place, abs(span[0] - place)), default=None)
        return None if best is None else self.text[slice(*best)].strip()

    def said(self, relation: dict[str, Any]) -> Said | None:
        """What a careful model says of a marked relation; None where the text does not print both names."""
        start, quote, support = self.places(relation)
        ends = (relation["subject"], relation["object"])
        shown = "\n".join([quote, *support])
        if not all(self.name_in(end, shown) for end in ends):
            quote = self.sentence(start, start + len(quote))
        needed = []
        for end in ends:
            if self.name_in(end, quote):
                continue
            near = next((words for words in support if self.name_in(end, words)), None) or self.nearest(end, start)
            if near is None:
                return None
            needed.append(near)
        claim: Said = {"quote": quote, "support": list(dict.fromkeys(needed))}
        for role, end in zip(("subject", "object"), ends, strict=True):
            claim[role] = next(filter(None, (self.name_in(end, words) for words in (quote, *needed))))
            kind = KINDS.get(self.entities[end]["type"])
            if kind:
                claim[f"{role}_kind"] = kind
        claim["relation"] = relation["predicate"]
        claim["modality"] = STATUSES.get(relation["status"], relation["status"])
        return claim | self.terms(relation, quote)

    def places(self, relation: dict[str, Any]) -> tuple[int, str, list[str]]:
        """Where the quote starts, the quote and the support; the quote is the one that holds most of the terms."""
        also = [(one["char_start"], one["quote"]) for one in relation.get("evidence_also", ())]
        quotes = [(relation["char_start"], relation["quote"]), *also]
        marks = [mark["words"] for mark in relation.get("marks", ())]
        best = max(quotes, key=lambda place: sum(words in place[1] for words in marks))
        return best[0], best[1], [quote for _, quote in quotes if quote != best[1]]

    def terms(self, relation: dict[str, Any], quote: str) -> Said:
        """The marked words of each term that stands in the quote."""
        marks = relation.get("marks", ())
        told: Said = {m["key"]: m["words"] for m in marks if m["key"] in TERMS and m["words"] in quote}
        base = relation["qualifiers"].get("percent_of")
        if base and any(name.startswith("percent") for name in told):
            told["percent_of"] = base
        if str(relation["qualifiers"].get("exclusive")).casefold() == "true":
            told["exclusive"] = True
        return told


def right_answers(passage: Passage) -> list[Said]:
    """What a strong model says of a passage: every core tie, as marked."""
    marks = Marks(passage)
    return [said for relation in marks.core if (said := marks.said(relation)) is not None]


_QUESTION = re.compile(r"^(\d+)\. A = (.+), B = (.+): ([a-z-]+)\?(?:; figure: (.+))?$")


def truthful(passage: Passage, message: str) -> dict[str, Any]:
    """Answer the second question, on claims that are doubted, by the marks: what the text states of each two names."""
    marks = Marks(passage)
    ids = {name: one["id"] for one in marks.entities.values() for name in (one["name"], *one.get("aliases", ()))}
    answers, shown = [], ""
    for line in message.splitlines():
        shown = line if "<passage>" in line else shown
        match = _QUESTION.match(line)
        if match is None:
            continue
        number, first, second, asked, figures = match.groups()
        ends = {ids.get(first): "A", ids.get(second): "B"}
        told = [r for r in marks.relations if ends.keys() >= {r["subject"], r["object"]} and len(ends) == 2]
        best = max(
            told, key=lambda r: (r["predicate"] == asked, r["quote"] in shown, r["tier"] == "core"), default=None
        )
        answer: dict[str, Any] = {"claim": int(number), "stated": best is not None}
        if best is not None:
            words = [m["words"] for m in best.get("marks", ()) if m["key"].partition("_")[0] in (figures or "")]
            status = STATUSES.get(best["status"], best["status"])
            answer |= {"relation": best["predicate"], "subject": ends[best["subject"]], "modality": status}
            answer |= {"figure": words[0]} if words and figures else {}
        answers.append(answer)
    return {"answers": answers}
