"""kg import sec: tickers, schedules 13D and 13G, 13F reports.

Files in shared/data/sec are real ones; the others are made by the SEC's technical specifications (see sec_files.py).
"""

import gzip
import json
import re
from decimal import Decimal

import pytest
from lxml import etree

from kg.errors import DocumentError, KgError
from kg.importers import sec
from kg.importers.registers import register
from kg.model import Modality, Tier
from kg.pipeline.imports import import_register
from kg.store import open_store
from tests.importers.sec_files import cover, reporting, row, schedule, table

TICKERS = (
    '{"0":{"cik_str":789019,"ticker":"MSFT","title":"MICROSOFT CORP"},'
    '"1":{"cik_str":9999991,"ticker":"ZLTN","title":"Zeltan Corp"},\n'
    '"2":{"cik_str":9999991,"ticker":"ZLTN-WTA","title":"Zeltan Corp"}}'
)


def written(tmp_path, text, name="filing.xml"):
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def chunks(path, **told):
    return list(register("sec", path, **told).chunks())


def taken(path, **told):
    """The claims of a file, and its rejects as text."""
    found = chunks(path, **told)
    return [claim for chunk in found for claim in chunk.claims], [str(r) for chunk in found for r in chunk.rejected]


# ------------------------------------------------------------------------------------------ tickers
def test_a_company_of_several_tickers_is_one_record_with_each_row_to_the_letter(tmp_path):
    path = written(tmp_path, TICKERS, "company_tickers.json")
    zeltan = next(chunk for chunk in chunks(path, retrieved="2025-03") if chunk.document.id == "sec/company/9999991")
    [record] = zeltan.records
    assert record.entity.id == "company/cik-9999991"
    assert record.entity.identifiers == (("cik", "9999991"), ("ticker", "ZLTN"), ("ticker", "ZLTN-WTA"))
    assert zeltan.document.text.splitlines() == re.findall(r"\{[^{}]*9999991[^{}]*\}", TICKERS)
    assert [(place.name, zeltan.document.text[place.start]) for place in zeltan.document.places] == [
        ("/1", "{"),
        ("/2", "{"),
    ]
    assert (zeltan.document.published, zeltan.document.tier, zeltan.rows) == ("2025-03", Tier.FILING, 2)


def test_a_company_of_the_shipped_registry_is_that_company(tmp_path):
    path = written(tmp_path, TICKERS, "company_tickers.json")
    assert "company/microsoft" in {chunk.records[0].entity.id for chunk in chunks(path)}


def test_the_file_with_exchanges_tells_where_a_company_is_listed(tmp_path):
    rows = {"fields": ["cik", "name", "ticker", "exchange"], "data": [[9999991, "Zeltan", "ZLTN", "Nasdaq"]]}
    path = written(tmp_path, json.dumps(rows), "company_tickers_exchange.json")
    [chunk] = chunks(path)
    assert ("listing", "XNAS:ZLTN") in chunk.records[0].entity.identifiers


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ('{"cik_str":0,"ticker":"A","title":"B"}', "is no CIK"),
        ('{"cik_str":NaN,"ticker":"A","title":"B"}', "is no CIK"),
        ('{"cik_str":1e400,"ticker":"A","title":"B"}', "is no CIK"),
        ('{"cik_str":12,"ticker":["A"],"title":"B"}', "is no text"),
        ('{"cik_str":12,"ticker":"A","title":" "}', "is no text"),
        ("[]", "is no text"),
        ('{"cik_str":12,"ticker":"A","title":"\\ud800"}', "half of a surrogate pair"),
    ],
)
def test_a_row_of_tickers_that_does_not_hold_is_named_and_the_others_are_read(tmp_path, value, reason):
    text = f'{{"0":{{"cik_str":5,"ticker":"Z","title":"Z"}},"1":{value}}}'
    found = chunks(written(tmp_path, text, "t.json"))
    [rejected] = [reject for chunk in found for reject in chunk.rejected]
    assert rejected.row == 2
    assert reason in str(rejected)
    assert [record.key for chunk in found for record in chunk.records] == ["5"]


