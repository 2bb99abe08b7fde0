"""A store of each kind, the story as a reader hands it over, and other processes."""

import datetime as dt
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

from kg.store import DocumentClaims, open_store
from kg.store.dataset import push

TODAY = dt.date(2025, 4, 1)


class Clock:
    """Time that passes by a day with every look."""

    def __init__(self):
        self.day = 0

    def __call__(self):
        self.day += 1
        return f"2025-04-{self.day:02d}T08:00:00Z"


def empty_dataset(path):
    """Make a dataset in a folder, of a graph without commits."""
    pytest.importorskip("deltalake")
    with open_store(None) as nothing:
        push(nothing, str(path))


@pytest.fixture
def ticking():
    return Clock()


@pytest.fixture(params=["memory", "disk", "dataset", "oxigraph", "virtuoso"])
def store(request, tmp_path, ticking, monkeypatch):
    """An empty store of each kind; engines are named, those of tests/store/remote are not."""
    paths = {"memory": None, "disk": tmp_path / "store", "dataset": tmp_path / "dataset"}
    path = paths[request.param] if request.param in paths else request.getfixturevalue("engine")(request.param)
    if request.param == "dataset":
        empty_dataset(path)
    elif request.param not in paths:
        monkeypatch.setenv("KG_ENGINE", request.param)
    with open_store(path, write=True, clock=ticking, today=TODAY) as opened:
        yield opened


@pytest.fixture(params=["memory", "disk", "dataset"])
def journalled(request, tmp_path, ticking):
    """An empty store of each kind that has a journal."""
    path = None if request.param == "memory" else tmp_path / "store"
    if request.param == "dataset":
        empty_dataset(path)
    with open_store(path, write=True, clock=ticking, today=TODAY) as opened:
        yield opened


@pytest.fixture
def readings(unrecorded):
    """The story of two documents, as a reader hands it over."""
    return tuple(DocumentClaims(document, claims, "reader/1") for document, claims in unrecorded)


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


PROGRAM = """
import sys, resource
from kg.model import *
from kg.store import *
TEXT = "Nvidia owns 6% of CoreWeave. " * 20
def reading(n, claims=5):
    document = Document(f"{n}.txt", TEXT, "en")
    ends = [Entity(f"company/{n}-{k}", f"Firm {k}", "Company") for k in range(claims + 1)]
    return DocumentClaims(document, tuple(
        Claim(a, "holds-stake", b, Modality.ASSERTED, (document.evidence(0, 28),)) for a, b in zip(ends, ends[1:])))
"""


@pytest.fixture
def start():
    """A function that starts another process, with `reading(n)` at hand."""

    def run(code, *arguments):
        program = [sys.executable, "-c", PROGRAM + textwrap.dedent(code), *map(str, arguments)]
        return subprocess.Popen(
            program, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
        )

    return run
