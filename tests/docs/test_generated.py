"""Pages that the program writes hold what it knows."""

import importlib.util
from pathlib import Path

import pytest

from kg.reasons import EXAMPLES, MEANINGS

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def hooks():
    spec = importlib.util.spec_from_file_location("hooks", DOCS / "hooks.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_each_reason_code_is_told_with_a_text_that_gives_it(hooks):
    page = hooks.MARK.sub(lambda mark: hooks.GENERATORS[mark[1]](DOCS), (DOCS / "reference" / "reasons.md").read_text())
    for code, (text, read) in EXAMPLES.items():
        assert f"| `{code.value}` | {MEANINGS[code][1]} | {text} | {read} |" in page
