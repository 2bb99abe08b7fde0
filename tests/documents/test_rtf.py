"""RTF becomes its paragraphs, footnotes and tables; what the format hides stays hidden."""

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.documents import Source, parse
from kg.documents.rtf import read_rtf
from kg.documents.xls import read_xls
from kg.errors import DocumentError, MissingExtra
from kg.places import PlaceKind

HEAD = r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss\fcharset0 Arial;}}{\colortbl;\red0;}{\*\generator X;}"
WORDS = st.text("abcdéèêàçœ’«» -.,;%|0123456789\xa0\tABC€\\{}😀", min_size=1, max_size=60)


def escaped(text):
    pieces = []
    for char in text:
        if char in "\\{}":
            pieces.append("\\" + char)
        elif char == "\t":
            pieces.append(r"\tab ")
        elif ord(char) < 128:
            pieces.append(char)
        else:
            halves = char.encode("utf-16-le")
            for at in range(0, len(halves), 2):
                unit = int.from_bytes(halves[at : at + 2], "little")
                pieces.append(f"\\u{unit - 0x10000 if unit > 0x7FFF else unit}?")
    return "".join(pieces)


def p(*runs):
    return rf"\pard\plain {''.join(runs)}\par" + "\n"


def row(*cells):
    return r"\trowd\cellx1000\cellx2000\pard\intbl " + "".join(rf"{cell}\cell " for cell in cells) + "\\row\n"


def made(*blocks):
    return (HEAD + "".join(blocks) + "}").encode("cp1252")


def named(page):
    return [(place.kind, place.name, page.text[place.start : place.end]) for place in page.places]


def test_paragraphs_come_with_their_letters_numbers_title_and_date():
    data = made(
        p("{\\b Zeltan rach\\'e8te Orvane}"),
        p(),
        p(r"Lyon, le 11 mars 2025\~\emdash  Zeltan d\u233?tient 6\~% d\rquote Orvane\line et d\'92une filiale."),
    )
    page = read_rtf(data, "x.rtf")
    assert page.text == (
        "Zeltan rachète Orvane\n\nLyon, le 11 mars 2025\xa0— Zeltan détient 6\xa0% d’Orvane et d’une filiale.\n"
    )
    assert (page.detected.title, page.detected.published) == ("Zeltan rachète Orvane", "2025-03-11")
    assert [place.name for place in page.places] == ["1", "3"]
    assert parse(data, Source("x.rtf", "x.rtf")).lang == "fr"


def test_footnotes_stand_behind_their_paragraph():
    note = r"{\super\chftn{\footnote\pard\plain{\super\chftn} Of {\i Lyon}.\par\pard A city.}}"
    page = read_rtf(made(p("Zeltan", note, " buys", note.replace("Lyon", "Lille"), "."), p("End.")), "x.rtf")
    assert page.text == "Zeltan buys.\n\nOf Lyon. A city.\n\nOf Lille. A city.\n\nEnd.\n"
    assert [(kind, name) for kind, name, _ in named(page)] == [
        (PlaceKind.PARAGRAPH, "1"),
        (PlaceKind.FOOTNOTE, "1"),
        (PlaceKind.FOOTNOTE, "2"),
        (PlaceKind.PARAGRAPH, "2"),
    ]


def test_a_note_in_a_table_at_the_end_is_not_lost():
    assert read_rtf(made(row("a", r"b{\footnote In a table.}")), "x").text == "| a | b |\n\nIn a table.\n"


def test_a_table_has_a_place_for_each_cell():
    page = read_rtf(
        made(
            row("one", "two"), p("Between | them"), row("Owner", r"Part\par (%)"), row("Zeltan", r"6 | 7{\deleted 8}")
        ),
        "x.rtf",
    )
    assert page.text == "| one | two |\n\nBetween | them\n\n| Owner | Part (%) |\n| Zeltan | 6 ¦ 7 |\n"
    assert [name for _, name, _ in named(page)] == ["1!A1", "1!B1", "1", "2!A1", "2!B1", "2!A2", "2!B2"]


def test_links_pictures_comments_headers_and_deleted_text_are_left_out():
    link = r'{\field{\*\fldinst{HYPERLINK "https://zeltan.example/a"}}{\fldrslt Zeltan}}'
    hidden = (
        r"{\deleted\revauthdel1 sold}{\*\annotation Really?}{\header Page 1}"
        r"{\*\shppict{\pict\pngblip\bin5 }}{{89}}"
    )
    data = made(p(link, " bought", hidden, " it."), r"{\pict\wmetafile8 0100\bin3 }}}ab}", p("End."))
    assert read_rtf(data, "x.rtf").text == "Zeltan bought it.\n\nEnd.\n"


def test_text_that_was_deleted_no_more_is_kept():
    assert read_rtf(made(p(r"{\deleted0 kept}")), "x.rtf").text == "kept\n"


@settings(max_examples=100, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=5), st.lists(st.lists(WORDS, min_size=2, max_size=2), max_size=3))
def test_the_words_come_back_and_each_place_holds_its_own(paragraphs, rows):
    page = read_rtf(made(*(p(escaped(each)) for each in paragraphs), *(row(*map(escaped, each)) for each in rows)), "x")
    held = {(kind, name): text.split() for kind, name, text in named(page)}
    expected = {(PlaceKind.PARAGRAPH, str(at)): text.split() for at, text in enumerate(paragraphs, 1)}
    for at, each in enumerate(rows, 1):
        expected |= {
            (PlaceKind.CELL, f"1!{'AB'[c]}{at}"): text.replace("|", "¦").split() for c, text in enumerate(each)
        }
    assert held == {key: words for key, words in expected.items() if words}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"no RTF", "is no RTF file"),
        ((HEAD + "{" * 10_000).encode(), "is nested deeper than 1,000 groups"),
        (made(p(r"\u99999999?x")), "is RTF that cannot be read"),
    ],
)
def test_what_cannot_be_read_ends_in_one_line(data, says):
    with pytest.raises(DocumentError, match=rf"^x\.rtf: {says}[^\n]*$"):
        read_rtf(data, "x.rtf")


@pytest.mark.parametrize(("module", "read"), [("striprtf.striprtf", read_rtf), ("python_calamine", read_xls)])
def test_a_missing_library_is_named_with_its_extra(monkeypatch, module, read):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtra, match=r"pip install 'kg\[office\]'$"):
        read(b"", "x")
