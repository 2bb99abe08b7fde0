"""A folder of weights comes before kg's own, file by file, in every process; documents are read anew with it."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

import kg
from kg.cli import cli
from kg.errors import OntologyError
from kg.extract import fingerprint
from kg.extract.confidence import confidence, least
from kg.extract.linear import weights
from kg.extract.paragraph.network import HEADS, network
from kg.ontology import path, turtle
from kg.settings import changed_environment

TEXT = "Nvidia owns 6% of CoreWeave.\n"


@pytest.fixture
def own(tmp_path, confidence_file, monkeypatch):
    """A folder of weights with a confidence of its own, not yet asked for."""
    monkeypatch.delenv("KG_WEIGHTS", raising=False)
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "confidence.json").write_bytes((confidence_file / "confidence.json").read_bytes())
    return folder


def asked(folder):
    return changed_environment({"KG_WEIGHTS": str(folder)})


def as_sure(folder, sure):
    """All claims are as sure as that."""
    told = json.loads((folder / "confidence.json").read_text("utf-8"))
    odds = float(np.log(sure / (1 - sure)))
    (folder / "confidence.json").write_text(json.dumps({**told, "measures": {}, "offset": odds}), "utf-8")


def write_heads(folder, **changes):
    with np.load(path(HEADS)) as held:
        np.savez(folder / "heads.npz", **{**{name: held[name] for name in held.files}, **changes})


def test_each_file_comes_first_and_the_others_are_kgs_own(own):
    before, names = turtle("weights/confidence.json"), turtle("weights/names.json")
    with asked(own):
        assert turtle("weights/confidence.json") == (own / "confidence.json").read_text("utf-8") != before
        assert turtle("weights/names.json") == names
        assert path(HEADS).parent != own
        write_heads(own)
        assert path(HEADS) == own / "heads.npz"
        assert turtle("kg.ttl") == (path("kg.ttl")).read_text("utf-8")
        assert weights("confidence").classes == ("right", "wrong")
    assert turtle("weights/confidence.json") == before


def test_weights_change_what_is_known_and_what_is_read_anew(own):
    with asked(own):
        first = fingerprint("en")
        as_sure(own, 0.7)
        assert confidence({"rules": 1.0}) == pytest.approx(0.7)
        assert least(0.8) == 0.6
        second = fingerprint("en")
        write_heads(own)
        same_heads = fingerprint("en")
        write_heads(own, **{"bi.bias": np.arange(11, dtype=np.float32)})
        assert network().weights["bi.bias"].tolist() == list(range(11))
        third = fingerprint("en")
    assert len({fingerprint("en"), first, second, third}) == 4
    assert second == same_heads, "the same weights at another place read the same"
    assert network().weights["bi.bias"].tolist() != list(range(11))


@pytest.mark.parametrize("jobs", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_a_build_reads_with_them_in_every_process(own, tmp_path, jobs):
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")

    def built():
        with kg.open(str(tmp_path / "store"), write=True) as graph:
            report = graph.build(tmp_path / "a.txt", lang="en", jobs=jobs)
            return report.read, [claim.confidence for claim in graph.store.reading("a.txt").claims]

    for sure in (0.81, 0.92):
        as_sure(own, sure)
        with asked(own):
            assert built() == (1, [sure])
            assert built() == (0, [sure])


def test_build_and_lexicon_test_take_the_option(own, tmp_path):
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    as_sure(own, 0.83)
    store = str(tmp_path / "store")
    run = CliRunner().invoke
    result = run(cli, ["lexicon", "test", "--lang", "en", TEXT, "--weights", str(own)], catch_exceptions=False)
    assert "0.83" in result.stdout
    build = ["build", str(tmp_path / "a.txt"), "--lang", "en", "-j", "0", "--store", store, "--weights", str(own)]
    assert run(cli, build, catch_exceptions=False).exit_code == 0
    with kg.open(store) as graph:
        assert [claim.confidence for claim in graph.claims()] == [0.83]


def broken_file(folder):
    (folder / "heads.npz").write_bytes(b"PK\x03\x04 no archive")


def cut_off(folder):
    write_heads(folder)
    data = (folder / "heads.npz").read_bytes()
    (folder / "heads.npz").write_bytes(data[: len(data) // 2])


def lacking(folder):
    np.savez(folder / "heads.npz", **{"bi.bias": np.zeros(11)})


def one_layer_alone(folder):
    np.savez(folder / "heads.npz", **{"bi.weight": np.zeros((11, 12288)), "bi.bias": np.zeros(11)})


def no_archive_of_arrays(folder):
    with (folder / "heads.npz").open("wb") as file:
        np.save(file, np.zeros(3))


def of_another_shape(folder):
    write_heads(folder, **{"bi.weight": np.zeros((3, 3), np.float16)})


@pytest.mark.parametrize(
    "spoil", [broken_file, cut_off, lacking, one_layer_alone, no_archive_of_arrays, of_another_shape]
)
def test_damaged_heads_are_one_line_that_names_them(own, spoil):
    spoil(own)
    with asked(own), pytest.raises(OntologyError) as error:
        network()
    assert str(error.value).startswith(f"the weights {own / 'heads.npz'} are damaged (")
    assert str(error.value).endswith("): make them anew with kg train, with no KG_WEIGHTS")
    assert "\n" not in str(error.value)


def test_heads_of_another_encoder_are_told_so(own):
    write_heads(own, encoder=np.array("another"))
    with asked(own), pytest.raises(OntologyError, match="made with another version of kg: run kg train again"):
        network()


def test_a_damaged_confidence_is_one_line_that_names_it(own):
    (own / "confidence.json").write_text('{"classes": []}', "utf-8")
    with asked(own):
        for ask in (lambda: confidence({}), lambda: weights("confidence")):
            with pytest.raises(OntologyError, match=r"own/confidence\.json are damaged .*: make them anew"):
                ask()


def test_nothing_but_what_kg_train_makes_is_taken_from_the_folder(own):
    for name in ("encoder.onnx", "pieces.model", "names.json"):
        (own / name).write_bytes(b"another's")
    with asked(own):
        assert path("weights/paragraph/encoder.onnx").parent != own
        assert turtle("weights/names.json") != "another's"


def test_a_folder_that_is_not_there_is_one_line(tmp_path):
    with asked(tmp_path / "nowhere"), pytest.raises(OntologyError, match=r"there is no folder of weights .*nowhere"):
        turtle("weights/confidence.json")
