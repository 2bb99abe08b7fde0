"""What comes up next: in the order of `cards`, for each author, whatever was judged and read anew in between."""

from dataclasses import replace

import pytest

from kg.judgements import Draw, Judgement, Stratum, Verdict
from kg.model import Outcome
from kg.query.review import Queue, cards
from kg.query.review_index import ReviewIndex, Selection
from kg.store import DocumentClaims, judge, open_store

AT = "2026-11-30T10:00:{:02d}.000000Z"


@pytest.fixture
def store(unrecorded, sorted_reading):
    with open_store(None, write=True) as opened:
        opened.commit([DocumentClaims(*unrecorded[1], "reader/1"), sorted_reading])
        yield opened


def indexed(store):
    index = ReviewIndex()
    for document in store.documents():
        index.put(store.reading(document.id))
    return index


def word(store, claim, at, author="ada", verdict=Verdict.RIGHT, **more):
    text = store.document(claim.document).sha256
    return Judgement(verdict, claim, text, author, AT.format(at), **more)


def all_of(index, selection, author):
    drawn, left = index.draw(selection, author, 1000)
    listed = [one.claims for one in drawn]
    assert left == sum(map(len, listed))
    return listed


def expected(store, selection, author):
    stratum = Stratum(selection.company or "", selection.relation or "")
    queue = Queue(author, selection.outcomes, selection.how, selection.seed, stratum)
    return [tuple(claim.id for claim in card.claims) for card in cards(store, queue)]


SELECTIONS = [
    *(Selection(how=how) for how in Draw),
    Selection(how=Draw.RANDOM, seed=7),
    Selection(frozenset({Outcome.TO_REVIEW}), Draw.UNCERTAIN),
    Selection(frozenset({Outcome.ADMITTED}), company="company/coreweave"),
    Selection(relation="holds-stake"),
]


@pytest.mark.parametrize("selection", SELECTIONS)
def test_cards_come_in_the_order_in_which_the_terminal_has_them(store, selection):
    index = indexed(store)
    assert all_of(index, selection, "ada") == expected(store, selection, "ada") != []


@pytest.mark.parametrize("selection", SELECTIONS)
def test_what_changes_after_a_queue_was_asked_for_is_in_it(store, selection):
    index = indexed(store)
    all_of(index, selection, "ada")
    claims = [claim for document in ("deal.txt", "rivals.txt") for claim in store.reading(document).claims]
    verdicts = [Verdict.RIGHT, Verdict.WRONG, Verdict.UNSURE]
    for at, claim in enumerate(claims[:4]):
        drawn = (Draw.RANDOM, Draw.ALL)[at % 2]
        judge(store, [word(store, claim, at, ("ada", "bo")[at // 3], verdicts[at % 3], drawn=drawn)])
        index.put(store.reading(claim.document))
    for author in ("ada", "bo", "nobody"):
        assert all_of(index, selection, author) == expected(store, selection, author)
    store.forget("rivals.txt")
    index.remove("rivals.txt")
    assert all_of(index, selection, "ada") == expected(store, selection, "ada")


def test_as_many_cards_come_as_are_asked_for(store):
    index = indexed(store)
    drawn, left = index.draw(Selection(), "ada", 2)
    assert [one.claims for one in drawn] == expected(store, Selection(), "ada")[:2]
    assert left == sum(map(len, expected(store, Selection(), "ada")))
    assert index.draw(Selection(relation="rivals"), "ada", 2)[1] <= left


def test_more_queues_than_are_kept_are_made_again(store):
    index = indexed(store)
    selections = [Selection(how=Draw.RANDOM, seed=seed) for seed in range(40)]
    first = [index.draw(selection, "ada", 3) for selection in selections]
    assert [index.draw(selection, "ada", 3) for selection in selections] == first


def test_a_claim_that_is_gone_is_still_found_by_who_judged_it(store):
    claim = store.reading("rivals.txt").claims[0]
    judgement = word(store, claim, 1)
    judge(store, [judgement])
    index = indexed(store)
    reading = store.reading("rivals.txt")
    index.put(replace(reading, claims=()))
    assert index.document_of(claim.id) == index.document_of(judgement.id) == "rivals.txt"
    assert index.document_of("nothing") is None


def test_a_random_draw_of_a_part_leaves_out_what_measures_that_part(store):
    selection = Selection(how=Draw.RANDOM, relation="holds-stake")
    queue = all_of(indexed(store), selection, "ada")
    claims = {claim.id: claim for claim in (*store.claims(), *store.candidates())}
    first, second, third = (claims[one] for (one,) in queue[:3])
    judge(store, [word(store, first, 1, drawn=Draw.RANDOM, stratum=selection.stratum)])
    judge(store, [word(store, second, 2, drawn=Draw.CHANCE)])
    judge(store, [word(store, third, 3, drawn=Draw.RANDOM)])
    left = all_of(indexed(store), selection, "ada")
    assert left == expected(store, selection, "ada") == [(second.id,), *queue[3:]]


def test_cards_that_were_put_off_can_be_passed_by(store):
    index, selection = indexed(store), Selection(how=Draw.RANDOM)
    everything, left = index.draw(selection, "ada", 1000)
    assert index.draw(selection, "ada", 2, offset=3) == (everything[3:5], left)
    assert index.draw(selection, "ada", 2, offset=len(everything)) == ([], left)


def test_queues_that_were_let_go_are_as_they_would_be(store):
    index = indexed(store)
    before = index.draw(Selection(), "ada", 1000)
    index.forget_queues()
    assert index.draw(Selection(), "ada", 1000) == before


def test_a_random_draw_of_the_whole_has_what_was_drawn_of_a_part(store):
    whole = Selection(how=Draw.RANDOM)
    before = all_of(indexed(store), whole, "ada")
    claim = next(claim for claim in store.claims() if claim.id == before[0][0])
    judge(store, [word(store, claim, 1, drawn=Draw.RANDOM, stratum=Stratum(relation=claim.relation))])
    assert all_of(indexed(store), whole, "ada") == before
