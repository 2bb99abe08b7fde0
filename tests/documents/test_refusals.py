"""Whoever names a file that is none of the kinds that kg reads is told what it is; none is read as prose by mistake."""

import base64
import bz2
import io
import json
import lzma
import os
import sqlite3
import zipfile
from pathlib import PurePath

import pytest

from kg.documents import Metadata, Source, parse
from kg.documents.formats import media_type
from kg.pipeline import BuildOptions, SourceOptions, build
from kg.store import open_store

SAID = "Nvidia owns 6% of CoreWeave, and the company competes with Microsoft."
MAIN = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{MAIN}" Target="%s"/></Relationships>'
)


def zipped(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def office(main):
    return zipped({"[Content_Types].xml": "<Types/>", "_rels/.rels": RELATIONS % main, main: "<p/>"})


def compound(stream):
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stream.encode("utf-16-le") + bytes(512)


def lines(pattern, count=20):
    return "\n".join(pattern.format(at) for at in range(10, 10 + count)).encode()


XML = b'<?xml version="1.0"?>'
GEO = {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": "Paris"}}]}
MHTML = b"Subject: Deal\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<p>" + SAID.encode()
IWORK = {"Index/Document.iwa": b"\0\1", "preview.jpg": b"\xff\xd8\xff"}
EPUB = {"mimetype": "application/epub+zip", "META-INF/container.xml": "<c/>", "1.xhtml": f"<html><p>{SAID}</p></html>"}

ODD = {
    # Office files of other programs, and books
    "x.pages": (zipped(IWORK), "is a file of Pages, Numbers or Keynote: export it"),
    "x.numbers": (zipped({**IWORK, "Index/Tables/DataList.iwa": b""}), "is a file of Pages, Numbers or Keynote"),
    "x.key": (zipped(IWORK), "is a file of Pages, Numbers or Keynote"),
    "pages.zip": (zipped(IWORK), "is a file of Pages, Numbers or Keynote"),
    "x.doc": (compound("WordDocument"), "is an old Word file (.doc): save it as DOCX first"),
    "x.ppt": (compound("PowerPoint Document"), "is a PowerPoint file: save it as text or PDF first"),
    "x.pptx": (office("ppt/presentation.xml"), "is a PowerPoint file: save it as text or PDF first"),
    "x.xlsb": (office("xl/workbook.bin"), "is a binary Excel workbook (.xlsb): save it as XLSX first"),
    "x.vsdx": (office("visio/document.xml"), "is a drawing of Visio"),
    "x.epub": (zipped(EPUB), "is a book (EPUB): make a PDF of it"),
    "x.msg": (compound("__properties_version1.0"), "is an Outlook message (.msg): save it as EML first"),
    "x.pst": (b"!BDN" + bytes(600), "is a store of Outlook (.pst, .ost): export its mails as EML or MBOX"),
    "x.fodt": (XML + b"<office:document><office:body/></office:document>", "is XML of <office:document>"),
    "word.xml": (XML + b"<w:wordDocument/>", "is XML of <w:wordDocument>, not a feed: save it as DOCX"),
    # Pictures, sound, film
    "x.png": (b"\x89PNG\r\n\x1a\n" + bytes(90), "is a picture (PNG), not text: `kg build --ocr` recognises"),
    "x.jpg": (b"\xff\xd8\xff\xe0\0\x10JFIF", "is a picture (JPEG)"),
    "x.tif": (b"II*\0" + bytes(50), "is a picture (TIFF)"),
    "x.bmp": (b"BM\x10\1\0\0\0\0\0\0" + bytes(50), "is a picture (BMP), not text"),
    "x.webp": (b"RIFF\x10\0\0\0WEBPVP8 ", "is a picture (WebP), not text"),
    "x.heic": (b"\0\0\0\x18ftypheic" + bytes(40), "is a picture (HEIF), not text"),
    "x.mp4": (b"\0\0\0\x18ftypmp42" + bytes(40), "is sound or film, not text"),
    "x.mp3": (b"ID3\x03\0\0\0" + bytes(40), "is sound or film, not text"),
    "x.svg": (f'<svg xmlns="http://www.w3.org/2000/svg"><text>{SAID}</text></svg>'.encode(), "it is a drawing"),
    # Packed
    "x.7z": (b"7z\xbc\xaf\x27\x1c\0\4" + bytes(40), "is a 7z archive: unpack it first, as with `7z x FILE`"),
    "x.rar": (b"Rar!\x1a\x07\x01\0" + bytes(40), "is a RAR archive: unpack it first"),
    "x.bz2": (bz2.compress(SAID.encode()), "is compressed (bzip2): unpack it first"),
    "x.xz": (lzma.compress(SAID.encode()), "is compressed (xz): unpack it first"),
    "x.jar": (zipped({"META-INF/MANIFEST.MF": "A: 1", "A.class": b"\xca\xfe"}), "is a program (JAR)"),
    # Data and programs
    "x.parquet": (b"PAR1" + bytes(60) + b"PAR1", "is a file of columns (Parquet, Arrow, NumPy), not text"),
    "x.pkl": (b"\x80\x04\x95\x10\0\0\0\0\0\0\0}\x94.", "is an object of Python"),
    "x.exe": (b"MZ\x90\0\3\0" + bytes(90), "is a program, not text"),
    "x.ttf": (b"\0\1\0\0\0\x0c" + bytes(60), "is a font, not text"),
    "x.ps": (f"%!PS-Adobe-3.0\n({SAID}) show\nshowpage\n".encode(), "is PostScript: make a PDF of it first"),
    "x.py": (
        f'"""{SAID}"""\n'.encode(),
        "is source code by its name (.py), not prose: if it is prose, call it FILE.txt",
    ),
    "x.js": (f"// {SAID}\nmodule.exports = {{}};\n".encode(), "is source code by its name (.js)"),
    "x.sql": (b"SELECT name FROM holdings WHERE owner = 'Nvidia';\n", "is source code by its name (.sql)"),
    "script": (f"#!/bin/sh\necho {SAID}\n".encode(), "is source code, not prose"),
    "x.yaml": (f"note: {SAID}\n".encode(), "is a file of settings by its name (.yaml)"),
    "x.diff": (f"--- a\n+++ b\n+{SAID}\n".encode(), "is a list of changes by its name (.diff)"),
    "x.srt": (f"1\n00:00:01,000 --> 00:00:04,000\n{SAID}\n".encode(), "is subtitles"),
    "x.tex": (f"\\begin{{document}}{SAID}\\end{{document}}".encode(), "is a source of TeX: give the PDF"),
    "x.url": (b"[InternetShortcut]\r\nURL=https://example.org/deal\r\n", "is a shortcut to an address"),
    "x.mht": (MHTML, "is a page saved with its pictures: save it as HTML"),
    "x.log": (lines("2025-03-11 10:00:{0} INFO Request {0} from Oracle to Microsoft"), "is a log of a program"),
    "log.txt": (lines("2025-03-11T10:00:{0}Z INFO Nvidia owns CoreWeave"), "is a log of a program"),
    "access.txt": (lines('10.0.0.{0} - - [11/Mar/2025:10:00:{0} +0000] "GET /nvidia"'), "is a log of a program"),
    "base64.txt": (base64.encodebytes(bytes(range(256)) * 12), "is encoded data (as Base64), not text"),
    "lfs.pdf": (b"version https://git-lfs.github.com/spec/v1\noid sha256:a\nsize 12\n", "is a pointer of Git LFS"),
    "login.pdf": (b"<!doctype html><p>Please log in.", "is no PDF: it does not begin as one"),
    # Figures, JSON, XML of something else
    "numbers.csv": (b"a,b,c\n" + lines("{0},2{0},3{0}"), "holds figures and hardly a word"),
    "numbers.txt": (lines("{0} 17.5 3%"), "holds figures and hardly a word"),
    "package.json": (json.dumps({"name": "kg", "dependencies": {"a": "1"}}).encode(), "is JSON, and no article"),
    "geo.json": (json.dumps(GEO).encode(), "is JSON, and no article"),
    "text.json": (json.dumps(SAID).encode(), "is JSON, and no list of articles"),
    "json.txt": (json.dumps({"text": SAID}).encode(), "is JSON, not an article"),
    "feed.xml": (XML + b"<rss version='2.0'><channel><title>News</title></channel></rss>", "holds no document"),
    "feeds.opml": (XML + b"<opml><body><outline text='News'/></body></opml>", "it lists feeds: save the feeds"),
    "13f.xml": (XML + b"<informationTable><infoTable/></informationTable>", "it is made for programs"),
    "13f.txt": (b"<informationTable><nameOfIssuer>APPLE INC</nameOfIssuer></informationTable>", "is XML of <informat"),
    "sitemap.xml": (XML + b"<urlset><url><loc>https://example.org</loc></url></urlset>", "it lists addresses"),
    "docbook": (f'<article xmlns="http://docbook.org/ns/docbook"><para>{SAID}</para></article>'.encode(), "is XML of"),
    # Nothing
    "empty.txt": (b"", "is empty: there is nothing to read"),
    "empty.pdf": (b"", "is empty: there is nothing to read"),
    "none.zip": (b"", "is empty: there is nothing to read"),
    "none.csv": (b"", "is empty: there is nothing to read"),
    # Another language
    "german.txt": (
        b"Der Konzern hat gestern mitgeteilt, dass er die Mehrheit an dem Unternehmen kaufen will. " * 3,
        "the text reads as German (de); kg reads French and English",
    ),
}


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """What a build tells of all of them, named one by one, and of a few that are no files."""
    folder = tmp_path_factory.mktemp("odd")
    for name, (data, _) in ODD.items():
        (folder / name).write_bytes(data)
    with sqlite3.connect(folder / "x.sqlite") as database:
        database.execute("CREATE TABLE deal (buyer TEXT)")
    database.close()
    (folder / "loop.txt").symlink_to(folder / "loop.txt")
    (folder / "nothing").mkdir()
    (folder / "deals.json").write_text("{}")
    (folder / "deals.txt").write_text(SAID)
    names = [*ODD, "x.sqlite", "loop.txt", "nothing", "deals.json"]
    with open_store(None) as store:
        done = build(store, [str(folder / name) for name in names], SourceOptions(), BuildOptions(0))
    reasons = {}
    for each in (*done.skipped, *done.failed):
        name = os.path.relpath(each.source, folder)
        reasons.setdefault(name, []).append(each.reason.removeprefix(f"{folder}{os.sep}{name}: "))
    return done, reasons


@pytest.mark.parametrize("name", ODD)
def test_it_is_told_in_one_line_what_a_file_is_and_it_is_not_read(report, name):
    [reason] = report[1][name]
    assert ODD[name][1] in reason
    assert "\n" not in reason


def test_what_is_no_file_is_told_too_and_nothing_is_read(report):
    done, reasons = report
    assert (done.read, done.failed) == (0, [])
    assert set(reasons) == {*ODD, "x.sqlite", "loop.txt", "nothing", "deals.json"}
    assert "is a database, not text" in reasons["x.sqlite"][0]
    assert "Too many levels of symbolic links" in reasons["loop.txt"][0]
    assert "holds no file that kg reads" in reasons["nothing"][0]
    assert "describes the file beside it" in reasons["deals.json"][0]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.txt", f"BMW announces a deal. {SAID}"),
        ("x", f"MZ Group says so: {SAID}"),
        ("x.txt", f"[Update] {SAID}"),
        ("x.txt", f"{{Correction}} {SAID}"),
        ("x.rst", SAID),
        ("x.txt", f"{SAID} More at https://example.org/2025/03/11/Nvidia-owns-6-percent-of-CoreWeave-0123456789abcdef"),
        ("x.txt", "\n".join(f"{hour}:15 {SAID}" for hour in range(10, 20))),
        ("x.txt", f"<SEC-DOCUMENT>0001.txt\n<TYPE>SC 13G\n{SAID}\n</SEC-DOCUMENT>"),
        ("x.txt", f"<p>{SAID}</p>"),
        ("x.md", f"```\n#!/bin/sh\n```\n\n{SAID}"),
        ("x.csv", f"Company,Share\nNvidia,6 %\nOracle,{'12.5,' * 30}\n".replace(",\n", "\n")),
    ],
)
def test_prose_that_looks_a_little_like_one_of_them_is_read(name, text):
    document = parse(
        text.encode(), Source(name, name), media_type=media_type(PurePath(name)), known=Metadata(lang="en")
    )
    assert "Nvidia" in document.text or "BMW" in document.text


def test_a_page_of_the_web_that_is_called_text_is_read_as_a_page():
    page = f"<!doctype html><html><head><title>Deal</title></head><body><article><p>{SAID}</p></article></body></html>"
    document = parse(page.encode(), Source("x.txt", "x.txt"), media_type="text/plain", known=Metadata(lang="en"))
    assert document.text.strip() == SAID


@pytest.mark.slow
def test_a_picture_named_as_a_member_of_an_archive_does_not_speak_of_folders(tmp_path):
    (tmp_path / "a.zip").write_bytes(zipped({"a.txt": SAID, "logo.png": b"\x89PNG"}))
    with open_store(None) as store:
        [skipped] = build(store, [str(tmp_path / "a.zip")]).skipped
    assert skipped.reason == "'.png' is none of the kinds read in an archive"
