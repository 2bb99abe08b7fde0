"""The pages in a real Chromium, under the server's policy: asking, reading, sharing, and hostile answers."""

import json
import re

import pyoxigraph as ox
import pytest

from kg.ontology import ontology
from kg.query import questions, run
from kg.server.page import LANGUAGES, landing

pytestmark = pytest.mark.browser

EDITOR = ".cm-content"
FILLED = {"entity": ("CoreWeave", "OpenAI"), "relation": ("supplies",), "date": ("2024", "2026"), "text": ("capital",)}


def write(tab, text):
    tab.locator(EDITOR).click()
    tab.keyboard.press("ControlOrMeta+a")
    tab.keyboard.insert_text(text)
    tab.keyboard.press("Escape")  # an open list of completions


def ask(tab, text):
    write(tab, text)
    tab.keyboard.press("ControlOrMeta+Enter")
    done(tab)


def done(tab):
    tab.locator("#stop:disabled").wait_for()


def heads(tab):
    return tab.locator("#results th").all_inner_texts()


def rows(tab):
    return [row.locator("td").all_inner_texts() for row in tab.locator("#results tbody tr:not(.below)").all()]


def canned(columns, bindings):
    found = {"head": {"vars": columns}, "results": {"bindings": bindings}}
    return json.dumps(found), "application/sparql-results+json"


# ---------------------------------------------------------------- asking
def test_a_query_is_written_run_and_read(opened):
    with opened() as tab:
        ask(tab, "SELECT ?a (2.5 AS ?b) ('x'@en AS ?c) (42 AS ?d) WHERE { BIND(<https://schema.org/name> AS ?a) }")
        assert heads(tab) == ["a", "b", "c", "d"]
        assert rows(tab) == [["schema:name", "2.5", "x @en", "42"]]
        aligned = "(cell) => getComputedStyle(cell).textAlign"
        assert tab.locator("td").nth(1).evaluate(aligned) == "end"
        assert tab.locator("td").nth(0).evaluate(aligned) == "start"
        assert re.fullmatch(r"1 row, [\d.]+ s", tab.locator("#status").inner_text())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_comes_with_a_query_that_answers(opened, lang):
    with opened(f"?lang={lang}") as tab:
        assert tab.locator("html").get_attribute("lang") == lang
        tab.locator("#run").click()
        tab.locator("#results table").wait_for()
        assert rows(tab) == [["CoreWeave", "Microsoft"], ["CoreWeave", "OpenAI"]]


def test_ask_is_yes_or_no_and_construct_is_turtle(opened):
    with opened("?lang=fr") as tab:
        ask(tab, "ASK { ?s ?p ?o }")
        assert tab.locator("#results").inner_text() == "Oui"
        ask(tab, "ASK { <x:y> ?p ?o }")
        assert tab.locator("#results").inner_text() == "Non"
        ask(tab, "CONSTRUCT { <x:a> <x:b> 'c' } WHERE {}")
        assert tab.locator("#results pre").inner_text().strip().endswith('<x:a> <x:b> "c" .')
        assert tab.locator("#downloads button").all_inner_texts() == ["Turtle", "N-Triples", "JSON-LD"]


def test_an_error_is_one_line_and_its_place_is_marked(opened):
    with opened(troubles=True) as tab:
        ask(tab, "SELECT *\nWHERE { ?s ?p }")
        trouble = tab.locator("#trouble")
        assert trouble.get_attribute("role") == "alert"
        assert "line 2, column 16" in trouble.inner_text()
        assert "\n" not in trouble.inner_text()
        assert tab.locator(".cm-wrong").inner_text() == "WHERE { ?s ?p }"
        ask(tab, "ASK {}")
        assert trouble.is_hidden()
        assert tab.locator(".cm-wrong").count() == 0


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (("too slow: stopped after 10 s\n", "text/plain; charset=utf-8", 503), "too slow: stopped after 10 s"),
        (("<h1>Bad gateway</h1>", "text/html", 502), "The server refused the question (502 Bad Gateway)."),
        (('{"head": {"vars": ["a"]}, "results": {"bind', "application/sparql-results+json"), "The answer broke off"),
    ],
)
def test_whatever_goes_wrong_is_told_in_one_line(opened, served, answer, told):
    served.canned = answer
    with opened(troubles=True) as tab:
        ask(tab, "ASK {}")
        assert told in tab.locator("#trouble").inner_text()
        assert "\n" not in tab.locator("#trouble").inner_text()


