"""A language model marks texts: what the gate admits of its answers is what is learned; what fails is dropped."""

import json

import pytest
from click.testing import CliRunner

from kg.cli import cli
from kg.evaluation.passages import part_of
from kg.training import trainer
from tests.llm.answers import as_answer, truthful
from tests.llm.conftest import endpoint  # noqa: F401 - a fixture
from tests.llm.endpoint import completion, failure

from .conftest import PASSAGES
from .test_train import GOOD, POOR, measuring


@pytest.fixture
def texts(tmp_path):
    folder = tmp_path / "texts"
    folder.mkdir()
    for record in PASSAGES:
        (folder / f"{record['id']}.txt").write_text(record["text"], "utf-8")
    return folder


def said(record):
    (one, two), [tie] = record["entities"], record["relations"]
    ends = {"subject": one["name"], "subject_kind": "company", "object": two["name"], "object_kind": "company"}
    return {**ends, "relation": tie["predicate"], "modality": "asserted", "quote": tie["quote"]}


def answering(failing=(), inventing=(), denying=()):
    """A model that tells each text's tie, and confirms it; some it fails at, makes up, or denies the second time."""

    def answer(body):
        asked = body["messages"][-1]["content"]
        record = next(one for one in PASSAGES if one["relations"][0]["quote"] in asked)
        if record["id"] in failing:
            return failure(401, "no")
        if "<passage>" in asked and record["id"] in denying:
            return completion(json.dumps({"answers": [{"claim": 1, "stated": False}]}))
        if "<passage>" in asked:
            return completion(json.dumps(truthful({**record, "traps": []}, asked)))
        claim = said(record)
        claim |= {"quote": "They made it up."} if record["id"] in inventing else {}
        return completion(json.dumps(as_answer([claim])))

    return answer


def run(texts, endpoint, *options):  # noqa: F811 - the fixture's value
    asked = ("--teacher", "llm", "--llm", "a-model", "--llm-url", endpoint.url)
    arguments = ["train", str(texts), "--out", str(texts.parent / "weights"), *asked, *options]
    return CliRunner().invoke(cli, arguments, catch_exceptions=False)


@pytest.mark.usefixtures("begin")
def test_what_a_model_marks_is_learned_and_what_fails_is_dropped(texts, endpoint, monkeypatch):  # noqa: F811
    seen = []
    measuring(monkeypatch, POOR, GOOD)
    monkeypatch.setattr(trainer, "_refitted", lambda passages: seen.extend(passages) or {"nothing": [0.0]})
    monkeypatch.setattr(trainer, "_calibrate", lambda *_: 3)
    endpoint.requests.clear()
    endpoint.answer = answering(failing={"deal-05", "deal-06"}, inventing={"deal-07"}, denying={"deal-00"})
    result = run(texts, endpoint)
    assert result.exit_code == 0
    assert "the model marked 20 ties in 21 documents; 3 were dropped\n" in result.stdout
    assert result.stderr.count("kg: dropped: ") == 2
    assert "and 1 more" in result.stderr
    made = json.loads((texts.parent / "weights" / "made.json").read_text("utf-8"))
    assert (made["teacher"], made["dropped"], len(made["inputs"])) == ("a-model", 3, 21)
    questions = [request for request in endpoint.requests if "<passage>" in request.messages]
    assert len(questions) == 21, "every claim is asked about again"
    [one] = [passage for passage in seen if passage.id == "deal-08.txt"]
    [tie] = one.gold["relations"]
    assert (tie["predicate"], tie["tier"], tie["quote"]) == ("supplies", "core", PASSAGES[8]["relations"][0]["quote"])
    assert one.verdict("Halden Steel", "supplies", "Verdane Mining")[1:] == (True, True)
    assert not {"deal-05.txt", "deal-06.txt", "deal-07.txt"} & {passage.id for passage in seen}


@pytest.mark.usefixtures("begin")
def test_a_model_that_cannot_be_asked_leaves_too_few_documents(texts, endpoint):  # noqa: F811
    endpoint.answer = lambda _: failure(401, "no")
    with pytest.raises(trainer.AnnotationError, match="0 documents are too few"):
        run(texts, endpoint)
    assert not (texts.parent / "weights").exists()


def test_the_texts_fall_into_all_parts():
    assert {part_of(f"{one['id']}.txt") for one in PASSAGES} == {"train", "calibrate", "frozen"}
