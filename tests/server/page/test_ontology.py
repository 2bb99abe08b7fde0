"""The ontology's page tells of every term, at its anchor, in both languages; its graph is what the files say."""

import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest

from kg.ontology import NAMESPACE, ontology, turtle
from kg.server.page import LANGUAGES, ontology_graph, ontology_page
from kg.server.page.markup import page
from kg.server.page.ontology_terms import ontology_terms
from kg.store.checks import rules
from kg.view.markup import element
from kg.wording.pages import WORDINGS


def tree(lang):
    text = ontology_page(lang)
    # The page's void elements are all in its head.
    return ET.fromstring(re.sub(r"<head>.*?</head>", "", text.partition("\n")[2], flags=re.DOTALL))  # noqa: S314 - our own page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_term_stands_at_its_local_name(lang):
    found = {node.get("id"): "".join(node.itertext()) for node in tree(lang).iter() if node.get("class") == "term"}
    triples = ox.parse(turtle("kg.ttl"), ox.RdfFormat.TURTLE)
    named = {triple.subject.value for triple in triples if isinstance(triple.subject, ox.NamedNode)}
    locals_ = {iri.removeprefix(NAMESPACE) for iri in named if iri.startswith(NAMESPACE)}
    assert locals_ == {name for name in found if name}
    for relation in ontology().relations.values():
        text = found[relation.iri.removeprefix(NAMESPACE)]
        assert relation.label[lang] in text
        assert relation.comment[lang] in text
        assert relation.name in text
        assert (WORDINGS[lang]["symmetric"] in text) is relation.symmetric


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_link_within_the_page_has_its_target_and_no_id_stands_twice(lang):
    nodes = list(tree(lang).iter())
    ids = [node.get("id") for node in nodes if node.get("id")]
    assert len(ids) == len(set(ids))
    targets = [node.get("href")[1:] for node in nodes if (node.get("href") or "").startswith("#")]
    assert len(targets) > 100
    assert set(targets) <= set(ids)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_mappings_rules_and_ends_are_told(lang):
    text = "".join(tree(lang).itertext())
    assert "fibo-opty:hasInvestmentEntity" in text
    assert "wd:P749" in text
    for rule in rules():
        assert rule.message[lang] in text
    [stake] = [term for term in ontology_terms()["relations"] if term.local == "holdsStake"]
    assert [link.name for link in stake.links["domain"]] == ["kg:Agent"]
    assert [link.name for link in stake.links["range"]] == ["kg:LegalEntity"]


def test_the_terms_are_grouped_as_the_ontology_has_them():
    groups = ontology_terms()
    assert [term.local for term in groups["classes"]] == list(ontology().classes)
    assert {term.name for name in ("relations", "figures") for term in groups[name]} == set(ontology().relations)
    assert {term.name for term in groups["qualifiers"]} == set(ontology().qualifiers)
    assert {term.name for term in groups["modalities"]} == set(ontology().modalities)
    assert "Claim" in {term.local for term in groups["claim"]}


@pytest.mark.parametrize(
    "form", [ox.RdfFormat.TURTLE, ox.RdfFormat.N_TRIPLES, ox.RdfFormat.RDF_XML, ox.RdfFormat.JSON_LD]
)
def test_the_graph_is_what_the_files_say(form):
    told = {quad.triple for quad in ox.parse(ontology_graph(form), form)}
    for name in ("kg.ttl", "mappings.ttl"):
        assert {quad.triple for quad in ox.parse(turtle(name), ox.RdfFormat.TURTLE)} <= told


def test_the_pages_say_everything_in_each_language():
    first, *others = WORDINGS.values()
    for other in others:
        assert list(other) == list(first)
        for name, text in first.items():
            assert sorted(set(re.findall(r"\{\d\}", text))) == sorted(set(re.findall(r"\{\d\}", other[name])))


class Tags(HTMLParser):
    """Takes down the tags and the texts of a page, as a browser reads them."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.texts = [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.texts.append(data)


def test_no_text_becomes_markup(payloads):
    for payload in payloads:
        parts = [element("p", payload, title=payload), element("p", "a", payload, element("br"), payload)]
        read = Tags(page("en", "title", parts))
        tags = [tag for tag, _ in read.tags]
        assert tags == ["html", "head", *["meta"] * 3, "title", *["link"] * 2, "body", "p", "p", "br"]
        assert read.tags[-3] == ("p", {"title": payload})
        assert "".join(read.texts).strip() == f"title{payload}a{payload}{payload}".strip()
