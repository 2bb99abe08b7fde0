"""The library, the computed questions, dossiers and exports give the same answers from an endpoint as from a disk."""

import io

import pytest

from kg.export import export
from kg.query import between, dossier, relations_table, run, write_dossier
from kg.query.library import library
from kg.store import Reading, open_store
from kg.view import store_page

from .conftest import more

RECORDED = "2025-03-12T08:00:00Z"

CALLS = [
    ("about", "CoreWeave"),
    ("changes", "2024"),
    ("changes", "from=2025", "to=2025-03", "company=CoreWeave"),
    ("competitors", "OpenAI"),
    ("concentration",),
    ("concentration", "CoreWeave"),
    ("customers", "CoreWeave"),
    ("entities",),
    ("evidence", "Nvidia", "CoreWeave"),
    ("evidence", "Nvidia", "CoreWeave", "only=holds-stake"),
    ("figures",),
    ("figures", "CoreWeave"),
    ("frenemies",),
    ("frenemies", "Microsoft"),
    ("holders", "CoreWeave"),
    ("holdings", "Nvidia"),
    ("investors", "OpenAI"),
    ("past",),
    ("past", "Microsoft"),
    ("path", "SoftBank", "Nvidia"),
    ("path", "Oracle", "CoreWeave"),
    ("planned",),
    ("planned", "CoreWeave"),
    ("sources",),
    ("suppliers", "OpenAI"),
    ("timeline", "CoreWeave"),
    ("unproven",),
    ("unproven", "SoftBank"),
    ("disputes",),
    ("disputes", "CoreWeave"),
]


def test_every_library_query_is_called():
    assert {call[0] for call in CALLS} >= set(library())


@pytest.fixture(scope="session", params=["oxigraph", "oxigraph-union", "virtuoso"])
def there(request, engine):
    return request.param, engine(request.param)


@pytest.fixture
def remote(there, unrecorded, clock):
    with open_store(there[1], write=True, clock=clock) as opened:
        opened.commit([Reading(document, claims, "rules/1") for document, claims in (*unrecorded, more())])
        yield opened


@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_a_library_query_gives_the_same_rows(call, rich, remote):
    ours, theirs = run(rich, call[0], call[1:]), run(remote, call[0], call[1:])
    assert theirs.columns == ours.columns
    assert sorted(map(repr, theirs.rows)) == sorted(map(repr, ours.rows))
