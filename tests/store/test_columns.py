"""The columns of claims say what the claims say; the file that keeps them follows from the journal alone."""

import datetime as dt
import sys
from dataclasses import replace
from decimal import Context, Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import MissingExtra
from kg.facts import periods
from kg.model import Document, Entity, Figure, Modality, Qualifiers
from kg.store import DocumentClaims, column_cache, open_store, table_of
from kg.store.columns import is_exact


def rows(table):
    return {row["claim"]: row for row in table.to_pylist()}


def test_a_row_says_what_a_claim_says(store, readings):
    store.commit(readings)
    table = store.claims_table()
    records = rows(table)
    assert [row["claim"] for row in table.to_pylist()] == [claim.id for claim in store.claims()]
    spans = periods(store.claims())
    for claim in store.claims():
        row = records[claim.id]
        assert (row["subject_id"], row["subject"], row["subject_type"]) == (
            claim.subject.id,
            claim.subject.name,
            claim.subject.type,
        )
        assert (row["object_id"], row["relation"]) == (claim.object.id, claim.relation)
        assert row["confidence"] == claim.confidence
        assert {name: row[name] for name in claim.qualifiers.terms()} == claim.qualifiers.terms()
        assert row["known_from"] == claim.known_from
        period = spans.get(claim.id)
        validity = (None, None) if period is None else (period.first or dt.date.min, period.last)
        assert (row["valid_from"], row["valid_until"]) == validity
        assert row["recorded_at"] == dt.datetime.fromisoformat(claim.recorded_at)
        assert [tuple(place.values()) for place in row["evidence"]] == [
            (e.document, e.start, e.end, e.quote, e.lang) for e in claim.evidence
        ]
        assert (row["quote"], row["evidence_start"]) == (claim.evidence[0].quote, claim.evidence[0].start)


def with_terms(claim, **terms):
    return replace(claim, qualifiers=Qualifiers(**terms))


def test_a_partial_date_is_kept_and_has_its_days(readings):
    claim = with_terms(readings[0].claims[0], start="2024", end="2024-02", as_of="2025-03-09", duration="P18M")
    [row] = table_of([claim]).to_pylist()
    days = {name: (row[name], row[f"{name}_first"], row[f"{name}_last"]) for name in ("start", "end", "as_of")}
    assert days == {
        "start": ("2024", dt.date(2024, 1, 1), dt.date(2024, 12, 31)),
        "end": ("2024-02", dt.date(2024, 2, 1), dt.date(2024, 2, 29)),
        "as_of": ("2025-03-09", dt.date(2025, 3, 9), dt.date(2025, 3, 9)),
    }
    assert (row["duration"], row["duration_months"], row["duration_days"]) == ("P1Y6M", 18, 0)


def test_a_figure_stands_where_no_entity_is(readings):
    [row] = table_of([replace(readings[0].claims[0], object=Figure(Decimal("1.5"), "USD"))]).to_pylist()
    assert (row["value"], row["value_text"], row["unit"]) == (Decimal("1.5"), "1.5", "USD")
    assert (row["object"], row["object_id"], row["object_type"]) == (None, None, None)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(whole=st.integers(0, 10**30), places=st.integers(0, 20))
def test_a_number_is_exact_or_null_with_its_text(readings, whole, places):
    amount = Decimal(whole).scaleb(-places, Context(prec=60))
    table = table_of([with_terms(readings[0].claims[0], amount=amount)])
    [row] = table.to_pylist()
    fits = amount < 10**26 and whole * 10**12 % 10**places == 0
    assert Decimal(row["amount_text"]) == amount
    assert row["amount"] == (amount if fits else None)
    assert is_exact(table) is fits


def test_without_arrow_the_table_is_refused_and_scans_are_not(store, readings, monkeypatch):
    store.commit(readings)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setattr(column_cache, "_WORTH", 0)
    with pytest.raises(MissingExtra, match=r"kg\[columns\]"):
        store.claims_table()
    assert store.columns() is None


# ---------------------------------------------------------------------------------- kept


@pytest.fixture
def kept(folder):
    """A folder whose store has been asked for its table."""
    with open_store(folder) as store:
        store.claims_table()
    return folder


def made_again(folder):
    """The columns that the journal makes from nothing."""
    with open_store(folder) as store:
        return column_cache.ColumnCache().at(store.journal, store.index)


def test_what_is_kept_is_not_worked_out_again(kept, monkeypatch):
    monkeypatch.setattr(column_cache, "table_of", None)
    with open_store(kept) as store:
        assert len(store.claims_table()) == 11


def test_a_report_of_an_end_changes_when_claims_of_other_documents_hold(readings):
    stake = replace(readings[0].claims[-1], known_from="2025-03-11")
    text = "It holds no shares any more."
    document = Document("over.txt", text, "en", "2025-06-01")
    over = replace(stake, modality=Modality.ENDED, evidence=(document.evidence(0, len(text)),), known_from="2025-06-01")
    with open_store(None) as store:
        store.commit([replace(readings[0], claims=(stake,))])
        assert rows(store.claims_table())[stake.id]["valid_until"] is None
        store.commit([DocumentClaims(document, (over,))])
        assert rows(store.claims_table())[stake.id]["valid_until"] == dt.date(2025, 5, 31)
        store.forget("over.txt")
        assert rows(store.claims_table())[stake.id]["valid_until"] is None


