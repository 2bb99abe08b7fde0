"""The catalogue of questions: one name, one answer, whoever asks."""

import json
import sys

import pytest

import kg
from kg.analysis.registry import ANALYSES
from kg.catalogue import catalogue, find_question
from kg.cli import main
from kg.errors import QueryError, UnknownQuery
from kg.model import Claim, Document, Entity, Modality
from kg.query import questions, resolve
from kg.renamed import LIBRARY, RenamedWarning
from kg.store import DocumentClaims

TEXT = "Alpha competes with Beta. Alpha acquired Beta. Gamma competes with Delta. Gamma plans to supply Delta."
SENTENCES = (
    ("Alpha", "competes-with", "Beta", Modality.ASSERTED),
    ("Alpha", "acquires", "Beta", Modality.ASSERTED),
    ("Gamma", "competes-with", "Delta", Modality.ASSERTED),
    ("Gamma", "supplies", "Delta", Modality.PLANNED),
)


def company(name):
    return Entity(f"company/{name.lower()}", name, "Company")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A store of what the four sentences say."""
    path = tmp_path_factory.mktemp("catalogue") / "store"
    document = Document("news.txt", TEXT, "en", "2025-03-11")
    claims, start = [], 0
    for sentence, (subject, relation, object_, modality) in zip(TEXT.split(". "), SENTENCES, strict=True):
        place = TEXT.index(sentence, start)
        evidence = document.evidence(place, place + len(sentence.rstrip(".")) + 1)
        claims.append(
            Claim(company(subject), relation, company(object_), modality, (evidence,), known_from="2025-03-11")
        )
        start = place + 1
    with kg.open(path, write=True) as graph:
        graph.store.commit([DocumentClaims(document, tuple(claims))])
    return path


@pytest.fixture
def run(monkeypatch, capsys, store):
    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["kg", *arguments, "--store", str(store)])
        capsys.readouterr()
        main()
        return capsys.readouterr()

    return call


# ---------------------------------------------------------------------------------- names
def test_every_question_has_a_name_of_its_own_and_a_title_in_two_languages():
    assert not set(questions()) & set(ANALYSES)
    assert set(catalogue()) == set(questions()) | set(ANALYSES)
    for name, question in catalogue().items():
        assert find_question(name).name == name == question.name
        assert set(question.title) == {"en", "fr"}
        assert question.examples[0].startswith(f"kg {question.COMMAND} {name}")
        assert all(parameter.help for parameter in question.parameters), name


def test_a_name_that_there_is_not_is_told_with_the_nearest():
    with pytest.raises(UnknownQuery, match="Did you mean 'suppliers'"):
        find_question("suplliers")


def test_old_names_of_the_library_point_to_questions_that_there_are():
    assert set(LIBRARY.values()) <= set(questions())
    assert not set(LIBRARY) & set(questions())
    with pytest.warns(RenamedWarning, match="'revenue-shares' now"):
        assert resolve("concentration").name == "revenue-shares"


# ---------------------------------------------------------------------------------- one answer
def pairs(text, *columns):
    return {tuple(sorted(json.loads(line)[column] for column in columns)) for line in text.splitlines()}


def test_who_competes_and_is_tied_has_one_answer_whoever_asks(run, store):
    asked = run("query", "frenemies", "--format", "jsonl")
    analysed = run("analyse", "frenemies", "--format", "jsonl")
    assert asked.out == analysed.out
    assert pairs(asked.out, "rival", "other") == {("Delta", "Gamma")}
    assert "kg: note: 'frenemies' is the analysis of that name now" in asked.err
    assert "'facts-between-rivals'" in asked.err
    with kg.open(store) as graph, pytest.warns(RenamedWarning):
        assert set(graph.query("frenemies").to_pandas()["claims"]) == {
            row["claims"] for row in map(json.loads, asked.out.splitlines())
        }


def test_the_facts_between_rivals_are_a_question_of_another_name(run):
    rows = run("query", "facts-between-rivals", "--format", "jsonl").out
    assert pairs(rows, "subject", "object") == {("Alpha", "Beta")}
    assert run("analyse", "facts-between-rivals", "--format", "jsonl").out == rows


@pytest.mark.parametrize("command", ["query", "analyse"])
@pytest.mark.parametrize(
    ("name", "arguments"), [("competitors", ["Gamma"]), ("owners", ["Beta"]), ("path", ["Gamma", "Delta"])]
)
def test_both_commands_find_every_question(run, command, name, arguments):
    assert "no rows" not in run(command, name, *arguments, "--format", "csv").out


def test_an_analysis_takes_its_options_by_name_in_a_query_too(run, store):
    few = run("query", "links", "threshold=99%", "--format", "jsonl").out
    assert len(few.splitlines()) <= len(run("query", "links", "--format", "jsonl").out.splitlines())
    with kg.open(store) as graph:
        assert len(graph.query("owners", "Beta", min_share="1%")) == len(
            graph.analyse("owners", "Beta", min_share=0.01)
        )
        with pytest.raises(QueryError, match=r"has no parameter 'treshold'\. Did you mean 'threshold'"):
            graph.query("control", treshold=1)


def test_a_query_is_asked_as_of_a_day_alone(store):
    with kg.open(store) as graph:
        assert len(graph.query("competitors", "Gamma", as_of="2026")) == 1
        with pytest.raises(QueryError, match="leave known and recorded out"):
            graph.query("competitors", "Gamma", as_of=kg.AsOf(known="2026"))


# ---------------------------------------------------------------------------------- old names
def test_old_options_of_an_analysis_work_and_say_what_they_are_called_now(run, store):
    asked = run("analyse", "owners", "Beta", "--least", "1%", "--format", "csv")
    assert asked.out == run("analyse", "owners", "Beta", "--min-share", "1%", "--format", "csv").out
    assert "kg: note: --least is called --min-share now: the old name goes with the next version" in asked.err
    with kg.open(store) as graph, pytest.warns(RenamedWarning, match="'least' is called 'min_share' now"):
        assert graph.analyse("owners", "Beta", least=0.01).title
