"""The table of what people say of a graph: shares, parts, steps, versions, and what readers had missed."""

from dataclasses import replace

from kg.evaluation.judged import judged_table
from kg.judgements import ClosedDocument, Closing, Draw, Judgement, Stratum, Verdict
from kg.model import Claim, Document, Entity, Modality

TEXT = Document("a.txt", "One owns Two. " * 100, "en")
ONE, TWO = Entity("company/one", "One", "Company"), Entity("company/two", "Two", "Company")


def claim(number, relation="holds-stake"):
    evidence = (TEXT.evidence(number * 14, number * 14 + 13),)
    return Claim(ONE, relation, TWO, Modality.ASSERTED, evidence, method="rules/2", confidence=0.85)


def word(one, verdict=Verdict.RIGHT, second=0, **more):
    more = {"drawn": Draw.RANDOM, "reader": "rules/2+aaaa@0.9"} | more
    return Judgement(verdict, one, TEXT.sha256, "ada", f"2026-01-01T00:{second // 60:02}:{second % 60:02}Z", **more)


def rows(*arguments):
    return {row[0]: row[1:4] for row in judged_table(*arguments).rows}


def test_each_group_has_a_row_and_narrow_draws_one_of_their_own():
    told = [
        word(claim(0)),
        word(claim(1, "supplies"), Verdict.WRONG),
        word(claim(2, "supplies"), stratum=Stratum(relation="supplies")),
        word(claim(3), Verdict.WRONG, stratum=Stratum(company="company/one")),
        word(claim(4), Verdict.WRONG, drawn=Draw.UNCERTAIN),
    ]
    assert rows(told) == {
        "all": (2, 1, 0.5),
        "relation holds-stake": (1, 1, 1.0),
        "relation supplies": (2, 1, 0.5),
        "reader rules": (2, 1, 0.5),
        "language en": (2, 1, 0.5),
        "confidence 0.8–0.9": (2, 1, 0.5),
        "company company/one": (3, 1, 0.333),
        "version rules/2+aaaa": (2, 1, 0.5),
    }


def test_who_comes_back_to_a_claim_that_was_drawn_changes_the_measure_and_does_not_leave_it():
    told = [word(claim(0)), word(claim(0), Verdict.WRONG, 9, drawn=Draw.CHANCE)]
    assert rows(told)["all"] == (1, 0, 0.0)


def test_what_was_taken_back_does_not_count():
    first = word(claim(0), Verdict.WRONG)
    told = [first, word(claim(1)), word(claim(0), Verdict.UNSURE, 1, undoes=first.id, drawn=Draw.CHANCE)]
    assert rows(told)["all"] == (1, 1, 1.0)


def test_a_curve_tells_how_the_share_moves_and_with_which_weights():
    told = [
        word(
            claim(n),
            Verdict.WRONG if n < 10 else Verdict.RIGHT,
            n,
            reader=f"rules/2+{'aaaa' if n < 30 else 'bbbb'}@0.9",
        )
        for n in range(50)
    ]
    found = rows(reversed(told))
    assert [(name, row) for name, row in found.items() if name.startswith(("judgements", "version"))] == [
        ("judgements 1–20", (20, 10, 0.5)),
        ("judgements 21–40", (20, 20, 1.0)),
        ("judgements 41–50", (10, 10, 1.0)),
        ("version rules/2+aaaa", (30, 20, 0.667)),
        ("version rules/2+bbbb", (20, 20, 1.0)),
    ]
    assert not any(name.startswith("judgements") for name in rows(told[:20]))
    many = [word(claim(n), second=n) for n in range(100)]
    assert [name for name in rows(many) if name.startswith("judgements")][-1] == "judgements 81–100"


def test_recall_comes_from_documents_read_to_the_end():
    closing = Closing(TEXT.id, TEXT.sha256, "ada", "2026-01-01T00:00:00Z")
    held = (claim(0), claim(1), claim(2, "supplies"))
    told = ClosedDocument(TEXT, closing, held, held[:2], held[:2])
    assert rows([], [told]) == {
        "recall": (3, 2, 0.667),
        "recall relation holds-stake": (2, 2, 1.0),
        "recall relation supplies": (1, 0, 0.0),
        "recall language en": (3, 2, 0.667),
    }
    other = replace(told, found=(), read=())
    assert rows([], [told, other])["recall"] == (6, 2, 0.333)


def test_nothing_judged_makes_an_empty_table():
    assert judged_table([]).rows == []
