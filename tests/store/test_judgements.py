"""What people say of claims is kept with the reading, in every kind of store, and heeded by every answer."""

from dataclasses import replace

import pytest

from kg.errors import InvalidRecord, UnknownDocument
from kg.judgements import Draw, Judgement, Part, Stratum, Verdict
from kg.model import Modality, Outcome
from kg.pipeline.notes import Note, reading_of
from kg.reasons import Reason
from kg.store import CommitResult, backup, check, judge, open_store, restore, unmatched
from kg.store.judgement_codec import judgement_from, judgement_record


def ids(claims):
    return {claim.id for claim in claims}


def judgement(store, claim, verdict=Verdict.WRONG, at="2026-01-01T00:00:00Z", **more):
    return Judgement(verdict, claim, store.document(claim.document).sha256, "ada", at, tool="test", **more)


@pytest.fixture
def told(store, sorted_reading, readings):
    store.commit([sorted_reading, readings[1]])
    return sorted_reading


def test_a_rejected_claim_leaves_the_graph_and_is_withdrawn_on_the_recorded_clock(store, told):
    claim = told.claims[0]
    before = len(list(store.claims()))
    done = judge(store, [judgement(store, claim, part=Part.NOT_STATED)])
    assert (done.claims, done.retracted) == (0, 1)
    assert claim.id not in ids(store.claims())
    assert len(list(store.claims())) == before - 1
    [withdrawn] = [one for one in store.history() if one.id == claim.id]
    assert withdrawn.retracted_at is not None
    [kept] = [one for one in store.candidates() if one.id == claim.id]
    assert (kept.outcome, kept.reasons[0]) == (Outcome.REFUSED, Reason.REJECTED)


def test_a_confirmed_candidate_enters_the_graph(store, told):
    _, to_review = told.candidates
    done = judge(store, [judgement(store, to_review, Verdict.RIGHT)])
    assert (done.claims, done.retracted) == (1, 0)
    assert Reason.CONFIRMED in store.claim(to_review.id).reasons
    assert store.query(f'ASK {{ <{store.base}claim/{to_review.id}> kg:reason "CONFIRMED" }}')


def test_it_holds_when_another_reader_reads_the_document_anew(store, told):
    claim, (_, to_review) = told.claims[0], told.candidates
    judge(store, [judgement(store, claim), judgement(store, to_review, Verdict.RIGHT)])
    again = tuple(replace(one, method="reader/2", confidence=0.99) for one in told.claims)
    store.commit([replace(told, claims=again, candidates=(), reader="reader/2")])
    assert claim.id not in ids(store.claims())
    assert store.claim(to_review.id).method == "person/ada"
    assert len(store.reading(claim.document).judgements) == 2


def test_the_same_judgement_twice_changes_nothing(store, told):
    word = judgement(store, told.claims[0])
    judge(store, [word])
    assert judge(store, [word, word]) == CommitResult(unchanged=1)


def test_a_judgement_that_is_taken_back_leaves_what_readers_said(store, told):
    before = ids(store.claims()), ids(store.candidates())
    word = judgement(store, told.claims[0])
    judge(store, [word])
    judge(store, [judgement(store, told.claims[0], Verdict.UNSURE, "2026-01-02T00:00:00Z", undoes=word.id)])
    assert (ids(store.claims()), ids(store.candidates())) == before
    assert len(store.reading(word.document).judgements) == 2


def test_a_correction_is_a_claim_of_its_author(store, told):
    claim = told.claims[0]
    right = replace(claim, modality=Modality.PLANNED)
    judge(store, [judgement(store, claim, part=Part.MODALITY, correction=right)])
    assert (store.claim(right.id).method, store.claim(right.id).confidence) == ("person/ada", 1.0)
    assert claim.id not in ids(store.claims())


