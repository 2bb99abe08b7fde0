"""Another company that is called much the same."""

import random
import re
from collections.abc import Callable

from kg.evaluation.company_names.register import RegisterWords

__all__ = ["negative"]

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
    *("Energy", "Electronics", "Logistics", "Finance", "Insurance", "Materials", "Foods", "Motors", "Pharma", "Retail"),
    *("Real Estate", "Asset Management", "Investment Managers", "Leasing", "Ventures", "Healthcare", "Trading"),
)
_RARE, _LEAST_LETTERS, _LONGEST_CORE = 40, 4, 2
_ALIKE = 0.6
_HEAD = 4
"""Letters in which look-alikes do not agree: europa and european are one word."""


def _plain(word: str) -> str:
    return re.sub(r"\W", "", word).casefold()


def _cased(word: str, name: str) -> str:
    return word.upper() if name.isupper() else word


def _numbered(name: str, _: RegisterWords, chance: Chance) -> str:
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


def _placed(name: str, _: RegisterWords, chance: Chance) -> str:
    fitting = [
        (place, places) for places in _SWAPPED for place in places if re.search(rf"\b{place}\b", name, re.IGNORECASE)
    ]
    if not fitting:
        return _with_place(name, chance)
    place, places = chance.choice(fitting)
    other = chance.choice([one for one in places if one != place])
    return re.sub(rf"\b{place}\b", _cased(other, name), name, count=1, flags=re.IGNORECASE)


def _with_place(name: str, chance: Chance) -> str:
    """A subsidiary: Deutsche Bank (Schweiz) AG of Deutsche Bank AG."""
    match = _FORM.search(name)
    if match is None or chance.random() < 0.5:  # noqa: PLR2004
        return ""
    place = _cased(
        chance.choice(("India", "France", "Schweiz", "UK", "China", "Italia", "Deutschland", "Polska", "Americas")),
        name,
    )
    return f"{name[: match.start()].rstrip(' ,')} {chance.choice((place, f'({place})'))} {name[match.start() :]}"


def _naming_at(parts: list[str], words: RegisterWords, most: int) -> list[int]:
    """Where words stand that at most so many names have."""
    counts = words.counts
    return [
        at
        for at, part in enumerate(parts)
        if len(part) >= _LEAST_LETTERS and part.isalpha() and 0 < counts.get(_plain(part), 0) <= most
    ]


def _exchanged(parts: list[str], at: int, other: str) -> str:
    word = other.upper() if parts[at].isupper() else other.capitalize()
    return " ".join([*parts[:at], word, *parts[at + 1 :]])


def _replaced(name: str, words: RegisterWords, chance: Chance) -> str:
    """One distinctive word is another company's."""
    parts = name.split()
    rare = _naming_at(parts, words, _RARE)
    if not rare:
        return ""
    at, other = chance.choice(rare), chance.choice(words.naming)
    return "" if other == _plain(parts[at]) else _exchanged(parts, at, other)


def _extended(name: str, words: RegisterWords, chance: Chance) -> str:
    """A sister of another line of business: Siemens Energy of Siemens."""
    match = _FORM.search(name) or _ENGLISH_FORM.search(name)
    core, form = (name[: match.start()].rstrip(" ,"), name[match.start() :]) if match else (name, "")
    parts = core.split()
    if len(parts) > _LONGEST_CORE or 0 not in _naming_at(parts, words, _RARE):
        return ""  # what is long says its line already
    line = chance.choice(_LINES)
    if {_plain(word) for word in line.split()} & {_plain(part) for part in parts}:
        return ""
    return " ".join([core, _cased(line, name), form]).strip()


def _looking_alike(name: str, words: RegisterWords, chance: Chance) -> str:
    """One distinctive word is another word that looks like it: Wood and Food."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    parts = name.split()
    rare = _naming_at(parts, words, 3 * _RARE)
    if not rare:
        return ""
    at = chance.choice(rare)
    word = _plain(parts[at])
    near = process.extract(word, words.naming, scorer=OSA.normalized_similarity, score_cutoff=_ALIKE, limit=4)
    others = [other for other, _, _ in near if other[:_HEAD] != word[:_HEAD]]
    return _exchanged(parts, at, chance.choice(others)) if others else ""


def _other_form(name: str, _: RegisterWords, chance: Chance) -> str:
    """The same words in another country: another company of the group, or of nobody's."""
    match = _FORM.search(name)
    if match is None:
        return ""
    forms = [form for form in _FORMS if form.casefold().replace(".", "") != match[0].casefold().replace(".", "")]
    return name[: match.start()] + chance.choice(forms)


def _holding(name: str, _: RegisterWords, chance: Chance) -> str:
    """The company that holds it: X Holdings Ltd of X Ltd."""
    match = _FORM.search(name) or _ENGLISH_FORM.search(name)
    if match is None or re.search(r"\b(?:group|holdings?)\b", name, re.IGNORECASE):
        return ""
    word = _cased(chance.choice(("Holdings", "Holding", "Group")), name)
    return f"{name[: match.start()].rstrip(' ,')} {word} {name[match.start() :]}"


_FORMS = ("LLC", "GmbH", "S.r.l.", "B.V.", "AG", "LP", "S.L.", "SARL", "Pty Ltd", "Inc.", "AB", "S.A.")
_FORM = re.compile(r"(?<=[\w,] )(?:LLC|GmbH|S\.?r\.?l\.?|B\.?V\.?|AG|L\.?P\.?|Inc\.?|AB|S\.?A\.?)$", re.IGNORECASE)

_ENGLISH_FORM = re.compile(
    r"(?<=[\w,.] )(?:(?:PRIVATE|PVT\.?|PTY\.?|PTE\.?|CO\.?,?) )?(?:LIMITED|LTD\.?|INC\.?|CORP\.?)$", re.IGNORECASE
)

_MAKERS: tuple[tuple[float, str, Callable[[str, RegisterWords, Chance], str]], ...] = (
    (0.1, "another number", _numbered),
    (0.1, "another place", _placed),
    (0.1, "a distinctive word replaced", _replaced),
    (0.25, "another line of business", _extended),
    (0.04, "a word that looks alike", _looking_alike),
    (0.04, "another legal form", _other_form),
    (0.04, "the holding", _holding),
)
"""The share of names on which each is tried, of which many offer nothing for it; the rest gets its neighbour."""


def negative(name: str, words: RegisterWords, chance: Chance, nearest: Nearest) -> tuple[str, str]:
    """Return another company's name that is much like this one, and how it was found, or "" where there is none."""
    draw = chance.random()
    for share, kind, make in _MAKERS:
        if 0 <= draw < share and (text := make(name, words, chance)):
            return text, kind
        draw -= share
    return nearest(name, chance), "nearest other name of the register"
