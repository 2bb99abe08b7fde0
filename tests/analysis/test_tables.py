"""Results as tables: what people read, what programs take, and what a page shows of hostile text."""

import io
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.analysis.ownership.shares import owners
from kg.analysis.results.result import Result
from kg.analysis.results.tables import as_html, columns_and_rows, frame, in_words, share_in_words, table
from kg.analysis.results.text import as_text
from kg.facts import Interval, Money, TriState
from kg.importers.edges.reading import claims_of_edges
from kg.model import Claim, Entity
from kg.tables.rendering import render

A, B = (Entity(f"company/{name.lower()}", name, "Company") for name in "AB")


@dataclass(frozen=True)
class Line:
    said: Mapping[str, Any]
    claims: tuple[Claim, ...] = ()

    def cells(self) -> Iterable[Mapping[str, Any]]:
        yield {**self.said, "claims": self.claims}


def result(*lines, notes=(), title="What was found"):
    claims = claims_of_edges([("A", "B", 0.5), ("B", "C", 0.25)])
    return Result("test", title, tuple(Line(line, claims) for line in lines), notes)


ONE = {
    "company": A,
    "share": Interval(0.2, 0.4),
    "sum": Money(Decimal(11_900_000_000), Decimal(12_000_000_000), "USD"),
    "control": TriState.UNDECIDED,
    "relation": "holds-stake",
    "rank": 1 / 3,
    "steps": 3,
    "nothing": None,
    "at first": "x",
}


def rendered(found, form, **options):
    out = io.StringIO(newline="")
    render(table(found, words=form == "table", **options), form, out)
    return out.getvalue()


def test_programs_get_bounds_ids_currencies_and_all_claims():
    columns, [row] = columns_and_rows(result(ONE))
    said = dict(zip(columns, row, strict=True))
    claims = claims_of_edges([("A", "B", 0.5), ("B", "C", 0.25)])
    assert columns[-4:] == ("document", "sentence", "claim", "claims")
    assert said == {
        "company": "A",
        "company_id": "company/a",
        "share_low": 0.2,
        "share_high": 0.4,
        "sum_low": Decimal(11_900_000_000),
        "sum_high": Decimal(12_000_000_000),
        "sum_currency": "USD",
        "control": "undecided",
        "relation": "holds-stake",
        "rank": 0.333333333333,
        "steps": 3,
        "nothing": None,
        "at_first": "x",
        "document": "edges.csv",
        "sentence": "A,B,0.5",
        "claim": claims[0].id,
        "claims": f"{claims[0].id} {claims[1].id}",
    }


def test_people_get_words_in_their_language_and_only_columns_that_say_something():
    shown = rendered(result(ONE), "table")
    assert "20–40 %" in shown
    assert "11.9 bn–12 bn USD" in shown
    assert "holds a stake in" in shown
    assert "undecided" in shown
    assert "nothing" not in shown
    french = rendered(result(ONE), "table", lang="fr")
    assert "11,9 Md–12 Md USD" in french
    assert "0,333" in french
    assert "indécis" in french


def test_a_json_line_names_the_first_claim_by_its_iri():
    said = json.loads(rendered(result(ONE), "jsonl", base="https://example.org/"))
    assert said["claim"].startswith("https://example.org/claim/")
    assert said["share_low"] == "0.2"
    assert len(said["claims"].split()) == 2


def test_a_formula_is_written_after_an_apostrophe():
    evil = replace(A, name='=HYPERLINK("http://evil.example")')
    assert "'=HYPERLINK" in rendered(result({"company": evil, "who": "+1"}), "csv")


def test_a_frame_has_numbers_as_numbers():
    found = frame(result(ONE, {**ONE, "share": None, "steps": 4}))
    assert found["share_low"].tolist()[0] == 0.2
    assert math.isnan(found["share_low"].tolist()[1])
    assert found["sum_high"].tolist() == [12e9, 12e9]
    assert found["steps"].tolist() == [3, 4]


def test_a_row_may_say_itself_which_sentence_it_is():
    columns, [row] = columns_and_rows(result({"company": A, "quote": "This one.", "document": "that.txt"}))
    assert columns == ("company", "company_id", "document", "sentence", "claim", "claims")
    assert row[2:4] == ("that.txt", "This one.")


def test_no_rows_are_told():
    assert "nothing found" in as_text(result())
    assert "no rows" in as_html(result())
    assert frame(result()).empty
    for form in ("csv", "json", "jsonl"):
        rendered(result(), form)


def test_a_result_prints_its_title_its_table_and_its_notes():
    text = str(result(ONE, notes=("1 share is not known.",)))
    assert text.startswith("What was found\n\n")
    assert text.endswith("note: 1 share is not known.")


def test_a_page_shows_hostile_text_as_text(payloads):
    for payload in payloads:
        name = payload.strip() or "x"
        entity = Entity("company/x", name, "Company")
        html = as_html(result({name: payload, "company": entity}, notes=(payload,), title=payload))
        inside = html.replace("<table><thead><tr>", "").replace("</tr></thead><tbody>", "")
        for tag in ("p", "b", "th", "td", "tr", "ul", "li"):
            inside = inside.replace(f"<{tag}>", "").replace(f"</{tag}>", "")
        inside = inside.replace("</tbody></table>", "")
        assert "<" not in inside
        assert "\x1b" not in html
        assert "\u202e" not in html


def test_a_page_shows_the_first_fifty_lines_and_counts_the_rest():
    html = as_html(result(*[{"company": A, "n": n} for n in range(60)]))
    assert html.count("<tr>") == 51
    assert "10 more lines" in html


@pytest.mark.parametrize(
    ("share", "words"),
    [
        ((0.62, 0.62), "62 %"),
        ((0.2, 0.4), "20–40 %"),
        ((0, 1), "unknown"),
        ((0, math.inf), "unknown"),
        ((0.5, math.inf), "≥ 50 %"),
        ((0, 0), "0 %"),
        ((1, 1), "100 %"),
        ((2 / 3, 2 / 3), "66.7 %"),
        ((0.1 + 0.2, 0.1 + 0.2), "30 %"),
        ((0.9996, 0.9996), "99.96 %"),
        ((0.500001, 0.500001), "50.0001 %"),
        ((0.000123456, 0.000123456), "0.0123 %"),
        ((0.33331, 0.33334), "33.331–33.334 %"),
    ],
)
def test_a_share_is_worded_in_three_figures_unless_they_mislead(share, words):
    assert share_in_words(Interval(*share)) == words


@given(st.floats(0, 1), st.floats(0, 1))
def test_no_share_is_worded_as_one_that_is_on_the_other_side_of_a_whole_per_cent(one, other):
    share = Interval(*sorted((one, other)))
    words = share_in_words(share)
    assert words == "unknown" or words.endswith(" %")
    if share.is_exact and words.removesuffix(" %").isdecimal():
        assert abs(float(words.removesuffix(" %")) / 100 - share.high) <= 1e-8


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (3844.4, "3,844"),
        (12, "12"),
        (0.123456, "0.123"),
        (True, "yes"),
        (0.0, "0"),
        (Decimal("1.23456"), "1.23"),
        (1e-50, "1.00e-50"),
        (math.inf, "inf"),
    ],
)
def test_numbers_have_three_figures(value, words):
    assert in_words("n", value) == words


def test_owners_of_a_list_are_worded():
    found = owners(claims_of_edges([("A", "B", 0.6), ("B", "C", 1 / 3), ("A", "C", 0.2)]), "C")
    assert "40 %" in str(found)
    assert found.table()["net_high"].round(6).tolist() == [0.4, 0.333333]
