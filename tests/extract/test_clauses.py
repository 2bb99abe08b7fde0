"""What belongs to another clause, what did not happen, and whose a figure or a date is: one sentence a structure."""

import pytest

from kg.extract.reader import read
from kg.extract.rules import Rules
from kg.model import Document, Modality

RULES = (Rules(),)
"""What the sentences below show is how the rules read; the model of the paragraph reads beside them."""


def said(lang, text):
    return read(Document("a", text, lang, published="2025-03-10"), readers=RULES)


def edges(claims):
    return {(c.subject.name, c.relation, c.object.name) for c in claims}


def facts(lang, text):
    return edges(c for c in said(lang, text).claims if c.modality is Modality.ASSERTED)


def terms(lang, text, subject):
    read_ = said(lang, text)
    claim = next(c for c in (*read_.claims, *read_.candidates) if c.subject.name == subject)
    return {key: str(value) for key, value in claim.qualifiers.terms().items()}


@pytest.mark.parametrize(
    ("lang", "text", "modality"),
    [
        ("en", "Brussels blocked Salvat's takeover of Meridia.", "denied"),
        ("en", "It is untrue that Salvat owns Meridia.", "denied"),
        ("en", "Salvat failed to acquire Meridia.", "denied"),
        ("en", "Salvat almost bought Meridia in 2015.", "denied"),
        ("en", "Neither Salvat nor Kordas owns Meridia.", "denied"),
        ("en", "The merger between Salvat and Meridia collapsed.", "ended"),
        ("en", "Talks over a merger between Salvat and Meridia have broken down.", "ended"),
        ("en", "Had Salvat bought Meridia, it would have owned Kordas.", "conditional"),
        ("fr", "Bruxelles a interdit le rachat de Méridia par Salvat.", "denied"),
        ("fr", "L'information selon laquelle Salvat a racheté Méridia est inexacte.", "denied"),
        ("fr", "Salvat dément avoir racheté Méridia.", "denied"),
        ("fr", "Salvat a failli racheter Méridia.", "denied"),
        ("fr", "Ni Salvat ni Kordas ne détiennent Méridia.", "denied"),
        ("fr", "Le rachat de Méridia par Salvat n'a pas abouti.", "ended"),
        ("fr", "La fusion entre Salvat et Méridia est tombée à l'eau.", "ended"),
    ],
)
def test_what_did_not_happen_is_no_fact(lang, text, modality):
    assert {claim.modality.value for claim in said(lang, text).claims} == {modality}


@pytest.mark.parametrize(
    ("lang", "text", "crossed"),
    [
        ("en", "Norland acquired Petrova and Kestrel sold Halcyon to Brandt.", ("Norland", "acquires", "Kestrel")),
        ("en", "Barclays advised Salvat on its purchase of Meridia.", ("Barclays", "acquires", "Meridia")),
        ("en", "Salvat bought Meridia and merged it with Oracle.", ("Salvat", "merges-with", "Oracle")),
        ("en", "Salvat beat Kordas to buy Meridia.", ("Kordas", "acquires", "Meridia")),
        ("fr", "Salvat a racheté à Kordas sa participation dans Méridia.", ("Salvat", "invests-in", "Kordas")),
        ("fr", "Vendu par Kordas, Méridia a été repris par Salvat.", ("Kordas", "acquires", "Méridia")),
    ],
)
def test_a_neighbour_of_the_clause_is_no_end_of_its_tie(lang, text, crossed):
    assert crossed not in facts(lang, text)


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        (
            "Salvat bought Meridia and sold it to Oracle.",
            ("Oracle", "acquires", "Meridia"),
            ("Oracle", "acquires", "Salvat"),
        ),
        (
            "Meridia supplies Salvat; it also supplies Oracle.",
            ("Meridia", "supplies", "Oracle"),
            ("Salvat", "supplies", "Oracle"),
        ),
    ],
)
def test_a_pronoun_takes_the_place_that_its_name_had(text, right, wrong):
    assert right in facts("en", text)
    assert wrong not in facts("en", text)


@pytest.mark.parametrize(
    ("lang", "text", "percent"),
    [
        ("en", "Salvat raised its stake in Meridia from 12% to 18%.", "18"),
        ("en", "Oracle trimmed its stake in Nvidia to 4.9% from 6.2%.", "4.9"),
        ("fr", "Salvat a porté sa participation dans Méridia de 12 % à 18 %.", "18"),
        ("fr", "Salvat détient désormais 18 % de Méridia, contre 12 % auparavant.", "18"),
    ],
)
def test_the_new_level_of_a_changed_stake_is_the_one_that_holds(lang, text, percent):
    told = terms(lang, text, text.split()[0])
    assert told["percent"] == percent
    assert "percent_min" not in told


@pytest.mark.parametrize(
    ("lang", "text", "name", "low", "high"),
    [
        ("en", "Salvat acquired Meridia for $5-$8 million.", "amount", "5000000", "8000000"),
        ("en", "Salvat owns between 10% and 15% of Meridia.", "percent", "10", "15"),
        ("fr", "Salvat a racheté Méridia pour 5 à 8 millions d'euros.", "amount", "5000000", "8000000"),
        ("fr", "Salvat détient entre 10 et 15 % de Méridia.", "percent", "10", "15"),
    ],
)
def test_both_ends_of_a_range_are_bounds(lang, text, name, low, high):
    told = terms(lang, text, "Salvat")
    assert (told[f"{name}_min"], told[f"{name}_max"]) == (low, high)
    assert name not in told


def test_each_holder_of_a_list_has_the_share_that_stands_beside_it():
    text = "Meridia is owned by Oracle (30%), Orange (20%) and Microsoft (50%)."
    assert {name: terms("en", text, name)["percent"] for name in ("Oracle", "Orange", "Microsoft")} == {
        "Oracle": "30",
        "Orange": "20",
        "Microsoft": "50",
    }
    french = "Méridia est détenue à 45 % par Salvat, à 35 % par Kordas et à 20 % par Trivium."
    assert terms("fr", french, "Kordas")["percent"] == "35"


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Salvat, founded in 1990, bought Meridia."),
        ("en", "Salvat bought Meridia, which opened a plant in 2012."),
        ("en", "Salvat acquired Meridia, and Orange bought Kordas in 2018."),
        ("fr", "Salvat, coté depuis 2011, détient 10 % de Méridia."),
        ("fr", "Salvat a racheté Méridia, qui avait ouvert une usine en 2012."),
    ],
)
def test_a_date_of_another_clause_is_no_date_of_the_tie(lang, text):
    assert not {"start", "end", "as_of"} & terms(lang, text, "Salvat").keys()


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Salvat bought Meridia, which employs 3,000 people and earned $40 million."),
        ("fr", "Salvat, qui pèse 4 milliards d'euros en Bourse, a racheté Méridia."),
    ],
)
def test_a_figure_that_describes_a_company_is_no_price(lang, text):
    assert "amount" not in terms(lang, text, "Salvat")


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("fr", "Salvat détient 30 % de Méridia, aux côtés de Kordas (15 %)."),
        ("en", "Salvat owns 30% of Meridia alongside Kordas (15%)."),
        ("en", "Salvat acquired Meridia together with Kordas in 2015."),
    ],
)
def test_who_does_it_as_well_is_not_what_it_is_done_to(lang, text):
    found = facts(lang, text)
    assert not [edge for edge in found if edge[0] == "Salvat" and edge[2] == "Kordas"]
    assert [edge for edge in found if edge[0] == "Salvat"]
