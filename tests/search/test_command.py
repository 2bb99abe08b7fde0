"""kg search: hits for people and for programs, and one line for what is wrong."""

import json
import shlex

import pytest
from click.testing import CliRunner

import kg
from kg.cli import cli
from kg.errors import QueryError
from kg.query.result import QueryResult

from .conftest import SUPPLIES


@pytest.fixture
def run(folder):
    def call(*arguments, code=0):
        done = CliRunner(env={"KG_STORE": str(folder)}).invoke(cli, arguments, catch_exceptions=False)
        assert done.exit_code == code, done.output
        return done.output

    return call


def test_a_hit_is_told_with_its_place_and_its_claims(run):
    printed = run("search", "take or pay", "--company", "CoreWeave", "--since", "2025")
    start = 28
    assert f"1.  deal.en.txt {start}–{start + len(SUPPLIES.quote)}  2025-03-11  A long contract" in printed
    assert f"   {SUPPLIES.quote}\n" in printed
    assert "   = CoreWeave supplies OpenAI [asserted]" in printed
    assert "hits 1–1 of 1\nrelation  supplies 1\n" in printed
    assert "add one" not in printed


def test_the_command_that_is_offered_adds_a_claim(run):
    printed = run("search", '"CoreWeave signs"')
    [line] = [line for line in printed.splitlines() if "add one: " in line]
    words = shlex.split(line.partition("add one: kg ")[2])
    words[1:4] = ["CoreWeave", "partners-with", "OpenAI"]
    run(*words, "--author", "ada")
    printed = run("search", '"CoreWeave signs"')
    assert "= CoreWeave partners with OpenAI [asserted]" in printed
    assert "add one" not in printed


def test_programs_get_rows(run):
    rows = [json.loads(line) for line in run("search", "contract", "--format", "jsonl").splitlines()]
    assert len(rows) == 4
    assert {row["document"] for row in rows} == {"deal.en.txt", "memo.txt"}
    assert {row["outcome"] for row in rows} == {"admitted", "none"}


def test_documents_are_listed_where_that_is_asked_for(run):
    assert "hits 0 of 0" in run("search", "doubted signed")
    printed = run("search", "doubted signed", "--documents")
    assert "hits 1–1 of 1" in printed
    assert "1 claim in the document" in printed


@pytest.mark.parametrize("arguments", [['"take or'], [], ["x", "--since", "soon"], ["x", "--outcome", "all"]])
def test_what_is_wrong_is_an_error(run, arguments):
    with pytest.raises(QueryError):
        run("search", *arguments)


def test_the_graph_of_a_notebook_searches(folder):
    with kg.open(folder) as graph:
        result = graph.search('"take or pay"', company="CoreWeave", since="2025")
        assert isinstance(result, QueryResult)
        assert result.rows[0][:4] == (SUPPLIES.quote, "deal.en.txt", 28, 28 + len(SUPPLIES.quote))
        assert result.total == len(result) == len(result.hits) == 1
        assert result.to_pandas().loc[0, "document"] == "deal.en.txt"
        assert result.facets["relation"] == {"supplies": 1}
