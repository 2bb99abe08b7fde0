"""What a word's object, its quotation marks and the bearers of its role do to the tie that it seems to state."""

import pytest

from kg.extract import read
from kg.extract.capitals import is_word
from kg.extract.reader import parse
from kg.extract.rules import Rules
from kg.model import Document
from kg.resolve import Resolver

RULES = (Rules(),)
"""What the sentences below show is how the rules read; the model of the paragraph reads beside them."""


def extraction(text, lang):
    resolver = Resolver()
    return read(Document("t", text, lang, "2025-03-11"), resolver.kind, RULES, resolver.entity)


def reasons(text, lang, relation):
    """The reasons of what went to review or was refused, of one relation."""
    found = extraction(text, lang)
    return {reason for one in found.candidates if one.relation == relation for reason in one.reasons}


def names(text, lang):
    parsed = parse(Document("t", text, lang, None), Resolver().kind)
    return [mention.text for sentence in parsed.text.sentences for mention in sentence.mentions]


@pytest.mark.parametrize(
    ("lang", "text", "relation", "reason"),
    [
        ("en", "Microsoft bought the Ohio retailer from Oracle in 2011.", "supplies", "DOUBTFUL_SENSE"),
        ("en", "Microsoft, which bought 80.1 percent from Oracle in 2007, is leaving.", "supplies", "DOUBTFUL_SENSE"),
        ("fr", "Deux ans plus tard, Microsoft revendait à Oracle.", "supplies", "DOUBTFUL_SENSE"),
        ("en", "Microsoft lends Oracle its mascot.", "lends-to", "SENSE"),
        ("en", "Microsoft amended its credit agreement with Oracle.", "partners-with", "DOUBTFUL_SENSE"),
        ("en", "Microsoft has a memorandum with Oracle.", "partners-with", "DOUBTFUL_SENSE"),
        ("fr", "Microsoft a signé avec Oracle un accord pour la fourniture de serveurs.", "partners-with",
         "DOUBTFUL_SENSE"),
        ("fr", "Microsoft a acquis les 29,9 % d'Oracle pour 3 milliards d'euros.", "invests-in", "DIRECTION"),
    ],
)  # fmt: skip
def test_what_changes_hands_tells_the_tie(lang, text, relation, reason):
    assert reason in reasons(text, lang, relation)


def test_a_word_in_quotation_marks_is_somebody_elses():
    assert "NOT_HAPPENED" in reasons('Canal+ "is owned" by Vivendi, it was said.', "en", "subsidiary-of")


def test_one_role_has_one_bearer():
    said = extraction("Exclusive talks between Figma owner Oracle and Microsoft ended on Sunday.", "en").claims
    assert all(claim.subject.name != "Microsoft" for claim in said if claim.relation == "holds-stake")


@pytest.mark.parametrize(
    "text", ["Canal+, owned by Vivendi and Oracle, is growing.", "Canal+, half owned by Vivendi, is growing."]
)
def test_who_owns_with_others_holds_a_stake(text):
    found = extraction(text, "en")
    ties = {(c.subject.name, c.relation, c.object.name) for c in (*found.claims, *found.candidates)}
    assert ("Vivendi", "holds-stake", "Canal+") in ties
    assert not any(relation == "subsidiary-of" for _, relation, _ in ties)


@pytest.mark.parametrize(
    ("lang", "text", "name"),
    [
        ("en", "The group came to Ohio when it bought Mac's Hardware.", "Mac's Hardware"),
        ("en", "Cobb's, the grocer, put $12 million into Tapp.", "Cobb's"),
        ("en", "It already sells to Carlito's and to others.", "Carlito's"),
        (
            "en",
            "The chain is financed by the Prairie Educators' Retirement Plan.",
            "Prairie Educators' Retirement Plan",
        ),
        ("en", "It bought the design agency MMT in May.", "MMT"),
        ("en", "Apple's chips are bigger than Google's.", "Apple"),
        ("fr", "Hier, la fromagerie des Planèzes a été reprise.", "fromagerie des Planèzes"),
        ("fr", "La Banque et Caisse d'Épargne en détient 13 %.", "Banque et Caisse d'Épargne"),
    ],
)
def test_where_names_end(lang, text, name):
    assert name in names(text, lang)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("fr", "Figma est détenue par Microsoft (52,1 %), la société Oracle (13,1 %) et Nvidia (8 %)."),
        ("en", "Figma is owned by Microsoft (52 percent), the chipmaker Nvidia (13 percent) and Oracle (8 percent)."),
    ],
)
def test_a_list_of_holders_gives_each_his_share(lang, text):
    found = extraction(text, lang)
    shares = {c.subject.name for c in (*found.claims, *found.candidates) if c.relation == "holds-stake"}
    assert {"Microsoft", "Nvidia", "Oracle"} <= shares


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_what_a_name_holds_besides_letters_makes_it_no_name(lang):
    assert is_word("", lang)
    assert is_word("2015", lang)
    assert not is_word("zeltan", lang)
