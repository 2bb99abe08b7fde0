"""The W3C's SPARQL 1.1 suite through HTTP: the protocol, and query evaluation against the bare engine.

The suite is not shipped. KG_W3C names its unpacked folder, the one that holds ``sparql/sparql11``; without it the
archive among the shared test data is used. Run it with ``pytest tests/server/test_conformance.py -m long -s``.
"""

import asyncio
import contextlib
import os
import re
import socket
import tarfile
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.parse import quote_plus, urlsplit

import httpx2
import pyoxigraph as ox
import pytest
import uvicorn

import kg
from kg.ontology import BASE
from kg.server.access import AccessPolicy
from kg.server.app import create_application
from kg.server.backend import Backend
from kg.server.scheduler import Concurrency, Scheduler
from kg.server.store_watcher import StoreWatcher
from kg.server.worker import Limits
from kg.store import IndexSnapshot
from kg.store.journal import FileJournal

pytestmark = pytest.mark.long

_MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
_HT = "http://www.w3.org/2011/http#"
_CNT = "http://www.w3.org/2011/content#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_WRITTEN = (
    *(f"http://kasei.us/2009/09/sparql/data/data{number}.rdf" for number in (1, 2, 3)),
    "http://example.org/protocol-update-dataset-test/",
    "http://example.org/protocol-update-dataset-named-graphs-test/",
    "http://example.org/protocol-update-dataset-full-test/",
)
_CLEAR = " ; ".join(f"CLEAR SILENT GRAPH <{graph}>" for graph in _WRITTEN)
_FOLDERS = (
    *("aggregates", "bind", "bindings", "cast", "construct", "csv-tsv-res", "exists", "functions", "grouping"),
    *("json-res", "negation", "project-expression", "property-path", "subquery"),
)
"""Query evaluation and results; entailment is none of the engine's, and `service` is refused by design."""


@pytest.fixture(scope="module")
def suite(tmp_path_factory, shared):
    """The folder of the SPARQL 1.1 suite."""
    given = os.environ.get("KG_W3C")
    if given:
        return Path(given) / "sparql" / "sparql11"
    archive = shared / "data" / "w3c" / "sparql-tests.tgz"
    if not archive.is_file():
        pytest.skip("the W3C suite is not here: set KG_W3C to its folder")
    folder = tmp_path_factory.mktemp("w3c")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return folder / "sparql" / "sparql11"


class Graph:
    """A manifest, with the look-ups that its lists ask for."""

    def __init__(self, path):
        self.store = ox.Store()
        self.base = f"file://{path}"
        self.store.load(path.read_bytes(), ox.RdfFormat.TURTLE, base_iri=self.base)

    def one(self, subject, iri):
        return next((q.object for q in self.store.quads_for_pattern(subject, ox.NamedNode(iri), None)), None)

    def all(self, subject, iri):
        return [q.object for q in self.store.quads_for_pattern(subject, ox.NamedNode(iri), None)]

    def listed(self, subject, iri):
        node = self.one(subject, iri)
        while node is not None and node != ox.NamedNode(_RDF + "nil"):
            yield self.one(node, _RDF + "first")
            node = self.one(node, _RDF + "rest")

    def entries(self):
        return list(self.listed(ox.NamedNode(self.base), _MF + "entries"))


class InProcess:
    """The server in a thread, over data that tests put in place."""

    def __init__(self, folder):
        FileJournal.begin(folder / "journal.jsonl", {"base": BASE})
        self.folder = folder
        self.count = 0
        journal = FileJournal(folder / "journal.jsonl", write=False)
        self.pin = journal.pin
        journal.close()
        (folder / "answers").mkdir()
        self.scheduler = Scheduler(folder / "answers", Limits(seconds=20), Concurrency())
        watcher = StoreWatcher(folder, folder / "work")
        app = create_application(Backend(self.scheduler, watcher), AccessPolicy(union=False))
        app.router.lifespan_context = self.life
        self.loop = None
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="on"))
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.listener]})
        self.thread.start()
        while not self.server.started:
            time.sleep(0.02)
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.http = httpx2.Client(base_url=self.url, timeout=120)

    @contextlib.asynccontextmanager
    async def life(self, _):
        self.loop = asyncio.get_running_loop()
        await self.scheduler.start(self.snapshot(ox.Store()))
        yield
        await self.scheduler.stop()

    def snapshot(self, store):
        self.count += 1
        place = self.folder / str(self.count)
        on_disk = ox.Store(str(place))
        on_disk.bulk_extend(store)
        on_disk.flush()
        return IndexSnapshot(place, self.folder, self.pin)

    def show(self, store):
        snapshot = self.snapshot(store)
        done = threading.Event()
        self.loop.call_soon_threadsafe(lambda: (self.scheduler.workers.replace_snapshot(snapshot), done.set()))
        done.wait()

    def close(self):
        self.http.close()
        self.server.should_exit = True
        self.thread.join()
        self.listener.close()


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    served = InProcess(tmp_path_factory.mktemp("conformance"))
    yield served
    served.close()


