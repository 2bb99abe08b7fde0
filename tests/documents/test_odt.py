"""A text of LibreOffice becomes what its pages show once changes are accepted; places lead back into the file."""

import datetime as dt
import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from odfdo import Document, Element, Header, List, Paragraph, Table

from kg.documents import Source, parse
from kg.documents.opendocument import read_odt
from kg.errors import DocumentError
from kg.places import PlaceKind

WORDS = st.text("abcdéèêàçœ’«» -.,;%|0123456789\xa0\tABC€", min_size=1, max_size=60)


def made(*elements):
    document = Document("text")
    document.body.clear()
    for element in elements:
        document.body.append(Element.from_tag(element) if isinstance(element, str) else element)
    return saved(document)


def saved(document):
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


COVERED = "<table:covered-table-cell/>"


def cell(text, name="columns-spanned", number=1):
    return f"<table:table-cell table:number-{name}='{number}'><text:p>{text}</text:p></table:table-cell>"


def named(page):
    return [(place.kind, place.name, page.text[place.start : place.end]) for place in page.places]


def test_headings_lists_and_paragraphs_are_blocks_with_their_numbers():
    page = read_odt(
        made(
            Header(1, "Zeltan rachète Orvane"),
            Paragraph("Zeltan paie 40 millions d’euros\tet 6\xa0% de ses actions."),
            Paragraph(""),
            List(["à Lyon", "à Lille"]),
            Paragraph("Fin."),
        ),
        "x.odt",
    )
    assert page.text == (
        "Zeltan rachète Orvane\n\nZeltan paie 40 millions d’euros et 6\xa0% de ses actions.\n\n"
        "- à Lyon\n- à Lille\n\nFin.\n"
    )
    assert page.detected.title == "Zeltan rachète Orvane"
    assert [place.name for place in page.places] == ["1", "2", "4", "5", "6"]


def test_the_title_s_style_gives_the_title():
    page = read_odt(made(Paragraph("Intro"), Paragraph("The deal", style="Title"), Header(1, "One")), "x.odt")
    assert page.detected.title == "The deal"


def test_notes_stand_behind_their_paragraph_by_the_mark_that_the_page_shows():
    first, second = Paragraph("Zeltan buys Orvane."), Paragraph("It pays in cash.")
    first.insert_note(after="Zeltan", note_id="a", citation="1", body="Of Lyon.")
    first.insert_note(after="buys", note_id="b", citation="2", body="So it says.")
    second.insert_note(after="cash", note_class="endnote", note_id="c", citation="i", body="Euros.")
    page = read_odt(made(first, second), "x.odt")
    assert page.text == "Zeltan buys Orvane.\n\nOf Lyon.\n\nSo it says.\n\nIt pays in cash.\n\nEuros.\n"
    assert [name for kind, name, _ in named(page) if kind is PlaceKind.FOOTNOTE] == ["1", "2", "i"]


def test_inserted_text_is_kept_and_deleted_text_and_comments_are_gone():
    page = read_odt(
        made(
            "<text:tracked-changes><text:changed-region><text:deletion><text:p>sold</text:p></text:deletion>"
            "</text:changed-region></text:tracked-changes>",
            '<text:p>Zeltan <text:change text:change-id="a"/><text:change-start text:change-id="b"/>bought'
            '<text:change-end text:change-id="b"/> it<office:annotation><text:p>Really?</text:p></office:annotation>.'
            "<text:line-break/>Or<text:s text:c='900000000'/>so.</text:p>",
        ),
        "x.odt",
    )
    assert page.text == "Zeltan bought it. Or so.\n"
    assert [place.name for place in page.places] == ["1"]


def test_indexes_are_left_out_and_sections_links_and_text_boxes_read():
    page = read_odt(
        made(
            "<text:table-of-content><text:index-body><text:p>Le prix 12</text:p></text:index-body>"
            "</text:table-of-content>",
            "<text:section><text:p>See <text:a>Orvane</text:a><text:span>, it</text:span> pays."
            "<draw:frame><draw:text-box><text:p>In a box.</text:p></draw:text-box><svg:desc>a box</svg:desc>"
            "</draw:frame></text:p></text:section>",
        ),
        "x.odt",
    )
    assert page.text == "See Orvane, it pays.\n\nIn a box.\n"


def test_a_table_has_its_heads_its_spans_and_a_place_for_each_cell():
    head = f"<table:table-row>{cell('Owner')}{cell('% of capital', 'columns-spanned', 2)}{COVERED}</table:table-row>"
    rows = (
        cell("Zeltan</text:p><text:p>SA", "rows-spanned", 2) + cell("6", "columns-repeated", 2),
        COVERED + "<table:table-cell/>" + cell("7 | 8"),
    )
    body = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    page = read_odt(
        made(f"<table:table><table:table-header-rows>{head}</table:table-header-rows>{body}</table:table>"), "x.odt"
    )
    assert page.text == (
        "| Owner | % of capital |  |\n| --- | --- | --- |\n| Zeltan SA | 6 | 6 |\n| Zeltan SA |  | 7 ¦ 8 |\n"
    )
    assert [name for _, name, _ in named(page)] == ["1!A1", "1!B1", "1!A2", "1!B2", "1!C2", "1!A3", "1!C3"]


def test_properties_are_detected():
    document = Document("text")
    document.body.append(Paragraph("Zeltan buys Orvane, a maker of pumps in the north of the country."))
    document.meta.title, document.meta.language = "The deal", "en-GB"
    document.meta.set_modification_date(dt.datetime(2025, 3, 12))  # noqa: DTZ001 - as the file has it
    read = parse(saved(document), Source("x.odt", "x.odt"))
    assert (read.title, read.lang, read.published) == ("The deal", "en", "2025-03-12")


@settings(max_examples=15, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=5), st.lists(st.lists(WORDS, min_size=2, max_size=2), max_size=3))
def test_the_words_come_back_and_each_place_holds_its_own(paragraphs, rows):
    table = Table("T", width=2, height=len(rows))
    for at, row in enumerate(rows):
        for column, text in enumerate(row):
            table.set_value((column, at), text)
    page = read_odt(made(*map(Paragraph, paragraphs), table), "x.odt")
    held = {(kind, name): text.split() for kind, name, text in named(page)}
    expected = {(PlaceKind.PARAGRAPH, str(at)): text.split() for at, text in enumerate(paragraphs, 1)}
    for at, row in enumerate(rows, 1):
        expected |= {(PlaceKind.CELL, f"1!{'AB'[c]}{at}"): text.replace("|", "¦").split() for c, text in enumerate(row)}
    assert held == {key: words for key, words in expected.items() if words}


def test_an_encrypted_text_is_told():
    data = made(Paragraph("x"))
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as changed:
        for name in old.namelist():
            content = old.read(name)
            if name == "META-INF/manifest.xml":
                content = content.replace(b"</manifest:manifest>", b"<manifest:encryption-data/></manifest:manifest>")
            changed.writestr(name, content)
    with pytest.raises(DocumentError, match=r"^x\.odt: is encrypted: open it with its password"):
        read_odt(buffer.getvalue(), "x.odt")
