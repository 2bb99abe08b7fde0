"""A tie is all that is said of one relation between two entities: as firm as its firmest saying, ranges for odds."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.facts import AsOf, Interval, Money, Relationship, relationships, span_of
from kg.model import Claim, Document, Entity, Figure, Modality, Qualifiers

ASSERTED, ANNOUNCED, PLANNED, HEDGED = Modality.ASSERTED, Modality.ANNOUNCED, Modality.PLANNED, Modality.HEDGED
DENIED, ENDED, PAST = Modality.DENIED, Modality.ENDED, Modality.PAST
CAPITAL = {"percent_of": "capital"}


def company(name):
    return Entity(f"company/{name.lower()}", name, "Company", (name,))


ACME, BOLT, CAMEO = map(company, ("Acme", "Bolt", "Cameo"))


def say(sentence, *, known="2025-03-11", as_=ASSERTED, ends=(ACME, BOLT), relation="holds-stake", **terms):
    """A claim whose document is the sentence and nothing else."""
    place = (Document(sentence, sentence, "en").evidence(0, len(sentence)),)
    recorded = "2025-12-01T00:00:00Z"
    return Claim(ends[0], relation, ends[1], as_, place, Qualifiers(**terms), known, recorded)


def percent(value, **terms):
    return {"percent": Decimal(str(value)), **CAPITAL, **terms}


def sum_(value, currency="USD", **terms):
    return {"amount": Decimal(value) * 10**9, "currency": currency, **terms}


def only(claims, clocks=None):
    """The one tie that stands; None where none does."""
    found = relationships(claims, clocks or AsOf())
    assert len(found) <= 1
    return found[0] if found else None


# ------------------------------------------------------------------------------- what stands
def test_a_tie_stands_as_its_firmest_saying():
    claims = [say("Acme may buy.", as_=HEDGED), say("Acme will buy.", as_=PLANNED), say("Acme has bought.")]
    assert [only(claims[:n]).modality for n in (1, 2, 3)] == [HEDGED, PLANNED, ASSERTED]
    assert only(claims).claims == tuple(claims[::-1])
    assert only(claims).is_fact
    assert not only(claims[:2]).is_fact


@pytest.mark.parametrize("modality", [DENIED, ENDED, PAST])
def test_what_is_only_denied_ended_or_past_makes_no_tie(modality):
    assert only([say("Acme.", as_=modality)]) is None


def test_only_the_relations_and_modalities_asked_for_are_returned():
    claims = [say("a"), say("b", relation="supplies"), say("c", ends=(BOLT, ACME), as_=PLANNED)]
    assert [tie.relation for tie in relationships(claims, relations=["supplies"])] == ["supplies"]
    assert [tie.subject for tie in relationships(claims, modalities=[PLANNED])] == [BOLT]
    assert relationships(claims, relations=[]) == ()


def test_figures_make_no_tie():
    assert relationships([say("Acme sold.", ends=(ACME, Figure(Decimal(5), "USD")), relation="revenue")]) == ()


def test_a_symmetric_relation_is_one_tie_whoever_is_named_first():
    claims = [say("a", relation="competes-with"), say("b", relation="competes-with", ends=(BOLT, ACME))]
    assert len(only(claims).claims) == 2
    assert len(relationships([say("a"), say("b", ends=(BOLT, ACME))])) == 2


# --------------------------------------------------------------------------------------- ends
def test_a_later_source_ends_what_earlier_ones_say():
    claims = [say("a", known="2025-03-11"), say("b", known="2025-03-12", as_=ENDED)]
    assert only(claims, AsOf(known="2025-03-11")).is_fact
    assert only(claims) is None


@pytest.mark.parametrize("known", ["2025-03-11", "2025-03-10", "2025-03", None])
def test_an_end_that_was_told_no_later_contradicts_and_ends_nothing(known):
    tie = only([say("a", **percent(6)), say("b", known=known, as_=ENDED)])
    assert tie.is_fact
    assert [line.modality for line in tie.contradicting] == [ENDED]
    assert tie.share(["capital"]) == Interval(0.0, 0.06)


def test_a_tie_that_is_asserted_after_its_end_was_told_stands_against_what_told_of_it():
    claims = [say("a", known="2023"), say("b", known="2024-05-01", as_=ENDED), say("c", known="2025-02")]
    assert only(claims, AsOf(known="2024-06")) is None
    assert only(claims).is_fact
    assert [line.claims for line in only(claims).contradicting] == [(claims[1],)]


def test_a_contract_is_over_when_its_end_has_passed():
    claims = [say("a", relation="supplies", end="2025-06")]
    assert only(claims, AsOf(valid="2025-06-30")).is_fact
    assert only(claims, AsOf(valid="2025-07-01")) is None


def test_a_contract_is_over_when_its_duration_has_passed():
    claims = [say("a", relation="supplies", start="2024-02-29", duration="P1Y", known="2024-02-29")]
    assert only(claims, AsOf(valid="2025-02-28")).is_fact
    assert only(claims, AsOf(valid="2025-03-01")) is None


def test_what_is_asserted_to_begin_later_stands_as_announced_once_it_is_told():
    claims = [say("a", relation="supplies", start="2027")]
    found = [only(claims, AsOf(valid=day)) for day in ("2025-03-10", "2025-03-11", "2027-01-01")]
    assert [tie and tie.modality for tie in found] == [None, ANNOUNCED, ASSERTED]
    assert all(tie.claims == tuple(claims) for tie in found[1:])


def test_a_plan_is_a_plan_from_when_it_is_told_whenever_it_begins():
    claims = [say("a", relation="supplies", start="2027", as_=PLANNED)]
    assert [only(claims, AsOf(known=day, valid=day)).modality for day in ("2025-03-11", "2028")] == [PLANNED, PLANNED]


def test_what_is_told_of_the_past_was_so_in_its_time():
    claims = [say("a", as_=PAST, **percent(7, as_of="2023")), say("b", as_=ENDED, start="2019", end="2021")]
    stands = {year: only(claims, AsOf(valid=year)) is not None for year in ("2018", "2020", "2021", "2022", "2023")}
    assert stands == {"2018": False, "2020": True, "2021": True, "2022": False, "2023": True}
    assert only(claims) is None


def test_an_end_in_the_past_that_is_told_today_ended_it_then():
    claims = [say("a", known="2023"), say("b", as_=ENDED, end="2024")]
    assert only(claims, AsOf(valid="2024")).is_fact
    assert only(claims, AsOf(valid="2025-01-01")) is None


def test_on_the_day_on_which_an_end_is_told_it_has_come():
    claims = [say("a", known="2025-01"), say("b", as_=ENDED)]
    assert only(claims, AsOf(valid="2025-03-10")).is_fact
    assert only(claims, AsOf(valid="2025-03-11", known="2025-03-11")) is None


def test_who_ceases_to_be_the_only_supplier_goes_on_to_supply():
    claims = [
        say("Only Acme supplies Bolt.", known="2023", relation="supplies", exclusive=True, **percent(62)),
        say("Acme is no longer the only one.", relation="supplies", exclusive=True, as_=ENDED),
    ]
    tie = only(claims)
    assert tie.is_fact
    assert [line.qualifiers.exclusive for line in tie.facts] == [False]
    assert tie.claims == tuple(claims)
    assert tie.share(["capital"]) == Interval.exactly(0.62)
    assert span_of(tie)[1] is None
    assert only(claims, AsOf(known="2024")).facts[0].qualifiers.exclusive is True


def test_an_end_of_all_supply_ends_the_exclusive_one_only_where_it_is_told_of_it():
    claims = [say("a", known="2023", relation="supplies"), say("b", relation="supplies", as_=ENDED)]
    assert only(claims) is None
    exclusive = say("c", known="2023", relation="supplies", exclusive=True)
    assert only([exclusive, claims[1]]) is None


# ------------------------------------------------------------------------------------- shares
def test_a_share_lies_from_zero_where_somebody_denies_the_tie():
    tie = only([say("a", **percent(6)), say("b", as_=DENIED)])
    assert tie.is_fact
    assert tie.share(["capital"]) == Interval(0.0, 0.06)
    assert [line.modality for line in tie.contradicting] == [DENIED]


def test_who_denies_that_a_supply_is_exclusive_denies_no_supply():
    claims = [say("a", relation="supplies"), say("b", relation="supplies", exclusive=True, as_=DENIED)]
    assert only(claims).contradicting == ()


def test_what_is_held_through_others_counts_only_where_nothing_is_held_directly():
    directly = say("Acme holds 5% itself.", **percent(5), indirect=False)
    in_all = say("Acme holds 20% through others.", **percent(20), indirect=True)
    assert only([directly, in_all]).share(["capital"]) == Interval.exactly(0.05)
    assert not only([directly, in_all]).excludes_itself(["capital"])
    assert only([in_all]).share(["capital"]) == Interval.exactly(0.2)


def test_sources_at_odds_leave_a_share_between_them():
    tie = only([say("a", **percent(6)), say("b", **percent(5.2))])
    assert tie.share(["capital"]) == Interval(0.052, 0.06)
    assert len(tie.facts) == 2


def test_figures_that_round_each_other_are_one():
    assert only([say("a", **percent(62)), say("b", **percent(62.3))]).share(["capital"]).is_exact


def test_of_figures_of_several_dates_the_latest_counts():
    claims = [say("a", **percent(6, as_of="2023")), say("b", **percent(5, as_of="2024"))]
    assert only(claims).share(["capital"]) == Interval.exactly(0.05)
    assert only(claims, AsOf(valid="2023")).share(["capital"]) == Interval.exactly(0.06)


def test_a_share_of_one_thing_is_none_of_another_and_what_is_not_said_is_none():
    tie = only([say("a", **percent(6))])
    assert tie.share(["votes"]) is None
    assert tie.share(["votes", "capital"]) == Interval.exactly(0.06)
    assert only([say("a")]).share(["capital", None]) is None


@pytest.mark.parametrize(
    ("terms", "share"),
    [
        ({"percent_min": Decimal(10)}, Interval(0.1, 1.0)),
        ({"percent_max": Decimal(10)}, Interval(0.0, 0.1)),
        ({"percent_min": Decimal(5), "percent_max": Decimal(10)}, Interval(0.05, 0.1)),
    ],
)
def test_a_bound_leaves_the_rest_open(terms, share):
    assert only([say("a", **terms)]).share([None]) == share


def test_a_planned_share_is_not_that_of_the_fact():
    assert only([say("a", **percent(6)), say("b", as_=PLANNED, **percent(60))]).share(["capital"]) == Interval.exactly(
        0.06
    )


# --------------------------------------------------------------------------------------- sums
def test_deals_of_two_years_are_added_up():
    claims = [
        say("a", relation="invests-in", **sum_(10, start="2023")),
        say("b", relation="invests-in", **sum_(3, start="2024")),
    ]
    assert only(claims).money() == (Money(Decimal(13 * 10**9), Decimal(13 * 10**9), "USD"),)


def test_sums_of_two_currencies_are_not_added_up():
    claims = [
        say("a", relation="invests-in", **sum_(10, start="2023")),
        say("b", relation="invests-in", **sum_(3, "EUR", start="2024")),
    ]
    assert [(m.low, m.currency) for m in only(claims).money()] == [(3 * 10**9, "EUR"), (10 * 10**9, "USD")]


def test_sums_at_odds_are_one_deal_between_them():
    claims = [say("a", relation="invests-in", **sum_(100)), say("b", relation="invests-in", **sum_(30))]
    assert only(claims).money() == (Money(Decimal(30 * 10**9), Decimal(100 * 10**9), "USD"),)


def test_a_deal_told_twice_counts_once():
    claims = [say(name, relation="invests-in", **sum_(10, start="2023")) for name in "ab"]
    assert only(claims).money()[0].high == 10 * 10**9


def test_a_sum_that_is_planned_counts_where_no_fact_gives_one():
    claims = [say("a", relation="invests-in"), say("b", relation="invests-in", as_=PLANNED, **sum_(10))]
    assert only(claims).money()[0].high == 10 * 10**9
    assert only([*claims, say("c", relation="invests-in", **sum_(4))]).money()[0].high == 4 * 10**9


def test_a_sum_that_agrees_with_two_at_odds_is_no_deal_of_its_own():
    told = [say(at, relation="invests-in", **sum_(amount)) for at, amount in (("a", "11.9"), ("b", 12), ("c", "12.1"))]
    [money] = only(told).money()
    assert (money.low, money.high) == (Decimal("11.9e9"), Decimal("12.1e9"))


def test_a_sum_without_a_date_may_be_any_of_two_deals_and_is_not_counted_beside_them():
    dated = [say(at, relation="invests-in", start=year, **sum_(10)) for at, year in (("a", "2024"), ("b", "2025"))]
    assert only(dated).money()[0].low == 20 * 10**9
    [money] = only([*dated, say("c", relation="invests-in", **sum_(10))]).money()
    assert money.low == 10 * 10**9


def test_what_is_over_by_the_day_of_knowing_does_not_hang_on_when_it_was_read():
    for recorded in ("2025-02-01T00:00:00Z", "2026-01-01T00:00:00Z"):
        told = [replace(say("a", percent=Decimal(60), end="2025-06"), known_from="2025-01", recorded_at=recorded)]
        assert len(relationships(told, AsOf(known="2025-03"))) == 1
        assert len(relationships(told, AsOf(known="2025-08"))) == 0


def test_a_sum_without_a_currency_is_no_money():
    assert only([say("a", amount=Decimal(5))]).money() == ()


def test_a_tie_spans_the_time_from_its_first_to_its_last_day():
    tie = only([say("a", relation="supplies", start="2024", end="2026"), say("b", relation="supplies", start="2025")])
    assert [str(day) for day in span_of(tie)] == ["2024-01-01", "None"]
    tie = only([say("a", relation="supplies", start="2024", end="2026"), say("b", relation="supplies", end="2025")])
    assert [str(day) for day in span_of(tie)] == ["2024-01-01", "2026-12-31"]


# --------------------------------------------------------------------------------------- laws
dates = st.sampled_from(["2023", "2024-02", "2025-03", "2025-03-11", "2026"])
terms = st.fixed_dictionaries(
    {},
    optional={
        "percent": st.sampled_from([Decimal(5), Decimal("5.2"), Decimal(6)]),
        "percent_of": st.sampled_from(["capital", "votes"]),
        "amount": st.sampled_from([Decimal(10**9), Decimal(11 * 10**8), Decimal(12 * 10**8)]),
        "currency": st.sampled_from(["USD", "EUR"]),
        "exclusive": st.booleans(),
        "start": dates,
        "end": dates,
        "as_of": dates,
        "duration": st.sampled_from(["P1Y", "P12M"]),
    },
)


@st.composite
def a_claim(draw):
    return say(
        draw(st.sampled_from("abcdef")),
        known=draw(st.none() | dates),
        as_=draw(st.sampled_from(tuple(Modality))),
        ends=draw(st.sampled_from([(ACME, BOLT), (BOLT, ACME), (ACME, CAMEO)])),
        relation=draw(st.sampled_from(["supplies", "holds-stake", "competes-with"])),
        **draw(terms),
    )


many = st.lists(a_claim(), max_size=8)
clocks = st.builds(AsOf, valid=st.none() | dates, known=st.none() | dates)


@given(many, clocks, st.randoms(use_true_random=False))
def test_ties_do_not_depend_on_the_order_of_claims_nor_on_saying_them_twice(claims, stands, random):
    mixed = [*claims, *random.sample(claims, len(claims) // 2)]
    random.shuffle(mixed)
    assert relationships(mixed, stands) == relationships(claims, stands)
    assert [tie.money() for tie in relationships(mixed, stands)] == [
        tie.money() for tie in relationships(claims, stands)
    ]


@given(many, clocks)
def test_a_tie_names_claims_that_were_told_and_no_others_and_its_numbers_are_in_range(claims, stands):
    told = {claim.id for claim in claims}
    for tie in relationships(claims, stands):
        assert isinstance(tie, Relationship)
        assert tie.claims
        assert told >= {claim.id for claim in tie.claims}
        assert {(claim.relation, *sorted((claim.subject.id, claim.object.id))) for claim in tie.claims} == {
            (tie.relation, *sorted((tie.subject.id, tie.object.id)))
        }
        share = tie.share(["capital", "votes", None])
        assert share is None or 0 <= share.low <= share.high <= 1
        assert all(0 < each.low <= each.high for each in tie.money())
        first, last = span_of(tie)
        assert first is None or first.year >= 2023
        assert last is None or last.year >= 2023


@given(many, clocks, a_claim())
def test_a_denial_takes_no_tie_away(claims, stands, claim):
    denial = say("denial", as_=DENIED, ends=(claim.subject, claim.object), relation=claim.relation)
    before, after = relationships(claims, stands), relationships([*claims, denial], stands)
    assert [(t.relation, t.subject, t.object, t.modality) for t in before] == [
        (t.relation, t.subject, t.object, t.modality) for t in after
    ]
