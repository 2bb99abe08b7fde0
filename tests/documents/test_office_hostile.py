"""Files made to do harm, and broken ones: each ends in one line that says what to do, in bounded memory."""

import io
import re
import resource
import socket
import zipfile
from pathlib import Path

import docx
import pytest
import xlsxwriter

from kg.documents import Source, parse
from kg.documents.formats import media_type
from kg.errors import DocumentError

OPC = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
S = f'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{OFFICE}"'
ODF = "urn:oasis:names:tc:opendocument:xmlns"
OD = f'xmlns:office="{ODF}:office:1.0" xmlns:text="{ODF}:text:1.0" xmlns:table="{ODF}:table:1.0"'
LONG = "Zeltan buys Orvane, a maker of pumps. " * 3


@pytest.fixture(autouse=True)
def no_socket(monkeypatch):
    def refuse(*_):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)


def package(compression=zipfile.ZIP_DEFLATED, **parts):
    """Return a zip file of parts; "__" stands for "/" in their names."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as new:
        for name, content in parts.items():
            new.writestr(name.replace("__", "/").removesuffix("_"), content)
    return buffer.getvalue()


def rels(*targets):
    each = "".join(
        f'<Relationship Id="r{at}" Type="{OFFICE}/{kind}" Target="{target}"{more}/>'
        for at, (kind, target, more) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{OPC}">{each}</Relationships>'


def word(body, root="", **parts):
    text = f"{root}<w:document {W}><w:body>{body}</w:body></w:document>"
    top = {"_rels__.rels_": rels(("officeDocument", "word/document.xml", ""))}
    return package(**{**top, "word__document.xml": text, **parts})


def paragraph(text=LONG):
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def sheet(rows, more="", **parts):
    return package(
        **{
            "_rels__.rels_": rels(("officeDocument", "xl/workbook.xml", "")),
            "xl__workbook.xml": f'<workbook {S}><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl___rels__workbook.xml.rels": rels(("worksheet", "worksheets/sheet1.xml", "")),
            "xl__worksheets__sheet1.xml": f"<worksheet {S}><sheetData>{rows}</sheetData>{more}</worksheet>",
            **parts,
        }
    )


def opendocument(body, kind="text"):
    content = f"<office:document-content {OD}><office:body><office:{kind}>{body}</office:{kind}></office:body>"
    mimetype = f"application/vnd.oasis.opendocument.{kind}"
    return package(**{"mimetype": mimetype, "content.xml": f"{content}</office:document-content>"})


def full_sheet():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        made = book.add_worksheet()
        for row in range(1000):
            made.write_row(row, 0, [str(row)] * 100)
    return buffer.getvalue()


def whole():
    buffer = io.BytesIO()
    document = docx.Document()
    document.add_paragraph(LONG)
    document.save(buffer)
    return buffer.getvalue()


def lying(data):
    """Return a file whose directory says that its last part is shorter than it is."""
    at = data.rfind(b"PK\x01\x02")
    return data[: at + 24] + (64).to_bytes(4, "little") + data[at + 28 :]


def damaged(data):
    """Return a file in whose last part a byte differs."""
    at = data.find(b"PK\x01\x02") - 8
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


def locked(data):
    """Return a file whose directory says that its parts are encrypted."""
    return re.sub(rb"(PK\x01\x02.{4})\x00", lambda entry: entry[1] + b"\x01", data, flags=re.DOTALL)


def cell(at="A1", value=1, more=""):
    return f'<c r="{at}"{more}><v>{value}</v></c>'


def compound(stream):
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stream.encode("utf-16-le") + bytes(512)


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
CELL = "<table:table-cell{}><text:p>x</text:p></table:table-cell>"
MERGED = '<mergeCells><mergeCell ref="A1:A1048576"/></mergeCells>'
LINES = ("officeDocument", "word/a&#10;b&#155;[1m", "")
OUTWARD = ("officeDocument", "word/../../../word/passwd", "")
MIME = "application/vnd.oasis.opendocument."
MEGA = 1 << 20

ROW = "<w:tr><w:tc><w:tcPr><w:vMerge{}/></w:tcPr>{}</w:tc></w:tr>"


def diagonal():
    letters = "ABCDEFGHIJKLM"
    columns = [first + second + third for first in letters for second in letters for third in letters]
    return sheet("".join(f"<row>{cell(f'{column}{at}')}</row>" for at, column in enumerate(columns, 1)))


def again():
    """Return a workbook that names one sheet a thousand times."""
    names = "".join(f'<sheet name="S{at}" sheetId="{at}" r:id="r1"/>' for at in range(1000))
    book = f"<workbook {S}><sheets>{names}</sheets></workbook>"
    return sheet("<row/>" * 100_000, **{"xl__workbook.xml": book})


def repeated():
    each = CELL.format(" table:number-columns-repeated='999999999999999'")
    row = f"<table:table-row table:number-rows-repeated='1048576'>{each}</table:table-row>"
    return opendocument(f"<table:table>{row}</table:table>", "spreadsheet")


def spanned():
    first = ROW.format(" w:val='restart'", paragraph("x" * 900_000))
    return word(f"<w:tbl>{first}{ROW.format('', '<w:p/>') * 10_000}</w:tbl>")


def bomb(name, mimetype="x"):
    parts = {"mimetype": mimetype, name: b" " * (64 * MEGA)}
    return word("", **parts) if name.startswith("word") else package(**parts)


HOSTILE = {
    "bomb.docx": (lambda: bomb("word__document.xml"), "'word/document.xml' unpacks to more than 32 MiB, too long"),
    "bomb.odt": (lambda: bomb("content.xml", f"{MIME}text"), "'content.xml' unpacks to more than 32 MiB"),
    "bomb.ods": (lambda: bomb("content.xml", f"{MIME}spreadsheet"), "'content.xml' unpacks to more than 32 MiB"),
    "bomb.xlsx": (lambda: sheet(cell() + " " * (40 * MEGA)), "'xl/worksheets/sheet1.xml' unpacks to more than 32 MiB"),
    "lying.docx": (lambda: lying(word(paragraph() * 50)), "its part 'word/document.xml' is damaged"),
    "tags.docx": (lambda: word("<w:p/>" * 3_000_000), "holds more than 3,000,000 tags"),
    "deep.docx": (lambda: word("<w:sdt>" * 10_000 + "</w:sdt>" * 10_000), "is nested too deep"),
    "deep.odt": (lambda: opendocument("<text:list>" * 10_000 + "</text:list>" * 10_000), "is nested too deep"),
    "deep.rtf": (lambda: b"{\\rtf1" + b"{" * 10_000, "is nested deeper than 1,000 groups"),
    "entities.docx": (lambda: word(paragraph("&b;"), root=LAUGHS), "declares a document type"),
    "outside.docx": (lambda: word(paragraph("&c;"), root=LAUGHS), "declares a document type"),
    "broken.docx": (lambda: word("<w:p>"), "is no XML that can be read"),
    "cut.docx": (lambda: whole()[:-200], "is cut off: get a whole copy"),
    "cut.xlsx": (lambda: full_sheet()[:2000], "is cut off: get a whole copy"),
    "damaged.docx": (lambda: damaged(word(paragraph())), "its part 'word/document.xml' is damaged"),
    "locked.docx": (lambda: locked(word(paragraph())), "is encrypted"),
    "squeezed.docx": (lambda: package(zipfile.ZIP_LZMA, **{"_rels__.rels_": "x"}), "packed in a way that office files"),
    "parts.docx": (lambda: b"PK\x03\x04" + b"PK\x01\x02" * 20_001, "holds more than 20,000 parts"),
    "outward.docx": (lambda: word("", **{"_rels__.rels_": rels(OUTWARD)}), "its part 'word/passwd' is missing"),
    "lines.docx": (lambda: word("", **{"_rels__.rels_": rels(LINES)}), r"its part 'word/a\\nb\\x9b\[1m' is missing"),
    "lines.odt": (lambda: package(mimetype=MIME + "a\nb"), r"is 'application/vnd.oasis.opendocument.a\\nb', which"),
    "prose.docx": (LONG.encode, "is no zip file"),
    "prose.odt": (LONG.encode, "is no zip file"),
    "prose.xlsx": (LONG.encode, "is no zip file"),
    "prose.ods": (LONG.encode, "is no zip file"),
    "prose.rtf": (LONG.encode, "is no RTF file"),
    "prose.xls": (LONG.encode, "is no Excel workbook"),
    "archive.docx": (lambda: package(**{"a.txt": LONG}), r"is a file of many documents \(application/zip\)"),
    "slides.pptx": (lambda: package(**{"_rels__.rels_": rels(("officeDocument", "ppt/p.xml", ""))}), "is a PowerPoint"),
    "slides.odp": (lambda: opendocument("", "presentation"), "which is not read: save it as"),
    "other.docx": (lambda: word("", **{"word__document.xml": f"<w:other {W}/>"}), "is no text of Word"),
    "empty.docx": (lambda: word(""), "holds markup and no text"),
    "encrypted.docx": (lambda: compound("EncryptedPackage"), "is encrypted: open it with its password"),
    "old.doc": (lambda: compound("WordDocument"), r"is an old Word file \(.doc\): save it as DOCX"),
    "embedding.doc": (lambda: compound("WordDocument....Workbook"), "is an old Word file"),
    "mail.msg": (lambda: compound("__properties_version1.0"), "is an Outlook message"),
    "other.ole": (lambda: compound("Else"), "is an old office file that is not read"),
    "broken.xls": (lambda: compound("Workbook"), "is no Excel workbook that can be read"),
    "full.xlsx": (full_sheet, "a table holds more than 50,000 cells"),
    "diagonal.xlsx": (diagonal, "more than 1,000,000 cells, empty ones between them included"),
    "again.xlsx": (again, "names one sheet twice, as Excel never does"),
    "merged.xlsx": (lambda: sheet(f"<row>{cell()}</row>", MERGED), "a table holds more than 50,000 cells"),
    "repeated.ods": (repeated, "a table holds more than 50,000 cells"),
    "spanned.docx": (spanned, "50,000 cells or 1,000,000 characters"),
    "long.docx": (lambda: word(paragraph(LONG * 100) * 100), "characters, too long for an article"),
    "full.csv": (lambda: b"a,b\n" * 50_000, "a table holds more than 50,000 cells"),
    "quote.csv": (lambda: b'a,b\n"c,d\n', "cannot be read as a table at line 2"),
    "field.csv": (lambda: b"a,b\n" + b"c" * 1_000_001 + b",d\n", "cannot be read as a table at line 2"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_or_broken_file_ends_in_one_line_within_bounded_memory(name):
    make, says = HOSTILE[name]
    data, kind = make(), media_type(Path(name))
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (in_use() + 1024 * MEGA, hard))
    try:
        with pytest.raises(DocumentError, match=rf"^{re.escape(name)}: [^\n]*{says}[^\n]*$"):
            parse(data, Source(name, name), media_type=kind)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def in_use():
    """Return the bytes of addresses that this process has."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def test_a_reference_to_another_file_leads_nowhere():
    link = f'<w:hyperlink r:id="r2" xmlns:r="{OFFICE}"><w:r><w:t>Zeltan</w:t></w:r></w:hyperlink>'
    outside = rels(("footnotes", "https://zeltan.example/f.xml", ' TargetMode="External"'), ("styles", "../x.xml", ""))
    body = f"<w:p>{link}</w:p>{paragraph()}"
    document = parse(word(body, **{"word___rels__document.xml.rels": outside}), Source("x.docx", "x.docx"))
    assert document.text.startswith("Zeltan\n\nZeltan buys Orvane")


@pytest.mark.parametrize(
    ("name", "data", "start"),
    [
        ("x.txt", whole(), "Zeltan buys"),
        ("x.csv", whole(), "Zeltan buys"),
        ("x.docx", b"{\\rtf1 " + LONG.encode() + b"}", "Zeltan buys"),
        ("x.docx", sheet(f'<row><c t="inlineStr"><is><t>{LONG}</t></is></c></row>'), "S\n\n| Zeltan buys"),
    ],
)
def test_the_wrong_ending_does_not_hide_what_a_file_is(name, data, start):
    assert parse(data, Source(name, name), media_type=media_type(Path(name))).text.startswith(start)
