"""On the recorded clock, questions about facts get the answers of that time, whatever people have said since."""

import pytest

import kg
from kg.facts import AsOf
from kg.judgements import Draw, Judgement, Verdict
from kg.pipeline.notes import Note, reading_of
from kg.reasons import Reason
from kg.store import DocumentClaims, judge, open_store

BEFORE = AsOf(valid="2025-05-01", recorded="2025-05-01")


def note(subject, relation, object_, source="a talk", **terms):
    return reading_of(Note(subject, relation, object_, "ada", source, "2025-03-11", terms=terms))


@pytest.fixture
def graph(tmp_path):
    """Five claims that were recorded in May 2025."""
    with open_store(tmp_path / "store", write=True, clock=lambda: "2025-05-01T08:00:00Z") as store:
        store.commit(
            [
                note("Zeltan", "supplies", "Korba"),
                note("ZTN Systems", "holds-stake", "Brelin", percent="6"),
                note("ZTN Systems", "holds-stake", "Brelin", "a letter", percent="7"),
                note("Zeltan", "partners-with", "Sorvane"),
                note("Zeltan", "lends-to", "Morvel"),
            ]
        )
    with kg.open(tmp_path / "store", write=True) as opened:
        yield opened


def answers(graph):
    return [
        str(graph.show("Zeltan", as_of=BEFORE)),
        str(graph.show("ZTN Systems", as_of=BEFORE)),
        str(graph.between("Zeltan", "Korba", as_of=BEFORE)),
        str(graph.relations(as_of=BEFORE)),
        str(graph.relations("Zeltan", as_of=BEFORE)),
        graph.disputes(as_of=BEFORE).to_csv(),
        graph.to_pandas(as_of=BEFORE).drop(columns="retracted_at").to_csv(),
        graph.to_pandas("ZTN Systems", as_of=BEFORE).drop(columns="retracted_at").to_csv(),
    ]


def test_what_people_said_since_changes_no_answer_as_of_the_day_before(graph):
    then = answers(graph)
    supplies, partners = (
        next(claim for claim in graph.claims() if claim.relation == relation)
        for relation in ("supplies", "partners-with")
    )
    graph.judge(supplies, "wrong", author="bob", part="not-stated")
    graph.judge(partners, "right", author="bob")
    graph.merge("Zeltan", "ZTN Systems", author="bob")
    assert answers(graph) == then
    assert "Korba" not in str(graph.show("Zeltan"))
    assert "Brelin" in str(graph.show("Zeltan"))


def test_that_a_claim_is_called_right_is_told_from_the_day_on(graph):
    [claim] = [claim for claim in graph.claims() if claim.relation == "lends-to"]
    graph.judge(claim, "right", author="bob")
    marks = {
        as_of: [claim.reasons for claim in graph.claims("Morvel", as_of=as_of)]
        for as_of in (BEFORE, AsOf(recorded="9998"))
    }
    assert list(marks.values()) == [[()], [(Reason.CONFIRMED,)]]


def test_who_came_later_is_found_and_nothing_was_said_of_him(graph):
    graph.store.commit([note("Tarvel", "supplies", "Korba")])
    assert "Korba" in str(graph.show("Tarvel"))
    assert "Korba" not in str(graph.show("Tarvel", as_of=BEFORE))


def test_what_counts_as_accepted_is_that_of_now_also_at_an_earlier_date(unrecorded):
    with kg.Graph(open_store(None, write=True, clock=lambda: "2025-05-01T08:00:00Z")) as graph:
        graph.store.commit([DocumentClaims(document, claims, "reader/1") for document, claims in unrecorded])
        claim = next(iter(graph.claims()))
        graph.judge(claim, "right", author="bob")
        accepted = graph.select(accepted_only=True)
        assert [one.id for one in accepted.claims(as_of=AsOf(recorded="2025-05-01"))] == [claim.id]


@pytest.fixture
def dated():
    """A graph whose clock is `dated.clock[0]`: two claims of the first of May, judged on the second by random draw."""
    clock = ["2025-05-01T08:00:00Z"]
    with kg.Graph(open_store(None, write=True, clock=lambda: clock[0])) as graph:
        graph.clock = clock
        graph.store.commit(
            [
                note("ZTN Systems", "holds-stake", "Brelin", percent="6"),
                note("ZTN Systems", "holds-stake", "Brelin", "a letter", percent="7"),
                note("Zeltan", "supplies", "Korba"),
            ]
        )
        clock[0] = "2025-05-02T08:00:00Z"
        for claim in list(graph.claims("ZTN Systems")):
            document = graph.store.document(claim.document)
            verdict = Verdict.RIGHT if claim.qualifiers.percent == 6 else Verdict.WRONG
            word = Judgement(verdict, claim, document.sha256, "bob", clock[0], drawn=Draw.RANDOM)
            judge(graph.store, [word])
        yield graph


THEN = AsOf(valid="2025-05-05", recorded="2025-05-05")


def test_what_people_had_said_stands_in_the_dossier_of_that_day_whoever_was_merged_since(dated):
    before = str(dated.show("ZTN Systems", as_of=THEN)), str(dated.show("Zeltan", as_of=THEN))
    assert "confirmed by bob" in before[0]
    assert "Of 2 claims judged at random 1 are right" in before[0]
    dated.clock[0] = "2025-05-10T08:00:00Z"
    dated.merge("Zeltan", "ZTN Systems", author="bob")
    assert (str(dated.show("ZTN Systems", as_of=THEN)), str(dated.show("Zeltan", as_of=THEN))) == before
    iri = next(end.id for claim in dated.store.history() for end in claim.entities if end.name == "ZTN Systems")
    assert str(dated.show(f"{dated.store.base}{iri}", as_of=THEN)) == before[0]


def test_a_document_that_was_forgotten_since_is_told_of_all_the_same(dated):
    [claim] = dated.claims("ZTN Systems")
    dated.clock[0] = "2025-05-10T08:00:00Z"
    dated.store.forget(claim.document)
    assert "Brelin" in str(dated.show("ZTN Systems", as_of=THEN))


def test_a_dispute_of_then_is_found_by_the_name_of_then(graph):
    [*rows] = graph.disputes("ZTN Systems", as_of=BEFORE)["document"]
    graph.merge("Zeltan", "ZTN Systems", author="bob")
    assert list(graph.disputes("ZTN Systems", as_of=BEFORE)["document"]) == rows != []


def test_what_is_called_wrong_by_now_is_accepted_at_no_date(dated):
    dated.clock[0] = "2025-05-09T08:00:00Z"
    [claim] = dated.claims("ZTN Systems")
    dated.judge(claim, "wrong", author="bob", part="not-stated")
    accepted = dated.select(accepted_only=True)
    assert [one for one in accepted.claims(as_of=THEN) if one.object.name == "Brelin"] == []
