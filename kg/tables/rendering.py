"""A table as text: for people, as CSV, as W3C SPARQL JSON, as one JSON object a line.

Each renderer writes to a text handle row by row. The handle should be open with ``newline=""``
and UTF-8.
"""

import csv
import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TextIO

import pyoxigraph as ox

from kg.errors import QueryError, did_you_mean
from kg.tables.table import Cell, Table, Value, shortened, value_of
from kg.wording.printable import guarded, printable, unguarded

if TYPE_CHECKING:
    from rich.console import Console

__all__ = [
    "RENDERERS",
    "guarded",
    "printable",
    "render",
    "renderer",
    "unguarded",
    "write_csv",
    "write_json",
    "write_jsonl",
    "write_markdown",
    "write_table",
]

_READABLE_FROM = 10_000
_GAP = "  "
_NARROWEST = 20
_WITHOUT_END = 1_000_000
_MARKDOWN = str.maketrans({"|": "\\|", "<": "&lt;", "\n": " "})


def write_csv(table: Table, out: TextIO, *, exact: bool = False) -> None:
    """Write CSV (RFC 4180): a header, values as text, nothing for an unbound cell.

    Text that a spreadsheet would run as a formula is written after an apostrophe, numbers never
    are; `exact` leaves every text as it is.
    """
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(table.columns)
    for row in table.terms:
        writer.writerow([_plain(value_of(cell), exact=exact) for cell in row])


