"""Money, percentages, quantities and durations as the press writes them, with their offsets.

« 11,9 milliards de dollars », "$11.9bn", « 350 M€ », "1.2 trillion yen", « 6 % », "a quarter",
« cinq ans », "five-year". A number that cannot be read for certain is left out, never guessed.
"""

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from kg.extract.lexicon import Lexicon, load
from kg.extract.numerals import SPACE, FigureSpan, number_of
from kg.extract.ranges import HYPHENS, ranged

__all__ = ["FigureSpan", "bound_before", "bound_behind", "figures"]

_HUNDRED = Decimal(100)
_CODE = 3
"""Letters of a currency's code."""
# "the first half of 2026" is a time.
_NO_HALF = "(?<!first )(?<!second )(?<!latter )(?<!première )(?<!seconde )"


@dataclass(frozen=True, slots=True)
class _Grammar:
    amount: re.Pattern[str]
    percent: re.Pattern[str]
    fraction: re.Pattern[str] | None
    duration: re.Pattern[str]
    quantity: re.Pattern[str]
    upper: re.Pattern[str]


def _any(words: object) -> str:
    listed = sorted((str(word) for word in words), key=len, reverse=True)  # type: ignore[attr-defined]
    return "|".join(re.escape(word).replace(r"\ ", SPACE + "+") for word in listed)


def _number(lexicon: Lexicon) -> str:
    group = f"(?:{SPACE}|[.,])" if lexicon.decimal == "." else f"(?:{SPACE}|\\.)"
    point = re.escape(lexicon.decimal)
    # Digits in groups of three, or plain ones, with a decimal part: the point of the language, or,
    # before a scale word, the other language's as well (newswires mix them).
    return rf"(?<![\w.,])\d{{1,3}}(?:{group}\d{{3}})+(?:{point}\d+)?(?!\d)|(?<![\w.,])\d+(?:[.,]\d+)?(?![\d])"


@functools.cache
def _grammar(lang: str) -> _Grammar:
    lexicon = load(lang)
    table = lexicon.tables
    number = _number(lexicon)
    words = _any(table["figures.number"])
    scale = _any(table["figures.scale"])
    currencies = table["figures.currency"]
    # What stands before its number: a symbol, with the letters that tell whose it is ("HK$"), or a code.
    signs = _any([c for c in currencies if not c[-1].isalpha() or (len(c) <= _CODE and c[0].isupper())])
    names = _any(currencies)
    of = f"(?:{SPACE}*(?:de|d['’]|of){SPACE}*|{SPACE}*)"
    spelled = rf"\b(?:{words})(?={SPACE}+(?:{scale})\b)"
    scaled = rf"(?:{scale})(?![a-zà-ÿ])"
    after = rf"(?P<n>{number}|{spelled}){SPACE}*(?P<s>{scaled})?{of}(?P<c>(?:{names})(?![a-zà-ÿ]))"
    unit = rf"(?<![\w$])(?P<c2>{signs})"
    before = rf"{unit}{SPACE}*(?P<n2>\d[\d,]*(?:\.\d+)?|\d+(?:,\d+)?)[ \u00a0-]*(?P<s2>{scaled})?"
    fractions = table.get("figures.fraction", {})
    # "all outstanding" is the whole whatever follows; "half" is a share only of something.
    wholes = [words for words, share in fractions.items() if share == "1/1"]
    return _Grammar(
        amount=re.compile(f"{before}|{after}"),
        percent=re.compile(
            rf"(?P<n>{number}|\b(?:{words}))[ \u00a0\u202f-]*(?:{_any(lexicon.cues['figures.percent'])})(?!\w)",
            re.IGNORECASE,
        ),
        fraction=re.compile(
            rf"{_NO_HALF}\b(?P<f>{_any(fractions)})(?=\s+(?:of|de|du|des|d')\b)|\b(?P<w>{_any(wholes)})\b",
            re.IGNORECASE,
        )
        if fractions
        else None,
        duration=re.compile(
            rf"(?P<n>{number}|\b(?:{words}))[ \u00a0-]+(?P<u>{_any(table['figures.unit'])})(?!\w)", re.IGNORECASE
        ),
        quantity=re.compile(rf"(?P<n>{number}){SPACE}+(?P<w>(?:{scale})(?![a-zà-ÿ]))?"),
        upper=re.compile(rf"{SPACE}?(?P<n>\d+(?:[.,]\d+)?)(?![\d%])[ \u00a0-]?(?P<s>{scaled})?(?![a-zà-ÿ%])"),
    )


def _amounts(text: str, lexicon: Lexicon) -> Iterator[FigureSpan]:
    table = lexicon.tables
    for match in _grammar(lexicon.lang).amount.finditer(text):
        printed, scale, unit = (
            (match["n"], match["s"], match["c"]) if match["n"] else (match["n2"], match["s2"], match["c2"])
        )
        value = number_of(printed, lexicon, scaled=scale is not None)
        currency = table["figures.currency"].get(re.sub(SPACE + "+", " ", unit))
        if value is None or currency is None:
            continue
        factor = Decimal(table["figures.scale"][scale]) if scale else Decimal(1)
        bound = bound_before(text[: match.start()], lexicon)
        yield FigureSpan("amount", match.start(), match.end(), value * factor, currency, bound)
        if scale is None and match["n2"]:
            yield from _upper(text, match.end(), lexicon, currency)


