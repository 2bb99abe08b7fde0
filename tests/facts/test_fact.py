"""Claims that agree are one line, whatever their order; who agrees with two that differ stands alone."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.dates import duration_parts, same_date
from kg.facts import facts_of
from kg.facts.numbers import same_number
from kg.model import Claim, Entity, Evidence, Figure, Modality, Qualifiers

A, B = Entity("company/a", "A", "Company"), Entity("company/b", "B", "Company")


def say(document="a", modality=Modality.ASSERTED, relation="holds-stake", ends=(A, B), known_from=None, **terms):
    place = (Evidence(document, 0, 1, "x", "en"),)
    return Claim(ends[0], relation, ends[1], modality, place, Qualifiers(**terms), known_from)


def bn(value):
    return Decimal(str(value)) * 10**9


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("11.9e9", "12e9", True),
        ("1.92e9", "1.9e9", True),
        ("11.7e9", "10e9", False),
        ("100e9", "30e9", False),
        ("100e9", "98e9", False),
        ("1e9", "1.4e9", False),
        ("350e6", "349.6e6", True),
        ("350e6", "300e6", False),
        ("6", "5.2", False),
        ("62", "62.3", True),
        ("50", "52", False),
        ("0.5", "0.52", True),
        ("0", "0.4", False),
        ("0", "0", True),
        ("1e40", "1e40", True),
    ],
)
def test_numbers_are_the_same_where_one_is_the_other_rounded(one, other, same):
    assert same_number(Decimal(one), Decimal(other)) is same
    assert same_number(Decimal(other), Decimal(one)) is same


def test_dates_are_the_same_where_one_contains_the_other():
    assert same_date("2025", "2025-03")
    assert same_date("2025-03-11", "2025-03")
    assert not same_date("2025-03", "2025-04")
    assert duration_parts("P18M") == duration_parts("P1Y6M") == (18, 0)
    assert duration_parts("P30D") == (0, 30)


SIX = {"percent": Decimal(6), "percent_of": "capital"}


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ({}, {}, True),
        (SIX, {"percent": Decimal(6)}, True),
        (SIX, {**SIX, "as_of": "2025"}, True),
        (SIX, {"percent": Decimal("5.2"), "percent_of": "capital"}, False),
        (SIX, {}, False),
        ({"amount": bn(11.9), "currency": "USD"}, {"amount": bn(12), "duration": "P5Y"}, True),
        ({"amount": bn(11.9), "currency": "USD"}, {"amount": bn(11.9), "currency": "EUR"}, False),
        ({"start": "2025"}, {"start": "2025-03"}, True),
        ({"start": "2024"}, {"start": "2025-03"}, False),
        ({"duration": "P18M"}, {"duration": "P1Y6M"}, True),
        ({"exclusive": True}, {"exclusive": False}, False),
        ({"exclusive": True}, {}, True),
        ({"indirect": True}, {"indirect": False}, False),
        ({"indirect": True}, {}, True),
        ({"goods": "chips"}, {"goods": "puces"}, True),
        ({"percent_min": Decimal(5)}, {"percent_max": Decimal(10)}, False),
    ],
)
def test_what_agrees_is_one_line(one, other, together):
    assert len(facts_of([say("a", **one), say("b", **other)])) == (1 if together else 2)


def test_a_line_says_what_its_claims_say_together_as_precisely_as_one_of_them():
    (line,) = facts_of(
        [
            say("a", amount=bn(12), currency="USD", start="2025", as_printed="12 bn"),
            say("b", amount=bn(11.9), duration="P5Y", start="2025-03", goods="boards", as_printed="11.9 billion"),
        ]
    )
    assert line.qualifiers == Qualifiers(
        amount=bn(11.9), currency="USD", duration="P5Y", start="2025-03", goods="boards", as_printed="11.9 billion"
    )
    assert line.documents == ("a", "b")


def test_who_agrees_with_two_that_differ_stands_alone():
    until = [say(document, end=end) for document, end in (("a", "2026"), ("b", "2030"), ("c", None), ("d", "2030-06"))]
    assert {line.documents for line in facts_of(until)} == {("a",), ("c",), ("b", "d")}


def test_announced_and_planned_are_one_line_and_other_modalities_are_lines_of_their_own():
    (ahead, *rest) = facts_of(
        [say(modality.value, modality) for modality in Modality if modality is not Modality.ASSERTED]
    )
    assert {line.modality for line in (ahead, *rest)} == set(Modality) - {Modality.ASSERTED, Modality.PLANNED}
    (line,) = (line for line in (ahead, *rest) if len(line.claims) == 2)
    assert line.modality is Modality.ANNOUNCED
    assert line.modalities == {Modality.ANNOUNCED, Modality.PLANNED}


def test_figures_agree_where_they_are_roundings_of_one_another():
    told = [
        say("a", relation="revenue", ends=(A, Figure(bn(value), "USD")), as_of="2024") for value in (1.9, 1.92, 2.3)
    ]
    assert {line.object.value for line in facts_of(told)} == {bn(1.92), bn(2.3)}


def test_the_latest_source_may_be_as_late_as_its_last_day():
    (line,) = facts_of([say("a", known_from="2025-03-11"), say("b", known_from="2025-03"), say("c")])
    assert (line.known_from, line.known_last) == ("2025-03", "2025-03")


claims = st.builds(
    say,
    document=st.sampled_from("abcdef"),
    modality=st.sampled_from(Modality),
    relation=st.sampled_from(["holds-stake", "partners-with"]),
    ends=st.sampled_from([(A, B), (B, A)]),
    known_from=st.sampled_from([None, "2024", "2025-03-11"]),
    percent=st.sampled_from([None, Decimal(6), Decimal("5.9"), Decimal("5.2")]),
    start=st.sampled_from([None, "2024", "2024-05", "2024-06"]),
    exclusive=st.sampled_from([None, True, False]),
)


@given(st.lists(claims, max_size=14), st.randoms())
def test_facts_part_the_claims_in_one_way_whatever_their_order(told, chance):
    shuffled = list(told)
    chance.shuffle(shuffled)
    facts = facts_of(told)
    assert facts == facts_of(shuffled)
    assert sorted(claim.id for fact in facts for claim in fact.claims) == sorted({claim.id for claim in told})


@given(st.lists(claims, max_size=10, unique_by=lambda claim: claim.id), st.data())
def test_another_document_that_says_the_same_parts_nothing(told, data):
    """Each of a line's claims, said once more elsewhere, stands in the same line as before."""
    if not told:
        return
    again = data.draw(st.sampled_from(told))
    copy = replace(again, evidence=(replace(again.evidence[0], document="z"),))
    before = {frozenset(claim.id for claim in line.claims) for line in facts_of(told)}
    after = {frozenset(claim.id for claim in line.claims if claim.id != copy.id) for line in facts_of([*told, copy])}
    assert before == after