def test_only_what_changed_is_read_again(kept, readings, ticking, monkeypatch, renamed):
    with open_store(kept, write=True, clock=ticking) as store:
        claim = renamed(readings[0].claims[3], "NVIDIA Corporation", "NVIDIA Corporation")
        store.commit([replace(readings[0], claims=(claim,))])
    read = []
    real = column_cache._read
    monkeypatch.setattr(column_cache, "_read", lambda ids, *rest: read.append(list(ids)) or real(read[-1], *rest))
    with open_store(kept) as store:
        table = store.claims_table()
    assert read == [["deal.txt"]]
    assert table.equals(made_again(kept).claims)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_is_brought_up_to_date_is_what_is_made_anew(data, readings):
    """Documents come, change what they say and what they call whom, and go; in between somebody may look."""
    with open_store(None) as store:
        for _ in range(data.draw(st.integers(1, 6))):
            reading = data.draw(st.sampled_from(readings))
            if store.holds(reading.document.id) and data.draw(st.booleans()):
                store.forget(reading.document.id)
            else:
                claims = data.draw(st.lists(st.sampled_from(reading.claims), unique=True))
                name = data.draw(st.sampled_from(["Nvidia", "NVIDIA", "Nvidia Corp"]))
                claims = [
                    replace(c, subject=Entity(c.subject.id, name, "Company")) if "nvidia" in c.subject.id else c
                    for c in claims
                ]
                store.commit([replace(reading, claims=tuple(claims))])
            if data.draw(st.booleans()):
                store.claims_table()
        now, anew = (f.at(store.journal, store.index) for f in (store.column_cache, column_cache.ColumnCache()))
        assert now.claims.equals(anew.claims)
        assert now.documents.equals(anew.documents)
        assert now.claims.equals(table_of(store.claims()))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_reported_end_changes_the_days_of_other_documents_rows(data, readings):
    """Two documents speak of one relationship, one of them of its end, and come and go in any order."""
    claim = next(claim for claim in readings[0].claims if isinstance(claim.object, Entity))
    second = readings[1]
    evidence = second.claims[0].evidence
    modality = data.draw(st.sampled_from([Modality.ENDED, Modality.ASSERTED]))
    terms = data.draw(st.sampled_from([{}, {"end": "2021"}, {"start": "2019", "duration": "P2Y"}]))
    ends = replace(claim, evidence=evidence, modality=modality, known_from="2023", qualifiers=Qualifiers(**terms))
    earlier = replace(readings[0], claims=(replace(claim, known_from="2018"),))
    later = replace(second, claims=(ends,))
    with open_store(None) as store:
        for reading in data.draw(st.lists(st.sampled_from([earlier, later, replace(second, claims=())]), max_size=5)):
            store.commit([reading])
            now, anew = (f.at(store.journal, store.index) for f in (store.column_cache, column_cache.ColumnCache()))
            assert now.claims.equals(anew.claims)
            assert now.claims.equals(table_of(store.claims()))


@pytest.mark.parametrize("place", [0, 3, 20, 63, 64, 1000, -1])
def test_a_byte_flipped_anywhere_is_seen(kept, place):
    whole = (kept / "columns.arrow").read_bytes()
    broken = bytearray(whole)
    broken[place] ^= 0x20
    (kept / "columns.arrow").write_bytes(broken)
    with open_store(kept) as store:
        assert store.claims_table().equals(made_again(kept).claims)
    assert (kept / "columns.arrow").read_bytes() == whole


@pytest.mark.parametrize("left", [b"", b"kg-columns/1", b"no columns at all" * 100])
def test_a_file_cut_short_or_of_another_kind_is_made_again(kept, left):
    whole = (kept / "columns.arrow").read_bytes()
    (kept / "columns.arrow").write_bytes(left)
    with open_store(kept) as store:
        assert len(store.claims_table()) == 11
    assert (kept / "columns.arrow").read_bytes() == whole


def test_columns_of_another_journal_are_made_again(kept, tmp_path, readings):
    with open_store(tmp_path / "other", write=True, clock=lambda: "2020-01-01T00:00:00Z") as store:
        store.commit(readings[:1])
        store.claims_table()
    (tmp_path / "other" / "columns.arrow").replace(kept / "columns.arrow")
    with open_store(kept) as store:
        assert len(store.claims_table()) == 11


def test_columns_that_are_ahead_of_the_journal_are_made_again(kept, ticking, tmp_path):
    (tmp_path / "before").write_bytes((kept / "journal.jsonl").read_bytes())
    with open_store(kept, write=True, clock=ticking) as store:
        store.forget("deal.txt")
        assert len(store.claims_table()) == 7
    (kept / "journal.jsonl").write_bytes((tmp_path / "before").read_bytes())
    with open_store(kept) as store:
        assert len(store.claims_table()) == 11


def test_where_no_file_can_be_written_memory_serves(kept):
    (kept / "columns.arrow").unlink()
    (kept / "columns.arrow").mkdir()
    with open_store(kept) as store:
        assert store.claims_table() is store.claims_table()
    assert [path for path in kept.iterdir() if path.suffix == ".part"] == []


def test_a_table_outlives_its_store_and_the_file_that_replaces_its_own(kept, ticking):
    with open_store(kept) as store:
        before = store.claims_table()
    said = before.to_pylist()
    with open_store(kept, write=True, clock=ticking) as store:
        store.forget("deal.txt")
        assert len(store.claims_table()) == 7
    assert before.to_pylist() == said
