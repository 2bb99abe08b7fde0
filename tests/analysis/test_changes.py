"""What changed between two dates, each with the sentence that tells of it, and nothing that was learned later."""

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kg
from kg.analysis.history.changes import CLOCKS, Change, ChangeKind, changes
from kg.dates import last_day
from kg.errors import InvalidRecord, QueryError, UnknownEntity
from kg.facts import AsOf, relationship_key, relationships
from kg.model import Claim, Document, Entity, Figure, Modality, Qualifiers

ASSERTED, ANNOUNCED, PLANNED = Modality.ASSERTED, Modality.ANNOUNCED, Modality.PLANNED
DENIED, ENDED, PAST = Modality.DENIED, Modality.ENDED, Modality.PAST


def company(name):
    return Entity(f"company/{name.lower()}", name, "Company", (name,))


ACME, BOLT, CAMEO = map(company, ("Acme", "Bolt", "Cameo"))


def say(sentence, known="2025-03-11", *, as_=ASSERTED, ends=(ACME, BOLT), relation="holds-stake", **terms):
    """A claim whose document is the sentence and nothing else, recorded at noon of the day when it was known."""
    place = (Document(sentence, sentence, "en").evidence(0, len(sentence)),)
    recorded = f"{last_day(known or '2025-06-01')}T12:00:00Z"
    return Claim(ends[0], relation, ends[1], as_, place, Qualifiers(**terms), known, recorded)


def percent(value, **terms):
    return {"percent": Decimal(str(value)), "percent_of": "capital", **terms}


def sum_(value, currency="USD", **terms):
    return {"amount": Decimal(value) * 10**9, "currency": currency, **terms}


def told(claims, since="2024", until="2025-12", **how):
    """Each change in short: what kind, which terms, from what to what, when, and the sentence."""
    return [(c.kind, c.what, c.old, c.new, c.date, c.sentence) for c in changes(claims, since, until, **how)]


# ------------------------------------------------------------------------------------ stories
def test_a_plan_that_appears_is_a_plan():
    claims = [say("Acme will buy Bolt.", as_=PLANNED, relation="acquires")]
    (change,) = changes(claims, "2025-03-10", "2025-03-11")
    assert (change.kind, change.modality, change.date) == (ChangeKind.APPEARED, PLANNED, "2025-03-11")
    assert (change.before, change.after.modality) == (None, PLANNED)
    assert change.causes == change.claims == tuple(claims)


def test_a_plan_becomes_a_fact():
    claims = [
        say("Acme will put 2 bn into Bolt.", "2024-05-01", as_=PLANNED, **sum_(2)),
        say("Acme has put 2 bn into Bolt.", **sum_(2)),
    ]
    (change,) = changes(claims, "2024", "2025")
    assert (change.kind, change.what, change.old, change.new) == (
        ChangeKind.CHANGED,
        ("modality",),
        "planned",
        "asserted",
    )
    assert change.sentence == "Acme has put 2 bn into Bolt."
    assert change.claims == (claims[1], claims[0])


def test_a_stake_falls_from_6_to_5_percent():
    claims = [
        say("Acme held 6%.", "2024-06-30", **percent(6, as_of="2023")),
        say("Acme holds 5%.", "2025-02-01", **percent(5, as_of="2024")),
    ]
    assert told(claims) == [
        (ChangeKind.CHANGED, ("share",), "6 % of capital", "5 % of capital", "2025-02-01", "Acme holds 5%.")
    ]


def test_another_source_that_says_the_same_changes_nothing():
    claims = [say("Acme holds 6%.", "2024-06", **percent(6)), say("A 6% stake.", "2025-02", **percent(6))]
    assert told(claims) == []


def test_sources_at_odds_widen_a_share():
    claims = [say("Acme holds 6%.", "2024-06", **percent(6)), say("It holds 5.2%.", **percent(5.2))]
    assert told(claims) == [
        (ChangeKind.CHANGED, ("share",), "6 % of capital", "5.2–6 % of capital", "2025-03-11", "It holds 5.2%.")
    ]


def test_a_greater_stake_that_is_planned_beside_the_fact_is_told_as_planned():
    claims = [say("Acme holds 6%.", "2024-06", **percent(6)), say("It wants 10%.", as_=PLANNED, **percent(10))]
    assert told(claims) == [
        (
            ChangeKind.CHANGED,
            ("share",),
            "6 % of capital",
            "6 % of capital; 10 % of capital (planned)",
            "2025-03-11",
            "It wants 10%.",
        )
    ]


