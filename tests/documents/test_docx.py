"""A Word file becomes the text that Word shows once its changes are accepted; places lead back into the file."""

import datetime as dt
import io
import zipfile

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.documents import Source, parse
from kg.documents.docx import read_docx
from kg.errors import DocumentError
from kg.places import PlaceKind

WORDS = st.text("abcdéèêàçœ’«» -.,;%|0123456789\xa0\tABC€", min_size=1, max_size=60)
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def saved(document):
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def with_parts(data, **parts):
    """Return a file with parts added or replaced, by their names without folder and ending."""
    folders = {"core": "docProps/core.xml", "rels": "word/_rels/document.xml.rels"}
    new = {folders.get(name, f"word/{name}.xml"): content for name, content in parts.items()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as changed:
        for name in old.namelist():
            if name not in new:
                changed.writestr(name, old.read(name))
        for name, content in new.items():
            changed.writestr(name, content)
    return buffer.getvalue()


def with_body(xml, **parts):
    """Return a file whose body is this XML."""
    document = f"<w:document {nsdecls('w', 'r')}><w:body>{xml}</w:body></w:document>"
    return with_parts(saved(docx.Document()), document=document, **parts)


def with_notes(xml, **texts):
    """Return a file with this body and with notes, by kind: each the texts of the notes from 1."""
    relations = "".join(
        f'<Relationship Id="n{kind}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
        f'Target="{kind}.xml"/>'
        for kind in texts
    )
    namespace = "http://schemas.openxmlformats.org/package/2006/relationships"
    parts = {"rels": f'<Relationships xmlns="{namespace}">{relations}</Relationships>'}
    for kind, notes in texts.items():
        each = "".join(f'<w:{kind[:-1]} w:id="{id_}">{p(note)}</w:{kind[:-1]}>' for id_, note in enumerate(notes, 1))
        parts[kind] = f"<w:{kind} {nsdecls('w')}>{each}</w:{kind}>"
    return with_body(xml, **parts)


def r(text):
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(*runs, properties=""):
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(run if run[0] == '<' else r(run) for run in runs)}</w:p>"


def note(id_, kind="footnote"):
    return f'<w:r><w:{kind}Reference w:id="{id_}"/></w:r>'


def named(page):
    return [(place.kind, place.name, page.text[place.start : place.end]) for place in page.places]


def test_title_headings_lists_and_paragraphs_are_blocks_with_their_numbers():
    document = docx.Document()
    document.add_heading("Zeltan rachète Orvane", 0)
    document.add_heading("Le prix", 1)
    document.add_paragraph("Zeltan paie 40 millions d’euros\tet 6\xa0% de ses actions.")
    document.add_paragraph()
    document.add_paragraph("à Lyon", style="List Bullet")
    document.add_paragraph("à Lille", style="List Number")
    document.add_paragraph("Fin.")
    page = read_docx(saved(document), "x.docx")
    assert page.text == (
        "Zeltan rachète Orvane\n\nLe prix\n\nZeltan paie 40 millions d’euros et 6\xa0% de ses actions.\n\n"
        "- à Lyon\n- à Lille\n\nFin.\n"
    )
    assert page.detected.title == "Zeltan rachète Orvane"
    numbers = [int(place.name) for place in page.places]
    assert numbers == [1, 2, 3, 5, 6, 7], "the empty paragraph counts"
    assert document.paragraphs[numbers[3] - 1].text == "à Lyon"


def test_a_list_s_style_may_be_derived_from_another_and_a_numbered_heading_is_no_item():
    document = docx.Document()
    own = document.styles.add_style("Own", WD_STYLE_TYPE.PARAGRAPH)
    own.base_style = document.styles["List Bullet"]
    document.add_paragraph("one", style="Own")
    for number, text in ((1, "two"), (0, "three")):
        paragraph = document.add_paragraph(text, style="Own" if number == 0 else None)
        paragraph._p.get_or_add_pPr().append(
            parse_xml(f'<w:numPr {nsdecls("w")}><w:numId w:val="{number}"/></w:numPr>')
        )
    heading = document.add_heading("Four", 1)
    heading._p.get_or_add_pPr().append(parse_xml(f'<w:numPr {nsdecls("w")}><w:numId w:val="1"/></w:numPr>'))
    assert read_docx(saved(document), "x.docx").text == "- one\n- two\n\nthree\n\nFour\n"


