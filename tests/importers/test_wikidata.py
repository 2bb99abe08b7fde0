"""kg import wikidata: lines of a dump, results of queries; the files are made by the published formats."""

import gzip
import json
from decimal import Decimal

import pytest

from kg.errors import DocumentError
from kg.importers import wikidata
from kg.importers.registers import head_of, register
from kg.importers.wikidata.dump import DumpRegister
from kg.importers.wikidata.kinds import COUNTRIES, EXCHANGES, KINDS
from kg.model import Modality
from kg.ontology import ontology
from kg.pipeline.imports import import_register
from kg.store import open_store
from tests.importers.wikidata_files import (
    NONE,
    SOME,
    dump,
    item,
    lines,
    named,
    share,
    statement,
    thing,
    time,
    words,
)

LEI = "969500ZELTAN00000054"
ZELTAN = item(
    "Q9000001",
    "Zeltan",
    aliases=["Zeltan Group"],
    P1278=[words(LEI)],
    P946=[words("US0378331005")],
    P414=[
        statement(thing("Q13677"), P249=words("ZLT")),
        statement(thing("Q82059"), P249=words("OLD"), P582=time("2001-01-01")),
    ],
    P17=[thing("Q142")],
    P571=[time("1998-04-00", 10)],
    P1448=[
        statement(named("Zeltan & Fils", "fr"), P580=time("1998-00-00", 9), P582=time("2005-06-01")),
        statement(named("Zeltan SE")),
    ],
    P1813=[named("ZLT")],
    P1454=[thing("Q279014")],
    P127=[statement(thing("Q9000002"), P1107=share("+0.25"), P580=time("2019-02-03"), P585=time("2020-00-00", 9))],
    P749=[thing("Q9000003")],
    P355=[thing("Q9000004")],
    P1056=[thing("Q9000005")],
    P169=[thing("Q9000006")],
)
OWNER = item("Q9000002", "Ann Lee", "Q5")
PARENT = item("Q9000003", "Korba Holding", P5531=[words("0003333333")])
PRODUCT = item("Q9000005", "Zeltan One", "Q2424752")
FORM = item("Q279014", "Societas Europaea", "Q10541491")
ITEMS = (ZELTAN, OWNER, PARENT, PRODUCT, FORM)


def written(tmp_path, text, name="items.json"):
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def taken(path, **told):
    """The claims of a file by relation and object, its records by name, its rejects as text, and its notes."""
    source = register("wikidata", path, **told)
    found = list(source.chunks())
    claims = [claim for chunk in found for claim in chunk.claims]
    records = {record.entity.name: record for chunk in found for record in chunk.records}
    return claims, records, [str(one) for chunk in found for one in chunk.rejected], list(source.notes())


def statements_of(tmp_path, property_, *statements, others=ITEMS[1:]):
    claims, _, rejects, notes = taken(
        written(tmp_path, dump(item("Q9000001", "Zeltan", **{property_: statements}), *others))
    )
    return claims, rejects, notes


def test_an_item_is_a_record_of_names_identifiers_and_dates(tmp_path):
    _, records, rejects, notes = taken(written(tmp_path, dump(*ITEMS)))
    record = records["Zeltan"]
    assert record.entity.id == f"company/lei-{LEI.lower()}"
    assert record.entity.identifiers == (
        ("isin", "US0378331005"),
        ("lei", LEI),
        ("listing", "XNYS:ZLT"),
        ("qid", "Q9000001"),
        ("ticker", "ZLT"),
    )
    assert set(record.entity.aliases) == {"Zeltan", "Zeltan (fr)", "Zeltan Group", "Zeltan SE", "ZLT"}
    assert [(one.name, one.start, one.end) for one in record.former_names] == [("Zeltan & Fils", "1998", "2005-06-01")]
    assert (record.country, record.legal_form, record.start, record.is_active) == (
        "FR",
        "Societas Europaea",
        "1998-04",
        None,
    )
    assert not rejects
    assert notes == [
        "2 left out: items that are no companies, organisations, public bodies or people",
        "1 left out: people who own nothing by their own items",
    ]


