"""A worker process: it answers over its connection, and its end is seen whatever caused it."""

import asyncio
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from kg.errors import KgError
from kg.processes import WorkerProcess, check_socket_folder, start_fork_server

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


def test_a_folder_for_temporary_files_that_sockets_cannot_have_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", "/" + "é" * 40)
    for refuse in (check_socket_folder, lambda: start_fork_server("kg.pipeline.document_steps")):
        with pytest.raises(KgError, match=r"folder /é+: .* set TMPDIR to a folder of at most \d+ bytes"):
            refuse()
    # Beside a server nothing is left of a start that failed.
    monkeypatch.setenv("TMPDIR", str(tmp_path / ("x" * 80)))
    (tmp_path / ("x" * 80)).mkdir()
    command = [sys.executable, "-m", "kg", "serve", "--store", str(tmp_path / "none"), "--port", "0"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "set TMPDIR" in done.stderr
    assert list((tmp_path / ("x" * 80)).iterdir()) == []
