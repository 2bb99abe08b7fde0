"""Holders in a list, each with its own share."""

from dataclasses import replace
from decimal import Decimal

import pytest

from kg.extract import read
from kg.extract.cap_tables import behind
from kg.extract.reader import parse
from kg.extract.rules import Rules
from kg.extract.terms import found_in
from kg.model import Document, Outcome, Qualifiers
from kg.resolve import Resolver

RULES = (Rules(),)
"""What the sentences below show is how the rules read; the model of the paragraph reads beside them."""


def shares(text, lang):
    found = read(Document("t", text, lang, "2025-03-11"), Resolver().kind, RULES)
    claims = [*found.claims, *(claim for claim in found.candidates if claim.outcome is not Outcome.REFUSED)]
    return {(c.subject.name, c.object.name, c.qualifiers.percent) for c in claims if c.relation == "holds-stake"}


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Zeltan Corp is held by Oracle with 40 per cent, Brelin Inc with 35% and Korba Inc with 25%."),
        ("en", "Zeltan Corp is owned by Oracle (40%), Brelin Inc (35%) and Korba Inc (25%)."),
        ("en", "Zeltan Corp shareholders: Oracle 40%, Brelin Inc 35%, Korba Inc 25%."),
        ("fr", "Zeltan Corp appartient à Oracle (40 %), Brelin Inc (35 %) et Korba Inc (25 %)."),
    ],
)
def test_each_holder_of_a_list_has_its_own_share(lang, text):
    holders = {"Oracle": 40, "Brelin Inc": 35, "Korba Inc": 25}
    told = {(name, "Zeltan Corp", Decimal(share)) for name, share in holders.items()}
    assert shares(text, lang) == told


@pytest.mark.parametrize(
    "text",
    [
        "Oracle (40%) holds Zeltan Corp, while Brelin Inc (35%) fell on the exchange.",
        "Zeltan Corp is owned by Oracle (40%). Brelin Inc (35%) is another's.",
        "Zeltan Corp is owned by Oracle (40%), and Brelin Inc saw its sales fall by 35%.",
    ],
)
def test_what_is_no_list_of_holders_gives_no_further_holder(text):
    assert {holder for holder, _, _ in shares(text, "en")} <= {"Oracle"}


def test_the_holders_of_a_list_are_as_surely_read_as_the_first():
    text = "Zeltan Corp is held by Oracle Inc with 40 per cent, Brelin Inc with 35% and Korba Inc with 25%."
    found = read(Document("t", text, "en", "2025-03-11"), Resolver().kind, RULES)
    assert (
        len({claim.confidence for claim in (*found.claims, *found.candidates) if claim.relation == "holds-stake"}) == 1
    )


def test_a_sum_beside_the_first_holder_is_not_that_of_the_others():
    text = "Oracle holds 40% of Zeltan Corp."
    document = Document("t", text, "en", "2025-03-11")
    parsed = parse(document, Resolver().kind)
    [first] = Rules().propose(parsed)
    told = Qualifiers(amount=Decimal(3), currency="USD", percent=Decimal(40), percent_of="votes", as_of="2024")
    listed = "Zeltan Corp shareholders: Oracle 40%, Brelin Inc 35%."
    [sentence] = parse(Document("u", listed, "en", "2025-03-11"), Resolver().kind).text.sentences
    oracle = next(m for m in sentence.mentions if m.text == "Oracle")
    place = listed.index("40%"), listed.index("40%") + len("40%")
    first = replace(
        first, subject=replace(first.subject, start=oracle.start), qualifiers=told, printed={"percent": place}
    )
    shares_of = found_in(sentence, parsed.lexicon, None).figures
    [second] = behind(first, sentence, shares_of, listed, parsed.lexicon)
    assert second.qualifiers == Qualifiers(percent=Decimal(35), percent_of="votes", as_of="2024", as_printed="35%")
    assert set(second.printed) == {"percent"}
