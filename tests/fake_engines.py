"""Engines that cannot run here, as their documentation describes them at the wire; a store of pyoxigraph answers.

What each does otherwise than SPARQL 1.1 alone asks for is a line of `WIRES`; where the documentation is:

jena      Fuseki: query, update and data below the dataset; tdb2:unionDefaultGraph leaves the default graph out
          (https://jena.apache.org/documentation/tdb2/tdb2_fuseki.html); a form of more than 200 kB is refused
graphdb   RDF4J's protocol: updates at /statements, and inferred statements unless infer=false
          (https://graphdb.ontotext.com/documentation/)
stardog   /DATABASE/query and /update, by password alone (https://docs.stardog.com/developing/http-api)
neptune   one address for both, each in a form; what has no graph lands in DefaultNamedGraph
          (https://docs.aws.amazon.com/neptune/latest/userguide/access-graph-sparql-http-rest.html)
qlever    one address, the union of all graphs, updates with an access token alone
          (https://docs.qlever.dev)
"""

import contextlib
import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox

DEFAULT = ox.NamedNode("http://aws.amazon.com/neptune/vocab/v01/DefaultNamedGraph")
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
INFERRED = ox.Quad(
    ox.NamedNode("https://w3id.org/company-kg/company/openai"),
    TYPE,
    ox.NamedNode("https://w3id.org/company-kg/ontology#Programme"),
    ox.NamedNode("http://www.ontotext.com/implicit"),
)
"""A statement that inference would add: what kg asks must leave it out."""
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Wire:
    """What an engine listens to: paths, whether an update may be the body, the password, what it does with graphs."""

    query: str
    update: str
    body: bool = True
    password: str | None = None
    with_default: bool = True
    default: ox.NamedNode | None = None
    infers: bool = False
    takes_updates: bool = True
    largest_form: int = 10**9


WIRES = {
    "jena": Wire("/news/query", "/news/update", with_default=False, largest_form=200_000),
    "graphdb": Wire("/repositories/news", "/repositories/news/statements", infers=True),
    "stardog": Wire("/news/query", "/news/update", password="Basic YW5hOnMzY3JldA=="),  # noqa: S106
    "neptune": Wire("/sparql", "/sparql", body=False, default=DEFAULT),
    "qlever": Wire("/", "/", takes_updates=False),
}


@dataclass
class Fake:
    """A running one: its address, what it holds, and what came in, as (path, kind of body, fields)."""

    name: str
    store: ox.Store = field(default_factory=ox.Store)
    asked: list = field(default_factory=list)
    url: str = ""

    @property
    def wire(self) -> Wire:
        return WIRES[self.name]

    def answer(self, fields) -> tuple[int, str, bytes]:
        """What a query is answered."""
        with_inferred = self.wire.infers and fields.get("infer") != ["false"]
        store = self.store
        if with_inferred:
            store = ox.Store()
            store.extend([*self.store, INFERRED])
        # An empty list of graphs would be no restriction.
        named = [*store.named_graphs()] or [ox.NamedNode("urn:none")]
        graphs = {"use_default_graph_as_union": True} if self.wire.with_default else {"default_graph": named}
        try:
            found = store.query(fields["query"][0], **graphs)
        except (SyntaxError, ValueError) as error:
            return 400, "text/plain", str(error).encode()
        if isinstance(found, ox.QueryTriples):
            return 200, "application/n-triples", ox.serialize(found, format=ox.RdfFormat.N_TRIPLES)
        return 200, "application/sparql-results+json", found.serialize(format=ox.QueryResultsFormat.JSON)

    def told(self, text: str) -> tuple[int, str, bytes]:
        """What an update is answered."""
        if not self.wire.takes_updates:
            return 403, "application/json", b'{"exception": "update needs an access token"}'
        try:
            self.store.update(text)
        except (SyntaxError, ValueError) as error:
            return 400, "text/plain", str(error).encode()
        if self.wire.default is not None:
            for quad in list(self.store.quads_for_pattern(None, None, None, ox.DefaultGraph())):
                self.store.remove(quad)
                self.store.add(ox.Quad(quad.subject, quad.predicate, quad.object, self.wire.default))
        return 204, "text/plain", b""

    def handled(self, path, headers, body) -> tuple[int, str, bytes]:
        kind, wire = headers.get("Content-Type", "").partition(";")[0], self.wire
        fields = parse_qs(body.decode(), keep_blank_values=True) if kind == FORM else {}
        self.asked.append((path, kind, fields))
        if wire.password is not None and headers.get("Authorization") != wire.password:
            return 401, "text/plain", b"who are you?"
        if kind == FORM and len(body) > wire.largest_form:
            return 413, "text/plain", b"form too large"
        if path == wire.query and "query" in fields:
            return self.answer(fields)
        if path == wire.update and "update" in fields:
            return self.told(fields["update"][0])
        if path == wire.update and kind == "application/sparql-update" and wire.body:
            return self.told(body.decode())
        return (
            (404, "text/plain", b"nothing here") if path not in {wire.query, wire.update} else (400, "", b"malformed")
        )


@contextlib.contextmanager
def fake(name: str) -> Iterator[Fake]:
    """An engine of this name that runs in this process."""
    engine = Fake(name)

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, kind, data = engine.handled(urlsplit(self.path).path, self.headers, body)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    engine.url = f"http://127.0.0.1:{server.server_port}{engine.wire.query}"
    try:
        yield engine
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
