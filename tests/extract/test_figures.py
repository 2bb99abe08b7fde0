import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.dates import dates
from kg.extract.figures import figures


def found(text, lang):
    return [(f.kind, text[f.start : f.end].strip(), f.value, f.unit) for f in figures(text, lang)]


@pytest.mark.parametrize(
    ("lang", "text", "value", "unit"),
    [
        ("fr", "11,9 milliards de dollars", "11900000000", "USD"),
        ("fr", "350 millions d’euros".replace("’", "'"), "350000000", "EUR"),
        ("fr", "350 M€", "350000000", "EUR"),
        ("fr", "2,5 Mds€", "2500000000", "EUR"),
        ("fr", "26 milliards dollars", "26000000000", "USD"),
        ("fr", "1.234 euros", "1234", "EUR"),
        ("fr", "200 000 euros", "200000", "EUR"),
        ("fr", "deux milliards d'euros", "2000000000", "EUR"),
        ("en", "$11.9bn", "11900000000", "USD"),
        ("en", "$11.9 billion", "11900000000", "USD"),
        ("en", "€350m", "350000000", "EUR"),
        ("en", "1.2 trillion yen", "1200000000000", "JPY"),
        ("en", "$1,234.50", "1234.50", "USD"),
        ("en", "two billion dollars", "2000000000", "USD"),
        ("en", "CHF 2 billion", "2000000000", "CHF"),
        ("en", "SEK 1.2bn", "1200000000", "SEK"),
        ("en", "300bn yen", "300000000000", "JPY"),
        ("en", "HK$2bn", "2000000000", "HKD"),
        ("en", "S$40 million", "40000000", "SGD"),
        ("en", "Rs 500 crore", "5000000000", "INR"),
        ("en", "₹2 lakh crore", "2000000000000", "INR"),
        ("en", "half a billion dollars", "500000000", "USD"),
        ("fr", "un demi-milliard d'euros", "500000000", "EUR"),
        ("fr", "1 milliard et demi d'euros", "1500000000", "EUR"),
        ("fr", "450 K€", "450000", "EUR"),
    ],
)
def test_an_amount_is_read_in_single_units_with_its_currency(lang, text, value, unit):
    assert found(text, lang) == [("amount", text, Decimal(value), unit)]


@pytest.mark.parametrize(
    ("lang", "text", "value"),
    [
        ("fr", "6 %", "6"),
        ("fr", "5,2 %", "5.2"),
        ("fr", "62 pour cent", "62"),
        ("en", "5.2%", "5.2"),
        ("en", "62 percent", "62"),
    ],
)
def test_a_percentage_is_read(lang, text, value):
    assert found(text, lang) == [("percent", text, Decimal(value), "")]


def test_a_fraction_counts_only_of_something():
    assert found("un tiers des parts", "fr") == [("percent", "un tiers", Decimal("33.33"), "")]
    assert found("a quarter of the shares", "en") == [("percent", "a quarter", Decimal(25), "")]
    assert found("half cash and half stock", "en") == []


@pytest.mark.parametrize(
    ("lang", "text", "low", "high"),
    [
        ("en", "$5-8 million", "5000000", "8000000"),
        ("en", "€1.2–1.5bn", "1200000000", "1500000000"),
        ("en", "$300-400 each", "300", "400"),
        ("fr", "5-8 M€", "5000000", "8000000"),
    ],
)
def test_of_a_range_neither_end_is_the_amount(lang, text, low, high):
    told = [(f.kind, f.bound, f.value) for f in figures(text, lang)]
    assert told == [("amount", "min", Decimal(low)), ("amount", "max", Decimal(high))]


@pytest.mark.parametrize("text", ["Bds$5 million", "PHP 8", "COP 26", "the $12-15% part"])
def test_a_sum_in_an_unknown_currency_is_not_taken_for_one_in_a_known(text):
    assert not [f for f in figures(text, "en") if f.kind == "amount" and f.value != Decimal(12)]


@pytest.mark.parametrize(
    ("lang", "text", "unit"),
    [("fr", "cinq ans", "P5Y"), ("fr", "18 mois", "P18M"), ("en", "five-year", "P5Y"), ("en", "2 weeks", "P14D")],
)
def test_a_duration_is_an_xsd_duration(lang, text, unit):
    assert [(f.kind, f.unit) for f in figures(text, lang)] == [("duration", unit)]


def test_more_than_a_hundred_percent_is_no_share():
    assert [f.kind for f in figures("140 %", "fr")] != ["percent"]


@given(st.text(max_size=200), st.sampled_from(["fr", "en"]))
def test_any_text_gives_ordered_figures_that_do_not_overlap(text, lang):
    spans = figures(text, lang)
    assert all(one.end <= two.start for one, two in itertools.pairwise(spans))
    assert all(0 <= s.start < s.end <= len(text) for s in spans)


