"""The seed article and every shared article, read as they are, scored by the shared scorer."""

import json
import subprocess
import sys

import pytest

from kg.model import Entity
from kg.store.json_codec import claim_record


@pytest.fixture(scope="session")
def scored(shared, shared_readings, tmp_path_factory):
    """Score the claims of the texts below a folder against gold files; returns a function."""

    def score(folder, gold_pattern):
        work = tmp_path_factory.mktemp("score")
        gold = work / "gold"
        gold.mkdir()
        for path in (shared / "gold").glob(gold_pattern):
            (gold / path.name).symlink_to(path)
        with (work / "claims.jsonl").open("w") as out:
            for path, reading in shared_readings.items():
                if path.is_relative_to(folder):
                    out.writelines(json.dumps(claim_record(claim)) + "\n" for claim in reading.claims)
        command = [sys.executable, shared / "score.py", "--gold", gold, "--texts", shared, "--json"]
        done = subprocess.run([*command, "--claims", work / "claims.jsonl"], capture_output=True, check=True)
        return json.loads(done.stdout)

    return score


def test_the_seed_reaches_its_figures(shared, scored):
    report = scored(shared / "seed", "seed-*.gold.json")
    assert report["recall"] >= 0.9
    assert report["precision"] >= 0.9
    assert report["qualifiers"] >= 0.8
    assert report["status"] >= 0.9
    assert report["grounding"] == 1.0
    assert report["traps_hit"] == 0


def test_every_article_reads_without_an_error_and_stays_grounded(shared, scored):
    report = scored(shared / "articles", "*-*.gold.json")
    assert report["grounding"] == 1.0
    assert report["precision"] >= 0.7  # what the first engine reaches
    assert report["recall"] >= 0.25


def test_the_decoys_give_no_deal(shared, shared_readings):
    wanted = {"acquires", "holds-stake", "invests-in", "merges-with", "lends-to", "supplies", "competes-with"}
    found = []
    for path in (shared / "articles").rglob("*.json"):
        if json.loads(path.read_text())["kind"] != "decoy":
            continue
        found += [
            (c.document, c.subject.name, c.relation, c.object.name)
            for c in shared_readings[path.with_suffix(".txt")].claims
            if c.relation in wanted and isinstance(c.object, Entity)
        ]
    assert found == []