def data_of(graph, action):
    store = ox.Store()
    for predicate in ("data", "graphData"):
        for node in graph.all(action, _QT + predicate):
            iri = node if isinstance(node, ox.NamedNode) else graph.one(node, _QT + "graph")
            target = None if predicate == "data" else iri
            content = Path(urlsplit(iri.value).path).read_bytes()
            store.load(content, form_of(iri.value), base_iri=iri.value, to_graph=target)
    return store


def form_of(name):
    return {"ttl": ox.RdfFormat.TURTLE, "rdf": ox.RdfFormat.RDF_XML, "nt": ox.RdfFormat.N_TRIPLES}[
        name.rpartition(".")[2]
    ]


def term_key(term, blanks):
    if isinstance(term, ox.BlankNode):
        return "_:" + str(blanks.setdefault(term.value, "b"))
    if isinstance(term, ox.Literal):
        with contextlib.suppress(ValueError):
            if term.datatype.value.rpartition("#")[2] in {"decimal", "double", "float", "integer"}:
                return f"{term.datatype.value} {float(term.value):.9g}"
    return str(term)


def rows_key(found):
    """A multiset of rows; blank nodes are told from other terms, not from each other."""
    if isinstance(found, ox.QueryBoolean):
        return bool(found)
    names = sorted(variable.value for variable in found.variables)
    rows = Counter()
    for row in found:
        rows[tuple((name, term_key(row[name], {})) for name in names if row[name] is not None)] += 1
    return frozenset(rows.items())


def graph_key(triples):
    dataset = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return frozenset(map(str, dataset))


def expected(path):
    kind = path.suffix
    content = path.read_bytes()
    formats = {".srx": "XML", ".srj": "JSON", ".tsv": "TSV"}
    if kind in formats:
        return rows_key(ox.parse_query_results(content, format=getattr(ox.QueryResultsFormat, formats[kind])))
    if kind == ".csv":
        return frozenset(Counter(content.decode().replace("\r\n", "\n").strip().split("\n")[1:]).items())
    store = ox.Store()
    store.load(content, form_of(path.name), base_iri=f"file://{path}")
    if any(store.quads_for_pattern(None, ox.NamedNode(_RS + "resultVariable"), None)):
        return None
    return graph_key(quad.triple for quad in store)


def outcome(content, media, wanted):
    """What an answer says, to be compared with what a test wants."""
    if wanted.suffix == ".csv":
        return frozenset(Counter(content.decode().replace("\r\n", "\n").strip().split("\n")[1:]).items())
    if media.startswith("application/n-triples"):
        return graph_key(quad.triple for quad in ox.parse(content, format=ox.RdfFormat.N_TRIPLES))
    form = ox.QueryResultsFormat.TSV if wanted.suffix == ".tsv" else ox.QueryResultsFormat.XML
    return rows_key(ox.parse_query_results(content, format=form))


def accepted(wanted):
    rows = {".csv": "text/csv", ".tsv": "text/tab-separated-values"}.get(
        wanted.suffix, "application/sparql-results+xml"
    )
    return f"{rows}, application/n-triples"


def bare(store, query, base, wanted):
    """The engine's own answer, written and read as the server's."""
    found = store.query(query, base_iri=base)
    if isinstance(found, ox.QueryTriples):
        return outcome(ox.serialize(found, format=ox.RdfFormat.N_TRIPLES), "application/n-triples", wanted)
    forms = {".csv": ox.QueryResultsFormat.CSV, ".tsv": ox.QueryResultsFormat.TSV}
    return outcome(found.serialize(format=forms.get(wanted.suffix, ox.QueryResultsFormat.XML)), "", wanted)


