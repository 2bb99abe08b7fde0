"""The page of a story in a real browser, without a network: readable, printable, and deaf to hostile texts."""

import base64
import hashlib
import re
from contextlib import contextmanager
from dataclasses import replace

import pytest

from kg.bundle import bundled
from kg.bundle.page import html_of
from kg.bundle.page_reading import quotes_in
from kg.bundle.shown import shown
from kg.bundle.whole_page import whole_page
from kg.export.sources import Source
from kg.model import Claim, Document, Entity, Evidence, Modality, Qualifiers
from kg.view.scenes import Note, Scene, Scenes


@pytest.fixture
def opened(chromium, watched, tmp_path):
    """Open a page's HTML with the network off; on leaving, nothing must have run, loaded or been complained of."""

    @contextmanager
    def open_page(html, *, width=1280):
        file = tmp_path / "story.html"
        file.write_text(html, "utf-8")
        context = chromium.new_context(viewport={"width": width, "height": 900}, offline=True)
        tab = context.new_page()
        seen = watched(tab)
        tab.goto(file.as_uri())
        yield tab
        assert seen.requests == [file.as_uri()]
        seen.check()
        context.close()

    return open_page


@pytest.fixture(scope="module")
def pages(seed):
    """The seed story's page in both languages."""
    asked = {lang: replace(seed, request=replace(seed.request, lang=lang)) for lang in ("en", "fr")}
    return {lang: html_of(whole_page(story)) for lang, story in asked.items()}


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(opened, pages, lang, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    with opened(pages[lang], width=width) as tab:
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        tab.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        assert [(v["id"], v["nodes"][0]["html"]) for v in axe.run(tab).response["violations"]] == []


def test_each_quote_can_be_cited_and_leads_to_its_source(opened, pages, seed):
    with opened(pages["en"]) as tab:
        sayings = tab.query_selector_all("[data-claim]")
        assert len(sayings) == len(seed.claims)
        first = sayings[0]
        first.query_selector("summary").click()
        text = first.query_selector("details").inner_text()
        assert all(form in text for form in ("Chicago", "BibTeX", "CSL-JSON", "Web Annotation", "TextQuoteSelector"))
        first.query_selector("figcaption a").click()
        assert tab.evaluate("document.querySelector(':target').id").startswith("source-")
        lost = "[...document.querySelectorAll('a[href^=\"#\"]')].filter((a) => !document.querySelector(a.hash))"
        assert tab.evaluate(f"{lost}.length") == 0


def test_it_prints_without_what_is_for_screens(opened, pages):
    with opened(pages["en"]) as tab:
        tab.emulate_media(media="print")
        assert not tab.is_visible("nav")
        assert not tab.is_visible("details")
        assert tab.is_visible("svg")
        assert tab.is_visible("blockquote")
        sizes = [
            f"parseFloat(getComputedStyle(document.querySelector('{s}')).fontSize)" for s in ("figcaption", "body")
        ]
        assert tab.evaluate(" < ".join(sizes))
        assert tab.pdf(format="A4").startswith(b"%PDF")


def test_a_narrow_screen_tells_that_a_picture_is_wider(opened, pages):
    for width in (390, 1280):
        with opened(pages["en"], width=width) as tab:
            assert tab.is_visible(".hint") == (width == 390)


def test_the_french_page_is_french(pages):
    page = pages["fr"]
    assert "Microsoft est partenaire d’OpenAI" in page
    assert "connu depuis le 12 mars 2025" in page
    assert "deux lecteurs lisent le passage différemment" in page
    assert "DISAGREEMENT" not in page


def test_what_has_no_end_is_drawn_to_the_day_of_the_story(seed):
    """Nothing is said to go on after the day for which it is decided what holds; each row names its source."""
    from kg.bundle.content import Wording
    from kg.bundle.timeline import svgs, timeline_rows

    wording = Wording.of(seed)
    rows = timeline_rows(wording)
    parts = svgs(wording, [row for row in rows if row.period and row.period.last is None], "Timeline")
    shapes = [shape for part in parts for shape in part]
    (day,) = {float(s.get("d")[1:].split()[0]) for s in shapes if s.get("stroke-dasharray") == "4 4" and s.get("d")}
    ends = {round(float(s.get("x")) + float(s.get("width")) - day, 1) for s in shapes if s.get("height") == "8"}
    assert ends <= {-0.1, 0.0, 0.1}
    labels = [s.text for s in shapes if s.tag == "text" and s.text.endswith("]")]
    assert {label.rpartition("[")[2] for label in labels} <= {f"{n}]" for n in wording.numbers.values()}
    assert labels


def test_no_script_no_style_but_one_and_a_policy_that_forbids_the_network(pages):
    page = pages["en"]
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert "<script" not in page
    assert not re.search(r"\s(style|on\w+)=", page)
    assert not re.search(r'\ssrc="', page)


def test_facts_plans_reports_leads_ended_and_denied_are_never_in_one_list(opened, small, sorted_reading):
    claims = small().claims
    base = {claim.modality: claim for claim in claims}[Modality.ASSERTED]
    said = {modality: replace(base, modality=modality, qualifiers=Qualifiers()) for modality in Modality}
    lead = sorted_reading.candidates[1]
    page = html_of(whole_page(small(claims=(*said.values(), lead))))
    sections = {
        "facts": {Modality.ASSERTED},
        "plans": {Modality.ANNOUNCED, Modality.PLANNED, Modality.CONDITIONAL},
        "reports": {Modality.HEDGED},
        "ended": {Modality.PAST, Modality.ENDED},
        "denied": {Modality.DENIED},
    }
    with opened(page) as tab:
        for id_, modalities in sections.items():
            ids = tab.evaluate(f"[...document.querySelectorAll('#{id_} [data-claim]')].map((e) => e.dataset.claim)")
            assert set(ids) == {said[modality].id for modality in modalities}, id_
        leads = tab.evaluate("[...document.querySelectorAll('#leads [data-claim]')].map((e) => e.dataset.claim)")
        assert leads == [lead.id]


def test_notes_stand_beside_what_they_are_on(opened, small):
    claim = small().claims[0]
    notes = (Note(claim.id, "Check this.", "Ana"), Note("company/nowhere", "Lost.", "Ben"))
    with opened(html_of(whole_page(small(scenes=Scenes(notes))))) as tab:
        assert tab.query_selector(f"[id='c-{claim.id}'] .mark").inner_text() == "1"
        tab.click("#notes a")
        assert tab.evaluate("document.querySelector(':target').id") == f"c-{claim.id}"
        assert "On something that is not in this story (company/nowhere)" in tab.inner_text("#notes")


def hostile(payloads):
    """A story whose names, quotes, titles, notes, goods and people are all payloads."""
    claims, sources = [], []
    for number, payload in enumerate(payloads):
        text = f"{payload} supplies it. Zeltan pays."
        name = payload if payload.strip() else "blank"
        document = Document(
            f"d{number} {name[:80]}".strip(), text, "en", "2025", name, f"https://x.example/{number}?{name[:40]}"
        )
        ends = (
            Entity(f"company/{number}", name, "Company", (name,)),
            Entity(f"company/{number}-b", f"{name} B", "Company", (name,)),
        )
        claim = Claim(
            *(ends[0], "supplies", ends[1], Modality.ASSERTED),
            (Evidence(document.id, 0, len(text), text, "en"),),
            Qualifiers(goods=name, as_printed=name),
            known_from="2025",
            method=f"note/{name}",
        )
        claims.append(claim)
        sources.append(Source.of(document, (claim,)))
    return tuple(claims), tuple(sorted(sources, key=lambda source: source.id))


@pytest.fixture(scope="module")
def hostile_bundle(payloads, small):
    claims, sources = hostile(payloads)
    name = payloads[0]
    scenes = Scenes(
        tuple(
            Note(claim.id, payload, payload[:300] or "x", "2025")
            for claim, payload in zip(claims, payloads, strict=True)
            if payload.strip()
        ),
        (Scene(name, (claims[0].subject.id, "company/0-b"), (), None, payloads[1]),),
    )
    story = small(claims=claims, sources=sources, scenes=scenes)
    return bundled(replace(story, request=replace(story.request, title=f"{name} {payloads[3]}")))


def test_hostile_texts_are_text(opened, hostile_bundle):
    page = hostile_bundle.files["story.html"].decode()
    with opened(page) as tab:
        tab.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        assert tab.query_selector_all("script, img, iframe, object, embed, video, link, base, form, input") == []
        assert tab.evaluate("document.querySelectorAll('meta[http-equiv]').length") == 1
        names = "[...document.querySelectorAll('*')].flatMap((each) => each.getAttributeNames())"
        assert not [name for name in tab.evaluate(names) if name.startswith("on")]
        hrefs = set(tab.evaluate("[...document.querySelectorAll('a')].map((a) => a.protocol)"))
        assert hrefs <= {"file:", "https:"}
    _, quotes = quotes_in(page)
    assert quotes == {f"{claim.id}-0": shown(claim.quote) for claim in hostile_bundle.story.claims}


def test_a_bundle_of_hostile_texts_is_proved_as_any_other(hostile_bundle, tmp_path):
    from kg.bundle import verified

    (tmp_path / "story.zip").write_bytes(hostile_bundle.archive())
    assert verified(tmp_path / "story.zip").story == hostile_bundle.story
    table = hostile_bundle.files["claims.csv"].decode()
    assert not re.search(r'(?m)(^|,)"?[=+@]', table)


def test_hostile_texts_are_text_on_paper_too(hostile_bundle):
    pdfium = pytest.importorskip("pypdfium2")
    document = pdfium.PdfDocument(hostile_bundle.files["story.pdf"])
    text = "".join(page.get_textpage().get_text_bounded() for page in document)
    assert "<script>alert(1)</script>" in "".join(text.split("\r\n"))
