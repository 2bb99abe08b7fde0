"""What the failure of a company reaches, along supply and along ownership and credit.

`debt_rank` tells how much each company loses, `supply_cascade` which fail in turn. What one loses by another's failure
is its exposure (`kg.analysis.shocks.exposures`); of those that no source gives everything is worked out twice, with the
least and with the greatest that they can be.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kg.analysis.renamed import accepts_old_names
from kg.analysis.results.result import Result
from kg.analysis.shocks.exposures import CHANNELS, Exposure, Trail, exposures, missing, weights
from kg.analysis.shocks.revenues import Revenue, overall, revenues
from kg.errors import QueryError
from kg.facts import AsOf, Interval, Relationship, TriState, relationships, tri_state
from kg.facts.interval import TOLERANCE
from kg.model import Claim, Entity, Modality
from kg.query.as_of import or_today
from kg.query.entity_lookup import find_among

__all__ = ["Failure", "Hit", "debt_rank", "supply_cascade"]

_FACTS = (Modality.ASSERTED,)
_ROUNDS = 10_000
_LEAST_RISE = 1e-12
_DOCUMENTS = 20
_Into = Mapping[str, Sequence[Exposure]]
_Losses = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Hit:
    """A company that a shock reaches: `distress` is the share of its capacity that it loses in all.

    `first` is what it loses when the shock first reaches it, after `steps` relationships.
    """

    company: Entity
    distress: Interval
    first: Interval
    steps: int
    trail: Trail = field(repr=False, compare=False)

    @property
    def relationships(self) -> tuple[Relationship, ...]:
        """The relationships by which the shock came, the last step only."""
        return self.trail.last_step(self.company)

    @property
    def modality(self) -> Modality:
        """The weakest modality of all the relationships that it rests on."""
        return self.trail.modality(self.company)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims on all the relationships that it rests on, from this company back to the shocked one."""
        return self.trail.claims(self.company)

    def cells(self) -> Iterable[Mapping[str, Any]]:
        """Yield its line."""
        yield {
            "company": self.company,
            "distress": self.distress,
            "at first": self.first,
            "steps": self.steps,
            "through": self.trail.through(self.company),
            "modality": str(self.modality),
            "claims": self.claims,
        }


