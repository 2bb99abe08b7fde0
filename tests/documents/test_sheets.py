"""Sheets become tables as the sheet shows them: numbers in their formats, captions above, a place for each cell."""

import csv
import datetime as dt
import io

import odfdo
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.documents import Source, parse
from kg.documents.delimited import read_csv, read_tsv
from kg.documents.number_formats import parse_format
from kg.documents.opendocument import read_ods
from kg.documents.xlsx import read_xlsx
from kg.errors import DocumentError
from kg.places import PlaceKind

WORDS = st.text("abcdéèêàçœ’«» -.,;|\xa0ABC€", min_size=1, max_size=30).filter(str.strip)
TABLES = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(WORDS, min_size=width, max_size=width), min_size=2, max_size=6)
)
DEALS = (
    "Deals\n\nDeals of 2025\n\n| Buyer | Target | Share | Amount | Closed |\n| --- | --- | --- | --- | --- |\n"
    "| Zeltan | Orvane | 12.5% | 1200 M€ | 2025-03-11 |\n"
)


def made(fill, **sheets):
    """Return a workbook; `fill(book, sheet)` writes its first sheet, `sheets` are rows of more."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        fill(book, book.add_worksheet("Deals"))
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return buffer.getvalue()


def opendocument(**sheets):
    document = odfdo.Document("spreadsheet")
    document.body.clear()
    for name, rows in sheets.items():
        table = odfdo.Table(name)
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if value:
                    table.set_value((column, at), value)
        document.body.append(table)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def delimited(rows, delimiter=",", quoting=csv.QUOTE_MINIMAL):
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter, quoting=quoting).writerows(rows)
    return buffer.getvalue()


def cells(page):
    return {place.name: page.text[place.start : place.end] for place in page.places if place.kind is PlaceKind.CELL}


def deals(book, sheet):
    sheet.write(0, 0, "Deals of 2025")
    sheet.write_row(2, 1, ["Buyer", "Target", "Share", "Amount", "Closed"])
    sheet.write_row(3, 1, ["Zeltan", "Orvane"])
    sheet.write_number(3, 3, 0.125, book.add_format({"num_format": "0.0%"}))
    sheet.write_number(3, 4, 1200.4, book.add_format({"num_format": '#,##0 "M€"'}))
    sheet.write_datetime(3, 5, dt.datetime(2025, 3, 11), book.add_format({"num_format": "dd/mm/yyyy"}))  # noqa: DTZ001
    sheet.write_blank(900_000, 16_000, None, book.add_format({"bold": True}))


def test_a_sheet_is_its_name_its_captions_and_a_table_as_it_is_shown():
    page = read_xlsx(made(deals), "x.xlsx")
    assert page.text == DEALS
    held = cells(page)
    assert (held["Deals!A1"], held["Deals!B3"], held["Deals!D4"]) == ("Deals of 2025", "Buyer", "12.5%")
    assert len(held) == 11


def test_each_kind_of_value_is_shown():
    def fill(book, sheet):
        sheet.write_row(0, 0, ["Kind", "Value"])
        sheet.write_row(1, 0, ["sum", 0.1 + 0.2])
        sheet.write_row(2, 0, ["large", 12_345_678_901_234])
        sheet.write_row(3, 0, ["truth", True])
        sheet.write(4, 0, "rich")
        sheet.write_rich_string(4, 1, "Zeltan", book.add_format({"bold": True}), " SA")
        sheet.write_row(5, 0, ["formula"])
        sheet.write_formula(5, 1, "=1+1", None, 2)
        sheet.write(6, 0, "text")
        sheet.write_formula(6, 1, '="a"', None, "a")
        sheet.write(7, 0, "error")
        sheet.write_formula(7, 1, "=1/0", None, "#DIV/0!")
        sheet.write(8, 0, "never computed")
        sheet.write_formula(8, 1, "=B2*2", None, "")
        sheet.merge_range(9, 0, 10, 0, "merged")
        sheet.write(9, 1, "up")
        sheet.write(10, 1, "down")

    assert read_xlsx(made(fill), "x.xlsx").text.splitlines()[4:] == [
        "| sum | 0.3 |",
        "| large | 12345678901234 |",
        "| truth | TRUE |",
        "| rich | Zeltan SA |",
        "| formula | 2 |",
        "| text | a |",
        "| error | #DIV/0! |",
        "| never computed | =B2*2 |",
        "| merged | up |",
        "| merged | down |",
    ]


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ("General", "0.1", "0.1"),
        ("0%", "0.125", "13%"),
        ("0.00%", "0.06", "6%"),
        ("0.0\\ %", "0.125", "12.5 %"),
        ("#,##0.00", "1234.5678", "1234.57"),
        ("[$$-409]#,##0", "1200", "$1200"),
        ("_-* #,##0.00\\ [$€-40C]_-;-* #,##0.00", "1200.5", "1200.5 €"),
        ('#,##0.0,,"M"', "3240000", "3.2M"),
        ('[Red]0.0" Md€"', "3.24", "3.2 Md€"),
        ("yyyy\\-mm\\-dd", "45727", "2025-03-11"),
        ("d mmm yyyy h:mm", "45727.5", "2025-03-11 12:00"),
        ("mmm-yy", "45727", "2025-03-11"),
        ("h:mm AM/PM", "0.75", "18:00"),
        ("0.00E+00", "1234", "1234"),
        ("# ?/?", "0.5", "0.5"),
        ("0", "-0.2", "0"),
        ("0.00", "1e300", "1" + "0" * 300),
        ("0." + "0" * 200, "0.5", "0.5"),
        ("0", "nothing", "nothing"),
        ("yyyy", "99999999", "99999999"),
        ("0" * 300, "1.5", "1.5"),
        ('"unclosed', "1.5", "1.5"),
        ("0", "1e999", "1e999"),
    ],
)
def test_a_number_is_shown_in_its_format(code, value, shown):
    assert parse_format(code).shown(value) == shown


def test_a_workbook_may_count_from_1904():
    assert parse_format("yyyy-mm-dd").shown("44265", since_1904=True) == "2025-03-11"

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"date_1904": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_datetime(0, 0, dt.datetime(2025, 3, 11), book.add_format({"num_format": 14}))  # noqa: DTZ001
    assert "2025-03-11" in read_xlsx(buffer.getvalue(), "x").text


def test_sheets_follow_one_another_and_an_empty_row_with_a_caption_below_parts_tables():
    second = [["a", "b"], ["1", "2"], [], ["3", "4"], [], ["Other"], ["c", "d"], ["5", "6"]]
    page = read_xlsx(made(deals, Second=second, Empty=[]), "x.xlsx")
    assert page.text == DEALS + (
        "\nSecond\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n| 3 | 4 |\n\nOther\n\n| c | d |\n| --- | --- |\n| 5 | 6 |\n"
        "\nEmpty\n"
    )
    assert cells(page)["Second!A6"] == "Other"
    assert read_ods(opendocument(Second=second), "x").text == page.text[len(DEALS) + 1 :].removesuffix("\nEmpty\n")


def test_an_opendocument_sheet_shows_what_its_cells_show():
    document = odfdo.Document("spreadsheet")
    document.body.clear()
    document.body.append(
        odfdo.Element.from_tag(
            "<table:table table:name='Deals'><table:table-row table:number-rows-repeated='3'><table:table-cell/>"
            "</table:table-row><table:table-row><table:table-cell table:number-columns-repeated='16000'/>"
            "<table:table-cell office:value-type='percentage' office:value='0.125'><text:p>12,5 %</text:p>"
            "<office:annotation><text:p>Really?</text:p></office:annotation></table:table-cell>"
            "<table:table-cell office:value-type='float' office:value='7'/></table:table-row><table:table-row "
            "table:number-rows-repeated='1048572'><table:table-cell table:number-columns-repeated='16384'/>"
            "</table:table-row></table:table>"
        )
    )
    buffer = io.BytesIO()
    document.save(buffer)
    page = read_ods(buffer.getvalue(), "x.ods")
    assert page.text == "Deals\n\n| 12,5 % | 7 |\n"
    assert list(cells(page)) == ["Deals!WQK4", "Deals!WQL4"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_csv_file_is_a_table_whichever_sign_parts_it(delimiter):
    rows = [["Buyer", "Share"], ["Zeltan, Inc.", "12,5"], ["Or\nvane", "6"], [], ["Fin", "1"]]
    page = read_csv(delimited(rows, delimiter), "x.csv")
    assert page.text == "| Buyer | Share |\n| --- | --- |\n| Zeltan, Inc. | 12,5 |\n| Or vane | 6 |\n| Fin | 1 |\n"
    assert (cells(page)["B2"], cells(page)["A5"]) == ("12,5", "Fin")


def test_the_first_line_of_a_csv_file_may_tell_the_sign():
    assert read_csv("sep=;\r\na,b;c\r\n", "x").text == "| a,b | c |\n"


def test_a_tsv_file_is_parted_by_tabs_alone():
    assert read_tsv("a;b\tc\n1;2\t3\n", "x.tsv").text == "| a;b | c |\n| --- | --- |\n| 1;2 | 3 |\n"


def test_a_list_of_one_column_is_a_table_and_prose_is_none():
    assert read_csv("Names\nZeltan\nOrvane\n", "x.csv").text == "| Names |\n| --- |\n| Zeltan |\n| Orvane |\n"
    prose = "Zeltan buys Orvane, it says.\nIt pays.\nOrvane, Lyon, makes pumps, valves, taps.\nSo, it ends.\nHere.\n"
    with pytest.raises(DocumentError, match=r"^x\.csv: is no table, .* call it \.txt$"):
        read_csv(prose, "x.csv")


def test_a_named_csv_file_is_never_prose():
    data = delimited([["Company", "Customer"], ["CoreWeave", "Microsoft is its largest customer"]]).encode("cp1252")
    document = parse(data, Source("x.csv", "x.csv"), media_type="text/csv")
    assert document.text.startswith("| Company | Customer |\n| --- | --- |\n| CoreWeave |")


@settings(max_examples=15, deadline=None)
@given(TABLES)
def test_the_cells_come_back_from_each_kind_of_sheet_at_their_places(rows):
    expected = {
        f"{'ABCD'[column]}{at}": " ".join(text.replace("|", "¦").split())
        for at, row in enumerate(rows, 1)
        for column, text in enumerate(row)
        if text.split()
    }
    in_sheet = {f"S!{name}": text for name, text in expected.items()}
    assert cells(read_csv(delimited(rows, quoting=csv.QUOTE_ALL), "x")) == expected
    assert cells(read_xlsx(made(lambda *_: None, S=rows), "x")) == in_sheet
    assert cells(read_ods(opendocument(S=rows), "x")) == in_sheet
