"""Who is whom across documents and registers: what can be told is committed as the resolver's word, the rest listed.

What it says follows from the data and from what people say, and from nothing it said before: it is worked out anew each
time, what is new is committed and what no longer follows is taken back. Any person's word goes before
(`kg.judgements.identities`).

1. Entities with an equal identifier are one.
2. A mention is the company of a register, or another mention, where names, and what else is known, leave no doubt and
   no second candidate stands close. A short name alone is not enough.
3. A name that several companies begin with which kg ships, or which documents name in full, and which is none's own,
   means in each document another: the one that the document names in full, else one of its own. Rows of registers do
   not make a name ambiguous: for every short name some company somewhere begins so.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kg.judgements import RESOLVER, Identities, IdentityJudgement, IdentityVerdict, current_moment, in_force
from kg.model import Entity
from kg.pipeline.mentions import JOINING, Mention, mention_index, mentions
from kg.query.identification import CLOSE, Asked, Candidate, beginning_with, identify
from kg.resolve.names import AUTO_MERGE, normalise
from kg.resolve.record import KEYS
from kg.store import CommitResult, Store
from kg.store.register_index import RegisterIndex
from kg.wording.identification import because

__all__ = ["OpenPair", "Resolution", "resolve"]

_TOOL = "kg resolve"
_OWN = frozenset({"documents", "kg"})
"""What stands for a register in records of what documents name, and of what kg ships."""
_LETTERS = 3
"""Initials that may stand for a name: two letters are too many companies'."""
_ASKED, _WORTH_ASKING = 3, 0.5
"""Pairs of one mention that a person is asked of, and how likely each must be."""
_STRONG_WORDS = 2
"""Words that tell a name apart, from which on it is no short name."""
_STRONG_WEIGHT = 1.4


@dataclass(frozen=True, slots=True)
class OpenPair:
    """Two entities that may be one, which a person should decide: how likely, and what speaks for it."""

    one: Entity
    other: Entity
    probability: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Resolution:
    """What the resolver said: its judgements that are new and that it took back, the pairs that it leaves open."""

    joined: tuple[IdentityJudgement, ...] = ()
    parted: tuple[IdentityJudgement, ...] = ()
    taken_back: tuple[IdentityJudgement, ...] = ()
    open_pairs: tuple[OpenPair, ...] = ()
    mentions: int = 0
    result: CommitResult = field(default_factory=CommitResult)


@dataclass(frozen=True, slots=True)
class _Word:
    """What the resolver has to say: it is compared with what it said before by all but the moment."""

    verdict: IdentityVerdict
    one: Entity
    other: Entity
    why: str
    mention: str | None = None
    documents: tuple[str, ...] = ()
    is_by_name: bool = False

    @property
    def key(self) -> tuple[object, ...]:
        return self.verdict, self.one.id, self.other.id, self.mention, self.documents, self.why

    def judgement(self, at: str) -> IdentityJudgement:
        """Return it as a judgement."""
        return IdentityJudgement(
            self.verdict, self.one, self.other, RESOLVER, at, self.mention, self.documents, _TOOL, why=self.why
        )


def resolve(store: Store, *, lang: str = "en", commit: bool = True) -> Resolution:
    """Work out who is whom, and commit what is new of it.

    Args:
        store: open for writing, where `commit` is to be.
        lang: the language of the reasons that are kept, "en" or "fr".
        commit: False only tells what would be said.

    Raises:
        MissingExtra: tantivy, or what compares names, is not installed.

    """
    found, told = mentions(store), Identities.of(one for one in store.identities.judgements if not one.is_machines)
    known = found.those
    words: list[_Word] = list(_by_identifiers(known, lang))
    joined = {word.other.id for word in words}
    open_pairs: list[OpenPair] = []
    others, by_id = mention_index(known), {mention.entity.id: mention for mention in known}
    sure = {one.entity.id for one in known if one.is_known}
    for mention in known:
        if mention.is_registered or mention.entity.id in joined:
            continue
        # What is tied to it is another.
        itself = {told.canonical(mention.entity.id), *mention.neighbours}
        candidates = [one for one in _candidates(store, mention, others, told, lang) if one.entity.id not in itself]
        if mention.is_shipped:
            # It is itself; a row of a register may be, too.
            candidates = [one for one in candidates if _is_row(one, by_id)]
        sure.update(one.entity.id for one in candidates if one.entity.id not in by_id and _is_row(one, by_id))
        decided = _decided(mention, candidates, by_id, lang) or _written_out(mention, known, lang)
        if decided is not None:
            words.append(decided)
        elif parted := list(_ambiguous(mention, known, others, lang)):
            words += parted
        else:
            open_pairs += _open(mention, candidates)
    return _committed(store, _mutual(words, sure), open_pairs, found.count, commit=commit)


