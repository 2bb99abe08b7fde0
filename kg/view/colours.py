"""Colours that can be told from the page behind them, light or dark.

Contrast is that of WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio; lines need 3 : 1,
https://www.w3.org/TR/WCAG22/#non-text-contrast
"""

from dataclasses import dataclass

__all__ = ["DARK", "LIGHT", "Pair", "contrast", "pair"]

LIGHT = "#ffffff"
DARK = "#14181f"
"""The backgrounds of the two themes; page.css names the same."""

_ENOUGH = 3.0
_STEPS = 20


@dataclass(frozen=True, slots=True)
class Pair:
    """One colour as the two themes draw it, each #rrggbb."""

    light: str
    dark: str


def pair(colour: str) -> Pair:
    """Return a colour of the ontology for both themes: as it is where it can be seen, else nearer to the text."""
    return Pair(_visible(colour, LIGHT, "#000000"), _visible(colour, DARK, "#ffffff"))


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21."""
    high, low = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _visible(colour: str, background: str, towards: str) -> str:
    mixes = (_mixed(colour, towards, step / _STEPS) for step in range(_STEPS + 1))
    return next((mix for mix in mixes if contrast(mix, background) >= _ENOUGH), towards)


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))


def _mixed(colour: str, towards: str, part: float) -> str:
    ends = zip(_channels(colour), _channels(towards), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in ends)


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB's own constants
        for part in (channel / 255 for channel in _channels(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
