"""A row cites the claim that says it, and stands in one list with claims of its kind alone."""

from decimal import Decimal

import pytest

from kg.mcp.calls import CallTool
from kg.mcp.fence import unfenced
from kg.model import Claim, Document, Entity, Figure, Modality, Qualifiers
from kg.ontology import ontology
from kg.store import DocumentClaims, open_store
from tests.conftest import COREWEAVE, MICROSOFT, NVIDIA, OPENAI

ENDS = (NVIDIA, OPENAI, COREWEAVE, MICROSOFT)
RELATIONS = {
    "buyers": "supplies",
    "suppliers": "supplies",
    "holders": "holds-stake",
    "holdings": "holds-stake",
    "investors": "invests-in",
    "competitors": "competes-with",
}


def call(store, tool, **arguments):
    return CallTool(tool, {"limit": 100, **arguments}).result(store)["structured"]


@pytest.fixture(scope="module")
def one_sentence():
    """One sentence that says every relation of two companies, in no order that helps."""
    text = "Nvidia owns, supplies, lends to, invests in and competes with CoreWeave."
    document = Document("a.txt", text, "en", "2025-01-01")
    names = [name for name, relation in sorted(ontology().relations.items()) if not relation.is_figure]
    told = [
        Claim(one, name, other, Modality.ASSERTED, (document.evidence(0, len(text)),))
        for name in names
        for one, other in ((NVIDIA, COREWEAVE), (COREWEAVE, NVIDIA))
    ]
    with open_store(None, write=True) as store:
        store.commit([DocumentClaims(document, tuple(told))])
        yield store


@pytest.mark.parametrize("name", RELATIONS)
def test_of_a_sentence_that_says_much_the_claim_is_cited_that_answers(one_sentence, name):
    found = call(one_sentence, "question", name=name, arguments={"company": "CoreWeave"})["facts"]
    told = {claim.id: claim.relation for claim in one_sentence.claims()}
    assert found
    for row in found:
        # Who invests does so by one relation or another: its row says by which.
        assert told[row["claims"][0]["claim"]] == row.get("relation", RELATIONS[name])


def test_a_fact_between_rivals_names_its_claim(one_sentence):
    found = call(one_sentence, "question", name="facts-between-rivals")["facts"]
    told = {claim.id: claim for claim in one_sentence.claims()}
    assert found
    assert {told[row["claims"][0]["claim"]].relation == row["relation"] for row in found} == {True}


@pytest.fixture(scope="module")
def every_modality():
    """Every relation in every modality, between companies in turn."""
    readings, number = [], 0
    for relation in ontology().relations.values():
        for modality in Modality:
            number += 1
            one, other = ENDS[number % 4], ENDS[(number // 4 + number + 1) % 4]
            other = ENDS[(number + 2) % 4] if one is other else other
            text = f"{one.name} {relation.name} {other.name}, {modality.value}, {number}."
            document = Document(f"{number:03}.txt", text, "en", f"2025-01-{number % 28 + 1:02}")
            end = Figure(Decimal(1_000 + number), "USD") if relation.is_figure else other
            terms = Qualifiers(percent=Decimal(10)) if relation.name == "holds-stake" else Qualifiers()
            claim = Claim(one, relation.name, end, modality, (document.evidence(0, len(text)),), terms)
            readings.append(DocumentClaims(document, (claim,)))
    with open_store(None, write=True) as store:
        store.commit(readings)
        yield store


LISTS = {
    "facts": {"asserted"},
    "plans": {"announced", "planned", "conditional"},
    "reports": {"hedged"},
    "denied": {"denied"},
}


@pytest.mark.parametrize(
    ("tool", "asked"),
    [
        *(("question", {"name": name}) for name in ("common-owners", "frenemies", "circular", "disputes", "planned")),
        ("changes", {"since": "2024", "until": "2026"}),
    ],
    ids=str,
)
def test_the_claims_under_a_row_are_of_the_kind_of_its_list(every_modality, tool, asked):
    data = call(every_modality, tool, **asked)
    said = {claim.id: claim.modality.value for claim in every_modality.claims()}
    for name, allowed in LISTS.items():
        for row in data.get(name, []):
            if name == "facts" and "rivalry" in row:
                assert row["rivalry"] == "asserted"
            cited = row["claims"][0]["claim"]
            alike = {said[id_] for id_ in row.get("other_claims", [])}
            assert alike <= {said[cited]}, row
            for modality, ids in row.get("said_otherwise", {}).items():
                assert {said[id_] for id_ in ids} == {modality}
            assert "rivalry" in row or said[cited] in allowed, row


def test_no_name_puts_a_row_into_another_list():
    text = "Nvidia supplies undecided."
    document = Document("a.txt", text, "en", "2025-01-01")
    other = Entity("company/undecided", "undecided", "Company", ("undecided",))
    claim = Claim(NVIDIA, "supplies", other, Modality.ASSERTED, (document.evidence(0, len(text)),))
    with open_store(None, write=True) as store:
        store.commit([DocumentClaims(document, (claim,))])
        listed = call(store, "question", name="entities")
        assert "undecided" not in listed
        assert {unfenced(row["name"]) for row in listed["rows"]} == {"Nvidia", "undecided"}
