import csv
import datetime as dt
import io
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.export.table import COLUMNS, frame, write_csv
from kg.model import Claim, Entity, Evidence, Figure, Modality, Qualifiers
from kg.tables.rendering import unguarded


@pytest.fixture
def claims(story):
    return [claim for _, told in story for claim in told]


def rows(claims, **options):
    out = io.BytesIO()
    assert write_csv(claims, out, **options) == ()
    return list(csv.DictReader(io.StringIO(out.getvalue().decode(), newline="")))


def test_each_claim_is_a_line_and_each_term_a_column(claims):
    read = rows(claims)
    assert len(read) == len(claims)
    deal = read[0]
    assert tuple(deal) == COLUMNS
    assert deal["subject"] == "CoreWeave"
    assert (deal["amount"], deal["currency"], deal["duration"]) == ("11900000000", "USD", "P5Y")
    assert (deal["modality"], deal["fact"]) == ("asserted", "true")
    assert (read[1]["modality"], read[1]["fact"]) == ("planned", "false")
    assert deal["quote"] == claims[0].evidence[0].quote


def test_a_fact_is_decided_for_the_day_by_all_claims_of_the_relationship(claims):
    stake = replace(claims[3], qualifiers=Qualifiers(percent=Decimal(6)), known_from="2015")
    ended = replace(stake, modality=Modality.ENDED, known_from="2026-01-15")
    before, after = ([row["fact"] for row in rows([stake, ended], today=dt.date(year, 7, 1))] for year in (2025, 2026))
    assert (before, after) == (["true", "false"], ["false", "false"])
    first = rows([stake, ended], today=dt.date(2025, 7, 1))[0]
    assert (first["valid_from"], first["valid_until"]) == ("2015-01-01", "2026-01-14")
    assert (first["undecided"], first["today"]) == ("true", "2025-07-01")


def test_a_figure_stands_in_its_own_columns(claims):
    revenue = Claim(
        claims[0].subject, "revenue", Figure(Decimal(1920000000), "USD"), Modality.ASSERTED, claims[0].evidence
    )
    (read,) = rows([revenue])
    assert (read["object"], read["value"], read["unit"]) == ("", "1920000000", "USD")
    assert (read["fact"], read["valid_from"]) == ("true", "")


def test_a_formula_is_disarmed_unless_asked_for(claims):
    hostile = replace(claims[0], subject=Entity("company/x", "=cmd|' /C calc'!A0", "Company"))
    assert rows([hostile])[0]["subject"] == "'=cmd|' /C calc'!A0"
    assert rows([hostile], exact=True)[0]["subject"] == "=cmd|' /C calc'!A0"


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


@given(TEXTS.filter(str.strip), TEXTS, st.decimals(0, 10**12, places=2) | st.none())
def test_the_csv_reads_back_as_the_claim_was(name, quote, amount):
    claim = Claim(
        Entity("company/x", name, "Company"),
        "supplies",
        Entity("company/y", "Y", "Company"),
        Modality.HEDGED,
        (Evidence("d", 0, len(quote), quote, "fr"),),
        Qualifiers(goods=quote, amount=amount, exclusive=True),
    )
    (read,) = rows([claim])
    assert unguarded(read["subject"]) == name
    assert unguarded(read["quote"]) == unguarded(read["goods"]) == quote
    assert read["amount"] == ("" if amount is None else str(claim.qualifiers.amount))
    assert read["exclusive"] == "true"
    assert read["claim"] == claim.id


def test_the_frame_has_numbers_for_numbers(claims):
    table = frame(claims)
    assert tuple(table.columns) == tuple(name for name in COLUMNS if name != "claim")
    assert table.loc[claims[0].id, "amount"] == 11.9e9
    assert table["percent"].max() == 62
    assert table["fact"].sum() == 9
    assert table.loc[claims[2].id, "as_of"] == "2024"


def test_an_empty_frame_keeps_its_columns():
    assert list(frame([]).columns) == [name for name in COLUMNS if name != "claim"]
