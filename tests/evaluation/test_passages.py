"""The passages that come with the project: every mark stands in its text, and parts are fixed by name."""

import json
from collections import Counter
from pathlib import Path

import pytest

from kg.evaluation.matching import RELATIONS
from kg.evaluation.passages import part_of, read_passages

FOLDER = Path(__file__).parents[2] / "ontology" / "corpus" / "passages"
RECORDS = [json.loads(line) for path in sorted(FOLDER.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]


def test_each_language_has_hundreds_and_many_state_no_tie():
    by_language = Counter(record["lang"] for record in RECORDS)
    assert min(by_language["fr"], by_language["en"]) >= 500
    assert sum(not record["relations"] for record in RECORDS) >= 0.3 * len(RECORDS)
    assert len({record["id"] for record in RECORDS}) == len(RECORDS)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_quote_and_every_word_of_a_term_stands_where_it_is_said_to(lang):
    for record in (one for one in RECORDS if one["lang"] == lang):
        text, ends = record["text"], {entity["id"] for entity in record["entities"]}
        for relation in record["relations"]:
            assert relation["predicate"] in RELATIONS
            assert {relation["subject"], relation["object"]} <= ends
            for place in (relation, *relation.get("evidence_also", ())):
                assert text.startswith(place["quote"], place["char_start"])
            for mark in relation.get("marks", ()):
                assert text.startswith(mark["words"], mark["char_start"])


def test_a_passage_belongs_to_one_part_for_good():
    parts = Counter(passage.part for passage in read_passages(FOLDER))
    assert set(parts) == {"train", "calibrate", "frozen"}
    assert min(parts["calibrate"], parts["frozen"]) >= 250
    assert all(record.get("part", part_of(record["id"])) == "train" for record in RECORDS if "part" in record)
