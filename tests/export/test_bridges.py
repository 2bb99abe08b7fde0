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
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from kg.errors import InvalidRecord
from kg.export import FORMATS, export, export_folder, format_of, to_networkx
from kg.export.escapes import XML_FORBIDDEN, escaped, unescaped
from kg.export.graphml import write_graphml
from kg.export.neo4j import FILES, header, write_neo4j
from kg.export.parquet import write_claims
from kg.export.quad_order import by_graph, in_order
from kg.export.reading import exported, read_claims, take_in
from kg.export.reading.texts import QuotedText
from kg.export.reifiers import REIFIES, as_reification, as_reifiers
from kg.judgements import Judgement, Verdict
from kg.model import Claim, Document, Entity, Evidence, Figure, Modality, Outcome, Qualifiers, Tier
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


def test_reading_csv_leaves_the_limit_of_all_readers_as_it_was(tmp_path, example_store):
    with open_store(example_store) as store:
        write_neo4j(store.claims(), tmp_path)
    limit = csv.field_size_limit()
    read = read_claims(exported(tmp_path))
    next(read)
    assert csv.field_size_limit() == limit
    assert list(read)
    assert csv.field_size_limit() == limit


@pytest.mark.parametrize("form", ["graphml", "neo4j"])
def test_no_two_ids_are_written_alike(tmp_path, form):
    said = (Evidence("d", 0, 1, "A", "en"),)
    ids = ["company/\\", "company/a\x00b", "company/a\\u0000b", "company/a\\u005cu0000b"]
    ends = [Entity(id_, "A", "Company") for id_ in ids]
    some = [
        Claim(one, "supplies", other, Modality.ASSERTED, said, method="rules/2", confidence=0.9)
        for one in ends
        for other in ends
        if one is not other
    ]
    target = tmp_path / f"some.{form}"
    if form == "neo4j":
        target.mkdir()
        write_neo4j(some, target)
    else:
        with target.open("wb") as out:
            write_graphml(some, out)
    assert sorted(claim.id for claim in read_claims(exported(target))) == sorted(claim.id for claim in some)


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


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "-05:00", None])
def test_a_moment_is_the_same_in_whatever_zone_the_column_has(tmp_path, unrecorded, zone):
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    moment, path = "2025-03-12T23:30:00Z", tmp_path / "some.parquet"
    some = [claim.recorded(moment) for _, told in unrecorded for claim in told]
    with path.open("wb") as out:
        write_claims(some, out)
    table = pq.read_table(path)
    where, column = table.schema.get_field_index("recorded_at"), table["recorded_at"]
    # Without a zone it is what it would be in UTC, as DuckDB and Spark write it.
    other = column.cast(pa.timestamp("us", zone)) if zone else column.cast(pa.timestamp("us"))
    pq.write_table(table.set_column(where, "recorded_at", other), path)
    assert {claim.recorded_at for claim in read_claims(exported(path))} == {moment}


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
        store.commit([DocumentClaims(Document(known.document, quoted(known), "en"), (known,))])
        want = list(store.claims())
        for form in ("trig", "trig12"):
            path = folder / f"any{RDF[form]}"
            with path.open("wb") as out:
                export(store, form, out)
            assert whole(read_claims(exported(path))) == whole(want)


def quoted(claim):
    """The text that a claim quotes; quotes that were drawn one over the other are of no text."""
    words = QuotedText()
    try:
        words.quote(claim)
    except InvalidRecord:
        reject()
    return words.text


@given(text)
def test_what_xml_forbids_comes_back(words):
    written = escaped(words, XML_FORBIDDEN)
    assert XML_FORBIDDEN.search(written) is None
    marks = {"escaped": "name"} if written != words else {}
    assert unescaped({"name": written, **marks}) == {"name": words}