def test_the_shared_tickers_are_all_read(shared):
    path = shared / "data/sec/company_tickers.json"
    rows = json.loads(path.read_text("utf-8")).values()
    found = chunks(path)
    records = [record for chunk in found for record in chunk.records]
    assert sum(chunk.rows for chunk in found) == len(rows) == 9610
    assert {record.key for record in records} == {str(one["cik_str"]) for one in rows}
    assert len(records) == len({record.key for record in records})
    told = {(str(one["cik_str"]), one["ticker"]) for one in rows}
    read = {(r.key, value) for r in records for kind, value in r.entity.identifiers if kind == "ticker"}
    assert read == told


# ------------------------------------------------------------------------------------------ schedules
def test_a_schedule_says_who_holds_how_much_of_which_issuer(tmp_path):
    path = written(tmp_path, schedule({"name": "Korba LP"}, {"name": "Ann Lee", "kind": "IN", "cik": "0003333334"}))
    [chunk] = chunks(path)
    first, second = chunk.claims
    assert (first.subject.id, first.relation, first.object.id) == (
        "company/cik-3333333",
        "holds-stake",
        "company/cik-2222222",
    )
    assert second.subject.id == "person/cik-3333334"
    assert first.qualifiers.terms() == {
        "percent": Decimal("8.5"),
        "percent_of": "capital",
        "quantity": Decimal(2100000),
        "as_of": "2025-01-10",
    }
    assert (first.known_from, chunk.document.tier) == ("2025-01-15", Tier.FILING)
    assert first.object.identifiers == (("cik", "2222222"), ("cusip", "037833100"))
    records = {record.entity.name: record for record in chunk.records}
    assert records["Korba LP"].country == "US-DE"
    quotes = [evidence.quote for evidence in first.evidence]
    assert quotes[0].startswith("<reportingPersonInfo>")
    assert "Korba LP" in quotes[0]
    assert quotes[1:] == [
        re.search("<issuerInfo>.*</issuerInfo>", path.read_text("utf-8"), re.DOTALL)[0],
        "<dateOfEvent>01/10/2025</dateOfEvent>",
    ]


def test_nothing_held_any_more_is_the_end_of_a_stake_on_the_day_of_the_event(tmp_path):
    path = written(tmp_path, schedule({"shares": "0", "percent": "0.0"}))
    [claim], rejects = taken(path)
    assert (claim.modality, claim.qualifiers.end, claim.qualifiers.as_of) == (Modality.ENDED, "2025-01-10", None)
    assert not rejects


def test_a_class_beside_others_is_not_the_capital(tmp_path):
    [claim], _ = taken(written(tmp_path, schedule({}, title="Class A Common Stock")))
    assert claim.qualifiers.percent_of is None


def test_a_person_without_a_cik_is_told_by_the_filer_and_the_issuer(tmp_path):
    first, _ = taken(written(tmp_path, schedule({"cik": ""})))
    amended, _ = taken(written(tmp_path, schedule({"cik": "", "percent": "4"}, form="SCHEDULE 13D/A"), "a.xml"))
    other = schedule({"cik": ""}).replace("0001111111", "0001111112")
    others, _ = taken(written(tmp_path, other, "b.xml"))
    assert first[0].subject.id == amended[0].subject.id != others[0].subject.id


def test_an_amendment_is_a_document_beside_the_schedule(tmp_path):
    with open_store(None, write=True) as store:
        import_register(store, register("sec", written(tmp_path, schedule({}))))
        told = {"form": "SCHEDULE 13D/A", "amendment": "<amendmentNo>1</amendmentNo>", "event": "02/10/2025"}
        import_register(store, register("sec", written(tmp_path, schedule({"percent": "4"}, **told))))
        assert sorted(claim.qualifiers.percent for claim in store.claims()) == [4, Decimal("8.5")]
        assert len(list(store.documents())) == 2


