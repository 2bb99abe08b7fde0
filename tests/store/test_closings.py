"""A document that was read to the end says so in every kind of store, for as long as its text stays the same."""

import json
from dataclasses import replace

import pytest

from kg.errors import InvalidRecord, UnknownDocument
from kg.judgements import (
    Closing,
    ClosingState,
    IdentityJudgement,
    IdentityVerdict,
    Judgement,
    Part,
    Verdict,
    closing_states,
)
from kg.model import Entity
from kg.store import CommitResult, backup, check, close_document, closed, judge, open_store, restore
from kg.store.closing_codec import closing_from, closing_record

COREWEAVE = Entity("company/coreweave", "CoreWeave", "Company")
HOLDINGS = Entity("company/coreweaveholdings", "CoreWeave Holdings", "Company", ("CoreWeave Holdings",))


def ids(claims):
    return {claim.id for claim in claims}


def closing(store, document, at="2026-01-01T00:00:00Z", **more):
    reading = store.reading(document)
    return Closing(document, reading.document.sha256, "ada", at, reading.claims, "test", reading.reader, **more)


def states(store, document):
    return [state for _, state in closing_states(store.reading(document).closings, store.document(document).sha256)]


@pytest.fixture
def told(store, sorted_reading, readings):
    store.commit([sorted_reading, readings[1]])
    return sorted_reading


@pytest.mark.usefixtures("told")
def test_a_closing_is_kept_and_changes_no_claim(store):
    before = ids(store.claims())
    word = closing(store, "deal.txt")
    assert close_document(store, word) == CommitResult(documents=1)
    assert close_document(store, word) == CommitResult(unchanged=1)
    assert store.reading("deal.txt").closings == (word,)
    assert store.reading("rivals.txt").closings == ()
    assert ids(store.claims()) == before
    assert check(store).violations == ()


def test_it_outlives_another_reader_and_holds_what_held_when_it_was_made(store, told):
    close_document(store, closing(store, "deal.txt"))
    fewer, more = told.claims[:1], replace(told.candidates[1], reasons=(), outcome=told.claims[0].outcome)
    store.commit([replace(told, claims=(*fewer, more), candidates=(), reader="reader/2")])
    found = closed(store.reading("deal.txt"))
    assert ids(found.claims) == ids(told.claims)
    assert ids(found.found) == ids(fewer)
    assert ids(found.read) == ids([*fewer, more])


def test_what_is_judged_afterwards_counts_in_it(store, told):
    close_document(store, closing(store, "deal.txt"))
    (wrong, _), (_, missed) = told.claims, told.candidates
    sha = told.document.sha256
    judge(store, [Judgement(Verdict.WRONG, wrong, sha, "ada", "2026-01-02T00:00:00Z", Part.NOT_STATED)])
    judge(store, [Judgement(Verdict.RIGHT, missed, sha, "ada", "2026-01-02T00:00:00Z")])
    found = closed(store.reading("deal.txt"))
    assert ids(found.claims) == ids(told.claims) - {wrong.id} | {missed.id}
    assert ids(found.found) == ids(told.claims) - {wrong.id}
    assert ids(found.read) == ids(told.claims)


def test_a_text_that_has_changed_is_not_read_to_the_end_and_is_listed(store, told):
    close_document(store, closing(store, "deal.txt"))
    document = replace(told.document, text=told.document.text + "Et encore.\n")
    store.commit([replace(told, document=document)])
    assert closed(store.reading("deal.txt")) is None
    assert states(store, "deal.txt") == [ClosingState.CHANGED]
    store.commit([told])
    assert states(store, "deal.txt") == [ClosingState.HOLDS]


@pytest.mark.usefixtures("told")
def test_it_is_taken_back_and_the_one_before_counts_again(store):
    first = closing(store, "deal.txt")
    second = closing(store, "deal.txt", "2026-01-02T00:00:00Z")
    close_document(store, first)
    close_document(store, second)
    assert states(store, "deal.txt") == [ClosingState.REPLACED, ClosingState.HOLDS]
    close_document(store, closing(store, "deal.txt", "2026-01-03T00:00:00Z", undoes=second.id))
    assert states(store, "deal.txt") == [ClosingState.HOLDS, ClosingState.TAKEN_BACK, ClosingState.TAKES_BACK]
    assert closed(store.reading("deal.txt")).closing == first


@pytest.mark.usefixtures("told")
def test_sparql_finds_who_closed_what(store):
    close_document(store, closing(store, "deal.txt"))
    rows = store.query(
        "SELECT ?document ?who ?at { ?closing a kg:Closing ; prov:used ?node ; prov:wasAssociatedWith ?who ;"
        " prov:endedAtTime ?at ; kg:textSha256 ?hash . ?node schema:identifier ?document ; schema:sha256 ?hash }"
    )
    [(document, who, at)] = [tuple(value.value for value in row) for row in rows]
    assert (document, who, at) == ("deal.txt", f"{store.base}reader/person/ada", "2026-01-01T00:00:00Z")


