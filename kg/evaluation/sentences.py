"""A reader held against marked sentences: what it claims of each, and its silence where nothing is claimed."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from kg.evaluation.matching import NUMERIC, RELATIONS, Key, Value, key, norm, same
from kg.evaluation.records import Expected, Gold, ScoredClaim
from kg.evaluation.report import EvaluationReport, report
from kg.evaluation.scoring import ClaimsByEdge, ClaimSpan, DocumentScore, score_document
from kg.model import NUMERIC_QUALIFIERS

if TYPE_CHECKING:
    from kg.extract.corpus import Item

__all__ = ["CorpusReport", "Silence", "score_corpus", "score_item"]

_NUMERIC = NUMERIC | {*NUMERIC_QUALIFIERS}
_UNSCORED = "as_printed"


@dataclass(frozen=True, slots=True)
class Silence:
    """Of items that claim nothing: how many there are, of how many nothing was claimed."""

    items: int
    silent: int


@dataclass(frozen=True, slots=True)
class CorpusReport:
    """The figures over the items, and the silence on near misses by their kind."""

    report: EvaluationReport
    near_misses: Mapping[str, Silence]


def score_corpus(items: Iterable["Item"], read: Callable[["Item"], Iterable[ScoredClaim]]) -> CorpusReport:
    """Return the score of a reader on a corpus; `read` gives what it claims of an item."""
    scores = []
    silences: dict[str, list[bool]] = defaultdict(list)
    for item in items:
        scores.append(score_item(item, read(item)))
        if item.near_miss is not None:
            silences[item.near_miss].append(not scores[-1].counts.said)
    kinds = {kind: Silence(len(silent), sum(silent)) for kind, silent in sorted(silences.items())}
    return CorpusReport(report(scores), kinds)


def score_item(item: "Item", claims: Iterable[ScoredClaim]) -> DocumentScore:
    """Return the score of one item: as of a gold text whose every relation must be found.

    A name that was said is a name of the item if they are the same, or if the words of one hold those
    of the other; where several are, the one that makes the claim right. All terms of the corpus count.
    """
    gold = _gold(item)
    claim_spans = [(claim, span) for claim in claims for span in claim.evidence]
    scored = score_document(gold, claim_spans, _by_names(item, claim_spans), _same)
    if item.near_miss is None:
        return scored
    return replace(scored, mistakes=tuple(replace(m, note=f"near miss: {item.near_miss}") for m in scored.mistakes))


def _gold(item: "Item") -> Gold:
    expected = [
        Expected(
            id=f"{item.id}/{number}",
            key=key(claim.subject, claim.relation, claim.object),
            status=claim.modality.value,
            statuses=(claim.modality.value,),
            core=True,
            qualifiers={name: _value(v) for name, v in claim.qualifiers.terms().items() if name != _UNSCORED},
            quote=item.text,
            start=0,
        )
        for number, claim in enumerate(item.claims, 1)
        if claim.relation in RELATIONS
    ]
    return Gold(item.id, item.id, item.lang, item.text, len(item.text), {}, tuple(expected))


def _value(value: Decimal | str | bool) -> Value:  # noqa: FBT001 - a term's own value
    return str(value) if isinstance(value, Decimal) else value


def _by_names(item: "Item", claim_spans: Iterable[ClaimSpan]) -> ClaimsByEdge:
    right = {key(claim.subject, claim.relation, claim.object) for claim in item.claims}
    by_edge = defaultdict(list)
    for claim, span in claim_spans:
        if claim.relation in RELATIONS:
            subjects = _named(item, (claim.subject, *claim.subject_also))
            objects = _named(item, (claim.object, *claim.object_also))
            edges = [key(first, claim.relation, second) for first in subjects for second in objects]
            by_edge[_fitting(edges, right)].append((claim, span))
    return by_edge


def _fitting(edges: Sequence[Key], right: set[Key]) -> Key:
    return next((edge for edge in edges if edge in right), edges[0])


def _named(item: "Item", spellings: Sequence[str]) -> list[str]:
    """The names of the item that an end may mean, the likeliest first; "?name" where it means none."""
    candidates = [_words(name) for name in spellings]
    same_, alike = [], []
    for name in sorted(item.names, key=len, reverse=True):
        words = _words(name)
        if words in candidates:
            same_.append(name)
        elif any(_holds(words, candidate) or _holds(candidate, words) for candidate in candidates):
            alike.append(name)
    return [*same_, *alike] or ["?" + norm(spellings[0])]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", norm(text))


def _holds(words: list[str], part: list[str]) -> bool:
    size = len(part)
    return size > 0 and any(words[at : at + size] == part for at in range(len(words) - size + 1))


def _same(term: str, gold: Value, claimed: Value) -> bool | None:
    """Compare as gold's terms are; of goods, one wording may hold the other's words."""
    if term == "goods" and isinstance(claimed, str) and isinstance(gold, str):
        first, second = _words(gold), _words(claimed)
        return _holds(first, second) or _holds(second, first)
    return same(term, gold, claimed, _NUMERIC)
