"""Clients that people use, against a running server; and names that try to break out on their way through it."""

import tempfile
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, N3, POST, TURTLE, XML, SPARQLWrapper

import kg
from kg.errors import StoreError
from kg.model import Claim, Document, Entity, Evidence, Modality
from kg.query import run
from kg.store import DocumentClaims, open_store

_SUPPLIES = "PREFIX kg: <https://w3id.org/company-kg/ontology#> SELECT ?s ?o { ?s kg:supplies ?o } ORDER BY ?s ?o"


@pytest.fixture(scope="module")
def supplied(same):
    return [tuple(term.value for term in row) for row in same.query(_SUPPLIES)]


@pytest.mark.parametrize("method", ["GET", POST])
def test_sparqlwrapper_reads_rows(server, supplied, method):
    client = SPARQLWrapper(f"{server.url}sparql")
    client.setQuery(_SUPPLIES)
    client.setMethod(method)
    client.setReturnFormat(JSON)
    rows = client.query().convert()["results"]["bindings"]
    assert [(row["s"]["value"], row["o"]["value"]) for row in rows] == supplied
    client.setReturnFormat(XML)
    assert len(client.query().convert().getElementsByTagName("result")) == len(supplied)
    client.setReturnFormat(CSV)
    assert len(client.query().convert().decode().splitlines()) == len(supplied) + 1


@pytest.mark.parametrize("form", [TURTLE, N3])
def test_sparqlwrapper_reads_graphs(server, supplied, form):
    client = SPARQLWrapper(f"{server.url}sparql")
    client.setQuery("PREFIX kg: <https://w3id.org/company-kg/ontology#> CONSTRUCT WHERE { ?s kg:supplies ?o }")
    client.setReturnFormat(form)
    graph = rdflib.Graph().parse(data=client.query().convert(), format="turtle")
    assert {(str(s), str(o)) for s, _, o in graph} == set(supplied)


def test_rdflib_reads_the_endpoint_as_a_graph(server, supplied):
    store = SPARQLStore(f"{server.url}sparql")
    graph = rdflib.Graph(store)
    supplies = rdflib.URIRef("https://w3id.org/company-kg/ontology#supplies")
    assert {(str(s), str(o)) for s, o in graph.subject_objects(supplies)} == set(supplied)
    assert [(str(s), str(o)) for s, o in graph.query(_SUPPLIES)] == supplied
    assert (rdflib.URIRef(supplied[0][0]), supplies, rdflib.URIRef(supplied[0][1])) in graph


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")
def test_rdflib_reads_every_format_that_is_written(server):
    count = {}
    for accept, form in (
        ("text/turtle", "turtle"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml", "xml"),
        ("application/ld+json", "json-ld"),
    ):
        answer = server.get("data", params={"default": ""}, headers={"accept": accept})
        count[form] = len(rdflib.Graph().parse(data=answer.content, format=form))
    assert len(set(count.values())) == 1, count


def test_kg_reads_a_graph_that_kg_serves(server, same):
    with kg.open(f"{server.url}sparql") as graph:
        assert list(graph.store.claims()) == list(same.claims())
        assert list(graph.store.entities()) == list(same.entities())
        assert {document.id for document in graph.store.documents()} == {document.id for document in same.documents()}
        for question, *arguments in (
            ("suppliers", "OpenAI"),
            ("planned",),
            ("facts-between-rivals",),
            ("about", "CoreWeave"),
        ):
            assert run(graph.store, question, arguments).terms == run(same, question, arguments).terms
        assert str(graph.show("CoreWeave")).splitlines()[0] == "CoreWeave"
        with pytest.raises(StoreError):
            graph.read("Nvidia owns a 6% stake in CoreWeave.", lang="en")


_HOSTILE = st.one_of(
    st.sampled_from(
        [
            "a> <urn:x> <urn:y> . <b",
            'He said "no"',
            "line\nbreak",
            "<script>alert(1)</script>",
            "</script><script>alert(1)</script>",
            '"; DROP ALL ; "',
            "} UNION { ?s ?p ?o",
            "\\u0022 \\n '''",
            "?s $o # comment",
            "=1+1",
            "Ⓐ\u202eevil\u202c",
            "{{7*7}} ${x}",
        ]
    ),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40).filter(str.strip),
)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(_HOSTILE, min_size=6, max_size=6, unique_by=str.casefold))
def test_hostile_names_pass_unharmed(serving, names):
    entities = [Entity(f"company/{number}", name, "Company", (name,)) for number, name in enumerate(names)]
    text = "".join(f"{name} met another. " for name in names)
    document = Document("hostile <&>.txt", text, "en", "2025-01-01")
    claims, at = [], 0
    for subject, object_ in zip(entities, [*entities[1:], entities[0]], strict=True):
        end = at + len(subject.name)
        evidence = (Evidence(document.id, at, end, text[at:end], "en"),)
        claims.append(
            Claim(subject, "supplies", object_, Modality.ASSERTED, evidence=evidence, method="test", confidence=1.0)
        )
        at = end + len(" met another. ")
    with tempfile.TemporaryDirectory() as folder:
        with open_store(Path(folder) / "store", write=True) as store:
            store.commit([DocumentClaims(document, tuple(claims))])
        with serving(Path(folder) / "store", Path(folder) / "log") as served:
            labels = "SELECT ?name { ?s rdfs:label ?name . ?s kg:supplies ?o }"
            assert sorted(row["name"] for row in served.rows(labels)) == sorted(names)
            for name in names:
                bound = served.get("library/buyers", params={"company": name})
                assert bound.status_code == 200, bound.text
                customer = names[(names.index(name) + 1) % len(names)]
                assert [row["customer"]["value"] for row in bound.json()["results"]["bindings"]] == [customer]
            whole = served.get("data", headers={"accept": "application/n-quads"}).content
            quotes = {
                q.object.value for q in ox.parse(whole, format=ox.RdfFormat.N_QUADS) if "exact" in q.predicate.value
            }
            assert quotes == set(names)
            page = served.get("viewer").text
            assert "<script>alert" not in page
