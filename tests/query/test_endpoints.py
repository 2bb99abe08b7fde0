"""The library, the computed questions, dossiers and exports give the same answers from an endpoint as from a disk."""

import functools
import io

import pytest

from kg.export import FORMATS, export
from kg.query import between, dossier, relations_table, run, write_dossier
from kg.query.library import library
from kg.store import DocumentClaims, check, open_store
from kg.view import store_page

from .conftest import more

CALLS = [
    ("about", "CoreWeave"),
    ("changes", "2024"),
    ("changes", "from=2025", "to=2025-03", "company=CoreWeave"),
    ("competitors", "OpenAI"),
    ("revenue-shares",),
    ("revenue-shares", "CoreWeave"),
    ("revenue-shares", "CoreWeave", "whom=Microsoft"),
    ("buyers", "CoreWeave"),
    ("entities",),
    ("evidence", "Nvidia", "CoreWeave"),
    ("evidence", "Nvidia", "CoreWeave", "only=holds-stake"),
    ("figures",),
    ("figures", "CoreWeave"),
    ("figures", "CoreWeave", "only=revenue", "on=2024"),
    ("facts", "holds-stake"),
    ("facts", "holds-stake", "whom=CoreWeave", "at_least=5"),
    ("facts", "invests-in", "who=Microsoft", "measure=amount", "more_than=10000000000", "money=USD"),
    ("facts", "competes-with", "who=OpenAI"),
    ("facts-between-rivals",),
    ("facts-between-rivals", "Microsoft"),
    ("holders", "CoreWeave"),
    ("holdings", "Nvidia"),
    ("investors", "OpenAI"),
    ("past",),
    ("past", "Microsoft"),
    ("past", "only=partners-with", "who=OpenAI"),
    ("connections", "SoftBank", "Nvidia"),
    ("connections", "Oracle", "CoreWeave"),
    ("planned",),
    ("planned", "CoreWeave"),
    ("planned", "only=holds-stake", "whom=CoreWeave"),
    ("sources",),
    ("suppliers", "OpenAI"),
    ("timeline", "CoreWeave"),
    ("unproven",),
    ("unproven", "SoftBank"),
    ("unproven", "only=acquires", "who=Microsoft", "status=denied"),
    ("disputes",),
    ("disputes", "CoreWeave"),
]


def test_every_library_query_is_called():
    assert {call[0] for call in CALLS} >= set(library())


@pytest.fixture(scope="module", params=["oxigraph", "oxigraph-union", "virtuoso"])
def there(request, engine):
    return engine(request.param), []


@pytest.fixture
def remote(there, unrecorded, clock):
    """The rich story behind an endpoint, put there once."""
    url, done = there
    if not done:
        with open_store(url, write=True, clock=clock) as opened:
            opened.commit([DocumentClaims(document, claims, "rules/1") for document, claims in (*unrecorded, more())])
        done.append(True)
    with open_store(url) as opened:
        yield opened


@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_a_library_query_gives_the_same_rows(call, rich, remote):
    ours, theirs = run(rich, call[0], call[1:]), run(remote, call[0], call[1:])
    assert theirs.columns == ours.columns
    assert sorted(map(repr, theirs.rows)) == sorted(map(repr, ours.rows))


def _dossier(found):
    out = io.StringIO()
    write_dossier(found, out, "en")
    return out.getvalue()


def _exported(form, store):
    out = io.BytesIO()
    export(store, form, out)
    return sorted(out.getvalue().splitlines())


SAID = {
    "dossier": lambda store: _dossier(dossier(store, "coreweave")),
    "between": lambda store: _dossier(between(store, "Microsoft", "OpenAI")),
    "relations": lambda store: relations_table(store, company="NVIDIA").rows,
    "picture": lambda store: store_page(store, company=None, title=None, lang="en"),
    "picture around one": lambda store: store_page(store, company="Nvidia", title=None, lang="fr"),
    "check": check,
    "entities": lambda store: [(entity, entity.aliases) for entity in store.entities()],
    "history": lambda store: list(store.history()),
} | {form: functools.partial(_exported, form) for form in FORMATS}


@pytest.mark.parametrize("what", SAID)
def test_all_that_is_shown_or_exported_is_the_same(what, rich, remote):
    assert SAID[what](remote) == SAID[what](rich)
