"""What registers say stands beside the news: of a company itself, of its ties, and of what is disputed."""

import io
from decimal import Decimal

import pytest

import kg
from kg.facts import AsOf, TierSaying, facts_of, sayings_by_tier, tier_rank
from kg.model import Claim, Document, Entity, Modality, Qualifiers, Tier
from kg.query import dossier, run, write_dossier
from kg.query.registers import listings, register_facts, tiers_of
from kg.resolve import DatedName, RegisterRecord
from kg.store import DocumentClaims, open_store
from kg.store.selected import select
from kg.store.selection import Selection

LEI = "969500T3MBS4SQAMHJ45"
HELVANE = Entity("company/helvane", "Helvane", "Company", ("Helvane",), (("lei", LEI),))
ORBICOR = Entity("company/orbicor", "Orbicor", "Company", ("Orbicor",))
RECORD = RegisterRecord(
    HELVANE,
    "gleif",
    LEI,
    country="FR",
    legal_form="5599",
    is_active=True,
    start="1999-05",
    former_names=(
        DatedName("Helvane Mines", "1999", "2011-06-30"),
        DatedName("Helvane Travaux", None, "2001"),
        DatedName("Helvane Pierre", "2001"),
        DatedName("Helvane Sable"),
    ),
    topics=("sanction",),
    sectors=("nace:B07",),
    addresses=("1 rue Haute, 75001 Paris, FR",),
)


def record(told=RECORD, name="gleif/lei/1", published="2026-01-01"):
    document = Document(name, f"{told.key}: {told.entity.name}", "en", published, tier=Tier.REGISTER)
    return DocumentClaims(document, (), "gleif 1", records=(told,))


def tie(name, tier, known, percent, modality=Modality.ASSERTED):
    text = f"Orbicor and {percent} % of Helvane, says {name}."
    document = Document(name, text, "en", known, tier=tier)
    terms = Qualifiers() if percent is None else Qualifiers(percent=Decimal(percent), percent_of="capital")
    place = (document.evidence(0, len(text)),)
    claim = Claim(ORBICOR, "holds-stake", HELVANE, modality, place, terms, known_from=known)
    return DocumentClaims(document, (claim,), "hand 1")


@pytest.fixture
def store():
    with open_store(None, write=True) as store:
        yield store


def words(store, name="Helvane", lang="en", **options):
    out = io.StringIO()
    write_dossier(dossier(store, name, **options), out, lang)
    return [line.strip() for line in out.getvalue().splitlines()]


def test_a_dossier_says_what_each_register_says_and_in_which_document(store):
    other = RegisterRecord(HELVANE, "sec", "7", is_active=False, end="2024")
    store.commit([record(), record(other, "sec/7", published=None)])
    told = words(store)
    assert told == [
        "Helvane",
        f"Helvane: Company · company/helvane · LEI {LEI}",
        "",
        "Registers",
        (
            f"gleif: Helvane · LEI {LEI} · FR · legal form 5599 · active · since 1999-05 · as of 2026-01-01"
            " · gleif/lei/1"
        ),
        "address: 1 rue Haute, 75001 Paris, FR",
        (
            "formerly: Helvane Mines (1999 – 2011-06-30), Helvane Travaux (until 2001), Helvane Pierre (since 2001),"
            " Helvane Sable"
        ),
        "topics: sanction",
        "sectors: nace:B07",
        f"sec: Helvane · LEI {LEI} · no longer active · until 2024 · sec/7",
    ]
    french = words(store, lang="fr")
    assert french[3] == "Registres"
    assert "forme juridique 5599 · en activité · depuis 1999-05 · au 2026-01-01" in french[4]
    assert french[5] == "adresse : 1 rue Haute, 75001 Paris, FR"
    assert "Helvane Travaux (jusqu’à 2001)" in french[6]


def test_the_register_says_6_2_and_the_press_6(store):
    store.commit([tie("press.txt", Tier.NEWS, "2025-11", 6), tie("register/1", Tier.REGISTER, "2026-01-01", "6.2")])
    told = words(store)
    assert "Orbicor · 6.2 % of capital · known from 2025-11 · 2 independent sources" in told
    assert "side by side: register 6.2 % of capital (2026-01-01) – news 6 % of capital (2025-11)" in told
    assert "côte à côte : registre 6,2 % du capital (2026-01-01) – presse 6 % du capital (2025-11)" in words(
        store, lang="fr"
    )
    assert not any("side by side" in line for line in words(select(store, Selection(tiers=frozenset({Tier.NEWS})))))