# ------------------------------------------------------------------------------ a graph
@pytest.fixture(scope="module")
def store(unrecorded):
    """The story, with a figure, a quote of two places, a number that no double holds and a document's description."""
    (french, french_claims), (english, english_claims) = unrecorded
    first = french_claims[0]
    debt = Claim(
        first.subject, "debt", Figure(Decimal("123456789012345678.25"), "USD"), Modality.ASSERTED, first.evidence
    )
    stake, place = french_claims[3], french.evidence(0, 9)
    long = replace(
        stake,
        evidence=(*stake.evidence, place),
        qualifiers=Qualifiers(percent=Decimal("6.12345678901234567891"), goods="", duration="P18M"),
    )
    english = replace(english, title="Rivals; “partners”", url="https://news.example/a", tier=Tier.NEWS)
    with open_store(None) as opened:
        opened.commit(
            [
                DocumentClaims(french, (*french_claims, debt, long)),
                DocumentClaims(english, english_claims),
            ]
        )
        yield opened


@pytest.fixture(scope="module")
def files(store, tmp_path_factory):
    """The store in every format that is read back, by the name of the format."""
    folder = tmp_path_factory.mktemp("files")
    paths = {}
    for form in (*RDF, "jsonl", "graphml", "parquet"):
        paths[form] = folder / f"graph{FORMATS[form][0]}"
        with paths[form].open("wb") as out:
            export(store, form, out)
    for form in ("neo4j", "parquet"):
        paths[f"{form} folder"] = folder / form
        export_folder(store, form, folder / form)
    return paths


READ_BACK = (*RDF, "jsonl", "parquet", "neo4j folder", "parquet folder", "graphml")


def between_entities(claims_):
    return [claim for claim in claims_ if isinstance(claim.object, Entity)]


@pytest.mark.parametrize("form", READ_BACK)
def test_a_file_reads_back_as_the_claims_of_the_store(store, files, form):
    want = between_entities(store.claims()) if form == "graphml" else list(store.claims())
    back = whole(read_claims(exported(files[form])))
    assert sorted(back, key=lambda each: each[0].id) == sorted(whole(want), key=lambda each: each[0].id)


@pytest.mark.parametrize("form", READ_BACK)
def test_taken_into_another_graph_they_are_the_same_claims_and_a_second_time_changes_nothing(store, files, form):
    want = between_entities(store.claims()) if form == "graphml" else list(store.claims())
    with open_store(None) as other:
        first, second = (take_in(other, exported(files[form]), "a file") for _ in range(2))
        assert [claim.recorded(None) for claim in other.claims()] == [claim.recorded(None) for claim in want]
        assert (first.rows, first.claims, first.bad_rows) == (len(want), len(want), 0)
        assert (second.claims, second.written, second.unchanged) == (0, 0, first.written)
        told = {d.id: (d.title, d.url, d.tier) for d in other.documents()}
        knows_documents = form not in {"graphml", "jsonl", "parquet"}
        known = ("Rivals; “partners”", "https://news.example/a", Tier.NEWS) if knows_documents else (None, None, None)
        assert told["rivals.txt"] == known
        assert {d.id: (d.lang, d.published) for d in other.documents()} == {
            "deal.txt": ("fr", "2025-03-11"),
            "rivals.txt": ("en", "2025-03"),
        }


def test_rdf_1_2_says_what_rdf_1_1_does(files):
    for form in ("trig", "nquads", "turtle"):
        old, new = (set(ox.parse(path=str(files[each]))) for each in (form, f"{form}12"))
        triples = {quad for quad in new if quad.predicate == REIFIES}
        assert len(triples) == 13
        assert {type(quad.object) for quad in triples} == {ox.Triple}
        assert not any(quad.predicate == term("rdf:subject") for quad in new)
        assert set(as_reification(sorted(new, key=by_graph))) == old
        assert set(as_reifiers(sorted(old, key=by_graph))) == new


def test_a_claim_that_reifies_two_statements_is_refused(files):
    quads = sorted(ox.parse(path=str(files["trig12"])), key=by_graph)
    one, other = [quad for quad in quads if quad.predicate == REIFIES][:2]
    twice = [*quads, ox.Quad(one.subject, REIFIES, other.object, one.graph_name)]
    with pytest.raises(InvalidRecord, match="reifies 2 statements: a claim states one"):
        list(as_reification(sorted(twice, key=by_graph)))


@settings(max_examples=20)
@given(st.permutations([f'<urn:x:{n}> <urn:x:p> "{n}" <urn:x:g{n % 3}> .\n' for n in range(23)]))
def test_what_is_sorted_on_disk_is_in_the_order_of_memory(lines):
    quads = list(ox.parse("".join(lines).encode(), ox.RdfFormat.N_QUADS))
    assert list(in_order(quads, by_graph, chunk=4)) == sorted(quads, key=by_graph)


