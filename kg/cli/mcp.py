"""The command that answers an assistant's questions by the Model Context Protocol."""

import importlib
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.cli.common import opened_graph, selection_option, store_option, today_option
from kg.errors import KgError, MissingExtra, QueryError

if TYPE_CHECKING:
    from kg.store import Selection

__all__ = ["mcp"]

_MB = 1 << 20


@click.command()
@click.option("--judge", "author", metavar="AUTHOR", help="Let the assistant record the verdicts of this person.")
@click.option("--time-limit", type=click.FloatRange(0.1), default=30.0, show_default=True, help="Seconds a call.")
@click.option("--memory-limit", type=click.IntRange(64), default=1024, show_default=True, help="MB a call.")
@click.option("--list", "lists", is_flag=True, help="Print the tools, and end.")
@click.option("--call", "tool", metavar="TOOL", help="Print what TOOL answers to ARGUMENTS, and end.")
@click.argument("arguments", required=False)
@selection_option
@today_option
@store_option
def mcp(
    author: str | None,
    lists: bool,
    tool: str | None,
    arguments: str | None,
    store_path: str,
    selection: "Selection",
    **limits: Any,
) -> None:
    """Answer an assistant over standard input and output (Model Context Protocol).

    A program starts it: register the command "kg mcp --store PATH" in your assistant. Nothing can be changed, unless
    you say whose verdicts it may record. Calls run within the limits in processes of their own, without a network.

    ARGUMENTS of --call are JSON: kg mcp --call dossier '{"company": "CoreWeave"}'.
    """
    if lists:
        _print_tools(judging=author is not None)
        return
    if tool is not None:
        _print_answer(tool, arguments or "{}", store_path, selection)
        return
    if arguments is not None:
        raise click.UsageError("arguments go with --call TOOL")
    if author is not None and selection.narrows:
        raise click.UsageError("a narrowed graph is for reading: leave --judge out, or --accepted-only and --tiers")
    if sys.platform == "win32":
        raise KgError("kg mcp needs the processes of Linux or macOS: on Windows, run kg in WSL")
    try:
        from kg.server.stdio import StdioConfig, run

        importlib.import_module("mcp.server.stdio")
    except ImportError as error:
        raise MissingExtra("assistants need the SDK of their protocol: pip install 'kg[mcp]'") from error
    from kg.server.worker import Limits

    bounds = replace(Limits(), seconds=limits["time_limit"], memory=limits["memory_limit"] * _MB)
    if sys.stdin.isatty():
        click.echo("kg: note: this speaks with a program, not with you: 'kg mcp --list' says what it offers", err=True)
    run(StdioConfig(Path(store_path), bounds, selection=selection, author=author))


def _print_tools(*, judging: bool) -> None:
    from kg.mcp.tools import JUDGE, TOOLS

    for tool in (*TOOLS.values(), *((JUDGE,) if judging else ())):
        click.echo(f"{tool.usage}\n  {tool.title['en']}")


def _print_answer(tool: str, arguments: str, store: str, selection: "Selection") -> None:
    from kg.mcp.calls import CallTool

    try:
        values = json.loads(arguments)
    except ValueError as error:
        raise QueryError(f"the arguments are no JSON: {error}") from error
    if not isinstance(values, dict):
        raise QueryError('the arguments are an object, as {"company": "CoreWeave"}')
    with opened_graph(store, selection) as graph:
        click.echo(CallTool(tool, values).result(graph.store)["text"])
