"""Feeds in files: an entry is a document, called by its id; nothing is ever fetched."""

import pytest

from tests.documents.conftest import BODY, TEXT, TITLE, escaped, paragraphs, rss

ATOM = f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>News</title>
<entry><title type="html">Oracle &lt;b&gt;buys&lt;/b&gt; Opower</title><id>urn:uuid:1</id>
<link href="https://example.org/1"/><published>2016-05-02T23:30:00Z</published><summary>Short.</summary>
<content type="html">{escaped(paragraphs(BODY))}</content></entry>
<entry><title>Two</title><link href="https://example.org/2.zip"/><updated>2016-05-03T00:00:00Z</updated>
<content type="xhtml">
<div xmlns="http://www.w3.org/1999/xhtml"><p>Nvidia owns 6% of CoreWeave.</p></div></content></entry>
</feed>"""


def item(number, text="Nvidia owns 6% of CoreWeave.", guid="same"):
    return f"<item><title>T{number}</title><guid>{guid}</guid><description>{text}</description></item>"


def test_an_entry_of_rss_is_an_article(unpacked):
    [document], _, _ = unpacked("feed.xml", rss())
    assert (document.id, document.text) == ("feed.xml#tag:example.org,2016:opower", TEXT)
    assert (document.title, document.published, document.url) == (TITLE, "2016-05-02", "https://example.org/opower")


def test_an_entry_of_atom_is_read_by_its_content_not_its_summary(unpacked):
    first, second = unpacked("feed.atom", ATOM)[0]
    assert (first.id, first.text, first.published) == ("feed.atom#urn:uuid:1", TEXT, "2016-05-02")
    assert (second.id, second.text) == ("feed.atom#https://example.org/2.zip", "Two\n\nNvidia owns 6% of CoreWeave.\n")


def test_an_entry_keeps_its_name_where_others_come_above_it(unpacked):
    before = {document.id for document in unpacked("feed.rss", rss(item(1, guid="a")))[0]}
    after = {document.id for document in unpacked("feed.rss", rss(item(2, guid="b"), item(1, guid="a")))[0]}
    assert before < after


def test_entries_of_one_id_are_told_apart_and_an_empty_one_is_told(unpacked):
    documents, skipped, _ = unpacked("feed.rss", rss(item(1), item(2), item(3, "", "none")))
    assert [document.title for document in documents] == ["T1", "T2"]
    assert len({document.id for document in documents}) == 2
    assert "has no text" in skipped["#none"]


@pytest.mark.usefixtures("_no_socket")
@pytest.mark.parametrize("data", [b"https://example.org/feed.xml", b"/etc/passwd", b"file:///etc/passwd"])
def test_an_address_or_a_path_in_a_file_is_no_feed(unpacked, data):
    documents, skipped, _ = unpacked("feed.rss", data)
    assert documents == []
    assert "is no XML, not a feed" in skipped[""]


@pytest.mark.usefixtures("_no_socket")
def test_an_entity_of_another_file_is_refused_and_one_of_another_document_not_fetched(unpacked):
    _, skipped, _ = unpacked("a.rss", '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + rss(item(1, "&x;")))
    assert "declares entities" in skipped[""]
    documents, _, _ = unpacked(
        "b.rss", '<!DOCTYPE rss SYSTEM "https://example.org/rss.dtd">' + rss(item(1)).partition("?>")[2]
    )
    assert [document.title for document in documents] == ["T1"]


def test_a_script_in_an_entry_is_not_read(unpacked):
    text = escaped(
        "<p>Nvidia owns CoreWeave.</p><script>alert('Oracle buys Opower')</script><p style='display:none'>Hidden</p>"
    )
    [document], _, _ = unpacked("feed.rss", rss(item(1, text)))
    assert document.text == "T1\n\nNvidia owns CoreWeave.\n"


def test_a_table_of_data_in_an_entry_is_a_table_and_one_that_lays_out_is_not(unpacked):
    data = (
        "<table><caption>Large <i>customers</i></caption><tr><th>Customer<th>Share | 2024</tr>"
        "<tr><td rowspan=2>Zeltan<br>Corp<td>21&nbsp;%<tr><td colspan=2>12&nbsp;%</table>"
    )
    laid_out = (
        f"<table><tr><td><p>Nvidia owns 6% of CoreWeave.</p></td><td>{data}</td></tr><tr><td>End.</td></tr></table>"
    )
    [document], _, _ = unpacked("feed.rss", rss(item(1, escaped(laid_out))))
    assert document.text == (
        "T1\n\nNvidia owns 6% of CoreWeave.\n\nLarge customers\n\n| Customer | Share ¦ 2024 |\n| --- | --- |\n"
        "| Zeltan Corp | 21 % |\n| Zeltan Corp | 12 % |\n\nEnd.\n"
    )


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("AT&amp;T has bought Johnson &amp; Johnson.", "AT&T has bought Johnson & Johnson."),
        ("AT&amp;amp;T has bought Johnson &amp;amp; Johnson.", "AT&T has bought Johnson & Johnson."),
        ("<![CDATA[AT&amp;T. It&#8217;s done.]]>", "AT&T. It\u2019s done."),
        ("<![CDATA[<p>AT&amp;T has bought it.</p>]]>", "AT&T has bought it."),
    ],
)
def test_entities_are_undone_however_a_feed_escapes_them(unpacked, written, text):
    [document], _, _ = unpacked("feed.rss", rss(item(1, written)))
    assert document.text == f"T1\n\n{text}\n"


def test_an_entry_has_the_day_of_where_it_was_published(unpacked):
    late = rss(item(1)).replace("</guid>", "</guid><pubDate>Fri, 03 May 2024 23:30:00 -0400</pubDate>")
    assert unpacked("feed.rss", late)[0][0].published == "2024-05-03"
    atom = ATOM.replace("2016-05-02T23:30:00Z", "2024-05-03T23:30:00-04:00").replace("Oracle", "AT&amp;amp;T")
    first = unpacked("feed.atom", atom)[0][0]
    assert (first.published, first.title) == ("2024-05-03", "AT&T buys Opower")
