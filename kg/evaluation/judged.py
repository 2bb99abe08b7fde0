"""How good a graph is by what people say of it: what is right of it, by random draws alone, and what readers missed.

What is missed is counted in documents that somebody has read to the end.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from kg.judgements import ClosedDocument, Judgement, Stratum, shares, standing
from kg.judgements.estimate import (
    Recall,
    Share,
    by_band,
    by_language,
    by_reader,
    by_relation,
    measured,
    recall,
    share_of,
)
from kg.model import Claim
from kg.pipeline.precision import without_precision
from kg.tables.table import Table, Value

__all__ = ["judged_table"]

_COLUMNS = ("of", "judged", "right", "share", "low", "high", "unsure")
_GROUPS: tuple[tuple[str, Callable[[Claim], str]], ...] = (
    ("all", lambda _: ""),
    ("reader", by_reader),
    ("language", by_language),
    ("confidence", by_band),
)
_RECALL: tuple[tuple[str, Callable[[Claim], str]], ...] = (
    ("recall", lambda _: ""),
    ("recall relation", by_relation),
    ("recall language", by_language),
)
_DIGITS = 3
_BLOCK, _BLOCKS = 20, 5
"""The fewest judgements in a step of the curve, and how many steps it has at most."""


def judged_table(judgements: Iterable[Judgement], documents: Iterable[ClosedDocument] = ()) -> Table:
    """Return the share of right claims among those that were drawn at random and judged, and what readers missed.

    Of all, and by group; of companies and relations that were drawn from alone; step by step in the order of judging,
    and by version of the reader; at last the share that readers had found of what holds in `documents`, which were read
    to the end. `low` and `high` bound a share in 95 of 100 cases (`kg.judgements.estimate`). A claim that is wrong in
    any part is wrong. Judgements that were taken back do not count.
    """
    words, closed = standing(judgements), tuple(documents)
    rows = [
        _row(f"{name} {group}".strip(), share) for name, key in _GROUPS for group, share in shares(words, key).items()
    ]
    rows[1:1] = [_row(*named) for named in _relations(words)]
    rows += [_row(*named) for named in (*_strata(words), *_curve(words), *_versions(words))]
    rows += [
        _row(f"{name} {group}".strip(), one) for name, key in _RECALL for group, one in recall(closed, key).items()
    ]
    return Table(_COLUMNS, rows, "Judged at random")


def _row(name: str, share: Share | Recall) -> tuple[Value, ...]:
    low, high = share.interval
    told = None if share.share is None else round(share.share, _DIGITS)
    counts = (share.judged, share.right) if isinstance(share, Share) else (share.holding, share.found)
    unsure = share.unsure if isinstance(share, Share) else None
    return (name, *counts, told, round(low, _DIGITS), round(high, _DIGITS), unsure)


def _relations(words: Sequence[Judgement]) -> Iterator[tuple[str, Share]]:
    """Yield the share of each relation, by draws from all claims and by those from its own."""
    for relation in sorted({word.claim.relation for word in words}):
        if drawn := measured(words, Stratum(relation=relation)):
            yield f"relation {relation}", share_of(drawn)


def _strata(words: Sequence[Judgement]) -> Iterator[tuple[str, Share]]:
    """Yield the share of each further part of the graph that was drawn from alone."""
    for stratum in sorted({word.stratum for word in words if word.stratum.company}, key=lambda one: one.name):
        if drawn := measured(words, stratum):
            yield stratum.name, share_of(drawn)


def _curve(words: Sequence[Judgement]) -> Iterator[tuple[str, Share]]:
    """Yield the share of right ones step by step, in the order of judging; nothing where that is one step."""
    drawn = sorted(measured(words), key=lambda word: word.order)
    size = max(_BLOCK, -(-len(drawn) // _BLOCKS))
    for start in range(0, len(drawn), size) if len(drawn) > size else ():
        block = drawn[start : start + size]
        yield f"judgements {start + 1}–{start + len(block)}", share_of(block)


def _versions(words: Sequence[Judgement]) -> Iterator[tuple[str, Share]]:
    """Yield the share of right ones by version of the reader and its weights, in the order of judging."""
    versions: dict[str, list[Judgement]] = {}
    for word in sorted(measured(words), key=lambda word: word.order):
        versions.setdefault(without_precision(word.reader) or word.reader, []).append(word)
    versions.pop("", None)
    for version, those in versions.items():
        yield f"version {version}", share_of(those)