def test_a_tier_that_denies_says_so(store):
    store.commit(
        [
            tie("register/1", Tier.REGISTER, "2026-01-01", 6),
            tie("press.txt", Tier.NEWS, "2026-01-02", None, Modality.DENIED),
        ]
    )
    assert "side by side: register 6 % of capital (2026-01-01) – news denied (2026-01-02)" in words(store)


def test_one_tier_alone_and_no_tier_are_not_set_side_by_side():
    readings = [tie("a", Tier.NEWS, "2025-01-01", 6), tie("b", Tier.NEWS, "2025-01-02", 7), tie("c", None, None, 8)]
    facts = facts_of(claim for reading in readings for claim in reading.claims)
    assert sayings_by_tier(facts, {"a": Tier.NEWS, "b": Tier.NEWS}) == {}
    [sayings] = sayings_by_tier(facts, {"a": Tier.NEWS, "b": Tier.NEWS, "c": Tier.FILING}).values()
    assert [(one.tier, one.claim.document) for one in sayings] == [
        (Tier.FILING, "c"),
        (Tier.NEWS, "a"),
        (Tier.NEWS, "b"),
    ]
    assert all(isinstance(one, TierSaying) for one in sayings)


def test_disputes_are_told_by_tier_registers_first(store):
    store.commit(
        [
            tie("web.txt", Tier.WEB, "2024-01-01", 9),
            tie("unknown.txt", None, "2023-01-01", 12),
            tie("late.txt", Tier.NEWS, "2026-03-01", 5),
            tie("early.txt", Tier.NEWS, "2025-03-01", 40),
            tie("register/1", Tier.REGISTER, "2026-01-01", 6),
        ]
    )
    table = run(store, "disputes", [])
    at = table.columns.index
    assert [(row[at("tier")], row[at("document")]) for row in table.rows] == [
        ("register", "register/1"),
        ("news", "early.txt"),
        ("news", "late.txt"),
        ("web", "web.txt"),
        (None, "unknown.txt"),
    ]
    told = words(store)
    disputed = told[told.index("Disputed: the sources differ") :]
    assert [line for line in disputed if "of capital" in line] == [
        "register · 6 % of capital",
        "news · 40 % of capital",
        "news · 5 % of capital",
        "web · 9 % of capital",
        "12 % of capital",
    ]
    assert list(kg.Graph(store).disputes()["tier"])[:2] == ["register", "news"]


def test_the_order_of_tiers_is_that_of_the_model():
    assert sorted([None, *reversed(Tier)], key=tier_rank) == [*Tier, None]


def test_records_and_lists_of_a_date_are_those_that_were_known_then(store):
    store.commit([record(), record(RegisterRecord(HELVANE, "sec", "7"), "sec/7", published=None)])
    found = register_facts(store, HELVANE.id, AsOf())
    assert [(one.document, one.tier, one.published) for one in found] == [
        ("gleif/lei/1", Tier.REGISTER, "2026-01-01"),
        ("sec/7", Tier.REGISTER, None),
    ]
    assert found[0].record == RECORD
    assert register_facts(store, HELVANE.id, AsOf(known="2025")) == ()
    assert len(register_facts(store, HELVANE.id, AsOf(known="2026"))) == 1
    assert list(listings(store, AsOf())) == [HELVANE.id]
    assert listings(store, AsOf(known="2025")) == {}
    assert tiers_of(store, ["sec/7", "nowhere"]) == {"sec/7": Tier.REGISTER}


def test_a_row_of_a_register_is_shortened_and_a_sentence_is_not(store):
    long = " ".join(["word"] * 200)
    for name, tier in (("register/1", Tier.REGISTER), ("press.txt", Tier.NEWS)):
        document = Document(name, long, "en", tier=tier)
        place = (document.evidence(0, len(long)),)
        claim = Claim(ORBICOR, "holds-stake", HELVANE, Modality.ASSERTED, place)
        store.commit([DocumentClaims(document, (claim,), "hand 1")])
    told = [line for line in words(store) if line.startswith("“word")]
    assert sorted(len(line) > 900 for line in told) == [False, True]
