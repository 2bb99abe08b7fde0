"""Ultimate and beneficial owners: who stands at the end of the chains above a company, and with how much.

An ultimate owner is one whom nobody is known to hold: a person, a state, or a company of which the sources do not tell
the owners (its `kind` says which). A beneficial owner is an ultimate owner with a share of the capital or of the votes
at or above a threshold, all chains multiplied and added up (Regulation (EU) 2024/1624, articles 51–54; FinCEN 31 CFR
1010.380), or one who controls the company, whatever the share.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kg.analysis.kernels import Floats, Ints, fast, spread
from kg.analysis.ownership.control import control_pairs, groups
from kg.analysis.ownership.holdings import Holdings
from kg.analysis.ownership.holdings_from_claims import holdings
from kg.analysis.ownership.integrated_ownership import backwards, chain_sums, shares_in
from kg.analysis.ownership.shares import assumptions, made_by, remarks
from kg.analysis.renamed import accepts_old_names
from kg.analysis.results.result import Result
from kg.errors import InvalidRecord
from kg.facts import AsOf, Interval, TriState, tri_state
from kg.facts.interval import TOLERANCE
from kg.model import Claim, Entity
from kg.query.as_of import or_today
from kg.query.entity_lookup import find_among

__all__ = ["BeneficialOwner", "beneficial_owners", "is_ultimate", "ultimate_shares"]

_QUARTER = 0.25
_NOTHING = Interval.exactly(0.0)
_ROUNDS, _MOST_ROUNDS = 200, 10_000
_STEPS = 2_000_000
"""Sweeps over rings go on for so many steps in all, if they have to, within so many rounds."""


@dataclass(frozen=True, slots=True)
class BeneficialOwner:
    """An ultimate owner at or above the threshold, with what makes it one: capital, votes, control.

    Shares are net ones, as fractions (see `kg.analysis.ownership.shares`). `answer` is undecided where it hangs on what
    is not known.
    """

    owner: Entity
    company: Entity
    answer: TriState
    capital: Interval
    votes: Interval
    controls: TriState
    claims: Sequence[Claim]

    @property
    def kind(self) -> str:
        """What the owner is: the name of its class ("Person"), so that a company at the end of a chain is told."""
        return self.owner.type

    def cells(self) -> Iterable[Mapping[str, Any]]:
        """Yield its row of a table."""
        yield {
            "company": self.company,
            "owner": self.owner,
            "kind": self.kind,
            "answer": self.answer,
            "capital": self.capital,
            "votes": self.votes,
            "control": self.controls,
            "claims": self.claims,
        }


@accepts_old_names
def beneficial_owners(
    claims: Iterable[Claim], company: str | None = None, *, threshold: float = _QUARTER, as_of: AsOf | None = None
) -> Result[BeneficialOwner]:
    """Return the beneficial owners of a company, or of all, the surest and greatest first.

    A share counts from `threshold` on: at 25 % one has it. Raises `UnknownEntity` for a company in no holding.
    """
    as_of = or_today(as_of)
    if not 0 < threshold <= 1:
        raise InvalidRecord(f"a threshold of {threshold} lies outside 0–1: write 0.25 for 25 %")
    claims = tuple(claims)
    capital, votes = (holdings(claims, basis=basis, as_of=as_of) for basis in ("capital", "votes"))
    node = None if company is None else capital.places[find_among(capital.entities, company).id]
    candidates = _candidates(capital, votes, node)
    rows = []
    for (who, whom), (of_capital, of_votes, controls) in sorted(candidates.items()):
        answers = (of_capital.at_least(threshold), of_votes.at_least(threshold), controls)
        answer = tri_state(surely=TriState.TRUE in answers, perhaps=TriState.UNDECIDED in answers)
        if answer is not TriState.FALSE:
            reasons = made_by(capital, votes, who, whom)
            ends = capital.entities[who], capital.entities[whom]
            rows.append(BeneficialOwner(*ends, answer, of_capital, of_votes, controls, reasons))
    rows.sort(key=_rank)
    title = "Beneficial owners" if node is None else f"Beneficial owners of {capital.entities[node].name}"
    notes = (*remarks(capital, "capital"), *assumptions(votes))
    companies = sum(1 for row in rows if row.owner.type != "Person")
    if companies:
        notes += (f"{companies} of these owners are no persons: the sources do not tell who owns them",)
    return Result("beneficial", title, tuple(rows), notes, "bars")


def _rank(row: BeneficialOwner) -> tuple[Any, ...]:
    most = max(row.capital.high, row.votes.high)
    return row.company.id, row.answer is not TriState.TRUE, -most, row.owner.id


_Pairs = Mapping[tuple[int, int], Interval]


def _candidates(
    capital: Holdings, votes: Holdings, node: int | None
) -> Mapping[tuple[int, int], tuple[Interval, Interval, TriState]]:
    """Return what each ultimate owner has in a company, or in all: capital, votes, control.

    Both graphs have the same nodes and edges, and other shares.
    """
    of_capital, of_votes = (_shares(graph, node) for graph in (capital, votes))
    tops = np.flatnonzero(is_ultimate(votes))
    surely, perhaps = (groups(*control_pairs(votes, high=high, sources=tops)) for high in (False, True))
    candidates = {}
    pairs = {
        (who, whom) for owners in (surely, perhaps) for who in owners for whom in owners[who] if node in {None, whom}
    }
    for who, whom in sorted(pairs | set(of_capital) | set(of_votes)):
        controls = tri_state(surely=whom in surely[who], perhaps=whom in perhaps[who])
        candidates[who, whom] = (of_capital.get((who, whom), _NOTHING), of_votes.get((who, whom), _NOTHING), controls)
    return candidates


def _shares(graph: Holdings, node: int | None) -> _Pairs:
    if node is None:
        owner, company, low, high = ultimate_shares(graph)
        places = zip(owner.tolist(), company.tolist(), low.tolist(), high.tolist(), strict=True)
        return {(who, whom): Interval(least, most) for who, whom, least, most in places}
    is_top = is_ultimate(graph)
    return {
        (who, node): net for who, (net, _) in shares_in(graph, node).intervals().items() if is_top[who] and who != node
    }


def is_ultimate(graph: Holdings) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Tell of each node whether nobody is known to hold it."""
    return np.asarray(np.diff(graph.holders.start) == 0)


