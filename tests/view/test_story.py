"""Notes and scenes in the viewer: written, saved, read back by Python and by the page, and played."""

import json

import pytest

from kg.view import html_of, view_data
from kg.view.scenes import Note, Scene, read_scenes

pytestmark = pytest.mark.browser

SAID = {
    "format": "kg-scenes/1",
    "notes": [{"on": "company/nvidia", "text": "Ask them about the 6 %.", "author": "Ana", "written": "2025-06-01"}],
    "scenes": [
        {
            "name": "1 – the contract",
            "companies": ["company/openai", "company/coreweave"],
            "relations": ["supplies"],
            "as_of": "2025-03",
            "note": "Five years.",
        },
        {"name": "2 – who owns it", "companies": ["company/nvidia", "company/coreweave"]},
    ],
    "positions": {"company/nvidia": [400, -300]},
}


@pytest.fixture
def told(claims, documents):
    view = view_data(claims, documents, title="A story")
    view["scenes"] = SAID
    return html_of(view)


def saved(tab, folder):
    with tab.expect_download() as waiting:
        tab.locator("[data-act=save-story]").click()
    assert waiting.value.suggested_filename == "scenes.json"
    waiting.value.save_as(folder / "scenes.json")
    return folder / "scenes.json"


def names(tab):
    return {
        tab.evaluate("(id) => kgView.graph.name(id)", one["id"])
        for one in tab.evaluate("(kgView.picture.paint(), kgView.picture.scene.shapes)")
    }


def test_a_note_is_written_by_keyboard_marked_in_the_picture_and_saved(opened, story_view, tmp_path):
    with opened(story_view) as tab:
        tab.evaluate("kgView.choose('company/nvidia')")
        tab.locator(".notes textarea").focus()
        tab.keyboard.type("Is it 5.2 or 6 %?")
        tab.locator(".notes input").fill("Ana")
        tab.locator(".notes textarea").focus()
        tab.keyboard.press("Control+Enter")
        assert "Is it 5.2 or 6 %?" in tab.locator(".panel .note").inner_text()
        noted = tab.evaluate("(kgView.picture.paint(), kgView.picture.scene.shapes.filter((s) => s.noted))")
        assert [one["id"] for one in noted] == ["company/nvidia"]
        line = tab.evaluate("kgView.graph.edges[0].line.id")
        tab.evaluate("(id) => kgView.flyTo(id)", line)
        assert tab.locator(".notes input").input_value() == "Ana", "who writes is asked once"
        tab.locator(".notes textarea").fill("Signed?")
        tab.locator("[data-act=note]").click()
        tab.locator(".story .unfold").click()
        assert "not saved yet" in tab.locator("[data-act=save-story]").inner_text()
        read = read_scenes(saved(tab, tmp_path))
        assert "not saved yet" not in tab.locator("[data-act=save-story]").inner_text()
    day = read.notes[0].written
    assert read.notes == (Note("company/nvidia", "Is it 5.2 or 6 %?", "Ana", day), Note(line, "Signed?", "Ana", day))


def test_what_python_embeds_the_page_shows_and_writes_again(opened, told, tmp_path):
    with opened(told) as tab:
        assert tab.locator("[data-scene]").all_inner_texts() == ["1 – the contract", "2 – who owns it"]
        assert tab.evaluate("kgView.places.get('company/nvidia')") == {"x": 400, "y": -300}
        content = json.loads(saved(tab, tmp_path).read_text("utf-8"))
    assert {key: content[key] for key in ("format", "notes", "scenes")} == {
        key: SAID[key] for key in ("format", "notes", "scenes")
    }
    assert content["positions"]["company/nvidia"] == [400, -300]
    read_scenes(tmp_path / "scenes.json")


