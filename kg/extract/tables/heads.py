"""What the head of a column says: whom its cells name, what share of what they tell, at which date.

The words are the lexicon's (``[tables]``). A head is known where such words, dates and units are all that it holds:
"Customer deposits" names no customer.
"""

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.extract.dates import dates
from kg.extract.lexicon import Lexicon, load
from kg.extract.plain import plain

__all__ = ["BLANK", "FACTS", "NAMES", "UNKNOWN", "Head", "head_of", "holds", "listed", "phrases_in", "words_of"]

NAMES = (
    "customer", "supplier", "shareholder", "subsidiary", "parent", "associate", "venture", "competitor", "partner",
    "target", "acquirer", "seller", "investor", "invested", "lender", "borrower", "name",
)  # fmt: skip
"""What a column may name, by the lists of the lexicon; "name" is anybody."""
FACTS = ("date", "status", "method", "country", "goods", "beside", "amount", "count")
"""What else a column may tell."""
_SHARES = ("percent", "share")
_OF = ("votes", "other", "revenue", "cost", "capital")
"""What a share may be of; of two, the first is meant: "percentage of the class's voting power"."""
BLANK, UNKNOWN = "", "unknown"
"""The roles of a column without a head, or with dates and units alone, and of one whose head is not known."""

_LONGEST = 300
"""Characters of the longest head: a longer one is prose."""
_WORD = re.compile(r"%|[^\W_]+(?:['-][^\W_]+)*|[&/]")
_ELIDED = re.compile(r"^(?:l|d|n|s|qu)'")
_POSSESSIVE = re.compile(r"'s?$")
_YEAR = re.compile(r"(?<![\d./-])(?:19|20)\d\d(?![\d./-])")


@dataclass(frozen=True, slots=True)
class Head:
    """What a head says: `role` is one of `NAMES` or `FACTS`, "percent", "share", `BLANK` or `UNKNOWN`.

    A "share" may be a percentage or a number of shares: its cells tell. `of` is what it is of: capital, votes,
    revenue, cost, other or nothing that is told. `date` is the date that it gives, as ISO 8601 has it.
    """

    role: str
    of: str = ""
    date: str | None = None

    @property
    def is_known(self) -> bool:
        """Whether it says what stands in the column."""
        return self.role not in {BLANK, UNKNOWN}


@functools.lru_cache(maxsize=16384)
def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a head, a caption or a phrase of the lexicon, as they are compared.

    >>> words_of("% of the Group’s total revenue (1)"), words_of("Part du chiffre d’affaires")
    (('%', 'of', 'the', 'group', 'total', 'revenue', '1'), ('part', 'du', 'chiffre', 'affaires'))
    """
    found = (_POSSESSIVE.sub("", _ELIDED.sub("", word)) for word in _WORD.findall(plain(text).casefold()))
    return tuple(word for word in found if word)


def holds(words: Sequence[str], phrase: Sequence[str]) -> bool:
    """Whether words hold a phrase.

    >>> holds(words_of("Scope of consolidation"), words_of("consolidation"))
    True
    """
    return any(words[at : at + len(phrase)] == phrase for at in range(len(words) - len(phrase) + 1))


def head_of(text: str, lexicon: Lexicon) -> Head:
    """Return what a head says."""
    if len(text) > _LONGEST:
        return Head(UNKNOWN)
    date, rest = _dated(text, lexicon)
    roles: list[frozenset[str]] = []
    words = words_of(rest)
    for phrase, lists in _covered(words, lexicon):
        if lists is None:
            if not _says_nothing(phrase, lexicon):
                return Head(UNKNOWN, date=date)
        elif lists:
            roles.append(lists)
    return _decided(roles, date)


def _decided(roles: list[frozenset[str]], date: str | None) -> Head:
    said = frozenset[str]().union(*roles)
    of = next((what for what in _OF if f"of_{what}" in said), "")
    names = [name for name in NAMES if any(name in lists for lists in roles)]
    facts = [fact for lists in roles for fact in FACTS if fact in lists]
    named = [name for name in names if name != "name"] or (names if not facts else [])
    if "percent" in said:
        return Head("percent", of, date)
    if named and (len(named) > 1 or of) and "share" not in said:
        # "Shareholders' equity" names nobody.
        return Head(UNKNOWN, date=date)
    if len(named) == 1 and not of:
        return Head(named[0], date=date)
    if date is not None and facts[:1] == ["date"]:
        # « En date du 31 janvier 2025 » is no column of dates.
        facts = facts[1:]
    if facts and (of in {"", "capital"} or "amount" in facts):
        return Head(facts[0], of, date)
    role = "share" if "share" in said or of else BLANK
    return Head("amount" if of == "revenue" and "share" not in said else role, of, date)


def _dated(text: str, lexicon: Lexicon) -> tuple[str | None, str]:
    """Return the date of a head, where it gives one, and the head without its dates."""
    flat = plain(text)
    spans = [(date.start, date.end, date.iso) for date in dates(flat, lexicon.lang, None)]
    spans += [
        (match.start(), match.end(), match[0])
        for match in _YEAR.finditer(flat)
        if all(match.end() <= start or end <= match.start() for start, end, _ in spans)
    ]
    for start, end, _ in spans:
        flat = flat[:start] + " " * (end - start) + flat[end:]
    told = {iso for *_, iso in spans}
    return (told.pop() if len(told) == 1 else None), flat


def _says_nothing(word: str, lexicon: Lexicon) -> bool:
    scales, currencies = lexicon.tables["tables.scales"], _currencies(lexicon.lang)
    return word.isdigit() or len(word) == 1 or word in scales or word in currencies


@functools.cache
def _currencies(lang: str) -> frozenset[str]:
    return frozenset(word for name in load(lang).tables["figures.currency"] for word in words_of(name))


@functools.cache
def listed(lang: str, name: str) -> tuple[tuple[str, ...], ...]:
    """Return the phrases of a list of a language's section on tables, as words."""
    return tuple(sorted(map(words_of, load(lang).cues[f"tables.{name}"])))


@functools.cache
def phrases_in(lang: str) -> Mapping[tuple[str, ...], frozenset[str]]:
    """Return the phrases of a language's heads, as words, each with the lists that have it; fillers have none."""
    found = dict[tuple[str, ...], frozenset[str]]()
    for name in (*NAMES, *FACTS, *_SHARES, *(f"of_{what}" for what in _OF)):
        for phrase in listed(lang, name):
            found[phrase] = found.get(phrase, frozenset()) | {name}
    for phrase in listed(lang, "filler"):
        found.setdefault(phrase, frozenset())
    return found


def _covered(words: tuple[str, ...], lexicon: Lexicon) -> Iterator[tuple[str, frozenset[str] | None]]:
    """Yield the phrases that words consist of, the longest first, with their lists; None for an unknown word."""
    phrases = phrases_in(lexicon.lang)
    longest = max(map(len, phrases))
    at = 0
    while at < len(words):
        for size in range(min(longest, len(words) - at), 0, -1):
            lists = phrases.get(words[at : at + size])
            if lists is not None:
                yield " ".join(words[at : at + size]), lists
                at += size
                break
        else:
            yield words[at], None
            at += 1
