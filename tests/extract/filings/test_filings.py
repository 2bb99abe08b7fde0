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
from kg.model import Document, Outcome, Tier
from kg.resolve import Resolver

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


def share_of(claim):
    """The share that a claim tells: "16", "> 10", "< 5", "5-10"."""
    said = claim.qualifiers
    if said.percent is None and (said.percent_min or said.percent_max):
        ends = [str(end) for end in (said.percent_min, said.percent_max) if end is not None]
        return "-".join(ends) if len(ends) > 1 else f"{'<' if said.percent_min is None else '>'} {ends[0]}"
    return str(said.percent or "")


def told(text):
    extraction = read(document(text))
    return {
        (c.subject.name, c.relation, c.object.name, share_of(c), c.qualifiers.as_of or "")
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


@pytest.mark.parametrize(
    "filler",
    ["\n", "|  |  |\n", "- \n", "_" * 70 + "\n", "| \n \n", "Zeltan Corp\n", "(", "Date:\n", "commission file no. 1\n"],
)
def test_no_text_keeps_the_reader_of_covers_busy(filler):
    text = "SECURITIES AND EXCHANGE COMMISSION\n\nFORM 10-K\n\nZeltan Corp\n" + filler * (60_000 // len(filler))
    assert cover(text).owner is None or text[slice(*cover(text).owner)] == "Zeltan Corp"


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


def shares(sentence):
    """What a sentence of a report tells of Kovarel's share, with the year."""
    return sorted((share, year) for _, _, name, share, year in told(COVER + sentence)[0] if name.startswith("Kovarel"))


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        # As many figures as years, one for each.
        (
            "Our customer Kovarel Inc. accounted for 31%, 27% and 22% of revenue in 2024, 2023 and 2022, respectively.",
            [("22", "2022"), ("27", "2023"), ("31", "2024")],
        ),
        (
            "Sales to Kovarel Inc. represented 31% and 27% of sales for the years ended December 31, 2024 and 2023.",
            [("27", "2023"), ("31", "2024")],
        ),
        (
            "In 2024 and 2023, sales to Kovarel Inc. represented 31% and 27% of net sales.",
            [("27", "2023"), ("31", "2024")],
        ),
        # One figure of several years is told of each.
        ("Sales to Kovarel Inc. represented 31% of net sales in 2024 and 2023.", [("31", "2023"), ("31", "2024")]),
        # Three figures of two years: nobody knows which is of which.
        ("Sales to Kovarel Inc. represented 31%, 27% and 22% of net sales in 2024 and 2023.", [("", "")]),
        # No year is taken over another figure, or over a change.
        ("Sales to Kovarel Inc. represented 31% of sales, up from 27% in 2023.", [("27", "2023"), ("31", "")]),
        ("Sales to Kovarel Inc. were lower; they represented 31% of sales, and exports 5% in 2023.", []),
        (
            "In 2023, sales to Kovarel Inc. represented 31% of sales, but that share fell to 9% in 2024.",
            [("31", "2023")],
        ),
        (
            "Sales to Kovarel Inc. represented 31% of sales for the three months ended March 31, 2025.",
            [("31", "2025-03-31")],
        ),
    ],
)
def test_a_share_is_of_its_own_year(sentence, expected):
    assert shares(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Our customer Kovarel Inc. accounted for less than 9% of net sales in 2024.", [("< 9", "2024")]),
        ("Our customer Kovarel Inc. accounted for more than 9% of net sales in 2024.", [("> 9", "2024")]),
        ("Our customer Kovarel Inc. accounted for 9% or more of net sales in 2024.", [("> 9", "2024")]),
        ("Our customer Kovarel Inc. accounted for between 9% and 12% of net sales in 2024.", [("9-12", "2024")]),
        ("Our customer Kovarel Inc. accounted for approximately 9% of net sales in 2024.", [("9", "2024")]),
    ],
)
def test_a_bound_is_no_figure(sentence, expected):
    assert shares(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        # Not all the sales: a customer, and no share of them.
        ("Our customer Kovarel Inc. accounted for 31% of net sales of the Valves segment in 2024.", [("", "")]),
        ("Our customer Kovarel Inc. accounted for 31% of our pump sales.", [("", "")]),
        ("Our customer Kovarel Inc. accounted for 31% of our sales in Norway.", [("", "")]),
        # Not sales, or not those of who files.
        ("Sales to Kovarel Inc. accounted for 31% of the growth in net sales in 2024.", []),
        ("Sales to Kovarel Inc. accounted for 31% of sales growth in 2024.", []),
        ("Purchases from our distributor Kovarel Inc. represented 31% of our cost of sales.", []),
        ("Purchases from our distributor Kovarel Inc. represented 31% of our sales.", []),
        ("Our customer Kovarel Inc. accounted for 31% of Tarnwick LLC's sales in 2024.", []),
        ("Our customer Kovarel Inc. accounted for 31% of Zeltan's sales in 2024.", [("31", "2024")]),
        ("The rival's customer Kovarel Inc. accounted for 31% of its net sales in 2024.", []),
        ("Tarnwick LLC disclosed that sales to Kovarel Inc. represented 31% of revenue in 2024.", []),
        ("Our suppliers' customers, Kovarel Inc. and Pell Inc., accounted for 31% of their sales.", []),
        ("Sales to Kovarel Inc. would have represented 31% of our sales.", []),
        ("The Company's largest customer, Kovarel Inc., accounted for 31% of its net sales in 2024.", [("31", "2024")]),
    ],
)
def test_a_share_is_one_of_all_the_sales_of_who_files(sentence, expected):
    assert shares(sentence) == expected


