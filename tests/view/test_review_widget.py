"""Cards to judge in a notebook: the session, the widget's messages, and what is left where no kernel runs."""

import json

import pytest

import kg
from kg.errors import QueryError
from kg.judgements import Draw
from kg.model import Claim, Document, Entity, Modality
from kg.store import DocumentClaims
from kg.view.review_widget import ReviewWidget

AUTHOR = "ada"


@pytest.fixture
def graph(sorted_reading):
    with kg.open() as graph:
        graph.store.commit([sorted_reading])
        yield graph


@pytest.fixture
def widget(graph):
    return graph.review(AUTHOR).widget()


def state(widget):
    return json.loads(widget.state)


def up(widget):
    """The claim that is up."""
    shown = state(widget)
    return shown["card"]["claims"][shown["at"]]


def tell(widget, act, **more):
    """Send what the front-end sends, about the claim that is up unless another is named."""
    card = state(widget)["card"]
    claim = up(widget)["id"] if card else ""
    widget._handle_custom_msg({"act": act, "claim": claim} | more, [])
    return state(widget)


def words(graph):
    return list(graph.store.reading("deal.txt").judgements)


def test_a_card_shows_the_sentence_in_its_paragraph_with_names_and_figures_set_apart(widget):
    card = state(widget)["card"]
    marked = {kind: [one["text"] for one in card["pieces"] if one["kind"] == kind] for kind in ("name", "figure")}
    assert {"CoreWeave", "OpenAI"} <= set(marked["name"])
    assert marked["figure"] == ["11,9 milliards de dollars"]
    assert "".join(one["text"] for one in card["pieces"] if one["in"]).startswith("CoreWeave fournira")
    assert up(widget)["phrase"].startswith("CoreWeave supplies OpenAI: 11.9 bn USD over 5 years")


def test_a_judgement_goes_through_the_graph_and_the_next_claim_comes_up(graph, widget):
    first = up(widget)
    told = tell(widget, "judge", verdict="right")["told"]
    assert (told["what"], told["verdict"], told["phrase"]) == ("kept", "right", first["phrase"])
    assert up(widget)["id"] != first["id"]
    tell(widget, "judge", verdict="wrong", part="direction")
    kept = [(word.author, word.verdict, word.part, word.tool, word.drawn) for word in words(graph)]
    assert kept == [
        (AUTHOR, "right", None, "notebook", Draw.ALL),
        (AUTHOR, "wrong", "direction", "notebook", Draw.ALL),
    ]
    assert state(widget)["judged"] == 2


def test_a_key_that_is_pressed_twice_judges_once(graph, widget):
    first = up(widget)["id"]
    tell(widget, "judge", verdict="right")
    tell(widget, "judge", verdict="right", claim=first)
    assert len(words(graph)) == 1


def test_another_review_goes_on_where_one_stopped(graph, widget):
    first = up(widget)["id"]
    tell(widget, "judge", verdict="unsure")
    assert first not in {claim.id for card in graph.review(AUTHOR) for claim in card.claims}
    assert up(graph.review(AUTHOR).widget())["id"] == up(widget)["id"]
    assert up(graph.review("bob").widget())["id"] == first


def test_the_last_word_is_taken_back_and_its_claim_comes_up_again(graph, widget):
    first = up(widget)["id"]
    assert tell(widget, "undo")["told"] == {"what": "nothing"}
    tell(widget, "judge", verdict="wrong", part="not-stated")
    assert first not in {claim.id for claim in graph.claims()}
    assert tell(widget, "undo")["told"]["what"] == "undone"
    assert up(widget)["id"] == first
    assert first in {claim.id for claim in graph.claims()}
    said = tell(widget, "history")["told"]["words"]
    assert [(one["verdict"], one["undoes"]) for one in said] == [("wrong", False), ("unsure", True)]


