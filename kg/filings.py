"""Filings with a securities regulator, as their covers tell: which form, whose, signed on which day.

The covers are those of the forms of the SEC (https://www.sec.gov/submit-filings/forms-index), as web page or text,
the threshold notices that the AMF publishes (code de commerce, art. L233-7), and decisions of the Autorité de la
concurrence and the European Commission on mergers.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from kg.places import Place, PlaceKind

__all__ = ["CROSSED", "MERGER", "THRESHOLD", "Cover", "cover", "is_whole_capital", "items"]

THRESHOLD = "Franchissement de seuil"
"""The form of a French notice that a share of a company has been reached or left."""
MERGER = "Merger decision"
"""The form of what a competition authority publishes on a merger."""

_HEAD = 6000
"""Characters of a text that hold its cover."""
_END = 24_000
"""Characters of a text that hold its signatures, and the exhibits below."""
_COMMISSION = re.compile(r"securities\s+and\s+exchange\s+commission", re.IGNORECASE)
_FORM = re.compile(
    r"^[^\w\n]*+(?:form\s+(?P<form>\d{1,2}-[A-Z]{1,2}|[SF]-\d|DEF 14A)"
    r"|schedule\s+(?P<schedule>13[DG]))(?P<amended>/A)?\b",
    re.IGNORECASE | re.MULTILINE,
)
_FLAGS = re.IGNORECASE | re.MULTILINE
_REGISTRANT = re.compile(r"\(\s*exact\s+name\s+of\s+registrant", _FLAGS)
_NUMBER = re.compile(r"^commission\s+file\s+(?:no\.?|number)[^\w\n]*+\d[\d-]*+[^\S\n]*+$", _FLAGS)
_ISSUER = re.compile(r"\(\s*name\s+of\s+(?:the\s+)?issuer\s*\)", _FLAGS)
_RULE = str.maketrans("", "", "-_|")
_LINE = re.compile(r"[|\s]*+(?P<name>[^\n|]*+)[|\s]*+")
_WORD = re.compile(r"[^\W_]")
_DAY = r"(?P<date>[^\W\d_]{3,9}\.?\s+\d{1,2},\s+\d{4})"
_SIGNED = re.compile(rf"^(?:[^\S\n]|\|)*+dated?\s*+:[|\s]*+{_DAY}", _FLAGS)
_REPORTED = re.compile(rf"earliest\s+event\s+reported\)?\s*+:?\s*+{_DAY}", re.IGNORECASE)
_ITEM = re.compile(r"^item\s+(?P<number>\d{1,2}(?:\.\d{2}|[A-C])?)\b(?:\([a-z]\))?[.:\s—–-]*(?P<title>[^\n]*)$", _FLAGS)
_TITLE = 250
"""Characters of the title of an item; the longest of a form 8-K has about 170."""
_CROSSING = re.compile(
    r"\bfranchissements?\s+de\s+seuils?\b|\bcrossing\s+(?:of\s+)?(?:\w+\s+){0,2}thresholds?\b", re.IGNORECASE
)
CROSSED = re.compile(
    r"\b(?:avoir|a|ont) franchi\b(?: \w+){0,3}|\b(?:had|have|has|having) crossed\b(?: \w+){0,3}", re.IGNORECASE
)
"""The verb of a notice, with the words that say how: "avoir franchi individuellement en hausse"."""
_OF_ISSUER = re.compile(
    r"\b(?:capital|droits de vote|voting rights)\s+(?:de\s+(?:la\s+société|l['’]émetteur)\s+|d['’]|of\s+)"
    r"(?P<name>[^\W\d_].{0,80}?)(?=\s+(?:et\s+(?:de\s+)?(?:détenir|détient|ne\s+plus)|and\s+(?:that|held|holds|to\s+hold))"
    r"\b|\s*[,;(])"
)
_DAY_CROSSED = re.compile(
    r"franchi\b[^;%]{0,160}?,\s+le\s+(?P<date>\d{1,2}(?:er)?\s+\w+\s+\d{4})"
    r"|crossed\b[^;%]{0,160}?\bon\s+(?P<day>\w+\s+\w+,?\s+\d{4})"
)
_DECISION = re.compile(
    r"décision\s+n°\s*\d\d-D(?:CC|EX)-\d+\s+du\s+(?P<date>\d{1,2}(?:er)?\s+\w+\s+\d{4})"
    r"|\b(?:case|affaire)\s+(?:no\s+|n°\s*)?(?:COMP/)?M\.\d{3,5}\b",
    re.IGNORECASE,
)
_CONCENTRATION = re.compile(r"prise\s+de\s+contrôle|\bconcentration\b|merger\s+regulation", re.IGNORECASE)
_DECIDED = re.compile(
    r"^[^\w\n]*+brussels,\s+(?P<day>\d{1,2}\.\d{1,2}\.\d{4})|^[^\w\n]*+(?:\d+\.\s+)?(?:on|le)\s+(?P<date>\d{1,2}(?:er)?\s+\w+\s+\d{4}),",
    _FLAGS,
)
_OF_SHARES = re.compile(r"\b(?:common|ordinary)\s+(?:stock|shares?)\b|\bshares?\b", re.IGNORECASE)
_OF_A_CLASS = re.compile(
    r"\b(?:class|series)\s+[\"“']?[A-Z]\b|\bprefer(?:red|ence)\b|\bwarrants?\b|\bunits?\b|\bdepositary\b|\bnotes?\b"
    r"|\b(?:subordinate|multiple|limited|restricted)\s+voting\b|\bnon-?voting\b",
    re.IGNORECASE,
)
_OTHER_CLASS = re.compile(r"\bclass\s+[\"“']?[A-Z]\b[\"”']?\s+(?:common|ordinary|shares?|stock)", re.IGNORECASE)
_AUTHORITY = re.compile(r"autorité\s+des\s+marchés\s+financiers|\bAMF\b|L\. ?233-7", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cover:
    """The cover of a filing.

    `form` is its name ("Form 8-K", "Schedule 13G"); `owner` the characters that name the registrant, or the issuer
    that a schedule 13D or 13G or a threshold notice is about, None where there are several or none; `signed` the day,
    as it is written; `crossed` that on which all of a notice's thresholds were crossed.
    """

    form: str
    owner: tuple[int, int] | None = None
    signed: str | None = None
    crossed: str | None = None

    @property
    def is_by_owner(self) -> bool:
        """Whether the company on the cover is the one that files."""
        return self.form.startswith("Form") and self.owner is not None


def cover(text: str) -> Cover | None:
    r"""Return what the cover of a filing tells, None for a text that is none.

    >>> text = "SECURITIES AND EXCHANGE COMMISSION\n\nFORM 8-K\n\nZeltan Corp\n\n(Exact name of registrant"
    >>> found = cover(text + " as specified in its charter)\n\nDate: March 3, 2025\n")
    >>> found.form, text[slice(*found.owner)], found.signed
    ('Form 8-K', 'Zeltan Corp', 'March 3, 2025')

    """
    head = text[:_HEAD]
    form = _FORM.search(head) if _COMMISSION.search(head) else None
    if form is None:
        is_notice = _CROSSING.search(head[: _HEAD // 6]) is not None and _AUTHORITY.search(head) is not None
        return _notice(text) if is_notice else _merger(head)
    if form["form"]:
        owners = _above(_REGISTRANT, head) or _below(_NUMBER, head)
        name = f"Form {form['form'].upper()}"
    else:
        owners = _above(_ISSUER, head)
        name = f"Schedule {form['schedule'].upper()}"
    signed = _SIGNED.search(text, max(len(text) - _END, 0)) or _REPORTED.search(head)
    return Cover(
        name + (form["amended"] or "").upper(),
        owners[0] if len(owners) == 1 else None,
        signed["date"] if signed else None,
    )


def _above(caption: re.Pattern[str], head: str) -> list[tuple[int, int]]:
    """Return the name above each caption, with nothing but rules between."""
    found = []
    for match in caption.finditer(head):
        start, end = head.rfind("\n", 0, match.start()) + 1, match.start()
        is_apart = _is_bare(head[start:end])
        while start and _is_bare(head[start:end]):
            end = start - 1
            start = head.rfind("\n", 0, end) + 1
        found.append(_name(head, start, end) if is_apart else None)
    return [name for name in found if name]


def _below(number: re.Pattern[str], head: str) -> list[tuple[int, int]]:
    """Return the name below each number."""
    found = []
    for match in number.finditer(head):
        start = end = match.end()
        while end < len(head) and _is_bare(head[start:end]):
            start = end + 1
            end = head.find("\n", start) % (len(head) + 1)
        found.append(_name(head, start, end))
    return [name for name in found if name]


def _is_bare(line: str) -> bool:
    """Whether a line holds nothing but a rule."""
    return not line.translate(_RULE).strip()


def _name(head: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the characters of the name that is all of a line, None for one of several cells."""
    match = _LINE.fullmatch(head, start, end)
    name = match["name"].rstrip() if match else ""
    return (match.start("name"), match.start("name") + len(name)) if match and _WORD.search(name) else None


