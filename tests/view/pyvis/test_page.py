"""The page as text: whole, offline, the same every time, and strict about what may run."""

import base64
import hashlib
import importlib.util
import json
import re
import sys
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser

import pytest

from kg.errors import MissingExtra, QueryError
from kg.facts import facts_of
from kg.model import Claim, Entity, Evidence, Figure, Modality
from kg.ontology import ontology
from kg.view import view_data
from kg.view.clock import lines_on
from kg.view.colours import DARK, LIGHT, contrast, pair
from kg.view.presentation import STYLES
from kg.view.pyvis import LARGEST, page
from kg.view.pyvis.elements import elements
from kg.view.pyvis.presentation import label, presentation


def page_of(claims, documents=None, *, title="Some", **options):
    """The page of some claims."""
    return page(view_data(claims, documents or {}, title=title, size=LARGEST, **options))


pytestmark = pytest.mark.slow  # compiles, or draws large pages


class Parts(HTMLParser):
    """The elements of a page with their attributes, and the text of its scripts and styles."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.elements, self.raw, self.inside = [], [], False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag in {"script", "style"}:
            self.raw.append((tag, dict(attrs), []))
            self.inside = True

    def handle_endtag(self, tag):  # noqa: ARG002 - the signature is HTMLParser's
        self.inside = False

    def handle_data(self, data):
        if self.inside:
            self.raw[-1][2].append(data)

    def texts(self, tag, kind=None):
        return ["".join(data) for name, attrs, data in self.raw if name == tag and attrs.get("type") == kind]


def data(html, key):
    [text] = re.findall(rf'<script type="application/json" id="{key}">(.*?)</script>', html, re.DOTALL)
    return json.loads(text)


def chain(count, relation="partners-with", each=1):
    """Companies in a row, each tied to the next; of a row of suppliers, all chains in it would be told."""
    firms = [Entity(f"company/{at:05}", f"Firm {at}", "Company") for at in range(count)]
    quote = Evidence("d", 0, 5, "quote", "en")
    for at in range(count - 1):
        for more in range(each):
            evidence = replace(quote, start=more, end=more + 5)
            said = {"percent": Decimal(more % 100), "as_of": str(1900 + more // 100)} if each > 1 else {}
            like = Claim(firms[at], relation, firms[at + 1], Modality.ASSERTED, (evidence,))
            yield replace(like, qualifiers=replace(like.qualifiers, **said))


def test_the_page_is_whole_and_asks_for_nothing(story_page):
    parts = Parts(story_page)
    asking = [(tag, attrs) for tag, attrs in parts.elements if {"src", "href", "action", "data"} & attrs.keys()]
    assert {attrs.get("href") for _, attrs in asking} == {"data:,", "#relations"}
    assert [attrs for _, attrs in parts.elements if any(name.startswith(("on", "style")) for name in attrs)] == []
    assert not re.search(r"@import|url\(", parts.texts("style")[0])
    assert len(story_page.encode()) < 600_000


def test_the_policy_allows_these_scripts_and_this_style_by_hash_and_nothing_else(story_page):
    parts = Parts(story_page)
    [policy] = [a["content"] for _, a in parts.elements if a.get("http-equiv") == "Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))

    def hashes(texts):
        return {f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in texts}

    assert rules["default-src"] == "'none'"
    assert set(rules["script-src"].split()) == hashes(parts.texts("script"))
    assert set(rules["style-src"].split()) == hashes(parts.texts("style"))
    assert "unsafe" not in policy


def test_the_same_claims_give_the_same_page(claims, documents, story_page):
    assert page_of(claims, title="OpenAI and CoreWeave", documents=documents) == story_page
    assert page_of(reversed(claims), title="OpenAI and CoreWeave", documents=documents) == story_page


def test_data_in_the_page_cannot_end_its_script(claims):
    name = "</script><script>\u2028\u2029&'\"{{ 7*7 }}"
    hostile = [replace(claims[0], subject=Entity("company/x", name, "Company"))]
    html = page_of(hostile, title=name)
    assert name not in html
    assert "{{ 7*7 }}" in data(html, "facts")["edges"]["e0"]["subject"]
    assert "\u2028" not in html
    assert "7*7" in html
    assert "49" not in data(html, "facts")["edges"]["e0"]["subject"]


def test_ids_are_opaque_and_parallel_lines_part(story_page):
    nodes, edges = data(story_page, "nodes"), data(story_page, "edges")
    assert {node["id"] for node in nodes} == {f"n{at}" for at in range(7)}
    assert {edge["id"] for edge in edges} == {f"e{at}" for at in range(11)}
    paths = [
        (
            frozenset((e["from"], e["to"])),
            (e["from"] < e["to"]) is (e["smooth"].get("type") == "curvedCW"),
            json.dumps(e["smooth"]),
        )
        for e in edges
    ]
    assert len(set(paths)) == len(paths), "two lines lie on one another"


def test_a_symmetric_relation_has_no_arrow(story_page):
    arrows = {edge["relation"]: edge["arrows"] for edge in data(story_page, "edges")}
    assert (arrows["competes-with"], arrows["supplies"]) == ("", "to")


@pytest.mark.parametrize("modality", list(Modality))
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_only_a_fact_looks_like_one(claims, modality, lang):
    claim = replace(claims[0], modality=modality)
    [edge] = data(page_of([claim], title="One", lang=lang), "edges")
    word = ontology().modalities[modality].label[lang]
    if modality is Modality.ASSERTED:
        assert edge["dashes"] is False
        assert word not in edge["label"] + edge["short"]
    else:
        assert edge["dashes"]
        assert word in edge["label"]
        assert word in edge["short"]


def test_each_group_of_modalities_has_its_own_stroke(claims):
    dashes = {}
    for modality in Modality:
        [edge] = data(page_of([replace(claims[0], modality=modality)], title="One"), "edges")
        dashes.setdefault(STYLES[modality], set()).add(json.dumps(edge["dashes"]))
    assert [len(found) for found in dashes.values()] == [1] * 4
    assert len(set.union(*dashes.values())) == 4


def test_an_edge_says_relation_and_short_terms_in_both_languages(claims):
    view = view_data(claims[:1], {}, title="One")
    [line] = lines_on(view, view["asOf"])
    assert label(line, "en") == ("supplies", "11.9 bn USD · 5 y", "11.9 bn USD · 5 y")
    assert label(line, "fr") == ("fournit", "11,9 Md USD · 5 a", "11,9 Md USD · 5 a")


def test_a_line_gives_each_sentence_and_its_source(claims, documents):
    view = view_data(claims[:1], documents, title="One")
    [line] = lines_on(view, view["asOf"])
    row = presentation(line, view, "en")
    assert row["terms"] == "11.9 bn USD over 5 years, puissance de calcul"
    [source] = row["sources"]
    assert source["quote"] == claims[0].evidence[0].quote
    assert (source["title"], source["document"], source["date"]) == ("OpenAI et CoreWeave", "deal.txt", "2025-03-11")


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.org/a?b=1", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt://example.org/%0Aalert(1)", False),
        ("data:text/html,<script>", False),
        ("https://user@example.org", False),
        ("https:///nowhere", False),
        ("https://exa\nmple.org", False),
        ("https://[broken", False),
        ("file:///etc/passwd", False),
    ],
)
def test_only_web_addresses_become_links(claims, documents, url, kept):
    linked = {"deal.txt": replace(documents["deal.txt"], url=url)}
    view = view_data(claims[:1], linked, title="One")
    [line] = lines_on(view, view["asOf"])
    [source] = presentation(line, view, "en")["sources"]
    assert source["url"] == (url if kept else "")


def test_direction_marks_in_names_are_taken_out(claims):
    turned = replace(claims[0], subject=Entity("company/x", "Acme \u202egro.live\u202c", "Company"))
    html = page_of([turned], title="\u2066turned")
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", html)
    assert not re.search(r"\\u20(2[a-e]|6[6-9])", html.partition('id="nodes"')[2].partition("<script>")[0])


def test_the_table_lists_every_relation_and_figure(claims, documents):
    figure = replace(claims[0], relation="revenue", object=Figure(Decimal("1.92e9"), "USD"))
    html = page_of([*claims, figure], title="All", documents=documents)
    assert html.count("<tr class=") == 12
    assert "1.92 bn USD" in html
    assert "7 entities · 11 relations · 1 figure · 2 sources" in html
    assert next(iter(data(html, "facts")["figures"].values()))[0]["relation"] == "has revenue of"


def test_the_legend_has_what_is_drawn_in_the_colours_of_the_ontology(story_page):
    for name in ("supplies", "invests-in", "holds-stake", "competes-with"):
        assert f'data-relation="{name}"' in story_page
        assert ontology().relation(name).colour in story_page
    assert 'data-relation="lends-to"' not in story_page
    assert re.findall(r'data-modality="([a-z]+)"', story_page) == ["asserted", "planned", "denied"]


@pytest.mark.parametrize("term", [*ontology().relations.values(), *ontology().classes.values()], ids=lambda t: t.name)
def test_every_colour_can_be_seen_on_both_grounds(term):
    if term.colour:
        both = pair(term.colour)
        assert contrast(both.light, LIGHT) >= 3
        assert contrast(both.dark, DARK) >= 3


def test_the_page_shows_what_holds_on_its_day_and_says_which(claims, documents):
    stake = replace(claims[3], qualifiers=replace(claims[3].qualifiers, end="2025"))
    pages = {day: page_of([stake], documents, as_of=day) for day in ("2024", "2025-06-30", "2026")}
    assert {day: [edge["undecided"] for edge in data(html, "edges")] for day, html in pages.items()} == {
        "2024": [],
        "2025-06-30": [True],
        "2026": [],
    }
    assert "as of 2025-06-30" in pages["2025-06-30"]
    assert "1 relation · 1 undecided" in pages["2025-06-30"]
    assert "(undecided)" in data(pages["2025-06-30"], "edges")[0]["label"]


def test_retracted_claims_are_not_shown(claims):
    html = page_of([replace(claims[0], retracted_at="2025-04-01T00:00:00Z"), *claims[1:]], title="Rest")
    assert "11.9 bn" not in html
    assert html.count("<tr class=") == 10


def test_a_large_graph_shows_its_most_connected_part_and_says_so():
    many = list(chain(LARGEST[0] + 50))
    hub = [replace(many[at * 7], subject=many[300].subject) for at in range(30)]
    html = page_of([*many, *hub], title="Large")
    assert len(data(html, "nodes")) == LARGEST[0]
    assert "50 entities and" in html
    assert html.count("<tr class=") == len(facts_of([*many, *hub]))
    assert max(data(html, "nodes"), key=lambda node: node["size"])["label"] == "Firm 300"


def test_too_many_lines_leave_out_the_least_connected():
    drawn = elements(view_data(chain(8, each=160), {}, title="Many", size=LARGEST))
    assert 0 < len(drawn.edges) <= LARGEST[1] < 7 * 160
    assert drawn.left_out == (8 - len(drawn.nodes), 7 * 160 - len(drawn.edges))


def test_a_long_table_says_where_it_ends(monkeypatch):
    monkeypatch.setattr(sys.modules[page.__module__], "LONGEST_TABLE", 60)
    html = page_of(chain(3, each=31), title="Long")
    assert html.count("<tr class=") == 60
    assert "The first 60 of 62 relations are listed" in html


def test_a_focus_is_drawn_however_few_lines_it_has():
    drawn = elements(view_data(chain(LARGEST[0] + 200), {}, title="Focus", focus="company/00590", size=LARGEST))
    assert "Firm 590" in {node.company["name"] for node in drawn.nodes}


def test_a_relation_of_a_company_with_itself_is_drawn(claims):
    [edge] = data(page_of([replace(claims[0], object=claims[0].subject)], title="Self"), "edges")
    assert edge["from"] == edge["to"]


def test_nodes_keep_apart_and_stand_still():
    first, second = (elements(view_data(chain(60), {}, title="Row", size=LARGEST)) for _ in range(2))
    assert first == second
    places = [(node.company["x"], node.company["y"]) for node in first.nodes]
    near = min((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 for at, a in enumerate(places) for b in places[:at]) ** 0.5
    assert near > 60


def test_another_language_is_refused_in_one_line(claims):
    with pytest.raises(QueryError, match="a page cannot be written in 'de': choose one of en, fr"):
        page_of(claims, title="Nein", lang="de")


@pytest.mark.parametrize("missing", ["pyvis.network", "numpy"])
def test_a_missing_library_is_said_in_one_line(claims, monkeypatch, missing):
    assert importlib.util.find_spec(missing)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(MissingExtra, match=re.escape("pip install 'kg[view]'")):
        page_of(claims, title="None")
