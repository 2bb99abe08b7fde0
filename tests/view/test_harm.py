"""The viewer against hostile texts, in Chromium: nothing runs, loads or pops up; and it can be seen by everyone."""

import re
from dataclasses import replace

import pytest

from kg.model import Claim, Entity, Evidence, Modality
from kg.view import html_of, view_data
from kg.view.html import framed

pytestmark = pytest.mark.browser


def hostile_claims(claims, payloads):
    """Each payload as a name, a quote, a document and a term, over the relations of the story."""
    made = []
    for at, payload in enumerate(payloads):
        like = claims[at % len(claims)]
        other = Entity(f"company/{at}-{payload[:40]}", payload, "Company", (payload,))
        evidence = Evidence(f"{payload[:300]}", 0, len(payload), payload, "en")
        said = replace(like.qualifiers, goods=payload, as_printed=payload, percent_of=payload[:200] or None)
        made.append(Claim(other, "supplies", like.object, Modality.ASSERTED, (evidence,), said, like.known_from))
        made.append(Claim(like.subject, "acquires", other, Modality.HEDGED, (evidence, evidence), said))
    return made


def hostile_scenes(view, payloads):
    """Each payload as a note and who wrote it, and as a scene and what is said with it."""
    ids = [company["id"] for company in view["companies"] if len(company["id"]) <= 300]
    payloads = [payload for payload in payloads if payload.strip() and len(payload) <= 20_000]
    return {
        "format": "kg-scenes/1",
        "notes": [
            {"on": id_, "text": payload, "author": payload[:300]} for id_, payload in zip(ids, payloads, strict=False)
        ],
        "scenes": [{"name": payload[:300], "companies": [payload[:300]], "note": payload} for payload in payloads],
    }


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_no_name_quote_title_or_term_can_do_harm(opened, claims, documents, payloads, lang):
    assert len(payloads) >= 40
    titled = {
        payload[:300]: replace(documents["deal.txt"], id=payload[:300], text=payload, title=payload, url="javascript:1")
        for payload in payloads
        if payload.isprintable()
    }
    view = view_data(hostile_claims(claims, payloads), titled, title=" ".join(payloads), lang=lang)
    view["scenes"] = hostile_scenes(view, payloads)
    for company, payload in zip(view["companies"], payloads, strict=False):
        company |= {"country": payload, "sector": payload}
    with opened(html_of(view)) as tab:
        told = tab.evaluate(
            """() => { const { graph, keeper, picture } = kgView; let sentences = 0;
              for (const id of [...graph.companies.keys(), ...graph.byLine.keys()]) {
                kgView.flyTo(id); picture.paint();
                sentences += document.querySelectorAll(".panel mark").length; }
              for (const { name, findings } of graph.layers.values()) {
                keeper.set({ layer: name, finding: -1, chosen: "" });
                findings.forEach((_, at) => { kgView.find(at); picture.paint(); }); }
              keeper.set({ layer: "", lane: true, mark: "country" });
              keeper.set({ mark: "sector", asOf: "2020-01-01", versus: "2025-06-30" });
              keeper.set({ versus: "", asOf: "", chosen: "" });
              const box = picture.canvas.getBoundingClientRect();
              for (const s of [...picture.scene.shapes, ...picture.scene.labels]) {
                picture.canvas.dispatchEvent(new PointerEvent("pointermove", { pointerType: "mouse", bubbles: true,
                  clientX: box.x + (s.x ?? s.x0 + 2), clientY: box.y + (s.y ?? s.y0 + 2) })); }
              return sentences; }"""
        )
        assert told >= 2 * len(payloads), "each line's sentence was shown"
        assert tab.locator(".story > [role=status]").inner_text() == ""
        assert tab.locator(".story .note").count() == len(view["scenes"]["notes"])
        assert tab.locator(".rows button").count() > 10
        tab.locator("[data-act=present]").click()
        for _ in view["scenes"]["scenes"]:
            tab.keyboard.press("ArrowRight")
        assert str(len(view["scenes"]["scenes"])) in tab.locator(".presentation .steps").inner_text()
        tab.keyboard.press("Escape")
        tab.evaluate("kgView.keeper.set({ layer: [...kgView.graph.layers.keys()][0] })")
        assert tab.locator(".finding").count() > 0
        for payload in payloads[:20]:
            tab.locator("input[type=search]").first.fill(payload)
            tab.keyboard.press("Enter")
        for form in ("svg", "gexf", "json", "csv"):
            with tab.expect_download():
                tab.locator("select.saving").select_option(form)
        foreign = ":is(script,img,iframe,a,style,link,form,object,video,details)"
        assert tab.locator(f"#viewer {foreign}").count() == 0
        assert tab.evaluate("({}).polluted") is None


def test_a_policy_stands_behind_the_escaping(chromium, story_view, tmp_path):
    """Were a script to get in all the same, the browser would not run it."""
    harm = r"<script>window.harm = 1</script><img src=x onerror='window.harm = 2'>\1"
    (tmp_path / "graph.html").write_text(re.sub(r"(<div id=.viewer)", harm, story_view), "utf-8")
    tab = chromium.new_page()
    tab.goto((tmp_path / "graph.html").as_uri())
    tab.wait_for_selector("[data-ready]", state="attached")
    assert tab.evaluate("window.harm") is None
    tab.close()


