"""The viewer's timeline, and two days side by side, in a real Chromium: by mouse, by keyboard, to a screen reader."""

import math
import re
from decimal import Decimal

import pytest

from kg.model import Claim, Document, Entity, Modality, Qualifiers
from kg.view import html_of, view_data

pytestmark = pytest.mark.browser

ALDER, BIRCH, CEDAR = (Entity(f"company/{name.lower()}", name, "Company") for name in ("Alder", "Birch", "Cedar"))
BEGINNING, LATER = "2023-06-01", "2025-01-01"


def said(subject, relation, object_, known, **terms):
    sentence = f"{subject.name} {relation} {object_.name} {sorted(terms.items())}"
    document = Document(f"{known} {sentence}", sentence, "en", known)
    return Claim(
        subject,
        relation,
        object_,
        Modality.ASSERTED,
        (document.evidence(0, len(sentence)),),
        Qualifiers(**terms),
        known,
    )


@pytest.fixture
def page():
    """A supply that ended, a partnership that began, a stake that grew, and a rivalry that never changed."""
    made = [
        said(ALDER, "supplies", BIRCH, "2022-02-01", start="2022-01-01", end="2024-03-31"),
        said(ALDER, "partners-with", CEDAR, "2024-07-02", start="2024-07-01"),
        said(BIRCH, "holds-stake", CEDAR, "2022-06-01", start="2022-06-01", end="2024-05-31", percent=Decimal(5)),
        said(BIRCH, "holds-stake", CEDAR, "2024-06-01", start="2024-06-01", percent=Decimal(40)),
        said(ALDER, "competes-with", BIRCH, "2021-05-01", start="2021-05-01"),
    ]
    return html_of(view_data(made, {}, title="Days", as_of=LATER))


def relations(tab):
    return sorted(tab.evaluate("kgView.picture.scene.strokes.map((s) => kgView.graph.lines.get(s.id).relation)"))


def settled(tab, expression):
    """What is drawn once all that was asked for is."""
    tab.evaluate("(kgView.picture.paint(), kgView.second && kgView.second.paint())")
    return tab.evaluate(expression)


def handle(tab, end):
    return tab.locator(f".handle.{end}")


def test_the_timeline_narrows_picture_and_table_by_keyboard(opened, page, comes_true):
    with opened(page) as tab:
        tab.locator("[data-act=lane]").focus()
        tab.keyboard.press("Enter")
        tab.locator("select[name=dated]").select_option("start")
        assert len(relations(tab)) == 3
        assert "3 relations" in tab.locator(".lane .hint[role=status]").inner_text()
        handle(tab, "since").focus()
        tab.keyboard.press("PageUp")
        assert handle(tab, "since").get_attribute("role") == "slider"
        assert handle(tab, "since").get_attribute("aria-valuetext") == "2022-05"
        for _ in range(2):
            tab.keyboard.press("PageUp")
        assert settled(tab, "kgView.keeper.now.since") == "2024-05-01"
        assert relations(tab) == ["holds-stake", "partners-with"], "the rivalry began before"
        assert comes_true(tab, lambda: tab.locator("tbody tr").count() == 2)
        assert "2 of 3 relations lie in 2024-05-01 – open." in tab.locator(".lane .hint[role=status]").inner_text()
        assert tab.evaluate("document.activeElement.dataset.end") == "since", "the handle keeps the focus"
        tab.locator("[data-act=all-time]").click()
        assert len(settled(tab, "kgView.picture.scene.strokes")) == 3


def test_a_drag_over_the_bars_is_a_window_and_one_step_back_undoes_it(opened, page):
    with opened(page) as tab:
        tab.evaluate("kgView.keeper.set({ lane: true, dated: 'known', asOf: '' })")
        box = tab.locator(".strip").bounding_box()
        tab.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + 20)
        tab.mouse.down()
        tab.mouse.move(box["x"] + box["width"] + 5, box["y"] + 20, steps=5)
        tab.mouse.up()
        now = tab.evaluate("kgView.keeper.now")
        assert now["since"] > "2023-01-01"
        assert now["until"] == ""
        assert settled(tab, "kgView.picture.scene.strokes.length") == 2, "known since 2024"
        tab.get_by_role("button", name="Undo").click()
        assert tab.evaluate("kgView.keeper.now.since") == ""


def test_each_line_has_a_bar_that_says_its_days_and_leads_to_its_sentence(opened, page):
    with opened(page) as tab:
        tab.evaluate("kgView.keeper.set({ lane: true, asOf: '' })")
        rows = tab.get_by_role("list", name="Relations by date").locator("button")
        told = rows.all_inner_texts()
        assert [text.split("\n")[0] for text in told][:2] == ["Alder competes with Birch", "Alder supplies Birch"]
        assert any("2022-01-01 – 2024-03-31, known 2022-02-01" in text for text in told)
        assert any("2024-07-01 – …, known 2024-07-02" in text for text in told)
        rows.first.focus()
        tab.keyboard.press("ArrowDown")
        tab.keyboard.press("Enter")
        assert "supplies" in tab.locator(".panel h2").inner_text()
        assert tab.locator(".panel mark").count() == 1
        assert tab.evaluate("document.activeElement.getAttribute('aria-pressed')") == "true", "the bar keeps the focus"