def test_an_exclusive_supplier_that_stops_being_exclusive_goes_on_to_supply():
    claims = [
        say("Only Acme supplies Bolt.", "2024-01", relation="supplies", exclusive=True),
        say("Acme is no longer alone.", relation="supplies", exclusive=True, as_=ENDED),
    ]
    (change,) = changes(claims, "2024", "2025")
    assert (change.kind, change.what, change.old, change.new) == (
        ChangeKind.CHANGED,
        ("exclusivity",),
        "exclusive",
        "not exclusive",
    )
    assert change.sentence == "Acme is no longer alone."
    assert change.after.is_fact


def test_a_contract_ends_when_its_end_passes():
    claims = [say("Acme supplies Bolt until June.", "2024-01", relation="supplies", end="2025-06", **sum_(1))]
    for clock in ("known", "valid"):
        assert told(claims, clock=clock) == [
            (ChangeKind.ENDED, (), "1 bn USD, until 2025-06", None, "2025-06-30", "Acme supplies Bolt until June.")
        ]
        assert told(claims, until="2025-06-30", clock=clock) == []
        assert told(claims, "2025-06-30", "2025-07-01", clock=clock) != []
        assert told(claims, "2025-07-01", "2026", clock=clock) == []


def test_a_source_tells_of_the_end():
    claims = [
        say("Acme supplies Bolt.", "2024-01", relation="supplies"),
        say("No more.", as_=ENDED, relation="supplies"),
    ]
    (change,) = changes(claims, "2024", "2025")
    assert (change.kind, change.modality, change.sentence, change.date) == (
        ChangeKind.ENDED,
        ASSERTED,
        "No more.",
        "2025-03-11",
    )
    assert (change.before.is_fact, change.after) == (True, None)


def test_the_end_of_what_was_not_known_to_stand_is_news_once():
    claims = [
        say("No more.", as_=ENDED, relation="supplies"),
        say("It is over.", "2025-05", as_=ENDED, relation="supplies"),
    ]
    (change,) = changes(claims, "2024", "2025-03-11")
    assert (change.kind, change.before, change.after, change.modality) == (ChangeKind.ENDED, None, None, ENDED)
    assert told(claims, "2025-03-11", "2026") == []
    assert [c.date for c in changes(claims, "2024", "2025", clock="valid")] == ["2025-03-10"]
    assert told(claims, "2025-03-11", "2026", clock="valid") == []


def test_an_end_told_today_of_what_ended_then_is_true_then_and_known_today():
    claims = [say("a", "2023", relation="supplies"), say("b", as_=ENDED, end="2024-06", relation="supplies")]
    assert [c[4] for c in told(claims, "2023", "2024", clock="valid")] == ["2024-06-30"]
    assert told(claims, "2024", "2025", clock="valid") == []
    assert told(claims, "2023", "2024", clock="known") == []
    assert [c[4] for c in told(claims, "2024", "2025", clock="known")] == ["2025-03-11"]


def test_a_denial_beside_an_assertion_takes_the_share_down_to_zero():
    claims = [say("Acme holds 6%.", "2024-06", **percent(6)), say("Acme denies it.", as_=DENIED)]
    (change,) = changes(claims, "2024-12", "2025")
    assert (change.kind, change.modality, change.sentence) == (ChangeKind.DENIED, ASSERTED, "Acme denies it.")
    assert change.what == ("share", "contradiction")
    assert (change.old, change.new) == ("6 % of capital", "0–6 % of capital, denied")


def test_the_denial_of_what_nobody_says_is_news_and_no_tie():
    claims = [say("Acme denies that it will buy Bolt.", as_=DENIED, relation="acquires")]
    (change,) = changes(claims, "2024", "2025")
    assert (change.kind, change.modality, change.before, change.after) == (ChangeKind.DENIED, DENIED, None, None)


