"""What people say of claims holds through every re-reading: other terms, other borders of a name, another text."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import InvalidRecord
from kg.judgements import Draw, Judgement, Part, Verdict, in_force, judged, unjudged
from kg.model import Claim, Document, Entity, Modality, Outcome, Qualifiers
from kg.reasons import Reason

TEXT = Document(
    "deal.txt",
    "Nvidia owns 6% of CoreWeave. Oracle may buy Nebius Group. OpenAI competes with Oracle.",
    "en",
    "2025-03-11",
)
NVIDIA, COREWEAVE, ORACLE, OPENAI = (
    Entity(f"company/{name.lower()}", name, "Company") for name in ("Nvidia", "CoreWeave", "Oracle", "OpenAI")
)
NEBIUS = Entity("company/nebius", "Nebius", "Company")


def said(subject, relation, object_, quote, document=TEXT, modality=Modality.ASSERTED, **more):
    start = document.text.index(quote)
    evidence = (document.evidence(start, start + len(quote)),)
    terms = Qualifiers(**{name: value for name, value in more.items() if name in Qualifiers.__dataclass_fields__})
    rest = {name: value for name, value in more.items() if name not in Qualifiers.__dataclass_fields__}
    return Claim(subject, relation, object_, modality, evidence, terms, known_from=document.published, **rest)


OWNS = Entity("company/nvidiaowns", "Nvidia Owns", "Company")
STAKE = said(NVIDIA, "holds-stake", COREWEAVE, "Nvidia owns 6% of CoreWeave.", percent=Decimal(6), method="rules/2")
RIVALS = said(OPENAI, "competes-with", ORACLE, "OpenAI competes with Oracle.", method="rules/2")
PLAN = said(
    ORACLE, "acquires", NEBIUS, "Oracle may buy Nebius Group.", modality=Modality.CONDITIONAL, confidence=0.4,
    outcome=Outcome.TO_REVIEW, reasons=("LOW_CONFIDENCE",), method="paragraph/1",
)  # fmt: skip
READ = (STAKE, RIVALS), (PLAN,)


def judge(claim, verdict=Verdict.WRONG, at="2026-01-01T00:00:00Z", document=TEXT, **more):
    return Judgement(verdict, claim, document.sha256, more.pop("author", "ada"), at, **more)


def heeded(*judgements, read=READ, document=TEXT):
    return judged(document, *read, judgements)


def ids(claims):
    return {claim.id for claim in claims}


def test_a_rejected_claim_is_refused_and_stays_beside_the_graph():
    told = heeded(judge(STAKE, part=Part.NOT_STATED))
    assert ids(told.claims) == {RIVALS.id}
    [rejected] = [claim for claim in told.candidates if claim.id == STAKE.id]
    assert (rejected.outcome, rejected.reasons) == (Outcome.REFUSED, (Reason.REJECTED,))
    assert told.unmatched == ()


def test_a_confirmed_candidate_is_admitted_whatever_its_confidence():
    told = heeded(judge(PLAN, Verdict.RIGHT))
    [confirmed] = [claim for claim in told.claims if claim.id == PLAN.id]
    assert confirmed.reasons == (Reason.LOW_CONFIDENCE, Reason.CONFIRMED)
    assert confirmed.method == "paragraph/1"


def test_who_is_unsure_changes_nothing():
    told = heeded(judge(PLAN, Verdict.UNSURE))
    assert (told.claims, told.candidates) == READ


@pytest.mark.parametrize(
    ("again", "part"),
    [
        pytest.param(replace(STAKE, method="rules/3", confidence=0.99, stored_id=None), None, id="other weights"),
        pytest.param(
            said(OWNS, "holds-stake", COREWEAVE, "Nvidia owns 6% of CoreWeave", percent=Decimal(6)),
            None,
            id="other borders of a name and a sentence",
        ),
        pytest.param(
            said(NVIDIA, "holds-stake", COREWEAVE, "Nvidia owns 6% of CoreWeave.", modality=Modality.PAST),
            Part.NOT_STATED,
            id="another modality of what is not stated",
        ),
    ],
)  # fmt: skip
def test_a_rejected_tie_does_not_come_back(again, part):
    told = heeded(judge(STAKE, part=part), read=((again, RIVALS), ()))
    assert ids(told.claims) == {RIVALS.id}
    assert told.unmatched == ()


@pytest.mark.parametrize(
    ("again", "part"),
    [
        pytest.param(
            said(NVIDIA, "holds-stake", COREWEAVE, STAKE.quote, percent=Decimal(5)), Part.TERM, id="another term"
        ),
        pytest.param(
            said(NVIDIA, "holds-stake", COREWEAVE, STAKE.quote, modality=Modality.PAST), Part.MODALITY, id="modality"
        ),
        pytest.param(said(COREWEAVE, "holds-stake", NVIDIA, STAKE.quote), Part.DIRECTION, id="the other way round"),
        pytest.param(said(NVIDIA, "invests-in", COREWEAVE, STAKE.quote), Part.RELATION, id="another relation"),
        pytest.param(
            said(replace(NVIDIA, id="company/nvidiacorp", name="Nvidia Corp"), "holds-stake", COREWEAVE, STAKE.quote),
            Part.NAME,
            id="the name in full",
        ),
    ],
)
def test_a_reading_without_the_fault_is_not_rejected_for_it(again, part):
    assert again.id in ids(heeded(judge(STAKE, part=part), read=((again,), ())).claims)


def test_what_was_confirmed_stays_with_the_person_when_no_reader_finds_it():
    told = heeded(judge(STAKE, Verdict.RIGHT), read=((RIVALS,), ()))
    [own] = [claim for claim in told.claims if claim.id == STAKE.id]
    assert (own.method, own.confidence, own.reasons) == ("person/ada", 1.0, (Reason.CONFIRMED,))


def test_a_correction_takes_the_place_of_what_was_wrong():
    right = said(NVIDIA, "holds-stake", COREWEAVE, STAKE.quote, percent=Decimal(5), method="person/ada")
    told = heeded(judge(STAKE, part=Part.TERM, correction=right))
    assert ids(told.claims) == {right.id, RIVALS.id}
    assert STAKE.id in ids(told.candidates)
    # A reader that comes to say it is confirmed, and says it once.
    told = heeded(judge(STAKE, part=Part.TERM, correction=right), read=((replace(right, method="rules/3"),), ()))
    assert [(claim.method, claim.reasons) for claim in told.claims] == [("rules/3", (Reason.CONFIRMED,))]


BARE = said(NVIDIA, "holds-stake", COREWEAVE, STAKE.quote, method="rules/2")


@pytest.mark.parametrize(
    ("wrong", "part", "right"),
    [
        pytest.param(BARE, Part.TERM, STAKE, id="a term that was missing"),
        pytest.param(STAKE, Part.TERM, BARE, id="a term too many"),
        pytest.param(
            said(OWNS, "holds-stake", COREWEAVE, STAKE.quote, method="rules/2"), Part.NAME, BARE, id="a name cut wrong"
        ),
    ],
)
def test_a_correction_of_a_term_or_a_name_leaves_nothing_of_what_was_wrong(wrong, part, right):
    told = heeded(judge(wrong, part=part, correction=right), read=((wrong,), ()))
    assert [claim.id for claim in told.claims] == [right.id]
    assert ids(told.candidates) == {wrong.id}


def test_a_word_on_a_claim_that_is_there_says_nothing_of_its_neighbours():
    others = (
        said(OWNS, "holds-stake", COREWEAVE, STAKE.quote, outcome=Outcome.REFUSED),
        said(NVIDIA, "holds-stake", COREWEAVE, STAKE.quote, percent=Decimal(60), outcome=Outcome.TO_REVIEW),
    )
    told = heeded(judge(BARE, Verdict.RIGHT), read=((BARE,), others))
    assert ids(told.claims) == {BARE.id}
    told = heeded(judge(BARE), read=((BARE, STAKE), ()))
    assert ids(told.claims) == {STAKE.id}


def test_what_a_sentence_does_not_state_another_may():
    text = Document("b.txt", "Nvidia grows. It owns CoreWeave. Later, it took a stake in CoreWeave.", "en")
    named = text.evidence(0, 6)
    one, two = (
        replace(said(NVIDIA, "holds-stake", COREWEAVE, quote, document=text), evidence=(place, named))
        for quote in ("It owns CoreWeave.", "Later, it took a stake in CoreWeave.")
        for place in [text.evidence(text.text.index(quote), text.text.index(quote) + len(quote))]
    )
    told = judged(text, (one, two), (), [judge(one, part=Part.NOT_STATED, document=text)])
    assert ids(told.claims) == {two.id}


def test_a_claim_of_ones_own_may_be_judged_like_another():
    own = judge(STAKE, Verdict.RIGHT)
    rejected = heeded(own, judge(STAKE, author="bob", at="2026-01-02T00:00:00Z"), read=((), ()))
    assert (ids(rejected.claims), ids(rejected.candidates)) == (set(), {STAKE.id})
    changed = heeded(own, judge(STAKE, at="2026-01-02T00:00:00Z"), read=((), ()))
    assert (ids(changed.claims), ids(changed.candidates)) == (set(), {STAKE.id})


def test_a_symmetric_tie_is_meant_either_way_round():
    turned = said(ORACLE, "competes-with", OPENAI, RIVALS.quote)
    assert heeded(judge(RIVALS), read=((turned,), ())).claims == ()


def test_in_a_text_that_was_changed_the_quote_is_looked_for():
    longer = Document("deal.txt", "A line that is new.\n" + TEXT.text, "en", "2025-03-12")
    again = said(NVIDIA, "holds-stake", COREWEAVE, STAKE.quote, document=longer, percent=Decimal(6))
    assert heeded(judge(STAKE), read=((again,), ()), document=longer).claims == ()
    told = heeded(judge(STAKE, Verdict.RIGHT), read=((), ()), document=longer)
    assert [claim.evidence[0].start for claim in told.claims] == [20]


def test_what_fits_nothing_any_more_is_listed():
    other = Document("deal.txt", "Oracle grew.", "en", "2025-03-12")
    judgements = judge(STAKE), judge(RIVALS, Verdict.RIGHT)
    assert heeded(*judgements, read=((), ()), document=other).unmatched == judgements


def test_the_last_word_counts_and_each_can_be_taken_back():
    first, second = judge(STAKE), judge(STAKE, Verdict.RIGHT, at="2026-01-02T00:00:00Z")
    assert in_force([second, first]) == (second,)
    undone = judge(STAKE, Verdict.UNSURE, at="2026-01-03T00:00:00Z", undoes=second.id)
    assert in_force([first, second, undone]) == (first,)
    restored = judge(STAKE, Verdict.UNSURE, at="2026-01-04T00:00:00Z", undoes=undone.id)
    assert in_force([first, second, undone, restored]) == (second,)
    colleague = judge(STAKE, author="bob", at="2026-01-05T00:00:00Z")
    assert in_force([second, colleague]) == (second, colleague)
    assert STAKE.id not in ids(heeded(second, colleague).claims)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"author": " "}, "needs an author"),
        ({"at": "2026-99-99T99:99:99Z"}, "no UTC time"),
        ({"verdict": Verdict.RIGHT, "part": Part.NAME}, "no wrong part"),
        ({"correction": STAKE}, "something else"),
    ],
)
def test_a_judgement_that_makes_no_sense_is_refused(more, message):
    with pytest.raises(InvalidRecord, match=message):
        judge(STAKE, **more)


def test_the_same_words_of_the_same_moment_are_one():
    assert judge(STAKE).id == judge(STAKE).id
    assert len({judge(STAKE, drawn=drawn).id for drawn in Draw}) == len(Draw)


VERDICTS = st.builds(
    lambda claim, verdict, author, hour: judge(claim, verdict, at=f"2026-01-01T{hour:02}:00:00Z", author=author),
    st.sampled_from([STAKE, RIVALS, PLAN]),
    st.sampled_from(Verdict),
    st.sampled_from(["ada", "bob"]),
    st.integers(0, 23),
)


@given(st.lists(VERDICTS, max_size=6), st.randoms())
def test_the_same_reading_with_the_same_judgements_gives_the_same_whatever_came_first(judgements, random):
    told = heeded(*judgements)
    shuffled = random.sample(judgements, len(judgements))
    assert heeded(*shuffled) == told
    assert judged(TEXT, told.claims, told.candidates, judgements) == told


@given(st.lists(VERDICTS, max_size=6))
def test_what_readers_said_is_found_again_under_any_judgements(judgements):
    told = heeded(*judgements)
    claims, candidates = unjudged(told.claims, told.candidates)
    assert ids(claims) == ids(READ[0])
    assert {(claim.id, claim.outcome, claim.reasons) for claim in candidates} == {(PLAN.id, PLAN.outcome, PLAN.reasons)}