def test_sparql_finds_who_said_what_and_when(store, told):
    word = judgement(store, told.claims[0], part=Part.NAME, drawn=Draw.RANDOM)
    judge(store, [word])
    rows = list(
        store.query(
            "SELECT ?verdict ?part ?drawn ?at ?author { ?j a kg:Judgement ; kg:verdict ?verdict ; kg:wrongPart ?part ;"
            " kg:drawn ?drawn ; prov:endedAtTime ?at ; prov:wasAssociatedWith ?author }"
        )
    )
    [(verdict, part, drawn, at, author)] = [tuple(value.value for value in row) for row in rows]
    assert (verdict, part, drawn, at) == ("wrong", "name", "random", "2026-01-01T00:00:00Z")
    assert author == f"{store.base}reader/person/ada"


def test_the_part_of_the_graph_that_a_claim_was_drawn_from_is_kept(store, told):
    stratum = Stratum("company/coreweave", "supplies")
    word = judgement(store, told.claims[0], Verdict.RIGHT, drawn=Draw.RANDOM, stratum=stratum)
    judge(store, [word])
    assert store.reading(word.document).judgements == (word,)
    assert store.query('ASK { ?j kg:drawnFrom "company company/coreweave, relation supplies" }')


@pytest.mark.parametrize("part", [["supplies"], {"industry": "cloud"}, {"company": 3}])
def test_a_part_that_is_none_is_refused_in_a_line(sorted_reading, part):
    word = Judgement(Verdict.RIGHT, sorted_reading.claims[0], "0", "ada", "2026-01-01T00:00:00Z")
    with pytest.raises(InvalidRecord, match="a stratum names a company"):
        judgement_from(judgement_record(word) | {"stratum": part})


def test_what_fits_nothing_any_more_is_listed_and_not_lost(store, told):
    word = judgement(store, told.claims[0])
    judge(store, [word])
    document = replace(told.document, text="Nothing of it is left.")
    store.commit([replace(told, document=document, claims=(), candidates=())])
    assert unmatched(store.reading(document.id)) == (word,)
    store.commit([told])
    assert unmatched(store.reading(document.id)) == ()
    assert word.claim.id not in ids(store.claims())


def test_a_document_that_is_not_there_cannot_be_judged(store, told):
    word = judgement(store, told.claims[0])
    store.forget(word.document)
    with pytest.raises(UnknownDocument):
        judge(store, [word])


def test_a_store_that_was_judged_is_whole(store, told):
    words = [
        judgement(store, told.claims[0], at="2026-01-01T00:00:00.120000Z"),
        judgement(store, told.candidates[1], Verdict.RIGHT),
    ]
    judge(store, words)
    assert check(store).violations == ()
    assert judge(store, words).documents == 0


def test_the_claim_of_a_note_is_judged_and_taken_back_like_any(store):
    note = reading_of(Note("Nvidia", "holds-stake", "Nebius", "ada", "a talk", terms={"percent": "6"}))
    store.commit([note])
    [claim] = store.claims()
    for number, verdict in enumerate((Verdict.WRONG, Verdict.UNSURE, Verdict.RIGHT), 1):
        word = judgement(store, claim, verdict, at=f"2026-01-0{number}T00:00:00Z")
        judge(store, [word])
        assert ids(store.claims()) == (set() if verdict is Verdict.WRONG else {claim.id})
        judge(store, [judgement(store, claim, Verdict.UNSURE, at=f"2026-01-0{number}T01:00:00Z", undoes=word.id)])
        assert ids(store.claims()) == {claim.id}


def test_judgements_outlive_index_backup_and_restoring(tmp_path, sorted_reading, ticking, state):
    with open_store(tmp_path / "store", write=True, clock=ticking) as store:
        store.commit([sorted_reading])
        judge(store, [judgement(store, sorted_reading.claims[0])])
        expected = state(store)
        backup(tmp_path / "store", tmp_path / "saved")
    restore(tmp_path / "saved", tmp_path / "again")
    with open_store(tmp_path / "again") as store:
        assert state(store) == expected
        assert len(store.reading(sorted_reading.document.id).judgements) == 1
