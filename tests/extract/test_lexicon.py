"""Every entry of the lexicons is run on its own examples and counter-examples."""

import pytest

from kg.errors import OntologyError
from kg.extract import read
from kg.extract.lexicon import LANGUAGES, _frame, load
from kg.model import Document
from kg.resolve import Resolver

FRAMES = [(lang, frame) for lang in LANGUAGES for frame in load(lang).frames]


def relations(text, lang):
    extraction = read(Document("example", text, lang, "2025-03-11"), Resolver().kind)
    return {claim.relation for claim in extraction.claims}


@pytest.mark.parametrize(
    ("lang", "relation", "text"),
    [(lang, frame.relation, text) for lang, frame in FRAMES for text in frame.examples],
)
def test_an_example_gives_the_relation(lang, relation, text):
    assert relation in relations(text, lang)


@pytest.mark.parametrize(
    ("lang", "relation", "text"),
    [(lang, frame.relation, text) for lang, frame in FRAMES for text in frame.counter],
)
def test_a_counter_example_does_not(lang, relation, text):
    assert relation not in relations(text, lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_frame_has_an_example(lang):
    assert [frame.name for frame in load(lang).frames if not frame.examples] == []


def test_a_misspelt_key_is_named():
    with pytest.raises(OntologyError, match=r"frame 3 \(supplies\): unknown key objet"):
        _frame("fr", 2, {"relation": "supplies", "verb": ["x"], "subject": [], "object": [], "objet": []})


def test_a_relation_that_the_ontology_lacks_is_named():
    with pytest.raises(OntologyError, match="no such relation"):
        _frame("fr", 0, {"relation": "suplies", "verb": ["x"], "subject": [], "object": []})
