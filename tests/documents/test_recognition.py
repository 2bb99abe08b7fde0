"""Pictures of pages are recognised where it is asked for, each word with its box.

A script stands for tesseract: it checks what it is called with, and prints the words of the page of which the picture
was made, as `tesseract … tsv` does. Where the program itself is at hand, one test reads the same picture with it.
"""

import io
import shutil
import sys

import pypdfium2
import pytest
from fpdf import FPDF
from PIL import Image

from kg.cli import main
from kg.documents import Metadata, Source, parse, read
from kg.documents.pdf import marked_page
from kg.documents.pdf.recognition import DPI
from kg.documents.pdf.words import Frame, words_of
from kg.errors import DocumentError, MissingReader
from kg.pipeline import BuildOptions, SourceOptions, build
from kg.places import PlaceKind
from kg.store import open_store
from tests.documents.pdf_files import article

pytestmark = pytest.mark.slow
BEFORE = "The offering could raise more than the company owes to its banks, and it is open to all who ask for it."
SENTENCE = "Nvidia owns 6% of CoreWeave and supplies it with the chips for its data centres."
TEXT = "\n".join(["CoreWeave has a large customer", *[BEFORE] * 6, SENTENCE, *[BEFORE] * 2])
TESSERACT = """#!{python}
import io, sys
from pathlib import Path
from PIL import Image
assert sys.argv[1:5] == ["stdin", "stdout", "-l", "fra+eng"], sys.argv
assert sys.argv[5] == "--dpi" and sys.argv[7:] == ["tsv"], sys.argv
picture = Image.open(sys.stdin.buffer)
assert picture.mode == "L" and abs(picture.width - {width}) < 3, picture
print("level\\tpage_num\\tblock_num\\tpar_num\\tline_num\\tword_num\\tleft\\ttop\\twidth\\theight\\tconf\\ttext")
print(Path({rows!r}).read_text(), end="")
"""


def pictured(data, dpi=DPI, form="PNG"):
    """The first page of a PDF as a picture, and its words as tesseract tells them."""
    scale = dpi / 72
    with pypdfium2.PdfDocument(data) as pdf:
        page = pdf[0]
        words = words_of(page, Frame.of(page))
        picture = page.render(scale=scale).to_pil()
        page.close()
    buffer, rows = io.BytesIO(), []
    picture.save(buffer, form, dpi=(dpi, dpi))
    for word in words:
        box = [round(side * scale) for side in (word.left, word.top, word.right - word.left, word.height)]
        rows.append("\t".join(map(str, [4, 1, 1, 1, 1, 0, *box, -1, ""])))
        rows.append("\t".join(map(str, [5, 1, 1, 1, 1, 1, *box, 93.5, word.text])))
    return buffer.getvalue(), "\n".join(["1\t1\t0\t0\t0\t0\t0\t0\t2480\t3508\t-1\t", *rows, ""])


def scan(*pictures, text=""):
    """A PDF whose pages are pictures; a page of text before them where there is any."""
    pdf = FPDF(unit="pt", format="A4")
    if text:
        pdf.add_page()
        pdf.set_font("Helvetica", size=11)
        pdf.multi_cell(0, None, text)
    for picture in pictures:
        pdf.add_page()
        pdf.image(io.BytesIO(picture), 0, 0, pdf.w, pdf.h)
    return bytes(pdf.output())


@pytest.fixture(params=[1, 2], ids=["one column", "two columns"])
def page(request, tmp_path, monkeypatch):
    """An article, and the picture of its page; what stands for tesseract knows what is on it."""
    data = article(TEXT, request.param)
    picture, rows = pictured(data)
    install(tmp_path, monkeypatch, rows)
    return data, picture


def install(tmp_path, monkeypatch, rows, script=TESSERACT):
    (tmp_path / "bin").mkdir()
    (tmp_path / "rows.tsv").write_text(rows)
    program = tmp_path / "bin" / "tesseract"
    program.write_text(script.format(python=sys.executable, width=2480, rows=str(tmp_path / "rows.tsv")))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")


