"""Numbers in registers of companies as the one kind "registration": by country, by org-id.guide, by GLEIF's list.

A number says which company it is only together with the register that gave it. Those of German courts, Italian chambers
or American states repeat from one to the next, and a fund's number at a regulator is no company's: such numbers are no
identifier. Nor is one that has not the form which its register gives.
"""

import re
from collections.abc import Mapping

from kg.identifiers import canonical

__all__ = ["AUTHORITIES", "SCHEMES", "registration"]

SCHEMES: Mapping[str, str] = {
    "BE-BCE_KBO": "BE",
    "CZ-ICO": "CZ",
    "DK-CVR": "DK",
    "FI-PRO": "FI",
    "GB-COH": "GB",
    "IE-CRO": "IE",
    "IN-MCA": "IN",
    "LV-RE": "LV",
    "MD-IDNO": "MD",
    "NL-KVK": "NL",
    "NO-BRC": "NO",
    "PL-KRS": "PL",
    "SE-BLV": "SE",
    "SG-ACRA": "SG",
    "UA-EDR": "UA",
}
"""Registers in which a number means one company of a country, by their code in org-id.guide (http://org-id.guide)."""

AUTHORITIES: Mapping[str, str] = {
    "RA000013": "AU",
    "RA000014": "AU",
    "RA000025": "BE",
    "RA000163": "CZ",
    "RA000170": "DK",
    "RA000181": "EE",
    "RA000188": "FI",
    "RA000189": "FR",
    "RA000192": "FR",
    "RA000394": "IN",
    "RA000402": "IE",
    "RA000423": "LV",
    "RA000430": "LT",
    "RA000463": "NL",
    "RA000466": "NZ",
    "RA000472": "NO",
    "RA000473": "NO",
    "RA000484": "PL",
    "RA000523": "SG",
    "RA000544": "SE",
    "RA000548": "CH",
    "RA000549": "CH",
    "RA000585": "GB",
    "RA000586": "GB",
    "RA000587": "GB",
    "RA000602": "US-DE",
    "RA000681": "BR",
    "RA000685": "GR",
}
"""The same by their code in GLEIF's Registration Authorities List
(https://www.gleif.org/en/lei-data/code-lists/gleif-registration-authorities-list)."""

_FORMS: Mapping[str, str] = {
    "AU": r"\d{9}|\d{11}",
    "BE": r"\d{10}",
    "BR": r"\d{14}",
    "CH": r"CHE\d{9}",
    "CZ": r"\d{8}",
    "DK": r"\d{8}",
    "EE": r"\d{8}",
    "FI": r"\d{7}-\d",
    "FR": r"\d{9}",
    "GB": r"[A-Z0-9]{8}",
    "GR": r"\d{12}",
    "IE": r"\d{1,6}",
    "IN": r"[A-Z]\d{5}[A-Z]{2}\d{4}[A-Z]{3}\d{6}",
    "LT": r"\d{9}",
    "LV": r"\d{11}",
    "MD": r"\d{13}",
    "NL": r"\d{8}",
    "NO": r"\d{9}",
    "NZ": r"\d{4,8}",
    "PL": r"\d{10}",
    "SE": r"\d{10}",
    "SG": r"\d{8,9}[A-Z]|[A-Z]\d{2}[A-Z]{2}\d{4}[A-Z]",
    "UA": r"\d{8}",
    "US-DE": r"\d{5,8}",
}
"""How a number is written in the register of a country, or of a part of one."""

_FILLED = {"GB": 8, "NL": 8, "PL": 10}
"""How many digits a number of a register has with the zeros that lists like to lose."""
_MARKS = re.compile(r"[\s./-]+")


def registration(place: str, number: str) -> str | None:
    """Return the registration of a company in one spelling; None where the number means nobody by itself.

    Args:
        place: ISO 3166-1 alpha-2, or ISO 3166-2 where a part of a country has a register, in any case.
        number: as the source has it.

    >>> registration("gb", "7444723"), registration("CH", "CHE-200.595.965"), registration("US", "7444723")
    ('GB:07444723', 'CH:CHE200595965', None)

    """
    place = place.upper()
    if place not in _FORMS:
        return None
    told = "".join(number.split()).upper()
    if told.isascii() and told.isdigit():
        told = told.zfill(_FILLED.get(place, 0))
    fitting = (one for one in (told, _MARKS.sub("", told)) if re.fullmatch(_FORMS[place], one, re.ASCII))
    found = next(fitting, None)
    return None if found is None else canonical("registration", f"{place}:{found}")
