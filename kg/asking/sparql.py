"""A question of the catalogue with its values as SPARQL that stands by itself, as it is shown and can be run again."""

import re
import shlex

import pyoxigraph as ox

from kg.asking.choice import Choice
from kg.catalogue import find_question
from kg.ontology import PREFIXES
from kg.query.arguments import bind
from kg.query.computed import COMPUTED
from kg.query.library import NamedQuery
from kg.store import Store
from kg.wording.printable import printable

__all__ = ["call_of", "quoted", "sparql_of"]

_XSD_PREFIX = f"PREFIX xsd: <{PREFIXES['xsd']}>\n"


def sparql_of(store: Store, choice: Choice, day: str) -> str:
    """Return the SPARQL of a question with its values in the places of its parameters; "" where it has none.

    It gives the rows that the question gives for `day`, where it is asked for one. Analyses and questions that are
    computed have no SPARQL.
    """
    question = find_question(choice.name)
    if not isinstance(question, NamedQuery) or choice.name in COMPUTED:
        return ""
    values = dict(choice.values)
    if any(parameter.name == "today" for parameter in question.parameters):
        values["today"] = choice.today or day
    terms = bind(question, [f"{name}={value}" for name, value in values.items()], store)
    lines = [line for line in question.text.splitlines() if not line.startswith("#")]
    head, where, body = "\n".join(lines).partition("WHERE")
    for parameter in question.parameters:
        name = re.compile(rf"\?{parameter.name}\b")
        head = re.sub(rf"\?{parameter.name}\b ?", "", head)
        term = terms.get(parameter.name)
        if term is not None:
            text = _written(term)
            body = name.sub(text.replace("\\", "\\\\"), body)
    uses_types = "xsd:" in body
    return f"{_XSD_PREFIX if uses_types else ''}{head}{where}{body}"


def _written(term: ox.NamedNode | ox.Literal) -> str:
    """Return a term as SPARQL has it, the ontology's and the types' by their prefixes."""
    if isinstance(term, ox.NamedNode):
        return str(term) if not term.value.startswith(PREFIXES["kg"]) else f"kg:{term.value[len(PREFIXES['kg']) :]}"
    return str(term).replace(f"<{PREFIXES['xsd']}", "xsd:").removesuffix(">") if "^^" in str(term) else str(term)


def call_of(choice: Choice, names: dict[str, str]) -> str:
    """Return the command that asks the same: "kg query suppliers CoreWeave"; `names` are the entities' by id."""
    question = find_question(choice.name)
    words: list[str] = []
    for parameter in question.parameters:
        value = choice.values.get(parameter.name)
        if value is None:
            continue
        shown = quoted(names.get(value, value))
        words.append(f"{parameter.name}={shown}" if question.COMMAND == "query" and words else shown)
        if parameter.name != question.parameters[len(words) - 1].name and "=" not in words[-1]:
            words[-1] = f"{parameter.name}={shown}"
    call = " ".join(["kg", question.COMMAND, choice.name, *words])
    return call if choice.today is None else f"{call} --today {choice.today}"


def quoted(value: str) -> str:
    """Return a value as a shell takes it: a name is a stranger's, and a command is there to be copied.

    >>> quoted("CoreWeave"), quoted("Weights & Biases"), quoted("A$(b)")
    ('CoreWeave', '"Weights & Biases"', "'A$(b)'")
    """
    value = printable(value)
    if re.fullmatch(r"[\w.:/-]+", value):
        return value
    return shlex.quote(value) if re.search(r'["$`\\!]', value) else f'"{value}"'
