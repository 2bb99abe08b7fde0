"""What every store says in RDF: one graph, whatever keeps it and in whatever order it was read."""

import itertools
from dataclasses import replace

import pyoxigraph as ox
import pytest

from kg.errors import QueryError, StoreError
from kg.model import Entity
from kg.ontology import ontology
from kg.store import DocumentClaims, open_store

EDGES = "SELECT ?s ?p ?o { ?p a kg:Relation . ?s ?p ?o }"


def edges(store):
    return {tuple(term.value.rpartition("/")[2].rpartition("#")[2] for term in row) for row in store.query(EDGES)}


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_graph_does_not_depend_on_the_order_of_reading(order, readings, renamed):
    french, english = readings
    third = replace(french, document=replace(french.document, id="copy.txt"))
    moved = [
        replace(
            renamed(c, "Nvidia Corp.", "NVIDIA"), evidence=tuple(replace(e, document="copy.txt") for e in c.evidence)
        )
        for c in french.claims[3:]
    ]
    all_three = (french, english, replace(third, claims=tuple(moved)))

    def graph(readings):
        with open_store(None, clock=lambda: "2025-04-01T08:00:00Z") as store:
            for reading in readings:
                store.commit([reading])
            return set(map(str, store.quads()))

    assert graph(all_three[i] for i in order) == graph(all_three)


def test_an_entity_has_one_label_the_registrys_or_the_commonest(store, readings):
    french = readings[0]
    company = next(iter(ontology().companies.values()))

    def told(n, id_, name):
        document = replace(french.document, id=f"{n}.txt")
        claim = french.claims[3]
        subject = Entity(id_, name, "Company", (name,))
        evidence = tuple(replace(e, document=document.id) for e in claim.evidence)
        return DocumentClaims(document, (replace(claim, subject=subject, evidence=evidence),))

    store.commit(told(n, "company/acme", name) for n, name in enumerate(["Acme B", "Acme C", "Acme A", "Acme C"]))
    store.commit([told(9, company.id, "nobody calls it so")])
    names = {e.id: (e.name, e.aliases) for e in store.entities()}
    assert names["company/acme"] == ("Acme C", ("Acme A", "Acme B", "Acme C"))
    assert names[company.id] == (company.name, ("nobody calls it so",))
    store.forget("3.txt")
    assert {e.id: e.name for e in store.entities()}["company/acme"] == "Acme A"
    labels = store.query("SELECT ?e (COUNT(?l) AS ?n) { ?e rdfs:label ?l . ?c rdf:subject ?e } GROUP BY ?e ?c")
    assert {row["n"].value for row in labels} == {"1"}


def test_no_triple_stands_in_two_graphs(store, readings):
    # pyoxigraph reads the union of graphs as a bag: a triple in two graphs would count twice.
    store.commit(readings)
    triples = [quad.triple for quad in store.quads()]
    assert len(triples) == len(set(triples))
    assert [row["n"].value for row in store.query("SELECT (COUNT(*) AS ?n) { ?e a kg:Company }")] == ["6"]


def test_the_rdf_says_what_the_records_say(store, readings):
    store.commit(readings)
    rows = store.query(
        """SELECT ?percent ?quote ?document ?from { ?c rdf:subject ?nvidia ; kg:percent ?percent ; kg:knownFrom ?from ;
        kg:evidence/oa:hasSelector/oa:exact ?quote ; kg:evidence/oa:hasSource/schema:identifier ?document .
        ?nvidia rdfs:label "Nvidia" } ORDER BY ?percent"""
    )
    records = [tuple(row[name].value for name in ("percent", "quote", "document", "from")) for row in rows]
    assert records == [
        ("5.2", "Nvidia owns 5.2% of CoreWeave.", "rivals.txt", "2025-03"),
        ("6", "Nvidia détient 6 % du capital de CoreWeave.", "deal.txt", "2025-03-11"),
    ]


def test_a_documents_text_and_place_are_in_no_triple(store, readings):
    document = replace(readings[0].document, source="/home/secret/deal.txt")
    store.commit([replace(readings[0], document=document)])
    values = [str(quad) for quad in store.quads()]
    assert not any("secret" in value for value in values)
    assert not any(
        "Nvidia détient 6 % du capital de CoreWeave.\n" in value or document.text in value for value in values
    )
    assert store.document("deal.txt").source == "/home/secret/deal.txt"


def test_modality_can_be_asked_by_its_label(store, readings):
    store.commit(readings)
    asked = 'SELECT (COUNT(?c) AS ?n) { ?c kg:modality/rdfs:label "prévu"@fr }'
    assert [row["n"].value for row in store.query(asked)] == ["1"]


def test_exports_hold_neither_schema_nor_bookkeeping(store, readings):
    store.commit(readings)
    graphs = {quad.graph_name for quad in store.quads()}
    assert graphs == {ox.DefaultGraph(), *(ox.NamedNode(f"{store.base}document/{r.document.id}") for r in readings)}


def test_values_are_bound_as_terms(store, readings):
    store.commit(readings)
    label = ox.Literal("Nvidia")
    assert len(list(store.query("SELECT ?e ?name { ?e rdfs:label ?name }", {"name": label}))) == 1
    hostile = ox.Literal('" } INSERT { <http://x> <http://x> 1 } #')
    assert list(store.query("SELECT ?e ?name { ?e rdfs:label ?name }", {"name": hostile})) == []


def test_a_query_cannot_change_the_store(store, readings):
    store.commit(readings)
    with pytest.raises(QueryError):
        store.query("DELETE WHERE { ?s ?p ?o }")
    assert len(list(store.claims())) == 11


# rdflib's Dataset warns of its own inside.
@pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning:rdflib")
def test_rdflib_reads_the_same_graph(store, readings):
    import rdflib

    store.commit(readings)
    dataset = store.dataset()
    company = rdflib.URIRef(f"{store.base}company/nvidia")
    assert str(dataset.value(company, rdflib.RDFS.label)) == "Nvidia"
    rows = dataset.query("PREFIX kg: <https://w3id.org/company-kg/ontology#> SELECT ?s ?o { ?s kg:holdsStake ?o }")
    assert [tuple(map(str, row)) for row in rows] == [(str(company), f"{store.base}company/coreweave")]
    # rdflib spells a time its own way, so that its own spelling is compared.
    ours = {
        (str(q.subject.value), str(q.predicate.value), str(rdflib.util.from_n3(str(q.object)))) for q in store.quads()
    }
    theirs = {tuple(map(str, triple)) for triple in dataset.triples((None, None, None))}
    assert ours <= theirs


def test_a_store_has_the_base_it_was_made_with(tmp_path, readings):
    base = "https://example.org/graph/"

    def nvidia(store):
        return [row["e"].value for row in store.query("SELECT ?e { ?e rdfs:label 'Nvidia' }")]

    for path in (None, tmp_path / "s"):
        with open_store(path, write=True, base=base) as store:
            store.commit(readings)
            assert store.base == base
            assert nvidia(store) == [f"{base}company/nvidia"]
            assert next(store.claims(entity="company/nvidia")).subject.id == "company/nvidia"
    with open_store(tmp_path / "s") as again:
        assert again.base == base
    with pytest.raises(StoreError, match="cannot be changed"):
        open_store(tmp_path / "s", base="https://example.org/other/")


@pytest.mark.parametrize("base", ["", "graph/", "https://example.org/graph", "https://exa mple.org/"])
def test_a_base_that_no_name_can_follow_is_refused(base):
    with pytest.raises(StoreError, match=r"^the base"):
        open_store(None, base=base)
