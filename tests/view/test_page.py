"""The page as a whole: when it is furnished, all of a large graph, and what a printer makes of it."""

import pytest

from kg.view import html_of, view_data

pytestmark = pytest.mark.browser

FRAMES = """new MutationObserver(() => {
  const { drawn, ready } = document.getElementById("viewer")?.dataset ?? {};
  if (drawn && window.frames_ === undefined) {
    window.frames_ = 0;
    const count = () => { window.frames_ += 1; requestAnimationFrame(count); };
    requestAnimationFrame(count);
  }
  if (ready && window.atReady === undefined) window.atReady = window.frames_;
}).observe(document, { attributes: true, subtree: true });"""


def test_the_picture_has_been_shown_before_what_stands_beside_it_is_made(chromium, story_view, tmp_path):
    (tmp_path / "graph.html").write_text(story_view, "utf-8")
    context = chromium.new_context()
    tab = context.new_page()
    tab.add_init_script(FRAMES)
    tab.goto((tmp_path / "graph.html").as_uri())
    tab.wait_for_selector("[data-ready]", state="attached")
    assert tab.evaluate("window.atReady") >= 2, "a second frame begins when the first is on the screen"
    context.close()


def test_all_of_a_large_graph_is_shown_at_a_press_and_goes_again(opened, many, comes_true):
    with opened(html_of(view_data(many, {}, title="Many"))) as tab:
        press = tab.locator("[data-act=all]")
        shown = "kgView.picture.scene.shapes.length"
        assert press.inner_text() == "Show all 400"
        press.focus()
        tab.keyboard.press("Enter")
        assert comes_true(tab, lambda: tab.evaluate(shown) == 400)
        assert "400 of 400 entities" in tab.locator(".counts").inner_text()
        assert '"all":true' in tab.evaluate("decodeURIComponent(location.hash)")
        named = [one for one in tab.evaluate("kgView.picture.scene.labels") if one["kind"] == "company"]
        assert "Firm 0" in [one["lines"][0]["text"] for one in named], "the largest of a crowd is named"
        assert press.inner_text() == "Show the most connected part"
        press.click()
        assert comes_true(tab, lambda: tab.evaluate(shown) < 400)


def test_where_all_is_shown_there_is_no_such_press(opened, story_view):
    with opened(story_view) as tab:
        assert not tab.locator("[data-act=all]").is_visible()


def test_names_keep_clear_of_the_buttons_and_the_clock(opened, story_view):
    with opened(story_view) as tab:
        tab.evaluate("kgView.picture.moveTo({ x: 700, y: 120, k: 0.4 }, false)")
        canvas = tab.locator("canvas").bounding_box()
        labels = tab.evaluate("(kgView.picture.paint(), kgView.picture.scene.labels)")
        assert labels
        for over in (".zoom", ".clock"):
            box = tab.locator(over).bounding_box()
            left, top = box["x"] - canvas["x"], box["y"] - canvas["y"]
            assert not [
                one["lines"]
                for one in labels
                if one["x0"] < left + box["width"] and one["x1"] > left and one["y0"] < top + box["height"]
                if one["y1"] > top
            ]


PIXEL = """(() => {
  const ink = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  ink.drawImage(kgView.picture.canvas, 0, 0);
  return [...ink.getImageData(1, 1, 1, 1).data].slice(0, 3);
})()"""


def test_a_dark_page_is_printed_light(opened, story_view):
    with opened(story_view, scheme="dark") as tab:
        assert max(tab.evaluate(PIXEL)) < 60
        tab.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        assert tab.evaluate(PIXEL) == [255, 255, 255]
        colours = "(({ color, backgroundColor }) => [color, backgroundColor])(getComputedStyle(kgView.root))"
        assert tab.evaluate(colours) == ["rgb(23, 27, 34)", "rgb(255, 255, 255)"]
        tab.evaluate("window.dispatchEvent(new Event('afterprint'))")
        assert max(tab.evaluate(PIXEL)) < 60


@pytest.mark.parametrize("width", [700, 1000])
def test_a_printed_table_is_whole(opened, story_view, width):
    with opened(story_view, width=width) as tab:
        tab.wait_for_selector("tbody tr")
        tab.emulate_media(media="print")
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        inside = "(one) => one.getBoundingClientRect().right <= innerWidth"
        cells = f"[...document.querySelectorAll('.table td')].every({inside})"
        assert tab.evaluate(cells)
