"""A document sentence by sentence, each with the claims that it says: to be read through by a person."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.model import Claim
from kg.ontology import ontology
from kg.resolve import fold
from kg.store import DocumentClaims

__all__ = ["Passage", "passages"]

_END = re.compile(r"\n+|(?<=[.!?…])[\"”»)\]]*\s+(?=[\"“«(\[]*[^\W\d_a-zà-ÿ]|\d)")
_SHORT = re.compile(
    r"(?:^|[\s(])(?:[^\W\d_]|[A-Z]\.[A-Z]|Inc|Corp|Co|Ltd|Bros|Cie|No|Nos|St|Mr|Mrs|Ms|Dr|MM|Mme|Jan|Feb|Aug|Sept|Sep|Oct|Nov"
    r"|Dec|janv|févr|env|approx|vs|cf|art)\.$"
)
_LOOK = 12
"""Characters before a full stop in which an abbreviation lies."""
_TWO = 2


@dataclass(frozen=True, slots=True)
class Passage:
    """Characters `start`–`end` of a document, which are a sentence or a heading, and the claims that begin there.

    `names` are the places of names in the document, `parties` how many companies or things they are.
    """

    start: int
    end: int
    text: str
    claims: tuple[Claim, ...]
    names: tuple[tuple[int, int], ...]
    parties: int

    @property
    def is_silent(self) -> bool:
        """Whether it names two parties, and nothing is claimed of them."""
        return self.parties >= _TWO and not self.claims


def passages(reading: DocumentClaims) -> tuple[Passage, ...]:
    """Return the passages of a document, in order; every claim, admitted or not, stands with one of them.

    Names are those that a claim of the document has, and those that the registry knows.
    """
    text = reading.document.text
    claims = sorted(
        (*reading.claims, *reading.candidates), key=lambda one: (one.evidence[0].start, one.relation, one.id)
    )
    spellings = _spellings(claims)
    pattern = _pattern(spellings)
    spans = list(_spans(text, claims))
    starts = [start for start, _ in spans]
    of_passage: defaultdict[int, list[Claim]] = defaultdict(list)
    for claim in claims:
        of_passage[max(bisect_right(starts, claim.evidence[0].start) - 1, 0)].append(claim)
    found = []
    for at, (start, end) in enumerate(spans):
        names = [match.span() for match in pattern.finditer(text, start, end)] if pattern else []
        parties = {spellings[text[slice(*name)]] for name in names}
        found.append(Passage(start, end, text[start:end], tuple(of_passage[at]), tuple(names), len(parties)))
    return tuple(found)


def _spans(text: str, claims: Iterable[Claim]) -> Iterator[tuple[int, int]]:
    """The places of sentences; a quote that runs over an end of a sentence joins the two."""
    quotes = sorted({(claim.evidence[0].start, claim.evidence[0].end) for claim in claims})
    start, at = 0, 0
    for match in _END.finditer(text):
        end = match.start()
        if "\n" not in match[0] and _SHORT.search(text[max(start, end - _LOOK) : end]):
            continue
        while at < len(quotes) and quotes[at][1] <= match.start():
            at += 1
        if any(first < end and match.end() < last for first, last in quotes[at : at + 8] if first < match.end()):
            continue
        if text[start:end].strip():
            yield start, _closed(text, end, match.end())
        start = match.end()
    if text[start:].strip():
        yield start, start + len(text[start:].rstrip())


def _closed(text: str, end: int, next_: int) -> int:
    """Where a sentence ends with its closing quotation marks."""
    return end + len(text[end:next_].rstrip())


def _spellings(claims: Iterable[Claim]) -> dict[str, str]:
    """Each spelling of a name, with the id of what it names."""
    spellings = {
        name: company.id for company in ontology().companies.values() for name in (company.name, *company.aliases)
    }
    for claim in claims:
        for entity in claim.entities:
            spellings |= dict.fromkeys((entity.name, *entity.aliases), entity.id)
    return {name: id_ for name, id_ in spellings.items() if fold(name)}


def _pattern(spellings: Iterable[str]) -> re.Pattern[str] | None:
    longest_first = sorted(spellings, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)") if longest_first else None
