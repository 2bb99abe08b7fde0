"""The picture of a story, frozen: where its companies stand is worked out here, or was said by whoever drew it.

SVG 1.1 without styles or scripts (https://www.w3.org/TR/SVG11/): a page whose policy forbids both shows it, and so does
the engine that sets the PDF.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from kg.bundle.categories import Category, category_of
from kg.bundle.room import Curve, Point, Room, point_on
from kg.bundle.shown import shown
from kg.errors import MissingExtra
from kg.facts import Fact, fact_id
from kg.model import Entity
from kg.ontology import ontology
from kg.view.colours import pair
from kg.view.layout import Places, beside, layout
from kg.view.markup import element
from kg.wording.terms import short_terms

__all__ = ["DASHES", "Picture", "colour_of", "placed", "svg"]

DASHES: Mapping[Category, str | None] = {
    Category.FACTS: None,
    Category.PLANS: "9 5",
    Category.REPORTS: "2 5",
    Category.LEADS: "2 5",
    Category.ENDED: "9 5",
    Category.DENIED: "2 5",
}
"""How a line of each category is dashed; what is over or denied is grey besides."""
_GREY, _INK, _PAPER = "#6b6b6b", "#1a1a1a", "#ffffff"
_FONT, _OTHER = "Libertinus Serif", "#737373"
_RADIUS, _BOW, _EDGE = 11.0, 46.0, 90.0
_LEAST = (860.0, 260.0)
_LONGEST = 30
_LABEL_HALF, _NAME_HALF = 4.0, 5.5
"""Half the width of a letter of a label and of a name, at most: a screen has other fonts than the paper."""
_NARROW = 0.52
"""The width of a letter by its size, at least."""
_ALONG = (0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73, 0.2, 0.8)
"""Where on its line a label may stand, from its beginning to its end: the first at which there is room."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What a picture shows: facts of all categories, `places` of entities, `notes` by the id of what they are on."""

    facts: tuple[Fact, ...]
    places: Places
    notes: Mapping[str, tuple[int, ...]]
    lang: str

    def part(self, companies: Collection[str], relations: Collection[str]) -> "Picture":
        """Return what of it lies among some companies, by some relations; none of them is all."""
        facts = (f for f in self.facts if not relations or f.relation in relations)
        wanted = set(companies) if companies else set(self.places)
        kept = tuple(f for f in facts if {end.id for end in _ends(f)} <= wanted & self.places.keys())
        return Picture(kept, self.places, self.notes, self.lang)

    @property
    def entities(self) -> Mapping[str, Entity]:
        """The entities between which it has lines, by id."""
        return {end.id: end for fact in self.facts for end in _ends(fact)}


def _ends(fact: Fact) -> Iterator[Entity]:
    if isinstance(fact.object, Entity):
        yield from (fact.subject, fact.object)


def placed(facts: Iterable[Fact], positions: Mapping[str, tuple[float, float]]) -> Places:
    """Return where the entities of facts stand: as `positions` say, the others near them; else all laid out anew."""
    pairs = sorted({(a.id, b.id) for a, b in (tuple(_ends(f)) for f in facts if isinstance(f.object, Entity))})
    nodes = sorted({end for both in pairs for end in both})
    known = {id_: positions[id_] for id_ in nodes if id_ in positions}
    if known:
        return beside(known, pairs, nodes)
    try:
        import networkx as nx

        graph: nx.Graph[str] = nx.Graph()
        graph.add_nodes_from(nodes)
        graph.add_edges_from((a, b) for a, b in pairs if a != b)
        return layout(graph)
    except ImportError as error:
        raise MissingExtra("a picture needs numpy: pip install 'kg[view]'") from error


def colour_of(fact: Fact, category: Category) -> str:
    """Return the colour of a fact's line on paper."""
    if category in {Category.ENDED, Category.DENIED}:
        return _GREY
    return pair(ontology().relation(fact.relation).colour or _OTHER).light