def _mutual(words: Sequence[_Word], known: Collection[str]) -> Iterator[_Word]:
    """Yield words, of two mentions that no register has one, and only where each of the two means the other.

    `known` are the ids of those that a register or kg itself has.
    """
    pairs = {(word.one.id, word.other.id) for word in words if word.verdict is IdentityVerdict.SAME}
    for word in words:
        ends = word.one.id, word.other.id
        is_open = word.verdict is IdentityVerdict.SAME and word.is_by_name and ends[0] not in known
        if not is_open or (ends[::-1] in pairs and ends[0] < ends[1]):
            yield word


# ------------------------------------------------------------------------------------- identifiers
def _by_identifiers(known: Iterable[Mention], lang: str) -> Iterator[_Word]:
    """Yield that entities with an equal identifier are one, but for those of whom a surer one differs.

    Of a group none has a key of a kind of which another has others: two LEIs are two companies, whatever ties them.
    """
    by_pair: defaultdict[tuple[str, str], list[Mention]] = defaultdict(list)
    for mention in known:
        for pair in mention.entity.identifiers:
            if pair[0] in JOINING:
                by_pair[pair].append(mention)
    groups: dict[str, _Group] = {}
    for pair in sorted(by_pair, key=lambda pair: (JOINING.index(pair[0]), pair[1])):
        first, *others = (groups.setdefault(one.entity.id, _Group([one])) for one in by_pair[pair])
        for other in others:
            first.take_in(other, because("identifier_equal", lang, *pair), groups)
    for group in {id(group): group for group in groups.values()}.values():
        yield from group.words()


@dataclass(slots=True)
class _Group:
    """Mentions that are one by their identifiers, with the reason for which each came."""

    members: list[Mention]
    reasons: dict[str, str] = field(default_factory=dict)

    def take_in(self, other: "_Group", why: str, groups: dict[str, "_Group"]) -> None:
        """Make one of two groups, unless they are one, of two classes, or a key of theirs differs."""
        if other is self or other.members[0].entity.type != self.members[0].entity.type:
            return
        mine, others = self._keys(), other._keys()  # noqa: SLF001 - of its own kind
        if any(mine[kind].isdisjoint(others[kind]) for kind in mine.keys() & others.keys()):
            return
        for member in other.members:
            self.reasons[member.entity.id] = other.reasons.get(member.entity.id, why)
            groups[member.entity.id] = self
        self.reasons |= {one.entity.id: why for one in self.members if one.entity.id not in self.reasons}
        self.members += other.members

    def words(self) -> Iterator[_Word]:
        """Yield that each is the one that stands for all: a register's, the first by its id."""
        first = min(self.members, key=lambda one: (not one.is_shipped, not one.is_registered, one.entity.id))
        for one in self.members:
            if one is not first:
                why = self.reasons[one.entity.id]
                yield _Word(IdentityVerdict.SAME, first.entity, one.entity, why)

    def _keys(self) -> dict[str, set[str]]:
        keys: defaultdict[str, set[str]] = defaultdict(set)
        for kind, value in (pair for one in self.members for pair in one.entity.identifiers):
            if kind in KEYS:
                keys[kind].add(value)
        return keys


# ------------------------------------------------------------------------------------------- names
def _candidates(store: Store, mention: Mention, others: RegisterIndex, told: Identities, lang: str) -> list[Candidate]:
    """Return the companies that a mention may be, by its fullest spellings, the likeliest first."""
    best: dict[str, Candidate] = {}
    for name in mention.fullest:
        asked = Asked(name, day=mention.day, type=mention.entity.type)
        for candidate in identify(store, asked, besides=(others,), identities=told, lang=lang):
            known = best.get(candidate.entity.id)
            if known is None or known.probability < candidate.probability:
                best[candidate.entity.id] = candidate
    return sorted(best.values(), key=lambda one: (-one.probability, one.entity.id))


def _decided(mention: Mention, candidates: list[Candidate], by_id: Mapping[str, Mention], lang: str) -> _Word | None:
    """Return that a mention is a company, where its first candidate is sure and no other stands close."""
    first = candidates[0] if candidates else None
    if first is None or first.probability < AUTO_MERGE or any(one.probability >= CLOSE for one in candidates[1:]):
        return None
    ground = _ground(mention, first, by_id, lang)
    if ground is None:
        return None
    why = "; ".join((*first.reasons, ground))
    return _Word(IdentityVerdict.SAME, first.entity, mention.entity, f"{first.name_told}: {why}", is_by_name=True)


def _written_out(mention: Mention, known: Iterable[Mention], lang: str) -> _Word | None:
    """Return which company initials mean: the one that a document writes out beside them, where all that do agree."""
    letters = normalise(mention.entity.name)
    if not (mention.entity.name.isupper() and len(letters.words) == 1 and len(letters.joined) >= _LETTERS):
        return None
    full = [one for one in known if _shares(one, mention) and letters.joined in normalise(one.entity.name).initials]
    if len(full) != 1 or full[0].entity.type != mention.entity.type or full[0].entity.id in mention.neighbours:
        return None
    return _Word(IdentityVerdict.SAME, full[0].entity, mention.entity, because("long_form", lang, full[0].entity.name))


