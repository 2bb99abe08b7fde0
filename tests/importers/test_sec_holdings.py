"""kg import sec: 13F reports, as information tables and as data sets.

The table in shared/data/sec/13f is a real one without its cover, which the tests make; the others are made by the SEC's
technical specifications (see sec_files.py).
"""

import zipfile
from decimal import Decimal

import pytest
from lxml import etree

from kg.importers import sec
from kg.importers.registers import head_of, register
from kg.pipeline.imports import import_register
from kg.store import open_store
from tests.importers.sec_files import SUBMISSION, cover, row, table


def written(tmp_path, text, name="filing.xml"):
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


def chunks(path):
    return list(register("sec", path).chunks())


def taken(path):
    """The claims of a file, its rejects as text, and its notes."""
    source = register("sec", path)
    found = list(source.chunks())
    rejects = [str(reject) for chunk in found for reject in chunk.rejected]
    return [claim for chunk in found for claim in chunk.claims], rejects, list(source.notes())


def report(tmp_path, *rows, **told):
    written(tmp_path, cover(**told), "primary_doc.xml")
    return written(tmp_path, table(*rows), "table.xml")


def test_a_report_is_a_holding_an_issuer_whose_classes_add_up(tmp_path):
    path = report(
        tmp_path,
        row(value="5000", shares="40"),
        row(name="DORVAN PLC", cusip="594918104", value="70", shares="7"),
        row(name="ZELTAN CORP CL B", cusip="037833209", value="300", shares="2"),
        row(value="10", shares="1"),
    )
    claims, rejects, _ = taken(path)
    by_issuer = {claim.object.id: claim for claim in claims}
    zeltan, dorvan = by_issuer["company/cusip-037833"], by_issuer["company/cusip-594918"]
    assert zeltan.qualifiers.terms() == {"amount": Decimal(5310), "currency": "USD", "as_of": "2023-12-31"}
    assert dorvan.qualifiers.terms() == {
        "amount": Decimal(70),
        "currency": "USD",
        "quantity": Decimal(7),
        "as_of": "2023-12-31",
    }
    assert zeltan.subject.id == "company/cik-1234567"
    assert zeltan.known_from == "2024-02-01"
    assert [evidence.quote for evidence in zeltan.evidence[:3]] == [
        row(value="5000", shares="40"),
        row(name="ZELTAN CORP CL B", cusip="037833209", value="300", shares="2"),
        row(value="10", shares="1"),
    ]
    assert "<name>Korba Capital LLC</name>" in zeltan.evidence[3].quote
    assert not rejects


def test_options_and_debts_are_left_out_and_counted(tmp_path):
    path = report(tmp_path, row(), row(option="Put"), row(kind="PRN"), row(cusip="037833109"), row(value="many"))
    claims, rejects, notes = taken(path)
    assert [claim.qualifiers.amount for claim in claims] == [5000]
    assert [reject.split(": ", 1)[1][:30] for reject in rejects] == [
        "cusip '037833109' is no CUSIP:",
        "value 'many' is no number: it ",
    ]
    assert notes == [
        "1 left out: options on shares (putCall), which are no stakes",
        "1 left out: principals of debts (sshPrnamtType PRN), which are no stakes",
    ]


@pytest.mark.parametrize(
    ("period", "signed", "amount"),
    [("12-31-2022", "01-20-2023", 5000), ("09-30-2022", "11-01-2022", 5000000), ("09-30-2022", "02-01-2023", 5000)],
)
def test_values_are_in_thousands_where_a_report_was_filed_before_2023(tmp_path, period, signed, amount):
    [claim], _, _ = taken(report(tmp_path, row(), period=period, signed=signed))
    assert claim.qualifiers.amount == amount


def test_a_table_without_its_cover_names_issuers_and_no_holder(tmp_path):
    found = chunks(written(tmp_path, table(row(), row(name="DORVAN PLC", cusip="594918104"))))
    assert [chunk.records[0].entity.name for chunk in found] == ["ZELTAN CORP", "DORVAN PLC"]
    assert [len(chunk.claims) for chunk in found] == [0, 0]
    assert all("put primary_doc.xml" in str(chunk.rejected[0]) for chunk in found)


