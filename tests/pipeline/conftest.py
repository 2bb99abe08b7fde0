"""Workers for these tests are forked from one process that has the pipelines."""

import pytest

from kg.pipeline.workers import ProcessRunner


@pytest.fixture(scope="session", autouse=True)
def _warm_server():
    with ProcessRunner(2):
        pass