def svg(picture: Picture, title: str) -> Element:
    """Return the picture as an SVG element; `title` tells what it is to who does not see it."""
    places = {id_: picture.places[id_] for id_ in sorted(picture.entities)}
    left, top, right, low = _box(places.values())
    lines = tuple(_lines(picture))
    room = Room((line.curve for line in lines), ((*place, _RADIUS + 4, _RADIUS + 4) for place in places.values()))
    nodes = [part for id_ in places for part in _node(picture, id_, room)]
    return element(
        "svg",
        element("title", title),
        element("rect", x=_n(left), y=_n(top), width=_n(right - left), height=_n(low - top), fill=_PAPER),
        *(part for line in lines for part in _stroke(line)),
        *(part for line in lines for part in _label(picture, line, room)),
        *nodes,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"{_n(left)} {_n(top)} {_n(right - left)} {_n(low - top)}",
        role="img",
        font_family=_FONT,
        font_size="15",
    )


def _box(places: Iterable[tuple[float, float]]) -> tuple[float, float, float, float]:
    """Return the bounds of the picture; a small one has room around it, so that its letters are no larger."""
    across, down = zip(*places, strict=True)
    aside = max(_EDGE, (_LEAST[0] - max(across) + min(across)) / 2)
    above = max(_EDGE / 2, (_LEAST[1] - max(down) + min(down)) / 2)
    return min(across) - aside, min(down) - above, max(across) + aside, max(down) + above


