"""The corpus of hostile files through the command: each costs itself one line, and nothing else happens.

All are named to one ``kg build``, whose processes have a limit on their memory, tell of each socket that they connect
and of each file that they open for writing. What a reader says of single bytes is tested beside the reader.
"""

import gzip
import io
import os
import re
import subprocess
import sys
import tarfile
import warnings
import zipfile
import zlib
from pathlib import Path

import pytest

from tests.documents import test_containers, test_office_hostile
from tests.documents.conftest import BODY, TEXT, forms, members
from tests.documents.pdf_files import Pdf, article
from tests.documents.test_office_claims import as_docx, as_odt, as_rtf
from tests.documents.test_office_hostile import S, cell, sheet
from tests.documents.test_pdf_hostile import page_of

MEGA = 1 << 20
MEMORY = 3 << 30
"""Of addresses, for each process: the libraries alone take one gibibyte of them."""
MARKS = 6
"""Words of a file beside those of its article: its name, a date, heads of columns."""
READ = ""
"""What is said of a file that is read, whatever else is in it."""

SPY = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({memory}, {memory}))
log = os.open({log!r}, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
def spy(event, arguments):
    if event in ("socket.connect", "socket.sendto") and not isinstance(arguments[1], (str, bytes)):
        os.write(log, f"socket {{arguments[1]}}\\n".encode())
    elif event == "socket.getaddrinfo":
        os.write(log, f"socket {{arguments[0]}}\\n".encode())
    elif event == "open" and isinstance(arguments[0], str) and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        os.write(log, f"write {{os.path.abspath(arguments[0])}}\\n".encode())
    elif event in ("os.symlink", "os.link", "os.rename"):
        os.write(log, f"write {{os.path.abspath(os.fsdecode(arguments[1]))}}\\n".encode())
    elif event == "os.mkdir":
        os.write(log, f"write {{os.path.abspath(os.fsdecode(arguments[0]))}}\\n".encode())
sys.addaudithook(spy)
"""


def zipped(*files, compression=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        for name, data in files:
            archive.writestr(name, data)
    return buffer.getvalue()


def matryoshka(depth):
    """A bomb of bombs: sixteen archives in each of sixteen, as 42.zip has them."""
    data = zipped(("bomb.txt", bytes(10 * MEGA)))
    for _ in range(depth):
        data = zipped(*[(f"{number}.zip", data) for number in range(16)])
    return data


def tarred(*infos):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, kind, data in infos:
            info = tarfile.TarInfo(name)
            info.type, info.size, info.linkname = kind, len(data), "/etc/passwd"
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def shared_strings():
    """A sheet all of whose cells name one long text."""
    text = "Nvidia owns CoreWeave. " * 1000
    cells = "".join(f"<row>{cell(f'A{at}', 0, ' t=' + chr(34) + 's' + chr(34))}</row>" for at in range(1, 50_000))
    return sheet(cells, **{"xl__sharedStrings.xml": f"<sst {S}><si><t>{text}</t></si></sst>"})


def attached(count):
    part = b"--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n\r\nx\r\n"
    head = b"From: a@b.example\r\nSubject: Files\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    body = b"--b\r\nContent-Type: text/plain\r\n\r\n" + BODY.encode() + b"\r\n"
    return head + body + part * count + b"--b--\r\n"


def nested_mail(depth):
    head = b"From: a@b.example\r\nSubject: Parts\r\n"
    parts = (b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (at, at) for at in range(depth))
    return head + b"".join(parts) + b"Content-Type: text/plain\r\n\r\n" + BODY.encode()


def feed(description, head=""):
    item = f"<item><title>Deal</title><guid>1</guid><description>{description}</description></item>"
    return f'<?xml version="1.0"?>{head}<rss version="2.0"><channel><title>News</title>{item}</channel></rss>'.encode()


def warc(length, rest=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>Nvidia"):
    head = "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2016-05-03T10:00:00Z\r\n"
    uri = "WARC-Target-URI: https://example.org/a\r\nContent-Type: application/http; msgtype=response\r\n"
    return f"{head}{uri}Content-Length: {length}\r\n\r\n".encode() + rest


def packed_page():
    body = gzip.compress(bytes(200 * MEGA))
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n" + body
    return warc(len(answer), answer + b"\r\n\r\n")


def encrypted_pdf():
    pdf = Pdf()
    pdf.paragraph(BODY)
    pdf.set_encryption(owner_password="a", user_password="b")  # noqa: S106 - of a test's own file
    return pdf.bytes()


def with_macros(data):
    """An office file with a macro, and a script that would be run when it opens."""
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as package:
        package.writestr("word/vbaProject.bin", b"\xd0\xcf\x11\xe0" + b'Shell("curl http://127.0.0.1:9")' * 100)
    return buffer.getvalue()


# What is new here: by name, its bytes and what is said of the file, or of members of it.
OWN = {
    "bomb.zip": (lambda: zipped(("a.txt", bytes(300 * MEGA))), {"#a.txt": "unpacks to more than 200 times its size"}),
    "matryoshka.zip": (lambda: matryoshka(2), {"#0.zip#0.zip": "is a container in more than 2 others"}),
    "bomb.csv.gz": (lambda: gzip.compress(bytes(500 * MEGA)), {"": "unpacks to more than"}),
    "bomb.tgz": (lambda: gzip.compress(tarred(("a.txt", tarfile.REGTYPE, bytes(100 * MEGA)))), {"#a.txt": ""}),
    "bomb.pdf": (lambda: page_of(b" " * 100_000_000), {"": "holds markup and no text"}),
    "inner.pdf": (lambda: page_of(zlib.compress(bytes(200 * MEGA))), {"": "holds markup and no text"}),
    "strings.xlsx": (shared_strings, {"": "characters"}),
    "far.xlsx": (lambda: sheet(f"<row>{cell('A1')}</row><row>{cell('XFD1048576')}</row>"), {"": "hold"}),
    "laughs.rss": (
        lambda: feed("&b;", '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'),
        {"": "declares entities"},
    ),
    "passwd.xml": (lambda: feed("&b;", '<!DOCTYPE r [<!ENTITY b SYSTEM "file:///etc/passwd">]>'), {"": "entities"}),
    "deep.rss": (lambda: feed("&lt;ul&gt;&lt;li&gt;" * 100_000), {"": ""}),
    "deep.html": (lambda: b"<html><body>" + b"<div>" * 200_000 + b"<p>Nvidia", {"": "no HTML that can be read"}),
    "deep.jsonl": (lambda: b'{"text": ' + b"[" * 100_000 + b"\n", {"": ""}),
    "deep.md": (lambda: b"> " * 100_000 + b"\n", {"": "holds markup and no text"}),
    "deep.xml": (lambda: b"<rss>" + b"<a>" * 100_000, {"": "is a feed that cannot be read"}),
    "attached.eml": (lambda: attached(10_000), {READ: "", "#500~a.pdf": "", "many": "more than 500 attachments"}),
    "nested.eml": (lambda: nested_mail(2_000), {"": ""}),
    "endless.eml": (lambda: b"Subject: " + b"a" * (33 * MEGA), {"": "is a mail of more than 32 MiB"}),
    "endless.mbox": (
        lambda: b"From a@b.example Mon May  2 08:00:00 2016\nSubject: a\n\n" + b"a\n" * (17 * MEGA),
        {"#1": "is a mail of more than 32 MiB"},
    ),
    "long.warc": (lambda: warc(10**15), {"#0": "is cut off: its record is longer than the file"}),
    "negative.warc": (lambda: warc(-1), {"": ""}),
    "packed.warc": (packed_page, {"#0": ""}),
    "line.jsonl": (lambda: b'{"title": "a", "text": "' + b"a" * (40 * MEGA) + b'"}\n', {"": ""}),
    "word.txt": (lambda: b"a" * 900_000, {"": "the text"}),
    "long.txt": (lambda: b"Nvidia owns CoreWeave. " * 50_000, {"": "characters, too long for an article"}),
    "bin.rtf": (lambda: b"{\\rtf1\\bin999999999999 x", {"": ""}),
    "encrypted.pdf": (encrypted_pdf, {"": "is encrypted: save it without its password first"}),
    "tricks.zip": (
        lambda: zipped(
            *((name, TEXT) for name in ("../out.txt", "/tmp/out.txt", "C:\\out.txt", "a/../../out.txt")),  # noqa: S108
            ("nul\0.exe.txt", "\0"),
            ("a" * 60_000 + ".txt", "\0"),
        ),
        {
            "#../out.txt": "leads out of the archive",
            "#/tmp/out.txt": "leads out of the archive",
            "#C:\\out.txt": "leads out of the archive",
            "#a/../../out.txt": "leads out of the archive",
            "#nul": "none of the kinds",
            "#aaa": "none of the kinds|is binary, not text",
        },
    ),
    "tricks.tar": (
        lambda: tarred(
            ("../out.txt", tarfile.REGTYPE, TEXT.encode()),
            ("link.txt", tarfile.SYMTYPE, b""),
            ("hard.txt", tarfile.LNKTYPE, b""),
            ("device.txt", tarfile.CHRTYPE, b""),
            ("pipe.txt", tarfile.FIFOTYPE, b""),
        ),
        {
            "#../out.txt": "leads out of the archive",
            "#link.txt": "is a link",
            "#hard.txt": "",
            "#device.txt": "",
            "#pipe.txt": "",
        },
    ),
    "macros.docm": (lambda: with_macros(as_docx(TEXT.split("\n\n"))), {READ: ""}),
    "million.urls": (
        lambda: b"".join(b"https://example.org/%d\n" % number for number in range(1_000_000)),
        {READ: ""},
    ),
}
OFFICE = {f"office-{name}": make for name, (make, _) in test_office_hostile.HOSTILE.items()}
BROKEN = {f"broken{at}-{name}": data for at, (name, data) in enumerate(test_containers.BROKEN.items())}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """What ``kg build`` says of all files: its lines on standard error, its status, what its processes did."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "spy").mkdir()
    (folder / "files").mkdir()
    log = folder / "log"
    (folder / "spy" / "sitecustomize.py").write_text(SPY.format(memory=MEMORY, log=str(log)))
    made = {name: make() for name, (make, _) in OWN.items()} | {name: make() for name, make in OFFICE.items()} | BROKEN
    for name, data in made.items():
        (folder / "files" / name).write_bytes(data)
    path = os.pathsep.join([str(folder / "spy"), str(Path(__file__).parents[2])])
    done = subprocess.run(
        [sys.executable, "-m", "kg", "build", *made, "--jobs", "1", "--store", str(folder / "store"), "--lang", "en"],
        cwd=folder / "files",
        env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(folder / "store")},
        capture_output=True,
        text=True,
        check=False,
    )
    return done, folder, log.read_text().splitlines()


