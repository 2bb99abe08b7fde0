"""The claims that an analysis can turn on, out of all: its answer on them is its answer on all, and sooner.

Nothing here decides anything. What is left out takes no part in any row: the pair that it is about does not compete,
lies on no circle, has no customer with a share.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from kg.analysis.deals.relations import LEGS, OWNS, RIVALRY
from kg.model import Claim, Entity

__all__ = ["Pair", "of_circles", "of_owners", "of_rivals", "of_shares"]

Pair = tuple[str, str]

_CAPITAL, _TRADE = 1, 2
_MANY = 5000
"""So many circles of three companies, or of four, at most: where there are more, none of so many is listed."""
_WAYS = 500_000
"""So many ways of two steps at most among which circles of four are looked for."""


def _ends(claim: Claim) -> Pair:
    """Return the ids of both ends; of a figure the second is ""."""
    return claim.subject.id, claim.object.id if isinstance(claim.object, Entity) else ""


def _pair(claim: Claim) -> frozenset[str]:
    return frozenset(_ends(claim))


def of_rivals(claims: Sequence[Claim]) -> list[Claim]:
    """Return the claims between companies of which somebody says that they compete, and those on their programmes."""
    pairs = {_pair(claim) for claim in claims if claim.relation == RIVALRY}
    rivals = {id_ for pair in pairs for id_ in pair}
    return [
        claim
        for claim in claims
        if (claim.subject.id in rivals and _pair(claim) in pairs)
        or (claim.relation == "participates-in" and claim.subject.id in rivals)
    ]


def of_owners(claims: Sequence[Claim]) -> list[Claim]:
    """Return the claims on rivals that have an owner in common, and on what such owners hold of them."""
    pairs = {_pair(claim) for claim in claims if claim.relation == RIVALRY}
    rivals = {id_ for pair in pairs for id_ in pair}
    owners: dict[str, set[str]] = defaultdict(set)
    for claim in claims:
        if claim.relation in OWNS:
            owner, owned = _owner(claim)
            if owned in rivals:
                owners[owned].add(owner)
    shared = {pair: set.intersection(*(owners.get(id_, set()) for id_ in pair)) for pair in pairs}
    held = {(owner, owned) for pair, common in shared.items() for owner in common for owned in pair}
    return [
        claim
        for claim in claims
        if (claim.relation in OWNS and _owner(claim) in held) or (claim.relation == RIVALRY and shared[_pair(claim)])
    ]


def _owner(claim: Claim) -> Pair:
    first, second = _ends(claim)
    return (first, second) if OWNS[claim.relation] else (second, first)


def of_shares(claims: Sequence[Claim]) -> list[Claim]:
    """Return what is said on supplies between two of which somebody tells the share of the revenue."""
    supplies = [claim for claim in claims if claim.relation == "supplies"]
    pairs = {_ends(claim) for claim in supplies if claim.qualifiers.percent_of == "revenue"}
    return [claim for claim in supplies if _ends(claim) in pairs]


def of_circles(claims: Sequence[Claim]) -> tuple[list[Claim], int]:
    """Return the claims on circles of capital and trade, and how many companies a circle has at most.

    Four; three or two where there are so many (`_MANY`, `_WAYS`) that listing them would take long.
    """
    edges = _flows(claims)
    onward: dict[str, set[str]] = defaultdict(set)
    back: dict[str, set[str]] = defaultdict(set)
    for first, second in edges:
        onward[first].add(second)
        back[second].add(first)
    pairs = {pair for pair in edges if pair[::-1] in edges and _is_mixed(edges, (pair, pair[::-1]))}
    longest, ways = 2, sum(len(back[node]) * len(onward[node]) for node in [*onward])
    for length, most in ((3, math.inf), (4, _WAYS)):
        steps = (_steps(circle) for circle in _circles(onward, back, length)) if ways <= most else ()
        mixed = list(islice((each for each in steps if _is_mixed(edges, each)), _MANY + 1))
        if ways > most or len(mixed) > _MANY:
            break
        longest = length
        pairs.update(way for each in mixed for pair in each for way in (pair, pair[::-1]))
    return [claim for claim in claims if claim.relation in LEGS and _ends(claim) in pairs], longest


def _flows(claims: Iterable[Claim]) -> dict[Pair, int]:
    """Return who may pass money to whom, and of which kinds."""
    edges: dict[Pair, int] = defaultdict(int)
    for claim in claims:
        first, second = _ends(claim)
        for flow, forth in LEGS.get(claim.relation, ()) if second and first != second else ():
            edges[(first, second) if forth else (second, first)] |= _CAPITAL if flow.is_capital else _TRADE
    return dict(edges)


def _steps(circle: Sequence[str]) -> tuple[Pair, ...]:
    return tuple(zip(circle, (*circle[1:], circle[0]), strict=True))


def _is_mixed(edges: Mapping[Pair, int], steps: Iterable[Pair]) -> bool:
    """Whether capital and trade both occur."""
    kinds = 0
    for pair in steps:
        kinds |= edges[pair]
    return kinds == _CAPITAL | _TRADE


def _circles(onward: Mapping[str, set[str]], back: Mapping[str, set[str]], length: int) -> Iterator[tuple[str, ...]]:
    """Yield the circles of three or four companies, each from its least."""
    nobody: set[str] = set()
    for first in sorted(onward.keys() & back.keys()):
        home = {start for start in back[first] if start > first}
        for second in onward[first] if home else ():
            if second < first:
                continue
            after = onward.get(second, nobody)
            if length == 3:  # noqa: PLR2004 - as its docstring says
                yield from ((first, second, third) for third in after & home)
                continue
            for third in after:
                if third > first:
                    yield from (
                        (first, second, third, last) for last in onward.get(third, nobody) & home if last != second
                    )
