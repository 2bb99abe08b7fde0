"""PDF: its text in reading order, its tables, where each part stands, and what is refused in one line."""

import datetime as dt
import io
import itertools

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.documents import Metadata, Source, parse
from kg.documents.pdf import read_pdf
from kg.documents.pdf.hyphens import Hyphens
from kg.errors import DocumentError
from kg.pipeline import SourceOptions, build, read_document
from kg.store import open_store
from tests.documents.pdf_files import Pdf, article

FIRST = (
    "CoreWeave will supply OpenAI with computing power under a five-year contract worth $11.9 billion. As part of "
    "the deal, the company will hand over shares for $350 million, it said."
)
SECOND = (
    "Until now the cloud company has leaned on a single buyer. Microsoft accounted for 62% of its revenue in 2024, "
    "which reached $1.9 billion that year, up from $228.9 million in the year before."
)
THIRD = (
    "Nvidia owns 6% of CoreWeave and supplies it with the chips for its data centres. The offering could raise more "
    "than $4 billion, and the company has debts of $7.9 billion that it could repay in part."
)
HEAD = "CoreWeave finds a second big customer"


def text_of(pdf):
    return read_pdf(pdf if isinstance(pdf, bytes) else pdf.bytes(), "x.pdf").text


# ------------------------------------------------------------------------------------------ reading order
@settings(max_examples=30)
@given(
    st.floats(12, 40),
    st.floats(7, 14),
    st.sampled_from("JL"),
    st.floats(0.4, 2),
    st.permutations([FIRST, SECOND, THIRD]),
)
def test_a_paragraph_comes_back_whole_whatever_the_width_of_its_column(width, size, align, white, paragraphs):
    pdf = Pdf(size=size)  # points; the width and the white between paragraphs are so many times as much
    for paragraph in paragraphs:
        # A soft hyphen in each long word: where the line ends there, a hyphen is printed.
        words = (
            f"{word[:4]}\u00ad{word[4:]}" if len(word) > 8 and word.isalpha() else word for word in paragraph.split()
        )
        pdf.paragraph(" ".join(words), width * size * 0.353, align, white * size * 0.353)
    assert text_of(pdf).strip().split("\n\n") == paragraphs


@pytest.mark.parametrize("count", [2, 3])
def test_columns_are_read_one_after_the_other_below_a_heading_across_the_page(count):
    pdf = Pdf(size=9)
    pdf.heading(f"{HEAD}, and this heading is as wide as the page is")
    pdf.columns([FIRST, SECOND, THIRD] * 4, count)
    heading, *paragraphs = text_of(pdf).strip().split("\n\n")
    assert heading == f"{HEAD}, and this heading is as wide as the page is"
    assert " ".join(paragraphs) == " ".join([FIRST, SECOND, THIRD] * 4)


def test_a_page_may_have_columns_between_text_across_it():
    pdf = Pdf(size=10)
    pdf.paragraph(FIRST)
    pdf.columns([SECOND, THIRD] * 3)
    pdf.ln(8)
    pdf.paragraph(f"At the end: {FIRST}")
    assert " ".join(text_of(pdf).split()) == " ".join([FIRST, *[SECOND, THIRD] * 3, f"At the end: {FIRST}"])


def test_a_paragraph_goes_on_over_the_end_of_a_page_and_past_running_heads_and_feet():
    pdf = Pdf(head="Annual report 2024, page")
    long = " ".join(f"In the year {year} the company sold more than it had sold before," for year in range(1800, 2030))
    for _ in range(3):
        pdf.paragraph(f"{long} and so it went on.")
    page = read_pdf(pdf.bytes(), "x.pdf")
    assert pdf.page_no() > 3
    assert page.text == "\n\n".join([f"{long} and so it went on."] * 3) + "\n"
    assert [place.name for place in page.places] == sorted((place.name for place in page.places), key=int)


def test_a_heading_is_kept_apart_from_the_text():
    pdf = Pdf()
    pdf.heading("A heading that is long enough to take two lines of the page in its large letters", 20)
    pdf.paragraph(FIRST, space=0)
    pdf.heading("Customers", 11)
    pdf.paragraph(SECOND)
    lines = text_of(pdf).strip().split("\n\n")
    assert lines == [
        "A heading that is long enough to take two lines of the page in its large letters",
        FIRST,
        "Customers",
        SECOND,
    ]