def is_whole_capital(title: str, text: str) -> bool:
    """Whether a percentage of a class of shares is one of the capital: where no other class of shares is told of.

    Args:
        title: of the class, as a schedule 13D or 13G has it.
        text: of the whole schedule.

    >>> is_whole_capital("Common Stock, par value $0.01", "…"), is_whole_capital("Subordinate Voting Shares", "…")
    (True, False)

    """
    is_of_shares = _OF_SHARES.search(title) is not None and _OF_A_CLASS.search(title) is None
    return is_of_shares and _OTHER_CLASS.search(text) is None


def items(text: str) -> tuple[Place, ...]:
    r"""Return the items of a report (8-K, 10-K, 10-Q), each up to the next one; none for another text.

    >>> text = "SECURITIES AND EXCHANGE COMMISSION\n\nFORM 8-K\n\nItem 1.02 Termination\n\nIt is over.\n"
    >>> [(place.name, text[place.start : place.end]) for place in items(text)]
    [('1.02', 'Item 1.02 Termination\n\nIt is over.\n')]

    """
    found = cover(text)
    if found is None or not found.form.startswith("Form"):
        return ()
    # A sentence may begin with "Item 7 of this report"; a title goes on in capitals.
    heads = [match for match in _ITEM.finditer(text) if len(match[0]) <= _TITLE and not match["title"][:1].islower()]
    borders = pairwise((*(match.start() for match in heads), len(text)))
    return tuple(
        Place(start, end, PlaceKind.ITEM, match["number"].upper())
        for match, (start, end) in zip(heads, borders, strict=True)
    )


def _notice(text: str) -> Cover:
    """The cover of a threshold notice: whose thresholds it is about, which its first crossing tells, and the day."""
    crossed = CROSSED.search(text)
    named = _OF_ISSUER.search(text, crossed.end()) if crossed else None
    days = {match["date"] or match["day"] for match in _DAY_CROSSED.finditer(text)}
    return Cover(THRESHOLD, named.span("name") if named else None, crossed=days.pop() if len(days) == 1 else None)


def _merger(head: str) -> Cover | None:
    """The cover of a decision on a merger, or of the notification of one, with its day; None for another text."""
    decision = _DECISION.search(head[: _HEAD // 6])
    if decision is None or not _CONCENTRATION.search(head):
        return None
    decided = None if decision["date"] else _DECIDED.search(head)
    day = decided["day"] if decided else None
    # "14.2.2025", as the Commission writes days, is no day of any other form.
    signed = "-".join(reversed([part.zfill(2) for part in day.split(".")])) if day else decided and decided["date"]
    return Cover(MERGER, signed=decision["date"] or signed)
