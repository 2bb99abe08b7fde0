"""Questions that are no relation between two ends: told by words that stand in a certain order."""

from collections.abc import Iterator
from dataclasses import dataclass

from kg.asking.clause import Clause, Phrase
from kg.asking.words import Topic
from kg.model import Entity

__all__ = ["Matched", "matched"]


@dataclass(frozen=True, slots=True)
class Matched:
    """A topic that fits a clause: the companies by parameter, the words that it explains, and those of its cue."""

    topic: Topic
    companies: dict[str, Entity]
    used: frozenset[int]
    cue: frozenset[int]


def matched(clause: Clause) -> Iterator[Matched]:
    """Yield the topics that fit a clause, the companies of which are all taken."""
    for topic in clause.words.topics:
        companies = _companies(clause, topic)
        if companies is None:
            continue
        for cue in topic.cues:
            places = _places(clause, cue)
            if places is None:
                continue
            extra = {
                at
                for at, token in enumerate(clause.tokens)
                if not token.named and (token.lower in topic.extra or not token.lemmas.isdisjoint(topic.extra))
            }
            yield Matched(topic, companies, frozenset(extra) | places, places)


def _companies(clause: Clause, topic: Topic) -> dict[str, Entity] | None:
    names = sorted(clause.names, key=lambda name: not _owns(clause, name, topic))
    named = [name.entity for name in names if name.entity is not None]
    required = sum(not name.endswith("?") for name in topic.takes)
    if not required <= len(named) <= len(topic.takes):
        return None
    return {name.rstrip("?"): entity for name, entity in zip(topic.takes, named, strict=False)}


def _owns(clause: Clause, name: Phrase, topic: Topic) -> bool:
    """Whether one of a topic's nouns is this company's: "X's revenue", "the revenue of X"."""
    if name.owns:
        return any(
            clause.tokens[at].says(*topic.owner) for at in range(name.at + 2, min(name.at + 4, len(clause.tokens)))
        )
    nouns = [at for at in range(name.at) if clause.tokens[at].says(*topic.owner)]
    return name.preposition == clause.of and bool(nouns) and not any(nouns[-1] < n.at < name.at for n in clause.names)


def _places(clause: Clause, cue: tuple[frozenset[str], ...]) -> frozenset[int] | None:
    """Return where the words of a cue stand, in their order with others between; None where they do not."""
    places, at = set[int](), 0
    for part in cue:
        while at < len(clause.tokens) and not _says(clause, at, part):
            at += 1
        if at == len(clause.tokens):
            return None
        places.add(at)
        at += 1
    return frozenset(places)


def _says(clause: Clause, at: int, part: frozenset[str]) -> bool:
    token = clause.tokens[at]
    return not token.named and (token.lower in part or not token.lemmas.isdisjoint(part))
