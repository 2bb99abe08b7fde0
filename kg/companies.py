"""Companies of the registry, and the table of those on exchanges, ``ontology/registry-listed.tsv``.

The table is read when a company is first looked for, in one pass: thousands of companies in Turtle would take a
second at every start. `kg.ontology.listed` gives it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from kg.errors import OntologyError

__all__ = ["COLUMNS", "LISTED", "Company", "KnownBy", "listed_companies"]

LISTED = "registry-listed.tsv"
"""The table, in ``ontology/``."""

COLUMNS = ("id", "known_by", "name", "aliases", "ticker", "listing", "isin", "lei", "cik")
"""The columns of the table; aliases are parted by "|", those from `ticker` on are kinds of identifiers."""

_BEFORE_IDENTIFIERS = COLUMNS.index("ticker")


class KnownBy(StrEnum):
    """What it takes to know that a text means a company of the registry.

    SIGHT: the bare name, which is no word, surname or place of its own ("Adyen", "Delta Air Lines"). NAME: the name
    with its legal form ("Target Corp."), or the bare name where the text tells that it is a company. IDENTIFIER: an
    identifier, since several companies are called so (Merck KGaA and Merck & Co.).
    """

    SIGHT = "sight"
    NAME = "name"
    IDENTIFIER = "identifier"


@dataclass(frozen=True, slots=True)
class Company:
    """An entity of the registry: its name, the other spellings, its public identifiers by kind.

    Aliases are known by sight, whatever its name is known by.
    """

    id: str
    name: str
    type: str
    aliases: tuple[str, ...]
    identifiers: Mapping[str, str]
    known_by: KnownBy = KnownBy.SIGHT


def listed_companies(lines: Iterable[str]) -> Iterator[Company]:
    r"""Yield the companies of the table's lines, ids without "company/"; lines that begin with "#" are notes.

    Raises:
        OntologyError: a line has other columns than the table, or an unknown `known_by`; it names the line.

    >>> head, line = "\t".join(COLUMNS), "adyen\tsight\tAdyen\tAdyen NV\t\tXAMS:ADYEN\tNL0012969182\t\t"
    >>> [(company.id, dict(company.identifiers)) for company in listed_companies([head, line])]
    [('company/adyen', {'listing': 'XAMS:ADYEN', 'isin': 'NL0012969182'})]

    """
    kinds, ways = COLUMNS[_BEFORE_IDENTIFIERS:], {way.value: way for way in KnownBy}
    has_head = False
    for number, line in enumerate(lines, 1):
        if line.startswith("#"):
            continue
        cells = tuple(line.rstrip("\n").split("\t"))
        if not has_head and cells == COLUMNS:
            has_head = True
            continue
        if not has_head or len(cells) != len(COLUMNS) or cells[1] not in ways:
            raise OntologyError(f"ontology/{LISTED}, line {number}: not the columns {', '.join(COLUMNS)}; reinstall kg")
        identifiers = {kind: value for kind, value in zip(kinds, cells[_BEFORE_IDENTIFIERS:], strict=True) if value}
        aliases = tuple(cells[3].split("|")) if cells[3] else ()
        yield Company(f"company/{cells[0]}", cells[2], "Company", aliases, identifiers, ways[cells[1]])
