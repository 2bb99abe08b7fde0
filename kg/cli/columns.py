"""The question what the columns of a sheet mean, asked on a terminal."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from kg.documents import ColumnQuestion, Source

__all__ = ["ask_columns"]

_FIELDS = {"text": "the text of an article", "title": "its title", "published": "its date", "url": "its address"}


def ask_columns(source: "Source", question: "ColumnQuestion") -> dict[str, str]:
    """Ask which column of a sheet holds what; the text in none says that the sheet is a table."""
    click.echo(f"{source.path} holds long texts. Its columns, and what stands in its first row:", err=True)
    for number, (head, sample) in enumerate(zip(question.heads, question.samples, strict=False), 1):
        click.echo(f"  {number}  {head}: {sample}", err=True)
    likely = question.heads.index(question.long[0]) + 1
    columns: dict[str, str] = {}
    for field, what in _FIELDS.items():
        asked = f"Which column holds {what}? 0 is none"
        asked += ", and reads the sheet as a table" if field == "text" else ""
        default = likely if field == "text" else 0
        number = click.prompt(asked, type=click.IntRange(0, len(question.heads)), default=default, err=True)
        if field == "text" or number:
            columns[field] = question.heads[number - 1] if number else ""
        if not columns["text"]:
            break
    return columns
