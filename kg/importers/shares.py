"""Shares as sources print them: exact ones, and bounds, inclusive or exclusive, as terms of a claim."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kg.model import Qualifiers, canonical_decimal

__all__ = ["Share", "printed_share", "share_of"]

_LONG = 200
_NUMBER = r"(\d{1,12}(?:[.,]\d{1,12})?)"
_UNIT = re.compile(r"\s*(?:%|\bper\s?cent\b|\bpercent\b|\bpct\b|\bp\.\s?c\.)", re.IGNORECASE)
_CODE = re.compile(r"^(?:ownership-of-shares|voting-rights|share)-")
_DASHES = str.maketrans({"–": "-", "—": "-", "−": "-", "‑": "-", "\u00a0": " ", "\u202f": " "})
_LOWER = {">=": False, "≥": False, "at least": False, "from": False, "min": False, "minimum": False}
_LOWER |= {">": True, "more than": True, "over": True, "above": True, "greater than": True}
_UPPER = {"<=": False, "≤": False, "up to": False, "at most": False, "not more than": False, "no more than": False}
_UPPER |= {"max": False, "maximum": False, "<": True, "less than": True, "under": True, "below": True}


def _signs(signs: dict[str, bool]) -> str:
    return "|".join(sorted(map(re.escape, signs), key=len, reverse=True))


_EXACT = re.compile(rf"=?\s*{_NUMBER}")
_RANGE = re.compile(rf"(?:between |from )?{_NUMBER}\s*-?\s*(?:-|to|and)\s*-?\s*{_NUMBER}")
_FROM = re.compile(rf"({_signs(_LOWER)})\s*{_NUMBER}")
_TO = re.compile(rf"({_signs(_UPPER)})\s*{_NUMBER}")
_BOTH = re.compile(rf"{_FROM.pattern}\s*(?:,|and|but|\s)\s*{_TO.pattern}")
_OR_MORE = re.compile(rf"{_NUMBER}\s*(?:\+|or more|and more|or above|and above)")
_OR_LESS = re.compile(rf"{_NUMBER}\s*(?:or less|and less|or below|and below)")


@dataclass(frozen=True, slots=True)
class Share:
    """A share in percent: `exact`, or bounds, each with whether it is exclusive.

    >>> Share(low=Decimal(25), high=Decimal(50), is_low_open=True).text
    '>25 <=50'

    """

    exact: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    is_low_open: bool = False
    is_high_open: bool = False

    @property
    def text(self) -> str:
        """The share as kg writes it: "75", ">=25 <50"."""
        if self.exact is not None:
            return str(canonical_decimal(self.exact))
        parts = [] if self.low is None else [f"{'>' if self.is_low_open else '>='}{canonical_decimal(self.low)}"]
        parts += [] if self.high is None else [f"{'<' if self.is_high_open else '<='}{canonical_decimal(self.high)}"]
        return " ".join(parts)

    def terms(self, printed: str | None = None) -> dict[str, Any]:
        """Return the terms of a claim; those of bounds are inclusive, so the text stays where a bound is exclusive.

        Args:
            printed: as the source has it; kept where it says more than the terms do.

        """
        text = self.text if printed is None else printed
        is_plain = text == self.text and not (self.is_low_open or self.is_high_open)
        terms = {"percent": self.exact, "percent_min": self.low, "percent_max": self.high}
        return terms | {"as_printed": None if is_plain else text}


def share_of(text: str) -> Share | None:
    """Return the share that a text means; None where it means none for certain, or none from 0 to 100.

    >>> share_of("12,5 %"), share_of("25-50%").text, share_of("more than 25% but less than 50%").text
    (Share(exact=Decimal('12.5'), low=None, high=None, is_low_open=False, is_high_open=False), '>=25 <=50', '>25 <50')
    >>> share_of("a third")

    """
    if len(text) > _LONG:
        return None
    plain = _CODE.sub("", text.translate(_DASHES).strip().casefold())
    plain = _UNIT.sub("", plain).strip().removesuffix("-percent").removesuffix("-")
    share = _read(plain)
    if share is None:
        return None
    numbers = [each for each in (share.exact, share.low, share.high) if each is not None]
    is_order = share.low is None or share.high is None or share.low <= share.high
    return share if is_order and all(0 <= each <= 100 for each in numbers) else None  # noqa: PLR2004 - percent


def _read(text: str) -> Share | None:  # noqa: PLR0911 - a form each
    if match := _EXACT.fullmatch(text):
        return Share(exact=_decimal(match[1]))
    if match := _RANGE.fullmatch(text):
        return Share(low=_decimal(match[1]), high=_decimal(match[2]))
    if match := _BOTH.fullmatch(text):
        return Share(
            low=_decimal(match[2]), high=_decimal(match[4]), is_low_open=_LOWER[match[1]], is_high_open=_UPPER[match[3]]
        )
    if match := _FROM.fullmatch(text):
        return Share(low=_decimal(match[2]), is_low_open=_LOWER[match[1]])
    if match := _TO.fullmatch(text):
        return Share(high=_decimal(match[2]), is_high_open=_UPPER[match[1]])
    if match := _OR_MORE.fullmatch(text):
        return Share(low=_decimal(match[1]))
    if match := _OR_LESS.fullmatch(text):
        return Share(high=_decimal(match[1]))
    return None


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def printed_share(qualifiers: Qualifiers) -> Share | None:
    """Return the share that a claim's terms are, with exclusive bounds where its text has them; None without any."""
    share = Share(qualifiers.percent, qualifiers.percent_min, qualifiers.percent_max)
    if share == Share():
        return None
    if share.exact is not None:
        return Share(share.exact)
    printed = share_of(qualifiers.as_printed or "")
    is_same = printed is not None and (printed.exact, printed.low, printed.high) == (None, share.low, share.high)
    return printed if is_same else share
