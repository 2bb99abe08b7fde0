"""A server on loopback that speaks like an OpenAI-compatible one, and misbehaves when asked to."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeAlias

KEY = "a-secret-of-ours"
"""What the tests give as the endpoint's key: it must turn up nowhere."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server sends: after `delay` seconds, in chunks of `piece` bytes, up to half of it where it is `cut`."""

    body: bytes
    status: int = 200
    kind: str = "application/json"
    delay: float = 0.0
    piece: int = 0
    cut: bool = False


Answer: TypeAlias = Callable[[dict[str, Any]], Reply]
"""What answers a request, given its body."""


def completion(content: str | None) -> Reply:
    """A chat completion whose message is this text."""
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}}
    usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
    whole = {"id": "x", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": usage}
    return Reply(json.dumps(whole).encode())


def failure(status: int, message: str = "no") -> Reply:
    return Reply(json.dumps({"error": {"message": message}}).encode(), status)


def slowly(reply: Reply, seconds: float) -> Reply:
    return replace(reply, delay=seconds)


def in_pieces(reply: Reply, size: int = 40) -> Reply:
    return replace(reply, piece=size)


def cut(reply: Reply) -> Reply:
    return replace(reply, piece=40, cut=True)


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked: the body, and the headers."""

    body: dict[str, Any]
    headers: Message

    @property
    def messages(self) -> str:
        """All that was said, one message after the other."""
        return "\n".join(str(message["content"]) for message in self.body["messages"])


class Endpoint(ThreadingHTTPServer):
    """Gives each request to `answer`, and remembers it."""

    daemon_threads = True

    def __init__(self, answer: Answer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer
        self.requests: list[Request] = []
        self.closing = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def server_close(self) -> None:
        self.closing.set()
        super().server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Endpoint

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append(Request(body, self.headers))
        reply = self.server.answer(body)
        self.server.closing.wait(reply.delay)
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.kind)
        self.send_header("retry-after-ms", "1")  # the client need not wait before it tries again
        if reply.piece:
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self._send_chunks(reply)
            return
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def _send_chunks(self, reply: Reply) -> None:
        data = reply.body[: len(reply.body) // 2] if reply.cut else reply.body
        for start in range(0, len(data), reply.piece):
            chunk = data[start : start + reply.piece]
            self.wfile.write(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
            self.wfile.flush()
        if reply.cut:
            self.close_connection = True
        else:
            self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *_: object) -> None:
        pass


@dataclass(slots=True)
class Script:
    """Answers by what a request speaks of: the next reply for the first word that stands in it, the last for ever."""

    replies: dict[str, list[Reply]] = field(default_factory=dict)

    def __call__(self, body: dict[str, Any]) -> Reply:
        told = json.dumps(body["messages"], ensure_ascii=False)
        for word, replies in self.replies.items():
            if word in told:
                return replies.pop(0) if len(replies) > 1 else replies[0]
        return completion(json.dumps({"claims": []}))


def serving(answer: Answer) -> Iterator[Endpoint]:
    """Yield a server at work, and stop it."""
    with Endpoint(answer) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield server
        server.shutdown()
