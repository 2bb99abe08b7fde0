"""The command that searches the texts."""

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import click

from kg.cli.common import LANGUAGES, opened_graph, store_option

if TYPE_CHECKING:
    from kg.graph import Graph
    from kg.search import Hit, SearchResult

__all__ = ["search"]

_DEFAULT_STORE = "kg-store"


def _filters(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that choose among hits."""
    options = (
        click.option("--company", metavar="COMPANY", help="Only where it is named, or a claim is about it."),
        click.option("--relation", metavar="RELATION", help="Only where a claim is of this relation."),
        click.option("--modality", metavar="MODALITY", help="Only where a claim is so said, such as planned."),
        click.option("--document", metavar="ID", help="Only in this document."),
        click.option("--source", metavar="HOST", help="Only from this host, or this document if it has no address."),
        click.option("--in-language", "lang", type=LANGUAGES, help="Only texts in this language."),
        click.option("--since", metavar="DATE", help="Only documents of this date or later: 2025, 2025-03."),
        click.option("--until", metavar="DATE", help="Only documents of this date or earlier."),
        click.option("--outcome", metavar="OUTCOME", help="Only where a claim is admitted or to-review, or none is."),
        click.option(
            "--judged", metavar="VERDICT", help="Only where claims were judged: yes, no, right, wrong, unsure."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command()
@click.argument("words", nargs=-1)
@_filters
@click.option("--documents", "within", flag_value="documents", help="The words may stand anywhere in a document.")
@click.option("--limit", type=int, default=10, show_default=True, help="How many hits to list.")
@click.option("--offset", type=int, default=0, help="How many hits to pass over.")
@click.option("--format", "form", default="list", show_default=True, help="list, table, csv, json, jsonl or markdown.")
@click.option("--lang", "words_in", type=LANGUAGES, default="en", help="The language of the claims' phrases.")
@store_option
def search(
    words: tuple[str, ...], within: str | None, form: str, words_in: str, store_path: str, **options: Any
) -> None:
    """Search the texts for WORDS, in any form, with accents or without.

    All must stand in one sentence; those in quotes together, those after a minus not at all (put -- before them). Each
    hit has its exact place, and what is claimed there; where nothing is, the command that adds a claim.

    For example: kg search "take or pay" --company CoreWeave --since 2025; kg search '"prise ferme"' --outcome none.
    """
    from kg.tables.rendering import renderer
    from kg.wording.printable import printable

    write = None if form == "list" else renderer(form)
    with opened_graph(store_path) as graph:
        answer = graph.search(" ".join(words), within=within or "sentences", **options)
        # Of a whole document there would be too many.
        phrases = _phrases(graph, answer, words_in) if write is None and within is None else {}
    for note in answer.notes:
        click.echo(f"kg: note: {printable(note)}", err=True)
    if write is not None:
        write(answer.table, sys.stdout)
        return
    store = None if store_path == _DEFAULT_STORE else store_path
    for number, hit in enumerate(answer.hits, options["offset"] + 1):
        click.echo(_told(number, hit, phrases, store))
    click.echo(_counts(answer, options["offset"]))


def _phrases(graph: "Graph", answer: "SearchResult", lang: str) -> Mapping[str, str]:
    from kg.query.review import phrase
    from kg.search import claims_of_hits

    return {id_: phrase(claim, lang) for id_, claim in claims_of_hits(graph.store, answer.hits).items()}


def _told(number: int, hit: "Hit", phrases: Mapping[str, str], store: str | None) -> str:
    from kg.search import add_command
    from kg.wording.printable import printable

    place = (f"{number}.", f"{hit.document} {hit.start}–{hit.end}", hit.published, hit.title)
    to_review = "to review: " if hit.outcome == "to-review" else ""
    lines = [f"= {to_review}{phrases[id_]}" for id_ in hit.claims if id_ in phrases]
    if hit.claims and not lines:
        count = len(hit.claims)
        lines.append(f"{count} claim{'' if count == 1 else 's'} in the document")
    if hit.judged:
        lines.append(f"judged: {', '.join(hit.judged)}")
    told = ["  ".join(printable(part) for part in place if part), _marked(hit), *map(printable, lines)]
    if hit.has_no_claim:
        told.append(f"no claim; add one: {add_command(hit, store)}")
    return "\n   ".join(told) + "\n"


def _marked(hit: "Hit") -> str:
    """The sentence, with the words that were searched for set apart on a terminal."""
    parts, last = [], 0
    for start, end in hit.marks:
        parts += [_safe(hit.text[last:start]), click.style(_safe(hit.text[start:end]), bold=True)]
        last = end
    return "".join([*parts, _safe(hit.text[last:])])


def _safe(text: str) -> str:
    """A part of a sentence that cannot steer a terminal; the space at its ends stays."""
    from kg.wording.printable import steers

    return "".join(" " if steers(char) else char for char in text)


def _counts(answer: "SearchResult", offset: int) -> str:
    """How many hits there are, and how many of each kind."""
    from kg.wording.printable import printable

    listed = f"{offset + 1}–{offset + len(answer.hits)} of {answer.total}" if answer.hits else f"0 of {answer.total}"
    lines = [f"hits {listed}"]
    for name, counts in answer.facets.items():
        if counts:
            told = ", ".join(f"{printable(value)} {count}" for value, count in counts.items())
            lines.append(f"{name:<9} {told}")
    return "\n".join(lines)
