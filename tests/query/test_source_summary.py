"""Which sources a graph stands on: a row a source, with what people judged of it."""

from decimal import Decimal

import pytest

import kg
from kg.judgements import Draw, Judgement, Stratum, Verdict
from kg.model import Claim, Document, Entity, Modality, Outcome, Tier
from kg.query import run
from kg.store import DocumentClaims, Selection, judge, open_store, select

A, B = (Entity(f"company/{name.lower()}", name, "Company", (name,)) for name in ("Zeltan", "Korba"))


def said(document, relation, outcome=Outcome.ADMITTED):
    reasons = () if outcome is Outcome.ADMITTED else ("LOW_CONFIDENCE",)
    place = (document.evidence(0, len(document.text)),)
    return Claim(A, relation, B, Modality.ASSERTED, place, outcome=outcome, reasons=reasons)


def read(id_, published=None, url=None, tier=None, doubtful=()):
    document = Document(id_, f"{id_}: Zeltan and Korba.", "en", published, url=url, tier=tier)
    claims = tuple(said(document, relation) for relation in ("supplies", "holds-stake", "partners-with"))
    return DocumentClaims(document, claims, "", tuple(said(document, one, Outcome.TO_REVIEW) for one in doubtful))


@pytest.fixture
def store():
    with open_store(None, write=True) as opened:
        opened.commit(
            [
                read("a.txt", "2025-03", "https://www.example.org/a", Tier.NEWS, doubtful=("acquires",)),
                read("b.txt", "2025-11-02", "https://example.org/b", Tier.NEWS),
                read("note.txt"),
                read("ada/stakes.csv/000001", "2024", tier=Tier.REGISTER),
                read("ada/stakes.csv/000002", "2023", tier=Tier.REGISTER),
            ]
        )
        yield opened


def word(store, document, relation, verdict=Verdict.RIGHT, **more):
    reading = store.reading(document)
    claim = next(one for one in reading.claims if one.relation == relation)
    more = {"drawn": Draw.RANDOM} | more
    judge(store, [Judgement(verdict, claim, reading.document.sha256, "ada", "2026-01-01T00:00:00Z", **more)])


def rows(store):
    table = run(store, "source-summary")
    return {row[0]: dict(zip(table.columns, row, strict=True)) for row in table.rows}


def test_documents_of_one_site_and_parts_of_one_list_are_one_source(store):
    told = rows(store)
    assert list(told) == ["ada/stakes.csv", "example.org", "note.txt"]
    site = told["example.org"]
    assert (site["tier"], site["documents"], site["admitted"], site["to_review"], site["last"]) == (
        *("news", 2, 6, 1),
        "2025-11-02",
    )
    assert (told["ada/stakes.csv"]["tier"], told["ada/stakes.csv"]["last"]) == ("register", "2024")
    assert (told["note.txt"]["tier"], told["note.txt"]["last"], told["note.txt"]["share"]) == (None, None, None)


def test_only_random_draws_from_the_whole_measure_a_source(store):
    word(store, "a.txt", "supplies")
    word(store, "b.txt", "supplies")
    word(store, "b.txt", "holds-stake", Verdict.WRONG)
    word(store, "a.txt", "partners-with", Verdict.WRONG, drawn=Draw.CHANCE)
    word(store, "a.txt", "holds-stake", Verdict.WRONG, stratum=Stratum(relation="holds-stake"))
    site = rows(store)["example.org"]
    assert (site["judged"], site["right"], site["share"]) == (3, 2, Decimal("0.67"))
    assert site["low"] < site["share"] < site["high"]
    assert (site["admitted"], site["rejected"]) == (3, 3)


def test_a_part_of_the_graph_tells_of_its_own_sources(store):
    word(store, "ada/stakes.csv/000001", "supplies")
    answer = kg.Graph(store).select(tiers=["register"]).query("source-summary")
    assert [(row.source, row.judged, row.right) for row in answer.to_pandas().itertuples()] == [
        ("ada/stakes.csv", 1, 1)
    ]
    assert "narrowed: only sources of these tiers: register" in " ".join(answer.notes)


def test_a_narrowed_summary_counts_what_was_called_wrong_too(store):
    word(store, "a.txt", "supplies")
    word(store, "b.txt", "supplies", Verdict.WRONG)
    accepted = select(store, Selection.of(accepted_only=True))
    [whole], [part] = ([told["example.org"]] for told in (rows(store), rows(accepted)))
    assert [part[name] for name in ("judged", "right", "share", "rejected")] == [2, 1, Decimal("0.5"), 1]
    assert [part[name] for name in ("documents", "admitted")] == [2, 1]
    assert whole["admitted"] == 5


def test_files_that_are_called_by_six_digits_are_no_list():
    with open_store(None, write=True) as store:
        store.commit([read("reports/202412"), read("reports/202501")])
        assert set(rows(store)) == {"reports/202412", "reports/202501"}
