"""Exports that are damaged, foreign or hostile are one clear line; those that meet documents that are there."""

import contextlib
import io
import shutil
from dataclasses import replace
from decimal import Decimal

import networkx as nx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import kg
from kg.cli import cli
from kg.errors import DocumentError, InvalidRecord, KgError
from kg.export import FORMATS, export, export_folder
from kg.export.graphml import write_graphml
from kg.export.reading import exported, read_claims, recognised, take_in
from kg.export.reading.texts import QuotedText
from kg.model import Claim, Entity, Evidence, Modality, Qualifiers
from kg.store import DocumentClaims, open_store
from kg.store.json_codec import claim_line

ONE_FILE = ("jsonl", "graphml", "parquet", "trig", "trig12", "nquads", "turtle12", "jsonld")


@pytest.fixture(scope="module")
def graph(unrecorded):
    with open_store(None) as opened:
        opened.commit([DocumentClaims(document, claims) for document, claims in unrecorded])
        yield opened


@pytest.fixture(scope="module")
def files(graph, tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    for form in ONE_FILE:
        with (folder / f"graph{FORMATS[form][0]}").open("wb") as out:
            export(graph, form, out)
    export_folder(graph, "neo4j", folder / "neo4j")
    return folder


def path_of(files, form):
    return files / f"graph{FORMATS[form][0]}"


def rejects_and_claims(path):
    found = list(exported(path).claims())
    return [each for each in found if not isinstance(each, Claim)], [each for each in found if isinstance(each, Claim)]


def refused(path):
    """The one line with which a file is refused, or its claims are."""
    with pytest.raises(KgError) as caught:
        list(read_claims(exported(path)))
    line = str(caught.value)
    assert "\n" not in line
    return line


# ------------------------------------------------------------------------------ damaged files
@pytest.mark.parametrize("form", ONE_FILE)
def test_a_file_that_is_cut_off_is_refused_or_the_cut_claim_is(files, form, tmp_path):
    path = tmp_path / path_of(files, form).name
    data = path_of(files, form).read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])
    line = refused(path)
    assert path.name in line or "record" in line


@pytest.mark.parametrize("form", ONE_FILE)
@settings(max_examples=25)
@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=4))
def test_whatever_bytes_are_changed_only_claims_that_were_written_come_out(graph, files, form, changes):
    """A damaged file may have rejects or be refused; it never gives a claim that says something else."""
    data = bytearray(path_of(files, form).read_bytes())
    for at, byte in changes:
        data[int(at * (len(data) - 1))] = byte
    path = files / f"changed{FORMATS[form][0]}"
    path.write_bytes(data)
    written = {claim.id for claim in graph.claims()}
    with contextlib.suppress(KgError):
        assert {each.id for each in exported(path).claims() if isinstance(each, Claim)} <= written


def test_a_folder_that_lacks_a_file_or_has_another_header_is_refused(files, tmp_path):
    for name, spoil, message in (
        ("claims.csv", lambda path: path.unlink(), "claims.csv cannot be read: No such file"),
        ("entities.csv", lambda path: path.write_text("a,b\n"), "entities.csv: the header is not that which kg writes"),
        ("claims.csv", lambda path: path.write_text(path.read_text() + 'x,"y'), "claims.csv: is no whole CSV file"),
        ("claims.csv", lambda path: path.write_text(path.read_text() + "x,y\n"), "has 2 cells, not"),
        ("kg.json", lambda path: path.write_text("[]"), "a folder of CSV files, but kg did not write it"),
        ("kg.json", lambda path: path.write_text('{"format": "kg-exchange/9"}'), "this kg reads kg-exchange/1"),
    ):
        folder = tmp_path / "neo4j"
        shutil.copytree(files / "neo4j", folder)
        spoil(folder / name)
        assert message in refused(folder)
        shutil.rmtree(folder)


def test_graphml_that_kg_did_not_write_is_refused_and_so_is_what_is_no_graph(tmp_path):
    foreign = tmp_path / "foreign.graphml"
    nx.write_graphml(nx.karate_club_graph(), foreign)
    assert refused(foreign).endswith("is GraphML, but kg did not write it: it does not say kg-exchange/1")
    foreign.write_bytes(b"<graphml/>")
    assert "kg did not write it" in refused(foreign)


HOSTILE_XML = {
    "entities": (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><graphml><key id="&b;"/></graphml>',
        "declares an entity",
    ),
    "a file of the machine": (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><graphml><data>&a;</data></graphml>',
        "declares an entity",
    ),
    "depth": (b"<graphml>" + b"<node>" * 100, "nests deeper than 64 elements"),
    "no xml": (b"<graphml <", "is no well-formed XML"),
}