def test_a_running_query_can_be_stopped(opened, served):
    with opened() as tab:
        served.held.clear()
        write(tab, "ASK {}")
        tab.locator("#run").click()
        assert tab.locator("#status").inner_text() == "Running …"
        tab.locator("#stop").click()
        done(tab)
        assert tab.locator("#status").inner_text() == "Stopped."
        served.held.set()


def test_an_older_answer_never_covers_a_newer_one(opened, served):
    with opened() as tab:
        served.held.clear()
        write(tab, "SELECT ('old' AS ?x) {}")
        tab.keyboard.press("ControlOrMeta+Enter")
        write(tab, "SELECT ('new' AS ?x) {}")
        tab.keyboard.press("ControlOrMeta+Enter")
        served.held.set()
        tab.locator("#results table").wait_for()
        tab.wait_for_timeout(200)
        assert rows(tab) == [["new"]]


def test_a_long_answer_is_shown_in_steps(opened, served):
    served.canned = canned(["n"], [{"n": {"type": "literal", "value": str(at)}} for at in range(450)])
    with opened() as tab:
        ask(tab, "ASK {}")
        assert tab.locator("#status").inner_text().startswith("450 rows")
        counts = []
        for _ in range(2):
            counts.append(tab.locator("tbody tr").count())
            tab.locator(".more button").focus()
            tab.keyboard.press("Enter")
            assert tab.evaluate("document.activeElement.tagName") == "TR", "the focus is at the first new row"
        assert [*counts, tab.locator("tbody tr").count()] == [200, 400, 450]
        assert tab.locator(".more").count() == 0


@pytest.mark.parametrize(("lang", "amount"), [("en", "11,900,000,000"), ("fr", "11\u202f900\u202f000\u202f000")])
def test_amounts_have_their_digits_grouped_and_years_not(opened, lang, amount):
    with opened(f"?lang={lang}") as tab:
        ask(tab, "SELECT (11900000000 AS ?amount) (2024 AS ?year) (-12345.5 AS ?loss) {}")
        loss = {"en": "-12,345.5", "fr": "-12\u202f345,5"}[lang]
        assert tab.locator("#results td").all_text_contents() == [amount, "2024", loss]


def test_the_sentence_stands_below_its_row_in_view(opened):
    with opened("#library=about&company=CoreWeave", width=390) as tab:
        tab.locator("#results q").first.wait_for()
        assert "sentence" not in heads(tab)
        assert tab.locator("tr.below").count() == tab.locator("tr.above").count() > 3
        scroll = tab.locator(".scroll").bounding_box()
        for at in range(tab.locator("tr.below q").count()):
            box = tab.locator("tr.below q").nth(at).bounding_box()
            assert box["x"] + box["width"] <= scroll["x"] + scroll["width"]


def test_columns_without_a_value_are_named_and_left_out(opened):
    with opened() as tab:
        ask(tab, "SELECT ?a ?none (1 AS ?b) WHERE { VALUES ?a { 2 } }")
        assert heads(tab) == ["a", "b"]
        assert tab.locator(".more").inner_text() == "Columns without a value are left out: none"


@pytest.mark.parametrize(
    ("label", "starts"),
    [("CSV", b"s,n\r\n"), ("TSV", b"?s\t?n\n"), ("JSON", b'{"head"'), ("XML", b"<?xml")],
)
def test_an_answer_can_be_taken_away(opened, label, starts, tmp_path):
    with opened() as tab:
        ask(tab, "SELECT (<x:y> AS ?s) (1 AS ?n) {}")
        with tab.expect_download() as found:
            tab.get_by_role("button", name=f"Download {label}").click()
        found.value.save_as(tmp_path / "answer")
        assert (tmp_path / "answer").read_bytes().startswith(starts)
        assert found.value.suggested_filename == f"answer.{label.lower()}"


# ---------------------------------------------------------------- the address
def test_a_query_can_be_shared_by_its_address_and_gone_back_to(opened, chromium):
    with opened() as tab:
        ask(tab, "SELECT ('été & #1' AS ?x) {}")
        first = tab.url
        ask(tab, "SELECT ('two' AS ?x) {}")
        tab.go_back()
        tab.get_by_text("été & #1").last.wait_for()
        assert tab.url == first
        assert "'été & #1'" in tab.locator(EDITOR).inner_text()
    other = chromium.new_page()
    other.goto(first)
    other.locator("#results table").wait_for()
    assert rows(other) == [["été & #1"]]
    other.close()


