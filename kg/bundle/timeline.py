"""The timeline of a story: a row a claim, with the time in which it is said to be so and the day it was known."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from kg.bundle.categories import Category, facts_by_category
from kg.bundle.content import Wording
from kg.bundle.picture import DASHES, colour_of
from kg.bundle.shown import shown
from kg.dates import last_day
from kg.facts import Fact, Period, periods
from kg.facts.periods import begin_of, end_of
from kg.model import Claim
from kg.view.markup import element
from kg.wording.terms import short_terms

__all__ = ["TimelineRow", "svgs", "timeline_rows"]

_WIDTH, _MARGIN, _ROW, _HEAD, _FOOT = 760.0, 16.0, 34.0, 30.0, 20.0
_INK, _PAPER, _RULE = "#1a1a1a", "#ffffff", "#d9d9d9"
_LONGEST = 92
_ROWS = 14
"""Rows of a part: two of them fit on a page of paper."""
_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """A claim in time; `period` is when it is so, None where nobody says; `known` is when its source appeared."""

    fact: Fact
    claim: Claim
    category: Category
    period: Period | None
    known: dt.date | None

    @property
    def days(self) -> tuple[dt.date, ...]:
        """The days that it names."""
        bounds = (self.period.first, self.period.last) if self.period else ()
        return tuple(day for day in (*bounds, self.known) if day is not None)


def timeline_rows(wording: Wording) -> tuple[TimelineRow, ...]:
    """Return the claims of a story by category, the earliest first; those without any date last."""
    spans, rows = periods(wording.story.admitted), list[TimelineRow]()
    for category, facts in facts_by_category(wording.story).items():
        made = [_row(fact, claim, category, spans) for fact in facts for claim in fact.claims]
        rows += sorted(made, key=lambda row: min(row.days, default=dt.date.max))
    return tuple(rows)


def _row(fact: Fact, claim: Claim, category: Category, spans: Mapping[str, Period]) -> TimelineRow:
    known = None if claim.known_from is None else last_day(claim.known_from)
    period = spans.get(claim.id)
    if period is None and (claim.qualifiers.start or claim.qualifiers.as_of or end_of(claim)):
        period = Period(begin_of(claim), end_of(claim))
    return TimelineRow(fact, claim, category, period, known)


def svgs(wording: Wording, rows: Sequence[TimelineRow], title: str) -> tuple[Element, ...]:
    """Return the timeline as SVG elements, each of half a page's height; `title` says what it is to who sees none."""
    day = dt.date.fromisoformat(wording.story.day)
    days = [day, *(each for row in rows for each in row.days)]
    scale = _Scale.over(min(days), max(days), day)
    return tuple(_svg(wording, rows[at : at + _ROWS], scale, title) for at in range(0, len(rows), _ROWS))


def _svg(wording: Wording, rows: Sequence[TimelineRow], scale: "_Scale", title: str) -> Element:
    parts, y = list[Element](), _HEAD
    for category in dict.fromkeys(row.category for row in rows):
        parts += _text(wording.words[category.value], _MARGIN, y + 20, size="15", weight="bold")
        y += _HEAD
        for row in (row for row in rows if row.category is category):
            parts += _drawn(wording, row, scale, y)
            y += _ROW
        y += 8
    return element(
        "svg",
        element("title", title),
        element("rect", x="0", y="0", width=_n(_WIDTH), height=_n(y + _FOOT), fill=_PAPER),
        *scale.axis(y),
        *scale.today(y, wording.date(wording.story.day)),
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_n(_WIDTH)} {_n(y + _FOOT)}",
        role="img",
        font_family="Libertinus Serif",
        font_size="13",
    )


def _n(number: float) -> str:
    return f"{round(number, 1) + 0.0:g}"


def _text(  # noqa: PLR0913 - keywords, each with a default
    text: str, x: float, y: float, *, size: str = "13", weight: str | None = None, anchor: str = "start"
) -> tuple[Element, Element]:
    """Return a text on a white rim, so that no rule crosses its letters."""
    where = {"x": _n(x), "y": _n(y), "font_size": size, "font_weight": weight, "text_anchor": anchor}
    rim = {"fill": _PAPER, "stroke": _PAPER, "stroke_width": "4", "aria_hidden": "true"}
    return element("text", text, **where, **rim), element("text", text, fill=_INK, **where)


