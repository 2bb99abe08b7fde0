"""The pages of a digest: well formed whatever a source says, and the same whenever they are written."""

import html
import html.parser
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from kg.model import Document, Entity, Modality
from kg.places import Place, PlaceKind
from kg.store import NearDuplicates
from kg.watch.config import FORMATS, Interest, NewsKind
from kg.watch.digest import LineWriter, line_from, line_record
from kg.watch.news import NewsItem, news_between
from kg.watch.pages import DigestPage, page_bytes
from kg.watch.pages.markdown import escaped
from kg.watch.state import InterestState
from tests.conftest import PAYLOADS
from tests.watch.conftest import ACME, BOLT, CAMEO, source
from tests.watch.test_news import DAY

ATOM = "{http://www.w3.org/2005/Atom}"
VOID = {"meta", "br"}
ADDRESS = "https://example.org/a?b=c&d='e'(f)"


def page_of(*readings, interest="Bolt", lang="en", places=(), titles=None):
    """A digest of sources that are all new."""
    documents = {each.document.id: replace(each.document, title=titles) for each in readings}
    claims = [claim for each in readings for claim in each.claims]
    news = news_between([], claims, (DAY, DAY), NearDuplicates())
    marks = {claim.evidence[0]: places for claim in claims}
    writer = LineWriter(lang, "2026-05-10T08:00:00Z", documents.__getitem__, marks)
    asked = Interest(interest, interest)
    lines = [writer.line(asked, item) for item in news.items]
    return DigestPage(asked, InterestState(asked.asks, DAY).with_lines(lines, 0, 100), lang, 50)


class Tags(html.parser.HTMLParser):
    """The elements of a page with their attributes, and its text; it fails where one is not closed."""

    def __init__(self, text):
        super().__init__()
        self.open, self.seen, self.text = [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def hostile(payload):
    name = payload.strip() or "x"
    ends = Entity("company/evil", name, "Company"), BOLT
    return source("evil.txt", f"He said: {payload}", ends, "competes-with", url=ADDRESS)


PLAIN = {"html", "head", "meta", "title", "body", "h1", "p", "ul", "li", "div", "span", "a"}


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_no_text_of_a_source_becomes_markup(payload):
    page = page_of(hostile(payload), titles=payload[:400])
    [line] = page.lines
    tags = Tags(page_bytes("html", page).decode())
    assert {tag for tag, _ in tags.seen} <= PLAIN
    assert {name for _, attributes in tags.seen for name in attributes} <= {
        "charset", "content", "href", "lang", "name", "rel", "style",
    }  # fmt: skip
    assert [attributes["href"] for tag, attributes in tags.seen if tag == "a"] == [ADDRESS]
    assert line.citation.quote in "".join(tags.text)

    feed = ET.fromstring(page_bytes("atom", page))  # noqa: S314 - it is ours
    [entry] = feed.findall(f"{ATOM}entry")
    assert {child.tag.removeprefix(ATOM) for child in entry} == {
        "id",
        "title",
        "updated",
        "category",
        "link",
        "content",
    }
    assert line.citation.quote in entry.find(f"{ATOM}content").text

    shown = MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse(page_bytes("markdown", page).decode())
    kinds = {token.type for token in shown} | {child.type for token in shown for child in token.children or ()}
    assert kinds <= {
        "heading_open", "heading_close", "inline", "paragraph_open", "paragraph_close", "bullet_list_open", "text",
        "bullet_list_close", "list_item_open", "list_item_close", "strong_open", "strong_close", "hardbreak",
        "softbreak", "link_open", "link_close", "text_special",
    }  # fmt: skip
    links = [child.attrs["href"] for token in shown for child in token.children or () if child.type == "link_open"]
    assert links == [ADDRESS.replace("'", "%27")] or links == [ADDRESS]

    [record] = map(json.loads, page_bytes("jsonl", page).decode().splitlines())
    assert line_from(record) == line
    for form in FORMATS:
        text = page_bytes(form, page).decode()
        assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069\ufffe\uffff]", text)


@given(st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=60))
def test_markdown_shows_a_text_to_the_letter(text):
    line = " ".join(text.split())
    rendered = MarkdownIt("commonmark").render(f"x {escaped(line)}" if line else "")
    plain = html.unescape(re.sub(r"<[^>]*>", "", rendered)).replace("\N{WORD JOINER}", "").strip()
    assert plain == f"x {line}".replace("\N{WORD JOINER}", "").strip() or not line


@pytest.mark.parametrize("text", ["@acme", "mail a@b.org", ":smile:", "https://a.org", "www.a.org"])
def test_github_makes_nothing_of_a_text(text):
    marks = re.compile(r"(?<![\w])@\w|\w@\w|:\w+:|https?:|www\.")
    assert marks.search(text)
    assert not marks.search(escaped(text))


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", 'https://a.org/"x', "//a"]
)
def test_only_addresses_of_the_web_are_linked(url):
    page = page_of(source("a", "Bolt competes with Cameo.", (BOLT, CAMEO), "competes-with", url=url))
    assert [tag for tag, _ in Tags(page_bytes("html", page).decode()).seen if tag == "a"] == []
    assert "](" not in page_bytes("markdown", page).decode()


