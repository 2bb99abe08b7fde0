"""On the recorded clock, questions about facts get the answers of that time, whatever people have said since."""

import pytest

import kg
from kg.facts import AsOf
from kg.pipeline.notes import Note, reading_of
from kg.reasons import Reason
from kg.store import DocumentClaims, open_store

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
