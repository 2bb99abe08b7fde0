"""Filings with a securities regulator, as their covers tell: which form, whose, signed on which day.

The covers are those of the forms of the SEC (https://www.sec.gov/submit-filings/forms-index), as web page or text,
and the threshold notices that the AMF publishes (code monétaire et financier, art. L233-7).
"""

import re
from dataclasses import dataclass

__all__ = ["THRESHOLD", "Cover", "cover"]

THRESHOLD = "Franchissement de seuil"
"""The form of a French notice that a share of a company has been reached or left."""

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
_CROSSING = re.compile(r"\bfranchissements?\s+de\s+seuils?\b", re.IGNORECASE)
_AUTHORITY = re.compile(r"autorité\s+des\s+marchés\s+financiers|\bAMF\b|L\. ?233-7", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cover:
    """The cover of a filing.

    `form` is its name ("Form 8-K", "Schedule 13G"); `owner` the characters that name the registrant, or the issuer
    that a schedule 13D or 13G is about, None where there are several or none; `signed` the day, as it is written.
    """

    form: str
    owner: tuple[int, int] | None = None
    signed: str | None = None

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
        return Cover(THRESHOLD) if is_notice else None
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
