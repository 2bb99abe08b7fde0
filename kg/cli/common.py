"""What the commands share: the store's option, the opened store, the file that a command writes."""

import functools
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar, cast

import click

from kg import settings
from kg.errors import StoreFull
from kg.model import Tier

if TYPE_CHECKING:
    from kg.graph import Graph
    from kg.store import Selection, Store

__all__ = [
    "LANGUAGES",
    "OUTCOMES",
    "OUTCOME_HELP",
    "author_option",
    "opened",
    "opened_graph",
    "output_file",
    "selection_option",
    "store_option",
    "tell_notes",
    "today_option",
    "weights_option",
]

_F = TypeVar("_F", bound=Callable[..., Any])
LANGUAGES = click.Choice(["en", "fr"])
OUTCOMES = click.Choice(["admitted", "to-review", "refused", "all"])
OUTCOME_HELP = "Claims of this outcome: admitted, to-review, refused or all."


def store_option(command: _F) -> _F:
    """Give a command the option --store, and --engine for what is behind an address."""
    engine = click.option(
        "--engine",
        metavar="NAME",
        envvar="KG_ENGINE",
        show_envvar=True,
        expose_value=False,
        callback=_fix_engine,
        help="What is at the address: virtuoso, oxigraph, jena, graphdb, stardog, neptune or qlever.",
    )
    return click.option(
        "--store",
        "store_path",
        metavar="PATH|URL",
        envvar="KG_STORE",
        default="kg-store",
        show_default=True,
        show_envvar=True,
        help="The folder that keeps the graph, or the address of a SPARQL endpoint that does.",
    )(engine(command))


def _fix_engine(context: click.Context, _: click.Parameter, name: str | None) -> None:
    if name:
        context.with_resource(settings.changed_environment({"KG_ENGINE": name}))


def selection_option(command: _F) -> _F:
    """Give a command the options that narrow the graph, as the argument `selection`."""

    @functools.wraps(command)
    def run(*args: Any, accepted_only: bool, tiers: str | None, leads: bool, **more: Any) -> Any:
        from kg.store import Selection

        names = [] if tiers is None else tiers.split(",")
        return command(*args, selection=Selection.of(accepted_only=accepted_only, tiers=names, leads=leads), **more)

    for option in (
        click.option("--leads", is_flag=True, help="With what is only reported; a narrowed graph has none else."),
        click.option("--tiers", metavar="TIER,…", help=f"Only sources of these tiers: {', '.join(Tier)}."),
        click.option("--accepted-only", is_flag=True, help="What a person confirmed or made, and registers' rows."),
    ):
        run = option(run)
    return cast("_F", run)


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


def tell_notes(notes: Iterable[str]) -> None:
    """Write what is to be told beside an answer to standard error, a line each."""
    from kg.wording.printable import printable

    for note in notes:
        click.echo(f"kg: note: {printable(note)}", err=True)


@contextmanager
def opened(path: str, *, write: bool = False) -> Iterator["Store"]:
    """Open the store, and tell what it has to say."""
    from kg.store import open_store

    with open_store(path, write=write) as store:
        tell_notes(store.notes)
        yield store


@contextmanager
def opened_graph(path: str, selection: "Selection | None" = None) -> Iterator["Graph"]:
    """Open the graph for reading, or what is left of it, and tell what its store has to say."""
    from kg.graph import Graph
    from kg.store import select

    with opened(path) as store:
        yield Graph(store if selection is None else select(store, selection))


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
