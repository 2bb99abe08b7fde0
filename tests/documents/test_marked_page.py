"""The page of a PDF with a sentence marked: the picture, and what is said where it cannot be drawn."""

import io
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from kg import open as open_graph
from kg.cli import main
from kg.documents import Metadata, Source, parse, read
from kg.documents.pdf import marked_page
from kg.documents.pdf.reading import placed_text
from kg.errors import DocumentError
from tests.documents.pdf_files import Pdf, article

DOCS = Path(__file__).parents[2] / "docs"
SENTENCE = "Nvidia owns 6% of CoreWeave and supplies it with the chips for its data centres."
BEFORE = "The offering could raise more than the company owes to its banks, and it is open to all who ask for it."
TEXT = "\n".join(["CoreWeave has a large customer", *[BEFORE] * 6, SENTENCE, *[BEFORE] * 2])


def is_marked(pixel):
    red, green, blue = pixel[:3]
    return red > 200 and green > 200 and blue < 150


@pytest.fixture
def document(tmp_path):
    path = tmp_path / "deal.pdf"
    path.write_bytes(article(TEXT, 2))
    data = path.read_bytes()
    return parse(data, Source("deal.pdf", str(path)), media_type="application/pdf", known=Metadata(lang="en"))


def test_the_words_of_the_sentence_are_marked_and_nothing_else(document):
    start = document.text.index(SENTENCE)
    page = marked_page(document, [(start, start + len(SENTENCE))])
    picture = Image.open(io.BytesIO(page.png))
    assert (page.number, page.others) == (1, ())
    marked = [
        (x / 2, y / 2)
        for x in range(picture.width)
        for y in range(picture.height)
        if is_marked(picture.getpixel((x, y)))
    ]
    boxes = [
        box
        for boxes in placed_text(article(TEXT, 2), "x").boxes(start, start + len(SENTENCE)).values()
        for box in boxes
    ]
    assert len(boxes) > 1
    for x, y in marked:
        assert any(left - 2 <= x <= right + 2 and top - 1 <= y <= bottom + 1 for left, top, right, bottom in boxes)
    for left, top, right, bottom in boxes:
        inside = sum(left <= x <= right and top <= y <= bottom for x, y in marked)
        assert inside > 0.5 * 4 * (right - left) * (bottom - top)


def test_a_sentence_on_two_pages_is_shown_on_the_first_and_the_other_is_named(tmp_path):
    pdf = Pdf()
    long = " ".join(f"In {year} the company sold more than it had sold before," for year in range(1900, 2030))
    pdf.paragraph(f"{long} and so it went on.")
    path = tmp_path / "long.pdf"
    path.write_bytes(pdf.bytes())
    document = parse(path.read_bytes(), Source("long.pdf", str(path)), known=Metadata(lang="en"))
    page = marked_page(document, [(0, len(document.text))])
    assert (page.number, page.others) == (1, (2,))


def test_the_page_of_a_file_in_an_archive_is_shown(tmp_path):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("deal.pdf", article(TEXT, 2))
    document = read(Source("all.zip#deal.pdf", str(tmp_path / "all.zip"), "deal.pdf"), lang="en")
    start = document.text.index(SENTENCE)
    assert marked_page(document, [(start, start + len(SENTENCE))]).number == 1


def test_cells_and_a_sentence_beside_other_columns_are_marked_alone(tmp_path):
    pdf = Pdf("The Ledger")
    pdf.columns([BEFORE * 12, SENTENCE, BEFORE * 2])
    pdf.ln(12)
    with pdf.table(width=120, align="L") as table:
        for row in (("Customer", "Share of revenue"), ("Microsoft", "62%"), ("Oracle", "15%")):
            table.row(row)
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("press/deal.pdf", pdf.bytes())
    document = read(Source("all.zip#d", str(tmp_path / "all.zip"), "press/deal.pdf"), lang="en")
    spans = [(document.text.index(quote), len(quote)) for quote in (SENTENCE, "Microsoft | 62%")]
    places = [place for start, length in spans for place in document.places if start <= place.start < start + length]
    page = marked_page(document, [(start, start + length) for start, length in spans])
    picture = Image.open(io.BytesIO(page.png))
    pixels = ((x, y) for x in range(picture.width) for y in range(picture.height))
    marked = {(x // 2, y // 2) for x, y in pixels if is_marked(picture.getpixel((x, y)))}
    boxes = [place.box for place in places if place.name == str(page.number)]
    assert len(boxes) >= 4
    for x, y in marked:
        assert any(left - 3 <= x <= right + 3 and top - 3 <= y <= bottom + 3 for left, top, right, bottom in boxes)
    for left, top, right, bottom in boxes:
        assert any(left <= x <= right and top <= y <= bottom for x, y in marked)


def test_the_picture_in_the_docs_is_what_is_drawn():
    document = read(Source("coreweave.pdf", str(DOCS / "how-to" / "coreweave.pdf")))
    quote = "Microsoft accounted for 62% of CoreWeave's revenue in 2024."
    start = document.text.index(quote)
    drawn = Image.open(io.BytesIO(marked_page(document, [(start, start + len(quote))]).png))
    with Image.open(DOCS / "images" / "marked-page.png") as kept:
        shown = kept.convert("RGB")
    pixels = [(x, y) for x in range(0, shown.width, 3) for y in range(0, shown.height, 3)]
    assert all(is_marked(shown.getpixel(at)) == is_marked(drawn.getpixel(at)) for at in pixels)


def test_a_file_that_is_gone_changed_or_no_pdf_is_named_with_what_to_do(document, tmp_path):
    path = tmp_path / "deal.pdf"
    path.write_bytes(article(f"{TEXT}\nMore of it.", 2))
    with pytest.raises(
        DocumentError, match=r"deal\.pdf: gives another text than when it was read: read it again with kg build"
    ):
        marked_page(document, [(0, 10)])
    path.write_text("Nvidia owns CoreWeave.")
    with pytest.raises(DocumentError, match=r"deal\.pdf: is no PDF"):
        marked_page(document, [(0, 10)])
    path.unlink()
    with pytest.raises(DocumentError, match=r"deal\.pdf: is no longer where it was read from"):
        marked_page(document, [(0, 10)])


@pytest.mark.slow
def test_the_command_writes_the_page_of_a_claim(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "deal.pdf").write_bytes(article(TEXT))
    with open_graph("store", write=True) as graph:
        graph.build("deal.pdf", lang="en", date="2025-03-11")
        claim = next(claim for claim in graph.claims("Nvidia") if claim.relation == "holds-stake")
        assert graph.marked_page(claim)._repr_png_() == graph.marked_page(claim.id[:12]).png
        [place] = {place.name for place in graph.documents()["deal.pdf"].places_of(claim.evidence[0])}
    monkeypatch.setattr("sys.argv", ["kg", "page", claim.id, "--store", "store", "-o", "page.png"])
    main()
    assert capsys.readouterr().out == f"page {place} of deal.pdf\nwrote page.png\n"
    with Image.open("page.png") as picture:
        assert picture.size == (1191, 1684)
