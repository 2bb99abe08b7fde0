"""Another company that is called much the same."""

import random
import re
from collections.abc import Callable, Mapping

__all__ = ["negative"]

Common = Mapping[str, int]
Chance = random.Random
Nearest = Callable[[str, Chance], str]

_SERIES = re.compile(r"(?<=\s)(?:I{1,3}|IV|VI{0,3}|IX|X|\d{1,4})\b(?!.*\s(?:I{1,3}|IV|VI{0,3}|IX|X|\d{1,4})\b)")
_ROMANS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI")
_SWAPPED = (
    *(("West", "East"), ("North", "South"), ("Western", "Eastern"), ("Northern", "Southern"), ("Nord", "Sud")),
    *(("France", "Italy", "Germany", "Spain", "UK", "Poland"), ("India", "China", "Japan", "Singapore")),
    *(("European", "American", "Asian"), ("Europe", "America", "Asia"), ("London", "Paris", "Boston", "Chicago")),
    *(("Canada", "Australia", "Mexico", "Brazil"), ("US", "UK", "EU"), ("California", "Texas", "Florida")),
)
_LINES = (
    "Energy",
    "Electronics",
    "Logistics",
    "Finance",
    "Insurance",
    "Materials",
    "Foods",
    "Motors",
    "Pharma",
    "Retail",
)
_LINES_AFTER = (
    "Real Estate",
    "Asset Management",
    "Investment Managers",
    "Leasing",
    "Ventures",
    "Healthcare",
    "Trading",
)
_RARE = 40


def _plain(word: str) -> str:
    return re.sub(r"\W", "", word).casefold()


def _cased(word: str, name: str) -> str:
    return word.upper() if name.isupper() else word


def _numbered(name: str, _: Common, chance: Chance) -> str:
    match = _SERIES.search(name)
    if match is not None:
        number = match[0]
        other = (
            str(int(number) + chance.randrange(1, 4))
            if number.isdecimal()
            else chance.choice([r for r in _ROMANS if r != number])
        )
        return name[: match.start()] + other + name[match.end() :]
    match = re.search(r"\b(?:fund|trust|portfolio|partners|holdings|bidco|solar|capital)\b", name, re.IGNORECASE)
    return (
        "" if match is None else f"{name[: match.end()]} {chance.choice(('II', 'III', '2', 'IV'))}{name[match.end() :]}"
    )


def _placed(name: str, _: Common, chance: Chance) -> str:
    fitting = [
        (place, places) for places in _SWAPPED for place in places if re.search(rf"\b{place}\b", name, re.IGNORECASE)
    ]
    if not fitting:
        return ""
    place, places = chance.choice(fitting)
    other = chance.choice([one for one in places if one != place])
    return re.sub(rf"\b{place}\b", _cased(other, name), name, count=1, flags=re.IGNORECASE)


def _replaced(name: str, common: Common, chance: Chance, words: list[str]) -> str:
    """One distinctive word is another company's."""
    parts = name.split()
    rare = [
        at
        for at, part in enumerate(parts)
        if len(part) > 3 and part.isalpha() and 0 < common.get(_plain(part), 0) <= _RARE
    ]  # noqa: PLR2004
    if not rare:
        return ""
    at = chance.choice(rare)
    other = chance.choice(words)
    if _plain(other) == _plain(parts[at]):
        return ""
    parts[at] = other.upper() if parts[at].isupper() else other.capitalize()
    return " ".join(parts)


def _extended(name: str, common: Common, chance: Chance) -> str:
    """A sister of another line of business: Siemens Energy of Siemens."""
    parts = name.split()
    at = next((at for at, part in enumerate(parts) if 0 < common.get(_plain(part), 0) <= _RARE), None)
    if at is None or at > 1 or len(parts) > 4:  # noqa: PLR2004 - what is long already says its line
        return ""
    line = chance.choice(_LINES + _LINES_AFTER)
    if {_plain(word) for word in line.split()} & {_plain(part) for part in parts}:
        return ""
    return " ".join([*parts[: at + 1], _cased(line, name), *parts[at + 1 :]])


def negative(name: str, common: Common, chance: Chance, nearest: Nearest) -> tuple[str, str]:
    """Return another company's name that is much like this one, and how it was found, or "" where there is none."""
    draw = chance.random()
    if draw < 0.12 and (text := _numbered(name, common, chance)):  # noqa: PLR2004
        return text, "another number"
    if draw < 0.3 and (text := _placed(name, common, chance)):  # noqa: PLR2004
        return text, "another place"
    if 0.3 <= draw < 0.42 and (text := _replaced(name, common, chance, _rare_words(common))):  # noqa: PLR2004
        return text, "a distinctive word replaced"
    if 0.42 <= draw < 0.5 and (text := _extended(name, common, chance)):  # noqa: PLR2004
        return text, "another line of business"
    return nearest(name, chance), "nearest other name of the register"


_cache: dict[int, list[str]] = {}


def _rare_words(common: Common) -> list[str]:
    if id(common) not in _cache:
        _cache[id(common)] = sorted(
            word for word, count in common.items() if 2 <= count <= _RARE and len(word) > 3 and word.isalpha()
        )  # noqa: PLR2004
    return _cache[id(common)]
