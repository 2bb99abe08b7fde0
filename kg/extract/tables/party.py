"""Somebody whom a cell names: what kind of entity that is, and how surely."""

import re
from dataclasses import dataclass

from kg.extract.lexicon import Lexicon
from kg.extract.names import Mention
from kg.extract.proposal import End
from kg.extract.tables.grid import Cell
from kg.extract.tables.layout import Column
from kg.extract.tables.table import Table
from kg.reasons import Reason

__all__ = ["Party", "party", "without_form"]

_LEGAL = re.compile(
    r"(?:^|[\s,(])(?:Inc|Incorporated|Corp|Corporation|Co|Company|Ltd|Limited|LLC|L\.L\.C|LLP|L\.?P|LP|PLC|plc|N\.?A"
    r"|PBC|SA|S\.A|SAS|S\.A\.S|SASU|SARL|S\.?à\s?r\.?l|Sàrl|SNC|SCA|SCI|SE|NV|N\.V|BV|B\.V|AG|KG|KGaA|GmbH|SpA|S\.p\.A|S\.r\.l|Srl|SRL|KK|K\.K"
    r"|AB|AS|A/S|ASA|Oy|Oyj|Pty|Pte|Pvt|Sdn\.? Bhd|Bhd|S\.A\.U|S\.L|C\.V|ULC|Ltda|Lda|Trust|National Association"
    r"|Holdings?|Partners|Group|Groupe|Capital|Fund|Fonds|Advisors|Management)\.?\)?$"
)
"""The last words of a name that only a firm bears."""
_LEADING = re.compile(r"(?:Fonds|Banque|Caisse|Compagnie|Société|Holding|Crédit|FCP[EIR]?|FPCI|SICAV|SCI|SARL|SAS)\s")
"""The first words of a name that only a firm, or a fund, bears."""
_OF_FIRMS = frozenset({"subsidiary", "associate", "venture", "target", "competitor", "invested", "acquirer", "parent"})
"""Roles that nobody but a firm has."""
_HOLDERS = frozenset({"shareholder", "investor"})
"""Roles that people have as well."""
_FIRMS = frozenset({"Company", "PublicBody", "Organisation"})
_SURE = 1.0
"""A kind that is so much likelier than the next one, as a logarithm, is taken for sure."""


@dataclass(frozen=True, slots=True)
class Party:
    """An end of a row's claim; `surety` tells what its kind is known by: "known" (a register), form, model or head."""

    end: End
    surety: str
    doubts: tuple[Reason, ...] = ()


def party(cell: Cell, column: Column, table: Table, lexicon: Lexicon) -> Party | None:
    """Return who a name in a column is; None for a country or region, which is no party."""
    mention = table.names.get(cell.text)
    if mention is None or lexicon.says("names.countries", cell.text.casefold()):
        return None
    if mention.margin is None and mention.kind == "Place":
        return None
    kind, surety, is_sure = _kind(mention, column.head.role, by_caption=table.layout.by_caption)
    doubts = () if is_sure else (Reason.UNKNOWN_KIND,)
    return Party(End(mention.name, kind, cell.start, cell.end, antecedent=mention.full), surety, doubts)


def _kind(mention: Mention, role: str, *, by_caption: bool) -> tuple[str, str, bool]:
    """What a name is, what tells it, and whether that leaves no doubt."""
    if mention.margin is None:
        return mention.kind, "known", True
    if _LEGAL.search(mention.text) or _LEADING.match(mention.text):
        return "Company", "form", True
    if role in _OF_FIRMS:
        return "Company", "head", True
    if role in _HOLDERS:
        holds = mention.kind in _FIRMS | {"Person"}
        return mention.kind if holds else "Company", "model", holds and mention.margin >= _SURE
    return (mention.kind, "model", True) if mention.kind in _FIRMS else ("Company", "head", not by_caption)


def without_form(name: str) -> str:
    """Return a name without its legal forms and the general words at its end, for comparison.

    >>> without_form("Zeltan Pty Ltd."), without_form("Zeltan Asia, LLC")
    ('zeltan', 'zeltan asia')
    """
    bare = ""
    while bare != name:
        bare, name = name, _LEGAL.sub("", name).rstrip(" ,")
    return bare.casefold()
