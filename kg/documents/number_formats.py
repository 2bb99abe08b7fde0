"""How a workbook shows the numbers that it stores: 0.125 as "12.5%", 45727 as "2025-03-11", 3.2 as "3.2 M€".

The codes are those of ECMA-376, part 1, 18.8.30 and 18.8.31. A thousands separator is not shown, and a date always in
ISO form: how either looks depends on the language of the program, not on the file.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

__all__ = ["BUILT_IN", "NumberFormat", "parse_format"]

BUILT_IN: Mapping[int, str] = {
    **dict.fromkeys((1, 3), "0"),
    **dict.fromkeys((2, 4), "0.00"),
    9: "0%",
    10: "0.00%",
    **dict.fromkeys((14, 15, 16, 17), "yyyy-mm-dd"),
    **dict.fromkeys((18, 19, 20, 21, 45), "h:mm"),
    22: "yyyy-mm-dd h:mm",
}
"""The codes that a number alone stands for, as far as they change what is shown."""

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|\[\$(?P<symbol>[^\]-]*)[^\]]*\]|\[[^\]]*\]|[_*].|(?P<digits>[0#?][0#?.,]*)|'
    r"(?P<time>[ymdhs]+|am/pm)|(?P<plain>.)",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST_CODE = 255  # Excel takes no longer one
_ROUNDED = 10**15  # a larger number has no decimals
_DAYS = 2_958_466  # the day after 9999-12-31
_NEW_YEAR_1900 = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet's days have no zone; it counts 1900 as a leap year
_NEW_YEAR_1904 = dt.datetime(1904, 1, 1)  # noqa: DTZ001


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """What stands before and after a number, its decimals, what it is multiplied by; or that it is a date or a time.

    >>> parse_format('#,##0.0" M€"').shown("3.24"), parse_format("0.0%").shown("0.125"), NumberFormat().shown("1E3")
    ('3.2 M€', '12.5%', '1000')
    """

    before: str = ""
    after: str = ""
    decimals: int | None = None
    scale: Decimal = Decimal(1)
    is_date: bool = False
    is_time: bool = False

    def shown(self, value: str, *, since_1904: bool = False) -> str:
        """Return how a stored number is shown, and what is no number as it is.

        Args:
            value: the number as the file has it.
            since_1904: whether the workbook counts days from 1904-01-01.

        """
        try:
            number = Decimal(format(float(value), ".15g"))  # a sheet counts with 15 digits
        except (ValueError, InvalidOperation):
            return value
        if not number.is_finite():
            return value
        if (self.is_date or self.is_time) and 0 <= number < _DAYS:
            return self._moment(number, _NEW_YEAR_1904 if since_1904 else _NEW_YEAR_1900)
        number *= self.scale
        if self.decimals is not None and abs(number) < _ROUNDED:
            number = number.quantize(Decimal(1).scaleb(-min(self.decimals, 10)), ROUND_HALF_UP)
        digits = f"{number:f}"
        if "." in digits:
            digits = digits.rstrip("0").rstrip(".")
        return f"{self.before}{'0' if digits == '-0' else digits}{self.after}"

    def _moment(self, number: Decimal, first_day: dt.datetime) -> str:
        moment = first_day + dt.timedelta(seconds=round(float(number) * 86_400))
        if not self.is_date:
            return f"{moment:%H:%M}"
        return moment.date().isoformat() + (f" {moment:%H:%M}" if self.is_time and number % 1 else "")


def parse_format(code: str) -> NumberFormat:
    """Return what a number format says, by the section for positive numbers; a code that cannot be read says nothing.

    >>> parse_format("dd/mm/yyyy").shown("45727"), parse_format("[$€-40C] #,##0,").shown("12000")
    ('2025-03-11', '€ 12')
    """
    if code.casefold() in {"general", "standard", "@", ""} or len(code) > _LONGEST_CODE:
        return NumberFormat()
    before, after, digits, times = "", "", "", ""
    for match in _TOKEN.finditer(code):
        if match["plain"] == ";":
            break
        if match["time"]:
            times += match["time"].casefold()
        elif match["digits"] and not digits:
            digits = match["digits"]
        elif match["digits"] or (digits and match["plain"] in {"E", "e", "/"}):
            return NumberFormat()  # a fraction, or a power of ten: the number alone is plainer
        else:
            literal = match["quoted"] or match["escaped"] or match["symbol"] or match["plain"] or ""
            before, after = (before, after + literal) if digits else (before + literal, after)
    if times:
        is_date = "y" in times or "d" in times
        return NumberFormat(is_date=is_date, is_time="h" in times or "s" in times or not is_date)
    if not digits:
        return NumberFormat()
    places = digits.rstrip(",")
    scale = Decimal(100 if "%" in before + after else 1) / 1000 ** (len(digits) - len(places))
    return NumberFormat(before, after.rstrip(), sum(sign in "0#?" for sign in places.partition(".")[2]), scale)
