"""Prepared questions, analyses and changes: rows with their evidence, what is left open, and what is missing."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from kg.analysis.registry import ANALYSES, Analysis
from kg.catalogue import Request, answer_request, catalogue, find_question
from kg.errors import QueryError, UnknownQuery
from kg.facts import AsOf, Interval
from kg.mcp.answer import Found, Item, notes_of
from kg.mcp.relations import clocks_of
from kg.mcp.rows import word
from kg.mcp.sections import Section
from kg.mcp.tables import claim_of, line_section, lines_found, standings_of, table_found
from kg.mcp.tools import as_of
from kg.questions import Question, bind

if TYPE_CHECKING:
    from kg.analysis import Result
    from kg.analysis.records import Row
    from kg.graph import Graph

__all__ = ["analyse", "changes", "question"]


# ------------------------------------------------------------------------------ the lists
def _listed(questions: Mapping[str, Question]) -> Found:
    items = [Item(Section.ROWS, partial(_entry, question)) for question in questions.values()]
    return Found.of({}, items)


def _entry(question: Question) -> Mapping[str, Any]:
    """Return what a question asks and takes: words of kg's own, and of no source."""
    given = [f"{p.name}{'' if p.required else '?'}" for p in question.parameters]
    return {"name": question.name, "asks": question.title["en"], "arguments": given}


# ------------------------------------------------------------------------------ questions
def question(graph: "Graph", values: Mapping[str, Any]) -> Found:
    """Answer a question of the catalogue; without its name, list them all."""
    if values.get("name") is None:
        return _listed(catalogue())
    name = str(values["name"])
    if isinstance(asked := find_question(name), Analysis):
        return analyse(graph, values)
    dates = as_of(values).or_on(graph.today)
    table, notes = answer_request(graph.store, Request(name, (), values.get("arguments", {}), dates, claims=True))
    if isinstance(table, bool | str):
        raise QueryError(f"'{name}' gives no table: ask it with 'sparql'")
    rows = tuple(dict(zip(table.columns, row, strict=True)) for row in table.values)
    # A question that takes the day gives what holds on it; of others each claim is looked at.
    takes_day = any(parameter.name == "today" for parameter in asked.parameters)
    standings = {} if takes_day else standings_of(graph.store, map(claim_of, rows), dates)
    head = clocks_of(dates) | ({"notes": notes_of(notes)} if notes else {})
    return table_found(head, rows, graph.store, standings)


# ------------------------------------------------------------------------------ analyses
def analyse(graph: "Graph", values: Mapping[str, Any]) -> Found:
    """Answer an analysis: rows that are decided, those that the sources leave open, and what they lack."""
    if values.get("name") is None:
        return _listed(ANALYSES)
    dates = as_of(values).or_on(graph.today)
    given = dict(values.get("arguments", {}))
    if values["name"] not in ANALYSES:
        raise UnknownQuery(f"there is no analysis '{values['name']}'. There are: {', '.join(ANALYSES)}")
    if clash := {"as_of", "name", "valid", "known", "recorded"} & given.keys():
        raise QueryError(f"{', '.join(sorted(clash))}: set dates by holds_on, known_on and recorded_on")
    # What is no parameter is told so, also where it is a word of kg's own code.
    bind(ANALYSES[str(values["name"])], (), given)
    return _analysed(graph, graph.analyse(str(values["name"]), as_of=dates, **given), dates)


def _analysed(graph: "Graph", result: "Result[Any]", dates: AsOf) -> Found:
    lines = [(row, at, line) for row in result for at, line in enumerate(row.cells())]
    unknown = sum(any(_is_unknown(value) for value in line.values()) for _, _, line in lines)
    missing = [*result.notes, *([f"rows of which no source gives the share: {unknown}"] if unknown else [])]
    head = {"asks": word(result.title)} | clocks_of(dates) | {"missing": notes_of(missing)}
    placed = ((line_section(line), partial(_line, result, row, at)) for row, at, line in lines)
    return lines_found(head, placed, graph.store)


def _is_unknown(value: object) -> bool:
    return isinstance(value, Interval) and value.low <= 0 and value.high >= 1


def _line(result: "Result[Any]", row: "Row", at: int) -> Mapping[str, Any]:
    """Return a line of a row, as plain values by column, with its claims."""
    from kg.analysis.results.tables import columns_and_rows

    columns, plain = columns_and_rows(replace(result, rows=(row,)))
    return dict(zip(columns, plain[at], strict=True))


def changes(graph: "Graph", values: Mapping[str, Any]) -> Found:
    """Return what changed between two dates, each change in the list of how it stands."""
    clock = str(values["clock"])
    result = graph.diff(values["since"], values["until"], clock, values.get("company"))
    found = _analysed(graph, result, AsOf())
    dates = {"since": values["since"], "until": values["until"], "clock": clock}
    return Found({**found.head, "as_of": dates}, found.items, found.total)
