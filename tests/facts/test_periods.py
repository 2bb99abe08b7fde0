"""When a fact holds: one test for each row of the truth table in docs/facts.md."""

import datetime as dt

import pytest

from kg.facts import AsOf, TriState, facts_of, holds_on, periods, relationships
from kg.model import Claim, Document, Entity, Modality, Qualifiers

YES, NO, OPEN = TriState.TRUE, TriState.FALSE, TriState.UNDECIDED
ACME, BOLT = (Entity(f"company/{name.lower()}", name, "Company") for name in ("Acme", "Bolt"))


def claim(modality="asserted", known="2020-06-15", sentence="Acme.", recorded=None, **terms):
    place = (Document(sentence, sentence, "en").evidence(0, len(sentence)),)
    return Claim(ACME, "supplies", BOLT, Modality(modality), place, Qualifiers(**terms), known, recorded)


def day(text):
    return dt.date.fromisoformat(text)


ROWS = [
    # what is claimed, the day asked, whether it holds
    ("begins at its start", [claim(start="2020-01-10")], {"2020-01-09": NO, "2020-01-10": YES, "2026-11-29": YES}),
    ("else at the date of its figure", [claim(as_of="2020-03-31")], {"2020-03-30": NO, "2020-03-31": YES}),
    ("else when its source appeared", [claim()], {"2020-06-14": NO, "2020-06-15": YES, "2026-11-29": YES}),
    ("nobody says when: any day counts", [claim(known=None)], {"1990-01-01": YES, "2026-11-29": YES}),
    (
        "recorded then at the latest",
        [claim(known=None, recorded="2020-06-15T08:00:00Z")],
        {"1990-01-01": OPEN, "2020-06-15": YES},
    ),
    (
        "a partial start counts from its first day",
        [claim(start="2019")],
        {"2018-12-31": NO, "2019-01-01": OPEN, "2019-12-30": OPEN, "2019-12-31": YES},
    ),
    (
        "a source tells of what has begun",
        [claim(start="2020")],
        {"2020-01-01": OPEN, "2020-06-14": OPEN, "2020-06-15": YES},
    ),
    ("ends on its last day", [claim(end="2021-03-31")], {"2021-03-31": YES, "2021-04-01": NO}),
    (
        "a partial end counts to its last day",
        [claim(end="2021")],
        {"2020-12-31": YES, "2021-01-01": YES, "2021-06-01": OPEN, "2021-12-31": OPEN, "2022-01-01": NO},
    ),
    (
        "a duration runs from the start",
        [claim(start="2015-03-01", duration="P5Y")],
        {"2020-02-29": YES, "2020-03-01": NO},
    ),
    (
        "a duration from a partial start",
        [claim(start="2015", duration="P5Y", known="2015-12-31")],
        {"2019-12-31": YES, "2020-06-01": OPEN, "2020-12-31": NO},
    ),
    ("an end outdoes a duration", [claim(start="2015-03-01", end="2021-01-01", duration="P1Y")], {"2020-06-01": YES}),
    ("a duration without a start ends nothing", [claim(duration="P1Y")], {"2026-11-29": YES}),
    ("a start that lies ahead holds from then", [claim(start="2027-01-01")], {"2026-11-29": NO, "2027-01-01": YES}),
    *(
        (f"{modality} is no fact", [claim(modality)], {"2020-06-15": NO, "2026-11-29": NO})
        for modality in ("announced", "planned", "conditional", "hedged", "denied", "past", "ended")
    ),
    (
        "the past between its dates",
        [claim("past", start="2010", end="2015-06-30")],
        {"2009-12-31": NO, "2010-05-01": OPEN, "2011-01-01": YES, "2015-06-30": YES, "2015-07-01": NO},
    ),
    ("a figure of the past in its year", [claim("past", as_of="2018")], {"2018-06-01": OPEN, "2019-01-01": NO}),
    (
        "what has ended between its dates",
        [claim("ended", start="2010-01-01", end="2015-06-30")],
        {"2012-01-01": YES, "2015-07-01": NO},
    ),
    (
        "a later source closes what an earlier one asserts",
        [claim(), claim("ended", known="2021-05-01", sentence="Over.")],
        {"2020-06-15": YES, "2020-12-31": OPEN, "2021-04-30": OPEN, "2021-05-01": NO},
    ),
    (
        "and gives the day",
        [claim(), claim("ended", known="2021-05-01", end="2021-02-28", sentence="Over.")],
        {"2021-02-28": YES, "2021-03-01": NO},
    ),
    (
        "an end told no later closes nothing",
        [claim(), claim("ended", known="2020-06-15", sentence="Over.")],
        {"2021-05-01": YES},
    ),
    ("nor does one without a date", [claim(), claim("ended", known=None, sentence="Over.")], {"2021-05-01": YES}),
    (
        "who reports it after the end opens it again",
        [claim(), claim("ended", known="2021-05-01", sentence="Over."), claim(known="2023-01-01", sentence="Again.")],
        {"2022-01-01": NO, "2023-01-01": YES},
    ),
    (
        "exclusive no more is not over",
        [claim(exclusive=True), claim("ended", known="2021-05-01", exclusive=True, sentence="Shared.")],
        {"2022-01-01": YES},
    ),
    (
        "the end of another deal closes nothing",
        [claim(start="2020-01-01"), claim("ended", start="2015-01-01", known="2021-05-01", sentence="Over.")],
        {"2022-01-01": YES},
    ),
    ("a denial unmakes nothing", [claim(), claim("denied", known="2021-05-01", sentence="No.")], {"2022-01-01": YES}),
]


@pytest.mark.parametrize(("claims", "answers"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_the_truth_table(claims, answers):
    for order in (claims, claims[::-1]):
        assert {date: holds_on(order, day(date)) for date in answers} == answers


@pytest.mark.parametrize(("claims", "answers"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_facts_and_relationships_agree_with_it(claims, answers):
    for date, answer in answers.items():
        as_of = AsOf(valid=date)
        facts = [fact for fact in facts_of(claims, as_of) if fact.is_fact]
        standing = [relationship for relationship in relationships(claims, as_of) if relationship.is_fact]
        assert bool(facts) == bool(standing) == (answer is not NO)
        assert [fact.holds for fact in facts][:1] == [relationship.holds for relationship in standing][:1]
        assert standing == [] or standing[0].holds is answer


def test_what_is_asserted_to_begin_later_is_announced_until_then():
    claims = [claim(start="2027-01-01")]
    assert [fact.modality.value for fact in facts_of(claims, AsOf(valid="2026-11-29"))] == ["announced"]
    assert facts_of(claims, AsOf(valid="2020-01-01")) == ()


def test_withdrawn_claims_have_no_part_in_it():
    from dataclasses import replace

    withdrawn = replace(claim(recorded="2020-07-01T00:00:00Z"), retracted_at="2021-01-01T00:00:00Z")
    assert facts_of([withdrawn], AsOf(valid="2022-01-01")) == ()
    assert [f.is_fact for f in facts_of([withdrawn], AsOf(valid="2022-01-01", recorded="2020-12-31"))] == [True]


def test_figures_have_no_period():
    from decimal import Decimal

    from kg.model import Figure

    revenue = claim()
    revenue = Claim(ACME, "revenue", Figure(Decimal(5), "USD"), Modality.ASSERTED, revenue.evidence)
    assert periods([revenue]) == {}
    assert [fact.is_fact for fact in facts_of([revenue], AsOf(valid="2026-11-29"))] == [True]
