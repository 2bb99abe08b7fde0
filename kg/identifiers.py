"""Identifiers of companies and of their securities: what is well formed, and its one spelling.

Check digits are those of ISO 17442 (LEI), ISO 6166 (ISIN) and ANSI X9.6 (CUSIP). python-stdnum computes the last two; a
register has millions of LEIs, whose digits are computed here in half the time.
"""

import re
from collections.abc import Callable, Mapping

from kg.errors import MissingExtra

__all__ = ["canonical", "identifier_iri"]

_CIK = re.compile(r"0*([1-9]\d{0,9})")
_TICKER = re.compile(r"[A-Z]{1,6}(?:[.-][A-Z]{1,3})?")
# In Asia tickers are numbers (XTKS:7203, XTKS:285A), in Brazil they end in one (BVMF:PETR4), in India they are long.
_LISTING = re.compile(
    rf"[A-Z0-9]{{4}}:{_TICKER.pattern}|(?!XNAS|XNYS)[A-Z0-9]{{4}}:(?:\d{{4,6}}|\d{{3}}[A-Z]|[A-Z]{{4}}\d{{1,2}})|"
    r"X(?:NSE|BOM):[A-Z0-9]{1,12}(?:-[A-Z]{1,4})?"
)
_LEI = re.compile(r"[A-Z0-9]{18}[0-9]{2}")
_QID = re.compile(r"Q[1-9]\d*")
_IN_IRI = re.compile(r"[\w.:/~-]+", re.ASCII)
_REGISTRATION = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?:[A-Z0-9](?:[A-Z0-9./-]*[A-Z0-9])?")


def canonical(kind: str, value: str) -> str | None:
    """Return an identifier in its one spelling; None for one that is not well formed.

    Args:
        kind: a kind of the ontology: "lei", "cik", "isin", "cusip", "ticker", "listing", "qid", "registration"
            (country and number, "GB:00102498").
        value: as a source has it, with blanks or leading zeros.

    Raises:
        MissingExtra: python-stdnum is not installed, and the kind has check digits.

    >>> canonical("cik", "0001551152"), canonical("isin", "US037833 1005"), canonical("isin", "US0378331006")
    ('1551152', 'US0378331005', None)

    """
    text = "".join(value.split()).upper()
    if kind == "cik":
        match = _CIK.fullmatch(text)
        return match[1] if match else None
    if kind in _FORMS:
        return text if _FORMS[kind].fullmatch(text) else None
    if kind == "lei":
        return text if _LEI.fullmatch(text) and _is_checked(text) else None
    return text if _checks()[kind](text) else None


_FORMS: Mapping[str, re.Pattern[str]] = {
    "ticker": _TICKER,
    "listing": _LISTING,
    "qid": _QID,
    "registration": _REGISTRATION,
}


_IRIS: Mapping[str, str] = {
    "lei": "https://rdf.gleif.org/L1/L-{}",
    "qid": "http://www.wikidata.org/entity/{}",
    "registration": "https://opencorporates.com/id/companies/{}/{}",
}


def identifier_iri(kind: str, value: str) -> str | None:
    """Return by which IRI others name the entity of an identifier, so that queries can join their data; None for none.

    GLEIF's linked data names an LEI so, Wikidata an item, OpenCorporates a company of a register.

    >>> identifier_iri("qid", "Q182477"), identifier_iri("registration", "GB:00102498")
    ('http://www.wikidata.org/entity/Q182477', 'https://opencorporates.com/id/companies/gb/00102498')

    """
    form = _IRIS.get(kind)
    # Sources give what they like: what no register would write names nothing.
    if form is None or _IN_IRI.fullmatch(value) is None:
        return None
    parts = value.partition(":")[::2] if kind == "registration" else (value,)
    return form.format(parts[0].lower().replace("-", "_"), parts[1]) if len(parts) > 1 else form.format(value)


def _is_checked(text: str) -> bool:
    """Whether the last two digits are those of ISO 7064, MOD 97-10, which ISO 17442 prescribes for an LEI."""
    return int("".join(str(int(character, 36)) for character in text)) % 97 == 1


def _checks() -> Mapping[str, Callable[[str], bool]]:
    try:
        from stdnum import cusip, isin
    except ImportError as error:
        raise MissingExtra("checking ISIN and CUSIP needs python-stdnum: pip install 'kg[read]'") from error
    return {"cusip": cusip.is_valid, "isin": isin.is_valid}
