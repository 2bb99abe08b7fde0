"""The viewer's page and its data: whole, offline, the same every time, strict about what may run."""

import base64
import gzip
import hashlib
import json
import re
from dataclasses import replace

import pytest

from kg.errors import InvalidRecord, QueryError, UnknownEntity
from kg.model import Document, Entity, Modality
from kg.store import DocumentClaims, open_store
from kg.view import html_of, store_page, store_view, view_data
from kg.view.html import framed


def data(html):
    [text] = re.findall(r'<script type="application/gzip" id="data">(.*?)</script>', html, re.DOTALL)
    return json.loads(gzip.decompress(base64.b64decode(text)))


@pytest.fixture
def store(story):
    with open_store(None, write=True) as store:
        store.commit([DocumentClaims(document, claims) for document, claims in story])
        yield store


def test_the_page_asks_for_nothing_and_allows_by_hash_only(story_view):
    assert not re.search(r"<(?:img|link(?! rel=\"icon\")|iframe)|src=|@import|url\(", story_view)
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]*)"', story_view)
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    [style] = re.findall("<style>(.*?)</style>", story_view, re.DOTALL)
    [script] = re.findall("<script>(.*?)</script>", story_view, re.DOTALL)

    def hash_of(text):
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    assert (rules["script-src"], rules["style-src"]) == (hash_of(script), hash_of(style))
    assert rules["default-src"] == "'none'"
    assert "unsafe" not in policy
    assert "connect-src" not in policy
    assert "connect-src 'self'" in html_of(data(story_view), "viewer/more")
    assert len(story_view.encode()) < 200_000


def test_the_same_claims_give_the_same_page(claims, documents, story_view):
    again = html_of(view_data(list(reversed(claims)), documents, title="OpenAI and CoreWeave"))
    assert again == story_view


def test_data_in_the_page_cannot_end_its_script(claims):
    name = "</script><script>\u2028\u2029&'\"{{ 7*7 }}{data}"
    html = html_of(view_data([replace(claims[0], subject=Entity("company/x", name, "Company"))], {}, title=name))
    assert name not in html
    assert "{{ 7*7 }}{data}" in data(html)["companies"][0]["name"]
    assert "\u2028" not in html


def test_a_quote_is_marked_in_its_paragraph(claims):
    quote = claims[0].evidence[0].quote
    text = f"A heading\nBefore 🏭 it. {quote} Behind it.\nAnother paragraph"
    document = Document("long.txt", text, "fr", "2025-03-11")
    claim = replace(claims[0], evidence=(document.evidence(text.index(quote), text.index(quote) + len(quote)),))
    view = view_data([claim], {"long.txt": document}, title="Marked")
    [told] = view["lines"][0]["claims"]
    shown, [[start, end]] = view["paragraphs"][told["paragraph"]], told["marks"]
    assert shown == f"Before 🏭 it. {quote} Behind it."
    # As a browser counts: the factory takes two units.
    assert shown.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le") == quote


def test_every_quote_of_a_claim_is_marked_however_far_apart_and_in_whichever_document(claims):
    first, second = claims[0].evidence[0].quote, claims[1].evidence[0].quote
    far = Document("far.txt", f"{second}\n{'x ' * 2000}\n{first} And more.", "fr")
    other = Document("other.txt", "A heading\nThe filer is Nordgate.", "en")
    evidence = (
        far.evidence(far.text.index(first), far.text.index(first) + len(first)),
        far.evidence(0, len(second)),
        other.evidence(other.text.index("The"), len(other.text)),
        Document("gone.txt", "Said elsewhere.", "en").evidence(0, 15),
    )
    claim = replace(claims[0], evidence=evidence)
    view = view_data([claim], {"far.txt": far, "other.txt": other}, title="Apart")
    [told] = view["lines"][0]["claims"]
    shown = view["paragraphs"][told["paragraph"]]
    assert [shown[start:end] for start, end in told["marks"]] == [
        second,
        first,
        "The filer is Nordgate.",
        "Said elsewhere.",
    ]
    assert shown == f"{second} … {first} And more. … The filer is Nordgate. … Said elsewhere."
    assert told["quote"] == claim.quote


def test_lines_at_odds_name_each_other(claims, documents):
    lines = {line["id"]: line for line in view_data(claims, documents, title="Odd")["lines"]}
    odd = [line for line in lines.values() if line.get("against")]
    assert len(odd) >= 2
    assert all(line["id"] in lines[other]["against"] for line in odd for other in line["against"])


def test_each_modality_has_its_style_and_only_a_fact_is_one(claims, documents):
    styles = {one["name"]: one["style"] for one in view_data(claims, documents, title="S")["modalities"]}
    assert set(styles) == {modality.value for modality in Modality}
    assert [name for name, style in styles.items() if style == "fact"] == ["asserted"]


def test_retracted_claims_are_not_shown(claims):
    gone = replace(claims[0], retracted_at="2025-04-01T00:00:00Z")
    assert len(view_data([gone, *claims[1:]], {}, title="Rest")["lines"]) == 10


def test_a_large_graph_opens_on_its_most_connected_part_and_holds_the_rest(many):
    view = view_data(many, {}, title="Many")
    assert len(view["companies"]) == 400
    assert len(view["first"]) <= 120
    assert view["first"][0] == "company/00000" or "company/00000" in view["first"]
    places = [(one["x"], one["y"]) for one in view["companies"]]
    assert len(set(places)) == 400


def test_a_view_around_a_company_tells_what_lies_beyond(store):
    view = store_view(store, company="nvidia", hops=1, as_of="2025-03", lang="fr")
    assert {one["name"] for one in view["companies"]} == {"Nvidia", "CoreWeave"}
    assert (view["focus"], view["asOf"], view["title"]) == ("company/nvidia", "2025-03-31", "Autour de Nvidia")
    assert {one["name"]: one.get("more", 0) for one in view["companies"]}["CoreWeave"] >= 1


def test_what_cannot_be_drawn_is_said_in_one_line(store):
    with pytest.raises(UnknownEntity, match="Did you mean 'Nvidia'"):
        store_page(store, company="Nvidai")
    with pytest.raises(InvalidRecord, match="'soon' is no date"):
        store_page(store, as_of="soon")
    with pytest.raises(QueryError, match="a picture cannot be 'htm': choose one of html, json, pyvis"):
        store_page(store, form="htm")
    with pytest.raises(QueryError, match="a page cannot be written in 'de': choose one of en, fr"):
        store_page(store, lang="de")


def test_the_other_formats(store):
    assert json.loads(store_page(store, form="json"))["format"] == "kg-view/1"
    assert "Drawn by vis-network, offline." in store_page(store, form="pyvis")


def test_a_frame_takes_no_markup_from_its_height(story_view):
    frame = framed(story_view, '500px" onload="x')
    assert 'onload="x"' not in frame
    assert "allow-same-origin" not in frame


@pytest.mark.parametrize("hops", [1, 2, 3])
def test_what_is_near_is_the_same_as_out_of_all_claims(store, hops):
    near = {"company/nvidia"}
    for _ in range(hops):
        ends = [{claim.subject.id, claim.object.id} for claim in store.claims()]
        near |= {id_ for pair in ends if pair & near for id_ in pair}
    wanted = {claim.id for claim in store.claims() if {claim.subject.id, claim.object.id} <= near}
    view = store_view(store, company="nvidia", hops=hops)
    assert {claim["id"] for line in view["lines"] for claim in line["claims"]} == wanted
