"""Numbers in registers of companies, by the codes of org-id.guide and by country, as the one kind "registration"."""

from collections.abc import Mapping

from kg.identifiers import canonical

__all__ = ["SCHEMES", "registration"]

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
"""Registers in which a number means one company of a country, by their code in org-id.guide (http://org-id.guide).
Where a country has a register a state or a court (US, DE, CA), a number alone means nobody."""

_COMPANIES_HOUSE = 8


def registration(country: str, number: str) -> str | None:
    """Return the registration of a company in one spelling; None where the number means nobody by itself.

    Args:
        country: ISO 3166-1 alpha-2, in any case.
        number: as the source has it.

    >>> registration("gb", "7444723"), registration("US", "7444723")
    ('GB:07444723', None)

    """
    country = country.upper()
    if country not in SCHEMES.values():
        return None
    text = "".join(number.split())
    if country == "GB" and text.isascii() and text.isdigit():
        text = text.zfill(_COMPANIES_HOUSE)
    return canonical("registration", f"{country}:{text}")
