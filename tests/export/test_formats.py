"""What rdflib, networkx and a strict reader read back is what went in."""

import csv
import io
import json

import networkx as nx
import pyarrow.parquet as pq
import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import formats
from kg.errors import KgError
from kg.export import FORMATS, export, format_of, to_networkx
from kg.export.jsonld import write_nodes
from kg.model import Claim, Document, Entity, Modality, Outcome
from kg.ontology import NAMESPACE, PREFIXES
from kg.store import DocumentClaims, open_store
from kg.store.json_codec import claim_from, strict_json

# Characters that escape badly in one format or another; half a surrogate pair is refused by the model.
HOSTILE = st.text(
    st.one_of(
        st.sampled_from(list("<>\"'&\\{}|^`#?%;:,. \n\r\t\u2028\u202e\u0000\u0007é😀")),
        st.characters(codec="utf-8"),
    ),
    min_size=1,
    max_size=30,
).filter(str.strip)


@pytest.fixture(autouse=True)
def as_written(monkeypatch):
    """Keep rdflib from rewriting literals (Z becomes +00:00) while they are compared."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


@pytest.fixture
def store(unrecorded):
    with open_store(None) as opened:
        opened.commit([DocumentClaims(document, claims) for document, claims in unrecorded])
        yield opened


def written(store, form):
    out = io.BytesIO()
    export(store, form, out)
    return out.getvalue()


def canonical(quads):
    """Quads as N-Quads lines, sorted, so that two readers can be compared."""
    return sorted(f"{q.subject} {q.predicate} {q.object} {q.graph_name}" for q in quads)


def by_rdflib(data, form):
    """Parse with rdflib and pass on as N-Quads, which pyoxigraph reads."""
    dataset = rdflib.Dataset()
    dataset.parse(data=data, format=form)
    return canonical(ox.parse(dataset.serialize(format="nquads").encode(), ox.RdfFormat.N_QUADS))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(("form", "name"), [("trig", "trig"), ("nquads", "nquads"), ("jsonld", "json-ld")])
def test_rdflib_reads_back_every_quad(store, form, name):
    assert by_rdflib(written(store, form), name) == canonical(store.quads())


def test_turtle_holds_every_triple_once(store):
    graph = rdflib.Graph().parse(data=written(store, "turtle"), format="turtle")
    assert len(graph) == len({str(quad.triple) for quad in store.quads()})
    holders = list(graph.subjects(rdflib.URIRef(NAMESPACE + "holdsStake")))
    assert [str(node).rpartition("/")[2] for node in holders] == ["nvidia"]


def test_json_lines_read_back_as_equal_claims(store):
    lines = written(store, "jsonl").decode().splitlines()
    assert [claim_from(strict_json(line)) for line in lines] == list(store.claims())
    assert {json.loads(line)["format"] for line in lines} == {formats.CLAIMS}
    assert set(json.loads(lines[0])) >= {"id", "subject", "relation", "object", "modality", "qualifiers", "evidence"}


def test_graphml_reads_back_as_the_graph(store):
    read = nx.read_graphml(
        io.BytesIO(written(store, "graphml")), node_type=str, edge_key_type=str, force_multigraph=True
    )
    went_in = to_networkx(store.claims())
    assert dict(read.nodes(data=True)) == dict(went_in.nodes(data=True))
    assert {key: data for *_, key, data in read.edges(keys=True, data=True)} == {
        key: data for *_, key, data in went_in.edges(keys=True, data=True)
    }


def test_two_exports_are_the_same_to_the_byte(store):
    for form in FORMATS:
        assert written(store, form) == written(store, form)


def test_no_export_holds_a_document_s_whole_text(store):
    text = store.document("deal.txt").text
    for form in FORMATS:
        data = written(store, form)
        # Columns are packed: what they hold is looked at.
        letters = str(pq.read_table(io.BytesIO(data)).to_pylist()) if form == "parquet" else data.decode()
        assert "Nvidia" in letters
        assert text not in letters


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=HOSTILE, quote=HOSTILE)
def test_hostile_names_and_quotes_pass_through_unharmed(name, quote):
    document = Document("a b/<x>.txt", quote, "en")
    ends = (Entity("company/x", "X", "Company", (name,)), Entity("company/y", name, "Company", (name,)))
    claim = Claim(ends[0], "supplies", ends[1], Modality.ASSERTED, (document.evidence(0, len(quote)),))
    with open_store(None) as store:
        store.commit([DocumentClaims(document, (claim,))])
        back = [claim_from(strict_json(line)) for line in written(store, "jsonl").split(b"\n") if line]
        assert [c.evidence[0].quote for c in back] == [quote]
        assert canonical(ox.parse(written(store, "nquads"), ox.RdfFormat.N_QUADS)) == canonical(store.quads())
        assert by_rdflib(written(store, "jsonld"), "json-ld") == canonical(store.quads())
        nx.read_graphml(io.BytesIO(written(store, "graphml")), force_multigraph=True)


def test_what_a_format_cannot_hold_is_named(store):
    document = Document("d.txt", "a\x00b", "en")
    ends = Entity("company/x", "X\x01", "Company"), Entity("company/y", "Y", "Company")
    claim = Claim(ends[0], "supplies", ends[1], Modality.ASSERTED, (document.evidence(0, 3),))
    store.commit([DocumentClaims(document, (claim,))])
    # Formats of other standards tell what they cannot say: tests/export/test_exchange.py.
    forms = FORMATS.keys() - {"bods", "ftm", "wikidata"}
    notes = {form: export(store, form, io.BytesIO()) for form in forms}
    assert [len(notes.pop("graphml")), *{len(other) for other in notes.values()}] == [2, 0]


def test_json_ld_reads_well_with_its_context(store):
    graph = json.loads(written(store, "jsonld"))
    nodes = {node["@id"]: node for node in graph["@graph"]}
    assert nodes["company:coreweave"]["supplies"] == ["company:microsoft", "company:openai"]
    assert nodes["company:coreweave"]["@type"] == "Company"
    assert graph["@context"]["supplies"] == {"@id": NAMESPACE + "supplies", "@type": "@id"}


def test_json_ld_refuses_an_address_that_it_would_misread():
    odd = ox.Quad(ox.NamedNode("schema:x"), ox.NamedNode(NAMESPACE + "supplies"), ox.Literal("y"))
    with pytest.raises(KgError, match="takes <schema:x> for a prefixed name: export as trig or nquads"):
        write_nodes([odd], io.BytesIO())


@pytest.mark.parametrize("name", ["kg:company", "rdfs:label", "kg:start"])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_json_ld_spells_every_value_so_that_it_reads_back(name):
    prefix, _, local = name.partition(":")
    predicate, subject = ox.NamedNode(PREFIXES[prefix] + local), ox.NamedNode("urn:x:y")
    objects = [
        ox.Literal("true"),
        ox.Literal("true", datatype=ox.NamedNode(PREFIXES["xsd"] + "boolean")),
        ox.Literal("6.0", datatype=ox.NamedNode(PREFIXES["xsd"] + "decimal")),
        ox.Literal("chat", language="fr"),
        ox.NamedNode(PREFIXES["company"] + "a/b"),
        ox.NamedNode(PREFIXES["company"] + "a"),
    ]
    quads = [ox.Quad(subject, predicate, value, graph) for graph in (ox.DefaultGraph(), subject) for value in objects]
    out = io.BytesIO()
    write_nodes(quads, out)
    assert canonical(ox.parse(out.getvalue(), ox.RdfFormat.JSON_LD)) == canonical(quads)
    assert by_rdflib(out.getvalue(), "json-ld") == canonical(quads)


@pytest.mark.parametrize(("path", "form"), [("a.ttl", "turtle"), ("b/c.JSONLD", "jsonld"), ("x.csv", "csv")])
def test_a_file_s_name_tells_the_format(path, form):
    assert format_of(path) == form


def test_an_unknown_format_is_one_line_with_a_hint(store):
    with pytest.raises(KgError, match="Did you mean 'turtle'"):
        export(store, "turtel", io.BytesIO())
    with pytest.raises(KgError, match="give --format"):
        format_of("graph.xyz")


def test_claims_of_another_outcome_are_written_if_asked_for(sorted_reading):
    to_review, everything = {Outcome.TO_REVIEW}, set(Outcome)
    with open_store(None, write=True) as store:
        store.commit([sorted_reading])

        def written(form, outcomes):
            out = io.BytesIO()
            export(store, form, out, outcomes=outcomes)
            return out.getvalue()

        lines = [claim_from(strict_json(line)) for line in written("jsonl", to_review).splitlines()]
        assert lines == list(store.candidates(outcomes=to_review))
        assert len(written("jsonl", everything).splitlines()) == 4
        rows = list(csv.DictReader(io.StringIO(written("csv", everything).decode(), newline="")))
        assert sorted((row["outcome"], row["fact"], row["reasons"]) for row in rows) == [
            ("admitted", "true", ""),
            ("admitted", "true", "UNREADABLE_TERM"),
            ("refused", "false", "KIND UNREADABLE_TERM"),
            ("to-review", "false", "TWO_VALUES"),
        ]
        graph = nx.read_graphml(io.BytesIO(written("graphml", everything)), force_multigraph=True)
        outcomes = [(data.get("outcome"), data["fact"]) for *_, data in graph.edges(data=True)]
        assert sorted(outcomes, key=str) == [("refused", False), ("to-review", False), (None, True), (None, True)]
        for form in ("turtle", "trig", "nquads", "jsonld"):
            with pytest.raises(KgError, match="RDF holds admitted claims alone: export the others as jsonl"):
                written(form, to_review)