def test_deals_of_two_years_add_up_and_two_currencies_do_not():
    first = say("2 bn in 2023.", "2024-01", relation="invests-in", **sum_(2, start="2023"))
    claims = [first, say("3 bn in 2025.", relation="invests-in", **sum_(3, start="2025"))]
    (change,) = changes(claims, "2024", "2025")
    assert (change.what, change.old, change.new) == (
        ("sum", "start"),
        "2 bn USD, from 2023",
        "5 bn USD, from 2023; from 2025",
    )
    euros = [first, say("3 bn in 2025.", relation="invests-in", **sum_(3, "EUR", start="2025"))]
    assert changes(euros, "2024", "2025")[0].new == "3 bn EUR; 2 bn USD, from 2023; from 2025"


def test_what_is_signed_to_begin_later_is_announced_until_it_begins():
    claims = [say("From 2027 Acme supplies Bolt.", relation="supplies", start="2027")]
    assert [(c.kind, c.modality) for c in changes(claims, "2024", "2025")] == [(ChangeKind.APPEARED, ANNOUNCED)]
    assert told(claims, "2025", "2027") == [
        (ChangeKind.CHANGED, ("modality",), "announced", "asserted", "2027", "From 2027 Acme supplies Bolt.")
    ]


def test_sayings_about_the_past_are_counted_and_left_out():
    found = changes([say("Acme once held 7%.", as_=PAST)], "2024", "2025")
    assert len(found) == 0
    assert found.notes == ("new sayings about the past are left out, for they change nothing that stood or stands: 1",)


def test_a_new_figure_of_a_company_takes_the_place_of_the_old_one():
    revenue = [
        say(
            f"Sales of {value} bn.",
            known,
            ends=(ACME, Figure(Decimal(value) * 10**9, "USD")),
            relation="revenue",
            as_of=of,
        )
        for value, known, of in ((2, "2024-03", "2023"), (3, "2025-03", "2024"), (1, "2025-04", "2022"))
    ]
    assert told(revenue, "2023", "2024")[0][:4] == (ChangeKind.APPEARED, (), None, "2 bn USD (2023)")
    assert told(revenue)[0][:5] == (ChangeKind.CHANGED, ("figure",), "2 bn USD (2023)", "3 bn USD (2024)", "2025-03")
    assert len(told(revenue)) == 1
    (row,) = next(iter(changes(revenue, "2024", "2025"))).cells()
    assert (row["subject"], row["object"], row["to"]) == (ACME, None, "3 bn USD (2024)")


# ------------------------------------------------------------------------------- the three clocks
class Days:
    """Time that passes by a day with every look."""

    def __init__(self):
        self.day = 0

    def __call__(self):
        self.day += 1
        return f"2025-04-{self.day:02d}T08:00:00Z"


@pytest.fixture
def graph(tmp_path):
    """A store that took in two articles on the first and second of April, and withdrew the second on the third."""
    (tmp_path / "stake.txt").write_text("Nvidia owns a 6% stake in CoreWeave.", encoding="utf-8")
    (tmp_path / "deal.txt").write_text("Microsoft acquired LinkedIn for $26 billion.", encoding="utf-8")
    with kg.open() as opened:
        opened.store.clock = Days()
        opened.build(tmp_path / "stake.txt", lang="en", date="2025-03-11")
        opened.build(tmp_path / "deal.txt", lang="en", date="2025-03-12")
        opened.store.forget("deal.txt")
        yield opened


def test_a_document_that_is_withdrawn_takes_its_ties_with_it(graph):
    history = list(graph.store.history())
    days = ["2025-03-31", "2025-04-01", "2025-04-02", "2025-04-03", "2025-04-04"]
    found = [
        [(c.kind, c.relation, c.date) for c in changes(history, since, until, clock="recorded")]
        for since, until in pairwise(days)
    ]
    assert found == [
        [(ChangeKind.APPEARED, "holds-stake", "2025-04-01")],
        [(ChangeKind.APPEARED, "acquires", "2025-04-02")],
        [(ChangeKind.WITHDRAWN, "acquires", "2025-04-03")],
        [],
    ]
    (gone,) = changes(history, "2025-04-02", "2025-04-03", clock="recorded")
    assert gone.sentence == "Microsoft acquired LinkedIn for $26 billion."
    assert gone.causes[0].retracted_at == "2025-04-03T08:00:00Z"
    assert (gone.old, gone.new, gone.after) == ("26 bn USD", None, None)


def test_only_the_recorded_clock_knows_of_withdrawals(graph):
    history = list(graph.store.history())
    for clock in ("known", "valid"):
        assert [c.relation for c in changes(history, "2025-01", "2025-12", clock=clock)] == ["holds-stake"]


