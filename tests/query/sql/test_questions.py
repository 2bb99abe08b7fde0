"""Questions to a dataset: what SQL says is what the rule in Python says, of all claims and of the past."""

import datetime as dt
from collections import defaultdict
from decimal import Decimal

import pyarrow.parquet as pq
import pytest

from kg.dates import first_day, last_day
from kg.errors import InvalidRecord, QueryError, UnknownQuery
from kg.facts import TriState
from kg.facts.periods import own_period, periods, relationship_key
from kg.model import Entity
from kg.query.sql import DuckDB, ask, questions, write_answer

DAYS = ("2023-12-31", "2024-06-01", "2025-03-10", "2025-12-31", "2026-12-01")


@pytest.fixture(scope="module")
def engine(graph):
    return DuckDB(graph[1], memory="500MB", threads=1)


@pytest.fixture(scope="module")
def claims(graph):
    return list(graph[0].claims())


def answer(engine, name, **arguments):
    return ask(engine, name, arguments)[1]


def groups(claims):
    """The claims of each relationship, with their periods, by relation and parties."""
    found, found_periods = defaultdict(list), periods(claims)
    for claim in claims:
        relation, *parties = relationship_key(claim)
        found[relation, *parties].append((claim, found_periods.get(claim.id)))
    return found


def held(period, day):
    return period is not None and period.holds_on(dt.date.fromisoformat(day)) is not TriState.FALSE


# ------------------------------------------------------------------------------ the views
def test_claims_stand_with_the_days_on_which_they_are_facts(engine, claims):
    answer(engine, "relations")
    rows = engine.rows("SELECT claim, valid_from, valid_until, surely_from, surely_until FROM claims")[1]
    said, found = {row[0]: row[1:] for row in rows}, periods(claims)
    closed = [claim for claim in claims if found.get(claim.id) != own_period(claim)]
    assert closed, "no end is reported of anything: the graph shows nothing"
    assert set(said) == {claim.id for claim in claims}
    for claim in claims:
        period = found.get(claim.id)
        if period is None:
            assert said[claim.id][:2] == (None, None)
        else:
            first = period.first or dt.date.min
            assert said[claim.id] == (first, period.last, period.surely_first, period.surely_last), claim


def test_documents_that_were_withdrawn_are_gone_and_each_of_the_others_stands_once(engine, graph):
    answer(engine, "relations")
    said = sorted(row[0] for row in engine.rows("SELECT id FROM documents")[1])
    assert said == sorted(graph[0].document_ids())
    assert len(engine.rows("SELECT id FROM every_document")[1]) > len(said)


@pytest.mark.parametrize("day", range(1, 10))
def test_the_past_on_the_recorded_clock_is_what_the_history_says(engine, graph, day):
    until = f"2025-04-{day:02}"
    ask(engine, "relations", {}, until=until)
    said = {row[0] for row in engine.rows("SELECT claim FROM claims")[1]}
    assert said == {claim.id for claim in graph[0].history(until) if claim.retracted_at is None}


# ------------------------------------------------------------------------------ the questions
def test_relations(engine, claims):
    counted = defaultdict(list)
    for claim in claims:
        counted[claim.relation, claim.modality.value].append(claim.document)
    wanted = [(*key, len(found), len(set(found))) for key, found in sorted(counted.items())]
    assert answer(engine, "relations") == wanted


@pytest.mark.parametrize("day", DAYS)
def test_facts_on_a_day(engine, claims, day):
    date, counted = dt.date.fromisoformat(day), defaultdict(lambda: [0, 0])
    for (relation, *_), group in groups(claims).items():
        holds = [period.holds_on(date) for _, period in group if held(period, day)]
        if holds:
            counted[relation][0] += 1
            counted[relation][1] += TriState.TRUE not in holds
    assert answer(engine, "facts-on-day", day=day) == [(name, *two) for name, two in sorted(counted.items())]


@pytest.mark.parametrize("day", DAYS)
def test_ties(engine, claims, day):
    found, tied = periods(claims), defaultdict(list)
    for claim in claims:
        ends = claim.subject.id, claim.object.id
        if "company/acme" in ends and held(found.get(claim.id), day):
            tied[claim.relation, *ends].append(claim)
    wanted = [
        (*key, len(group), len({c.document for c in group}),
         max((c.qualifiers.percent for c in group if c.qualifiers.percent is not None), default=None),
         min(found[c.id].first or dt.date.min for c in group))
        for key, group in sorted(tied.items())
    ]  # fmt: skip
    assert answer(engine, "ties", company="company/acme", day=day) == wanted


def test_changes(engine, claims):
    start, end, wanted = "2024-06-01", "2026-12-01", []
    for (relation, *parties), group in groups(claims).items():
        before, after = (any(held(period, day) for _, period in group) for day in (start, end))
        if before != after:
            counted = sum(period is not None for _, period in group)
            wanted.append(("came" if after else "went", relation, *parties, counted))
    assert answer(engine, "changes", **{"from": start, "to": end}) == sorted(wanted)


def test_recorded(engine, graph):
    past = {claim.id for claim in graph[0].history("2025-04-02") if claim.retracted_at is None}
    now = {claim.id for claim in graph[0].claims()}
    wanted = sorted([("came", id_) for id_ in now - past] + [("went", id_) for id_ in past - now])
    assert {change for change, _ in wanted} == {"came", "went"}
    assert [row[:2] for row in answer(engine, "recorded", since="2025-04-02")] == wanted


