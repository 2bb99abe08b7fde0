"""Two people's stories as one: claims united, the judgements of both kept, and what differs shown, not decided.

The merge is a function of what both say, whichever comes first: `merged(a, b)` says what `merged(b, a)` says, notes and
saved views in another order, and of a story with itself it is the story. What people say of who is whom is heeded for
both: claims are between the companies that all their words come to, by the rule of `kg.judgements.identities`.
"""

import json
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from kg.bundle.conflicts import conflicts_between, conflicts_within
from kg.bundle.request import LONGEST_TITLE, StoryRequest
from kg.bundle.story import Conflict, LeftOut, Story, ordered_opinions
from kg.errors import BundleError
from kg.export.sources import Source, source_record
from kg.facts import claims_of
from kg.judgements import Identities, IdentityJudgement, Opinion
from kg.model import Claim, claim_order
from kg.store.json_codec import claim_record
from kg.view.scenes import Scenes

__all__ = ["merged"]

_T = TypeVar("_T")


def merged(first: Story, second: Story) -> Story:
    """Return two stories as one; `conflicts` has what they say differently, with what earlier merges found.

    Raises `BundleError` where they name companies under different bases: their ids are not of one kind.
    """
    if first.base != second.base:
        raise BundleError(f"the stories name companies differently: below {first.base} and {second.base}")
    identities = _once((*first.identities, *second.identities), lambda word: word.id, lambda word: word.order)
    one, two = (_heeding(story, identities) for story in (first, second))
    claims = _claims((*one.claims, *two.claims))
    left_out = _left_out((*one.left_out, *two.left_out), {claim.id for claim in claims})
    together = Story(
        request=_request(one.request, two.request),
        day=max(one.day, two.day),
        claims=claims,
        sources=_sources((*one.sources, *two.sources)),
        base=one.base,
        left_out=left_out,
        counts=_counts(one, two, left_out),
        copies=None if one.copies is None or two.copies is None else _groups((*one.copies, *two.copies)),
        opinions=_opinions(one.opinions, two.opinions),
        words=_once((*one.words, *two.words), lambda word: word.id, lambda word: word.order),
        identities=identities,
        scenes=_scenes(one.scenes, two.scenes),
        texts=dict(sorted({**one.texts, **two.texts}.items())),
    )
    sources = together.by_source
    texts = {id_: text for id_, text in together.texts.items() if sources[id_].length == len(text)}
    found = {*first.conflicts, *second.conflicts, *conflicts_between(one, two), *conflicts_within(together)}
    return replace(together, texts=texts, conflicts=tuple(sorted(found, key=_order)))


def _order(conflict: Conflict) -> tuple[str, str, tuple[str, ...]]:
    return conflict.kind.value, conflict.on, conflict.sides


def _once(items: Iterable[_T], key: Callable[[_T], Hashable], order: Callable[[_T], object]) -> tuple[_T, ...]:
    """Return items, each key once, in an order."""
    return tuple(sorted({key(item): item for item in items}.values(), key=order))  # type: ignore[arg-type]


def _heeding(story: Story, words: tuple[IdentityJudgement, ...]) -> Story:
    """Return a story between the companies that all words of both come to; opinions follow their claims."""
    identities = Identities.of(words)
    if not identities:
        return story
    names = {claim.id: identities.claim(claim).id for claim in (*story.claims, *(e.claim for e in story.left_out))}
    return replace(
        story,
        claims=tuple(map(identities.claim, story.claims)),
        left_out=tuple(replace(each, claim=identities.claim(each.claim)) for each in story.left_out),
        opinions={names.get(id_, id_): each for id_, each in story.opinions.items()},
        request=replace(story.request, companies=tuple(map(identities.canonical, story.request.companies))),
    )