def _shares(one: Mention, other: Mention) -> bool:
    """Whether a document names both."""
    return one is not other and not set(one.documents).isdisjoint(other.documents)


def _ground(mention: Mention, candidate: Candidate, by_id: Mapping[str, Mention], lang: str) -> str | None:
    """Return what makes more than a short name of a mention; None where nothing does."""
    other = by_id.get(candidate.entity.id)
    shared = mention.neighbours & other.neighbours if other is not None else frozenset()
    if shared:
        return because(
            "common_neighbours",
            lang,
            ", ".join(sorted(by_id[id_].entity.name if id_ in by_id else id_ for id_ in shared)),
        )
    legal = {form for record in candidate.records for name in record.names for form in normalise(name).legal}
    for form in map(normalise, mention.spellings):
        if set(form.legal) & legal:
            return because("legal_name", lang, form.name)
        if len(form.words) >= _STRONG_WORDS and form.distinctiveness >= _STRONG_WEIGHT:
            return because("only_one", lang)
    return None


def _is_row(candidate: Candidate, by_id: Mapping[str, Mention]) -> bool:
    """Whether a candidate is of a register in the graph."""
    found = by_id.get(candidate.entity.id)
    if found is None:
        return any(record.register not in _OWN for record in candidate.records)
    return found.is_registered


def _open(mention: Mention, candidates: Iterable[Candidate]) -> Iterator[OpenPair]:
    for candidate in list(candidates)[:_ASKED]:
        if candidate.probability >= _WORTH_ASKING:
            yield OpenPair(mention.entity, candidate.entity, candidate.probability, candidate.reasons)


# --------------------------------------------------------------------------------------- ambiguous
def _ambiguous(mention: Mention, known: Sequence[Mention], others: RegisterIndex, lang: str) -> Iterator[_Word]:
    """Yield which company each document means by a name that several companies' names begin with."""
    if len(normalise(mention.entity.name).words) != 1 or len(mention.documents) == 1:
        return
    longer = beginning_with(mention.entity.name, besides=(others,))
    # A group is tied to those that bear its name.
    if len(longer) <= 1 or any(entity.id in mention.neighbours for entity in longer):
        return
    full = {entity.id for entity in longer}
    names = ", ".join(sorted(entity.name for entity in longer)[:3])
    for document in mention.documents:
        here = [one.entity for one in known if one.entity.id in full and document in one.documents]
        if len(here) == 1:
            why, other = because("long_form", lang, here[0].name), here[0]
        else:
            why, other = because("several", lang, names), mention.own(document)
        yield _Word(IdentityVerdict.DIFFERENT, mention.entity, other, why, documents=(document,))


# ------------------------------------------------------------------------------------- committing
def _committed(
    store: Store, words: Iterable[_Word], open_pairs: Iterable[OpenPair], count: int, *, commit: bool
) -> Resolution:
    """Commit what is new of the resolver's words, and take back those that it says no longer."""
    said = {_key(one): one for one in in_force(store.identities.judgements) if one.is_machines}
    # Whatever a person said of two, a taking back too: it is not for the resolver to say more of them.
    told = {frozenset((one.one.id, one.other.id)) for one in store.identities.judgements if not one.is_machines}
    wanted = {word.key: word for word in words if frozenset((word.one.id, word.other.id)) not in told}
    at = current_moment()
    new = [word.judgement(at) for key, word in sorted(wanted.items(), key=str) if key not in said]
    gone = [one for key, one in sorted(said.items(), key=str) if key not in wanted]
    undone = [
        IdentityJudgement(IdentityVerdict.UNSURE, one.one, one.other, RESOLVER, at, tool=_TOOL, undoes=one.id)
        for one in gone
    ]
    result = store.commit(identities=[*undone, *new]) if commit and (new or undone) else CommitResult()
    pairs = {frozenset((pair.one.id, pair.other.id)): pair for pair in open_pairs}
    left = [pair for ends, pair in pairs.items() if ends not in told]
    return Resolution(
        joined=tuple(one for one in new if one.verdict is IdentityVerdict.SAME),
        parted=tuple(one for one in new if one.verdict is IdentityVerdict.DIFFERENT),
        taken_back=tuple(gone),
        open_pairs=tuple(sorted(left, key=lambda pair: (-pair.probability, pair.one.id, pair.other.id))),
        mentions=count,
        result=result,
    )


def _key(judgement: IdentityJudgement) -> tuple[object, ...]:
    ends = judgement.one.id, judgement.other.id
    return judgement.verdict, *ends, judgement.mention, judgement.documents, judgement.why
