"""What a company loses when another fails, tie by tie, and how a failure gets from one to the next.

A tie exposes one company to another: what it loses of its capacity, a share of 0–1, when the other fails.

=========  ============================================================================================
revenue    a supplier loses the share of its revenue that the failed customer made
supply     a customer loses the failed supplier's share of its costs; of an exclusive supplier, everything
capital    a holder, investor, parent or lender loses its stake over its equity
=========  ============================================================================================

A share that no source gives lies anywhere from 0 to 1, and so do those of capital throughout: the ontology has no
figure for a company's equity.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.errors import QueryError, did_you_mean
from kg.facts import STANDING_MODALITIES, UNKNOWN, Interval, Relationship, claims_of
from kg.model import Claim, Entity, Modality

__all__ = ["CHANNELS", "Exposure", "Trail", "exposures", "missing", "weights"]

CHANNELS = ("supply", "ownership")
"""What a shock may run along: supplies; stakes, investments, acquisitions, subsidiaries, loans, shares of revenue."""
_EXPOSES_SUBJECT = frozenset({"acquires", "holds-stake", "invests-in", "lends-to", "revenue-share-from"})
_NAMED = 5
"""So many missing weights a note names."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """What `target` loses when `source` fails, by one tie: a share (`weight`) of its revenue, supply or capital.

    `missing` tells that no source gives the share, and the weight may be anything.
    """

    source: Entity
    target: Entity
    loses: str
    weight: Interval
    missing: bool
    tie: Relationship

    def __str__(self) -> str:
        return f"{self.target.name} on {self.source.name} ({self.loses})"


def exposures(found: Iterable[Relationship], channels: Collection[str] = CHANNELS) -> tuple[Exposure, ...]:
    """Return the exposures that ties make, in the ties' order; none of a company to itself, none known to be 0."""
    for channel in channels:
        if channel not in CHANNELS:
            hint = did_you_mean(channel, CHANNELS)
            raise QueryError(f"a shock does not run along '{channel}': choose from {', '.join(CHANNELS)}.{hint}")
    apart = (tie for tie in found if tie.subject.id != tie.object.id)
    return tuple(one for tie in apart for one in _exposures(tie, channels) if one.weight.high > 0)


def _exposures(tie: Relationship, channels: Collection[str]) -> Iterator[Exposure]:
    subject, other = tie.subject, tie.object
    if tie.relation == "supplies" and "supply" in channels:
        told = tie.share({"revenue"})
        yield Exposure(other, subject, "revenue", told or UNKNOWN, told is None, tie)
        told = _supply(tie)
        yield Exposure(subject, other, "supply", told or UNKNOWN, told is None, tie)
    elif "ownership" in channels and tie.relation in _EXPOSES_SUBJECT:
        yield Exposure(other, subject, "capital", UNKNOWN, missing=True, tie=tie)
    elif "ownership" in channels and tie.relation == "subsidiary-of":
        yield Exposure(subject, other, "capital", UNKNOWN, missing=True, tie=tie)


def _supply(tie: Relationship) -> Interval | None:
    """Return the share of a customer's supply; one who is exclusive in something may weigh less than everything."""
    told = tie.share({"cost"})
    said = {line.qualifiers.exclusive for line in tie.facts if line.modality is tie.modality}
    if True not in said:
        return told
    least = 0.0 if tie.contradicting or False in said else 1.0
    return Interval(least if told is None else min(least, told.low), 1.0)


@dataclass(frozen=True, slots=True)
class Trail:
    """How a shock came to companies: the exposures of each (`into`), and the rounds in which they passed it on.

    What a company passes on came to it in earlier rounds; with `feedback` it passes on what comes later, too.
    """

    into: Mapping[str, Sequence[Exposure]]
    rounds: Mapping[str, int]
    feedback: bool = False

    def to(self, company: Entity) -> tuple[Exposure, ...]:
        """Return the exposures by which the shock came to a company, the last step only."""
        return tuple(one for one in self.into.get(company.id, ()) if one.source.id in self.rounds)

    def behind(self, company: Entity) -> tuple[Exposure, ...]:
        """Return all exposures on which what came to a company rests, the last step first."""
        found = list(self.to(company))
        known = {company.id}
        for one in found:
            source = one.source.id
            if source not in known:
                known.add(source)
                before = self.rounds[source]
                found += (e for e in self.to(one.source) if self.feedback or self.rounds[e.source.id] < before)
        return tuple(found)

    def claims(self, company: Entity) -> tuple[Claim, ...]:
        """Return the claims on which what came to a company rests."""
        return claims_of(*(one.tie.claims for one in self.behind(company)))

    def modality(self, company: Entity) -> Modality:
        """Return the weakest modality of the ties by which the shock came."""
        return max((one.tie.modality for one in self.behind(company)), key=STANDING_MODALITIES.index)

    def ties(self, company: Entity) -> tuple[Relationship, ...]:
        """Return the ties by which the shock came to a company, the last step only."""
        found = (one.tie for one in self.to(company))
        return tuple({(tie.relation, tie.subject.id, tie.object.id): tie for tie in found}.values())

    def through(self, company: Entity) -> str:
        """Return from whom the shock came, in words: "Microsoft (revenue), Oracle (capital)"."""
        return ", ".join(f"{one.source.name} ({one.loses})" for one in _apart(self.to(company)))


def _apart(found: Iterable[Exposure]) -> list[Exposure]:
    """Return exposures without those that only differ in the relation that makes them, such as two of capital."""
    return list({(one.source.id, one.target.id, one.loses): one for one in found}.values())


def weights(into: Iterable[Exposure], *, greatest: bool) -> dict[str, float]:
    """Return the share that a company loses by the failure of each other, by id, at most 1."""
    found: dict[str, float] = {}
    for one in into:
        weight = one.weight.high if greatest else one.weight.low
        found[one.source.id] = min(1.0, found.get(one.source.id, 0.0) + weight)
    return found


def missing(used: Iterable[Exposure]) -> Iterator[str]:
    """Yield a note on the weights that no source gives, if there are any."""
    told = _apart(used)
    names = sorted(str(one) for one in told if one.missing)
    if names:
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        yield (
            f"{len(names)} of {len(told)} weights are missing and may be anything from 0 to 1: "
            f"{', '.join(names[:_NAMED])}{more}."
        )
