"""What a store says on the companies of a story: what is in it, what is not, and why."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from kg.bundle.request import StoryRequest
from kg.bundle.story import Absence, LeftOut, Story, ordered_opinions
from kg.errors import QueryError
from kg.export.sources import Source
from kg.facts import AsOf, relationship_key, standing_of
from kg.judgements import IdentityJudgement, Judgement, Opinion
from kg.model import Claim, Document, Modality, Outcome, claim_order
from kg.query.as_of import claims_as_of
from kg.query.entity_lookup import find_named
from kg.query.independent_sources import near_duplicates_of
from kg.query.opinions import opinions_on
from kg.query.recorded import entity_then, identities_then, recorded_then
from kg.settings import today
from kg.store import Store, whole_of
from kg.view.scenes import Scenes

__all__ = ["LISTED", "MOST", "gathered"]

LISTED = 500
"""Claims that are left out and listed, at most; all are counted."""
MOST = 20_000
"""Claims of a story, at most: more than that nobody reads as a story."""


def gathered(store: Store, request: StoryRequest, scenes: Scenes, *, with_texts: bool = False) -> Story:
    """Return the story that a store tells, narrowed or whole.

    `scenes` are the notes, saved views and places to take along, `with_texts` whether whole texts go along. Raises
    `UnknownEntity` with the nearest names, and `QueryError` where there is nothing to tell.
    """
    as_of = request.as_of.or_on(today())
    past = recorded_then(store, as_of)
    names = tuple(dict.fromkeys(_named(store, name, past) for name in request.companies))
    request = replace(request, companies=names, hops=request.reach, narrowed=store.selection.notes(request.lang))
    told = tuple(claims_as_of(store, as_of) if past is None else past)
    cast = _cast(told, request)
    near = [claim for claim in told if _is_on(claim, cast) and request.has_relation(claim)]
    visible = {standing.claim.id: standing.claim for standing in standing_of(near, as_of)}
    claims = tuple(sorted((*_inside(visible.values(), request), *_leads(store, request, cast)), key=claim_order))
    _check_size(request, len(claims))
    left_out, counts = _left_out(store, request, cast, (near, visible, claims))
    opinions, words = _opinions(store, (*claims, *(each.claim for each in left_out)), as_of)
    documents = _documents(store, claims)
    return Story(
        request=request,
        day=str(as_of.day),
        claims=claims,
        sources=tuple(Source.of(document, claims) for document in documents),
        base=store.base,
        left_out=left_out,
        counts=counts,
        copies=_copies(store, documents),
        opinions=opinions,
        words=words,
        identities=_identities(store, claims, as_of),
        scenes=scenes,
        texts={document.id: document.text for document in documents} if with_texts else {},
    )


def _check_size(request: StoryRequest, count: int) -> None:
    if not count:
        narrowed = "".join(f" ({words})" for words in request.narrowed)
        raise QueryError(
            f"no source says anything of '{request.title}'{narrowed}: ask for other companies, relations or dates"
        )
    if count > MOST:
        raise QueryError(f"{count} claims are no story: ask for fewer companies, relations or years; {MOST} at most")


def _named(store: Store, name: str, past: Sequence[Claim] | None) -> str:
    entity = entity_then(store, name, past) if past is not None else find_named(store, name, candidates=True)
    return entity.id


def _cast(claims: Iterable[Claim], request: StoryRequest) -> frozenset[str] | None:
    """Return the ids of all that a story is about, as far as it reaches; None is all of the graph."""
    if not request.companies:
        return None
    cast = set(request.companies)
    for _ in range(request.reach):
        ends = [{entity.id for entity in claim.entities} for claim in claims if request.has_relation(claim)]
        cast |= {id_ for each in ends if each & cast for id_ in each}
    return frozenset(cast)


def _is_on(claim: Claim, cast: frozenset[str] | None) -> bool:
    return cast is None or {entity.id for entity in claim.entities} <= cast


def _inside(claims: Iterable[Claim], request: StoryRequest) -> list[Claim]:
    """Return the claims of the story's dates, with what reports the end of such a relationship, whenever that was."""
    claims = list(claims)
    dated = {claim.id: relationship_key(claim) for claim in claims if request.has_dates(claim)}
    keys = set(dated.values())
    return [
        claim
        for claim in claims
        if claim.id in dated or (claim.modality is Modality.ENDED and relationship_key(claim) in keys)
    ]


