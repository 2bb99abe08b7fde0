"""The story, told to a store in memory."""

import pytest

from kg.store import Reading, open_store


@pytest.fixture
def store(unrecorded):
    opened = open_store(None)
    opened.commit([Reading(document, claims, "rules/1") for document, claims in unrecorded])
    yield opened
    opened.close()
