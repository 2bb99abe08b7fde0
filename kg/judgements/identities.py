"""What judgements of identity make of entities together: who is whom, and in which mentions.

The rule, a function of the judgements in force, whatever the order in which they arrived:

0. What a person says comes first: the resolver's joins follow all of theirs, and what it calls different keeps apart
   no two that they join.
1. Those that say "same" join entities, the oldest first; what is joined to the same is the same.
2. One that would bring two together that any judgement in force calls different is left out, and is in conflict: a
   negative wins over a chain of positives, and of the chain the latest link gives way.
3. Of entities that are one, that of the register stands for all, else the one whose name the latest merge kept.
4. A mention that a split is about is the other entity's. Where several are, the latest counts first, each once.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from kg.judgements.identity import IdentityJudgement, IdentityVerdict
from kg.judgements.judgement import Judgement, Part, in_force
from kg.judgements.matching import words
from kg.model import Claim, Entity, Outcome
from kg.ontology import ontology
from kg.reasons import Reason, gravest_first

__all__ = ["NO_IDENTITIES", "Identities", "affected", "is_loop", "refused_loop"]


@dataclass(frozen=True, slots=True)
class Identities:
    """Who is whom, by all `judgements` of identity; made by `of`.

    `same` has each entity that is one with another, by its id, and which stands for it; `splits` the splits in force,
    the latest first, by the id of what stands for the entity that they take from; `conflicts` the ids of the judgements
    that were left out.
    """

    judgements: tuple[IdentityJudgement, ...]
    same: Mapping[str, Entity]
    splits: Mapping[str, tuple[IdentityJudgement, ...]]
    conflicts: frozenset[str]

    @classmethod
    def of(cls, judgements: Iterable[IdentityJudgement]) -> "Identities":
        """Return what judgements come to; each counts once."""
        all_ = sorted({one.id: one for one in judgements}.values(), key=lambda one: one.order)
        held = in_force(all_)
        same, conflicts = _joined(held)
        splits: defaultdict[str, list[IdentityJudgement]] = defaultdict(list)
        for one in reversed(_splits(held)):
            splits[_standing_for(one.one.id, same)].append(one)
        return cls(tuple(all_), same, {id_: tuple(each) for id_, each in splits.items()}, conflicts)

    def __bool__(self) -> bool:
        """Whether they change anything."""
        return bool(self.same or self.splits)

    def canonical(self, id_: str) -> str:
        """Return the id of the entity that stands for one, by its id."""
        return _standing_for(id_, self.same)

    def members(self, id_: str) -> frozenset[str]:
        """Return the ids of all entities that are one with an entity, itself among them."""
        canonical = self.canonical(id_)
        return frozenset({id_} | {other for other, entity in self.same.items() if entity.id == canonical})

    def entity(self, entity: Entity, document: str, quotes: str = "") -> Entity:
        """Return the entity that a document's mention of one means; the names that it goes by are kept as aliases.

        `quotes` are where it is mentioned: of the names that it has, those that stand there are meant.
        """
        spellings = [words(name) for name in _spelt(entity, quotes)] if self.splits else []
        told, done = entity, set[str]()
        while split := self._split_of(told.id, spellings, document, done):
            done.add(split.id)
            told = replace(split.other, aliases=entity.aliases or (entity.name,), identifiers=entity.identifiers)
        canonical = self.same.get(told.id)
        if canonical is not None and canonical.id != told.id:
            spelt = tuple(sorted({*(told.aliases or (told.name,)), told.name}))
            told = replace(canonical, aliases=spelt, identifiers=told.identifiers)
        return entity if told.id == entity.id else told

    def joined(self, entity: Entity) -> Entity:
        """Return the entity that stands for one, by merges alone: a record says by its key whom it is about."""
        canonical = self.same.get(entity.id)
        if canonical is None or canonical.id == entity.id:
            return entity
        return replace(canonical, aliases=entity.aliases, identifiers=entity.identifiers)

    def _split_of(
        self, id_: str, spellings: list[list[str]], document: str, done: Collection[str]
    ) -> IdentityJudgement | None:
        splits = self.splits.get(self.canonical(id_), ())
        return next((s for s in splits if s.id not in done and _takes(s, spellings, document)), None)

    def claim(self, claim: Claim) -> Claim:
        """Return a claim between the entities that are meant; one whose ends are one is refused."""
        quotes = "\n".join(place.quote for place in claim.evidence) if self.splits else ""
        subject, object_ = self.entity(claim.subject, claim.document, quotes), claim.object
        if isinstance(object_, Entity):
            object_ = self.entity(object_, claim.document, quotes)
        if subject is claim.subject and object_ is claim.object:
            return claim
        told = replace(claim, subject=subject, object=object_)
        return refused_loop(told) if is_loop(told) else told

    def surest(self, claims: Iterable[Claim]) -> Claim | None:
        """Return which of some claims `claims` shows where they come to say the same."""
        return max(claims, key=lambda claim: _sureness(self.claim(claim)), default=None)

    def claims(self, claims: Iterable[Claim]) -> list[Claim]:
        """Return claims between the entities that are meant; of two that come to say the same, the surer one."""
        told: dict[str, Claim] = {}
        for claim in map(self.claim, claims):
            if claim.id not in told or _sureness(claim) > _sureness(told[claim.id]):
                told[claim.id] = claim
        return list(told.values())

    def judgement(self, judgement: Judgement) -> Judgement:
        """Return a judgement as a word on the claim as it is now; it keeps its id.

        One on a claim that identities had changed is about what the reader said; but one that calls the identity wrong
        is about the claim as it was shown.
        """
        claim, right = judgement.claim, judgement.correction
        if judgement.read is not None and judgement.part is not Part.IDENTITY:
            claim, right = judgement.read, right and _with_ends(right, judgement.claim, judgement.read)
        claim, right = self.claim(claim), right and self.claim(right)
        if claim.outcome is not judgement.claim.outcome:
            # It was drawn as what it was then; what becomes of it is for `judged` to say.
            claim = replace(claim, outcome=judgement.claim.outcome)
        if claim is judgement.claim and right is judgement.correction:
            return judgement
        return judgement.about_now(claim, right)


def is_loop(claim: Claim) -> bool:
    """Return whether both ends of a claim are one entity."""
    return isinstance(claim.object, Entity) and claim.subject.id == claim.object.id


def refused_loop(claim: Claim) -> Claim:
    """Return a claim as refused for being of one entity alone."""
    return replace(claim, reasons=gravest_first((*claim.reasons, Reason.SAME_PARTY)), outcome=Outcome.REFUSED)


def affected(old: Identities, new: Identities) -> tuple[frozenset[str], frozenset[str]]:
    """Return the ids of entities, and of documents, that may change from one state to another.

    A document that names none of the entities, in what its readers said of it, stays as it is.
    """
    ids = {id_ for id_ in {*old.same, *new.same} if old.same.get(id_) != new.same.get(id_)}
    documents: set[str] = set()
    before, after = ({split.id: split for some in each.splits.values() for split in some} for each in (old, new))
    members = [_members(each) for each in (old, new)]
    ends = {
        split: frozenset[str]().union(
            *(
                {id_} | each.get(whole.canonical(id_), set())
                for each, whole in zip(members, (old, new), strict=True)
                for id_ in (split.one.id, split.other.id)
            )
        )
        for split in (before | after).values()
    }
    reached = None
    # One split may take from what another gave: whoever is touched touches what it is split from and into.
    while reached != ids:
        reached = set(ids)
        for split, entities in ends.items():
            if (split.id in before) == (split.id in after) and not entities & ids:
                continue
            documents.update(split.documents)
            ids |= set() if split.documents else entities
    return frozenset(ids), frozenset(documents)


def _members(identities: Identities) -> Mapping[str, set[str]]:
    """Return the ids of all that are one with another, by the id of what stands for them."""
    members: defaultdict[str, set[str]] = defaultdict(set)
    for id_, entity in identities.same.items():
        members[entity.id].add(id_)
    return members


NO_IDENTITIES = Identities((), {}, {}, frozenset())
"""Nobody has said anything: every entity is itself."""


def _spelt(entity: Entity, quotes: str) -> list[str]:
    """The names by which some quotes call an entity, a shorter one not within a longer; all where they have none."""
    names, left, found = entity.aliases or (entity.name,), quotes, []
    for name in sorted(names, key=len, reverse=True):
        if name in left:
            found.append(name)
            left = left.replace(name, "\0")
    return found or list(names)


def _splits(held: Iterable[IdentityJudgement]) -> list[IdentityJudgement]:
    """Return the splits in force: the resolver's first, and of entities alone of which no person says anything."""
    held = tuple(held)
    told = {end.id for one in held if not one.is_machines for end in (one.one, one.other)}
    machines = [one for one in held if one.is_split and one.is_machines and one.one.id not in told]
    return machines + [one for one in held if one.is_split and not one.is_machines]


