"""The sentence that a question of yes or no, of how many or of the largest is answered with."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kg.asking.choice import Choice
from kg.asking.intent import Intent
from kg.query.result import QueryResult
from kg.tables.table import Table, Value
from kg.wording.asking import say
from kg.wording.terms import money, number

__all__ = ["Summary", "asked_column", "summary"]

_NAMED = {
    "suppliers": "supplier",
    "buyers": "customer",
    "holders": "holder",
    "holdings": "holding",
    "investors": "investor",
    "competitors": "competitor",
    "revenue-shares": "customer",
}
"""The column of who is asked for, by the question."""


@dataclass(frozen=True, slots=True)
class Summary:
    """The answer in a sentence, and the rows in the order in which it speaks of them."""

    text: str
    table: Table


def asked_column(choice: Choice, intent: Intent, columns: Sequence[str]) -> str | None:
    """Return the column that holds who is asked for; None where the question asks for nobody in particular."""
    name = _NAMED.get(choice.name)
    if name is None and choice.name in {"facts", "planned", "past", "unproven", "changes"}:
        free = [end for end, key in (("subject", "who"), ("object", "whom")) if key not in choice.values]
        name = free[0] if len(free) == 1 else None
        if name is not None and choice.name != "facts" and intent.asked is not None:
            name = intent.asked
    return name if name in columns else None


def summary(intent: Intent, choice: Choice, result: QueryResult) -> Summary:
    """Return what the rows come to, in the language of the question."""
    lang, table = intent.lang, result.table
    if intent.is_yes_or_no:
        return Summary(_verdict(intent, result), table)
    if intent.shape == "count":
        return Summary(_count(intent, choice, result), table)
    if intent.shape == "largest":
        return _largest(intent, choice, result)
    if intent.shape == "total":
        return Summary(say("no_total", lang), table)
    return Summary("" if len(result) else say("nothing", lang), table)


def _verdict(intent: Intent, result: QueryResult) -> str:
    documents = set(_column(result, "document"))
    if not documents:
        return say("no_source", intent.lang)
    kind = f"yes_{intent.modality}" if intent.modality else "yes"
    return say(kind, intent.lang, len(documents))


def _count(intent: Intent, choice: Choice, result: QueryResult) -> str:
    column = asked_column(choice, intent, result.columns)
    count = len(result) if column is None else len(set(_column(result, column)))
    return say("count", intent.lang, count)


def _largest(intent: Intent, choice: Choice, result: QueryResult) -> Summary:
    lang, table = intent.lang, result.table
    by = "percent" if "percent" in result.columns and any(_column(result, "percent")) else "amount"
    column = asked_column(choice, intent, result.columns)
    if column is None or by not in result.columns:
        return Summary("" if len(result) else say("nothing", lang), table)
    if by == "amount" and len({*_column(result, "currency")} - {None}) > 1:
        return Summary(say("currencies", lang), table)
    figures = _column(result, by)
    order = sorted(range(len(table)), key=lambda at: (figures[at] is None, -_number(figures[at])))
    rows = [table.rows[at] for at in order]
    told = [row for row, at in zip(rows, order, strict=True) if figures[at] is not None]
    if not told:
        return Summary(say("not_compared", lang, len(table)), table)
    first = told[0][table.columns.index(column)]
    value = _number(told[0][table.columns.index(by)])
    if by == "percent":
        figure = f"{number(value, lang)} %"
    else:
        figure = money(value, str(told[0][table.columns.index("currency")] or ""), lang)
    text = say("largest", lang, f"{first}, {figure}")
    silent = len(table) - len(told)
    if silent:
        text += " " + say("not_compared", lang, silent)
    return Summary(text, Table(table.columns, rows, table.title, table.base, table.kinds))


def _number(value: Value) -> Decimal:
    return Decimal(str(value)) if value is not None else Decimal(0)


def _column(result: QueryResult, name: str) -> list[Value]:
    at = result.columns.index(name)
    return [row[at] for row in result.table.rows]
