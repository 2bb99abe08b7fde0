"""What the gate did not admit: kept with its document, in no graph, and met by nothing that asks the graph."""

import json
from dataclasses import replace

import pytest

from kg.errors import InvalidRecord, UnknownDocument
from kg.model import Entity, Outcome
from kg.store import CommitResult, backup, check, open_store, restore, salvage, verify
from kg.store.json_codec import claim_from, claim_record


def ids(claims):
    return {claim.id for claim in claims}


def test_candidates_are_kept_beside_the_claims_in_a_fixed_order(store, sorted_reading):
    done = store.commit([sorted_reading])
    assert done.claims == len(sorted_reading.claims)
    refused, to_review = sorted_reading.candidates
    candidates = list(store.candidates())
    assert candidates == [replace(c, recorded_at="2025-04-01T08:00:00Z") for c in (to_review, refused)]
    assert [entity.aliases for c in candidates for entity in c.entities] == [
        entity.aliases for c in (to_review, refused) for entity in c.entities
    ]


def test_candidates_can_be_narrowed(store, sorted_reading, readings):
    store.commit([sorted_reading, readings[1]])
    refused, to_review = sorted_reading.candidates
    assert ids(store.candidates(outcomes=[Outcome.TO_REVIEW])) == {to_review.id}
    assert ids(store.candidates(outcomes=[Outcome.REFUSED, Outcome.TO_REVIEW])) == {refused.id, to_review.id}
    assert ids(store.candidates(document="rivals.txt")) == set()
    assert ids(store.candidates(document="deal.txt", entity=refused.object.id)) == ids(
        c for c in sorted_reading.candidates if refused.object in c.entities
    )
    assert list(store.candidates(entity="company/nobody")) == []
    with pytest.raises(UnknownDocument):
        list(store.candidates(document="nowhere"))


def test_no_graph_holds_a_candidate(store, sorted_reading):
    shadow = Entity("company/shadow", "Shadow", "Company", ("Shadow",))
    unknown = replace(sorted_reading.candidates[0], object=shadow)
    store.commit([replace(sorted_reading, candidates=(*sorted_reading.candidates, unknown))])
    assert ids(store.claims()) == ids(store.history()) == ids(sorted_reading.claims)
    assert "company/shadow" not in ids(store.entities())
    assert ids(store.candidates(entity="company/shadow")) == {unknown.id}
    assert store.claims_table().num_rows == len(sorted_reading.claims)
    assert not store.query(f"ASK {{ ?s ?p <{store.base}company/shadow> }}")
    nodes = {str(quad.subject) for quad in store.quads()}
    assert not any(candidate.id in node for candidate in sorted_reading.candidates for node in nodes)


def test_the_notes_of_an_admitted_claim_are_kept(store, sorted_reading):
    store.commit([sorted_reading])
    assert {c.reasons for c in store.claims()} == {(), ("UNREADABLE_TERM",)}
    assert len(list(store.query('SELECT ?c { ?c kg:reason "UNREADABLE_TERM" }'))) == 1


def test_what_changes_candidates_alone_is_written(store, sorted_reading):
    store.commit([sorted_reading])
    assert store.commit([sorted_reading]) == CommitResult(unchanged=1)
    one, two = sorted_reading.candidates
    for candidates in ((one,), (replace(one, reasons=("SENSE",)),), (replace(one, confidence=0.3),), (one, two), ()):
        done = store.commit([replace(sorted_reading, candidates=candidates)])
        assert (done.documents, done.claims, done.retracted) == (1, 0, 0)
        assert [(c.id, c.reasons, c.confidence) for c in store.candidates()] == sorted(
            ((c.id, c.reasons, c.confidence) for c in candidates),
            key=lambda found: [c.id for c in (two, one)].index(found[0]),
        )


def test_a_candidate_keeps_its_time_and_has_another_when_it_is_admitted(store, sorted_reading):
    one, two = sorted_reading.candidates
    store.commit([replace(sorted_reading, candidates=(one,))])
    store.commit([sorted_reading])
    assert {c.id: c.recorded_at[8:10] for c in store.candidates()} == {one.id: "01", two.id: "02"}
    admitted = replace(two, outcome=Outcome.ADMITTED, reasons=())
    done = store.commit([replace(sorted_reading, claims=(*sorted_reading.claims, admitted))])
    assert done.claims == 1
    assert ids(store.candidates()) == {one.id}
    assert store.claim(two.id).recorded_at[8:10] == "03"


