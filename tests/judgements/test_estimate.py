"""What random draws tell of a graph holds as often as is promised."""

import random
from dataclasses import replace

import pytest

from kg.judgements import Draw, Judgement, Verdict
from kg.judgements.drawing import ordered
from kg.judgements.estimate import Share, by_band, by_relation, shares, wilson
from kg.model import Claim, Document, Entity, Modality, Outcome

TEXT = Document("a.txt", "One owns Two. " * 400, "en")
ONE = Entity("company/one", "One", "Company")
TWO = Entity("company/two", "Two", "Company")


def claim(number, confidence=0.9):
    evidence = (TEXT.evidence(number * 14, number * 14 + 13),)
    return Claim(ONE, "holds-stake", TWO, Modality.ASSERTED, evidence, method="rules/2", confidence=confidence)


CLAIMS = [claim(number, round(0.5 + number / 800, 3)) for number in range(400)]


def word(one, verdict, drawn=Draw.RANDOM, at="2026-01-01T00:00:00Z"):
    return Judgement(verdict, one, TEXT.sha256, "ada", at, drawn=drawn)


@pytest.mark.parametrize("truth", [0.6, 0.8, 0.9, 0.95])
def test_the_interval_of_random_draws_holds_the_true_share(truth):
    """In at least 930 of 1,000 runs, by a reviewer who is never wrong."""
    right = {one.id for one in random.Random(3).sample(CLAIMS, round(truth * len(CLAIMS)))}  # noqa: S311
    held = 0
    for seed in range(1000):
        drawn = ordered(CLAIMS, Draw.RANDOM, seed)[:60]
        low, high = wilson(sum(one.id in right for one in drawn), len(drawn))
        held += low <= len(right) / len(CLAIMS) <= high
    assert held >= 930


def test_only_random_draws_measure_and_only_the_last_word():
    told = [
        word(CLAIMS[0], Verdict.RIGHT),
        word(CLAIMS[1], Verdict.WRONG),
        word(CLAIMS[1], Verdict.RIGHT, at="2026-01-02T00:00:00Z"),
        word(CLAIMS[2], Verdict.WRONG, Draw.UNCERTAIN),
        word(CLAIMS[3], Verdict.UNSURE),
        word(replace(CLAIMS[4], outcome=Outcome.TO_REVIEW), Verdict.WRONG),
    ]
    assert shares(told) == {"": Share(2, 2, 1)}
    assert shares(told, by_relation) == {"holds-stake": Share(2, 2, 1)}
    corrected = word(CLAIMS[0], Verdict.WRONG, Draw.CHANCE, "2026-01-03T00:00:00Z")
    assert shares([*told, corrected]) == {"": Share(1, 2, 1)}
    assert shares([]) == {}
    assert Share(0, 0).share is None


def test_bands_hold_every_confidence():
    assert by_band(replace(CLAIMS[0], confidence=1.0)) == "0.9–1.0"
    assert by_band(replace(CLAIMS[0], confidence=0.0)) == "0.0–0.5"
    assert by_band(replace(CLAIMS[0], confidence=0.85)) == "0.8–0.9"


def test_the_order_of_a_draw_is_the_same_each_time_and_keeps_when_claims_come():
    assert ordered(CLAIMS, Draw.RANDOM) == ordered(reversed(CLAIMS), Draw.RANDOM)
    assert ordered(CLAIMS, Draw.RANDOM) != ordered(CLAIMS, Draw.RANDOM, seed=1)
    fewer = [one for one in ordered(CLAIMS, Draw.RANDOM) if one in CLAIMS[:100]]
    assert fewer == ordered(CLAIMS[:100], Draw.RANDOM)
    assert ordered(CLAIMS, Draw.UNCERTAIN)[0] == CLAIMS[0]
    assert ordered(reversed(CLAIMS), Draw.ALL) == CLAIMS
