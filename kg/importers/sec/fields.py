"""What stands in the fields of SEC's files: days, numbers, codes of states and countries, entities."""

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from kg.identifiers import canonical
from kg.model import Entity
from kg.resolve import register_entity

__all__ = ["country", "day", "filer", "number"]

_FORMS = ("%m/%d/%Y", "%m-%d-%Y", "%Y-%m-%d", "%Y%m%d", "%d-%b-%Y")
_NUMBER = re.compile(r"\d{1,30}(?:\.\d{1,10})?")
_STATES = frozenset(
    re.findall(
        r"\w\w",
        "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK"
        " OR PA RI SC SD TN TX UT VT VA WA WV WI WY",
    )
)
_TERRITORIES = frozenset({"GU", "PR", "VI"})
_ELSEWHERE: Mapping[str, str] = dict(
    re.findall(
        r"(\w\w)=([\w-]+)",
        "A0=CA-AB A1=CA-BC A2=CA-MB A3=CA-NB A4=CA-NL A5=CA-NS A6=CA-ON A7=CA-PE A8=CA-QC A9=CA-SK B0=CA-YT Z4=CA"
        " 1T=MH 1Z=RU 2M=DE 2N=CZ C0=AE C1=AR C3=AU C4=AT C5=BS C9=BE D0=BM D5=BR D8=VG E9=KY F3=CL F4=CN F5=TW F8=CO"
        " G4=CY G7=DK H2=EG H9=FI I0=FR J1=GI J3=GR K3=HK K5=HU K6=IS K7=IN K8=ID L2=IE L3=IL L6=IT M0=JP M5=KR N0=LR"
        " N2=LI N4=LU N8=MY O1=MT O4=MU O5=MX P7=NL P8=CW Q1=VN Q2=NZ Q8=NO R1=PA R5=PE R6=PH R9=PL S1=PT T3=ZA U0=SG"
        " U3=ES V7=SE V8=CH W1=TH W8=TR X0=GB X1=US Y7=GG Y8=IM Y9=JE",
    )
)
"""EDGAR's codes of what is no state, with those of ISO 3166: the places where companies that file are registered.

https://www.sec.gov/submit-filings/filer-support-resources/edgar-state-country-codes
"""


def day(text: str) -> str | None:
    """Return a day as ISO 8601 has it; None for what is none.

    >>> day("12/31/2024"), day("31-DEC-2024"), day("20241231"), day("13/31/2024")
    ('2024-12-31', '2024-12-31', '2024-12-31', None)

    """
    for form in _FORMS:
        try:
            return dt.datetime.strptime(text.strip(), form).date().isoformat()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def number(text: str) -> Decimal | None:
    """Return a number of digits, with or without commas between the thousands; None for what is none.

    >>> number("2,100,000.00"), number("-3"), number("NaN"), number("1e9")
    (Decimal('2100000.00'), None, None, None)

    """
    digits = text.strip().replace(",", "")
    if not _NUMBER.fullmatch(digits):
        return None
    try:
        return Decimal(digits)
    except InvalidOperation:
        return None


def country(code: str) -> str | None:
    """Return what a code of EDGAR is in ISO 3166; None for one of a place that kg has no code for.

    >>> country("DE"), country("2M"), country("X0"), country("PR")
    ('US-DE', 'DE', 'GB', 'PR')

    """
    code = code.strip().upper()
    if code in _STATES:
        return f"US-{code}"
    return code if code in _TERRITORIES else _ELSEWHERE.get(code)


def filer(name: str, type_: str, cik: str, otherwise: str, *identifiers: tuple[str, str]) -> Entity:
    """Return the entity that a filing names: by its CIK, else by `otherwise`, which says where it was named.

    >>> filer("BML Partners LP", "Company", "0001373604", "x").id
    'company/cik-1373604'

    """
    key = canonical("cik", cik)
    pairs = [*identifiers, ("cik", key)] if key else identifiers
    return register_entity(name, type_, "sec", key or otherwise, identifiers=pairs)
