"""The stores that every back-end is: in memory, on disk, on disk and opened again after each change."""

from dataclasses import replace

import pytest

from kg.store import Reading, open_store


class Clock:
    """Time that passes by a day with every look."""

    def __init__(self):
        self.day = 0

    def __call__(self):
        self.day += 1
        return f"2025-04-{self.day:02d}T08:00:00Z"


@pytest.fixture
def ticking():
    return Clock()


@pytest.fixture(params=["memory", "disk"])
def store(request, tmp_path, ticking):
    """An empty store of each kind."""
    path = None if request.param == "memory" else tmp_path / "store"
    with open_store(path, write=True, clock=ticking) as opened:
        yield opened


@pytest.fixture
def readings(unrecorded):
    """The story of two documents, as a reader hands it over."""
    return tuple(Reading(document, claims, "reader/1") for document, claims in unrecorded)


@pytest.fixture
def folder(tmp_path, readings, ticking):
    """The folder of a store that holds the story."""
    with open_store(tmp_path / "story", write=True, clock=ticking) as opened:
        opened.commit(readings)
    return tmp_path / "story"


@pytest.fixture
def state():
    """A function from a store to all that it says."""

    def all_of(store):
        return (
            tuple(store.claims()),
            tuple((e, e.aliases) for e in store.entities()),
            tuple(store.documents()),
            tuple(store.history()),
            frozenset(map(str, store.quads())),
        )

    return all_of


@pytest.fixture
def renamed():
    """A function that gives a claim's subject another name and other spellings."""

    def rename(claim, name, *aliases):
        return replace(claim, subject=replace(claim.subject, name=name, aliases=aliases))

    return rename
