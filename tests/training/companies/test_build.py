"""The registry out of lists made up here; what a word means is told by the test, not by dictionaries."""

import pytest

from kg.companies import KnownBy
from kg.training.companies import build
from kg.training.companies.__main__ import table
from kg.training.companies.build import Additions, companies
from kg.training.companies.sources import Row

ISIN_FR, ISIN_DE, ISIN_US = "FR0000120404", "DE0007236101", "US0378331005"
WORDS = {"Harbour", "Merrin"}


@pytest.fixture(autouse=True)
def dictionary(monkeypatch):
    def known_by(name):
        return KnownBy.NAME if name.removesuffix(" Group") in WORDS else KnownBy.SIGHT

    monkeypatch.setattr(build, "known_by", known_by)
    monkeypatch.setattr(build, "short_words", lambda: frozenset({"inc", "the"}))


def index(name, country, **told):
    return Row(name, country, 0, is_taken=True, **told)


def exchange(name, country, rank=11, *, is_taken=True, **told):
    return Row(name, country, rank, is_taken, **told)


def sec(name, cik, ticker):
    return Row(name, None, 1, is_taken=True, ticker=ticker, cik=cik)


def built(*rows, leis=None, **additions):
    return {company.id: company for company in companies(rows, leis or {}, Additions(**additions))}


def test_rows_of_one_name_are_one_company_with_the_identifiers_of_all():
    rows = (
        index("Veldane SA", "FR", isin=ISIN_FR),
        exchange("Veldane S.A.", "FR", isin=ISIN_FR, listing="XPAR:VDN"),
        sec("VELDANE SA /ADR/", "77", "VDNY"),
    )
    [company] = built(*rows, leis={("veldanesa", "FR"): "969500CVFTUT88V8QN95"}).values()
    assert (company.id, company.name, company.known_by) == ("company/veldane", "Veldane", KnownBy.SIGHT)
    assert dict(company.identifiers) == {
        "ticker": "VDNY", "cik": "77", "listing": "XPAR:VDN", "isin": ISIN_FR, "lei": "969500CVFTUT88V8QN95",
    }  # fmt: skip


def test_a_company_that_no_list_takes_is_left_out_unless_people_take_it():
    row = exchange("Veldane SA", "FR", is_taken=False, listing="XPAR:VDN")
    assert built(row) == {}
    assert list(built(row, take=frozenset({"veldane"}))) == ["company/veldane"]


def test_a_word_is_known_with_its_form_only():
    assert built(index("Harbour plc", "GB", listing="XLON:HRB"))["company/harbour"].known_by is KnownBy.NAME


def test_a_company_known_by_sight_is_called_so_a_word_keeps_what_tells_that_it_is_a_company():
    made = built(
        exchange("Veldane Holdings plc", "GB", isin="GB00BP6MXD84"), index("Harbour Group", "US", ticker="HBR")
    )
    assert [c.name for c in made.values()] == ["Harbour Group", "Veldane"]


def test_two_known_companies_of_one_name_are_known_by_identifiers_only():
    rows = (
        index("Merrin KGaA", "DE", isin=ISIN_DE), exchange("Merrin KGaA", "DE"),
        index("Merrin & Co.", "US", isin=ISIN_US, ticker="MRN"), exchange("Merrin & Co.", "US"),
    )  # fmt: skip
    made = built(*rows)
    assert {c.known_by for c in made.values()} == {KnownBy.IDENTIFIER}
    assert sorted(made) == ["company/merrinco", "company/merrinkgaa"]
    assert {c.identifiers["isin"] for c in made.values()} == {ISIN_DE, ISIN_US}


def test_an_old_and_a_new_name_with_one_identifier_are_one_company():
    made = built(index("Newmere SA", "FR", listing="XPAR:NEW"), exchange("Oldmere SA", "FR", listing="XPAR:NEW"))
    assert [(c.id, c.aliases) for c in made.values()] == [("company/newmere", ("Oldmere",))]


def test_a_short_form_is_an_alias_if_nobody_else_is_called_so():
    rows = [exchange("Quelvane Technologies AG", "DE", listing="XETR:QVT")]
    [company] = built(*rows).values()
    assert (company.id, company.name, company.aliases) == ("company/quelvane", "Quelvane Technologies", ("Quelvane",))
    other = exchange("Quelvane Holz AG", "DE", is_taken=False, listing="XETR:QHO")
    assert "company/quelvanetechnologies" in built(*rows, other)
    assert "company/quelvanetechnologies" in built(*rows, ambiguous=frozenset({"quelvane"}))


def test_isins_that_differ_are_left_out():
    rows = (index("Veldane", "FR", isin=ISIN_FR), exchange("Veldane", "FR", isin="FR0000121014", listing="XPAR:VDN"))
    assert dict(built(*rows)["company/veldane"].identifiers) == {"listing": "XPAR:VDN"}


def test_an_identifier_of_another_company_is_not_taken():
    rows = (index("Veldane", "FR", isin=ISIN_FR, listing="XPAR:VDN"), index("Orvane", "FR", isin=ISIN_FR))
    made = built(*rows, wrong={"orvane": [ISIN_FR]})
    assert list(made) == ["company/veldane"]


def test_what_the_registry_knows_by_hand_keeps_its_id_and_its_name():
    made = built(index("MICROSOFT CORP", "US", isin="US5949181045"), sec("Wholly Other Inc", "789019", "MSFT"))
    assert [(c.id, c.name) for c in made.values()] == [("company/microsoft", "Microsoft")]


def test_additions_that_fit_no_company_are_named():
    with pytest.raises(ValueError, match=r"additions\.toml: no list has nobody"):
        built(index("Veldane", "FR", isin=ISIN_FR), names={"nobody": ["Anybody"]})


def test_the_table_is_the_same_whatever_the_order_of_the_rows():
    rows = [
        index("Veldane SA", "FR", isin=ISIN_FR),
        exchange("Quelvane Technologies AG", "DE", listing="XETR:QVT"),
        exchange("Veldane S.A.", "FR", listing="XPAR:VDN"),
        sec("HARBOUR INC", "12", "HRB"),
    ]
    first, second = (list(table(companies(order, {}, Additions()))) for order in (rows, rows[::-1]))
    assert first == second
    assert first[-1].split("\t")[:3] == ["veldane", "sight", "Veldane"]
