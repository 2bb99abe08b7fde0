"""The grounding gate: a proposal stands only where the text bears it out."""

from dataclasses import replace
from decimal import Decimal

import pytest

from kg.extract.gate import admit
from kg.extract.proposal import End, Proposal, Refusal
from kg.model import Claim, Document, Modality, Outcome, Qualifiers
from kg.reasons import Reason

TEXT = "Valmora détient 6 % des parts de Korvex. Cette dernière recrute à Lyon."
DOCUMENT = Document("a.txt", TEXT, "fr", "2025-03-11")
HOLDER, ISSUER = End("Valmora", "Company", 0, 7), End("Korvex", "Company", 33, 39)
GOOD = Proposal(
    HOLDER,
    "holds-stake",
    ISSUER,
    Modality.ASSERTED,
    ((0, 40),),
    Qualifiers(percent=Decimal(6), percent_of="capital"),
    {"percent": (16, 19)},
    method="test/1",
)


def test_what_the_text_bears_out_is_a_claim():
    claim = admit(GOOD, DOCUMENT)
    assert isinstance(claim, Claim)
    assert claim.evidence[0].quote == TEXT[:40]


def test_a_reference_needs_the_name_that_it_stands_for():
    latter = End("Korvex", "Company", 41, 55, antecedent=(33, 39))
    by_reference = replace(GOOD, object=latter, evidence=((0, 40), (41, 71)))
    claim = admit(by_reference, DOCUMENT)
    assert isinstance(claim, Claim)
    assert claim.outcome is Outcome.ADMITTED
    elsewhere = admit(replace(by_reference, object=replace(latter, antecedent=(66, 70))), DOCUMENT)
    assert isinstance(elsewhere, Claim)
    assert elsewhere.outcome is Outcome.REFUSED


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"relation": "adores"}, Reason.NOT_A_RELATION),
        ({"evidence": ()}, Reason.NO_QUOTE),
        ({"evidence": ((0, 999),)}, Reason.NO_QUOTE),
        ({"object": None}, Reason.NOT_A_RELATION),
    ],
)
def test_what_points_at_nothing_makes_no_claim(change, reason):
    refusal = admit(replace(GOOD, **change), DOCUMENT)
    assert isinstance(refusal, Refusal)
    assert refusal.reason is reason


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"evidence": ((41, 71),)}, Reason.NO_PARTY_IN_QUOTE),
        ({"subject": replace(HOLDER, kind="Product")}, Reason.KIND),
        ({"object": replace(ISSUER, kind="Person")}, Reason.KIND),
        ({"subject": replace(HOLDER, name="Tarnos")}, Reason.NO_PARTY_IN_QUOTE),
        ({"doubts": (Reason.OTHER_CLAUSE,)}, Reason.OTHER_CLAUSE),
        ({"object": replace(HOLDER, kind="Company")}, Reason.SAME_PARTY),
    ],
)
def test_what_the_text_does_not_bear_out_is_refused_and_kept(change, reason):
    claim = admit(replace(GOOD, **change), DOCUMENT)
    assert isinstance(claim, Claim)
    assert claim.outcome is Outcome.REFUSED
    assert reason in claim.reasons


@pytest.mark.parametrize(
    "change",
    [{"qualifiers": Qualifiers(percent=Decimal(60))}, {"printed": {}}, {"printed": {"percent": (0, 7)}}],
)
def test_a_term_that_does_not_parse_again_is_left_out_and_noted(change):
    claim = admit(replace(GOOD, **change), DOCUMENT)
    assert isinstance(claim, Claim)
    assert claim.outcome is Outcome.ADMITTED
    assert claim.qualifiers.percent is None
    assert claim.reasons == (Reason.UNREADABLE_TERM,)
