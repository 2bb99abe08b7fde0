"""Two names, one company, or one name, two: every kind of store follows at once, and restores what there was."""

from dataclasses import replace

import pytest

from kg.errors import InvalidRecord
from kg.export import export
from kg.judgements import IdentityJudgement, IdentityVerdict, Judgement, Part, Verdict
from kg.model import Entity, Outcome
from kg.query import dossier, find_entity
from kg.store import CommitResult, DocumentClaims, backup, check, judge, open_store, restore

SAME, DIFFERENT, UNSURE = IdentityVerdict.SAME, IdentityVerdict.DIFFERENT, IdentityVerdict.UNSURE
EDGES = "SELECT ?s ?p ?o { ?p a kg:Relation . ?s ?p ?o }"
HOLDINGS = Entity("company/coreweaveholdings", "CoreWeave Holdings", "Company", ("CoreWeave Holdings",))
COREWEAVE = Entity("company/coreweave", "CoreWeave", "Company")
OTHER = Entity("company/coreweave-2", "CoreWeave (2)", "Company")


def say(verdict, one=COREWEAVE, other=HOLDINGS, day=1, **more):
    return IdentityJudgement(verdict, one, other, more.pop("author", "ada"), f"2026-01-{day:02}T00:00:00Z", **more)


def undo(word, day=9):
    return IdentityJudgement(UNSURE, word.one, word.other, "ada", f"2026-01-{day:02}T00:00:00Z", undoes=word.id)


def edges(store):
    return {tuple(term.value.rpartition("/")[2].rpartition("#")[2] for term in row) for row in store.query(EDGES)}


def said(claims):
    """Claims without the times of their recording, which an undoing is not to set back."""
    return [replace(claim, recorded_at=None) for claim in claims]


def graph(store):
    """The graph without who said what of it, and without times of recording."""
    quads = (str(quad) for quad in store.quads() if "identities" not in str(quad.graph_name))
    return {quad for quad in quads if "recordedAt" not in quad}


def renamed(claim):
    ends = {COREWEAVE.id: HOLDINGS}
    object_ = claim.object if not isinstance(claim.object, Entity) else ends.get(claim.object.id, claim.object)
    return replace(claim, subject=ends.get(claim.subject.id, claim.subject), object=object_)


@pytest.fixture
def two(store, readings):
    """A store in which the French document calls CoreWeave otherwise, and so makes two of it."""
    french, english = readings
    reading = replace(french, claims=tuple(map(renamed, french.claims)))
    store.commit([reading, english])
    return reading


@pytest.mark.usefixtures("two")
def test_merged_names_are_one_in_edges_claims_entities_and_sparql(store):
    assert ("nvidia", "holdsStake", "coreweaveholdings") in edges(store)
    store.commit(identities=[say(SAME)])
    assert not any("coreweaveholdings" in edge for edge in edges(store))
    assert ("nvidia", "holdsStake", "coreweave") in edges(store)
    assert HOLDINGS.id not in {end.id for claim in store.claims() for end in claim.entities}
    [entity] = [entity for entity in store.entities() if entity.id == COREWEAVE.id]
    assert "CoreWeave Holdings" in entity.aliases
    assert find_entity(store, "CoreWeave Holdings").id == COREWEAVE.id
    rows = store.query(
        f'SELECT ?one ?other {{ ?one skos:exactMatch ?other FILTER(STRSTARTS(STR(?other), "{store.base}")) }}'
    )
    assert [tuple(term.value for term in row) for row in rows] == [
        (f"{store.base}company/coreweave", f"{store.base}company/coreweaveholdings")
    ]
    assert check(store).violations == ()


@pytest.mark.usefixtures("two")
def test_who_said_so_is_an_activity_of_prov(store):
    store.commit(identities=[say(SAME, tool="test")])
    rows = list(
        store.query(
            "SELECT ?verdict ?at ?who ?tool { ?j a kg:IdentityJudgement ; kg:verdict ?verdict ; kg:tool ?tool ;"
            " prov:endedAtTime ?at ; prov:wasAssociatedWith ?who }"
        )
    )
    [(verdict, at, who, tool)] = [tuple(term.value for term in row) for row in rows]
    assert (verdict, at, who, tool) == ("same", "2026-01-01T00:00:00Z", f"{store.base}reader/person/ada", "test")


def test_taking_it_back_restores_exactly_what_there_was(store, two):
    before = said(store.claims()), said(store.candidates()), graph(store), list(store.entities())
    word = say(SAME)
    store.commit(identities=[word])
    assert said(store.claims()) != before[0]
    store.commit(identities=[undo(word)])
    assert (said(store.claims()), said(store.candidates()), graph(store), list(store.entities())) == before
    assert store.reading(two.document.id).as_read == ()
    assert len(store.identities.judgements) == 2
    assert check(store).violations == ()


