"""What reading a document costs in each format, against the same articles as plain text, in one run.

Formats    the same articles in each format, from the file to the document: letters, places, language, date. The other
           side is the plain text, so that the ratio says how much of its speed a format has
Libraries  the same files through the library that one would take otherwise, for the letters alone
Report     300 pages in two columns as PDF: to the document, and with its claims, a page at the reader's own speed

All times are of the processor, in one process. Nothing reads claims but the last line. ``--quick`` takes a fifth of the
articles and of the pages.
"""

import argparse
import gc
import gzip
import io
import json
import random
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench import ROOT, Row

sys.path.append(str(ROOT))

from kg.documents import ListingTask, SkippedSource, Source, find, is_container, list_members, read
from kg.model import Document
from tests.documents.conftest import escaped, mail, mbox, page, paragraphs, rss, warc_record
from tests.documents.pdf_files import Pdf, article
from tests.documents.test_office_claims import as_docx, as_odt, as_rtf
from tests.pipeline.test_unpacking import workbook

WORDS = (
    "company contract supplier board quarter price shares plant output market deal partner chips energy stake agreed "
    "signed sold bought owned delivered announced expected renewed cancelled long large new former which had with the "
    "and of in for that it will over years among others"
)
A_PARAGRAPH, AN_ARTICLE = 60, 8  # words, paragraphs: 3,000 characters
PAGES, A_PAGE = 300, 4  # paragraphs in two columns of a page


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    """Return the processor time of this process that a call takes: whatever else the machine does, and its answer."""
    gc.collect()
    start = time.process_time()
    result = act()
    return time.process_time() - start, result


def texts(count: int) -> list[list[str]]:
    """Articles of a title and paragraphs, none like another."""
    chance = random.Random(19)
    names = ("Zeltan", "Korba", "Dorvan", "Ostrava Steel")

    def paragraph() -> str:
        words = [*chance.choices(WORDS.split(), k=A_PARAGRAPH)]
        words.insert(3, chance.choice(names))
        return f"{' '.join(words).capitalize()}."

    return [[f"Deal {at} of {names[at % 4]}", *(paragraph() for _ in range(AN_ARTICLE))] for at in range(count)]


def single(made: Sequence[list[str]]) -> Mapping[str, list[bytes]]:
    """The articles in the formats of which a file is one document, by the suffix; the first is plain text."""
    makers: dict[str, Callable[[list[str]], bytes]] = {
        "txt": lambda parts: "\n\n".join(parts).encode(),
        "html": lambda parts: page("\n\n".join(parts[1:]), parts[0]).encode(),
        "docx": as_docx,
        "odt": as_odt,
        "rtf": as_rtf,
        "one.pdf": lambda parts: article("\n".join(parts)),
        "two.pdf": lambda parts: article("\n".join(parts), 2),
        "eml": lambda parts: bytes(mail("\n\n".join(parts[1:]), parts[0])),
    }
    return {suffix: [make(parts) for parts in made] for suffix, make in makers.items()}


def many(made: Sequence[list[str]]) -> Mapping[str, bytes]:
    """The articles in the formats of which a file is many documents, by the suffix."""
    records = [{"title": parts[0], "text": "\n\n".join(parts[1:]), "date": "2025-03-11"} for parts in made]
    entries = [
        f"<item><title>{each['title']}</title><guid>{at}</guid>"
        f"<description>{escaped(paragraphs(each['text']))}</description></item>"
        for at, each in enumerate(records)
    ]
    pages = [page(each["text"], each["title"]) for each in records]
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        for at, parts in enumerate(made):
            opened.writestr(f"{at}.txt", "\n\n".join(parts))
    quoted = "\n".join(",".join(f'"{value}"' for value in each.values()) for each in records)
    return {
        "mbox": mbox(*[mail(each["text"], each["title"]) for each in records]),
        "rss": rss(*entries).encode(),
        "warc": b"".join(warc_record(f"https://example.org/{at}", each) for at, each in enumerate(pages)),
        "warc.gz": b"".join(
            gzip.compress(warc_record(f"https://example.org/{at}", each)) for at, each in enumerate(pages)
        ),
        "json": json.dumps({"articles": records}).encode(),
        "jsonl": "".join(json.dumps(each) + "\n" for each in records).encode(),
        "csv": f"title,text,date\n{quoted}\n".encode(),
        "xlsx": workbook(["title", "text", "date"], *[list(each.values()) for each in records]),
        "zip": archive.getvalue(),
    }


def documents_in(path: Path) -> list[Document]:
    """All documents below a path, read as ``kg build`` reads them, in this process."""
    return [document for source in find([str(path)]) for document in _read(source)]


def _read(source: Source | SkippedSource) -> Iterator[Document]:
    if isinstance(source, SkippedSource):
        raise TypeError(f"{source.source}: {source.reason}")
    if not is_container(source):
        yield read(source)
        return
    task: ListingTask | None = ListingTask(source)
    while task is not None:
        listing = list_members(task)
        for member in listing.sources:
            yield from [read(source)] if member == source else _read(member)
        task = ListingTask(source, listing.rest) if listing.rest is not None else None


