"""Running the server: its folder, its socket, its life from start to graceful shutdown."""

import asyncio
import contextlib
import gc
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
from starlette.types import ASGIApp

from kg.errors import KgError
from kg.processes import check_socket_folder
from kg.server.access import AccessPolicy
from kg.server.app import create_application
from kg.server.backend import Backend
from kg.server.head_timeout import head_timeout_protocol
from kg.server.metrics import JsonFormatter
from kg.server.scheduler import Concurrency, Scheduler
from kg.server.store_watcher import StoreWatcher
from kg.server.worker import Limits
from kg.store import EVERYTHING, Selection

__all__ = ["ServiceConfig", "create_server", "create_service", "is_loopback", "run"]

_MAX_HEAD = 1 << 18
"""Bytes of a request's line and headers: queries in a URL are long."""
_SHUTDOWN_SECONDS = 10
"""How long queries may go on when the server is told to stop."""
_KEEP_ALIVE_SECONDS = 15


@dataclass(frozen=True, slots=True)
class ServiceConfig:
    """What is served, where, to whom, within which limits.

    `selection` is what of the store is served. `port` 0 takes a free one. `proxies` are addresses that are trusted to
    say who a client is. `head_seconds` is how long the head of a request may take to arrive.
    """

    store: Path
    host: str = "127.0.0.1"
    port: int = 8080
    access: AccessPolicy = field(default_factory=AccessPolicy)
    limits: Limits = field(default_factory=Limits)
    concurrency: Concurrency = field(default_factory=Concurrency)
    proxies: tuple[str, ...] = ()
    head_seconds: float = 10.0
    selection: Selection = EVERYTHING


def is_loopback(host: str) -> bool:
    """Return whether a host can be reached from this machine only.

    Example:
        >>> is_loopback("127.0.0.1"), is_loopback("0.0.0.0")
        (True, False)

    """
    return host in {"localhost", "::1"} or host.startswith("127.")


def create_service(config: ServiceConfig, work: Path) -> Starlette:
    """Return the ASGI application over the store, which it opens; its workers start with the application.

    Args:
        config: what is served.
        work: an empty folder of its own.

    Raises:
        StoreError: where the store cannot be read; `NotAStore` where there is none.

    """
    answers = work / "answers"
    answers.mkdir(parents=True)
    watcher = StoreWatcher(config.store, work / "store", selection=config.selection)
    scheduler = Scheduler(answers, config.limits, config.concurrency)
    if config.access.tokens is not None:
        config.access.tokens.tokens()
    backend = Backend(scheduler, watcher)
    application = create_application(backend, config.access)
    snapshot = watcher.open()

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await scheduler.start(snapshot)
        tasks = [asyncio.create_task(watcher.watch(scheduler.workers))]
        if config.access.tokens is not None:
            tasks.append(asyncio.create_task(backend.desk.warm()))
        try:
            yield
        finally:
            await application.state.assistants.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            backend.desk.close()
            await scheduler.stop()
            watcher.clean()

    application.router.lifespan_context = lifespan
    return application


def run(config: ServiceConfig, announce: Callable[[str], None]) -> None:
    """Serve until told to stop.

    Args:
        config: what is served.
        announce: called with the server's address once it is known.

    Raises:
        KgError: where the store cannot be read, the address cannot be used, or no processes can be started.

    """
    check_socket_folder()
    work = Path(tempfile.mkdtemp(prefix="kg-serve-"))
    try:
        application = create_service(config, work)
        with _listen(config) as listener:
            host = f"[{config.host}]" if ":" in config.host else config.host
            announce(f"http://{host}:{listener.getsockname()[1]}/")
            _configure_log()
            # What is loaded stays as long as the server: it is not looked through again and again for garbage.
            gc.freeze()
            create_server(application, config).run(sockets=[listener])
    finally:
        shutil.rmtree(work, ignore_errors=True)


def create_server(application: ASGIApp, config: ServiceConfig) -> uvicorn.Server:
    """Return the HTTP server for an ASGI application."""
    return uvicorn.Server(
        uvicorn.Config(
            application,
            http=head_timeout_protocol(config.head_seconds),
            loop="asyncio",  # uvloop makes the pipes to workers non-blocking, and large messages break off
            log_config=None,
            access_log=False,
            server_header=False,
            lifespan="on",
            ws="none",
            proxy_headers=bool(config.proxies),
            forwarded_allow_ips=list(config.proxies) or None,
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
            h11_max_incomplete_event_size=_MAX_HEAD,
        )
    )


def _listen(config: ServiceConfig) -> socket.socket:
    address = f"{config.host}:{config.port}"
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    try:
        listener = socket.create_server((config.host, config.port), family=family, backlog=512)
        # Connections inherit it; without it each answer waits 40 ms for an acknowledgement.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError as error:
        raise KgError(f"cannot listen at {address}: {error.strerror}; choose another --host or --port") from error
    return listener


def _configure_log() -> None:
    """Write the log of this server, and of uvicorn, to standard error, a JSON object a line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    for name in ("kg", "uvicorn"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(logging.INFO if name == "kg" else logging.WARNING)