@pytest.mark.parametrize("name", HOSTILE_XML)
def test_hostile_xml_is_one_line(tmp_path, name):
    data, message = HOSTILE_XML[name]
    (tmp_path / "x.graphml").write_bytes(data)
    assert message in refused(tmp_path / "x.graphml")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("11900000000.0", "many", "amount 'many' is no double"),
        ("11900000000.0", "1e999", "not a finite number"),
        ("11900000000.0", "1e300", "is no figure: write one from 1e-40 to 1e40"),
        ("11900000000.0", "9" * 5000, "is no"),
        ('-evidence_end">98<', '-evidence_end">99999999999999999999<', "does not span its quote"),
        (">supplies<", ">eats<", "no relation 'eats'"),
        (">11900000000.0<", ">11900000001.0<", "it was changed after it was made"),
        ('target="company/openai"', 'target="company/nobody"', "goes from or to a node that is not there"),
        ('-fact">true<', '-fact">perhaps<', "fact 'perhaps' is no boolean"),
    ],
)
def test_a_claim_that_was_changed_is_named_with_its_line_and_the_others_are_read(files, tmp_path, old, new, message):
    text = path_of(files, "graphml").read_text("utf-8")
    at = text.index("<edge")
    path = tmp_path / "changed.graphml"
    path.write_text(text[:at] + text[at:].replace(old, new, 1), "utf-8")
    rejects, claims = rejects_and_claims(path)
    assert (len(rejects), len(claims)) == (1, 10)
    assert message in str(rejects[0])
    assert "(line " in str(rejects[0])
    assert len(str(rejects[0])) < 400


def test_a_node_that_is_not_whole_is_refused_with_its_line(files, tmp_path):
    text = path_of(files, "graphml").read_text("utf-8")
    path = tmp_path / "x.graphml"
    path.write_text(text.replace('<data key="node-name">OpenAI</data>', ""), "utf-8")
    assert "the node 'company/openai' has no name" in refused(path)
    assert "line " in refused(path)


def test_parquet_of_others_and_columns_of_other_kinds_are_refused_or_named(files, tmp_path):
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"a": [1]}), path)
    assert "a Parquet file, but kg did not write it" in refused(path)
    whole = pq.read_table(path_of(files, "parquet"))
    pq.write_table(whole.drop_columns(["outcome"]), path)
    assert refused(path).endswith("has no column outcome: export it again")
    at = whole.schema.get_field_index("confidence")
    numbers = whole.set_column(at, "confidence", pa.array(["sure"] * whole.num_rows))
    pq.write_table(numbers.replace_schema_metadata(whole.schema.metadata), path)
    rejects, claims = rejects_and_claims(path)
    assert (len(rejects), claims) == (11, [])
    path.write_bytes(b"PAR1" + bytes(100))
    assert "cannot be read as Parquet" in refused(path)


def test_a_line_of_json_that_is_no_claim_is_named_and_the_others_are_read(graph, tmp_path):
    lines = [claim_line(claim) for claim in graph.claims()]
    bad = [b"{}\n", b"no json\n", b"\xff\n", lines[0].replace(b"supplies", b"invests-in")]
    (tmp_path / "x.jsonl").write_bytes(b"".join((lines[0], *bad, *lines[1:])))
    rejects, claims = rejects_and_claims(tmp_path / "x.jsonl")
    assert [reject.row for reject in rejects] == [2, 3, 4, 5]
    assert len(claims) == 11


def test_what_kg_did_not_export_is_no_export(tmp_path):
    for name, data in (("a.ttl", b"<urn:x> <urn:y> 1 ."), ("a.jsonl", b'{"a": 1}'), ("a.txt", b"Nvidia supplies.")):
        (tmp_path / name).write_bytes(data)
        assert recognised(tmp_path / name) is None
        with pytest.raises(DocumentError, match="nothing that kg exported and reads back"):
            exported(tmp_path / name)
    assert recognised(tmp_path) is None
    with pytest.raises(DocumentError, match="there is no file"):
        exported(tmp_path / "nowhere")


# ------------------------------------------------------------------------------ documents that are there
def test_a_document_that_was_read_here_is_left_as_it_is_and_what_it_lacks_is_named(files, unrecorded):
    document, claims = unrecorded[0]
    named = []
    with open_store(None) as store:
        store.commit([DocumentClaims(document, claims[:2], "rules/1")])
        report = take_in(store, exported(path_of(files, "jsonl")), "a file", lambda reject: named.append(str(reject)))
        assert store.document(document.id) == document
        assert len(list(store.claims(document=document.id))) == 2
        assert len(list(store.claims(document="rivals.txt"))) == 7
    assert (report.rows, report.claims, report.bad_rows) == (11, 7, 2)
    assert all("'deal.txt' was read into this graph, and does not say it there" in line for line in named)