def test_another_reader_keeps_it(store, two):
    store.commit(identities=[say(SAME)])
    again = tuple(replace(claim, method="reader/2", confidence=0.9) for claim in two.claims)
    store.commit([replace(two, claims=again, reader="reader/2")])
    assert ("nvidia", "holdsStake", "coreweave") in edges(store)
    assert HOLDINGS.id not in {end.id for claim in store.claims() for end in claim.entities}
    assert store.commit([replace(two, claims=again, reader="reader/2")]) == CommitResult(unchanged=1)


@pytest.mark.usefixtures("two")
def test_the_same_word_twice_changes_nothing(store, state):
    store.commit(identities=[say(SAME)])
    before = state(store)
    assert store.commit(identities=[say(SAME), say(SAME)]) == CommitResult()
    assert state(store) == before


def test_it_holds_for_documents_that_come_later(store, two):
    store.commit(identities=[say(SAME)])
    store.forget(two.document.id)
    assert len(store.identities.judgements) == 1
    store.commit([two])
    assert HOLDINGS.id not in {end.id for claim in store.claims() for end in claim.entities}


@pytest.mark.usefixtures("two")
def test_a_negative_wins_and_a_merge_against_it_is_left_out(store):
    store.commit(identities=[say(DIFFERENT, author="bob")])
    merge = say(SAME, day=2)
    done = store.commit(identities=[merge])
    assert (done.claims, done.retracted) == (0, 0)
    assert store.identities.conflicts == {merge.id}
    assert ("nvidia", "holdsStake", "coreweaveholdings") in edges(store)


def test_a_name_in_one_document_is_split_off_and_given_back(store, readings):
    store.commit(readings)
    before = said(store.claims()), graph(store)
    french = readings[0].document.id
    word = say(DIFFERENT, other=OTHER, mention="CoreWeave", documents=(french,))
    store.commit(identities=[word])
    assert {claim.document for claim in store.claims(entity=OTHER.id)} == {french}
    assert {claim.document for claim in store.claims(entity=COREWEAVE.id)} == {readings[1].document.id}
    assert ("nvidia", "holdsStake", "coreweave-2") in edges(store)
    assert check(store).violations == ()
    store.commit(identities=[undo(word)])
    assert (said(store.claims()), graph(store)) == before


def test_a_split_of_what_was_split_is_followed_back(store, readings):
    store.commit(readings)
    french, third = readings[0].document.id, replace(OTHER, id="company/coreweave-3")
    words = [
        say(DIFFERENT, other=OTHER, mention="CoreWeave"),
        say(DIFFERENT, one=OTHER, other=third, mention="CoreWeave", day=2),
    ]
    for word in words:
        store.commit(identities=[word])
    assert {claim.document for claim in store.claims(entity=third.id)} >= {french}
    store.commit(identities=[undo(words[1])])
    assert not list(store.claims(entity=third.id))
    assert {claim.document for claim in store.claims(entity=OTHER.id)} >= {french}


def judgement(store, claim, verdict=Verdict.WRONG, day=3, **more):
    at = f"2026-01-{day:02}T00:00:00Z"
    return Judgement(verdict, claim, store.document(claim.document).sha256, "ada", at, **more)


def stake(store, document):
    both = (*store.claims(document=document), *store.candidates(document=document))
    return next(claim for claim in both if claim.relation == "holds-stake" and claim.subject.id == "company/nvidia")


def test_what_was_rejected_before_a_merge_stays_out_after_it_and_after_it_is_taken_back(store, two):
    judge(store, [judgement(store, stake(store, two.document.id), part=Part.NOT_STATED)])
    word = say(SAME)
    for said_ in (word, undo(word)):
        store.commit(identities=[said_])
        assert stake(store, two.document.id).outcome is Outcome.REFUSED
    assert check(store).violations == ()


def test_what_was_rejected_under_a_merge_stays_out_when_it_is_taken_back(store, two):
    word = say(SAME)
    store.commit(identities=[word])
    shown = stake(store, two.document.id)
    assert shown.object.id == COREWEAVE.id
    judge(store, [judgement(store, shown)])
    assert stake(store, two.document.id).outcome is Outcome.REFUSED
    store.commit(identities=[undo(word)])
    again = stake(store, two.document.id)
    assert (again.object.id, again.outcome) == (HOLDINGS.id, Outcome.REFUSED)


