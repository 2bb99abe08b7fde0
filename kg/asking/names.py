"""Which companies a question names: the longest words that are a name in the graph, in any spelling."""

import difflib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.asking.tokens import Token
from kg.asking.words import Words
from kg.extract.lexicon import load
from kg.model import Entity
from kg.resolve import fold

__all__ = ["Names", "near_names", "unknown_names", "with_names"]

_MOST = 7
"""Words of the longest name that is looked for."""


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a graph's entities: by what they fold to (`kg.resolve.fold`), those of an own name first."""

    by_fold: Mapping[str, tuple[Entity, ...]]
    by_id: Mapping[str, Entity]

    @classmethod
    def of(cls, entities: Iterable[Entity]) -> "Names":
        """Return the names of some entities.

        >>> names = Names.of([Entity("company/nvidia", "Nvidia", "Company", ("Nvidia", "NVDA"))])
        >>> [entity.name for entity in names.called("nvda")]
        ['Nvidia']
        """
        own: dict[str, dict[str, Entity]] = defaultdict(dict)
        other: dict[str, dict[str, Entity]] = defaultdict(dict)
        by_id = {}
        for entity in entities:
            by_id[entity.id] = entity
            own[fold(entity.name)][entity.id] = entity
            for alias in entity.aliases:
                other[fold(alias)][entity.id] = entity
        merged = {**other, **own}
        return cls({key: tuple(found.values()) for key, found in merged.items() if key}, by_id)

    def called(self, text: str) -> tuple[Entity, ...]:
        """Return the entities that a text names: one, or several that share the name."""
        if text in self.by_id:
            return (self.by_id[text],)
        return self.by_fold.get(fold(text), ())


def with_names(tokens: Sequence[Token], text: str, names: Names, words: Words) -> list[Token]:
    """Return the tokens with the words of each name as one; of names inside one another the longest.

    A word that the language has is no name in lower case: "target", "orange".
    """
    done: list[Token] = []
    at = 0
    while at < len(tokens):
        for length in range(min(_MOST, len(tokens) - at), 0, -1):
            part = tokens[at : at + length]
            printed = text[part[0].start : part[-1].end]
            found = names.called(printed) if _may_be_name(part, done, words) else ()
            if found:
                done.append(Token(printed, part[0].start, part[-1].end, named=found))
                at += length
                break
        else:
            done.append(tokens[at])
            at += 1
    return done


def _may_be_name(part: Sequence[Token], before: Sequence[Token], words: Words) -> bool:
    """Whether words can be a name: none of the question's own begins or ends it, but where it is capitalised."""
    edges = [part[0], part[-1]]
    if any(edge.lower in words.lists["filler"] or edge.lower in words.lists["asks"] for edge in edges):
        return len(part) > 1 and all(edge.text[:1].isupper() for edge in edges) and bool(before)
    if len(part) == 1 and part[0].text in load(words.lang).tables["dates.months"]:
        return False
    if len(part) > 1 or not part[0].lemmas:
        return True
    return part[0].text[:1].isupper() and (bool(before) or part[0].text.isupper())


def unknown_names(tokens: Sequence[Token], text: str) -> list[str]:
    """Return capitalised words, behind the first of a question, that no language knows: names that the graph lacks."""
    found: list[list[Token]] = []
    for before, token in zip([None, *tokens], tokens, strict=False):
        if not token.is_word or token.lemmas or not (token.text[:1].isupper() or token.text[:1].isdigit()):
            continue
        joins = found and before is found[-1][-1] and "," not in text[before.end : token.start]
        if joins:
            found[-1].append(token)
        else:
            found.append([token])
    # A number is no name, where no other word of one stands with it.
    named = [run for run in found if not all(token.text.isdigit() for token in run)]
    return [text[run[0].start : run[-1].end] for run in named if run[0] is not tokens[0] or len(run) > 1]


def near_names(name: str, names: Names, limit: int = 3) -> list[str]:
    """Return the names of the graph that are spelt most like one."""
    by_fold = {key: entities[0].name for key, entities in names.by_fold.items()}
    close = difflib.get_close_matches(fold(name), by_fold, n=limit, cutoff=0.7)
    return list(dict.fromkeys(by_fold[key] for key in close))
