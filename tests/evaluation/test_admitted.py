"""What is admitted is right: on real texts, on marked passages, on sentences made to mislead."""

import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

import kg
from kg.evaluation.gate_fit import material
from kg.evaluation.matching import RELATIONS, key, norm
from kg.evaluation.reliability import expected_calibration_error, judged
from kg.extract.confidence import least
from kg.model import Entity, Outcome

SECOND = Path(__file__).parent / "judged.jsonl"
"""Claims that two readers, who saw no scores, judged (the last one: one reader, who knew of it).

They hold offsets into texts that are not ours to print.
"""


def edges_of(folder):
    """Whether each edge of a text was judged right, where anybody did; the stricter of two judgements counts."""
    told = defaultdict(list)
    for path in (folder / "judged.jsonl", SECOND):
        for line in path.read_text("utf-8").splitlines():
            record = json.loads(line)
            ends = norm(record["subject"]), norm(record["object"])
            told[record["document"], key(ends[0], record["relation"], ends[1])].append(record["right"])
    return {edge: any(verdicts) for edge, verdicts in told.items()}


@pytest.mark.long
def test_of_general_news_and_filings_nine_of_ten_admitted_claims_are_right(shared, tmp_path):
    known = edges_of(shared / "texts")
    with kg.open(str(tmp_path / "store"), write=True) as graph:
        graph.build(shared / "texts", jobs=2)
        verdicts = {}
        for claim in graph.claims():
            if claim.relation in RELATIONS and isinstance(claim.object, Entity):
                edge = key(norm(claim.subject.name), claim.relation, norm(claim.object.name))
                verdicts[claim.document, edge] = known.get((claim.document, edge))
    unjudged = sorted(str(edge) for edge, right in verdicts.items() if right is None)
    assert unjudged == [], "judge these, blind, into tests/evaluation/judged.jsonl"
    right = [edge for edge, verdict in verdicts.items() if verdict]
    assert len(right) / len(verdicts) >= 0.9
    before = [json.loads(line) for line in (shared / "texts" / "judged.jsonl").read_text("utf-8").splitlines()]
    kept = [
        one
        for one in before
        if one["right"]
        and (one["document"], key(norm(one["subject"]), one["relation"], norm(one["object"]))) in set(right)
    ]
    assert len(kept) >= 25


@pytest.mark.long
def test_confidences_fit_on_passages_that_nothing_was_fitted_to(shared):
    found = [one for passage in material(shared).frozen for one in judged(passage)]
    sure = [one for one in found if one.sure]
    assert expected_calibration_error(sure) <= 0.12
    admitted = [one for one in sure if one.claim.confidence >= least(0.9)]
    assert sum(one.right for one in admitted) / len(admitted) >= 0.8


def test_few_sentences_made_to_mislead_give_false_facts(shared, tmp_path):
    check = [sys.executable, str(shared / "suite" / "check.py")]
    suite = shared / "suite" / "shared.jsonl"
    subprocess.run([*check, "make", suite, tmp_path / "texts"], check=True, capture_output=True)
    with kg.open(str(tmp_path / "store"), write=True) as graph:
        graph.build(tmp_path / "texts", jobs=0)
        with (tmp_path / "claims.jsonl").open("wb") as out:
            graph.export("jsonl", out)
        assert all(claim.outcome is Outcome.ADMITTED for claim in graph.claims())
    done = subprocess.run([*check, suite, tmp_path / "claims.jsonl"], check=True, capture_output=True, text=True)
    false_facts = int(done.stdout.rpartition("false facts ")[2].split()[0])
    assert false_facts <= 3
