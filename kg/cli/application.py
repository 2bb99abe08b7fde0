"""The command ``kg`` whole: its commands, each loaded when it is called, and what becomes of errors.

A `KgError` ends in one line on standard error and exit code 1, wrong usage in 2.
"""

import os
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from importlib import import_module
from types import TracebackType

import click

from kg import __version__
from kg.errors import KgError
from kg.renamed import RenamedWarning
from kg.settings import setting

__all__ = ["cli", "main"]


_HOMES: Mapping[str, tuple[str, ...]] = {
    "kg.cli.analyse": ("analyse", "diff"),
    "kg.cli.ask": ("ask",),
    "kg.cli.build": ("build", "check", "forget"),
    "kg.cli.bundle": ("bundle",),
    "kg.cli.cite": ("cite",),
    "kg.cli.claims": ("claims",),
    "kg.cli.close": ("close",),
    "kg.cli.dataset": ("dataset",),
    "kg.cli.identify": ("identify", "resolve"),
    "kg.cli.identity": ("merge", "split"),
    "kg.cli.imports": ("imports",),
    "kg.cli.judge": ("add", "judge", "judgements", "review"),
    "kg.cli.lexicon": ("lexicon",),
    "kg.cli.maintenance": ("backup", "migrate", "restore", "verify"),
    "kg.cli.mcp": ("mcp",),
    "kg.cli.page": ("page",),
    "kg.cli.query": ("between", "export", "query", "relations", "show", "update", "view"),
    "kg.cli.search": ("search",),
    "kg.cli.serve": ("serve",),
    "kg.cli.token": ("token",),
    "kg.cli.train": ("train",),
    "kg.cli.watch": ("watch",),
    "kg.evaluation.command": ("evaluate",),
}
"""Which module has which commands."""
_PLACES = {name.replace("imports", "import"): (home, name) for home, names in _HOMES.items() for name in names}


class _Commands(MutableMapping[str, click.Command]):
    """The commands by name; a command's module is loaded when the command is asked for."""

    def __init__(self) -> None:
        self._loaded: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        if name not in self._loaded:
            home, attribute = _PLACES[name]
            self._loaded[name] = getattr(import_module(home), attribute)
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((*_PLACES, *self._loaded)))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._loaded[name] = command

    def __delitem__(self, name: str) -> None:
        raise TypeError(f"'{name}' stays a command")


@click.group(commands=_Commands(), context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="kg")
def cli() -> None:
    """Who is tied to whom, on what terms, since when, and which sentence says so.

    kg reads news in French and English into a graph of company relations. Each command takes
    --store PATH, or the variable KG_STORE; -h after a command explains it.
    """


def main() -> None:
    """Run the command line; turn what goes wrong into one line and an exit code."""
    sys.excepthook = _unforeseen
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always", DeprecationWarning)
            warnings.showwarning = _show_warning(warnings.showwarning)
            cli.main(standalone_mode=False)
    except KgError as error:
        _fail(" ".join(str(error).split()), 1)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "spacy":
            raise
        _fail("reading text needs spaCy and its pipelines: pip install 'kg[read]'", 1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        _fail("interrupted; what was committed is kept", 130)
    except BrokenPipeError:
        # The reader of a pipe has had enough: no error, and nothing more to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def _show_warning(show: Callable[..., None]) -> Callable[..., None]:
    """Return what prints a warning: of an old name of ours a line, of anything else what `show` prints."""

    def show_warning(
        message: Warning | str, category: type[Warning], filename: str, lineno: int, *rest: object
    ) -> None:
        if isinstance(message, RenamedWarning):
            click.echo(f"kg: note: {message}", err=True)
        elif not issubclass(category, DeprecationWarning):
            show(message, category, filename, lineno, *rest)

    return show_warning


def _unforeseen(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Print a defect of ours in one line as well; KG_DEBUG shows where it happened."""
    if setting("KG_DEBUG"):
        sys.__excepthook__(kind, error, trace)
        return
    said = " ".join(f"{kind.__name__}: {error}".split())
    click.echo(f"kg: error: this is a defect of kg ({said}): set KG_DEBUG=1 to see where, and report it", err=True)


def _fail(line: str, code: int) -> None:
    click.echo(f"kg: error: {line}", err=True)
    sys.exit(code)
