"""Reading one source: its text, its metadata, and each way in which it can fail."""

import io
import json
import os

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.documents import Metadata, Source, find, parse, read
from kg.errors import DocumentError, UnknownLanguage

FRENCH = "Oracle rachète Opower\n\n2 mai 2016 . –\nOracle a annoncé le rachat de la société Opower.\n"
X = Source("x", "x")


def source(path):
    [first] = find([str(path)])
    return first


def written(tmp_path, name, text):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_plain_text_is_kept_to_the_letter_and_described(tmp_path):
    path = written(tmp_path, "x.txt", FRENCH.replace("\n", "\r\n"))
    document = read(source(path))
    assert document.text == path.read_bytes().decode("utf-8")
    assert (document.id, document.lang, document.published) == ("x.txt", "fr", "2016-05-02")
    assert (document.title, document.source, document.url) == ("Oracle rachète Opower", str(path), None)


def test_what_is_given_overrules_the_sidecar_and_the_sidecar_the_text(tmp_path):
    path = written(tmp_path, "x.txt", FRENCH)
    written(tmp_path, "x.json", json.dumps({"title": "T", "date": "2016-05", "lang": "fr", "url": "http://x/", "n": 1}))
    document = read(source(path))
    assert (document.title, document.published, document.lang, document.url) == ("T", "2016-05", "fr", "http://x/")
    document = read(source(path), lang="en-GB", published="4 mai 2016")
    assert (document.title, document.published, document.lang) == ("T", "2016-05-04", "en")


def test_markdown_obeys_its_front_matter(tmp_path):
    path = written(tmp_path, "x.md", "---\ntitle: T\ndate: 11 mars 2025\nlang: fr\n---\nGoogle Apple.\n")
    document = read(source(path))
    assert (document.text, document.lang, document.published) == ("Google Apple.\n", "fr", "2025-03-11")


def test_standard_input_is_sniffed():
    stdin = Source("stdin", "-")
    assert read(stdin, stdin=io.BytesIO(FRENCH.encode())).text == FRENCH
    assert read(stdin, stdin=io.BytesIO(b"# Oracle *buys* Opower\n")).text == "Oracle buys Opower\n"
    page = f"\n<!-- x --><!DOCTYPE html><html><body><article><p>{FRENCH * 3}</p></article></body></html>"
    document = read(stdin, stdin=io.BytesIO(page.encode()))
    assert document.text.startswith("Oracle rachète Opower")
    assert (document.id, document.source) == ("stdin", "-")


def test_a_page_in_another_encoding_is_read(tmp_path):
    page = f"<html><head><meta charset='iso-8859-1'></head><body><article><p>{FRENCH * 3}</p></article></body></html>"
    document = read(source(written(tmp_path, "x.html", page.encode("cp1252"))))
    assert "annoncé" in document.text
    assert document.lang == "fr"


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("x.txt", b"", "is empty"),
        ("x.txt", b" \r\n\t\xc2\xa0\n", "is empty"),
        ("x.txt", b"%PDF-1.7 ...", "is no whole PDF: its end is missing"),
        ("x.txt", b"PK\x03\x04...", "is no zip file, as office files are, or is cut off"),
        ("x", b"\x89PNG\r\n", r"is a picture \(PNG\), not text: `kg build --ocr`"),
        ("x.txt", b"ab\x00cd", "is binary, not text"),
        ("x.txt", bytes(range(128, 256)), "is not text in UTF-8 nor in an encoding that can be recognised"),
        ("x", b'{"a": [1]}', "is JSON, not an article"),
        ("x.json", b"[1, 2]", "is a file of many documents"),
        ("x.mbox", b"From a", "is a file of many documents"),
        ("x", b"<?xml version='1.0'?><rss/>", "is XML of <rss>, not an article"),
        ("x.md", b"![](x.png)\n", "holds markup and no text"),
        ("x.md", b"---\ndate: someday\n---\nText.", "'someday' is no date: write YYYY, YYYY-MM or YYYY-MM-DD"),
        ("x.md", b"---\ndate: 2999-01-01\n---\nText.", "'2999-01-01' cannot be when it was published"),
        ("x.html", b"<html></html>", "no main text is found"),
    ],
)
def test_what_cannot_be_read_is_one_clear_line_that_names_it(tmp_path, name, data, says):
    path = written(tmp_path, name, data)
    with pytest.raises(DocumentError, match=says) as caught:
        read(source(path))
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


def test_a_missing_file_brings_up_those_of_like_name(tmp_path):
    written(tmp_path, "openai.txt", FRENCH)
    with pytest.raises(DocumentError, match=r"opennai\.txt: there is no such file\. Did you mean 'openai\.txt'\?"):
        read(source(tmp_path / "opennai.txt"))
    with pytest.raises(DocumentError, match=r"no such file\.$"):
        read(source(tmp_path / "no" / "where.txt"))


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(DocumentError, match="is a folder"):
        read(Source("x", str(tmp_path)))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read anything")
def test_a_file_that_may_not_be_read_is_told(tmp_path):
    path = written(tmp_path, "x.txt", FRENCH)
    path.chmod(0)
    with pytest.raises(DocumentError, match="cannot be read: Permission denied"):
        read(source(path))


def test_a_path_that_the_system_refuses_is_told():
    with pytest.raises(DocumentError, match="cannot be read: File name too long"):
        read(Source("x", "x" * 5000))
    with pytest.raises(DocumentError, match=r"cannot be read: .*null byte"):
        read(Source("x", "a\0b"))