SEEN = """() => {
  const canvas = kgView.picture.canvas;
  const copy = Object.assign(document.createElement("canvas"), { width: canvas.width, height: canvas.height });
  const ink = copy.getContext("2d", { willReadFrequently: true });
  ink.drawImage(canvas, 0, 0);
  const pixels = ink.getImageData(0, 0, copy.width, copy.height).data, seen = {};
  for (let at = 0; at < pixels.length; at += 4) {
    const colour = "#" + [0, 1, 2].map((i) => pixels[at + i].toString(16).padStart(2, "0")).join("");
    seen[colour] = (seen[colour] || 0) + 1; }
  return seen;
}"""


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390)])
def test_the_picture_is_drawn_and_nothing_lies_over_anything(opened, story_view, scheme, width):
    with opened(story_view, scheme=scheme, width=width) as tab:
        ink = tab.evaluate(SEEN)
        assert ink["#3b6fb6"] > 250, "the companies"
        assert ink.get("#009e73", 0) > 15, "a line that supplies"
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        labels = tab.evaluate("kgView.picture.scene.labels")
        assert len(labels) >= (12 if width > 800 else 7)
        over = [
            (a["lines"], b["lines"])
            for at, a in enumerate(labels)
            for b in labels[:at]
            if a["x0"] < b["x1"] and b["x0"] < a["x1"] and a["y0"] < b["y1"] and b["y0"] < a["y1"]
        ]
        assert over == []


SHOWN = {
    "lane": "kgView.keeper.set({ lane: true, since: '2024-01-01', mark: 'country' })",
    "compare": "kgView.keeper.set({ asOf: '2024-01-01', versus: '2025-06-30' })",
    "story": "document.querySelector('[aria-label=\"Edit “1”\"]').click()",
    "presenting": "document.querySelector('[data-act=present]').click()",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "what", ["", "company/openai", "line", "layer", "finding", "lane", "compare", "story", "presenting"]
)
def test_accessibility(chromium, claims, documents, tmp_path, scheme, what):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    view = view_data(claims, documents, title="OpenAI and CoreWeave")
    if what in {"story", "presenting"}:
        notes = [{"on": "company/openai", "text": "Ask.", "author": "Ana"}]
        view["scenes"] = {"notes": notes, "scenes": [{"name": "1", "note": "First."}, {"name": "2"}]}
    for company, country in zip(view["companies"], ("US", "FR", "JP"), strict=False):
        company["country"] = country
    (tmp_path / "graph.html").write_text(html_of(view), "utf-8")
    # axe is put into the page by a script, which the page's policy forbids to everyone else.
    context = chromium.new_context(color_scheme=scheme, bypass_csp=True)
    tab = context.new_page()
    tab.goto((tmp_path / "graph.html").as_uri())
    tab.wait_for_selector("[data-ready]", state="attached")
    if what in {"layer", "finding"}:
        tab.evaluate("kgView.keeper.set({ layer: 'circular' })")
        tab.evaluate("(at) => kgView.find(at)", 0 if what == "finding" else -1)
        assert tab.locator(".finding").count() > 0
    elif what in SHOWN:
        tab.evaluate(SHOWN[what])
    elif what:
        tab.evaluate("(id) => kgView.flyTo(id)", view["lines"][0]["id"] if what == "line" else what)
    found = axe.run(tab).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in {"serious", "critical"}] == []
    context.close()


def test_a_frame_keeps_the_page_apart(opened, story_view):
    outer = f"<!doctype html><meta charset=utf-8><title>notebook</title>{framed(story_view, '500px')}"
    with opened(outer, drawn=False) as tab:
        inner = tab.frame_locator("iframe")
        inner.locator("[data-ready]").wait_for(state="attached")
        assert inner.locator("h1").inner_text() == "OpenAI and CoreWeave"
        inner.locator("[data-filter='r:supplies']").click()
        assert tab.locator("iframe").bounding_box()["height"] == 500
        assert tab.evaluate("document.querySelector('iframe').contentDocument") is None, "another origin"


def test_an_empty_graph_says_so(opened):
    with opened(html_of(view_data([], {}, title="Nothing"))) as tab:
        assert tab.locator(".stage > .told").inner_text() == "There is nothing to draw yet."


def test_fifty_thousand_companies_open_move_and_are_found(opened, comes_true):
    companies = [
        {"id": f"c{at}", "name": f"Firm {at}", "kind": "Company", "x": at % 250 * 90.0, "y": at // 250 * 90.0}
        for at in range(50_000)
    ]
    view = view_data([], {}, title="Large")
    line = {"relation": "supplies"}
    lines = [line | {"id": f"l{at}", "subject": at, "object": (at * 7 + 1) % 50_000} for at in range(50_000)]
    view |= {"companies": companies, "lines": lines, "first": [f"c{at}" for at in range(2000)]}
    with opened(html_of(view)) as tab:
        tab.locator("input[type=search]").first.fill("firm 49999")
        tab.keyboard.press("Enter")
        assert tab.locator(".panel h2").inner_text() == "Firm 49999"
        before = tab.evaluate("kgView.picture.frames")
        tab.mouse.move(400, 400)
        tab.mouse.wheel(0, -200)
        assert comes_true(tab, lambda: tab.evaluate("kgView.picture.frames") > before)
