"""The page in a real Chromium: it draws, tells, filters and finds; and nothing leaves it."""

import re
from dataclasses import replace

import pytest

from kg.model import Claim, Entity, Evidence, Modality
from kg.view import view_data
from kg.view.html import framed
from kg.view.pyvis import LARGEST, page

pytestmark = pytest.mark.browser

INK = """() => {
  const canvas = document.querySelector("#graph canvas");
  // A copy made for reading: Chromium warns of many reads of the canvas itself.
  const copy = Object.assign(document.createElement("canvas"), { width: canvas.width, height: canvas.height });
  const ink = copy.getContext("2d", { willReadFrequently: true });
  ink.drawImage(canvas, 0, 0);
  const pixels = ink.getImageData(0, 0, copy.width, copy.height).data;
  const seen = {};
  for (let at = 0; at < pixels.length; at += 4) if (pixels[at + 3] > 250) {
    const colour = "#" + [0, 1, 2].map((i) => pixels[at + i].toString(16).padStart(2, "0")).join("");
    seen[colour] = (seen[colour] || 0) + 1;
  }
  return seen;
}"""


def page_of(claims, documents=None, *, title="Some", **options):
    """The page of some claims."""
    return page(view_data(claims, documents or {}, title=title, size=LARGEST, **options))


def move_to(tab, key):
    at = tab.evaluate(f"kgPage.at('{key}')")
    tab.mouse.move(at["x"], at["y"])


def click(tab, key):
    at = tab.evaluate(f"kgPage.at('{key}')")
    tab.mouse.click(at["x"], at["y"])


def edge(tab, words):
    """The key of the edge whose statement in words is given."""
    return tab.evaluate(
        """(words) => Object.entries(JSON.parse(document.getElementById("facts").textContent).edges)
             .find(([, e]) => `${e.subject} ${e.relation} ${e.object}` === words)[0]""",
        words,
    )


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 390)])
def test_the_picture_is_drawn_in_the_colours_of_the_ontology(opened, story_page, scheme, width):
    # A telephone, on whose screen the whole picture is small, has three pixels where others have one.
    with opened(story_page, scheme=scheme, width=width, scale=1 if width > 1000 else 3) as tab:
        ink = tab.evaluate(INK)
        assert ink["#3b6fb6"] > 300, "the companies"
        assert ink.get("#009e73", 0) > 20, "a line that supplies"
        assert tab.evaluate("document.documentElement.scrollWidth") <= width


def test_pointing_at_a_line_shows_its_sentence_terms_and_source(opened, story_page):
    with opened(story_page) as tab:
        move_to(tab, edge(tab, "CoreWeave supplies OpenAI"))
        tip = tab.locator("#tip")
        tip.wait_for()
        assert "CoreWeave fournira à OpenAI de la puissance de calcul" in tip.inner_text()
        assert "11.9 bn USD over 5 years" in tip.inner_text()
        assert "OpenAI et CoreWeave" in tip.inner_text()
        tab.mouse.move(5, 5)
        tip.wait_for(state="hidden")


def test_each_parallel_line_can_be_pointed_at(opened, story_page):
    with opened(story_page) as tab:
        told = []
        for key in ("e4", "e5"):
            move_to(tab, key)
            tab.locator("#tip h2").wait_for()
            told.append(tab.locator("#tip").inner_text())
        assert "Nvidia détient 6 % du capital" in told[0]
        assert "Nvidia owns 5.2% of CoreWeave" in told[1]


def test_clicking_keeps_the_sentence_where_it_can_be_selected(opened, story_page):
    with opened(story_page) as tab:
        click(tab, edge(tab, "Microsoft acquires CoreWeave"))
        panel = tab.locator("#panel")
        panel.locator("blockquote").wait_for()
        assert "Microsoft denied that it would buy CoreWeave." in panel.inner_text()
        assert "denied" in panel.inner_text()
        panel.locator("blockquote").select_text()
        assert "Microsoft denied" in tab.evaluate("getSelection().toString()")
        tab.keyboard.press("Escape")
        assert panel.locator("blockquote").count() == 0


