"""Traps: readings of a text that it does not bear, and whether one was fallen into."""

from collections.abc import Collection, Mapping, Sequence

from kg.evaluation.matching import SYMMETRIC, Key, same, term_name
from kg.evaluation.records import GoldEdge, ScoredClaim, Span, Trap

__all__ = ["sprung"]

_ANY = "*"


def sprung(
    trap: Trap, by_edge: Mapping[Key, Sequence[tuple[ScoredClaim, Span]]], right: Collection[Key], *, wildcards: bool
) -> list[Key]:
    """Return the edges that fell into a trap.

    A trap with edges forbids these, said with one of their modalities and with all their terms, where
    it names any; one without forbids whatever is not `right` and has evidence over its quote. "*" in
    an edge stands for nothing at all, or with `wildcards` for anything that is not right.
    """
    if trap.edges is None:
        return [k for k, claims in by_edge.items() if k not in right and _overlaps(trap, claims)]
    return [
        k
        for k, claims in by_edge.items()
        if any(_forbids(edge, k, right, wildcards=wildcards) and _matches(edge, claims) for edge in trap.edges)
    ]


def _overlaps(trap: Trap, claims: Sequence[tuple[ScoredClaim, Span]]) -> bool:
    end = trap.start + len(trap.quote)
    return trap.start >= 0 and any(span.start < end and trap.start < span.end for _, span in claims)


def _forbids(edge: GoldEdge, k: Key, right: Collection[Key], *, wildcards: bool) -> bool:
    if _ANY not in edge.key or not wildcards:
        return edge.key == k
    if k in right:
        return False
    either = (k, (k[2], k[1], k[0])) if k[1] in SYMMETRIC else (k,)
    return any(all(term in (_ANY, part) for term, part in zip(edge.key, way, strict=True)) for way in either)


def _matches(edge: GoldEdge, claims: Sequence[tuple[ScoredClaim, Span]]) -> bool:
    return any(
        (edge.modalities is None or claim.modality in edge.modalities)
        and all(same(name, value, claim.qualifiers.get(term_name(name))) for name, value in edge.qualifiers.items())
        for claim, _ in claims
    )