def test_a_document_takes_its_candidates_with_it(store, sorted_reading):
    store.commit([sorted_reading])
    store.forget("deal.txt")
    assert list(store.candidates()) == []
    store.commit([replace(sorted_reading, candidates=())])
    assert list(store.candidates()) == []


def test_only_admitted_claims_enter_the_graph(store, sorted_reading):
    [*_, candidate] = sorted_reading.candidates
    with pytest.raises(InvalidRecord, match="is to-review: only admitted claims enter the graph"):
        store.commit([replace(sorted_reading, claims=(candidate,))])
    with pytest.raises(InvalidRecord, match="stands among the candidates"):
        store.commit([replace(sorted_reading, candidates=(sorted_reading.claims[0],))])
    misquoted = replace(candidate.evidence[0], start=1, end=1 + len(candidate.evidence[0].quote))
    with pytest.raises(InvalidRecord, match="does not say"):
        store.commit([replace(sorted_reading, candidates=(replace(candidate, evidence=(misquoted,)),))])


def test_the_store_is_whole_and_its_candidates_are_verified(store, sorted_reading):
    store.commit([sorted_reading])
    assert check(store).violations == ()
    assert verify(store).counts["candidates"] == 2


def test_a_candidate_is_a_record_that_says_its_outcome(sorted_reading):
    refused = sorted_reading.candidates[0]
    record = json.loads(json.dumps(claim_record(refused)))
    assert (record["outcome"], record["reasons"]) == ("refused", ["KIND", "UNREADABLE_TERM"])
    assert claim_from(record) == refused
    assert not {"outcome", "reasons"} & claim_record(sorted_reading.claims[1]).keys()
    with pytest.raises(InvalidRecord, match="not whole"):
        claim_from(record | {"outcome": "perhaps"})


def test_candidates_survive_backup_salvage_and_an_index_made_again(tmp_path, sorted_reading):
    with open_store(tmp_path / "store", write=True) as store:
        store.commit([sorted_reading])
        candidates = list(store.candidates())
    backup(tmp_path / "store", tmp_path / "saved")
    restore(tmp_path / "saved", tmp_path / "restored")
    salvage(tmp_path / "saved", tmp_path / "salvaged")
    for name in ("store", "restored", "salvaged"):
        with open_store(tmp_path / name) as store:
            assert list(store.candidates(entity=candidates[0].subject.id)) == [
                c for c in candidates if candidates[0].subject in c.entities
            ]
            assert verify(store).violations == ()


def test_many_documents_at_once_keep_their_candidates(tmp_path, sorted_reading):
    def renamed(number):
        document = replace(sorted_reading.document, id=f"{number}.txt")
        claims, candidates = (
            tuple(replace(c, evidence=tuple(replace(e, document=document.id) for e in c.evidence)) for c in side)
            for side in (sorted_reading.claims, sorted_reading.candidates)
        )
        return replace(sorted_reading, document=document, claims=claims, candidates=candidates)

    with open_store(tmp_path / "store", write=True) as store:
        store.commit(map(renamed, range(70)))
        assert len(list(store.candidates())) == 140
        assert verify(store).violations == ()


def test_a_reading_is_given_back_as_it_was_committed(store, sorted_reading):
    store.commit([sorted_reading])
    reading = store.reading("deal.txt")
    assert (reading.document, reading.reader) == (sorted_reading.document, sorted_reading.reader)
    for side in ("claims", "candidates"):
        given, kept = ({c.id: c for c in getattr(r, side)} for r in (sorted_reading, reading))
        assert kept == {id_: replace(claim, recorded_at="2025-04-01T08:00:00Z") for id_, claim in given.items()}
        assert {id_: c.subject.aliases for id_, c in kept.items()} == {
            id_: c.subject.aliases for id_, c in given.items()
        }
    assert store.commit([reading]) == CommitResult(unchanged=1)
    with pytest.raises(UnknownDocument):
        store.reading("nowhere")


def test_a_text_of_many_long_candidates_is_kept_whole(store, sorted_reading):
    [_, candidate] = sorted_reading.candidates
    candidate = replace(candidate, evidence=(candidate.evidence[0],) * 9)
    many = tuple(
        replace(candidate, qualifiers=replace(candidate.qualifiers, goods=f"{number} {'words ' * 100}"))
        for number in range(200)
    )
    store.commit([replace(sorted_reading, candidates=many)])
    assert ids(store.candidates()) == ids(many)
    assert store.commit([replace(sorted_reading, candidates=many)]).unchanged == 1
    store.commit([sorted_reading])
    assert len(list(store.candidates())) == 2
