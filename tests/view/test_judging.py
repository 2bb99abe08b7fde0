"""The viewer's panel says what people said of a claim, and takes more where someone is signed in at a server."""

import json
from dataclasses import replace

import pytest

from kg.judgements import Opinion, Part, Verdict
from kg.view import html_of, view_data

TOKEN = "a-token"  # noqa: S105 - of a server that is none
LINE_OF = "((id) => kgView.graph.view.lines.find((one) => one.claims.some((claim) => claim.id === id)).id)"
AT = "2026-11-30T09:12:45.000000Z"


class FakeServer:
    """What `kg serve --write` answers, for one claim: it keeps what it is told."""

    def __init__(self, html):
        self.html, self.told, self.said, self.next_answer = html, [], [], None

    def handle(self, route):
        request, path = route.request, route.request.url.partition("desk.test/")[2].partition("?")[0]
        if path == "viewer":
            route.fulfill(body=self.html, content_type="text/html; charset=utf-8")
        elif path.startswith("claims/"):
            self._answer(route, 200, {"judgements": self.said})
        elif self.next_answer:
            (status, content), self.next_answer = self.next_answer, None
            self._answer(route, status, content)
        else:
            self.told.append((path, request.headers.get("x-kg-csrf"), json.loads(request.post_data)))
            self._keep(route, path, self.told[-1][2])

    def _keep(self, route, path, told):
        if path == "judgements/undo":
            self.said = [one for one in self.said if one["id"] != told["judgement"]]
            return self._answer(route, 201, {"judgement": "u1", "claims": []})
        id_ = f"j{len(self.told)}"
        self.said = [
            *self.said,
            {"id": id_, "author": "ada", "at": AT, "verdict": told["verdict"], "part": told.get("part")},
        ]
        return self._answer(route, 201, {"judgement": id_, "claims": []})

    @staticmethod
    def _answer(route, status, content):
        """Answer as the server does: a record as JSON, a refusal as a line."""
        is_line = isinstance(content, str)
        kind = "text/plain; charset=utf-8" if is_line else "application/json"
        route.fulfill(status=status, body=f"{content}\n" if is_line else json.dumps(content), content_type=kind)


@pytest.fixture
def stake(claims):
    return next(claim for claim in claims if claim.relation == "holds-stake" and claim.subject.name == "Nvidia")


@pytest.fixture
def served(chromium, watched, claims, documents, stake):
    """Open the viewer as a server gives it to someone who is signed in, at one line; `lang` is the page's."""
    tabs = []

    def open_page(lang="en", csrf=TOKEN, opinions=(), **more):
        kept = {stake.id: tuple(opinions)}
        view = view_data(claims, documents, title="Desk", lang=lang, opinions=kept, judging=True, **more)
        server = FakeServer(html_of(view, "viewer/more", csrf))
        server.said = [
            {"id": one.judgement, "author": one.author, "at": one.at, "verdict": one.verdict, "part": one.part}
            for one in opinions
        ]
        tab = chromium.new_page()
        seen = watched(tab)
        tab.route("**/*", server.handle)
        tab.goto("http://desk.test/viewer")
        tab.wait_for_selector("[data-ready]", state="attached")
        tab.evaluate(
            "(id) => kgView.choose(kgView.graph.view.lines.find((l) => l.claims.some((c) => c.id === id)).id)", stake.id
        )
        tabs.append((tab, seen))
        return tab, server, tab.locator(f".panel > figure[data-claim='{stake.id}']")

    yield open_page
    for tab, seen in tabs:
        # That a server says no is told by the browser, too.
        seen.complaints = [line for line in seen.complaints if "the server responded with a status" not in line]
        seen.check()
        tab.close()


def opinion(verdict, author="bob", part=None, judgement="j0"):
    return Opinion(verdict, author, AT, part, judgement)


def drawn(tab, claim):
    strokes = "(kgView.picture.paint(), kgView.picture.scene.strokes.map((one) => one.id))"
    line = tab.evaluate(LINE_OF, claim.id)
    return line in tab.evaluate(strokes)


@pytest.mark.browser
def test_a_file_tells_what_was_said_and_has_no_buttons(opened, claims, documents, stake):
    kept = {stake.id: (opinion(Verdict.RIGHT), opinion(Verdict.UNSURE, "eve"))}
    view = view_data(claims, documents, title="File", opinions=kept)
    with opened(html_of(view)) as tab:
        tab.evaluate("(id) => kgView.choose(id)", next(line["id"] for line in view["lines"] if stake.id in str(line)))
        told = tab.locator(".panel .opinions li").all_inner_texts()
        assert told == ["confirmed by bob, 2026-11-30 09:12 UTC", "eve is unsure, 2026-11-30 09:12 UTC"]
        assert tab.locator(".panel > .particulars .judged-as").inner_text() == "confirmed"
        assert tab.locator("[data-verdict]").count() == 0
        tab.get_by_role("button", name="Français").click()
        assert tab.locator(".panel .opinions li").first.inner_text() == "confirmé par bob, 2026-11-30 09:12 UTC"


@pytest.mark.browser
def test_a_claim_of_ones_own_says_whose_it_is(opened, claims, documents, stake):
    own = replace(stake, method="person/ada")
    others = [own if claim is stake else claim for claim in claims]
    view = view_data(others, documents, title="Own", opinions={own.id: (opinion(Verdict.RIGHT, "ada"),)})
    with opened(html_of(view)) as tab:
        tab.evaluate("(id) => kgView.choose(id)", next(line["id"] for line in view["lines"] if own.id in str(line)))
        assert tab.locator(".panel > figure .opinions li").all_inner_texts() == ["added by ada"]


