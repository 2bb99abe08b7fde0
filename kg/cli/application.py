"""The command ``kg``: each command parses, calls and prints; all else is below.

A `KgError` ends in one line on standard error and exit code 1, wrong usage in 2.
"""

import os
import sys
import warnings
from collections.abc import Callable
from types import TracebackType

import click

from kg import __version__
from kg.cli.analyse import analyse, diff
from kg.cli.ask import ask
from kg.cli.build import build, check, forget
from kg.cli.bundle import bundle
from kg.cli.cite import cite
from kg.cli.claims import claims
from kg.cli.close import close
from kg.cli.identify import identify, resolve
from kg.cli.identity import merge, split
from kg.cli.imports import imports
from kg.cli.judge import add, judge, judgements, review
from kg.cli.lexicon import lexicon
from kg.cli.maintenance import backup, migrate, restore, verify
from kg.cli.mcp import mcp
from kg.cli.page import page
from kg.cli.query import between, export, query, relations, show, update, view
from kg.cli.search import search
from kg.cli.serve import serve
from kg.cli.token import token
from kg.cli.train import train
from kg.cli.watch import watch
from kg.errors import KgError
from kg.evaluation.command import evaluate
from kg.renamed import RenamedWarning
from kg.settings import setting

__all__ = ["cli", "main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="kg")
def cli() -> None:
    """Who is tied to whom, on what terms, since when, and which sentence says so.

    kg reads news in French and English into a graph of company relations. Each command takes
    --store PATH, or the variable KG_STORE; -h after a command explains it.
    """


for _command in (
    build,
    watch,
    imports,
    forget,
    relations,
    claims,
    review,
    judge,
    add,
    identify,
    resolve,
    merge,
    split,
    judgements,
    close,
    ask,
    query,
    search,
    update,
    show,
    between,
    analyse,
    diff,
    view,
    page,
    serve,
    mcp,
    token,
    export,
    bundle,
    cite,
    check,
    verify,
    backup,
    restore,
    migrate,
    lexicon,
    evaluate,
    train,
):
    cli.add_command(_command)


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