def test_what_was_forgotten_and_read_again_is_as_it_was(graph, tmp_path):
    graph.build(tmp_path / "deal.txt", lang="en", date="2025-03-12")
    history = list(graph.store.history())
    assert told(history, "2025-04-02", "2025-04-04", clock="recorded") == []
    assert [c[0] for c in told(history, "2025-04-03", "2025-04-04", clock="recorded")] == [ChangeKind.APPEARED]


def test_one_of_two_sources_is_withdrawn_and_the_share_is_certain_again():
    odd = replace(say("5.2%", **percent(5.2)), retracted_at="2025-04-01T00:00:00Z")
    claims = [say("6%", **percent(6)), odd]
    assert told(claims, "2025-03-11", "2025-04", clock="recorded") == [
        (ChangeKind.CHANGED, ("share",), "5.2–6 % of capital", "6 % of capital", "2025-04-01", "5.2%")
    ]


def test_a_source_without_a_date_counts_from_its_recording_and_this_is_said():
    found = changes([say("Acme holds a stake.", None)], "2025", "2025-12")
    assert len(found) == 0
    found = changes([say("Acme holds a stake.", None)], "2024", "2025")
    assert [c.date for c in found] == ["2025-06-01"]
    assert found.notes == ("claims of sources without a date, which count as known from the day of their recording: 1",)


def test_on_the_valid_clock_what_is_dated_by_its_source_alone_is_said():
    found = changes([say("Acme holds a stake."), say("b", None, relation="supplies")], "2024", "2025", clock="valid")
    assert [c.relation for c in found] == ["holds-stake"]
    assert len(found.notes) == 2


# ------------------------------------------------------------------------------------- asking
def test_only_what_touches_a_company_is_asked_for():
    claims = [say("a"), say("b", ends=(BOLT, CAMEO)), say("c", ends=(ACME, Figure(Decimal(1), "USD")), relation="debt")]
    for name, count in (("Bolt", 2), ("company/cameo", 1), ("acme", 2)):
        assert len(changes(claims, "2024", "2025", company=name)) == count
    with pytest.raises(UnknownEntity, match="Acmee"):
        changes(claims, "2024", "2025", company="Acmee")


