"""What speaks against two ends as a pair: names that a bracket makes one, items of one list; and what is over."""

import pytest

from kg.extract.doubts import doubts
from kg.extract.proposal import End, Proposal
from kg.extract.reader import parse, read
from kg.extract.rules import Rules
from kg.model import Document, Modality, Outcome
from kg.reasons import Reason
from kg.resolve import Resolver


def reasons(text, subject, relation, object_, method="paragraph/1", lang="en"):
    """What speaks against a tie that the model of the paragraph would read in a text."""
    parsed = parse(Document("a", text, lang, "2025-03-10"), Resolver().kind)
    ends = [End(name, "Company", text.index(name), text.index(name) + len(name)) for name in (subject, object_)]
    said = Proposal(ends[0], relation, ends[1], Modality.ASSERTED, ((0, len(text)),), method=method)
    [found] = doubts([said], parsed, 1.0)
    return set(found)


@pytest.mark.parametrize(
    ("lang", "text", "short", "name"),
    [
        ("en", "The main unit of Brelin Holdings, Inc. (“Marlo”) was fined.", "Marlo", "Brelin Holdings"),
        ("en", 'The main unit of Brelin Holdings (the "Marlo") was fined.', "Marlo", "Brelin Holdings"),
        ("fr", "La filiale de Brelin Holdings SA (« Marlo ») a été condamnée.", "Marlo", "Brelin Holdings"),
    ],
)
def test_a_bracket_that_names_a_company_makes_no_tie_of_both_names(lang, text, short, name):
    assert Reason.SAME_PARTY in reasons(text, short, "subsidiary-of", name, lang=lang)


def test_a_bracket_with_another_company_does_not():
    text = "Brelin Holdings, Inc. (a subsidiary of Marlo) was fined."
    assert Reason.SAME_PARTY not in reasons(text, "Brelin Holdings", "subsidiary-of", "Marlo")


def test_items_of_a_list_are_not_tied_to_each_other_with_a_direction():
    text = "He was an early investor in Tarsom, Kolbri and Marlo."
    assert Reason.DISAGREEMENT in reasons(text, "Tarsom", "invests-in", "Marlo")
    assert Reason.DISAGREEMENT not in reasons(text, "Tarsom", "competes-with", "Marlo")


def test_two_that_are_named_together_may_be_tied():
    text = "Under the deal between Tarsom and Marlo, the first supplies chips."
    assert Reason.DISAGREEMENT not in reasons(text, "Tarsom", "supplies", "Marlo")


@pytest.mark.parametrize("word", ["former", "demerged", "divested"])
def test_a_subsidiary_that_was_parted_with_is_one_no_more(word):
    text = f"Neopharm completed the acquisition of Kettle Bay, a {word} subsidiary of Dorvan AG."
    told = read(Document("a", text, "en", "2025-03-10"), readers=(Rules(),))
    [claim] = [one for one in (*told.claims, *told.candidates) if one.relation == "subsidiary-of"]
    assert claim.modality is Modality.ENDED


@pytest.mark.parametrize(
    ("text", "relation", "object_", "reason"),
    [
        ("Tarsom Corp entered into an agreement with the IRS.", "partners-with", "IRS", Reason.DOUBTFUL_SENSE),
        (
            "Tarsom Corp settled with the U.S. Internal Revenue Service.",
            "partners-with",
            "U.S. Internal Revenue Service",
            Reason.DOUBTFUL_SENSE,
        ),
        ("Tarsom Corp gave documents to the Marlo Commission.", "supplies", "Marlo Commission", Reason.DOUBTFUL_SENSE),
        ("Tarsom Corp has a deal with the Marlo District Court.", "partners-with", "Marlo District Court", None),
        ("Tarsom Corp gives lists under Regulation S-K.", "supplies", "Regulation S-K", None),
        ("Tarsom Corp sold stock on the Nasdaq.", "supplies", "Nasdaq", None),
    ],
)
def test_rules_judges_and_markets_are_no_parties(text, relation, object_, reason):
    assert (reason or Reason.NOT_A_PARTY) in reasons(text, "Tarsom Corp", relation, object_)


@pytest.mark.parametrize(
    ("text", "relation", "object_"),
    [
        ("Tarsom Corp bought Court Holdings Inc.", "acquires", "Court Holdings Inc."),
        ("Tarsom Corp supplies software to Nasdaq.", "supplies", "Nasdaq"),
        ("Tarsom Corp supplies engines to the Marlo Navy.", "supplies", "Marlo Navy"),
    ],
)
def test_who_trades_with_a_public_body_or_a_market_is_a_party(text, relation, object_):
    assert not reasons(text, "Tarsom Corp", relation, object_) & {Reason.NOT_A_PARTY, Reason.DOUBTFUL_SENSE}


@pytest.mark.parametrize(
    ("text", "is_doubtful"),
    [
        ("Tarsom Corp exchanged its Marlo Common Stock for cash.", True),
        ("Tarsom Corp bought Marlo for cash.", False),
    ],
)
def test_who_gets_shares_of_a_company_has_not_bought_it(text, is_doubtful):
    assert (Reason.DOUBTFUL_SENSE in reasons(text, "Tarsom Corp", "acquires", "Marlo")) is is_doubtful


@pytest.mark.parametrize(("what", "percent_of"), [("Class A shares", None), ("shares", "capital"), ("votes", "votes")])
def test_a_share_of_one_class_is_none_of_the_capital(what, percent_of):
    told = read(Document("a", f"Tarsom Corp owns 12% of the {what} of Kettle Bay Inc.", "en"), readers=(Rules(),))
    assert {claim.qualifiers.percent_of for claim in (*told.claims, *told.candidates)} == {percent_of}


def outcomes(text):
    told = read(Document("a", text, "en", "2025-03-10"), readers=(Rules(),))
    return {claim.outcome for claim in (*told.claims, *told.candidates) if claim.relation == "supplies"}


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        # A product may be what brings the sales; with a legal form or a word for customers it is a company.
        ("Brelix represented 20% of Tarsom Corp's revenue.", Outcome.TO_REVIEW),
        ("Brelix Inc. represented 20% of Tarsom Corp's revenue.", Outcome.ADMITTED),
        ("Its customer Brelix represented 20% of Tarsom Corp's revenue.", Outcome.ADMITTED),
    ],
)
def test_who_brings_a_share_of_the_revenue_may_be_a_product(text, outcome):
    assert outcomes(text) == {outcome}


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("Tarsom Corp booked a gain of $2 billion on its stake in Kettle Bay Inc.", None),
        ("Tarsom Corp holds a stake of $2 billion in Kettle Bay Inc.", 2_000_000_000),
    ],
)
def test_a_gain_is_no_amount_of_a_stake(text, amount):
    told = read(Document("a", text, "en", "2025-03-10"), readers=(Rules(),))
    assert {claim.qualifiers.amount for claim in told.claims if claim.relation == "holds-stake"} == {amount}