def test_a_page_of_a_pdf_is_named_and_opened():
    text = "Bolt competes with Cameo."
    places = (Place(0, len(text), PlaceKind.PAGE, "12"),)
    reading = source("report.pdf", text, (BOLT, CAMEO), "competes-with", url="https://a.org/report.pdf")
    page = page_of(reading, places=places)
    [line] = page.lines
    assert (line.citation.place, line.citation.url) == ("p. 12", "https://a.org/report.pdf#page=12")
    assert "report.pdf, p. 12, 2026-05-04" in page_bytes("html", page).decode()


def test_long_texts_are_cut():
    page = page_of(source("a" * 999, "Acme " * 999, (Entity("company/x", "X" * 999, "Company"), BOLT), "competes-with"))
    [line] = page.lines
    assert (len(line.citation.quote), len(line.citation.document), len(line.subject)) == (600, 200, 200)
    assert all(len(page_bytes(form, page)) < 5000 for form in FORMATS)


def test_a_page_that_has_nothing_to_tell_is_well_formed():
    page = page_of()
    assert "nothing yet" in page_bytes("html", page).decode()
    assert ET.fromstring(page_bytes("atom", page)).find(f"{ATOM}updated").text  # noqa: S314 - it is ours
    assert page_bytes("jsonl", page) == b""


def test_french_pages_are_french():
    page = page_of(source("a", "Acme owns Bolt.", (ACME, BOLT), "holds-stake"), lang="fr")
    text = page_bytes("markdown", page).decode()
    assert "# Actualités\N{NO-BREAK SPACE}: Bolt\n\nSituation au 10 mai 2026 à 8 h 00 (UTC)\n" in text
    assert "**nouveau**" in text
    assert "«\N{NO-BREAK SPACE}Acme owns Bolt.\N{NO-BREAK SPACE}» a, 4 mai 2026" in text
    assert '<span lang="en">«' in page_bytes("html", page).decode()


TITLES = {
    "en": {
        Modality.ASSERTED: "new: Acme acquires Bolt",
        Modality.ANNOUNCED: "new: announced: Acme acquires Bolt",
        Modality.PLANNED: "new: planned: Acme acquires Bolt",
        Modality.CONDITIONAL: "new: conditional: Acme acquires Bolt",
        Modality.HEDGED: "new: reported: Acme acquires Bolt",
        Modality.DENIED: "denied: Acme acquires Bolt",
        Modality.ENDED: "ended: Acme acquires Bolt",
    },
    "fr": {
        Modality.ANNOUNCED: "nouveau : annoncé : Acme acquiert Bolt",
        Modality.PLANNED: "nouveau : prévu : Acme acquiert Bolt",
        Modality.CONDITIONAL: "nouveau : conditionnel : Acme acquiert Bolt",
        Modality.HEDGED: "nouveau : rapporté : Acme acquiert Bolt",
        Modality.DENIED: "démenti : Acme acquiert Bolt",
        Modality.ENDED: "a pris fin : Acme acquiert Bolt",
    },
}


@pytest.mark.parametrize(("lang", "modality"), [(lang, each) for lang, titles in TITLES.items() for each in titles])
def test_no_form_tells_a_relation_without_how_it_stands(lang, modality):
    """A feed reader shows titles alone: one must not say that what is denied, planned or over holds."""
    title = TITLES[lang][modality].replace(" :", "\N{NO-BREAK SPACE}:")
    kind, _, statement = title.partition(": ")
    page = page_of(source("a", "A sentence.", (ACME, BOLT), "acquires", modality), lang=lang)
    feed = ET.fromstring(page_bytes("atom", page))  # noqa: S314 - it is ours
    assert feed.find(f"{ATOM}entry/{ATOM}title").text == title
    kind = kind.removesuffix("\N{NO-BREAK SPACE}")
    assert f"- **{kind}** {statement}" in page_bytes("markdown", page).decode()
    assert f"{kind} {statement}" in "".join(Tags(page_bytes("html", page).decode()).text)
    [record] = map(json.loads, page_bytes("jsonl", page).decode().splitlines())
    assert record["statement"].startswith(record.get("modality", "Acme acquires Bolt"))


def test_an_item_without_facts_has_its_claims(desk):
    claim = source("a", "Acme owns Bolt.", (ACME, BOLT), "holds-stake").claims[0]
    item = NewsItem(NewsKind.WITHDRAWN, ACME, "holds-stake", BOLT, claim.modality, (claim,))
    writer = LineWriter("en", desk.clock(), lambda id_: Document(id_, "Acme owns Bolt.", "en"), {})
    line = writer.line(Interest("Bolt", "Bolt"), item)
    assert (line.documents, line.terms, line_from(line_record(line))) == (1, "", line)
