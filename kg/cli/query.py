"""Commands that ask a store and show what is in it."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from kg.cli.common import (
    LANGUAGES,
    OUTCOME_HELP,
    OUTCOMES,
    opened,
    opened_graph,
    output_file,
    selection_option,
    store_option,
    tell_notes,
    today_option,
)

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from kg.graph import Graph
    from kg.store import Selection

__all__ = ["between", "export", "query", "relations", "show", "update", "view", "write_answer"]

_BESIDES = "Tell claims of this outcome besides, apart from the rest: to-review, refused or all."


@click.command()
@click.argument("company", required=False)
@click.option("--relation", help="Only this relation, such as holds-stake.")
@click.option("--modality", help="Only this modality, such as planned.")
@click.option("--format", "form", default="table", show_default=True, help="table, csv, json, jsonl or markdown.")
@click.option("--lang", type=LANGUAGES, default="en", help="The language of relations and terms.")
@selection_option
@today_option
@store_option
def relations(
    company: str | None,
    relation: str | None,
    modality: str | None,
    form: str,
    lang: str,
    store_path: str,
    selection: "Selection",
) -> None:
    """List the relations, of all companies or of one."""
    from kg.query import render

    with opened_graph(store_path, selection) as graph:
        answer = graph.relations(company, relation=relation, modality=modality, lang=lang)
        to_review = sum(1 for _ in graph.claims(company, outcome="to-review"))
    tell_notes(answer.notes)
    render(answer.table, form, sys.stdout)
    if to_review:
        click.echo(f"kg: note: {to_review} more claims are to review: kg claims --to-review lists them", err=True)


@click.command()
@click.argument("query", required=False)
@click.argument("arguments", nargs=-1)
@click.option("--format", "form", default="table", show_default=True, help="table, csv, json, jsonl or markdown.")
@click.option("--list", "is_list", is_flag=True, help="List all questions and what they take.")
@selection_option
@today_option
@store_option
def query(
    query: str | None,
    arguments: tuple[str, ...],
    form: str,
    is_list: bool,
    store_path: str,
    selection: "Selection",
) -> None:
    """Ask a question: by its name with its values (see --list), in SPARQL, or from a file (.rq).

    For example: kg query suppliers CoreWeave.

    Values by name: kg query changes from=2025-01 to=2025-03.

    In SPARQL: kg query 'SELECT ?who ?what { ?who kg:competesWith ?what }'.
    """
    from kg.catalogue import listing

    if is_list or query is None:
        click.echo(listing())
        return
    write_answer(store_path, query, arguments, form, selection)


def write_answer(
    store_path: str, query: str, arguments: Sequence[str], form: str, selection: "Selection | None" = None
) -> None:
    """Answer a question of the catalogue, a file or SPARQL text, and print the answer in a form of `RENDERERS`."""
    from kg.query import write_answer as write
    from kg.query.result import QueryResult
    from kg.tables.rendering import renderer

    renderer(form)  # refuses a form that there is not before anything is worked out
    with opened_graph(store_path, selection) as graph:
        answer = graph.answer(query, *arguments, words="en" if form == "table" else "")
        tell_notes(answer.notes if isinstance(answer, QueryResult) else graph.store.selection.notes())
    write(answer.table if isinstance(answer, QueryResult) else answer, form, sys.stdout)


@click.command()
@click.argument("sparql")
@store_option
def update(sparql: str, store_path: str) -> None:
    """Change named graphs of your own by SPARQL Update: its text, or - for standard input.

    They are asked together with the rest. Claims change only with their documents.

    For example: kg update 'INSERT DATA { GRAPH <urn:sectors> { <company/openai> <urn:sector> "AI" } }'.
    """
    with opened(store_path, write=True) as store:
        done = store.update(sys.stdin.read() if sparql == "-" else sparql)
    click.echo(f"{done.added} triples came, {done.removed} went")


@click.command()
@click.argument("company")
@click.option("--lang", type=LANGUAGES, default="en", help="The language of the dossier.")
@click.option("--outcome", type=OUTCOMES, default="admitted", show_default=True, help=_BESIDES)
@selection_option
@today_option
@store_option
def show(company: str, lang: str, outcome: str, store_path: str, selection: "Selection") -> None:
    """Print a company's dossier: each relation with its terms, dates, modality and sentence."""
    from kg.query import write_dossier

    with opened_graph(store_path, selection) as graph:
        write_dossier(graph.dossier(company, outcome=outcome), sys.stdout, lang)


@click.command()
@click.argument("company")
@click.argument("other")
@click.option("--lang", type=LANGUAGES, default="en", help="The language of the dossier.")
@click.option("--outcome", type=OUTCOMES, default="admitted", show_default=True, help=_BESIDES)
@selection_option
@today_option
@store_option
def between(company: str, other: str, lang: str, outcome: str, store_path: str, selection: "Selection") -> None:
    """Print what the sources say of two companies at once, with the sentences."""
    from kg.query import write_dossier

    with opened_graph(store_path, selection) as graph:
        write_dossier(graph.dossier(company, other, outcome=outcome), sys.stdout, lang)


