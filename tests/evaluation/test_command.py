"""`kg evaluate` as a user meets it: every form, every input, one line for what goes wrong."""

import json
import sys

import pytest

from kg.cli import main
from kg.evaluation.report import is_read_half

from .conftest import a_claim, a_gold

CORPUS = [
    {
        "id": "a-1",
        "lang": "fr",
        "text": "Nvidia détient 6 % du capital de CoreWeave.",
        "names": {"Nvidia": "Company", "CoreWeave": "Company"},
        "claims": [
            {
                "subject": "Nvidia",
                "relation": "holds-stake",
                "object": "CoreWeave",
                "modality": "asserted",
                "qualifiers": {"percent": "6", "percent_of": "capital"},
            }
        ],
    },
    {
        "id": "a-2",
        "lang": "fr",
        "text": "Nvidia publie ses résultats mardi.",
        "names": {"Nvidia": "Company"},
        "claims": [],
        "near_miss": "own-affair",
    },
]


@pytest.fixture
def run(monkeypatch, capfd):
    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["kg", *map(str, arguments)])
        capfd.readouterr()
        try:
            main()
            code = 0
        except SystemExit as stop:
            code = int(stop.code or 0)
        sys.stdout.flush()
        shown = capfd.readouterr()
        return code, shown.out, shown.err

    return call


@pytest.fixture
def said(folder):
    folder.write_claims(
        a_claim("Nordgate", "acquires", "Solvéa", 0, amount="340000000"), a_claim("Tarnos", "acquires", "Solvéa", 0)
    )
    return folder


@pytest.fixture
def corpus(tmp_path):
    path = tmp_path / "corpus.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in CORPUS))
    return path


def test_a_table_shows_figures_and_the_errors_asked_for(run, said):
    code, out, err = run("evaluate", "--gold", said.gold, "--claims", said.claims, "--errors", "1")
    assert (code, err) == (0, "")
    assert "precision" in out
    assert "0.500 (" in out
    assert "tarnos acquires solvea" in out
    assert "missed" not in out
    assert "missed" in run("evaluate", "--gold", said.gold, "--claims", said.claims, "--errors", "all")[1]


def test_json_holds_every_figure_and_error(run, said):
    _, out, _ = run("evaluate", "--gold", said.gold, "--claims", said.claims, "--format", "json", "--errors", "all")
    report = json.loads(out)
    assert (report["precision"], report["recall"], report["documents"]) == (0.5, 0.333, 1)
    assert report["per_relation"]["acquires"]["precision"] == 0.5
    assert report["per_qualifier"]["currency"] == {"right": 0, "wrong": 0, "missing": 1, "asked": 1}
    assert report["confusion"] == {"past": {"asserted": 1}}
    assert len(report["errors"]) == report["errors_in_all"]
    wrong = report["errors"][0]
    assert (wrong["kind"], wrong["start"], wrong["end"], wrong["document"]) == ("wrong", 0, 52, "deal.txt")


def test_the_halves_stand_side_by_side_with_their_gap(run, said):
    names = {is_read_half(f"{letter}.gold.json"): f"{letter}.gold.json" for letter in "abcdefgh"}
    (said.gold / "deal.gold.json").unlink()
    for name in names.values():
        said.write_gold(a_gold(), name)
    command = ("evaluate", "--gold", said.gold, "--claims", said.claims, "--split")
    _, out, _ = run(*command, "--format", "markdown")
    assert "| figure | all | read | unread | gap |" in out
    assert "| acquires | unread | 0.500 | 1.000 | 0.667 | 2 | 1 |" in out
    report = json.loads(run(*command, "--format", "json")[1])
    assert report["split"]["read"]["documents"] == report["split"]["unread"]["documents"] == 1
    assert report["split"]["gap"]["precision"] == 0


def test_texts_are_built_or_taken_from_a_store(run, folder, tmp_path):
    code, built, err = run("evaluate", "--gold", folder.gold, "--format", "json")
    assert (code, err) == (0, "")
    assert json.loads(built)["grounding"] == 1
    run("build", "-q", folder.path / "articles", "--store", tmp_path / "store")
    _, stored, _ = run("evaluate", "--gold", folder.gold, "--store", tmp_path / "store", "--format", "json")
    assert json.loads(stored) == json.loads(built)


def test_a_text_that_cannot_be_read_is_told_and_the_rest_scored(run, folder):
    (folder.path / "articles" / "deal.txt").write_text("\n")
    code, out, err = run("evaluate", "--gold", folder.gold)
    assert code == 1
    assert err.startswith("kg: not read: ")
    assert len(err.splitlines()) == 1
    assert "recall" in out


@pytest.mark.parametrize("form", ["table", "markdown", "json"])
def test_a_corpus_is_scored_in_every_form(run, corpus, form):
    code, out, err = run("evaluate", "--corpus", corpus, "--format", form)
    assert (code, err) == (0, "")
    assert "holds-stake" in out
    assert "own-affair" in out
    if form == "json":
        assert json.loads(out)["recall"] == 1


def test_markdown_lets_no_quote_break_its_table(run, said):
    said.write_claims(a_claim("a|b", "acquires", "<i>", 0))
    out = run("evaluate", "--gold", said.gold, "--claims", said.claims, "--format", "markdown", "--errors", "1")[1]
    assert "?a\\|b acquires ?\\<i\\>" in out


def test_what_goes_wrong_is_one_line(run, said, corpus, tmp_path):
    said.claims.write_text("{\n")
    corpus.write_text("{}\n")
    for arguments, part in (
        (("--gold", tmp_path / "no"), "holds no gold"),
        (("--gold", said.gold, "--claims", said.claims), "claims.jsonl:1"),
        (("--gold", said.gold, "--store", tmp_path / "no"), "there is no store"),
        (("--corpus", corpus), "corpus.jsonl:1: lacks 'id'"),
    ):
        code, out, err = run("evaluate", *arguments)
        assert (code, out, len(err.splitlines())) == (1, "", 1)
        assert part in err


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--gold", "g", "--corpus", "c"),
        ("--corpus", "c", "--split"),
        ("--gold", "g", "--store", "s", "--claims", "c"),
        ("--gold", "g", "--errors", "some"),
    ],
)
def test_wrong_usage_is_two(run, arguments):
    assert run("evaluate", *arguments)[0] == 2
