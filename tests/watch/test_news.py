"""What is news of two views of the claims: each new claim is accounted for once, under the right name."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Modality
from kg.store import NearDuplicates
from kg.watch.config import NewsKind
from kg.watch.news import news_between
from kg.wording.digests import DIGEST_WORDING
from tests.watch.conftest import ACME, BOLT, CAMEO, source

DAY = dt.date(2026, 5, 10)
NO_COPIES = NearDuplicates()
"""What a store says in which each text is its own."""


def claims(*readings):
    return [claim for reading in readings for claim in reading.claims]


def told(before, after, *, days=(DAY, DAY), copies=NO_COPIES):
    news = news_between(claims(*before), claims(*after), days, copies)
    return [(item.kind.value, item.claims[0].document) for item in news.items], news


def percent(value):
    return {"percent": Decimal(value), "percent_of": "capital"}


SIX = source("six", "Acme owns 6% of Bolt.", **percent(6))
ALSO_SIX = source("also six", "Bolt is 6% Acme's.", **percent(6))
NINE = source("nine", "Acme owns 9% of Bolt.", **percent(9))


def test_what_stands_now_and_did_not_is_new():
    lines, news = told([], [SIX])
    assert lines == [("new", "six")]
    assert (news.items[0].sources, news.others) == (1, 0)


def test_two_sources_of_one_round_are_one_line_that_counts_both():
    lines, news = told([], [SIX, ALSO_SIX])
    assert lines in ([("new", "six")], [("new", "also six")])
    assert news.items[0].sources == 2


def test_a_second_independent_source_confirms():
    lines, news = told([SIX], [SIX, ALSO_SIX])
    assert lines == [("confirmed", "also six")]
    assert news.items[0].earlier[0].document == "six"
    assert news.items[0].sources == 2


def test_a_third_source_adds_nothing():
    third = source("third", "Six percent of Bolt are Acme's.", **percent(6))
    lines, news = told([SIX, ALSO_SIX], [SIX, ALSO_SIX, third])
    assert (lines, news.others) == ([], 1)


def test_a_copy_confirms_nothing():
    copies = NearDuplicates({"six": b"a", "also six": b"b"}, {b"a": {b"b": 0.9}, b"b": {b"a": 0.9}})
    lines, news = told([SIX], [SIX, ALSO_SIX], copies=copies)
    assert lines == [("copy", "also six")]
    assert news.items[0].sources == 1


def test_where_copies_cannot_be_told_apart_nothing_is_called_confirmed():
    lines, news = told([SIX], [SIX, ALSO_SIX], copies=None)
    assert (lines, news.others) == ([], 1)


def test_another_figure_of_the_same_time_contradicts():
    lines, news = told([SIX], [SIX, NINE])
    assert lines == [("contradicted", "nine")]
    assert news.items[0].earlier[0].document == "six"
    assert [fact.terms() for fact in news.items[0].former] == ["6 % of capital"]


def test_what_agrees_with_one_side_of_a_dispute_is_held_against_the_other_alone():
    twelve, fifteen, exact = (
        source(each, f"Acme owns {each}% of Bolt.", **percent(each)) for each in ("12", "15", "12.3")
    )
    news = told([twelve, fifteen], [twelve, fifteen, exact])[1]
    [item] = news.items
    assert [fact.terms() for fact in item.former] == ["12 % of capital"]
    assert [claim.document for claim in item.earlier] == ["12"]
    late = source("late", "At the end of 2025 Acme owned 12%.", as_of="2025", **percent(12))
    undated = source("undated", "Acme owns 30%.", **percent(30))
    early = source("early", "At the end of 2020 Acme owned 20%.", as_of="2020", **percent(20))
    [item] = told([late, undated], [late, undated, early])[1].items
    assert (item.kind, [claim.document for claim in item.earlier]) == (NewsKind.CONTRADICTED, ["undated"])


def test_two_sources_of_one_round_that_differ_are_new_and_contradicted():
    later = source("nine", "Acme owns 9% of Bolt.", day="2026-05-05", **percent(9))
    assert told([], [SIX, later])[0] == [("contradicted", "nine"), ("new", "six")]


def test_a_denial_contradicts_what_is_said_and_is_called_denied_where_nobody_said_it():
    bid = source("bid", "Cameo will buy Bolt.", (CAMEO, BOLT), "acquires", Modality.PLANNED)
    denial = source("denial", "Cameo denied that it would buy Bolt.", (CAMEO, BOLT), "acquires", Modality.DENIED)
    assert told([bid], [bid, denial])[0] == [("contradicted", "denial")]
    assert told([], [denial])[0] == [("denied", "denial")]


def test_a_corrected_text_changes_its_figure():
    corrected = source("six", "Acme owns 7% of Bolt.", **percent(7))
    lines, news = told([SIX], [corrected])
    assert lines == [("changed", "six")]
    assert [fact.terms() for fact in news.items[0].former] == ["6 % of capital"]


def test_a_figure_of_a_later_date_changes_it():
    old = source("old", "At the end of 2024 Acme owned 6%.", as_of="2024", **percent(6))
    new = source("new", "At the end of 2025 Acme owned 7%.", as_of="2025", **percent(7))
    assert told([old], [old, new])[0] == [("changed", "new")]


def test_a_plan_that_comes_true_changes():
    plan = source("plan", "Acme will buy Bolt.", relation="acquires", as_=Modality.PLANNED)
    done = source("done", "Acme has bought Bolt.", relation="acquires")
    lines, news = told([plan], [plan, done])
    assert lines == [("changed", "done")]
    assert news.items[0].modality is Modality.ASSERTED


def test_an_end_is_told_by_a_source_or_by_the_calendar():
    supply = source("supply", "Acme supplies Bolt until May 2026.", relation="supplies", end="2026-05-12")
    over = source("over", "Acme no longer supplies Bolt.", relation="supplies", as_=Modality.ENDED, day="2026-05-09")
    assert told([supply], [supply, over])[0] == [("ended", "over")]
    assert told([supply], [supply], days=(DAY, dt.date(2026, 5, 13)))[0] == [("ended", "supply")]
    assert told([supply], [supply], days=(DAY, dt.date(2026, 5, 11)))[0] == []


def test_what_leaves_the_graph_is_withdrawn():
    assert told([SIX], [])[0] == [("withdrawn", "six")]


def test_a_source_that_leaves_while_another_says_the_same_is_no_news():
    assert told([SIX, ALSO_SIX], [SIX])[0] == []


def test_a_text_that_says_the_same_at_another_place_is_no_news():
    document = SIX.document
    moved = source("six", f"Updated. {document.text}", **percent(6))
    again = moved.document.evidence(9, len(moved.document.text))
    reading = replace(moved, claims=(replace(moved.claims[0], evidence=(again,)),))
    assert reading.claims[0].id != SIX.claims[0].id
    lines, news = told([SIX], [reading])
    assert (lines, news.others) == ([], 0)


POOL = [
    SIX,
    ALSO_SIX,
    NINE,
    source("denied", "Acme denied that it owns any of Bolt.", as_=Modality.DENIED),
    source("sold", "Acme has sold its stake in Bolt.", as_=Modality.ENDED, day="2026-05-09"),
    source("past", "Acme owned a part of Bolt once.", as_=Modality.PAST),
    source("planned", "Acme will raise its stake to 20%.", as_=Modality.PLANNED, **percent(20)),
    source("bolt", "Bolt supplies Cameo.", (BOLT, CAMEO), "supplies"),
    source("bolt too", "Cameo buys from Bolt.", (BOLT, CAMEO), "supplies"),
    source("rivals", "Acme competes with Cameo.", (ACME, CAMEO), "competes-with"),
]


@given(st.lists(st.sampled_from(range(len(POOL))), unique=True), st.sets(st.sampled_from(range(len(POOL)))))
def test_each_new_claim_is_accounted_for_and_nothing_is_told_of_what_did_not_change(order, old):
    after = [POOL[at] for at in order]
    before = [POOL[at] for at in sorted(old.intersection(order))]
    news = told(before, after)[1]
    known = {claim.id for claim in claims(*before)}
    fresh = {claim.id for claim in claims(*after)} - known
    in_lines = {claim.id for item in news.items for fact in item.facts for claim in fact.claims}
    in_lines |= {claim.id for item in news.items for claim in item.claims}
    assert len(fresh - in_lines) <= news.others
    assert news.others <= len(fresh)
    assert told(after, after)[0] == []
    assert told(after, list(reversed(after)))[0] == []
    told_by = [claim.id for item in news.items if item.kind is not NewsKind.COPY for claim in item.claims]
    assert len([id_ for id_ in told_by if id_ in fresh]) == len({id_ for id_ in told_by if id_ in fresh})


@pytest.mark.parametrize("kind", NewsKind)
def test_every_kind_has_its_words(kind):
    assert all(kind in DIGEST_WORDING[lang].kinds for lang in ("en", "fr"))
