"""The viewer in a real Chromium: what an analyst does with it, by mouse and by keyboard."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from kg.model import Qualifiers
from kg.view import html_of, view_data

pytestmark = pytest.mark.browser


def state(tab):
    return tab.evaluate("kgView.keeper.now")


def scene(tab):
    return tab.evaluate("(kgView.picture.paint(), kgView.picture.scene)")


def line(tab, words):
    """The id of the line whose statement is given: "CoreWeave supplies OpenAI"."""
    return tab.evaluate(
        """(words) => { const { view } = kgView.graph, name = (at) => view.companies[at]?.name;
          return view.lines.find((l) => `${name(l.subject)} ${l.relation} ${name(l.object)}` === words).id; }""",
        words,
    )


def spot(tab, key):
    """Where a company or a line is drawn, in the page's pixels."""
    return tab.evaluate(
        """(key) => { kgView.picture.paint();
          const box = kgView.picture.canvas.getBoundingClientRect(), { shapes, strokes } = kgView.picture.scene;
          const one = shapes.find((s) => s.id === key);
          if (one) return { x: box.x + one.x, y: box.y + one.y };
          const s = strokes.find((one) => one.id === key);
          return { x: box.x + (s.x0 + 2 * s.cx + s.x1) / 4, y: box.y + (s.y0 + 2 * s.cy + s.y1) / 4 }; }""",
        key,
    )


def click(tab, key, count=1):
    at = spot(tab, key)
    tab.mouse.click(at["x"], at["y"], click_count=count)


def drawn(tab):
    return {one["id"] for one in scene(tab)["strokes"]}


def test_search_flies_to_a_company_by_keyboard_alone(opened, story_view, comes_true):
    with opened(story_view) as tab:
        tab.keyboard.press("Tab")
        assert tab.evaluate("document.activeElement.type") == "search"
        tab.keyboard.type("softb")
        assert tab.locator("[role=option]").inner_text() == "SoftBank"
        tab.keyboard.press("Enter")
        assert tab.locator(".panel h2").inner_text() == "SoftBank"
        middle = tab.locator("canvas").bounding_box()["width"] / 2
        assert comes_true(tab, lambda: abs(spot(tab, "company/softbank")["x"] - middle) < 3)
        tab.locator("input[type=search]").first.fill("nobody at all")
        assert "Nothing here is called that" in tab.locator(".finder .told").inner_text()


def test_a_line_tells_terms_source_and_its_sentence_marked_in_its_paragraph(opened, story_view):
    with opened(story_view) as tab:
        click(tab, line(tab, "CoreWeave supplies OpenAI"))
        panel = tab.locator(".panel")
        panel.locator("mark").first.wait_for()
        assert "11.9 bn USD over 5 years" in panel.inner_text()
        assert "OpenAI et CoreWeave" in panel.locator("figcaption").first.inner_text()
        marked = panel.locator("mark").first.inner_text()
        assert marked.startswith("CoreWeave fournira à OpenAI")
        tab.keyboard.press("Escape")
        assert panel.locator("mark").count() == 0


def test_what_sources_dispute_stands_side_by_side(opened, story_view):
    with opened(story_view) as tab:
        click(tab, line(tab, "Nvidia holds-stake CoreWeave"))
        panel = tab.locator(".panel")
        assert "Others say otherwise" in panel.inner_text()
        texts = [panel.locator("figure mark").nth(at).inner_text() for at in range(2)]
        assert any("6 %" in text for text in texts)
        assert any("5.2%" in text for text in texts)


def test_a_company_has_a_dossier_whose_lines_open(opened, story_view):
    with opened(story_view) as tab:
        click(tab, "company/nvidia")
        assert tab.locator(".panel h2").inner_text() == "Nvidia"
        rows = tab.locator(".panel li button")
        assert rows.count() == 2
        rows.first.click()
        tab.locator(".panel mark").first.wait_for()


def test_pointing_at_a_line_shows_its_sentence(opened, story_view):
    with opened(story_view) as tab:
        at = spot(tab, line(tab, "CoreWeave supplies OpenAI"))
        tab.mouse.move(at["x"], at["y"])
        tip = tab.locator(".tip")
        tip.wait_for()
        assert "CoreWeave fournira à OpenAI" in tip.inner_text()
        tab.mouse.move(3, 3)
        tip.wait_for(state="hidden")