def test_the_number_of_a_page_alone_is_left_out_and_a_year_is_not():
    pdf = Pdf()
    pdf.paragraph(FIRST)
    pdf.set_y(-30)
    pdf.cell(0, 6, "1 / 1", align="C")
    assert text_of(pdf) == FIRST + "\n"
    pdf = Pdf()
    pdf.paragraph(FIRST)
    pdf.set_y(-30)
    pdf.cell(0, 6, "2024", align="C")
    assert text_of(pdf) == FIRST + "\n\n2024\n"


@pytest.mark.parametrize(("before", "after", "part"), [
    ("sup-", "plier", "sup"),
    ("long-", "term", "long-"),
    ("Rolls-", "Royce", "Rolls-"),
    ("vice-", "président", "vice-"),
    ("acquisi-", "tion,", "acquisi"),
    ("peut-", "être", "peut-"),
    ("Core-", "Weave", "Core"),
    ("10-", "K", "10-"),
    ("short-", "and", None),
    ("the", "supplier", None),
    ("acqui\u00ad", "sition", "acqui"),
])  # fmt: skip
def test_a_hyphen_at_the_end_of_a_line_stays_where_it_is_the_words_own(before, after, part):
    assert Hyphens(["CoreWeave and others agreed on a long-term deal"]).part(before, after) == part


def test_ligatures_are_taken_apart_and_the_marks_of_footnotes_left_out():
    pdf = Pdf()
    pdf.write(6, "The o\ufb03ce of Nvidia")
    pdf.char_vpos = "SUP"
    pdf.write(6, "12")
    pdf.char_vpos = "LINE"
    pdf.write(6, " and of Oracle in Paris told so on 12 May.")
    assert text_of(pdf) == "The office of Nvidia and of Oracle in Paris told so on 12 May.\n"


def test_text_that_is_turned_is_read_after_the_rest_and_a_watermark_is_not():
    pdf = Pdf()
    pdf.paragraph(FIRST)
    with pdf.rotation(90, 100, 200):
        pdf.text(100, 200, "Set along the edge")
    with pdf.rotation(40, 100, 150):
        pdf.text(100, 150, "CONFIDENTIAL")
    assert text_of(pdf) == f"{FIRST}\n\nSet along the edge\n"


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_is_shown_turned_is_read_as_it_is_shown(turn):
    upright = pypdfium2.PdfDocument(article(f"{HEAD}\n{FIRST}\n{SECOND}", 1))
    out = io.BytesIO()
    page = upright[0]
    page.set_rotation(turn)
    page.set_cropbox(10, 10, 590, 835)
    upright.save(out)
    read = read_pdf(out.getvalue(), "x.pdf")
    assert read.text == f"{HEAD}\n\n{FIRST}\n\n{SECOND}\n"
    width, height = page.get_size()
    assert all(0 <= place.box[0] < place.box[2] <= width for place in read.places)
    assert all(0 <= place.box[1] < place.box[3] <= height for place in read.places)


# ------------------------------------------------------------------------------------------ tables
ROWS = [["Customer", "Country", "% of revenue"], ["Zeltan Corp", "France", "21%"], ["Korba | Sons", "", "$ 9"]]


def test_a_table_with_rules_is_written_in_rows_with_its_bold_heads():
    pdf = Pdf()
    pdf.paragraph("Large customers")
    with pdf.table() as table:
        for cells in [*ROWS, ["A name that is far too long to stand in one line of its cell", "Malta", "1%"]]:
            row = table.row()
            for cell in cells:
                row.cell(cell)
    assert text_of(pdf) == (
        "Large customers\n\n| Customer | Country | % of revenue |\n| --- | --- | --- |\n"
        "| Zeltan Corp | France | 21% |\n| Korba ¦ Sons |  | $ 9 |\n"
        "| A name that is far too long to stand in one line of its cell | Malta | 1% |\n"
    )


