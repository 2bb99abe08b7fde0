"""Records of kg-claims/1: exact, strict, and no other claim than was made."""

import copy
import json

import pytest

from kg.errors import InvalidRecord
from kg.model import Entity
from kg.store.json_codec import claim_from, claim_line, claim_record, document_from, document_record, strict_json


@pytest.fixture
def record(story):
    return claim_record(story[0][1][0])


def test_a_claim_is_the_record_that_other_programs_read(story):
    claim = story[0][1][3]
    assert claim_record(claim) == {
        "id": claim.id,
        "subject": {"id": "company/nvidia", "name": "Nvidia", "type": "Company", "aliases": ["Nvidia"]},
        "relation": "holds-stake",
        "object": {"id": "company/coreweave", "name": "CoreWeave", "type": "Company", "aliases": ["CoreWeave"]},
        "modality": "asserted",
        "qualifiers": {"percent": "6", "percent_of": "capital", "as_printed": "6 %"},
        "evidence": [
            {
                "document": "deal.txt",
                "start": claim.evidence[0].start,
                "end": claim.evidence[0].end,
                "quote": "Nvidia détient 6 % du capital de CoreWeave.",
                "lang": "fr",
            }
        ],
        "known_from": "2025-03-11",
        "recorded_at": "2025-03-12T08:00:00Z",
        "method": "rules/1",
        "confidence": 0.9,
    }


def test_what_is_written_as_json_is_read_back(story):
    for document, claims in story:
        assert document_from(strict_json(json.dumps(document_record(document)))) == document
        for claim in claims:
            assert claim_from(strict_json(json.dumps(claim_record(claim)))) == claim


def test_a_line_of_an_export_says_its_format(story):
    claim = story[0][1][0]
    line = strict_json(claim_line(claim))
    assert line == {"format": "kg-claims/1"} | claim_record(claim)
    assert claim_from(line) == claim


def test_an_id_may_be_taken_as_it_stands(record):
    assert claim_from(record | {"id": "kept"}, checked=False).id == "kept"


def test_a_number_is_a_string_and_exact(record):
    record["qualifiers"] = {"amount": "0.1000", "currency": "USD"}
    with pytest.raises(InvalidRecord, match="changed after it was made"):
        claim_from(record)
    record["id"] = "x"
    with pytest.raises(InvalidRecord, match=r"claim x says what claim [0-9a-f]{32} would"):
        claim_from(record)


def broken(path, value):
    def change(record):
        *place, last = path
        for step in place:
            record = record[step]
        if value is KeyError:
            del record[last]
        else:
            record[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (broken(["subject"], KeyError), "lacks subject"),
        (broken(["object", "name"], KeyError), "lacks name"),
        (broken(["colour"], "red"), "unknown colour"),
        (broken(["qualifiers", "price"], "1"), "unknown price"),
        (broken(["evidence", 0, "page"], 1), "unknown page"),
        (broken(["qualifiers", "amount"], "many"), "'many' is no number"),
        (broken(["qualifiers", "amount"], "NaN"), "NaN"),
        (broken(["qualifiers", "amount"], None), "no number"),
        (broken(["modality"], "maybe"), "maybe"),
        (broken(["subject"], "Nvidia"), "must be an object"),
        (broken(["evidence"], []), "needs evidence"),
        (broken(["evidence"], 7), "not whole"),
        (broken(["evidence", 0, "start"], "0"), "from one whole number to another"),
        (broken(["evidence", 0, "end"], 3), "does not span"),
        (broken(["relation"], "acquires"), "changed after"),
        (broken(["confidence"], "high"), "not whole"),
        (broken(["known_from"], "yesterday"), "no date"),
        (broken(["format"], "kg-claims/2"), "has the format 'kg-claims/2', this kg reads kg-claims/1"),
    ],
)
def test_a_record_that_is_not_one_of_ours_is_refused(record, change, message):
    changed = copy.deepcopy(record)
    change(changed)
    with pytest.raises(InvalidRecord, match=message) as caught:
        claim_from(changed)
    assert "\n" not in str(caught.value)


def test_a_name_takes_no_part_in_a_claims_identity(record):
    record["subject"] |= {"name": "Another spelling"}
    assert claim_from(record).id == record["id"]


@pytest.mark.parametrize("other", [None, 1, "x", [], [1]])
def test_what_is_no_object_is_no_claim(other):
    with pytest.raises(InvalidRecord, match="must be an object"):
        claim_from(other)
    with pytest.raises(InvalidRecord, match="must be an object"):
        document_from(other)


@pytest.mark.parametrize(
    "line", ['{"a": NaN}', '{"a": -Infinity}', '{"a": 1, "a": 2}', "{", "", b"\xff", "[" * 100_000]
)
def test_json_that_only_python_reads_is_refused(line):
    with pytest.raises(InvalidRecord):
        strict_json(line)


def test_an_entity_can_be_known_by_more_than_the_record_says(story, record):
    claim = claim_from(record, lambda entity: Entity(entity.id, "Known", entity.type, ("a", "b")))
    assert (claim.subject.name, claim.subject.aliases) == ("Known", ("a", "b"))
    assert claim.id == story[0][1][0].id
