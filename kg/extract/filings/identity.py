"""By what a filing identifies companies: CIK, LEI, tickers with their exchanges, ISIN and CUSIP of their shares."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from kg.extract.proposal import Parsed
from kg.filings import Cover, cover
from kg.identifiers import canonical
from kg.model import Claim, Entity
from kg.xbrl import XbrlFact

__all__ = ["identified", "identifiers"]

Identifier = tuple[str, str]
"""A kind of the ontology, and a value of it."""

_HEAD = 8000
"""Characters of a text that hold its cover."""
_SHARES = re.compile(r"common|ordinary|\bshares?\b|\bstock\b|class ?[a-z]\b|depositary", re.IGNORECASE)
_NO_SHARES = re.compile(r"notes?\b|notes?due|bond|debenture|preferred|preference|warrant|right|unit|%", re.IGNORECASE)
_SYMBOLS = re.compile(
    r"^\|[^\n]*\btrading\s+symbol[^\n]*\|\n(?P<rows>(?:\|[^\n]*\|\n?)+)", re.IGNORECASE | re.MULTILINE
)
_CUSIP = re.compile(
    r"\bCUSIP\s+(?:no|number)s?\b[.:#\s]*(?P<behind>[0-9A-Z]{6}\s?[0-9A-Z]{2}\s?\d)\b|"
    r"^(?P<above>[0-9A-Z]{6}\s?[0-9A-Z]{2}\s?\d)[^\S\n]*\n[-_|\s]*\(\s*CUSIP\s+number\s*\)",
    re.IGNORECASE | re.MULTILINE,
)
_KEY = re.compile(r"^[^\S\n]*central\s+index\s+key:\s*(\d{1,10})[^\S\n]*$", re.IGNORECASE | re.MULTILINE)
_LABELLED = re.compile(
    r"\b(?:codes?\s+)?(?P<kind>LEI|ISIN)\b(?:\s+codes?)?[\s:.n°|-]{0,6}(?P<value>[A-Z]{2}[A-Z0-9]{9}\d|[A-Z0-9]{18}\d\d)\b",
)
_BRACKET = re.compile(r"\([^()\n]*\)")
_LEGAL_FORM = re.compile(r",?(?:\s+[A-Z][A-Za-z.]{0,5}){0,2}\s*")
"""What may stand between a name and a bracket that tells its numbers."""
_EXCHANGES: Mapping[str, str] = {
    "nyse american": "XASE",
    "nyse arca": "ARCX",
    "nyse texas": "XCHI",
    "chicago stock exchange": "XCHI",
    "cboe bzx": "BATS",
    "nasdaq": "XNAS",
    "new york stock exchange": "XNYS",
    "nyse": "XNYS",
}
"""Market identifier codes (ISO 10383) of the exchanges that covers name; a name that holds another one stands first."""


def identifiers(parsed: Parsed) -> Mapping[str, frozenset[Identifier]]:
    """Return what a filing identifies each company by, by its name; values that are not well formed are left out."""
    text = parsed.document.text
    found = cover(text)
    if found is None:
        return {}
    told: defaultdict[str, set[Identifier]] = defaultdict(set)
    placed = list(_bracketed(parsed))
    for name, identifier, _ in placed:
        told[name].add(identifier)
    owner = " ".join(text[slice(*found.owner)].split()) if found.owner else None
    if owner is not None:
        inside = {at for _, _, at in placed}
        told[owner] |= {one for one, at in _labelled(text[:_HEAD]) if at not in inside}
        told[owner] |= set(_of_owner(found, text[:_HEAD], parsed.document.facts))
    checked = {
        name: frozenset((kind, value) for kind, raw in pairs if (value := canonical(kind, raw)) is not None)
        for name, pairs in told.items()
    }
    return {name: pairs for name, pairs in checked.items() if pairs}


def identified(claims: Iterable[Claim], parsed: Parsed, resolve: Callable[[Entity], Entity]) -> list[Claim]:
    """Return claims whose companies carry what their filing identifies them by."""
    by_id: defaultdict[str, frozenset[Identifier]] = defaultdict(frozenset)
    for name, pairs in identifiers(parsed).items():
        by_id[resolve(Entity(f"company/{name}", name, "Company")).id] |= pairs
    return [_with_identifiers(claim, by_id) for claim in claims]


def _with_identifiers(claim: Claim, by_id: Mapping[str, frozenset[Identifier]]) -> Claim:
    if not any(end.id in by_id for end in claim.entities):
        return claim
    subject, *objects = (
        replace(end, identifiers=tuple(sorted({*end.identifiers, *by_id.get(end.id, ())}))) for end in claim.entities
    )
    return replace(claim, subject=subject, object=objects[0] if objects else claim.object)


def _of_owner(found: Cover, head: str, facts: Iterable[XbrlFact]) -> Iterator[Identifier]:
    """Yield what a cover and its marked-up facts tell of the company that it names."""
    if found.form.startswith("Schedule"):
        for match in _CUSIP.finditer(head):
            yield "cusip", match["behind"] or match["above"]
        return
    yield from _of_facts(tuple(facts))
    yield from _symbols(head)
    keys = set(_KEY.findall(head))
    if len(keys) == 1:
        yield "cik", keys.pop()


def _of_facts(facts: tuple[XbrlFact, ...]) -> Iterator[Identifier]:
    keys = {fact.value for fact in facts if fact.name == "EntityCentralIndexKey"}
    if len(keys) == 1:
        yield "cik", keys.pop()
    for fact in facts:
        if fact.name == "LegalEntityIdentifier":
            yield "lei", fact.value
        if fact.entity is not None and fact.entity[0].endswith("/17442"):
            yield "lei", fact.entity[1]
        kind = fact.axes.get("StatementClassOfStockAxis", "CommonStockMember")
        if fact.name == "TradingSymbol" and _is_of_shares(kind):
            yield "ticker", fact.value
            if exchange := fact.axes.get("EntityListingsExchangeAxis"):
                yield "listing", f"{exchange}:{fact.value}"


def _is_of_shares(title: str) -> bool:
    return _SHARES.search(title) is not None and _NO_SHARES.search(title) is None


def _symbols(head: str) -> Iterator[Identifier]:
    """Yield the tickers out of a cover's table of classes of securities, its first column the class."""
    for table in _SYMBOLS.finditer(head):
        for row in table["rows"].splitlines():
            cells = [cell.strip() for cell in row.strip("|").split("|")]
            if not _is_of_shares(cells[0]) or len(cells) < len(("class", "symbol")):
                continue
            yield "ticker", cells[1]
            named = cells[-1].casefold()
            if exchange := next((code for name, code in _EXCHANGES.items() if name in named), None):
                yield "listing", f"{exchange}:{cells[1]}"


def _labelled(text: str) -> Iterator[tuple[Identifier, int]]:
    for match in _LABELLED.finditer(text):
        yield (match["kind"].lower(), match["value"]), match.start()


def _bracketed(parsed: Parsed) -> Iterator[tuple[str, Identifier, int]]:
    """Yield what stands in a bracket behind a company: "Zeltan SA (LEI …, ISIN …)"."""
    text = parsed.document.text
    mentions = [mention for sentence in parsed.text.sentences for mention in sentence.mentions]
    for bracket in _BRACKET.finditer(text):
        labelled = list(_labelled(bracket[0]))
        before = [m for m in mentions if m.place[1] <= bracket.start()] if labelled else []
        owner = max(before, key=lambda m: m.place[1], default=None)
        if owner is None or not owner.fits({"Company"}):
            continue
        if _LEGAL_FORM.fullmatch(text, owner.place[1], bracket.start()):
            for identifier, offset in labelled:
                yield owner.name, identifier, bracket.start() + offset
