"""What a fact is called: it stays while what is said stays, whoever says it, and on whatever day."""

import random
from dataclasses import replace
from decimal import Decimal

import pytest

from kg.facts import AsOf, fact_id, facts_of
from kg.model import Modality
from tests.conftest import COREWEAVE, ENGLISH, FRENCH, NVIDIA, OPENAI, claim_of


def stake(document=FRENCH, line=3, **terms):
    return claim_of(document, document.text.splitlines()[line], NVIDIA, "holds-stake", COREWEAVE, **terms)


def only(*claims, day="2025-06-30"):
    (fact,) = facts_of(claims, AsOf(valid=day))
    return fact_id(fact)


SIX = stake(percent=Decimal(6), percent_of="capital")


def test_it_stays_with_other_sources_readers_orders_and_names():
    again = stake(ENGLISH, 2, percent=Decimal(6), percent_of="capital", as_printed="6 %", goods="shares")
    assert only(SIX) == only(again) == only(SIX, again) == only(again, SIX)
    assert only(replace(SIX, method="another/2", confidence=0.1, subject=replace(NVIDIA, name="NVIDIA Corp"))) == only(
        SIX
    )


def test_it_stays_when_it_is_over():
    ended = stake(percent=Decimal(6), end="2025-04")
    assert only(ended, day="2025-04-01") == only(ended, day="2026-01-01")


def test_the_ends_of_a_symmetric_relation_have_no_order():
    line = FRENCH.text.splitlines()[0]
    one = claim_of(FRENCH, line, OPENAI, "partners-with", COREWEAVE)
    assert only(one) == only(claim_of(FRENCH, line, COREWEAVE, "partners-with", OPENAI))


@pytest.mark.parametrize(
    "other",
    [
        replace(SIX, qualifiers=replace(SIX.qualifiers, percent=Decimal("6.2"))),
        replace(SIX, qualifiers=replace(SIX.qualifiers, start="2024")),
        replace(SIX, modality=Modality.PLANNED),
        replace(SIX, object=OPENAI),
        replace(SIX, relation="invests-in"),
    ],
)
def test_what_says_something_else_is_called_otherwise(other):
    assert only(other) != only(SIX)


def test_a_plan_that_is_announced_is_the_same_plan():
    assert only(replace(SIX, modality=Modality.PLANNED)) == only(replace(SIX, modality=Modality.ANNOUNCED))


def test_the_facts_of_a_story_are_called_apart(story):
    claims = [claim for _, each in story for claim in each]
    random.Random(1).shuffle(claims)  # noqa: S311 - an order
    names = [fact_id(fact) for fact in facts_of(claims)]
    assert len(set(names)) == len(names)
    assert set(names) == {fact_id(fact) for fact in facts_of(sorted(claims, key=lambda c: c.id))}
