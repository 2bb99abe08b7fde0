"""Which column of a sheet holds what, where the sheet is a list of articles: by its head, else as a person says.

What a person says is kept beside the sheet, as ``FILE.columns.toml``::

    text = "Corps de l'article"
    title = "Titre"
    published = "Jour"

An empty ``text`` says that the sheet holds no articles: it is read as a table.
"""

import json
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from kg.documents.containers.article_fields import ARTICLE_FIELDS, field_of
from kg.documents.sources import COLUMNS
from kg.errors import DocumentError, did_you_mean

__all__ = ["Row", "column_map", "keep_columns", "kept_columns", "long_columns"]

_LONG, _SHORT = 200, 80
"""Characters of a typical cell in a column of articles, where its head does not say so and where it does."""
Row = Mapping[int, str]
"""The cells of a row that hold anything, by their columns from 1."""
_LOOKED_AT = 1000
_WORDS = 8
"""A cell of articles has more words than that: an address or a key may be long as well."""


def kept_columns(path: Path) -> Path:
    """Return where the map of a sheet's columns is kept."""
    return path.with_name(path.name + COLUMNS)


def keep_columns(path: Path, columns: Mapping[str, str]) -> None:
    """Keep what a person says of a sheet's columns: each field of an article with the head of its column."""
    # A JSON string is a TOML one: https://toml.io/en/v1.0.0#string
    lines = [f"{name} = {json.dumps(head, ensure_ascii=False)}\n" for name, head in columns.items()]
    kept_columns(path).write_text("".join(lines), "utf-8")


def column_map(path: Path | None, heads: Row, rows: Sequence[Row]) -> dict[str, int] | None:
    """Return the number of the column of each field of an article; None where the sheet is no list of articles.

    Args:
        path: where the sheet is, beside which its map may be kept; None: it is in another file.
        heads: the cells of its first row.
        rows: some of its rows.

    Raises:
        DocumentError: the map that is kept does not fit.

    """
    kept = _kept(path, heads) if path is not None else None
    if kept is not None:
        return kept if "text" in kept else None
    found: dict[str, int] = {}
    for column, head in sorted(heads.items()):
        name = field_of(head)
        if name is not None and name not in found:
            found[name] = column
    text = found.get("text")
    return found if text is not None and _typical(rows, text) >= _SHORT else None


def long_columns(heads: Row, rows: Sequence[Row]) -> tuple[str, ...]:
    """Return the heads of columns of long texts."""
    return tuple(head for column, head in sorted(heads.items()) if _typical(rows, column) >= _LONG)


def _typical(rows: Sequence[Row], column: int) -> float:
    """Return the length of a typical cell of a column, 0 where it holds no prose."""
    cells = [row[column] for row in rows if column in row]
    prose = [len(cell) for cell in cells if len(cell[:_LOOKED_AT].split()) > _WORDS]
    return median(prose) if len(prose) * 2 > len(cells) else 0


def _kept(path: Path, heads: Row) -> dict[str, int] | None:
    file = kept_columns(path)
    if not file.is_file():
        return None
    try:
        columns = tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise DocumentError(f'{file}: is no TOML: write text = "HEAD OF ITS COLUMN", a line a field') from error
    found: dict[str, int] = {}
    numbers = {head: column for column, head in heads.items()}
    for name, head in columns.items():
        if name not in ARTICLE_FIELDS:
            hint = did_you_mean(name, ARTICLE_FIELDS) or f" There are: {', '.join(ARTICLE_FIELDS)}."
            raise DocumentError(f"{file}: '{name}' is no field of an article.{hint}")
        if head and head not in numbers:
            hint = did_you_mean(str(head), numbers) or f" There are: {', '.join(numbers)}."
            raise DocumentError(f"{file}: {path.name} has no column '{head}'.{hint}")
        if head:
            found[name] = numbers[head]
    return found
