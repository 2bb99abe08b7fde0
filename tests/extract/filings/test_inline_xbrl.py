"""Filings that mark up their text in inline XBRL: the shares of customers, and by what companies are identified.

The marks are those of the standard, on texts of invented companies.
"""

import pytest

from kg.documents import Metadata, Source, parse
from kg.extract import read
from kg.identifiers import canonical
from kg.places import PlaceKind
from kg.resolve import Resolver

CONTEXT = (
    '<xbrli:context id="{name}"><xbrli:entity><xbrli:identifier scheme="http://www.sec.gov/CIK">0009999901'
    "</xbrli:identifier><xbrli:segment>{members}</xbrli:segment></xbrli:entity><xbrli:period><xbrli:startDate>{start}"
    "</xbrli:startDate><xbrli:endDate>{end}</xbrli:endDate></xbrli:period></xbrli:context>"
)
MEMBER = '<xbrldi:explicitMember dimension="{}">{}</xbrldi:explicitMember>'
COVER = (
    "<p>SECURITIES AND EXCHANGE COMMISSION</p><p>FORM 10-K</p><p>Zeltan Corporation</p>"
    "<p>(Exact name of registrant as specified in its charter)</p>"
)
FILLER = "<p>Pumps are sold in many countries, and valves are made in two plants of our own.</p>" * 3


def context(name, customer, start="2023-07-01", end="2024-06-30", benchmark="SalesRevenueNetMember", more=()):
    members = [
        ("srt:MajorCustomersAxis", customer),
        ("us-gaap:ConcentrationRiskByTypeAxis", "us-gaap:CustomerConcentrationRiskMember"),
        ("us-gaap:ConcentrationRiskByBenchmarkAxis", f"us-gaap:{benchmark}"),
        *more,
    ]
    return CONTEXT.format(name=name, start=start, end=end, members="".join(MEMBER.format(*each) for each in members))


def share(context_, figure, name="ConcentrationRiskPercentage1"):
    return (
        f'<ix:nonFraction name="us-gaap:{name}" contextRef="{context_}" unitRef="number" decimals="2" scale="-2">'
        f"{figure}</ix:nonFraction>"
    )


def filing(body, *contexts, hidden="", cover=COVER):
    page = (
        f'<html><body><div style="display:none"><ix:header><ix:hidden>{hidden}</ix:hidden><ix:resources>'
        f"{''.join(contexts)}</ix:resources></ix:header></div>{cover}{body}{FILLER}</body></html>"
    )
    return parse(page.encode(), Source("a.html", "a.html"), media_type="text/html")


def told(document):
    extraction = read(document, resolve=Resolver().entity)
    return {
        (c.object.name, str(c.qualifiers.percent or ""), c.qualifiers.as_of or "")
        for c in extraction.claims
        if c.relation == "supplies" and c.method == "filings/2"
    }, extraction


KOVAREL = "zl:KovarelInc.AndAffiliatesMember"
YEARS = (context("a", KOVAREL), context("b", KOVAREL, "2022-07-01", "2023-06-30"))


def test_a_fact_stands_where_the_text_has_it():
    document = filing(f"<p>See Note 2.<sup>(1)</sup> Sales to  Kovarel were {share('a', '16')}% in all.</p>", *YEARS)
    [fact] = document.facts
    assert document.text[fact.start : fact.end] == "16"
    assert (fact.value, fact.period) == ("0.16", ("2023-07-01", "2024-06-30"))
    assert fact.axes["MajorCustomersAxis"] == "KovarelInc.AndAffiliatesMember"


def test_the_period_of_a_customer_is_that_of_its_context_and_nothing_is_said_twice():
    both = share("a", share("b", "16"))
    document = filing(
        f"<p>Our largest customer, Kovarel Inc., accounted for about {both}% of sales in 2024 and 2023.</p>", *YEARS
    )
    claims, extraction = told(document)
    assert claims == {("Kovarel Inc.", "16", "2024-06-30"), ("Kovarel Inc.", "16", "2023-06-30")}
    assert extraction.unnamed == 0
    quotes = {c.evidence[0].quote for c in extraction.claims if c.method == "filings/2"}
    assert len(quotes) == 1
    [quote] = quotes
    assert quote.startswith("Our largest customer")
    for claim in extraction.claims:
        places = document.places_of(claim.evidence[0])
        assert [place.kind for place in places] == [PlaceKind.ELEMENT]


def test_a_sentence_in_other_words_is_read_by_its_marks():
    document = filing(
        f"<p>The Company's dependence on Kovarel Inc. was {share('a', '16')}% of revenue, after "
        f"{share('b', '14')}% one year earlier.</p>",
        *YEARS,
    )
    assert told(document)[0] == {("Kovarel Inc.", "16", "2024-06-30"), ("Kovarel Inc.", "14", "2023-06-30")}


