"""What is a remote store's alone: commits that break off, graphs that others loaded, engines that say less."""

import contextlib
import io
import re
from dataclasses import replace

import pyoxigraph as ox
import pytest

import kg
from kg.errors import InvalidRecord, QueryError, StoreError, TextsMissing
from kg.export import export
from kg.query import run
from kg.store import CommitResult, DocumentClaims, check, open_store
from kg.store.iris import term
from kg.store.remote import connection, graph
from kg.store.remote.http import HttpTransport


@pytest.fixture(params=["oxigraph", "virtuoso"])
def url(request, engine):
    return engine(request.param)


@pytest.fixture
def remote(url, ticking):
    with open_store(url, write=True, clock=ticking) as opened:
        yield opened


@pytest.fixture
def lines(readings):
    """The story with a new text: its first claims gone, one new, another title."""
    french, english = readings
    document = replace(french.document, title="Another title")
    return (replace(french, document=document, claims=french.claims[2:]), english)


def narrow(store, **limits):
    """Let an opened store send and ask for less at once, as at a narrower engine."""
    transport = store.graph.client.transport
    transport.endpoint = replace(transport.endpoint, engine=replace(transport.endpoint.engine, **limits))


class BrokenOff(StoreError):
    """The endpoint went away."""


@pytest.fixture
def breaking(remote, monkeypatch):
    """A function that lets only so many updates through, the small ones that a tiny limit makes."""
    sent = HttpTransport.update

    def allow(count):
        left = [count]

        def update(wire, text):
            if not left[0]:
                raise BrokenOff("the endpoint went away")
            left[0] -= 1
            sent(wire, text)

        monkeypatch.setattr(HttpTransport, "update", update)

    narrow(remote, quads=1)
    yield allow
    monkeypatch.undo()


def said(store):
    return (
        [replace(claim, recorded_at=None) for claim in store.claims()],
        [(entity, entity.aliases) for entity in store.entities()],
        list(store.documents()),
        {str(quad) for quad in store.quads() if "recordedAt" not in str(quad)},
    )


def test_a_commit_that_breaks_off_anywhere_is_mended_by_reading_again(remote, readings, lines, breaking):
    with open_store(None) as whole:
        whole.commit(readings)
        whole.commit(lines)
        expected = said(whole)
    breaking(10**6)
    remote.commit(readings)
    for allowed in range(100):
        breaking(allowed)
        done = None
        with contextlib.suppress(BrokenOff):
            done = remote.commit(lines)
        if done is not None:
            break
        _is_consistent(remote)
        breaking(10**6)
        remote.commit(lines)
        assert said(remote) == expected
        assert remote.commit(lines) == CommitResult(unchanged=2)
        remote.commit(readings)
    assert allowed > 4
    assert said(remote) == expected


def _is_consistent(store):
    """No edge without a claim, no entity that is not described, every claim whole."""
    pairs = {(claim.subject.id, getattr(claim.object, "id", None)) for claim in store.claims()}
    rows = store.query("SELECT ?s ?o { ?p a kg:Relation . ?s ?p ?o }")
    edges = {(store.iris.id_of(row["s"]), store.iris.id_of(row["o"])) for row in rows}
    assert edges <= pairs


def test_forgetting_that_breaks_off_is_done_by_forgetting_again(remote, readings, breaking):
    remote.commit(readings)
    breaking(4)
    with pytest.raises(BrokenOff, match=r"after 4 of \d+ requests of this commit; what is missing is sent"):
        remote.forget("deal.txt")
    breaking(10**6)
    remote.forget("deal.txt")
    with open_store(None) as whole:
        whole.commit(readings[1:])
        assert said(remote) == said(whole)
    assert len(list(remote.history())) == 11


def test_a_small_commit_is_one_request(remote, readings, monkeypatch):
    sent = []
    update = HttpTransport.update
    monkeypatch.setattr(HttpTransport, "update", lambda wire, text: (sent.append(text), update(wire, text)))
    remote.commit(readings)
    remote.forget("deal.txt")
    assert len(sent) == 2


def test_a_claim_that_the_endpoint_has_changed_is_not_passed_on(remote, readings):
    remote.commit(readings)
    percent = 'kg:percent "6"^^xsd:decimal'
    prefixes = "PREFIX kg: <https://w3id.org/company-kg/ontology#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>"
    graph_ = "<https://w3id.org/company-kg/document/deal.txt>"
    remote.graph.client.transport.update(
        f"{prefixes} DELETE {{ GRAPH {graph_} {{ ?c {percent} }} }} INSERT {{ GRAPH {graph_} {{ ?c kg:percent 7.0 }} }}"
        f" WHERE {{ GRAPH {graph_} {{ ?c {percent} }} }}"
    )
    with pytest.raises(InvalidRecord, match="says other things than when it was written"):
        list(remote.claims())
    assert remote.commit(readings).documents == 1
    assert len(list(remote.claims())) == 11


