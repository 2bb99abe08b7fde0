"""Running the server: its folder, its socket, its life from start to a graceful end."""

import contextlib
import logging
import shutil
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from kg.errors import KgError
from kg.server.app import AccessPolicy, application
from kg.server.metrics import JsonFormatter
from kg.server.scheduler import Concurrency, Scheduler
from kg.server.store_watcher import StoreWatcher
from kg.server.worker import Limits

__all__ = ["ServiceConfig", "is_loopback", "run", "service"]

_LONGEST_LINE = 1 << 18
"""Bytes of a request's line and headers: queries in a URL are long."""
_PATIENCE = 10
"""Seconds that questions have to end, when the server is told to stop."""
_KEPT_ALIVE = 15


@dataclass(frozen=True, slots=True)
class ServiceConfig:
    """What is served, where, to whom, within which limits.

    `port` 0 takes a free one. `proxies` are the addresses whose word on who a client is counts.
    """

    store: Path
    host: str = "127.0.0.1"
    port: int = 8080
    access: AccessPolicy = field(default_factory=AccessPolicy)
    limits: Limits = field(default_factory=Limits)
    room: Concurrency = field(default_factory=Concurrency)
    proxies: tuple[str, ...] = ()


def is_loopback(host: str) -> bool:
    """Whether a host is reached from this machine alone."""
    return host in {"localhost", "::1"} or host.startswith("127.")


def service(given: ServiceConfig, work: Path) -> Starlette:
    """Return the application, which opens the store when it starts; `work` is an empty folder of its own.

    Raises `NotAStore` or another `StoreError` where the store cannot be read.
    """
    scratch = work / "answers"
    scratch.mkdir(parents=True)
    fresh = StoreWatcher(given.store, work / "store")
    pool = Scheduler(scratch, given.limits, given.room)
    app = application(pool, fresh, given.access)
    follower = fresh.open()

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        import asyncio

        await pool.start(follower.snapshot())
        following = asyncio.create_task(fresh.watch(pool.crew))
        try:
            yield
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
            await pool.crew.close()
            fresh.clean()

    app.router.lifespan_context = lifespan
    return app


def run(given: ServiceConfig, say: Callable[[str], None]) -> None:
    """Serve until told to stop; `say` is told the address. Raises `KgError` where it cannot be served."""
    work = Path(tempfile.mkdtemp(prefix="kg-serve-"))
    try:
        app = service(given, work)
        with _socket(given) as bound:
            shown = f"[{given.host}]" if ":" in given.host else given.host
            say(f"http://{shown}:{bound.getsockname()[1]}/")
            _log()
            uvicorn.Server(_config(app, given)).run(sockets=[bound])
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _config(app: Starlette, given: ServiceConfig) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="on",
        ws="none",
        proxy_headers=bool(given.proxies),
        forwarded_allow_ips=list(given.proxies) or None,
        timeout_keep_alive=_KEPT_ALIVE,
        timeout_graceful_shutdown=_PATIENCE,
        h11_max_incomplete_event_size=_LONGEST_LINE,
    )


def _socket(given: ServiceConfig) -> socket.socket:
    family = socket.AF_INET6 if ":" in given.host else socket.AF_INET
    try:
        bound = socket.create_server((given.host, given.port), family=family, backlog=512)
        # Connections inherit it; without it each answer waits 40 ms for an acknowledgement.
        bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError as error:
        raise KgError(
            f"{given.host}:{given.port} cannot be listened at: {error.strerror}; choose another with --host and --port"
        ) from error
    return bound


def _log() -> None:
    """Write the log of this server, and of uvicorn, to standard error, a JSON object a line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    for name in ("kg", "uvicorn"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(logging.INFO if name == "kg" else logging.WARNING)