def _upper(text: str, at: int, lexicon: Lexicon, currency: str) -> Iterator[FigureSpan]:
    """The upper end of a range whose symbol stands before the lower one only: "$5-8 million"."""
    start = at if text[at - 1] == "-" else at + 1
    if text[start - 1 : start] not in HYPHENS:
        return
    match = _grammar(lexicon.lang).upper.match(text, start)
    value = None if match is None else number_of(match["n"], lexicon)
    if match is not None and value is not None:
        factor = Decimal(lexicon.tables["figures.scale"][match["s"]]) if match["s"] else Decimal(1)
        yield FigureSpan("amount", match.start("n"), match.end(), value * factor, currency)


def _percents(text: str, lexicon: Lexicon) -> Iterator[FigureSpan]:
    grammar = _grammar(lexicon.lang)
    for match in grammar.percent.finditer(text):
        value = number_of(match["n"], lexicon, scaled=True)
        if value is not None and value <= _HUNDRED:
            yield FigureSpan(
                "percent", match.start(), match.end(), value, bound=bound_before(text[: match.start()], lexicon)
            )
    if grammar.fraction is not None:
        for match in grammar.fraction.finditer(text):
            said = (match["f"] or match["w"]).casefold()
            over, under = str(lexicon.tables["figures.fraction"][said]).split("/")
            share, bound = round(_HUNDRED * int(over) / int(under), 2), bound_before(text[: match.start()], lexicon)
            yield FigureSpan("percent", match.start(), match.end(), share, bound=bound)


def bound_before(before: str, lexicon: Lexicon) -> str:
    """Return what the words before a figure make of it: "up to" the most, "more than" the least, else nothing."""
    words = f" {' '.join(before.split()).casefold()}"
    cues = (("min", "figures.at_least"), ("max", "figures.at_most"))
    said = [
        (len(phrase), bound)
        for bound, cue in cues
        for phrase in lexicon.cues.get(cue, ())
        if words.endswith(f" {phrase}")
    ]
    # "no more than 5%" ends in "more than" as well: the longest phrase says it.
    return max(said, default=(0, ""))[1]


_BEHIND = re.compile(
    r"\s?\(?(?:(?P<max>(?:au |at )?(?:maximum|max\b)|au plus\b|at (?:the )?most\b|or less\b|ou moins\b)"
    r"|(?P<min>(?:au |at )?(?:minimum|min\b)|au moins\b|at (?:the )?least\b|or more\b|ou plus\b))",
    re.IGNORECASE,
)


def bound_behind(behind: str) -> str:
    """Return what the words right behind a figure make of it: "49 % maximum" the most, "12% or more" the least."""
    match = _BEHIND.match(behind)
    return "" if match is None or match.lastgroup is None else match.lastgroup


_SHARE = r"(?:shares?|units?|adss?|stock|notes?|warrants?|options?|actions?|titres?|parts?|obligations?)\b"
_EACH_BEHIND = re.compile(
    r"[\s,]*(?:(?:net|in cash|cash|without interest|en numéraire|en espèces)[\s,]+){0,3}(?:(?:per|par|(?:for |pour )?"
    rf"(?:each|every|chaque))[\s-]+(?:[\w.-]+\s+){{0,4}}?{_SHARE}|an?\s+share\b(?!\s+(?:of|in|from)\b)|l['’]\s*(?:action|unité)\b)",
    re.IGNORECASE,
)
_EACH_BEFORE = re.compile(
    r"(?:\b(?:per[\s-](?:[\w.-]+\s){0,2}(?:share|unit|ads)|par (?:action|titre|part))(?:\s+(?:price|consideration|"
    r"purchase|offer|cash|merger|value|of|is|was|at|equal to|to|in|de|d'|est|à|égal))*|"
    r"\b(?:share|exercise|conversion|strike) price of)[\s']*$",
    re.IGNORECASE,
)
_NEAR = 60
"""Characters before a sum in which it may be said to be one of each share."""


def _is_of_each_share(figure: FigureSpan, text: str) -> bool:
    """Whether a sum is the price of one share, and no sum that anything costs as a whole: "$21.00 per share"."""
    if figure.kind != "amount":
        return False
    before = text[max(0, figure.start - _NEAR) : figure.start]
    return _EACH_BEHIND.match(text, figure.end) is not None or _EACH_BEFORE.search(before) is not None


def _durations(text: str, lexicon: Lexicon) -> Iterator[FigureSpan]:
    for match in _grammar(lexicon.lang).duration.finditer(text):
        value = number_of(match["n"], lexicon, scaled=True)
        unit = lexicon.tables["figures.unit"][match["u"].casefold()]
        if value is None or value != int(value):
            continue
        count = int(value) * (7 if unit == "W" else 1)
        yield FigureSpan("duration", match.start(), match.end(), value, f"P{count}{'D' if unit == 'W' else unit}")


def _quantities(text: str, lexicon: Lexicon) -> Iterator[FigureSpan]:
    for match in _grammar(lexicon.lang).quantity.finditer(text):
        value = number_of(match["n"], lexicon, scaled=match["w"] is not None)
        if value is not None:
            factor = Decimal(lexicon.tables["figures.scale"][match["w"]]) if match["w"] else Decimal(1)
            yield FigureSpan("quantity", match.start(), match.end(), value * factor)


def figures(text: str, lang: str) -> tuple[FigureSpan, ...]:
    """Return the figures of a text in order; where two readings overlap, the more telling one.

    The price of one share is none: it is no term of a deal.
    """
    lexicon = load(lang)
    found: list[FigureSpan] = []
    for reader in (_amounts, _percents, _durations, _quantities):
        for span in reader(text, lexicon):
            if all(span.end <= other.start or other.end <= span.start for other in found):
                found.append(span)
    told = ranged(sorted(found, key=lambda span: span.start), text, lexicon)
    return tuple(figure for figure in told if not _is_of_each_share(figure, text))
