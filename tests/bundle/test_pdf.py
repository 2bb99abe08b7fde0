"""The story on paper: the same words, no markup out of a text, the same bytes each time."""

import subprocess
import sys
from dataclasses import replace

import pytest

from kg.bundle import bundled
from kg.bundle.pdf import pdf_of
from kg.bundle.whole_page import whole_page
from kg.model import Entity
from kg.view.scenes import Note, Scenes

pytest.importorskip("typst")
pdfium = pytest.importorskip("pypdfium2")

TYPST = (
    '#panic("x") $x^2$ *bold* #image("/etc/passwd") #read("/etc/hostname") `raw` <label> @ref // not /* a */ \\u{41}'
)


def text_of(data):
    document = pdfium.PdfDocument(data)
    return "".join(page.get_textpage().get_text_bounded() for page in document)


def words(text):
    return "".join(text.split())


def test_it_says_what_the_page_says(seed, seed_bundle):
    text = words(text_of(seed_bundle.files["story.pdf"]))
    for claim in seed.claims:
        assert all(words(evidence.quote) in text for evidence in claim.evidence)
        assert claim.id in text
    assert words("8 to review: the reader is not sure, and nobody has judged") in text
    assert words("OpenAI pays CoreWeave for goods or services") in text
    assert words("Page 1 of") in text


def test_a_text_is_never_taken_for_markup(small):
    story = small(scenes=Scenes((Note("company/nvidia", TYPST, TYPST),)))
    claims = tuple(
        replace(claim, subject=Entity(claim.subject.id, TYPST, "Company")) if claim.subject.name == "Nvidia" else claim
        for claim in story.claims
    )
    titled = tuple(replace(source, title=TYPST) for source in story.sources)
    hostile = replace(story, claims=claims, sources=titled, request=replace(story.request, title=TYPST))
    text = words(text_of(pdf_of(whole_page(hostile))))
    assert text.count(words(TYPST)) >= 4


def test_letters_that_no_font_of_typst_has_are_no_error(small):
    story = small(scenes=Scenes((Note("company/nvidia", "英伟达 שלום مرحبا 🏭"),)))
    assert pdf_of(whole_page(story)).startswith(b"%PDF-1.7")


def test_the_same_story_is_the_same_bytes_in_another_process(small, tmp_path):
    """Also where the clock, the place and the hashes of Python's strings are others."""
    (tmp_path / "story.zip").write_bytes(bundled(small(), with_paper=False).archive())
    code = (
        "import sys, hashlib; from kg.bundle import read_bundle, bundled\n"
        "print(hashlib.sha256(bundled(read_bundle(sys.argv[1])[0]).archive()).hexdigest())"
    )
    made = {
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / "story.zip")],
            capture_output=True, check=True, text=True, cwd=tmp_path,
            env={"PYTHONPATH": ":".join(sys.path), "PYTHONHASHSEED": seed, "TZ": zone, "PATH": ""},
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    }  # fmt: skip
    assert len(made) == 1
