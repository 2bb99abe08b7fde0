"""The command that serves a store over HTTP."""

import os
from pathlib import Path

import click

from kg.cli.common import store_option
from kg.errors import MissingExtra

__all__ = ["serve"]

_MB = 1 << 20
_SHORTEST = 16


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0 takes a free one.")
@click.option("--allow-host", "names", multiple=True, help="A name by which the server may be called, too.")
@click.option("--cors", "origins", multiple=True, help="An origin whose pages may ask, such as https://example.org.")
@click.option("--proxy", "proxies", multiple=True, help="The address of a proxy that says who its clients are.")
@click.option("--time-limit", type=click.FloatRange(0.1), default=30.0, show_default=True, help="Seconds a query.")
@click.option("--row-limit", type=click.IntRange(1), default=1_000_000, show_default=True, help="Rows an answer.")
@click.option("--memory-limit", type=click.IntRange(64), default=1024, show_default=True, help="MB a query.")
@click.option("--queries", type=click.IntRange(1), help="Queries at full speed at once; by default one a core.")
@click.option("--write", is_flag=True, help="Take changes from who shows the token in KG_WRITE_TOKEN.")
@store_option
def serve(
    host: str,
    port: int,
    names: tuple[str, ...],
    origins: tuple[str, ...],
    proxies: tuple[str, ...],
    time_limit: float,
    row_limit: int,
    memory_limit: int,
    queries: int | None,
    write: bool,
    store_path: str,
) -> None:
    """Serve the graph over HTTP: SPARQL, the library's questions, the viewer, a page to ask from.

    Only this machine is served, for reading, unless you say otherwise. 'kg build' may run beside it:
    what it commits is answered from within two seconds.
    """
    try:
        from kg.server.app import Access
        from kg.server.pool import Room
        from kg.server.serving import Service, is_loopback, run
        from kg.server.worker import Limits
    except ImportError as error:
        raise MissingExtra("serving needs Starlette and uvicorn: pip install 'kg[serve]'") from error
    token = os.environ.get("KG_WRITE_TOKEN", "") if write else None
    if token is not None and len(token) < _SHORTEST:
        raise click.UsageError(f"--write needs a token of {_SHORTEST} characters or more in KG_WRITE_TOKEN")
    named = (*Access().hosts, host, *names)
    given = Service(
        Path(store_path),
        host,
        port,
        Access(tuple(dict.fromkeys(named)), origins, token),
        Limits(time_limit, row_limit, memory=memory_limit * _MB),
        Room() if queries is None else Room(queries),
        proxies,
    )

    def say(address: str) -> None:
        click.echo(f"serving {store_path} at {address}, for {'writing' if write else 'reading'}; Ctrl-C ends it")
        if not is_loopback(host):
            click.echo("kg: note: others can reach this address: put a proxy with TLS before it", err=True)

    run(given, say)
