"""The committed bundle is what the committed sources give, and names no registry."""

import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from kg.view import asset

VIEW = Path(__file__).parents[2] / "kg" / "view"
SOURCES = VIEW / "src"


@pytest.fixture
def node():
    if shutil.which("node") is None:
        pytest.skip("node is not here: only who changes the viewer's sources needs it")
    if not (SOURCES / "node_modules").is_dir():
        pytest.skip(f"the viewer's tools are not here: run 'npm ci' in {SOURCES}")

    def run(*command):
        return subprocess.run(command, cwd=SOURCES, capture_output=True, text=True, check=False)

    return run


def test_the_bundle_is_what_the_sources_give(node, tmp_path):
    built = node("node", "build.mjs", str(tmp_path))
    assert built.returncode == 0, built.stderr
    made = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    kept = {file.name: file.read_bytes() for file in (VIEW / "assets").iterdir()}
    stale = [name for name in made.keys() | kept.keys() if made.get(name) != kept.get(name)]
    assert stale == [], "run 'npm run build' and commit what it writes"


def test_the_sources_are_of_sound_types(node):
    checked = node("node", "node_modules/typescript/bin/tsc", "--noEmit")
    assert checked.returncode == 0, checked.stdout


def test_the_lock_file_pins_everything_by_hash_and_names_no_place():
    text = (SOURCES / "package-lock.json").read_text("utf-8")
    packages = {name: entry for name, entry in json.loads(text)["packages"].items() if name}
    assert len(packages) > 5
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert "://" not in re.sub(r'"(url|funding)": "[^"]*"', "", text)
    wanted = json.loads((SOURCES / "package.json").read_text("utf-8"))
    exact = [*wanted["dependencies"].values(), *wanted["devDependencies"].values()]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in exact)


def test_each_library_in_the_bundle_has_its_licence_beside_it():
    text = asset("LICENSES.txt")
    for name in json.loads((SOURCES / "package.json").read_text("utf-8"))["dependencies"]:
        assert re.search(rf"^{re.escape(name)} [\d.]+ \(ISC\)$", text, re.MULTILINE)
    assert text.count("Permission to use, copy, modify") >= text.count("(ISC)")


def test_the_bundle_asks_nobody_and_builds_no_code():
    script = asset("viewer.js") + asset("widget.js")
    assert not re.search(r"\beval\(|new Function\(|importScripts|insertAdjacentHTML", script)
    # d3-selection's own `html` method carries the word along; nothing of ours calls it.
    ours = "".join(file.read_text("utf-8") for file in SOURCES.glob("*.ts"))
    assert not re.search(r"innerHTML|outerHTML|\.html\(|document\.write", ours)
    addresses = set(re.findall(r"https?://[\w./-]+", script))
    assert all(re.match(r"https?://(www\.w3\.org|gexf\.net)/", one) for one in addresses), addresses


def test_the_wheel_takes_the_bundle_and_leaves_the_sources():
    wheel = tomllib.loads((VIEW.parents[1] / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]
    assert "kg/view/src" in wheel["wheel"]["exclude"]