def test_two_days_show_what_came_went_and_changed_by_signs_and_in_words(opened, page):
    with opened(page) as tab:
        tab.locator("[data-act=compare]").click()
        tab.locator(".day input").first.fill(BEGINNING)
        tab.locator(".day input").nth(1).fill(LATER)
        signs = """(picture) => Object.fromEntries(picture.scene.strokes.map((s) =>
          [kgView.graph.lines.get(s.id).relation, s.sign]))"""
        settled(tab, "0")
        assert tab.evaluate(f"({signs})(kgView.picture)") == {
            "supplies": "went",
            "holds-stake": "changed",
            "competes-with": "",
        }
        assert tab.evaluate(f"({signs})(kgView.second)") == {
            "partners-with": "came",
            "holds-stake": "changed",
            "competes-with": "",
        }
        panel = tab.locator(".panel").inner_text()
        for words in (
            "Came (1)",
            "Went (1)",
            "Changed (1)",
            "1 relations are the same",
            "5 %, 2022-06-01 – 2024-05-31",
            "40 %, from 2024",
        ):
            assert words in panel
        tab.locator("[data-act=lang]").click()
        assert "Disparues (1)" in tab.locator(".panel").inner_text()


def test_a_line_on_both_days_is_told_once_with_how_it_stood_and_stands(opened):
    """It began some day of 2024: in June that is undecided, a year later it holds. The timeline makes up no day."""
    made = [said(ALDER, "supplies", BIRCH, "2025-02-01", start="2024")]
    with opened(html_of(view_data(made, {}, title="A year", as_of="2024-06-30"))) as tab:
        tab.evaluate("kgView.keeper.set({ versus: '2025-06-30' })")
        assert tab.locator(".panel [data-line]").count() == 1
        told = " ".join(tab.locator(".panel .both").inner_text().split())
        assert "asserted undecided → asserted" in told
        counts = tab.locator(".counts").inner_text()
        assert "as of 2024-06-30 · 2 of 2 entities · 1 of 1 relations · 1 undecided → as of 2025-06-30" in counts
        tab.evaluate("kgView.keeper.set({ versus: '', lane: true })")
        assert "2024 – …, known 2025-02-01" in tab.locator(".rows").inner_text()


def test_signs_of_lines_between_the_same_two_stand_apart(opened, tmp_path):
    kinds = ("supplies", "partners-with", "invests-in", "acquires", "competes-with")
    made = [said(ALDER, kind, BIRCH, "2024-06-01", start="2024-06-01") for kind in kinds]
    with opened(html_of(view_data(made, {}, title="Many", as_of="2024-01-01"))) as tab:
        tab.evaluate("kgView.keeper.set({ versus: '2025-06-30' })")
        with tab.expect_download() as waiting:
            tab.evaluate("(kgView.second.paint(), kgView.picture.scene = kgView.second.scene, kgView.save('svg'))")
        waiting.value.save_as(tmp_path / "graph.svg")
    spots = re.findall(r'<circle cx="([-\d.]+)" cy="([-\d.]+)" r="8"', (tmp_path / "graph.svg").read_text("utf-8"))
    assert len(spots) == 5
    places = [(float(x), float(y)) for x, y in spots]
    assert min(math.dist(a, b) for at, a in enumerate(places) for b in places[:at]) > 16


def test_what_has_no_date_counts_as_holding_and_is_told_so(opened):
    made = [said(ALDER, "supplies", BIRCH, None)]
    with opened(html_of(view_data(made, {}, title="Undated"))) as tab:
        tab.evaluate("kgView.keeper.set({ lane: true })")
        told = tab.locator(".lane .hint[role=status]")
        assert "1 have no date and count as holding throughout." in told.inner_text()
        tab.evaluate("kgView.keeper.set({ dated: 'known' })")
        assert "1 have no such date." in told.inner_text()


def test_the_two_pictures_look_at_the_same_place_and_escape_ends_it(opened, page, comes_true):
    with opened(page) as tab:
        tab.locator("[data-act=compare]").click()
        assert tab.locator("canvas").count() == 2
        tab.locator("canvas").nth(1).focus()
        tab.keyboard.press("ArrowLeft")
        assert comes_true(
            tab,
            lambda: tab.evaluate("JSON.stringify(kgView.picture.camera) === JSON.stringify(kgView.second.camera)"),
        )
        both = "[kgView.picture, kgView.second].map((p) => p.scene.shapes.find((s) => s.id === 'company/birch'))"
        left, right = settled(tab, both)
        assert (round(left["x"]), round(left["y"])) == (round(right["x"]), round(right["y"]))
        assert '"versus":"2025-06-30"' in tab.evaluate("decodeURIComponent(location.hash)")
        tab.keyboard.press("Escape")
        assert tab.evaluate("kgView.keeper.now.versus") == ""
        assert tab.locator("canvas").count() == 1
