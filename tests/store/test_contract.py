"""What every store does, whatever keeps it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from kg.errors import InvalidRecord, OntologyError, StoreError, UnknownDocument
from kg.facts.periods import own_period
from kg.model import Entity, Figure, Modality
from kg.store import CommitResult, DocumentClaims, check

EDGES = "SELECT ?s ?p ?o { ?p a kg:Relation . ?s ?p ?o }"


def edges(store):
    return {tuple(term.value.rpartition("/")[2].rpartition("#")[2] for term in row) for row in store.query(EDGES)}


def test_what_goes_in_comes_out(store, readings):
    done = store.commit(readings)
    assert done == CommitResult(documents=2, claims=11, edges_added=8)
    assert list(store.documents()) == [reading.document for reading in readings]
    claims = list(store.claims())
    assert {c.id for c in claims} == {c.id for reading in readings for c in reading.claims}
    expected = {c.id: c for reading in readings for c in reading.claims}
    assert all(claim == replace(expected[claim.id], recorded_at="2025-04-01T08:00:00Z") for claim in claims)
    assert [(c.document, c.evidence[0].start) for c in claims] == sorted(
        (c.document, c.evidence[0].start) for c in claims
    )


def test_claims_between_entities_that_hold_today_give_edges(store, readings):
    store.commit(readings)
    assert edges(store) == {
        ("coreweave", "supplies", "openai"),
        ("coreweave", "supplies", "microsoft"),
        ("nvidia", "holdsStake", "coreweave"),
        ("microsoft", "investsIn", "openai"),
        ("openai", "competesWith", "microsoft"),
        ("openai", "partnersWith", "softbank"),
        ("openai", "partnersWith", "oracle"),
        ("oracle", "participatesIn", "stargate"),
    }


def test_an_end_that_has_passed_gives_no_edge_one_ahead_does(store, readings):
    french = readings[0]
    for end, expected in (("2024", 0), ("2025-03-31", 0), ("2025", 1), ("2030-01", 1)):
        nvidia = french.claims[3]
        claim = replace(nvidia, qualifiers=replace(nvidia.qualifiers, end=end))
        store.commit([replace(french, claims=(claim,))])
        assert len(edges(store)) == expected, end


def test_a_figure_is_kept_and_gives_no_edge(store, readings):
    french = readings[0]
    debt = replace(french.claims[3], relation="debt", object=Figure(Decimal("8.500E+9"), "USD"))
    store.commit([replace(french, claims=(debt,))])
    assert next(store.claims()).object == Figure(Decimal(8_500_000_000), "USD")
    assert edges(store) == set()


def test_claims_can_be_narrowed(store, readings):
    store.commit(readings)
    claims = list(store.claims())
    expected = [claims[7].id, claims[0].id, claims[4].id]
    assert list(store.claims(ids=[*expected, "none such"])) == [claims[0], claims[4], claims[7]]
    assert list(store.claims(ids=[])) == []
    assert list(store.claims(document="rivals.txt", ids=expected)) == [
        c for c in claims if c.id in expected and c.document == "rivals.txt"
    ]
    about = [claim for claim in claims if "company/nvidia" in {claim.subject.id, claim.object.id}]
    assert list(store.claims(entity="company/nvidia", ids=[claim.id for claim in claims])) == about


def test_reading_again_changes_nothing(store, readings, state):
    store.commit(readings)
    before = state(store)
    assert store.commit(readings) == CommitResult(unchanged=2)
    assert store.commit(reversed(readings)) == CommitResult(unchanged=2)
    assert state(store) == before


def test_one_document_given_twice_in_a_commit_is_the_later_one(store, readings):
    french = readings[0]
    done = store.commit([french, replace(french, claims=french.claims[:1])])
    assert (done.documents, done.claims) == (1, 1)
    assert len(list(store.claims())) == 1


def test_a_newer_reader_keeps_what_it_finds_again_and_withdraws_what_it_does_not(store, readings):
    store.commit(readings)
    french = readings[0]
    newer = replace(french, claims=tuple(replace(c, method="rules/2") for c in french.claims[1:]), reader="reader/2")
    assert store.commit([newer]) == CommitResult(documents=1, retracted=1, edges_removed=1)
    claims = {c.id: c for c in store.claims(document="deal.txt")}
    assert {c.recorded_at for c in claims.values()} == {"2025-04-01T08:00:00Z"}
    assert {c.method for c in claims.values()} == {"rules/2"}
    withdrawn = [c for c in store.history() if c.retracted_at]
    assert [(c.id, c.retracted_at) for c in withdrawn] == [(french.claims[0].id, "2025-04-02T08:00:00Z")]


def test_a_claim_withdrawn_and_found_again_has_two_lives(store, readings):
    french = readings[0]
    for claims in (french.claims[:1], (), french.claims[:1]):
        store.commit([replace(french, claims=claims)])
    lives = [(c.recorded_at, c.retracted_at) for c in store.history()]
    assert lives == [("2025-04-01T08:00:00Z", "2025-04-02T08:00:00Z"), ("2025-04-03T08:00:00Z", None)]


def test_is_current_sees_text_metadata_and_reader_but_not_the_place(store, readings):
    document = readings[0].document
    assert not store.is_current(document, "reader/1")
    store.commit(readings)
    assert store.is_current(document, "reader/1")
    assert store.is_current(replace(document, source="/elsewhere/deal.txt"), "reader/1")
    assert not store.is_current(document, "reader/2")
    for change in ({"text": document.text + " "}, {"title": "x"}, {"published": "2025-03"}, {"lang": "en"}):
        assert not store.is_current(replace(document, **change), "reader/1"), change


def test_a_document_without_claims_is_kept_and_current(store, readings):
    store.commit([replace(readings[0], claims=())])
    assert store.is_current(readings[0].document, "reader/1")
    assert list(store.claims(document="deal.txt")) == []


def test_forgetting_takes_what_only_that_document_said(store, readings, state):
    english = readings[1]
    store.commit([english])
    alone = state(store)
    store.commit(readings[:1])
    assert store.forget("deal.txt") == CommitResult(documents=1, retracted=4, edges_removed=2)
    # Nvidia's stake has a second source, and so its edge stays.
    assert ("nvidia", "holdsStake", "coreweave") in edges(store)
    now = state(store)
    assert (now[0], now[1], now[2], now[4]) == (alone[0], alone[1], alone[2], alone[4])
    assert sum(c.retracted_at is not None for c in store.history()) == 4
    assert store.forget("rivals.txt").edges_removed == 6
    assert list(store.entities()) == []
    # What is left is the day for which there would be edges.
    assert [quad.predicate.value.rpartition("#")[2] for quad in store.quads()] == ["today"]
    store.commit(readings)
    assert len(list(store.claims())) == 11


def test_claims_of_a_document_of_an_entity_of_both(store, readings):
    store.commit(readings)
    french, english = ({c.id for c in reading.claims} for reading in readings)
    assert {c.id for c in store.claims(document="deal.txt")} == french
    nvidia = list(store.claims(entity="company/nvidia"))
    assert [c.document for c in nvidia] == ["deal.txt", "rivals.txt"]
    assert [c.id for c in store.claims(document="rivals.txt", entity="company/nvidia")] == [nvidia[1].id]
    assert {c.id for c in store.claims(entity="programme/stargate")} <= english
    assert list(store.claims(entity="company/nobody")) == []
    assert store.claim(nvidia[0].id) == nvidia[0]


def test_nothing_is_left_of_a_forgotten_document(store, readings):
    store.commit(readings)
    store.forget("deal.txt")
    # Virtuoso gives a row without a graph for the first.
    listed = store.query("SELECT DISTINCT ?g { { GRAPH ?g {} } UNION { GRAPH ?g { ?s ?p ?o } } }")
    graphs = {row["g"].value for row in listed if row["g"] is not None}
    assert not any("deal" in graph for graph in graphs)
    assert any("rivals" in graph for graph in graphs)
    assert check(store).violations == ()


@pytest.mark.parametrize("id_", ["0" * 32, "x y> <script>", ""])
def test_an_unknown_claim_is_one_line(store, readings, id_):
    store.commit(readings)
    with pytest.raises(StoreError, match="holds no claim"):
        store.claim(id_)


def test_an_unknown_document_gives_the_nearest(store, readings):
    with pytest.raises(UnknownDocument, match="holds no document 'deal"):
        store.document("deal.txt")
    store.commit(readings)
    with pytest.raises(UnknownDocument, match="Did you mean 'deal"):
        store.document("dael.txt")
    with pytest.raises(UnknownDocument, match="Did you mean 'rivals"):
        store.forget("rival.txt")
    with pytest.raises(UnknownDocument):
        list(store.claims(document="x"))


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda c: replace(c, relation="befriends"), OntologyError),
        (lambda c: replace(c, subject=Entity("company/x", "X", "Starship")), InvalidRecord),
        (lambda c: replace(c, subject=Entity("claim/x", "X", "Company")), InvalidRecord),
        (lambda c: replace(c, evidence=(replace(c.evidence[0], document="other.txt"),)), InvalidRecord),
        (
            lambda c: replace(c, evidence=(replace(c.evidence[0], start=3, end=3 + len(c.evidence[0].quote)),)),
            InvalidRecord,
        ),
    ],
    ids=["relation", "class", "reserved id", "another document", "misquoted"],
)
def test_a_commit_with_one_claim_that_cannot_be_kept_keeps_nothing(store, readings, state, change, error):
    store.commit(readings[:1])
    before = state(store)
    english = readings[1]
    with pytest.raises(error):
        store.commit([replace(readings[0], claims=()), replace(english, claims=(change(english.claims[0]),))])
    assert state(store) == before
    assert store.commit(readings[1:]).claims == 7


def test_names_and_texts_from_hell_survive(store, readings):
    french = readings[0]
    name = "<script>alert(1)</script>\"'\\ \n\t\r{}\x00 \u2028\U0001f600 é"
    document = replace(french.document, id=f"a/../b c%20{name}", text=name, title=name, url="http://x/ y>")
    entity = Entity(f"company/{name}", name, "Company", (name,))
    claim = replace(french.claims[3], subject=entity, evidence=(document.evidence(0, len(name)),), method=name)
    store.commit([DocumentClaims(document, (claim,), name)])
    assert store.document(document.id) == document
    stored = next(store.claims(entity=entity.id))
    assert (stored.subject, stored.method, stored.evidence) == (entity, name, claim.evidence)
    assert [e.aliases for e in store.entities() if e.id == entity.id] == [(name,)]


def test_planned_stays_planned(store, readings):
    store.commit(readings)
    planned = [c for c in store.claims() if c.modality is Modality.PLANNED]
    assert [(c.relation, own_period(c)) for c in planned] == [("holds-stake", None)]
