"""What two people's stories say differently of one thing. Nothing is decided: both sides are shown."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from kg.bundle.story import Absence, Conflict, ConflictKind, Story
from kg.judgements import IdentityJudgement, IdentityVerdict, Verdict, in_force
from kg.model import Claim, Entity
from kg.query.review import phrase
from kg.view.scene_view import values_of
from kg.view.scenes import Note, Scene

__all__ = ["conflicts_between", "conflicts_within"]

_NEAR = 0.5
"""Pixels: two places nearer to each other are one."""
_FRAME = ("since", "until", "valid", "known", "recorded", "lang", "narrowed")

_T = TypeVar("_T")


def conflicts_between(one: Story, two: Story) -> Iterator[Conflict]:
    """Yield what one story says otherwise than another; of a story and itself nothing."""
    yield from _notes(one, two)
    yield from _readings(one, two)
    yield from _readings(two, one)
    yield from _texts(one, two)
    yield from _layouts(one, two)
    yield from _scenes(one, two)
    yield from _frames(one, two)


def conflicts_within(story: Story) -> Iterator[Conflict]:
    """Yield what people say differently in one story: of a claim, of who is whom, of whom a sentence means."""
    for id_, opinions in story.opinions.items():
        if {Verdict.RIGHT, Verdict.WRONG} <= {opinion.verdict for opinion in opinions}:
            sides = (f"{opinion.author}: {opinion.verdict} ({opinion.at[:10]})" for opinion in opinions)
            yield _conflict(ConflictKind.JUDGEMENTS, id_, sides)
    yield from _identities(story)
    yield from _ends(story)


def _conflict(kind: ConflictKind, on: str, sides: Iterable[str]) -> Conflict:
    return Conflict(kind, on, tuple(sorted(set(sides))))


def _notes(one: Story, two: Story) -> Iterator[Conflict]:
    first, second = _by(one.scenes.notes, lambda note: note.on), _by(two.scenes.notes, lambda note: note.on)
    for on in sorted(first.keys() & second.keys()):
        if set(first[on]) != set(second[on]):
            yield _conflict(ConflictKind.NOTES, on, map(_note, (*first[on], *second[on])))


def _note(note: Note) -> str:
    by = ", ".join(filter(None, (note.author, note.written)))
    return f"{note.text} ({by})" if by else note.text


def _by(items: Iterable[_T], key: Callable[[_T], str]) -> Mapping[str, list[_T]]:
    groups: defaultdict[str, list[_T]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return groups


def _readings(one: Story, two: Story) -> Iterator[Conflict]:
    """Yield claims that one has and the other left out for what its gate, or a person, said of them."""
    inside = {claim.id: claim for claim in one.claims}
    for each in two.left_out:
        if each.claim.id in inside and each.absence in {Absence.TO_REVIEW, Absence.REFUSED}:
            held = inside[each.claim.id]
            sides = (" ".join((claim.outcome.value, *claim.reasons)) for claim in (held, each.claim))
            yield _conflict(ConflictKind.READINGS, held.id, sides)


def _texts(one: Story, two: Story) -> Iterator[Conflict]:
    first, second = one.by_source, two.by_source
    for id_ in sorted(first.keys() & second.keys()):
        if first[id_].sha256 != second[id_].sha256:
            yield _conflict(ConflictKind.TEXTS, id_, (f"SHA-256 {each[id_].sha256}" for each in (first, second)))


def _layouts(one: Story, two: Story) -> Iterator[Conflict]:
    first, second = one.scenes.positions, two.scenes.positions
    for id_ in sorted(first.keys() & second.keys()):
        if max(abs(a - b) for a, b in zip(first[id_], second[id_], strict=True)) > _NEAR:
            yield _conflict(ConflictKind.LAYOUT, id_, (f"x {x:g}, y {y:g}" for x, y in (first[id_], second[id_])))


def _scenes(one: Story, two: Story) -> Iterator[Conflict]:
    first, second = _by(one.scenes.scenes, lambda s: s.name), _by(two.scenes.scenes, lambda s: s.name)
    for name in sorted(first.keys() & second.keys()):
        if set(first[name]) != set(second[name]):
            yield _conflict(ConflictKind.SCENES, name, map(_scene, (*first[name], *second[name])))


def _scene(scene: Scene) -> str:
    view = ", ".join(f"{name} {value}" for name, value in values_of(scene.view).items())
    parts = ", ".join(scene.companies), ", ".join(scene.relations), scene.as_of, scene.note, view
    return "; ".join(filter(None, parts))


def _frames(one: Story, two: Story) -> Iterator[Conflict]:
    if one.day != two.day:
        yield _conflict(ConflictKind.FRAME, "day", (one.day, two.day))
    for name in _FRAME:
        sides = [getattr(story.request, name) for story in (one, two)]
        if sides[0] != sides[1]:
            yield _conflict(ConflictKind.FRAME, name, (_value(side) for side in sides))


def _value(value: str | tuple[str, ...] | None) -> str:
    return (value if isinstance(value, str) else "; ".join(value or ())) or "–"


def _identities(story: Story) -> Iterator[Conflict]:
    """Yield pairs of which words in force say that they are one, and that they are two."""
    groups: defaultdict[tuple[str, ...], list[IdentityJudgement]] = defaultdict(list)
    for word in in_force(story.identities):
        if not word.is_split:
            groups[tuple(sorted((word.one.id, word.other.id)))].append(word)
    for ends, words in sorted(groups.items()):
        if {IdentityVerdict.SAME, IdentityVerdict.DIFFERENT} <= {word.verdict for word in words}:
            sides = (f"{word.author}: {word.verdict} ({word.at[:10]})" for word in words)
            yield _conflict(ConflictKind.IDENTITIES, " = ".join(ends), sides)


def _ends(story: Story) -> Iterator[Conflict]:
    """Yield sentences that are read as one relation on the same terms, between other companies."""
    groups: defaultdict[tuple[object, ...], list[Claim]] = defaultdict(list)
    for claim in story.claims:
        first = claim.evidence[0]
        place = first.document, first.start, first.end
        groups[*place, claim.relation, claim.modality, claim.qualifiers, claim.method].append(claim)
    for claims in groups.values():
        for at, claim in enumerate(claims):
            rivals = [other for other in claims[at + 1 :] if _is_rival(claim, other)]
            if rivals:
                yield _conflict(ConflictKind.ENDS, claim.id, map(phrase, (claim, *rivals)))


def _is_rival(one: Claim, other: Claim) -> bool:
    """Whether two readings of a sentence differ in one end, and in that by who a like-named entity is."""
    ends = list(zip(one.entities, other.entities, strict=False))
    differing = [pair for pair in ends if pair[0].id != pair[1].id]
    return len(one.entities) == len(other.entities) and len(differing) == 1 and _is_called_alike(*differing[0])


def _is_called_alike(one: Entity, other: Entity) -> bool:
    """Whether two entities go by one name: sentences that name several partners are no disagreement."""
    return bool({*one.aliases, one.name} & {*other.aliases, other.name})