def test_clicking_a_company_lists_its_lines_and_each_opens(opened, story_page):
    with opened(story_page) as tab:
        node = tab.evaluate(
            "kgPage.network.body.nodeIndices.find((id) => kgPage.network.getConnectedEdges(id).length === 2)"
        )
        click(tab, node)
        assert tab.locator("#panel li").count() == 2
        tab.locator("#panel li button").first.click()
        tab.locator("#panel blockquote").wait_for()


def test_the_legend_hides_and_shows_relations_and_modalities(opened, story_page, comes_true):
    with opened(story_page) as tab:
        hidden = "kgPage.network.body.data.edges.get({ filter: (edge) => edge.hidden }).length"
        supplies = tab.locator("button[data-relation=supplies]")
        supplies.click()
        assert (tab.evaluate(hidden), supplies.get_attribute("aria-pressed")) == (2, "false")
        assert comes_true(tab, lambda: "#009e73" not in tab.evaluate(INK))
        supplies.click()
        assert (tab.evaluate(hidden), supplies.get_attribute("aria-pressed")) == (0, "true")
        tab.locator("button[data-modality=denied]").click()
        assert tab.evaluate(hidden) == 1


def test_search_flies_to_a_company_and_says_when_there_is_none(opened, story_page, comes_true):
    with opened(story_page) as tab:
        box = tab.locator("#search")
        box.fill("softb")
        box.press("Enter")
        assert tab.locator("#panel h2").inner_text() == "SoftBank"
        node = tab.evaluate(
            "kgPage.network.body.nodeIndices.find((id) => kgPage.network.body.data.nodes.get(id).borderWidth >= 3)"
        )
        stage = tab.locator("#graph").bounding_box()
        middle = stage["x"] + stage["width"] / 2
        assert comes_true(tab, lambda: abs(tab.evaluate(f"kgPage.at('{node}').x") - middle) < 3)
        box.fill("nobody at all")
        box.press("Enter")
        assert "Nothing here is called that" in tab.locator("#found").inner_text()


def test_the_table_leads_into_the_picture_by_keyboard(opened, story_page):
    with opened(story_page) as tab:
        first = tab.locator("table button").first
        first.focus()
        assert first.evaluate("(button) => getComputedStyle(button).outlineStyle") == "solid"
        tab.keyboard.press("Enter")
        assert "Microsoft is the largest investor in OpenAI." in tab.locator("#panel").inner_text()


def test_the_page_follows_the_reader_from_light_to_dark(opened, story_page, comes_true):
    with opened(story_page) as tab:
        tab.emulate_media(color_scheme="dark")
        assert comes_true(tab, lambda: tab.evaluate(INK).get("#e8ebf0", 0) > 20), "names in a light colour"
        assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 24, 31)"


def test_labels_do_not_lie_over_each_other(opened, story_page):
    with opened(story_page) as tab:
        over = tab.evaluate(
            """() => { const boxes = kgLabels.placed().filter((box) => !box.body);
                 const meet = (a, b) => a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;
                 const pairs = boxes.flatMap((a, i) => boxes.slice(i + 1).map((b) => [a, b]));
                 return [boxes.length, pairs.filter(([a, b]) => meet(a, b)).length]; }"""
        )
        assert over[0] >= 7 + 9, "every company and nearly every line has its label"
        assert over[1] == 0


def test_a_focus_opens_the_page_at_that_company(opened, claims, documents):
    with opened(page_of(claims, title="Around", focus="company/nvidia", documents=documents)) as tab:
        assert tab.locator("#panel h2").inner_text() == "Nvidia"


def test_the_page_reads_french(opened, claims, documents):
    with opened(page_of(claims, title="Qui tient à qui", lang="fr", documents=documents)) as tab:
        move_to(tab, edge(tab, "CoreWeave fournit OpenAI"))
        assert "11,9 Md USD sur 5 ans" in tab.locator("#tip").inner_text()
        assert tab.locator("html").get_attribute("lang") == "fr"


def test_an_empty_graph_says_so(opened):
    with opened(page_of([], title="Nothing"), drawn=False) as tab:
        assert tab.locator(".empty").inner_text() == "There is nothing to draw yet."