def test_a_whole_submission_tells_when_it_was_filed(tmp_path):
    path = written(tmp_path, SUBMISSION.format(cover=cover(), table=table(row())), "0001234567-24-000001.txt")
    assert sec.recognises(head_of(path), path.name)
    [claim], _, _ = taken(path)
    assert (claim.known_from, claim.qualifiers.amount) == ("2024-02-14", 5000)


def test_a_restatement_stands_for_the_report_and_new_holdings_come_beside_it(tmp_path):
    with open_store(None, write=True) as store:
        for rows, amendment in (
            ([row()], ""),
            ([row(value="6000")], "RESTATEMENT"),
            ([row(value="7")], "NEW HOLDINGS"),
        ):
            import_register(store, register("sec", report(tmp_path, *rows, amendment=amendment)))
        assert sorted(claim.qualifiers.amount for claim in store.claims()) == [7, 6000]


SETS = {
    "SUBMISSION.tsv": "ACCESSION_NUMBER\tFILING_DATE\tSUBMISSIONTYPE\tCIK\tPERIODOFREPORT\n"
    "A-1\t14-FEB-2024\t13F-HR\t1234567\t31-DEC-2023\nA-2\t20-FEB-2024\t13F-HR/A\t1234567\t31-DEC-2023\n"
    "B-1\t15-FEB-2024\t13F-HR\t7654321\t31-DEC-2023\n",
    "COVERPAGE.tsv": "ACCESSION_NUMBER\tAMENDMENTNO\tAMENDMENTTYPE\tFILINGMANAGER_NAME\n"
    'A-1\t\t\tKorba Capital LLC\nA-2\t1\tRESTATEMENT\tKorba Capital LLC\nB-1\t\t\tDorvan "Partners\n',
    "INFOTABLE.tsv": "ACCESSION_NUMBER\tINFOTABLE_SK\tNAMEOFISSUER\tTITLEOFCLASS\tCUSIP\tVALUE\tSSHPRNAMT\t"
    "SSHPRNAMTTYPE\tPUTCALL\n"
    "A-1\t1\tZELTAN\tCOM\t037833100\t5\t1\tSH\t\nB-1\t2\tZELTAN\tCOM\t037833100\t9\t3\tSH\t\n"
    "A-2\t3\tZELTAN\tCOM\t037833100\t6\t1\tSH\t\nC-9\t4\tZELTAN\tCOM\t037833100\t6\t1\tSH\t\nA-2\tx\n",
}


@pytest.mark.parametrize("is_packed", [True, False])
def test_a_data_set_of_a_quarter_has_the_reports_of_all_managers(tmp_path, is_packed):
    if is_packed:
        path = tmp_path / "2024q1_form13f.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("FORM13F_readme.htm", "<html></html>")
            for name, text in SETS.items():
                archive.writestr(name, text)
    else:
        for name, text in SETS.items():
            path = written(tmp_path, text, name)
    assert sec.recognises(head_of(path), path.name)
    claims, rejects, notes = taken(path)
    assert {(claim.subject.name, claim.qualifiers.amount, claim.known_from) for claim in claims} == {
        ("Korba Capital LLC", Decimal(6), "2024-02-20"),
        ('Dorvan "Partners', Decimal(9), "2024-02-15"),
    }
    assert [("in no row" in one, "2 cells" in one) for one in rejects] == [(True, False), (False, True)]
    assert notes == ["1 left out: holdings of reports that a later one of the set restates"]


def test_the_shared_table_adds_up_to_what_its_elements_do(shared, tmp_path):
    whole = (shared / "data/sec/13f/13F-HR.infotable.xml").read_text("utf-8")
    report(tmp_path, period="06-30-2023", signed="08-01-2023")
    claims, rejects, notes = taken(written(tmp_path, whole, "table.xml"))
    rows = [
        {one.tag.rpartition("}")[2]: one.text for one in each.iter()}
        for each in etree.fromstring(whole.strip().encode())
    ]
    held = [one for one in rows if one["sshPrnamtType"] == "SH" and "putCall" not in one]
    assert (len(rows), len(held), rejects) == (255, 252, [])
    assert [note[:30] for note in notes] == ["3 left out: principals of debt"]
    assert len(claims) == len({one["cusip"][:6] for one in held}) == 173
    assert sum(claim.qualifiers.amount for claim in claims) == sum(int(one["value"]) for one in held)