def in_file(tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    return Source(name, str(tmp_path / name))


@pytest.mark.parametrize("name", ["scan.pdf", "scan.png", "scan.tiff"])
def test_the_text_of_a_picture_is_that_of_the_page_and_each_word_has_its_box(tmp_path, page, name):
    data, picture = page
    if name.endswith("tiff"):
        buffer = io.BytesIO()
        Image.open(io.BytesIO(picture)).save(buffer, "TIFF")
        picture = buffer.getvalue()
    notes = []
    source = in_file(tmp_path, name, scan(picture) if name == "scan.pdf" else picture)
    document = read(source, lang="en", ocr=True, tell=notes.append)
    whole = parse(data, Source("x.pdf", "x.pdf"), known=Metadata(lang="en"))
    assert document.text == whole.text
    assert notes == ["page 1 is a picture, recognised by tesseract: check the quotes"]
    assert {place.kind for place in document.places} == {PlaceKind.PAGE}
    for place, expected in zip(document.places, whole.places, strict=True):
        assert (place.start, place.end, place.name) == (expected.start, expected.end, expected.name)
        assert all(abs(side - other) < 1 for side, other in zip(place.box, expected.box, strict=True))


def test_only_pages_that_are_pictures_are_recognised_and_the_page_can_be_shown(tmp_path, page):
    _, picture = page
    notes = []
    source = in_file(tmp_path, "mixed.pdf", scan(picture, text="Oracle buys Opower."))
    document = read(source, lang="en", ocr=True, tell=notes.append)
    assert document.text.startswith("Oracle buys Opower.\n\nCoreWeave has a large customer")
    assert notes == ["page 2 is a picture, recognised by tesseract: check the quotes"]
    start = document.text.index(SENTENCE)
    assert marked_page(document, [(start, start + len(SENTENCE))]).number == 2


def test_it_is_not_done_unasked(tmp_path, page):
    _, picture = page
    with pytest.raises(DocumentError, match=r"is a picture \(PNG\), not text: `kg build --ocr` recognises"):
        read(in_file(tmp_path, "scan.png", picture))
    with pytest.raises(DocumentError, match="holds pictures of pages and no text: read it with `kg build --ocr`, or"):
        read(in_file(tmp_path, "scan.pdf", scan(picture)))


def test_without_tesseract_a_line_says_what_to_install(tmp_path, monkeypatch, capsys):
    picture, _ = pictured(article(TEXT))
    source = in_file(tmp_path, "scan.png", picture)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingReader, match="apt-get install tesseract-ocr tesseract-ocr-fra"):
        read(source, ocr=True)
    monkeypatch.setattr("sys.argv", ["kg", "build", "--ocr", source.path, "--store", str(tmp_path / "store")])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code != 0
    [line] = capsys.readouterr().err.splitlines()
    assert "needs the program tesseract" in line
    assert not (tmp_path / "store").exists()


FAILING = {
    "fails": ("import sys\nsys.exit('Error opening data file fra.traineddata')", "tesseract fails (Error opening data"),
    "sleeps": ("import time\ntime.sleep(60)", "tesseract takes longer than 1 seconds for a page"),
    "says nothing": ("", "tesseract recognises no text on its pictures"),
    "says anything": ("print('level\\tpage\\n5\\t1\\nx\\n' + '\\t' * 11)", "tesseract recognises no text"),
}


@pytest.mark.parametrize("name", FAILING)
def test_what_goes_wrong_with_it_costs_the_document_one_line(tmp_path, monkeypatch, name):
    script, says = FAILING[name]
    picture, _ = pictured(article(TEXT), dpi=72)
    install(tmp_path, monkeypatch, "", "#!{python}\n" + script)
    monkeypatch.setattr("kg.documents.pdf.recognition._SECONDS", 1 if name == "sleeps" else 60)
    with open_store(None) as store:
        report = build(
            store, [in_file(tmp_path, "scan.png", picture).path], SourceOptions(lang="en", ocr=True), BuildOptions(0)
        )
    [skipped] = report.skipped
    assert says in skipped.reason
    assert "\n" not in skipped.reason


def huge():
    buffer = io.BytesIO()
    Image.new("1", (8_000, 5_001)).save(buffer, "PNG")
    return buffer.getvalue()


def many():
    buffer = io.BytesIO()
    first, *others = [Image.new("1", (8, 8)) for _ in range(201)]
    first.save(buffer, "TIFF", save_all=True, append_images=others)
    return buffer.getvalue()


HOSTILE = {
    "huge.png": (huge, "is a picture of more than 40,000,000 pixels: make it smaller"),
    "many.tiff": (many, "holds more than 200 pictures: split it"),
    "cut.png": (lambda: pictured(article(TEXT), dpi=72)[0][:5000], "is no picture that can be read"),
    "head.jpg": (lambda: b"\xff\xd8\xff\xe0\0\x10JFIF", "is no picture that can be read"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_picture_is_one_line(tmp_path, monkeypatch, name):
    make, says = HOSTILE[name]
    install(tmp_path, monkeypatch, "", "#!{python}\nraise SystemExit('was asked')")
    with pytest.raises(DocumentError, match=rf"{name}: [^\n]*(?:{says})[^\n]*$"):
        read(in_file(tmp_path, name, make()), lang="en", ocr=True)


@pytest.mark.skipif(not shutil.which("tesseract"), reason="tesseract is not installed: apt-get install tesseract-ocr")
def test_tesseract_itself_reads_the_picture(tmp_path):
    picture, _ = pictured(article(TEXT, 2))
    document = read(in_file(tmp_path, "scan.png", picture), lang="en", ocr=True)
    assert SENTENCE in document.text
