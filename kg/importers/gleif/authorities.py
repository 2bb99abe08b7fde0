"""The registers of companies whose numbers are one company each, by their codes in GLEIF's list of authorities.

A number says which company it is only together with the register that gave it. Those of German courts, Italian chambers
or Spanish provinces repeat from one to the next, and a fund's number at a regulator is no company's: such numbers stay
in the record's text and are no identifier. So does a number that has not the form which its register gives.

Codes: GLEIF, Registration Authorities List (https://www.gleif.org/en/lei-data/code-lists/gleif-registration-authorities-list).
"""

import re
from collections.abc import Mapping

from kg.identifiers import canonical

__all__ = ["registration"]

_UNITED_KINGDOM = ("GB", r"[A-Z0-9]{2}\d{6}")
_FRANCE = ("FR", r"\d{9}")
_NORWAY = ("NO", r"\d{9}")
_SWITZERLAND = ("CH", r"CHE\d{9}")

_REGISTERS: Mapping[str, tuple[str, str]] = {
    "RA000013": ("AU", r"\d{11}"),
    "RA000014": ("AU", r"\d{9}"),
    "RA000025": ("BE", r"\d{10}"),
    "RA000163": ("CZ", r"\d{8}"),
    "RA000170": ("DK", r"\d{8}"),
    "RA000181": ("EE", r"\d{8}"),
    "RA000188": ("FI", r"\d{7}-\d"),
    "RA000189": _FRANCE,
    "RA000192": _FRANCE,
    "RA000394": ("IN", r"[A-Z]\d{5}[A-Z]{2}\d{4}[A-Z]{3}\d{6}"),
    "RA000402": ("IE", r"\d{1,6}"),
    "RA000423": ("LV", r"\d{11}"),
    "RA000430": ("LT", r"\d{9}"),
    "RA000463": ("NL", r"\d{8}"),
    "RA000466": ("NZ", r"\d{4,8}"),
    "RA000472": _NORWAY,
    "RA000473": _NORWAY,
    "RA000484": ("PL", r"\d{10}"),
    "RA000523": ("SG", r"\d{8,9}[A-Z]|[A-Z]\d{2}[A-Z]{2}\d{4}[A-Z]"),
    "RA000544": ("SE", r"\d{10}"),
    "RA000548": _SWITZERLAND,
    "RA000549": _SWITZERLAND,
    "RA000585": _UNITED_KINGDOM,
    "RA000586": _UNITED_KINGDOM,
    "RA000587": _UNITED_KINGDOM,
    "RA000602": ("US-DE", r"\d{5,8}"),
    "RA000681": ("BR", r"\d{14}"),
    "RA000685": ("GR", r"\d{12}"),
}
_MARKS = re.compile(r"[\s./-]+")


def registration(authority: str | None, number: str | None) -> str | None:
    """Return the identifier "registration" of a company, of its register's code and its number there; None for no such.

    >>> registration("RA000585", "03004112"), registration("RA000548", "CHE-200.595.965")
    ('GB:03004112', 'CH:CHE200595965')
    >>> registration("RA000665", "S000005113") is None
    True

    """
    if authority is None or authority not in _REGISTERS or number is None:
        return None
    place, form = _REGISTERS[authority]
    told = number.upper()
    fitting = (one for one in (told, _MARKS.sub("", told)) if re.fullmatch(form, one))
    found = next(fitting, None)
    return None if found is None else canonical("registration", f"{place}:{found}")
