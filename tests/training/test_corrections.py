"""What people say of a store's claims is what the reader learns: right, wrong, and nothing of what was left open."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from kg.cli import cli
from kg.errors import AnnotationError, KgError
from kg.evaluation.matching import RELATIONS
from kg.evaluation.passages import Passage, read_passages
from kg.judgements import Closing, Draw, Judgement, Part, Verdict
from kg.model import Document, Entity, Outcome
from kg.pipeline.notes import Note, reading_of
from kg.store import DocumentClaims, close_document, judge, open_store
from kg.training import trainer
from kg.training.corrections import read_corrections
from kg.training.measures import Measures, measured

from .conftest import PASSAGES, write_lines

CORPUS = Path(__file__).parents[2] / "ontology" / "corpus" / "passages"
AT = "2026-01-01T00:00:00Z"


def word(claim, document, verdict=Verdict.WRONG, **more):
    return Judgement(verdict, claim, document.sha256, "ada", AT, **more)


@pytest.fixture
def store(tmp_path, sorted_reading, unrecorded):
    with open_store(tmp_path / "store", write=True) as opened:
        opened.commit([sorted_reading, DocumentClaims(*unrecorded[1], "reader/1")])
        yield opened


def test_single_judgements_leave_all_else_open(store, sorted_reading):
    document = sorted_reading.document
    (supplies, revenue), (stake, planned) = sorted_reading.claims, sorted_reading.candidates
    judge(
        store,
        [
            word(supplies, document, Verdict.RIGHT),
            word(revenue, document, part=Part.NOT_STATED, drawn=Draw.UNCERTAIN),
            word(planned, document, Verdict.UNSURE),
        ],
    )
    told = read_corrections(store)
    assert dict(told.record) == {"documents": 1, "closed": 0, "right": 1, "wrong": 1}
    [passage] = told.passages
    assert (passage.id, passage.text, passage.core_ties) == (document.id, document.text, 1)
    assert passage.verdict("CoreWeave", "supplies", "OpenAI")[1:] == (True, True)
    assert passage.verdict("CoreWeave", "supplies", "Microsoft")[1:] == (False, False)
    assert passage.verdict(stake.subject.name, "holds-stake", stake.object.name) is None
    assert passage.verdict("OpenAI", "holds-stake", "CoreWeave") is None


def test_a_document_read_to_the_end_is_marked_completely(store, sorted_reading):
    document = sorted_reading.document
    close_document(store, Closing(document.id, document.sha256, "ada", AT, sorted_reading.claims))
    told = read_corrections(store)
    assert dict(told.record) == {"documents": 1, "closed": 1, "right": 2, "wrong": 0}
    [passage] = told.passages
    assert passage.verdict("Nvidia", "holds-stake", "CoreWeave")[1:] == (False, False)


def test_a_tie_with_wrong_terms_is_a_tie(store, sorted_reading):
    claim = sorted_reading.claims[0]
    right = replace(claim, qualifiers=replace(claim.qualifiers, duration=None))
    judge(store, [word(claim, sorted_reading.document, part=Part.TERM, correction=right)])
    told = read_corrections(store)
    assert (told.right, told.wrong) == (1, 0)


def test_notes_are_no_text_to_learn_from(store):
    note = reading_of(Note("Nvidia", "holds-stake", "Nebius", "ada", "a talk"))
    store.commit([note])
    judge(store, [word(note.claims[0], note.document, Verdict.RIGHT)])
    assert read_corrections(store).passages == ()


def partial(number, *, right):
    """A marked document as if one judgement had called its tie right or wrong."""
    record = PASSAGES[number]
    gold = {"entities": record["entities"], "relations": [], "rejected": []}
    gold["relations" if right else "rejected"] = record["relations"]
    return Passage(record["id"], record["text"], "en", record["date"], gold)


@pytest.mark.parametrize("right", [True, False])
def test_a_sample_judges_what_people_have_judged_and_nothing_else(right):
    from kg.extract.paragraph.network import RELATIONS as COLUMNS
    from kg.training.samples import samples

    found = samples([partial(0, right=right)])
    column = 1 + COLUMNS.index(PASSAGES[0]["relations"][0]["predicate"])
    assert np.unique(np.argwhere(found.judged[:, 1:])[:, 1] + 1).tolist() == [column]
    assert bool(found.right[:, 1:].any()) is right


def run(*arguments):
    return CliRunner().invoke(cli, ["train", *map(str, arguments)], catch_exceptions=False)


@pytest.fixture
def judged_store(tmp_path):
    """A store of the marked documents, each with a judgement or more."""
    path = tmp_path / "judged"
    with open_store(path, write=True) as store:
        simulate(store, [passage_of(record) for record in PASSAGES], 1000)
    return path


@pytest.mark.usefixtures("begin")
def test_the_command_learns_from_a_store_beside_marks(tmp_path, judged_store, lines, monkeypatch):
    monkeypatch.setattr(trainer, "_refitted", lambda _: {"nothing": np.zeros(1)})
    monkeypatch.setattr(trainer, "_calibrate", lambda *_: 3)
    monkeypatch.setattr(trainer, "measured", lambda _: Measures(0.8, 0.5, 0.615, 0.05, 9, 12))
    result = run("--store", judged_store, "--out", tmp_path / "weights")
    assert result.exit_code == 0
    assert f"24 documents of {judged_store}: 0 read to the end, " in result.stdout
    made = json.loads((tmp_path / "weights" / "made.json").read_text("utf-8"))
    assert made["store"]["documents"] == 24
    with pytest.raises(AnnotationError, match="is marked, and judged in"):
        run(lines, "--store", judged_store, "--out", tmp_path / "other")
    more = write_lines(tmp_path / "more.jsonl", [{**PASSAGES[0], "id": "more"}])
    both = run(more, "--store", judged_store, "--out", tmp_path / "both")
    assert both.exit_code == 0
    assert sum(json.loads((tmp_path / "both" / "made.json").read_text("utf-8"))["documents"].values()) == 25


def test_something_to_learn_from_must_be_given(tmp_path):
    assert "give marked documents, --store, or both" in run("--out", tmp_path / "weights").output
    both = run("texts", "--store", "x", "--teacher", "llm", "--llm", "m", "--out", tmp_path / "weights")
    assert "by itself" in both.output


# ------------------------------------------------------------------ what corrections bring, by a simulated reviewer
def passage_of(record):
    return Passage(record["id"], record["text"], record["lang"], record["date"], record)


def simulate(store, passages, most):
    """Read passages into a store and judge them as their marks do, until there are so many judgements; return how many.

    What was read is called right or wrong; a tie that was not read is added out of its quote, where the gate takes it.
    """
    from kg.pipeline import read_document
    from kg.pipeline.own_claims import Saying, own_claim

    count = 0
    for passage in passages:
        if count >= most:
            break
        document = Document(passage.id, passage.text, passage.lang, (passage.published or "").partition(" ")[0] or None)
        reading, _ = read_document(document)
        store.commit([reading])
        words, read = [], set()
        for claim in (*reading.claims, *reading.candidates):
            is_tie = claim.relation in RELATIONS and isinstance(claim.object, Entity)
            if not is_tie or claim.outcome is Outcome.REFUSED:
                continue
            edge, right, _ = passage.verdict(claim.subject.name, claim.relation, claim.object.name)
            words.append(word(claim, document, Verdict.RIGHT if right else Verdict.WRONG))
            read.add(edge)
        names = {entity["id"]: entity["name"] for entity in passage.gold["entities"]}
        for tie in passage.gold["relations"]:
            edge, _, core = passage.verdict(names[tie["subject"]], tie["predicate"], names[tie["object"]])
            if edge in read or not core:
                continue
            start = tie["char_start"]
            ends = names[tie["subject"]], tie["predicate"], names[tie["object"]]
            try:
                own = own_claim(document, Saying(*ends, start, start + len(tie["quote"])), "ada")
            except KgError:
                continue
            words.append(word(own, document, Verdict.RIGHT))
        judge(store, words[: most - count])
        count += len(words[: most - count])
    return count


@pytest.mark.slow
@pytest.mark.usefixtures("begin")
def test_what_a_simulated_reviewer_says_is_what_the_marks_say(tmp_path):
    with open_store(tmp_path / "store", write=True) as store:
        passages = [passage_of(record) for record in PASSAGES[:6]]
        assert simulate(store, passages, 6) == 6
        told = read_corrections(store)
    assert told.right + told.wrong == 6
    assert {passage.id for passage in told.passages} <= {passage.id for passage in passages}


@pytest.mark.long
def test_three_hundred_corrections_lift_f1_on_the_frozen_part(tmp_path, monkeypatch, capsys):
    """Measured on passages that nobody judges; the judged ones are of the parts that are fitted or calibrated on."""
    passages = list(read_passages(CORPUS))
    frozen = [passage for passage in passages if passage.part == "frozen"]
    # Under names of their own, by which they are split anew: all of one part, nothing would be left to measure on.
    judged = [replace(passage, id=f"desk/{passage.id}") for passage in passages if passage.part != "frozen"]
    with open_store(tmp_path / "store", write=True) as store:
        assert simulate(store, judged, 300) == 300
        told = read_corrections(store)
    before = measured(frozen)
    trained = trainer.train(told.passages, tmp_path / "weights", {"store": dict(told.record)})
    with capsys.disabled():
        sys.stdout.write(f"\n{told.record}; {trained.before.f1:.3f} to {trained.after.f1:.3f} {trained.worse}\n")
    if not trained.worse:
        monkeypatch.setenv("KG_WEIGHTS", str(tmp_path / "weights"))
    after = measured(frozen)
    with capsys.disabled():
        sys.stdout.write(f"F1 on {len(frozen)} frozen passages: {before.f1:.3f} before, {after.f1:.3f} after\n")
    assert after.f1 >= before.f1
