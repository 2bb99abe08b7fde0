"""What the tests of analyses share: the day that counts as today."""

import pytest


@pytest.fixture(autouse=True, scope="session")
def today():
    """Fix the day for which analyses answer, whenever the tests run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KG_TODAY", "2026-06-30")
        yield
