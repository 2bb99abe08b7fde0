"""``kg ask``."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from kg.cli import cli
from kg.errors import NotUnderstood


@pytest.fixture
def run(example_store):
    def run_it(*arguments, **options):
        command = ["ask", *arguments, "--store", str(example_store), "--today", "2025-06-15"]
        return CliRunner().invoke(cli, command, **options)

    return run_it


def test_an_answer_shows_how_it_was_understood_the_rows_and_the_sparql(run):
    lines = run("who", "supplies", "CoreWeave?").stdout.splitlines()
    assert lines[0] == "understood as: kg query suppliers CoreWeave"
    assert "supplier  Nvidia" in lines
    assert "SPARQL" in lines
    assert any(line.startswith("SELECT ") for line in lines)


def test_plans_stand_below_a_heading_of_their_own(run):
    text = run("qui détient plus de 5 % de CoreWeave ?").stdout
    facts, _, plans = text.partition("Projets, annonces et conditions, non des faits")
    assert "Nvidia" in facts
    assert "subject   OpenAI" not in facts
    assert "subject   OpenAI" in plans
    assert "350 000 000" in plans


def test_sparql_alone_is_what_kg_query_takes(run, example_store):
    sparql = run("--sparql", "who holds more than 5% of CoreWeave?").stdout
    rows = CliRunner().invoke(cli, ["query", sparql, "--store", str(example_store), "--format", "csv"]).stdout
    assert [row["subject"] for row in csv.DictReader(io.StringIO(rows))] == ["Nvidia"] * 3


def test_csv_has_rows_of_one_kind_and_notes_tell_of_the_others(run):
    answer = run("--csv", "who holds more than 5% of CoreWeave?")
    assert {row["modality"] for row in csv.DictReader(io.StringIO(answer.stdout))} == {"asserted"}
    assert "2 apart (planned): kg query planned only=holds-stake whom=CoreWeave" in answer.stderr


def test_json(run):
    told = json.loads(run("--json", "does Nvidia own part of CoreWeave?").stdout)
    assert (told["verdict"], told["understood"]["name"], told["lang"]) == ("yes", "facts", "en")


def test_what_is_not_understood_is_one_line_and_an_error(run):
    answer = run("what is the weather?")
    assert answer.exit_code == 1
    assert isinstance(answer.exception, NotUnderstood)
    assert str(answer.exception).startswith("not understood: 'weather'. One can ask: ")


def test_the_language_can_be_given(run):
    assert str(run("--lang", "fr", "qui adore CoreWeave ?").exception).startswith("pas compris : 'adore'")
