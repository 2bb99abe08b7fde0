"""What the README and the docs say that a command prints is what it prints; their Python runs.

``KG_UPDATE_DOCS=1 pytest tests/docs`` writes the commands' output into the pages. The commands of a page run in
order, in one folder that holds ``kg/examples`` and ``docs``; a block of the language ``console`` is compared, any
other is not.
"""

import io
import os
import re
import shlex
import sys
from pathlib import Path

import pytest

from kg.cli import main

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)
PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)
WITH_CONSOLE = [page for page in PAGES if CONSOLE.search(page.read_text())]
WITH_PYTHON = [page for page in PAGES if PYTHON.search(page.read_text())]
TODAY = "2026-12-01"


def name_of(page):
    return str(page.relative_to(ROOT))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder such as a reader of the page has, on a fixed day."""
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    (tmp_path / "kg").mkdir()
    (tmp_path / "kg" / "examples").symlink_to(ROOT / "kg" / "examples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("KG_TODAY", TODAY)
    monkeypatch.delenv("KG_STORE", raising=False)
    return tmp_path


def output(line, monkeypatch):
    """What a command prints, errors after the answer, as a terminal would show them."""
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
    monkeypatch.setattr("sys.argv", ["kg", *shlex.split(line, comments=True)[2:]])
    monkeypatch.setattr("sys.stdout", out)
    monkeypatch.setattr("sys.stderr", err)
    monkeypatch.setattr("sys.excepthook", sys.excepthook)
    code = None
    try:
        main()
    except SystemExit as error:
        code = error.code
    assert not code, (line, err.buffer.getvalue().decode())
    for stream in (out, err):
        stream.flush()
    return [row.rstrip() for row in out.buffer.getvalue().decode().splitlines()]


def answered(block, monkeypatch):
    rows = []
    for line in block.splitlines():
        if line.startswith("$ "):
            rows.append(line)
            if line.startswith("$ kg "):
                with monkeypatch.context() as patch:
                    rows += output(line, patch)
    return "\n".join(rows) + "\n"


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("page", WITH_CONSOLE, ids=name_of)
def test_every_command_prints_what_the_page_says(page, monkeypatch):
    text = page.read_text()
    real = CONSOLE.sub(lambda match: f"```console\n{answered(match[1], monkeypatch)}```", text)
    if os.environ.get("KG_UPDATE_DOCS"):
        page.write_text(real)
    assert real == text or os.environ.get("KG_UPDATE_DOCS")


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("page", WITH_PYTHON, ids=name_of)
def test_its_python_runs(page):
    names = {}
    for code in PYTHON.findall(page.read_text()):
        exec(compile(code, name_of(page), "exec"), names)  # noqa: S102 - it is ours
