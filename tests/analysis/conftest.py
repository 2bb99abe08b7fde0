"""What the tests of analyses share: the day that counts as today, and what the examples claim."""

import pytest

import kg


@pytest.fixture(autouse=True, scope="session")
def today():
    """Fix the day for which analyses answer, whenever the tests run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KG_TODAY", "2026-06-30")
        yield


@pytest.fixture(scope="session")
def examples(example_store):
    """The claims of the example articles."""
    with kg.open(example_store) as graph:
        return tuple(graph.claims())