def test_a_graph_takes_in_its_own_export_and_nothing_changes(graph, files):
    before = list(graph.claims())
    report = take_in(graph, exported(path_of(files, "trig12")), "a file")
    assert (report.claims, report.bad_rows, report.unchanged) == (0, 0, 2)
    assert list(graph.claims()) == before


def test_two_exports_of_parts_come_to_the_whole(graph, tmp_path):
    told = list(graph.claims())
    with open_store(None) as store:
        for name, part in (("a.jsonl", told[::2]), ("b.jsonl", told[1::2])):
            (tmp_path / name).write_bytes(b"".join(map(claim_line, part)))
            take_in(store, exported(tmp_path / name), name)
        assert [claim.recorded(None) for claim in store.claims()] == [claim.recorded(None) for claim in told]


def test_quotes_that_cannot_stand_in_one_text_are_named(tmp_path):
    ends = Entity("company/x", "X", "Company"), Entity("company/y", "Y", "Company")
    places = Evidence("d", 2, 5, "abc", "en"), Evidence("d", 4, 6, "cd", "en"), Evidence("d", 4, 6, "xd", "en")
    far = Evidence("d", 10**12, 10**12 + 1, "q", "en")
    claims = [Claim(ends[0], "supplies", ends[1], Modality.ASSERTED, (place,)) for place in (*places, far)]
    (tmp_path / "x.jsonl").write_bytes(b"".join(map(claim_line, claims)))
    named = []
    with open_store(None) as store:
        report = take_in(store, exported(tmp_path / "x.jsonl"), "x", lambda reject: named.append(str(reject)))
        assert store.document("d").text == "  abcd"
    assert (report.claims, report.bad_rows) == (2, 2)
    assert "its quote at 4–6 is not what another claim quotes" in named[0]
    assert "lies beyond 20,000,000 characters" in named[1]


def test_a_text_of_quotes_keeps_every_character():
    text = QuotedText()
    for start, quote in ((3, "é😀\0\n"), (0, "ab"), (5, "\0\n ")):
        text.add(Evidence("d", start, start + len(quote), quote, "fr"))
    assert text.text == "ab é😀\0\n "
    with pytest.raises(InvalidRecord):
        text.add(Evidence("d", 0, 1, "b", "fr"))


@pytest.mark.parametrize("form", ["graphml", "jsonl"])
def test_identifiers_and_names_of_a_hostile_file_break_no_graph(form, tmp_path):
    bad = Entity("company/<x>\x00", "a\x00' \"", "Company", ("<b>",), (("lei", "a\x00b> <c"), ("qid", "[")))
    place = (Evidence("../d\x00", 0, 1, "q", "en"),)
    claim = Claim(
        bad, "supplies", Entity("company/y", "Y", "Company"), Modality.ASSERTED, place, Qualifiers(goods="\x00")
    )
    path = tmp_path / f"x.{form}"
    with path.open("wb") as out:
        write_graphml([claim], out) if form == "graphml" else out.write(claim_line(claim))
    with open_store(None) as store:
        take_in(store, exported(path), "x")
        assert [each.recorded(None) for each in store.claims()] == [claim]


def test_what_no_graph_could_hold_is_named_and_the_other_claims_of_its_document_are_taken_in(tmp_path):
    place, end = (Evidence("d", 0, 1, "q", "en"),), Entity("company/y", "Y", "Company")
    bad = {
        "no relation 'eats'": (Entity("company/x", "X", "Company"), "eats"),
        "the ontology has no class 'Planet'": (Entity("planet/x", "X", "Planet"), "supplies"),
        "'claim/x' is no id of an entity": (Entity("claim/x", "X", "Company"), "supplies"),
        "the kinds are": (Entity("company/x", "X", "Company", (), (("shoe size", "43"),)), "supplies"),
    }
    good = Claim(Entity("company/x", "X", "Company"), "supplies", end, Modality.ASSERTED, place)
    claims = [Claim(subject, relation, end, Modality.PAST, place) for subject, relation in bad.values()]
    (tmp_path / "x.jsonl").write_bytes(b"".join(map(claim_line, [*claims, good])))
    named = []
    with open_store(None) as store:
        report = take_in(store, exported(tmp_path / "x.jsonl"), "x", lambda reject: named.append(str(reject)))
        assert [claim.id for claim in store.claims()] == [good.id]
    assert report.bad_rows == len(named) == 4
    assert [message for message, line in zip(bad, named, strict=True) if message not in line] == []


