"""Somebody whom a cell names: what kind of entity that is, and how surely."""

import re
from dataclasses import dataclass

from kg.extract.capitals import is_word
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
    r")\.?\)?$"
)
"""The last words of a name that only a firm bears."""
_FIRMLIKE = re.compile(r"(?:^|[\s,(])(?:Holdings?|Partners|Group|Groupe|Capital|Fund|Fonds|Advisors|Management)\)?$")
"""The last words of a firm's name behind a word that is no common one: "Zeltan Group", but not "Promoter Group"."""
_LEADING = re.compile(r"(?:Fonds|Banque|Caisse|Compagnie|Société|Holding|Crédit|FCP[EIR]?|FPCI|SICAV|SCI|SARL|SAS)\s")
"""The first words of a name that only a firm, or a fund, bears."""
_OF_FIRMS = frozenset(
    {"subsidiary", "associate", "venture", "target", "competitor", "invested", "acquirer", "parent", "filer"}
)
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
    # French writes capitals inside names alone: « Caisse des Dépôts ».
    capitals = lexicon.lang == "fr" and any(word[:1].isupper() for word in mention.text.split()[1:])
    is_common = _is_common(mention.text, lexicon) and not (capitals and column.head.role in _HOLDERS)
    kind, surety, is_sure = _kind(mention, column.head.role, by_caption=table.layout.by_caption, is_common=is_common)
    doubts = () if is_sure else (Reason.UNKNOWN_KIND,)
    return Party(End(mention.name, kind, cell.start, cell.end, antecedent=mention.full), surety, doubts)


def _kind(mention: Mention, role: str, *, by_caption: bool, is_common: bool) -> tuple[str, str, bool]:
    """What a name is, what tells it, and whether that leaves no doubt: of common words alone it always does."""
    if mention.margin is None:
        return mention.kind, "known", True
    if _LEGAL.search(mention.text):
        return "Company", "form", True
    is_firmlike = _FIRMLIKE.search(mention.text) is not None or _LEADING.match(mention.text) is not None
    if is_firmlike or role in _OF_FIRMS:
        return "Company", "form" if is_firmlike else "head", not is_common
    if role in _HOLDERS:
        holds = mention.kind in _FIRMS | {"Person"}
        is_sure = mention.margin >= _SURE and (mention.kind == "Person" or not is_common)
        return mention.kind if holds else "Company", "model", holds and is_sure
    if mention.kind in _FIRMS:
        return mention.kind, "model", not is_common
    return "Company", "head", not (by_caption or is_common)


def _is_common(name: str, lexicon: Lexicon) -> bool:
    """Whether a dictionary has all words of a name, as of "Industry leaders": a sort of companies, or a sum of some.

    A state that is told, « État français », is an owner of its own.
    """
    words = [word for word in re.split(r"[^\w']+", name) if word]
    if len(words) > 1 and lexicon.says("names.state", words[0].casefold()):
        return False
    return all(is_word(word.casefold(), lexicon.lang) for word in words)


def without_form(name: str) -> str:
    """Return a name without its legal forms and the general words at its end, for comparison.

    >>> without_form("Zeltan Pty Ltd."), without_form("Zeltan Asia, LLC")
    ('zeltan', 'zeltan asia')
    """
    bare = ""
    while bare != name:
        bare, name = name, _FIRMLIKE.sub("", _LEGAL.sub("", name)).rstrip(" ,")
    return bare.casefold()
