"""Exports in which something is of another kind than kg writes: a claim that is named, or one line, never a crash."""

import io
import json
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pyoxigraph as ox
import pytest

from kg.errors import InvalidRecord, KgError
from kg.export import export
from kg.export.reading import exported
from kg.model import Claim, Entity, Figure, Qualifiers
from kg.store import DocumentClaims, open_store
from kg.store.iris import term
from kg.store.json_codec import claim_line
from tests.conftest import COREWEAVE, NVIDIA, claim_of

NODE = ox.NamedNode("urn:x:y")
OBJECTS = (
    ox.Literal("x"),
    ox.Literal(""),
    ox.Literal("zz", datatype=term("xsd:decimal")),
    ox.Literal("x", language="en"),
    NODE,
    ox.BlankNode("b"),
    ox.Triple(NODE, NODE, ox.Literal("x")),
    None,
)
COLUMNS = (
    pa.array([1, 1]),
    pa.array([None, None], pa.string()),
    pa.array(["x", "x"]),
    pa.array([[1], [1]]),
    pa.array([{"a": 1}] * 2),
    pa.array([b"\xff"] * 2),
    pa.array([True, True]),
    pa.array([float("nan")] * 2),
)


@pytest.fixture(scope="module")
def store(unrecorded):
    document, claims = unrecorded[0]
    place = (document.evidence(0, 9), document.evidence(10, 20))
    terms = Qualifiers(start="2024", duration="P5Y", exclusive=True)
    full = Claim(NVIDIA, "supplies", COREWEAVE, claims[0].modality, place, terms)
    debt = Claim(NVIDIA, "debt", Figure(Decimal(5), "USD"), claims[0].modality, place)
    with open_store(None) as opened:
        opened.commit([DocumentClaims(document, (full, debt))])
        yield opened


def written(store, form):
    out = io.BytesIO()
    export(store, form, out)
    return out.getvalue()


def outcome(path):
    """What a file comes to: claims, and rejects or a refusal of one line each."""
    try:
        found = list(exported(path).claims())
    except KgError as error:
        found = [error]
    assert not [each for each in found if not isinstance(each, Claim) and "\n" in str(each)]
    return [each for each in found if isinstance(each, Claim)]


@pytest.mark.parametrize("form", ["nquads", "nquads12"])
def test_rdf_whose_statements_say_something_of_another_kind(store, form, tmp_path):
    """Of each predicate one statement is changed; nothing that was not written comes out."""
    quads, path = list(ox.parse(written(store, form), ox.RdfFormat.N_QUADS)), tmp_path / "x.nq"
    ids = {claim.id for claim in store.claims()}
    first = {quad.predicate: quad for quad in reversed(quads)}
    for quad in first.values():
        rest = [each for each in quads if each is not quad]
        for value in OBJECTS:
            new = [] if value is None else [ox.Quad(quad.subject, quad.predicate, value, quad.graph_name)]
            for kept in (rest, quads):
                with path.open("wb") as out:
                    ox.serialize([*kept, *new], out, ox.RdfFormat.N_QUADS)
                assert {claim.id for claim in outcome(path)} <= ids


def test_parquet_whose_columns_are_of_another_kind(store, tmp_path):
    table, path = pq.read_table(io.BytesIO(written(store, "parquet"))), tmp_path / "x.parquet"
    ids = {claim.id for claim in store.claims()}
    for at, name in enumerate(table.schema.names):
        for column in COLUMNS:
            pq.write_table(table.set_column(at, name, column).replace_schema_metadata(table.schema.metadata), path)
            assert {claim.id for claim in outcome(path)} <= ids, name
        pq.write_table(table.drop_columns([name]).replace_schema_metadata(table.schema.metadata), path)
        assert {claim.id for claim in outcome(path)} <= ids, name


VALUES = (1, 1.5, True, None, [], ["x"], [1], {}, {"a": 1}, "", "\ud800")


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_json_lines_whose_values_are_of_another_kind(store, value, tmp_path):
    """Each value of a line in turn, at any depth."""
    path, ids = tmp_path / "x.jsonl", {claim.id for claim in store.claims()}
    line = json.loads(claim_line(next(store.claims())))
    for place in places(line):
        changed = json.loads(json.dumps(line))
        holder = changed
        for step in place[:-1]:
            holder = holder[step]
        holder[place[-1]] = value
        path.write_bytes(claim_line(next(store.claims())) + json.dumps(changed).encode() + b"\n")
        for claim in outcome(path):
            assert claim.id in ids
            assert [type(text) for text in texts(claim) if not isinstance(text, str)] == []


def places(record, at=()):
    pairs = enumerate(record) if isinstance(record, list) else record.items()
    for key, value in pairs:
        yield (*at, key)
        if isinstance(value, dict | list):
            yield from places(value, (*at, key))


def texts(claim):
    for end in claim.entities:
        yield from (end.id, end.name, end.type, *end.aliases, *(part for pair in end.identifiers for part in pair))
    yield from (claim.relation, claim.method, *claim.reasons)
    yield from (text for place in claim.evidence for text in (place.document, place.quote, place.lang))


@pytest.mark.parametrize("name", ["name", "id", "type"])
@pytest.mark.parametrize("value", [5, b"x", ("x",), 0])
def test_an_entity_has_texts_alone(name, value):
    with pytest.raises(InvalidRecord):
        Entity(**{"id": "company/x", "name": "X", "type": "Company", name: value})


def test_lines_of_another_version_are_refused_at_once(store, tmp_path):
    path = tmp_path / "x.jsonl"
    line = claim_line(claim_of(store.document("deal.txt"), "Nvidia", NVIDIA, "supplies", COREWEAVE))
    path.write_bytes(line.replace(b"kg-claims/1", b"kg-claims/9") * 3)
    with pytest.raises(KgError, match="is of the format kg-claims/9, this kg reads kg-claims/1: use the kg that wrote"):
        list(exported(path).claims())
