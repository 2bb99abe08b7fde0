"""The grounding gate: a proposal stands only where the text bears it out."""

from dataclasses import replace
from decimal import Decimal

import pytest

from kg.extract.gate import admit
from kg.extract.proposal import End, Proposal, Refusal
from kg.model import Claim, Document, Modality, Qualifiers

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
    assert isinstance(admit(by_reference, DOCUMENT), Claim)
    elsewhere = replace(by_reference, object=replace(latter, antecedent=(66, 70)))
    assert isinstance(admit(elsewhere, DOCUMENT), Refusal)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"relation": "adores"}, "no relation"),
        ({"evidence": ()}, "no evidence"),
        ({"evidence": ((0, 999),)}, "no evidence"),
        ({"evidence": ((41, 71),)}, "a name that is not in the quote"),
        ({"subject": replace(HOLDER, kind="Product")}, "takes no Product as subject"),
        ({"object": replace(ISSUER, kind="Person")}, "takes no Person as object"),
        ({"object": None}, "takes a name as object"),
        ({"subject": replace(HOLDER, name="Tarnos")}, "a name that is not in the quote"),
        ({"qualifiers": Qualifiers(percent=Decimal(60))}, "percent does not parse again"),
        ({"printed": {}}, "percent does not parse again"),
        ({"printed": {"percent": (0, 7)}}, "percent does not parse again"),
    ],
)
def test_what_it_does_not_is_refused_with_the_reason(change, reason):
    refusal = admit(replace(GOOD, **change), DOCUMENT)
    assert isinstance(refusal, Refusal)
    assert reason in refusal.reason
    assert refusal.method == "test/1"
