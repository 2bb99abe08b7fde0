"""Goods and who made them: whoever owns goods does not own their maker, and lists of goods reach their verb."""

import pytest

from kg.extract import read
from kg.extract.rules import Rules
from kg.model import Document, Entity
from kg.resolve import Resolver

RULES = (Rules(),)
"""What the sentences below show is how the rules read; the model of the paragraph reads beside them."""


def claims(text, lang):
    resolver = Resolver()
    extraction = read(Document("t", text, lang, "2025-03-11"), resolver.kind, RULES, resolver.entity)
    return (*extraction.claims, *extraction.candidates)


def triples(text, lang):
    return {(c.subject.name, c.relation, c.object.name) for c in claims(text, lang) if isinstance(c.object, Entity)}


OWNERSHIP = {"subsidiary-of", "acquires", "holds-stake", "invests-in", "merges-with"}


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("fr", "Renault détient 300 robots Fanuc."),
        ("fr", "Renault, qui détient 300 robots Fanuc, recrute."),
        ("fr", "TF1 possède des caméras Sony."),
        ("fr", "Orange possède un serveur Dell."),
        ("fr", "Orange possède des serveurs Dell et des routeurs Cisco."),
        ("fr", "OVHcloud possède des puces AMD et Nvidia."),
        ("fr", "SNCF possède une flotte de rames Alstom."),
        ("fr", "SNCF a acheté 40 rames neuves Alstom."),
        ("fr", "Keolis a racheté ses bus Volvo."),
        ("fr", "Des serveurs Dell ont été rachetés par Orange."),
        ("fr", "Engie a investi dans des panneaux SunPower."),
        ("en", "Uber owns Volvo cars."),
        ("en", "Uber owns 300 Volvo cars."),
        ("en", "DHL controls Boeing freighters."),
        ("en", "DHL owns Boeing and Airbus planes."),
        ("en", "Hertz acquired 100,000 Tesla cars."),
        ("en", "Lambda bought Supermicro servers and Nvidia chips."),
    ],
)
def test_an_owner_of_goods_does_not_own_their_maker(lang, text):
    assert {triple for triple in triples(text, lang) if triple[1] in OWNERSHIP} == set()


@pytest.mark.parametrize(
    ("lang", "text", "owner", "owned"),
    [
        ("fr", "Vivendi possède la filiale Canal+.", "Vivendi", "Canal+"),
        ("fr", "Vivendi possède une filiale Canal+ et des studios.", "Vivendi", "Canal+"),
        ("fr", "Vivendi détient la société Canal+.", "Vivendi", "Canal+"),
        ("fr", "Vivendi, qui possède la chaîne Canal+, recule.", "Vivendi", "Canal+"),
        ("fr", "Lagardère possède les radios Europe 1 et RFM.", "Lagardère", "RFM"),
        ("fr", "Accor possède les enseignes Ibis et Novotel.", "Accor", "Novotel"),
        ("en", "Amazon owns the retailer Zappos.", "Amazon", "Zappos"),
        ("en", "Microsoft owns rival GitHub.", "Microsoft", "GitHub"),
        ("en", "Amazon owns grocery chain Whole Foods.", "Amazon", "Whole Foods"),
        ("en", "Alphabet owns the startups DeepMind and Waymo.", "Alphabet", "Waymo"),
    ],
)
def test_a_noun_that_calls_a_name_a_company_leaves_it_owned(lang, text, owner, owned):
    assert (owned, "subsidiary-of", owner) in triples(text, lang)


@pytest.mark.parametrize(
    ("lang", "text", "buyer", "bought"),
    [
        ("fr", "Vinci a racheté une société allemande Eurovia.", "Vinci", "Eurovia"),
        ("fr", "Kering a acquis la maison de lunettes Maui Jim.", "Kering", "Maui Jim"),
        ("fr", "Publicis a racheté les agences Digitas et Razorfish.", "Publicis", "Razorfish"),
        ("en", "Oracle bought software firm Cerner.", "Oracle", "Cerner"),
        ("en", "Walmart bought the fashion brand Bonobos.", "Walmart", "Bonobos"),
        ("en", "IBM acquires Red Hat software business.", "IBM", "Red Hat"),
    ],
)
def test_a_company_behind_what_it_is_called_is_bought(lang, text, buyer, bought):
    assert (buyer, "acquires", bought) in triples(text, lang)


