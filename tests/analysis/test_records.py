"""What analyses answer with keeps its bounds, its currencies and its claims."""

import math
from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.analysis.results.result import Result
from kg.errors import InvalidRecord
from kg.facts import UNKNOWN, Interval, Money, TriState, claims_of, tri_state
from kg.facts.interval import TOLERANCE
from kg.model import Claim, Document, Entity, Modality

fractions = st.floats(0, 1)
intervals = st.tuples(fractions, fractions).map(lambda bounds: Interval(*sorted(bounds)))


def claim(sentence):
    ends = (Entity(f"company/{name}", name, "Company") for name in "ab")
    subject, object_ = ends
    place = (Document(sentence, sentence, "en").evidence(0, len(sentence)),)
    return Claim(subject, "supplies", object_, Modality.ASSERTED, place)


@dataclass(frozen=True, slots=True)
class Line:
    claims: tuple[Claim, ...]

    def cells(self):
        yield {"claims": self.claims}


@pytest.mark.parametrize(
    ("surely", "perhaps", "answer"),
    [(True, True, TriState.TRUE), (False, True, TriState.UNDECIDED), (False, False, TriState.FALSE)],
)
def test_what_may_be_and_need_not_be_is_undecided(surely, perhaps, answer):
    assert tri_state(surely=surely, perhaps=perhaps) is answer


@pytest.mark.parametrize(
    ("low", "high", "at_least", "above"),
    [
        (0.25, 0.25, TriState.TRUE, TriState.FALSE),
        (0.25, 0.3, TriState.TRUE, TriState.UNDECIDED),
        (0.2, 0.25, TriState.UNDECIDED, TriState.FALSE),
        (0.2, 0.4, TriState.UNDECIDED, TriState.UNDECIDED),
        (0.26, 0.3, TriState.TRUE, TriState.TRUE),
        (0.1, 0.2, TriState.FALSE, TriState.FALSE),
        (0.1 + 0.15, 0.1 + 0.15, TriState.TRUE, TriState.FALSE),  # what floating point leaves decides nothing
    ],
)
def test_a_threshold_is_reached_surely_perhaps_or_not(low, high, at_least, above):
    assert Interval(low, high).at_least(0.25) is at_least
    assert Interval(low, high).above(0.25) is above


@pytest.mark.parametrize(("low", "high"), [(0.5, 0.4), (math.nan, 1.0), (0.0, math.nan), (math.inf, 0.0)])
def test_no_interval_is_empty(low, high):
    with pytest.raises(InvalidRecord, match="is empty"):
        Interval(low, high)


def test_bounds_that_floating_point_turned_round_are_brought_back():
    assert Interval(0.3 + TOLERANCE / 2, 0.3) == Interval.exactly(0.3)


@given(intervals, intervals)
def test_a_hull_holds_both_and_what_two_allow_lies_within_both(one, other):
    hull = one.hull(other)
    assert hull == other.hull(one)
    assert hull.low <= min(one.low, other.low)
    assert hull.high >= max(one.high, other.high)
    common = one.meet(other)
    if common is None:
        assert one.high < other.low or other.high < one.low
    else:
        assert max(one.low, other.low) - TOLERANCE <= common.low <= common.high <= min(one.high, other.high)
    assert one.meet(one) == one.hull(one) == one.meet(UNKNOWN) == one


@given(intervals, fractions)
def test_a_yes_or_no_holds_for_both_bounds(interval, threshold):
    answer = interval.at_least(threshold)
    exact = {Interval.exactly(bound).at_least(threshold) for bound in (interval.low, interval.high)}
    assert exact == {answer} if answer is not TriState.UNDECIDED else exact == {TriState.TRUE, TriState.FALSE}
    if interval.above(threshold) is TriState.TRUE:
        assert answer is TriState.TRUE


def test_sums_of_one_currency_are_added_and_of_two_never():
    one, other = Money(Decimal(1), Decimal(2), "USD"), Money(Decimal(10), Decimal(10), "USD")
    assert one.plus(other) == Money(Decimal(11), Decimal(12), "USD")
    with pytest.raises(InvalidRecord, match="USD and EUR are not added up: convert one of them first"):
        one.plus(Money(Decimal(1), Decimal(1), "EUR"))


def test_claims_of_groups_come_once_in_their_order():
    first, second, third = map(claim, ("One.", "Two.", "Three."))
    assert claims_of([second, first], [first, third]) == (second, first, third)
    assert claims_of() == ()


def test_a_result_is_the_sequence_of_its_rows_and_names_their_claims():
    first, second = map(claim, ("One.", "Two."))
    rows = (Line((first,)), Line((second, first)))
    result = Result("lines", "What lines there are", rows, ("a note",))
    assert list(result) == list(rows)
    assert (len(result), result[1], result[:1]) == (2, rows[1], rows[:1])
    assert result.claims == (first, second)
    assert rows[0] in result
    assert not Result("lines", "What lines there are", ())
