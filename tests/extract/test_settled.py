"""What names are is settled by all that is said of them; weekdays, ends and levels that the rules read."""

import pytest

from kg.extract.doubts import topic
from kg.extract.paragraph.seen import Seen
from kg.extract.paragraph.settled import settled
from kg.extract.reader import named, parse, read
from kg.extract.rules import Rules
from kg.model import Document
from kg.resolve import Resolver

TEXT = "Prodia could buy Vermont. Oracle grows."


def document(text, lang="en"):
    return Document("a-text", text, lang, "2025-03-10")


def kinds(text, seen):
    lexicon = parse(document(TEXT)).lexicon
    return {m.name: (m.kind, m.maybe) for s in settled(text, Seen(kinds=seen), lexicon).sentences for m in s.mentions}


def test_what_the_model_is_sure_of_counts_and_a_register_before_it():
    text = named(document(TEXT), Resolver().kind)
    told = kinds(
        text,
        {
            "Vermont": {"Company": 0.9, "Place": 0.1},
            "Prodia": {"Person": 0.7, "Company": 0.3},
            "Oracle": {"Person": 0.99, "Company": 0.01},
        },
    )
    assert told == {"Vermont": ("Company", False), "Prodia": ("Person", True), "Oracle": ("Company", False)}


def test_what_it_does_not_know_stays_and_what_it_takes_for_nothing_is_at_most_a_doubtful_party():
    text = named(document(TEXT), Resolver().kind)
    before = {m.name: m.kind for s in text.sentences for m in s.mentions}
    told = kinds(text, {"Vermont": {"Company": 0.4, "Place": 0.3, "Person": 0.3}, "Prodia": {"Other": 1.0}})
    assert told["Vermont"][0] == before["Vermont"]
    assert (before["Prodia"], told["Prodia"]) == ("Company", ("Place", True))


def test_a_town_that_is_bought_is_a_company():
    claims = [claim for claim in read(document(TEXT), Resolver().kind).claims if claim.method == "rules/2"]
    told = [(claim.subject.name, claim.relation, claim.object.name, claim.modality) for claim in claims]
    assert told == [("Prodia", "acquires", "Vermont", "conditional")]


def proposed(text, lang):
    return list(Rules().propose(parse(document(text, lang), Resolver().kind)))


@pytest.mark.parametrize(
    ("lang", "text", "terms"),
    [
        ("en", "Oracle acquired Databricks last Tuesday.", {"start": "2025-03-04"}),
        ("en", "On Friday, Oracle bought Databricks.", {"start": "2025-03-07"}),
        ("en", "Oracle said on Monday that it had acquired Databricks.", {}),
        ("en", "Oracle bought Databricks on Monday, March 3, 2025.", {"start": "2025-03-03"}),
        ("fr", "Orange a racheté Deezer mardi dernier.", {"start": "2025-03-04"}),
        ("fr", "Orange n’est plus actionnaire de Deezer depuis mars 2021.", {"end": "2021-03"}),
    ],
)
def test_dates_told_by_the_day_of_the_week_or_by_an_end(lang, text, terms):
    [claim] = proposed(text, lang)
    assert {name: value for name, value in claim.qualifiers.terms().items() if name in {"start", "end"}} == terms


@pytest.mark.parametrize(
    ("lang", "text", "modality", "percent"),
    [
        ("en", "Oracle cut its stake in Deezer from 30% to 22%.", "asserted", 22),
        ("fr", "Oracle détenait 30 % de Deezer.", "past", 30),
    ],
)
def test_what_a_stake_was_cut_to_holds_and_what_was_held_is_past(lang, text, modality, percent):
    [claim] = [one for one in proposed(text, lang) if one.relation == "holds-stake"]
    assert (claim.modality, claim.qualifiers.percent) == (modality, percent)


def test_a_name_may_begin_with_a_digit_and_a_ticker_in_its_marks_is_no_party():
    assert [(p.subject.name, p.object.name) for p in proposed("3M acquired Acelity.", "en")] == [("3M", "Acelity")]
    text = "Lenders Commerzbank <CBKG.DE> and Kronberg Bank compete for customers."
    claims = read(document(text), Resolver().kind).claims
    assert not any("CBKG" in entity.name for claim in claims for entity in claim.entities)


def test_what_somebody_leaves_is_over():
    [claim] = proposed("Oracle announced leaving its joint venture with Deezer.", "en")
    assert (claim.relation, claim.modality) == ("partners-with", "ended")


def test_a_club_is_not_its_town():
    found = parse(document("Carl Zeltan owned the San Francisco 49ers."))
    assert "San Francisco 49ers" in {m.name for s in found.text.sentences for m in s.mentions}


def test_both_names_of_one_company_are_no_pair():
    text = (
        "Union Pacific Corporation (“UPC”) is the parent of Oracle. UPC is a subsidiary of Union Pacific Corporation."
    )
    assert not any(
        {entity.name for entity in claim.entities} == {"UPC", "Union Pacific Corporation"}
        for claim in read(document(text), Resolver().kind).claims
    )


def test_a_few_words_say_nothing_against_a_text():
    assert topic.business(parse(document("Regulators blocked Oracle's takeover of Deezer."))) >= 0.15
