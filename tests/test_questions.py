"""Parameters of questions: how values are given, and what does not fit, in one line."""

import datetime as dt
from decimal import Decimal

import pytest

from kg.errors import QueryError
from kg.questions import Parameter, Question, bind, convert, entry_of

QUESTION = Question(
    "q",
    {"en": "What is asked", "fr": "Ce qui est demandé"},
    (
        Parameter("company", "entity", "who", required=True),
        Parameter("since", "date", "the first day", default="2024"),
        Parameter("basis", "word", "of what", "capital", ("capital", "votes"), is_option=True),
        Parameter("min_share", "share", "at least", is_option=True),
    ),
    ("kg query q Nvidia",),
)


def test_values_are_given_in_order_by_name_or_as_options_and_defaults_stand_in():
    expected = {"company": "Nvidia", "since": "2025-01", "basis": "capital", "min_share": 0.05}
    assert bind(QUESTION, ["Nvidia", "2025-01"], {"min_share": "5%"}) == expected
    assert bind(QUESTION, ["min_share=5%", "since=2025-01", "Nvidia"]) == expected
    assert bind(QUESTION, [], {"company": "Nvidia", "since": None}) == {
        "company": "Nvidia",
        "since": "2024",
        "basis": "capital",
    }


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ([], {}, r"'q' needs company \(who\): kg query q COMPANY \[SINCE\]$"),
        (["Nvidia", "2024", "votes"], {}, "'q' cannot use 'votes'"),
        (["Nvidia"], {"company": "Intel"}, "cannot use 'Nvidia'|no date"),
        (["company=Nvidia"], {"company": "Intel"}, "given company twice: Nvidia and Intel"),
        (["Nvidia", "sinse=2024"], {}, "no parameter 'sinse'. Did you mean 'since'"),
        (["Nvidia"], {"least": None}, "no parameter 'least'"),
        (["Nvidia"], {"basis": "capitall"}, "Did you mean 'capital'"),
    ],
)
def test_what_does_not_fit_is_one_line(arguments, options, message):
    with pytest.raises(QueryError, match=message) as caught:
        bind(QUESTION, arguments, options)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("share", "25 %", 0.25),
        ("share", 0.5, 0.5),
        ("number", "12.50", Decimal("12.50")),
        ("integer", "4", 4),
        ("flag", "Yes", True),
        ("date", "2025-03", "2025-03"),
        ("day", "2025-02", dt.date(2025, 2, 28)),
        ("day", "today", dt.date(2020, 12, 31)),
        ("text", " x ", " x "),
    ],
)
def test_each_kind_has_its_value(kind, text, value, monkeypatch):
    monkeypatch.setenv("KG_TODAY", "2020")
    assert convert(Parameter("x", kind), text) == value


@pytest.mark.parametrize(
    ("kind", "text", "message"),
    [
        ("share", "120%", "outside 0–1"),
        ("number", "1_0", "is no number"),
        ("number", "nan", "is no number"),
        ("integer", "4.5", "is no whole number"),
        ("flag", "perhaps", "neither yes nor no"),
        ("date", "2025-13", "is no date: write YYYY, YYYY-MM or YYYY-MM-DD$"),
        ("day", "yesterday", "is no date: write YYYY, YYYY-MM or YYYY-MM-DD, or today$"),
    ],
)
def test_what_is_none_of_its_kind_is_refused(kind, text, message):
    with pytest.raises(QueryError, match=f"x '{text}'.*{message}"):
        convert(Parameter("x", kind), text)


def test_a_question_is_listed_with_all_that_it_takes():
    assert entry_of(QUESTION, "fr").splitlines() == [
        "q: Ce qui est demandé",
        "  kg query q COMPANY [SINCE]",
        "    COMPANY  who",
        "    SINCE  the first day; by default 2024",
        "    --basis  of what (capital, votes); by default capital",
        "    --min-share  at least",
        "  e.g. kg query q Nvidia",
    ]