def test_an_edit_goes_through_the_gate_and_keeps_only_what_was_changed(graph, widget):
    fields = up(widget)["fields"]
    assert fields["subject"] == "CoreWeave"
    assert tell(widget, "correct", fields=fields)["told"]["what"] == "same"
    assert tell(widget, "correct", fields=fields | {"terms": "colour=red"})["told"] == {
        "what": "unknown",
        "text": "colour",
    }
    told = tell(widget, "correct", fields=fields | {"terms": "amount=7"})["told"]
    assert "the quote gives no amount of 7" in told["text"]
    assert words(graph) == []
    assert tell(widget, "correct", fields=fields | {"modality": "planned"})["told"]["what"] == "kept"
    [word] = words(graph)
    assert word.correction is not None
    assert (word.verdict, word.correction.modality, word.correction.method) == ("wrong", "planned", "person/ada")
    assert word.correction.qualifiers.amount == word.claim.qualifiers.amount


def test_what_is_left_for_later_comes_up_the_next_time(graph, widget):
    first = up(widget)["id"]
    tell(widget, "later")
    assert up(widget)["id"] != first
    while state(widget)["card"]:
        tell(widget, "later")
    assert tell(widget, "judge", verdict="right")["card"] is None
    assert words(graph) == []
    assert up(graph.review(AUTHOR).widget())["id"] == first


def test_a_random_draw_says_so(graph):
    widget = graph.review(AUTHOR, draw="random", seed=3).widget()
    tell(widget, "judge", verdict="right")
    assert [word.drawn for word in words(graph)] == [Draw.RANDOM]


@pytest.mark.parametrize("message", ["x", {}, {"act": "judge", "verdict": "perhaps"}, {"act": "pick", "claim": "none"}])
def test_what_makes_no_sense_changes_nothing(graph, widget, message):
    before = up(widget)["id"]
    whole = {"claim": before} | message if isinstance(message, dict) else message
    widget._handle_custom_msg(whole, [])
    assert up(widget)["id"] == before
    assert words(graph) == []


def test_where_no_kernel_runs_the_cards_are_a_list(graph):
    bundle = graph.review(AUTHOR)._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    assert "application/vnd.jupyter.widget-view+json" in data
    html = data["text/html"]
    assert "<mark><strong>CoreWeave</strong> fournira" in html
    assert "CoreWeave supplies OpenAI: 11.9 bn USD over 5 years" in html
    assert "run the notebook" in html
    assert "exécutez le carnet" in graph.review(AUTHOR, lang="fr").html()
    assert not {"<button", "<script", "<style"} & set(html.split())


def test_hostile_texts_are_text(payloads):
    with kg.open() as graph:
        text = "\n".join(payloads)
        document = Document("hostile", text, "en", title=payloads[0])
        ends = [Entity(f"company/{at}", payload, "Company") for at, payload in enumerate(payloads[:2])]
        evidence = (document.evidence(0, len(text)),)
        claim = Claim(ends[0], "supplies", ends[1], Modality.ASSERTED, evidence)
        graph.store.commit([DocumentClaims(document, (claim,))])
        html = graph.review(AUTHOR).html()
    assert "<script>" not in html
    assert "<img" not in html


def test_words_of_another_language_are_refused(graph):
    with pytest.raises(QueryError, match="cards cannot be written in 'de'"):
        graph.review(AUTHOR, lang="de").html()


def test_a_judgement_is_taken_back_by_its_id(graph):
    claim = next(iter(graph.claims()))
    graph.judge(claim.id, "wrong", author=AUTHOR)
    [word] = words(graph)
    assert claim.id not in {one.id for one in graph.claims()}
    graph.take_back(word.id[:12], author="bob")
    assert claim.id in {one.id for one in graph.claims()}
    with pytest.raises(QueryError, match="no judgement is called 'zzz'"):
        graph.take_back("zzz", author=AUTHOR)


