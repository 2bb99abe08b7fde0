"""The page that searches: what it shows, that texts stay texts, and that it is used by keyboard and screen reader."""

from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from kg.model import Document
from kg.server.page import LANGUAGES, search_page
from kg.server.response_buffer import LimitedBuffer
from kg.server.search import SearchTexts
from kg.store import DocumentClaims, open_store
from kg.wording.search import SEARCH_WORDINGS

from .test_ontology import Tags


@pytest.fixture
def store(unrecorded):
    with open_store(None, write=True) as opened:
        opened.commit([DocumentClaims(document, claims, "reader/1") for document, claims in unrecorded])
        opened.commit([DocumentClaims(Document("bare.txt", "OpenAI is quiet.", "en"), (), "reader/1")])
        yield opened


def answered(store, lang="en", **parameters):
    buffer = LimitedBuffer(Path("unused"), rows=10_000, size=1 << 20)
    media_type = SearchTexts(tuple(parameters.items()), "text/html", lang).answer(store, buffer)
    assert media_type == "text/html; charset=utf-8"
    return buffer.content().decode()


def test_the_page_says_everything_in_each_language():
    first, *others = SEARCH_WORDINGS.values()
    assert tuple(SEARCH_WORDINGS) == LANGUAGES
    assert all(list(other) == list(first) for other in others)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_hits_are_marked_linked_and_narrowed_down(store, lang):
    read = Tags(answered(store, lang, q="CoreWeave"))
    assert ("mark", {}) in read.tags
    links = [attributes["href"] for tag, attributes in read.tags if tag == "a"]
    assert any(link.startswith("documents/") for link in links)
    narrowed = [parse_qs(urlsplit(link).query) for link in links if link.startswith("search?")]
    assert any(query.get("q") == ["CoreWeave"] and "relation" in query for query in narrowed)
    assert ("html", {"lang": lang}) in read.tags


def test_what_is_chosen_can_be_taken_back(store):
    read = Tags(answered(store, q="CoreWeave", relation="holds-stake"))
    assert any(text.startswith("Remove: ") for text in read.texts)
    assert ("option", {"value": "holds-stake", "selected": ""}) in read.tags


def test_where_no_claim_is_made_the_command_that_adds_one_stands(store):
    read = Tags(answered(store, q="OpenAI", outcome="none"))
    texts = [text for text in read.texts if text.startswith("kg add SUBJECT RELATION OBJECT --document ")]
    assert texts
    assert not any(text.startswith("kg add ") for text in Tags(answered(store, q="OpenAI", outcome="admitted")).texts)


def test_only_the_form_alone_takes_the_focus(store):
    def focused(page):
        return [tag for tag, values in Tags(page).tags if "autofocus" in values]

    assert focused(search_page("en", {})) == ["input"]
    assert focused(answered(store, q="OpenAI")) == []


def test_no_text_becomes_markup(store, payloads):
    reading = store.reading(next(iter(store.documents())).id)
    for number, payload in enumerate(payloads):
        text = f"zeltan {' '.join(payload.split())[:1500]} zeltan".replace("\x00", "")
        document = replace(reading.document, id=f"{number}", text=text, title=payload.replace("\x00", "") or None)
        store.commit([DocumentClaims(document, (), "reader/1")])
    wanted = Tags(answered(store, q="zeltan", limit="100"))
    plain = {tag for tag, _ in Tags(answered(store, q="CoreWeave")).tags} | {"details", "summary", "pre"}
    assert {tag for tag, _ in wanted.tags} <= plain
    hostile = Tags(search_page("en", {"q": payloads[0], "company": payloads[3]}, error=payloads[1]))
    assert {tag for tag, _ in hostile.tags} <= plain | {"form", "p"}


# ---------------------------------------------------------------- in a browser
@pytest.mark.browser
def test_one_searches_by_keyboard_from_the_first_page(opened):
    with opened() as tab:
        tab.locator("header input[type=search]").focus()
        tab.keyboard.type("CoreWeave")
        tab.keyboard.press("Enter")
        tab.locator("#hits").wait_for()
        assert tab.locator("[role=status]").inner_text().endswith("are shown")
        assert tab.locator(".hits mark").first.inner_text() == "CoreWeave"
        tab.locator(".narrowed a").first.focus()
        tab.keyboard.press("Enter")
        tab.get_by_text("Remove: ").first.wait_for()


@pytest.mark.browser
@pytest.mark.parametrize(("lang", "scheme", "width"), [("en", "light", 1280), ("fr", "dark", 390)])
def test_axe_finds_nothing_to_say_of_accessibility(opened, lang, scheme, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    with opened(f"search?lang={lang}&q=OpenAI", width=width, scheme=scheme) as tab:
        for summary in tab.locator("summary").all():
            summary.click()
        assert axe.run(tab).response["violations"] == []
