"""How two companies hang together: the shortest and the strongest path, in sentences with their sources.

A path runs over relationships in either direction. A relationship is as strong as its firmest fact: the confidence of
the claim times how far one may rely on it (`RELIANCE`) by its modality as it stands at the date; one that a source
denies, or tells the end of, is half as strong. Sources are not counted: they copy from each other, and 1 - Π(1 - c)
would take copies for proof. A path is as strong as the product of its relationships.
"""

import heapq
import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kg.analysis.renamed import accepts_old_names
from kg.analysis.results.result import Result
from kg.errors import QueryError
from kg.facts import STANDING_MODALITIES, AsOf, Fact, Relationship, claims_of, relationships
from kg.model import Claim, Entity, Modality
from kg.ontology import ontology
from kg.query.as_of import or_today
from kg.query.entity_lookup import find_among
from kg.wording.terms import terms

__all__ = ["RELIANCE", "Path", "Step", "paths"]

RELIANCE: Mapping[Modality, float] = {
    Modality.ASSERTED: 1.0,
    Modality.ANNOUNCED: 0.9,
    Modality.PLANNED: 0.7,
    Modality.CONDITIONAL: 0.5,
    Modality.HEDGED: 0.5,
}
"""What a claim's confidence is multiplied by; set by judgement, not measured."""
_DENIED = 0.5
_QUOTES = {"en": ("“", "”"), "fr": ("« ", " »")}
_DENIAL = {
    "en": "denied, or told to have ended, by {0}",
    "fr": "démenti, ou dit terminé, par {0}",
}


@dataclass(frozen=True, slots=True)
class Step:
    """A relationship on a path; `forward` tells whether the path runs from its subject to its object."""

    relationship: Relationship
    forward: bool

    @property
    def best_claim(self) -> tuple[Fact, Claim]:
        """The fact on which its strength rests, and the claim of it that says so most surely."""
        stated = ((fact, claim) for fact in self.relationship.facts for claim in fact.claims)
        return max(stated, key=lambda pair: _reliance(*pair))

    @property
    def strength(self) -> float:
        """How far one can rely on it, in 0–1."""
        return _strength(self.relationship)

    @property
    def ends(self) -> tuple[Entity, Entity]:
        """The company that the path comes from, and the next."""
        subject, object_ = self.relationship.subject, self.relationship.object
        return (subject, object_) if self.forward else (object_, subject)

    def sentence(self, lang: str = "en") -> str:
        """Return it in words, with its terms, its quote and its document; English or French."""
        fact, claim = self.best_claim
        qualifiers, (open_, close) = terms(fact.qualifiers, lang), _QUOTES[lang]
        modality = "" if fact.is_fact else ontology().modalities[fact.modality].label[lang]
        contradicting = ", ".join(
            dict.fromkeys(document for fact in self.relationship.contradicting for document in fact.documents)
        )
        remarks = "; ".join(filter(None, (modality, qualifiers, contradicting and _DENIAL[lang].format(contradicting))))
        label = ontology().relation(self.relationship.relation).label[lang]
        statement = f"{self.relationship.subject.name} {label} {self.relationship.object.name}"
        quote = " ".join(claim.evidence[0].quote.split())
        colon = " :" if lang == "fr" else ":"
        return f"{statement}{f' ({remarks})' if remarks else ''}{colon} {open_}{quote}{close} {claim.document}"


