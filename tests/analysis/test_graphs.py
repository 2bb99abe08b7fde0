"""Results as networkx graphs, which other programs can read."""

import io
import math

import networkx as nx
import pytest

from kg.analysis.ownership.control import control
from kg.analysis.ownership.shares import owners
from kg.analysis.registry import ANALYSES, analyse
from kg.analysis.results.graphs import annotated
from kg.importers.edges.reading import claims_of_edges

EDGES = [("A", "B", 0.6), ("B", "C", 0.25), ("A", "C", 0.2)]


def read_back(graph):
    out = io.BytesIO()
    nx.write_graphml_xml(graph, out)
    out.seek(0)
    return nx.read_graphml(out, node_type=str, edge_key_type=str, force_multigraph=True)


def test_nodes_carry_the_numbers_of_the_row_that_names_them():
    graph = annotated(owners(claims_of_edges(EDGES), "C"))
    assert graph.nodes["company/a"]["net_low"] == pytest.approx(0.35)
    assert graph.nodes["company/b"]["direct_high"] == pytest.approx(0.25)
    assert graph.nodes["company/c"] == {
        "name": "C",
        "label": "C",
        "type": "Company",
        "aliases": '["C"]',
        "rows": "1 2",
    }
    assert graph.graph["analysis"] == "owners"


def test_edges_tell_which_rows_their_claim_made():
    claims = claims_of_edges(EDGES)
    graph = annotated(owners(claims, "C"))
    rows = {key: data["rows"] for _, _, key, data in graph.edges(keys=True, data=True)}
    assert rows == {claims[0].id: "1", claims[1].id: "1 2", claims[2].id: "1"}


def test_rows_on_pairs_put_no_number_on_a_company_that_stands_in_several():
    graph = annotated(control(claims_of_edges([("A", "B", 0.6), ("A", "C", 0.6), ("B", "C", 0.2), ("D", "E", 1)])))
    assert "direct_low" not in graph.nodes["company/a"]
    assert graph.nodes["company/a"]["rows"] == "1 2"


def test_a_bound_that_is_infinite_is_absent():
    graph = annotated(owners(claims_of_edges([("A", "B", None), ("B", "A", None)]), "B"))
    values = [value for _, data in graph.nodes(data=True) for value in data.values() if isinstance(value, float)]
    assert all(map(math.isfinite, values))


@pytest.fixture
def claims(examples):
    return list(examples)


@pytest.mark.parametrize("name", list(ANALYSES))
def test_every_result_goes_through_graphml_unchanged(name, claims):
    ends = ["Nvidia", "OpenAI"][: sum(p.required and p.kind == "entity" for p in ANALYSES[name].parameters)]
    graph = annotated(analyse(claims, name, *ends))
    again = read_back(graph)
    assert dict(again.nodes(data=True)) == dict(graph.nodes(data=True))
    edges, same = ({(s, o, k): data for s, o, k, data in g.edges(keys=True, data=True)} for g in (graph, again))
    assert same == edges
