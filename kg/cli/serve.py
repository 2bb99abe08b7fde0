"""The command that serves a store over HTTP."""

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.cli.common import selection_option, store_option, tell_notes, today_option
from kg.errors import KgError, MissingExtra
from kg.settings import setting

if TYPE_CHECKING:
    from kg.server.access import AccessPolicy
    from kg.server.service import ServiceConfig
    from kg.store import Selection

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
@click.option(
    "--write",
    is_flag=True,
    help="Take changes from who shows a token: KG_WRITE_TOKEN's changes documents and graphs, those of --tokens judge.",
)
@click.option(
    "--tokens",
    metavar="FILE",
    help="The tokens of who judges, and adds claims ('kg token add'); with --write.",
)
@selection_option
@today_option
@store_option
def serve(
    host: str, port: int, write: bool, tokens: str | None, store_path: str, selection: "Selection", **given: Any
) -> None:
    """Serve the graph over HTTP: SPARQL, the library's questions, the viewer, a page to ask from.

    Only this machine is served, for reading, unless you say otherwise. 'kg build' may run beside it:
    what it commits is answered from within two seconds. Of a narrowed graph nothing else is served, to nobody.
    """
    if write and selection.narrows:
        raise click.UsageError("a narrowed graph is for reading: leave --write out, or --accepted-only and --tiers")
    if sys.platform == "win32":
        raise KgError("kg serve needs the processes of Linux or macOS: on Windows, run kg in WSL")
    try:
        from kg.server.service import is_loopback, run
    except ImportError as error:
        raise MissingExtra("serving needs Starlette and uvicorn: pip install 'kg[serve]'") from error
    access = _access(host, given, write=write, tokens=tokens)

    def say(address: str) -> None:
        click.echo(f"serving {store_path} at {address}, for {'writing' if write else 'reading'}; Ctrl-C ends it")
        tell_notes(selection.notes())
        if not is_loopback(host):
            click.echo("kg: note: others can reach this address: put a proxy with TLS before it", err=True)

    config = _service(Path(store_path), host, port, access, given)
    run(replace(config, selection=selection), say)


def _access(host: str, given: Mapping[str, Any], *, write: bool, tokens: str | None) -> "AccessPolicy":
    from kg.server.access import AccessPolicy
    from kg.server.tokens import TokenFile

    if tokens is not None and not write:
        raise click.UsageError("--tokens goes with --write: without it, nobody judges")
    token = setting("KG_WRITE_TOKEN") if write else None
    if token is not None and len(token) < _SHORTEST:
        raise click.UsageError(f"--write needs a token of {_SHORTEST} characters or more in KG_WRITE_TOKEN")
    if write and token is None and tokens is None:
        raise click.UsageError("--write needs a token in KG_WRITE_TOKEN, or --tokens FILE: 'kg token add' makes one")
    hosts = tuple(dict.fromkeys((*AccessPolicy().hosts, host, *given["names"])))
    file = TokenFile(Path(tokens)) if tokens is not None else None
    return AccessPolicy(hosts, given["origins"], token, tokens=file)


def _service(store: Path, host: str, port: int, access: "AccessPolicy", given: Mapping[str, Any]) -> "ServiceConfig":
    from kg.server.scheduler import Concurrency
    from kg.server.service import ServiceConfig
    from kg.server.worker import Limits

    limits = Limits(given["time_limit"], given["row_limit"], memory=given["memory_limit"] * _MB)
    concurrency = Concurrency() if given["queries"] is None else Concurrency(given["queries"])
    return ServiceConfig(store, host, port, access, limits, concurrency, given["proxies"])