def _claims(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Return claims united by identity; of two records of one the earlier counts, of two readings the surer."""
    ordered = sorted(claims, key=lambda c: (c.recorded_at or "9999", -c.confidence, json.dumps(claim_record(c))))
    return tuple(sorted(claims_of(ordered), key=claim_order))


def _left_out(left_out: Iterable[LeftOut], inside: set[str]) -> tuple[LeftOut, ...]:
    kept = [each for each in left_out if each.claim.id not in inside]
    kept.sort(key=lambda each: (each.order, json.dumps(claim_record(each.claim))))
    first = {each.claim.id: each for each in reversed(kept)}
    return tuple(sorted(first.values(), key=lambda each: each.order))


def _counts(one: Story, two: Story, left_out: tuple[LeftOut, ...]) -> Mapping[str, int]:
    """Return how many claims of each kind are left out at least: those listed, or what one of the two counted.

    What one lists and the other has is no longer left out.
    """
    names = {*one.counts, *two.counts, *(each.absence.value for each in left_out)}
    counts = {}
    for name in sorted(names):
        listed = sum(each.absence.value == name for each in left_out)
        unlisted = max(_unlisted(one, name), _unlisted(two, name))
        counts[name] = listed + unlisted
    return {name: count for name, count in counts.items() if count}


def _unlisted(story: Story, name: str) -> int:
    return story.counts.get(name, 0) - sum(each.absence.value == name for each in story.left_out)


def _sources(sources: Iterable[Source]) -> tuple[Source, ...]:
    """Return the identities of documents, each once; of two texts of one the conflict tells, and the first counts."""
    by_id: dict[str, list[Source]] = {}
    for source in sources:
        by_id.setdefault(source.id, []).append(source)
    return tuple(_source(by_id[id_]) for id_ in sorted(by_id))


def _source(sources: list[Source]) -> Source:
    chosen = min(sources, key=lambda source: json.dumps(source_record(source), sort_keys=True))
    places = {place: None for s in sources if s.sha256 == chosen.sha256 for place in s.places}
    return replace(chosen, places=tuple(sorted(places, key=lambda p: (p.start, p.end, p.kind, p.name))))


def _groups(groups: Iterable[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Return groups of copies, those joined that share a document."""
    joined: list[set[str]] = []
    for group in map(set, groups):
        alike = [each for each in joined if each & group]
        joined = [each for each in joined if each not in alike]
        joined.append(group.union(*alike))
    return tuple(sorted(tuple(sorted(group)) for group in joined))


def _opinions(
    one: Mapping[str, tuple[Opinion, ...]], two: Mapping[str, tuple[Opinion, ...]]
) -> Mapping[str, tuple[Opinion, ...]]:
    return {id_: ordered_opinions((*one.get(id_, ()), *two.get(id_, ()))) for id_ in sorted({*one, *two})}


def _request(one: StoryRequest, two: StoryRequest) -> StoryRequest:
    """Return what both were asked to be about together: all companies, the widest dates."""
    if one == two:
        return one
    titles = dict.fromkeys(sorted({*one.title.split(_AND), *two.title.split(_AND)}))
    whole = not one.companies or not two.companies
    every = not one.relations or not two.relations
    return StoryRequest(
        title=_AND.join(titles)[:LONGEST_TITLE],
        companies=() if whole else tuple(sorted({*one.companies, *two.companies})),
        relations=() if every else tuple(sorted({*one.relations, *two.relations})),
        since=None if None in (one.since, two.since) else min(str(one.since), str(two.since)),
        until=None if None in (one.until, two.until) else max(str(one.until), str(two.until)),
        hops=max(one.reach, two.reach),
        valid=_latest(one.valid, two.valid),
        known=_latest(one.known, two.known),
        recorded=_latest(one.recorded, two.recorded),
        lang=min(one.lang, two.lang),
        narrowed=tuple(sorted({*one.narrowed, *two.narrowed})),
    )


_AND = " + "


def _latest(one: str | None, two: str | None) -> str | None:
    return None if one is None or two is None else max(one, two)


def _scenes(one: Scenes, two: Scenes) -> Scenes:
    """Return all notes and saved views, each once; of two places of a company the one farther to the left."""
    ids = sorted({*one.positions, *two.positions})
    return Scenes(
        tuple(dict.fromkeys((*one.notes, *two.notes))),
        tuple(dict.fromkeys((*one.scenes, *two.scenes))),
        {id_: min(each.positions[id_] for each in (one, two) if id_ in each.positions) for id_ in ids},
    )
