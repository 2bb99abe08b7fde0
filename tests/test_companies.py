"""The table of companies on exchanges: its shape, and what texts call well-known companies."""

import csv
import gzip
import json
from collections import Counter

import pytest

from kg.companies import COLUMNS, LISTED, Company, KnownBy, listed_companies
from kg.errors import OntologyError
from kg.identifiers import canonical
from kg.model import Entity
from kg.ontology import listed, ontology, path, turtle
from kg.resolve import Resolver, fold, has_legal_form


def entity(name):
    return Resolver().entity(Entity("company/?", name, "Company", (name,)))


def line(**cells):
    return "\t".join(cells.get(column, "") for column in COLUMNS)


# ---------------------------------------------------------------- the shape of the table
def test_the_table_has_thousands_of_companies_in_little_space():
    assert len(listed()) > 4000
    assert path(LISTED).stat().st_size < 1_500_000


SEED = {
    "openai": (),
    "coreweave": (),
    "microsoft": ("cik", "isin", "listing", "ticker"),
    "nvidia": ("cik", "isin", "listing", "ticker"),
    "oracle": ("cik", "isin", "listing", "ticker"),
    "softbank": ("isin", "listing"),
}
"""The companies of the story that kg begins with, by what the open lists identify each: they lack the first two."""


@pytest.mark.parametrize("name", SEED)
def test_the_companies_of_the_story_are_identified_as_far_as_open_lists_do(name):
    company = ontology().company(f"company/{name}")
    assert tuple(sorted(company.identifiers)) == SEED[name]


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Euronext",
            "Pluxee",
            "Exosens",
            "Planisware",
            "Louis Hachette Group",
            "Havas",
            "Antin Infrastructure Partners",
        ),
        *("Compagnie des Alpes", "X-FAB", "Maurel & Prom", "EUROAPI", "74Software", "Axway", "GL Events"),
        *("Gaztransport & Technigaz", "Soitec", "ID Logistics"),
    ],
)
def test_members_of_the_sbf_120_are_known(name):
    assert Resolver().kind(name) == "Company"


def test_the_table_identifies_members_of_the_sbf_120_that_are_written_by_hand():
    assert ontology().company("company/euronext").identifiers == {"listing": "XPAR:ENX", "isin": "NL0006294274"}
    assert ontology().company("company/xfab").name == "X-FAB"
    assert ontology().company("company/exosens").identifiers == {}


def test_lines_are_in_order_and_no_company_has_two():
    ids = [row.split("\t")[0] for row in turtle(LISTED).splitlines() if not row.startswith("#")][1:]
    assert ids == sorted(set(ids))
    assert len(ids) == len(listed())


def test_ids_are_what_a_name_folds_to_or_those_of_the_registry_written_by_hand():
    for company in listed().values():
        key = company.id.removeprefix("company/")
        name, _, symbol = key.partition("-")
        is_plain = fold(name) == name and (not symbol or symbol == symbol.lower())
        assert company.id in ontology().companies or is_plain, company.id


def test_most_ids_are_those_that_the_bare_name_had_before():
    own = [c for c in listed().values() if c.id not in ontology().companies and c.known_by is KnownBy.SIGHT]
    same = [c for c in own if c.id[8:] in {fold(name) for name in (c.name, *c.aliases)}]
    assert len(same) / len(own) > 0.99


def test_a_bare_name_never_has_the_id_of_a_company_that_it_does_not_mean():
    for company in listed().values():
        if company.known_by is KnownBy.NAME:
            assert entity(company.name).id != company.id or has_legal_form(company.name), company.name


def test_every_identifier_is_well_formed_and_one_company_s():
    seen = Counter()
    for company in map(ontology().company, {*listed(), *ontology().companies}):
        for kind, value in company.identifiers.items():
            assert canonical(kind, value) == value, (company.id, kind, value)
            seen[kind, value] += 1
    assert [pair for pair, count in seen.items() if count > 1] == []
    assert len([pair for pair in seen if pair[0] == "isin"]) > 1500


def test_every_company_of_the_table_has_an_identifier_or_completes_one_written_by_hand():
    assert [c.id for c in listed().values() if not c.identifiers and c.id not in ontology().companies] == []


def test_no_name_means_two_companies():
    owners = {}
    for company in map(ontology().company, {*listed(), *ontology().companies}):
        if company.known_by is KnownBy.IDENTIFIER:
            continue
        for name in (company.name, *company.aliases):
            assert owners.setdefault(fold(name), company.id) == company.id, name


def test_names_and_aliases_are_clean():
    for company in listed().values():
        for name in (company.name, *company.aliases):
            assert name == " ".join(name.split()), name
            assert fold(name), company.id
            assert not set(name) & set("|\t;"), name