def _plain(value: Value, *, exact: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value if exact else guarded(value)
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def write_json(table: Table, out: TextIO) -> None:
    """Write the SPARQL 1.1 Query Results JSON Format: https://www.w3.org/TR/sparql11-results-json/."""
    out.write(f'{{"head": {{"vars": {json.dumps(list(table.columns))}}}, "results": {{"bindings": [')
    for index, row in enumerate(table.terms):
        bound = {name: _term(cell) for name, cell in zip(table.columns, row, strict=True) if cell is not None}
        out.write(("," if index else "") + "\n" + json.dumps(bound, ensure_ascii=False))
    out.write("\n]}}\n")


def _term(cell: Cell) -> dict[str, Any]:
    match cell:
        case ox.NamedNode():
            return {"type": "uri", "value": cell.value}
        case ox.BlankNode():
            return {"type": "bnode", "value": cell.value}
        case ox.Triple():
            ends = {"subject": cell.subject, "predicate": cell.predicate, "object": cell.object}
            return {"type": "triple", "value": {name: _term(end) for name, end in ends.items()}}
        case ox.Literal(language=str() as language):
            return {"type": "literal", "value": cell.value, "xml:lang": language}
        case ox.Literal() if cell.datatype.value.endswith("XMLSchema#string"):
            return {"type": "literal", "value": cell.value}
        case ox.Literal():
            return {"type": "literal", "value": cell.value, "datatype": cell.datatype.value}
        case None:
            raise QueryError("an unbound cell has no term")


def write_jsonl(table: Table, out: TextIO) -> None:
    """Write one JSON object a row, unbound cells left out; numbers as text, so that no digit is lost."""
    for row in table.terms:
        values = {name: value_of(cell) for name, cell in zip(table.columns, row, strict=True)}
        texts = {name: _jsonl(value) for name, value in values.items() if value is not None}
        out.write(json.dumps(texts, ensure_ascii=False) + "\n")


def _jsonl(value: Value) -> str | bool | None:
    """Return a value for a line of JSON: numbers as text."""
    if isinstance(value, bool | str) or value is None:
        return value
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def write_table(table: Table, out: TextIO, *, width: int | None = None) -> None:
    """Write what a person reads: aligned columns, or one record after another where they do not fit.

    Nothing is cut off. Columns that no row fills are left out, IRIs are shortened by the table's
    prefixes or to the ids that commands take, figures grouped by threes. `width` is the room in
    characters; without it the room is the terminal's, or unlimited when `out` is no terminal.
    """
    from rich.cells import cell_len
    from rich.console import Console

    terms = table.terms
    if not terms:
        out.write("no rows\n")
        return
    filled = [i for i, _ in enumerate(table.columns) if any(row[i] is not None for row in terms)]
    names = [table.columns[i] for i in filled]
    rows = [[_readable(row[i], table) for i in filled] for row in terms]
    console = Console(file=out, width=width or (None if out.isatty() else _WITHOUT_END), highlight=False, emoji=False)
    widths = [max(map(cell_len, column)) for column in zip(names, *rows, strict=True)]
    if sum(widths) + len(_GAP) * (len(names) - 1) <= console.width:
        numeric = [all(_is_number(row[i]) for row in terms) for i in filled]
        _write_grid([names, *rows], widths, numeric, console)
    else:
        _write_records(names, rows, console)


def _write_grid(rows: list[list[str]], widths: list[int], numeric: list[bool], console: "Console") -> None:
    """Write aligned columns, the first line in bold; rich's own table takes seconds for thousands of rows."""
    from rich.cells import cell_len
    from rich.text import Text

    for number, row in enumerate(rows):
        cells = []
        for text, room, right in zip(row, widths, numeric, strict=True):
            space = " " * (room - cell_len(text))
            cells.append(space + text if right else text + space)
        shown = _GAP.join(cells).rstrip()
        if number:
            console.file.write(shown + "\n")
        else:
            console.print(Text(shown, style="bold"), soft_wrap=True)


def _write_records(names: list[str], rows: list[list[str]], console: "Console") -> None:
    """Write a line for each cell that is filled, and an empty line between rows."""
    from rich.text import Text

    left = max(map(len, names))
    for number, row in enumerate(rows):
        if number:
            console.print()
        for name, text in zip(names, row, strict=True):
            if not text:
                continue
            for part, line in enumerate(Text(text).wrap(console, max(console.width - left - len(_GAP), _NARROWEST))):
                head = (name if part == 0 else "").ljust(left) + _GAP
                line.rstrip()
                console.print(Text.assemble((head, "bold"), line), soft_wrap=True)


def _is_number(cell: Cell) -> bool:
    value = value_of(cell)
    return value is None or (isinstance(value, int | Decimal) and not isinstance(value, bool))


def _readable(cell: Cell, table: Table) -> str:
    value = value_of(cell)
    if value is None:
        return ""
    if isinstance(cell, ox.NamedNode):
        return printable(shortened(cell.value, table.prefixes).removeprefix(table.base))
    if isinstance(value, int | Decimal) and not isinstance(value, bool) and abs(Decimal(value)) >= _READABLE_FROM:
        return format(Decimal(value), ",f").replace(",", " ")
    return printable(_plain(value, exact=True))


def write_markdown(table: Table, out: TextIO) -> None:
    """Write a table of Markdown (GitHub's); columns that no row fills are left out."""
    terms = table.terms
    if not terms:
        out.write("no rows\n")
        return
    filled = [i for i, _ in enumerate(table.columns) if any(row[i] is not None for row in terms)]
    out.writelines(f"| {' | '.join(row)} |\n" for row in ([table.columns[i] for i in filled], ["---"] * len(filled)))
    for row in terms:
        cells = (_readable(row[i], table).translate(_MARKDOWN) for i in filled)
        out.write(f"| {' | '.join(cells)} |\n")


RENDERERS: Mapping[str, Callable[[Table, TextIO], None]] = {
    "table": write_table,
    "csv": write_csv,
    "json": write_json,
    "jsonl": write_jsonl,
    "markdown": write_markdown,
}


def render(table: Table, form: str, out: TextIO) -> None:
    """Write a table in a form of `RENDERERS`; raise `QueryError` for a form that there is not."""
    renderer(form)(table, out)


def renderer(form: str) -> Callable[[Table, TextIO], None]:
    """Return what writes a form of `RENDERERS`; raise `QueryError` for a form that there is not."""
    try:
        return RENDERERS[form]
    except KeyError:
        forms = ", ".join(RENDERERS)
        raise QueryError(f"no output form '{form}': choose one of {forms}.{did_you_mean(form, RENDERERS)}") from None
