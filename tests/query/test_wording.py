from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import QueryError
from kg.model import Figure, Qualifiers
from kg.wording.terms import figure, money, number, short_terms, terms

DEAL = Qualifiers(amount=Decimal(11_900_000_000), currency="USD", duration="P5Y")
BILLION = Decimal(10**9)
SHARE = Qualifiers(percent=Decimal(62), percent_of="revenue", as_of="2024")


@pytest.mark.parametrize(
    ("said", "lang", "words"),
    [
        (DEAL, "en", "11.9 bn USD over 5 years"),
        (DEAL, "fr", "11,9 Md USD sur 5 ans"),
        (SHARE, "en", "62 % of revenue (2024)"),
        (SHARE, "fr", "62 % du chiffre d’affaires (2024)"),
        (Qualifiers(), "en", ""),
        (Qualifiers(as_of="2024-06"), "en", "(2024-06)"),
        (Qualifiers(percent_min=Decimal(20), percent_max=Decimal("33.4")), "en", "20–33.4 %"),
        (Qualifiers(percent_min=Decimal(50), percent_of="votes"), "en", "at least 50 % of votes"),
        (Qualifiers(percent_max=Decimal(5), percent_of="cost"), "fr", "au plus 5 % des coûts"),
        (
            Qualifiers(amount_min=BILLION * 5, currency="USD", duration="P2Y"),
            "en",
            "at least 5 bn USD over 2 years",
        ),
        (Qualifiers(amount_max=Decimal(350 * 10**6), currency="EUR"), "fr", "au plus 350 M EUR"),
        (
            Qualifiers(amount_min=BILLION * 5, amount_max=BILLION * 7, currency="USD"),
            "en",
            "5 bn–7 bn USD",
        ),
        (Qualifiers(percent=Decimal(3), percent_of="of its kind"), "en", "3 % of its kind"),
        (Qualifiers(quantity=Decimal(250_000), goods="GPU"), "fr", "250 000 GPU"),
        (Qualifiers(duration="P1Y6M"), "en", "over 1 year 6 months"),
        (Qualifiers(duration="P30D"), "fr", "sur 30 jours"),
        (
            Qualifiers(goods="chips", exclusive=True, start="2024", end="2030-06"),
            "en",
            "chips, exclusive, 2024 – 2030-06",
        ),
        (Qualifiers(exclusive=False, start="2024"), "fr", "non exclusif, depuis 2024"),
        (Qualifiers(end="2030"), "fr", "jusqu’à 2030"),
        (Qualifiers(as_printed="11,9 milliards"), "en", ""),
    ],
)
def test_terms_in_words(said, lang, words):
    assert terms(said, lang) == words


@pytest.mark.parametrize(
    ("said", "lang", "words"),
    [
        (DEAL, "en", "11.9 bn USD · 5 y"),
        (DEAL, "fr", "11,9 Md USD · 5 a"),
        (Qualifiers(percent=Decimal(6), percent_of="capital"), "en", "6 %"),
        (Qualifiers(percent_min=Decimal(50)), "fr", "≥ 50 %"),
        (Qualifiers(percent_max=Decimal("0.5")), "fr", "≤ 0,5 %"),
        (Qualifiers(amount_min=Decimal(11_930_000_000), currency="USD"), "en", "≥ 11.9 bn USD"),
        (Qualifiers(goods="chips"), "en", ""),
    ],
)
def test_terms_on_an_edge(said, lang, words):
    assert short_terms(said, lang) == words


@pytest.mark.parametrize(
    ("amount", "long", "short"),
    [
        ("350000000", "350 M USD", "350 M USD"),
        ("999", "999 USD", "999 USD"),
        ("12500.5", "12,500.5 USD", "12,500.5 USD"),
        ("1500000000000", "1.5 tn USD", "1.5 tn USD"),
        ("11912345678", "11,912,345,678 USD", "11.9 bn USD"),
        ("999999999", "999,999,999 USD", "1 bn USD"),
        ("-2500000", "-2.5 M USD", "-2.5 M USD"),
        ("0", "0 USD", "0 USD"),
    ],
)
def test_money_takes_the_scale_that_suits_it(amount, long, short):
    assert money(Decimal(amount), "USD") == long
    assert money(Decimal(amount), "USD", short=True) == short


def test_a_sum_without_a_currency_is_a_number():
    assert money(Decimal(5_000_000), None, "fr") == "5 M"


def test_a_figure_is_worded_with_its_unit():
    assert figure(Figure(Decimal(1_920_000_000), "USD"), "fr") == "1,92 Md USD"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**15), max_value=10**15))
def test_no_digit_is_lost_in_a_number(value):
    assert Decimal(number(value).replace(",", "")) == value
    assert Decimal(number(value, "fr").replace(" ", "").replace(",", ".")) == value


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=0, max_value=10**15))
def test_the_long_form_is_exact(value):
    scales = {"tn": 10**12, "bn": 10**9, "M": 10**6, "USD": 1}
    digits, unit, *_ = money(value, "USD").split()
    assert Decimal(digits.replace(",", "")) * scales[unit] == value


def test_a_language_without_wording_is_refused():
    with pytest.raises(QueryError, match="cannot be worded in 'de': choose one of en, fr"):
        terms(DEAL, "de")
