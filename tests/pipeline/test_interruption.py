"""A build by ``kg build --jobs 2`` that is disturbed: the document at fault is named, the rest built, the store whole.

A named pipe that nobody writes to stands for the document that never ends.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from kg.store import check, open_store

PATIENCE = 600
"""Seconds after which a state that is waited for will never come, however busy the machine is."""

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="finds processes by /proc")

PLAIN = "Le ciel est resté gris au-dessus de la ville pendant toute la journée du {} mars.\n"
ARTICLE = "Nvidia prend une part\n\nNvidia détient {} % du capital de CoreWeave. OpenAI rivalise avec Microsoft.\n"


@pytest.fixture
def sources(tmp_path):
    """Sixty articles, more than are taken in ahead of the first that is not done, and a pipe.

    One in ten has claims: the others are read in no time.
    """
    folder = tmp_path / "news"
    folder.mkdir()
    for number in range(60):
        (folder / f"{number:02}.txt").write_text((PLAIN if number % 10 else ARTICLE).format(number + 1))
    os.mkfifo(folder / "pipe.txt")
    return folder


@contextmanager
def building(tmp_path, *paths, options=()):
    """Run a build, killed at the end of the block if it is still there."""
    command = [
        sys.executable,
        "-m",
        "kg",
        "build",
        *map(str, paths),
        "--store",
        str(tmp_path / "s"),
        "-j",
        "2",
        *options,
    ]
    # Tests that run in the background of a shell ignore Ctrl-C, and what they start would, too.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    finally:
        signal.signal(signal.SIGINT, before)
    with process:
        try:
            yield process
        finally:
            process.kill()


def waiting_at(pipe):
    """Wait until somebody opens the pipe to read; return the process, and a descriptor that keeps it waiting."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            held = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            time.sleep(0.1)
            continue
        while time.monotonic() < until:
            for found in holders(pipe):
                return found, held
            time.sleep(0.1)
    raise TimeoutError("nobody reads the pipe")


def holders(pipe):
    """The other processes that have the pipe open."""
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            same = link.readlink() == pipe
        except OSError:
            continue
        if same and int(link.parts[2]) != os.getpid():
            yield int(link.parts[2])


def articles(sources):
    return sorted(path for path in sources.iterdir() if path.name != "pipe.txt")


def assert_whole(tmp_path, at_least):
    with open_store(tmp_path / "s") as store:
        assert sum(1 for _ in store.documents()) >= at_least
        assert check(store).violations == ()


def test_a_document_that_never_ends_is_cut_off(tmp_path, sources):
    with building(tmp_path, sources / "pipe.txt", *articles(sources), options=["--time-limit", "8"]) as process:
        out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "read 60 documents" in out
    assert err.splitlines() == [
        f"kg: not read: {sources / 'pipe.txt'}: took longer than 8 seconds: split it, or give it more --time-limit"
    ]
    assert_whole(tmp_path, 60)


def test_a_reader_that_is_killed_costs_its_document_alone(tmp_path, sources):
    with building(tmp_path, sources / "pipe.txt", *articles(sources)) as process:
        worker, held = waiting_at(sources / "pipe.txt")
        os.kill(worker, signal.SIGKILL)
        out, err = process.communicate(timeout=PATIENCE)
    os.close(held)
    assert process.returncode == 1
    assert "read 60 documents" in out
    [line] = err.splitlines()
    assert line.startswith(f"kg: not read: {sources / 'pipe.txt'}: its reader was killed")
    assert_whole(tmp_path, 60)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_build_that_is_stopped_keeps_what_was_committed_and_leaves_nobody(tmp_path, sources, how):
    with building(tmp_path, *articles(sources), sources / "pipe.txt") as process:
        worker, held = waiting_at(sources / "pipe.txt")
        journal = tmp_path / "s" / "journal.jsonl"
        until = time.monotonic() + PATIENCE
        while journal.read_bytes().count(b"\n") < 2 and time.monotonic() < until:
            time.sleep(0.1)
        process.send_signal(how)
        # Whoever reads the pipe comes to its end now, and finds that there is nobody to tell.
        os.close(held)
        _, err = process.communicate(timeout=PATIENCE)
    if how == signal.SIGINT:
        assert process.returncode == 130
        assert err.strip() == "kg: error: interrupted; what was committed is kept"
    assert_gone(worker)
    assert_whole(tmp_path, 16)


def assert_gone(pid):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return
        if state == "Z":
            return
        time.sleep(0.1)
    raise AssertionError(f"process {pid} is still there")
