"""A table says the same in whichever kind of file it stands, and each claim leads to its cells where there are any."""

import csv
import io

import docx
import pytest
import xlsxwriter

from kg.pipeline import SourceOptions, build
from kg.places import PlaceKind
from kg.store import open_store
from tests.documents.conftest import escaped, mail
from tests.documents.pdf_files import Pdf

TITLE = "Customers of CoreWeave, 2024"
INTRO = "CoreWeave depends on a few companies. Its large customers in 2024 were the following companies."
ROWS = [["Customer", "% of revenue"], ["Microsoft", "62%"], ["OpenAI", "15%"]]


def as_csv():
    out = io.StringIO(newline="")
    csv.writer(out).writerows([[TITLE], [], *ROWS])
    return out.getvalue().encode()


def as_xlsx():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Data")
        for number, row in enumerate([[TITLE], [], *ROWS]):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def as_docx():
    document, out = docx.Document(), io.BytesIO()
    document.add_paragraph(INTRO)
    document.add_paragraph(TITLE)
    table = document.add_table(len(ROWS), 2)
    for number, row in enumerate(ROWS):
        for column, cell in enumerate(row):
            table.cell(number, column).text = cell
    document.save(out)
    return out.getvalue()


def as_pdf():
    pdf = Pdf()
    pdf.paragraph(INTRO)
    pdf.paragraph(TITLE)
    with pdf.table(width=100) as table:
        for cells in ROWS:
            row = table.row()
            for cell in cells:
                row.cell(cell)
    return pdf.bytes()


def markup():
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in ROWS)
    return f"<p>{INTRO}</p><table><caption>{TITLE}</caption>{rows}</table>"


def as_mail():
    message = mail("", "CoreWeave")
    message.set_content(markup(), subtype="html")
    return bytes(message)


def as_feed():
    item = f"<item><title>CoreWeave</title><guid>1</guid><description>{escaped(markup())}</description></item>"
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>x</title>{item}</channel></rss>".encode()


MARKDOWN = f"{INTRO}\n\n{TITLE}\n\n| Customer | % of revenue |\n| --- | --- |\n| Microsoft | 62% |\n| OpenAI | 15% |\n"
FILES = {
    "a.md": MARKDOWN.encode,
    "a.csv": as_csv,
    "a.xlsx": as_xlsx,
    "a.docx": as_docx,
    "a.pdf": as_pdf,
    "a.html": f"<html><body><article><h1>CoreWeave</h1>{markup()}</article></body></html>".encode,
    "a.eml": as_mail,
    "a.rss": as_feed,
}


@pytest.mark.parametrize("name", FILES)
def test_a_table_says_the_same_in_whichever_file_it_stands(name, tmp_path):
    (tmp_path / name).write_bytes(FILES[name]())
    with open_store(None) as store:
        report = build(store, [str(tmp_path / name)], SourceOptions(lang="en"))
        claims = list(store.claims())
        [document] = store.documents()
    said = {(claim.subject.name, claim.relation, claim.object.name, *shown(claim.qualifiers)) for claim in claims}
    assert said == {
        ("CoreWeave", "supplies", "Microsoft", 62, "revenue", "2024"),
        ("CoreWeave", "supplies", "OpenAI", 15, "revenue", "2024"),
    }
    assert (report.tables, report.unread_tables) == (1, [])
    if name in {"a.csv", "a.xlsx", "a.docx"}:
        placed = [document.places_of(claim.evidence[0]) for claim in claims]
        assert all(place.kind is PlaceKind.CELL for places in placed for place in places)
        assert all(len(places) == 2 for places in placed)


def shown(terms):
    return terms.percent, terms.percent_of, terms.as_of
