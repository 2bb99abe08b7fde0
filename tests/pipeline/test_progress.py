"""The bar: what it shows, and that it is for terminals alone."""

import io
import os
import pty
import subprocess
import sys

from kg.pipeline import BuildReport, build
from kg.pipeline.progress import bar
from kg.store import open_store

ARTICLE = "Nvidia prend une part\n\nNvidia détient 6 % du capital de CoreWeave.\n"


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_it_shows_documents_and_claims(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    stream = Terminal()
    with bar(stream) as watch:
        watch(BuildReport(found=40, read=10, claims=123))
        watch(BuildReport(found=40, read=20, unchanged=15, claims=456))
    assert "35/40" in stream.getvalue()
    assert "456 claims" in stream.getvalue()


def built_on_a_terminal(tmp_path, *options):
    """What a build writes to a standard error that is a terminal; the store has the article, so that no model loads."""
    (tmp_path / "a.txt").write_text(ARTICLE)
    with open_store(tmp_path / "s", write=True) as store:
        assert build(store, [str(tmp_path / "a.txt")]).read == 1
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "kg", "build", tmp_path / "a.txt", "--store", tmp_path / "s", *options]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "120"}
    with subprocess.Popen(command, stderr=theirs, stdout=subprocess.PIPE, env=environment) as process:
        os.close(theirs)
        shown = b"".join(iter(lambda: part_of(ours), b""))
        out, _ = process.communicate()
    os.close(ours)
    assert process.returncode == 0
    return shown.decode(), out.decode()


def part_of(terminal):
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux says so where the other end is closed
        return b""


def test_a_terminal_gets_a_bar(tmp_path):
    shown, out = built_on_a_terminal(tmp_path)
    assert "1/1" in shown
    assert out.startswith("read 0 documents")


def test_quiet_gets_none(tmp_path):
    assert built_on_a_terminal(tmp_path, "-q") == ("", "")