def test_statements_are_ties_whose_ends_are_the_entities_of_their_own_items(tmp_path):
    claims, records, _, _ = taken(written(tmp_path, dump(*ITEMS)))
    assert {(claim.subject.id, claim.relation, claim.object.id) for claim in claims} == {
        ("person/qid-q9000002", "holds-stake", records["Zeltan"].entity.id),
        (records["Zeltan"].entity.id, "subsidiary-of", "company/cik-3333333"),
        ("company/qid-q9000004", "subsidiary-of", records["Zeltan"].entity.id),
        (records["Zeltan"].entity.id, "develops", "product/qid-q9000005"),
    }
    assert {claim.object.name for claim in claims} == {"Zeltan", "Korba Holding", "Zeltan One"}
    [owned] = [claim for claim in claims if claim.relation == "holds-stake"]
    assert owned.qualifiers.terms() == {"percent": Decimal(25), "start": "2019-02-03", "as_of": "2020"}
    assert owned.known_from == "2025-03-04"


def test_the_evidence_is_the_statement_to_the_letter_in_the_line_of_its_item(tmp_path):
    path = written(tmp_path, dump(*ITEMS))
    chunk = next(iter(register("wikidata", path).chunks()))
    assert chunk.document.text in path.read_text("utf-8")
    assert json.loads(chunk.document.text) == ZELTAN
    assert [place.name for place in chunk.document.places] == ["2"]
    for claim in chunk.claims:
        [evidence] = claim.evidence
        told = json.loads(evidence.quote)
        assert chunk.document.text[evidence.start : evidence.end] == evidence.quote
        assert told in [one for said in ZELTAN["claims"].values() for one in said]
        assert told["references"][0]["snaks"]["P854"][0]["datavalue"]["value"] == "https://example.org/{report}"


def test_a_percentage_may_have_the_unit_of_percent(tmp_path):
    [claim], _, _ = statements_of(
        tmp_path, "P127", statement(thing("Q9000002"), P1107=share("+30", "http://www.wikidata.org/entity/Q11229"))
    )
    assert claim.qualifiers.percent == 30


@pytest.mark.parametrize(
    ("told", "precision", "date"),
    [
        ("2004-08-19", 11, "2004-08-19"),
        ("2004-08-00", 10, "2004-08"),
        ("2004-00-00", 9, "2004"),
        ("2000-00-00", 8, None),
        ("2004-13-00", 10, None),
        ("2004-08-19", 14, "2004-08-19"),
    ],
)
def test_a_time_is_as_precise_as_it_says(tmp_path, told, precision, date):
    [claim], _, _ = statements_of(tmp_path, "P127", statement(thing("Q9000002"), P580=time(told, precision)))
    assert claim.qualifiers.start == date


def test_what_is_known_to_be_wrong_unknown_or_outranked_is_not_asserted_and_counted(tmp_path):
    claims, rejects, notes = statements_of(
        tmp_path,
        "P127",
        statement(thing("Q9000002"), rank="deprecated"),
        statement(SOME),
        statement(NONE),
        statement(thing("Q9000003"), rank="preferred"),
        statement(thing("Q9000011")),
        statement(thing("Q9000012"), P582=time("2011-00-00", 9)),
        statement(thing("Q9000001")),
    )
    assert [(claim.subject.name, claim.qualifiers.end) for claim in claims] == [
        ("Korba Holding", None),
        ("Q9000012", "2011"),
    ]
    assert not rejects
    assert {note.split(": ", 1)[1][:40] for note in notes if "P127" in note} == {
        "statements of P127 of the rank deprecate",
        "statements of P127 without an item: Wiki",
        "statements of P127 without an end behind",
    }


