"""What tells companies and lines apart at a glance: initials, groups with a colour and a ring, widths by amount."""

from dataclasses import replace

import pytest

from kg.model import Document, Entity, Qualifiers, Tier
from kg.resolve import RegisterRecord
from kg.store import DocumentClaims, open_store
from kg.view import html_of, store_view, view_data
from kg.view.sectors import sector_words
from kg.view.traits import Traits, traits_of

ACME, BOLT, CORA = (Entity(f"company/{name.lower()}", name, "Company") for name in ("Acme", "Bolt", "Cora"))
DORA = replace(CORA, id="company/dora", name="Dora", identifiers=(("isin", "FR0000120271"),))
EURO = replace(CORA, id="company/euro", name="Euro", identifiers=(("isin", "XS0104440986"),))


def record(number, entity, **more):
    document = Document(f"register/{number}", f"{entity.name} {number}", "en", tier=Tier.REGISTER)
    return DocumentClaims(document, (), "gleif 1", records=(RegisterRecord(entity, "gleif", str(number), **more),))


@pytest.fixture(scope="module")
def register():
    with open_store(None, write=True) as store:
        store.commit(
            [
                record(1, ACME, country="US-DE", sectors=("nace:64.19",)),
                record(2, ACME, country="IE"),
                record(3, ACME, country="IE"),
                record(4, BOLT),
            ]
        )
        yield store


def test_country_and_sector_come_from_registers_then_from_numbers(register):
    found = traits_of(register, [ACME, BOLT, CORA, DORA, EURO])
    assert found == {ACME.id: Traits("IE", "nace:64"), DORA.id: Traits("FR", "")}, (
        "most records count; XS is no country"
    )


def test_a_view_of_a_store_has_them(unrecorded):
    with open_store(None, write=True) as store:
        store.commit([DocumentClaims(document, claims, "rules/1") for document, claims in unrecorded])
        store.commit([record(1, unrecorded[0][1][0].subject, country="US", sectors=("nace:63.11",))])
        company = next(one for one in store_view(store)["companies"] if one["name"] == "CoreWeave")
    assert (company["country"], company["sector"]) == ("US", "nace:63")


@pytest.fixture
def countries(claims, documents):
    view = view_data(claims, documents, title="Marks")
    for company, country in zip(view["companies"], ("US", "US", "FR", "JP", "DE"), strict=False):
        company["country"] = country
    return html_of(view)


def shapes(tab):
    return {one["id"]: one for one in tab.evaluate("(kgView.picture.paint(), kgView.picture.scene.shapes)")}


@pytest.mark.browser
def test_companies_bear_initials(opened, story_view):
    with opened(story_view) as tab:
        found = {one["initials"] for one in shapes(tab).values()}
        assert {"CW", "OA", "Mi"} <= found
        assert "" not in found, "the smallest has room for them, too"
        named = {one["id"] for one in tab.evaluate("kgView.picture.scene.labels") if one["kind"] == "company"}
        assert named == set(shapes(tab)), "below, above or beside: each has its name"


@pytest.mark.browser
def test_countries_have_a_colour_and_a_ring_of_their_own_and_a_key(opened, countries):
    with opened(countries) as tab:
        tab.locator("select[name=mark]").select_option("country")
        seen = {(one["colour"], str(one["ring"])) for one in shapes(tab).values()}
        assert len(seen) == 5, "four countries, and the rest"
        assert len({colour for colour, _ in seen}) == len({ring for _, ring in seen}) == 5
        key = tab.locator("[data-group]")
        assert key.all_inner_texts()[0].split() == ["United", "States", "2"]
        assert key.last.inner_text().startswith("Others and unknown")
        tab.locator("[data-act=lang]").click()
        assert tab.locator("[data-group=JP]").inner_text().startswith("Japon")


