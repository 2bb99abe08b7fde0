"""Customers' shares of the sales as a filing marks them up in inline XBRL: whose, how much, of which period.

The figure is a fact "ConcentrationRiskPercentage", its context tells the rest: the customer on the axis of major
customers, what it is a share of, and the period (https://xbrl.fasb.org/us-gaap/2024/elts/us-gaap-2024.xsd).
"""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation

from kg.extract.figures import figures
from kg.extract.names import Mention
from kg.extract.numerals import FigureSpan
from kg.xbrl import XbrlFact

__all__ = [
    "customer_shares",
    "day_of",
    "figure_of",
    "is_same_name",
    "is_unnamed",
    "member_words",
    "named_by",
    "unnamed_members",
    "whole_percent",
]

_SHARE = re.compile(r"ConcentrationRiskPercentage\d?")
_SALES = re.compile(r"sales|revenue", re.IGNORECASE)
_OTHER = re.compile(r"receivable|cost|purchase|asset", re.IGNORECASE)
_NO_CUSTOMER = re.compile(r"Geographic|Product|Supplier|Credit|Labor|Lender|Government", re.IGNORECASE)
_ONE = r"(?:One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|First|Second|Third|Fourth|Fifth|Largest|Single|Major)"
_ROLE = r"(?:Customer|Wholesaler|Distributor|Reseller|Client|Payor|Payer|Licensee|Partner|Company)"
_RANK = r"(?:Major|Largest|Direct|Significant|Individual)?"
_UNNAMED = re.compile(rf"(?:{_ONE})?{_RANK}{_ROLE}(?:{_ONE}|[A-Z]|\d{{1,2}})?Member")
_WORDS = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z&][a-z']*|[a-z]+|\d+")
_WHOLE = {"StatementBusinessSegmentsAxis", "ProductOrServiceAxis", "StatementGeographicalAxis", "SubsegmentsAxis"}
"""Axes that make it a share of a part of the sales."""
_HUNDRED = 100
_SHORTEST = 3
"""Letters of a name that a member is known by."""


def customer_shares(facts: Iterable[XbrlFact]) -> list[XbrlFact]:
    """Return the facts that are a customer's share of the sales and stand in the text."""
    return [fact for fact in facts if fact.end and _is_share(fact)]


def _is_share(fact: XbrlFact) -> bool:
    axes = fact.axes
    benchmark, kind = axes.get("ConcentrationRiskByBenchmarkAxis", ""), axes.get("ConcentrationRiskByTypeAxis", "")
    of_sales = _SALES.search(benchmark) is not None and _OTHER.search(benchmark) is None
    customer = "MajorCustomersAxis" in axes and _NO_CUSTOMER.search(kind) is None
    return _SHARE.fullmatch(fact.name) is not None and of_sales and customer


def is_unnamed(fact: XbrlFact) -> bool:
    """Whether the member stands for one customer that it does not name: "CustomerAMember", "Wholesaler2Member"."""
    return _UNNAMED.fullmatch(fact.axes["MajorCustomersAxis"]) is not None


def unnamed_members(shares: Iterable[XbrlFact]) -> frozenset[str]:
    """Return the members of the latest period that stand for one customer each, and do not name it."""
    dated = [(fact.period[1] if fact.period else "", fact) for fact in shares if is_unnamed(fact)]
    latest = max((day for day, _ in dated), default="")
    return frozenset(fact.axes["MajorCustomersAxis"] for day, fact in dated if day == latest)


def member_words(fact: XbrlFact) -> str:
    """Return the letters of a member's words, without "Member" and what follows a name of a group.

    >>> member_words(XbrlFact("c", "0.16", members=(("srt:MajorCustomersAxis", "zl:KovarelInc.AndAffiliatesMember"),)))
    'kovarelinc'

    """
    name = fact.axes["MajorCustomersAxis"].removesuffix("Member")
    words = [word.lower() for word in _WORDS.findall(name)]
    cut = next((at for at, word in enumerate(words) if at and word in {"and", "including"}), len(words))
    last = words[cut + 1 : cut + 2]
    return "".join(words[:cut] if last and last[0] in {"affiliates", "its", "subsidiaries", "affiliated"} else words)


def named_by(mentions: Sequence[Mention], fact: XbrlFact) -> Mention | None:
    """Return the company among the names of a sentence that a member names, or None."""
    if is_unnamed(fact):
        return None
    return next((m for m in mentions if m.fits({"Company"}) and is_same_name(m.text, fact)), None)


def is_same_name(name: str, fact: XbrlFact) -> bool:
    """Whether a name in the text is that of a member: one begins as the other does."""
    words, letters = member_words(fact), "".join(filter(str.isalnum, name.lower()))
    return len(letters) >= _SHORTEST and (words.startswith(letters) or letters.startswith(words))


def figure_of(fact: XbrlFact, text: str, start: int, lang: str) -> FigureSpan | None:
    """Return the percentage of a sentence that is a fact's, None where they differ or it is of a part of the sales."""
    value = whole_percent(fact)
    for figure in figures(text, lang):
        if figure.kind == "percent" and figure.start <= fact.start - start < figure.end and figure.value == value:
            return figure
    return None


def day_of(year: str | None, percent: Decimal | None, shares: Iterable[XbrlFact]) -> str | None:
    """Return the last day of the fiscal year in which a customer had a share, where the filing marks it up."""
    days = (
        fact.period[1]
        for fact in shares
        if fact.period and year and fact.period[1].startswith(year) and whole_percent(fact) == percent
    )
    return next(days, year)


def whole_percent(fact: XbrlFact) -> Decimal | None:
    """Return a share in per cent; None where it is no number, or is of a part of the sales."""
    if _WHOLE & set(fact.axes):
        return None
    try:
        return Decimal(fact.value) * _HUNDRED
    except InvalidOperation:
        return None
