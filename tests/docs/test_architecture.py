"""The architecture page draws the layers that import-linter proves."""

import os
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "architecture.md"


def test_the_layers_are_those_of_the_linter():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    text = PAGE.read_text()
    drawn = re.sub(
        r"(list with it\.\n\n```text\n).*?```",
        lambda match: match[1] + "\n".join(layers) + "\n```",
        text,
        flags=re.DOTALL,
    )
    if os.environ.get("KG_UPDATE_DOCS"):
        PAGE.write_text(drawn)
    assert drawn == text or os.environ.get("KG_UPDATE_DOCS")


def test_every_folder_is_told():
    names = {path.name for path in (ROOT / "kg").iterdir() if path.is_dir() and any(path.glob("*.py"))}
    told = set(re.findall(r"`kg/(\w+)/`", PAGE.read_text()))
    assert names - told == set()
