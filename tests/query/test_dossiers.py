import io
from dataclasses import replace
from decimal import Decimal

import pytest

from kg.errors import QueryError, UnknownEntity
from kg.facts import AsOf, facts_of
from kg.judgements import Judgement, Part, Verdict
from kg.model import Claim, Document, Entity, Evidence, Figure, Modality, Qualifiers
from kg.query import between, dossier, outcomes_of, relations_table, write_dossier
from kg.query.dossiers import Direction
from kg.store import DocumentClaims, open_store
from kg.store import judge as heed


def shape(groups):
    return [(group.relation, group.direction.value, [line.terms() for line in group.facts]) for group in groups]


def test_a_dossier_parts_facts_from_all_else(store):
    found = dossier(store, "core-weave")
    assert found.entity.name == "CoreWeave"
    assert shape(found.facts) == [
        ("supplies", "out", ["62 % of revenue (2024)", "11.9 bn USD over 5 years, puissance de calcul"]),
        ("holds-stake", "in", ["6 % of capital", "5.2 % of capital"]),
    ]
    assert [(modality.value, shape(groups)) for modality, groups in found.apart] == [
        ("planned", [("holds-stake", "in", ["350 M USD"])]),
        ("denied", [("acquires", "in", [""])]),
    ]
    assert found.documents == ("deal.txt", "rivals.txt")


def test_disputed_figures_stand_side_by_side(store):
    (dispute,) = dossier(store, "Nvidia").disputes
    assert [(line.terms("fr"), line.documents) for line in dispute.facts] == [
        ("6 % du capital", ("deal.txt",)),
        ("5,2 % du capital", ("rivals.txt",)),
    ]


def test_a_symmetric_relation_is_seen_from_both_ends(store):
    for name, other in (("OpenAI", "Microsoft"), ("Microsoft", "OpenAI")):
        groups = [group for group in dossier(store, name).facts if group.relation == "competes-with"]
        assert [group.direction for group in groups] == [Direction.BOTH]
        assert [line.other(dossier(store, name).entity).name for line in groups[0].facts] == [other]


def test_between_holds_what_ties_the_two_alone(store):
    found = between(store, "OpenAI", "microsoft corp")
    assert shape(found.facts) == [("invests-in", "in", [""]), ("competes-with", "both", [""])]
    assert found.apart == ()


def test_between_strangers_there_is_nothing(store):
    found = between(store, "Oracle", "Nvidia")
    assert found.is_empty
    assert "no source ties them directly" in text(found)


@pytest.mark.parametrize("other", ["Nobody", ""])
def test_a_company_that_is_not_in_the_graph_is_refused(store, other):
    with pytest.raises(UnknownEntity):
        between(store, "OpenAI", other)


A, B = Entity("company/a", "A", "Company"), Entity("company/b", "B", "Company")


def say(document, modality=Modality.ASSERTED, relation="holds-stake", ends=(A, B), **terms):
    options = {name: terms.pop(name) for name in ("known_from", "recorded_at", "retracted_at") if name in terms}
    place = (Evidence(document, 0, 1, "x", "en"),)
    return Claim(*(ends[0], relation, ends[1]), modality, place, Qualifiers(**terms), **options)


def test_sources_that_agree_are_one_line():
    one = say("late", percent=Decimal("6.0"), as_printed="6 %", known_from="2025-03")
    two = say("early", percent=Decimal(6), goods="shares", known_from="2025-01-02")
    (line,) = facts_of([one, two])
    assert line.documents == ("early", "late")
    assert line.known_from == "2025-01-02"


def test_the_two_directions_of_a_symmetric_relation_agree():
    assert len(facts_of([say("a", relation="merges-with"), say("b", relation="merges-with", ends=(B, A))])) == 1
    assert len(facts_of([say("a"), say("b", ends=(B, A))])) == 2


def test_what_has_ended_is_no_fact():
    (line,) = facts_of([say("a", end="2024", recorded_at="2025-03-12T08:00:00Z")])
    assert line.modality is Modality.ENDED
    assert not line.is_fact


def test_what_was_withdrawn_is_not_there():
    assert facts_of([say("a", retracted_at="2025-03-12T08:00:00Z")]) == ()


