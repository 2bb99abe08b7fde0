"""The group around a company as a tree: its parents up to the ultimate one, and all subsidiaries below it.

A parent is who surely or perhaps controls a company directly by what sources say: who is called its parent or bought
it, or holds more than half of its votes. Registers tell of two parents of a company, the nearest and the ultimate one
(GLEIF level 2: who consolidates it, directly and ultimately); the ultimate one stands at the top of the chain, where
the chain is known, and over the company itself, where it is not. What `kg.analysis.ownership.groups` tells is another
thing: what a parent consolidates, and how much of it is the parent's.
"""

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.analysis.ownership.holdings import UNIT, Holdings, positions
from kg.analysis.ownership.holdings_from_claims import holdings
from kg.analysis.ownership.shares import remarks
from kg.analysis.renamed import accepts_old_names
from kg.analysis.results.result import Result
from kg.dates import first_day, last_day
from kg.facts import AsOf, Fact, Interval, TriState, tri_state
from kg.model import Claim, Entity
from kg.query.as_of import or_today
from kg.query.entity_lookup import find_among

__all__ = ["DIRECT", "GroupPlace", "group_structure"]

DIRECT = ("direct", "through others", "not told")
"""Whether a parent stands right above a company, as far as sources tell."""
_SURELY = 2


@dataclass(frozen=True, slots=True)
class GroupPlace:
    """A place in a group: a company under a parent, `level` steps below the top; at the top there is no parent.

    At the top may stand a person or a state too: tables call it an entity, and tell its type.
    The claims of a place are those that put it under its parent, those of the top what puts others under it.
    `directness` is one of `DIRECT`, `answer` undecided where a source denies it or another has bought the company
    since. `votes` is the share that the parent holds, a fraction. `since` and `until` are partial dates, `as_of` is
    that of the latest accounts or figures that show it.
    """

    level: int
    company: Entity
    parent: Entity | None
    directness: str | None
    answer: TriState | None
    votes: Interval | None
    since: str | None
    until: str | None
    as_of: str | None
    claims: Sequence[Claim]

    def cells(self) -> Iterable[Mapping[str, Any]]:
        """Yield its row of a table; `tree` is the name, indented by its level."""
        yield {
            "tree": f"└{'──' * self.level} {self.company.name}" if self.level else self.company.name,
            "level": self.level,
            "entity": self.company,
            "type": self.company.type,
            "parent": self.parent,
            "directness": self.directness,
            "answer": self.answer,
            "votes": self.votes,
            "since": self.since,
            "until": self.until,
            "as_of": self.as_of,
            "claims": self.claims,
        }


@accepts_old_names
def group_structure(claims: Iterable[Claim], company: str, *, as_of: AsOf | None = None) -> Result[GroupPlace]:
    """Return the group around a company, from the top down: its chain of parents, then all that is below it.

    A company with several parents stands under each of them. Companies of the group that stand beside the chain are
    counted in a note. There are no rows where nobody is known to stand above or below it. Raises `UnknownEntity` for
    a company in no holding.
    """
    as_of = or_today(as_of)
    graph = holdings(claims, basis="votes", as_of=as_of)
    node = graph.places[find_among(graph.entities, company).id]
    tree = _Tree(graph)
    above = tree.reachable(node, tree.parents)
    tops = [top for top in above if not tree.parents(top)] or above[-1:]
    rows = [row for top in sorted(tops) for row in _rows(tree, top, node, frozenset(above))]
    name = graph.entities[node].name
    notes = (*_notes(tree, tops, {row.company.id for row in rows}), *remarks(graph, "votes"))
    return Result("structure", f"The group around {name}", tuple(rows), notes, "graph")


