"""All questions by name: those of the library (SPARQL), those that are computed, and the analyses.

A question has one name, for the command line, Python, the server and the viewer. `kg query NAME` and
`kg analyse NAME` find them all.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.analysis.registry import ANALYSES, Analysis
from kg.errors import QueryError, UnknownQuery, did_you_mean
from kg.facts import AsOf
from kg.query import QueryAnswer, Table, resolve, run
from kg.query import questions as library_questions
from kg.query.as_of import claims_as_of
from kg.questions import Parameter, Question, bind, entry_of
from kg.renamed import LIBRARY, warn_of_new_answer
from kg.store import Store

__all__ = ["Request", "answer_request", "catalogue", "find_question", "listing"]

_NAME = re.compile(r"[\w-]+")
_DAY = "today"


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked: a question's name, a file or SPARQL text, with its values and the date it is asked for.

    Args:
        query: the name, file or text.
        arguments: values in the order of the parameters, and ``name=value``.
        values: values of parameters by name; others are bound to variables of the query.
        as_of: the dates of the three clocks.
        words: whether an analysis gives words, as people read them, rather than values.
        lang: the language of words.
        claims: whether the rows of a library query that are claims name them.

    """

    query: str
    arguments: Sequence[str]
    values: Mapping[str, object]
    as_of: AsOf
    words: bool = False
    lang: str = "en"
    claims: bool = False


def catalogue() -> Mapping[str, Question]:
    """Return all questions by name, in the order of names."""
    questions: dict[str, Question] = {**library_questions(), **ANALYSES}
    return {name: questions[name] for name in sorted(questions)}


def find_question(name: str) -> Question:
    """Return the question called `name`; raise `UnknownQuery` with the nearest names."""
    if name in ANALYSES:
        return ANALYSES[name]
    questions = catalogue()
    if name not in {*questions, *LIBRARY}:
        hint = did_you_mean(name, questions) or f" There are: {', '.join(questions)}."
        raise UnknownQuery(f"there is no question '{name}'.{hint}")
    return resolve(name)


def listing(lang: str = "en") -> str:
    """Return the catalogue as text: each question's title, its call, its parameters and examples."""
    return "\n\n".join(entry_of(question, lang) for question in catalogue().values())


def answer_request(store: Store, request: Request) -> tuple[QueryAnswer, tuple[str, ...]]:
    """Answer a question of the catalogue, a file or SPARQL text, and return what is to be noted with it.

    Raises `QueryError` for what cannot be answered, `UnknownQuery` for a name that does not exist.
    """
    query = request.query.strip()
    question = find_question(query) if _NAME.fullmatch(query) else resolve(query)
    if isinstance(question, Analysis):
        if question.name in LIBRARY:
            warn_of_new_answer(question.name, stacklevel=6)
        return _analysed(store, question, request)
    names = {parameter.name for parameter in question.parameters}
    named = {name: value for name, value in request.values.items() if name in names}
    named |= _day_of(question.parameters, request)
    bound = {name: value for name, value in request.values.items() if name not in names}
    arguments = [*request.arguments, *(f"{name}={value}" for name, value in named.items())]
    answer = run(store, query, arguments, bound, claims=request.claims)
    return answer, store.selection.notes()


def _day_of(parameters: Sequence[Parameter], request: Request) -> Mapping[str, object]:
    """Return the day to bind, where a query asks for one and nobody has given it."""
    if request.as_of.known is not None or request.as_of.recorded is not None:
        raise QueryError("SPARQL answers as of a day on which something is true: leave known and recorded out")
    day, given = request.as_of.day, {*request.values, *(a.partition("=")[0] for a in request.arguments)}
    takes_day = any(parameter.name == _DAY for parameter in parameters) and _DAY not in given
    return {_DAY: day.isoformat()} if takes_day and day is not None else {}


def _analysed(store: Store, analysis: Analysis, request: Request) -> tuple[Table, tuple[str, ...]]:
    from kg.analysis.background import Background
    from kg.analysis.registry import analyse
    from kg.analysis.results.tables import table

    # A value called as one of our own keywords is no parameter either, and is told so.
    bind(analysis, request.arguments, request.values)
    claims, dates = claims_as_of(store, request.as_of), request.as_of
    known = Background(store)
    result = analyse(claims, analysis.name, *request.arguments, as_of=dates, background=known, **request.values)
    notes = (*store.selection.notes(), *result.notes)
    return table(result, words=request.words, base=store.base, lang=request.lang), notes