@pytest.mark.parametrize(
    ("since", "until", "clock", "error", "says"),
    [
        (
            "2025-03-12",
            "2025-03-11",
            "known",
            QueryError,
            "2025-03-12 lies after 2025-03-11: give the earlier date first",
        ),
        ("2025", "2025-03", "known", QueryError, "2025 lies after 2025-03"),
        ("2025-02-30", "2025-03", "known", InvalidRecord, "2025-02-30"),
        ("2025", "soon", "recorded", InvalidRecord, "soon"),
        ("2024", "2025", "record", QueryError, "there is no clock 'record': take known, valid, recorded"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_a_line(since, until, clock, error, says):
    with pytest.raises(error, match=says) as caught:
        changes([], since, until, clock=clock)
    assert "\n" not in str(caught.value)


def test_a_month_and_its_last_day_are_one_date():
    assert len(changes([say("a")], "2025-03", "2025-03-31")) == 0


def test_each_row_shows_its_modality_and_its_claims():
    claims = [say("Acme will hold 6%.", as_=PLANNED, **percent(6))]
    (row,) = changes(claims, "2024", "2025")[0].cells()
    assert row == {
        "date": "2025-03-11",
        "change": "appeared",
        "subject": ACME,
        "relation": "holds-stake",
        "object": BOLT,
        "modality": "planned",
        "what": None,
        "from": None,
        "to": "6 % of capital",
        "claims": tuple(claims),
    }


# ------------------------------------------------------------------------------------ examples
def test_of_the_examples_the_days_in_march_are_told_apart(examples):
    first, second = (
        {(c.subject.name, c.relation, c.object.name): c for c in changes(examples, since, until)}
        for since, until in (("2025-03-10", "2025-03-11"), ("2025-03-11", "2025-03-13"))
    )
    assert first["Nvidia", "holds-stake", "CoreWeave"].new == "6 % of capital"
    assert first["OpenAI", "holds-stake", "CoreWeave"].modality is PLANNED
    assert second["Microsoft", "supplies", "OpenAI"].new == "not exclusive"
    assert not first.keys() & second.keys()
    assert {change.kind for change in second.values()} == {ChangeKind.APPEARED}
    assert [c.date for c in second.values()] == sorted(c.date for c in second.values())


def test_of_the_shared_articles_every_change_has_its_sentence(shared):
    with kg.open() as graph:
        graph.build(shared / "seed")
        claims = tuple(graph.claims())
        texts = {document.id: document.text for document in graph.documents().values()}
    for clock in CLOCKS:
        for change in changes(claims, "0001", "9999", clock=clock):
            place = change.causes[0].evidence[0]
            assert change.sentence == texts[place.document][place.start : place.end]


# ---------------------------------------------------------------------------------------- laws
dates = st.sampled_from(["2023", "2024-02-29", "2024-06", "2025", "2025-03", "2025-03-11", "2025-03-12", "9999"])
days = st.sampled_from(["2022", "2023-06", "2024", "2025-03-10", "2025-03-11", "2025-03", "2025", "2026", "9999"])
terms = st.fixed_dictionaries(
    {},
    optional={
        "percent": st.sampled_from([Decimal(5), Decimal(6)]),
        "amount": st.sampled_from([Decimal(10**9), Decimal(2 * 10**9)]),
        "currency": st.sampled_from(["USD", "EUR"]),
        "exclusive": st.booleans(),
        "start": dates,
        "end": dates,
        "as_of": dates,
        "duration": st.sampled_from(["P1Y", "P30D"]),
    },
)
ends_ = [(ACME, BOLT), (BOLT, ACME), (ACME, CAMEO)]
relations = st.sampled_from(["supplies", "holds-stake", "competes-with"])
figures = st.tuples(st.just("debt"), st.sampled_from([(ACME, Figure(Decimal(value), "USD")) for value in (1, 2)]))


@st.composite
def a_claim(draw):
    relation, ends = draw(st.tuples(relations, st.sampled_from(ends_)) | figures)
    claim = say(
        draw(st.sampled_from("abcdef")),
        draw(st.none() | dates),
        as_=draw(st.sampled_from(tuple(Modality))),
        ends=ends,
        relation=relation,
        **draw(terms),
    )
    recorded = f"{draw(st.sampled_from(['2024-01-01', '2025-03-11', '2025-03-12', '2025-12-31']))}T12:00:00Z"
    withdrawn = draw(st.none() | st.sampled_from(["2025-03-12T18:00:00Z", "2026-02-01T00:00:00Z"]))
    held = withdrawn is None or withdrawn < recorded
    return replace(claim, recorded_at=recorded, retracted_at=None if held else withdrawn)


histories = st.lists(a_claim(), max_size=8, unique_by=lambda claim: claim.id)
clocks = st.sampled_from(CLOCKS)
READINGS = {
    "known": lambda day: AsOf(known=day, valid=day),
    "valid": lambda day: AsOf(valid=day),
    "recorded": lambda day: AsOf(recorded=day),
}


def standing(history, clock, day):
    return {
        relationship_key(relationship.facts[0].claims[0]): relationship
        for relationship in relationships(history, READINGS[clock](day))
    }


def key_of(change):
    return relationship_key(change.causes[0])


@given(histories, days, clocks)
def test_between_a_day_and_itself_nothing_changes(history, day, clock):
    assert list(changes(history, day, day, clock=clock)) == []


@given(histories, days, days, clocks, st.randoms(use_true_random=False))
def test_changes_do_not_depend_on_the_order_of_claims(history, one, other, clock, random):
    since, until = sorted((one, other), key=last_day)
    mixed = random.sample(history, len(history))
    assert changes(mixed, since, until, clock=clock) == changes(history, since, until, clock=clock)


@given(histories, days, days, clocks)
def test_what_stands_at_the_end_is_what_stood_and_appeared_and_did_not_end(history, one, other, clock):
    since, until = sorted((one, other), key=last_day)
    before, after = standing(history, clock, since), standing(history, clock, until)
    found = [c for c in changes(history, since, until, clock=clock) if isinstance(c.object, Entity)]
    appeared = {key_of(c): c.after for c in found if c.kind is ChangeKind.APPEARED}
    gone = {
        key_of(c): c.before
        for c in found
        if c.kind in {ChangeKind.ENDED, ChangeKind.WITHDRAWN} and c.before is not None
    }
    kept = {key_of(c): (c.before, c.after) for c in found if c.before is not None and c.after is not None}
    assert appeared == {key: after[key] for key in after.keys() - before.keys()}
    assert gone == {key: before[key] for key in before.keys() - after.keys()}
    assert kept == {key: (before[key], after[key]) for key in kept}
    for key in before.keys() & after.keys() - kept.keys():
        assert before[key].modality is after[key].modality
        assert before[key].money() == after[key].money()
        assert before[key].share([None]) == after[key].share([None])


@given(histories, st.tuples(days, days, days), clocks)
def test_two_steps_lead_where_one_does(history, stops, clock):
    first, middle, last = sorted(stops, key=last_day)
    stood = standing(history, clock, first).keys()

    def step(stands, since, until):
        found = [c for c in changes(history, since, until, clock=clock) if isinstance(c.object, Entity)]
        come = {key_of(c) for c in found if c.kind is ChangeKind.APPEARED}
        gone = {key_of(c) for c in found if c.kind in {ChangeKind.ENDED, ChangeKind.WITHDRAWN} and c.before is not None}
        return (stands | come) - gone

    assert step(step(stood, first, middle), middle, last) == step(stood, first, last)
    assert step(stood, first, last) == standing(history, clock, last).keys()


@given(histories, days, days)
def test_no_change_up_to_a_day_rests_on_what_was_learned_after_it(history, one, other):
    since, until = sorted((one, other), key=last_day)
    day = last_day(until)
    early = [
        claim
        for claim in history
        if (last_day(claim.known_from) <= day if claim.known_from else claim.recorded_at[:10] <= str(day))
    ]
    assert changes(history, since, until) == changes(early, since, until)


@given(histories, days, days)
def test_no_change_up_to_a_day_rests_on_what_was_recorded_or_withdrawn_after_it(history, one, other):
    since, until = sorted((one, other), key=last_day)
    day = str(last_day(until))
    early = [
        replace(claim, retracted_at=claim.retracted_at if (claim.retracted_at or "9")[:10] <= day else None)
        for claim in history
        if claim.recorded_at[:10] <= day
    ]
    assert changes(history, since, until, clock="recorded") == changes(early, since, until, clock="recorded")


@given(histories, days, days, clocks)
def test_every_change_names_what_told_of_it_and_lies_in_the_period(history, one, other, clock):
    since, until = sorted((one, other), key=last_day)
    told_ = {claim.id for claim in history}
    for change in changes(history, since, until, clock=clock):
        assert isinstance(change, Change)
        assert change.causes
        assert change.claims[: len(change.causes)] == change.causes
        assert told_ >= {claim.id for claim in change.claims}
        assert len({key_of(change)} | {relationship_key(claim) for claim in change.claims}) == 1
        assert change.kind is not ChangeKind.WITHDRAWN or clock == "recorded"
        assert change.kind is not ChangeKind.CHANGED or change.what
        assert change.date is not None
        # A year that begins in the period may end after it.
        assert change.date[:4] <= until[:4]
        assert last_day(change.date) >= last_day(since)


def test_a_company_is_named_by_what_is_seen_at_either_date():
    later = Entity("company/acme-2", "Acme", "Company", ("Acme",))
    claims = [
        say("Acme holds Bolt.", "2025-03"),
        say("Another Acme holds Cameo.", "2026-03", ends=(later, CAMEO)),
    ]
    rows = changes(claims, "2024", "2025", company="Acme")
    assert [change.subject for change in rows] == [ACME]
    with pytest.raises(UnknownEntity):
        changes(claims, "2024", "2025", company="Cameo")
    with pytest.raises(QueryError, match="may be any of"):
        changes(claims, "2024", "2026", company="Acme")


def test_a_term_that_becomes_firmer_is_a_change():
    claims = [
        say("Acme invests in Bolt.", "2023-05", relation="invests-in"),
        say("Acme plans to give 10 bn.", "2023-06", as_=PLANNED, relation="invests-in", **sum_(10)),
        say("Acme gave 10 bn.", "2025-02", relation="invests-in", **sum_(10)),
    ]
    assert told(claims) == [
        (ChangeKind.CHANGED, ("sum",), "10 bn USD (planned)", "10 bn USD", "2025-02", "Acme gave 10 bn."),
    ]