def test_the_legend_is_the_filter(opened, story_view):
    with opened(story_view) as tab:
        every = len(drawn(tab))
        supplies = tab.locator("[data-filter='r:supplies']")
        supplies.click()
        assert supplies.get_attribute("aria-pressed") == "false"
        assert len(drawn(tab)) == every - 2
        tab.locator("[data-filter='m:denied']").click()
        assert len(drawn(tab)) == every - 3
        tab.get_by_role("button", name="Undo").click()
        tab.get_by_role("button", name="Undo").click()
        assert len(drawn(tab)) == every
        assert tab.get_by_role("button", name="Undo").is_disabled()


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("least", "10000000000", lambda one: one.get("amount", [0])[0] >= 1e10),
        ("surely", "0.9", lambda one: one["confidence"] >= 0.9),
        ("source", "rivals.txt", lambda one: any(c["document"] == 1 for c in one["claims"])),
    ],
)
def test_filters_by_amount_confidence_and_source(opened, claims, documents, name, value, kept, comes_true):
    view = view_data(claims, documents, title="Filters")
    if name == "source":
        value = view["documents"][1]["id"]
    wanted = {one["id"] for one in view["lines"] if one.get("object") is not None and kept(one)}
    with opened(html_of(view)) as tab:
        tab.locator(f"select[name={name}]").select_option(value)
        assert drawn(tab) == wanted
        assert comes_true(tab, lambda: tab.locator("tbody tr").count() == len(wanted))


def test_neighbours_open_and_fold_and_the_rest_is_reachable(opened, many):
    with opened(html_of(view_data(many, {}, title="Many"))) as tab:
        before = len(scene(tab)["shapes"])
        assert before <= 120
        assert "most connected part" in tab.locator(".counts").inner_text()
        tab.evaluate("kgView.flyTo('company/00000')")
        tab.locator("[data-act=expand]").click()
        shown = tab.evaluate("kgView.places.size")
        assert shown > before
        tab.locator("[data-act=collapse]").click()
        assert tab.evaluate("kgView.places.size") < shown
        tab.locator("input[type=search]").first.fill("Firm 399")
        tab.keyboard.press("Enter")
        assert tab.locator(".panel h2").inner_text() == "Firm 399"


def test_the_clock_shows_what_held_and_plays(opened, story_view, comes_true):
    with opened(story_view) as tab:
        every = len(drawn(tab))
        slider = tab.locator(".clock input")
        slider.focus()
        tab.keyboard.press("Home")
        first = state(tab)["asOf"]
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", first)
        assert len(drawn(tab)) < every
        tab.locator(".clock button").click()
        assert comes_true(tab, lambda: state(tab)["asOf"] == "", 300), "it plays to the end"
        assert len(drawn(tab)) == every


def test_facts_alone_are_solid_and_parallel_lines_part(opened, story_view):
    with opened(story_view) as tab:
        strokes = {one["id"]: one for one in scene(tab)["strokes"]}
        lines = tab.evaluate("kgView.graph.view.lines.map(({ id, modality }) => [id, modality])")
        for id_, modality in lines:
            assert (strokes[id_]["dash"] == []) is (modality == "asserted")
        paths = [tuple(round(one[k]) for k in ("x0", "y0", "cx", "cy", "x1", "y1")) for one in strokes.values()]
        assert len(set(paths)) == len(paths)
        texts = [part["text"] for label in scene(tab)["labels"] for part in label["lines"]]
        assert "11.9 bn USD · 5 y" in texts
        assert any("6 %" in text for text in texts)


@pytest.mark.parametrize("measure", ["lines", "amount", "sources", "same"])
def test_size_follows_the_measure(opened, story_view, measure):
    with opened(story_view) as tab:
        tab.locator("select[name=size]").select_option(measure)
        sizes = {one["id"]: one["r"] for one in scene(tab)["shapes"]}
        assert (len(set(sizes.values())) == 1) is (measure == "same")
        if measure == "lines":
            assert max(sizes, key=sizes.get) in {"company/openai", "company/coreweave"}


def test_a_path_between_two_companies_is_found_and_cleared(opened, story_view, comes_true):
    with opened(story_view) as tab:
        click(tab, "company/nvidia")
        tab.locator("[data-act=path]").click()
        tab.keyboard.type("openai")
        tab.keyboard.press("Enter")
        marked = [one for one in scene(tab)["strokes"] if one["alpha"] == 1]
        assert len(marked) == 2, "Nvidia – CoreWeave – OpenAI"
        assert comes_true(tab, lambda: tab.locator("tbody tr").count() == 2)
        tab.locator("[data-act=clear]").click()
        assert state(tab)["path"] == []


