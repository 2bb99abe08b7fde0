"""The how-to on adding a relation is carried out, to the letter, in a copy of the project."""

import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "how-to" / "add-a-relation.md"
EDIT = re.compile(r'```diff title="([^"]+)"\n(.*?)```', re.DOTALL)
NEWS = """CoreWeave supplies Nvidia with computing power.
CoreWeave sued Nvidia in March 2024 in a federal court.
Oracle has filed a lawsuit against Nvidia.
Microsoft denied that it would sue Oracle.
"""
LONGEST = 60


def edit(path, lines):
    """Make the edit of one block: replace a line, or add lines at the end; a new file is made."""
    removed, added = ([line[1:] for line in lines if line.startswith(sign)] for sign in "-+")
    text = path.read_text() if path.exists() else ""
    if removed:
        assert len(removed) == 1
        assert text.count(removed[0] + "\n") == 1, removed
        head = added[:1] if path.suffix == ".toml" else added
        text = text.replace(removed[0] + "\n", "\n".join(head) + "\n")
        added = [] if head is added else added[1:]
    path.write_text(text + ("\n" if text and added else "") + "".join(f"{line}\n" for line in added))


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project with the edits of the page."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("kg", "ontology"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
    for path, block in EDIT.findall(PAGE.read_text()):
        edit(folder / path, block.splitlines())
    (folder / "news.txt").write_text(NEWS)
    return folder


def test_it_takes_fewer_than_sixty_lines():
    changed = [line for _, block in EDIT.findall(PAGE.read_text()) for line in block.splitlines()]
    assert all(line[0] in "+-" for line in changed)
    assert len(changed) < LONGEST


def test_the_new_relation_is_read_asked_and_analysed(project):
    def kg(*arguments):
        command = [sys.executable, "-m", "kg", *arguments]
        environment = {**os.environ, "PYTHONPATH": str(project), "KG_TODAY": "2026-12-01", "COLUMNS": "120"}
        done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    kg("build", "news.txt", "--date", "2025-03-11", "--lang", "en")
    assert [line.split(",")[0] for line in kg("query", "lawsuits", "Nvidia", "--format", "csv").splitlines()[1:]] == [
        "CoreWeave",
        "Oracle",
    ]
    assert kg("query", "lawsuits", "Nvidia", "--format", "csv", "--today", "2024-02-28").count("\n") == 1
    feuds = csv.DictReader(kg("analyse", "feuds", "--format", "csv").splitlines())
    assert [(row["plaintiff"], row["defendant"]) for row in feuds] == [("CoreWeave", "Nvidia")]
    edges = kg("query", "SELECT ?plaintiff ?defendant { ?plaintiff kg:sues ?defendant }", "--format", "csv")
    assert len(edges.splitlines()) == 3
    assert "sues" in kg("relations", "Oracle")
    assert "0 violations" in kg("check")
