"""Sectors in words, for the key to a picture: registers write codes.

The codes of NACE Rev. 2 (https://eur-lex.europa.eu/eli/reg/2006/1893/oj), ISIC Rev. 4 and the national lists built on
them share their divisions, two digits each; a division is told by the section that it belongs to. A code of any other
list is told as the register writes it.
"""

import re
from collections.abc import Iterable, Mapping

__all__ = ["division_of", "sector_words"]

_SHARED = re.compile(r"(?:eu_)?nace(?:_2)?|isic_4|uk_sic_2007|(?:fr_)?naf(?:_2008|_rev2)?")
"""The lists that share their divisions, by the names that registers have for them."""
_DIVISION = re.compile(r"([^:]+):[A-Z]?(\d{2})")
_SECTIONS: tuple[tuple[int, str, str], ...] = (
    (3, "Agriculture, forestry, fishing", "Agriculture, sylviculture, pêche"),
    (9, "Mining", "Industries extractives"),
    (33, "Manufacturing", "Industrie manufacturière"),
    (35, "Electricity and gas", "Électricité et gaz"),
    (39, "Water and waste", "Eau et déchets"),
    (43, "Construction", "Construction"),
    (47, "Trade", "Commerce"),
    (53, "Transport and storage", "Transports et entreposage"),
    (56, "Hotels and restaurants", "Hébergement et restauration"),
    (63, "Information and communication", "Information et communication"),
    (66, "Finance and insurance", "Finance et assurance"),
    (68, "Real estate", "Immobilier"),
    (75, "Professional and scientific services", "Services spécialisés et scientifiques"),
    (82, "Administrative services", "Services administratifs"),
    (84, "Public administration", "Administration publique"),
    (85, "Education", "Enseignement"),
    (88, "Health and social work", "Santé et action sociale"),
    (93, "Arts and recreation", "Arts et loisirs"),
    (96, "Other services", "Autres services"),
    (98, "Households", "Ménages"),
    (99, "International organisations", "Organisations internationales"),
)
"""The last division of each section, in their order, with its name in English and in French."""
_CATEGORIES: Mapping[str, tuple[str, str]] = {
    "gleif:GENERAL": ("Business (GLEIF)", "Entreprise (GLEIF)"),
    "gleif:FUND": ("Fund (GLEIF)", "Fonds (GLEIF)"),
    "gleif:BRANCH": ("Branch (GLEIF)", "Succursale (GLEIF)"),
    "gleif:SOLE_PROPRIETOR": ("Sole proprietor (GLEIF)", "Entreprise individuelle (GLEIF)"),
    "gleif:RESIDENT_GOVERNMENT_ENTITY": ("Public body (GLEIF)", "Organisme public (GLEIF)"),
    "gleif:INTERNATIONAL_ORGANIZATION": ("International organisation (GLEIF)", "Organisation internationale (GLEIF)"),
}


def division_of(code: str) -> str:
    """Return the division of a sector's code, under one name where lists share it; a code without one as it is.

    >>> [division_of(code) for code in ("uk_sic_2007:64209", "eu_nace_2:6420", "nace:K64.2", "us_sic:3571")]
    ['nace:64', 'nace:64', 'nace:64', 'us_sic:35']
    """
    found = _DIVISION.match(code)
    if found is None:
        return code
    return f"{'nace' if _SHARED.fullmatch(found[1]) else found[1]}:{found[2]}"


def sector_words(codes: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return what divisions are called in English and in French, by their codes; those that nobody knows are left out.

    >>> sector_words(["nace:64", "us_sic:35"])
    {'nace:64': {'en': 'Finance and insurance (NACE 64)', 'fr': 'Finance et assurance (NACE 64)'}}
    """
    found = {}
    for code in sorted(set(codes)):
        scheme, _, division = code.partition(":")
        known = _CATEGORIES.get(code)
        if scheme == "nace" and division.isdecimal():
            section = next((each for each in _SECTIONS if int(division) <= each[0]), None)
            known = section and (f"{section[1]} (NACE {division})", f"{section[2]} (NACE {division})")
        if known:
            found[code] = {"en": known[0], "fr": known[1]}
    return found
