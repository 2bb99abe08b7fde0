"""What random draws tell of a graph holds as often as is promised."""

import random
from dataclasses import replace

import pytest

from kg.judgements import WHOLE, ClosedDocument, Closing, Draw, Judgement, Stratum, Verdict
from kg.judgements.drawing import ordered
from kg.judgements.estimate import Share, by_band, by_relation, clustered, measured, recall, share_of, shares, wilson
from kg.model import Claim, Document, Entity, Modality, Outcome

TEXT = Document("a.txt", "One owns Two. " * 400, "en")
ONE = Entity("company/one", "One", "Company")
TWO = Entity("company/two", "Two", "Company")


def claim(number, confidence=0.9):
    evidence = (TEXT.evidence(number * 14, number * 14 + 13),)
    return Claim(ONE, "holds-stake", TWO, Modality.ASSERTED, evidence, method="rules/2", confidence=confidence)


CLAIMS = [claim(number, round(0.5 + number / 800, 3)) for number in range(400)]


def word(one, verdict, drawn=Draw.RANDOM, at="2026-01-01T00:00:00Z", stratum=WHOLE):
    return Judgement(verdict, one, TEXT.sha256, "ada", at, drawn=drawn, stratum=stratum)


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


def test_a_draw_from_a_part_of_the_graph_measures_that_part_alone():
    one, other = Stratum(company="company/one"), Stratum(company="company/other")
    stakes, both = Stratum(relation="holds-stake"), Stratum("company/one", "holds-stake")
    told = [
        word(CLAIMS[0], Verdict.RIGHT),
        word(CLAIMS[1], Verdict.WRONG, stratum=one),
        word(CLAIMS[2], Verdict.WRONG, stratum=stakes),
        word(CLAIMS[3], Verdict.WRONG, stratum=both),
        word(CLAIMS[4], Verdict.WRONG, Draw.UNCERTAIN, stratum=one),
    ]
    expected = {WHOLE: Share(1, 1), one: Share(1, 2), stakes: Share(1, 2), both: Share(1, 4), other: Share(0, 0)}
    assert {stratum: share_of(measured(told, stratum)) for stratum in expected} == expected
    assert shares(told) == {"": Share(1, 1)}


def test_a_draw_with_its_part_has_an_id_of_its_own():
    plain, narrow = (word(CLAIMS[0], Verdict.RIGHT, stratum=one) for one in (WHOLE, Stratum(relation="supplies")))
    assert plain.id != narrow.id


@pytest.mark.parametrize("truth", [0.6, 0.85])
@pytest.mark.parametrize("documents", [5, 30])
def test_the_interval_of_whole_documents_holds_the_true_share(truth, documents):
    """In at least 930 of 1,000 runs, though in some documents readers find nearly all and in others little."""
    held = 0
    for seed in range(1000):
        chances, pairs = random.Random(seed), []  # noqa: S311
        for _ in range(documents):
            own, size = chances.betavariate(truth * 4, (1 - truth) * 4), chances.randint(1, 12)
            pairs.append((sum(chances.random() < own for _ in range(size)), size))
        low, high = clustered(pairs)
        held += low <= truth <= high
    assert held >= 930


def test_many_claims_of_few_documents_tell_less_than_as_many_of_many():
    low, high = clustered([(20, 20), (0, 20)])
    assert (low, high) == pytest.approx((0, 1), abs=0.01)
    alike = clustered([(1, 2)] * 20)
    assert alike[1] - alike[0] < high - low
    assert clustered([]) == clustered([(3, 3)]) == (0.0, 1.0)
    assert clustered([(3, 3), (4, 4)])[1] == 1.0


def closed(held, found):
    closing = Closing(TEXT.id, TEXT.sha256, "ada", "2026-01-01T00:00:00Z")
    return ClosedDocument(TEXT, closing, tuple(held), tuple(found), tuple(found))


def test_what_readers_had_found_is_counted_in_documents_read_to_the_end():
    note = replace(CLAIMS[9], method="note/ada")
    told = [closed([*CLAIMS[:4], note], CLAIMS[:3]), closed(CLAIMS[4:6], CLAIMS[4:6]), closed([], [])]
    found = recall(told)[""]
    assert (found.found, found.holding, found.share) == (5, 6, 5 / 6)
    assert found.interval == clustered([(3, 4), (2, 2)])
    assert recall(told, by_relation).keys() == {"holds-stake"}
    assert recall([closed([], [])]) == {}
