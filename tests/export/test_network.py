import datetime as dt
import io
from dataclasses import replace
from decimal import Decimal

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.export.graphml import write_graphml
from kg.export.network import to_networkx
from kg.model import Claim, Entity, Evidence, Figure, Modality, Qualifiers


@pytest.fixture
def claims(story):
    return [claim for _, told in story for claim in told]


def read_back(claims, **options):
    out = io.BytesIO()
    notes = write_graphml(claims, out, **options)
    out.seek(0)
    return nx.read_graphml(out, node_type=str, edge_key_type=str, force_multigraph=True), notes


def same(one, two):
    return (
        one.graph["today"] == two.graph["today"]
        and dict(one.nodes(data=True)) == dict(two.nodes(data=True))
        and {(s, o, k): data for s, o, k, data in one.edges(keys=True, data=True)}
        == {(s, o, k): data for s, o, k, data in two.edges(keys=True, data=True)}
    )


def test_each_claim_is_an_edge_with_its_terms_and_its_sentence(claims):
    graph = to_networkx(claims)
    assert graph.number_of_edges() == len(claims) == 11
    deal = graph.edges["company/coreweave", "company/openai", claims[0].id]
    assert deal == {
        "claim": claims[0].id,
        "label": "supplies, 11.9 bn USD over 5 years, puissance de calcul",
        "weight": 0.9,
        "relation": "supplies",
        "modality": "asserted",
        "fact": True,
        "symmetric": False,
        "amount": 11_900_000_000.0,
        "currency": "USD",
        "goods": "puissance de calcul",
        "duration": "P5Y",
        "as_printed": "11,9 milliards de dollars",
        "quote": claims[0].evidence[0].quote,
        "lang": "fr",
        "document": "deal.txt",
        "evidence_start": 0,
        "evidence_end": 98,
        "known_from": "2025-03-11",
        "recorded_at": "2025-03-12T08:00:00Z",
        "valid_from": "2025-03-11",
        "method": "rules/1",
        "confidence": 0.9,
    }


def test_nodes_carry_names_types_and_identifiers(claims):
    nodes = to_networkx(claims).nodes
    stargate = {"label": "Stargate", "name": "Stargate", "type": "Programme", "aliases": '["Stargate"]'}
    assert nodes["programme/stargate"] == stargate
    assert nodes["company/nvidia"]["ticker"] == "NVDA"


def test_facts_only_leaves_out_what_is_planned_or_denied(claims):
    graph = to_networkx(claims, facts_only=True)
    assert graph.number_of_edges() == 9
    assert not graph.has_edge("company/microsoft", "company/coreweave")


def test_a_contract_that_has_run_out_is_no_fact_and_the_graph_names_its_day(claims):
    contract = replace(claims[0], qualifiers=Qualifiers(start="2015", duration="P5Y"))
    edges = {
        year: list(to_networkx([contract], facts_only=True, today=dt.date(year, 6, 1)).edges(data=True))
        for year in (2014, 2015, 2018, 2020, 2026)
    }
    assert {year: [data["fact"] for *_, data in found] for year, found in edges.items()} == {
        2014: [],
        2015: [True],
        2018: [True],
        2020: [True],
        2026: [],
    }
    assert [year for year, found in edges.items() for *_, data in found if data.get("undecided")] == [2015, 2020]
    [(*_, data)] = edges[2018]
    assert (data["valid_from"], data["valid_until"]) == ("2015-01-01", "2020-12-30")
    assert to_networkx([contract], today=dt.date(2018, 6, 1)).graph == {"today": "2018-06-01"}


def test_a_figure_is_no_edge(claims):
    revenue = Claim(claims[0].subject, "revenue", Figure(Decimal(1), "USD"), Modality.ASSERTED, claims[0].evidence)
    assert to_networkx([revenue]).number_of_nodes() == 0


def test_parallel_claims_stay_apart(claims):
    graph = to_networkx(claims)
    assert graph.number_of_edges("company/nvidia", "company/coreweave") == 2


def test_networkx_reads_back_the_graph_that_went_in(claims):
    read, notes = read_back(claims)
    assert same(read, to_networkx(claims))
    assert notes == ()


def test_an_empty_graph_is_a_file():
    read, _ = read_back([])
    assert read.number_of_nodes() == 0
    assert read.is_directed()


def test_what_xml_forbids_is_named_and_written_as_an_escape():
    bad = Entity("company/bad", "Bad\x00 & <b>\x1b", "Company")
    place = Evidence("d\x01.txt", 0, 3, "a\x0cb", "en")
    claim = Claim(bad, "supplies", Entity("company/b", "B", "Company"), Modality.ASSERTED, (place,))
    read, notes = read_back([claim])
    assert read.nodes["company/bad"]["name"] == r"Bad\u0000 & <b>\u001b"
    assert read.edges["company/bad", "company/b", claim.id]["quote"] == r"a\u000cb"
    assert [note.partition(": ")[0] for note in notes] == [
        "GraphML cannot hold the control characters in the name of entity 'company/bad'",
        f"GraphML cannot hold the control characters in the quote of claim {claim.id}",
        f"GraphML cannot hold the control characters in the document of claim {claim.id}",
    ]


ALLOWED = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], include_characters="\t\n\r\x85")
TEXTS = st.text(ALLOWED.filter(lambda c: c not in "\ufffe\uffff"), min_size=1, max_size=20)


@given(TEXTS.filter(str.strip), TEXTS, TEXTS, st.decimals(0, 100, places=3) | st.none())
def test_hostile_texts_come_back_to_the_letter(name, quote, goods, percent):
    claim = Claim(
        Entity("company/x", name, "Company"),
        "supplies",
        Entity("company/y", "Y", "Company"),
        Modality.HEDGED,
        (Evidence("d", 0, len(quote), quote, "fr"),),
        Qualifiers(goods=goods, percent=percent, exclusive=False),
    )
    read, notes = read_back([claim])
    assert same(read, to_networkx([claim]))
    assert notes == ()