@pytest.mark.parametrize(
    ("person", "reason"),
    [
        ({"percent": "108.5"}, "outside 0–100"),
        ({"percent": "NaN"}, "percentOfClass 'NaN' is no number"),
        ({"shares": "-5", "percent": ""}, "'-5' is no number"),
        ({"name": " "}, "reportingPersonName '' is missing"),
        ({"cik": "0002222222"}, "is the issuer itself"),
    ],
)
def test_a_person_that_does_not_hold_is_named_and_the_others_are_read(tmp_path, person, reason):
    claims, rejects = taken(written(tmp_path, schedule(person, {"name": "Dorvan Ltd", "cik": "0003333335"})))
    assert "Dorvan Ltd" in {claim.subject.name for claim in claims}
    assert any(reason in reject for reject in rejects)


def test_the_shared_schedules_say_what_their_elements_do(shared):
    for name, tag, percent in (
        ("schedule13d", "reportingPersonInfo", "percentOfClass"),
        ("schedule13g", "coverPageHeaderReportingPersonDetails", "classPercent"),
    ):
        path = shared / f"data/sec/13dg/{name}.xml"
        persons = [one for one in etree.fromstring(path.read_bytes().strip()).iter() if one.tag.endswith(f"}}{tag}")]
        claims, rejects = taken(path)
        told = [Decimal(next(one.text for one in person.iter() if one.tag.endswith(percent))) for person in persons]
        assert [claim.qualifiers.percent for claim in claims] == told
        assert len(claims) == 2
        assert not rejects


# ------------------------------------------------------------------------------------------ all of them
@pytest.mark.parametrize(
    ("text", "name", "reason"),
    [
        ('<!DOCTYPE x [<!ENTITY a "b">]>' + schedule({})[38:], "s.xml", "declares an entity"),
        (schedule({})[:-200], "s.xml", "no well-formed XML"),
        (table("<infoTable>" + "<a>" * 90), "t.xml", "nests deeper"),
        (table(row(name="&bomb;")), "t.xml", "no well-formed XML"),
        (TICKERS[:-30], "t.json", "is no JSON"),
        ('{"0":{"cik_str":' + "[" * 100_000, "t.json", "nests too deeply"),
        (TICKERS.encode("utf-8").replace(b"Zeltan", b"Z\xff"), "t.json", "is not in UTF-8"),
        (gzip.compress(TICKERS.encode() * 99, mtime=0)[:-20], "t.json.gz", "cannot be read"),
        ("{}", "t.json", "no file of the SEC"),
        (cover(), "primary_doc.xml", "holds no information table"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line(tmp_path, text, name, reason):
    with pytest.raises(DocumentError, match=reason) as caught:
        chunks(written(tmp_path, text, name))
    assert isinstance(caught.value, KgError)
    assert "\n" not in str(caught.value)


def test_a_second_import_changes_nothing_and_a_change_only_what_it_should(tmp_path):
    path = written(tmp_path, TICKERS, "company_tickers.json")
    with open_store(None, write=True) as store:
        import_register(store, register("sec", path))
        again = import_register(store, register("sec", path))
        assert (again.unchanged, again.written, again.forgotten) == (2, 0, 0)
        changed = TICKERS.replace('"0":', '"0":{"cik_str":77,"ticker":"DRV","title":"Dorvan"},"3":')
        path.write_text(changed.replace('"Zeltan Corp"', '"Zeltan Inc"'), "utf-8")
        report_ = import_register(store, register("sec", path))
        assert (report_.unchanged, report_.written, report_.forgotten) == (1, 2, 0)
        path.write_text('{"0":{"cik_str":77,"ticker":"DRVN","title":"Dorvan"}}', "utf-8")
        delta = import_register(store, register("sec", path, is_delta=True))
        assert (delta.written, delta.forgotten) == (1, 0)
        whole = import_register(store, register("sec", path), withdraw=True)
        assert (whole.unchanged, whole.forgotten) == (1, 2)


def test_a_reporting_person_alone_is_no_schedule(tmp_path):
    assert not sec.recognises(reporting().encode(), "x.xml")
    with pytest.raises(DocumentError, match="no file of the SEC"):
        chunks(written(tmp_path, reporting()))
