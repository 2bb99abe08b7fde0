"""A register's record in its earlier states: what was known then stays known, when a later state has replaced it."""

import io
from decimal import Decimal

import pytest

from kg.analysis import analyse
from kg.errors import UnknownEntity
from kg.facts import AsOf
from kg.graph import Graph
from kg.model import Claim, Document, Entity, Modality, Qualifiers, Tier
from kg.query import dossier, write_dossier
from kg.query.as_of import claims_as_of
from kg.query.disputes import disputes
from kg.query.registers import listings, register_facts
from kg.resolve import RegisterRecord
from kg.store import DocumentClaims, open_store
from kg.store.selected import select
from kg.store.selection import Selection

HELVANE = Entity("company/helvane", "Helvane", "Company", ("Helvane",))
ORBICOR = Entity("company/orbicor", "Orbicor", "Company", ("Orbicor",))
VEXAL = Entity("company/vexal", "Vexal", "Company", ("Vexal",))


def state(parent, published, *, topics=(), tier=Tier.REGISTER, name="rows/1"):
    """The record of Helvane on a day: to whom it belongs, and what lists say of it."""
    text = f"Helvane,{parent.name},{published}"
    document = Document(name, text, "en", published, tier=tier)
    evidence = (document.evidence(0, len(text)),)
    claim = Claim(HELVANE, "subsidiary-of", parent, Modality.ASSERTED, evidence, Qualifiers(), published)
    record = RegisterRecord(HELVANE, "rows", "1", legal_form=f"form of {published}", topics=topics)
    return DocumentClaims(document, (claim,), "rows 1", records=(record,))


@pytest.fixture
def store():
    moments = iter(["2025-02-01T08:00:00Z", "2026-02-01T08:00:00Z", "2026-06-01T08:00:00Z"])
    with open_store(None, write=True, clock=lambda: next(moments)) as store:
        store.commit([state(ORBICOR, "2025-01-01", topics=("sanction",))])
        store.commit([state(VEXAL, "2026-01-01")])
        yield store


def parents(store, as_of):
    try:
        rows = analyse(claims_as_of(store, as_of), "structure", "Helvane", as_of=as_of)
    except UnknownEntity:
        return set()
    return {row.parent.name for row in rows if row.parent is not None}


@pytest.mark.parametrize(
    ("as_of", "parent"),
    [
        (AsOf(known="2025-06"), "Orbicor"),
        (AsOf(known="2026-03"), "Vexal"),
        (AsOf(valid="2026-03-01", recorded="2025-06"), "Orbicor"),
        (AsOf(known="2026-01-15", recorded="2026-01-15"), "Orbicor"),
        (AsOf(known="2025-06", recorded="2026-07"), "Orbicor"),
        (AsOf(valid="2026-03-01"), "Vexal"),
    ],
)
def test_analyses_and_dossiers_see_the_state_of_the_day(store, as_of, parent):
    assert parents(store, as_of) == {parent}
    out = io.StringIO()
    write_dossier(dossier(store, "Helvane", as_of=as_of), out)
    others = {"Orbicor", "Vexal"} - {parent}
    assert parent in out.getvalue()
    assert not any(other in out.getvalue() for other in others)
    published = "2025-01-01" if parent == "Orbicor" else "2026-01-01"
    [fact] = register_facts(store, HELVANE.id, as_of)
    assert (fact.published, fact.record.legal_form) == (published, f"form of {published}")
    # A list that has taken a company off had it on until then.
    assert set(listings(store, as_of)) == ({HELVANE.id} if parent == "Orbicor" else set())


def test_before_the_first_state_nothing_was_known(store):
    as_of = AsOf(known="2024")
    assert parents(store, as_of) == set()
    assert register_facts(store, HELVANE.id, as_of) == ()


def test_a_part_of_a_graph_sees_earlier_states_of_its_tiers_alone(store):
    as_of = AsOf(known="2025-06")
    registers, news = (select(store, Selection(tiers=frozenset({tier}))) for tier in (Tier.REGISTER, Tier.NEWS))
    assert parents(registers, as_of) == {"Orbicor"}
    assert len(register_facts(registers, HELVANE.id, as_of)) == 1
    assert (parents(news, as_of), register_facts(news, HELVANE.id, as_of)) == (set(), ())


def test_an_article_that_was_read_again_has_no_earlier_state():
    """Another text of a news article corrects it: what it said before should never have been read."""
    with open_store(None, write=True) as other:
        other.commit([state(ORBICOR, "2025-01-01", tier=Tier.NEWS)])
        other.commit([state(VEXAL, "2026-01-01", tier=Tier.NEWS)])
        assert parents(other, AsOf(known="2025-06")) == set()


def test_disputes_and_relations_are_those_of_the_day():
    def stake(percent, published, name):
        document = Document(name, f"Orbicor holds {percent} %, {published}.", "en", published, tier=Tier.REGISTER)
        evidence = (document.evidence(0, len(document.text)),)
        terms = Qualifiers(percent=Decimal(percent), percent_of="capital")
        claim = Claim(ORBICOR, "holds-stake", HELVANE, Modality.ASSERTED, evidence, terms, published)
        return DocumentClaims(document, (claim,), "rows 1")

    with open_store(None, write=True) as store:
        store.commit([stake(40, "2025-01-01", "a/1"), stake(30, "2025-01-01", "b/1")])
        assert len(disputes(store)) == 1
        store.commit([stake(40, "2026-01-01", "b/1")])
        assert disputes(store) == ()
        assert len(disputes(store, as_of=AsOf(known="2025-06"))) == 1
        assert "30 %" in str(Graph(store).relations(as_of=AsOf(known="2025-06")))
        assert "30 %" not in str(Graph(store).relations())