def _n(number: float) -> str:
    """Return a number as SVG has it, to a tenth: the same on every machine."""
    return f"{round(number, 1) + 0.0:g}"


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the picture: the facts that it stands for, from where to where it runs."""

    facts: tuple[Fact, ...]
    curve: Curve

    @property
    def category(self) -> Category:
        """How firmly it is said."""
        return category_of(self.facts[0])

    @property
    def colour(self) -> str:
        """Its colour."""
        return colour_of(self.facts[0], self.category)


def _lines(picture: Picture) -> Iterator[_Line]:
    """Yield the lines; those between the same two bow apart."""
    bundles: defaultdict[tuple[str, ...], dict[tuple[str, str, str, Category], list[Fact]]] = defaultdict(dict)
    for fact in picture.facts:
        ends = tuple(_ends(fact))
        if ends and ends[0].id != ends[1].id:
            key = (ends[0].id, ends[1].id, fact.relation, category_of(fact))
            bundles[tuple(sorted(key[:2]))].setdefault(key, []).append(fact)
    for ends_, lines in sorted(bundles.items()):
        for at, ((source, target, *_), facts) in enumerate(lines.items()):
            bow = (at - (len(lines) - 1) / 2) * _BOW
            curve = _curve(picture.places[source], picture.places[target], bow if source == ends_[0] else -bow)
            yield _Line(tuple(facts), curve)


def _curve(start: Point, end: Point, bow: float) -> Curve:
    """Return the curve between two points whose middle lies so far beside the straight line."""
    (x1, y1), (x2, y2) = start, end
    length = math.hypot(x2 - x1, y2 - y1) or 1.0
    across, down = (x2 - x1) / length, (y2 - y1) / length
    # The control point of a quadratic curve lies twice as far out as its middle.
    return start, ((x1 + x2) / 2 - down * 2 * bow, (y1 + y2) / 2 + across * 2 * bow), end


def _stroke(line: _Line) -> list[Element]:
    begin, control, end = line.curve
    is_symmetric = ontology().relation(line.facts[0].relation).symmetric
    start, tip = _towards(begin, control), _towards(end, control)
    path = f"M{_n(start[0])} {_n(start[1])}Q{_n(control[0])} {_n(control[1])} {_n(tip[0])} {_n(tip[1])}"
    dashes = DASHES[line.category]
    stroke = element("path", d=path, fill="none", stroke=line.colour, stroke_width="2", stroke_dasharray=dashes)
    return [stroke] if is_symmetric else [stroke, _arrow(tip, control, line.colour)]


def _towards(point: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """Return the point on the rim of a node, in the direction of another point."""
    length = math.dist(point, other) or 1.0
    far = (_RADIUS + 3) / length
    return point[0] + (other[0] - point[0]) * far, point[1] + (other[1] - point[1]) * far


def _arrow(tip: tuple[float, float], origin: tuple[float, float], colour: str) -> Element:
    length = math.dist(tip, origin) or 1.0
    across, down = (tip[0] - origin[0]) / length, (tip[1] - origin[1]) / length
    base = tip[0] - 11 * across, tip[1] - 11 * down
    sides = ((base[0] - 5 * down, base[1] + 5 * across), (base[0] + 5 * down, base[1] - 5 * across))
    points = " ".join(f"{_n(x)},{_n(y)}" for x, y in (tip, *sides))
    return element("polygon", points=points, fill=colour)


def _label(picture: Picture, line: _Line, room: Room) -> list[Element]:
    facts = line.facts
    words = [short_terms(fact.qualifiers, picture.lang) for fact in facts]
    terms = " / ".join(dict.fromkeys(filter(None, words)))
    label = ontology().relation(facts[0].relation).label[picture.lang]
    numbers = [n for f in facts for id_ in (fact_id(f), *(c.id for c in f.claims)) for n in picture.notes.get(id_, ())]
    rows = [label, *([shown(terms, _LONGEST)] if terms else [])]
    half = _LABEL_HALF * max(map(len, rows))
    x, y = room.take([point_on(line.curve, along) for along in _ALONG], (half, 8.0 * len(rows)))
    made = [
        part
        for row, text in enumerate(rows)
        for part in _on_paper(text, x, y + 5 + 16 * (row - (len(rows) - 1) / 2), line.colour, size=13.5)
    ]
    return [*made, *_marks(numbers, x + half + 6, y)]


def _on_paper(  # noqa: PLR0913 - keywords
    text: str, x: float, y: float, colour: str, *, size: float, weight: str | None = None
) -> Iterator[Element]:
    """Yield a text on paper that hides what runs behind it: a box for its spaces, a rim for its outer letters.

    The rim is a text of its own, since not every program knows in which order SVG 2 paints.
    """
    width = _NARROW * size * len(text)
    yield element(
        "rect", x=_n(x - width / 2), y=_n(y - 0.8 * size), width=_n(width), height=_n(1.1 * size), fill=_PAPER
    )
    where = {"x": _n(x), "y": _n(y), "text_anchor": "middle", "font_size": _n(size), "font_weight": weight}
    yield element(
        "text", text, fill=_PAPER, stroke=_PAPER, stroke_width="5", stroke_linejoin="round", aria_hidden="true", **where
    )
    yield element("text", text, fill=_darker(colour), **where)


def _darker(colour: str) -> str:
    """Return a colour in which text can be read on white: 4.5 to 1 (WCAG 2.2, 1.4.3)."""
    channels = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(channel * 0.6):02x}" for channel in channels)


def _node(picture: Picture, id_: str, room: Room) -> Iterator[Element]:
    entity, (x, y) = picture.entities[id_], picture.places[id_]
    name = shown(entity.name, _LONGEST)
    ways = [(x, y + _RADIUS + 12), (x, y - _RADIUS - 12)]
    _, middle = room.take(ways, (_NAME_HALF * len(name), 10.0))
    kind = ontology().classes.get(entity.type)
    colour = pair(kind.colour if kind is not None and kind.colour else _OTHER).light
    yield element("circle", cx=_n(x), cy=_n(y), r=_n(_RADIUS), fill=colour, stroke=_PAPER, stroke_width="2")
    yield from _on_paper(name, x, middle + 6, _INK, size=16.5, weight="bold")
    yield from _marks(picture.notes.get(id_, ()), x + _RADIUS + 10, y - _RADIUS - 2 if middle > y else y + _RADIUS + 2)


def _marks(numbers: Sequence[int], x: float, y: float) -> Iterator[Element]:
    """Yield the numbers of notes."""
    for at, number in enumerate(dict.fromkeys(numbers)):
        yield element("circle", cx=_n(x + 20 * at), cy=_n(y), r="9", fill="#7a4b00")
        yield element(
            "text", str(number), x=_n(x + 20 * at), y=_n(y + 4.5), text_anchor="middle", font_size="12", fill=_PAPER
        )
