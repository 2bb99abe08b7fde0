"""What cannot all be right stands side by side, by source and date; what develops in time is no dispute."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.facts import NO_CUTOFF, disputes_of, facts_of
from kg.model import Claim, Document, Entity, Figure, Modality, Qualifiers
from kg.query import run
from kg.query.disputes import disputes
from kg.store import DocumentClaims, open_store

ASSERTED, ANNOUNCED, PLANNED, HEDGED = Modality.ASSERTED, Modality.ANNOUNCED, Modality.PLANNED, Modality.HEDGED
DENIED, ENDED, PAST, CONDITIONAL = Modality.DENIED, Modality.ENDED, Modality.PAST, Modality.CONDITIONAL


def company(name):
    return Entity(f"company/{name.lower()}", name, "Company", (name,))


NVIDIA, COREWEAVE, OPENAI, MISTRAL = map(company, ("Nvidia", "CoreWeave", "OpenAI", "Mistral"))


def bn(value):
    return Decimal(str(value)) * 10**9


def say(sentence, *, known=None, as_=ASSERTED, ends=(NVIDIA, COREWEAVE), relation="holds-stake", **terms):
    """A claim whose document is the sentence and nothing else."""
    document = Document(sentence, sentence, "en", known)
    place = (document.evidence(0, len(sentence)),)
    return Claim(ends[0], relation, ends[1], as_, place, Qualifiers(**terms), known, "2025-12-01T00:00:00Z")


def told(claims):
    """A store in memory that was told these claims, a document each."""
    store = open_store(None, clock=lambda: "2025-12-01T00:00:00Z")
    store.commit([DocumentClaims(Document(c.document, c.document, "en", c.known_from), (c,)) for c in claims])
    return store


def share(percent, **terms):
    return {"percent": Decimal(str(percent)), "percent_of": "capital", **terms}


def sum_(value, **terms):
    return {"amount": bn(value), "currency": "USD", **terms}


def pair(first, second, *, modalities=(ASSERTED, ASSERTED), known=(None, None), relation="holds-stake"):
    """What two sources that say this differ in; () where they do not."""
    claims = [
        say(name, relation=relation, as_=modality, known=date, **terms)
        for name, modality, date, terms in zip("ab", modalities, known, (first, second), strict=True)
    ]
    found = disputes_of(facts_of(claims))
    assert found == disputes_of(facts_of(claims[::-1]))
    return found[0].differs if found else ()


@pytest.mark.parametrize(
    ("first", "second", "differs"),
    [
        (share(6), share(5.2), ("percent",)),
        (share(6, as_of="2025"), share(5.2, as_of="2025-03"), ("percent",)),
        (share(6), share(5.2, as_of="2025-03"), ("percent",)),
        (share(6, as_of="2024"), share(5.2, as_of="2025"), ()),
        (share(6, start="2023"), share(5.2, start="2025"), ()),
        (share(6, end="2024"), share(5.2, start="2025"), ()),
        (share(6), share(5.2, percent_of="votes"), ()),
        (share(62), share(62.3), ()),
        (share(6), {}, ()),
        ({"percent_min": Decimal(5)}, share(6), ()),
        ({"percent_min": Decimal(10)}, share(6), ("percent",)),
        ({"percent_max": Decimal(5)}, {"percent_min": Decimal(10)}, ("percent",)),
        (sum_(100), sum_(30), ("amount",)),
        (sum_(11.9), sum_(12), ()),
        ({"amount_min": bn(5), "currency": "USD"}, sum_(6), ()),
        ({"amount_min": bn(5), "currency": "USD"}, sum_(3), ("amount",)),
        ({"amount_min": bn(5), "currency": "USD"}, {"amount_max": bn(4), "currency": "USD"}, ("amount",)),
        ({"amount_max": bn(5), "currency": "USD"}, sum_(6, currency="EUR"), ()),
        (sum_(11.9), sum_(12, currency="EUR"), ()),
        (sum_(10, duration="P5Y"), sum_(10, duration="P60M"), ()),
        (sum_(10, duration="P5Y"), sum_(10, duration="P6Y"), ("duration",)),
        (
            {"quantity": Decimal(400_000), "goods": "GB200"},
            {"quantity": Decimal(64_000), "goods": "gb200"},
            ("quantity",),
        ),
        ({"quantity": Decimal(400_000), "goods": "GB200"}, {"quantity": Decimal(64_000), "goods": "H100"}, ()),
        ({"exclusive": True}, {"exclusive": False}, ("exclusive",)),
        ({"exclusive": True, "end": "2024"}, {"exclusive": False, "start": "2025-01"}, ()),
        ({"exclusive": True}, {}, ()),
        ({"start": "2025-03"}, {"start": "2025-04"}, ("start",)),
        ({"start": "2025-03"}, {"start": "2025"}, ()),
        ({"start": "2025", "end": "2030"}, {"start": "2025", "end": "2031"}, ("end",)),
        (share(6, start="2023"), share(6, start="2025"), ("start",)),
    ],
)
def test_terms_at_odds(first, second, differs):
    assert pair(first, second) == differs
    assert pair(second, first) == differs


@pytest.mark.parametrize(
    ("modalities", "terms", "differs"),
    [
        ((ASSERTED, DENIED), ({}, {}), ("modality",)),
        ((PLANNED, DENIED), ({}, {}), ("modality",)),
        ((HEDGED, DENIED), (share(6), share(6)), ("modality",)),
        ((PAST, DENIED), ({}, {}), ()),
        ((ENDED, DENIED), ({}, {}), ()),
        ((ASSERTED, DENIED), ({"as_of": "2023"}, {"as_of": "2025"}), ()),
        ((ASSERTED, ENDED), ({}, {}), ("modality",)),
        ((PLANNED, ENDED), ({}, {}), ()),
        ((ASSERTED, PLANNED), ({}, {}), ()),
        ((ANNOUNCED, ASSERTED), (sum_(1.3), sum_(1.3)), ()),
        ((ANNOUNCED, ASSERTED), (sum_(1.3, start="2025"), sum_(1.3, start="2026")), ()),
        ((ANNOUNCED, ASSERTED), (sum_(1.3), sum_(1.7)), ("amount",)),
        ((PLANNED, HEDGED), (sum_(100), sum_(30)), ("amount",)),
        ((ASSERTED, PLANNED), (share(6), share(10)), ()),
        ((ASSERTED, CONDITIONAL), (share(6), share(10)), ()),
        ((ASSERTED, HEDGED), (share(6), share(7)), ("percent",)),
        ((PLANNED, CONDITIONAL), (share(9), share(10)), ("percent",)),
        ((ASSERTED, PAST), (share(6), share(7)), ()),
    ],
)
def test_modalities_at_odds(modalities, terms, differs):
    assert pair(*terms, modalities=modalities) == differs


def test_an_end_that_was_told_later_is_a_development():
    assert pair({}, {}, modalities=(ASSERTED, ENDED), known=("2025-03", "2025-04-02")) == ()
    assert pair({}, {}, modalities=(ASSERTED, ENDED), known=("2025-03", "2025-03-30")) == ("modality",)
    assert pair({}, {}, modalities=(ASSERTED, ENDED), known=("2025-05", "2025-04-02")) == ("modality",)
    assert pair({}, {}, modalities=(ASSERTED, ENDED), known=(None, "2025-04-02")) == ("modality",)


def test_an_end_that_has_passed_contradicts_nobody():
    assert pair({"end": "2024"}, {}) == ()


def test_what_may_be_done_again_may_have_started_again():
    for relation, differs in (("invests-in", ()), ("partners-with", ("start",))):
        assert pair({"start": "2019"}, {"start": "2023"}, relation=relation) == differs
    assert pair(sum_(1, start="2019"), sum_(10, start="2023"), relation="invests-in") == ()
    assert pair(sum_(10, start="2022"), sum_(10, start="2023"), relation="invests-in") == ("start",)


def revenue(sentence, value, unit="EUR", **options):
    return say(sentence, ends=(MISTRAL, Figure(bn(value), unit)), relation="revenue", **options)


def test_figures_of_one_company_are_compared_in_one_unit_and_of_one_date():
    ten, more = revenue("a", 10), revenue("b", 11.7)
    assert [d.differs for d in disputes_of(facts_of([ten, more]))] == [("figure",)]
    assert disputes_of(facts_of([ten, revenue("b", 11.7, "USD")])) == ()
    assert disputes_of(facts_of([revenue("a", 10, as_of="2024"), revenue("b", 11.7, as_of="2025")])) == ()
    assert disputes_of(facts_of([revenue("a", 1.9), revenue("b", 1.92)])) == ()
    assert disputes_of(facts_of([ten, revenue("b", 15, as_=PLANNED)])) == ()


# ---------------------------------------------------------------- golden: the figures of the deals of 2025

STAKE = (
    say("Nvidia keeps a 6% stake in CoreWeave.", known="2025-03-11", **share(6)),
    say("Nvidia’s part of CoreWeave comes to 5.2 percent.", known="2025-03-28", **share(5.2)),
    say("A little over a twentieth of CoreWeave, 5.2%, is Nvidia’s.", known="2025-04-02", **share(5.2)),
)
INTENT = {"ends": (NVIDIA, OPENAI), "relation": "invests-in"}
LETTER = (
    say(
        "Nvidia may put 30 billion dollars into OpenAI, it is said.",
        known="2026-01-29",
        as_=HEDGED,
        **INTENT,
        **sum_(30),
    ),
    say(
        "A letter of intent: Nvidia is to put 100 billion into OpenAI.",
        known="2025-09-22",
        as_=PLANNED,
        **INTENT,
        **sum_(100),
    ),
)
VALUED = (
    say(
        "ASML pays in at a value of 11.7 billion, new money included.",
        known="2025-09-09",
        ends=(COREWEAVE, MISTRAL),
        **sum_(11.7),
    ),
    say(
        "Before the new money Mistral was worth 10 billion.", known="2025-09-09", ends=(COREWEAVE, MISTRAL), **sum_(10)
    ),
    say("Mistral, worth 10 billion without the round.", ends=(COREWEAVE, MISTRAL), **sum_(10)),
)


def test_every_source_stands_with_its_figure_and_date_the_newest_last():
    store = told((*STAKE, *LETTER, *VALUED))
    (letter, stake, valued) = disputes(store)
    assert [(line.terms(), line.known_from, len(line.documents)) for line in stake.facts] == [
        ("6 % of capital", "2025-03-11", 1),
        ("5.2 % of capital", "2025-03-28", 2),
    ]
    assert [(line.terms(), line.modality, line.known_from) for line in letter.facts] == [
        ("100 bn USD", PLANNED, "2025-09-22"),
        ("30 bn USD", HEDGED, "2026-01-29"),
    ]
    assert {(line.terms(), len(line.documents)) for line in valued.facts} == {("11.7 bn USD", 1), ("10 bn USD", 2)}


def test_the_table_has_a_row_for_each_claim():
    table = run(told(STAKE), "disputes", ["CoreWeave"])
    assert [row[:-1] for row in table.rows] == [
        (
            1,
            "percent",
            "Nvidia",
            "holds-stake",
            "CoreWeave",
            terms,
            "asserted",
            claim.known_from,
            sources,
            None,
            *[claim.document] * 2,
        )
        for claim, terms, sources in zip(
            STAKE, ("6 % of capital", "5.2 % of capital", "5.2 % of capital"), (1, 2, 2), strict=True
        )
    ]
    assert [cell.value.rpartition("/")[2] for cell in [row[-1] for row in table.terms]] == [claim.id for claim in STAKE]


# ---------------------------------------------------------------- laws

NAMES = (NVIDIA, COREWEAVE, OPENAI)
ENDS = st.sampled_from(
    [(a, b) for a in NAMES for b in NAMES if a != b] + [(NVIDIA, Figure(bn(v), "USD")) for v in (1, 2)]
)


@st.composite
def claims(draw):
    ends = draw(ENDS)
    figure = isinstance(ends[1], Figure)
    return say(
        f"number {draw(st.integers(0, 10**6))}",
        known=draw(st.sampled_from([None, "2025", "2025-03-11", "2026-01"])),
        as_=draw(st.sampled_from(Modality)),
        ends=ends,
        relation="revenue" if figure else draw(st.sampled_from(["holds-stake", "partners-with", "invests-in"])),
        percent=None if figure else draw(st.sampled_from([None, Decimal(6), Decimal("5.2")])),
        amount=draw(st.sampled_from([None, bn(1), bn(3)])),
        start=draw(st.sampled_from([None, "2024", "2025-02"])),
        exclusive=draw(st.sampled_from([None, True, False])),
    )


# What has ended by a day is a fact no more: the same claims are other facts on another day, and other disputes.
DAYS = st.sampled_from([NO_CUTOFF, *(NO_CUTOFF.or_on(date(year, 6, 1)) for year in (2024, 2025, 2027))])


@given(st.lists(claims(), max_size=25, unique_by=lambda claim: claim.document), DAYS, st.randoms())
def test_disputes_follow_from_the_claims_alone_and_those_of_a_company_are_among_all(all_claims, as_of, chance):
    found = disputes_of(facts_of(all_claims, as_of))
    shuffled = list(all_claims)
    chance.shuffle(shuffled)
    store = told(shuffled)
    everything = disputes(store, as_of=as_of)
    assert spoken(everything) == spoken(found)
    for entity in {claim.subject.id for claim in all_claims}:
        of_entity = {d for d in spoken(everything) if any(entity in (c[0], c[2]) for line in d[0] for c in line)}
        assert spoken(disputes(store, entity, as_of=as_of)) == of_entity


def spoken(found):
    """Disputes as plain values, without the times of recording."""
    return {
        (
            tuple(
                tuple((c.subject.id, c.relation, getattr(c.object, "id", None), c.id) for c in line.claims)
                for line in d.facts
            ),
            d.differs,
        )
        for d in found
    }
