"""Who is whom follows from what people say, whatever came first: merges, splits, chains and what is against them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import InvalidRecord
from kg.judgements import (
    NO_IDENTITIES,
    Identities,
    IdentityJudgement,
    IdentityVerdict,
    Judgement,
    Part,
    Verdict,
    affected,
    in_force,
    judged,
)
from kg.model import Claim, Document, Entity, Modality, Outcome
from kg.reasons import Reason

SAME, DIFFERENT, UNSURE = IdentityVerdict.SAME, IdentityVerdict.DIFFERENT, IdentityVerdict.UNSURE
TEXT = Document(
    "deal.txt", "Zeltan Corp supplies Korba. Zeltan Holdings supplies Korba. Dorvan and Sorvane rival.", "en"
)


def company(name):
    return Entity(f"company/{name.lower().replace(' ', '')}", name, "Company", (name,))


ZELTAN, HOLDINGS, KORBA, DORVAN, SORVANE = map(company, ("Zeltan", "Zeltan Holdings", "Korba", "Dorvan", "Sorvane"))
NVIDIA = Entity("company/nvidia", "Nvidia", "Company")


def say(verdict, one, other, at=1, **more):
    moment = f"2026-01-01T{at:02}:00:00Z"
    return IdentityJudgement(verdict, one, other, more.pop("author", "ada"), moment, **more)


def claim(subject, object_, quote, relation="supplies", **more):
    start = TEXT.text.index(quote)
    return Claim(subject, relation, object_, Modality.ASSERTED, (TEXT.evidence(start, start + len(quote)),), **more)


FIRST = claim(ZELTAN, KORBA, "Zeltan Corp supplies Korba.")
SECOND = claim(HOLDINGS, KORBA, "Zeltan Holdings supplies Korba.")
RIVALS = claim(DORVAN, SORVANE, "Dorvan and Sorvane rival.", "competes-with")


def test_what_is_joined_to_the_same_is_the_same_and_keeps_all_names():
    identities = Identities.of([say(SAME, ZELTAN, HOLDINGS), say(SAME, HOLDINGS, DORVAN, 2)])
    assert {identities.canonical(end.id) for end in (ZELTAN, HOLDINGS, DORVAN)} == {HOLDINGS.id}
    told = identities.entity(ZELTAN, TEXT.id)
    assert (told.id, told.name, told.aliases) == (HOLDINGS.id, "Zeltan Holdings", ("Zeltan",))
    assert identities.entity(KORBA, TEXT.id) is KORBA


def test_the_name_that_the_latest_merge_kept_stays_unless_the_register_knows_another():
    assert Identities.of([say(SAME, ZELTAN, HOLDINGS)]).canonical(HOLDINGS.id) == ZELTAN.id
    merges = [say(SAME, ZELTAN, HOLDINGS), say(SAME, DORVAN, ZELTAN, 2)]
    assert Identities.of(merges).canonical(HOLDINGS.id) == DORVAN.id
    merges += [say(SAME, DORVAN, NVIDIA, 3)]
    assert Identities.of(merges).canonical(HOLDINGS.id) == NVIDIA.id


def test_a_negative_wins_over_a_chain_and_the_latest_link_gives_way():
    chain = [say(SAME, ZELTAN, HOLDINGS, 1), say(SAME, HOLDINGS, DORVAN, 2), say(SAME, DORVAN, SORVANE, 3)]
    apart = say(DIFFERENT, ZELTAN, SORVANE, 4, author="bob")
    identities = Identities.of([*chain, apart])
    assert identities.conflicts == {chain[2].id}
    assert identities.canonical(SORVANE.id) == SORVANE.id
    assert identities.members(ZELTAN.id) == {ZELTAN.id, HOLDINGS.id, DORVAN.id}
    # Said before or after: what counts is that it holds.
    assert Identities.of([say(DIFFERENT, ZELTAN, SORVANE, 0, author="bob"), *chain]).same == identities.same


def test_an_authors_last_word_on_two_counts_and_others_words_stand():
    same, different = say(SAME, ZELTAN, HOLDINGS, 1), say(DIFFERENT, HOLDINGS, ZELTAN, 2)
    assert not Identities.of([same, different])
    assert Identities.of([say(DIFFERENT, ZELTAN, HOLDINGS, 1), say(SAME, ZELTAN, HOLDINGS, 2)])
    assert not Identities.of([same, say(UNSURE, ZELTAN, HOLDINGS, 2)])
    against = Identities.of([say(DIFFERENT, ZELTAN, HOLDINGS, 1, author="bob"), say(SAME, ZELTAN, HOLDINGS, 2)])
    assert not against
    assert len(against.conflicts) == 1


def test_a_split_gives_a_name_in_some_documents_to_another():
    spelt = replace(ZELTAN, name="Zeltan Group", aliases=("Zeltan", "Zeltan Group"))
    split = say(DIFFERENT, ZELTAN, DORVAN, mention="zeltan", documents=("deal.txt",))
    identities = Identities.of([split])
    assert identities.entity(spelt, "deal.txt") == DORVAN
    assert identities.entity(spelt, "deal.txt").aliases == ("Zeltan", "Zeltan Group")
    assert identities.entity(spelt, "other.txt") is spelt
    assert identities.entity(replace(spelt, aliases=("ZG",)), "deal.txt").id == ZELTAN.id
    everywhere = Identities.of([say(DIFFERENT, ZELTAN, DORVAN, mention="Zeltan")])
    assert everywhere.entity(spelt, "other.txt") == DORVAN
    assert Identities.of([say(DIFFERENT, ZELTAN, DORVAN, documents=("a",))]).entity(spelt, "a") == DORVAN


def test_a_split_keeps_the_two_apart_and_its_other_may_be_merged():
    split = say(DIFFERENT, ZELTAN, HOLDINGS, mention="Zeltan Holdings")
    merge = say(SAME, ZELTAN, HOLDINGS, 2)
    identities = Identities.of([split, merge])
    assert identities.conflicts == {merge.id}
    chained = Identities.of([say(DIFFERENT, ZELTAN, DORVAN, documents=("a",)), say(SAME, SORVANE, DORVAN, 2)])
    assert chained.entity(ZELTAN, "a") == SORVANE


def test_a_split_of_a_split_counts_and_one_that_is_put_back():
    splits = [
        say(DIFFERENT, ZELTAN, DORVAN, 1, documents=("a", "b")),
        say(DIFFERENT, DORVAN, SORVANE, 2, documents=("b",)),
    ]
    identities = Identities.of(splits)
    assert [identities.entity(ZELTAN, document).id for document in "abc"] == [DORVAN.id, SORVANE.id, ZELTAN.id]
    back = Identities.of([*splits, say(DIFFERENT, DORVAN, ZELTAN, 3, documents=("a",))])
    assert back.entity(ZELTAN, "a") is ZELTAN


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: say(SAME, ZELTAN, replace(ZELTAN, name="Z")), "one already"),
        (lambda: say(SAME, ZELTAN, replace(KORBA, type="Programme")), "only what is of one class"),
        (lambda: say(SAME, ZELTAN, KORBA, mention="Zeltan"), "only what is different"),
        (lambda: say(SAME, ZELTAN, KORBA, author=" "), "needs an author"),
        (lambda: IdentityJudgement(SAME, ZELTAN, KORBA, "ada", "yesterday"), "no UTC time"),
    ],
)
def test_a_judgement_of_identity_that_makes_no_sense_is_refused(make, message):
    with pytest.raises(InvalidRecord, match=message):
        make()


# ---------------------------------------------------------------------------------- with judgements of claims
MERGED = Identities.of([say(SAME, ZELTAN, HOLDINGS)])


def heeded(*judgements, identities=MERGED, read=(FIRST, SECOND, RIVALS)):
    return judged(TEXT, read, (), judgements, identities)


def word(about, verdict=Verdict.WRONG, **more):
    return Judgement(verdict, about, TEXT.sha256, "ada", "2026-01-01T00:00:00Z", **more)


def test_a_judgement_from_before_a_merge_holds_after_it():
    told = heeded(word(SECOND, part=Part.NOT_STATED))
    assert [one.quote for one in told.claims] == [FIRST.quote, RIVALS.quote]
    assert [(one.subject.id, one.reasons) for one in told.candidates] == [(ZELTAN.id, (Reason.REJECTED,))]
    assert told.unmatched == ()


def test_a_judgement_of_what_a_merge_showed_holds_when_that_is_taken_back():
    shown = MERGED.claim(SECOND)
    judgement = word(shown, read=SECOND)
    assert len(heeded(judgement).claims) == 2
    told = heeded(judgement, identities=NO_IDENTITIES)
    assert SECOND.id not in {one.id for one in told.claims}
    assert told.unmatched == ()


def test_one_that_calls_the_identity_wrong_is_about_what_was_shown():
    judgement = word(MERGED.claim(SECOND), part=Part.IDENTITY, read=SECOND)
    assert SECOND.id in {one.id for one in heeded(judgement, identities=NO_IDENTITIES).claims}


def test_a_correction_keeps_the_ends_that_were_read_when_a_merge_is_taken_back():
    shown = MERGED.claim(SECOND)
    judgement = word(shown, part=Part.MODALITY, correction=replace(shown, modality=Modality.PLANNED), read=SECOND)
    assert [(one.subject.id, one.modality) for one in heeded(judgement).claims if one.quote == SECOND.quote] == [
        (ZELTAN.id, Modality.PLANNED)
    ]
    told = heeded(judgement, identities=NO_IDENTITIES)
    assert [(one.subject.id, one.modality) for one in told.claims if one.quote == SECOND.quote] == [
        (HOLDINGS.id, Modality.PLANNED)
    ]


def test_a_claim_whose_ends_became_one_is_refused_whoever_confirms_it():
    identities = Identities.of([say(SAME, DORVAN, SORVANE)])
    for told in (
        heeded(identities=identities),
        heeded(word(RIVALS, Verdict.RIGHT), identities=identities),
        heeded(word(RIVALS, Verdict.RIGHT), identities=identities, read=(FIRST,)),
    ):
        assert RIVALS.quote not in {one.quote for one in told.claims}
        [loop] = [one for one in told.candidates if one.quote == RIVALS.quote]
        assert loop.outcome is Outcome.REFUSED
        assert Reason.SAME_PARTY in loop.reasons


def test_two_claims_that_come_to_say_the_same_are_one():
    twin = replace(FIRST, subject=HOLDINGS, confidence=0.5)
    told = heeded(read=(FIRST, twin))
    assert [(one.id, one.confidence) for one in told.claims] == [(FIRST.id, 1.0)]


# ---------------------------------------------------------------------------------- laws
ENDS = (ZELTAN, HOLDINGS, KORBA, DORVAN, SORVANE)
DOCUMENTS = st.sampled_from([(), ("deal.txt",), ("a",)])


@st.composite
def statements(draw):
    one, other = draw(st.permutations(ENDS))[:2]
    verdict = draw(st.sampled_from(IdentityVerdict))
    more = {}
    if verdict is DIFFERENT:
        more = {"mention": draw(st.sampled_from([None, one.name])), "documents": draw(DOCUMENTS)}
    return say(verdict, one, other, draw(st.integers(0, 23)), author=draw(st.sampled_from(["ada", "bob"])), **more)


WORDS = st.lists(statements(), max_size=9)


@given(WORDS, st.randoms())
def test_the_order_of_events_does_not_matter(words, random):
    shuffled = random.sample(words, len(words))
    assert Identities.of(shuffled) == Identities.of(words)


@given(WORDS)
def test_no_two_that_somebody_calls_different_are_one(words):
    identities = Identities.of(words)
    for one in in_force(words):
        if one.verdict is DIFFERENT:
            assert identities.canonical(one.one.id) != identities.canonical(one.other.id)


@given(WORDS, statements())
def test_taking_a_word_back_restores_exactly_what_there_was(words, last):
    last = replace(last, at="2026-01-02T00:00:00Z")
    undone = IdentityJudgement(UNSURE, last.one, last.other, "ada", "2026-01-03T00:00:00Z", undoes=last.id)
    before, after = Identities.of(words), Identities.of([*words, last, undone])
    assert (after.same, after.splits, after.conflicts) == (before.same, before.splits, before.conflicts)
    read = (FIRST, SECOND, RIVALS)
    assert judged(TEXT, read, (), (), after) == judged(TEXT, read, (), (), before)


@given(WORDS, statements())
def test_what_changes_is_among_what_may_be_affected(words, last):
    before, after = Identities.of(words), Identities.of([*words, replace(last, at="2026-01-02T00:00:00Z")])
    ids, documents = affected(before, after)
    for entity in ENDS:
        for document in ("deal.txt", "a", "b"):
            if before.entity(entity, document) != after.entity(entity, document):
                assert entity.id in ids or document in documents


def test_of_the_names_that_a_company_has_the_one_in_the_quote_is_meant():
    both = replace(ZELTAN, aliases=("Zeltan Corp", "Zeltan Holdings"))
    identities = Identities.of([say(DIFFERENT, ZELTAN, DORVAN, mention="Zeltan Corp")])
    told = [identities.claim(replace(one, subject=both)).subject.id for one in (FIRST, SECOND)]
    assert told == [DORVAN.id, ZELTAN.id]


def test_of_two_claims_that_come_to_say_the_same_the_one_that_is_shown_is_the_surer():
    doubtful = replace(SECOND, evidence=FIRST.evidence, outcome=Outcome.TO_REVIEW, reasons=("KIND",), confidence=0.4)
    identities = Identities.of([say(SAME, ZELTAN, HOLDINGS)])
    for claims in ((FIRST, doubtful), (doubtful, FIRST)):
        assert identities.surest(claims) == FIRST