@dataclass(frozen=True, slots=True)
class _Scale:
    """Days as places across: whole years, with a rule every `step` of them; `day` is that of the story."""

    first: int
    last: int
    step: int
    day: dt.date

    @classmethod
    def over(cls, first: dt.date, last: dt.date, day: dt.date) -> "_Scale":
        """Return the scale of whole years that holds two days."""
        years = last.year + 1 - first.year
        step = next((step for step in _STEPS if years <= 12 * step), _STEPS[-1])
        return cls(first.year, last.year + 1, step, day)

    def x(self, day: dt.date) -> float:
        """Return the place of a day."""
        year = day.year + (day.timetuple().tm_yday - 1) / 366
        return _MARGIN + (year - self.first) / (self.last - self.first) * (_WIDTH - 2 * _MARGIN)

    def axis(self, low: float) -> Iterator[Element]:
        """Yield a rule and a label for the years."""
        for year in range(self.first, self.last + 1, self.step):
            x = _MARGIN + (year - self.first) / (self.last - self.first) * (_WIDTH - 2 * _MARGIN)
            yield element("path", d=f"M{_n(x)} {_n(_HEAD - 6)}V{_n(low)}", stroke=_RULE, stroke_width="1")
            anchor = "start" if year == self.first else "end" if year == self.last else "middle"
            yield from _text(str(year), x, _HEAD - 12, anchor=anchor)

    def today(self, low: float, label: str) -> Iterator[Element]:
        """Yield a rule for the day of the story, and its date below."""
        x = self.x(self.day)
        yield element("path", d=f"M{_n(x)} {_n(_HEAD - 6)}V{_n(low)}", stroke=_INK, stroke_dasharray="4 4")
        anchor = "start" if x < _WIDTH / 4 else "end" if x > _WIDTH * 3 / 4 else "middle"
        yield from _text(label, x, low + 14, anchor=anchor)


def _drawn(wording: Wording, row: TimelineRow, scale: _Scale, y: float) -> Iterator[Element]:
    colour = colour_of(row.fact, row.category)
    terms = short_terms(row.claim.qualifiers, wording.lang)
    label = " · ".join(
        filter(None, (wording.statement(row.fact), shown(terms), "" if row.days else wording.words["undated"]))
    )
    number = f" [{wording.numbers[row.claim.document]}]"
    yield from _text(shown(label, _LONGEST - len(number)) + number, _MARGIN, y + 13)
    middle = y + 22.0
    if row.period is not None:
        yield from _bar(row, scale, middle, colour)
    if row.known is not None:
        x = scale.x(row.known)
        points = f"{_n(x - 5)},{_n(middle)} {_n(x)},{_n(middle - 5)} {_n(x + 5)},{_n(middle)} {_n(x)},{_n(middle + 5)}"
        yield element("polygon", points=points, fill=_INK, stroke=_PAPER, stroke_width="1")


def _bar(row: TimelineRow, scale: _Scale, middle: float, colour: str) -> Iterator[Element]:
    """Yield the bar: what is sure over what is not; where no end is told, to the day of the story, with an arrow."""
    period = row.period or Period()
    left = _MARGIN if period.first is None else scale.x(period.first)
    right = max(scale.x(period.last or scale.day), left + 3)
    is_solid = row.category is Category.FACTS
    sure_left = left if period.surely_first is None else min(max(scale.x(period.surely_first), left), right)
    sure_right = right if period.surely_last is None else max(min(scale.x(period.surely_last), right), sure_left)
    shape = {"y": _n(middle - 4), "height": "8", "stroke": colour, "stroke_width": "1"}
    dashes = DASHES[row.category]
    yield element(
        "rect", x=_n(left), width=_n(right - left), fill=colour, fill_opacity="0.15", stroke_dasharray=dashes, **shape
    )
    if is_solid and sure_right > sure_left:
        yield element("rect", x=_n(sure_left), width=_n(sure_right - sure_left), fill=colour, **shape)
    if period.last is None:
        tip = f"{_n(right + 9)},{_n(middle)} {_n(right - 1)},{_n(middle - 7)} {_n(right - 1)},{_n(middle + 7)}"
        yield element("polygon", points=tip, fill=colour)
