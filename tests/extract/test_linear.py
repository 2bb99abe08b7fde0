"""Scores are the same in every process, whatever order it goes through a set in."""

import subprocess
import sys

import pytest

SAID = """
from kg.extract.linear import weights
model = weights("confidence")
print([score.hex() for score in model.scores(set(list(model.features)[::3]))])
"""


@pytest.mark.parametrize("seed", ["1", "2"])
def test_a_score_does_not_depend_on_the_order_of_its_features(seed):
    def said(seed):
        command = [sys.executable, "-c", SAID]
        return subprocess.run(command, env={"PYTHONHASHSEED": seed}, capture_output=True, check=True).stdout

    assert said(seed) == said("0")
