"""Where companies stand in the graph: centralities, and communities, by igraph.

Whatever has a relationship counts as a company here, programmes and products too. Results depend on the claims alone,
not on their order: what has chance in it has a fixed seed.
"""

import importlib
import random
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.analysis.renamed import accepts_old_names
from kg.analysis.results.result import Result
from kg.errors import MissingExtra, QueryError
from kg.facts import STANDING_MODALITIES, AsOf, Relationship, claims_of, relationships
from kg.model import Claim, Entity, Modality
from kg.ontology import ontology
from kg.query.as_of import or_today

__all__ = ["Centrality", "Community", "centrality", "communities"]

_FACTS = (Modality.ASSERTED,)
_DAMPING = 0.85
_SEED = 2019


@dataclass(frozen=True, slots=True)
class Centrality:
    """How central a company is; `relationships` are those that it has itself.

    ===========  ==========================================================================================
    inward       relationships of which it is the object; those of a symmetric relation count as inward and outward
    outward      relationships of which it is the subject
    documents    the documents that say its relationships, each once for every relationship: the degree, weighted
    pagerank     its share of the walks along the relationships, from subject to object; all shares together are 1
    betweenness  shortest paths between two others, of either direction, that lead through it: a pair counts 1
    harmonic     the sum of 1 / distance to all others, in either direction
    core         the greatest k such that it is among companies of which each has relationships with k others of them
    ===========  ==========================================================================================
    """

    company: Entity
    inward: int
    outward: int
    documents: int
    pagerank: float
    betweenness: float
    harmonic: float
    core: int
    relationships: tuple[Relationship, ...]

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims on its own relationships; how it stands depends on the others, too."""
        return claims_of(*(relationship.claims for relationship in self.relationships))

    @property
    def modality(self) -> Modality | None:
        """The weakest modality of its relationships; None where it has one with itself alone."""
        return _weakest(self.relationships) if self.relationships else None

    def cells(self) -> Iterable[Mapping[str, Any]]:
        """Yield its line."""
        yield {
            "company": self.company,
            "pagerank": self.pagerank,
            "betweenness": self.betweenness,
            "harmonic": self.harmonic,
            "core": self.core,
            "in": self.inward,
            "out": self.outward,
            "documents": self.documents,
            "modality": None if self.modality is None else str(self.modality),
            "claims": self.claims,
        }


@dataclass(frozen=True, slots=True)
class Community:
    """Companies that have more relationships with each other than chance would give them.

    `modularity` is what it adds to that of the whole partition: the share of all relationships that lie inside, less
    the share that would if they were drawn at random between companies with as many as they have. `relationships`
    are those inside.
    """

    number: int
    companies: tuple[Entity, ...]
    modularity: float
    relationships: tuple[Relationship, ...]

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims on the relationships inside."""
        return claims_of(*(relationship.claims for relationship in self.relationships))

    @property
    def modality(self) -> Modality | None:
        """The weakest modality of the relationships inside; None where there are none."""
        return _weakest(self.relationships) if self.relationships else None

    def cells(self) -> Iterable[Mapping[str, Any]]:
        """Yield a line for each company."""
        for company in self.companies:
            yield {
                "community": self.number,
                "company": company,
                "size": len(self.companies),
                "modularity": self.modularity,
                "claims": claims_of(
                    *(relationship.claims for relationship in self.relationships if company.id in _ends(relationship))
                ),
            }


@accepts_old_names
def centrality(
    claims: Iterable[Claim], *, modalities: Collection[Modality] = _FACTS, as_of: AsOf | None = None
) -> Result[Centrality]:
    """Tell how central each company is, those of the greatest PageRank first.

    Betweenness, harmonic closeness and core number take two companies as tied or not, however many their relationships;
    PageRank (damping 0.85) follows each relationship. Raises `MissingExtra` without igraph.
    """
    igraph = _igraph()
    entities, standing = _network(relationships(claims, or_today(as_of), modalities=modalities))
    own: dict[str, list[Relationship]] = defaultdict(list)
    arcs: list[tuple[int, int]] = []
    place = {entity.id: at for at, entity in enumerate(entities)}
    for relationship in standing:
        first, second = _ends(relationship)
        own[first].append(relationship)
        own[second].append(relationship)
        arcs.append((place[first], place[second]))
        if ontology().relation(relationship.relation).symmetric:
            arcs.append((place[second], place[first]))
    if not entities:
        return Result("centrality", "How central companies are", (), ("There are no ties.",), "bars")
    directed = igraph.Graph(len(entities), arcs, directed=True)
    simple = directed.as_undirected(mode="collapse")
    columns = zip(
        entities,
        directed.indegree(),
        directed.outdegree(),
        [sum(map(_documents, own[entity.id])) for entity in entities],
        directed.pagerank(damping=_DAMPING),
        simple.betweenness(),
        simple.harmonic_centrality(normalized=False),
        simple.coreness(),
        [tuple(own[entity.id]) for entity in entities],
        strict=True,
    )
    rows = sorted((Centrality(*column) for column in columns), key=_rank)
    return Result("centrality", "How central companies are", tuple(rows), (), "bars")


