"""Commands for the tokens with which people judge on a served graph."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from kg.server.tokens import Token

__all__ = ["add", "list_", "revoke", "token"]

_DAYS = 365


@click.group()
def token() -> None:
    """Make, list and revoke the tokens of people who judge on a served graph (kg serve --write --tokens FILE)."""


def _file_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--file",
        "path",
        metavar="FILE",
        envvar="KG_TOKENS",
        default="kg-tokens.json",
        show_default=True,
        show_envvar=True,
        help="The file that keeps the tokens, hashed; in no store.",
    )(command)


@token.command()
@click.option("--name", required=True, help="Who judges with it: the author of what its bearer says.")
@click.option(
    "--role",
    type=click.Choice(["reader", "reviewer"]),
    default="reviewer",
    show_default=True,
    help="A reader sees what is to be judged; a reviewer judges, and adds claims.",
)
@click.option(
    "--days", type=click.FloatRange(0, _DAYS, min_open=True), default=30, show_default=True, help="How long it is good."
)
@_file_option
def add(name: str, role: str, days: float, path: str) -> None:
    """Make a token, and print it: it is shown this once, and kept hashed.

    For example: kg token add --name ada --role reviewer --days 30 --file tokens.json.
    """
    from kg.server.tokens import Role, TokenFile, new_token

    secret, made = new_token(name, Role(role), days, dt.datetime.now(dt.UTC))
    TokenFile(Path(path)).add(made)
    click.echo(secret)
    click.echo(
        f"kg: note: token {made.id} of {name}, {role} until {made.expires[:10]}: it is shown this once", err=True
    )


@token.command("list")
@_file_option
def list_(path: str) -> None:
    """List the tokens of a file: whose they are, in what role, until when."""
    from kg.server.tokens import TokenFile

    now = dt.datetime.now(dt.UTC)
    for one in TokenFile(Path(path)).tokens():
        click.echo(f"{one.id}  {one.role:<8}  {one.expires[:10]}  {_state(one, now):<7}  {one.name}")


def _state(one: "Token", now: dt.datetime) -> str:
    return "revoked" if one.revoked else "good" if one.is_good(now) else "expired"


@token.command()
@click.argument("named", metavar="NAME|ID")
@_file_option
def revoke(named: str, path: str) -> None:
    """Make all tokens of a name, or the one of an id, open nothing more; a running server heeds it at once."""
    from kg.server.tokens import TokenFile

    for one in TokenFile(Path(path)).revoke(named):
        click.echo(f"revoked {one.id} of {one.name}")