def told(*claims):
    """A store in memory that was told these claims."""
    store = open_store(None)
    documents = {claim.document: Document(claim.document, "x", "en") for claim in claims}
    store.commit(
        [DocumentClaims(document, tuple(c for c in claims if c.document == id_)) for id_, document in documents.items()]
    )
    return store


def owe(document, sum_, currency="USD"):
    return say(document, relation="debt", ends=(A, Figure(Decimal(sum_), currency)))


PERCENT = {"percent": Decimal(6), "percent_of": "capital"}


@pytest.mark.parametrize(
    ("claims", "lines"),
    [
        ((say("a", **PERCENT), say("b", **PERCENT | {"percent": Decimal(5)})), 2),
        ((say("a", **PERCENT), say("b", **PERCENT)), 0),
        ((say("a", **PERCENT), say("b", percent=Decimal(5), percent_of="votes")), 0),
        ((say("a", indirect=False, **PERCENT), say("b", indirect=True, percent=Decimal(9), percent_of="capital")), 0),
        ((say("a", as_of="2023", **PERCENT), say("b", as_of="2024", percent=Decimal(5), percent_of="capital")), 0),
        ((say("a", amount=Decimal(1), currency="USD"), say("b", amount=Decimal(2), currency="EUR")), 0),
        ((say("a", amount=Decimal(1), currency="USD"), say("b", amount=Decimal(2), currency="USD")), 2),
        ((say("a"), say("b", Modality.DENIED)), 2),
        ((say("a"), say("b", Modality.ENDED)), 2),
        ((say("a"), say("b", Modality.PLANNED)), 0),
        ((owe("a", 1), owe("b", 2)), 2),
        ((owe("a", 1), owe("b", 2, "EUR")), 0),
    ],
)
def test_what_counts_as_a_dispute(claims, lines):
    assert sum(len(dispute.facts) for dispute in dossier(told(*claims), "A").disputes) == lines


def text(found, lang="en", width=None):
    out = io.StringIO()
    write_dossier(found, out, lang, width=width)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def test_the_dossier_reads_well(store):
    assert (
        text(dossier(store, "CoreWeave"))
        == """\
CoreWeave
CoreWeave: Company · company/coreweave

Facts on 2026-12-01
  CoreWeave supplies
    Microsoft · 62 % of revenue (2024) · known from 2025-03-11
      “Microsoft représentait 62 % du chiffre d’affaires de CoreWeave en 2024.” deal.txt
    OpenAI · 11.9 bn USD over 5 years, puissance de calcul · known from 2025-03-11
      “CoreWeave fournira à OpenAI de la puissance de calcul pour 11,9 milliards de dollars sur cinq ans.” deal.txt
  … holds a stake in CoreWeave
    Nvidia · 6 % of capital · known from 2025-03-11
      “Nvidia détient 6 % du capital de CoreWeave.” deal.txt
    Nvidia · 5.2 % of capital · known from 2025-03
      “Nvidia owns 5.2% of CoreWeave.” rivals.txt

Planned
  … holds a stake in CoreWeave
    OpenAI · 350 M USD · known from 2025-03-11
      “OpenAI obtiendra pour 350 millions de dollars d’actions CoreWeave.” deal.txt

Denied
  … acquires CoreWeave
    Microsoft · known from 2025-03
      “Microsoft denied that it would buy CoreWeave.” rivals.txt

Disputed: the sources differ
  Nvidia holds a stake in CoreWeave · percent
    6 % of capital
      2025-03-11 · deal.txt · “Nvidia détient 6 % du capital de CoreWeave.”
    5.2 % of capital
      2025-03 · rivals.txt · “Nvidia owns 5.2% of CoreWeave.”"""
    )


def test_the_dossier_speaks_french(store):
    read = text(dossier(store, "CoreWeave"), "fr")
    words = ("Faits", "CoreWeave fournit", "11,9 Md USD sur 5 ans", "Prévu", "Démenti", "Contesté", "connu depuis")
    assert [word for word in words if word not in read] == []


def test_a_narrow_terminal_folds_and_loses_nothing(store):
    narrow = text(dossier(store, "CoreWeave"), width=50)
    assert max(map(len, narrow.splitlines())) <= 50
    assert narrow.split() == text(dossier(store, "CoreWeave")).split()