def test_the_last_query_is_kept(opened, served):
    with opened() as tab:
        write(tab, "ASK { <x:kept> ?p ?o }")
        tab.goto(served.url)
        assert tab.locator(EDITOR).inner_text() == "ASK { <x:kept> ?p ?o }"
        assert served.asked == [], "what is kept is not run"


def test_the_other_language_keeps_the_question(opened):
    with opened() as tab:
        ask(tab, "ASK {}")
        tab.get_by_role("link", name="Français").click()
        tab.locator("html[lang=fr]").wait_for()
        tab.locator("#results", has_text="Oui").wait_for()


def test_a_resource_leads_to_what_is_said_of_it(opened):
    with opened() as tab:
        ask(tab, "SELECT ?id WHERE { ?id <http://www.w3.org/2000/01/rdf-schema#label> 'Stargate' }")
        tab.locator("#results a").click()
        tab.locator("td", has_text="kg:Programme").wait_for()
        said = {(row[1], row[2]) for row in rows(tab)}
        assert {("rdf:type", "kg:Programme"), ("rdfs:label", "Stargate")} <= said
        assert "rdf:object" in {row[1] for row in rows(tab)}, "what is said of others to it, too"
        assert "programme/stargate" in tab.locator(EDITOR).inner_text()


# ---------------------------------------------------------------- the library
def test_a_question_of_the_library_is_asked_by_names(opened):
    with opened() as tab:
        tab.get_by_text("Who holds shares of a company").click()
        field = tab.locator("#holders-company")
        assert field.get_attribute("placeholder") == "CoreWeave"
        field.fill("CoreWeave")
        field.press("Enter")
        tab.locator("#results table").wait_for()
        assert [row[:2] for row in rows(tab)] == [["Nvidia", "6"], ["Nvidia", "5.2"]]
        assert tab.locator("td q").first.inner_text() == "Nvidia détient 6 % du capital de CoreWeave."
        assert tab.url.endswith("#library=holders&company=CoreWeave")
        tab.reload()
        tab.locator("#results table").wait_for()
        assert tab.locator("#holders-company").input_value() == "CoreWeave"


def test_names_are_suggested_while_one_types(opened):
    with opened() as tab:
        tab.get_by_text("Who holds shares of a company").click()
        tab.locator("#holders-company").press_sequentially("weav")
        tab.locator("#holders-company-names option").wait_for(state="attached")
        assert tab.locator("#holders-company-names option").evaluate_all("(all) => all.map((o) => o.value)") == [
            "CoreWeave"
        ]


def test_a_parameter_that_must_be_given_is_asked_for(opened, served):
    with opened() as tab:
        tab.get_by_text("Who holds shares of a company").click()
        tab.locator("#questions details[open] button[type=submit]").click()
        assert tab.locator("#holders-company:invalid").count() == 1
        assert served.asked == []


def test_a_name_that_the_graph_does_not_hold_is_told(opened):
    with opened(troubles=True) as tab:
        tab.get_by_text("Who holds shares of a company").click()
        tab.locator("#holders-company").fill("Nobody")
        tab.locator("#questions details[open]").get_by_text("Open as SPARQL").click()
        tab.locator("#trouble", has_text="“Nobody”").wait_for()
        tab.locator("#holders-company").press("Enter")
        tab.locator("#trouble", has_text="'Nobody'").wait_for()


def test_questions_can_be_searched(opened):
    with opened() as tab:
        tab.locator("#questions details").first.wait_for()
        tab.locator("#find").fill("revenue")
        shown = tab.locator("#questions details:visible summary").all_inner_texts()
        assert 1 <= len(shown) < 5
        assert all("revenue" in title.lower() or "figures" in title.lower() for title in shown)


def values_of(query):
    """A value for each parameter, so that the story answers most questions."""
    given, left = {}, {kind: list(values) for kind, values in FILLED.items()}
    for parameter in query.parameters:
        # Of one company of the story not every relation is told, in either direction.
        narrows = parameter.name in {"only", "who", "whom"} and not parameter.required
        if left.get(parameter.kind) and not narrows:
            given[parameter.name] = left[parameter.kind].pop(0)
    return given


def columns_and_terms(store, sparql):
    # A function of its own, so that the answer ends with it: pyoxigraph's must end in the thread that asked, and the
    # garbage collector, which would clear away the frames of a test in a browser, may run in the server's.
    found = store.query(sparql)
    return tuple(variable.value for variable in found.variables), [tuple(row) for row in found]