@pytest.mark.usefixtures("told")
def test_a_document_that_is_not_there_cannot_be_closed(store):
    word = closing(store, "deal.txt")
    store.forget("deal.txt")
    with pytest.raises(UnknownDocument):
        close_document(store, word)


@pytest.fixture
def two(store, readings):
    """A store in which the French document calls CoreWeave otherwise, and so makes two of it."""
    french, english = readings
    reading = replace(french, claims=tuple(map(renamed, french.claims)))
    store.commit([reading, english])
    return reading


def renamed(claim):
    ends = [
        HOLDINGS if isinstance(end, Entity) and end.id == COREWEAVE.id else end for end in (claim.subject, claim.object)
    ]
    return replace(claim, subject=ends[0], object=ends[1])


def merged(day, **more):
    word = IdentityVerdict.UNSURE if more else IdentityVerdict.SAME
    return IdentityJudgement(word, COREWEAVE, HOLDINGS, "ada", f"2026-01-{day:02}T00:00:00Z", **more)


def now(store, document="deal.txt"):
    return closed(store.reading(document), store.identities)


def said(found):
    """What a closed document tells, without times of recording, which no undoing sets back."""
    parts = (found.claims, found.found, found.read)
    return [sorted((replace(one, recorded_at=None) for one in part), key=lambda one: one.id) for part in parts]


def names(found):
    return {entity.id for claim in found.claims for entity in claim.entities}


def test_what_held_is_told_under_the_names_of_today_and_undoing_gives_back_what_there_was(store, two):
    close_document(store, closing(store, "deal.txt"))
    before = now(store)
    assert HOLDINGS.id in names(before)
    word = merged(2)
    store.commit(identities=[word])
    during = now(store)
    assert HOLDINGS.id not in names(during)
    assert COREWEAVE.id in names(during)
    assert ids(during.claims) == ids(during.found) == ids(during.read) == ids(store.reading("deal.txt").claims)
    store.commit([replace(two, claims=two.claims[:1], reader="reader/2")])
    assert ids(now(store).claims) == ids(during.claims)
    store.commit([two])
    store.commit(identities=[merged(3, undoes=word.id)])
    assert said(now(store)) == said(before)
    assert now(store).closing == before.closing
    assert check(store).violations == ()


def test_a_document_closed_under_a_merge_is_closed_without_it_too(store, two):
    word = merged(1)
    store.commit(identities=[word])
    assert close_document(store, closing(store, "deal.txt")) == CommitResult(documents=1)
    assert close_document(store, closing(store, "deal.txt")) == CommitResult(unchanged=1)
    assert HOLDINGS.id not in names(now(store))
    store.commit(identities=[merged(3, undoes=word.id)])
    assert ids(now(store).claims) == ids(now(store).found) == ids(two.claims)
    assert states(store, "deal.txt") == [ClosingState.HOLDS]
    store.commit(identities=[merged(4)])
    assert HOLDINGS.id not in names(now(store))


def test_what_is_wrong_in_a_closed_document_is_told_under_the_names_of_today(store, two):
    wrong = next(claim for claim in two.claims if HOLDINGS.id in {entity.id for entity in claim.entities})
    judge(store, [Judgement(Verdict.WRONG, wrong, two.document.sha256, "ada", "2026-01-01T00:00:00Z", Part.NOT_STATED)])
    close_document(store, closing(store, "deal.txt"))
    store.commit(identities=[merged(2)])
    [trap] = now(store).rejected
    assert COREWEAVE.id in {entity.id for entity in trap.claim.entities}
    assert trap.claim.id not in ids(now(store).claims)


def test_closings_outlive_index_backup_and_restoring(tmp_path, sorted_reading, ticking, state):
    with open_store(tmp_path / "store", write=True, clock=ticking) as store:
        store.commit([sorted_reading])
        close_document(store, closing(store, "deal.txt"))
        expected = state(store)
        backup(tmp_path / "store", tmp_path / "saved")
    restore(tmp_path / "saved", tmp_path / "again")
    with open_store(tmp_path / "again") as store:
        assert state(store) == expected
        assert len(store.reading("deal.txt").closings) == 1


@pytest.fixture
def record(sorted_reading):
    word = Closing("deal.txt", sorted_reading.document.sha256, "ada", "2026-01-01T00:00:00Z", sorted_reading.claims)
    return json.loads(json.dumps(closing_record(word)))


def test_a_record_gives_the_closing_back(record):
    assert closing_record(closing_from(record)) == record


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"author": " "}, "needs an author"),
        ({"at": "yesterday"}, "is no UTC time"),
        ({"at": None}, "is not whole"),
        ({"more": 1}, r"the unknown \['more'\]"),
        ({"author": "bob"}, "changed after it was made"),
        ({"document": "rivals.txt"}, "holds a claim of 'deal.txt'"),
        ({"claims": 3}, "is not whole"),
    ],
)
def test_a_record_that_is_none_is_refused_in_a_line(record, change, message):
    with pytest.raises(InvalidRecord, match=message) as refused:
        closing_from(record | change)
    assert "\n" not in str(refused.value)
    with pytest.raises(InvalidRecord, match="must be an object"):
        closing_from([record])
