"""Who is owned by parties under sanctions, taken together, with the chain of evidence.

=====  ===============================================================================================================
ofac   Whoever is owned 50 % or more, directly or indirectly and in the aggregate, by blocked persons is blocked too,
       and then counts with its whole holdings, down the chain; ownership alone counts, not control (OFAC, Revised
       Guidance on Entities Owned by Persons Whose Property and Interests in Property Are Blocked, 13 August 2014, and
       FAQ 398–402). Who is owned less has no part in what it holds itself (FAQ 401).
eu     Whoever is owned 50 % or more, holdings of several listed parties added up, or controlled: by more than half of
       the votes, or by the word of a source that calls it a subsidiary or acquired (Council of the EU, Update of the EU
       Best Practices for the effective implementation of restrictive measures, 3 July 2024; Regulation (EU) 2024/1745,
       recital 28). As of a day before that it is more than 50 % (Best Practices of 4 May 2018, 8519/18).
=====  ===============================================================================================================

It is a least fixpoint, so that cycles end. An answer is yes where the least shares give it, and undecided where only
the greatest would: where a share is a bound, is not told, or is told differently by several sources. Only holdings that
are facts on the day count: what is planned, denied or over does not. Nothing here is legal advice.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kg.analysis.background import Background
from kg.analysis.ownership.control import controlled_together
from kg.analysis.ownership.holdings import Holdings, positions
from kg.analysis.ownership.holdings_from_claims import holdings
from kg.analysis.ownership.shares import remarks
from kg.analysis.ownership.votes import together
from kg.analysis.renamed import accepts_old_names
from kg.analysis.results.result import Result
from kg.errors import InvalidRecord, UnknownEntity
from kg.facts import AsOf, Interval, TriState, claims_of, tier_rank, tri_state
from kg.model import Claim, Entity, Tier, claim_order
from kg.query.as_of import or_today
from kg.query.entity_lookup import find_among
from kg.query.registers import Listing
from kg.resolve import fold
from kg.wording.terms import terms

__all__ = ["RULES", "OwnedByListed", "Step", "owned_by_listed"]

RULES = ("ofac", "eu")
"""By which rule a company counts as owned."""
_HALF = 0.5
_INCLUSIVE_FROM = dt.date(2024, 7, 3)
"""The day from which half is enough for the EU, too."""
_NO_SHARE = dict.fromkeys(("of", "counted", "relation", "modality"))
"""What a line that tells a listing lacks: it keeps the columns in the order of the steps."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a chain: what a party that is listed, or owned itself, holds of the next company.

    `share` is the fraction of the capital that is counted. `claims` are all that sources say of it, those of the
    firmest tier first, and `tiers` what kind of source their documents are.
    """

    holder: Entity
    company: Entity
    share: Interval
    claims: tuple[Claim, ...]
    tiers: Mapping[str, Tier]

    def cells(self) -> Iterator[Mapping[str, Any]]:
        """Yield a line for each claim."""
        for claim in self.claims:
            yield {
                "holder": self.holder,
                "of": self.company,
                "counted": self.share,
                "relation": claim.relation,
                "modality": claim.modality,
                "says": terms(claim.qualifiers) or None,
                "tier": self.tiers.get(claim.document),
                "known_from": claim.known_from,
                "claims": (claim,),
            }


@dataclass(frozen=True, slots=True)
class OwnedByListed:
    """A company that listed parties own together: surely (yes), or as far as is known (undecided).

    `together` is the fraction of its capital that listed parties hold, with all that is owned itself. `steps` are the
    chains from the listed parties down to the company, `listings` what puts each of the parties on a list, and `rows`
    the texts of these lists' records, by document.
    """

    company: Entity
    answer: TriState
    together: Interval
    parties: tuple[Entity, ...]
    listings: Mapping[str, tuple[Listing, ...]]
    rows: Mapping[str, str]
    steps: Sequence[Step]
    claims: Sequence[Claim]

    def cells(self) -> Iterable[Mapping[str, Any]]:
        """Yield a line for what puts each party on a list, then one for each claim of each step."""
        head: dict[str, Any] = {"company": self.company, "owned": self.answer, "together": self.together}
        for party in self.parties:
            for listing in self.listings.get(party.id, ()):
                told = {"says": ", ".join(listing.topics), "tier": listing.tier, "known_from": listing.published}
                where = {"document": listing.document, "quote": self.rows[listing.document]}
                yield head | {"holder": party, **_NO_SHARE} | told | where
        for step in self.steps:
            yield from ({**head, **cells} for cells in step.cells())


@accepts_old_names
def owned_by_listed(  # noqa: PLR0913 - keywords, each with a default
    claims: Iterable[Claim],
    company: str | None = None,
    *,
    threshold: float = _HALF,
    rule: str = "ofac",
    listed: str | None = None,
    as_of: AsOf | None = None,
    background: Background | None = None,
) -> Result[OwnedByListed]:
    """Return who is owned by listed parties together, sure answers first; or what of that concerns one company.

    `company` is the owned, or one on the chains to it. From `threshold` on a company is owned; it is a fraction of the
    capital. `rule` is one of `RULES`, as the module tells them. `listed` are the listed
    parties, a name or id a line; by default those that registers of the `background` put under sanctions at that date.

    Raises `UnknownEntity` for a company in no holding, and where none of `listed` is in any; `InvalidRecord` for
    another rule, and for a threshold outside 0–1.
    """
    as_of = or_today(as_of)
    if rule not in RULES:
        raise InvalidRecord(f"there is no rule '{rule}': choose one of {', '.join(RULES)}")
    claims = tuple(claims)
    graphs = _Graphs.of(claims, rule, as_of)
    inclusive = rule == "ofac" or as_of.day is None or as_of.day >= _INCLUSIVE_FROM
    capital = graphs.capital
    node = None if company is None else capital.places[find_among(capital.entities, company).id]
    listings = background.listings(as_of) if listed is None and background is not None else {}
    named = _named(capital, listings, listed)
    surely, perhaps = (graphs.owned(named, threshold, high=high, inclusive=inclusive) for high in (False, True))
    rows = _Rows(capital, frozenset(named), surely, perhaps, listings).rows(node, background)
    rows.sort(key=lambda row: (row.answer is not TriState.TRUE, -row.together.low, row.company.id))
    notes = (*_notes(listings, named, listed, company if node in named else None, as_of), *remarks(capital, "capital"))
    return Result("sanctions", _title(threshold, rule, inclusive=inclusive), tuple(rows), notes, "graph")


def _title(threshold: float, rule: str, *, inclusive: bool) -> str:
    share = f"{100 * threshold:g} % or more" if inclusive else f"more than {100 * threshold:g} %"
    return f"Owned {share} by listed parties together{', or controlled' if rule == 'eu' else ''} ({rule})"


@dataclass(frozen=True, slots=True)
class _Graphs:
    """What a rule counts: the capital, and where control counts the votes too, with the same nodes and edges."""

    capital: Holdings
    votes: Holdings | None

    @classmethod
    def of(cls, claims: Sequence[Claim], rule: str, as_of: AsOf) -> "_Graphs":
        capital = holdings(claims, basis="capital", as_of=as_of)
        return cls(capital, holdings(claims, basis="votes", as_of=as_of) if rule == "eu" else None)

    def owned(self, named: Collection[int], threshold: float, *, high: bool, inclusive: bool) -> frozenset[int]:
        """Return whom some nodes own together."""
        owned = set(named)
        while True:
            if self.votes is None:
                alone = _without_control(self.capital)
                return frozenset(controlled_together(alone, owned, threshold, high=high, inclusive=inclusive))
            grown = owned | controlled_together(self.capital, owned, threshold, high=high, inclusive=inclusive)
            grown |= controlled_together(self.votes, grown, high=high)
            if grown == owned:
                return frozenset(owned.difference(named))
            owned = grown


def _without_control(graph: Holdings) -> Holdings:
    """Return holdings in which nobody is controlled by the word of a source: that tells no ownership."""
    return replace(graph, control=None)


def _named(graph: Holdings, listings: Mapping[str, object], listed: str | None) -> list[int]:
    """Return the listed parties that take part in holdings, as nodes."""
    if listed is None:
        return sorted(graph.places[id_] for id_ in listings if id_ in graph.places)
    nodes, missing = set(), []
    spelled = _spelled(graph)
    for name in filter(None, map(str.strip, listed.splitlines())):
        exact = graph.places.get(name)
        found = {exact} if exact is not None else spelled.get(fold(name), set())
        try:
            nodes.add(found.copy().pop() if len(found) == 1 else graph.places[find_among(graph.entities, name).id])
        except UnknownEntity as error:
            missing.append(error)
    if missing and not nodes:
        raise missing[0]
    return sorted(nodes)


def _spelled(graph: Holdings) -> Mapping[str, set[int]]:
    """Return the nodes by their names as they are compared, aliases included."""
    spelled: defaultdict[str, set[int]] = defaultdict(set)
    for node, entity in enumerate(graph.entities):
        for name in (entity.name, *entity.aliases):
            spelled[fold(name)].add(node)
    return spelled


def _notes(
    listings: Mapping[str, object], named: Sequence[int], listed: str | None, company: str | None, as_of: AsOf
) -> Iterator[str]:
    """Yield who was taken for listed."""
    if listed is not None:
        count = len({line.strip() for line in listed.splitlines()} - {""})
        yield f"listed by name: {count}, of which {len(named)} take part in holdings; lists in the graph are not asked"
    elif listings:
        yield f"listed by registers: {len(listings)}, of which {len(named)} take part in holdings"
    else:
        yield "no register in the graph lists anybody on that day: import a list, or name the parties with --listed"
    if company is not None:
        yield f"{company} is listed itself"
    if listed is None and as_of.recorded is not None:
        yield "lists are as the graph has them now: it keeps no history of them"


@dataclass(frozen=True, slots=True)
class _Rows:
    """What the rows are made of."""

    graph: Holdings
    named: frozenset[int]
    surely: frozenset[int]
    perhaps: frozenset[int]
    listings: Mapping[str, tuple[Listing, ...]]

    def rows(self, node: int | None, background: Background | None) -> list[OwnedByListed]:
        """Return the rows of all that are owned, or of those that concern a node: itself or on its chains."""
        chains = {owned: self._chain(owned) for owned in sorted(self.surely | self.perhaps)}
        wanted = {owned: edges for owned, edges in chains.items() if node is None or node in self._ends(edges)}
        used = {edge for edges in wanted.values() for edge in edges}
        tiers = {} if background is None else background.tiers(claim.document for claim in self._claims(used))
        steps = {edge: self._step(edge, tiers) for edge in used}
        listing = {self.graph.entities[end].id for end in self._ends(used) & self.named}.intersection(self.listings)
        documents = sorted({one.document for id_ in listing for one in self.listings[id_]})
        rows = {} if background is None else {document: background.text(document) for document in documents}
        return [self._row(owned, [steps[edge] for edge in edges], edges, rows) for owned, edges in wanted.items()]

    def _row(self, owned: int, steps: Sequence[Step], edges: Sequence[int], rows: Mapping[str, str]) -> OwnedByListed:
        parties = tuple(self.graph.entities[end] for end in sorted(self._ends(edges) & self.named))
        return OwnedByListed(
            self.graph.entities[owned],
            tri_state(surely=owned in self.surely, perhaps=True),
            together(self.graph, owned, self.named | self.surely, self.named | self.surely | self.perhaps),
            parties,
            {party.id: self.listings[party.id] for party in parties if party.id in self.listings},
            rows,
            tuple(steps),
            self.graph.claims(edges),
        )

    def _ends(self, edges: Iterable[int]) -> set[int]:
        return {int(side[edge]) for edge in edges for side in (self.graph.holder, self.graph.issuer)}

    def _claims(self, edges: Iterable[int]) -> tuple[Claim, ...]:
        """Return what sources say of edges themselves, without what others' shares leave of them."""
        return claims_of(*(one.claims for edge in edges for one in self.graph.relationships[edge]))

    def _step(self, edge: int, tiers: Mapping[str, Tier]) -> Step:
        claims = self._claims([edge])
        ranked = sorted(claims, key=lambda claim: (tier_rank(tiers.get(claim.document)), claim_order(claim)))
        holder, company = (self.graph.entities[int(side[edge])] for side in (self.graph.holder, self.graph.issuer))
        return Step(holder, company, self.graph.share(edge), tuple(ranked), tiers)

    def _chain(self, owned: int) -> list[int]:
        """Return the edges from listed parties down to a company, those nearest to the parties first."""
        group = self.named | self.surely if owned in self.surely else self.named | self.surely | self.perhaps
        levels: list[list[int]] = []
        seen, front = {owned}, [owned]
        while front:
            above = [(holder, edge) for node in front for holder, edge in positions(self.graph.holders, node)]
            above = [(holder, edge) for holder, edge in above if holder in group and self.graph.high[edge] > 0]
            levels.append([edge for _, edge in above])
            # Who is listed is so whoever holds it.
            front = sorted({holder for holder, _ in above}.difference(seen, self.named))
            seen.update(front)
        return [edge for level in reversed(levels) for edge in level]