def test_a_view_is_saved_as_a_scene_renamed_moved_and_deleted(opened, told, tmp_path):
    with opened(told) as tab:
        tab.evaluate("kgView.remove(['company/softbank'])")
        tab.locator("[data-filter='r:competes-with']").click()
        field = tab.get_by_label("Name of the scene")
        field.fill("3 – the partners")
        field.press("Enter")
        assert tab.locator("[data-scene]").count() == 3
        tab.get_by_label("Move “3 – the partners” up").click()
        tab.get_by_label("Edit “3 – the partners”").click()
        tab.locator(".story .writing input").first.fill("2 – the partners")
        tab.locator(".story .writing textarea").fill("Who else?")
        tab.get_by_role("button", name="Keep").click()
        tab.get_by_label("Delete “1 – the contract”").click()
        assert tab.locator("[data-scene]").all_inner_texts() == ["2 – the partners", "2 – who owns it"]
        scene = read_scenes(saved(tab, tmp_path)).scenes[0]
    assert scene.note == "Who else?"
    assert "company/softbank" not in scene.companies
    assert "company/openai" in scene.companies
    assert "competes-with" not in scene.relations
    assert "supplies" in scene.relations
    assert scene.as_of == "2025-06-30"


def test_scenes_are_played_by_arrow_keys_with_progress_and_notes(opened, told, comes_true):
    with opened(told) as tab:
        tab.locator("[data-act=present]").click()
        show = tab.locator(".presentation")
        assert show.get_attribute("aria-label") == "Presentation"
        assert show.locator("h2").inner_text().startswith("1 – the contract")
        assert "Five years." in show.inner_text()
        assert "Scene 1 of 2" in show.inner_text()
        assert names(tab) == {"OpenAI", "CoreWeave"}
        assert tab.evaluate("kgView.keeper.now.asOf") == "2025-03-31"
        relations = tab.evaluate("kgView.picture.scene.strokes.map((s) => kgView.graph.lines.get(s.id).relation)")
        assert set(relations) == {"supplies"}
        assert not tab.locator("header").is_visible()
        tab.keyboard.press("ArrowRight")
        assert show.locator("progress").get_attribute("value") == "2"
        assert "Ask them about the 6 %." in show.inner_text(), "the notes on what is shown"
        assert names(tab) == {"Nvidia", "CoreWeave"}
        tab.keyboard.press("ArrowRight")
        assert "Scene 2 of 2" in show.inner_text(), "the last one stays"
        tab.keyboard.press("Home")
        assert "Scene 1 of 2" in show.inner_text()
        assert comes_true(tab, lambda: tab.evaluate("document.fullscreenElement?.id") == "viewer")
        tab.keyboard.press("Escape")
        assert comes_true(tab, lambda: tab.locator("header").is_visible())
        assert comes_true(tab, lambda: tab.evaluate("document.fullscreenElement") is None)


def test_a_scene_shows_again_how_it_was_looked_at(opened, told, tmp_path, comes_true):
    """Layout, size, window of time, comparison, modalities that are hidden, what was chosen and what was in sight."""
    state = """(() => { const { arrangement, measure, since, versus, hidden, chosen } = kgView.keeper.now;
      return { arrangement, measure, since, versus, hidden, chosen }; })()"""
    wanted = {
        "arrangement": "owners",
        "measure": "amount",
        "since": "2024-01-01",
        "versus": "2025-06-30",
        "hidden": ["m:planned"],
        "chosen": "company/coreweave",
    }
    middle = """(() => { const { camera: { x, y, k }, width, height } = kgView.picture;
      return [Math.round((width / 2 - x) / k), Math.round((height / 2 - y) / k)]; })()"""
    with opened(told) as tab:
        tab.evaluate("(to) => kgView.keeper.set({ ...to, asOf: '2024-06-30' })", wanted)
        tab.evaluate("kgView.picture.moveTo({ x: 40, y: -30, k: 3 }, false)")
        before = tab.evaluate(middle)
        tab.get_by_label("Name of the scene").fill("3 – as seen")
        tab.get_by_label("Name of the scene").press("Enter")
        read = read_scenes(saved(tab, tmp_path)).scenes[2]
        tab.locator("[data-scene='0']").click()
        assert tab.evaluate("kgView.keeper.now.versus") == ""
        tab.evaluate("kgView.keeper.set({ arrangement: 'circle' })")
        tab.locator("[data-scene='2']").click()
        assert tab.evaluate(state) == wanted
        assert comes_true(tab, lambda: all(abs(a - b) <= 2 for a, b in zip(tab.evaluate(middle), before, strict=True)))
    view = dict(read.view)
    assert (view["layout"], view["versus"], view["hidden"]) == ("owners", "2025-06-30", ("planned",))
    assert len(view["sight"]) == 4


