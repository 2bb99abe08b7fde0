"""Items of reports: what one tells of the sentences in it, and where a claim is said to stand.

Each sentence is read in an item that changes what it says, and in one that does not.
"""

import pytest

from kg.documents import Source, parse
from kg.extract import read
from kg.filings import items
from kg.wording.places import place_label

HEAD = (
    "SECURITIES AND EXCHANGE COMMISSION\n\nFORM {}\n\nZeltan Corporation\n\n(Exact name of registrant as specified\n\n"
)
ITEMS = {
    "1.01": "Item 1.01 Entry into a Material Definitive Agreement",
    "1.02": "Item 1.02. Termination of a Material Definitive Agreement.",
    "2.01": "ITEM 2.01 COMPLETION OF ACQUISITION OR DISPOSITION OF ASSETS",
    "8.01": "Item 8.01 Other Events",
    "1": "Item 1. Business.",
    "1A": "Item 1A. Risk Factors.",
}


def filed(form, item, sentence):
    text = (
        HEAD.format(form)
        + ITEMS[item]
        + "\n\n"
        + sentence
        + "\n\nItem 9.01 Financial Statements and Exhibits\n\nNone.\n"
    )
    return parse(text.encode(), Source("a.txt", "a.txt"))


def said(document, relation):
    extraction = read(document)
    found = [c for c in (*extraction.claims, *extraction.candidates) if c.relation == relation]
    return {claim.modality.value for claim in found if claim.method == "rules/2"}


ACQUIRED = "On March 3, 2025, Zeltan Corporation acquired Kovarel Inc. for $5 million."
AGREED = "Zeltan Corporation has completed its previously announced acquisition of Kovarel Inc."
SUPPLIED = "Kovarel Inc. supplies chips to Zeltan Corporation."
RISK = "Kovarel Inc. supplies chips to Zeltan Corporation, and its plants could close."


@pytest.mark.parametrize(
    ("form", "item", "sentence", "relation", "modality"),
    [
        ("8-K", "1.01", ACQUIRED, "acquires", "announced"),
        ("8-K", "8.01", ACQUIRED, "acquires", "asserted"),
        ("8-K", "1.01", AGREED, "acquires", "asserted"),
        ("8-K", "2.01", AGREED, "acquires", "asserted"),
        ("8-K", "1.02", SUPPLIED, "supplies", "ended"),
        ("8-K", "1.01", SUPPLIED, "supplies", "asserted"),
        ("10-K", "1A", RISK, "supplies", "conditional"),
        ("10-K", "1A", SUPPLIED, "supplies", "asserted"),
        ("10-K", "1", RISK, "supplies", "asserted"),
    ],
)
def test_an_item_tells_how_its_sentences_are_meant(form, item, sentence, relation, modality):
    assert said(filed(form, item, sentence), relation) == {modality}


def test_the_item_of_a_claim_is_told_with_its_place():
    document = filed("8-K", "8.01", ACQUIRED)
    claim = next(claim for claim in read(document).claims if claim.relation == "acquires")
    assert place_label(document.places_of(claim.evidence[0]), "en") == "Item 8.01"


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Item 7 of this report tells more.", []),
        ("See Item 7.", []),
        ("| Item 7. | Risks | 12 |", []),
        ("Item 7. Management’s Discussion", ["7"]),
        ("ITEM 9.01(d). Exhibits", ["9.01"]),
        ("Item 1C.", ["1C"]),
    ],
)
def test_titles_of_items_are_told_from_sentences(line, names):
    text = HEAD.format("8-K") + line + "\n\nMore.\n"
    assert [place.name for place in items(text)] == names
    assert items(line) == ()