def test_a_tie_that_is_over_nobody_knows_when_is_past(tmp_path):
    [claim], _, _ = statements_of(tmp_path, "P127", statement(thing("Q9000002"), P582=SOME))
    assert claim.modality is Modality.PAST


@pytest.mark.parametrize(
    ("property_", "told", "note"),
    [
        ("P1830", thing("Q9000099"), "does not tell that it is a company"),
        ("P1830", thing("Q9000002"), "with a Person, of which nothing is held"),
        ("P355", thing("Q9000002"), "with a Person, which is no subsidiary"),
        ("P749", thing("Q9000001"), "with the item itself"),
    ],
)
def test_a_tie_that_kg_has_no_relation_for_is_left_out_and_counted(tmp_path, property_, told, note):
    claims, rejects, notes = statements_of(tmp_path, property_, statement(told))
    assert (claims, rejects) == ([], [])
    assert any(note in one for one in notes)


def test_an_owner_that_the_file_does_not_have_may_be_anybody(tmp_path):
    [claim], _, _ = statements_of(tmp_path, "P127", statement(thing("Q9000077")))
    assert (claim.subject.id, claim.subject.name, claim.subject.type) == ("agent/qid-q9000077", "Q9000077", "Agent")


@pytest.mark.parametrize(
    ("kind", "claims", "type_"),
    [
        ("Q783794", {}, "Company"),
        ("Q163740", {}, "Organisation"),
        ("Q6256", {}, "PublicBody"),
        ("Q571", {"P414": [thing("Q13677")]}, "Company"),
        ("Q571", {}, None),
    ],
)
def test_an_item_is_of_the_class_that_its_instance_of_has(tmp_path, kind, claims, type_):
    _, records, _, _ = taken(written(tmp_path, lines(item("Q9000001", "Zeltan", kind, **claims))))
    assert [record.entity.type for record in records.values()] == ([type_] if type_ else [])


def test_the_classes_may_be_others(tmp_path):
    path = written(tmp_path, lines(item("Q9000001", "Zeltan", "Q571")))
    [chunk] = DumpRegister(path, kinds={"Q571": "Organisation"}).chunks()
    assert chunk.records[0].entity.type == "Organisation"


def test_the_maps_name_classes_of_the_ontology_and_codes_of_their_standards():
    known = ontology().relation("holds-stake").domain
    assert set(KINDS.values()) <= known
    assert all(code.isalpha() and code.isupper() and len(code) == 2 for code in COUNTRIES.values())
    assert all(len(code) == 4 for code in EXCHANGES.values())


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("form", [dump, lines])
def test_lines_may_be_of_an_array_or_alone_and_packed(tmp_path, form, packed):
    whole = form(*ITEMS).encode()
    path = written(tmp_path, gzip.compress(whole) if packed else whole, "wd.json")
    assert wikidata.recognises(head_of(path), path.name)
    assert len(taken(path)[0]) == 4


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"type":"item","id":"Q5"', "is no JSON"),
        ("[1, 2]", "is no JSON object"),
        ("\xff", "is no JSON in UTF-8"),
        ('{"a":' * 9999, "is no JSON"),
        (json.dumps(ZELTAN), "is that of an item further up"),
        (json.dumps(item("Q9000008", "\ud800")), "half of a surrogate pair"),
        (json.dumps(item("Q9000008", "Korba", aliases=["\ud800"])), "half of a surrogate pair"),
    ],
)
def test_a_line_that_does_not_hold_is_named_and_the_others_are_read(tmp_path, line, reason):
    path = written(tmp_path, lines(ZELTAN).encode() + line.encode("latin-1") + b"\n" + lines(*ITEMS[1:]).encode())
    claims, _, rejects, _ = taken(path)
    assert len(claims) == 4
    assert [reason in reject for reject in rejects] == [True]
    assert rejects[0].startswith("record 2 (line 2)")


