"""A small server of the pages over the story in memory, with the policy that `kg serve` sends, and a browser."""

import json
import threading
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from kg.errors import KgError
from kg.server import page
from kg.server.negotiation import GRAPHS, RESULTS, ResponseFormats, negotiate
from kg.server.response_buffer import LimitedBuffer
from kg.server.search import SearchTexts
from kg.server.security_headers import PAGE_POLICY
from kg.server.tasks import LibraryQuery, SparqlQuery
from kg.store import DocumentClaims, open_store

PREFIX = "/somewhere/deep/"


class Served:
    """What the handler answers from; a test may put its own answer in `canned`, or hold answers back."""

    def __init__(self, store):
        self.store = store
        self.canned = None
        self.held = threading.Event()
        self.held.set()
        self.asked = []
        self.url = None


class Handler(BaseHTTPRequestHandler):
    def __init__(self, served, *args):
        self.served = served
        super().__init__(*args)

    def log_message(self, *args):
        pass

    def do_GET(self):
        address = urlsplit(self.path)
        values = dict(parse_qsl(address.query))
        lang = values.get("lang", "en")
        match address.path.removeprefix(PREFIX).split("/"):
            case [""]:
                self.send(page.landing(lang), "text/html; charset=utf-8")
            case ["search"] if len(values) > ("lang" in values):
                self.answer(SearchTexts(tuple(values.items()), "text/html", lang))
            case ["search"]:
                self.send(page.search_page(lang, values), "text/html; charset=utf-8")
            case ["ontology"]:
                self.send(page.ontology_page(lang), "text/html; charset=utf-8")
            case ["assets", name] if name in page.assets():
                self.send(*page.assets()[name])
            case ["library"]:
                self.send(json.dumps(page.question_entries()), "application/json")
            case ["library", name]:
                self.served.asked.append(self.path)
                arguments = tuple(f"{key}={value}" for key, value in values.items())
                self.answer(LibraryQuery(name, arguments, self.formats()))
            case _:
                self.send("nothing stands here", "text/plain", 404)

    def do_POST(self):
        query = self.rfile.read(int(self.headers["content-length"])).decode()
        self.served.asked.append(query)
        self.served.held.wait(120)
        if self.served.canned is not None:
            self.send(*self.served.canned)
        else:
            self.answer(SparqlQuery(query, self.formats()))

    def formats(self):
        accept = self.headers["accept"]
        return ResponseFormats(negotiate(accept, RESULTS), negotiate(accept, GRAPHS))

    def answer(self, task):
        buffer = LimitedBuffer(Path("unused"), rows=10_000, size=1 << 20)
        try:
            media_type = task.answer(self.served.store, buffer)
        except KgError as error:
            self.send(f"{error}\n", "text/plain; charset=utf-8", 400)
        else:
            self.send(buffer.content(), media_type)

    def send(self, content, media_type, status=200):
        data = content if isinstance(content, bytes) else content.encode()
        try:
            self.send_response(status)
            self.send_header("content-type", media_type)
            self.send_header("content-length", str(len(data)))
            self.send_header("content-security-policy", PAGE_POLICY)
            self.send_header("x-content-type-options", "nosniff")
            self.end_headers()
            self.wfile.write(data)
        except ConnectionError:
            pass  # the browser took its question back


@pytest.fixture
def served(unrecorded):
    """The pages and the story under a prefix; `served.url` is the landing page's address."""
    with open_store(None, write=True) as store:
        store.commit([DocumentClaims(document, claims, "reader/1") for document, claims in unrecorded])
        found = Served(store)
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, found))
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        found.url = f"http://127.0.0.1:{server.server_port}{PREFIX}"
        yield found
        found.held.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def opened(chromium, watched, served):
    """Open an address; on leaving, nothing must have run, broken the policy, or asked another server."""

    @contextmanager
    def open_page(path="", *, width=1280, height=900, scheme="light", troubles=False):
        context = chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, accept_downloads=True
        )
        tab = context.new_page()
        seen = watched(tab)
        tab.goto(served.url + path)
        yield tab
        if troubles:  # Chromium notes each answer that is no 200
            seen.complaints = [said for said in seen.complaints if "Failed to load resource" not in said]
        seen.check()
        assert [url for url in seen.requests if not url.startswith((served.url, "data:", "blob:"))] == []
        context.close()

    return open_page