@pytest.mark.parametrize(
    ("lang", "text", "iso", "role"),
    [
        ("fr", "depuis 2019", "2019", "since"),
        ("fr", "jusqu'en 2030", "2030", "until"),
        ("fr", "le 11 mars 2025", "2025-03-11", "in"),
        ("fr", "le 1er juin 2014", "2014-06-01", "in"),
        ("en", "since 2019", "2019", "since"),
        ("en", "by 2030", "2030", "until"),
        ("en", "On March 11, 2025", "2025-03-11", "in"),
        ("en", "in January", "2025-01", "in"),
        ("fr", "en décembre", "2024-12", "in"),
        ("fr", "le 11/03/2025", "2025-03-11", "in"),
        ("fr", "l'été 2018", "2018", "in"),
        ("fr", "au premier trimestre 2024", "2024", "in"),
        ("en", "in Q3 2023", "2023", "in"),
        ("en", "since the spring of 2020", "2020", "since"),
    ],
)
def test_a_date_stays_as_partial_as_it_is_said(lang, text, iso, role):
    assert [(d.iso, d.role) for d in dates(text, lang, "2025-03-11")] == [(iso, role)]


@pytest.mark.parametrize(("lang", "text"), [("fr", "de 2018 à 2021"), ("en", "from 2018 to 2021")])
def test_from_one_year_to_another_is_a_beginning_and_an_end(lang, text):
    assert [(d.iso, d.role) for d in dates(text, lang, None)] == [("2018", "since"), ("2021", "until")]


def test_day_and_month_in_figures_are_read_where_it_is_known_which_is_which():
    assert list(dates("on 11/03/2025", "en", None)) == []


@pytest.mark.parametrize(
    ("lang", "text", "iso", "role"),
    [
        ("en", "two months ago", "2025-01", "in"),
        ("en", "a year ago", "2024", "in"),
        ("en", "3 days ago", "2025-03-08", "in"),
        ("en", "since last year", "2024", "since"),
        ("en", "next month", "2025-04", "in"),
        ("en", "yesterday", "2025-03-10", "in"),
        ("fr", "il y a deux ans", "2023", "in"),
        ("fr", "voilà 15 mois", "2023-12", "in"),
        ("fr", "depuis l'an dernier", "2024", "since"),
        ("fr", "le mois dernier", "2025-02", "in"),
        ("fr", "l'année prochaine", "2026", "in"),
    ],
)
def test_a_distance_from_the_day_of_the_text_is_a_date_as_exact_as_its_unit(lang, text, iso, role):
    assert [(d.iso, d.role) for d in dates(text, lang, "2025-03-11")] == [(iso, role)]


@pytest.mark.parametrize(
    ("text", "published"),
    [
        ("two months ago", None),
        ("two months ago", "2025"),
        ("yesterday", "2025-03"),
        ("over the last year", "2025-03-11"),
        ("for two months", "2025-03-11"),
        ("il y a deux sociétés", "2025-03-11"),
    ],
)
def test_a_distance_without_a_day_to_count_from_stays_unread(text, published):
    assert [*dates(text, "en", published), *dates(text, "fr", published)] == []


def test_a_month_without_a_year_is_not_read_where_the_publication_date_is_unknown():
    assert list(dates("En janvier, Microsoft a signé.", "fr", None)) == []


def test_a_date_that_no_calendar_has_is_not_read():
    assert list(dates("le 31 février 2025", "fr", None)) == []


@pytest.mark.parametrize("text", ["from 1996-2001", "in 1996-20", "in 2024-13"])
def test_a_span_of_years_is_no_month(text):
    assert [d.iso for d in dates(text, "en", None) if len(d.iso) > 4] == []


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "bought Kovarel for $21.00 per share"),
        ("en", "bought Kovarel for $21 in cash for each outstanding share of common stock"),
        ("en", "bought Kovarel for $45 a share"),
        ("en", "bought Kovarel at a price per share of $21.00"),
        ("en", "a per-share price of $21.00"),
        ("fr", "a racheté Dorvan pour 5,20 euros par action"),
        ("fr", "a racheté Dorvan au prix de 12 € l'action"),
        ("fr", "à un prix par action de 12 euros"),
    ],
)
def test_the_price_of_one_share_is_no_amount(lang, text):
    assert found(text, lang) == []


@pytest.mark.parametrize(
    ("lang", "text", "value"),
    [
        ("en", "for $21.00 per share, or $5 billion", "5000000000"),
        ("en", "sold $5 million a year", "5000000"),
        ("en", "paid $5 million for a share of the mine", "5000000"),
        ("en", "earned $2 per share and paid $5 billion", "5000000000"),
        ("fr", "12 € l'action, soit 40 millions d'euros", "40000000"),
        ("fr", "a payé 40 millions d'euros par an", "40000000"),
    ],
)
def test_a_sum_beside_it_is_one(lang, text, value):
    assert [figure.value for figure in figures(text, lang) if figure.kind == "amount"] == [Decimal(value)]
