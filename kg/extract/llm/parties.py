"""The two ends of a model's claim: where the text names them, what stands for them in the quote, their kinds."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kg.extract.llm.answer import Said
from kg.extract.llm.folded_text import folded_text
from kg.extract.plain import plain
from kg.extract.proposal import End, Parsed
from kg.ontology import ontology
from kg.reasons import Reason

__all__ = ["Party", "Unfounded", "party"]

_Place = tuple[int, int]

_NEAR, _HEAD = 600, 300
"""Characters before a quote, and at the head of a text, in which a name that no quote holds may stand."""
_REFERENCES = ("pronoun", "possessive", "first_person", "latter", "two")
_EMPTY = frozenset({"ADP", "AUX", "CCONJ", "DET", "NUM", "PART", "PUNCT", "SCONJ", "SPACE", "SYM"})
"""Parts of speech that stand for nobody; the pipelines take « jeune pousse » for a verb, so the rest may."""


class Unfounded(Exception):
    """Something that a model says does not stand where it should."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Party:
    """An end, the sentence that names it where no quote does, and what is doubted of it."""

    end: End
    named_at: _Place | None = None
    doubts: tuple[Reason, ...] = ()

    def is_same_as(self, other: "Party") -> bool:
        """Whether the words that carry one party carry the other, or are a part of its name."""
        one, two = self.end, other.end
        if (one.start, one.end) == (two.start, two.end):
            return True
        inside = two.start <= one.start < one.end <= two.end, one.start <= two.start < two.end <= one.end
        return (one.antecedent is not None and inside[0]) or (two.antecedent is not None and inside[1])


def party(side: int, said: Said, quotes: Sequence[_Place], parsed: Parsed) -> Party:
    """Return the subject (`side` 0) or the object (1) of a claim; the first of `quotes` is the telling one.

    Its name stands in the quote; or words of the quote stand for it, and the name somewhere in the text; or a quote
    beside the telling one names it. A name that only stands near is taken with a doubt. Raises `Unfounded` where there
    is none of these.
    """
    role, name = ("subject", "object")[side], (said.subject, said.object)[side]
    text, (kind, doubts) = folded_text(parsed.document.text), _kind(side, said, parsed)
    own = text.find(name, *quotes[0], whole=True)
    if own is not None:
        return Party(End(_printed(own, parsed), kind, *own), None, doubts)
    supported = next((at for place in quotes[1:] if (at := text.find(name, *place, whole=True))), None)
    words = said.words[side]
    stands = _stand_in(words, quotes[0], parsed)
    if stands is not None:
        named = supported or text.find(name, whole=True)
        if named is None:
            raise Unfounded(Reason.NO_PARTY_IN_QUOTE, f"the name of the {role} is not in the text")
        end = End(_printed(named, parsed), kind, *stands, antecedent=named)
        return Party(end, None if supported else _sentence_at(named, parsed), doubts)
    near = None if words else supported or _near(name, quotes[0], parsed)
    if near is None:
        raise Unfounded(Reason.NO_PARTY_IN_QUOTE, f"no quote names the {role}, nor has words that stand for it")
    end = End(_printed(near, parsed), kind, *near)
    if supported:
        return Party(end, None, doubts)
    return Party(end, _sentence_at(near, parsed), (*doubts, Reason.REFERENCE))


def _near(name: str, quote: _Place, parsed: Parsed) -> _Place | None:
    """A name right before the quote or at the head of the text, which the model may have meant and not quoted."""
    text = folded_text(parsed.document.text)
    before = text.find(name, max(0, quote[0] - _NEAR), quote[0], whole=True)
    return before or text.find(name, 0, _HEAD, whole=True)


def _printed(place: _Place, parsed: Parsed) -> str:
    return " ".join(plain(parsed.document.text[slice(*place)]).split())


def _sentence_at(place: _Place, parsed: Parsed) -> _Place:
    sentence = parsed.text.sentence_at(place[0])
    return place if sentence is None or sentence.end < place[1] else (sentence.start, sentence.end)


def _stand_in(words: str, quote: _Place, parsed: Parsed) -> _Place | None:
    """Where words of the quote stand for a party: whole ones, of which one can mean somebody."""
    place = folded_text(parsed.document.text).find(words, *quote, whole=True)
    sentence = None if place is None else parsed.text.sentence_at(place[0])
    if place is None:
        return None
    means = any(
        parsed.lexicon.says(f"reference.{cue}", word.casefold())
        for word in re.findall(r"[^\W\d_]{2,}", words)
        for cue in _REFERENCES
    )
    if sentence is None:
        return place if means or len(words) > len("the") else None
    tokens = (token for token in sentence.span if place[0] <= sentence.offset + token.idx < place[1])
    return place if means or any(token.pos_ not in _EMPTY and len(token) > 1 for token in tokens) else None


def _kind(side: int, said: Said, parsed: Parsed) -> tuple[str, tuple[Reason, ...]]:
    """The kind of an end, and a doubt of it: the model's where the relation takes it, else the tagger's."""
    told, relation = said.kinds[side], ontology().relation(said.relation)
    allowed = (relation.domain, relation.range)[side]
    tagged = _tagged((said.subject, said.object)[side], parsed)
    if told in allowed:
        return told, ()
    if told is not None:
        # A country named as a place buys nothing, whatever stands beside it.
        return (tagged, (Reason.UNKNOWN_KIND,)) if tagged in allowed and told != "Place" else (told, ())
    if tagged in allowed:
        return tagged, ()
    # Leaving the kind out says "a company", of which the tagger knows less than the model.
    return (next(iter(allowed)), (Reason.UNKNOWN_KIND,)) if len(allowed) == 1 else ("Company", ())


def _tagged(name: str, parsed: Parsed) -> str | None:
    """What the document's other readers take the name for, if they are sure of it."""
    mentions = (mention for sentence in parsed.text.sentences for mention in sentence.mentions)
    return next((m.kind for m in mentions if plain(name) in {m.text, m.name} and not m.maybe), None)
