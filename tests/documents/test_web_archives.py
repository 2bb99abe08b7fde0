"""Web archives: pages are read with their addresses; what is no page is counted; one bad record costs itself alone."""

import gzip

import pytest

from kg.documents import read
from tests.documents.conftest import TEXT, page, warc_record

URL = "https://example.org/opower"
OTHERS = (
    warc_record("https://example.org/logo.png", b"\x89PNG", "image/png"),
    warc_record("https://example.org/gone", page(), status="404 Not Found"),
    warc_record("https://example.org/app.js", "let a = 1", "text/javascript"),
    warc_record("https://example.org/opower", page(), kind="request"),
    warc_record("https://example.org/opower", "", kind="revisit"),
)


def joined(*records, compress=False):
    return b"".join(gzip.compress(record) if compress else record for record in records)


@pytest.mark.parametrize("compress", [True, False])
def test_pages_are_read_and_what_is_none_is_counted(unpacked, compress):
    name = "crawl.warc.gz" if compress else "crawl.warc"
    records = joined(warc_record(URL, page()), *OTHERS, warc_record(URL + "?2", page()), compress=compress)
    documents, skipped, [listing] = unpacked(name, records)
    assert [(document.url, document.published) for document in documents] == [
        (URL, "2016-05-03"),
        (URL + "?2", "2016-05-03"),
    ]
    assert " ".join(documents[0].text.split()) == " ".join(TEXT.split())
    assert (skipped, listing.passed_over) == ({}, 5)


def test_a_page_is_found_by_the_byte_where_its_record_begins(unpacked):
    first = warc_record(URL, page())
    documents, _, [listing] = unpacked("crawl.warc", joined(first, *OTHERS, first))
    offset = len(first) + sum(map(len, OTHERS))
    assert [source.member for source in listing.sources] == ["0", str(offset)]
    assert read(listing.sources[1]).text == documents[0].text


def test_a_date_of_the_page_goes_before_the_day_when_it_was_saved(unpacked):
    dated = page().replace("<head>", '<head><meta property="article:published_time" content="2016-05-02T08:00:00Z">')
    [document], _, _ = unpacked("crawl.warc", warc_record(URL, dated))
    assert document.published == "2016-05-02"


def test_the_charset_that_the_server_says_is_believed_where_it_holds(unpacked):
    french = page(
        "Oracle a annoncé le rachat de la société Opower, déjà présentée à ses associés.", "Oracle rachète Opower"
    )
    [document], _, _ = unpacked(
        "a.warc", warc_record(URL, french.encode("iso-8859-15"), "text/html; charset=iso-8859-15")
    )
    assert "annoncé le rachat de la société" in document.text
    [document], _, _ = unpacked("b.warc", warc_record(URL, french.encode(), "text/html; charset=utf-16"))
    assert "annoncé le rachat de la société" in document.text


def test_a_file_of_another_kind_is_told_by_the_ending_of_its_address(unpacked):
    note = warc_record(
        "https://example.org/note.md", b"# T\n\nNvidia owns 6% of CoreWeave.", "application/octet-stream"
    )
    [document], _, _ = unpacked("a.warc", note)
    assert document.title == "T"


def test_a_page_that_cannot_be_read_costs_itself_alone(unpacked):
    good, bad = warc_record(URL, page()), warc_record(URL, "<html><body></body></html>")
    documents, skipped, _ = unpacked("crawl.warc", joined(good, bad, good))
    assert len(documents) == 2
    assert list(skipped) == [f"#{len(good)}"]


def test_an_archive_that_is_cut_off_gives_what_is_whole(unpacked):
    records = joined(warc_record(URL, page()), warc_record(URL, page()), compress=True)
    documents, skipped, _ = unpacked("crawl.warc.gz", records[:-60])
    assert len(documents) >= 1
    assert all("\n" not in reason for reason in skipped.values())


def test_an_archive_that_is_compressed_in_one_piece_is_refused(unpacked):
    documents, skipped, _ = unpacked("crawl.warc.gz", gzip.compress(joined(*[warc_record(URL, page())] * 3)))
    assert documents == []
    assert "unpack it with `gunzip`" in skipped[""]


def test_a_record_that_lies_about_its_length_is_one_line(unpacked):
    record = warc_record(URL, page()).replace(b"Content-Length: ", b"Content-Length: 9999999999", 1)
    documents, skipped, _ = unpacked("crawl.warc", record)
    assert len(documents) + len(skipped) == 1