def test_the_fiscal_year_of_an_unmarked_sentence_is_that_of_the_marks():
    document = filing(
        f"<p>Our largest customer, Kovarel Inc., accounted for {share('a', '16')}% of net sales in 2024.</p>"
        "<p>Sales to Kovarel Inc. represent 16% of our total sales in 2024.</p>",
        *YEARS,
    )
    assert told(document)[0] == {("Kovarel Inc.", "16", "2024-06-30")}


@pytest.mark.parametrize(
    ("sentence", "contexts", "unnamed"),
    [
        # A member without a name is somebody unnamed, in whatever words.
        ("Two clients made up {} of revenue.", ("zl:CustomerAMember", "zl:CustomerBMember"), 2),
        ("Two clients made up {} of revenue.", ("zl:OneCustomerMember", "zl:Wholesaler2Member"), 2),
        # A name that the sentence does not have is not taken from the member.
        ("Two clients made up {} of revenue.", ("zl:KovarelInc.Member", "zl:TarnwickLlcMember"), 0),
        # Groups are no customers.
        ("Clients made up {} of revenue.", ("zl:PrincipalUSCustomersMember", "zl:TopTenCustomersMember"), 0),
    ],
)
def test_members_without_names_are_counted_and_no_company(sentence, contexts, unnamed):
    first, second = contexts
    marks = f"{share('a', '23')}% and {share('b', '16')}%"
    document = filing(f"<p>{sentence.format(marks)}</p>", context("a", first), context("b", second))
    claims, extraction = told(document)
    assert claims == set()
    assert extraction.unnamed == unnamed


@pytest.mark.parametrize(
    "context_",
    [
        context("a", KOVAREL, benchmark="AccountsReceivableMember"),
        context("a", KOVAREL, more=[("us-gaap:StatementBusinessSegmentsAxis", "zl:PumpsMember")]),
    ],
)
def test_shares_of_something_else_are_not_shares_of_the_sales(context_):
    document = filing(f"<p>Kovarel Inc. had {share('a', '16')}% of it at the end of the year.</p>", context_)
    assert told(document)[0] == set()


def test_a_figure_that_the_text_does_not_have_is_not_believed():
    wrong = share("a", "16").replace('scale="-2"', 'scale="-1"')
    assert told(filing(f"<p>The dependence on Kovarel Inc. was {wrong}% of revenue.</p>", *YEARS))[0] == set()


@pytest.mark.parametrize("cell", ["<td>{}%</td>", "<td>{}</td><td>%</td>"])
def test_a_row_of_a_table_names_the_customer(cell):
    rows = "".join(
        f"<tr><td>{name}</td>{cell.format(share(at, figure))}</tr>"
        for name, at, figure in (("Kovarel Inc.", "a", "16"), ("Customer B", "b", "11"))
    )
    document = filing(
        f"<p>Concentrations were as follows:</p><table><tr><th>Fiscal 2024</th><th></th></tr>{rows}</table>",
        context("a", KOVAREL),
        context("b", "zl:CustomerBMember"),
    )
    extraction = read(document, resolve=Resolver().entity)
    claims = [claim for claim in extraction.claims if claim.relation == "supplies"]
    assert [(c.object.name, str(c.qualifiers.percent), c.qualifiers.as_of) for c in claims] == [
        ("Kovarel Inc.", "16", "2024-06-30")
    ]


def test_broken_marks_are_no_trouble():
    document = filing(
        f"<p>Sales: {share('missing', 'sixteen')} and {share('', '1')}.</p>", '<xbrli:context id="a"></xbrli:context>'
    )
    assert [fact.period for fact in document.facts] == [None, None]
    assert told(document)[0] == set()


# ---------------------------------------------------------------- identifiers
LEI = "969500ZELTANKOVARE70"
"""An invented one, with the check digits that it must have."""
ISIN = "FR00ZELTAN16"
SYMBOLS = (
    "<table><tr><td>Title of each class</td><td>Trading Symbol(s)</td><td>Name of each exchange</td></tr>"
    "<tr><td>Common Stock</td><td>ZLTN</td><td>The Nasdaq Stock Market</td></tr>"
    "<tr><td>3.1% Notes due 2031</td><td>ZLTN31</td><td>New York Stock Exchange</td></tr></table>"
)
DEAL = "<p>In May 2024, Zeltan Corporation acquired Kovarel Inc. for $5 million.</p>"


def identifiers(document):
    claims = read(document, resolve=Resolver().entity).claims
    return {end.name: dict(end.identifiers) for claim in claims for end in claim.entities}


def test_the_registrant_carries_what_its_cover_tells():
    hidden = '<ix:nonNumeric name="dei:EntityCentralIndexKey" contextRef="c">0009999901</ix:nonNumeric>'
    found = identifiers(filing(DEAL, hidden=hidden, cover=COVER + SYMBOLS))
    assert found == {
        "Zeltan Corporation": {"cik": "9999901", "listing": "XNAS:ZLTN", "ticker": "ZLTN"},
        "Kovarel Inc.": {},
    }


