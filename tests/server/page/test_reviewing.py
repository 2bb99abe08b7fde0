"""The pages of reviewers in a real Chromium, on a real server: by keyboard, by screen reader, with hostile texts."""

import re
import shutil
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal

import pytest

from kg.model import Document, Outcome
from kg.store import DocumentClaims, open_store
from tests.conftest import COREWEAVE, NVIDIA, claim_of
from tests.server.reviewers import tokens

pytestmark = pytest.mark.browser


@pytest.fixture
def served(hosting, told, tmp_path):
    shutil.copytree(told, tmp_path / "store")
    secrets = tokens(tmp_path / "tokens.json")
    options = ("--write", "--tokens", str(tmp_path / "tokens.json"))
    with hosting(tmp_path / "store", *options) as server:
        server.folder, server.secrets = tmp_path / "store", secrets
        yield server


@pytest.fixture
def signed_in(chromium, watched, served):
    """Open a page as somebody; on leaving, nothing must have run or broken the policy, nor asked another server."""

    @contextmanager
    def open_page(path="review", *, name="ada", width=1280, scheme="light", refusals=False):
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, locale="en-GB")
        tab = context.new_page()
        seen = watched(tab)
        tab.goto(f"{served.url}sign-in?next={path}")
        tab.locator("#token").fill(served.secrets[name])
        tab.keyboard.press("Enter")
        tab.locator("html[data-ready]").wait_for()
        yield tab
        if refusals:  # Chromium notes each answer that is no 200
            seen.complaints = [said for said in seen.complaints if "Failed to load resource" not in said]
        seen.check()
        assert [url for url in seen.requests if not url.startswith((served.url, "data:"))] == []
        context.close()

    return open_page


def kept(served):
    with open_store(served.folder) as store:
        return [one for document in store.documents() for one in store.reading(document.id).judgements]


def until(tab, condition):
    """Wait until a condition holds in a page, whose policy forbids the eval of Playwright's wait_for_function."""
    for _ in range(400):
        if tab.evaluate(condition):
            return
        tab.wait_for_timeout(50)
    raise AssertionError(f"it never came to hold: {condition}")


def press(tab, key):
    """Press a key, and wait until the server has taken what it says."""
    tab.evaluate("document.getElementById('status').textContent = ''")
    tab.keyboard.press(key)
    until(tab, "document.getElementById('status').textContent !== ''")
    tab.locator("#card[aria-busy=false]").wait_for()


def phrases(tab):
    return tab.locator(".claim:not(.done) .phrase").all_inner_texts()


# ---------------------------------------------------------------- cards
def test_claims_are_judged_by_single_keys(signed_in, served):
    with signed_in() as tab:
        first = phrases(tab)[0]
        press(tab, "x")
        assert tab.locator("#status").inner_text() == f"Kept: Right: {first}."
        tab.keyboard.press("n")
        tab.get_by_role("group", name="What is wrong?").wait_for()
        press(tab, "m")
        press(tab, "u")
        said = [
            (one.verdict.value, one.part and one.part.value) for one in sorted(kept(served), key=lambda one: one.at)
        ]
        assert said == [("right", None), ("wrong", "modality"), ("unsure", None)]
        press(tab, "z")
        assert [one.undoes is not None for one in sorted(kept(served), key=lambda one: one.at)] == [False] * 3 + [True]


def test_cards_that_are_put_off_come_up_again_only_when_all_others_did(served, signed_in, until):
    commit = served.get("health").json()["commit"]
    text = "".join(f"Nvidia owns {at}% of CoreWeave.\n" for at in range(1, 54))
    document = Document("many.txt", text, "en")
    claims = tuple(
        claim_of(document, line, NVIDIA, "holds-stake", COREWEAVE, percent=Decimal(at))
        for at, line in enumerate(text.splitlines(), 1)
    )
    with open_store(served.folder, write=True) as store:
        for old in ("deal.txt", "rivals.txt"):
            store.forget(old)
        store.commit([DocumentClaims(document, claims, "reader/1")])
    until(lambda: served.get("health").json()["commit"] > commit + 2)
    with signed_in() as tab:
        seen = []
        for _ in range(54):
            [phrase] = phrases(tab)
            seen.append(phrase)
            tab.keyboard.press("s")
            until(lambda before=phrase: phrases(tab) not in ([before], []) or tab.wait_for_timeout(20))
    assert len(set(seen[:53])) == 53
    assert seen[53] == seen[0]


