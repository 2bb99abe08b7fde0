"""An endpoint of our own on loopback, which speaks like the real ones."""

import json
import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


def nested(claim):
    """A claim under its quote, as a model answers it."""
    rest = {name: value for name, value in claim.items() if name not in {"quote", "support"}}
    return {"quote": claim["quote"], "support": claim.get("support", []), "claims": [rest]}


class Endpoint(ThreadingHTTPServer):
    """Answers each request with the next of its answers: claims, a text, an HTTP status, or what a function sends."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers, self.requests = deque(), []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/v1"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append((body, self.headers))
        answer = self.server.answers.popleft() if len(self.server.answers) > 1 else self.server.answers[0]
        if isinstance(answer, int):
            self._send(answer, {"error": {"message": "no"}})
            return
        if callable(answer):
            answer(self)
            return
        content = answer if isinstance(answer, str) else json.dumps({"quotes": [nested(one) for one in answer]})
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}}
        usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
        self._send(200, {"id": "x", "object": "chat.completion", "created": 1, "model": body["model"],
                         "choices": [choice], "usage": usage})  # fmt: skip

    def _send(self, status, told):
        data = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


@pytest.fixture
def endpoint(monkeypatch):
    monkeypatch.setenv("KG_LLM_KEY", "a-secret")
    with Endpoint() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
