"""HTML becomes its main text; what its head declares is believed, what it does not is not made up."""

import time

import pytest

from kg.documents.html import read_html
from kg.errors import DocumentError

BODY = (
    "<p>CoreWeave fournit de la puissance de calcul à OpenAI, selon un contrat de cinq ans.</p>"
    "<p>Nvidia détient 6&nbsp;% du capital de CoreWeave &amp; lui vend ses puces.</p>"
)


def page(head="", body=BODY, attributes=""):
    return (
        f"<!DOCTYPE html><html {attributes}><head><title>Le contrat | Journal</title>{head}</head><body>"
        f"<nav><ul><li><a href='/'>Accueil</a></li><li><a href='/tech'>Tech</a></li></ul></nav>"
        f"<article><h1>Le contrat</h1>{body}</article><footer>Mentions légales - Contact</footer></body></html>"
    )


def test_the_article_is_kept_and_the_navigation_is_not():
    read = read_html(page(attributes="lang='fr-FR'"), "x.html")
    assert read.text == (
        "Le contrat\n\n"
        "CoreWeave fournit de la puissance de calcul à OpenAI, selon un contrat de cinq ans.\n\n"
        "Nvidia détient 6 % du capital de CoreWeave & lui vend ses puces.\n"
    )
    assert "Accueil" not in read.text
    assert "Mentions" not in read.text
    assert read.detected.title == "Le contrat"
    assert read.detected.lang == "fr-FR"


@pytest.mark.parametrize(
    ("head", "date"),
    [
        ("<meta property='article:published_time' content='2025-03-11T23:30:00-05:00'>", "2025-03-11"),
        ("<meta name='DC.Date' content='2025-03'>", "2025-03"),
        ("<meta name='date' content='2025'>", "2025"),
        ("<meta itemprop='datePublished' content='11 mars 2025'>", "2025-03-11"),
        ('<script type="application/ld+json">{"@graph": [{"datePublished": "2025-03-11"}]}</script>', "2025-03-11"),
        ("<meta name='date' content='soon'>", None),
        ("<meta property='article:modified_time' content='2025-03-12'>", None),
        ("", None),
    ],
)
def test_the_date_is_the_declared_one_no_more_precise_than_it_is(head, date):
    assert read_html(page(head), "x.html").detected.published == date


def test_a_time_in_the_article_s_header_is_its_date():
    body = "<header><time datetime='2025-03-11'>mardi</time></header>" + BODY
    assert read_html(page(body=body), "x.html").detected.published == "2025-03-11"


@pytest.mark.parametrize(
    ("href", "url"),
    [("https://x.example/a?b=c", "https://x.example/a?b=c"), ("javascript:alert(1)", None), ("/a", None)],
)
def test_only_a_web_address_is_the_page_s_address(href, url):
    assert read_html(page(f"<link rel=canonical href='{href}'>"), "x.html").detected.url == url


def test_characters_that_no_page_may_hold_are_dropped():
    assert "OpenAI" in read_html(page().replace("OpenAI", "Open\x01\ufffeAI"), "x.html").text


@pytest.mark.slow
@pytest.mark.parametrize("tag", ["div", "b", "blockquote", "ul"])
def test_a_thousand_nested_elements_do_not_hide_the_text(tag):
    body = f"<{tag}>" * 1000 + BODY + f"</{tag}>" * 1000
    assert "Nvidia détient" in read_html(page(body=body), "x.html").text


def test_nesting_beyond_reason_ends_soon_in_one_line():
    start = time.process_time()
    with pytest.raises(DocumentError, match=r"x\.html: holds no HTML that can be read"):
        read_html(page(body="<div>" * 100_000 + BODY), "x.html")
    assert time.process_time() - start < 30


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE html [<!ENTITY a 'b'>]>",
        "<!doctype x SYSTEM 'file:///etc/passwd' [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>",
        "<?xml version='1.0'?><!ENTITY lol 'lol'>",
    ],
)
def test_declared_entities_are_refused(doctype):
    with pytest.raises(DocumentError, match=r"x\.html: declares entities in its DOCTYPE"):
        read_html(page().replace("<!DOCTYPE html>", doctype), "x.html")


@pytest.mark.parametrize(
    "text", ["<html></html>", "<", "<!-- -->", "<html><body><script>1</script></body></html>", "<?xml"]
)
def test_a_page_without_text_is_told(text):
    with pytest.raises(DocumentError, match=r"x\.html: (no main text|holds no HTML)"):
        read_html(text, "x.html")


def test_an_xml_declaration_does_not_matter():
    text = '<?xml version="1.0" encoding="iso-8859-1"?>\n' + page()
    assert "à OpenAI" in read_html(text, "x.html").text


def test_reading_prints_nothing(capfd):
    with pytest.raises(DocumentError):
        read_html("<html><body></body></html>", "x.html")
    assert capfd.readouterr() == ("", "")
