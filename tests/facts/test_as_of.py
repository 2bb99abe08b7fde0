"""Three clocks: what is true, what can be known, what is held; and nothing that came later."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.dates import first_day, last_day
from kg.errors import InvalidRecord
from kg.facts import NO_CUTOFF, AsOf, relationships, visible_claims
from kg.facts.periods import begin_of, end_of
from kg.model import Claim, Document, Entity, Modality, Qualifiers

ASSERTED, PLANNED, DENIED, ENDED, PAST = (
    Modality.ASSERTED,
    Modality.PLANNED,
    Modality.DENIED,
    Modality.ENDED,
    Modality.PAST,
)
RECORDED = "2025-12-01T00:00:00Z"


def company(name):
    return Entity(f"company/{name.lower()}", name, "Company", (name,))


ACME, BOLT, CAMEO = map(company, ("Acme", "Bolt", "Cameo"))


def say(
    sentence="Acme supplies Bolt.", *, known="2025-03-11", as_=ASSERTED, recorded=RECORDED, retracted=None, **terms
):
    place = (Document(sentence, sentence, "en").evidence(0, len(sentence)),)
    said = Qualifiers(**terms)
    return Claim(ACME, "supplies", BOLT, as_, place, said, known, recorded, retracted)


def is_seen(claim, **clocks):
    return bool(list(visible_claims([claim], AsOf(**clocks))))


# ------------------------------------------------------------------------------------- dates
@pytest.mark.parametrize(
    ("known", "eve", "day"),
    [
        ("2025-03-11", "2025-03-10", "2025-03-11"),
        ("2025-03", "2025-03-30", "2025-03-31"),
        ("2025", "2025-12-30", "2025-12-31"),
        ("2024-02", "2024-02-28", "2024-02-29"),
        ("2023-02", "2023-02-27", "2023-02-28"),
        ("9999", "9999-12-30", "9999-12-31"),
    ],
)
def test_a_partial_date_is_known_on_its_last_day(known, eve, day):
    claim = say(known=known)
    assert not is_seen(claim, known=eve)
    assert is_seen(claim, known=day)


@pytest.mark.parametrize(
    ("terms", "day"),
    [
        ({"start": "2024"}, dt.date(2024, 1, 1)),
        ({"start": "2024-02", "as_of": "2020"}, dt.date(2024, 2, 1)),
        ({"as_of": "2024"}, dt.date(2024, 1, 1)),
        ({}, dt.date(2025, 3, 11)),
    ],
)
def test_a_claim_begins_on_the_first_day_of_its_start_else_of_its_figure_else_when_it_was_known(terms, day):
    assert begin_of(say(**terms)) == day


def test_of_a_claim_without_any_date_nobody_says_when_it_begins_or_ends():
    claim = say(known=None)
    assert begin_of(claim) is None
    assert end_of(claim) is None
    assert is_seen(claim, valid="0001")


@pytest.mark.parametrize(
    ("terms", "day"),
    [
        ({"end": "2026"}, dt.date(2026, 12, 31)),
        ({"end": "2024-02"}, dt.date(2024, 2, 29)),
        ({"start": "2024-02-29", "duration": "P1Y"}, dt.date(2025, 2, 28)),
        ({"start": "2024-02-29", "duration": "P4Y"}, dt.date(2028, 2, 28)),
        ({"start": "2025-01-31", "duration": "P1M"}, dt.date(2025, 2, 28)),
        ({"start": "2025-03-01", "duration": "P18M"}, dt.date(2026, 8, 31)),
        ({"start": "2025-03-01", "duration": "P30D"}, dt.date(2025, 3, 30)),
        ({"start": "2025-03-01", "duration": "P1Y2M3D"}, dt.date(2026, 5, 3)),
        ({"start": "2025", "duration": "P1Y"}, dt.date(2026, 12, 30)),  # it may have begun on the last day of 2025
        ({"start": "2025-01-01", "end": "2025-06", "duration": "P5Y"}, dt.date(2025, 6, 30)),
        ({"duration": "P5Y"}, None),
        ({}, None),
    ],
)
def test_a_claim_ends_with_its_end_else_with_its_duration(terms, day):
    assert end_of(say(**terms)) == day


def test_what_is_told_to_have_ended_was_true_until_the_day_before():
    assert end_of(say(as_=ENDED)) == dt.date(2025, 3, 10)
    assert end_of(say(as_=ENDED, as_of="2024")) == dt.date(2024, 12, 30)
    assert end_of(say(as_=ENDED, known=None)) is None
    assert end_of(say(as_=ENDED, known="0001-01-01")) == dt.date.min


@pytest.mark.parametrize("duration", ["P1Y", "P99999D", "P999999999999Y", "P99999999999999999999D", "P12M"])
def test_no_duration_runs_over_the_end_of_the_calendar(duration):
    claim = say(known="9999-12-31", start="9999-12-31", duration=duration)
    assert end_of(claim) is None
    assert [tie.modality for tie in relationships([claim], AsOf(valid="9999"))] == [ASSERTED]


@pytest.mark.parametrize("date", ["0001", "0999-02", "9999-12-31"])
def test_every_year_of_the_calendar_can_be_asked_for(date):
    claims = [say(known="0001"), say("B", known="9999", as_=ENDED)]
    assert isinstance(relationships(claims, AsOf(valid=date, known=date)), tuple)


@pytest.mark.parametrize("date", ["2025-02-30", "2025-13", "25", "", "yesterday", "2025-02-29", "2025-3-1"])
@pytest.mark.parametrize("clock", ["valid", "known", "recorded"])
def test_no_clock_stands_at_what_is_no_date(clock, date):
    with pytest.raises(InvalidRecord, match=f"the clock '{clock}' cannot stand at '{date}': write YYYY"):
        AsOf(**{clock: date})


# ------------------------------------------------------------------------------------ clocks
def test_without_clocks_all_is_seen_but_what_is_withdrawn():
    held, withdrawn = say(), say("B", retracted="2026-01-01T00:00:00Z")
    assert list(visible_claims([held, withdrawn])) == [held]


def test_what_is_without_a_date_is_known_from_its_recording():
    claim = say(known=None)
    assert not is_seen(claim, known="2025-11-30")
    assert is_seen(claim, known="2025-12-01")
    assert not is_seen(say(known=None, recorded=None), known="9999")


def test_a_store_holds_a_claim_from_the_day_of_its_recording_to_that_of_its_withdrawal():
    claim = say(retracted="2026-01-05T10:00:00Z")
    found = {day: is_seen(claim, recorded=day) for day in ("2025-11-30", "2025-12-01", "2026-01-04", "2026-01-05")}
    assert found == {"2025-11-30": False, "2025-12-01": True, "2026-01-04": True, "2026-01-05": False}
    assert not is_seen(say(recorded=None), recorded="9999")


def test_what_was_withdrawn_later_is_seen_as_not_withdrawn():
    claim = say(retracted="2026-01-05T10:00:00Z")
    assert next(visible_claims([claim], AsOf(recorded="2025-12-31"))).retracted_at is None


def test_what_has_not_begun_is_seen_only_where_it_had_been_told():
    claim = say(start="2026")
    assert not is_seen(claim, valid="2025-03-10")
    assert is_seen(claim, valid="2025-03-11")
    assert not is_seen(say(as_of="2026"), valid="2025-03-11")


def test_that_something_ended_is_seen_before_it_was_told():
    assert is_seen(say(as_=ENDED, end="2024"), valid="2025-01")


# -------------------------------------------------------------------------------------- laws
dates = st.sampled_from(
    ["0001", "2023", "2024-02", "2024-02-29", "2024-12-31", "2025", "2025-03", "2025-03-11", "2025-03-12", "9999"]
)
days = st.sampled_from(["2023-06", "2024", "2024-02-29", "2025-03-10", "2025-03-11", "2025-03", "2025", "2026", "9999"])
moments = st.sampled_from(["2024-05-01T00:00:00Z", "2025-03-11T09:00:00Z", "2025-03-12T09:00:00Z", RECORDED])
terms = st.fixed_dictionaries(
    {},
    optional={
        "percent": st.sampled_from([Decimal(5), Decimal("5.2"), Decimal(6)]),
        "percent_of": st.just("capital"),
        "amount": st.sampled_from([Decimal(10**9), Decimal(2 * 10**9)]),
        "currency": st.sampled_from(["USD", "EUR"]),
        "exclusive": st.booleans(),
        "start": dates,
        "end": dates,
        "as_of": dates,
        "duration": st.sampled_from(["P1Y", "P18M", "P30D", "P9999Y"]),
    },
)


@st.composite
def a_claim(draw):
    """A saying of any modality of one of a few pairs, with any dates."""
    number = draw(st.integers(0, 5))
    sentence = f"Sentence {number}."
    place = (Document(f"{number}.txt", sentence, "en").evidence(0, len(sentence)),)
    subject, object_ = draw(st.sampled_from([(ACME, BOLT), (BOLT, ACME), (ACME, CAMEO)]))
    return Claim(
        subject,
        draw(st.sampled_from(["supplies", "holds-stake", "competes-with"])),
        object_,
        draw(st.sampled_from(tuple(Modality))),
        place,
        Qualifiers(**draw(terms)),
        draw(st.none() | dates),
        draw(st.none() | moments),
    )


@st.composite
def withdrawn_or_not(draw):
    claim = draw(a_claim())
    moment = draw(st.none() | moments)
    return replace(claim, retracted_at=moment) if moment and moment > (claim.recorded_at or "9") else claim


many = st.lists(a_claim(), max_size=8)
histories = st.lists(withdrawn_or_not(), max_size=8, unique_by=lambda claim: claim.id)
clocks = st.builds(AsOf, valid=st.none() | days, known=st.none() | days, recorded=st.none() | days)


def learned_after(claim, date):
    """Whether nobody could know it by a date."""
    day = last_day(date)
    if claim.known_from is not None:
        return last_day(claim.known_from) > day
    return claim.recorded_at is None or claim.recorded_at[:10] > str(day)


@given(many, st.none() | days, days)
def test_no_tie_of_a_past_date_rests_on_what_was_learned_later(claims, valid, date):
    before = [claim for claim in claims if not learned_after(claim, date)]
    for stands in (AsOf(known=date, valid=valid), AsOf(known=date, valid=date)):
        assert relationships(claims, stands) == relationships(before, stands)


@given(histories, days)
def test_no_tie_of_a_past_date_rests_on_what_was_recorded_or_withdrawn_later(history, date):
    day = str(last_day(date))
    before = [
        replace(claim, retracted_at=claim.retracted_at if (claim.retracted_at or "9")[:10] <= day else None)
        for claim in history
        if (claim.recorded_at or "9999-99")[:10] <= day
    ]
    assert relationships(history, AsOf(recorded=date)) == relationships(before, AsOf(recorded=date))


@given(histories, clocks)
def test_seeing_again_what_was_seen_changes_nothing(history, stands):
    once = list(visible_claims(history, stands))
    assert list(visible_claims(once, stands)) == once
    assert relationships(once, stands) == relationships(history, stands)


@given(histories, days, days)
def test_what_could_be_known_or_had_begun_stays_so(history, one, other):
    early, late = sorted((one, other), key=last_day)
    for clock in ("known", "valid"):
        first, second = (
            {claim.id for claim in visible_claims(history, AsOf(**{clock: date}))} for date in (early, late)
        )
        assert first <= second


@given(dates)
def test_the_first_day_of_a_partial_date_is_no_later_than_its_last(date):
    assert first_day(date) <= last_day(date)
    assert str(first_day(date)).startswith(date)


@given(a_claim())
def test_now_sees_every_claim_that_is_held(claim):
    assert list(visible_claims([claim], NO_CUTOFF)) == [claim]