def test_numbers_keep_every_digit(tmp_path):
    place = (Evidence("d", 0, 1, "q", "en"),)
    terms = Qualifiers(amount=Decimal("1E+40"), amount_min=Decimal("1E-40"), percent=Decimal("33." + "3" * 50))
    claim = Claim(Entity("company/x", "X", "Company"), "supplies", Entity("company/y", "Y", "Company"),
                  Modality.ASSERTED, place, terms)  # fmt: skip
    with (tmp_path / "x.graphml").open("wb") as out:
        write_graphml([claim, replace(claim, modality=Modality.DENIED)], out)
    assert [each.qualifiers for each in read_claims(exported(tmp_path / "x.graphml"))] == [terms, terms]


# ------------------------------------------------------------------------------ the command line
def run(*arguments):
    return CliRunner().invoke(cli, list(map(str, arguments)))


@pytest.mark.parametrize("name", ["graph.graphml", "graph.rdf12.trig", "graph.parquet", "graph.jsonl", "neo4j"])
def test_kg_import_recognises_an_export(files, tmp_path, name):
    first, again = (run("import", files / name, "--store", tmp_path / "store") for _ in range(2))
    assert (first.exit_code, first.stderr) == (0, "")
    assert first.stdout.startswith("read 11 claims, 11 new. The graph is in ")
    assert again.stdout.startswith("read 11 claims, 0 new, 2 documents unchanged. ")


def test_a_graph_in_a_notebook_takes_in_an_export_and_warns_of_what_does_not_hold(files, tmp_path):
    text = path_of(files, "graphml").read_text("utf-8")
    path = tmp_path / "x.graphml"
    path.write_text(text.replace(">acquires<", ">eats<"), "utf-8")
    with kg.open() as graph:
        with pytest.warns(UserWarning, match="no relation 'eats'"):
            report = graph.import_exported(path)
        assert (report.claims, report.bad_rows, len(list(graph.claims()))) == (10, 1, 10)


def test_kg_import_names_what_does_not_hold_and_fails(files, tmp_path):
    text = path_of(files, "graphml").read_text("utf-8")
    path = tmp_path / "x.graphml"
    path.write_text(text.replace(">supplies<", ">eats<"), "utf-8")
    answer = run("import", path, "--store", tmp_path / "store")
    assert answer.exit_code == 1
    assert answer.stderr.count("\n") == 2
    assert "no relation 'eats'" in answer.stderr
    assert answer.stdout.startswith("read 11 claims, 9 new, 2 left out. The graph is in ")
    assert run("import", path, "--skip-bad", "--store", tmp_path / "store").exit_code == 0


def test_kg_export_writes_folders_and_tells_them_from_files(files, tmp_path):
    store = ("--store", tmp_path / "store")
    assert run("import", files / "neo4j", *store).exit_code == 0
    assert run("export", "--format", "neo4j", *store).exit_code == 2
    assert run("export", "--format", "neo4j", "-o", tmp_path / "out", *store).exit_code == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} >= {"claims.csv", "import.sh", "kg.json"}
    again = run("export", "--format", "parquet", "-o", tmp_path / "out", *store)
    assert (again.exit_code, again.exception.args) == (1, (f"{tmp_path / 'out'} is there already: name a new folder",))
    assert run("export", "-o", tmp_path / "claims.parquet", *store).exit_code == 0
    assert (tmp_path / "claims.parquet").is_file()
    assert run("export", "--format", "parquet", "-o", tmp_path / "tables", *store).exit_code == 0
    assert sorted(path.name for path in (tmp_path / "tables").iterdir()) == [
        "claims.parquet",
        "documents.parquet",
        "judgements.parquet",
    ]


def test_an_export_that_is_interrupted_leaves_no_folder(graph, tmp_path):
    def broken():
        raise OSError(28, "No space left on device")
        yield

    class Store:
        selection = graph.selection

        def __getattr__(self, name):
            return broken if name == "documents" else getattr(graph, name)

    with pytest.raises(KgError, match="cannot be written: No space left on device; free space"):
        export_folder(Store(), "neo4j", tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_asked_for_by_its_own_door(graph, tmp_path):
    with pytest.raises(KgError, match="neo4j is a folder of files"):
        export(graph, "neo4j", io.BytesIO())
    with pytest.raises(KgError, match="no folder has the format 'graphml'"):
        export_folder(graph, "graphml", tmp_path / "x")