def test_a_claim_of_ones_own_follows_a_merge_and_back(store, two):
    claim = stake(store, two.document.id)
    judge(store, [judgement(store, claim, Verdict.RIGHT)])
    store.commit([replace(two, claims=tuple(c for c in two.claims if c.id != claim.id), reader="reader/2")])
    word = say(SAME)
    store.commit(identities=[word])
    assert (stake(store, two.document.id).object.id, stake(store, two.document.id).method) == (
        COREWEAVE.id,
        "person/ada",
    )
    store.commit(identities=[undo(word)])
    assert stake(store, two.document.id).id == claim.id


@pytest.mark.usefixtures("two")
def test_dossier_and_exports_follow(store, tmp_path):
    store.commit(identities=[say(SAME)])
    told = dossier(store, "CoreWeave Holdings")
    assert {claim.document for claim in store.claims(entity=told.entity.id)} == {"deal.txt", "rivals.txt"}
    for name in ("jsonl", "nquads", "csv"):
        path = tmp_path / name
        with path.open("wb") as out:
            export(store, name, out)
        text = path.read_text()
        lines = [line for line in text.splitlines() if "identities" not in line and "judgement" not in line]
        assert not any("coreweaveholdings" in line for line in lines), name


@pytest.mark.usefixtures("two")
def test_what_no_graph_could_hold_is_refused_before_anything_is_written(store, state):
    before = state(store)
    reserved = Entity("claim/x", "X", "Company")
    with pytest.raises(InvalidRecord, match="no id of an entity"):
        store.commit(identities=[say(SAME, other=reserved)])
    assert state(store) == before


# ---------------------------------------------------------------------------------- where there is a journal
def test_the_order_of_events_does_not_matter(journalled, readings, ticking):
    french, english = readings
    reading = replace(french, claims=tuple(map(renamed, french.claims)))
    words = [say(SAME), say(DIFFERENT, other=OTHER, mention="CoreWeave", documents=("rivals.txt",), day=2)]
    journalled.commit([reading])
    journalled.commit(identities=words[:1])
    claim = stake(journalled, "deal.txt")
    journalled.commit([english])
    judge(journalled, [judgement(journalled, claim)])
    journalled.commit(identities=words[1:])
    with open_store(None, write=True, clock=ticking, today=journalled.today) as other:
        other.commit([english, reading])
        other.commit(identities=words[::-1])
        judge(other, [judgement(other, claim)])
        assert said(other.claims()) == said(journalled.claims())
        assert graph(other) == graph(journalled)


def test_history_has_what_was_believed_on_each_day(journalled, readings):
    french, english = readings
    journalled.commit([replace(french, claims=tuple(map(renamed, french.claims))), english])
    journalled.commit(identities=[say(SAME)])
    lives = [c for c in journalled.history() if c.document == "deal.txt" and c.relation == "holds-stake"]
    about = {
        (c.object.id, c.recorded_at[:10], (c.retracted_at or "")[:10]) for c in lives if c.subject.id.endswith("ia")
    }
    assert about == {(HOLDINGS.id, "2025-04-01", "2025-04-02"), (COREWEAVE.id, "2025-04-02", "")}


def test_it_outlives_index_backup_and_restoring(tmp_path, readings, ticking, state):
    french, english = readings
    with open_store(tmp_path / "store", write=True, clock=ticking) as store:
        store.commit([replace(french, claims=tuple(map(renamed, french.claims))), english])
        store.commit(identities=[say(SAME)])
        expected = state(store)
        backup(tmp_path / "store", tmp_path / "saved")
    with open_store(tmp_path / "store", write=True) as store:
        assert state(store) == expected
        assert check(store).violations == ()
    restore(tmp_path / "saved", tmp_path / "again")
    with open_store(tmp_path / "again", write=True) as store:
        assert state(store) == expected
        assert check(store).violations == ()
        store.commit(identities=[undo(say(SAME))])
        assert ("nvidia", "holdsStake", "coreweaveholdings") in edges(store)


def test_many_documents_are_merged_in_one_commit(tmp_path, readings):
    french = readings[0]
    many = [_copy(french, f"{number}.txt") for number in range(80)]
    with open_store(tmp_path / "store", write=True) as store:
        store.commit(many)
        done = store.commit(identities=[say(SAME)])
        assert done.documents == 80
        assert check(store).violations == ()
    with open_store(tmp_path / "store") as store:
        assert not list(store.claims(entity=HOLDINGS.id))


def _copy(reading, id_):
    claims = [
        replace(renamed(claim), evidence=tuple(replace(place, document=id_) for place in claim.evidence))
        for claim in reading.claims
    ]
    return DocumentClaims(replace(reading.document, id=id_), tuple(claims))
