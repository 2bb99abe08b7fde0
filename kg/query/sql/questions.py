"""Questions to a dataset: one text each, the same for every engine.

A file of ``texts/`` has comments first: its title, its parameters with what they are (``-- parameter: day, a date``),
and where it compares with the past, as of which parameter (``-- before: since, a date``). The SQL uses what DuckDB and
Spark share; a value is bound by name where ``$name`` stands, and never put into the text.
"""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

from kg.errors import QueryError, UnknownQuery, did_you_mean

__all__ = ["Question", "question", "questions"]

_COMMENT = re.compile(r"-- (title|parameter|before): (.+)")


@dataclass(frozen=True, slots=True)
class Question:
    """A question: its name, what it tells, what is to be given for it (name → what that is), its SQL.

    `before` is the parameter that says as of which day on the recorded clock the claims stand that it compares with.
    """

    name: str
    title: str
    parameters: Mapping[str, str]
    sql: str
    before: str | None = None

    def arguments(self, given: Mapping[str, str]) -> dict[str, str]:
        """Return what is given; raise `QueryError` for what is missing or unknown."""
        for name in given:
            if name not in self.parameters:
                raise QueryError(f"{self.name} takes no '{name}'{did_you_mean(name, self.parameters)}")
        if missing := [f"{name} ({what})" for name, what in self.parameters.items() if name not in given]:
            raise QueryError(f"{self.name} needs {', '.join(missing)}")
        return dict(given)


@functools.cache
def questions() -> Mapping[str, Question]:
    """Return the questions by name, sorted.

    >>> sorted(questions()["ties"].parameters)
    ['company', 'day']
    """
    texts = resources.files(__package__) / "texts"
    files = sorted((file for file in texts.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name)
    return {one.name: one for one in (_question(file.name[:-4], file.read_text("utf-8")) for file in files)}


def question(name: str) -> Question:
    """Return a question; raise `UnknownQuery` with the nearest names."""
    if name not in questions():
        raise UnknownQuery(f"there is no question '{name}' of datasets{did_you_mean(name, questions())}")
    return questions()[name]


def _question(name: str, text: str) -> Question:
    told = [match.groups() for match in map(_COMMENT.match, text.splitlines()) if match]
    titles = [value for key, value in told if key == "title"]
    pairs = [value.partition(", ") for key, value in told if key != "title"]
    before = next((value.partition(", ")[0] for key, value in told if key == "before"), None)
    sql = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    return Question(name, titles[0], {parameter: what for parameter, _, what in pairs}, sql, before)
