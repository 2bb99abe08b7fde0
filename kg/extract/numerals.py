"""A figure in a text, and numbers as French and English print them."""

import re
from dataclasses import dataclass
from decimal import Decimal

from kg.extract.lexicon import Lexicon

__all__ = ["SPACE", "FigureSpan", "number_of"]

SPACE = "[ \u00a0\u202f\u2009]"
"""The spaces that stand inside figures."""


@dataclass(frozen=True, slots=True)
class FigureSpan:
    """A figure at `start`–`end` of the text that was searched.

    `kind` is amount (with an ISO 4217 `unit`), percent (0–100), duration (`unit` is an
    xsd:duration) or quantity. `bound` is "min" or "max" where a percentage is only the least or the
    most that it may be ("more than 5%").
    """

    kind: str
    start: int
    end: int
    value: Decimal
    unit: str = ""
    bound: str = ""


def number_of(text: str, lexicon: Lexicon, *, scaled: bool = True) -> Decimal | None:
    """Read a printed number; None where the two customs leave a doubt (1,234 dollars in French).

    With `scaled`, a word of scale or a unit follows it: there "1,5" is no thousand and a half.
    """
    word = lexicon.tables["figures.number"].get(text.casefold())
    if word is not None:
        return Decimal(word)
    digits = re.sub(SPACE, "", text)
    other = "," if lexicon.decimal == "." else "."
    if re.fullmatch(rf"\d{{1,3}}(\{other}\d{{3}})+(\{lexicon.decimal}\d+)?", digits) and not scaled:
        digits = digits.replace(other, "")
    digits = digits.replace(lexicon.decimal, ".")
    if digits.count(".") > 1 or "," in digits:
        digits = digits.replace(",", ".") if digits.count(",") == 1 and "." not in digits else digits.replace(",", "")
    return Decimal(digits) if re.fullmatch(r"\d+(\.\d+)?", digits) else None
