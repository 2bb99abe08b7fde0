"""What a company loses when another fails, by relationship, and how a failure gets from one to the next.

A relationship exposes one company to another: what it loses of its capacity, a share of 0–1, when the other fails.

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
    """What `target` loses when `source` fails, by a relationship: a share (`weight`) of its revenue, supply or capital.

    `missing` tells that no source gives the share, and the weight may be anything.
    """

    source: Entity
    target: Entity
    loses: str
    weight: Interval
    missing: bool
    relationship: Relationship

    def __str__(self) -> str:
        return f"{self.target.name} on {self.source.name} ({self.loses})"


def exposures(standing: Iterable[Relationship], channels: Collection[str] = CHANNELS) -> tuple[Exposure, ...]:
    """Return the exposures by relationships, in their order; none of a company to itself, none known to be 0."""
    for channel in channels:
        if channel not in CHANNELS:
            hint = did_you_mean(channel, CHANNELS)
            raise QueryError(f"a shock does not run along '{channel}': choose from {', '.join(CHANNELS)}.{hint}")
    apart = (relationship for relationship in standing if relationship.subject.id != relationship.object.id)
    return tuple(
        exposure
        for relationship in apart
        for exposure in _exposures(relationship, channels)
        if exposure.weight.high > 0
    )


def _exposures(relationship: Relationship, channels: Collection[str]) -> Iterator[Exposure]:
    subject, object_ = relationship.subject, relationship.object
    if relationship.relation == "supplies" and "supply" in channels:
        share = relationship.share({"revenue"})
        yield Exposure(object_, subject, "revenue", share or UNKNOWN, share is None, relationship)
        share = _supply(relationship)
        yield Exposure(subject, object_, "supply", share or UNKNOWN, share is None, relationship)
    elif "ownership" in channels and relationship.relation in _EXPOSES_SUBJECT:
        yield Exposure(object_, subject, "capital", UNKNOWN, missing=True, relationship=relationship)
    elif "ownership" in channels and relationship.relation == "subsidiary-of":
        yield Exposure(subject, object_, "capital", UNKNOWN, missing=True, relationship=relationship)


def _supply(relationship: Relationship) -> Interval | None:
    """Return the share of a customer's supply; one who is exclusive in something may weigh less than everything."""
    share = relationship.share({"cost"})
    exclusive = {fact.qualifiers.exclusive for fact in relationship.facts if fact.modality is relationship.modality}
    if True not in exclusive:
        return share
    least = 0.0 if relationship.contradicting or False in exclusive else 1.0
    return Interval(least if share is None else min(least, share.low), 1.0)


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
        return tuple(exposure for exposure in self.into.get(company.id, ()) if exposure.source.id in self.rounds)

    def behind(self, company: Entity) -> tuple[Exposure, ...]:
        """Return all exposures on which what came to a company rests, the last step first."""
        behind = list(self.to(company))
        company_ids = {company.id}
        for exposure in behind:
            source = exposure.source.id
            if source not in company_ids:
                company_ids.add(source)
                before = self.rounds[source]
                behind += (e for e in self.to(exposure.source) if self.feedback or self.rounds[e.source.id] < before)
        return tuple(behind)

    def claims(self, company: Entity) -> tuple[Claim, ...]:
        """Return the claims on which what came to a company rests."""
        return claims_of(*(exposure.relationship.claims for exposure in self.behind(company)))

    def modality(self, company: Entity) -> Modality:
        """Return the weakest modality of the relationships by which the shock came."""
        return max((exposure.relationship.modality for exposure in self.behind(company)), key=STANDING_MODALITIES.index)

    def last_step(self, company: Entity) -> tuple[Relationship, ...]:
        """Return the relationships by which the shock came to a company, the last step only."""
        standing = (exposure.relationship for exposure in self.to(company))
        return tuple(
            {
                (relationship.relation, relationship.subject.id, relationship.object.id): relationship
                for relationship in standing
            }.values()
        )

    def through(self, company: Entity) -> str:
        """Return from whom the shock came, in words: "Microsoft (revenue), Oracle (capital)"."""
        return ", ".join(f"{exposure.source.name} ({exposure.loses})" for exposure in _apart(self.to(company)))


def _apart(edges: Iterable[Exposure]) -> list[Exposure]:
    """Return exposures without those that only differ in the relation that makes them, such as two of capital."""
    return list({(exposure.source.id, exposure.target.id, exposure.loses): exposure for exposure in edges}.values())


def weights(into: Iterable[Exposure], *, greatest: bool) -> dict[str, float]:
    """Return the share that a company loses by the failure of each other, by id, at most 1."""
    largest: dict[str, float] = {}
    for exposure in into:
        weight = exposure.weight.high if greatest else exposure.weight.low
        largest[exposure.source.id] = min(1.0, largest.get(exposure.source.id, 0.0) + weight)
    return largest


def missing(used: Iterable[Exposure]) -> Iterator[str]:
    """Yield a note on the weights that no source gives, if there are any."""
    distinct = _apart(used)
    names = sorted(str(exposure) for exposure in distinct if exposure.missing)
    if names:
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        yield (
            f"{len(names)} of {len(distinct)} weights are missing and may be anything from 0 to 1: "
            f"{', '.join(names[:_NAMED])}{more}."
        )