class _Tree:
    """Who stands right above whom, of those that a graph of votes calls parents."""

    def __init__(self, graph: Holdings) -> None:
        self.graph = graph
        self.count_implied = 0
        self.parents = functools.cache(self._parents)

    def directness(self, edge: int) -> str:
        """Tell whether the holder of an edge stands right above what it holds."""
        told = {fact.qualifiers.indirect for fact in self.facts(edge)}
        return DIRECT[0] if False in told else DIRECT[1] if True in told else DIRECT[2]

    def facts(self, edge: int) -> list[Fact]:
        """Return what sources say of an edge that stands."""
        relationships = self.graph.relationships[edge]
        return [fact for one in relationships if one.is_fact for fact in one.facts if fact.is_fact]

    def children(self, node: int) -> dict[int, int]:
        """Return who stands right below a node, each with its edge, in order of names."""
        graph = self.graph
        below = [child for child, edge in positions(graph.held, node) if self._is_parent(edge)]
        found = {child: edge for child in below if (edge := self.parents(child).get(node)) is not None}
        return dict(sorted(found.items(), key=lambda pair: (graph.entities[pair[0]].name, pair[0])))

    def reachable(self, node: int, step: Any) -> list[int]:
        """Return a node and all that steps lead to from it, the nearest first."""
        seen = {node: None}
        front = [node]
        while front:
            front = [other for one in front for other in step(one) if other not in seen]
            seen |= dict.fromkeys(front)
        return list(seen)

    def _is_parent(self, edge: int) -> bool:
        control = self.graph.control
        return (control is not None and control[edge] > 0) or int(self.graph.low[edge]) > UNIT // 2

    def is_sure(self, edge: int) -> bool:
        control = self.graph.control
        return (control is not None and control[edge] == _SURELY) or int(self.graph.low[edge]) > UNIT // 2

    def _all_parents(self, node: int) -> dict[int, int]:
        return {holder: edge for holder, edge in positions(self.graph.holders, node) if self._is_parent(edge)}

    def _parents(self, node: int) -> dict[int, int]:
        """Return who stands right above a node, each with its edge; who stands above one of them stands further up."""
        told = self._all_parents(node)
        right_above = dict(told)
        for parent, edge in told.items():
            others = [other for other in told if other != parent]
            if self.directness(edge) == DIRECT[0] or not others:
                continue
            if any(parent in self._above(other, node) for other in others):
                del right_above[parent]
                self.count_implied += 1
        # In a ring each may stand above the other.
        return right_above or told

    def _above(self, node: int, without: int) -> set[int]:
        """Return all that stand above a node, the node itself not among them, by chains that do not pass another."""
        seen, front = {node, without}, [node]
        while front:
            front = sorted({other for one in front for other in self._all_parents(one)} - seen)
            seen.update(front)
        return seen - {node, without}


def _rows(tree: _Tree, top: int, asked: int, above: frozenset[int]) -> Iterator[GroupPlace]:
    """Yield the places under a top: along the chain to the company that is asked for, then all below it."""
    right_below = [edge for child, edge in tree.children(top).items() if top == asked or child in above]
    if not right_below:
        return
    # The top is one by what stands below it.
    claims = tree.graph.claims(right_below)
    yield GroupPlace(0, tree.graph.entities[top], None, None, None, None, None, None, None, claims)
    expanded: set[int] = set()
    stack = [(top, 0, top == asked, iter(tree.children(top).items()))]
    expanded.add(top)
    while stack:
        node, level, is_below, left = stack[-1]
        child, edge = next(left, (None, None))
        if child is None or edge is None:
            stack.pop()
            continue
        if not is_below and child not in above:
            continue
        yield _place(tree, level + 1, node, child, edge)
        if child not in expanded:
            expanded.add(child)
            stack.append((child, level + 1, is_below or child == asked, iter(tree.children(child).items())))


def _place(tree: _Tree, level: int, parent: int, company: int, edge: int) -> GroupPlace:
    graph, terms = tree.graph, [fact.qualifiers for fact in tree.facts(edge)]
    return GroupPlace(
        level,
        graph.entities[company],
        graph.entities[parent],
        tree.directness(edge),
        tri_state(surely=tree.is_sure(edge), perhaps=True),
        graph.share(edge),
        min((each.start for each in terms if each.start), key=first_day, default=None),
        max((each.end for each in terms if each.end), key=last_day, default=None),
        max((each.as_of for each in terms if each.as_of), key=last_day, default=None),
        graph.claims([edge]),
    )


def _notes(tree: _Tree, tops: Sequence[int], shown: set[str]) -> Iterator[str]:
    entities = tree.graph.entities
    for top in sorted(tops):
        others = [node for node in tree.reachable(top, tree.children) if entities[node].id not in shown]
        if others:
            yield f"{len(others)} more of the group of {entities[top].name} stand beside the chain: ask for it"
    if tree.count_implied:
        yield f"relations to a parent further up, which chains show too, are not told again: {tree.count_implied}"
