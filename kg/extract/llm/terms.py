"""The terms of a claim, each read from the words that a model points at; never the model's own number.

What our grammars cannot read is left out and noted; it does not kill the claim.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kg.dates import is_partial_date
from kg.errors import InvalidRecord
from kg.extract.dates import dates
from kg.extract.figures import FigureSpan, bound_behind, figures
from kg.extract.lexicon import Lexicon
from kg.extract.llm.answer import Said
from kg.extract.llm.folded_text import folded_text
from kg.extract.plain import plain
from kg.extract.proposal import Parsed
from kg.model import NUMERIC_QUALIFIERS, Modality, Qualifiers
from kg.reasons import Reason

__all__ = ["Terms", "terms"]

_Place = tuple[int, int]

_YEAR = re.compile(r"(?:19|20)\d\d")
_OTHER_DOLLARS = re.compile(
    r"\s*(?:canad|austral|néo-zél|new zealand|hong|singap|taï?wan|jama|namib|fidj|fiji)", re.IGNORECASE
)
"""What makes other dollars of dollars, behind them."""
_TO_COME = frozenset({Modality.PLANNED, Modality.CONDITIONAL})
_LEAD = 12
_DATES = ("start", "end", "as_of")
_BESIDE = 40
"""Characters beside printed words that tell how to read them: a scale behind, a bound before."""
_SHARES = frozenset({"capital", "votes", "revenue", "cost"})
_MIN = frozenset(
    {"plus de", "plus d'", "au moins", "au minimum", "au-delà de", "supérieur à", "supérieure à", "minimum"}
)
_MAX = frozenset({"jusqu'à", "jusqu'a", "au plus", "au maximum", "moins de", "moins d'", "inférieur à", "inférieure à"})
_MAYBE = re.compile(
    r"\b(?:at least|more than|less than|up to|over|above|under|below|maximum|minimum|ceiling|cap(?:ped)?|or more|"
    r"or less|between|from|plus|moins|jusqu|plafond|plancher|entre|supérieure?|inférieure?|excess|exceed\w*)"
    r"\W*(?:\w+\W+)?$",
    re.IGNORECASE,
)
"""Words before a figure that may make a bound of it, where none that is known for sure stands there."""
_IN_UNITS = re.compile(
    r"\b(?:in|en)\s+(?:\w+\s+)?(?:thousands|millions|billions|milliers|milliards)\b"
    r"|[$€£]\s?(?:millions?|m|bn|thousands?|000s?)\b\s*\)",
    re.IGNORECASE,
)
"""What a table says of all its figures: "(in millions)"."""


@dataclass(slots=True)
class Terms:
    """The qualifiers of a claim, where each figure is printed, and what had to be left out or is doubted."""

    told: dict[str, Any] = field(default_factory=dict)
    printed: dict[str, _Place] = field(default_factory=dict)
    doubts: list[Reason] = field(default_factory=list)

    def qualifiers(self) -> Qualifiers:
        """Return the terms as a record, without the figures where one of them is out of range."""
        try:
            return Qualifiers(**self.told)
        except InvalidRecord:
            self.doubts.append(Reason.UNREADABLE_TERM)
            self.printed.clear()
            return Qualifiers(**{name: self.told[name] for name in ("goods", "exclusive") if name in self.told})


def terms(said: Said, quotes: Sequence[_Place], parsed: Parsed) -> Terms:
    """Return the terms of a claim, each from the first of its quotes that prints it."""
    found, text = Terms(), folded_text(parsed.document.text)
    for name, words in (said.terms or {}).items():
        if name == "percent_of":
            continue
        places = ((place, quote) for quote in quotes if (place := text.find(words, *quote, whole=True)))
        if not any(_add(name, place, quote, parsed, found) for place, quote in places):
            found.doubts.append(Reason.UNREADABLE_TERM)
        elif name in _DATES and _lies_ahead(name, words, said):
            found.told[name] = _next_year(found.told[name], parsed.document.published)
    _add_exclusive(said, quotes[0], parsed, found)
    _add_base(said, found)
    if any(name.startswith("amount") for name in found.told) and _lacks_table_scale(found, quotes, parsed):
        found.doubts.append(Reason.SCALE_WORD)
    return found


def _add(name: str, place: _Place, quote: _Place, parsed: Parsed, found: Terms) -> bool:
    """Read one term from its place; return whether it could be read."""
    text = parsed.document.text
    if name == "goods":
        found.told["goods"] = " ".join(plain(text[slice(*place)]).split())
        return True
    if name in _DATES:
        date = _date(place, quote, parsed)
        if date is not None:
            found.told[name] = date
        return date is not None
    return _add_figure(name, place, quote, parsed, found)


def _date(place: _Place, quote: _Place, parsed: Parsed) -> str | None:
    """The date that the words are, read with the word before, which tells « en 2024 » from a bare number."""
    text, first = parsed.document.text, max(quote[0], place[0] - _LEAD)
    read = [
        date
        for date in dates(plain(text[first : place[1]]), parsed.document.lang, parsed.document.published)
        if date.end > place[0] - first
    ]
    year = _YEAR.fullmatch(text[slice(*place)].strip(" .,()"))
    return read[-1].iso if read else year and year[0]


def _lies_ahead(name: str, words: str, said: Said) -> bool:
    """Whether a date without a year lies ahead: what is to come, and the end of what is."""
    if _YEAR.search(words):
        return False
    return said.modality in _TO_COME or (name == "end" and said.modality in {Modality.ASSERTED, Modality.ANNOUNCED})


def _next_year(date: str, published: str | None) -> str:
    """A month or a day that was read as the last one, as the next one after a text appeared."""
    if published is None or date >= published[: len(date)] or len(date) == len("2025"):
        return date
    moved = f"{int(date[:4]) + 1}{date[4:]}"
    return moved if is_partial_date(moved) else date


def _add_figure(name: str, place: _Place, quote: _Place, parsed: Parsed, found: Terms) -> bool:
    text, (start, stop) = parsed.document.text, place
    kind, _, asked = name.partition("_")
    figure = _figure_at(kind, place, quote, parsed)
    if figure is None:
        return False
    at = (quote[0] + figure.start, quote[0] + figure.end)
    if kind == "duration":
        found.told["duration"] = figure.unit
        return True
    before = plain(text[quote[0] : at[0]])[-_BESIDE:]
    said = figure.bound or _bound_before(before, parsed.lexicon) or bound_behind(plain(text[at[1] : at[1] + _BESIDE]))
    bound, sure = _bound(said, before, asked)
    field_ = f"{kind}_{bound}" if bound else kind
    if field_ not in NUMERIC_QUALIFIERS:
        return False
    if not sure:
        found.doubts.append(Reason.BOUND)
    if _scale_follows(text[at[1] : at[1] + _BESIDE], parsed.lexicon):
        found.doubts.append(Reason.SCALE_WORD)
    found.told[field_] = figure.value
    found.printed[field_] = (min(start, at[0]), max(stop, at[1]))
    found.told.setdefault("as_printed", " ".join(plain(text[slice(*at)]).split()))
    if kind == "amount":
        found.told["currency"] = figure.unit
    return True


def _figure_at(kind: str, place: _Place, quote: _Place, parsed: Parsed) -> FigureSpan | None:
    """The figure of a kind that the words are, or a part of: "11.9" of "11.9 billion dollars".

    Read from the words on, as the gate does; offsets are the quote's, and what stands before tells a bound.
    """
    words = plain(parsed.document.text[quote[0] : max(quote[1], place[1] + _BESIDE)])
    start, stop = place[0] - quote[0], place[1] - quote[0]
    overlap = [f for f in figures(words, parsed.document.lang) if f.kind == kind and f.start < stop and start < f.end]
    if not overlap or _is_cut(words[start : overlap[0].start], parsed.lexicon):
        return None
    return None if kind == "amount" and _OTHER_DOLLARS.match(words[overlap[0].end :]) else overlap[0]


def _is_cut(before: str, lexicon: Lexicon) -> bool:
    """Whether what stands before a figure belongs to it: « vingt-quatre », « deux millions six cent mille », "I£"."""
    words = re.findall(r"\w+", before.casefold())
    numbers = lexicon.tables["figures.number"].keys() | lexicon.tables["figures.scale"].keys()
    return before[-1:] == "-" or before[-1:].isalnum() or any(word in numbers or word.isdigit() for word in words)


def _bound(said: str, before: str, asked: str) -> tuple[str, bool]:
    """Which bound a figure is by the words around it ("" for none), and whether that is sure.

    Where our words know none, the model's own "up to" counts; where both know one, they must agree.
    """
    if said:
        return said, asked in {"", said}
    if asked:
        return asked, True
    return "", _MAYBE.search(before) is None


def _bound_before(before: str, lexicon: Lexicon) -> str:
    words = f" {' '.join(before.split()).casefold()}"
    cues = {
        "max": lexicon.cues.get("figures.at_most", frozenset()) | _MAX,
        "min": lexicon.cues.get("figures.at_least", frozenset()) | _MIN,
    }
    # "no more than" ends in "more than" as well: the most is asked first.
    return next((bound for bound, said in cues.items() if any(words.endswith(f" {cue}") for cue in said)), "")


def _scale_follows(behind: str, lexicon: Lexicon) -> bool:
    """Whether a word of scale stands right behind a figure that was read without it."""
    word = re.match(r"\s*\(?([^\W\d_]{2,})", behind)
    return word is not None and word[1] in lexicon.tables["figures.scale"]


def _lacks_table_scale(found: Terms, quotes: Sequence[_Place], parsed: Parsed) -> bool:
    """Whether a table's head gives a scale that a figure has not by itself."""
    if not any(_IN_UNITS.search(parsed.document.text[slice(*quote)]) for quote in quotes):
        return False
    printed = str(found.told.get("as_printed", ""))
    return not any(word in parsed.lexicon.tables["figures.scale"] for word in re.findall(r"[^\W\d_]+", printed))


def _add_exclusive(said: Said, quote: _Place, parsed: Parsed, found: Terms) -> None:
    """Take "exclusive" where a word of the quote says it."""
    if not said.exclusive:
        return
    words = re.findall(r"\w+", parsed.document.text[slice(*quote)].casefold())
    stems = tuple(word[:-1] if len(word) > len("seul") else word for word in _exclusive_words(parsed.lexicon.cues))
    if any(word.startswith(stems) for word in words):
        found.told["exclusive"] = True
    else:
        found.doubts.append(Reason.UNREADABLE_TERM)


def _exclusive_words(cues: Mapping[str, frozenset[str]]) -> Iterator[str]:
    yield from cues.get("modality.exclusive", ())


def _add_base(said: Said, found: Terms) -> None:
    """Say what a percentage is a part of: as the model does, else as the relation has it."""
    if not any(name.startswith("percent") for name in found.told):
        return
    usual = "revenue" if said.relation in {"supplies", "revenue-share-from"} else "capital"
    base = (said.terms or {}).get("percent_of", "").casefold()
    found.told["percent_of"] = base if base in _SHARES else usual
