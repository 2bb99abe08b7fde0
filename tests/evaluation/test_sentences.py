"""A reader on marked sentences: names compared loosely, silence on near misses, every term of the corpus."""

from decimal import Decimal

import pytest

from kg.evaluation.records import ScoredClaim, Span
from kg.evaluation.sentences import Silence, score_corpus, score_item
from kg.extract.corpus import Item, Marked
from kg.model import Modality, Qualifiers

TEXT = "Le groupe Nordgate Interactive (Nordgate) a pris 12 à 15 % de Solvéa."


def item(claims=(), near_miss=None, names=None, id_="x"):
    names = names or {"Nordgate Interactive": "Company", "Nordgate": "Company", "Solvéa": "Company"}
    return Item(id_, "fr", TEXT, names, tuple(claims), near_miss)


def marked(subject="Nordgate Interactive", relation="invests-in", object_="Solvéa", modality="asserted", **terms):
    return Marked(subject, relation, object_, Modality(modality), Qualifiers(**terms))


def said(subject, relation="invests-in", object_="Solvéa", modality="asserted", also=(), **terms):
    return ScoredClaim(subject, relation, object_, modality, terms, (Span("x", 0, len(TEXT), TEXT),), tuple(also))


@pytest.mark.parametrize("name", ["Nordgate Interactive", "nordgate", "Groupe Nordgate Interactive SA", "Interactive"])
def test_a_name_that_holds_or_is_held_is_the_name(name):
    assert score_item(item([marked()]), [said(name)]).counts.found == 1


@pytest.mark.parametrize("name", ["Nord", "Solvéa", "Nordgate Énergie"])
def test_another_name_is_wrong(name):
    counts = score_item(item([marked()]), [said(name)]).counts
    assert (counts.said, counts.right, counts.found) == (1, 0, 0)


def test_the_spelling_of_the_text_counts_where_the_registry_has_another():
    assert score_item(item([marked()]), [said("Alphabet", also=["Nordgate"])]).counts.found == 1


def test_a_symmetric_relation_is_right_in_either_direction():
    of = item([marked(relation="competes-with")])
    assert score_item(of, [said("Solvéa", "competes-with", "Nordgate")]).counts.found == 1
    assert score_item(item([marked()]), [said("Solvéa", "invests-in", "Nordgate")]).counts.found == 0


def test_all_terms_of_the_corpus_count():
    of = item([marked(percent_min=Decimal(12), percent_max=Decimal(15), goods="rames hybrides", exclusive=True)])
    claim = said("Nordgate", percent_min="12.0", percent_max="18", goods="12 rames hybrides", exclusive=True)
    terms = score_item(of, [claim]).terms
    assert {name: (one.terms_right, one.terms_wrong) for name, one in terms.items()} == {
        "percent_min": (1, 0),
        "percent_max": (0, 1),
        "goods": (1, 0),
        "exclusive": (1, 0),
    }


def test_modality_is_told_by_group_and_exactly():
    of = item([marked(modality="planned")])
    counts = score_item(of, [said("Nordgate", modality="conditional")])
    assert counts.counts.status_right == 1
    assert counts.confusion == {("planned", "conditional"): 1}


def test_silence_on_near_misses_is_counted_by_kind():
    items = [item([marked()], id_="a"), item(near_miss="job", id_="b"), item(near_miss="fleet", id_="c")]
    claims = {"a": [said("Nordgate")], "b": [said("Nordgate")], "c": [said("Nordgate", "develops")]}
    corpus = score_corpus(items, lambda one: claims[one.id])
    assert corpus.near_misses == {"fleet": Silence(1, 1), "job": Silence(1, 0)}
    assert corpus.report.figures["precision"] == 0.5
    [mistake] = corpus.report.mistakes
    assert (mistake.kind, mistake.document, mistake.note) == ("wrong", "b", "near miss: job")