def test_inserted_text_is_kept_and_deleted_text_is_gone():
    body = (
        p("Zeltan ", f"<w:del>{r('sold').replace('w:t', 'w:delText')}</w:del>", f"<w:ins>{r('bought')}</w:ins>", " it.")
        + p("Moved ", f"<w:moveFrom>{r('away')}</w:moveFrom>", f"<w:moveTo>{r('here')}</w:moveTo>", ".")
        + p("Its end", properties="<w:rPr><w:del/></w:rPr>")
        + p(" was deleted.")
    )
    page = read_docx(with_body(body), "x.docx")
    assert page.text == "Zeltan bought it.\n\nMoved here.\n\nIts end was deleted.\n"
    assert [place.name for place in page.places] == ["1", "2", "4"]


def test_a_deleted_row_is_gone_and_an_inserted_one_kept():
    rows = [
        f"<w:tr><w:trPr>{mark}</w:trPr><w:tc>{p(text)}</w:tc><w:tc>{p('x')}</w:tc></w:tr>"
        for mark, text in (("", "one"), ("<w:del/>", "two"), ("<w:ins/>", "three"))
    ]
    assert read_docx(with_body(f"<w:tbl>{''.join(rows)}</w:tbl>"), "x").text == "| one | x |\n| three | x |\n"


def test_notes_stand_behind_their_paragraph_with_their_own_numbers():
    body = (
        p("Zeltan", note(2), " buys Orvane", note(1), ".")
        + p("It pays", note(1, "endnote"), " in cash", note(2, "endnote"), ".")
        + f"<w:tbl><w:tr><w:tc>{p('Cell', note(3))}</w:tc><w:tc>{p('x')}</w:tc></w:tr></w:tbl>"
    )
    data = with_notes(body, footnotes=["A maker of pumps.", "Of Lyon.", "In a table."], endnotes=["Or so.", "Euros."])
    page = read_docx(data, "x.docx")
    assert page.text == (
        "Zeltan buys Orvane.\n\nOf Lyon.\n\nA maker of pumps.\n\nIt pays in cash.\n\nOr so.\n\nEuros.\n\n"
        "| Cell | x |\n\nIn a table.\n"
    )
    assert [(kind, name) for kind, name, _ in named(page) if kind is not PlaceKind.CELL] == [
        (PlaceKind.PARAGRAPH, "1"),
        (PlaceKind.FOOTNOTE, "1"),
        (PlaceKind.FOOTNOTE, "2"),
        (PlaceKind.PARAGRAPH, "2"),
        (PlaceKind.FOOTNOTE, "i"),
        (PlaceKind.FOOTNOTE, "ii"),
        (PlaceKind.FOOTNOTE, "3"),
    ]


def test_links_fields_controls_and_text_boxes_are_read_and_instructions_are_not():
    field = '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>PAGEREF x</w:instrText></w:r>'
    box = f"<w:txbxContent>{p('In a box.')}</w:txbxContent>"
    box = f"<w:r><w:pict><v:textbox xmlns:v='v'>{box}</v:textbox></w:pict></w:r>"
    twice = (
        '<w:r><mc:AlternateContent xmlns:mc="mc"><mc:Choice>' + r("once") + "</mc:Choice><mc:Fallback>"
        f"{r('twice')}</mc:Fallback></mc:AlternateContent></w:r>"
    )
    body = p(
        f'<w:hyperlink r:id="none">{r("Zeltan")}</w:hyperlink>',
        field,
        f"<w:sdt><w:sdtContent>{r(' buys')}</w:sdtContent></w:sdt>",
        "<w:r><w:br/><w:t>Or</w:t><w:noBreakHyphen/><w:softHyphen/><w:t>vane</w:t></w:r>",
        box,
        r(" "),
        twice,
        "<w:commentRangeStart/>",
    )
    contents = '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
    contents += f"<w:sdtContent>{p('Le prix 12')}</w:sdtContent></w:sdt>"
    whole = f"<w:sdt><w:sdtPr/><w:sdtContent>{contents}{body}</w:sdtContent></w:sdt>"
    assert read_docx(with_body(whole), "x.docx").text == "Zeltan buys Or-vane once\n\nIn a box.\n"


def test_headers_footers_and_comments_are_left_out():
    document = docx.Document()
    paragraph = document.add_paragraph("Zeltan buys Orvane.")
    document.sections[0].header.paragraphs[0].text = "Confidential"
    document.sections[0].footer.paragraphs[0].text = "Page 1"
    document.add_comment(paragraph.runs, text="Really?", author="A", initials="A")
    assert read_docx(saved(document), "x.docx").text == "Zeltan buys Orvane.\n"


