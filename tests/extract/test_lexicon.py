"""Every entry of the lexicons is run on its own examples and counter-examples."""

import pytest

from kg.errors import OntologyError
from kg.extract import read
from kg.extract.lexicon import LANGUAGES, load
from kg.extract.rules import Rules
from kg.extract.templates import frames_of
from kg.model import Document
from kg.resolve import Resolver

ENTRIES = [(lang, entry) for lang in LANGUAGES for entry in load(lang).entries]

RULES = (Rules(),)
"""What the sentences below show is how the rules read; the model of the paragraph reads beside them."""


def relations(text, lang):
    extraction = read(Document("example", text, lang, "2025-03-11"), Resolver().kind, RULES)
    return {claim.relation for claim in (*extraction.claims, *extraction.candidates)}


@pytest.mark.parametrize(
    ("lang", "relation", "text"),
    [(lang, entry.relation, text) for lang, entry in ENTRIES for text in entry.examples],
)
def test_an_example_gives_the_relation(lang, relation, text):
    assert relation in relations(text, lang)


@pytest.mark.parametrize(
    ("lang", "relation", "text"),
    [(lang, entry.relation, text) for lang, entry in ENTRIES for text in entry.counter],
)
def test_a_counter_example_does_not(lang, relation, text):
    assert relation not in relations(text, lang)


GRAMMAR = {"prepositions": ["de", "à"], "copulas": ["être"], "of": ["de"], "by": ["par"], "between": ["entre"]}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_entry_has_an_example(lang):
    assert [entry.frames[0].name for entry in load(lang).entries if not entry.examples] == []


def test_a_misspelt_key_is_named():
    with pytest.raises(OntologyError, match=r"entry 3 \(supplies\): unknown key actoin"):
        list(frames_of("fr", 2, {"relation": "supplies", "template": "{A} livrer {B}", "actoin": []}, GRAMMAR))


def test_a_relation_that_the_ontology_lacks_is_named():
    with pytest.raises(OntologyError, match="no such relation"):
        list(frames_of("fr", 0, {"relation": "suplies", "template": "{A} livrer {B}"}, GRAMMAR))
