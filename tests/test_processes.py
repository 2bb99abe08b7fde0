"""A worker process: it answers over its connection, and its end is seen whatever caused it."""

import asyncio
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from kg.processes import WorkerProcess, start_fork_server

TARGETS = """
import os, signal

def echo(connection, prefix):
    while True:
        connection.send(prefix + connection.recv())

def group(connection):
    connection.send((os.getpid(), os.getpgid(0)))

def crash(connection):
    os.kill(os.getpid(), signal.SIGSEGV)
"""


@pytest.fixture
def targets(tmp_path, monkeypatch):
    """A module that workers can import."""
    (tmp_path / "targets_of_test.py").write_text(TARGETS)
    monkeypatch.syspath_prepend(str(tmp_path))
    import targets_of_test

    start_fork_server("kg.pipeline.document_steps")
    return targets_of_test


def test_a_worker_answers_until_it_is_killed(targets):
    worker = WorkerProcess.start(targets.echo, "> ")
    for message in ("one", "two"):
        worker.send(message)
        assert worker.receive() == f"> {message}"
    worker.kill()
    assert worker.join() == -signal.SIGKILL
    assert worker.join() == -signal.SIGKILL, "it can be asked again"
    worker.kill()


def test_an_answer_can_be_awaited(targets):
    async def ask():
        worker = WorkerProcess.start(targets.echo, "> ")
        worker.send("one")
        answer = await worker.receive_async()
        worker.kill()
        with pytest.raises(EOFError):
            await worker.receive_async()
        worker.join()
        return answer

    with ThreadPoolExecutor(1) as executor:
        assert executor.submit(asyncio.run, ask()).result() == "> one"


def test_a_crash_is_seen_by_whoever_waits(targets):
    worker = WorkerProcess.start(targets.crash)
    with pytest.raises(EOFError):
        worker.receive()
    assert worker.join() == -signal.SIGSEGV


def test_a_worker_may_lead_a_group_of_its_own(targets):
    for own_group in (True, False):
        worker = WorkerProcess.start(targets.group, own_group=own_group)
        process, group = worker.receive()
        assert (process == group) is own_group
        assert worker.join() == 0
