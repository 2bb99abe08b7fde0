"""Filings: their covers, who "the Company" is, customers of a tenth of the sales, holders of a class of shares.

The forms are the regulators'; parties and figures are invented, but for the files of `SHARED`, counted by hand.
"""

import re
from pathlib import Path

import pytest

from kg.documents import Source, parse
from kg.extract import read
from kg.extract.reader import named
from kg.filings import cover
from kg.model import Document, Tier

SHARED = Path(__file__).parents[4] / "shared" / "data" / "sec" / "filings"

COVER = (
    "SECURITIES AND EXCHANGE COMMISSION\n\nFORM 10-K\n\nFor the fiscal year ended December 31, 2024\n\n"
    "Zeltan Corporation\n\n(Exact name of registrant as specified in its charter)\n\n"
)
SIGNED = "\n\n| Date: | February 14, 2025 |  |\n"
SCHEDULE = (
    "SECURITIES AND EXCHANGE COMMISSION\n\nSCHEDULE 13G\n\n(Amendment No: 3)\n\nORVANE INDUSTRIES INC\n"
    "----------------\n(Name of Issuer)\n\nCommon Stock\n\nDecember 31, 2024\n--------\n"
    "(Date of Event Which Requires Filing of this Statement)\n\n"
    "(1)Names of reporting persons. Kovarel Group, Inc.\n\n(3) SEC use only\n\n"
    "(11) Percent of class represented by amount in Row 9\n\n 17.1%\n\n(12) Type of reporting person\n\nHC\n\n"
    "1 NAMES OF REPORTING PERSONS Ann B. Lee\n\n11 PERCENT OF CLASS REPRESENTED BY AMOUNT IN ROW (9) 6.25%\n\n"
    "12 TYPE OF REPORTING PERSON IN\n\n"
    "1 NAMES OF REPORTING PERSONS Tarnwick LLC\n\n11 PERCENT OF CLASS REPRESENTED BY AMOUNT IN ROW (9) 0.0%\n\n"
    "12 TYPE OF REPORTING PERSON OO\n"
)


def document(text, lang="en"):
    return Document("filing", text, lang)


def told(text):
    extraction = read(document(text))
    return {
        (c.subject.name, c.relation, c.object.name, str(c.qualifiers.percent or ""), c.qualifiers.as_of or "")
        for c in extraction.claims
        if c.method == "filings/2"
    }, extraction.unnamed


def test_a_cover_tells_tier_title_and_day():
    read_document = parse((COVER + "We sell pumps to many customers." + SIGNED).encode(), Source("a.txt", "a.txt"))
    assert read_document.tier is Tier.FILING
    assert read_document.title == "Zeltan Corporation: Form 10-K"
    assert read_document.published == "2025-02-14"


@pytest.mark.parametrize(
    "text",
    [
        "Zeltan Corp has filed a Form 10-K with the Securities and Exchange Commission, it said.",
        "Form 10-K\n\nZeltan Corp\n\n(Exact name of registrant as specified in its charter)",
        "L'AMF a rappelé les règles à Zeltan.",
    ],
)
def test_a_text_about_filings_is_none(text):
    assert cover(text) is None


def test_two_registrants_are_not_taken_for_one():
    two = COVER + "Orvane Inc\n\n(Exact name of registrant as specified in its charter)\n\n"
    assert cover(two).owner is None


def test_the_registrant_is_we_and_the_company():
    text = COVER + "In May we bought Kovarel Inc. from its founders. Tarnwick LLC and Pell Inc. are rivals of Kovarel."
    assert named(document(text)).filer.name == "Zeltan Corporation"


def test_customers_are_read_with_their_shares_and_years():
    text = COVER + (
        "Our largest customer, Kovarel Inc. and its affiliates, accounted for consolidated net sales of approximately "
        "16% in 2024 and 2023 and 15% in 2022."
    )
    assert told(text) == (
        {
            ("Zeltan Corporation", "supplies", "Kovarel Inc.", "16", "2024"),
            ("Zeltan Corporation", "supplies", "Kovarel Inc.", "16", "2023"),
            ("Zeltan Corporation", "supplies", "Kovarel Inc.", "15", "2022"),
        },
        0,
    )


def test_customers_in_a_bracket_are_all_read():
    text = COVER + (
        "In 2024, three wholesale distributors (Kovarel Corporation, Tarnwick Health, Inc. and Pellora, Inc.) "
        "accounted for substantially all of Zeltan's product sales in the United States."
    )
    assert {(object_, year) for _, _, object_, _, year in told(text)[0]} == {
        ("Kovarel Corporation", "2024"),
        ("Tarnwick Health, Inc.", "2024"),
        ("Pellora, Inc.", "2024"),
    }


def test_unnamed_customers_are_counted_and_no_company():
    text = COVER + (
        "Sales to one direct customer, Customer A, represented 23% of total revenue. Sales to a second direct "
        "customer, Customer B, represented 16% of total revenue."
    )
    assert told(text) == (set(), 2)
    assert told(COVER + "Three wholesalers represented 20.5%, 15.6% and 12.3% of our total gross revenues.") == (
        set(),
        3,
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "Two customers, Kovarel Inc. and Pell Inc., accounted for 40% of our accounts receivable.",
        "Our customer Kovarel Inc. said that exports represented 40% of its sales.",
        "Zeltan accounted for 40% of sales in its market.",
    ],
)
def test_other_shares_are_no_customers(sentence):
    assert told(COVER + sentence)[0] == set()


