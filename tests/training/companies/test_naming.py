import pytest

from kg.resolve import fold
from kg.training.companies.naming import label, legal_key, legal_name, proper_case


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Accor SA", "Accor"),
        ("L'Air Liquide S.A.", "L'Air Liquide"),
        ("Anheuser-Busch InBev SA/NV Sponsored ADR", "Anheuser-Busch InBev"),
        ("Vestas Wind Systems A/S", "Vestas Wind Systems"),
        ("PT Bank Mandiri (Persero) Tbk", "Bank Mandiri"),
        ("Airports of Thailand Public Company Limited", "Airports of Thailand"),
        ("Wal-Mart de Mexico, S.A.B. de C.V.", "Wal-Mart de Mexico"),
        ("Skandinaviska Enskilda Banken AB (publ)", "Skandinaviska Enskilda Banken"),
        ("China Vanke Co., Ltd. Class H", "China Vanke"),
        ("FIRST BANCORP /PR/", "FIRST BANCORP"),
        ("ALIGHT, INC. / DELAWARE", "ALIGHT"),
        ("Orion Corporation (pharmaceutical company)", "Orion"),
        ("The Walt Disney Company", "Walt Disney"),
    ],
)
def test_a_name_stands_without_its_legal_form(title, name):
    assert label(title) == name


def test_a_country_in_brackets_tells_companies_apart():
    assert label("Delta Electronics (Thailand) Public Company Limited") == "Delta Electronics (Thailand)"
    assert label("Sekisui House Reit, Inc.") != label("Sekisui House, Ltd.")


@pytest.mark.parametrize("form", ["SA", "AG", "Inc.", "N.V."])
def test_a_name_that_is_a_legal_form_only_stays(form):
    assert label(form) == form


def test_the_label_of_a_name_folds_as_the_resolver_folds_the_name():
    for title in ("Oracle Corp", "Hitachi, Ltd.", "SoftBank Group Corp.", "Capgemini SE", "Siemens AG"):
        assert fold(label(title)) == fold(title)


def test_a_register_s_name_has_one_spelling_with_its_form():
    assert legal_key("THE SOUTHERN COMPANY") == legal_key("The Southern Co.")
    assert legal_key("Merck KGaA") != legal_key("Merck & Co.")
    assert legal_name("Zijin Mining Group Co. Ltd. Class H") == "Zijin Mining Group Co. Ltd."


def test_capitals_become_a_name_and_initials_stay():
    words = frozenset({"the", "inc", "bay"})
    assert proper_case("BANK OF HAWAII INC", words) == "Bank of Hawaii Inc"
    assert proper_case("NVR INC", words) == "NVR Inc"
    assert proper_case("HARLEY-DAVIDSON, INC.", words) == "Harley-Davidson, Inc."
    assert proper_case("eBay Inc.", words) == "eBay Inc."