@dataclass(frozen=True, slots=True)
class Path:
    """A way from one company to another over relationships, no company twice.

    `kind` is "shortest", "strongest", "shortest and strongest" or "next". `strength` is in 0–1.
    """

    kind: str
    steps: tuple[Step, ...]
    strength: float

    @property
    def companies(self) -> tuple[Entity, ...]:
        """The companies on it, from one end to the other."""
        return (self.steps[0].ends[0], *(step.ends[1] for step in self.steps))

    @property
    def modality(self) -> Modality:
        """The weakest modality of its relationships."""
        return max((step.relationship.modality for step in self.steps), key=STANDING_MODALITIES.index)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims on its relationships."""
        return claims_of(*(step.relationship.claims for step in self.steps))

    def sentences(self, lang: str = "en") -> tuple[str, ...]:
        """Return each relationship in words, with its terms, a quote and the document; English or French."""
        return tuple(step.sentence(lang) for step in self.steps)

    def cells(self) -> Iterator[Mapping[str, Any]]:
        """Yield a line for each relationship."""
        for number, step in enumerate(self.steps, 1):
            fact, claim = step.best_claim
            yield {
                "path": self.kind,
                "strength": self.strength,
                "step": f"{number}/{len(self.steps)}",
                "from": step.ends[0],
                "to": step.ends[1],
                "subject": step.relationship.subject,
                "relation": step.relationship.relation,
                "object": step.relationship.object,
                "terms": terms(fact.qualifiers),
                "modality": str(step.relationship.modality),
                "quote": claim.evidence[0].quote,
                "document": claim.document,
                "claims": step.relationship.claims,
            }


@accepts_old_names
def paths(  # noqa: PLR0913 - keywords, each with a default
    claims: Iterable[Claim],
    company: str,
    other: str,
    *,
    limit: int = 3,
    modalities: Collection[Modality] = STANDING_MODALITIES,
    as_of: AsOf | None = None,
) -> Result[Path]:
    """Tell how two companies hang together: the shortest path, the strongest, and the next shortest, `limit` in all.

    Of paths of one length the strongest comes first, of those as strong the first by the ids of its companies; of two
    companies' relationships only the strongest takes part. Dijkstra's algorithm, and Yen's for the next (Yen 1971,
    https://doi.org/10.1287/mnsc.17.11.712).
    """
    as_of = or_today(as_of)
    if limit < 1:
        raise QueryError(f"{limit} paths cannot be found: ask for 1 or more")
    standing = relationships(claims, as_of)
    entities = {end.id: end for relationship in standing for end in (relationship.subject, relationship.object)}
    start, goal = find_among(entities.values(), company), find_among(entities.values(), other)
    if start.id == goal.id:
        raise QueryError(f"'{company}' and '{other}' are both {start.id}: a path needs two companies")
    near = _near(relationship for relationship in standing if relationship.modality in modalities)
    title = f"How {start.name} and {goal.name} hang together"
    shortest = tuple(itertools.islice(_in_order(near, start.id, goal.id), limit))
    strongest = _best(near, start.id, goal.id, by_strength=True)
    if strongest is None:
        return Result("path", title, (), (f"No tie leads from {start.name} to {goal.name}.",), "graph")
    kinds = {shortest[0]: "shortest", strongest: "strongest"}
    if len(kinds) == 1:
        kinds = {strongest: "shortest and strongest"}
    rows = [_path(near, ids, kind) for ids, kind in kinds.items()]
    rows += [_path(near, ids, "next") for ids in shortest if ids not in kinds]
    return Result("path", title, tuple(rows[:limit]), (), "graph")


def _reliance(fact: Fact, claim: Claim) -> float:
    # How the fact stands at the date, not how the claim was told: what was to come may hold, or lie ahead still.
    return claim.confidence * RELIANCE.get(fact.modality, 0.0)


def _strength(relationship: Relationship) -> float:
    best = max(_reliance(fact, claim) for fact in relationship.facts for claim in fact.claims)
    return best * _DENIED if relationship.contradicting else best


_Near = Mapping[str, Mapping[str, tuple[float, Step]]]
"""Of each company its neighbours: how strong the strongest relationship to them is, and that relationship."""
_Ids = tuple[str, ...]


def _near(standing: Iterable[Relationship]) -> _Near:
    near: dict[str, dict[str, tuple[float, Step]]] = defaultdict(dict)
    for relationship in standing:
        first, second, strength = relationship.subject.id, relationship.object.id, _strength(relationship)
        if first != second and (second not in near[first] or strength > near[first][second][0]):
            near[first][second] = strength, Step(relationship, forward=True)
            near[second][first] = strength, Step(relationship, forward=False)
    return near


def _path(near: _Near, ids: _Ids, kind: str) -> Path:
    steps = [near[here][there] for here, there in itertools.pairwise(ids)]
    return Path(kind, tuple(step for _, step in steps), _product(near, ids))


def _product(near: _Near, ids: _Ids) -> float:
    strength = 1.0
    for here, there in itertools.pairwise(ids):
        strength *= near[here][there][0]
    return strength


def _best(  # noqa: PLR0913 - keywords, each with a default
    near: _Near,
    start: str,
    goal: str,
    *,
    by_strength: bool = False,
    closed: Collection[str] = (),
    barred: Collection[str] = (),
) -> _Ids | None:
    """Return the shortest path, of these the strongest, or the other way round; None where there is none.

    It passes through nothing that is `closed`, and does not begin with a step to what is `barred`.
    """
    heap: list[tuple[float, float, _Ids, float]] = [(0, 0, (start,), 1.0)]
    settled = set(closed)
    while heap:
        _, _, ids, strength = heapq.heappop(heap)
        here = ids[-1]
        if here == goal:
            return ids
        if here in settled:
            continue
        settled.add(here)
        for there, (reliance, _) in near.get(here, {}).items():
            if there not in settled and not (here == start and there in barred):
                whole, steps = strength * reliance, len(ids)
                order = (-whole, steps) if by_strength else (steps, -whole)
                heapq.heappush(heap, (*order, (*ids, there), whole))
    return None


def _in_order(near: _Near, start: str, goal: str) -> Iterator[_Ids]:
    """Yield the paths, the shortest first and of one length the strongest: Yen's algorithm."""
    done: list[_Ids] = []
    waiting: dict[_Ids, tuple[int, float, _Ids]] = {}
    path = _best(near, start, goal)
    while path is not None:
        yield path
        done.append(path)
        for at in range(len(path) - 1):
            root = path[: at + 1]
            barred = {previous[at + 1] for previous in done if previous[: at + 1] == root}
            rest = _best(near, root[-1], goal, closed=root[:-1], barred=barred)
            if rest is not None:
                ids = (*root[:-1], *rest)
                waiting[ids] = len(ids), -_product(near, ids), ids
        path = min(waiting, key=waiting.__getitem__, default=None)
        waiting.pop(path or (), None)