def test_a_cell_that_spans_rows_is_repeated_and_one_that_spans_columns_stands_in_the_first():
    pdf = Pdf()
    with pdf.table() as table:
        row = table.row()
        row.cell("Name")
        row.cell("Share", colspan=2)
        row = table.row()
        row.cell("Zeltan", rowspan=2)
        row.cell("2023")
        row.cell("4%")
        row = table.row()
        row.cell("2024")
        row.cell("5%")
    assert text_of(pdf) == (
        "| Name | Share |  |\n| --- | --- | --- |\n| Zeltan | 2023 | 4% |\n| Zeltan | 2024 | 5% |\n"
    )


def test_signs_that_stand_apart_are_put_to_their_figures():
    pdf = Pdf()
    with pdf.table() as table:
        for cells in [["", "2023", "", "2024", ""], ["Zeltan", "$", "9", "12", "%"], ["Harvon", "$", "8", "7", "%"]]:
            row = table.row()
            for cell in cells:
                row.cell(cell)
    assert text_of(pdf).splitlines()[2:] == ["| Zeltan | $ 9 | 12 % |", "| Harvon | $ 8 | 7 % |"]


def test_rows_that_are_aligned_are_a_table_and_text_in_columns_is_none():
    pdf = Pdf()
    for left, middle, right in [*ROWS, ["Harvon Ltd", "Spain", "4%"]]:
        pdf.cell(60, 6, left)
        pdf.cell(40, 6, middle)
        pdf.cell(30, 6, right, align="R")
        pdf.ln()
    assert text_of(pdf) == (
        "| Customer | Country | % of revenue |\n| Zeltan Corp | France | 21% |\n| Korba ¦ Sons |  | $ 9 |\n"
        "| Harvon Ltd | Spain | 4% |\n"
    )
    assert "|" not in text_of(article(f"{HEAD}\n{FIRST}\n{SECOND}\n{THIRD}", 2))


def test_a_list_with_its_numbers_and_a_table_of_contents_stay_lines():
    pdf = Pdf()
    for number, text in enumerate(["Nvidia owns a stake.", "Oracle does not.", "Others follow."], 1):
        pdf.cell(15, 6, f"{number}.")
        pdf.cell(0, 6, text)
        pdf.ln()
    pdf.ln(10)
    for name in ("Customers", "Suppliers", "Owners"):
        pdf.cell(0, 6, f"{name} {'.' * 30} 12")
        pdf.ln()
    assert "|" not in text_of(pdf)


def test_a_table_below_columns_is_read_across_them_and_has_the_heads_above_it():
    pdf = Pdf(size=10)
    with pdf.text_columns(ncols=2, text_align="J", gutter=8, balance=True) as columns:
        for text in [FIRST, SECOND, THIRD] * 2:
            with columns.paragraph(bottom_margin=4) as paragraph:
                paragraph.write(text)
    pdf.ln(8)
    for left, middle, right in [("", "2023", "2024"), ("Zeltan Corp", "21%", "$ 9"), ("Harvon Ltd", "4%", "8")]:
        pdf.cell(90, 6, left)
        pdf.cell(40, 6, middle, align="R")
        pdf.cell(40, 6, right, align="R")
        pdf.ln()
    before, _, table = text_of(pdf).partition("\n\n| ")
    assert " ".join(before.split()) == " ".join([FIRST, SECOND, THIRD] * 2)
    assert table == " | 2023 | 2024 |\n| Zeltan Corp | 21% | $ 9 |\n| Harvon Ltd | 4% | 8 |\n"


def test_text_goes_on_past_a_box_at_its_side():
    pdf = Pdf(size=10)
    words = f"{FIRST} {SECOND} {THIRD} {FIRST}".split()
    top, around = pdf.get_y(), " ".join(words[:60])
    pdf.multi_cell(110, None, around)
    end = pdf.get_y()
    pdf.set_xy(130, top)
    pdf.multi_cell(60, None, "A box tells in a few short lines of its own how the deal came about in the end.")
    pdf.set_xy(pdf.l_margin, end)
    pdf.multi_cell(0, None, " ".join(words[60:]))
    assert " ".join(words) in text_of(pdf).split("\n\n")


