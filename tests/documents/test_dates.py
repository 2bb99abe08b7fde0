"""Datelines in French and English; a date that is none stays unknown."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.dates import is_partial_date
from kg.documents.dates import dateline, parse_date, plausible

TODAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("13 juin 2016 . –", "2016-06-13"),
        ("14 juin 2016, France . –", "2016-06-14"),
        ("1er février 2017 . –", "2017-02-01"),
        ("5 juillet 2012. - La fédération estime", "2012-07-05"),
        ("Paris, le 11 mars 2025", "2025-03-11"),
        ("Le mardi 11 mars 2025", "2025-03-11"),
        ("Publié le 11 mars 2025 à 10h32", "2025-03-11"),
        ("Publié le 03/11/2025", "2025-11-03"),
        ("Par Anne Martin, le 7 août 2024", "2024-08-07"),
        ("Mars 2025", "2025-03"),
        ("March 11, 2025", "2025-03-11"),
        ("Sunday, October 6, 2019 ", "2019-10-06"),
        ("11 March 2025", "2025-03-11"),
        ("Published on Mar. 11, 2025 at 9:30 am", "2025-03-11"),
        ("SANTA CLARA, Calif., March 11, 2025 (NEWSWIRE) -- The company", "2025-03-11"),
        ("By Jane Doe | 3 April 2024", "2024-04-03"),
        ("2025-01-13", "2025-01-13"),
        ("2025-01-13T08:00:00Z", "2025-01-13"),
        ("Example Inc., Form 10-K filed 2025-01-13: Note 3", "2025-01-13"),
    ],
)
def test_a_dateline_is_read_as_precisely_as_it_is_printed(line, date):
    assert dateline(f"A headline\n\n{line}\nThe first sentence.\n", TODAY) == date


@pytest.mark.parametrize(
    "line",
    [
        "On September 15, 2022, we entered into an agreement.",
        "En juin 2018, les annonces de ce genre seront interdites.",
        "Le 11 mars 2025, OpenAI a signé un contrat.",
        "The deal closed on March 3, 2024 after a vote.",
        "Revenue for 2024 (up 12 %)",
        "Mis à jour le 12 mars 2025",
        "31 février 2025",
        "March 11, 2199",
        "1er mai 1066",
        "12 brumaire 1999",
        "11 mars (Reuters)",
    ],
)
def test_a_date_that_merely_occurs_is_no_dateline(line):
    assert dateline(f"A headline\n\n{line}\nThe first sentence.\n", TODAY) is None


def test_a_dateline_stands_in_the_first_lines():
    assert dateline("A line.\n" * 8 + "11 March 2025\n", TODAY) is None


def test_what_was_published_tomorrow_where_the_source_is_may_be_read_today():
    assert plausible("2026-11-24", TODAY)
    assert not plausible("2026-11-25", TODAY)
    assert plausible("2026", TODAY)
    assert not plausible("2027", TODAY)


@pytest.mark.parametrize("text", ["", "soon", "2025-13", "2025-02-30", "99", "March", "11/03/2025", "²025-01-01"])
def test_what_is_no_date_is_none(text):
    assert parse_date(text) is None


@given(st.dates(dt.date(1800, 1, 1), TODAY))
def test_a_printed_date_comes_back(day):
    assert parse_date(day.isoformat()) == day.isoformat()
    assert dateline(f"{day:%B} {day.day}, {day.year}\n", TODAY) == day.isoformat()


@given(st.text())
def test_any_text_gives_a_date_or_none(text):
    for date in (parse_date(text), dateline(text, TODAY)):
        assert date is None or is_partial_date(date)
