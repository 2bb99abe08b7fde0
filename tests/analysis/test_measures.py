"""Where companies stand in the graph: as networkx has it, and the same whatever the order of the claims."""

import random
import sys
from itertools import combinations, count

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.analysis.network.measures import centrality, communities
from kg.errors import MissingExtra, QueryError
from kg.facts import AsOf
from kg.model import Claim, Document, Entity, Modality, Qualifiers

_NUMBERS = count()


def company(name):
    return Entity(f"company/{name.lower()}", name, "Company", (name,))


def say(subject, object_, relation="supplies", *, as_=Modality.ASSERTED, name=None, known=None):
    sentence = f"{subject} {relation} {object_} {next(_NUMBERS)}."
    evidence = Document(name or sentence, sentence, "en", known).evidence(0, len(sentence))
    return Claim(company(subject), relation, company(object_), as_, (evidence,), Qualifiers(), known)


def by_name(result, field):
    return {row.company.name: getattr(row, field) for row in result}


def test_a_star_has_its_centre():
    claims = [say(leaf, "M") for leaf in "ABC"]
    result = centrality(claims)
    assert [row.company.name for row in result] == ["M", "A", "B", "C"]
    assert by_name(result, "betweenness") == {"M": 3, "A": 0, "B": 0, "C": 0}
    assert by_name(result, "harmonic") == {"M": 3, "A": 2, "B": 2, "C": 2}
    assert (result[0].inward, result[0].outward, result[0].core) == (3, 0, 1)
    assert sum(by_name(result, "pagerank").values()) == pytest.approx(1)
    assert [[cells["in"] for cells in row.cells()] for row in result] == [[3], [0], [0], [0]]


def test_documents_count_once_for_each_tie():
    claims = [say("A", "B", name=name) for name in ("x", "x", "y")] + [say("B", "A", "invests-in", name="x")]
    assert by_name(centrality(claims), "documents") == {"A": 3, "B": 3}
    assert len(centrality(claims)[0].claims) == 4


def test_a_symmetric_relation_points_both_ways():
    [one, other] = centrality([say("A", "B", "competes-with")])
    assert (one.inward, one.outward, other.inward, other.outward) == (1, 1, 1, 1)
    assert one.pagerank == pytest.approx(0.5)


def test_only_facts_count_unless_more_is_asked_for():
    claims = [say("A", "B"), say("B", "C", as_=Modality.PLANNED), say("C", "D", as_=Modality.DENIED)]
    assert set(by_name(centrality(claims), "core")) == {"A", "B"}
    more = centrality(claims, modalities=(Modality.ASSERTED, Modality.PLANNED))
    assert by_name(more, "modality") == {"A": "asserted", "B": "planned", "C": "planned"}


def test_what_became_known_later_does_not_count_at_a_past_date():
    claims = [say("A", "B", known="2024-01-01"), say("B", "C", known="2025-01-01")]
    for ask in (centrality, communities):
        assert len(ask(claims, as_of=AsOf(known="2024")).claims) == 1


def test_graphs_without_ties_have_no_rows_and_a_note():
    for ask in (centrality, communities):
        assert (len(ask([])), ask([]).notes) == (0, ("There are no ties.",))
        assert ask([]).claims == ()


def test_a_company_with_a_tie_to_itself_alone_does_not_fail():
    [row] = centrality([say("A", "A")])
    assert (row.pagerank, row.core, row.inward, row.claims) == (1, 0, 0, ())
    [alone] = communities([say("A", "A")])
    assert (alone.modularity, alone.modality) == (0, None)


def test_two_cliques_are_two_communities():
    claims = [say(*pair) for group in ("ABCD", "WXYZ") for pair in combinations(group, 2)] + [say("D", "W")]
    result = communities(claims)
    assert ["".join(one.name for one in row.companies) for row in result] == ["ABCD", "WXYZ"]
    assert [row.modularity for row in result] == [pytest.approx(6 / 13 - 0.25)] * 2
    assert [len(row.claims) for row in result] == [6, 6]  # the tie between them is in neither
    assert [cells["company"].name for row in result for cells in row.cells()] == list("ABCDWXYZ")


def test_a_greater_resolution_makes_smaller_communities():
    claims = [say(*pair) for group in ("ABCD", "WXYZ") for pair in combinations(group, 2)] + [say("D", "W")]
    assert [len(communities(claims, resolution=resolution)) for resolution in (0, 1, 9)] == [1, 2, 8]
    with pytest.raises(QueryError, match="a resolution of -1 cannot be"):
        communities(claims, resolution=-1)