def test_a_figure_reads_as_one():
    revenue = say("a", relation="revenue", ends=(A, Figure(Decimal(1_920_000_000), "USD")), as_of="2024")
    assert "1.92 bn USD (2024)" in text(dossier(told(revenue), "A"))


def test_no_source_can_steer_the_terminal():
    hostile = replace(A, name="\x1b[2JA [bold]")
    found = dossier(told(replace(say("a"), subject=hostile)), "B")
    assert "\x1b" not in text(found)
    assert "[bold]" in text(found)


def test_a_language_without_words_is_refused(store):
    with pytest.raises(QueryError, match="cannot be written in 'de'"):
        write_dossier(dossier(store, "Nvidia"), io.StringIO(), "de")


def test_the_table_of_relations_has_facts_first(store):
    table = relations_table(store, company="CoreWeave")
    assert [row[:5] for row in table.rows] == [
        ("CoreWeave", "supplies", "Microsoft", "62 % of revenue (2024)", "asserted"),
        ("CoreWeave", "supplies", "OpenAI", "11.9 bn USD over 5 years, puissance de calcul", "asserted"),
        ("Nvidia", "holds a stake in", "CoreWeave", "6 % of capital", "asserted"),
        ("Nvidia", "holds a stake in", "CoreWeave", "5.2 % of capital", "asserted"),
        ("OpenAI", "holds a stake in", "CoreWeave", "350 M USD", "planned"),
        ("Microsoft", "acquires", "CoreWeave", None, "denied"),
    ]


def test_the_table_of_relations_can_be_narrowed(store):
    assert len(relations_table(store)) == 11
    assert len(relations_table(store, relation="partners-with")) == 2
    assert [row[3] for row in relations_table(store, modality="planned", lang="fr").rows] == ["350 M USD"]
    with pytest.raises(QueryError, match=r"no modality 'planed'. Did you mean 'planned'"):
        relations_table(store, modality="planed")


def judge(store, claim, verdict, author="ada", at="2026-11-30T09:00:00Z", **more):
    """Judge a claim of a store."""
    sha256 = store.document(claim.document).sha256
    heed(store, [Judgement(verdict, claim, sha256, author, at, **more)])


def test_a_dossier_says_which_claims_people_confirmed_and_which_are_their_own(store):
    revenue, stake = (
        next(claim for claim in store.claims(document="deal.txt") if claim.qualifiers.percent == percent)
        for percent in (62, 6)
    )
    judge(store, revenue, Verdict.RIGHT)
    judge(store, revenue, Verdict.UNSURE, "bob", "2026-12-01T08:00:00Z")
    judge(store, stake, Verdict.WRONG, part=Part.MODALITY, correction=replace(stake, modality=Modality.PAST))
    told = dossier(store, "CoreWeave")
    assert [opinion.author for opinion in told.opinions[revenue.id]] == ["ada", "bob"]
    read = text(told)
    assert "en 2024.” deal.txt\n      confirmed by ada on 2026-11-30 · bob is unsure (2026-12-01)\n" in read
    assert "du capital de CoreWeave.” deal.txt\n      added by ada\n" in read
    assert "confirmé par ada le 2026-11-30 · bob hésite (2026-12-01)" in text(told, "fr")
    assert "added" not in text(between(store, "CoreWeave", "Microsoft"))


def test_a_rejected_claim_is_in_no_dossier_unless_asked_for(store):
    claim = next(claim for claim in store.claims(document="deal.txt") if claim.qualifiers.percent == 62)
    judge(store, claim, Verdict.WRONG, part=Part.NOT_STATED)
    assert "62 %" not in text(dossier(store, "CoreWeave"))
    asked = text(dossier(store, "CoreWeave", outcomes=outcomes_of("refused")))
    assert "refused (REJECTED)" in asked
    assert "called wrong by ada on 2026-11-30" in asked


def test_what_was_said_later_is_in_no_older_dossier(store):
    claim = next(iter(store.claims(document="deal.txt")))
    judge(store, claim, Verdict.RIGHT)
    assert dossier(store, "CoreWeave", as_of=AsOf(recorded="2026-11-29")).opinions == {}