@pytest.mark.parametrize("least", [1, 2])
def test_agreement(engine, claims, least):
    day, wanted = "2025-12-31", []
    for (relation, *parties), group in groups(claims).items():
        holding = [claim for claim, period in group if held(period, day)]
        documents = {claim.document for claim in holding}
        if holding and len(documents) >= least:
            told = [first_day(claim.known_from) for claim in holding if claim.known_from]
            dates = min(told, default=None), max(told, default=None)
            wanted.append((relation, *parties, len(documents), len(holding), *dates))
    wanted.sort(key=lambda row: (-row[3], row[:3]))
    assert answer(engine, "agreement", day=day, least=str(least)) == wanted


def test_contradictions(engine, claims):
    day, wanted = "2025-12-31", []
    for (relation, *parties), group in sorted(groups(claims).items()):
        asserting = sum(held(period, day) for _, period in group)
        denying = sum(claim.modality.value == "denied" for claim, _ in group)
        if asserting and denying:
            wanted.append((relation, *parties, asserting, denying))
    assert answer(engine, "contradictions", day=day) == wanted


def test_shares_at_odds(engine, claims):
    day, told, found = "2025-12-31", defaultdict(list), periods(claims)
    for claim in claims:
        if claim.relation == "holds-stake" and claim.qualifiers.percent is not None and held(found.get(claim.id), day):
            told[claim.subject.id, claim.object.id, claim.qualifiers.percent_of].append(claim)
    wanted = []
    for key, group in sorted(told.items()):
        shares = [claim.qualifiers.percent for claim in group]
        if max(shares) - min(shares) > 2:
            wanted.append((*key, min(shares), max(shares), len({claim.document for claim in group})))
    assert wanted
    assert answer(engine, "shares-at-odds", day=day, points="2") == wanted


def test_concentration(engine, claims):
    shares = defaultdict(lambda: defaultdict(list))
    for claim in claims:
        terms = claim.qualifiers
        date = terms.as_of or terms.start or claim.known_from
        if (claim.relation, terms.percent_of, claim.modality.value) == ("supplies", "revenue", "asserted") and date:
            shares[claim.subject.id, date[:4]][claim.object.id].append(terms.percent)
    wanted = []
    for key, customers in sorted(shares.items()):
        largest = [max(told) for told in customers.values()]
        known, squares = sum(largest), sum(share * share for share in largest)
        rest = max(Decimal(0), 100 - known)
        wanted.append((*key, len(largest), known, squares, squares + rest * rest))
    assert wanted
    assert answer(engine, "concentration", least="1") == wanted


def test_largest(engine, claims):
    by_currency = defaultdict(list)
    for claim in claims:
        if claim.relation == "supplies":
            by_currency[claim.qualifiers.currency].append(claim)
    wanted = []
    for currency, told in sorted(by_currency.items()):
        ranked = sorted(told, key=lambda claim: (-claim.qualifiers.amount, claim.id))[:3]
        wanted += [(currency, claim.qualifiers.amount, claim.id) for claim in ranked]
    said = answer(engine, "largest", relation="supplies", most="3")
    assert [(row[0], row[1], row[-1]) for row in said] == wanted


def test_months(engine, claims):
    counted = defaultdict(list)
    for claim in claims:
        month = (claim.known_from or "unknown")[:7]
        if "2024" <= month <= "2025-03":
            counted[month, claim.relation].append(claim)
    wanted = [
        (*key, len(group), len({c.document for c in group}), sum(c.modality.value == "asserted" for c in group))
        for key, group in sorted(counted.items())
    ]
    assert answer(engine, "months", **{"from": "2024", "to": "2025-03"}) == wanted


def test_hubs(engine, claims):
    day, found, partners, ties = "2025-12-31", periods(claims), defaultdict(set), defaultdict(set)
    for claim in claims:
        if held(found.get(claim.id), day) and isinstance(claim.object, Entity):
            for one, other in ((claim.subject.id, claim.object.id), (claim.object.id, claim.subject.id)):
                partners[one].add(other)
                ties[one].add((claim.relation, other))
    wanted = [(company, len(partners[company]), len(ties[company])) for company in partners]
    assert answer(engine, "hubs", day=day) == sorted(wanted, key=lambda row: (-row[1], -row[2], row[0]))


@pytest.mark.parametrize("name", ["largest", "changes"])
def test_an_answer_is_written_in_the_order_of_its_rows(engine, name, tmp_path):
    given = {"relation": "supplies", "most": "3", "from": "2024-06-01", "to": "2026-12-01", "day": "2025-12-31"}
    given = {key: value for key, value in given.items() if key in questions()[name].parameters}
    columns, rows = ask(engine, name, given)
    write_answer(engine, name, given, str(tmp_path / "rows.parquet"))
    table = pq.read_table(tmp_path / "rows.parquet")
    assert tuple(table.column_names) == columns
    assert [tuple(row.values()) for row in table.to_pylist()] == rows
    assert rows


def test_every_question_has_a_test_here():
    tested = {name.removeprefix("test_").replace("_", "-") for name in globals() if name.startswith("test_")}
    assert set(questions()) - {"facts-on-day"} <= tested


# ------------------------------------------------------------------------------ what is asked wrongly
def test_what_is_asked_wrongly_is_told_in_one_line(engine):
    for error, name, arguments in (
        (UnknownQuery, "tie", {}),
        (QueryError, "ties", {"company": "company/acme"}),
        (QueryError, "relations", {"day": "2025"}),
        (InvalidRecord, "facts-on-day", {"day": "soon"}),
        (QueryError, "largest", {"relation": "supplies", "most": "1; DROP VIEW claims"}),
    ):
        with pytest.raises(error) as raised:
            ask(engine, name, arguments)
        assert "\n" not in str(raised.value)
    assert answer(engine, "ties", company="' OR true --", day="2025") == []


def test_a_partial_date_stands_for_its_last_day(engine):
    assert answer(engine, "facts-on-day", day="2025") == answer(engine, "facts-on-day", day=str(last_day("2025")))