# ------------------------------------------------------------------------------------------ places
@pytest.mark.parametrize("count", [1, 2])
def test_the_words_in_the_box_of_a_place_are_those_of_its_span(count):
    data = article("\n".join([HEAD, FIRST, SECOND, THIRD] * 5), count)
    page = read_pdf(data, "x.pdf")
    pages = [(p.get_textpage(), p.get_height()) for p in pypdfium2.PdfDocument(data)]
    assert len(page.places) > 30
    for place in page.places:
        textpage, height = pages[int(place.name) - 1]
        left, top, right, bottom = place.box
        inside = textpage.get_text_bounded(left - 0.5, height - bottom + 3, right + 0.5, height - top - 3)
        assert inside.strip() == page.text[place.start : place.end]
    assert all(first.end <= second.start for first, second in itertools.pairwise(page.places))


def test_each_cell_of_a_table_has_its_place():
    pdf = Pdf()
    with pdf.table() as table:
        for cells in ROWS:
            row = table.row()
            for cell in cells:
                row.cell(cell)
    page = read_pdf(pdf.bytes(), "x.pdf")
    cells = [page.text[place.start : place.end] for place in page.places]
    assert cells == ["Customer", "Country", "% of revenue", "Zeltan Corp", "France", "21%", "Korba ¦ Sons", "$ 9"]
    assert page.places[3].box[0] < page.places[4].box[0] < page.places[5].box[0]


# ------------------------------------------------------------------------------------------ metadata
def test_the_date_of_the_file_counts_only_where_the_text_has_none():
    assert read_pdf(article(f"{HEAD}\nParis, 12 mai 2016\n{FIRST}"), "x").detected.published == "2016-05-12"
    made = Pdf()
    made.set_creation_date(dt.datetime(2024, 3, 9, tzinfo=dt.UTC))
    made.paragraph(FIRST)
    assert read_pdf(made.bytes(), "x").detected.published == "2024-03-09"


@pytest.mark.parametrize(
    ("title", "detected"),
    [
        ("A deal of many years", "A deal of many years"),
        ("Microsoft Word - a b.doc", HEAD),
        ("", HEAD),
        ("8k-final", HEAD),
    ],
)
def test_a_title_that_only_names_the_file_is_none(title, detected):
    pdf = Pdf()
    pdf.set_title(title)
    pdf.set_lang("fr-FR")
    pdf.heading(HEAD)
    pdf.paragraph(FIRST)
    page = read_pdf(pdf.bytes(), "x.pdf")
    assert (page.detected.title, page.detected.lang) == (detected, "fr-FR")


# ------------------------------------------------------------------------------------------ the same claims
ENGLISH = (
    "Zeltan buys a rival\n\nParis, March 11, 2025 -\n\nOracle has acquired Opower for $532 million. Nvidia owns a 6% "
    "stake in CoreWeave and supplies CoreWeave with the chips for its data centers.\n\nMicrosoft accounted for 62% of "
    "CoreWeave's revenue in 2024. OpenAI signed a partnership with SoftBank and Oracle.\n"
)
FRENCH = (
    "CoreWeave trouve un deuxième client\n\nCoreWeave fournira à OpenAI de la puissance de calcul pour 11,9 milliards "
    "de dollars sur cinq ans. Nvidia détient 6 % du capital de CoreWeave.\n\nMicrosoft représentait 62 % du chiffre "
    "d’affaires de CoreWeave en 2024. Oracle a annoncé le rachat de la société Opower.\n"
)


@pytest.mark.slow
@pytest.mark.parametrize(("lang", "text"), [("en", ENGLISH), ("fr", FRENCH)])
def test_an_article_as_text_and_as_pdf_gives_the_same_claims(lang, text):
    def claims(data, kind):
        document = parse(data, Source("x", "x"), media_type=kind, known=Metadata(lang=lang, published="2025-03-11"))
        extraction, _ = read_document(document)
        places = [document.places_of(evidence) for claim in extraction.claims for evidence in claim.evidence]
        assert all(places) == (kind == "application/pdf")
        return sorted(
            (c.subject.name, c.relation, str(c.object), str(c.qualifiers), c.modality, c.quote.split())
            for c in extraction.claims
        )

    expected = claims(text.encode(), "text/plain")
    assert len(expected) >= 3
    for columns in (1, 2):
        assert claims(article(text, columns), "application/pdf") == expected


# ------------------------------------------------------------------------------------------ refused
def encrypted():
    pdf = Pdf()
    pdf.paragraph(FIRST)
    pdf.set_encryption(owner_password="owner", user_password="user")  # noqa: S106 - of a file of the test
    return pdf.bytes()


