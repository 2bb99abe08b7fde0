"""A small server that answers as it is told, and counts what it was asked."""

import contextlib
import http.server
import json
import threading
from dataclasses import dataclass, field
from urllib.parse import parse_qs

import pytest

from kg.store.remote.http import HttpLimits

NOTHING = json.dumps({"head": {"vars": []}, "results": {"bindings": []}})


@dataclass
class Faults:
    """What the server does with each request: a function of the handler, the last one again and again."""

    script: list = field(default_factory=list)
    asked: list = field(default_factory=list)
    url: str = ""

    def then(self, *actions):
        self.script.extend(actions)
        return self


def answer(status=200, body="", kind="application/sparql-results+json", **headers):
    """An action: answer so."""

    def act(handler):
        data = body if isinstance(body, bytes) else body.encode()
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        if "Content_Length" not in headers:
            handler.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        with contextlib.suppress(OSError):
            handler.wfile.write(data)

    return act


@pytest.fixture
def faults():
    told = Faults()
    released = threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            told.asked.append((self.path, self.headers.get("Authorization"), parse_qs(body, keep_blank_values=True)))
            act = told.script.pop(0) if len(told.script) > 1 else told.script[0]
            self.released = released
            act(self)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    told.url = f"http://127.0.0.1:{server.server_port}/sparql"
    yield told
    released.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def hasty():
    """Limits that a test can wait for."""
    return HttpLimits(connect=1, silence=0.4, total=1.2, size=100_000, attempts=3, pause=0.01, patience=2)
