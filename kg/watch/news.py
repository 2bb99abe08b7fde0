"""What is news: how the claims of an interest differ from those that have been told.

The changes are those of ``kg diff`` (`kg.analysis.history.changes`), between what was told and what there is; what
changes nothing that stands is a confirmation, a copy, or is counted. Each new claim is accounted for once:

============  ==============================================================================================
contradicted  it denies what another claim says, or gives other terms for the same time (`kg.facts.disputes`)
new           it makes a relation stand
denied        it denies what no other claim says
changed       it changes its terms or modality, or gives a later figure
ended         it tells of the end; or an end that was told has come
confirmed     its document is the second independent source of a fact
copy          its document repeats one that was told, so that it confirms nothing
withdrawn     no claim: what said so has left the graph
============  ==============================================================================================

What adds nothing (a third source, a saying about the past) is counted in `News.others`. A text that was read again
and says the same at another place is no news, and is not counted.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kg.analysis.history.changes import Change, ChangeKind, differences
from kg.analysis.history.snapshot import ComparedPeriod, Snapshot, SnapshotIndex, age
from kg.facts import AsOf, Fact, claims_of, disputes_of, facts_of
from kg.facts.periods import relationship_key
from kg.model import Claim, Entity, Figure, Modality
from kg.store import NearDuplicates
from kg.watch.config import NewsKind

__all__ = ["News", "NewsItem", "news_between"]

_OF_CHANGES = {
    ChangeKind.APPEARED: NewsKind.NEW,
    ChangeKind.CHANGED: NewsKind.CHANGED,
    ChangeKind.ENDED: NewsKind.ENDED,
    ChangeKind.DENIED: NewsKind.CONTRADICTED,
    ChangeKind.WITHDRAWN: NewsKind.WITHDRAWN,
}


_AGAINST = (Modality.DENIED, Modality.ENDED)


@dataclass(frozen=True, slots=True)
class NewsItem:
    """One piece of news: the claims that tell it, and those told before that they confirm, contradict or replace.

    `facts` are what stands now, `former` what stood or stands against it. `sources` are the independent sources of
    `facts`; None where copies cannot be told apart. Of a copy, `claims` are all that it repeats.
    """

    kind: NewsKind
    subject: Entity
    relation: str
    object: Entity | Figure
    modality: Modality
    claims: tuple[Claim, ...]
    earlier: tuple[Claim, ...] = ()
    facts: tuple[Fact, ...] = ()
    former: tuple[Fact, ...] = ()
    sources: int | None = None


@dataclass(frozen=True, slots=True)
class News:
    """The news between two rounds, in the order of kinds and names; `others` counts new claims that add nothing."""

    items: tuple[NewsItem, ...] = ()
    others: int = 0


def news_between(
    before: Sequence[Claim],
    after: Sequence[Claim],
    days: tuple[dt.date, dt.date],
    near_duplicates: NearDuplicates | None,
) -> News:
    """Return what the claims of `after` tell that those of `before` do not.

    Args:
        before: what was told, as it stood then.
        after: what there is now.
        days: on which days the two were true.
        near_duplicates: which documents are copies; without it nothing is called confirmed or a copy.

    """
    old, new = (SnapshotIndex(claims, AsOf(valid=str(day))) for claims, day in zip((before, after), days, strict=True))
    gone: defaultdict[str, list[Claim]] = defaultdict(list)
    current = {claim.id for claim in after}
    for claim in before:
        if claim.id not in current:
            gone[claim.id].append(claim)
    period = ComparedPeriod("known", *days, gone)
    comparison = _Comparison(old, new, AsOf(valid=str(days[1])), near_duplicates)
    return comparison.news(differences(old, new, period))


@dataclass(slots=True)
class _Comparison:
    old: SnapshotIndex
    new: SnapshotIndex
    as_of: AsOf
    near_duplicates: NearDuplicates | None
    known: set[str] = field(default_factory=set)
    """The claims that were told, and those that say the same again at another place of a text that was edited."""
    told: set[str] = field(default_factory=set)
    """The new claims that a piece of news tells."""
    others: int = 0

    def news(self, changes: Sequence[Change]) -> News:
        said = {_saying(claim) for claims in self.old.claims.values() for claim in claims}
        self.known |= self.old.ids
        self.known |= {c.id for claims in self.new.claims.values() for c in claims if _saying(c) in said}
        fresh = [key for key, claims in self.new.claims.items() if any(map(self._is_fresh, claims))]
        facts = [facts_of(self.new.claims[key], self.as_of) for key in fresh]
        items = [item for each in facts for item in self._contradictions(each)]
        items += [item for change in changes if (item := self._changed(change)) is not None]
        copies: defaultdict[str, list[tuple[Claim, Fact]]] = defaultdict(list)
        for fact in (fact for each in facts for fact in each):
            items += self._repeated(fact, copies)
        items += (self._copy(repeated) for repeated in copies.values())
        return News(tuple(sorted(items, key=_order)), self.others)

    def _is_fresh(self, claim: Claim) -> bool:
        return claim.id not in self.known

    def _is_known(self, claim: Claim) -> bool:
        return claim.id in self.known

    def _contradictions(self, facts: Sequence[Fact]) -> Iterator[NewsItem]:
        """Yield the new facts that are at odds with what was told; among new ones, with the one that was told first."""
        for dispute in disputes_of(facts):
            known = [fact for fact in dispute.facts if any(map(self._is_known, fact.claims))]
            # Of new facts only, the first that says so stands, and the others are against it.
            against = known or [min(dispute.facts, key=lambda fact: fact.modality in _AGAINST)]
            for fact in (fact for fact in dispute.facts if fact not in against):
                # A dispute has facts that agree with one another, too.
                rivals = tuple(each for each in against if disputes_of((each, fact)))
                if rivals:
                    self.told |= {claim.id for claim in fact.claims}
                    earlier = tuple(sorted(claims_of(*(each.claims for each in rivals)), key=age))
                    yield self._item(NewsKind.CONTRADICTED, fact, fact.claims, earlier, rivals)

    def _changed(self, change: Change) -> NewsItem | None:
        """Return a change as news; None where it is told as a contradiction."""
        claims = tuple(claim for claim in change.causes if claim.id not in self.told)
        if not claims:
            return None
        self.told |= {claim.id for claim in claims if self._is_fresh(claim)}
        key = relationship_key(claims[0])
        before, after = self.old.standing.get(key), self.new.standing.get(key)
        told = {claim.modality for claim in claims if self._is_fresh(claim)}
        if told == {Modality.ENDED} or (told == {Modality.DENIED} and before is None):
            # Who denies what nobody says contradicts nobody.
            kind = NewsKind.ENDED if told == {Modality.ENDED} else NewsKind.DENIED
            return self._item(kind, facts_of(claims, self.as_of)[0], claims, _stating(before), _facts(before))
        facts, former = _facts(after), _facts(before)
        telling = tuple(fact for fact in facts if any(claim in claims for claim in fact.claims)) or facts
        # Of facts that are disputed, one became more exact: the others are not what it was.
        same = {claim.id for fact in telling for claim in fact.claims}
        former = tuple(fact for fact in former if any(claim.id in same for claim in fact.claims)) or former
        stated = {claim.id for fact in former for claim in fact.claims}
        return NewsItem(
            _OF_CHANGES[change.kind],
            change.subject,
            change.relation,
            change.object if not telling else telling[0].object,
            change.modality,
            claims,
            tuple(claim for claim in _stating(before) if claim.id in stated) if after is not None else (),
            telling,
            former,
            self._sources(telling),
        )

    def _repeated(self, fact: Fact, copies: defaultdict[str, list[tuple[Claim, Fact]]]) -> Iterator[NewsItem]:
        """Yield what confirms a fact that was told; gather copies, and count the rest."""
        fresh = [claim for claim in fact.claims if self._is_fresh(claim)]
        known = tuple(claim for claim in fact.claims if self._is_known(claim))
        if not fresh or any(claim.id in self.told for claim in fresh):
            # A line of this digest has this fact already, with all its sources.
            return
        if not known or self.near_duplicates is None:
            self.others += len(fresh)
            return
        before = {claim.document for claim in known}
        sources = [source for source in self.near_duplicates.sources(fact.documents) if before.intersection(source)]
        told = {name for source in sources for name in source}
        for claim in fresh:
            if claim.document in told - before:
                copies[claim.document].append((claim, fact))
        confirming = tuple(claim for claim in fresh if claim.document not in told)
        if confirming and len(sources) == 1:
            yield self._item(NewsKind.CONFIRMED, fact, confirming, known)
        else:
            self.others += len(confirming)
        self.others += sum(claim.document in before for claim in fresh)

    def _copy(self, repeated: Sequence[tuple[Claim, Fact]]) -> NewsItem:
        """Return the news that a document repeats another: one line, however much it repeats."""
        claims, fact = tuple(claim for claim, _ in repeated), repeated[0][1]
        return self._item(NewsKind.COPY, fact, claims, tuple(filter(self._is_known, fact.claims)))

    def _item(
        self,
        kind: NewsKind,
        fact: Fact,
        claims: tuple[Claim, ...],
        earlier: tuple[Claim, ...] = (),
        former: tuple[Fact, ...] = (),
    ) -> NewsItem:
        ends = fact.subject, fact.relation, fact.object
        return NewsItem(kind, *ends, fact.modality, claims, earlier, (fact,), former, self._sources((fact,)))

    def _sources(self, facts: Sequence[Fact]) -> int | None:
        if self.near_duplicates is None or not facts:
            return None
        return len(self.near_duplicates.sources([name for fact in facts for name in fact.documents]))


def _saying(claim: Claim) -> tuple[object, ...]:
    """Return what makes two claims of one document the same saying, wherever in it they stand."""
    terms = tuple(claim.qualifiers.terms().items())
    return claim.document, relationship_key(claim), claim.modality, claim.object, terms, claim.evidence[0].quote


def _facts(state: Snapshot | None) -> tuple[Fact, ...]:
    return () if state is None else state.facts


def _stating(state: Snapshot | None) -> tuple[Claim, ...]:
    return () if state is None else tuple(sorted(state.stating_claims, key=age))


def _order(item: NewsItem) -> tuple[object, ...]:
    end = item.object.name if isinstance(item.object, Entity) else item.object.unit
    place = tuple(NewsKind).index(item.kind)
    return place, item.subject.name, item.relation, end, item.claims[0].known_from or "9999", item.claims[0].id
