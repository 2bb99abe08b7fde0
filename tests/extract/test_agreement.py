"""Two readers of one document: what they agree on, where they differ, what one alone says."""

from dataclasses import replace
from decimal import Decimal

import pytest

from kg.extract.agreement import compared
from kg.model import Claim, Entity, Evidence, Modality, Outcome, Qualifiers

TEXT = "Nvidia owns 6% of CoreWeave. It buys chips."
NVIDIA, COREWEAVE = Entity("company/nvidia", "Nvidia", "Company"), Entity("company/coreweave", "CoreWeave", "Company")
QUOTE = Evidence("a", 0, 28, TEXT[:28], "en")
RULES = Claim(NVIDIA, "holds-stake", COREWEAVE, Modality.ASSERTED, (QUOTE,), method="rules/2", confidence=0.8)
PART = replace(QUOTE, start=7, quote=TEXT[7:28])
MODEL = replace(RULES, evidence=(PART,), method="llm/m/1", confidence=0.96, qualifiers=Qualifiers(percent=Decimal(6)))


def reasons(claims):
    return sorted((claim.method.partition("/")[0], claim.outcome.value, claim.reasons) for claim in claims)


def test_readers_that_agree_give_one_claim_that_says_more_and_is_surer():
    (claim,) = compared([RULES, MODEL])
    assert claim.method == "rules/2+llm/m/1"
    assert claim.qualifiers == MODEL.qualifiers
    assert claim.evidence == (PART, QUOTE)
    assert claim.id == MODEL.id
    assert claim.confidence == 0.99
    assert claim.outcome is Outcome.ADMITTED


def test_a_doubt_of_one_is_answered_by_the_other_and_notes_stay():
    doubted = replace(RULES, reasons=("DOUBTFUL_SENSE",), outcome=Outcome.TO_REVIEW)
    noted = replace(MODEL, reasons=("UNREADABLE_TERM",))
    (claim,) = compared([doubted, noted])
    assert (claim.outcome, claim.reasons) == (Outcome.ADMITTED, ("UNREADABLE_TERM",))
    both = replace(MODEL, reasons=("DOUBTFUL_SENSE",), outcome=Outcome.TO_REVIEW)
    assert compared([doubted, both])[0].outcome is Outcome.TO_REVIEW


@pytest.mark.parametrize(
    "change",
    [
        {"relation": "invests-in"},
        {"subject": COREWEAVE, "object": NVIDIA},
        {"modality": Modality.DENIED},
        {"qualifiers": Qualifiers(percent=Decimal(9))},
    ],
)
def test_readers_that_differ_go_to_review_side_by_side(change):
    rules = replace(RULES, qualifiers=Qualifiers(percent=Decimal(6)))
    claims = compared([rules, replace(MODEL, **change)])
    assert reasons(claims) == [("llm", "to-review", ("DISAGREEMENT",)), ("rules", "to-review", ("DISAGREEMENT",))]


@pytest.mark.parametrize(
    "change",
    [
        {"modality": Modality.PAST},
        {"subject": replace(NVIDIA, id="organisation/nvidia", type="Organisation")},
        {"relation": "partners-with", "subject": COREWEAVE, "object": NVIDIA},
    ],
)
def test_neighbouring_modalities_other_kinds_and_turned_symmetric_ties_are_no_difference(change):
    rules = replace(RULES, relation=change.get("relation", RULES.relation))
    assert len(compared([rules, replace(MODEL, **change)])) == 1


def test_what_one_reader_alone_says_stays():
    elsewhere = replace(MODEL, evidence=(Evidence("a", 29, 43, TEXT[29:43], "en"),))
    assert reasons(compared([RULES, elsewhere])) == [("llm", "admitted", ()), ("rules", "admitted", ())]
    assert compared([RULES]) == [RULES]


def test_a_second_tie_of_one_pair_is_no_difference_where_the_first_is_agreed_on():
    second = replace(MODEL, relation="invests-in", qualifiers=Qualifiers())
    assert reasons(compared([RULES, MODEL, second])) == [("llm", "admitted", ()), ("rules", "admitted", ())]


def test_what_the_gate_refused_contradicts_nobody():
    refused = replace(MODEL, relation="acquires", reasons=("KIND",), outcome=Outcome.REFUSED)
    assert reasons(compared([RULES, refused])) == [("llm", "refused", ("KIND",)), ("rules", "admitted", ())]