def test_a_table_has_its_heads_its_spans_and_a_place_for_each_cell():
    document = docx.Document()
    document.add_table(1, 1).cell(0, 0).text = "first"
    table = document.add_table(4, 3)
    texts = (("Owner", "% of capital", ""), ("", "2024", "2023"), ("Zeltan | SA", "6", "5"), ("", "7\n8", "9"))
    for row, cells in enumerate(texts):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(2, 0).merge(table.cell(3, 0))
    for row in table.rows[:2]:
        row._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
    page = read_docx(saved(document), "x.docx")
    assert page.text == (
        "| first |\n\n| Owner | % of capital |  |\n| Owner | 2024 | 2023 |\n| --- | --- | --- |\n"
        "| Zeltan ¦ SA | 6 | 5 |\n| Zeltan ¦ SA | 7 8 | 9 |\n"
    )
    cells = {name: text for kind, name, text in named(page) if kind is PlaceKind.CELL}
    assert cells["2!A1"] == cells["2!A2"] == "Owner"
    assert (cells["2!B1"], cells["2!C2"], cells["2!B4"], cells["1!A1"]) == ("% of capital", "2023", "7 8", "first")


def test_strict_ooxml_is_read_as_the_usual_is():
    body = f"<w:document {nsdecls('w')}><w:body>{p('Zeltan buys Orvane.')}</w:body></w:document>"
    data = with_parts(
        saved(docx.Document()), document=body.replace(W, "http://purl.oclc.org/ooxml/wordprocessingml/main")
    )
    assert read_docx(data, "x.docx").text == "Zeltan buys Orvane.\n"


def test_properties_are_detected_and_the_template_s_date_is_none():
    document = docx.Document()
    document.add_paragraph("Zeltan buys Orvane, a maker of pumps in the north of the country.")
    assert read_docx(saved(document), "x.docx").detected.published is None
    properties = document.core_properties
    properties.title, properties.language, properties.modified = "The deal", "en-GB", dt.datetime(2025, 3, 12)  # noqa: DTZ001
    detected = read_docx(saved(document), "x.docx").detected
    assert (detected.title, detected.lang, detected.published) == ("The deal", "en-GB", "2025-03-12")
    document.paragraphs[0].insert_paragraph_before("LYON, March 11, 2025 – Zeltan buys.")
    read = parse(saved(document), Source("x.docx", "x.docx"), today=dt.date(2025, 4, 1))
    assert (read.published, read.lang, read.title) == ("2025-03-11", "en", "The deal"), "the dateline is surer"
    assert [place.name for place in read.places] == ["1", "2"]


def test_macros_are_not_looked_at():
    data = with_parts(with_body(p("Zeltan buys Orvane.")), vbaProject="\x00Sub AutoOpen")
    assert read_docx(data, "x.docm").text == "Zeltan buys Orvane.\n"


@settings(max_examples=10, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=5), st.lists(st.lists(WORDS, min_size=2, max_size=2), max_size=3))
def test_the_words_come_back_and_each_place_holds_its_own(paragraphs, rows):
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    table = document.add_table(len(rows), 2)
    for at, row in enumerate(rows):
        for column, text in enumerate(row):
            table.cell(at, column).text = text
    page = read_docx(saved(document), "x.docx")
    held = {(kind, name): text.split() for kind, name, text in named(page)}
    expected = {(PlaceKind.PARAGRAPH, str(at)): text.split() for at, text in enumerate(paragraphs, 1)}
    for at, row in enumerate(rows, 1):
        expected |= {(PlaceKind.CELL, f"1!{'AB'[c]}{at}"): text.replace("|", "¦").split() for c, text in enumerate(row)}
    assert held == {key: words for key, words in expected.items() if words}


def test_the_body_may_be_elsewhere_in_the_package():
    data = with_body(p("Zeltan buys Orvane."))
    renamed = data.replace(b"word/document.xml", b"word/documenz.xml")
    with pytest.raises(DocumentError, match=r"x: its part 'word/document.xml' is missing: get a whole copy"):
        read_docx(renamed, "x")
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as changed:
        for name in old.namelist():
            changed.writestr(
                name.replace("document.xml", "documenz.xml"), old.read(name).replace(b"document.xml", b"documenz.xml")
            )
    assert read_docx(buffer.getvalue(), "x").text == "Zeltan buys Orvane.\n"


def test_a_soft_hyphen_or_a_space_of_no_width_is_no_letter_of_a_name():
    document = docx.Document()
    document.add_paragraph("Zel\xadtan buys Or\u200bvane.")
    assert read_docx(saved(document), "x.docx").text == "Zeltan buys Orvane.\n"
