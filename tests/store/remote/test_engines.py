"""Each engine that kg knows by name, at the wire as its documentation has it, or as it runs here."""

from dataclasses import replace

import pytest

from kg.errors import StoreError
from kg.query import run
from kg.store import CommitResult, open_store
from kg.store.remote.engines import ANY, ENGINES, engine_of
from tests.fake_engines import DEFAULT, WIRES, fake

WRITABLE = sorted(WIRES.keys() - {"qlever"})
ASKED = [("suppliers", "OpenAI"), ("holders", "CoreWeave"), ("planned",), ("timeline", "CoreWeave"), ("disputes",)]


@pytest.fixture
def named(monkeypatch):
    """A function that says which engine is asked, and by whom."""

    def say(name):
        monkeypatch.setenv("KG_ENGINE", name)
        if name == "stardog":
            monkeypatch.setenv("KG_REMOTE_USER", "ana")
            monkeypatch.setenv("KG_REMOTE_PASSWORD", "s3cret")

    return say


@pytest.fixture
def behind(request, named):
    """A running fake of the engine of this name."""
    named(request.param)
    with fake(request.param) as engine:
        yield engine


def rows(store):
    return {call: sorted(map(repr, run(store, call[0], call[1:]).rows)) for call in ASKED}


@pytest.mark.parametrize("behind", WRITABLE, indirect=True)
def test_a_graph_is_written_read_and_asked_as_in_memory(behind, readings, ticking):
    with (
        open_store(None, clock=lambda: "2025-04-01T08:00:00Z") as memory,
        open_store(behind.url, write=True, clock=ticking) as store,
    ):
        memory.commit(readings)
        assert store.commit(readings) == CommitResult(documents=2, claims=11, edges_added=8)
        assert store.commit(readings) == CommitResult(unchanged=2)
        assert list(store.claims()) == list(memory.claims())
        assert list(store.entities()) == list(memory.entities())
        assert {str(quad) for quad in store.quads()} == {str(quad) for quad in memory.quads()}
        assert rows(store) == rows(memory)
        assert store.forget("deal.txt").retracted == 4
        assert store.commit([replace(readings[0], claims=readings[0].claims[:2])]).claims == 2
    with open_store(behind.url) as again:
        assert len(list(again.claims())) == 9
        assert again.notes == ()


@pytest.mark.parametrize("behind", WRITABLE, indirect=True)
def test_it_is_asked_where_and_how_its_documentation_says(behind, readings):
    engine = ENGINES[behind.name]
    with open_store(behind.url, write=True) as store:
        store.commit(readings)
    updates = [(path, kind) for path, kind, fields in behind.asked if "query" not in fields]
    kind = "application/x-www-form-urlencoded" if engine.update_field else "application/sparql-update"
    assert set(updates) == {(WIRES[behind.name].update, kind)}
    told = [fields for path, _, fields in behind.asked if "query" in fields]
    assert all(fields[name] == [value] for fields in told for name, value in (engine.parameters or {}).items())


def test_nothing_of_kg_s_is_left_to_the_default_graph_of_an_engine(named, readings):
    named("neptune")
    with fake("neptune") as engine:
        with open_store(engine.url, write=True) as store:
            store.commit(readings)
        assert DEFAULT not in set(engine.store.named_graphs())


def test_a_wider_engine_takes_a_commit_in_one_request_that_a_narrow_one_takes_in_several(readings, named):
    counts = {}
    for name, quads in (("jena", ENGINES["jena"].quads), ("jena", 50)):
        named(name)
        with fake(name) as engine, open_store(engine.url, write=True) as store:
            transport = store.graph.client.transport
            transport.endpoint = replace(transport.endpoint, engine=replace(ENGINES[name], quads=quads))
            engine.asked.clear()
            store.commit(readings)
            counts[quads] = sum("query" not in fields for *_, fields in engine.asked)
    assert counts[ENGINES["jena"].quads] == 1 < counts[50]


def test_an_engine_that_kg_only_asks_is_refused_before_anything_is_sent(named):
    named("qlever")
    with fake("qlever") as engine:
        with pytest.raises(StoreError, match=r"QLever is only asked by kg .*: see 'kg export --shards'"):
            open_store(engine.url, write=True)
        assert engine.asked == []


def test_without_inference_turned_off_one_is_told_how(readings, monkeypatch):
    with fake("graphdb") as engine:
        monkeypatch.setenv("KG_ENGINE", "graphdb")
        with open_store(engine.url, write=True) as store:
            store.commit(readings)
        monkeypatch.delenv("KG_ENGINE")
        with (
            open_store(engine.url) as store,
            pytest.raises(StoreError, match=r"turn its inference off \(GraphDB: KG_ENGINE=graphdb"),
        ):
            list(store.entities())


def test_a_name_that_is_none_gives_the_nearest(monkeypatch):
    assert engine_of(None) is engine_of("") is ANY
    with pytest.raises(StoreError, match=r"knows no engine 'fuseki' .*There are: virtuoso"):
        engine_of("fuseki")
    monkeypatch.setenv("KG_ENGINE", "virtuosso")
    with pytest.raises(StoreError, match="Did you mean 'virtuoso'"):
        open_store("http://127.0.0.1:1/sparql")


@pytest.mark.parametrize(
    ("name", "query", "update"),
    [
        ("virtuoso", "http://h:8890/sparql", "http://h:8890/sparql"),
        ("oxigraph", "http://h:7878/query", "http://h:7878/update"),
        ("jena", "http://h:3030/news/sparql", "http://h:3030/news/update"),
        ("graphdb", "http://h:7200/repositories/news?infer=false", "http://h:7200/repositories/news/statements"),
        ("stardog", "http://h:5820/news/query", "http://h:5820/news/update"),
        ("neptune", "https://h:8182/sparql", "https://h:8182/sparql"),
    ],
)
def test_updates_go_where_the_engine_takes_them(name, query, update):
    assert ENGINES[name].updates_at(query) == update
