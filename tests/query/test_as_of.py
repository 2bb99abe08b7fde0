"""What was once a fact is none today, and is one again on a day of its time: one answer, whatever is asked."""

import io
from decimal import Decimal

import pytest

from kg.facts import NO_CUTOFF, AsOf
from kg.model import Claim, Document, Entity, Modality, Qualifiers
from kg.query import dossier, relations_table, write_dossier
from kg.query.computed import disputes_table
from kg.store import DocumentClaims, open_store

NVIDIA, COREWEAVE, BETA, GAMMA, DELTA = (
    Entity(f"company/{name.lower()}", name, "Company") for name in ("Nvidia", "CoreWeave", "Beta", "Gamma", "Delta")
)
STAKE = {"percent": Decimal(6), "percent_of": "capital", "end": "2025"}
CONTRACT = {"start": "2015", "duration": "P5Y"}
IN_2018, IN_2025 = AsOf(valid="2018-01-01"), AsOf(valid="2025-06-30")


def claim_of(sentence, subject, relation, object_, **terms):
    document = Document(sentence, sentence, "en", "2015-03-02")
    place = (document.evidence(0, len(sentence)),)
    return Claim(subject, relation, object_, Modality.ASSERTED, place, Qualifiers(**terms), "2015-03-02")


CLAIMS = (
    claim_of("Nvidia owns 6 % of CoreWeave until 2025.", NVIDIA, "holds-stake", COREWEAVE, **STAKE),
    claim_of("Beta supplies Gamma, five-year contract from 2015.", BETA, "supplies", GAMMA, **CONTRACT),
)


def store_of(claims):
    store = open_store(None, clock=lambda: "2015-03-02T08:00:00Z")
    store.commit([DocumentClaims(Document(c.document, c.document, "en", c.known_from), (c,)) for c in claims])
    return store


@pytest.fixture(scope="module")
def of_2015():
    """A store that was recorded in 2015, and holds what was then said."""
    with store_of(CLAIMS) as store:
        yield store


def modalities_of(table):
    return {row[0]: row[4] for row in table.rows}


def modalities(store, as_of=None):
    return modalities_of(relations_table(store, as_of=as_of))


def written(found, lang="en"):
    out = io.StringIO()
    write_dossier(found, out, lang)
    return out.getvalue()


def test_what_is_over_is_no_fact_today(of_2015):
    assert modalities(of_2015) == {"Nvidia": "ended", "Beta": "ended"}
    assert [dossier(of_2015, name).facts for name in ("CoreWeave", "Gamma")] == [(), ()]
    assert "No facts on 2026-12-01" in written(dossier(of_2015, "Gamma"))


def test_it_is_a_fact_on_a_day_of_its_time(of_2015):
    assert modalities(of_2015, IN_2018) == {"Nvidia": "asserted", "Beta": "asserted"}
    for name in ("CoreWeave", "Gamma"):
        assert [len(group.facts) for group in dossier(of_2015, name, as_of=IN_2018).facts] == [1]
    assert "Faits au 2018-01-01" in written(dossier(of_2015, "Gamma", as_of=IN_2018), "fr")


def test_the_setting_names_the_day(of_2015, monkeypatch):
    monkeypatch.setenv("KG_TODAY", "2018")
    assert modalities(of_2015) == {"Nvidia": "asserted", "Beta": "asserted"}
    assert relations_table(of_2015).title == "Relations on 2018-12-31"


def test_a_clock_of_recording_alone_leaves_the_day_today(of_2015):
    assert modalities(of_2015, AsOf(recorded="2026")) == {"Nvidia": "ended", "Beta": "ended"}


def test_no_cut_off_is_asked_for_by_name(of_2015):
    """Neither was over when the store recorded it."""
    assert modalities(of_2015, NO_CUTOFF) == {"Nvidia": "asserted", "Beta": "asserted"}
    assert relations_table(of_2015, as_of=NO_CUTOFF).title == "Relations"
    assert "\nFacts\n" in written(dossier(of_2015, "Gamma", as_of=NO_CUTOFF))


def test_what_is_undecided_is_marked_and_counted_apart(of_2015):
    """The stake ends at some time in 2025."""
    found = dossier(of_2015, "CoreWeave", as_of=IN_2025)
    assert found.count_undecided == 1
    assert "Facts on 2025-06-30 (1 undecided)" in written(found)
    assert "6 % of capital, until 2025 · undecided" in written(found)
    table = relations_table(of_2015, as_of=IN_2025, lang="fr")
    assert (table.title, modalities_of(table)["Nvidia"]) == (
        "Relations au 2025-06-30 (dont 1 indécis)",
        "affirmé, indécis",
    )


def test_a_dispute_stands_as_of_a_day():
    second = claim_of(
        "Nvidia holds 7 % of CoreWeave.", NVIDIA, "holds-stake", COREWEAVE, **STAKE | {"percent": Decimal(7)}
    )
    with store_of((*CLAIMS, second)) as store:
        assert disputes_table(store).rows == []
        assert [row[6] for row in disputes_table(store, as_of=IN_2018).rows] == ["asserted", "asserted"]
