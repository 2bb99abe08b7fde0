"""A question of the catalogue with its values as SPARQL that stands by itself, as it is shown and can be run again."""

import re

import pyoxigraph as ox

from kg.asking.choice import Choice
from kg.catalogue import find_question
from kg.query.arguments import bind
from kg.query.computed import COMPUTED
from kg.query.library import NamedQuery
from kg.questions import Question
from kg.store import Store

__all__ = ["call_of", "sparql_of"]


def sparql_of(store: Store, choice: Choice) -> str:
    """Return the SPARQL of a question with its values in the places of its parameters; "" where it has none.

    It gives the rows that the question gives. Analyses and questions that are computed have no SPARQL.
    """
    question = find_question(choice.name)
    if not isinstance(question, NamedQuery) or choice.name in COMPUTED:
        return ""
    values = dict(choice.values)
    if choice.today is not None:
        values["today"] = choice.today
    terms = bind(question, [f"{name}={value}" for name, value in values.items()], store)
    lines = [line for line in question.text.splitlines() if not line.startswith("#")]
    head, where, body = "\n".join(lines).partition("WHERE")
    for parameter in question.parameters:
        name = re.compile(rf"\?{parameter.name}\b")
        head = re.sub(rf"\?{parameter.name}\b ?", "", head)
        term = terms.get(parameter.name)
        if term is not None:
            text = _written(term)
            body = name.sub(lambda _, text=text: text, body)
    return f"{head}{where}{body}"


def _written(term: ox.NamedNode | ox.Literal) -> str:
    return str(term)


def call_of(choice: Choice, names: dict[str, str]) -> str:
    """Return the command that asks the same: "kg query suppliers CoreWeave"; `names` are the entities' by id."""
    question: Question = find_question(choice.name)
    words = []
    for parameter in question.parameters:
        value = choice.values.get(parameter.name)
        if value is None:
            continue
        shown = _quoted(names.get(value, value))
        words.append(f"{parameter.name}={shown}" if question.COMMAND == "query" and words else shown)
        if parameter.name != question.parameters[len(words) - 1].name and "=" not in words[-1]:
            words[-1] = f"{parameter.name}={shown}"
    call = " ".join(["kg", question.COMMAND, choice.name, *words])
    return call if choice.today is None else f"{call} --today {choice.today}"


def _quoted(value: str) -> str:
    return value if re.fullmatch(r"[\w.:/-]+", value) else f'"{value}"'