def test_shares_of_several_customers_are_paired_only_where_the_text_pairs_them():
    def of_both(sentence):
        return {(name, share) for _, _, name, share, _ in told(COVER + sentence)[0]}

    two = "Our largest customers, Kovarel Inc. and Pell Inc., {} of net sales in 2024{}."
    assert of_both(two.format("accounted for 31% and 12%", ", respectively")) == {
        ("Kovarel Inc.", "31"),
        ("Pell Inc.", "12"),
    }
    assert of_both(two.format("together accounted for 43%", "")) == {("Kovarel Inc.", ""), ("Pell Inc.", "")}


def test_who_accounts_for_sales_is_told_once_by_all_readers():
    text = COVER + "Our customer Kovarel Inc. accounted for 31% of net sales in 2024."
    extraction = read(document(text))
    assert [(c.method, c.object.name) for c in (*extraction.claims, *extraction.candidates)] == [
        ("filings/2", "Kovarel Inc.")
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "The rival's customer Kovarel Inc. accounted for 31% of its net sales in 2024.",
        "Our suppliers' customers, Kovarel Inc. and Pell Inc., accounted for 31% of their sales.",
        "Purchases from our distributor Kovarel Inc. represented 31% of our cost of sales.",
    ],
)
def test_what_a_reader_of_sentences_says_where_the_form_tells_no_customer_goes_to_review(sentence):
    resolver = Resolver()
    extraction = read(document(COVER + sentence), resolver.kind, resolve=resolver.entity)
    assert extraction.claims == ()
    assert {c.outcome for c in extraction.candidates} == {Outcome.TO_REVIEW}


@pytest.mark.parametrize(("word", "modality"), [("former ", "past"), ("", "asserted")])
def test_a_former_customer_is_one_no_more(word, modality):
    text = COVER + f"Sales to our {word}customer Kovarel Inc. represented 31% of sales in 2022."
    assert {c.modality for c in read(document(text)).claims if c.method == "filings/2"} == {modality}


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


@pytest.mark.parametrize(
    ("title", "more", "percent_of"),
    [
        ("Common Stock", "", "capital"),
        ("Ordinary Shares, par value $0.01", "", "capital"),
        ("Class B Common Stock", "", None),
        ("Series A Preferred Stock", "", None),
        ("Common Stock", "Each share of Class B common stock has ten votes.", None),
    ],
)
def test_a_share_of_a_class_is_one_of_the_capital_only_where_it_is_the_only_class(title, more, percent_of):
    text = SCHEDULE.replace("Common Stock", title) + more
    claims = [claim for claim in read(document(text)).claims if claim.method == "filings/2"]
    assert {claim.qualifiers.percent_of for claim in claims} == {percent_of}


def test_the_most_that_somebody_holds_is_no_figure():
    text = SCHEDULE.replace(" 17.1%", " Less than 5%")
    assert {(c.subject.name, share_of(c)) for c in read(document(text)).claims if c.method == "filings/2"} == {
        ("Kovarel Group, Inc.", "< 5"),
        ("Ann B. Lee", "6.25"),
    }


@pytest.mark.parametrize(
    ("printed", "admitted", "to_review"),
    [
        ("Kovarel Capital\n   Management LP\n(2) Check the appropriate box", {"Kovarel Capital Management LP"}, set()),
        ("Kovarel LLC\n12 Mill Lane, Dover", {"Kovarel LLC"}, set()),
        ("Kovarel Fund LP and\n\n(3) SEC use only", set(), {"Kovarel Fund LP and"}),
        ("Kovarel Fund LP and\n   Tarnwick LLC\n", set(), {"Kovarel Fund LP and Tarnwick LLC"}),
    ],
)
def test_a_name_over_two_lines_is_read_whole(printed, admitted, to_review):
    extraction = read(document(SCHEDULE.replace("Kovarel Group, Inc.", printed)))

    def names(claims):
        return {c.subject.name for c in claims if c.method == "filings/2"} - {"Ann B. Lee"}

    assert names(extraction.claims) == admitted
    assert names(extraction.candidates) == to_review


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