def test_the_marks_of_a_cover_tell_the_ticker_of_shares_alone():
    marked = [
        ("c", "zl:ZeltanCommonStockMember", "exch:XNYS", "ZLTN"),
        ("d", "zl:Notes3.1Due2031Member", "exch:XNYS", "ZLTN31"),
    ]
    contexts = [
        CONTEXT.format(
            name=name,
            start="2024-01-01",
            end="2024-12-31",
            members=MEMBER.format("us-gaap:StatementClassOfStockAxis", kind)
            + MEMBER.format("dei:EntityListingsExchangeAxis", exchange),
        )
        for name, kind, exchange, _ in marked
    ]
    symbols = "".join(
        f'<p><ix:nonNumeric name="dei:TradingSymbol" contextRef="{name}">{symbol}</ix:nonNumeric></p>'
        for name, _, _, symbol in marked
    )
    found = identifiers(filing(DEAL, *contexts, cover=COVER + symbols))
    assert found["Zeltan Corporation"] == {"listing": "XNYS:ZLTN", "ticker": "ZLTN"}


def test_two_registrants_in_one_filing_give_no_number_to_either():
    keys = ("0009999901", "0009999902")
    hidden = "".join(
        f'<ix:nonNumeric name="dei:EntityCentralIndexKey" contextRef="c">{key}</ix:nonNumeric>' for key in keys
    )
    assert identifiers(filing(DEAL, hidden=hidden))["Zeltan Corporation"] == {}


@pytest.mark.parametrize(
    "cover",
    [
        "ORVANE INDUSTRIES INC\n--------\n(Name of Issuer)\n\nCommon Stock\n\n037833100\n-----\n(CUSIP Number)\n",
        "ORVANE INDUSTRIES INC\n--------\n(Name of Issuer)\n\nCUSIP No. 037833100 SCHEDULE 13G\n",
    ],
)
def test_the_cusip_of_a_schedule_is_the_issuers(cover):
    text = (
        f"SECURITIES AND EXCHANGE COMMISSION\n\nSCHEDULE 13G\n\n{cover}\n1 NAMES OF REPORTING PERSONS Kovarel Group\n\n"
        "11 PERCENT OF CLASS REPRESENTED BY AMOUNT IN ROW (9) 6.25%\n\n12 TYPE OF REPORTING PERSON HC\n"
    )
    found = identifiers(parse(text.encode(), Source("a.txt", "a.txt"), known=Metadata(lang="en")))
    assert found == {"Kovarel Group": {}, "ORVANE INDUSTRIES INC": {"cusip": "037833100"}}


def test_a_french_notice_tells_lei_and_isin_in_brackets():
    text = (
        "Autorité des marchés financiers\n\nDéclaration de franchissement de seuils (article L. 233-7)\n\n"
        f"Par courrier reçu le 4 mars 2025, la société Kovarel SAS (12 rue des Tilleuls, 59000 Lille ; LEI : {LEI}) a "
        "déclaré avoir franchi en hausse, le 28 février 2025, les seuils de 5 % du capital et des droits de vote de la "
        f"société Orvane SA (code ISIN : {ISIN}) et détenir 1 250 000 actions Orvane SA représentant autant de droits "
        "de vote, soit 5,21 % du capital et 4,08 % des droits de vote de cette société.\n"
    )
    claims = [
        claim
        for claim in read(parse(text.encode(), Source("a.txt", "a.txt")), resolve=Resolver().entity).claims
        if claim.method == "filings/2"
    ]
    assert {str(claim.qualifiers.percent) for claim in claims} == {"5.21", "4.08"}
    for claim in claims:
        assert (claim.subject.name, claim.subject.identifiers) == ("Kovarel SAS", (("lei", LEI),))
        assert (claim.object.name, claim.object.identifiers) == ("Orvane", (("isin", ISIN),))


@pytest.mark.parametrize(
    ("kind", "value", "spelt"),
    [
        ("lei", LEI, LEI),
        ("lei", LEI[:-1] + "1", None),
        ("isin", "FR00 ZELT AN16", ISIN),
        ("isin", "FR00ZELTAN17", None),
        ("cusip", "037833100", "037833100"),
        ("cusip", "037833101", None),
        ("cik", "0000001234", "1234"),
        ("cik", "0000000000", None),
        ("ticker", "brk.b", "BRK.B"),
        ("ticker", "N/A", None),
        ("listing", "XNYS:ZLT", "XNYS:ZLT"),
    ],
)
def test_identifiers_have_one_spelling_and_right_check_digits(kind, value, spelt):
    assert canonical(kind, value) == spelt
