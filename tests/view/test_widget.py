"""The viewer in a notebook: a widget, and what is left of it where no kernel runs."""

import base64
import gzip
import html
import json
import re

import pytest

import kg
from kg.view.widget import ViewWidget


@pytest.fixture
def graph(story):
    from kg.store import DocumentClaims

    with kg.open() as graph:
        graph.store.commit([DocumentClaims(document, claims) for document, claims in story])
        yield graph


def test_a_view_is_a_widget_that_holds_what_is_near_a_company(graph):
    widget = graph.view(company="CoreWeave", hops=1, as_of="2025-03")
    assert isinstance(widget, ViewWidget)
    view = json.loads(widget.data)
    assert view["focus"] == widget.selected == "company/coreweave"
    assert view["asOf"] == "2025-03-31"
    assert {one["name"] for one in view["companies"]} >= {"CoreWeave", "Nvidia", "OpenAI"}


def test_saved_html_shows_the_whole_page(graph):
    bundle = graph.view()._repr_mimebundle_()
    bundle = bundle[0] if isinstance(bundle, tuple) else bundle
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/html"].startswith("<iframe srcdoc=")
    [packed] = re.findall('id="data">([^<]*)<', html.unescape(bundle["text/html"]))
    assert "CoreWeave" in gzip.decompress(base64.b64decode(packed)).decode()
    assert graph.view().static().data == bundle["text/html"]


@pytest.mark.browser
def test_selection_goes_to_python_and_back(graph, opened):
    """The widget's own module, with a model that keeps what it is told."""
    widget = graph.view()
    script = f"""
      const traits = {json.dumps({"data": widget.data, "state": "", "selected": "", "height": "500px"})}, heard = {{}};
      window.model = {{ get: (name) => traits[name], set: (name, value) => {{ traits[name] = value; }},
        save_changes: () => {{ window.saved = {{ ...traits }}; }}, on: (event, act) => {{ heard[event] = act; }} }};
      window.tell = (name, value) => {{ traits[name] = value; heard["change:" + name](); }};
      const module = await import(URL.createObjectURL(new Blob([document.getElementById("esm").textContent],
        {{ type: "text/javascript" }})));
      module.default.render({{ model: window.model, el: document.getElementById("place") }});
    """.replace("</", "<\\/")
    page = (
        f"<!doctype html><meta charset=utf-8><title>w</title><style>{widget._css}</style><div id=place></div>"
        f'<script type="text/plain" id="esm">{widget._esm}</script><script type="module">{script}</script>'
    )
    with opened(page) as tab:
        tab.locator("tbody button").first.click()
        assert tab.evaluate("saved.selected") in {line["id"] for line in json.loads(widget.data)["lines"]}
        tab.evaluate("tell('selected', 'company/nvidia')")
        assert tab.locator(".panel h2").inner_text() == "Nvidia"