def test_an_endless_source_is_cut_off():
    with pytest.raises(DocumentError, match="/dev/zero: is longer than 32 MiB"):
        read(Source("zero", "/dev/zero"))


@pytest.mark.parametrize(
    ("sidecar", "says"),
    [
        (b"{", "is no JSON in UTF-8"),
        (b"\xff", "is no JSON in UTF-8"),
        (b"[" * 100_000, "is no JSON in UTF-8"),
        (b"[]", "holds no JSON object"),
        (b'{"title": 3}', "has a 'title' that is no text"),
        (b'{"date": "soon"}', "'soon' is no date"),
        (b'{"date": "2999"}', "'2999' cannot be when it was published"),
        (b'{"url": "javascript:alert(1)"}', "'javascript:alert.1.' is no web address"),
        (b'{"lang": "de"}', r"no reader for German \(de\)"),
    ],
)
def test_a_broken_sidecar_is_told_by_its_own_name(tmp_path, sidecar, says):
    path = written(tmp_path, "x.txt", FRENCH)
    beside = written(tmp_path, "x.json", sidecar)
    with pytest.raises(DocumentError, match=says) as caught:
        read(source(path))
    assert str(caught.value).startswith(f"{beside}: ")


def test_an_empty_word_in_a_sidecar_says_nothing(tmp_path):
    path = written(tmp_path, "x.txt", FRENCH)
    written(tmp_path, "x.json", '{"url": "", "date": null, "published": " "}')
    document = read(source(path))
    assert (document.url, document.published) == (None, "2016-05-02")


def test_another_language_can_be_forced(tmp_path):
    path = written(tmp_path, "x.txt", "Volkswagen übernimmt die Mehrheit an Rivian.")
    with pytest.raises(UnknownLanguage, match="German"):
        read(source(path))
    assert read(source(path), lang="en").lang == "en"


@pytest.mark.parametrize(("lang", "published"), [("xx", None), (None, "yesterday")])
def test_what_is_given_wrongly_is_told_before_anything_is_read(lang, published):
    with pytest.raises(DocumentError, match=r"^what was given: "):
        read(Source("x", "missing"), lang=lang, published=published)


def test_an_unknown_media_type_is_told():
    with pytest.raises(DocumentError, match="'text/calendar' is not read"):
        parse(b"a,b", X, media_type="text/calendar")


@given(st.text(), st.sampled_from(["text/plain", None]))
def test_plain_text_round_trips(text, media_type):
    data = text.encode("utf-8", "ignore")
    try:
        document = parse(data, X, media_type=media_type, known=Metadata(lang="en"))
    except DocumentError:
        return
    if media_type:
        assert document.text.encode() == data.removeprefix(b"\xef\xbb\xbf")


@settings(max_examples=200)
@given(
    st.one_of(st.binary(), st.text().map(str.encode), st.binary().map(lambda b: b"<html><body><p>" + b)),
    st.sampled_from(["text/plain", "text/markdown", "text/html", None]),
)
@example(b"\xff\xfe\x00\xd8", None)
@example(b"<html>&#xD800;&#0;&#x110000;" + b"some words here " * 20, None)
@example(b"<!--" * 1000 + b"-->" * 1000, None)
@example(b"<!-- -->" * 1000, None)
@example(b"---\n" * 1000, None)
@example(b"> " * 3000 + b"x", "text/markdown")
@example(b"[" * 3000, "text/markdown")
@example(b"*a " * 3000, "text/markdown")
def test_any_bytes_are_a_document_or_one_clear_line(data, media_type):
    try:
        document = parse(data, X, media_type=media_type)
    except DocumentError as error:
        line = str(error)
    else:
        line = ""
        assert document.text.strip()
        assert document.lang in {"fr", "en"}
        assert document.text.encode("utf-8")
    assert "\n" not in line


@pytest.mark.parametrize("name", ["", "x", "x.txt"])
@pytest.mark.parametrize(
    ("data", "text"),
    [
        (
            "From: a@x.org\nSubject: Deal\nDate: Mon, 2 May 2016 08:00:00 +0000\n\nOracle buys.\n",
            "Deal\n\nOracle buys.\n",
        ),
        (
            "Subject: Deal\nFrom: a@x.org\nMIME-Version: 1.0\nContent-Transfer-Encoding: base64\n\nT3JhY2xl\n",
            "Deal\n\nOracle\n",
        ),
        ("Buyer,Target\nZeltan,Orvane\nIntel,Altera\n", "| Buyer | Target |\n| --- | --- |\n| Zeltan | Orvane |\n"),
        ("Buyer;Price\nZeltan;3,5\nIntel;4,2\n", "| Buyer | Price |\n| --- | --- |\n| Zeltan | 3,5 |\n"),
        ("To buy, or not to buy\nIs asked, and is told\nBy him, then by her\n", "To buy, or not"),
        ("From: all\nTo: nobody\nOracle buys Opower.\n", "From: all"),
        ("Oracle paid 3,500\nOpower got 2,500\nZeltan lost 1,000\n", "Oracle paid"),
        ("Oracle; Opower\nOracle buys Opower; it pays. Then\nit grows; too\n\nx\n", "Oracle; Opower\nOracle"),
    ],
)
def test_a_text_is_read_as_what_it_is_whatever_it_is_called(tmp_path, name, data, text):
    given = source(written(tmp_path, name, data)) if name else Source("stdin", "-")
    assert read(given, lang="en", stdin=io.BytesIO(data.encode())).text.startswith(text)
