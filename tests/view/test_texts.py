"""The viewer's search of the sentences, in a real Chromium: what it finds and marks, by keyboard, in both languages."""

from dataclasses import replace

import pytest

from kg.view import html_of, view_data

pytestmark = pytest.mark.browser


def quoting(claim, quote):
    """A claim whose first sentence is another."""
    first = claim.evidence[0]
    return replace(claim, evidence=(replace(first, quote=quote, end=first.start + len(quote)),))


def hits(tab, comes_true, query, count):
    """What is found for a query: each sentence with what is marked in it."""
    tab.locator("#kg-texts").fill(query)
    listed = tab.locator(".texts li")
    assert comes_true(tab, lambda: listed.count() == count and (count or tab.locator(".texts .told").inner_text()))
    return [(one.locator("q").inner_text(), one.locator("q mark").all_inner_texts()) for one in listed.all()]


def test_sentences_are_found_without_accents_or_case_and_marked_to_the_letter(opened, claims, documents, comes_true):
    quote = "L’e\u0301nergie de la société est chère : œuvre d’Été."
    with opened(html_of(view_data([quoting(claims[0], quote), *claims[1:]], documents, title="A test"))) as tab:
        [(_, marks)] = hits(tab, comes_true, "energie SOCIETE oeuvre ete", 1)
        assert marks == ["e\u0301nergie", "société", "œuvre", "Été"]
        assert hits(tab, comes_true, "ociete", 0) == [], "words are found by how they begin"
        assert hits(tab, comes_true, '"societe est"', 1)[0][1] == ["société est"]
        assert hits(tab, comes_true, '"est societe"', 0) == []
        assert tab.locator(".texts .told").inner_text() == "No sentence here has all these words."
        assert hits(tab, comes_true, "l'energie", 1)[0][1] == ["L’e\u0301nergie"], "as keyboards write it"
        assert tab.locator(".texts a").count() == 0, "a file has no server to ask"


def test_names_and_titles_count_and_a_hit_leads_to_its_line_by_keyboard(opened, story_view, comes_true):
    with opened(story_view) as tab:
        assert hits(tab, comes_true, "nvidia 5.2", 1) != []
        tab.locator("#kg-texts").focus()
        tab.keyboard.press("ArrowDown")
        assert "Nvidia" in tab.evaluate("document.activeElement.innerText")
        tab.keyboard.press("Enter")
        assert comes_true(tab, lambda: "5.2" in tab.locator(".panel").inner_text())
        assert tab.evaluate("document.activeElement.closest('.texts') !== null"), "the list stays, with the focus in it"
        tab.keyboard.press("ArrowUp")
        assert tab.evaluate("document.activeElement.id") == "kg-texts"
        tab.keyboard.press("Escape")
        assert tab.locator("#kg-texts").input_value() == ""
        assert tab.locator(".texts li").count() == 0
        assert tab.locator(".panel h2").count() == 1, "what was chosen stays chosen"


def test_it_speaks_french_and_says_how_many_it_found(opened, story_view, comes_true):
    with opened(story_view) as tab:
        found = len(tab.evaluate("[...new Set(kgView.graph.view.lines.flatMap((l) => l.claims.map((c) => c.quote)))]"))
        tab.locator("#kg-texts").fill("e")
        tab.locator("[data-act=lang]").click()
        told = tab.locator(".texts .told")
        assert comes_true(tab, lambda: told.inner_text().startswith("Phrases trouvées : "))
        assert 0 < int(told.inner_text().removeprefix("Phrases trouvées : ").rstrip(".")) <= found
        assert tab.locator("#kg-texts").get_attribute("aria-label") == "Chercher dans les phrases"
        assert told.get_attribute("role") == "status"


def test_no_sentence_can_do_harm(opened, claims, documents, payloads, comes_true):
    hostile = [quoting(claims[0], f"Zeltan {one}") for one in payloads]
    with opened(html_of(view_data(hostile, documents, title="A test"))) as tab:
        tab.locator("#kg-texts").fill("zeltan <script")
        tab.locator("#kg-texts").fill("zeltan")
        assert comes_true(tab, lambda: set(tab.locator(".texts q mark").all_inner_texts()) == {"Zeltan"})
