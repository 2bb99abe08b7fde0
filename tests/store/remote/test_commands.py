"""Every command that takes --store takes an endpoint's address."""

import json
import re
import sys

import pytest

import kg
from kg import cli
from kg.store import open_store, without_secrets


@pytest.fixture
def command(monkeypatch, capsys):
    """A function that runs kg in this process: what it printed, what it complained of, its exit code."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["kg", *map(str, arguments)])
        code = 0
        try:
            cli.main()
        except SystemExit as end:
            code = end.code or 0
        output = capsys.readouterr()
        return output.out, output.err, code

    return run


def test_the_commands_work_on_an_endpoint_as_on_a_folder(engine, command, tmp_path):
    url = engine("oxigraph")
    outputs = {}
    for place in (url, tmp_path / "store"):
        out, err, code = command("build", kg.examples(), "--store", place)
        assert (err, code) == ("", 0)
        assert out.endswith(f"The graph is in {place}\n")
        asked = {
            "again": ("build", kg.examples()),
            "relations": ("relations", "--format", "csv"),
            "query": ("query", "suppliers", "OpenAI", "--format", "csv"),
            "show": ("show", "CoreWeave"),
            "between": ("between", "Nvidia", "CoreWeave"),
            "check": ("check",),
            "view": ("view", "-o", "-"),
            "export": ("export", "--format", "graphml"),
        }
        outputs[place] = {name: command(*words, "--store", place) for name, words in asked.items()}
        outputs[place] = {
            n: (out.replace(str(place), "HERE"), err, code) for n, (out, err, code) in outputs[place].items()
        }
        with open_store(place if place == url else str(place)) as store:
            name = next(store.documents()).id
        assert re.fullmatch(
            r"forgot .*: \d+ claims withdrawn, \d+ edges removed\n", command("forget", name, "--store", place)[0]
        )
    first, second = outputs.values()
    for name in first:
        ours, theirs = (re.sub(r"\d{4}-\d\d-\d\dT[\d:]+Z", "NOW", result[name][0]) for result in (first, second))
        assert (ours, *first[name][1:]) == (theirs, *second[name][1:]), name


def test_an_address_is_told_without_its_password():
    assert without_secrets("https://ana:s3cret@host:8890/sparql?infer=false") == "https://host:8890/sparql?infer=false"
    assert without_secrets("kg-store") == "kg-store"


def test_an_endpoint_that_is_not_there_is_one_line(command):
    out, err, code = command("relations", "--store", "http://ana:s3cret@127.0.0.1:1/sparql")
    assert (out, code) == ("", 1)
    assert re.fullmatch(r"kg: error: 127\.0\.0\.1:1 cannot be reached, .*: try again later\n", err)
    assert "s3cret" not in err


def test_notes_of_an_empty_endpoint_go_to_standard_error(engine, command):
    out, err, code = command("query", "ASK {}", "--format", "json", "--store", engine("oxigraph"))
    assert json.loads(out)["boolean"] is True
    assert err.startswith("kg: note: ")
    assert code == 0
