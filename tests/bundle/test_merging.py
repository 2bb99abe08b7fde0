"""Two people's stories as one: nothing is lost, nothing is decided, whichever comes first."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.bundle import StoryRequest, bundled, merged
from kg.bundle.codec import story_files, story_from
from kg.bundle.story import Absence, ConflictKind, LeftOut
from kg.errors import BundleError
from kg.judgements import IdentityJudgement, IdentityVerdict, Judgement, Opinion, Verdict
from kg.model import Entity, Outcome
from kg.view.scenes import Note, Scene, Scenes
from tests.bundle.visible import visible

AT = "2025-06-01T08:00:00.000000Z"
LATER = "2025-06-02T08:00:00.000000Z"


def opinion(verdict, author, at=AT):
    return Opinion(verdict, author, at, None, f"{author}-{verdict}")


def united(one, two):
    """A story without the order of its notes and saved views, and what became of the two."""
    whole = merged(one, two)
    scenes = Scenes(
        tuple(sorted(whole.scenes.notes, key=str)), tuple(sorted(whole.scenes.scenes, key=str)), whole.scenes.positions
    )
    return replace(whole, scenes=scenes)


IDS = st.sampled_from(["company/nvidia", "company/openai"])
NOTES = st.builds(Note, IDS, st.sampled_from(["a", "b"]), st.sampled_from(["Ana", "Ben"]))
SCENES = st.builds(lambda name, note: Scene(name, note=note), st.sampled_from(["1", "2"]), st.sampled_from(["", "x"]))
PLACES = st.dictionaries(IDS, st.sampled_from([(0.0, 0.0), (0.0, 9.0), (9.0, 0.0)]))


def listed(each):
    return st.lists(each, max_size=3, unique=True)


@st.composite
def stories(draw, small):
    whole = small()
    chosen = draw(st.lists(st.sampled_from(whole.claims), min_size=1, unique=True))
    claims = tuple(claim for claim in whole.claims if claim in chosen)
    others = [c for c in whole.claims if c not in claims and draw(st.booleans())]
    left_out = tuple(sorted((LeftOut(draw(st.sampled_from(Absence)), c) for c in others), key=lambda e: e.order))
    counts = {}
    for each in left_out:
        counts[each.absence.value] = counts.get(each.absence.value, 0) + 1
    opinions = {
        c.id: (opinion(draw(st.sampled_from(Verdict)), draw(st.sampled_from(["Ana", "Ben"]))),)
        for c in claims
        if draw(st.booleans())
    }
    documents = {claim.document for claim in claims}
    return replace(
        whole,
        claims=claims,
        sources=tuple(source for source in whole.sources if source.id in documents),
        left_out=left_out,
        counts=dict(sorted(counts.items())),
        opinions=dict(sorted(opinions.items())),
        day=draw(st.sampled_from(["2025-06-30", "2025-07-01"])),
        request=StoryRequest(
            draw(st.sampled_from(["One", "Two"])), hops=0, since=draw(st.sampled_from([None, "2024"]))
        ),
        scenes=Scenes(tuple(draw(listed(NOTES))), tuple(draw(listed(SCENES))), draw(PLACES)),
    )


@given(st.data())
def test_the_order_of_the_two_does_not_count(small, data):
    one, two = data.draw(stories(small)), data.draw(stories(small))
    assert united(one, two) == united(two, one)


@given(st.data())
def test_a_story_with_itself_is_itself_and_one_that_is_in_adds_nothing(small, data):
    one, two = data.draw(stories(small)), data.draw(stories(small))
    assert merged(one, one) == replace(one, conflicts=merged(one, one).conflicts)
    assert not [c for c in merged(one, one).conflicts if c.kind is not ConflictKind.JUDGEMENTS]
    whole = merged(one, two)
    again = merged(whole, two)
    assert (again.claims, again.left_out, again.opinions) == (whole.claims, whole.left_out, whole.opinions)
    assert merged(whole, whole) == whole


@given(st.data())
def test_no_claim_note_or_opinion_is_lost(small, data):
    one, two = data.draw(stories(small)), data.draw(stories(small))
    whole = merged(one, two)
    assert {c.id for c in whole.claims} == {c.id for c in (*one.claims, *two.claims)}
    assert set(whole.scenes.notes) == {*one.scenes.notes, *two.scenes.notes}
    for each in (one, two):
        assert all(set(said) <= set(whole.opinions[id_]) for id_, said in each.opinions.items())
    inside = {claim.id for claim in whole.claims}
    assert {e.claim.id for e in whole.left_out} == {e.claim.id for e in (*one.left_out, *two.left_out)} - inside
    assert story_from(story_files(whole)) == whole


def test_two_peoples_work_on_the_seed_story_reads_as_it_did(seed, compared):
    """Ana confirmed what Ben calls wrong; both wrote on Nvidia, and put it elsewhere; Ben asked for fewer years."""
    claim = next(c for c in seed.claims if c.relation == "holds-stake" and c.subject.name == "Nvidia")
    notes = Note("company/nvidia", "They say 6 %.", "Ana"), Note("company/nvidia", "I doubt the 6 %.", "Ben")
    ana = replace(
        seed,
        opinions={claim.id: (opinion(Verdict.RIGHT, "Ana"),)},
        scenes=Scenes(notes[:1], (), {"company/nvidia": (0.0, 0.0)}),
    )
    ben = replace(
        seed,
        claims=tuple(c for c in seed.claims if c.known_from != "2025-03-13"),
        request=StoryRequest("The deals", hops=0, until="2025-03-12"),
        opinions={claim.id: (opinion(Verdict.WRONG, "Ben", LATER),)},
        scenes=Scenes(notes[1:], (), {"company/nvidia": (40.0, 0.0)}),
    )
    whole = merged(ana, ben)
    page = visible(bundled(whole, with_paper=False).files["story.html"].decode())
    compared(
        "merged.txt", page[: page.index("\nMoney, leg by leg\nSums")] + page[page.index("\nWhere two people", 400) :]
    )
    assert [c.kind.value for c in whole.conflicts] == ["frame", "judgements", "layout", "notes"]
    assert len(whole.claims) == len(seed.claims)


def test_one_that_is_in_one_story_and_left_out_of_the_other_stays_and_is_told(small):
    whole = small()
    claim = whole.claims[0]
    refused = replace(claim, outcome=Outcome.REFUSED, reasons=("REJECTED",))
    other = replace(
        whole, claims=whole.claims[1:], left_out=(LeftOut(Absence.REFUSED, refused),), counts={"refused": 1}
    )
    both = merged(whole, other)
    assert claim in both.claims
    assert both.left_out == ()
    assert [(c.kind, c.on) for c in both.conflicts] == [(ConflictKind.READINGS, claim.id)]


def test_what_one_says_of_who_is_whom_unites_the_claims_of_both(small):
    whole = small()
    nvidia = next(end for claim in whole.claims for end in claim.entities if end.name == "Nvidia")
    renamed = Entity("company/nvidia-corp", "Nvidia Corp", "Company", ("Nvidia Corp",))
    other = replace(
        whole, claims=tuple(replace(c, subject=renamed) if c.subject.id == nvidia.id else c for c in whole.claims)
    )
    apart = merged(whole, other)
    assert len(apart.claims) == len(whole.claims) + 2
    same = IdentityJudgement(IdentityVerdict.SAME, nvidia, renamed, "Ana", AT)
    assert {c.id for c in merged(replace(whole, identities=(same,)), other).claims} == {c.id for c in whole.claims}


def test_words_on_who_is_whom_that_disagree_are_told(small):
    whole = small()
    one, other = Entity("company/nvidia", "Nvidia", "Company"), Entity("company/nvidia-corp", "Nvidia Corp", "Company")
    same = IdentityJudgement(IdentityVerdict.SAME, one, other, "Ana", AT)
    different = IdentityJudgement(IdentityVerdict.DIFFERENT, one, other, "Ben", LATER)
    both = merged(replace(whole, identities=(same,)), replace(whole, identities=(different,)))
    assert both.identities == (same, different)
    assert [(c.kind, c.on, c.sides) for c in both.conflicts] == [
        (
            ConflictKind.IDENTITIES,
            "company/nvidia = company/nvidia-corp",
            ("Ana: same (2025-06-01)", "Ben: different (2025-06-02)"),
        )
    ]


def test_the_judgements_of_both_are_kept_whole(small, story):
    whole, text = small(), story[0][0].sha256
    words = [Judgement(Verdict.RIGHT, whole.claims[1], text, author, AT) for author in ("Ana", "Ben")]
    both = merged(replace(whole, words=(words[0],)), replace(whole, words=(words[1],)))
    assert set(both.words) == set(words)
    files = bundled(both, with_paper=False).files
    assert all(word.id.encode() in files["judgements.jsonl"] for word in words)
    assert files["claims.trig"].count(b"kg:Judgement") == 2


def test_two_texts_of_a_document_are_told(small):
    whole = small()
    other = replace(whole, sources=(replace(whole.sources[0], sha256="0" * 64), *whole.sources[1:]))
    assert [c.kind for c in merged(whole, other).conflicts] == [ConflictKind.TEXTS]


def test_one_sentence_between_other_companies_is_told(small):
    whole = small()
    claim = whole.claims[0]
    namesake = Entity("company/coreweave-2", "CoreWeave", "Company", ("CoreWeave",))
    end = "subject" if claim.subject.name == "CoreWeave" else "object"
    other = replace(whole, claims=(replace(claim, **{end: namesake}), *whole.claims[1:]))
    kinds = {c.kind for c in merged(whole, other).conflicts}
    assert kinds == ({ConflictKind.ENDS} if "CoreWeave" in {e.name for e in claim.entities} else set())


def test_stories_that_name_companies_otherwise_are_not_merged(small):
    with pytest.raises(BundleError, match="name companies differently"):
        merged(small(), small(base="https://example.org/"))


def test_figures_stay_exact(small):
    assert any(claim.qualifiers.amount == Decimal(11_900_000_000) for claim in merged(small(), small()).claims)
