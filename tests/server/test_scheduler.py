"""When a query takes long: by what its worker computes, not by how long a busy machine keeps it waiting."""

import asyncio
import os
import time
from types import SimpleNamespace

import pytest

from kg.processes import WorkerProcess
from kg.server import scheduler


class _Process:
    """A worker that answers after some seconds, in which it computes a share of the time."""

    def __init__(self, seconds, share):
        self._share = share
        self._start = time.monotonic()
        self._end = self._start + seconds

    def processor_seconds(self):
        return None if self._share is None else (time.monotonic() - self._start) * self._share

    async def receive_async(self):
        await asyncio.sleep(max(self._end - time.monotonic(), 0))
        return "the answer"


@pytest.fixture
def quick(run_async, monkeypatch):
    """What comes of a query while it holds a fast slot."""
    monkeypatch.setattr(scheduler, "_LONG_SECONDS", 0.05)
    monkeypatch.setattr(scheduler, "_STARVED_SECONDS", 0.5)

    def ask(seconds, share, limit=60.0):
        async def act():
            worker = SimpleNamespace(process=_Process(seconds, share))
            return await scheduler._quick_response(worker, asyncio.get_running_loop().time() + limit)

        return run_async(act())

    return ask


def test_one_that_computes_all_the_time_takes_long(quick):
    assert quick(3600, share=1.0) is None


def test_one_that_is_kept_from_computing_does_not(quick):
    assert quick(0.2, share=0.1) == "the answer"


def test_patience_ends_and_never_outlasts_the_limit(quick):
    assert quick(3600, share=0.0) is None
    assert quick(3600, share=0.0, limit=0.0) is None


def test_where_the_system_does_not_tell_time_alone_counts(quick):
    assert quick(3600, share=None) is None


@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="only Linux tells what a process computes")  # noqa: PTH110
def test_what_a_process_computes_is_told():
    # This process stands for another: its own clock says the same.
    ours = WorkerProcess(SimpleNamespace(pid=os.getpid()), None)
    before = ours.processor_seconds()
    while time.process_time() < before + 0.2:
        sum(range(1000))
    assert ours.processor_seconds() == pytest.approx(time.process_time(), abs=0.1)
    assert WorkerProcess(SimpleNamespace(pid=1 << 30), None).processor_seconds() is None
