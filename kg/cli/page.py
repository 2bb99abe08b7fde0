"""The command that draws the page on which a claim's sentence stands."""

from typing import TYPE_CHECKING

import click

from kg.cli.common import opened, output_file, store_option

if TYPE_CHECKING:
    from kg.documents.pdf import MarkedPage
    from kg.model import Document

__all__ = ["page"]

_SECONDS = 120.0
"""To read the file again and draw a page of it: a book is read in half of them."""


@click.command()
@click.argument("claim")
@click.option("-o", "--output", default="page.png", show_default=True, help="The picture (PNG) to write; - prints it.")
@store_option
def page(claim: str, output: str, store_path: str) -> None:
    """Draw the page of a PDF on which a CLAIM's sentence stands, with the sentence marked.

    CLAIM is the first letters of its id, as kg claims --format jsonl lists them. The file must be where it was read
    from, unchanged.

    For example: kg page 3f9a -o page.png.
    """
    from kg.errors import KgError
    from kg.pipeline.workers import ProcessRunner
    from kg.query.review import find_claim

    with opened(store_path) as store:
        found = find_claim(store, claim)
        document = store.document(found.document)
    spans = tuple((evidence.start, evidence.end) for evidence in found.evidence)
    with ProcessRunner(1) as runner:
        [(_, result)] = runner.map(_draw, [(document, spans)], lambda _: _SECONDS)
    if isinstance(result, KgError):
        raise result
    with output_file(output) as out:
        out.write(result.png)
    goes_on = f"; it goes on on page {', '.join(map(str, result.others))}" if result.others else ""
    click.echo(f"page {result.number} of {document.source}{goes_on}", err=output == "-")
    if output != "-":
        click.echo(f"wrote {output}")


def _draw(passage: tuple["Document", tuple[tuple[int, int], ...]]) -> "MarkedPage":
    from kg.documents.pdf import marked_page

    return marked_page(*passage)