def ultimate_shares(graph: Holdings, *, keep: float | None = None) -> tuple[Ints, Ints, Floats, Floats]:
    """Return what each ultimate owner has in each company: owner, company, and the bounds of the net share.

    One pass over the graph, holders before what they hold. Shares below `keep` are let go on the way (0 up to 20,000
    holdings, else 0.0001), so that the answer does not grow with the square of the graph; what was let go widens
    the upper bounds of those that are listed. The bounds are safe but, where shares are ranges, not always sharp.
    """
    least = (0.0 if len(graph) <= 20_000 else 1e-4) if keep is None else keep  # noqa: PLR2004 - as said above
    owner, company, low, missing = _spread(graph, least, high=False)
    if graph.is_exact:
        return owner, company, low, np.minimum(low + missing, 1.0)
    lower = dict(zip(zip(owner.tolist(), company.tolist(), strict=True), low.tolist(), strict=True))
    owner, company, high, missing = _spread(graph, least, high=True)
    lows = [lower.get(pair, 0.0) for pair in zip(owner.tolist(), company.tolist(), strict=True)]
    return owner, company, np.array(lows), np.minimum(high + missing, 1.0)


def _spread(graph: Holdings, keep: float, *, high: bool) -> tuple[Ints, Ints, Floats, Floats]:
    """Return owners, companies, shares, and how much of the company's owners was let go."""
    rows, parts, emits = graph.holders, backwards(graph.parts), is_ultimate(graph)
    weight = graph.weights(rows, high=high)
    kernel, rounds = fast(spread, graph.work), min(max(_ROUNDS, _STEPS // (len(graph) + 1)), _MOST_ROUNDS)
    first, last, whose, much = kernel(
        parts.order, parts.bounds, rows.start, rows.to, weight, emits, max(keep, TOLERANCE), rounds
    )
    much = np.minimum(much, 1.0)
    size = last - first
    company = np.repeat(np.arange(len(size)), size)
    places = np.repeat(first - np.cumsum(size) + size, size) + np.arange(size.sum())
    share = much[places]
    retained = np.zeros(len(size))
    np.add.at(retained, company, share)
    missing = np.maximum(chain_sums(graph, emits.astype(np.float64), high=high) - retained, 0.0)
    missing[missing < TOLERANCE] = 0.0
    return whose[places], company, share, missing[company]