def _leads(store: Store, request: StoryRequest, cast: frozenset[str] | None) -> list[Claim]:
    """Return the claims to review that a narrowed graph is asked for; of now, since they have no history."""
    if not store.selection.leads or request.recorded is not None:
        return []
    found = store.candidates(outcomes=frozenset({Outcome.TO_REVIEW}))
    return [c for c in found if _is_on(c, cast) and request.has_relation(c) and request.has_dates(c)]


def _left_out(
    store: Store,
    request: StoryRequest,
    cast: frozenset[str] | None,
    found: tuple[Sequence[Claim], Mapping[str, Claim], Sequence[Claim]],
) -> tuple[tuple[LeftOut, ...], Mapping[str, int]]:
    """Return what is left out, listed as far as that is wanted, and how much there is of each kind.

    Of a narrowed graph nothing but the count is told: who narrows it does not want the rest to travel.
    """
    near, visible, claims = found
    inside = {claim.id for claim in claims}
    absences = [LeftOut(Absence.OTHER_DATES, c) for c in visible.values() if c.id not in inside]
    absences += [LeftOut(Absence.OTHER_CLOCK, c) for c in near if c.id not in visible and c.retracted_at is None]
    absences += [LeftOut(Absence(c.outcome.value), c) for c in _candidates(store, request, cast) if c.id not in inside]
    counts = Counter(each.absence.value for each in absences)
    if store.selection.narrows:
        whole = whole_of(store).claims() if request.recorded is None else ()
        here = {claim.id for claim in near}
        counts[Absence.NARROWED.value] = sum(
            c.id not in here and c.id not in inside and _is_on(c, cast) and request.has_relation(c) for c in whole
        )
        return (), {name: counts[name] for name in sorted(counts) if counts[name]}
    absences.sort(key=lambda each: each.order)
    return tuple(absences[:LISTED]), {name: counts[name] for name in sorted(counts)}


def _candidates(store: Store, request: StoryRequest, cast: frozenset[str] | None) -> Iterator[Claim]:
    if request.recorded is not None:
        return iter(())  # what was to review at an earlier date is not known
    return (c for c in whole_of(store).candidates() if _is_on(c, cast) and request.has_relation(c))


def _documents(store: Store, claims: Iterable[Claim]) -> tuple[Document, ...]:
    names = sorted({evidence.document for claim in claims for evidence in claim.evidence})
    return tuple(whole_of(store).document(name) for name in names)


def _copies(store: Store, documents: Sequence[Document]) -> tuple[tuple[str, ...], ...] | None:
    """Return which of some documents are one source; None where that cannot be told."""
    if len(documents) == 1:
        return ()
    near_duplicates = near_duplicates_of(store)
    if near_duplicates is None:
        return None
    groups = near_duplicates.sources([document.id for document in documents])
    return tuple(sorted(tuple(sorted(group)) for group in groups if len(group) > 1))


def _opinions(
    store: Store, claims: Sequence[Claim], as_of: AsOf
) -> tuple[Mapping[str, tuple[Opinion, ...]], tuple[Judgement, ...]]:
    """Return what people say of claims, by the claim's id, and the judgements behind that, oldest first."""
    opinions = opinions_on(store, claims, as_of)
    ids = {opinion.judgement for each in opinions.values() for opinion in each}
    documents = sorted({claim.document for claim in claims if claim.id in opinions})
    words = [word for name in documents for word in whole_of(store).reading(name).judgements if word.id in ids]
    if store.selection.narrows:
        # A correction tells of the claim in whose place it stands, which is to stay at home.
        told_of = {claim.id for claim in claims}
        words = [word for word in words if word.claim.id in told_of]
    told = {id_: ordered_opinions(each) for id_, each in sorted(opinions.items())}
    return told, tuple(sorted(words, key=lambda word: word.order))


def _identities(store: Store, claims: Iterable[Claim], as_of: AsOf) -> tuple[IdentityJudgement, ...]:
    """Return what people, and the resolver, say of who is whom among the companies of some claims."""
    identities = identities_then(store, as_of)
    cast = {entity.id for claim in claims for entity in claim.entities}
    return tuple(
        word
        for word in identities.judgements
        if {identities.canonical(word.one.id), identities.canonical(word.other.id)} & cast
    )