def lines_of(corpus, name):
    """Return what is said of a file, by what follows its name."""
    start = re.compile(rf"kg: (?:not read|tables not read|note|read in part): {re.escape(name)}(?=[:#])")
    return [line[match.end() :] for line in corpus[0].stderr.splitlines() if (match := start.match(line))]


@pytest.mark.slow
@pytest.mark.parametrize("name", OWN)
def test_a_hostile_file_costs_its_own_line_and_each_bad_member_one(corpus, name):
    said = lines_of(corpus, name)
    expected = OWN[name][1]
    assert said or READ in expected, "something is said, or it is read"
    for line in said:
        member = line.partition(":")[0]
        match = [says for start, says in expected.items() if start and member.startswith(start)] or [
            expected.get("", "")
        ]
        assert re.search(match[0], line), line


@pytest.mark.slow
@pytest.mark.parametrize("name", [*OFFICE, *BROKEN])
def test_what_a_reader_refuses_is_one_line_of_the_command(corpus, name):
    assert len(lines_of(corpus, name)) == 1


@pytest.mark.slow
def test_nothing_else_happens(corpus):
    done, folder, log = corpus
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    bad = re.compile(r"defect of kg|its reader (?:was killed|crashed)|took longer than")
    assert [line[:300] for line in done.stderr.splitlines() if bad.search(line)] == []
    assert all(line.startswith("kg: ") for line in done.stderr.splitlines())
    assert [line for line in log if line.startswith("socket ")] == []
    written = {line.removeprefix("write ") for line in log}
    elsewhere = [path for path in written if not path.startswith((str(folder / "store"), "/dev/"))]
    assert elsewhere == []
    assert sorted(path.name for path in folder.iterdir()) == ["files", "log", "spy", "store"]
    assert {path.name for path in (folder / "files").iterdir()} == {*OWN, *OFFICE, *BROKEN}