def scanned():
    from PIL import Image

    pdf = Pdf()
    pdf.image(Image.new("L", (200, 280), 200), 0, 0, 210, 297)
    return pdf.bytes()


@pytest.mark.parametrize(
    ("scans", "says"), [(1, "page 2 is a picture without text"), (2, "pages 2, 3 are pictures without text")]
)
def test_pages_that_are_pictures_are_told(scans, says, tmp_path):
    from PIL import Image

    pdf = Pdf()
    pdf.paragraph(FIRST)
    for _ in range(scans):
        pdf.add_page()
        pdf.image(Image.new("L", (200, 280), 200), 0, 0, 210, 297)
    pdf.add_page()
    pdf.paragraph(SECOND)
    (tmp_path / "deal.pdf").write_bytes(pdf.bytes())
    with open_store(None) as store:
        report = build(store, [str(tmp_path / "deal.pdf")], SourceOptions(lang="en"))
        assert (report.read, report.skipped) == (1, [])
    [note] = report.notes
    assert note.source == str(tmp_path / "deal.pdf")
    assert (
        note.reason
        == f"{says} and not read: read it with `kg build --ocr`, or recognise it first, as with `ocrmypdf FILE OUT`"
    )


def many_pages():
    data = article(f"{HEAD}\n{FIRST}")
    assert b"/Kids [3 0 R]" in data
    return data.replace(b"/Kids [3 0 R]", b"/Kids [" + b"3 0 R " * 6000 + b"]").replace(b"/Count 1", b"/Count 6000")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (encrypted, "is encrypted: save it without its password first"),
        (
            scanned,
            "holds pictures of pages and no text: read it with `kg build --ocr`, or recognise it first",
        ),
        (lambda: article(f"{HEAD}\n{FIRST}")[:-3000], "is no whole PDF: its end is missing"),
        (lambda: b"%PDF-1.7\nnothing else\n%%EOF", "is no PDF that can be read"),
        (lambda: b"<html><p>a page that is called PDF</p></html>", "is no PDF: it does not begin as one"),
        (many_pages, "has 6,000 pages, too many for a document (5,000)"),
        (lambda: Pdf().bytes(), "holds markup and no text"),
    ],
    ids=["encrypted", "scanned", "truncated", "empty", "HTML", "pages", "blank"],
)
def test_what_cannot_be_read_is_refused_in_a_line_that_says_what_to_do(data, says):
    with pytest.raises(DocumentError) as caught:
        parse(data(), Source("x.pdf", "x.pdf"), media_type="application/pdf", known=Metadata(lang="en"))
    assert str(caught.value).startswith(f"x.pdf: {says}")
    assert "\n" not in str(caught.value)


def test_files_inside_a_pdf_are_no_part_of_it():
    pdf = Pdf()
    pdf.paragraph(FIRST)
    pdf.embed_file(basename="deal.txt", bytes=b"Oracle owns all of it.")
    assert text_of(pdf) == FIRST + "\n"


@pytest.mark.long
def test_a_report_of_three_hundred_pages_is_read_page_by_page():
    resource = pytest.importorskip("resource")
    pdf = Pdf(head="Annual report, page", size=9)
    for number in range(300):
        if number:
            pdf.add_page()
        pdf.heading(f"Part {number}", 14)
        pdf.columns([f"{number}: {FIRST}", SECOND, THIRD] * 5)
    data = pdf.bytes()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    page = read_pdf(data, "x.pdf")
    assert (page.places[0].name, page.places[-1].name) == ("1", "300")
    assert page.text.count(SECOND) == 1500
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # kilobytes


def test_sentences_at_the_tops_of_pages_are_no_running_heads():
    pdf = Pdf(head="Annual report 2024, page")
    sentences = [f"In 202{n}, Zeltan bought {20 + n} % of Orvane for {10 + n} million dollars." for n in range(3)]
    for number, sentence in enumerate(sentences):
        if number:
            pdf.add_page()
        pdf.paragraph(sentence)
        pdf.paragraph("The company said so in Paris. " * 3)
    text = text_of(pdf)
    assert all(sentence in text for sentence in sentences)
    assert "Annual report" not in text
