"""The answer to a question: SPARQL text, a file of it, or a library query with its arguments."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO, TypeAlias

import pyoxigraph as ox

from kg.errors import QueryError
from kg.ontology import PREFIXES
from kg.query.arguments import bind, bound
from kg.query.computed import COMPUTED
from kg.query.library import NamedQuery, find_query, library, parse
from kg.query.scans import columns_of, scan
from kg.store import NO_BINDINGS, Store
from kg.tables.rendering import renderer
from kg.tables.table import Table, TermRows

__all__ = ["QueryAnswer", "questions", "resolve", "run", "write_answer"]

QueryAnswer: TypeAlias = Table | bool | str
"""A table for SELECT, a truth value for ASK, Turtle text for CONSTRUCT and DESCRIBE."""

_NAME = re.compile(r"[\w-]+")
_FILES = (".rq", ".sparql")


def resolve(text: str) -> NamedQuery:
    """Return the query that `text` is: a file ending in .rq or .sparql, a library name, or SPARQL.

    Raises `UnknownQuery` with the nearest names, or `QueryError` for a file that cannot be read.
    """
    text = text.strip()
    if text.endswith(_FILES) and "\n" not in text:
        return parse(Path(text).stem, _read(text))
    if _NAME.fullmatch(text):
        return find_query(text, questions())
    return parse("given", text)


def questions() -> Mapping[str, NamedQuery]:
    """Return all that has a name, in the order of names; what is worked out without SPARQL has no text."""
    queries = {**library(), **{name: computed.query for name, computed in COMPUTED.items()}}
    return {name: queries[name] for name in sorted(queries)}


def _read(path: str) -> str:
    try:
        return Path(path).read_text("utf-8")
    except UnicodeDecodeError as error:
        raise QueryError(f"{path} is not UTF-8 (byte {error.start}): save the query as UTF-8") from error
    except OSError as error:
        raise QueryError(f"{path} cannot be read: {error.strerror}; check the path") from error


def run(
    store: Store,
    text: str,
    arguments: Sequence[str] = (),
    values: Mapping[str, Any] = NO_BINDINGS,
    *,
    claims: bool = False,
) -> QueryAnswer:
    """Answer a query (see `resolve`) with its arguments: values in order, or ``name=value``.

    Parameters are bound as terms, and so are `values`, to variables by their names (see `kg.query.arguments`). The
    columns of parameters, which repeat what was asked, are left out of the table. With `claims`, a library query whose
    rows are claims names them. Raises `QueryError` for SPARQL that cannot be answered.
    """
    query = resolve(text)
    terms = bind(query, arguments, store) | bound(values, store)
    computed = COMPUTED.get(query.name)
    if computed is not None and query is computed.query:
        return replace(computed.work(store, terms), title=query.title["en"])
    columns = columns_of(store, make=not query.looks_up) if query.sql else None
    if columns is not None:
        return scan(columns, query, terms, store.base)
    named = query.with_claims() if claims and query.name in library() else query
    result = store.query(named.text, terms)
    try:
        return _whole(result, query, store.base)
    except (ValueError, OSError, RuntimeError) as error:
        raise QueryError(f"the query cannot be answered: {' '.join(str(error).split())}") from error


def _whole(result: Any, query: NamedQuery, base: str) -> QueryAnswer:
    """Return an answer read to its end; errors of evaluation show only then."""
    if isinstance(result, ox.QueryBoolean):
        return bool(result)
    if isinstance(result, ox.QueryTriples):
        return _turtle(result)
    columns = tuple(variable.value for variable in result.variables)
    asked = {parameter.name for parameter in query.parameters}
    shown = [at for at, name in enumerate(columns) if name not in asked]
    terms = tuple(tuple(solution[at] for at in shown) for solution in result)
    return Table(tuple(columns[at] for at in shown), TermRows(terms), query.title.get("en", ""), base)


def _turtle(triples: ox.QueryTriples) -> str:
    written = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=dict(PREFIXES))
    return (written or b"").decode()


def write_answer(answer: QueryAnswer, form: str, out: TextIO) -> None:
    """Write an answer in a form of `RENDERERS`.

    A truth value is "yes" or "no" in a table and SPARQL JSON in json; triples are Turtle, whatever
    the form.
    """
    write = renderer(form)
    if isinstance(answer, Table):
        write(answer, out)
    elif isinstance(answer, str):
        out.write(answer)
    elif form == "json":
        out.write(json.dumps({"head": {}, "boolean": answer}) + "\n")
    elif form == "table":
        out.write("yes\n" if answer else "no\n")
    else:
        out.write("true\n" if answer else "false\n")
