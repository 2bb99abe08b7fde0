"""Garbage is looked for as before once the work is done, whoever works beside it."""

import gc

import pytest

from kg.garbage import seldom_collected


def test_thresholds_are_as_before_when_the_last_one_leaves():
    before = gc.get_threshold()
    with seldom_collected():
        with seldom_collected():
            assert gc.get_threshold()[0] > before[0]
        assert gc.get_threshold()[0] > before[0]
    assert gc.get_threshold() == before


def test_thresholds_are_as_before_after_an_error():
    before = gc.get_threshold()

    @seldom_collected()
    def fail():
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        fail()
    assert gc.get_threshold() == before