@click.command()
@click.option("-o", "--output", default="graph.html", show_default=True, help="The page to write; - prints it.")
@click.option("--company", help="Only what lies around this company.")
@click.option("--hops", type=click.IntRange(1, 6), default=2, help="How many relations around it.")
@click.option("--as-of", help="The date at which the viewer's clock stands: 2025, 2025-03, 2025-03-11.")
@click.option("--lang", type=LANGUAGES, default="en", help="The language of the page.")
@click.option("--title", help="The page's heading.")
@click.option("--format", "form", default="html", help="html (the viewer), pyvis, or json (the viewer's data).")
@click.option("--scenes", help="Notes and saved views (kg-scenes/1), as the viewer saves them, to open with.")
@selection_option
@today_option
@store_option
def view(output: str, store_path: str, selection: "Selection", **options: Any) -> None:
    """Draw the graph as one HTML page that needs no network."""
    with opened_graph(store_path, selection) as graph, output_file(output) as out:
        out.write(graph.page(**options).encode())
    tell_notes(selection.notes())
    if output != "-":
        click.echo(f"wrote {output}")


@click.command()
@click.option(
    "--format",
    "form",
    help="turtle, trig, nquads, turtle12, trig12, nquads12, jsonld, graphml, cypher, parquet, csv, jsonl, bods, ftm or "
    "wikidata; told from the file's name. Or neo4j, parquet or gold, into a new folder.",
)
@click.option("-o", "--output", default="-", help="The file to write; standard output by default.")
@click.option("--outcome", type=OUTCOMES, default="admitted", show_default=True, help=OUTCOME_HELP)
@click.option("--shards", type=click.IntRange(1, 9999), help="RDF in so many parts, into a new folder.")
@click.option(
    "--for", "engine", metavar="NAME", help="Whose bulk loader the parts are for; all but virtuoso's by default."
)
@selection_option
@today_option
@store_option
def export(
    form: str | None,
    output: str,
    outcome: str,
    shards: int | None,
    engine: str | None,
    store_path: str,
    selection: "Selection",
) -> None:
    """Write the graph in another format: RDF, GraphML, Cypher, Parquet, CSV, or claims as JSON lines (kg-claims/1).

    Claims that the gate did not admit are written in all but RDF and the standards of others, if asked for.

    neo4j writes a new folder of CSV files with the command that imports them; parquet writes a file of claims or, into
    a folder, documents and judgements beside them. turtle12, trig12 and nquads12 (.rdf12.ttl, .rdf12.trig, .rdf12.nq)
    are RDF 1.2. kg import takes JSON lines, RDF, GraphML, Parquet and the folder of CSV files again.

    bods (.bods.json), ftm (.ftm.json) and wikidata (.wikidata.json) are standards of others: BODS 0.4, FollowTheMoney,
    items of Wikibase. What they have no term for is told, a line for each reason.

    --shards N with nquads, trig or turtle writes sorted, packed parts for the bulk loaders of SPARQL engines, a list of
    them (manifest.json), and what loads them (loading/): kg export --shards 8 -o FOLDER. Virtuoso
    has parts of its own: --for virtuoso.

    gold writes the documents that were read to the end (kg close) as gold annotations (kg-gold/1) with their texts, for
    kg evaluate and kg train: kg export --format gold -o FOLDER.
    """
    if shards is None and engine is not None:
        raise click.UsageError("--for is of parts: say how many with --shards")
    if shards is not None:
        _export_shards(opened_graph(store_path, selection), form, output, outcome, shards, engine)
        return
    if form == "gold":
        if selection.narrows or outcome != "admitted":
            raise click.UsageError(
                "gold is of whole documents: leave --accepted-only, --tiers, --leads and --outcome out"
            )
        _export_gold(store_path, output)
        return
    _export(opened_graph(store_path, selection), form, output, outcome)


def _export(opening: "AbstractContextManager[Graph]", form: str | None, output: str, outcome: str) -> None:
    from kg.export import FOLDERS, format_of

    chosen = form or format_of(output)
    if chosen in FOLDERS and (chosen == "neo4j" or (output != "-" and not output.endswith(f".{chosen}"))):
        if output == "-":
            raise click.UsageError(f"{chosen} is a folder of files: name a new one with -o")
        with opening as graph:
            tell_notes((*graph.export_folder(chosen, output, outcome=outcome), f"the facts are those of {graph.today}"))
        return
    with opening as graph, output_file(output) as out:
        tell_notes((*graph.export(chosen, out, outcome=outcome), f"the facts are those of {graph.today}"))


def _export_shards(
    opening: "AbstractContextManager[Graph]",
    form: str | None,
    output: str,
    outcome: str,
    count: int,
    engine: str | None,
) -> None:
    if output == "-" or outcome != "admitted":
        raise click.UsageError("--shards is a folder of what was admitted: name a new one with -o")
    with opening as graph:
        tell_notes(graph.export_shards(form or "nquads", output, count=count, engine=engine))


def _export_gold(store_path: str, output: str) -> None:
    if output == "-":
        raise click.UsageError("gold is a folder of files: name a new one with -o")
    with opened_graph(store_path) as graph:
        count = graph.export_gold(output)
    click.echo(f"wrote {count} documents to {output}: score with kg evaluate --gold {output}/gold --store STORE")