@pytest.mark.parametrize(
    "claims",
    [
        [],
        {"P127": {}},
        {"P127": [None, {"mainsnak": []}]},
        {"P127": [{"mainsnak": {"snaktype": "value", "datavalue": {"value": {"id": "P1"}}}}]},
        {"P127": [{"mainsnak": thing("Q9000002"), "qualifiers": {"P1107": [{"snaktype": "value"}], "P580": 3}}]},
        {"P127": [statement(thing("Q9000002"), P1107=share("NaN"), P580={"snaktype": "value", "datavalue": 1})]},
        {"P17": [statement(time("2001-01-01"))], "P414": [statement(words("x"), P249=share("1"))]},
        {"P1448": [statement(share("1"))], "P571": [statement(words("x"))], "P946": [statement(NONE)]},
    ],
)
def test_values_of_another_shape_are_none(tmp_path, claims):
    told = {**item("Q9000001", "Zeltan", "Q783794"), "modified": 7, "aliases": [1]}
    told["claims"] = {**told["claims"], **claims} if isinstance(claims, dict) else claims
    _, records, rejects, _ = taken(written(tmp_path, lines(told, item("Q9000007", "Dorvan"))))
    assert "Dorvan" in records
    assert not rejects


@pytest.mark.parametrize(("amount", "reason"), [("+1.5", "outside 0–100"), ("-0.1", "outside 0–100")])
def test_a_share_of_more_than_all_is_named(tmp_path, amount, reason):
    claims, rejects, _ = statements_of(tmp_path, "P127", statement(thing("Q9000002"), P1107=share(amount)))
    assert claims == []
    assert reason in rejects[0]


def test_an_identifier_that_is_not_well_formed_is_named_and_the_item_is_read(tmp_path):
    _, records, rejects, _ = taken(
        written(tmp_path, lines(item("Q9000001", "Zeltan", P1278=[words("969500ZELTAN00000000")])))
    )
    assert records["Zeltan"].entity.id == "company/qid-q9000001"
    assert "P1278 '969500ZELTAN00000000' is not well formed" in rejects[0]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (dump(*ITEMS)[:-3], "its array is not closed"),
        (lines(*ITEMS)[:-40], "is cut off"),
        (gzip.compress(lines(*ITEMS).encode() * 99, mtime=0)[:-50], "cannot be read"),
        ("{}", "no file of Wikidata"),
    ],
)
def test_a_file_that_is_cut_off_withdraws_nothing(tmp_path, text, reason):
    with open_store(None, write=True) as store:
        import_register(store, register("wikidata", written(tmp_path, dump(*ITEMS))))
        before = sorted(claim.id for claim in store.claims())
        with pytest.raises(DocumentError, match=reason):
            import_register(store, register("wikidata", written(tmp_path, text)))
        assert sorted(claim.id for claim in store.claims()) == before


def test_a_second_import_changes_nothing_and_another_label_the_items_that_name_it(tmp_path):
    with open_store(None, write=True) as store:
        first = import_register(store, register("wikidata", written(tmp_path, dump(*ITEMS))))
        assert (first.rows, first.written, first.claims) == (5, 2, 4)
        again = import_register(store, register("wikidata", written(tmp_path, lines(*reversed(ITEMS)))))
        assert (again.unchanged, again.written, again.forgotten) == (2, 0, 0)
        renamed = {**OWNER, "labels": {"en": {"language": "en", "value": "Ann Lee-Korba"}}}
        changed = import_register(store, register("wikidata", written(tmp_path, dump(ZELTAN, renamed, *ITEMS[2:]))))
        assert (changed.unchanged, changed.written, changed.retracted) == (1, 1, 0)
        delta = import_register(store, register("wikidata", written(tmp_path, dump(PARENT)), is_delta=True))
        assert (delta.unchanged, delta.forgotten) == (1, 0)
        path = written(tmp_path, dump(PARENT))
        whole = import_register(store, register("wikidata", path), withdraw=True)
        assert (whole.unchanged, whole.forgotten, len(list(store.claims()))) == (1, 1, 0)