def test_half_a_claim_is_told_and_mended(remote, readings):
    # What an engine may leave whose updates are not whole.
    remote.commit(readings)
    where = "GRAPH <https://w3id.org/company-kg/document/deal.txt>"
    for gone in ("?s <http://www.w3.org/ns/oa#exact> ?o", "?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?o"):
        remote.graph.client.transport.update(f"DELETE WHERE {{ {where} {{ {gone} }} }}")
        if "exact" in gone:
            with pytest.raises(InvalidRecord, match=r"a claim at .* is not whole .*: read its document again"):
                list(remote.claims())
        assert remote.commit(readings).documents == 1
        assert len(list(remote.claims())) == len(list(remote.history())) == 11


def test_answers_come_whole_in_small_pages(remote, readings, monkeypatch, state):
    remote.commit(readings)
    before = state(remote), list(remote.claims(entity="company/openai"))
    narrow(remote, page=2, rows=7)
    monkeypatch.setattr(graph, "_AT_ONCE", 5)
    remote.graph.forget_entities()
    assert (state(remote), list(remote.claims(entity="company/openai"))) == before


def test_an_answer_that_is_cut_is_not_taken_for_whole(remote, readings, monkeypatch):
    remote.commit(readings)
    rows = type(remote.graph.client).rows
    monkeypatch.setattr(
        type(remote.graph.client), "rows", lambda self, text: list(rows(self, text))[: 10**9 if "COUNT" in text else 10]
    )
    with pytest.raises(StoreError, match=r"sent \d+ of \d+ rows: raise its limit"):
        list(remote.quads())


def test_a_second_reader_sees_what_was_written(url, remote, readings, state):
    remote.commit(readings)
    with open_store(url) as again:
        assert again.notes == ()
        assert state(again) == state(remote)
        with pytest.raises(StoreError, match="open for reading"):
            again.commit(readings)
    with pytest.raises(StoreError, match="store is closed"):
        again.forget("deal.txt")


def test_an_endpoint_without_a_graph_says_so_and_can_still_be_asked(engine):
    with open_store(engine("oxigraph")) as store:
        (note,) = store.notes
        assert note.endswith(
            "holds no graph of kg: 'kg build ARTICLES --store URL' makes one where updates are allowed"
        )
        assert [row["x"].value for row in store.query("SELECT ?x { BIND(1 AS ?x) }")] == ["1"]
        assert list(store.claims()) == list(store.entities()) == list(store.documents()) == []


@pytest.mark.parametrize(
    ("mark", "message"),
    [
        ("0123456789abcdef", "the format kg-index/1, this kg reads kg-index/5: build into an empty graph"),
        ("kg-index/9+0123456789abcdef", "the format kg-index/9, this kg reads kg-index/5: update kg"),
    ],
)
def test_a_graph_of_another_format_is_refused(url, remote, readings, mark, message):
    remote.commit(readings)
    graph = remote.graph
    pattern = f"GRAPH {graph.bookkeeping} {{ {graph.iris.store} {connection._STANDS_AT}"
    remote.writer.send([f"DELETE WHERE {{ {pattern} ?mark }} }}", f'INSERT DATA {{ {pattern} "{mark}" }} }}'])
    for write in (False, True):
        with pytest.raises(StoreError, match=re.escape(message)):
            open_store(url, write=write)


def test_the_base_is_that_of_the_graph(engine, readings):
    base = "https://example.org/graph/"
    url = engine("oxigraph")
    with open_store(url, write=True, base=base) as store:
        store.commit(readings)
        assert next(store.claims(entity="company/nvidia")).subject.id == "company/nvidia"
    with open_store(url) as again:
        assert again.base == base
        assert len(list(again.claims())) == 11
    with pytest.raises(StoreError, match=r"cannot be changed to https://example\.org/other/"):
        open_store(url, base="https://example.org/other/")


# ---------------------------------------------------------------------------- graphs that others loaded
@pytest.fixture
def loaded(engine, readings, ticking):
    """An endpoint into which an export was loaded: edges in its default graph, no texts, no schema."""
    import httpx2

    url = engine("oxigraph")
    out = io.BytesIO()
    with open_store(None, clock=ticking) as store:
        store.commit(readings)
        export(store, "trig", out)
    headers = {"Content-Type": "application/trig"}
    httpx2.post(url.replace("/query", "/store"), content=out.getvalue(), headers=headers).raise_for_status()
    return url


