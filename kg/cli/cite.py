"""The command that tells how others cite a claim."""

from typing import TYPE_CHECKING

import click

from kg.cli.common import LANGUAGES, opened_graph, selection_option, store_option, tell_notes, today_option

if TYPE_CHECKING:
    from kg.store import Selection

__all__ = ["cite"]


@click.command()
@click.argument("claim")
@click.option("--style", default="chicago", show_default=True, help="chicago, bibtex, csl-json or annotation.")
@click.option("--lang", type=LANGUAGES, default="en", help="The language of dates and words.")
@selection_option
@today_option
@store_option
def cite(claim: str, style: str, lang: str, store_path: str, selection: "Selection") -> None:
    """Tell how to cite a claim, or all claims of a fact: its source, and where its sentence stands.

    CLAIM is an id, or its first letters, as kg claims and a story's page show them. chicago is a note and an entry of
    the bibliography (The Chicago Manual of Style); annotation is a W3C Web Annotation.

    For example: kg cite 8f67f8db --style bibtex.
    """
    with opened_graph(store_path, selection) as graph:
        text = graph.cite(claim, style, lang=lang)
    tell_notes(selection.notes())
    click.echo(text)