@pytest.fixture
def layered(claims, documents):
    """The story, in which CoreWeave invests in OpenAI that it supplies: a circle of facts."""
    back = replace(claims[0], relation="invests-in", qualifiers=Qualifiers())
    return view_data([*claims, back], documents, title="Layers")


def marked(tab):
    return {one["id"] for one in scene(tab)["strokes"] if one["alpha"] == 1}


def findings(view, name):
    return next(layer["findings"] for layer in view["layers"] if layer["name"] == name)


def test_a_layer_and_a_finding_are_chosen_by_keyboard(opened, layered, comes_true):
    found = findings(layered, "circular")
    with opened(html_of(layered)) as tab:
        tab.locator("select[name=layer]").focus()
        tab.keyboard.press("ArrowDown")
        assert state(tab)["layer"] == "circular"
        assert marked(tab) == {key for one in found for key in one["lines"]}
        assert line(tab, "CoreWeave supplies OpenAI") in marked(tab)
        assert line(tab, "Nvidia holds-stake CoreWeave") not in marked(tab)
        assert "orders or revenue back" in tab.locator(".layers").inner_text()
        tab.keyboard.press("Tab")
        assert tab.evaluate("document.activeElement.dataset.finding") == "0"
        tab.keyboard.press("ArrowDown")
        tab.keyboard.press("Enter")
        assert state(tab)["finding"] == 1
        assert marked(tab) == set(found[1]["lines"])
        assert tab.evaluate("document.activeElement.getAttribute('aria-pressed')") == "true", "the focus stays"
        assert comes_true(tab, lambda: tab.locator("tbody tr").count() == len(found[1]["lines"]))
        tab.keyboard.press("Escape")
        assert state(tab)["finding"] == -1
        tab.locator("select[name=layer]").focus()
        tab.keyboard.press("Home")
        assert state(tab)["layer"] == ""


def test_a_finding_tells_its_detail_and_sentences_and_leads_to_its_lines(opened, layered):
    with opened(html_of(layered)) as tab:
        tab.locator("select[name=layer]").select_option("circular")
        tab.locator(".finding", has_text="vendor financing").first.click()
        panel = tab.locator(".panel")
        assert panel.locator("h2").inner_text() == "CoreWeave → OpenAI → CoreWeave"
        assert "OpenAI pays CoreWeave: 11.9 bn USD" in panel.locator(".detail").inner_text()
        assert any("CoreWeave fournira à OpenAI" in text for text in panel.locator("mark").all_inner_texts())
        lines = marked(tab)
        panel.locator("li button").first.click()
        assert state(tab)["chosen"] in lines
        assert "supplies" in panel.locator("h2").inner_text() or "invests in" in panel.locator("h2").inner_text()
        assert marked(tab) == lines, "the finding stays marked"
        panel.locator(".close").click()
        assert panel.locator("h2").inner_text() == "CoreWeave → OpenAI → CoreWeave"
        panel.locator(".close").click()
        assert (state(tab)["finding"], state(tab)["layer"]) == (-1, "circular")


def test_a_finding_brings_its_companies_into_view(opened, layered, comes_true):
    layered["first"] = ["programme/stargate"]
    with opened(html_of(layered)) as tab:
        tab.locator("select[name=layer]").select_option("frenemies")
        assert "Nothing of it is in view" in tab.locator(".stage > .told").inner_text()
        tab.locator(".finding").first.click()
        both = {"company/microsoft", "company/openai"}
        assert comes_true(tab, lambda: both <= {one["id"] for one in scene(tab)["shapes"]})
        assert tab.locator(".stage > .told").inner_text() == ""
        tab.get_by_role("button", name="Undo").click()
        assert tab.evaluate("[...kgView.places.keys()]") == ["programme/stargate"]
        tab.get_by_role("button", name="Undo").click()
        assert state(tab)["layer"] == ""


def test_a_layer_stands_in_the_address_and_in_french(opened, layered):
    with opened(html_of(layered)) as tab:
        tab.locator("select[name=layer]").select_option("circular")
        tab.locator(".finding").nth(1).click()
        tab.get_by_role("button", name="Français").click()
        address, before = tab.evaluate("location.hash"), marked(tab)
        tab.goto("about:blank")
        tab.go_back()
        tab.wait_for_selector("[data-ready]", state="attached")
        assert tab.evaluate("location.hash") == address
        assert (state(tab)["layer"], state(tab)["finding"]) == ("circular", 1)
        assert marked(tab) == before
        assert tab.locator("select[name=layer] option:checked").inner_text().startswith("Accords circulaires (")
        assert tab.locator(".layers label").inner_text().startswith("Analyse")
        told = tab.locator(".panel .detail").inner_text()
        assert "maillon le plus faible" in told
        assert "weakest" not in told