def test_a_question_opened_as_sparql_gives_the_same_rows(opened, served):
    answered = 0
    with opened() as tab:
        tab.locator("#questions details").first.wait_for()
        for query in questions().values():
            if not query.text:
                continue
            values = values_of(query)
            if values:
                form = tab.locator("details", has=tab.locator(f"[id='{query.name}-{next(iter(values))}']"))
                form.locator("summary").click()
                for name, value in values.items():
                    field = tab.locator(f"#{query.name}-{name}")
                    (field.select_option if name in {"only", "relation"} else field.fill)(value)
                before = tab.evaluate("location.hash")
                form.get_by_text("Open as SPARQL").click()
                tab.locator(f"{EDITOR}:focus").wait_for()
                tab.keyboard.press("ControlOrMeta+Enter")
                done(tab)
                assert tab.evaluate("location.hash") != before
                text = tab.evaluate("new URLSearchParams(location.hash.slice(1)).get('query')")
                named = run(served.store, query.name, [f"{name}={value}" for name, value in values.items()])
                # What is left empty is a column without a value.
                empty = {parameter.name for parameter in query.parameters} - values.keys()
                columns, terms = columns_and_terms(served.store, text)
                shown = [place for place, column in enumerate(columns) if column not in empty]
                assert [columns[place] for place in shown] == list(named.columns), query.name
                assert [tuple(row[place] for place in shown) for row in terms] == list(named.terms), query.name
                answered += bool(terms)
    assert answered > 10


# ---------------------------------------------------------------- the editor
def test_a_term_is_completed_and_its_prefix_declared(opened):
    with opened() as tab:
        write(tab, "SELECT * WHERE { ?s kg:holdsSt")
        tab.keyboard.press("Control+Space")
        tab.locator(".cm-tooltip-autocomplete li[aria-selected]").wait_for()
        assert "holds a stake in" in tab.locator(".cm-tooltip-autocomplete").inner_text()
        tab.wait_for_timeout(150)  # CodeMirror takes no Enter in the first moment of a list
        tab.keyboard.press("Enter")
        assert tab.locator(EDITOR).inner_text() == (
            "PREFIX kg: <https://w3id.org/company-kg/ontology#>\nSELECT * WHERE { ?s kg:holdsStake"
        )


@pytest.mark.parametrize(
    ("typed", "offered"), [("PREFIX sk", "skos: <"), ("?x ?", "?x"), ("hold", "holders"), ("filt", "FILTER")]
)
def test_prefixes_variables_and_the_library_are_offered(opened, typed, offered):
    with opened() as tab:
        tab.locator("#questions details").first.wait_for()
        write(tab, "")
        tab.keyboard.press("ControlOrMeta+a")
        tab.keyboard.press("Delete")
        tab.keyboard.type(typed)
        tab.keyboard.press("Control+Space")
        tab.locator(".cm-tooltip-autocomplete li", has_text=offered).first.wait_for()


def test_brackets_match_and_undo_undoes(opened):
    with opened() as tab:
        write(tab, "ASK ")
        tab.wait_for_timeout(600)  # what is typed at a stretch is undone at once
        tab.keyboard.type("{")
        assert tab.locator(EDITOR).inner_text() == "ASK {}"
        assert tab.locator(".cm-matchingBracket").count() == 2
        tab.keyboard.press("ControlOrMeta+z")
        assert tab.locator(EDITOR).inner_text() == "ASK "


# ---------------------------------------------------------------- everybody
def test_the_page_is_used_by_keyboard_alone(opened):
    with opened() as tab:
        tab.locator("#questions details").first.wait_for()
        focus = (
            "() => { const at = document.activeElement;"
            " return at.shadowRoot?.activeElement?.className ?? (at.id || at.textContent); }"
        )
        tab.keyboard.press("Tab")
        assert tab.evaluate(focus) == "To the questions"
        tab.keyboard.press("Enter")
        tab.keyboard.press("Tab")
        assert tab.evaluate(focus) == "find"
        tab.keyboard.type("holds shares of a company, and")
        tab.keyboard.press("Tab")
        tab.keyboard.press("Enter")
        tab.keyboard.press("Tab")
        assert tab.evaluate(focus) == "holders-company"
        outlined = "getComputedStyle(document.activeElement).outlineStyle"
        assert tab.evaluate(outlined) == "solid"
        tab.keyboard.type("CoreWeave")
        tab.keyboard.press("Escape")
        tab.keyboard.press("Tab")
        assert tab.evaluate(outlined) == "solid"
        tab.keyboard.press("Enter")
        tab.locator("#results table").wait_for()
        reached = []
        for _ in range(20):
            tab.keyboard.press("Tab")
            reached.append(tab.evaluate(focus))
        assert any("cm-content" in one for one in reached)
        assert "run" in reached, "Tab leaves the editor"
        assert "CSV" in reached