def test_holders_of_a_class_are_read_off_the_rows_of_a_schedule():
    claims = [claim for claim in read(document(SCHEDULE)).claims if claim.method == "filings/2"]
    assert {(c.subject.name, c.subject.type, str(c.qualifiers.percent), c.qualifiers.as_of) for c in claims} == {
        ("Kovarel Group, Inc.", "Company", "17.1", "2024-12-31"),
        ("Ann B. Lee", "Person", "6.25", "2024-12-31"),
    }
    assert {c.object.name for c in claims} == {"ORVANE INDUSTRIES INC"}
    for claim in claims:
        for evidence in claim.evidence:
            assert SCHEDULE[evidence.start : evidence.end] == evidence.quote


NOTICE = (
    "Autorité des marchés financiers\n\nDéclaration de franchissement de seuils (article L. 233-7)\n\n"
    "Par courrier reçu le 4 mars 2025, la société Kovarel SAS (12 rue des Tilleuls, 59000 Lille) a déclaré avoir {} le "
    "28 février 2025, les seuils de 5 % du capital et des droits de vote de la société Orvane SA et détenir 1 250 000 "
    "actions Orvane SA représentant autant de droits de vote, soit 5,21 % du capital et 4,08 % des droits de vote de "
    "cette société.\n"
)
"""In the form of the notices that the AMF publishes; nothing in it is out of one."""


@pytest.mark.parametrize(
    "crossing", ["franchi en hausse,", "franchi en baisse, directement,", "franchi individuellement en hausse,"]
)
def test_a_threshold_notice_tells_capital_and_votes(crossing):
    notice = document(NOTICE.format(crossing), "fr")
    claims = [claim for claim in read(notice).claims if claim.method == "filings/2"]
    assert {
        (c.subject.name, c.object.name, str(c.qualifiers.percent), c.qualifiers.percent_of, c.qualifiers.as_of)
        for c in claims
    } == {
        ("Kovarel SAS", "Orvane", "5.21", "capital", "2025-02-28"),
        ("Kovarel SAS", "Orvane", "4.08", "votes", "2025-02-28"),
    }
    assert parse(notice.text.encode(), Source("a.txt", "a.txt")).tier is Tier.FILING


@pytest.mark.skipif(not SHARED.is_dir(), reason="the filings are not here")
class TestRealFilings:
    """The covers of eight 8-Ks, three 10-Ks, a 10-Q and two 13Gs, counted by hand."""

    def test_their_covers(self):
        forms = {}
        for path in sorted(SHARED.glob("*.html")):
            filing = parse(path.read_bytes(), Source(path.name, str(path)), media_type="text/html")
            assert filing.tier is Tier.FILING
            forms[path.stem.split("-20")[0]] = filing.title
        registrants = {name: title.partition(":")[0] for name, title in forms.items() if title and ":" in title}
        assert registrants["Oracle.8-K"] == "Oracle Corporation"
        assert registrants["form8K.Blackrock"] == "BlackRock, Inc."
        assert registrants["abbv-10-k"] == "AbbVie Inc."
        assert registrants["pg-10-k"] == "THE PROCTER & GAMBLE COMPANY"
        assert registrants["nvda-10-q"] == "NVIDIA CORPORATION"
        assert registrants["SG-13G-DOCUMENT-WITH-TEXT"] == "TRINITY INDUSTRIES INC"
        # One has two registrants: Louisville Gas and Electric, and Kentucky Utilities.
        assert len(registrants) == 13

    def test_the_holder_of_trinity(self):
        path = SHARED / "SG-13G-DOCUMENT-WITH-TEXT.html"
        filing = parse(path.read_bytes(), Source(path.name, str(path)), media_type="text/html")
        (claim,) = [claim for claim in read(filing).claims if claim.method == "filings/2"]
        assert (claim.subject.name, claim.object.name) == ("BlackRock, Inc.", "TRINITY INDUSTRIES INC")
        assert (str(claim.qualifiers.percent), claim.qualifiers.as_of) == ("17.1", "2023-12-31")

    @pytest.mark.parametrize(
        ("name", "paragraphs", "customers", "unnamed"),
        [
            ("pg-10-k-2025-08-04", "Walmart", {"Walmart"}, 0),
            ("abbv-10-k-2025-02-14", "McKesson", {"McKesson", "Cardinal", "Cencora"}, 0),
            ("nvda-10-q-2025-08-27", r"Customer A\b", set(), 2),
            ("jnj-10-k-2025-02-13", "three wholesalers", set(), 3),
        ],
    )
    def test_customers_of_a_tenth(self, name, paragraphs, customers, unnamed):
        path = SHARED / f"{name}.html"
        filing = parse(path.read_bytes(), Source(path.name, str(path)), media_type="text/html")
        chosen = [text for text in filing.text[6000:].split("\n\n") if re.search(paragraphs, text) and text[0] != "|"]
        claims, counted = told(filing.text[:6000] + "\n\n" + "\n\n".join(chosen))
        assert {object_.split()[0].strip(",") for _, _, object_, _, _ in claims} == customers
        assert counted == unnamed