def test_a_path_and_a_layer_do_not_lie_over_each_other(opened, layered):
    with opened(html_of(layered)) as tab:
        tab.locator("select[name=layer]").select_option("circular")
        tab.evaluate("kgView.choose('company/nvidia')")
        tab.locator("[data-act=path]").click()
        tab.keyboard.type("openai")
        tab.keyboard.press("Enter")
        assert (state(tab)["layer"], len(state(tab)["path"])) == ("", 2)
        tab.locator("select[name=layer]").select_option("circular")
        assert state(tab)["path"] == []


def test_what_is_saved_has_the_findings_whose_lines_it_holds(opened, layered, tmp_path):
    with opened(html_of(layered)) as tab:
        tab.locator("[data-filter='r:competes-with']").click()
        with tab.expect_download() as waiting:
            tab.locator("select.saving").select_option("json")
        waiting.value.save_as(tmp_path / "saved")
    saved = json.loads((tmp_path / "saved").read_text("utf-8"))
    names = {layer["name"] for layer in saved["layers"]}
    assert "circular" in names
    assert "frenemies" not in names
    with opened(html_of(saved)) as tab:
        tab.locator("select[name=layer]").select_option("circular")
        assert marked(tab)


def test_what_a_server_adds_brings_its_findings_and_moves_none(
    chromium, watched, layered, claims, documents, comes_true
):
    """Beside Nvidia's stake the server knows that Nvidia supplies CoreWeave: a circle that the first view lacks."""
    supplies = replace(claims[3], relation="supplies", qualifiers=Qualifiers())
    more = view_data([claims[3], supplies], documents, title="More")
    for company in layered["companies"]:
        if company["id"] == "company/nvidia":
            company["more"] = 1
    bodies = {"http://kg.test/viewer": html_of(layered, "more")}
    tab = chromium.new_page()
    seen = watched(tab)
    tab.route(
        "http://kg.test/**",
        lambda route, request: route.fulfill(
            content_type="text/html" if request.url in bodies else "application/json",
            body=bodies.get(request.url) or json.dumps(more),
        ),
    )
    tab.goto("http://kg.test/viewer")
    tab.wait_for_selector("[data-ready]", state="attached")
    tab.locator("select[name=layer]").select_option("circular")
    tab.locator(".finding").nth(1).click()
    before = tab.locator(".finding").all_inner_texts()
    tab.evaluate("kgView.choose('company/nvidia')")
    tab.locator("[data-act=expand]").click()
    assert comes_true(tab, lambda: tab.locator(".finding").count() > len(before))
    after = tab.locator(".finding").all_inner_texts()
    assert after[: len(before)] == before
    assert after[len(before)].startswith("Nvidia → CoreWeave → Nvidia")
    assert tab.locator(".finding[aria-pressed=true]").get_attribute("data-finding") == "1"
    tab.locator(".finding").nth(len(before)).click()
    assert line(tab, "Nvidia supplies CoreWeave") in marked(tab)
    seen.check()
    tab.close()


def test_without_findings_there_is_no_choice_of_layers(opened, claims, documents):
    view = view_data(claims, documents, title="None")
    del view["layers"]
    with opened(html_of(view)) as tab:
        assert not tab.locator("select[name=layer]").is_visible()


@pytest.mark.parametrize("layout", ["owners", "circle"])
def test_layouts(opened, story_view, layout):
    with opened(story_view) as tab:
        tab.locator("select[name=layout]").select_option(layout)
        places = tab.evaluate("Object.fromEntries(kgView.places)")
        if layout == "owners":
            assert places["company/nvidia"]["y"] < places["company/coreweave"]["y"], "who holds stands above"
        near = min(
            abs(a["x"] - b["x"]) + abs(a["y"] - b["y"]) for x, a in places.items() for y, b in places.items() if x < y
        )
        assert near > 60