# ------------------------------------------------------------------------------ others' readers
def test_networkx_reads_the_graph_that_went_in_and_what_it_writes_reads_back(store, files, tmp_path):
    read = nx.read_graphml(files["graphml"], node_type=str, edge_key_type=str, force_multigraph=True)
    went_in = to_networkx(store.claims())
    assert dict(read.nodes(data=True)) == dict(went_in.nodes(data=True))
    assert {key: (s, o, data) for s, o, key, data in read.edges(keys=True, data=True)} == {
        key: (s, o, data) for s, o, key, data in went_in.edges(keys=True, data=True)
    }
    nx.set_node_attributes(read, 1.5, "rank")
    nx.write_graphml(read, tmp_path / "again.graphml", named_key_ids=False)
    again = exported(tmp_path / "again.graphml")
    assert {c.id: c for c in read_claims(again)} == {c.id: c for c in between_entities(store.claims())}
    assert list(again.notes()) == ["of again.graphml these properties are not kg's, and left out: rank"]


def test_igraph_reads_equal_nodes_edges_and_attributes(store, files):
    read = igraph.Graph.Read_GraphML(str(files["graphml"]))
    went_in = to_networkx(store.claims())
    assert read.is_directed()
    assert {v["id"]: v["name"] for v in read.vs} == dict(went_in.nodes(data="name"))
    edges = {key: (s, o, data) for s, o, key, data in went_in.edges(keys=True, data=True)}
    # igraph 1.0 gives edges the ids of nodes.
    assert {e["claim"]: (read.vs[e.source]["id"], read.vs[e.target]["id"]) for e in read.es} == {
        key: (s, o) for key, (s, o, _) in edges.items()
    }
    for edge in read.es:
        attributes = edge.attributes()
        assert {name: attributes[name] for name in edges[edge["claim"]][2]} == edges[edge["claim"]][2]


# Gephi's ImporterGraphML takes these keys, or keys of these names, for what it shows.
GEPHI_NODE = {"label", "d3", "x", "y", "xpos", "ypos", "z", "size", "r", "g", "b", "color"}
GEPHI_EDGE = {"label", "edgelabel", "d7", "weight", "Edge Weight", "id", "edgeid", "r", "g", "b", "color"}
GEPHI_TYPES = {"boolean", "int", "long", "float", "double", "string"}


def test_gephi_shows_labels_and_weights_and_takes_nothing_else_for_them(files):
    keys = re.findall(r'<key id="([^"]+)" for="(node|edge)" attr.name="([^"]+)" attr.type="([^"]+)"/>',
                      files["graphml"].read_text("utf-8"))  # fmt: skip
    special = {(of, name) for id_, of, name, _ in keys
               if {id_, name} & (GEPHI_NODE if of == "node" else GEPHI_EDGE)}  # fmt: skip
    assert special == {("node", "label"), ("edge", "label"), ("edge", "weight")}
    assert {kind for *_, kind in keys} <= GEPHI_TYPES
    assert len({id_ for id_, *_ in keys}) == len(keys)


def test_neo4j_s_files_have_the_header_and_the_types_that_its_importer_takes(files):
    folder = files["neo4j folder"]
    field = re.compile(
        r"(\w+:(string|double|long|boolean|string\[\])|id:ID\(\w+\)|:(START|END)_ID\(\w+\)|:LABEL|:TYPE)"
    )
    types = {"double": float, "long": int, "boolean": ["true", "false"].index}
    for name in FILES:
        with (folder / name).open(encoding="utf-8", newline="") as stream:
            rows = list(csv.reader(stream, strict=True))
        assert rows[0] == header(name)
        assert [each for each in rows[0] if not field.fullmatch(each)] == []
        for row in rows[1:]:
            for title, cell in zip(rows[0], row, strict=True):
                if cell and (kind := types.get(title.rpartition(":")[2])):
                    kind(cell)
    script = (folder / "import.sh").read_text("utf-8")
    named = re.findall(r"--(nodes|relationships)=(\S+)", script)
    assert sorted(name for _, name in named) == sorted(FILES)
    for option in ("database import full", "--multiline-fields=true", "--array-delimiter=U+001F"):
        assert option in script