def test_query_evaluation_is_no_worse_than_the_bare_engine(suite, running, capsys):
    passed, engine, failed = [], [], []
    for folder in _FOLDERS:
        graph = Graph(suite / folder / "manifest.ttl")
        for test in graph.entries():
            kind = graph.one(test, _RDF + "type").value.rpartition("#")[2]
            action, result = graph.one(test, _MF + "action"), graph.one(test, _MF + "result")
            query_at = graph.one(action, _QT + "query") if action is not None else None
            if kind not in {"QueryEvaluationTest", "CSVResultFormatTest"} or query_at is None:
                continue
            name = f"{folder}/{test.value.rpartition('#')[2]}"
            query = Path(urlsplit(query_at.value).path).read_text("utf-8")
            wanted_at = Path(urlsplit(result.value).path)
            wanted, store = expected(wanted_at), data_of(graph, action)
            with contextlib.suppress(SyntaxError, ValueError, OSError):
                if wanted is not None and bare(store, query, query_at.value, wanted_at) == wanted:
                    engine.append(name)
            running.show(store)
            query = f"BASE <{query_at.value}>\n{query}"
            answer = running.http.post("/sparql", data={"query": query}, headers={"accept": accepted(wanted_at)})
            if answer.status_code != 200:
                failed.append(f"{name}: {answer.text.strip()}")
            elif outcome(answer.content, answer.headers["content-type"], wanted_at) != wanted:
                failed.append(f"{name}: other rows")
            else:
                passed.append(name)
    with capsys.disabled():
        print(f"\nquery evaluation: {len(passed)} through HTTP, {len(engine)} by the bare engine, {len(failed)} not:")
        print("\n".join(f"  {line}" for line in failed))
    assert set(engine) - set(passed) == set()
    assert len(passed) > 180


def requests_of(graph, test):
    action = graph.one(test, _MF + "action")
    for request in graph.listed(action, _HT + "requests"):
        said = {name: graph.one(request, _HT + name) for name in ("absolutePath", "methodName", "body", "resp")}
        headers = {
            graph.one(header, _HT + "fieldName").value: graph.one(header, _HT + "fieldValue").value
            for header in graph.listed(request, _HT + "headers")
        }
        body = b""
        if said["body"] is not None:
            coding = graph.one(said["body"], _CNT + "characterEncoding")
            body = graph.one(said["body"], _CNT + "chars").value.encode(coding.value if coding else "utf-8")
        path = said["absolutePath"].value.replace("/sparql/", "/sparql", 1)
        yield said["methodName"].value, path, headers, body, said["resp"]


def kept(suite, running, writable):
    graph = Graph(suite / "protocol" / "manifest.ttl")
    passed, failed = [], []
    for test in graph.entries():
        name = test.value.rpartition("#")[2]
        for method, path, headers, body, wanted in requests_of(graph, test):
            if "update" in name:
                # A store of claims clears its own graphs, not all: these are the ones that the tests write.
                coded = headers.get("content-type", "").startswith("application/x-www-form")
                clear = quote_plus(_CLEAR) if coded else _CLEAR
                own = re.sub(rb"(CLEAR|DROP)[ +]ALL", clear.encode(), body)
                answer = writable.change(method, path.removeprefix("/"), headers=headers, content=own)
            else:
                answer = running.http.request(method, path, headers=headers, content=body)
            classes = {status.value[-3] for status in graph.all(wanted, _MF + "expectedStatus")}
            right = str(answer.status_code)[0] in classes
            truth = graph.one(wanted, _MF + "expectedBoolean")
            if right and truth is not None:
                found = ox.parse_query_results(answer.content, format=ox.QueryResultsFormat.JSON)
                right = bool(found) is (truth.value == "true")
            (passed if right else failed).append(f"{name}: {answer.status_code} {answer.text.strip()[:150]}")
    return passed, failed


def test_the_protocol_is_kept(suite, running, serving, tmp_path, capsys):
    store = ox.Store()
    for number in range(4):
        iri = ox.NamedNode(f"http://kasei.us/2009/09/sparql/data/data{number}.rdf")
        document = ox.NamedNode("http://xmlns.com/foaf/0.1/Document")
        store.add(ox.Quad(iri, ox.NamedNode(_RDF + "type"), document, iri))
    running.show(store)
    kg.open(tmp_path / "store", write=True).close()
    with serving(tmp_path / "store", tmp_path / "log", "--write") as writable:
        passed, failed = kept(suite, running, writable)
    with capsys.disabled():
        print(f"\nprotocol: {len(passed)} right, {len(failed)} not:")
        print("\n".join(f"  {line}" for line in failed))
    assert failed == []
    assert len(passed) > 30