def _standing_for(id_: str, same: Mapping[str, Entity]) -> str:
    return same[id_].id if id_ in same else id_


def _joined(held: Iterable[IdentityJudgement]) -> tuple[dict[str, Entity], frozenset[str]]:
    """Return which entity stands for each that is one with another, and the ids of the judgements left out."""
    held = tuple(held)
    apart: set[frozenset[str]] = set()
    groups: dict[str, set[str]] = {}
    left_out: set[str] = set()
    for is_machines in (False, True):
        those = [one for one in held if one.is_machines is is_machines]
        if is_machines:
            # By what they say: when it was said tells nothing.
            those.sort(key=_content)
        parted = [one for one in those if one.verdict is IdentityVerdict.DIFFERENT]
        apart |= {_pair(one) for one in parted if one.other.id not in groups.get(one.one.id, ())}
        joins = (one for one in those if one.verdict is IdentityVerdict.SAME)
        left_out |= {one.id for one in joins if not _join(one, groups, apart)}
    links = [one for one in held if one.verdict is IdentityVerdict.SAME and one.id not in left_out]
    # A person's latest merge says whose name stays, before any of the resolver's.
    machines, persons = ([one for one in links if one.is_machines is which] for which in (True, False))
    return _representatives((*sorted(machines, key=_content, reverse=True), *persons), groups), frozenset(left_out)