@accepts_old_names
def communities(
    claims: Iterable[Claim],
    *,
    resolution: float = 1.0,
    modalities: Collection[Modality] = _FACTS,
    as_of: AsOf | None = None,
) -> Result[Community]:
    """Part companies into communities, the largest first: Leiden, which maximises modularity.

    Two companies weigh as much as they have relationships, of either direction. A greater `resolution` makes smaller
    communities (Traag, Waltman, van Eck 2019, https://doi.org/10.1038/s41598-019-41695-z). Raises `MissingExtra`
    without igraph. While it runs, igraph draws from a generator of a fixed seed; afterwards, as igraph does by
    itself, from Python's `random`, since it cannot be asked what it drew from before.
    """
    if not resolution >= 0:
        raise QueryError(f"a resolution of {resolution} cannot be: give 0 or more; 1 is modularity as it is defined")
    igraph = _igraph()
    entities, standing = _network(relationships(claims, or_today(as_of), modalities=modalities))
    place = {entity.id: at for at, entity in enumerate(entities)}
    weights: dict[tuple[int, int], int] = defaultdict(int)
    for relationship in standing:
        first, second = sorted(place[end] for end in _ends(relationship))
        weights[first, second] += 1
    members = _leiden(igraph, len(entities), weights, resolution)
    groups: dict[int, list[int]] = defaultdict(list)
    for at, member in enumerate(members):
        groups[member].append(at)
    inside: dict[int, list[Relationship]] = defaultdict(list)
    for relationship in standing:
        first, second = (members[place[end]] for end in _ends(relationship))
        if first == second:
            inside[first].append(relationship)
    gains = _modularity(members, weights, resolution)
    order = sorted(groups.items(), key=lambda group: (-len(group[1]), group[1]))
    rows = [
        Community(number, tuple(entities[at] for at in group), gains[key], tuple(inside[key]))
        for number, (key, group) in enumerate(order, 1)
    ]
    notes = () if rows else ("There are no ties.",)
    return Result("communities", "Companies that hang together", tuple(rows), notes, "graph")


def _rank(row: Centrality) -> tuple[float, str]:
    return -round(row.pagerank, 12), row.company.id


def _igraph() -> Any:
    try:
        return importlib.import_module("igraph")
    except ImportError as error:
        raise MissingExtra("measures of the graph need igraph: pip install 'kg[analysis]'") from error


def _network(standing: Iterable[Relationship]) -> tuple[list[Entity], list[Relationship]]:
    """Return what relationships stand between, in order of ids, and the relationships of two."""
    standing = list(standing)
    entities = {end.id: end for relationship in standing for end in (relationship.subject, relationship.object)}
    return [entities[i] for i in sorted(entities)], [
        relationship for relationship in standing if relationship.subject.id != relationship.object.id
    ]


def _ends(relationship: Relationship) -> tuple[str, str]:
    return relationship.subject.id, relationship.object.id


def _documents(relationship: Relationship) -> int:
    return len({document for fact in relationship.facts for document in fact.documents})


def _weakest(standing: Iterable[Relationship]) -> Modality:
    return max((relationship.modality for relationship in standing), key=STANDING_MODALITIES.index)


def _leiden(igraph: Any, size: int, weights: Mapping[tuple[int, int], int], resolution: float) -> Sequence[int]:
    """Return the community of each of `size` companies, by number."""
    if not weights:
        return range(size)
    graph = igraph.Graph(size, list(weights))
    igraph.set_random_number_generator(random.Random(_SEED))  # noqa: S311 - no secret
    try:
        clusters = graph.community_leiden("modularity", list(weights.values()), resolution, n_iterations=-1)
    finally:
        igraph.set_random_number_generator(random)
    members: Sequence[int] = clusters.membership
    return members


def _modularity(members: Sequence[int], weights: Mapping[tuple[int, int], int], resolution: float) -> dict[int, float]:
    """Return what each community adds to the modularity: its share of relationships, less that expected by chance."""
    whole = sum(weights.values()) or 1
    inside: dict[int, int] = defaultdict(int)
    degrees: dict[int, int] = dict.fromkeys(members, 0)
    for (first, second), weight in weights.items():
        degrees[members[first]] += weight
        degrees[members[second]] += weight
        if members[first] == members[second]:
            inside[members[first]] += weight
    return {key: inside[key] / whole - resolution * (degree / (2 * whole)) ** 2 for key, degree in degrees.items()}
