"""``kg ask --llm``: SPARQL that a language model writes, shown and run in a process that can be killed."""

import io
import sys
from pathlib import Path

import click
import pyoxigraph as ox

from kg.cli.common import opened, tell_notes
from kg.errors import QueryError

__all__ = ["ask_model"]

_TIMEOUT = 120.0
"""Seconds that the model may take."""
_RETRIES = 4
_ROWS = 10_000


def ask_model(question: str, store_path: str, model: tuple[str, str | None], form: str | None, seconds: float) -> None:
    """Have a model write the SPARQL of a question, show it, and print its rows; with the form "sparql" only show it."""
    from kg.asking.written import write
    from kg.extract.llm.client import Endpoint
    from kg.store import is_endpoint

    if is_endpoint(store_path):
        raise QueryError(f"{store_path} is an endpoint: SPARQL of a model runs over a folder, within its limits, alone")
    with opened(store_path) as store:
        written = write(Endpoint(model[0], model[1], _TIMEOUT, _RETRIES), store, question)
        base = store.base
    tokens = f"{written.tokens[0]} tokens sent, {written.tokens[1]} received"
    if form == "sparql":
        click.echo(written.sparql)
        tell_notes([tokens])
        return
    content = _run(Path(store_path), written.sparql, seconds)
    tell_notes([f"SPARQL written by {written.model}, checked, run apart ({tokens}); nobody vouches for what it asks"])
    if form is None:
        click.echo(f"{written.sparql}\n")
    _print(content, form if form in {"csv", "json"} else "table", base)


def _run(folder: Path, sparql: str, seconds: float) -> bytes:
    from kg.server.negotiation import ResponseFormats
    from kg.server.once import answer_once
    from kg.server.tasks import SparqlQuery
    from kg.server.worker import Limits

    formats = ResponseFormats("application/sparql-results+json", None, None)
    return answer_once(folder, SparqlQuery(sparql, formats), Limits(seconds=seconds, rows=_ROWS))


def _print(content: bytes, form: str, base: str) -> None:
    from kg.query import Table, write_answer
    from kg.tables.table import TermRows

    found = ox.parse_query_results(io.BytesIO(content), format=ox.QueryResultsFormat.JSON)
    if isinstance(found, ox.QueryBoolean):
        write_answer(bool(found), form, sys.stdout)
        return
    columns = tuple(variable.value for variable in found.variables)
    rows = tuple(tuple(solution[name] for name in columns) for solution in found)
    write_answer(Table(columns, TermRows(rows), "", base), form, sys.stdout)
