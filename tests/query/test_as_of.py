"""What was once a fact is none today, and is one again on a day of its time: one answer, whatever is asked."""

import datetime as dt
import io
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import QueryError
from kg.facts import NO_CUTOFF, AsOf, TriState, holds_on
from kg.model import Claim, Document, Entity, Modality, Qualifiers
from kg.query import dossier, relations_table, run, write_dossier
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


@pytest.mark.parametrize(
    ("question", "company", "who"), [("holders", "CoreWeave", "Nvidia"), ("suppliers", "Gamma", "Beta")]
)
def test_a_question_about_facts_is_answered_for_a_day(of_2015, monkeypatch, question, company, who):
    assert run(of_2015, question, [company]).rows == []
    assert [row[0] for row in run(of_2015, question, [company, "2018-01-01"]).rows] == [who]
    assert [row[0] for row in run(of_2015, question, [company, "today=2018"]).rows] == [who]
    monkeypatch.setenv("KG_TODAY", "2018")
    assert [row[0] for row in run(of_2015, question, [company]).rows] == [who]


def test_the_plain_edge_is_there_on_a_day_of_its_time_alone(of_2015):
    edges = "ASK { { ?holder kg:holdsStake ?issuer } UNION { ?supplier kg:supplies ?customer } }"
    of_2015.set_day(dt.date(2026, 12, 1))
    assert run(of_2015, edges) is False
    of_2015.set_day(dt.date(2018, 1, 1))
    assert run(of_2015, edges) is True
    of_2015.set_day(dt.date(2026, 12, 1))


@pytest.mark.parametrize("day", ["soon", "2018-13", "12.3.2018"])
def test_what_is_no_day_is_refused(of_2015, day):
    with pytest.raises(QueryError, match="is no date: write YYYY, YYYY-MM or YYYY-MM-DD, or today"):
        run(of_2015, "holders", ["CoreWeave", day])


DATES = st.sampled_from(["2014", "2015-03", "2015-03-02", "2016", "2016-06-30", "2017"])
CLAIM = st.builds(
    lambda modality, start, end, as_of, duration, known: (
        modality,
        known,
        {"start": start, "end": end, "as_of": as_of, "duration": duration},
    ),
    st.sampled_from(Modality),
    *(st.none() | DATES for _ in range(3)),
    st.none() | st.sampled_from(["P1Y", "P18M"]),
    st.none() | DATES,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(CLAIM, min_size=1, max_size=4), st.dates(dt.date(2013, 6, 1), dt.date(2019, 1, 1)))
def test_questions_tables_and_dossiers_agree_on_any_day(drawn, day):
    claims = []
    for number, (modality, known, terms) in enumerate(drawn):
        document = Document(f"d{number}", "Nvidia and CoreWeave.", "en", known)
        place = (document.evidence(0, 21),)
        claims.append(Claim(NVIDIA, "holds-stake", COREWEAVE, modality, place, Qualifiers(**terms), known))
    with open_store(None, clock=lambda: "2018-01-01T08:00:00Z") as store:
        store.commit(
            [DocumentClaims(Document(c.document, "Nvidia and CoreWeave.", "en", c.known_from), (c,)) for c in claims]
        )
        as_of = AsOf(valid=day.isoformat())
        holders = run(store, "holders", ["CoreWeave", day.isoformat()])
        facts = [fact for group in dossier(store, "CoreWeave", as_of=as_of).facts for fact in group.facts]
        holds = holds_on(store.claims(), day) is not TriState.FALSE
        assert bool(holders.rows) is bool(facts) is holds
        assert any("asserted" in row[4] for row in relations_table(store, as_of=as_of).rows) is holds
