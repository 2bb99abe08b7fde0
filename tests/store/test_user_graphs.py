"""Graphs of the user's own: changed by SPARQL Update, kept in the journal, apart from what follows from documents."""

import shutil

import pyoxigraph as ox
import pytest

from kg.errors import QueryError, StoreError
from kg.store import Scope, check, open_store

SECTORS = "https://example.org/sectors"
_INSERT = f"""
PREFIX ex: <https://example.org/>
INSERT DATA {{ GRAPH <{SECTORS}> {{ <company/openai> ex:sector "AI" . <company/nvidia> ex:sector "chips" }} }}
"""
_SECTOR = "SELECT ?name ?sector { ?c <https://example.org/sector> ?sector ; rdfs:label ?name } ORDER BY ?name"


def sectors(store):
    return [(row["name"].value, row["sector"].value) for row in store.query(_SECTOR)]


def test_own_graphs_are_asked_with_the_rest(journalled, readings):
    journalled.commit(readings)
    done = journalled.update(_INSERT)
    assert (done.added, done.removed) == (2, 0)
    assert sectors(journalled) == [("Nvidia", "chips"), ("OpenAI", "AI")]
    assert journalled.update(_INSERT).added == 0
    done = journalled.update(f'DELETE {{ GRAPH ?g {{ ?c ?p "AI" }} }} WHERE {{ GRAPH ?g {{ ?c ?p "AI" }} }}')  # noqa: F541
    assert (done.added, done.removed) == (0, 1)
    assert sectors(journalled) == [("Nvidia", "chips")]
    assert not [v for v in check(journalled).violations if "index" in v.rule]


def test_an_update_reads_all_and_writes_its_own(journalled, readings):
    journalled.commit(readings)
    journalled.update(
        "PREFIX ex: <https://example.org/> INSERT { GRAPH ex:rich { ?c ex:investors ?n } } WHERE "
        "{ SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { GRAPH ?g { ?k rdf:predicate kg:investsIn ; rdf:subject ?s ; "
        "rdf:object ?c } } GROUP BY ?c }"
    )
    assert len(list(journalled.quads("https://example.org/rich"))) > 0


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
        "INSERT DATA { GRAPH <document/deal.txt> { <urn:a> <urn:b> <urn:c> } }",
        "INSERT DATA { GRAPH <store> { <urn:a> <urn:b> <urn:c> } }",
        "DELETE WHERE { ?a kg:supplies ?b }",
        "DELETE { GRAPH ?g { ?c ?p ?n } } INSERT { GRAPH ?g { ?c kg:percent 7 } } WHERE { GRAPH ?g { ?c ?p ?n } }",
        "CLEAR ALL",
        "DROP DEFAULT",
        "DROP NAMED",
        "MOVE <document/deal.txt> TO <urn:mine>",
        "COPY <urn:mine> TO DEFAULT",
    ],
)
def test_what_follows_from_documents_is_not_changed(journalled, readings, state, text):
    journalled.commit(readings)
    journalled.update("INSERT DATA { GRAPH <urn:mine> { <urn:a> <urn:b> <urn:c> } }")
    before = state(journalled)
    with pytest.raises(QueryError, match="follows from documents"):
        journalled.update(text)
    assert state(journalled) == before


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("INSERT DAT { }", "no SPARQL 1.1"),
        ("SELECT * { ?s ?p ?o }", "no SPARQL 1.1"),
        ("LOAD <http://127.0.0.1:9/x> INTO GRAPH <urn:mine>", "fetches nothing"),
        ("load silent <file:///etc/passwd> into graph <urn:mine>", "fetches nothing"),
        (
            "INSERT { GRAPH <urn:g> { ?s ?p ?o } } WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
            "fetches nothing",
        ),
        ("INSERT DATA { " + "{" * 200, "nested"),
        ("CREATE GRAPH <urn:mine> ; CREATE GRAPH <urn:mine>", "cannot be carried out|no SPARQL"),
    ],
)
def test_what_is_no_update_is_told_in_one_line(journalled, text, why):
    with pytest.raises(QueryError, match=why) as raised:
        journalled.update(text)
    assert "\n" not in str(raised.value)


