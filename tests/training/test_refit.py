"""The last layer learns from pairs of names, slowly away from its old weights; the confidence from what was right."""

import numpy as np
import pytest

from kg.extract.paragraph.network import RELATIONS, crossed
from kg.training.calibration import ENOUGH, calibrated, line
from kg.training.marks import read_marks
from kg.training.measures import calibration_error
from kg.training.refit import Layer, loss_and_slope, refit
from kg.training.samples import Samples, samples

from .conftest import passage, write_lines

WIDTH = 32
SUPPLIES = 1 + RELATIONS.index("supplies")


def toy(count, seed):
    """Pairs of which the first number of both ends tells whether they are tied."""
    told = np.random.default_rng(seed)
    subject, object_ = (told.uniform(-1, 1, (count, WIDTH)).astype(np.float32) for _ in "so")
    subject[:, 1:] *= 0.2
    subject[:, 0], object_[:, 0] = np.sign(subject[:, 0]), np.sign(object_[:, 0])
    right = np.zeros((count, 1 + len(RELATIONS)), np.float32)
    right[:, SUPPLIES] = subject[:, 0] * object_[:, 0] > 0
    return Samples(subject, object_, right, np.ones_like(right))


@pytest.fixture
def layer():
    return Layer(np.zeros((len(RELATIONS) + 1, WIDTH * 32), np.float32), np.zeros(len(RELATIONS) + 1, np.float32))


def scores(layer, samples):
    return crossed(samples.subject, samples.object) @ layer.weight.T + layer.bias


def loss(layer, samples):
    return loss_and_slope(scores(layer, samples), samples.right, samples.judged)[0]


def test_a_layer_gets_better_on_pairs_that_it_has_not_seen(layer):
    unseen = toy(400, 2)
    fitted = refit(layer, toy(600, 1), step=3e-2)
    assert loss(fitted, unseen) < 0.75 * loss(layer, unseen)
    told = scores(fitted, unseen)
    assert ((told[:, SUPPLIES] > told[:, 0]) == unseen.right[:, SUPPLIES]).mean() > 0.9


def test_the_same_pairs_give_the_same_layer_and_the_old_weights_pull(layer):
    one, two = (refit(layer, toy(100, 1)) for _ in range(2))
    assert np.array_equal(one.weight, two.weight)
    assert 0 < np.abs(one.weight).max() < 40e-4


def test_the_slope_is_that_of_the_loss():
    told = np.random.default_rng(0)
    values = told.normal(size=(4, len(RELATIONS) + 1))
    right = (told.uniform(size=values.shape) < 0.3).astype(np.float32)
    counts = (told.uniform(size=values.shape) < 0.8).astype(np.float32)
    right[0] = right[:, 0] = 0
    _, slope = loss_and_slope(values, right, counts)
    for at in np.ndindex(values.shape):
        moved = values.copy()
        moved[at] += 1e-5
        up = loss_and_slope(moved, right, counts)[0]
        moved[at] -= 2e-5
        assert slope[at] == pytest.approx((up - loss_and_slope(moved, right, counts)[0]) / 2e-5, abs=1e-4)


def test_pairs_of_names_are_right_by_the_marks(tmp_path):
    record = passage(6)
    [one] = read_marks([write_lines(tmp_path / "m.jsonl", [record])])
    found = samples([one])
    assert found.subject.shape == found.object.shape
    assert found.right[:, SUPPLIES].sum() == found.right.sum() == 1
    accepted = {**record, "relations": [{**record["relations"][0], "tier": "accept"}]}
    [one] = read_marks([write_lines(tmp_path / "m.jsonl", [accepted])])
    left = samples([one])
    assert left.right.sum() == 0
    assert (1 - left.judged).sum() == 1, "what is only accepted counts neither way"
    assert samples([]) is None


# ---------------------------------------------------------------- calibration
def test_a_line_finds_offset_and_slope_and_believes_little_of_few():
    told = np.random.default_rng(0)
    odds = told.normal(0, 2, 4000)
    right = told.uniform(size=4000) < 1 / (1 + np.exp(-(0.5 * odds - 1)))
    slope, offset = line(odds, right)
    assert slope == pytest.approx(0.5, abs=0.05)
    assert offset == pytest.approx(-1, abs=0.1)
    assert line([], []) == (1, 0)
    assert line([2.0], [True])[0] == pytest.approx(1, abs=0.1)


OLD = {"measures": {"rules": 1.0, "rules:odds": 0.8}, "offset": -0.5, "least": [[0.5, 0.4]], "bias": [0, 1]}


def test_what_is_too_sure_becomes_less_sure_and_enough_proposals_give_thresholds():
    confidences = [0.9, 0.6] * (ENOUGH // 2)
    right = [at % 4 in {0, 1} for at in range(ENOUGH)]
    few = calibrated(OLD, confidences[:20], right[:20])
    assert few["least"] == OLD["least"]
    assert few["bias"] == OLD["bias"]
    many = calibrated(OLD, confidences, right)
    assert many["least"] != OLD["least"]
    assert many["measures"]["rules:odds"] < 0.8
    slope = many["measures"]["rules"]
    assert 1 / (1 + np.exp(-(slope * np.log(9) + many["offset"] + 0.5 * slope))) == pytest.approx(0.5, abs=0.15)


def test_the_calibration_error_is_how_far_confidence_and_share_are_apart():
    assert calibration_error([(0.75, True), (0.75, False)]) == pytest.approx(0.25)
    assert calibration_error([(0.15, False), (0.85, True)]) == pytest.approx(0.15)
