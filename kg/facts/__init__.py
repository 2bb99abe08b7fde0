"""Facts: claims that agree, and whether they hold on a day. Pure: no store, no SPARQL, no clock.

periods         when a claim states a fact: `holds_on`, the one rule (see ``docs/facts.md``)
as_of           the dates at which the three clocks stand, and which claims can be seen then
fact            claims that agree, with all their sources; identity says what each is called
relationships   what stands between two entities, on what terms, and what contradicts it
disputes        what cannot all be right
tiers           sources by what kind they are: their order, and what each kind says
tristate, interval, money, numbers   what is known only in part
"""

from kg.facts.as_of import NO_CUTOFF, AsOf, visible_claims
from kg.facts.disputes import Dispute, disputes_by_tier, disputes_of
from kg.facts.fact import Fact, claims_of, facts_of, standing_of
from kg.facts.identity import fact_id
from kg.facts.interval import UNKNOWN, Interval
from kg.facts.money import Money
from kg.facts.periods import Period, holds_on, periods, relationship_key, reports_end
from kg.facts.relationships import STANDING_MODALITIES, Relationship, relationships, share_of, span_of
from kg.facts.tiers import TierSaying, sayings_by_tier, tier_rank
from kg.facts.tristate import TriState, any_of, tri_state

__all__ = [
    "NO_CUTOFF",
    "STANDING_MODALITIES",
    "UNKNOWN",
    "AsOf",
    "Dispute",
    "Fact",
    "Interval",
    "Money",
    "Period",
    "Relationship",
    "TierSaying",
    "TriState",
    "any_of",
    "claims_of",
    "disputes_by_tier",
    "disputes_of",
    "fact_id",
    "facts_of",
    "holds_on",
    "periods",
    "relationship_key",
    "relationships",
    "reports_end",
    "sayings_by_tier",
    "share_of",
    "span_of",
    "standing_of",
    "tier_rank",
    "tri_state",
    "visible_claims",
]
