"""What stands in the cells of OpenCorporates' files: jurisdictions, companies, days."""

import re

from kg.dates import is_partial_date
from kg.identifiers import canonical
from kg.importers.register_numbers import registration
from kg.model import Entity
from kg.resolve import register_entity

__all__ = ["company", "day", "jurisdiction", "several"]

_CODE = re.compile(r"[a-z]{2}(?:_[a-z0-9]{1,3})?")


def jurisdiction(code: str) -> str | None:
    """Return a code of a jurisdiction as ISO 3166 has it; None for what is none.

    >>> jurisdiction("gb"), jurisdiction("us_de"), jurisdiction("Delaware")
    ('GB', 'US-DE', None)

    """
    return code.upper().replace("_", "-") if _CODE.fullmatch(code) else None


def company(name: str, code: str, number: str, *aliases: str) -> Entity:
    """Return the company of a number in a jurisdiction's register.

    Where `kg.importers.register_numbers` knows how that register writes its numbers, so is the registration written, as
    other lists of registers have it. Elsewhere it is as OpenCorporates has it, which gives each number of a
    jurisdiction once.

    >>> company("Acme Ltd", "gb", "102498").id
    'company/registration-gb-00102498'

    """
    place = jurisdiction(code) or ""
    told = registration(place, number) or canonical("registration", f"{place}:{number}")
    pairs = [("registration", told)] if told else []
    return register_entity(name, "Company", "opencorporates", f"{code}/{number}", identifiers=pairs, aliases=aliases)


def day(text: str) -> str | None:
    """Return the day with which a date or a moment begins; None for what begins with none.

    >>> day("2023-04-01 00:00:00 UTC"), day("soon")
    ('2023-04-01', None)

    """
    return text[:10] if is_partial_date(text[:10]) else None


def several(cell: str) -> list[str]:
    """Return the values of a cell that has several, between pipes.

    >>> several("Old Ltd|Older Ltd|")
    ['Old Ltd', 'Older Ltd']

    """
    return [value.strip() for value in cell.split("|") if value.strip()]