@pytest.mark.browser
def test_right_is_said_by_keyboard_and_told_in_a_live_region(served, documents, stake):
    tab, server, figure = served(opinions=[opinion(Verdict.UNSURE)])
    right = figure.get_by_role("button", name="Right")
    right.focus()
    tab.keyboard.press("Enter")
    figure.get_by_text("Kept: right.").wait_for()
    sha256 = documents[stake.document].sha256
    body = {"claim": stake.id, "text_sha256": sha256, "verdict": "right", "drawn": "chance", "seen": ["j0"]}
    assert server.told == [("judgements", TOKEN, body)]
    assert figure.get_by_role("status").inner_text() == "Kept: right."
    assert figure.locator(".opinions li").last.inner_text() == "confirmed by ada, 2026-11-30 09:12 UTC"
    assert right.evaluate("(it) => it === document.activeElement"), "the focus stays"
    assert drawn(tab, stake)


@pytest.mark.browser
def test_what_is_wrong_leaves_the_picture_and_comes_back_when_it_is_taken_back(served, stake):
    tab, server, figure = served()
    wrong = figure.get_by_role("button", name="Wrong…")
    assert figure.get_by_role("button", name="Take back").count() == 0
    wrong.click()
    assert wrong.get_attribute("aria-expanded") == "true"
    assert figure.get_by_role("group", name="What is wrong?").get_by_role("button").count() == len(Part)
    tab.keyboard.press("Escape")
    assert wrong.get_attribute("aria-expanded") == "false"
    assert wrong.evaluate("(it) => it === document.activeElement"), "Escape closes the choice, not the panel"
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    figure.get_by_text("Kept: wrong, the direction. It leaves the graph.").wait_for()
    assert (server.told[0][2]["verdict"], server.told[0][2]["part"]) == ("wrong", "direction")
    assert not drawn(tab, stake)
    figure.get_by_role("button", name="Take back").click()
    figure.get_by_text("Taken back.").wait_for()
    assert server.told[1] == ("judgements/undo", TOKEN, {"judgement": "j1"})
    assert drawn(tab, stake)
    assert figure.locator(".opinions li").count() == 0
    assert figure.get_by_role("button", name="Right").evaluate("(it) => it === document.activeElement")


@pytest.mark.browser
def test_who_is_late_sees_what_another_said_and_judges_again(served):
    _, server, figure = served()
    server.said = [{"id": "j7", "author": "bob", "at": AT, "verdict": "wrong", "part": "modality"}]
    server.next_answer = 409, {"message": "bob has judged this claim since you opened it"}
    figure.get_by_role("button", name="Right").click()
    figure.get_by_text("bob has judged this claim since you opened it Look at what was said").wait_for()
    assert figure.locator(".opinions li").all_inner_texts() == [
        "called wrong by bob, 2026-11-30 09:12 UTC: how firmly it is said"
    ]
    figure.get_by_role("button", name="Right").click()
    figure.get_by_text("Kept: right.").wait_for()
    assert server.told[0][2]["seen"] == ["j7"]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("status", "content", "told"),
    [
        (401, "no session", "You are no longer signed in"),
        (403, "rea may read and not judge", "rea may read and not judge"),
        (400, "<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
        (503, {}, "The server has no answer: nothing was kept."),
    ],
)
def test_a_no_is_one_line_and_keeps_nothing(served, status, content, told):
    _, server, figure = served()
    server.next_answer = status, content
    figure.get_by_role("button", name="Unsure").click()
    figure.get_by_text(told).wait_for()
    assert server.told == []
    assert figure.locator(".opinions li").count() == 0


@pytest.mark.browser
def test_who_is_not_signed_in_only_reads(served):
    _, _, figure = served(csrf=None, opinions=[opinion(Verdict.RIGHT)])
    assert figure.locator(".opinions li").count() == 1
    assert figure.locator("[data-verdict]").count() == 0


@pytest.mark.browser
def test_the_buttons_speak_french(served):
    _, _, figure = served(lang="fr")
    figure.get_by_role("button", name="Faux…").click()
    figure.get_by_role("button", name="la phrase ne le dit pas").click()
    figure.get_by_text("Noté : faux, la phrase ne le dit pas. La relation quitte le graphe.").wait_for()


def test_only_a_page_that_judges_carries_hashes_and_ids(claims, documents, stake):
    kept = {stake.id: (opinion(Verdict.WRONG, part=Part.TERM),)}
    plain, judging = (
        view_data(claims, documents, title="T", opinions=kept, judging=judging) for judging in (False, True)
    )
    assert "sha256" not in plain["documents"][0]
    assert judging["documents"][0]["sha256"] == documents[judging["documents"][0]["id"]].sha256
    [told] = [claim["judged"] for line in judging["lines"] for claim in line["claims"] if "judged" in claim]
    assert told == [{"by": "bob", "at": "2026-11-30T09:12", "verdict": "wrong", "part": "term", "id": "j0"}]
    assert '"id": "j0"' not in json.dumps(plain)


def test_the_token_stands_in_a_page_of_whoever_is_signed_in(story_view, claims, documents):
    view = view_data(claims, documents, title="T")
    assert '<meta name="kg-csrf" content="a&quot;b">' in html_of(view, "viewer/more", 'a"b')
    assert 'kg-csrf"' not in story_view.partition("<style>")[0]