@dataclass(frozen=True, slots=True)
class Failure:
    """A company that loses something by the failures of others, and whether it fails of it, in which round.

    `lost` is the share that it loses of what it loses most of: its revenue, supply or capital (`loses`). `round` is
    that in which it surely fails, else that in which it may; None for a company that does not.
    """

    company: Entity
    fails: TriState
    round: int | None
    loses: str
    lost: Interval
    trail: Trail = field(repr=False, compare=False)

    @property
    def relationships(self) -> tuple[Relationship, ...]:
        """The relationships to the companies that fail before it; of one that does not fail, to all that do."""
        return self.trail.last_step(self.company)

    @property
    def modality(self) -> Modality:
        """The weakest modality of all the relationships that it rests on."""
        return self.trail.modality(self.company)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims on all the relationships that it rests on, from this company back to the one that fails first."""
        return self.trail.claims(self.company)

    def cells(self) -> Iterable[Mapping[str, Any]]:
        """Yield its line."""
        yield {
            "company": self.company,
            "fails": self.fails,
            "round": self.round,
            "loses": self.loses,
            "lost": self.lost,
            "through": self.trail.through(self.company),
            "modality": str(self.modality),
            "claims": self.claims,
        }


@accepts_old_names
def debt_rank(  # noqa: PLR0913 - keywords, each with a default
    claims: Iterable[Claim],
    company: str,
    *,
    loss: float = 1.0,
    channels: Collection[str] = CHANNELS,
    modalities: Collection[Modality] = _FACTS,
    feedback: bool = False,
    as_of: AsOf | None = None,
) -> Result[Hit]:
    """Tell whom it reaches that a company fails, or loses a part of itself, and what they lose: DebtRank.

    Distress spreads in rounds, h_j(t) = min(1, h_j(t-1) + Σ W_ij h_i(t-1)) over the companies i that were first
    reached in round t-1: each passes its distress on once (Battiston, Puliga, Kaushik, Tasca, Caldarelli 2012,
    https://doi.org/10.1038/srep00541). A weight that is missing is more than 0, so that the rounds are the same
    whatever it is, and the ranges hold what comes of any value. A new relationship may yet lower distress:
    who is reached sooner, by less, passes on less. With `feedback` it cannot: each passes on whatever more it loses
    (Bardoscia, Battiston, Caccioli, Caldarelli 2015, https://doi.org/10.1371/journal.pone.0130406).

    A note gives R, the share of all revenue that is lost, where all revenues are known. The hardest hit come first.
    """
    as_of = or_today(as_of)
    if not 0 < loss <= 1:
        raise QueryError(f"a loss of {loss} is no part of a company: give more than 0 and at most 1")
    claims = tuple(claims)
    start, into = _start(claims, company, channels, modalities, as_of)
    rows, whole = _hits(start, loss, into, feedback=feedback)
    notes = [*missing(e for row in rows for e in row.trail.to(row.company))]
    if whole.high > loss + TOLERANCE:
        notes.append(f"Some of it comes back: {start.name} may lose up to {whole.high:.0%} in the end.")
    notes += _index({start: Interval(whole.low - loss, whole.high - loss)}, rows, revenues(claims, as_of))
    title = f"What a loss of {loss:.0%} of {start.name} reaches" if loss < 1 else f"Whom {start.name} hits if it fails"
    return Result("shock", title, rows, tuple(notes), "bars")


def _hits(start: Entity, loss: float, into: _Into, *, feedback: bool) -> tuple[tuple[Hit, ...], Interval]:
    """Return whom the shock hits, and what the company that fails loses in all."""
    rounds = _reach(start, into)
    trail = Trail(into, rounds, feedback=feedback)
    low_first, low = _spread(_shock({start.id: loss}, rounds, into, greatest=False), feedback)
    high_first, high = _spread(_shock({start.id: loss}, rounds, into, greatest=True), feedback)
    hit = [into[i][0].target for i in rounds if i != start.id and high[i] > 0]
    rows = (
        Hit(hit_, Interval(low[i], high[i]), Interval(low_first[i], high_first[i]), rounds[i], trail)
        for hit_ in hit
        for i in [hit_.id]
    )
    order = sorted(rows, key=lambda row: (-row.distress.low, -row.distress.high, row.steps, row.company.id))
    return tuple(order), Interval(low[start.id], high[start.id])


def _index(back: Mapping[Entity, Interval], rows: Sequence[Hit], sizes: Mapping[str, Revenue]) -> Iterator[str]:
    """Yield a note on R: what is lost of the revenue of all together, beyond the first loss, and who tells revenues."""
    if not rows:
        yield "No tie carries it any further."
        return
    lost = {**back, **{row.company: row.distress for row in rows}}
    shares = overall(lost, {i: size.amount for i, size in sizes.items()})
    if isinstance(shares, str):
        yield f"R, the share of all revenue that is lost, is not known: {shares}."
    else:
        yield (
            f"R, the share that is lost of the revenue of all {len(rows) + 1} companies beyond the first loss, "
            f"lies between {shares.low:.4f} and {shares.high:.4f}; revenues by {_documents(lost, sizes)}."
        )


def _documents(companies: Iterable[Entity], sizes: Mapping[str, Revenue]) -> str:
    documents = sorted({claim.document for company in companies for claim in sizes[company.id].claims})
    more = f" and {len(documents) - _DOCUMENTS} more documents" if len(documents) > _DOCUMENTS else ""
    return f"{', '.join(documents[:_DOCUMENTS])}{more}"


def _start(
    claims: Iterable[Claim], company: str, channels: Collection[str], modalities: Collection[Modality], as_of: AsOf
) -> tuple[Entity, _Into]:
    """Return the company that fails, and the exposures of each by its id."""
    standing, into = relationships(claims, as_of), defaultdict(list)
    for exposure in exposures(
        (relationship for relationship in standing if relationship.modality in modalities), channels
    ):
        into[exposure.target.id].append(exposure)
    return find_among(
        (end for relationship in standing for end in (relationship.subject, relationship.object)), company
    ), into


def _onto(into: _Into) -> dict[str, set[str]]:
    """Return who is exposed to each company."""
    onto: dict[str, set[str]] = defaultdict(set)
    for target, group in into.items():
        for exposure in group:
            onto[exposure.source.id].add(target)
    return onto


def _reach(start: Entity, into: _Into) -> dict[str, int]:
    """Return after how many relationships the shock reaches each company, in order of rounds and ids."""
    onto = _onto(into)
    rounds, last, at = {start.id: 0}, [start.id], 0
    while last:
        at += 1
        last = sorted({target for source in last for target in onto[source] if target not in rounds})
        rounds.update(dict.fromkeys(last, at))
    return rounds


@dataclass(frozen=True, slots=True)
class _Shock:
    """Who loses how much at once, in which round the shock reaches each, and what each loses by the others."""

    losses: Mapping[str, float]
    rounds: Mapping[str, int]
    into: Mapping[str, Mapping[str, float]]
    greatest: bool


def _shock(losses: _Losses, rounds: Mapping[str, int], into: _Into, *, greatest: bool) -> _Shock:
    return _Shock(losses, rounds, {i: weights(into.get(i, ()), greatest=greatest) for i in rounds}, greatest)


def _spread(shock: _Shock, feedback: bool) -> tuple[_Losses, _Losses]:  # noqa: FBT001 - passed on
    """Return what each company loses when it is first reached, and in all."""
    first = dict(shock.losses)
    for i, at in shock.rounds.items():
        if at:
            first[i] = min(1.0, sum(w * first[j] for j, w in shock.into[i].items() if shock.rounds.get(j) == at - 1))
    return first, _lasting(shock) if feedback else _next(shock, first)


def _next(shock: _Shock, passed: _Losses) -> dict[str, float]:
    """Return what each company loses in all where each passes on so much."""
    weights = {}
    for i in shock.rounds:
        lost = sum(weight * passed[j] for j, weight in shock.into[i].items() if j in passed)
        weights[i] = min(1.0, lost + shock.losses.get(i, 0.0))
    return weights


def _lasting(shock: _Shock) -> dict[str, float]:
    """Return what each company loses in all where each passes on all that it loses: the least fixed point.

    What still rises after ten thousand rounds may come to anything up to 1.
    """
    lost = dict.fromkeys(shock.rounds, 0.0)
    for _ in range(_ROUNDS):
        before, lost = lost, _next(shock, lost)
        rising = {i for i in lost if lost[i] - before[i] > _LEAST_RISE}
        if not rising:
            return lost
    return {i: 1.0 if shock.greatest and i in rising else share for i, share in lost.items()}


@accepts_old_names
def supply_cascade(  # noqa: PLR0913 - keywords, each with a default
    claims: Iterable[Claim],
    company: str,
    *,
    threshold: float = 0.5,
    channels: Collection[str] = ("supply",),
    modalities: Collection[Modality] = _FACTS,
    as_of: AsOf | None = None,
) -> Result[Failure]:
    """Tell who fails in turn when a company fails: who loses `threshold` or more of its supply or of its revenue.

    What the failed make of a company's revenue is added up, and so is what they make of its supply; where the
    channel of ownership is asked for, of its capital. The cascade runs twice: surely, with the least shares, and
    perhaps, with the greatest. That nobody else is known to supply a company is not taken for certain; a note names
    those who lose their only known supplier. In order of rounds; then come those who lose something and do not fail.
    """
    as_of = or_today(as_of)
    if not 0 < threshold <= 1:
        raise QueryError(f"a threshold of {threshold} is no share: give more than 0 and at most 1")
    start, into = _start(claims, company, channels, modalities, as_of)
    surely, perhaps = (_fall(start, into, threshold, greatest=greatest) for greatest in (False, True))
    failures = (_failure(i, into, surely, perhaps) for i in sorted(into) if i != start.id)
    rows = [row for row in failures if row is not None]
    rows.sort(
        key=lambda row: (row.fails is TriState.FALSE, row.round or 0, row.fails is TriState.UNDECIDED, row.company.id)
    )
    notes = [*missing(e for row in rows for e in row.trail.to(row.company))]
    alone = [
        row.company.name
        for row in rows
        if row.fails is TriState.UNDECIDED and _loses_only(into[row.company.id], perhaps)
    ]
    if alone:
        notes.append(f"{len(alone)} may lose the only supplier that is known of them: {', '.join(sorted(alone))}.")
    if not rows:
        notes.append("No tie carries it any further.")
    return Result("cascade", f"Who fails in turn when {start.name} fails", tuple(rows), tuple(notes), "graph")


def _fall(start: Entity, into: _Into, threshold: float, *, greatest: bool) -> dict[str, int]:
    """Return who fails in which round, the least fixed point, in order of rounds and ids."""
    onto = _onto(into)
    rounds, last, at = {start.id: 0}, [start.id], 0
    while last:
        at += 1
        near = {target for source in last for target in onto[source] if target not in rounds}
        lost = {i: _lost(into[i], rounds, greatest=greatest).values() for i in near}
        last = sorted(i for i in near if max(lost[i]) >= threshold - TOLERANCE)
        rounds.update(dict.fromkeys(last, at))
    return rounds


def _failure(i: str, into: _Into, surely: Mapping[str, int], perhaps: Mapping[str, int]) -> Failure | None:
    """Return what becomes of a company with these exposures; None where it loses nothing."""
    group = into[i]
    fails = tri_state(surely=i in surely, perhaps=i in perhaps)
    rounds = surely if fails is TriState.TRUE else perhaps
    least = _lost([exposure for exposure in group if exposure.source.id in surely], rounds, greatest=False)
    most = _lost(group, rounds, greatest=True)
    loses = max(most, key=lambda kind: (least.get(kind, 0.0), most[kind], kind), default="")
    if fails is TriState.UNDECIDED:
        loses = max(most, key=lambda kind: (most[kind], kind))
    if not loses or most[loses] <= 0:
        return None
    lost = Interval(least.get(loses, 0.0), most[loses])
    # What surely fails rests on what surely failed before it, what may fail on either.
    return Failure(group[0].target, fails, rounds.get(i), loses, lost, Trail(into, rounds, fails is not TriState.TRUE))


def _lost(group: Iterable[Exposure], failed: Collection[str], *, greatest: bool) -> dict[str, float]:
    """Return the share that a company loses by those that failed, of each of its revenue, supply and capital."""
    losses: dict[str, float] = {}
    for exposure in group:
        if exposure.source.id in failed:
            weight = exposure.weight.high if greatest else exposure.weight.low
            losses[exposure.loses] = min(1.0, losses.get(exposure.loses, 0.0) + weight)
    return losses


def _loses_only(group: Iterable[Exposure], failed: Collection[str]) -> bool:
    suppliers = [exposure for exposure in group if exposure.loses == "supply"]
    return len(suppliers) == 1 and suppliers[0].missing and suppliers[0].source.id in failed