def test_a_claim_is_put_right_in_a_form_and_the_gate_answers(signed_in, served):
    with signed_in("review%3Frelation%3Dholds-stake%26outcome%3Dadmitted", refusals=True) as tab:
        while "5.2" not in phrases(tab)[0]:
            press(tab, "u")
        tab.keyboard.press("e")
        assert tab.evaluate("document.activeElement.name") == "subject"
        tab.locator("[data-term=percent] input").fill("77")
        tab.get_by_role("button", name="Save").click()
        tab.locator("#trouble:not([hidden])").wait_for()
        assert "gives no percent of 77" in tab.locator("#trouble").inner_text()
        tab.locator("[data-term=percent] input").fill("5.2")
        tab.locator(".edit select[name=modality]").select_option("past")
        tab.get_by_role("button", name="Save").click()
        until(tab, "document.getElementById('status').innerText.startsWith('Kept')")
    assert [one.correction.modality.value for one in kept(served) if one.correction] == ["past"]


def test_the_history_is_told(signed_in):
    with signed_in() as tab:
        tab.keyboard.press("h")
        until(tab, "document.getElementById('status').innerText === 'Nobody has judged it.'")


def test_two_tabs_do_not_overwrite_each_other(signed_in, served):
    with signed_in(name="bo", refusals=True) as stale:
        first = phrases(stale)[0]
        with signed_in(name="ada") as tab:
            press(tab, "x")
        stale.keyboard.press("u")
        stale.locator("#trouble:not([hidden])").wait_for()
        assert "ada has judged this claim since it was shown" in stale.locator("#trouble").inner_text()
        assert phrases(stale) == [first]
        assert "ada: right" in stale.locator(".judged").inner_text()
        assert len(kept(served)) == 1


def test_the_single_keys_can_be_turned_off(signed_in, served):
    with signed_in() as tab:
        tab.locator("#single-keys").uncheck()
        tab.locator("h2").focus()
        tab.keyboard.press("x")
        tab.get_by_label("Right", exact=False).first.press("Enter")
        until(tab, "document.getElementById('status').innerText.startsWith('Kept')")
        assert len(kept(served)) == 1
        tab.reload()
        tab.locator("html[data-ready]").wait_for()
        assert not tab.locator("#single-keys").is_checked()


def test_a_reader_sees_the_cards_and_has_no_buttons(signed_in):
    with signed_in(name="rea") as tab:
        assert phrases(tab) != []
        assert tab.locator(".claim .acts").count() == 0
        assert "not judge" in tab.locator("main").inner_text()


def test_a_wrong_token_is_told_beside_its_field(chromium, served):
    tab = chromium.new_page()
    tab.goto(f"{served.url}review?lang=fr")
    assert "sign-in" in tab.url
    tab.locator("#token").fill("kg_nothing")
    tab.keyboard.press("Enter")
    assert tab.get_by_role("alert").inner_text().startswith("Ce jeton est inconnu")
    assert tab.locator("#token").get_attribute("aria-invalid") == "true"
    tab.close()


# ---------------------------------------------------------------- reading through
def test_a_document_is_read_with_its_claims_beside_and_one_is_added(signed_in, served):
    with signed_in("documents/rivals.txt/read", refusals=True) as tab:
        rows = tab.locator(".passage")
        assert rows.count() == 5
        stake = rows.filter(has_text="Nvidia owns 5.2% of CoreWeave.")
        assert stake.locator(".phrase").count() == 1
        stake.get_by_role("button", name="Add a claim").click()
        assert stake.locator("input[name=subject]").input_value() == "Nvidia"
        stake.locator("select[name=relation]").select_option("partners-with")
        stake.get_by_role("button", name="Save").click()
        until(tab, "document.getElementById('status').innerText.startsWith('Added')")
        assert stake.locator(".phrase").count() == 2
        tab.get_by_role("button", name="Read to the end").click()
        told = "/POST is not for|closed as read/.test(document.querySelector('main').innerText)"
        until(tab, told)
    assert [one.claim.relation for one in kept(served)] == ["partners-with"]


