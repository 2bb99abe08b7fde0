"""``kg watch`` as a user and a service meet it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli import cli
from kg.errors import StoreFull
from kg.watch.state import locked

PATIENCE = 600
"""Seconds after which a state that is waited for will never come, however busy the machine is."""
CONFIG = '[[source]]\npath = "news"\n\n[[interest]]\ncompany = "CoreWeave"\n'
ARTICLE = "News\n\nMay 4, 2026\n\nNvidia owns a 6% stake in CoreWeave.\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.txt").write_text(ARTICLE)
    (tmp_path / "watch.toml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KG_TODAY", "2026-05-04")
    return tmp_path


@pytest.fixture
def run(folder):
    assert (folder / "watch.toml").is_file()
    return lambda *arguments: CliRunner().invoke(cli, ["watch", "watch.toml", *arguments])


def test_check_says_what_config_holds(run):
    done = run("--check")
    assert done.output == "watch.toml holds. Paths: 1, addresses: 0, interests: 1; digests go to digests\n"
    assert not Path("digests").exists()


def test_check_says_all_that_is_wrong(run, folder):
    (folder / "watch.toml").write_text('lnag = "fr"\n' + CONFIG.replace("news", "nwes"))
    done = run("--check")
    assert done.exit_code == 1
    assert done.output.startswith("kg: watch.toml:1: lnag there is no such key. Did you mean 'lang'?\n")
    (folder / "watch.toml").write_text(CONFIG.replace("news", "nwes"))
    done = run("--check")
    assert (done.exit_code, done.output.count("\n")) == (1, 1)
    assert "nwes is not there" in done.output


@pytest.mark.parametrize(
    ("top", "path", "what"),
    [
        ("", ".", "digests digests"),
        ("", "digests", "digests digests"),
        ("", "digests/old", "digests digests"),
        ('digests = "/tmp/kg"\n', ".", "fetched fetched"),
        ('digests = "/tmp/kg"\nfetched = ".web"\n', ".", "store kg-store"),
        ('digests = ".told"\nfetched = ".web"\nstore = "news/graph"\n', "news", "store news/graph"),
    ],
)
def test_kg_does_not_read_what_it_writes(run, folder, top, path, what):
    (folder / "watch.toml").write_text(top + CONFIG.replace("news", path))
    if path == "digests/old":
        (folder / path).mkdir(parents=True)
    line = f"watch.toml: source[1].path {path} and {what} hold one another: kg would read what it writes"
    for arguments in (("--check",), ("--once",)):
        done = run(*arguments)
        assert done.exit_code == 1
        assert line in f"{done.output}{done.exception}"
    assert not (folder / "kg-store").exists()


def test_hidden_folders_in_a_source_may_be_written_to(run, folder):
    (folder / "watch.toml").write_text(
        'digests = ".told"\nfetched = ".web"\nstore = ".graph"\n' + CONFIG.replace("news", ".")
    )
    assert run("--check").exit_code == 0
    assert "read 1 documents" in run("--once").output
    assert run("--once").output == "nothing is new\n"


def test_once_reads_and_tells_and_then_has_nothing_new(run):
    done = run("--once")
    assert done.exit_code == 0
    assert "read 1 documents" in done.output
    assert "CoreWeave: 1 new: digests/coreweave.atom, " in done.output
    assert run("--once").output == "nothing is new\n"
    assert run("--once", "-q").output == ""


def test_what_cannot_be_read_is_told_once_and_the_rest_is_read(run, folder):
    (folder / "news" / "b.txt").write_bytes(b"\x00\x01\x02" * 99)
    done = run("--once")
    assert done.exit_code == 1
    assert "kg: not read: news/b.txt" in done.output
    assert "CoreWeave: 1 new" in done.output
    assert run("--once").exit_code == 0


def test_addresses_are_left_alone_without_online(run, folder):
    (folder / "watch.toml").write_text(CONFIG + '[[page]]\nurl = "https://example.org/a"\n')
    assert "kg: note: what CONFIG has of the web (1) is fetched only with --online" in run("--once").output


def test_a_service_goes_on_where_a_graph_cannot_be_had_for_a_while(run, monkeypatch):
    rounds = []

    def round_(*_, **__):
        rounds.append(1)
        if len(rounds) < 3:
            raise StoreFull("kg-store cannot be written: no space left")
        raise SystemExit(0)

    monkeypatch.setattr("kg.watch.watcher.Watcher.round", round_)
    monkeypatch.setattr("time.sleep", lambda _: None)
    done = run()
    assert (done.exit_code, len(rounds)) == (0, 3)
    assert done.output.count("kg: later: kg-store cannot be written: no space left\n") == 2


def program(folder, *arguments):
    environment = {**os.environ, "KG_JOBS": "0"}
    command = [sys.executable, "-m", "kg", "watch", "watch.toml", *arguments]
    return subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.mark.slow
def test_a_second_one_ends_with_one_line(folder):
    with locked(folder / "digests"), program(folder, "--once") as process:
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out) == (1, "")
    assert err == "kg: error: another kg watch works in digests: nothing was done, it will do it\n"


@pytest.mark.slow
def test_a_service_stays_sees_what_comes_and_ends_when_it_is_told_to(folder):
    (folder / "watch.toml").write_text("every = 1\n" + CONFIG)
    with program(folder) as process:
        page = folder / "digests" / "coreweave.md"
        wait_for(lambda: page.is_file() and "6% stake" in page.read_text())
        (folder / "news" / "b.txt").write_text(ARTICLE.replace("6%", "9%").replace("May 4", "May 3"))
        wait_for(lambda: "9% stake" in page.read_text())
        # The line comes after the digest: it is waited for before the end is asked for.
        assert any("CoreWeave: 1 contradicted" in line for line in process.stdout)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err
    assert "Traceback" not in err


@pytest.mark.slow
def test_one_that_is_killed_loses_nothing_and_repeats_nothing(folder):
    for number in range(40):
        (folder / "news" / f"{number}.txt").write_text(
            f"News {number}\n\nMay 4, 2026\n\nOpenAI competes with Microsoft.\n"
        )
    with program(folder, "--once") as process:
        wait_for(lambda: (folder / "kg-store" / "journal.jsonl").is_file() and committed(folder) > 1)
        process.kill()
    (folder / "news" / "late.txt").write_text(ARTICLE)
    for _ in range(2):
        with program(folder, "--once") as process:
            out, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, err
    assert out == "nothing is new\n"
    [line] = (folder / "digests" / "coreweave.jsonl").read_text().splitlines()
    assert '"kind": "new"' in line


def committed(folder):
    return (folder / "kg-store" / "journal.jsonl").read_bytes().count(b"\n")


def wait_for(condition):
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)
