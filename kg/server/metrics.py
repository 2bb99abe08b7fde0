"""What the server tells of its work: a line of JSON for each request, figures for Prometheus."""

import json
import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.server.scheduler import Scheduler

__all__ = ["AccessLogMiddleware", "JsonFormatter", "Metrics"]

_LOG = logging.getLogger("kg.access")
_SECONDS = (0.005, 0.02, 0.1, 0.3, 1, 3, 10, 30, 100)


class JsonFormatter(logging.Formatter):
    """Log records as one JSON object a line: time, level, message, and what was given as `extra["fields"]`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        said = {"time": at, "level": record.levelname.lower(), "message": record.getMessage()}
        return json.dumps(said | getattr(record, "fields", {}), ensure_ascii=True)


class Metrics:
    """The figures of a server, in a registry of its own."""

    def __init__(self, pool: Scheduler) -> None:
        self.registry = CollectorRegistry()
        self._pool = pool
        self._requests = Counter("kg_http_requests", "Requests", ["endpoint", "status"], registry=self.registry)
        self._seconds = Histogram(
            "kg_http_seconds", "Seconds to the end of an answer", ["endpoint"], buckets=_SECONDS, registry=self.registry
        )
        self._bytes = Counter("kg_http_bytes", "Bytes of answers", ["endpoint"], registry=self.registry)
        self.registry.register(self)

    def seen(self, endpoint: str, status: int, size: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(endpoint, str(status)).inc()
        self._seconds.labels(endpoint).observe(seconds)
        self._bytes.labels(endpoint).inc(size)

    def collect(self) -> Iterator[Metric]:
        """Yield what the pool says of itself."""
        yield GaugeMetricFamily("kg_queries_running", "Questions at work", value=self._pool.running)
        yield GaugeMetricFamily("kg_queries_waiting", "Questions that wait", value=self._pool.waiting)
        yield GaugeMetricFamily("kg_commit", "The commit answered from", value=self._pool.crew.number)
        stopped = CounterMetricFamily("kg_queries_stopped", "Questions ended before their answer", labels=["reason"])
        for reason in ("time", "memory", "depth", "client"):
            stopped.add_metric([reason], self._pool.stopped[reason])
        yield stopped


class AccessLogMiddleware:
    """ASGI middleware: logs and counts each request."""

    def __init__(self, app: ASGIApp, watch: Metrics, endpoints: frozenset[str]) -> None:
        self._app = app
        self._watch = watch
        self._endpoints = endpoints

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and tell of it when it is over."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, size, begun = 500, 0, time.perf_counter()

        async def sent(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            size += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, sent)
        finally:
            self._tell(scope, status, size, time.perf_counter() - begun)

    def _tell(self, scope: Scope, status: int, size: int, seconds: float) -> None:
        # A stranger's path would make a label of its own for each of its spellings.
        first = "/" + scope["path"].lstrip("/").partition("/")[0]
        self._watch.seen(first if first in self._endpoints else "other", status, size, seconds)
        fields: dict[str, Any] = {
            "client": (scope.get("client") or ("",))[0],
            "method": scope["method"],
            "path": scope["path"],
            "status": status,
            "bytes": size,
            "ms": round(seconds * 1000, 1),
        }
        _LOG.info("request", extra={"fields": fields | scope.get("state", {}).get("told", {})})