def test_sentences_of_which_nothing_is_claimed_are_asked_about(served, signed_in, until):
    commit = served.get("health").json()["commit"]
    with open_store(served.folder, write=True) as store:
        store.commit([replace(store.reading("rivals.txt"), claims=(), reader="reader/2")])
    until(lambda: served.get("health").json()["commit"] > commit)
    with signed_in("documents/rivals.txt/read") as tab:
        silent = tab.locator(".silent-passage")
        assert silent.count() >= 3
        assert silent.first.locator(".silent").inner_text() == "Two names, and no claim: nothing here?"
        tab.locator("#to-silent").click()
        assert tab.evaluate("document.activeElement.closest('.silent-passage') !== null")


def test_a_stranger_reads_and_changes_nothing(chromium, served):
    tab = chromium.new_page()
    tab.goto(f"{served.url}documents/rivals.txt/read?lang=fr")
    tab.locator("html[data-ready]").wait_for()
    assert tab.locator(".passage").count() == 5
    assert tab.locator(".passage button, #close").count() == 0
    tab.close()


# ---------------------------------------------------------------- for everybody
@pytest.mark.parametrize("path", ["review", "documents/rivals.txt/read"])
@pytest.mark.parametrize(("lang", "scheme", "width"), [("en", "light", 1280), ("fr", "dark", 390)])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(signed_in, path, lang, scheme, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    with signed_in(f"{path}%3Flang%3D{lang}", scheme=scheme, width=width, refusals=True) as tab:
        assert tab.locator("html").get_attribute("lang") == lang
        if path == "review":
            tab.keyboard.press("e")
            tab.locator("form.edit").wait_for()
        found = axe.run(tab).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
        assert tab.evaluate("document.documentElement.scrollWidth") <= width


def test_every_part_of_a_card_is_reached_by_the_tab_key(signed_in):
    with signed_in() as tab:
        assert tab.evaluate("document.activeElement.id") == "sentence", "a new card has the focus"
        reached = []
        for _ in range(12):
            tab.keyboard.press("Tab")
            reached.append(tab.evaluate("document.activeElement.innerText || document.activeElement.type"))
        wanted = ["Right", "Wrong", "Unsure", "Put right", "History", "Later", "Take back"]
        assert [one for one in reached if one in wanted][: len(wanted)] == wanted


def test_no_text_can_do_harm(served, signed_in, payloads, until):
    commit = served.get("health").json()["commit"]
    huge = "word " * 60_000
    lines = ["Nvidia owns CoreWeave " + re.sub(r"[\n\r]", " ", payload) for payload in payloads]
    text = "\n".join([*lines, f"Nvidia owns CoreWeave {huge}\u202e"])
    document = Document("hostile/<b>&\"'.txt", text, "en", title=payloads[0] + "\u202eevil")
    claims = [claim_of(document, line, NVIDIA, "holds-stake", COREWEAVE, goods=line[:200]) for line in text.split("\n")]
    claims = [replace(one, outcome=Outcome.TO_REVIEW, reasons=("LOW_CONFIDENCE",), recorded_at=None) for one in claims]
    with open_store(served.folder, write=True) as store:
        for old in ("deal.txt", "rivals.txt"):
            store.forget(old)
        store.commit([DocumentClaims(document, (), "reader/1", tuple({one.id: one for one in claims}.values()))])
    until(lambda: served.get("health").json()["commit"] > commit + 2)
    with signed_in() as tab:
        for _ in range(4):
            assert phrases(tab) != []
            press(tab, "u")
        tab.get_by_role("link", name="Read the whole document").click()
        tab.locator("html[data-ready]").wait_for()
        assert tab.locator(".passage").count() >= len(payloads) // 2
        assert tab.evaluate("document.documentElement.scrollWidth") <= 1280