def test_words_that_only_look_like_load_are_no_harm(journalled):
    journalled.update(
        'PREFIX load: <urn:load:> INSERT DATA { GRAPH <urn:mine> { load:a load:service "SERVICE LOAD" } }'
    )
    (quad,) = journalled.quads("urn:mine")
    assert quad.object.value == "SERVICE LOAD"
    assert quad.predicate.value == "urn:load:service"


def test_patterns_range_over_the_graphs_that_are_named(journalled, readings):
    journalled.commit(readings)
    journalled.update("INSERT DATA { GRAPH <urn:one> { <urn:a> <urn:p> 1 } GRAPH <urn:two> { <urn:b> <urn:p> 2 } }")
    copy = "INSERT { GRAPH <urn:to> { ?s ?p ?o } } WHERE { ?s ?p ?o }"
    journalled.update(copy, scope=Scope(default=("urn:one",)))
    assert [quad.subject.value for quad in journalled.quads("urn:to")] == ["urn:a"]
    named = "INSERT { GRAPH <urn:named> { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }"
    journalled.update(named, scope=Scope(named=("urn:two",)))
    assert [quad.subject.value for quad in journalled.quads("urn:named")] == ["urn:b"]
    with pytest.raises(QueryError, match="named twice"):
        journalled.update(copy.replace("WHERE", "USING <urn:two> WHERE"), scope=Scope(default=("urn:one",)))


def test_a_graph_is_put_and_taken_away(journalled, readings):
    journalled.commit(readings)
    blank = ox.BlankNode()
    triples = [
        ox.Triple(ox.NamedNode("urn:a"), ox.NamedNode("urn:p"), blank),
        ox.Triple(blank, ox.NamedNode("urn:q"), ox.Literal('x > "y"\n', language="fr")),
    ]
    assert journalled.replace_graph("urn:mine", triples).added == 2
    (first, second) = sorted(journalled.quads("urn:mine"), key=lambda quad: quad.predicate.value)
    assert first.object == second.subject
    assert isinstance(first.object, ox.NamedNode)
    done = journalled.replace_graph("urn:mine", triples[:1] and [ox.Triple(*(ox.NamedNode(f"urn:{n}") for n in "abc"))])
    assert (done.added, done.removed) == (1, 2)
    assert journalled.replace_graph("urn:mine", []).removed == 1
    assert list(journalled.query("SELECT ?g { GRAPH ?g { } FILTER (?g = <urn:mine>) }")) == []
    for graph in ("", f"{journalled.base}document/deal.txt", f"{journalled.base}ontology"):
        with pytest.raises(QueryError, match="follows from documents"):
            journalled.replace_graph(graph, triples)
    with pytest.raises(QueryError, match="no IRI"):
        journalled.replace_graph("not an iri", triples)


def test_own_graphs_survive_whatever_happens_to_the_index(folder, state):
    with open_store(folder, write=True) as store:
        store.update(_INSERT)
        store.update("INSERT DATA { GRAPH <urn:mine> { <urn:a> <urn:b> 1, 2, 3 } }")
        store.update("DELETE DATA { GRAPH <urn:mine> { <urn:a> <urn:b> 2 } }")
        before = state(store)
    shutil.rmtree(folder / "index")
    with open_store(folder) as store:
        assert state(store) == before
        assert check(store).violations == ()
        with pytest.raises(StoreError, match="write=True"):
            store.update("INSERT DATA { GRAPH <urn:mine> { <urn:a> <urn:b> 4 } }")


def test_an_index_that_lags_takes_own_graphs_in(folder, state):
    with open_store(folder, write=True) as store:
        store.update("INSERT DATA { GRAPH <urn:mine> { <urn:a> <urn:b> 1 } }")
    shutil.copytree(folder / "index", folder.parent / "old")
    with open_store(folder, write=True) as store:
        store.update(_INSERT)
        store.update("DROP GRAPH <urn:mine>")
        before = state(store)
    shutil.rmtree(folder / "index")
    (folder.parent / "old").rename(folder / "index")
    (folder / "index.sums").unlink()
    with open_store(folder, write=True) as store:
        assert "caught up" in store.notes[0]
        assert state(store) == before


def test_a_quad_that_the_journal_does_not_have_is_found(folder):
    with open_store(folder, write=True) as store:
        store.update(_INSERT)
        store.index.store.add(ox.Quad(*(ox.NamedNode(f"urn:{n}") for n in "abc"), ox.NamedNode(SECTORS)))
        assert any("other things" in violation.message for violation in check(store).violations)