# ---------------------------------------------------------------------------------- in a browser
@pytest.fixture
def shown(chromium, watched, tmp_path):
    """Show a widget by its own module, with a model that sends to it what the page sends."""
    tabs = []

    def show(widget: ReviewWidget):
        def kernel(content):
            widget._handle_custom_msg(content, [])
            return widget.state

        script = f"""
          const traits = {json.dumps({"state": widget.state, "choices": widget.choices})}, heard = {{}};
          const model = {{ get: (name) => traits[name], on: (event, act) => {{ heard[event] = act; }},
            send: async (content) => {{ traits.state = await window.kernel(content); heard["change:state"](); }} }};
          const module = await import(URL.createObjectURL(new Blob([document.getElementById("esm").textContent],
            {{ type: "text/javascript" }})));
          module.default.render({{ model, el: document.getElementById("place") }});
        """.replace("</", "<\\/")
        page = (
            f"<!doctype html><meta charset=utf-8><title>w</title><style>{widget._css}</style><div id=place></div>"
            f'<script type="text/plain" id="esm">{widget._esm}</script><script type="module">{script}</script>'
        )
        (tmp_path / "cards.html").write_text(page, "utf-8")
        tab = chromium.new_page(viewport={"width": 900, "height": 800})
        seen = watched(tab)
        tab.expose_function("kernel", kernel)
        tab.goto((tmp_path / "cards.html").as_uri())
        tab.locator(".kg-review").wait_for()
        tab.evaluate("window.outside = []; addEventListener('keydown', (event) => outside.push(event.key))")
        tabs.append((tab, seen))
        return tab

    yield show
    for tab, seen in tabs:
        seen.check()
        tab.close()


@pytest.mark.browser
def test_claims_are_judged_by_keys_that_the_notebook_does_not_hear(graph, widget, shown):
    tab = shown(widget)
    tab.locator(".kg-review").focus()
    tab.keyboard.press("x")
    told = tab.get_by_role("status")
    tab.get_by_text("Right: CoreWeave supplies OpenAI").wait_for()
    assert "Next: " in told.inner_text()
    tab.keyboard.press("n")
    assert tab.get_by_role("group", name="What is wrong?").is_visible()
    tab.keyboard.press("r")
    tab.get_by_text("Wrong, the relation: ").wait_for()
    tab.keyboard.press("z")
    tab.get_by_text("Taken back: ").wait_for()
    tab.keyboard.press("h")
    tab.get_by_text("ada took a judgement back").wait_for()
    assert [(word.verdict, word.part) for word in words(graph)][:2] == [("right", None), ("wrong", "relation")]
    assert tab.evaluate("outside") == []


@pytest.mark.browser
def test_a_claim_is_put_right_in_a_form(graph, widget, shown):
    tab = shown(widget)
    tab.locator(".kg-review").focus()
    tab.keyboard.press("e")
    assert tab.get_by_label("Who", exact=True).input_value() == "CoreWeave"
    tab.get_by_label("Who", exact=True).fill("Nobody")
    tab.keyboard.press("Enter")
    tab.get_by_text("does not name 'Nobody'").wait_for()
    assert tab.get_by_label("Who", exact=True).input_value() == "Nobody", "what was refused can be written anew"
    tab.get_by_label("Who", exact=True).fill("CoreWeave")
    tab.get_by_label("Said as").select_option("planned")
    tab.get_by_role("button", name="Keep").click()
    tab.get_by_text("Wrong: CoreWeave supplies OpenAI").wait_for()
    assert words(graph)[0].correction.modality == "planned"


@pytest.mark.browser
def test_the_buttons_are_named_and_the_claim_that_is_up_is_told(graph, shown):
    tab = shown(graph.review(AUTHOR, lang="fr").widget())
    tools = tab.get_by_role("toolbar", name="Juger l’affirmation").get_by_role("button")
    assert [one.get_attribute("aria-keyshortcuts") for one in tools.all()] == ["x", "n", "e", "u", "h", "z", "s"]
    assert tab.locator("[aria-current=true]").inner_text().startswith("CoreWeave fournit OpenAI")
    tab.get_by_role("button", name="Incertain").click()
    tab.get_by_text("Incertain : CoreWeave").wait_for()
    assert tab.locator("mark strong").first.inner_text() != ""