def test_a_scene_in_which_all_is_in_sight_is_fitted_to_any_screen(opened, told, tmp_path):
    with opened(told) as tab:
        tab.evaluate("kgView.fit(false)")
        tab.get_by_label("Name of the scene").fill("all of it")
        tab.get_by_label("Name of the scene").press("Enter")
        read = read_scenes(saved(tab, tmp_path)).scenes[2]
    assert dict(read.view) == {"layout": "web", "mark": "kind"}


def file(content):
    text = content if isinstance(content, str) else json.dumps(content)
    return {"name": "theirs.json", "mimeType": "application/json", "buffer": text.encode()}


def test_another_persons_file_is_added_each_note_once(opened, told):
    more = {"notes": [SAID["notes"][0], {"on": "company/elsewhere", "text": "Not here."}]}
    with opened(told) as tab:
        tab.locator(".story input[type=file]").set_input_files(file(more))
        said = tab.locator(".story > [role=status]")
        said.filter(has_text="Read: 2 notes, 0 scenes.").wait_for()
        assert "1 notes are on what is not here." in said.inner_text()
        assert tab.evaluate("kgView.book.notes.length") == 2
        assert "not in this picture" in tab.locator(".story").inner_text()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("{", "JSON"),
        ([], "{…}?"),
        ({"format": "kg-scenes/9"}, "kg-scenes/9"),
        ({"notes": [{"on": "company/nvidia"}]}, "notes[1].text?"),
        ({"notes": [{"on": "x", "text": "y", "onclick": "z"}]}, "notes[1]: onclick?"),
        ({"scenes": [{"name": "x", "companies": [1]}]}, "scenes[1].companies?"),
        ({"scenes": [{"name": "x", "view": {"onclick": "y"}}]}, "scenes[1].view.onclick?"),
        ({"scenes": [{"name": "x", "view": {"sight": [0, 0, 0, 9]}}]}, "scenes[1].view.sight?"),
        ({"positions": {"company/nvidia": [1e99, 0]}}, "positions.company/nvidia"),
    ],
)
def test_what_is_no_such_file_is_told_in_a_line_and_nothing_is_taken(opened, told, content, why):
    with opened(told) as tab:
        tab.locator(".story input[type=file]").set_input_files(file(content))
        said = tab.locator(".story > [role=status]")
        said.filter(has_text="theirs.json is no file of notes and scenes").wait_for()
        assert why in said.inner_text()
        assert tab.evaluate("[kgView.book.notes.length, kgView.book.scenes.length]") == [1, 2]


def test_it_speaks_french(opened, told):
    with opened(told) as tab:
        tab.locator("[data-act=lang]").click()
        assert tab.locator(".story .unfold").inner_text() == "Scènes et notes (2 · 1)"
        tab.locator("[data-act=present]").click()
        assert "Scène 1 sur 2" in tab.locator(".presentation").inner_text()


def test_a_scene_of_nothing_shows_all(opened, told, comes_true):
    assert Scene("all").companies == ()
    with opened(told) as tab:
        every = len(names(tab))
        tab.evaluate("kgView.book.add({ scenes: [{ name: 'all' }] })")
        tab.locator("[data-scene='0']").click()
        assert comes_true(tab, lambda: names(tab) == {"OpenAI", "CoreWeave"})
        tab.locator("[data-scene='2']").click()
        assert comes_true(tab, lambda: len(names(tab)) == every)
        assert tab.locator("[aria-current=true]").inner_text() == "all"
