"""When two figures are the same one, rounded."""

from collections.abc import Sequence
from decimal import Context, Decimal

__all__ = ["finest", "same_number"]

_ROUNDING = Decimal("0.05")
"""The largest part of a sum that rounding may take away or add: 1 bn is not 1.4 bn rounded."""
_EXACT = Context(prec=100)


def same_number(first: Decimal, second: Decimal) -> bool:
    """Tell whether one number is the other, rounded to its last figure, or to whole thousands or millions.

    >>> same_number(Decimal("11.9e9"), Decimal("12e9")), same_number(Decimal("11.7e9"), Decimal("10e9"))
    (True, False)
    >>> same_number(Decimal("5.2"), Decimal("6")), same_number(Decimal("62"), Decimal("62.3"))
    (False, True)
    """
    difference = abs(first - second)
    coarsest = max(_last_place(first), _last_place(second))
    return difference == 0 or (2 * difference <= coarsest and difference <= _ROUNDING * max(abs(first), abs(second)))


def finest(values: Sequence[Decimal]) -> Decimal:
    """Return the number that is given to the most figures."""
    return min(values, key=_last_place)


def _last_place(value: Decimal) -> Decimal:
    written = value.normalize(_EXACT)
    exponent = written.as_tuple().exponent
    if not value or not isinstance(exponent, int):
        return Decimal(1)
    return Decimal(10) ** min(exponent, max(written.adjusted() // 3 * 3, 0))
