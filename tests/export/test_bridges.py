"""What is exported reads back as the same claims: any claim, by kg, by networkx, by igraph, by pyoxigraph."""

import csv
import io
import json
import re
from dataclasses import replace
from decimal import Decimal

import igraph
import networkx as nx
import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.export import FORMATS, export, export_folder, format_of, to_networkx
from kg.export.escapes import XML_FORBIDDEN, escaped, unescaped
from kg.export.graphml import write_graphml
from kg.export.neo4j import FILES, header, write_neo4j
from kg.export.parquet import write_claims
from kg.export.properties import EDGE, Kind, claim_of, edge_properties, entity_of, node_properties
from kg.export.quad_order import by_graph, in_order
from kg.export.reading import exported, read_claims, take_in
from kg.export.reading.texts import QuotedText
from kg.export.reifiers import REIFIES, as_reification, as_reifiers
from kg.judgements import Judgement, Verdict
from kg.model import Claim, Document, Entity, Evidence, Figure, Modality, Outcome, Qualifiers
from kg.store import DocumentClaims, open_store
from kg.store.iris import term
from kg.store.json_codec import claim_line
from tests.claim_strategies import claims, text

RDF = {"turtle": ".ttl", "trig": ".trig", "nquads": ".nq", "jsonld": ".jsonld"} | {
    "turtle12": ".rdf12.ttl",
    "trig12": ".rdf12.trig",
    "nquads12": ".rdf12.nq",
}
outcomes = st.sampled_from([(Outcome.ADMITTED, ()), (Outcome.REFUSED, ("KIND", "UNREADABLE_TERM"))])
any_claims = st.lists(
    st.builds(lambda claim, outcome: replace(claim, outcome=outcome[0], reasons=outcome[1]), claims(), outcomes),
    max_size=3,
    unique_by=lambda claim: claim.id,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("bridges")


def whole(claims_):
    """Claims with all of their entities, the parts that equality passes over too."""
    return [(claim, [(end.aliases, end.identifiers) for end in claim.entities]) for claim in claims_]


def with_one_spelling(claims_):
    """Claims whose entities have the spellings of the first of their name, as a node of a graph has."""
    seen = {}
    for claim in claims_:
        for end in claim.entities:
            seen.setdefault(end.id, end)
    return [(claim, [(seen[end.id].aliases, seen[end.id].identifiers) for end in claim.entities]) for claim in claims_]


# ------------------------------------------------------------------------------ any claim
@settings(max_examples=40)
@given(any_claims)
def test_graphml_gives_back_any_claim_between_entities(folder, some):
    kept = [replace(claim, retracted_at=None) for claim in some if isinstance(claim.object, Entity)]
    path = folder / "any.graphml"
    with path.open("wb") as out:
        write_graphml(kept, out)
    assert whole(read_claims(exported(path))) == with_one_spelling(kept)


@settings(max_examples=40)
@given(any_claims)
def test_neo4j_s_csv_gives_back_any_claim(folder, some):
    target = folder / "neo4j"
    target.mkdir(exist_ok=True)
    write_neo4j(some, target)
    back = {claim.id: end for claim, *end in whole(read_claims(exported(target)))}
    assert back == {claim.id: end for claim, *end in with_one_spelling(some)}
    assert sorted(read_claims(exported(target)), key=lambda c: c.id) == sorted(some, key=lambda c: c.id)


@settings(max_examples=40)
@given(any_claims)
def test_parquet_gives_back_any_claim(folder, some):
    path = folder / "any.parquet"
    with path.open("wb") as out:
        write_claims(some, out)
    assert whole(read_claims(exported(path))) == whole(some)


@settings(max_examples=25)
@given(any_claims.filter(bool))
def test_json_lines_give_back_any_claim(folder, some):
    path = folder / "any.jsonl"
    path.write_bytes(b"".join(map(claim_line, some)))
    assert whole(read_claims(exported(path))) == whole(some)


@settings(max_examples=25)
@given(claims(furthest=1000))
def test_rdf_of_both_versions_gives_back_any_claim(folder, claim):
    """Through a store, which says when it took the claim in."""
    known = replace(claim, recorded_at=None, retracted_at=None)
    with open_store(None) as store:
        try:
            text = quoted(known)
        except ValueError:
            return
        store.commit([DocumentClaims(Document(known.document, text, "en"), (known,))])
        want = list(store.claims())
        for form in ("trig", "trig12"):
            path = folder / f"any{RDF[form]}"
            with path.open("wb") as out:
                export(store, form, out)
            assert whole(read_claims(exported(path))) == whole(want)


def quoted(claim):
    text = QuotedText()
    text.quote(claim)
    return text.text


@given(text)
def test_what_xml_forbids_comes_back(words):
    written = escaped(words, XML_FORBIDDEN)
    assert XML_FORBIDDEN.search(written) is None
    marks = {"escaped": "name"} if written != words else {}
    assert unescaped({"name": written, **marks}) == {"name": words}
