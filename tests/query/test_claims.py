"""Claims one by one: what was admitted, what is to review and what was refused, found by what they say."""

import io
from dataclasses import replace

import pytest

from kg.errors import OntologyError, QueryError, UnknownDocument, UnknownEntity
from kg.model import Entity, Outcome
from kg.query import ClaimFilter, claims_table, dossier, find_claims, outcomes_of, reason_counts, write_dossier
from kg.store import open_store


@pytest.fixture
def store(sorted_reading):
    """The French document, with a company that nothing but a refused claim names."""
    stake, planned = sorted_reading.candidates
    shadow = Entity("company/shadow", "Shadow Ltd", "Company", ("Shadow",))
    tied = replace(stake, object=shadow, evidence=(stake.evidence[0], planned.evidence[0]), reasons=("SENSE",))
    with open_store(None, write=True) as opened:
        opened.commit([replace(sorted_reading, candidates=(stake, planned, tied))])
        yield opened


def found(store, outcome="all", **wanted):
    claims = find_claims(store, outcomes_of(outcome), ClaimFilter(**wanted))
    return [(c.subject.name, c.relation, getattr(c.object, "name", None), c.outcome.value) for c in claims]


STAKE = ("Nvidia", "holds-stake", "CoreWeave", "refused")
SHADOW = ("Nvidia", "holds-stake", "Shadow Ltd", "refused")
PLANNED = ("OpenAI", "holds-stake", "CoreWeave", "to-review")


def test_claims_are_found_by_outcome(store):
    assert len(found(store, "admitted")) == 2
    assert found(store, "to-review") == [PLANNED]
    assert sorted(found(store, "refused")) == [STAKE, SHADOW]
    assert len(found(store)) == 5
    with pytest.raises(QueryError, match=r"there is no outcome 'to_review'\. Did you mean 'to-review'"):
        outcomes_of("to_review")


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"reason": "KIND"}, [STAKE]),
        ({"reason": "UNREADABLE_TERM", "outcome": "refused"}, [STAKE]),
        ({"relation": "holds-stake", "outcome": "to-review"}, [PLANNED]),
        ({"company": "open ai", "outcome": "to-review"}, [PLANNED]),
        ({"company": "OpenAI", "outcome": "refused"}, []),
        ({"text": "detient CAPITAL", "outcome": "refused"}, [STAKE, SHADOW]),
        ({"text": "shadow", "outcome": "all"}, [SHADOW]),
        ({"text": "nobody says so"}, []),
        ({"document": "deal.txt", "outcome": "to-review"}, [PLANNED]),
    ],
)
def test_claims_are_found_by_what_they_say(store, wanted, expected):
    assert sorted(found(store, **wanted)) == sorted(expected)


def test_a_company_that_only_candidates_name_is_found_among_them(store):
    for name in ("Shadow Ltd", "company/shadow", "SHADOW"):
        assert found(store, company=name) == [SHADOW]
    with pytest.raises(UnknownEntity, match="Did you mean 'Shadow Ltd'"):
        found(store, company="Shadoww Ltd")
    with pytest.raises(UnknownEntity):
        found(store, "admitted", company="Shadow Ltd")


def test_what_there_is_not_is_said_in_one_line(store):
    with pytest.raises(OntologyError, match="holds-stake"):
        found(store, relation="hold-stake")
    with pytest.raises(UnknownDocument):
        found(store, document="nowhere")


def test_a_table_tells_each_claim_with_all_its_quotes_and_their_places(store):
    claims = list(find_claims(store, outcomes_of("refused"), ClaimFilter(text="shadow")))
    table = claims_table(claims, "fr")
    row = dict(zip(table.columns, table.rows[0], strict=True))
    assert (row["subject"], row["object"], row["modality"]) == ("Nvidia", "Shadow Ltd", "affirmé")
    assert (row["terms"], row["confidence"]) == ("6 % du capital", 0.2)
    assert (row["outcome"], row["reasons"]) == ("refused", "SENSE")
    first, second = claims[0].evidence
    assert row["quote"] == f"{first.quote} … {second.quote}"
    assert row["places"] == f"deal.txt {first.start}–{first.end}, deal.txt {second.start}–{second.end}"


def test_each_claim_counts_for_its_gravest_reason(store):
    assert reason_counts(find_claims(store, outcomes_of("all"))) == {
        "KIND": 1,
        "SENSE": 1,
        "TWO_VALUES": 1,
        "UNREADABLE_TERM": 1,
    }


def written(dossier_, lang="en"):
    out = io.StringIO()
    write_dossier(dossier_, out, lang)
    return out.getvalue()


def test_a_dossier_counts_what_is_to_review_and_tells_it_if_asked(store):
    told = dossier(store, "CoreWeave")
    assert (told.count_to_review, told.candidates) == (1, ())
    assert "1 more to review: kg claims CoreWeave --to-review" in written(told)
    assert "TWO_VALUES" not in written(told)
    besides = dossier(store, "CoreWeave", outcomes={Outcome.TO_REVIEW, Outcome.REFUSED})
    assert besides.count_to_review == 0
    text = written(besides, "fr")
    assert "Non admis" in text
    assert "à vérifier (TWO_VALUES) · OpenAI détient une part de CoreWeave · 350 M USD · prévu" in text
    assert "refusé (KIND, UNREADABLE_TERM) · Nvidia détient une part de CoreWeave · 6 % du capital" in text
    assert besides.facts == told.facts


def test_a_dossier_shows_each_quote_of_a_claim_with_its_document(store):
    shadow = written(dossier(store, "Shadow", outcomes=outcomes_of("refused"))).splitlines()
    [claim] = find_claims(store, outcomes_of("refused"), ClaimFilter(company="Shadow"))
    at = next(number for number, line in enumerate(shadow) if "refused (SENSE)" in line)
    assert [line.strip() for line in shadow[at + 1 :][:2]] == [f"“{e.quote}” deal.txt" for e in claim.evidence]


def test_a_dossier_shows_each_quote_of_a_fact_and_of_a_dispute(sorted_reading):
    first, second = sorted_reading.claims
    leaning = replace(first, evidence=(first.evidence[0], second.evidence[0]))
    dearer = replace(first, qualifiers=replace(first.qualifiers, amount=first.qualifiers.amount * 2))
    with open_store(None, write=True) as store:
        store.commit([replace(sorted_reading, claims=(leaning, dearer))])
        text = written(dossier(store, "OpenAI"))
    facts, _, disputes = text.partition("Disputed")
    assert all(facts.count(f"“{evidence.quote}” deal.txt") >= 1 for evidence in leaning.evidence)
    assert f"“{leaning.evidence[0].quote}” “{leaning.evidence[1].quote}”" in disputes