def test_relationships_go_between_nodes_that_are_there_and_are_called_as_neo4j_does(files):
    folder = files["neo4j folder"]

    def rows(name):
        with (folder / name).open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))

    nodes = {row["id:ID(Entity)"]: row[":LABEL"] for row in rows("entities.csv")}
    assert nodes["programme/stargate"] == "Programme"
    for row in rows("claims.csv"):
        assert {row[":START_ID(Entity)"], row[":END_ID(Entity)"]} <= nodes.keys()
    assert {row[":TYPE"] for row in rows("claims.csv")} >= {"HOLDS_STAKE", "SUPPLIES"}
    [figure], [edge] = rows("figures.csv"), rows("figure_claims.csv")
    assert (figure["id:ID(Figure)"], edge[":TYPE"]) == (edge[":END_ID(Figure)"], "DEBT")
    assert figure["value_text:string"] == "123456789012345678.25"
    assert len(rows("documents.csv")) == 2


def test_duckdb_and_pandas_read_parquet_without_kg(store, files):
    import duckdb
    import pandas as pd

    folder = files["parquet folder"]
    stakes = duckdb.read_parquet(str(folder / "claims.parquet")).filter("relation = 'holds-stake'").order("percent")
    assert stakes.project("subject, percent").fetchall()[0] == ("Nvidia", Decimal("5.200000000000"))
    frame = pd.read_parquet(folder / "claims.parquet")
    assert list(frame["claim"]) == [claim.id for claim in store.claims()]
    documents = pd.read_parquet(folder / "documents.parquet").set_index("id")
    assert documents.loc["deal.txt", "sha256"] == store.document("deal.txt").sha256
    assert documents.loc["deal.txt", "characters"] == len(store.document("deal.txt").text)


def test_parquet_has_what_people_say_as_whole_records(unrecorded, tmp_path):
    import pandas as pd

    from kg.store.judgement_codec import judgement_from

    document, told = unrecorded[0]
    judgement = Judgement(Verdict.WRONG, told[1], document.sha256, "ada", "2026-01-02T03:04:05Z")
    with open_store(None) as store:
        store.commit([DocumentClaims(document, told, judgements=(judgement,))])
        export_folder(store, "parquet", tmp_path / "out")
    [row] = pd.read_parquet(tmp_path / "out/judgements.parquet").to_dict("records")
    assert (row["kind"], row["verdict"], row["author"], row["claim"]) == ("claim", "wrong", "ada", told[1].id)
    assert judgement_from(json.loads(row["record"])) == judgement


def test_claims_of_other_outcomes_go_along_where_they_are_asked_for(sorted_reading, tmp_path):
    with open_store(None) as store, open_store(None) as other:
        store.commit([sorted_reading])
        for form in ("neo4j", "parquet"):
            export_folder(store, form, tmp_path / form, outcomes=frozenset(Outcome))
            take_in(other, exported(tmp_path / form), form)
            assert {c.id: c.recorded(None) for c in other.candidates()} == {
                c.id: c.recorded(None) for c in store.candidates()
            }


def test_what_graphml_leaves_out_is_counted(store):
    [note] = export(store, "graphml", io.BytesIO())
    assert note == (
        "1 claim left out: figures of companies have no second entity: export them as jsonl, neo4j or parquet"
    )


def test_an_end_that_is_called_otherwise_than_its_node_keeps_its_name(tmp_path):
    place = (Evidence("d", 0, 1, "q", "en"),)
    other = Entity("company/y", "Y", "Company")
    some = [
        Claim(Entity("company/x", name, kind), "supplies", other, Modality.ASSERTED, place)
        for name, kind in (("X", "Company"), ("X Inc.", "LegalEntity"))
    ]
    second = replace(some[1], modality=Modality.PLANNED)
    with (tmp_path / "a.graphml").open("wb") as out:
        write_graphml([some[0], second], out)
    assert list(read_claims(exported(tmp_path / "a.graphml"))) == [some[0], second]


@pytest.mark.parametrize("form", [*RDF, "graphml", "cypher", "parquet", "jsonl"])
def test_the_name_of_a_file_tells_its_format(form):
    assert format_of(f"graph{FORMATS[form][0]}") == form
