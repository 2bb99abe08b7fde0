"""The catalogue of questions as JSON, from which the page makes its forms."""

from typing import Any

from kg.catalogue import catalogue
from kg.questions import Parameter, Question
from kg.settings import today

__all__ = ["question_entries"]


def question_entries() -> list[dict[str, Any]]:
    """Return each question with its titles, its parameters and its SPARQL; None where it is worked out otherwise."""
    return [_entry(question) for question in catalogue().values()]


def _entry(question: Question) -> dict[str, Any]:
    return {
        "name": question.name,
        "title": dict(question.title),
        "parameters": [_parameter(parameter) for parameter in question.parameters],
        "usage": question.usage,
        "examples": list(question.examples),
        "sparql": getattr(question, "text", "") or None,
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    # The page writes a default into the query: a day has to be a date there.
    default = today().isoformat() if parameter.default == "today" else parameter.default
    return {
        "name": parameter.name,
        "kind": parameter.kind,
        "text": parameter.help,
        "optional": not parameter.required,
        "default": None if default is None else str(default),
        "choices": list(parameter.choices),
    }
