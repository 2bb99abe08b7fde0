"""The page and Python show the same facts on a day: those of kg.facts."""

import datetime as dt
from collections import defaultdict
from dataclasses import replace

import pytest

from kg.facts import TriState, holds_on
from kg.model import Modality, Qualifiers
from kg.view import html_of, view_data
from kg.view.clock import facts_on, lines_on

DAYS = ["2014-06-30", "2015-06-30", "2018-06-30", "2020-06-30", "2025-03-31", "2025-06-30", "2026-11-29", "2031-01-01"]


@pytest.fixture
def dated(story):
    """Dates of every kind: a stake with an end, a contract with a duration, an end that is reported, a plan."""
    (_, deals), (_, rivals) = story
    supplies, _, _, stake, *_ = deals
    partner, plan = rivals[0], deals[1]
    terms = Qualifiers(percent=stake.qualifiers.percent)
    return (
        replace(stake, qualifiers=replace(terms, end="2025"), known_from="2015-01-05"),
        replace(supplies, qualifiers=Qualifiers(start="2015", duration="P5Y"), known_from="2015-02-01"),
        replace(partner, known_from="2018"),
        replace(partner, modality=Modality.ENDED, known_from="2025-05-02"),
        replace(plan, modality=Modality.PLANNED, qualifiers=Qualifiers(start="2030"), known_from="2020"),
        replace(rivals[1], qualifiers=Qualifiers(start="2027-01-01"), known_from="2025-03-01"),
        replace(rivals[3], modality=Modality.PAST, qualifiers=Qualifiers(start="2016", end="2019"), known_from="2024"),
    )


@pytest.mark.parametrize("day", DAYS)
def test_python_tells_the_facts_of_the_rule(dated, day):
    view = view_data(dated, {}, title="Dated")
    lines = {line["id"]: line for line in view["lines"]}
    ids = [company["id"] for company in view["companies"]]
    facts = [lines[id_] for id_ in facts_on(view, day)]
    shown = {(fact["relation"], *sorted((ids[fact["subject"]], ids[fact["object"]]))) for fact in facts}
    groups = defaultdict(list)
    for claim in dated:
        groups[claim.relation, *sorted((claim.subject.id, claim.object.id))].append(claim)
    on = dt.date.fromisoformat(day)
    assert shown == {key for key, claims in groups.items() if holds_on(claims, on) is not TriState.FALSE}


def test_a_duration_and_a_later_report_of_an_end_are_counted(dated):
    """What the picture of 2026 showed before: the contract that ran out in 2020, and the partnership that ended."""
    view = view_data(dated, {}, title="Dated")
    relations = {line["id"]: line["relation"] for line in view["lines"]}
    assert "supplies" in {relations[id_] for id_ in facts_on(view, "2018-06-30")}
    assert facts_on(view, "2026-11-29") == {}
    assert {shown.modality for shown in lines_on(view, "2026-11-29")} == {Modality.PLANNED, Modality.ENDED}


def test_a_year_leaves_open_when_it_begins_and_ends(dated):
    view = view_data(dated[:1], {}, title="One")
    [claim] = view["lines"][0]["claims"]
    assert (claim["from"], claim["until"]) == ("2015-01-05", "2025-12-31")
    assert claim["surely"] == ["2015-01-05", "2025-01-01"]
    assert [next(iter(facts_on(view, day).values())).value for day in ("2024-06-30", "2025-06-30")] == [
        "yes",
        "undecided",
    ]


@pytest.mark.browser
def test_the_page_shows_what_python_tells(opened, dated, claims, documents):
    view = view_data([*claims, *dated], documents, title="Both")
    with opened(html_of(view)) as tab:
        for day in ["", *DAYS]:
            strokes = tab.evaluate(
                """(day) => { kgView.keeper.set({ asOf: day }); kgView.picture.paint();
                     const { strokes } = kgView.picture.scene;
                     return strokes.map(({ id, dash, alpha }) => [id, dash.length === 0, alpha]); }""",
                day,
            )
            if not day:
                assert len(strokes) == len(view["lines"]), "all times show every line"
                continue
            assert {id_ for id_, *_ in strokes} == {shown.line["id"] for shown in lines_on(view, day)}
            facts = {id_: TriState.TRUE if alpha == 1 else TriState.UNDECIDED for id_, solid, alpha in strokes if solid}
            assert facts == facts_on(view, day)
            counts = tab.locator(".counts").inner_text()
            assert f"as of {day}" in counts
            undecided = sum(holds is TriState.UNDECIDED for holds in facts.values())
            assert (f"{undecided} undecided" in counts) is (undecided > 0)


@pytest.mark.browser
def test_the_page_opens_at_today_and_says_so(opened, dated, documents):
    with opened(html_of(view_data(dated, documents, title="Now"))) as tab:
        assert "as of 2025-06-30 (when this was made)" in tab.locator(".counts").inner_text()
        assert "2025-06-30" in tab.locator(".clock output").inner_text()
        assert "1 undecided" in tab.locator(".counts").inner_text()
        [stake] = facts_on(view_data(dated, {}, title="Now"), "2025-06-30")
        tab.evaluate(f"kgView.choose('{stake}')")
        told = tab.locator(".panel .particulars").first.inner_text()
        assert "undecided" in told
        assert "2015-01-05 – 2025-12-31" in told
