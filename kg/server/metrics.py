"""What the server reports of its work: a line of JSON for each request, figures for Prometheus."""

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
_BUCKETS = (0.005, 0.02, 0.1, 0.3, 1, 3, 10, 30, 100)


class JsonFormatter(logging.Formatter):
    """Writes a log record as one line of JSON: time, level, message, and the dictionary `extra["fields"]`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        time_ = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        fields = {"time": time_, "level": record.levelname.lower(), "message": record.getMessage()}
        return json.dumps(fields | getattr(record, "fields", {}), ensure_ascii=True)


class Metrics:
    """The figures of a server, in a registry of its own."""

    def __init__(self, scheduler: Scheduler) -> None:
        self.registry = CollectorRegistry()
        self._scheduler = scheduler
        self._requests = Counter("kg_http_requests", "Requests", ["endpoint", "status"], registry=self.registry)
        self._seconds = Histogram(
            "kg_http_seconds",
            "Seconds to the end of an answer",
            ["endpoint"],
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self._bytes = Counter("kg_http_bytes", "Bytes of answers", ["endpoint"], registry=self.registry)
        self.registry.register(self)

    def record(self, endpoint: str, status: int, size: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(endpoint, str(status)).inc()
        self._seconds.labels(endpoint).observe(seconds)
        self._bytes.labels(endpoint).inc(size)

    def collect(self) -> Iterator[Metric]:
        """Yield the figures of the scheduler, whenever Prometheus asks."""
        commit = self._scheduler.workers.commit_number
        yield GaugeMetricFamily("kg_queries_running", "Queries at work", value=self._scheduler.running)
        yield GaugeMetricFamily("kg_queries_waiting", "Queries that wait", value=self._scheduler.waiting)
        yield GaugeMetricFamily("kg_commit", "The commit that queries are answered from", value=commit)
        again = self._scheduler.answers.hits
        yield CounterMetricFamily("kg_answers_given_again", "Answers to what was asked before", value=again)
        stopped = CounterMetricFamily("kg_queries_stopped", "Queries ended before their answer", labels=["reason"])
        for reason in ("time", "memory", "depth", "client"):
            stopped.add_metric([reason], self._scheduler.stopped[reason])
        yield stopped


class AccessLogMiddleware:
    """ASGI middleware: logs and counts each request."""

    def __init__(self, app: ASGIApp, metrics: Metrics, endpoints: frozenset[str]) -> None:
        self._app = app
        self._metrics = metrics
        self._endpoints = endpoints

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and log it when it is over."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, size, start = 500, 0, time.perf_counter()

        async def observe(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            size += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, observe)
        finally:
            self._log(scope, status, size, time.perf_counter() - start)

    def _log(self, scope: Scope, status: int, size: int, seconds: float) -> None:
        # Unknown paths share one label: a stranger could invent any number of them.
        endpoint = "/" + scope["path"].lstrip("/").partition("/")[0]
        self._metrics.record(endpoint if endpoint in self._endpoints else "other", status, size, seconds)
        fields: dict[str, Any] = {
            "client": (scope.get("client") or ("",))[0],
            "method": scope["method"],
            "path": scope["path"],
            "status": status,
            "bytes": size,
            "ms": round(seconds * 1000, 1),
        }
        _LOG.info("request", extra={"fields": fields | scope.get("state", {}).get("log_fields", {})})