def test_a_loaded_export_is_read_and_what_it_lacks_is_said(loaded, readings):
    with open_store(loaded) as store, open_store(None, clock=lambda: "2025-04-01T08:00:00Z") as local:
        local.commit(readings)
        assert [note.partition(" ")[2] for note in store.notes] == [
            "has no texts of documents: what is shown of them is the quotes alone",
            "lacks the schema: load ontology/kg.ttl into <https://w3id.org/company-kg/ontology>",
        ]
        assert list(store.claims()) == list(local.claims())
        assert set(map(str, store.quads())) == set(map(str, local.quads()))
        assert [replace(d, text="") for d in local.documents()] == list(store.documents())
        assert run(store, "suppliers", ["OpenAI"]).rows == run(local, "suppliers", ["OpenAI"]).rows
        with pytest.raises(TextsMissing, match="copies cannot be told"):
            store.near_duplicates()
        assert {v.focus for v in check(store).violations} == {"deal.txt", "rivals.txt"}


def test_a_loaded_export_can_be_written_to(loaded, readings):
    with open_store(loaded, write=True, clock=lambda: "2025-04-01T08:00:00Z") as store:
        assert store.commit(readings) == CommitResult(documents=2)
        assert store.commit(readings) == CommitResult(unchanged=2)
        assert store.document("deal.txt") == readings[0].document
        assert check(store).violations == ()
        assert store.forget("deal.txt").edges_removed == 2
        assert store.forget("rivals.txt").edges_removed == 6
        # What is left says for which day the graph stands.
        assert [quad.predicate for quad in store.quads()] == [term("kg:today")]
        assert list(store.entities()) == []


# ---------------------------------------------------------------------------- engines that say less
def test_an_engine_that_answers_from_its_default_graph_alone_is_refused(engine, readings, monkeypatch):
    url = engine("oxigraph")
    with open_store(url, write=True) as store:
        store.commit(readings)
    monkeypatch.setattr(connection, "_TRIED", ({"nothing": "known"},))
    with pytest.raises(StoreError, match="asks the union of all graphs: turn it on"):
        open_store(url)
    with pytest.raises(StoreError, match="asks the union of all graphs: turn it on"):
        open_store(engine("oxigraph"), write=True)
    monkeypatch.undo()
    with open_store(url) as store:
        assert not store.query("ASK { GRAPH ?g { ?s ?p ?o } }")


def test_an_engine_that_takes_no_updates_is_one_line(faults):
    from .conftest import answer

    rows, no = '{"head": {"vars": ["g", "id"]}, "results": {"bindings": []}}', '{"head": {}, "boolean": false}'

    def read_only(handler):
        posted = faults.asked[-1][2]
        body = rows if "SELECT" in posted.get("query", [""])[0] else no
        answer(*((200, body) if "query" in posted else (403, "this endpoint is read-only")))(handler)

    faults.then(read_only)
    with pytest.raises(StoreError, match=r"an update was refused: 127.* answers 403 \(this endpoint is read-only\)"):
        open_store(faults.url, write=True)


# ---------------------------------------------------------------------------- as people use it
def test_a_graph_is_opened_by_its_address(url, remote, readings):
    remote.commit(readings)
    with kg.open(url) as graph_:
        assert repr(graph_) == f"<kg.Graph {url}>"
        assert list(graph_.query("suppliers", "OpenAI")["supplier"]) == ["CoreWeave"]
        assert "CoreWeave" in str(graph_.show("Nvidia"))


def test_a_query_of_another_server_never_leaves(remote, readings):
    remote.commit(readings)
    for query in ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "DELETE WHERE { ?s ?p ?o }", "SELECT {"):
        with pytest.raises(QueryError):
            remote.query(query)
    with pytest.raises(QueryError, match=r"\?s: one stands where no value may"):
        remote.query("SELECT ?s ?o { ?s ?p ?o FILTER(BOUND(?s)) }", {"s": ox.NamedNode("http://x")})


def test_triples_come_as_triples(remote, readings):
    remote.commit(readings)
    triples = remote.query("CONSTRUCT { ?s rdfs:label ?l } WHERE { ?s a kg:Programme ; rdfs:label ?l }")
    assert [str(triple) for triple in triples] == [
        f'<{remote.base}programme/stargate> <http://www.w3.org/2000/01/rdf-schema#label> "Stargate"'
    ]
    assert len(list(remote.query("DESCRIBE <https://w3id.org/company-kg/programme/stargate>"))) >= 3


def test_copies_are_told_from_the_texts_there(remote, readings):
    french = readings[0]
    moved = [replace(c, evidence=tuple(replace(e, document="copy.txt") for e in c.evidence)) for c in french.claims]
    copy = DocumentClaims(replace(french.document, id="copy.txt"), tuple(moved), french.reader)
    remote.commit([*readings, copy])
    assert remote.near_duplicates().groups() == (("copy.txt", "deal.txt"),)
