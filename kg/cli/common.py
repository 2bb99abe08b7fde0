"""What the commands share: the store's option, the opened store, the file that a command writes."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar, cast

import click

from kg import settings
from kg.errors import StoreFull

if TYPE_CHECKING:
    from kg.graph import Graph
    from kg.store import Store

__all__ = [
    "LANGUAGES",
    "OUTCOMES",
    "OUTCOME_HELP",
    "author_option",
    "opened",
    "opened_graph",
    "output_file",
    "store_option",
    "today_option",
    "weights_option",
]

_F = TypeVar("_F", bound=Callable[..., Any])
LANGUAGES = click.Choice(["en", "fr"])
OUTCOMES = click.Choice(["admitted", "to-review", "refused", "all"])
OUTCOME_HELP = "Claims of this outcome: admitted, to-review, refused or all."


def store_option(command: _F) -> _F:
    """Give a command the option --store."""
    return click.option(
        "--store",
        "store_path",
        metavar="PATH|URL",
        envvar="KG_STORE",
        default="kg-store",
        show_default=True,
        show_envvar=True,
        help="The folder that keeps the graph, or the address of a SPARQL endpoint that does.",
    )(command)


def author_option(command: _F) -> _F:
    """Give a command the option --author: who says what is said with it."""
    return click.option(
        "--author",
        envvar="KG_AUTHOR",
        show_envvar=True,
        required=True,
        help="Who says so: what people say is kept under their names.",
    )(command)


def today_option(command: _F) -> _F:
    """Give a command the option --today: while the command runs, that day is today everywhere (`kg.settings.today`)."""
    return click.option(
        "--today",
        metavar="DATE",
        envvar="KG_TODAY",
        show_envvar=True,
        expose_value=False,
        callback=_fix_today,
        help="The day for which it is decided which facts hold; the current day (UTC) by default.",
    )(command)


def _fix_today(context: click.Context, _: click.Parameter, date: str | None) -> None:
    if date is not None:
        day = settings.day_of(date, "--today")
        context.with_resource(settings.changed_environment({"KG_TODAY": day.isoformat()}))


def weights_option(command: _F) -> _F:
    """Give a command the option --weights: while the command runs, these weights come first, in all its processes."""
    return click.option(
        "--weights",
        metavar="DIR",
        envvar="KG_WEIGHTS",
        show_envvar=True,
        expose_value=False,
        callback=_fix_weights,
        help="A folder of weights that kg train made; kg's own by default.",
    )(command)


def _fix_weights(context: click.Context, _: click.Parameter, folder: str | None) -> None:
    if folder:
        from kg.ontology import weights_folder

        context.with_resource(settings.changed_environment({"KG_WEIGHTS": folder}))
        weights_folder()


@contextmanager
def opened(path: str, *, write: bool = False) -> Iterator["Store"]:
    """Open the store, and tell what it has to say."""
    from kg.store import open_store

    with open_store(path, write=write) as store:
        for note in store.notes:
            click.echo(f"kg: note: {note}", err=True)
        yield store


@contextmanager
def opened_graph(path: str) -> Iterator["Graph"]:
    """Open the graph for reading, and tell what its store has to say."""
    from kg.graph import Graph

    with opened(path) as store:
        yield Graph(store)


@contextmanager
def output_file(path: str) -> Iterator[BinaryIO]:
    """The file to write to, put in place when it is whole; "-" is standard output."""
    if path == "-":
        yield cast("BinaryIO", sys.stdout.buffer)
        return
    part = Path(f"{path}.part")
    try:
        with part.open("wb") as out:
            yield out
        part.replace(path)
    except OSError as error:
        raise StoreFull(f"{path} cannot be written: {error.strerror}; free space or choose another place") from error
    finally:
        part.unlink(missing_ok=True)
