"""Where in its file a quote stands, as a reference has it: "p. 12", "§ 31", "note 4", "Deals!B7"."""

from collections.abc import Mapping, Sequence

from kg.places import Place, PlaceKind

__all__ = ["place_label"]

_LABELS: Mapping[str, Mapping[PlaceKind, str]] = {
    "en": {
        PlaceKind.PAGE: "p. {0}",
        PlaceKind.PARAGRAPH: "§ {0}",
        PlaceKind.FOOTNOTE: "note {0}",
        PlaceKind.CELL: "{0}",
        PlaceKind.PART: "part {0}",
        PlaceKind.ITEM: "Item {0}",
    },
    "fr": {
        PlaceKind.PAGE: "p. {0}",
        PlaceKind.PARAGRAPH: "§ {0}",
        PlaceKind.FOOTNOTE: "note {0}",
        PlaceKind.CELL: "{0}",
        PlaceKind.PART: "partie {0}",
        PlaceKind.ITEM: "Item {0}",
    },
}
"""An element of a page of the web has none: its path is for programs."""


def place_label(places: Sequence[Place], lang: str) -> str:
    """Return what a person is told of the places of a quote, in their order; "" where there is nothing to tell.

    >>> place_label([Place(0, 9, PlaceKind.PAGE, "12"), Place(9, 20, PlaceKind.PAGE, "13")], "en")
    'p. 12–13'

    """
    labels = _LABELS[lang]
    names: dict[PlaceKind, dict[str, None]] = {}
    for place in places:
        if place.kind in labels:
            names.setdefault(place.kind, {})[place.name] = None
    return ", ".join(labels[kind].format(_span(list(found))) for kind, found in names.items())


def _span(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]}–{names[-1]}"
