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
    room = _Room(
        [
            (x, y + _RADIUS + 12, 4.5 * len(shown(picture.entities[i].name, _LONGEST)), 12)
            for i, (x, y) in places.items()
        ]
    )
    lines = list(_lines(picture, room))
    return element(
        "svg",
        element("title", title),
        element("rect", x=_n(left), y=_n(top), width=_n(right - left), height=_n(low - top), fill=_PAPER),
        *(part for line in lines for part in line[0]),
        *(part for line in lines for part in line[1]),
        *(part for id_ in places for part in _node(picture, id_)),
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


class _Room:
    """Which parts of the picture have letters: boxes by their middle and half their sides."""

    def __init__(self, boxes: Iterable[tuple[float, float, float, float]]) -> None:
        self._boxes = list(boxes)

    def taken(self, ways: Iterable[tuple[float, float]], width: float, height: float) -> tuple[float, float]:
        """Take, of some places, the first at which a box of that half width and half height is free, else the first."""
        options = list(ways)
        free = (place for place in options if not any(_overlap((*place, width, height), box) for box in self._boxes))
        place = next(free, options[0])
        self._boxes.append((*place, width, height))
        return place


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return abs(one[0] - other[0]) < one[2] + other[2] and abs(one[1] - other[1]) < one[3] + other[3]


def _n(number: float) -> str:
    """Return a number as SVG has it, to a tenth: the same on every machine."""
    return f"{round(number, 1) + 0.0:g}"


def _lines(picture: Picture, room: _Room) -> Iterator[tuple[list[Element], list[Element]]]:
    """Yield the stroke and the label of each line; those between the same two bow apart."""
    bundles: defaultdict[tuple[str, ...], dict[tuple[str, str, str, Category], list[Fact]]] = defaultdict(dict)
    for fact in picture.facts:
        ends = tuple(_ends(fact))
        if ends and ends[0].id != ends[1].id:
            key = (ends[0].id, ends[1].id, fact.relation, category_of(fact))
            bundles[tuple(sorted(key[:2]))].setdefault(key, []).append(fact)
    for ends_, lines in sorted(bundles.items()):
        for at, ((source, target, *_), facts) in enumerate(lines.items()):
            bow = (at - (len(lines) - 1) / 2) * _BOW
            yield _line(picture, (source, target), facts, bow if source == ends_[0] else -bow, room)


def _line(
    picture: Picture, ends: tuple[str, str], facts: Sequence[Fact], bow: float, room: _Room
) -> tuple[list[Element], list[Element]]:
    (x1, y1), (x2, y2) = (picture.places[end] for end in ends)
    length = math.hypot(x2 - x1, y2 - y1) or 1.0
    across, down = (x2 - x1) / length, (y2 - y1) / length
    # The control point of a quadratic curve lies twice as far out as its middle.
    cx, cy = (x1 + x2) / 2 - down * 2 * bow, (y1 + y2) / 2 + across * 2 * bow
    category = category_of(facts[0])
    colour, is_symmetric = colour_of(facts[0], category), ontology().relation(facts[0].relation).symmetric
    start, (ex, ey) = _towards((x1, y1), (cx, cy)), _towards((x2, y2), (cx, cy))
    path = f"M{_n(start[0])} {_n(start[1])}Q{_n(cx)} {_n(cy)} {_n(ex)} {_n(ey)}"
    stroke = element("path", d=path, fill="none", stroke=colour, stroke_width="2", stroke_dasharray=DASHES[category])
    parts = [stroke] if is_symmetric else [stroke, _arrow((ex, ey), (cx, cy), colour)]
    curve = ((x1, y1), (cx, cy), (x2, y2))
    return parts, _label(picture, facts, [_point(curve, along) for along in _ALONG], room)


def _point(curve: tuple[tuple[float, float], ...], along: float) -> tuple[float, float]:
    """Return the point of a quadratic curve, 0 being its beginning and 1 its end."""
    weights = (1 - along) ** 2, 2 * along * (1 - along), along**2
    return (
        sum(weight * x for weight, (x, _) in zip(weights, curve, strict=True)),
        sum(weight * y for weight, (_, y) in zip(weights, curve, strict=True)),
    )


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


def _label(picture: Picture, facts: Sequence[Fact], ways: Sequence[tuple[float, float]], room: _Room) -> list[Element]:
    colour = colour_of(facts[0], category_of(facts[0]))
    words = [short_terms(fact.qualifiers, picture.lang) for fact in facts]
    terms = " / ".join(dict.fromkeys(filter(None, words)))
    label = ontology().relation(facts[0].relation).label[picture.lang]
    numbers = [n for f in facts for id_ in (fact_id(f), *(c.id for c in f.claims)) for n in picture.notes.get(id_, ())]
    rows = [label, *([shown(terms, _LONGEST)] if terms else [])]
    at = room.taken(ways, 3.5 * max(map(len, rows)), 8.0 * len(rows))
    made = [
        part
        for row, text in enumerate(rows)
        for part in _haloed(text, at[0], at[1] + 5 + 16 * (row - (len(rows) - 1) / 2), colour, size="13.5")
    ]
    return [*made, *_marks(numbers, at[0] + 3.4 * max(map(len, rows)) + 8, at[1])]


def _haloed(  # noqa: PLR0913 - keywords
    text: str, x: float, y: float, colour: str, *, size: str, weight: str | None = None
) -> Iterator[Element]:
    """Yield a text on a white rim: twice, since not every program knows in which order SVG 2 paints."""
    where = {"x": _n(x), "y": _n(y), "text_anchor": "middle", "font_size": size, "font_weight": weight}
    yield element(
        "text", text, fill=_PAPER, stroke=_PAPER, stroke_width="5", stroke_linejoin="round", aria_hidden="true", **where
    )
    yield element("text", text, fill=_darker(colour), **where)


def _darker(colour: str) -> str:
    """Return a colour in which text can be read on white: 4.5 to 1 (WCAG 2.2, 1.4.3)."""
    channels = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(channel * 0.6):02x}" for channel in channels)


def _node(picture: Picture, id_: str) -> Iterator[Element]:
    entity, (x, y) = picture.entities[id_], picture.places[id_]
    kind = ontology().classes.get(entity.type)
    colour = pair(kind.colour if kind is not None and kind.colour else _OTHER).light
    yield element("circle", cx=_n(x), cy=_n(y), r=_n(_RADIUS), fill=colour, stroke=_PAPER, stroke_width="2")
    yield from _haloed(shown(entity.name, _LONGEST), x, y + _RADIUS + 18, _INK, size="16.5", weight="bold")
    yield from _marks(picture.notes.get(id_, ()), x + _RADIUS + 10, y - _RADIUS - 2)


def _marks(numbers: Sequence[int], x: float, y: float) -> Iterator[Element]:
    """Yield the numbers of notes."""
    for at, number in enumerate(dict.fromkeys(numbers)):
        yield element("circle", cx=_n(x + 20 * at), cy=_n(y), r="9", fill="#7a4b00")
        yield element(
            "text", str(number), x=_n(x + 20 * at), y=_n(y + 4.5), text_anchor="middle", font_size="12", fill=_PAPER
        )
