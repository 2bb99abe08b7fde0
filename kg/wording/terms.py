"""The terms of a claim as a person reads them: "11.9 bn USD over 5 years", "11,9 Md USD sur 5 ans".

Numbers are never rounded in the long form. The short form, for the label of an edge, rounds a
sum of money to three figures, and says only the terms that fit on a line.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

from kg.dates import duration_units
from kg.errors import QueryError, did_you_mean
from kg.model import Figure, Qualifiers, canonical_decimal

__all__ = ["figure", "money", "number", "short_terms", "terms"]

_MILLION = Decimal(10**6)
_LONGEST_FRACTION = 3


@dataclass(frozen=True, slots=True)
class _Wording:
    """How one language writes numbers and joins terms; `{0}` stands for the value."""

    decimal_mark: str
    thousands: str
    scales: tuple[tuple[Decimal, str], ...]
    spans: tuple[tuple[str, str, str], ...]
    percent_of: Mapping[str, str]
    lasting: str
    at_least: str
    at_most: str
    since: str
    until: str
    exclusive: str
    not_exclusive: str
    indirect: str
    direct: str


_WORDINGS: Mapping[str, _Wording] = {
    "en": _Wording(
        decimal_mark=".",
        thousands=",",
        scales=((Decimal(10**12), "tn"), (Decimal(10**9), "bn"), (_MILLION, "M")),
        spans=(("year", "years", "y"), ("month", "months", "mo"), ("day", "days", "d")),
        percent_of={"capital": "of capital", "votes": "of votes", "revenue": "of revenue", "cost": "of cost"},
        lasting="over {0}",
        at_least="at least {0}",
        at_most="at most {0}",
        since="from {0}",
        until="until {0}",
        exclusive="exclusive",
        not_exclusive="not exclusive",
        indirect="through others",
        direct="directly",
    ),
    "fr": _Wording(
        decimal_mark=",",
        thousands=" ",
        scales=((Decimal(10**9), "Md"), (_MILLION, "M")),
        spans=(("an", "ans", "a"), ("mois", "mois", "m"), ("jour", "jours", "j")),
        percent_of={
            "capital": "du capital",
            "votes": "des droits de vote",
            "revenue": "du chiffre d’affaires",
            "cost": "des coûts",
        },
        lasting="sur {0}",
        at_least="au moins {0}",
        at_most="au plus {0}",
        since="depuis {0}",
        until="jusqu’à {0}",
        exclusive="exclusif",
        not_exclusive="non exclusif",
        indirect="par d’autres",
        direct="directement",
    ),
}


def _wording(lang: str) -> _Wording:
    try:
        return _WORDINGS[lang]
    except KeyError:
        languages = ", ".join(sorted(_WORDINGS))
        raise QueryError(
            f"terms cannot be worded in '{lang}': choose one of {languages}.{did_you_mean(lang, _WORDINGS)}"
        ) from None


def number(value: Decimal, lang: str = "en") -> str:
    """Return a number with the language's marks, all its digits kept: 12,500.5 or 12 500,5."""
    wording = _wording(lang)
    text = format(canonical_decimal(value), ",f")
    return text.translate({ord(","): wording.thousands, ord("."): wording.decimal_mark})


def money(amount: Decimal, currency: str | None, lang: str = "en", *, short: bool = False) -> str:
    """Return a sum in the scale that suits it: "11.9 bn USD", "350 M USD", "1 200 EUR".

    A sum that needs more than three decimals in its scale is written out in full; the short form
    rounds it to three figures instead.
    """
    rounded = Context(prec=3, rounding=ROUND_HALF_UP).plus(amount) if short and abs(amount) >= _MILLION else amount
    text = number(rounded, lang)
    for scale, name in _wording(lang).scales:
        scaled = canonical_decimal(rounded / scale)
        exponent = scaled.as_tuple().exponent
        if abs(rounded) >= scale and isinstance(exponent, int) and -exponent <= _LONGEST_FRACTION:
            text = f"{number(scaled, lang)} {name}"
            break
    return f"{text} {currency}" if currency else text


def figure(value: Figure, lang: str = "en", *, short: bool = False) -> str:
    """Return a company's figure, its revenue or debt: "1.92 bn USD"."""
    return money(value.value, value.unit, lang, short=short)


