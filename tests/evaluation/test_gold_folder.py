"""Documents read to the end become gold: what is written is read again, and agrees with what people said."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from kg.cli import cli
from kg.errors import QueryError
from kg.evaluation.counts import total
from kg.evaluation.gold import read_gold
from kg.evaluation.gold_folder import write_gold
from kg.evaluation.judged import judged_table
from kg.evaluation.runner import evaluate_gold
from kg.graph import Graph
from kg.judgements import Closing, IdentityJudgement, IdentityVerdict, Judgement, Part, Verdict
from kg.model import Entity, Modality
from kg.query.closings import closed_documents
from kg.query.review import judgements_of
from kg.store import DocumentClaims, close_document, judge, open_store


def word(claim, document, verdict=Verdict.WRONG, **more):
    return Judgement(verdict, claim, document.sha256, "ada", "2026-01-01T00:00:00Z", **more)


def close(store, id_):
    reading = store.reading(id_)
    close_document(store, Closing(id_, reading.document.sha256, "ada", "2026-01-02T00:00:00Z", reading.claims))


@pytest.fixture
def read(tmp_path, sorted_reading, unrecorded):
    """A store as readers leave it: in the French text two claims admitted, two not."""
    with open_store(tmp_path / "read", write=True) as store:
        store.commit([sorted_reading, DocumentClaims(*unrecorded[1], "reader/1")])
    return tmp_path / "read"


@pytest.fixture
def closed(tmp_path, sorted_reading, unrecorded):
    """The same, judged, and the French text read to the end: one claim wrong, one missed, one corrected."""
    document = sorted_reading.document
    (supplies, revenue), (stake, planned) = sorted_reading.claims, sorted_reading.candidates
    with open_store(tmp_path / "closed", write=True) as store:
        store.commit([sorted_reading, DocumentClaims(*unrecorded[1], "reader/1")])
        past = replace(planned, modality=Modality.ANNOUNCED)
        judge(
            store,
            [
                word(revenue, document, part=Part.NOT_STATED),
                word(stake, document, Verdict.RIGHT),
                word(planned, document, part=Part.MODALITY, correction=past),
                word(supplies, document, Verdict.RIGHT),
            ],
        )
        close(store, "deal.txt")
    return tmp_path / "closed"


@pytest.fixture
def gold(tmp_path, closed):
    with open_store(closed) as store:
        assert write_gold(closed_documents(store), tmp_path / "out") == 1
    return tmp_path / "out" / "gold"


def counts(gold, store):
    return total(evaluate_gold([gold], store=str(store)).report.languages.values())


def test_what_is_judged_scores_in_full_against_its_own_gold(gold, closed):
    found = counts(gold, closed)
    assert (found.said, found.right, found.core, found.found) == (3, 3, 3, 3)
    assert (found.status, found.qualifiers, found.grounding) == (1.0, 1.0, 1.0)
    assert (found.traps, found.sprung, found.sprung_by_any) == (2, 0, 0)


def test_what_readers_alone_had_found_scores_as_the_judgements_have_it(gold, read):
    found = counts(gold, read)
    assert (found.said, found.right) == (2, 1)
    assert (found.core, found.found) == (3, 1)
    assert (found.traps, found.sprung) == (2, 1)


def test_the_files_hold_the_text_and_what_was_wrong(gold, sorted_reading):
    [(found, path)] = read_gold([gold])
    assert path.read_bytes().decode() == found.text == sorted_reading.document.text
    assert (found.source, found.document, found.limit) == ("deal.txt", "deal.txt", len(found.text))
    record = json.loads((gold / "deal.gold.json").read_text("utf-8"))
    told = {trap["must_not"]: trap["edges"] for trap in record["traps"]}
    [not_stated, modality] = [told[text] for text in sorted(told)]
    assert "CoreWeave supplies Microsoft: not-stated, says ada" in told
    assert not_stated == [{"subject": "company/coreweave", "predicate": "supplies", "object": "company/microsoft"}]
    assert modality[0]["statuses"] == ["planned"]


def test_gold_is_learned_from(gold):
    from kg.training.marks import read_marks

    [passage] = read_marks([gold])
    assert (passage.core_ties, passage.lang, passage.published) == (3, "fr", "2025-03-11")


def test_gold_and_recall_call_by_one_name_what_was_merged_since(tmp_path, sorted_reading):
    holdings = Entity("company/coreweaveholdings", "CoreWeave Holdings", "Company", ("CoreWeave", "CoreWeave Holdings"))
    other = Entity("company/coreweave", "CoreWeave", "Company")
    supplies, revenue = (replace(claim, subject=holdings) for claim in sorted_reading.claims)
    with open_store(tmp_path / "store", write=True) as store:
        store.commit([replace(sorted_reading, claims=(supplies, revenue), candidates=())])
        judge(store, [word(revenue, sorted_reading.document, part=Part.NOT_STATED)])
        close(store, "deal.txt")
        before = dict(_shares(store))
        assert before["recall"][:2] == (1, 1)
        store.commit(
            identities=[IdentityJudgement(IdentityVerdict.SAME, other, holdings, "ada", "2026-01-03T00:00:00Z")]
        )
        assert dict(_shares(store)) == before
        assert write_gold(closed_documents(store), tmp_path / "out") == 1
    record = json.loads((tmp_path / "out" / "gold" / "deal.gold.json").read_text("utf-8"))
    [tie], [trap] = record["relations"], record["traps"]
    assert tie["subject"] == trap["edges"][0]["subject"] == "company/coreweave"
    [entity] = [entity for entity in record["entities"] if entity["id"] == "company/coreweave"]
    assert (entity["name"], entity["aliases"]) == ("CoreWeave", ["CoreWeave Holdings"])
    found = counts(tmp_path / "out" / "gold", tmp_path / "store")
    assert (found.said, found.right, found.core, found.found, found.sprung) == (1, 1, 1, 1, 0)


def _shares(store):
    rows = judged_table(judgements_of(store), closed_documents(store)).rows
    return [(row[0], row[1:]) for row in rows if row[0].startswith("recall")]


def test_documents_of_one_name_each_have_their_gold(tmp_path, sorted_reading):
    def moved(id_):
        document = replace(sorted_reading.document, id=id_)
        claims = [
            replace(one, evidence=tuple(replace(place, document=id_) for place in one.evidence))
            for one in sorted_reading.claims
        ]
        return replace(sorted_reading, document=document, claims=tuple(claims), candidates=())

    ids = ["a/deal.txt", "a_deal.txt", "https://example.org/?deal=1"]
    with open_store(tmp_path / "store", write=True) as store:
        store.commit([moved(id_) for id_ in ids])
        for id_ in ids:
            close(store, id_)
        assert write_gold(closed_documents(store), tmp_path / "out") == 3
    assert {found.source for found, _ in read_gold([tmp_path / "out" / "gold"])} == set(ids)
    found = counts(tmp_path / "out" / "gold", tmp_path / "store")
    assert (found.said, found.right, found.core, found.found) == (6, 6, 6, 6)


def test_where_there_is_no_closed_document_or_no_new_folder_it_says_so(tmp_path, read, closed):
    with Graph(open_store(read)) as graph, pytest.raises(QueryError, match="no document is read to the end"):
        graph.export_gold(tmp_path / "out")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    with Graph(open_store(closed)) as graph, pytest.raises(QueryError, match="holds something already"):
        graph.export_gold(tmp_path / "full")
    assert [file.name for file in (tmp_path / "full").iterdir()] == ["mine.txt"]


def test_the_command_writes_a_folder(tmp_path, closed):
    def run(*arguments):
        return CliRunner().invoke(cli, ["export", "--format", "gold", "--store", str(closed), *arguments])

    done = run("-o", str(tmp_path / "out"))
    assert done.exit_code == 0
    assert done.output.startswith(f"wrote 1 documents to {tmp_path / 'out'}")
    assert (tmp_path / "out" / "gold" / "deal.gold.json").is_file()
    assert "name a new one with -o" in run().output
