"""What registers say of a company stands beside the news in the viewer, with the row that says it."""

import json

import pytest

from kg.model import Claim, Document, Entity, Modality, Tier
from kg.resolve import DatedName, RegisterRecord
from kg.store import DocumentClaims, open_store
from kg.view import html_of, store_view
from kg.view.views import store_page

LEI = "969500T3MBS4SQAMHJ45"
HELVANE = Entity("company/helvane", "Helvane", "Company", ("Helvane",), (("lei", LEI),))
ORBICOR = Entity("company/orbicor", "Orbicor", "Company", ("Orbicor",))
KELMAR = Entity("company/kelmar", "Kelmar", "Company", ("Kelmar",))
ROW = f"LEI,LegalName\n{LEI},<b>Helvane</b>"


def said(document, relation, subject, object_):
    claim = Claim(
        subject, relation, object_, Modality.ASSERTED, (document.evidence(0, len(document.text)),), known_from="2026-01"
    )
    return DocumentClaims(document, (claim,), "hand 1")


@pytest.fixture(scope="module")
def store():
    record = RegisterRecord(
        HELVANE,
        "gleif",
        LEI,
        country="FR",
        legal_form="5599",
        is_active=True,
        former_names=(DatedName("Helvane Mines", "1999", "2011"),),
        addresses=("1 rue Haute, 75001 Paris, FR",),
    )
    row = Document("gleif/lei/1", ROW, "en", "2026-01-01", url="https://gleif.example/1", tier=Tier.REGISTER)
    tie = Document("gleif/rr/1", "Helvane,Orbicor", "en", "2026-01-01", tier=Tier.REGISTER)
    news = Document("press.txt", "Kelmar supplies Helvane.", "en", "2026-01-02", tier=Tier.NEWS)
    alone = RegisterRecord(Entity("company/vexal", "Vexal", "Company", ("Vexal",)), "gleif", "V", country="DE")
    with open_store(None, write=True) as store:
        store.commit(
            [
                DocumentClaims(row, (), "gleif 1", records=(record,)),
                DocumentClaims(Document("gleif/lei/2", "V,Vexal", "en", tier=Tier.REGISTER), (), "g", records=(alone,)),
                said(tie, "subsidiary-of", HELVANE, ORBICOR),
                said(news, "supplies", KELMAR, HELVANE),
            ]
        )
        yield store


def test_the_view_tells_each_record_in_words_with_its_row(store):
    view = store_view(store, company="Helvane")
    told = {one["id"]: one.get("registers") for one in view["companies"]}
    assert told["company/orbicor"] is None
    [record] = told["company/helvane"]
    assert record["words"]["en"] == f"gleif: Helvane · LEI {LEI} · FR · legal form 5599 · active · as of 2026-01-01"
    assert "forme juridique 5599" in record["words"]["fr"]
    assert record["more"]["en"] == ["address: 1 rue Haute, 75001 Paris, FR", "formerly: Helvane Mines (1999 – 2011)"]
    assert record["row"] == f"LEI,LegalName {LEI},<b>Helvane</b>"
    assert (record["document"], record["url"]) == ("gleif/lei/1", "https://gleif.example/1")
    assert {one["id"]: one.get("tier") for one in view["documents"]} == {"gleif/rr/1": "register", "press.txt": None}


def test_a_company_that_registers_alone_know_has_a_page(store):
    view = store_view(store, company="Vexal")
    assert (view["focus"], view["lines"]) == ("company/vexal", [])
    [company] = view["companies"]
    assert company["registers"][0]["words"]["en"] == "gleif: Vexal · DE"
    assert "Vexal" in json.loads(store_page(store, company="Vexal", form="json"))["title"]


@pytest.mark.browser
def test_the_panel_shows_records_rows_and_the_parent_that_a_register_states(store, opened):
    with opened(html_of(store_view(store, company="Helvane"))) as tab:
        tab.evaluate("kgView.choose('company/helvane')")
        panel = tab.locator(".panel")
        assert "legal form 5599" in panel.locator(".registered").inner_text()
        assert "address: 1 rue Haute" in panel.inner_text()
        row = panel.locator(".registered blockquote")
        assert not row.is_visible()
        panel.locator("summary").click()
        # The row is told as text: what looks like markup in it is none.
        assert "<b>Helvane</b>" in row.inner_text()
        stated = panel.locator("h3", has_text="Ties that registers state").locator("+ ul li")
        assert [one.replace("\xa0", " ") for one in stated.all_inner_texts()] == ["Helvane is a subsidiary of Orbicor"]
        stated.locator("button").click()
        panel.locator("figure", has_text="Helvane,Orbicor").wait_for()