def _percent(qualifiers: Qualifiers, lang: str, *, short: bool) -> str | None:
    wording = _wording(lang)
    low, high = qualifiers.percent_min, qualifiers.percent_max
    if qualifiers.percent is not None:
        text = f"{number(qualifiers.percent, lang)} %"
    elif low is not None and high is not None:
        text = f"{number(low, lang)}–{number(high, lang)} %"
    elif low is not None:
        text = _bound(f"{number(low, lang)} %", lang, "≥" if short else "", is_least=True)
    elif high is not None:
        text = _bound(f"{number(high, lang)} %", lang, "≤" if short else "", is_least=False)
    else:
        return None
    if short or qualifiers.percent_of is None:
        return text
    return f"{text} {wording.percent_of.get(qualifiers.percent_of, qualifiers.percent_of)}"


def _sum(qualifiers: Qualifiers, lang: str, *, short: bool) -> str | None:
    """Return the sum in words, or its bounds: "at least 5 bn USD", "5 bn–7 bn USD"."""
    low, high, currency = qualifiers.amount_min, qualifiers.amount_max, qualifiers.currency
    if qualifiers.amount is not None:
        return money(qualifiers.amount, currency, lang, short=short)
    if low is not None and high is not None:
        return f"{money(low, None, lang, short=short)}–{money(high, currency, lang, short=short)}"
    if low is not None:
        return _bound(money(low, currency, lang, short=short), lang, "≥" if short else "", is_least=True)
    if high is not None:
        return _bound(money(high, currency, lang, short=short), lang, "≤" if short else "", is_least=False)
    return None


def _bound(value: str, lang: str, sign: str, *, is_least: bool) -> str:
    """Return a figure as a bound: after a sign, or in words."""
    wording = _wording(lang)
    return f"{sign} {value}" if sign else (wording.at_least if is_least else wording.at_most).format(value)


def _span(duration: str, lang: str, *, short: bool) -> str:
    parts = []
    for count, (singular, plural, sign) in zip(duration_units(duration), _wording(lang).spans, strict=True):
        if count is not None:
            word = sign if short else singular if count == 1 else plural
            parts.append(f"{number(Decimal(count), lang)} {word}")
    return " ".join(parts)


def _goods(qualifiers: Qualifiers, lang: str) -> str | None:
    parts = [number(qualifiers.quantity, lang)] if qualifiers.quantity is not None else []
    return " ".join([*parts, qualifiers.goods] if qualifiers.goods else parts) or None


def _period(qualifiers: Qualifiers, lang: str) -> str | None:
    wording = _wording(lang)
    if qualifiers.start and qualifiers.end:
        return f"{qualifiers.start} – {qualifiers.end}"
    if qualifiers.start:
        return wording.since.format(qualifiers.start)
    return wording.until.format(qualifiers.end) if qualifiers.end else None


def terms(qualifiers: Qualifiers, lang: str = "en") -> str:
    """Return all the terms of a claim as one phrase, "" when it has none.

    >>> from decimal import Decimal
    >>> terms(Qualifiers(amount=Decimal("11.9e9"), currency="USD", duration="P5Y"))
    '11.9 bn USD over 5 years'
    >>> terms(Qualifiers(percent=Decimal(62), percent_of="revenue", as_of="2024"), "fr")
    '62 % du chiffre d’affaires (2024)'
    """
    wording = _wording(lang)
    sum_ = _sum(qualifiers, lang, short=False)
    if qualifiers.duration:
        lasting = wording.lasting.format(_span(qualifiers.duration, lang, short=False))
        sum_ = f"{sum_} {lasting}" if sum_ else lasting
    exclusive = {None: None, True: wording.exclusive, False: wording.not_exclusive}[qualifiers.exclusive]
    indirect = {None: None, True: wording.indirect, False: wording.direct}[qualifiers.indirect]
    parts = (
        sum_,
        _percent(qualifiers, lang, short=False),
        _goods(qualifiers, lang),
        exclusive,
        indirect,
        _period(qualifiers, lang),
    )
    phrase = ", ".join(part for part in parts if part)
    return f"{phrase} ({qualifiers.as_of})".strip() if qualifiers.as_of else phrase


def short_terms(qualifiers: Qualifiers, lang: str = "en") -> str:
    """Return the terms that fit on an edge: "11.9 bn USD · 5 y", "6 %"; "" when there are none.

    >>> from decimal import Decimal
    >>> short_terms(Qualifiers(amount=Decimal("11.9e9"), currency="USD", duration="P5Y"))
    '11.9 bn USD · 5 y'
    """
    parts = (
        _sum(qualifiers, lang, short=True),
        _percent(qualifiers, lang, short=True),
        _span(qualifiers.duration, lang, short=True) if qualifiers.duration else None,
    )
    return " · ".join(part for part in parts if part)
