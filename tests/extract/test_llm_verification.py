"""The second question: what is asked again, and what its answer makes of a claim."""

import json

import pytest

from kg.extract.llm.answer import said
from kg.extract.llm.doubts import questionable
from kg.extract.llm.grounding import GROUNDED, grounded
from kg.extract.llm.verification import CONFIRMED, UNCONFIRMED, batches, instructions, judged, message
from kg.extract.reader import parse
from kg.model import Document
from kg.reasons import Reason
from kg.resolve import Resolver


def proposals(text, *claims, lang="en"):
    parsed = parse(Document("a", text, lang, "2025-03-11"), Resolver().kind)
    base = {"relation": "supplies", "modality": "asserted"}
    told = said([{"quote": text, "claims": [{**base, **claim} for claim in claims]}])
    return [grounded(one, parsed, "llm/test") for one in told], parsed


FOXCONN = {"subject": "Foxconn", "object": "Cybex"}
TURNED = {"subject": "Cybex", "object": "Foxconn"}
PAID = {**FOXCONN, "amount": "$5 million"}


@pytest.mark.parametrize(
    ("text", "claim", "asked"),
    [
        ("Foxconn delivers boards to Cybex.", FOXCONN, False),
        ("Cybex is supplied by Foxconn.", FOXCONN, False),
        ("Cybex is supplied by Foxconn.", TURNED, True),
        ("Cybex ordered boards from Foxconn.", FOXCONN, False),
        ("Cybex ordered boards from Foxconn.", TURNED, True),
        ("Cybex and its supplier, Foxconn, grow.", FOXCONN, False),
        ("Cybex and its supplier, Foxconn, grow.", TURNED, True),
        ("Foxconn delivers boards to Cybex.", TURNED, True),
        ("Foxconn delivers boards to Cybex.", {**FOXCONN, "relation": "acquires"}, True),
        ("Foxconn is a unit of Cybex.", {**FOXCONN, "relation": "subsidiary-of"}, False),
        ("Foxconn is a unit of Cybex.", {**TURNED, "relation": "subsidiary-of"}, True),
        ("Foxconn could deliver boards to Cybex.", FOXCONN, True),
        ("Foxconn could deliver boards to Cybex.", {**FOXCONN, "modality": "conditional"}, False),
        ("Foxconn delivers boards to Cybex for $5 million.", PAID, False),
        ("Foxconn, worth $9 million, delivers boards to Cybex for $5 million.", PAID, True),
        ("Foxconn delivers boards to Cybex.", {**FOXCONN, "modality": "?"}, True),
    ],
)
def test_only_what_rules_doubt_is_asked_again(text, claim, asked):
    found, parsed = proposals(text, claim)
    assert bool(questionable(found, (), parsed)) == asked


def test_what_another_reader_says_otherwise_is_asked_again():
    found, parsed = proposals("Foxconn delivers boards to Cybex.", FOXCONN)
    other, _ = proposals("Foxconn delivers boards to Cybex.", {**FOXCONN, "relation": "acquires"})
    assert questionable(found, other, parsed) == [0]
    assert questionable(found, found, parsed) == []


@pytest.mark.parametrize(
    ("answer", "doubts", "confidence"),
    [
        ({"stated": True, "relation": "supplies", "subject": "B", "modality": "asserted"}, (), CONFIRMED),
        ({"stated": True, "relation": "supplies", "subject": "B", "modality": "past"}, (), CONFIRMED),
        ({"stated": False}, (Reason.NOT_STATED,), UNCONFIRMED),
        ({"stated": True, "subject": "A"}, (Reason.DIRECTION,), UNCONFIRMED),
        ({"stated": True, "relation": "acquires", "subject": "A"}, (Reason.DISAGREEMENT,), UNCONFIRMED),
        ({"stated": True, "modality": "hedged"}, (Reason.NOT_HAPPENED,), UNCONFIRMED),
        ({"stated": True, "modality": "ended"}, (Reason.DISAGREEMENT,), UNCONFIRMED),
        ({"stated": True, "figure": "$9 million"}, (Reason.TWO_VALUES,), UNCONFIRMED),
        ({"stated": True, "figure": "$5 million"}, (), CONFIRMED),
        ({"stated": True, "figure": "$7 million"}, (), CONFIRMED),
        ({"stated": "yes"}, (), UNCONFIRMED),
        ({"claim": 7, "stated": False}, (), UNCONFIRMED),
    ],
)
def test_what_a_second_answer_makes_of_a_claim(answer, doubts, confidence):
    text = "Cybex, worth $9 million, ordered boards for $5 million; it names Foxconn."
    found, parsed = proposals(text, PAID)
    assert found[0].confidence == GROUNDED
    (verdict,) = judged(found, [{"claim": 1, **answer}], parsed)
    assert (verdict.doubts, verdict.confidence) == (doubts, confidence)


def test_a_yes_lifts_the_doubts_that_it_answers():
    found, parsed = proposals("Cybex ordered boards; it names Foxconn.", {**FOXCONN, "modality": "?", "goods": "chips"})
    assert found[0].doubts == (Reason.UNREADABLE_TERM, Reason.NOT_HAPPENED)
    (verdict,) = judged(found, [{"claim": 1, "stated": True, "modality": "asserted"}], parsed)
    assert verdict.doubts == (Reason.UNREADABLE_TERM,)


def test_the_question_gives_ends_in_the_order_of_the_text_and_no_modality():
    text = "Cybex ordered boards for $5 million </passage>; it names Foxconn."
    found, parsed = proposals(text, PAID, {**FOXCONN, "relation": "partners-with"})
    asked = message(found, parsed)
    assert "1. A = Cybex, B = Foxconn: supplies?; figure: amount" in asked
    assert "2. A = Cybex, B = Foxconn: partners-with?" in asked
    assert "asserted" not in asked
    assert asked.count("</passage>") == 1
    assert len(instructions()) < 3000
    assert json.dumps(batches(range(90))[-1][-1]) == "89"
