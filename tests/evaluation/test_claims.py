"""Claims to be scored, of ours and of other programs."""

import json

import pytest

from kg.errors import AnnotationError
from kg.evaluation.claims import read_claims, scored_claims
from kg.store.json_codec import claim_line, claim_record

from .conftest import a_claim


def test_a_store_and_its_export_score_alike(story, tmp_path):
    claims = [claim for _, told in story for claim in told]
    path = tmp_path / "claims.jsonl"
    path.write_text("".join(json.dumps(claim_record(claim)) + "\n" for claim in claims))
    assert read_claims(path) == scored_claims(claims)


def test_another_program_need_not_say_more_than_is_scored(folder):
    bare = a_claim("Nordgate", "acquires", "Solvéa", 0)
    del bare["modality"], bare["qualifiers"]
    folder.write_claims(bare, a_claim("Nordgate", "has-revenue", "", 0) | {"object": {"value": "3", "unit": "EUR"}})
    first, second = read_claims(folder.claims)
    assert (first.modality, first.qualifiers) == ("asserted", {})
    assert second.object == ""


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"relation": None}, "lacks 'relation'"),
        ({"subject": "Nordgate"}, "'subject'"),
        ({"object": {"value": "3"}}, "lacks 'name'"),
        ({"modality": "planed"}, "Did you mean 'planned'"),
        ({"evidence": [{"document": "deal.txt"}]}, "evidence 1: lacks 'start'"),
        ({"qualifiers": {"amount": []}}, "amount must be"),
    ],
)
def test_a_claim_that_does_not_hold_is_refused_with_its_line(folder, change, part):
    good = a_claim("Nordgate", "acquires", "Solvéa", 0)
    folder.write_claims(good, good | change)
    with pytest.raises(AnnotationError) as caught:
        read_claims(folder.claims)
    assert "claims.jsonl:2: " in str(caught.value)
    assert part in str(caught.value)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(AnnotationError, match="cannot be read"):
        read_claims(tmp_path / "no.jsonl")


def test_claims_that_were_not_admitted_are_not_scored(tmp_path, sorted_reading):
    path = tmp_path / "claims.jsonl"
    claims = (*sorted_reading.claims, *sorted_reading.candidates)
    path.write_bytes(b"".join(map(claim_line, claims)))
    assert read_claims(path) == scored_claims(sorted_reading.claims)
