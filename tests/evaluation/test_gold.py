"""Gold is read into records, and gold that does not hold is refused in one line that says where."""

from pathlib import Path

import pytest

from kg.errors import AnnotationError
from kg.evaluation.gold import read_gold

from .conftest import TEXT, a_gold, relation


def test_it_holds_what_the_file_says(folder):
    [(gold, path)] = read_gold([folder.gold])
    assert path == folder.path / "articles" / "deal.txt"
    assert (gold.file, gold.document, gold.lang, gold.text) == ("deal.gold.json", "deal.txt", "fr", TEXT)
    assert gold.limit == len(TEXT)
    assert gold.ids["solvéa"] == gold.ids["solvea"] == "solvea"
    first = gold.expected[0]
    assert first.key == ("nordgate", "acquires", "solvea")
    assert first.qualifiers == {"amount": 340_000_000, "currency": "EUR"}
    assert [one.core for one in gold.expected] == [True, True, False, True]


def test_the_text_may_lie_elsewhere(folder, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "articles" / "deal.txt").rename(tmp_path / "other" / "deal.txt")
    [(_, path)] = read_gold([folder.gold], tmp_path / "other")
    assert path == tmp_path / "other" / "deal.txt"


def test_relations_that_are_not_scored_are_left_out(folder):
    folder.write_gold(a_gold(relations=[relation("r1", "nordgate", "develops", "solvea", 0, status="whatever")]))
    [(gold, _)] = read_gold([folder.gold])
    assert gold.expected == ()


def without(name):
    record = a_gold()
    del record[name]
    return record


@pytest.mark.parametrize(
    ("record", "parts"),
    [
        ("{", ["is no JSON"]),
        ("[]", ["no JSON object"]),
        (without("schema"), ["kg-gold/1"]),
        (without("text_file"), ["lacks 'text_file'"]),
        (a_gold(text_file="no.txt"), ["'no.txt'", "--texts"]),
        (a_gold(entities="many"), ["'entities'", "make it a list"]),
        (a_gold(entities=[{"id": "x"}]), ["entities 1 (x)", "lacks 'name'"]),
        (a_gold(entities=[{"id": "x", "name": "X", "aliases": [1]}]), ["'aliases'", "texts"]),
        (a_gold(relations=["x"]), ["relations 1", "no object"]),
        (a_gold(relations=[relation("r1", "nordgat", "acquires", "solvea", 0)]), ["r1", "Did you mean 'nordgate'"]),
        (a_gold(relations=[relation("r1", "nordgate", "acquires", "solvea", 0, status="assertd")]), ["'asserted'"]),
        (a_gold(relations=[relation("r1", "nordgate", "acquires", "solvea", 0, status_also=["?"])]), ["Choose one"]),
        (a_gold(relations=[relation("r1", "nordgate", "acquires", "solvea", 0)] * 2), ["one id"]),
        (
            a_gold(relations=[relation("r1", "nordgate", "acquires", "solvea", 0, qualifiers={"amount": [1]})]),
            ["amount must be"],
        ),
        (a_gold(relations=[relation("r1", "nordgate", "acquires", "solvea", 0, char_start="2")]), ["'char_start'"]),
        (a_gold(core_any_of=["r1"]), ["list of lists"]),
        (a_gold(core_any_of=[["r11"]]), ["'r11'", "Did you mean"]),
        (a_gold(traps=[{"quote": "x"}]), ["traps 1", "must_not"]),
        (a_gold(annotated_chars=True), ["'annotated_chars'", "whole number"]),
    ],
)
def test_gold_that_does_not_hold_is_refused_with_its_place(folder, record, parts):
    folder.write_gold(record)
    with pytest.raises(AnnotationError) as caught:
        read_gold([folder.gold])
    message = str(caught.value)
    assert "\n" not in message
    for part in ["deal.gold.json", *parts]:
        assert part in message


def test_a_folder_without_gold_is_refused(tmp_path):
    for path in (tmp_path, tmp_path / "nowhere", Path(__file__)):
        with pytest.raises(AnnotationError, match="holds no gold"):
            read_gold([path])


def test_a_text_that_is_no_utf8_is_refused(folder):
    (folder.path / "articles" / "deal.txt").write_bytes(b"\xff\xfe")
    with pytest.raises(AnnotationError, match="UTF-8"):
        read_gold([folder.gold])


def test_the_shared_gold_holds(shared):
    found = read_gold([shared / "gold"])
    assert len(found) == len(list((shared / "gold").glob("*.gold.json")))
    for gold, _ in found:
        for one in gold.expected:
            assert gold.text[one.start : one.start + len(one.quote)] == one.quote