def test_tickers_and_ciks_are_those_of_the_sec(shared):
    rows = json.loads((shared / "data/sec/company_tickers.json").read_text("utf-8")).values()
    register = {(str(row["cik_str"]), row["ticker"]) for row in rows}
    told = [(c.identifiers["cik"], c.identifiers["ticker"]) for c in listed().values() if "cik" in c.identifiers]
    assert len(told) > 2500
    assert set(told) <= register


def test_leis_of_the_sample_of_gleif_are_of_entities_with_the_company_s_name(shared):
    with gzip.open(shared / "data/gleif/lei-level1-sample-30k.csv.gz", "rt", encoding="utf-8", newline="") as file:
        register = {row["LEI"]: row["Entity.LegalName"] for row in csv.DictReader(file)}
    told = [(c, register[lei]) for c in listed().values() if (lei := c.identifiers.get("lei")) in register]
    assert len(told) > 10
    for company, legal in told:
        names = {fold(name) for name in (company.name, *company.aliases)}
        assert any(fold(legal).startswith(name) or name.startswith(fold(legal)) for name in names), (company.id, legal)


# ---------------------------------------------------------------- a table that does not hold
@pytest.mark.parametrize(
    "lines",
    [
        [line(id="a", known_by="sight", name="A")],
        ["\t".join(COLUMNS), "a\tsight\tA"],
        ["\t".join(COLUMNS), line(id="a", known_by="hearsay", name="A")],
    ],
    ids=["no head", "too few cells", "an unknown way"],
)
def test_a_damaged_line_is_named(lines):
    with pytest.raises(OntologyError, match=rf"ontology/{LISTED}, line {len(lines)}: .*reinstall kg"):
        list(listed_companies(lines))


def test_a_line_gives_a_company():
    lines = ["# a note", "\t".join(COLUMNS), line(id="adyen", known_by="name", name="Adyen", aliases="A|B", cik="7")]
    [company] = listed_companies(lines)
    assert company == Company("company/adyen", "Adyen", "Company", ("A", "B"), {"cik": "7"}, KnownBy.NAME)


# ---------------------------------------------------------------- what texts mean
WELL_KNOWN = {
    # French
    "Accor": ("accor", "FR0000120404"), "L'Oréal": ("l-oreal", "FR0000120321"), "LVMH": ("lvmh", "FR0000121014"),
    "TotalEnergies": ("totalenergies", "FR0000120271"), "Schneider Electric": ("schneider-electric", "FR0000121972"),
    "Saint-Gobain": ("saint-gobain", "FR0000125007"), "Pernod Ricard": ("pernodricard", "FR0000120693"),
    "Dassault Systèmes": ("dassault-systemes", None), "Teleperformance": ("teleperformance", "FR0000051807"),
    "Vallourec": ("vallourec", None), "Eiffage": ("eiffage", None),
    "Capgemini": ("capgemini", "FR0000125338"), "Michelin": ("michelin", None),
    "Société Générale": ("societe-generale", "FR0000130809"), "Soitec": ("soitec", "FR0013227113"),
    "Publicis": ("publicis", "FR0000130577"), "Kering": ("kering", "FR0000121485"), "TF1": ("tf1", "FR0000054900"),
    "Sartorius Stedim Biotech": ("sartoriusstedimbiotech", "FR0013154002"), "Nexans": ("nexans", "FR0000044448"),
    # elsewhere
    "Microsoft": ("microsoft", "US5949181045"), "Nvidia": ("nvidia", "US67066G1040"),
    "Oracle": ("oracle", "US68389X1054"), "SoftBank": ("softbank", "JP3436100006"),
    "Siemens": ("siemens", "DE0007236101"), "Delta Air Lines": ("deltaairlines", "US2473617023"),
    "Accenture": ("accenture", "IE00B4BNMY34"), "Medtronic": ("medtronic", "IE00BTN1Y115"),
    "AstraZeneca": ("astrazeneca", "GB0009895292"), "Netflix": ("netflix", "US64110L1061"),
    "Mitsubishi Electric": ("mitsubishielectric", "JP3902400005"), "Broadcom": ("broadcom", "US11135F1012"),
    "Adyen": ("adyen", "NL0012969182"), "Novartis": ("novartis", "CH0012005267"),
    "Iberdrola": ("iberdrola", "ES0144580Y14"), "Anheuser-Busch InBev": ("anheuserbuschinbev", "BE0974293251"),
    "Telenor": ("telenor", "NO0010063308"), "Nokia": ("nokia", "FI0009000681"),
    "Keyence": ("keyence", "JP3236200006"), "Equinix": ("equinix", "US29444U7000"),
}  # fmt: skip


