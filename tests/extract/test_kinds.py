"""Names: where they begin and end, what they are, what is short for what."""

import pytest

from kg.extract.linear import Linear, weights
from kg.extract.reader import parse
from kg.model import Document
from kg.resolve import Resolver


def names(text, lang):
    parsed = parse(Document("d", text, lang, None), Resolver().kind)
    return {m.text: (m.kind, m.name) for sentence in parsed.text.sentences for m in sentence.mentions}


@pytest.mark.parametrize(
    ("lang", "text", "name", "kind"),
    [
        ("fr", "Le ministre a nommé Claire Durand à la tête de Groupe Tarnos.", "Groupe Tarnos", "Company"),
        ("fr", "Hier, Claire Durand a salué cette décision à Lyon.", "Claire Durand", "Person"),
        ("fr", "La région Grand Est a commandé douze rames à Velomotion.", "région Grand Est", "PublicBody"),
        ("en", "The German government holds 15% of Korvex Energy.", "German government", "PublicBody"),
        ("en", "Lumenstack to buy Hexarow for $3bn.", "Lumenstack", "Company"),
        (
            "en",
            "It bought Traction Sales and Marketing Inc. in May.",
            "Traction Sales and Marketing Inc.",
            "Company",
        ),
        ("en", "Oracle uses Oriel Cloud to train its models.", "Oriel Cloud", "Company"),
    ],
)
def test_a_name_that_nobody_registered_has_its_bounds_and_its_kind(lang, text, name, kind):
    assert names(text, lang)[name][0] == kind


def test_two_companies_joined_by_and_are_two():
    assert {"Microsoft", "Oracle Corp."} <= names("Microsoft and Oracle Corp. signed a deal.", "en").keys()


def test_a_legal_form_ends_the_name_before_and():
    assert {"Korvex Inc.", "Pell Inc."} <= names("They sued Korvex Inc. and Pell Inc. in May.", "en").keys()


@pytest.mark.parametrize("name", ["Securities and Exchange Commission", "Food and Drug Administration"])
def test_and_stands_in_the_name_of_a_public_body(name):
    assert name in names(f"Korvex Inc. wrote to the {name} in May.", "en")


@pytest.mark.parametrize(
    ("lang", "text", "issuer", "security"),
    [
        ("en", "Tarnwick LLC owns some Korvex Common Stock.", "Korvex", "Korvex Common Stock"),
        ("en", "Tarnwick LLC owns Korvex Class A Ordinary Shares.", "Korvex", "Ordinary Shares"),
        ("en", "Tarnwick LLC owns Korvex B Preferred Stock.", "Korvex", "Korvex B"),
        ("fr", "Tarnwick SAS détient des Actions Ordinaires Korvex.", "Korvex", "Actions Ordinaires Korvex"),
    ],
)
def test_the_name_of_a_class_of_securities_is_its_issuers(lang, text, issuer, security):
    found = names(text, lang)
    assert issuer in found
    assert security not in found


@pytest.mark.parametrize(
    "text",
    [
        "It repaid the Senior Notes due 2030.",
        "It sold the Class A Ordinary Shares.",
        "It sold its Series B Preferred Stock.",
    ],
)
def test_a_class_of_securities_without_an_issuer_names_nobody(text):
    assert names(text, "en") == {}


@pytest.mark.parametrize("name", ["Lotus Notes", "American Shares Inc.", "Common Ground Corp."])
def test_a_word_for_securities_alone_may_belong_to_a_name(name):
    assert name in names(f"Tarnwick LLC uses {name} in May.", "en")


def test_a_possessive_without_what_is_owned_is_the_same_company():
    found = names("Tarnwick LLC owns a stake in Korvex's. Korvex Inc. and Korvex grew.", "en")
    assert {name for _, name in found.values()} == {"Tarnwick LLC", "Korvex Inc."}
    # Where the document never calls it otherwise, it is its name.
    assert names("Tarnwick LLC owns a stake in Cobb's.", "en").keys() == {"Tarnwick LLC", "Cobb's"}


def test_what_stands_in_brackets_is_short_for_the_name_before_it():
    found = names("Advanced Micro Devices (AMD) rivals Intel. AMD grows.", "en")
    assert found["AMD"][1] == "Advanced Micro Devices"


def test_a_word_at_the_head_of_a_sentence_is_no_name():
    assert "Shares" not in names("Shares of Oracle rose.", "en")
    assert "Actuellement" not in names("Actuellement, Oracle recrute.", "fr")


def test_a_linear_model_gives_probabilities():
    model = Linear(("a", "b"), (0.0, 0.0), {"x": (2.0, -2.0)})
    assert sum(model.probabilities({"x", "unknown"})) == pytest.approx(1)
    assert model.probabilities({"x"})[0] > model.probabilities({"x", "unknown"})[0] > 0.5
    assert model.probabilities(set()) == pytest.approx([0.5, 0.5])


@pytest.mark.parametrize("name", ["confidence", "names", "topics"])
def test_the_weights_hold_one_number_a_class(name):
    model = weights(name)
    assert all(len(row) == len(model.classes) == len(model.bias) for row in model.features.values())
