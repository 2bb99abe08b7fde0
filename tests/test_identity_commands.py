"""Merge and split in the terminal and in Python: by names, listed, taken back, on the recorded clock."""

import json

import pytest
from click.testing import CliRunner

import kg
from kg.cli import cli
from kg.errors import QueryError, UnknownDocument, UnknownEntity
from kg.facts import AsOf
from kg.pipeline.notes import Note, reading_of
from kg.store import open_store


def note(subject, relation, object_, **terms):
    return reading_of(Note(subject, relation, object_, "ada", "a talk", "2025-03-11", terms=terms))


NOTES = (
    note("Zeltan", "supplies", "Korba"),
    note("ZTN Systems", "holds-stake", "Brelin", percent="6"),
    note("Zeltan", "partners-with", "Sorvane"),
)


@pytest.fixture
def path(tmp_path):
    with open_store(tmp_path / "store", write=True, clock=lambda: "2025-05-01T08:00:00Z") as store:
        store.commit(NOTES)
    return str(tmp_path / "store")


@pytest.fixture
def run(path):
    def call(*arguments, code=0):
        runner = CliRunner(env={"KG_AUTHOR": "ada", "KG_STORE": path})
        done = runner.invoke(cli, [*map(str, arguments)], catch_exceptions=code != 0)
        assert done.exit_code == code, done.output
        return done.output if code == 0 else str(done.exception)

    return call


def listed(run, *more):
    return [json.loads(line) for line in run("judgements", "--format", "jsonl", *more).splitlines()]


def test_two_names_are_merged_listed_and_taken_back(run):
    assert "ZTN Systems is Zeltan (1 came, 1 withdrawn)" in run("merge", "Zeltan", "ZTN Systems")
    assert "Brelin" in run("show", "ztn systems")
    [word] = listed(run, "--identity")
    assert (word["author"], word["verdict"], word["claim"], word["state"]) == (
        "ada",
        "same",
        "ZTN Systems is Zeltan",
        "holds",
    )
    assert "taken back" in run("judgements", "--undo", word["judgement"][:10])
    assert [row["state"] for row in listed(run)] == ["taken back", "takes back"]
    assert "Brelin" not in run("show", "Zeltan")


def test_a_name_in_one_document_is_split_off(run):
    document = NOTES[2].document.id
    assert "is Zeltan Foods, not Zeltan" in run(
        "split", "Zeltan", "Zeltan", "--into", "Zeltan Foods", "--document", document
    )
    assert "Sorvane" in run("show", "Zeltan Foods")
    assert "Sorvane" not in run("show", "Zeltan")
    [word] = listed(run, "--document", document)
    assert word["document"] == document


def test_a_split_without_another_name_makes_a_company_of_its_own(run):
    run("split", "Zeltan", "zeltan", "--document", NOTES[2].document.id)
    assert "Sorvane" in run("show", "company/zeltan-2")


def test_two_that_are_kept_apart_are_not_merged_and_it_says_so(run):
    assert "ZTN Systems is not Zeltan (the graph stays as it is)" in run("split", "Zeltan", "ZTN Systems")
    assert "left out" in run("merge", "Zeltan", "ZTN Systems", "--author", "bob")
    assert [row["state"] for row in listed(run, "--identity")] == ["holds", "in conflict"]


def test_the_name_that_was_merged_is_split_off_again(run):
    run("merge", "Zeltan", "ZTN Systems")
    run("split", "Zeltan", "ZTN Systems", "--author", "bob")
    assert "Brelin" in run("show", "ZTN Systems")
    assert "Brelin" not in run("show", "Zeltan")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("merge", "Zeltan", "Nobody"), "nothing in the graph is called"),
        (("merge", "Zeltan", "zeltan"), "one already"),
        (("split", "Zeltan", "Nobody"), "is no name of Zeltan"),
        (("split", "Zeltan", "Zeltan", "--document", "no.txt"), "holds no document"),
        (("split", "Zeltan", "Zeltan", "--into", "Zeltan"), "name another company"),
    ],
)
def test_what_cannot_be_is_one_line_and_changes_nothing(run, arguments, message):
    assert message in run(*arguments, code=1)
    assert listed(run) == []


def test_an_answer_as_of_the_day_before_is_what_it_was(path):
    before = AsOf(recorded="2025-05-01")
    with kg.open(path, write=True) as graph:
        expected = graph.analyse("owners", "Brelin", as_of=before).rows
        graph.merge("Zeltan", "ZTN Systems", author="ada")
        assert graph.analyse("owners", "Brelin", as_of=before).rows == expected
        assert graph.analyse("owners", "Brelin").rows != expected
        claims = list(graph.store.history())
    first, second = (c for c in claims if c.relation == "holds-stake")
    assert (first.subject.name, first.recorded_at, second.subject.name) == (
        "ZTN Systems",
        "2025-05-01T08:00:00Z",
        "Zeltan",
    )
    assert first.retracted_at == second.recorded_at
    assert second.retracted_at is None


def test_python_raises_what_is_wrong(path):
    with kg.open(path, write=True) as graph:
        with pytest.raises(UnknownDocument):
            graph.split("Zeltan", "Zeltan", documents=["no.txt"], author="ada")
        with pytest.raises(QueryError):
            graph.split("Zeltan", "Nobody", author="ada")
        graph.split("Zeltan", "Zeltan", documents=[NOTES[2].document.id], into="Zeltan Foods", author="ada")
        assert list(graph.judgements().to_pandas()["verdict"]) == ["different"]


def test_a_dossier_of_a_recorded_day_has_the_names_and_the_claims_of_that_day(path):
    with open_store(path, write=True, clock=lambda: "2026-05-01T08:00:00Z") as store:
        graph = kg.Graph(store)
        graph.merge("Zeltan", "ZTN Systems", author="ada")
        store.forget(next(claim for claim in store.claims() if claim.relation == "partners-with").document)
        then = AsOf(recorded="2025-06")

        def told(*names, as_of=None):
            dossier = graph.dossier(*names, as_of=as_of)
            facts = [fact for group in dossier.facts for fact in group.facts]
            return dossier.entity.name, {(fact.relation, fact.object.name) for fact in facts}

        assert told("ZTN Systems") == ("Zeltan", {("supplies", "Korba"), ("holds-stake", "Brelin")})
        assert told("ZTN Systems", as_of=then) == ("ZTN Systems", {("holds-stake", "Brelin")})
        assert told("Zeltan", as_of=then) == ("Zeltan", {("supplies", "Korba"), ("partners-with", "Sorvane")})
        assert told("Zeltan", "Sorvane", as_of=then) == ("Zeltan", {("partners-with", "Sorvane")})
        assert told("Zeltan", as_of=AsOf(recorded="2024")) == ("Zeltan", set())
        subjects = {row[0] for row in graph.relations(as_of=then)}
        assert subjects == {"Zeltan", "ZTN Systems"}
        assert {row[0] for row in graph.relations("ZTN Systems", as_of=then)} == {"ZTN Systems"}
        with pytest.raises(UnknownEntity):
            graph.dossier("Nobody", as_of=then)