@pytest.mark.parametrize("name", WELL_KNOWN)
def test_a_well_known_company_is_known_by_sight(name):
    id_, isin = WELL_KNOWN[name]
    assert Resolver().kind(name) == "Company"
    assert entity(name).id == f"company/{id_}"
    assert ontology().company(f"company/{id_}").identifiers.get("isin") == isin


@pytest.mark.parametrize(
    ("name", "listing"),
    [("MediaTek", "XTAI:2454"), ("Foxconn", "XTAI:2317"), ("Samsung Electronics", "XKRX:005930"),
     ("SK Hynix", "XKRX:000660"), ("Samsung SDI", "XKRX:006400"), ("Kioxia", "XTKS:285A"),
     ("Tata Consultancy Services", "XBOM:TCS")],
)  # fmt: skip
def test_tickers_of_asia_stand_in_listings(name, listing):
    assert ontology().company(entity(name).id).identifiers["listing"] == listing


@pytest.mark.parametrize(
    "word",
    ["Total", "Target", "Gap", "Visa", "Block", "Delta", "Match", "Prudential", "Merck", "Best buy", "target", "orange",
     "Square", "Hermès", "Rubis", "Tanger", "Vinci", "Legrand", "Charles Schwab", "Olympus"],
)  # fmt: skip
def test_a_word_a_surname_or_a_place_is_no_company_by_sight(word):
    assert Resolver().kind(word) is None


@pytest.mark.parametrize("name", ["Target Corp.", "Gap Inc.", "Visa Inc.", "Block, Inc.", "Vinci SA", "Match Group"])
def test_with_its_legal_form_it_is(name):
    assert Resolver().kind(name) == "Company"


def test_a_word_alone_is_a_company_of_its_own_until_somebody_says_which():
    assert entity("Target Corporation").id == "company/target-tgt"
    assert dict(ontology().identifiers_of("company/target-tgt"))["ticker"] == "TGT"
    assert entity("Target").id == "company/target"
    assert ontology().identifiers_of("company/target") == ()
    assert entity("Z").id == "company/z"


@pytest.mark.parametrize(
    "names",
    [
        ("Samsung Electronics", "Samsung SDI", "Samsung Biologics"),
        ("Delta Air Lines", "Delta Electronics", "Delta Electronics (Thailand)", "Delta"),
        ("Meta", "Meta Materials"),
        ("Siemens", "Siemens Energy", "Siemens Healthineers"),
        ("Prudential plc", "Prudential Financial"),
        ("Bank of the West", "Bank of the East"),
        ("Orange", "Orange County"),
        ("Rio Tinto", "Riot Platforms"),
    ],
)
def test_companies_of_like_names_stay_apart(names):
    assert len({entity(name).id for name in names}) == len(names)


@pytest.mark.parametrize(
    ("name", "former"),
    [("Forvia", "Faurecia"), ("Equinor", "Statoil"), ("Viatris", "Mylan"), ("Meta", "Facebook"), ("Emeis", "Orpea"),
     ("Clariane", "Korian"), ("Ayvens", "ALD Automotive"), ("Viridien", "CGG"), ("Resonac", "Showa Denko")],
)  # fmt: skip
def test_a_former_name_is_the_company_of_today(name, former):
    assert entity(name).id == entity(former).id


@pytest.mark.parametrize(
    ("english", "french"),
    [("Royal Bank of Canada", "Banque Royale du Canada"), ("Bank of Montreal", "Banque de Montréal"),
     ("Bank of China", "Banque de Chine"), ("Canadian National Railway", "Canadien National")],
)  # fmt: skip
def test_a_company_has_both_languages_names(english, french):
    assert entity(english).id == entity(french).id


def test_what_several_companies_are_called_is_an_entity_of_its_own():
    shared_names = [c for c in listed().values() if c.known_by is KnownBy.IDENTIFIER]
    assert {"Merck & Co.", "Prudential"} <= {c.name for c in shared_names}
    assert all(entity(c.name).id != c.id or c.id == f"company/{fold(c.name)}" for c in shared_names)


def test_by_hand_comes_first_and_the_table_completes_it():
    own, company = ontology().companies["company/microsoft"], ontology().company("company/microsoft")
    assert own.identifiers.items() <= company.identifiers.items()
    assert company.identifiers.keys() == {"ticker", "cik", "isin", "listing"}
    assert ontology().company("company/anthropic") == ontology().companies["company/anthropic"]
    assert ontology().company("company/nobody") is None