def _content(judgement: IdentityJudgement) -> tuple[str, str, str]:
    return judgement.one.id, judgement.other.id, judgement.mention or ""


def _join(one: IdentityJudgement, groups: dict[str, set[str]], apart: Collection[frozenset[str]]) -> bool:
    """Join what a judgement joins, in `groups`; return False where that would bring together what is apart."""
    first, second = (groups.get(id_, {id_}) for id_ in (one.one.id, one.other.id))
    if first is not second and any(frozenset((a, b)) in apart for a in first for b in second):
        return False
    whole = first | second
    groups |= dict.fromkeys(whole, whole)
    return True


def _pair(judgement: IdentityJudgement) -> frozenset[str]:
    return frozenset((judgement.one.id, judgement.other.id))


def _representatives(links: Iterable[IdentityJudgement], groups: Mapping[str, set[str]]) -> dict[str, Entity]:
    """Return which entity stands for each of those that links join."""
    links, company = tuple(links), ontology().company
    same: dict[str, Entity] = {}
    named: dict[str, Entity] = {}
    for link in links:
        named.setdefault(link.one.id, link.one)
        named.setdefault(link.other.id, link.other)
    for link in reversed(links):
        group = groups[link.one.id]
        known = {id_ for id_ in group if company(id_) is not None} or group
        chosen = next((end for end in (link.one, link.other) if end.id in known), None)
        if chosen is not None:
            for id_ in group:
                same.setdefault(id_, named[chosen.id])
    return same


def _takes(split: IdentityJudgement, spellings: list[list[str]], document: str) -> bool:
    """Whether a split is about a mention that a document spells so."""
    if split.documents and document not in split.documents:
        return False
    return split.mention is None or words(split.mention) in spellings


def _sureness(claim: Claim) -> tuple[object, ...]:
    return claim.outcome is Outcome.ADMITTED, claim.outcome is Outcome.TO_REVIEW, claim.confidence, claim.method


def _with_ends(claim: Claim, shown: Claim, read: Claim) -> Claim:
    """Return a claim with the ends that a reader had where it has those that were shown."""
    ends = {shown.subject.id: read.subject}
    if isinstance(shown.object, Entity) and isinstance(read.object, Entity):
        ends[shown.object.id] = read.object
    object_ = claim.object if not isinstance(claim.object, Entity) else ends.get(claim.object.id, claim.object)
    return replace(claim, subject=ends.get(claim.subject.id, claim.subject), object=object_)