def libraries() -> Mapping[str, tuple[str, Callable[[bytes], Any]]]:
    """What one would take otherwise to get at the letters of a file, by the suffix."""
    import email
    import email.policy

    import docx
    import feedparser
    import odfdo
    import pypdfium2
    import python_calamine
    import trafilatura
    from striprtf.striprtf import rtf_to_text

    def pdf(data: bytes) -> list[str]:
        with pypdfium2.PdfDocument(data) as opened:
            return [each.get_textpage().get_text_bounded() for each in opened]

    def letter(data: bytes) -> str:
        body = email.message_from_bytes(data, policy=email.policy.default).get_body(("plain",))
        return str(body and body.get_content())

    return {
        "html": ("trafilatura", lambda data: trafilatura.extract(data.decode())),
        "docx": ("python-docx", lambda data: [part.text for part in docx.Document(io.BytesIO(data)).paragraphs]),
        "odt": ("odfdo", lambda data: odfdo.Document(io.BytesIO(data)).get_formatted_text()),
        "rtf": ("striprtf", lambda data: rtf_to_text(data.decode("ascii"))),
        "one.pdf": ("pdfium", pdf),
        "two.pdf": ("pdfium", pdf),
        "eml": ("email", letter),
        "rss": ("feedparser", lambda data: feedparser.parse(io.BytesIO(data)).entries),
        "xlsx": (
            "calamine",
            lambda data: python_calamine.load_workbook(io.BytesIO(data)).get_sheet_by_index(0).to_python(),
        ),
    }


def measure_formats(count: int, folder: Path) -> Iterator[Row]:
    """Yield a row for each format, and one for each library that reads it as well."""
    made, peers = texts(count), libraries()
    forms: dict[str, list[bytes]] = {**single(made), **{suffix: [data] for suffix, data in many(made).items()}}
    for suffix, files in forms.items():
        below = folder / suffix
        below.mkdir()
        for at, data in enumerate(files):
            (below / f"{at:05}.{suffix}").write_bytes(data)
        _read_one(below)
        seconds, found = timed(lambda below=below: documents_in(below))
        if len(found) != count:
            raise ValueError(f"{suffix}: {len(found)} documents of {count}")
        # Beside it, since a machine that does other work is not equally fast all the time.
        plain, _ = timed(lambda: documents_in(folder / "txt"))
        note = f"{1000 * seconds / count:.2f} ms a document, {seconds / plain:.1f} times plain text"
        yield Row(f"{suffix}, and plain text", seconds, plain, note)
        if suffix in peers:
            name, act = peers[suffix]
            theirs, _ = timed(lambda act=act, files=files: [act(data) for data in files])
            yield Row(f"{suffix}, and {name}", seconds, theirs, "letters alone on the other side")


def _read_one(below: Path) -> None:
    """Load what a format takes."""
    first = next(iter(find([str(below)])))
    if isinstance(first, Source):
        next(_read(first))


def report(pages: int) -> bytes:
    """A report in two columns with running heads and feet."""
    pdf = Pdf("Annual report", 10)
    for parts in texts(pages):
        pdf.heading(parts[0], 14)
        pdf.columns(parts[1 : 1 + A_PAGE] * 2)
        pdf.add_page()
    return pdf.bytes()


def measure_report(pages: int, sample: int, folder: Path) -> Iterator[Row]:
    from kg.pipeline.document_steps import read_document

    path = folder / "report.pdf"
    path.write_bytes(report(pages))
    seconds, document = timed(lambda: read(Source("report.pdf", str(path)), lang="en"))
    note = f"{len(document.text):,} characters; asked: 300 pages under a minute on two cores"
    yield Row(f"report, {pages} pages", seconds, None, note)
    end = next((place.start for place in document.places if int(place.name) > sample), len(document.text))
    places = tuple(place for place in document.places if place.end <= end)
    part = replace(document, text=document.text[:end], places=places)
    read_document(replace(part, text="Nvidia owns 6% of CoreWeave.", places=()))
    claims, _ = timed(lambda: read_document(part))
    of_all = f"{claims / sample * pages / 60:.1f} minutes for all on one core"
    yield Row(f"claims of {sample} pages of it", claims, None, f"{claims / sample:.2f} s a page, {of_all}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a fifth of the articles and of the pages")
    quick = parser.parse_args().quick
    print(f"{'':<28}{'kg':>12}{'other':>12}{'other/kg':>10}")
    with tempfile.TemporaryDirectory() as folder:
        for row in measure_formats(20 if quick else 100, Path(folder)):
            print(row, flush=True)
        for row in measure_report(PAGES // (5 if quick else 1), 4 if quick else 20, Path(folder)):
            print(row, flush=True)


if __name__ == "__main__":
    main()
