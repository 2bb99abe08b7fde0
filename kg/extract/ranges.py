"""Figures that are told together: the two ends of a range, the old and the new level of a change.

"$5-$8 million", « entre 10 et 15 % »: neither end is the figure. "from 30% to 22%", « à 18 %, contre 12 % »: the
level before the change is no term of what holds now.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from kg.extract.lexicon import Lexicon
from kg.extract.numerals import FigureSpan, number_of

if TYPE_CHECKING:
    from spacy.tokens import Span

__all__ = ["HYPHENS", "ranged", "settled"]

HYPHENS = frozenset({"-", "–", "—"})
_YEARS = range(1900, 2101)


def ranged(found: Sequence[FigureSpan], text: str, lexicon: Lexicon) -> Iterator[FigureSpan]:
    """Yield the figures of a text with the ends of each range marked, and those ends that lack a unit of their own."""
    marked: dict[FigureSpan, list[FigureSpan]] = {}
    for low, high in pairwise(found):
        ends = _two_ends(low, high, text, lexicon)
        if ends is not None:
            marked[low], marked[high] = [ends[0]], [ends[1]]
    for high in found:
        if high not in marked and high.kind in {"amount", "percent"} and not high.bound:
            bare = _bare_end(high, text, lexicon)
            if bare is not None and all(bare.start >= f.end or f.start >= high.start for f in found if f != high):
                marked[high] = [bare, replace(high, bound="max")]
            elif bare is not None:
                inside = [f for f in found if bare.start < f.end and f.start < high.start]
                if all(f.kind == "quantity" for f in inside):
                    marked |= {f: [] for f in inside}
                    marked[high] = [bare, replace(high, bound="max")]
    for figure in found:
        yield from marked.get(figure, [figure])


def _lead(before: str, lexicon: Lexicon) -> tuple[str, int]:
    """The word that opens a range right before a place, and where it begins."""
    word = re.search(r"([^\W\d_]+)\s*$", before)
    opens = lexicon.cues.get("figures.range", frozenset()) | lexicon.cues.get("figures.from", frozenset())
    return (word[1].casefold(), word.start(1)) if word and word[1].casefold() in opens else ("", len(before))


def _joins(word: str, lead: str, lexicon: Lexicon) -> bool:
    """Whether a word joins the ends of a range; "and" does only after "between"."""
    if word in HYPHENS:
        return True
    joins = lexicon.cues.get("figures.range_to", frozenset())
    between = lead in lexicon.cues.get("figures.range", frozenset())
    return word in joins and (between or word in lexicon.cues.get("figures.up_to", frozenset()))


def _two_ends(low: FigureSpan, high: FigureSpan, text: str, lexicon: Lexicon) -> tuple[FigureSpan, FigureSpan] | None:
    if low.kind != high.kind or low.kind not in {"amount", "percent"} or low.unit != high.unit:
        return None
    printed = text[low.start : low.end].rstrip()
    trailing = printed[-1:] if printed[-1:] in HYPHENS else ""
    lead, start = _lead(text[: low.start], lexicon)
    if not _joins(trailing or text[low.end : high.start].strip(), lead, lexicon):
        return None
    scaled = replace(low, value=low.value * _scale(high, text, lexicon)) if _is_plain(low, text, lexicon) else low
    if scaled.value != low.value:
        # The scale is printed with the other end: the two are read together.
        scaled = replace(scaled, start=start if lead else low.start, end=high.end)
    if scaled.value >= high.value:
        return None
    return replace(scaled, bound="min"), replace(high, bound="max")


def _bare_end(high: FigureSpan, text: str, lexicon: Lexicon) -> FigureSpan | None:
    """The lower end of a range whose unit is printed with the upper one only: « 5 à 8 millions d'euros »."""
    words = "|".join(map(re.escape, lexicon.cues.get("figures.range_to", frozenset())))
    match = re.search(rf"(?<![\w.,/])(\d+(?:[.,]\d+)?)\s*({words})\s*$", text[: high.start])
    if match is None:
        return None
    lead, start = _lead(text[: match.start()], lexicon)
    value = number_of(match[1], lexicon)
    if value is None or value in _YEARS or not _joins(match[2], lead, lexicon):
        return None
    value *= _scale(high, text, lexicon)
    if value >= high.value:
        return None
    return replace(high, start=start if lead else match.start(), value=value, bound="min")


def _is_plain(figure: FigureSpan, text: str, lexicon: Lexicon) -> bool:
    return figure.kind == "amount" and _scale(figure, text, lexicon) == 1


def _scale(figure: FigureSpan, text: str, lexicon: Lexicon) -> Decimal:
    """What the number as printed is multiplied by: a million in "$8 million"."""
    digits = re.search(r"\d[\d.,]*\d|\d", text[figure.start : figure.end])
    number = None if digits is None else number_of(digits[0], lexicon)
    return figure.value / number if number and figure.kind == "amount" else Decimal(1)


def settled(found: Sequence[FigureSpan], sentence: "Span", lexicon: Lexicon) -> tuple[FigureSpan, ...]:
    """Return the figures of a sentence without the levels before a change; the new level is no end of a range.

    Offsets are those of the sentence's document.
    """
    text = sentence.doc.text
    changes = any(lexicon.says("figures.changes", token.lemma_.lower()) for token in sentence)
    gone: set[FigureSpan] = set()
    new: dict[FigureSpan, FigureSpan] = {}
    for first, second in pairwise([f for f in found if f.kind == "percent"]):
        between = " ".join(text[first.end : second.start].replace(",", " ").replace("(", " ").split()).casefold()
        lead, _ = _lead(text[: first.start], lexicon)
        moves = changes or first.value > second.value
        if between in lexicon.cues.get("figures.was", frozenset()):
            gone.add(second)
            new[first] = first
        elif lead in lexicon.cues.get("figures.from", frozenset()) and moves and _is_to(between, lexicon):
            gone.add(first)
            new[second] = replace(second, bound="")
    for figure in found:
        if figure.bound == "min" and any(figure.start < f.start < figure.end for f in found) and changes:
            # « de 12 à 18 % »: the lower end as well.
            upper = next(f for f in found if figure.start < f.start < figure.end)
            if text[figure.start :].casefold().startswith(tuple(lexicon.cues.get("figures.from", ()))):
                gone.add(figure)
                new[upper] = replace(upper, bound="")
    return tuple(new.get(figure, figure) for figure in found if figure not in gone)


def _is_to(between: str, lexicon: Lexicon) -> bool:
    return between in lexicon.cues.get("figures.up_to", frozenset())
