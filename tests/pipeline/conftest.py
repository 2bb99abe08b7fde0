"""Workers for these tests are forked from one process that has the pipelines."""

import pytest

from kg.pipeline.workers import Workers


@pytest.fixture(scope="session", autouse=True)
def _warm_server():
    with Workers(2):
        pass
