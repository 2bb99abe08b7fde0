"""Bytes that say that they are a PDF are a document or one clear line, in good time, and open no socket."""

import random
import sys
import zlib

import pytest

from kg.documents import Metadata, Source, parse
from kg.errors import DocumentError
from kg.pipeline.workers import ProcessRunner
from tests.documents.pdf_files import Pdf, article

RNG = random.Random(5)  # noqa: S311 - the same bytes every time
SENTENCE = "Nvidia owns 6% of CoreWeave and competes with Microsoft."
WHOLE = article(f"Nvidia and CoreWeave\n{SENTENCE}\n{SENTENCE}\n", 2)


def page_of(content, resources=b"<< /Font << /F 5 0 R >> >>", size=b"[0 0 600 800]", catalog=b""):
    """A page that draws some content, without a table of where its objects are: pdfium looks for them."""
    stream = zlib.compress(content, 9)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox " + size + b" /Contents 4 0 R /Resources " + resources + b" >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(stream) + stream + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, item) for number, item in enumerate(objects, 1))
    return b"%PDF-1.7\n" + body + b"trailer << /Root 1 0 R /Size 6 >>\n%%EOF"


def text(line, x=50, y=700):
    return b"BT /F 10 Tf %d %d Td (%s) Tj ET\n" % (x, y, line)


def mutated(seed):
    rng = random.Random(seed)  # noqa: S311 - the same bytes every time
    data = bytearray(WHOLE)
    for _ in range(rng.randint(1, 60)):
        data[rng.randrange(len(data) - 10)] = rng.randrange(256)
    return bytes(data)


def inner_loop():
    return WHOLE.replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]")


HOSTILE = {
    "200 MB of nothing in a stream": page_of(b" " * 200_000_000),
    "two million letters on a page": page_of(text(b"Nvidia owns CoreWeave. " * 100) * 900),
    "a hundred thousand strokes": page_of(
        text(SENTENCE.encode())
        + b"".join(b"%d %d m %d %d l S\n" % (x % 600, x % 800, (x * 7) % 600, x % 800) for x in range(100_000))
    ),
    "a sheet of graph paper": page_of(
        text(SENTENCE.encode())
        + b"".join(b"%d 0 m %d 800 l S 0 %d m 600 %d l S\n" % (x, x, x, x) for x in range(0, 600, 3))
    ),
    "states saved without end": page_of(b"q " * 1_000_000 + text(SENTENCE.encode())),
    "arrays in arrays": page_of(b"[" * 100_000 + text(SENTENCE.encode())),
    "a page of kilometres": page_of(text(SENTENCE.encode()), size=b"[0 0 1e9 1e9]"),
    "a page of no size": page_of(text(SENTENCE.encode()), size=b"[0 0 0 0]"),
    "a page of NaN": page_of(text(SENTENCE.encode()), size=b"[nan inf -1 0]"),
    "letters at no place": page_of(b"BT /F 1e30 Tf 1e30 -1e30 Td (Nvidia owns CoreWeave.) Tj ET"),
    "a script that runs on opening": page_of(
        text(SENTENCE.encode()),
        catalog=b"/OpenAction << /S /JavaScript /JS (app.launchURL\\('http://127.0.0.1:9/'\\);) >>",
    ),
    "an address that opens itself": page_of(
        text(SENTENCE.encode()), catalog=b"/OpenAction << /S /URI /URI (http://127.0.0.1:9/) >>"
    ),
    "pages that hold themselves": inner_loop(),
    "random bytes": b"%PDF-1.7\n" + RNG.randbytes(100_000) + b"%%EOF",
    "objects that hold each other": b"%PDF-1.7\n1 0 obj 1 0 R endobj trailer << /Root 1 0 R >> %%EOF",
    **{f"changed bytes {seed}": mutated(seed) for seed in range(40)},
    **{f"cut at {part}/8": WHOLE[: len(WHOLE) * part // 8] + b"%%EOF" for part in range(1, 8)},
}
LONG = {"200 MB of nothing in a stream", "two million letters on a page", "a hundred thousand strokes"}


def outcome_of(data):
    """What becomes of some bytes: nothing but a document, or the one line that refuses them."""
    try:
        document = parse(data, Source("x.pdf", "x.pdf"), media_type="application/pdf", known=Metadata(lang="en"))
    except DocumentError as error:
        return str(error)
    document.text.encode("utf-8")
    return "a document" if document.text.strip() else "nothing"


def guarded_outcome_of(data):
    """The same, in a process that opens no socket from now on."""
    sys.addaudithook(_refuse_sockets)
    return outcome_of(data)


def _refuse_sockets(event, _):
    if event.startswith("socket."):
        raise AssertionError(event)


def test_a_page_without_a_table_of_objects_is_read():
    assert outcome_of(page_of(text(SENTENCE.encode()))) == "a document"


@pytest.mark.slow
@pytest.mark.parametrize(
    "names", [pytest.param(LONG, marks=pytest.mark.long), HOSTILE.keys() - LONG], ids=["large", "small"]
)
def test_hostile_pdf_is_a_document_or_one_line_within_a_minute(names):
    with ProcessRunner(1) as workers:
        ended = [
            outcome
            for _, outcome in workers.map(guarded_outcome_of, [HOSTILE[name] for name in sorted(names)], lambda _: 60.0)
        ]
    for name, line in zip(sorted(names), ended, strict=True):
        assert isinstance(line, str), (name, line)
        assert line == "a document" or (line.startswith("x.pdf: ") and "\n" not in line), name


def test_a_page_that_was_cut_short_is_no_document():
    pdf = Pdf()
    pdf.paragraph(SENTENCE)
    assert "its end is missing" in outcome_of(pdf.bytes()[:-100])
