"""Each figure and each class of error, on a text whose answers can be counted by hand."""

import pytest

from kg.evaluation.claims import read_claims
from kg.evaluation.counts import Counts, mean, ratio, total
from kg.evaluation.gold import read_gold
from kg.evaluation.report import report
from kg.evaluation.scoring import score

from .conftest import a_claim, a_gold, relation


@pytest.fixture
def scored(folder):
    def score_of(*claims, **gold):
        folder.write_gold(a_gold(**gold))
        folder.write_claims(*claims)
        return report(score([one for one, _ in read_gold([folder.gold])], read_claims(folder.claims)))

    return score_of


def kinds(found):
    return [mistake.kind for mistake in found.mistakes]


def test_nothing_said_finds_nothing(scored):
    found = scored()
    assert (found.figures["precision"], found.figures["recall"], found.figures["f1"]) == (None, 0, 0)
    assert kinds(found) == ["missed"] * 3
    assert found.mistakes[0].quote.startswith("Nordgate a racheté")
    assert (found.mistakes[0].start, found.mistakes[0].end) == (0, 52)


def test_all_said_well_is_all_right(scored):
    found = scored(
        a_claim("NORDGATE SA", "acquires", "solvéa", 0, amount="339000000", currency="EUR"),
        a_claim("Tarnos", "subsidiary-of", "Nordgate", 1),
        a_claim("Brévenne", "competes-with", "Groupe Tarnos", 1),
        a_claim("Tarnos", "partners-with", "Brévenne", 2, "denied"),
    )
    shares = ("precision", "recall", "f1", "status", "qualifiers", "grounding", "macro_f1")
    assert {found.figures[name] for name in shares} == {1.0}
    assert kinds(found) == []


def test_what_gold_has_not_is_wrong_once_however_often_it_is_said(scored):
    claim = a_claim("Nordgate", "acquires", "Brévenne", 0)
    found = scored(claim, claim)
    assert found.figures["precision"] == 0
    assert found.figures["said"] == 1
    assert kinds(found).count("wrong") == 1


def test_a_name_that_gold_has_not_is_marked(scored):
    found = scored(a_claim("Nordgate", "acquires", "Quercyn SA", 0))
    assert found.mistakes[0].object == "?quercyn"


def test_a_wrong_status_is_told_with_both(scored):
    found = scored(a_claim("Brévenne", "partners-with", "Tarnos", 2, "planned"))
    [mistake] = [one for one in found.mistakes if one.kind == "status"]
    assert mistake.note == "gold denied, said planned"
    assert found.confusion == {("denied", "planned"): 1}
    assert found.figures["status"] == found.figures["modality"] == 0


def test_a_status_of_the_same_group_is_right_and_not_exact(scored):
    found = scored(a_claim("Nordgate", "acquires", "Solvéa", 0, "ended"))
    assert (found.figures["status"], found.figures["modality"]) == (1, 0)


def test_a_status_that_gold_also_takes_is_exact(scored):
    of = relation("r1", "nordgate", "acquires", "solvea", 0, status_also=["planned"])
    found = scored(a_claim("Nordgate", "acquires", "Solvéa", 0, "planned"), relations=[of])
    assert found.confusion == {("planned", "planned"): 1}


def test_a_term_is_right_wrong_or_missing(scored):
    found = scored(a_claim("Nordgate", "acquires", "Solvéa", 0, amount="343000000"))
    assert found.figures["qualifiers"] == 0
    assert (found.figures["qualifiers_wrong"], found.figures["qualifiers_missing"]) == (1, 1)
    notes = [one.note for one in found.mistakes if one.kind == "qualifier"]
    assert notes == ["amount 340000000, said 343000000", "currency EUR, said nothing"]


def test_a_trap_catches_only_the_modalities_it_names(scored):
    as_fact = a_claim("Tarnos", "partners-with", "Brévenne", 2)
    as_denial = a_claim("Tarnos", "partners-with", "Brévenne", 2, "denied")
    assert scored(as_fact).figures["traps_hit"] == 1
    assert scored(as_denial).figures["traps_hit"] == 0
    assert "trap" in kinds(scored(as_fact))


def test_a_star_in_a_trap_is_anything_in_a_figure_of_its_own(scored):
    found = scored(a_claim("Brévenne", "competes-with", "Solvéa", 0))
    assert (found.figures["traps_hit"], found.figures["traps_hit_by_any"]) == (0, 1)


def test_a_trap_without_edges_catches_what_is_wrong_over_its_quote(scored):
    trap = {"must_not": "anything", "quote": "Tarnos, filiale de Nordgate"}
    wrong = scored(a_claim("Nordgate", "acquires", "Brévenne", 1), traps=[trap])
    right = scored(a_claim("Tarnos", "subsidiary-of", "Nordgate", 1), traps=[trap])
    elsewhere = scored(a_claim("Nordgate", "acquires", "Brévenne", 0), traps=[trap])
    assert [one.figures["traps_hit"] for one in (wrong, right, elsewhere)] == [1, 0, 0]


def test_a_group_that_words_one_fact_is_found_by_any_member(scored):
    either = [["r1", "r2"]]
    found = scored(a_claim("Tarnos", "subsidiary-of", "Nordgate", 1), core_any_of=either)
    assert (found.figures["core"], found.figures["recall"]) == (2, 0.5)


def test_only_what_is_annotated_counts(scored):
    found = scored(a_claim("Brévenne", "acquires", "Nordgate", 1), annotated_chars=20)
    assert found.figures["said"] == 0


def test_a_quote_that_is_not_the_texts_is_not_grounded(scored):
    claim = a_claim("Nordgate", "acquires", "Solvéa", 0)
    claim["evidence"][0]["start"] += 1
    assert scored(claim).figures["grounding"] == 0


def test_what_must_be_found_is_counted_by_relation_language_status_and_document(scored):
    found = scored(a_claim("Nordgate", "acquires", "Solvéa", 0))
    assert found.relations["acquires"] == Counts(said=1, right=1, core=1, found=1)
    assert found.languages["fr"].core == found.documents["deal.txt"].core == 3
    assert found.statuses["past"] == Counts(core=1, found=1, status_right=1)
    assert found.terms["amount"] == Counts(terms=1)


def test_a_figure_of_nothing_is_none():
    assert ratio(1, 0) is None
    assert mean([None]) is None
    assert mean([0.5, None, 1]) == 0.75
    assert total([]) == Counts()