def test_the_karate_club_falls_into_four_communities():
    """Zachary 1977; the greatest modularity there is is 0.4198 (Brandes et al. 2008, https://doi.org/10.1109/TKDE.2007.190689)."""
    claims = [say(f"N{one:02}", f"N{other:02}") for one, other in nx.karate_club_graph().edges]
    result = communities(claims)
    assert len(result) == 4
    assert sum(row.modularity for row in result) == pytest.approx(0.4198, abs=1e-4)


def test_finding_communities_leaves_the_chance_of_others_alone():
    igraph = pytest.importorskip("igraph")
    random.seed(5)
    before = random.getstate()
    communities([say("A", "B"), say("B", "C")])
    assert random.getstate() == before
    drawn = [igraph.Graph.Erdos_Renyi(9, 0.5).get_edgelist() for _ in range(2)]
    random.seed(5)
    assert igraph.Graph.Erdos_Renyi(9, 0.5).get_edgelist() == drawn[0]


def test_without_igraph_a_line_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "igraph", None)
    for ask in (centrality, communities):
        with pytest.raises(MissingExtra, match=r"pip install 'kg\[analysis\]'"):
            ask([say("A", "B")])


# ---------------------------------------------------------------- laws
RELATIONS = ("supplies", "invests-in", "competes-with")
ARCS = st.lists(st.tuples(*[st.sampled_from("ABCDEFGH")] * 2, st.sampled_from(RELATIONS)), min_size=1, max_size=25)


def networks(arcs):
    """The ties as networkx has them: directed with parallels, and plain."""
    ties = {(frozenset((one, other)) if relation == "competes-with" else (one, other), relation): (one, other, relation)
            for one, other, relation in arcs}  # fmt: skip
    directed = nx.MultiDiGraph()
    directed.add_nodes_from(name for arc in arcs for name in arc[:2])
    for one, other, relation in ties.values():
        if one != other:
            directed.add_edge(one, other)
            if relation == "competes-with":
                directed.add_edge(other, one)
    counted = nx.Graph()
    counted.add_nodes_from(directed)
    for one, other, _ in ties.values():
        if one != other:
            weight = counted.get_edge_data(one, other, {"weight": 0})["weight"]
            counted.add_edge(one, other, weight=weight + 1)
    return directed, counted


@given(ARCS)
def test_centralities_are_those_of_networkx(arcs):
    result = centrality([say(*arc) for arc in arcs])
    directed, plain = networks(arcs)
    for field, expected, error in (
        ("pagerank", nx.pagerank(directed, tol=1e-12, max_iter=1000), 1e-6),
        ("betweenness", nx.betweenness_centrality(plain, normalized=False), 1e-9),
        ("harmonic", nx.harmonic_centrality(plain), 1e-9),
        ("core", nx.core_number(plain), 0),
        ("inward", dict(directed.in_degree()), 0),
        ("outward", dict(directed.out_degree()), 0),
    ):
        assert by_name(result, field) == pytest.approx(expected, abs=error), field


@given(ARCS, st.sampled_from((0.5, 1.0, 2.0)))
def test_communities_part_the_companies_and_their_modularity_is_that_of_networkx(arcs, resolution):
    result = communities([say(*arc) for arc in arcs], resolution=resolution)
    _, plain = networks(arcs)
    parts = [{one.name for one in row.companies} for row in result]
    assert sorted(name for part in parts for name in part) == sorted(plain)
    assert all(nx.is_connected(plain.subgraph(part)) for part in parts)
    if plain.edges:
        expected = nx.community.modularity(plain, parts, resolution=resolution)
        assert sum(row.modularity for row in result) == pytest.approx(expected, abs=1e-9)


@given(ARCS, st.randoms(use_true_random=False))
def test_the_order_of_claims_does_not_matter(arcs, chance: random.Random):
    claims = [say(*arc) for arc in arcs]
    mixed = chance.sample(claims, len(claims))
    for ask in (centrality, communities):
        assert ask(claims).rows == ask(mixed).rows
        assert ask(claims).rows == ask(claims).rows


# ---------------------------------------------------------------- the examples
def test_the_examples_turn_on_openai(examples):
    assert centrality(examples)[0].company.name == "OpenAI"
    near = next(row for row in communities(examples) if "CoreWeave" in {one.name for one in row.companies})
    assert "Nvidia" in {one.name for one in near.companies}


def test_a_company_tied_to_itself_alone_has_no_modality():
    result = centrality([say("A", "A"), say("B", "C")])
    assert by_name(result, "modality") == {"A": None, "B": Modality.ASSERTED, "C": Modality.ASSERTED}
    assert [line["modality"] for row in result for line in row.cells() if row.company.name == "A"] == [None]
    assert len(result.table()) == 3
