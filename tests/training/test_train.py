"""`kg train` writes weights that do no worse, and nothing else; what it cannot do is one line."""

import json
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

from kg.cli import cli
from kg.errors import AnnotationError, KgError, StoreFull
from kg.extract.paragraph.network import HEADS
from kg.ontology import path
from kg.training import trainer
from kg.training.marks import read_marks
from kg.training.measures import Measures

from .conftest import PASSAGES, write_lines

POOR = Measures(0.7, 0.4, 0.509, 0.1, 8, 12)
GOOD = Measures(0.8, 0.5, 0.615, 0.05, 9, 12)


def measuring(monkeypatch, *told):
    """What is measured before and after."""
    left = list(told)
    monkeypatch.setattr(trainer, "measured", lambda _: left.pop(0))


def run(*arguments):
    return CliRunner().invoke(cli, ["train", *map(str, arguments)], catch_exceptions=False)


@pytest.mark.usefixtures("begin")
@pytest.mark.slow
def test_what_does_no_worse_is_written_with_what_it_was_made_of(tmp_path, lines):
    out = tmp_path / "weights"
    result = run(lines, "--out", out)
    assert result.exit_code == 0
    assert "13 documents refit the weights\n5 calibrate (" in result.stdout
    assert "\n6 measure:\n" in result.stdout
    assert "thresholds as before" in result.stdout
    if "kept the old weights" in result.stdout:
        assert not out.exists()
        return
    assert sorted(file.name for file in out.iterdir()) == ["confidence.json", "heads.npz", "made.json"]
    made = json.loads((out / "made.json").read_text("utf-8"))
    assert made["documents"] == {"train": 13, "calibrate": 5, "frozen": 6}
    assert list(made["inputs"]) == [str(lines)]
    assert made["after"]["f1"] >= made["before"]["f1"]
    told = [line for line in result.stdout.splitlines() if line.startswith("F1")]
    assert told == [f"{'F1':<28}{made['before']['f1']:>8.3f}{made['after']['f1']:>8.3f}"]


@pytest.mark.usefixtures("begin")
def test_only_the_layer_of_relations_is_new(tmp_path, lines, monkeypatch):
    measuring(monkeypatch, POOR, GOOD)
    out = tmp_path / "weights"
    result = run(lines, "--out", out)
    assert result.stdout.endswith(f"wrote {out}: read with it by kg build --weights {out}, or KG_WEIGHTS={out}\n")
    assert "precision                      0.700   0.800\n" in result.stdout
    with np.load(path(HEADS)) as old, np.load(out / "heads.npz") as new:
        changed = {name for name in old.files if not np.array_equal(old[name], new[name])}
        assert changed == {"bi.weight", "bi.bias"}
        assert all(old[name].dtype == new[name].dtype for name in old.files)
    assert not list(out.glob("*.part"))


@pytest.fixture
def untrained(monkeypatch):
    """The refit and the calibration take no time."""
    monkeypatch.setattr(trainer, "_refitted", lambda _: {"nothing": np.zeros(1)})
    monkeypatch.setattr(trainer, "_calibrate", lambda *_: 3)


@pytest.mark.usefixtures("begin", "untrained")
@pytest.mark.parametrize(
    ("after", "said"),
    [
        (replace(GOOD, f1=0.4), "F1 fell from 0.509 to 0.400"),
        (replace(GOOD, precision=0.67), "precision fell from 0.700 to 0.670"),
        (Measures(None, 0.0, 0.0, None, 0, 0), "F1 fell from 0.509 to 0.000"),
    ],
)
def test_what_does_worse_is_not_written(tmp_path, lines, monkeypatch, after, said):
    measuring(monkeypatch, POOR, after)
    result = run(lines, "--out", tmp_path / "weights")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == f"kept the old weights: {said}; nothing was written"
    assert not (tmp_path / "weights").exists()


def test_a_little_precision_may_be_lost_where_f1_gains():
    assert trainer._worse(POOR, replace(GOOD, precision=0.69)) == ""


@pytest.mark.usefixtures("begin", "untrained")
def test_weights_may_be_written_over_and_nothing_else(tmp_path, lines, monkeypatch):
    measuring(monkeypatch, POOR, GOOD, POOR, GOOD)
    passages = read_marks([lines])
    for _ in range(2):
        assert trainer.train(passages, tmp_path / "weights", {}).worse == ""
    with pytest.raises(StoreFull, match="something else than weights"):
        trainer.train(passages, tmp_path, {})
    with pytest.raises(StoreFull, match="something else than weights"):
        trainer.train(passages, lines, {})


@pytest.mark.parametrize(
    ("passages", "said"),
    [
        (PASSAGES[:19], "19 documents are too few to learn from: mark 20 or more"),
        ([{**PASSAGES[0], "id": f"a{at}"} for at in (5, 6, 7, 8, 9)] * 5, "two documents"),
    ],
)
def test_too_few_documents_are_one_line(tmp_path, passages, said):
    with pytest.raises(AnnotationError, match=said):
        run(write_lines(tmp_path / "m.jsonl", passages), "--out", tmp_path / "weights")


def test_a_part_without_documents_or_ties_is_one_line(tmp_path):
    everything = read_marks([write_lines(tmp_path / "m.jsonl", PASSAGES)])
    kept = [replace(one, id=f"deal-{at}") for at, one in zip(_ids("train", 25), everything, strict=False)]
    with pytest.raises(AnnotationError, match="of 24 documents none falls into the part 'calibrate'"):
        trainer.train(kept, tmp_path / "weights", {})
    untied = [replace(one, gold={**one.gold, "relations": []}) for one in everything]
    with pytest.raises(AnnotationError, match="have no ties that must be found"):
        trainer.train(untied, tmp_path / "weights", {})


def _ids(part, count):
    return [at for at in range(200) if trainer.part_of(f"deal-{at}") == part][:count]


@pytest.mark.usefixtures("begin")
def test_marks_that_tie_no_name_teach_nothing(tmp_path, lines, monkeypatch):
    measuring(monkeypatch, POOR)
    passages = [
        replace(one, gold={**one.gold, "entities": [{**e, "name": f"{e['name']} X"} for e in one.gold["entities"]]})
        for one in read_marks([lines])
    ]
    with pytest.raises(AnnotationError, match="tie no two names that kg finds"):
        trainer.train(passages, tmp_path / "weights", {})


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--llm", "m"), "marked documents need no model"),
        (("--teacher", "llm"), "llm needs a model"),
        (("--teacher", "me"), "'me' is not 'llm'"),
    ],
)
def test_options_that_do_not_fit_are_told(lines, tmp_path, options, said):
    result = run(lines, "--out", tmp_path / "weights", *options)
    assert result.exit_code == 2
    assert said in result.stderr


def test_a_folder_of_weights_that_is_not_there_is_one_line(lines, tmp_path):
    with pytest.raises(KgError, match="there is no folder of weights"):
        run(lines, "--out", tmp_path / "weights", "--weights", tmp_path / "nowhere")
