"""Work in other processes: in order, bounded, and whole whatever an item does to the process that has it."""

import contextlib
import itertools
import multiprocessing
import os
import signal
import time

import pytest

from kg.errors import DocumentError, ReadingFailed
from kg.pipeline.workers import InProcessRunner, ProcessRunner, suitable_jobs

ACTS = """
import os, signal, time
from kg.errors import DocumentError

def act(item):
    match item:
        case "raise":
            raise ZeroDivisionError("of all\\nthings")
        case "refuse":
            raise DocumentError("it is refused")
        case "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "leave":
            os._exit(3)
        case "hang":
            while True:
                pass
        case "big":
            return "x" * 5_000_000
        case float():
            time.sleep(item)
    return item

def who(item):
    return os.getpid()

def slow(item):
    time.sleep(1)
"""


@pytest.fixture
def acts(tmp_path, monkeypatch):
    """A module that workers can import."""
    (tmp_path / "acts_of_test.py").write_text(ACTS)
    monkeypatch.syspath_prepend(str(tmp_path))
    import acts_of_test

    return acts_of_test


def minute(_):
    return 60.0


def test_what_comes_back_is_in_order_whoever_is_done_first(acts):
    items = [0.3, 0.0, 0.2, *range(50)]
    with ProcessRunner(2) as workers:
        assert list(workers.map(acts.act, items, minute)) == [(item, item) for item in items]
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize(
    ("item", "says"),
    [
        ("raise", r"^this brings out a defect of kg \(ZeroDivisionError: of all things\)"),
        ("crash", r"^its reader crashed \(SIGSEGV\)"),
        ("killed", "^its reader was killed, perhaps for want of memory"),
        ("leave", r"^its reader crashed \(status 3\)"),
    ],
)
def test_an_item_that_ends_its_worker_costs_that_item_alone(acts, item, says):
    with ProcessRunner(2) as workers:
        ended = [outcome for _, outcome in workers.map(acts.act, [1, item, 2, item, 3, 4], minute)]
    assert [each for each in ended if isinstance(each, int)] == [1, 2, 3, 4]
    for failed in (ended[1], ended[3]):
        assert isinstance(failed, ReadingFailed)
        with pytest.raises(ReadingFailed, match=says):
            raise failed


def test_an_item_that_takes_too_long_is_cut_off(acts):
    with ProcessRunner(2) as workers:
        ended = dict(workers.map(acts.act, ["hang", 1, 2], lambda item: 0.5 if item == "hang" else 60))
    assert str(ended.pop("hang")).startswith("took longer than 0.5 seconds")
    assert ended == {1: 1, 2: 2}


def test_what_is_prepared_does_not_count(acts):
    with ProcessRunner(1) as workers:
        assert list(workers.map(acts.act, [1], lambda _: 0.5, acts.slow)) == [(1, 1)]


@pytest.mark.parametrize("runner", [InProcessRunner, lambda: ProcessRunner(1)])
def test_a_refusal_comes_back_as_it_was_raised(acts, runner):
    with runner() as run:
        [(_, refused), (_, failed)] = run.map(acts.act, ["refuse", "raise"], minute)
    assert (type(refused), str(refused)) == (DocumentError, "it is refused")
    assert isinstance(failed, ReadingFailed)


def test_a_large_result_and_a_large_item_pass(acts):
    with ProcessRunner(2) as workers:
        ended = [outcome for _, outcome in workers.map(acts.act, ["big", "y" * 5_000_000, "big"], minute)]
    assert list(map(len, ended)) == [5_000_000] * 3


def test_items_are_taken_in_ahead_but_not_all(acts):
    taken = itertools.count()
    with ProcessRunner(2) as workers:
        first = next(workers.map(acts.act, (next(taken) for _ in range(10_000)), minute))
    assert first == (0, 0)
    assert next(taken) < 100


def test_one_map_may_run_into_another(acts):
    with ProcessRunner(2) as workers:
        inner = (outcome for _, outcome in workers.map(acts.act, range(100), minute))
        assert [outcome for _, outcome in workers.map(acts.act, inner, minute)] == list(range(100))


def test_a_worker_that_dies_idle_is_replaced(acts):
    with ProcessRunner(1) as workers:
        [(_, first)] = workers.map(acts.who, [1], minute)
        os.kill(first, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            while True:
                os.kill(first, 0)
                time.sleep(0.02)
        [(_, second)] = workers.map(acts.who, [1], minute)
    assert first != second


def test_workers_are_replaced_as_they_age(acts):
    with ProcessRunner(1, max_items=3) as workers:
        pids = [pid for _, pid in workers.map(acts.who, range(9), minute)]
    assert [len(list(group)) for _, group in itertools.groupby(pids)] == [3, 3, 3]


def test_nobody_is_left_when_the_block_breaks_off(acts):
    def broken_off():
        with ProcessRunner(2) as workers:
            assert next(workers.map(acts.act, [1, "hang", "hang"], minute)) == (1, 1)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken_off()
    assert multiprocessing.active_children() == []


def test_the_number_of_workers_suits_the_machine_and_the_sources(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(4)), raising=False)
    assert [suitable_jobs(sources) for sources in (0, 1, 63, 64, 100, 128, 10_000)] == [1, 1, 1, 2, 3, 4, 4]
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(64)), raising=False)
    assert suitable_jobs(10_000) == 8
