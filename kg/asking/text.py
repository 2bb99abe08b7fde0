"""An answer to a question in words as text: how it was understood, what it comes to, facts, and the rest apart."""

import io
from typing import TYPE_CHECKING

from kg.asking.sparql import quoted
from kg.query.result import QueryResult
from kg.tables.rendering import write_table
from kg.tables.table import Table
from kg.wording.asking import say

if TYPE_CHECKING:
    from kg.asking.reply import Reply

__all__ = ["reply_text"]

_LEFT_OUT = frozenset(
    {"claim", "id", "known_from", "percent_of", "amount_min", "amount_max", "percent_min", "confidence"}
)
"""Columns that a reader in a terminal does without where others tell as much; the other forms have them all."""
_MODALITY = "modality"


def reply_text(reply: "Reply", width: int = 100, *, sparql: bool = True) -> str:
    """Return an answer as text, in the language of its question; with `sparql` what ran stands at the end.

    Every table has rows of one kind: facts, or plans, or reports, or denials, or what is over.
    """
    lang, out = reply.understood.lang, io.StringIO()
    out.write(f"{say('understood', lang, reply.understood.call)}\n")
    if reply.summary:
        out.write(f"{reply.summary}\n")
    if len(reply.result):
        out.write("\n")
        write_table(_slim(reply.result), out, width=width)
    for section in reply.apart:
        out.write(f"\n{say(section.kind, lang)} ({section.call})\n")
        write_table(_slim(section.result), out, width=width)
    if reply.verdict == "no source":
        ends = [entity.name for entity in (reply.understood.intent.subject, reply.understood.intent.object) if entity]
        out.write(f"\n{say('pair', lang, 'kg between ' + ' '.join(map(quoted, ends)))}\n")
    if sparql and reply.sparql:
        out.write(f"\nSPARQL\n{reply.sparql}\n")
    return out.getvalue()


def _differs(table: Table, at: int) -> bool:
    """Whether shares are not all of the same, or are of votes: 6 % of these is not 6 % of a company."""
    of = {row[at] for row in table.rows} - {None}
    return table.columns[at] == "percent_of" and (len(of) > 1 or "votes" in of)


def _slim(result: QueryResult) -> Table:
    """Return the table without columns that are empty, or that say what all rows say of their kind."""
    table = result.table
    shown = [
        at
        for at, name in enumerate(table.columns)
        if (name not in _LEFT_OUT or _differs(table, at)) and any(row[at] is not None for row in table.rows)
        if not (name == _MODALITY and len({row[at] for row in table.rows}) == 1)
    ]
    rows = [tuple(row[at] for at in shown) for row in table.rows]
    columns = tuple(table.columns[at] for at in shown)
    return Table(columns, rows, table.title, table.base, {k: v for k, v in table.kinds.items() if k in columns})