def test_companies_are_moved_pinned_and_kept_in_the_address(opened, story_view):
    with opened(story_view) as tab:
        at = spot(tab, "company/softbank")
        tab.mouse.move(at["x"], at["y"])
        tab.mouse.down()
        tab.mouse.move(at["x"] - 60, at["y"] - 40, steps=4)
        tab.mouse.up()
        moved = spot(tab, "company/softbank")
        assert abs(moved["x"] - at["x"] + 60) < 3
        assert "company/softbank" in state(tab)["pins"]
        tab.locator("[data-filter='r:supplies']").click()
        address = tab.evaluate("location.hash")
        tab.goto("about:blank")
        tab.go_back()
        tab.wait_for_selector("[data-ready]", state="attached")
        assert tab.evaluate("location.hash") == address
        assert state(tab)["hidden"] == ["r:supplies"]
        assert "company/softbank" in state(tab)["pins"]


@pytest.mark.parametrize(
    "hash_",
    [
        "#%7B",
        "#null",
        "#%7B%22hidden%22%3A%221%22%2C%22pins%22%3A%5B1%5D%7D",
        "#%7B%22layer%22%3A%22__proto__%22%2C%22finding%22%3A1e9%7D",
        "#%7B%22layer%22%3A%7B%7D%2C%22finding%22%3A%220%22%7D",
        "#%E0%A4%A",
    ],
)
def test_an_address_of_a_stranger_is_read_with_care(chromium, story_view, tmp_path, hash_):
    (tmp_path / "graph.html").write_text(story_view, "utf-8")
    tab = chromium.new_page()
    tab.goto((tmp_path / "graph.html").as_uri() + hash_)
    tab.wait_for_selector("[data-ready]", state="attached")
    assert state(tab)["hidden"] == []
    assert isinstance(state(tab)["layer"], str)
    assert isinstance(state(tab)["finding"], int)
    assert len(marked(tab)) == len(drawn(tab)), "nothing stands out"
    tab.close()


def test_the_table_is_in_step_and_leads_into_the_picture(opened, story_view, comes_true):
    with opened(story_view) as tab:
        assert comes_true(tab, lambda: tab.locator("tbody tr").count() == len(drawn(tab)))
        button = tab.locator("tbody button").first
        button.focus()
        assert button.evaluate("(one) => getComputedStyle(one).outlineStyle") == "solid"
        tab.keyboard.press("Enter")
        assert tab.locator(".panel mark").count() >= 1
        tab.locator("[data-act=table]").click()
        assert not tab.locator("canvas").is_visible()


def test_the_keyboard_moves_zooms_and_walks(opened, story_view, comes_true):
    with opened(story_view) as tab:
        tab.locator("canvas").focus()
        before = tab.evaluate("kgView.picture.camera")
        tab.keyboard.press("ArrowLeft")
        assert tab.evaluate("kgView.picture.camera")["x"] == before["x"] + 60
        tab.keyboard.press("+")
        assert comes_true(tab, lambda: tab.evaluate("kgView.picture.camera")["k"] > before["k"] * 1.3)
        tab.keyboard.press("n")
        first = state(tab)["chosen"]
        tab.keyboard.press("n")
        assert state(tab)["chosen"] not in {"", first}
        assert tab.evaluate("document.activeElement.tagName") == "CANVAS"


@pytest.mark.parametrize("form", ["png", "svg", "gexf", "json", "csv"])
def test_what_is_in_view_is_saved(opened, story_view, tmp_path, form):
    with opened(story_view) as tab:
        tab.locator("[data-filter='r:competes-with']").click()
        count = len(drawn(tab))
        with tab.expect_download() as waiting:
            tab.locator("select.saving").select_option(form)
        waiting.value.save_as(tmp_path / "saved")
        content = (tmp_path / "saved").read_bytes()
        assert waiting.value.suggested_filename == f"graph.{form}"
    if form == "png":
        assert content.startswith(b"\x89PNG")
    elif form == "csv":
        assert len(list(csv.reader(io.StringIO(content.decode())))) == count + 1
    elif form == "json":
        assert len(json.loads(content)["lines"]) == count
    else:
        root = ET.fromstring(content)  # noqa: S314 - our own file
        tag = "path" if form == "svg" else "edge"
        assert len([one for one in root.iter() if one.tag.endswith("}" + tag)]) == count


def test_the_language_changes_in_place(opened, story_view):
    with opened(story_view) as tab:
        tab.get_by_role("button", name="Français").click()
        assert "Chercher une entreprise" in tab.locator("input[type=search]").first.get_attribute("placeholder")
        texts = [part["text"] for label in scene(tab)["labels"] for part in label["lines"]]
        assert "11,9 Md USD · 5 a" in texts
        assert tab.locator("#viewer").get_attribute("lang") == "fr"