def test_lists_that_share_their_divisions_make_one_sector(unrecorded):
    with open_store(None, write=True) as store:
        store.commit([record(1, ACME, sectors=("uk_sic_2007:64209",)), record(2, BOLT, sectors=("eu_nace_2:6420",))])
        assert {each.sector for each in traits_of(store, [ACME, BOLT]).values()} == {"nace:64"}
        store.commit([DocumentClaims(document, claims, "rules/1") for document, claims in unrecorded])
        store.commit([record(3, unrecorded[0][1][0].subject, sectors=("uk_sic_2007:62090",))])
        assert store_view(store)["sectors"]["nace:62"]["fr"] == "Logiciels et services informatiques (NACE 62)"


@pytest.mark.browser
def test_sectors_are_told_in_words(opened, claims, documents):
    view = view_data(claims, documents, title="Sectors")
    for company, sector in zip(view["companies"], ("nace:64", "nace:26", "us_sic:35"), strict=False):
        company["sector"] = sector
    view["sectors"] = sector_words(company.get("sector", "") for company in view["companies"])
    with opened(html_of(view)) as tab:
        tab.locator("select[name=mark]").select_option("sector")
        key = tab.locator("[data-group]")
        assert [text.split("\n")[0] for text in key.all_inner_texts()] == [
            "Electronics (NACE 26)",
            "Banks and holdings (NACE 64)",
            "us_sic:35",
            "Others and unknown",
        ]
        tab.locator("[data-act=lang]").click()
        assert key.first.inner_text().startswith("Électronique (NACE 26)")


@pytest.mark.browser
def test_without_countries_there_is_no_such_choice(opened, story_view):
    with opened(story_view) as tab:
        assert tab.locator("select[name=mark]").count() == 0


@pytest.mark.browser
def test_lines_are_as_wide_as_their_amounts_are_large_and_the_legend_says_so(opened, claims, documents):
    bare = replace(claims[3], subject=claims[4].subject, qualifiers=Qualifiers())
    with opened(html_of(view_data([*claims, bare], documents, title="Widths"))) as tab:
        widths = {
            (line["amount"][0] if line["amount"] else line["percent"]): line["width"]
            for line in tab.evaluate(
                """(kgView.picture.paint(), kgView.picture.scene.strokes.map((s) => {
                  const { amount, percent } = kgView.graph.lines.get(s.id);
                  return { amount, percent, width: s.width }; }))"""
            )
        }
        assert widths[11_900_000_000] > widths[350_000_000] > widths[None]
        assert widths[62] > widths[6] > widths[None], "62 % of revenue, 6 % of the capital"
        legend = tab.locator(".widths").inner_text()
        for words in ("the amount in its currency, else the share", "neither is stated", "1B", "10%"):
            assert words in legend
        tab.locator("select[name=weight]").select_option("same")
        assert tab.locator(".widths").count() == 0
        assert {one["width"] for one in tab.evaluate("(kgView.picture.paint(), kgView.picture.scene.strokes)")} <= {
            2,
            1.7,
        }


@pytest.mark.browser
def test_thousands_are_drawn_as_a_few_paths_and_still_told_apart(opened, comes_true):
    firms = [
        {"id": f"c{at}", "name": f"Firm {at}", "kind": "Company", "x": at % 60 * 130.0, "y": at // 60 * 130.0}
        for at in range(3000)
    ]
    lines = [{"id": f"l{at}", "subject": at, "object": (at + 1) % 3000, "relation": "supplies"} for at in range(3000)]
    view = view_data([], {}, title="Large") | {
        "companies": firms,
        "lines": lines,
        "first": [one["id"] for one in firms],
    }
    with opened(html_of(view)) as tab:
        scene = "kgView.picture.scene"
        assert 1 < tab.evaluate(f"{scene}.sheets.length") < 10
        assert 0 < tab.evaluate(f"{scene}.labels.length") <= 60
        assert tab.evaluate(f"{scene}.shapes.length") == 3000
        at = tab.evaluate(f"(({{ x, y }}) => kgView.picture.at(x, y))({scene}.shapes[1234])")
        assert at.startswith("c")
        tab.evaluate("kgView.flyTo('c7')")
        named = (
            f"{scene}.sheets === null && {scene}.labels.some((one) => one.lines.some((part) => part.text === 'Firm 7'))"
        )
        assert comes_true(tab, lambda: tab.evaluate(named)), "near by, each is drawn"
