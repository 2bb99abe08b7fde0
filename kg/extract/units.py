"""Figures whose unit stands apart from them: in the head of their column, above their table, in the cell beside.

"21" below "% of revenue" is 21 %, "1,204" below "in millions of dollars" are 1,204,000,000 dollars.
"""

import re
from collections.abc import Iterable
from decimal import Decimal

from kg.extract.lexicon import Lexicon
from kg.extract.numerals import FigureSpan, number_of
from kg.extract.plain import plain

__all__ = ["figure_with_unit"]

_HUNDRED = Decimal(100)
_WORD = re.compile(r"[^\W\d_]+|(?<![\d.,])'?000s?\b")
_SHORT = 2
"""Letters of an abbreviation that tells a scale only beside the sign or code of a currency: "$m", "EUR m"."""


def figure_with_unit(number: str, kind: str, units: Iterable[str], lexicon: Lexicon) -> FigureSpan | None:
    """Return the figure that a bare number is with the units that stand apart from it; None where they tell none.

    Args:
        number: digits, with the signs that group them.
        kind: percent or amount.
        units: the texts that tell the unit. Of a percentage one says "%" or the like; of an amount one names the
            currency, and one the scale, where there is one.
        lexicon: that of the language.

    """
    value = number_of(plain(number).strip(), lexicon, scaled=kind == "percent")
    if value is None:
        return None
    texts = [plain(unit) for unit in units]
    if kind == "percent":
        told = any(_is_percent(text, lexicon) for text in texts)
        return FigureSpan("percent", 0, len(number), value) if told and value <= _HUNDRED else None
    currencies = {code for text in texts for code in _currencies(text, lexicon)}
    scales = {scale for text in texts for scale in _scales(text, lexicon)}
    if len(currencies) != 1 or len(scales) > 1:
        return None
    return FigureSpan("amount", 0, len(number), value * (scales.pop() if scales else Decimal(1)), currencies.pop())


def _is_percent(text: str, lexicon: Lexicon) -> bool:
    words = {*re.findall(r"%|[^\W\d_]+(?:-[^\W\d_]+)*", text.casefold())}
    single = {phrase for phrase in lexicon.cues["tables.percent"] if " " not in phrase}
    return bool(words & single) or any(phrase in text.casefold() for phrase in lexicon.cues["figures.percent"])


def _currencies(text: str, lexicon: Lexicon) -> Iterable[str]:
    """Yield the currencies that a text names; of names within others ("US$", "$") the longest."""
    names = sorted(lexicon.tables["figures.currency"], key=len, reverse=True)
    for name in names:
        first, last = (r"(?<![^\W\d_])" if name[0].isalpha() else "", r"(?![^\W\d_])" if name[-1].isalpha() else "")
        # A sign may touch the letter of its scale: "M€", "$m".
        pattern = re.compile(first + re.escape(name) + last)
        if pattern.search(text):
            text = pattern.sub(" ", text)
            yield lexicon.tables["figures.currency"][name]


def _scales(text: str, lexicon: Lexicon) -> Iterable[Decimal]:
    """Yield the scales that a text tells: words ("in millions"), and a letter that touches the sign of a currency."""
    table = lexicon.tables["tables.scales"]
    signs = "".join(sorted({name for name in lexicon.tables["figures.currency"] if len(name) == 1}))
    for word in _WORD.findall(text.casefold()):
        if len(word) > _SHORT and word in table:
            yield Decimal(table[word])
    short = "|".join(sorted((re.escape(word) for word in table if len(word) <= _SHORT), key=len, reverse=True))
    letters = rf"[{re.escape(signs)}]\s?({short})(?![^\W\d_])|(?<![^\W\d_])({short})\s?[{re.escape(signs)}]"
    coded = rf"\b[A-Z]{{3}}\s({short})(?![^\W\d_])"
    for match in (*re.finditer(letters, text, re.IGNORECASE), *re.finditer(coded, text)):
        yield Decimal(table[next(group for group in match.groups() if group).casefold()])