ARTICLES = {
    **{name: data for name, data in forms().items() if name not in {"plain.txt", "small.txt.gz"}},
    "mail.eml": b"Received: by mx.example.org\r\n" + forms()["mail.eml"],
    "word.docx": as_docx(TEXT.strip().split("\n\n")),
    "libre.odt": as_odt(TEXT.strip().split("\n\n")),
    "rich.rtf": as_rtf(TEXT.strip().split("\n\n")),
    "page.pdf": article(TEXT),
    "all.zip": zipped(("a.txt", TEXT)),
    "page.html": b"<!doctype html><html><body><article><p>" + BODY.encode() + b"</p></article></body></html>",
}
SUFFIXES = sorted(
    {name.partition(".")[2] for name in ARTICLES} | {"txt", "md", "xml", "tar", "xls", "ods", "urls", "tsv"}
)


@pytest.mark.parametrize("name", ARTICLES)
def test_an_article_under_the_name_of_each_other_format_is_read_as_it_is_or_refused_in_a_line(tmp_path, name):
    words = set(re.findall(r"\w+", BODY))
    for suffix in SUFFIXES:
        path = tmp_path / f"x.{suffix}"
        path.write_bytes(ARTICLES[name])
        documents, skipped, _ = members(path)
        path.unlink()
        assert documents or skipped, suffix
        assert all("\n" not in reason for reason in skipped.values()), suffix
        for document in documents:
            strange = set(re.findall(r"\w+", document.text)) - words - set(re.findall(r"\w+", TEXT))
            assert len(strange) <= MARKS, (suffix, document.text[:300])