def test_without_scripts_the_table_says_it_all(chromium, story_page, tmp_path):
    (tmp_path / "graph.html").write_text(story_page, "utf-8")
    context = chromium.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto((tmp_path / "graph.html").as_uri())
    assert tab.locator("tbody tr").count() == 11
    assert "The picture needs JavaScript" in tab.locator(".stage").inner_text()
    context.close()


def test_a_notebook_shows_the_page_in_a_frame_of_its_own(opened, story_page):
    outer = f"<!doctype html><meta charset=utf-8><title>notebook</title>{framed(story_page, '500px')}"
    with opened(outer, drawn=False) as tab:
        inner = tab.frame_locator("iframe")
        inner.locator("html[data-drawn]").wait_for(state="attached")
        assert inner.locator("h1").inner_text() == "OpenAI and CoreWeave"
        assert tab.locator("iframe").bounding_box()["height"] == 500
        assert tab.evaluate("document.querySelector('iframe').contentDocument") is None, "another origin"


def hostile_claims(claims, payloads):
    """Each payload as a name, a quote, a document, a term and a unit, over the relations of the story."""
    made = []
    for at, payload in enumerate(payloads):
        like = claims[at % len(claims)]
        other = Entity(f"company/{at}-{payload[:40]}", payload, "Company", (payload,))
        evidence = Evidence(f"{payload[:300]}", 0, len(payload), payload, "en")
        said = replace(like.qualifiers, goods=payload, as_printed=payload, percent_of=payload[:200] or None)
        made.append(Claim(other, "supplies", like.object, Modality.ASSERTED, (evidence,), said, like.known_from))
        made.append(Claim(like.subject, "acquires", other, Modality.HEDGED, (evidence, evidence), said))
    return made


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_no_name_quote_title_or_term_can_do_harm(opened, claims, documents, payloads, lang):
    assert len(payloads) >= 40
    hostile = hostile_claims(claims, payloads)
    titled = {
        payload[:300]: replace(documents["deal.txt"], id=payload[:300], title=payload, url=f"javascript:alert('{at}')")
        for at, payload in enumerate(payloads)
        if payload.isprintable()
    }
    with opened(page_of(hostile, title=" ".join(payloads), lang=lang, documents=titled)) as tab:
        keys = tab.evaluate("[...kgPage.network.body.nodeIndices, ...kgPage.network.body.edgeIndices.slice(0, 90)]")
        assert len(keys) > 3 * len(payloads)
        shown = tab.evaluate(
            """(keys) => { const stage = document.getElementById("graph").getBoundingClientRect();
              for (const key of keys) { const at = kgPage.at(key);
                document.getElementById("graph").dispatchEvent(new PointerEvent("pointermove",
                  { pointerType: "mouse", clientX: at.x, clientY: at.y, bubbles: true })); }
              let sentences = 0;
              for (const button of document.querySelectorAll("table button")) {
                button.click(); sentences += document.querySelectorAll("#panel blockquote").length; }
              return sentences; }""",
            keys,
        )
        assert shown >= 2 * len(payloads), "each line's sentence was shown"
        for payload in payloads[:20]:
            tab.locator("#search").fill(payload)
            tab.locator("#search").press("Enter")
        assert tab.locator("#panel :is(script,img,svg,iframe,a,style,link,form,object,video,details)").count() == 0
        assert tab.locator("table :is(script,img,svg,iframe,a,style,link,form,object,video)").count() == 0
        assert tab.evaluate("({}).polluted") is None
        tab.wait_for_timeout(200)


def test_a_policy_stands_behind_the_escaping(chromium, story_page, tmp_path):
    """Were a script to get in all the same, the browser would not run it."""
    broken = re.sub(
        r"(</header>)", r"<script>window.harm = 1</script><img src=x onerror='window.harm = 2'>\1", story_page
    )
    (tmp_path / "graph.html").write_text(broken, "utf-8")
    tab = chromium.new_page()
    tab.goto((tmp_path / "graph.html").as_uri())
    tab.wait_for_selector("html[data-drawn]", state="attached")
    assert tab.evaluate("window.harm") is None
    tab.close()