@pytest.mark.parametrize(
    ("lang", "text", "maker", "user", "quantity"),
    [
        ("fr", "Keolis possède une centaine de dépôts et plus de 800 bus Iveco.", "Iveco", "Keolis", 800),
        ("fr", "Ryanair exploite trois bases et une flotte de 50 avions de Boeing.", "Boeing", "Ryanair", 50),
        ("fr", "Scaleway, qui exploite des salles et 10 000 puces Nvidia, recrute.", "Nvidia", "Scaleway", 10_000),
        ("fr", "Iliad, qui possède un réseau de 12 sites et 5 000 puces AMD, recrute.", "AMD", "Iliad", 5_000),
        ("fr", "SNCF utilise des gares de triage et 300 locomotives Alstom.", "Alstom", "SNCF", 300),
        ("en", "Oracle runs 3 data centers and more than 20,000 AMD GPUs.", "AMD", "Oracle", 20_000),
        ("en", "Meta, which runs 24 data centers and over 350,000 Nvidia GPUs, is hiring.", "Nvidia", "Meta", 350_000),
        ("en", "Ryanair runs a training school in Dublin and 500 Boeing jets.", "Boeing", "Ryanair", 500),
        ("en", "Delta operates a network of 200 routes and 60 jets from Airbus.", "Airbus", "Delta", 60),
        ("en", "DHL, which owns 30 hubs, 200 planes from Boeing and 5,000 trucks, is hiring.", "Boeing", "DHL", 200),
        ("en", "Hertz runs a chain of garages and a fleet of 300 Nvidia servers.", "Nvidia", "Hertz", 300),
    ],
)
def test_goods_joined_to_others_reach_the_verb_with_their_own_number(lang, text, maker, user, quantity):
    found = claims(text, lang)
    assert [(c.subject.name, c.relation, c.object.name) for c in found] == [(maker, "supplies", user)]
    assert found[0].qualifiers.quantity == quantity


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("fr", "Le patron d'un réseau de 30 agences et 40 avions Airbus a rencontré Boeing."),
        ("fr", "Orange a présenté un projet de réseau et 30 antennes Nokia."),
        ("en", "The head of a network of 200 routes and 60 Airbus jets met Boeing."),
    ],
)
def test_goods_of_another_verb_or_of_the_subject_tie_nobody(lang, text):
    assert triples(text, lang) == set()


def test_the_number_of_what_stands_beside_is_not_theirs():
    (claim,) = claims("Hertz runs 30 garages and Volvo trucks.", "en")
    assert claim.qualifiers.quantity is None


def test_who_operates_goods_is_served_by_their_maker_and_who_tends_them_serves_their_owner():
    assert triples("Air France exploite une flotte de 50 avions Airbus.", "fr") == {
        ("Airbus", "supplies", "Air France")
    }
    assert triples("Thales modernise 12 avions d'Air France.", "fr") == {("Thales", "supplies", "Air France")}
    assert triples("Transdev gère le réseau de bus de Keolis.", "fr") == {("Transdev", "supplies", "Keolis")}


def test_a_share_joined_to_goods_reaches_the_verb_too():
    text = "Orange possède un réseau de 300 boutiques et 6 % du capital de Nokia."
    assert triples(text, "fr") == {("Orange", "holds-stake", "Nokia")}


@pytest.mark.parametrize(
    ("lang", "text"), [("fr", "Axa possède des actions Orange."), ("en", "Axa bought Apple shares.")]
)
def test_paper_of_a_company_is_not_the_whole_company(lang, text):
    assert {relation for _, relation, _ in triples(text, lang)} & {"subsidiary-of", "acquires"} == set()