@pytest.mark.parametrize("path", ["", "ontology"])
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390)])
def test_no_page_is_wider_than_the_window(opened, path, lang, scheme, width):
    with opened(f"{path}?lang={lang}", width=width, scheme=scheme) as tab:
        if not path:
            tab.get_by_text("holds shares of" if lang == "en" else "détient des parts").first.click()
            ask(tab, "SELECT * { ?s ?p ?o } LIMIT 30")
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        background = tab.evaluate("getComputedStyle(document.body).backgroundColor")
        assert background == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 24, 31)"}[scheme]


@pytest.mark.parametrize("path", ["", "ontology"])
@pytest.mark.parametrize(("lang", "scheme", "width"), [("en", "light", 1280), ("fr", "dark", 390)])
def test_axe_finds_nothing_to_say_of_accessibility(opened, path, lang, scheme, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    with opened(f"{path}?lang={lang}", width=width, scheme=scheme, troubles=True) as tab:
        if not path:
            tab.locator("#questions summary").nth(1).click()
            for query in ("SELECT * { ?s ?p ?o } LIMIT 30", "CONSTRUCT WHERE { ?s ?p ?o }", "no SPARQL"):
                ask(tab, query)
                found = axe.run(tab).response["violations"]
                assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
        found = axe.run(tab).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


def test_without_scripts_the_page_says_where_programs_ask(chromium, served):
    context = chromium.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(served.url)
    assert "The editor needs JavaScript" in tab.locator("main").inner_text()
    context.close()


def test_no_text_of_an_answer_can_do_harm(opened, served, payloads):
    columns = ["a", "sentence", *payloads[:3]]
    bindings = [
        {
            "a": {"type": "uri", "value": payload},
            "sentence": {"type": "literal", "value": payload, "xml:lang": payload},
            payloads[0]: {"type": "literal", "value": payload, "datatype": payload},
            payloads[1]: {"type": "bnode", "value": payload},
            payloads[2]: {"type": "triple", "value": {"subject": payload}},
        }
        for payload in payloads
    ]
    served.canned = canned(columns, bindings)
    with opened() as tab:
        ask(tab, "ASK {}")
        assert tab.locator("#results tbody tr:not(.below)").count() == len(payloads) >= 40
        assert tab.locator("#results :is(script,img,svg,iframe,style,link,form,object,video,base,meta)").count() == 0
        assert all(
            link.startswith("#query=")
            for link in tab.locator("#results a").evaluate_all("(all) => all.map((a) => a.getAttribute('href'))")
        )
        for summary in tab.locator("#results summary").all():
            summary.click()
        served.canned = (" ".join(payloads), "text/turtle")
        ask(tab, "ASK {}")
        assert tab.locator("#results pre *").count() == 0
        tab.wait_for_timeout(200)


@pytest.mark.parametrize("kind", ["refusal", "query", "company"])
def test_no_error_query_or_address_can_do_harm(opened, served, payloads, kind):
    with opened(troubles=True) as tab:
        tab.locator("#questions details").first.wait_for()
        for payload in payloads[:36]:
            if kind == "refusal":
                served.canned = (payload, "text/plain; charset=utf-8", 400)
                tab.locator("#run").click()
            else:
                said = {"query": payload} if kind == "query" else {"library": "holders", "company": payload}
                tab.evaluate("(said) => { location.hash = new URLSearchParams(said) }", said)
            done(tab)
        assert tab.locator("#trouble *").count() == 0
        assert tab.locator("#results :is(script,img,svg,iframe,style,link,form,object,video,base,meta)").count() == 0
        tab.wait_for_timeout(200)


def test_the_policy_stands_behind_all_that(chromium, served):
    """Were markup to get in all the same, the browser would not run it."""
    tab = chromium.new_page()
    tab.goto(served.url)
    tab.locator("#questions details").first.wait_for()
    tab.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.harm = 1\">')")
    tab.wait_for_timeout(200)
    assert tab.evaluate("window.harm") is None
    tab.close()


def test_the_page_carries_no_tag_out_of_its_data():
    for lang in LANGUAGES:
        data = re.search(r'<script type="application/json" id="data">(.*?)</script>', landing(lang), re.DOTALL)[1]
        assert "<" not in data
        found = json.loads(data)
        assert {relation["name"] for relation in found["relations"]} == set(ontology().relations)
        ox.Store().query(found["words"]["starter"])
