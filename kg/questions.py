"""What a question is called and takes: the one class of parameters, and the one way to bind values to them.

Library queries, analyses and computed questions are all a `Question`. The command line, Python, the server and the
viewer call them by the same names; `kg.catalogue` has them all.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, TypeAlias, cast

from kg import settings
from kg.dates import is_partial_date
from kg.errors import QueryError, did_you_mean

__all__ = ["Parameter", "Question", "Value", "bind", "convert", "entry_of"]

Value: TypeAlias = str | int | float | bool | Decimal | dt.date
"""A parameter's value."""

# Decimal() takes 1_0, nan and inf as well.
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_DIGITS = 18
_NAMED = re.compile(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)
_FLAGS: Mapping[str, bool] = {"true": True, "yes": True, "false": False, "no": False}
_DATES = "write YYYY, YYYY-MM or YYYY-MM-DD"
_NO_OPTIONS: Mapping[str, object] = {}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a question.

    Args:
        name: how it is called, in Python and in SPARQL.
        kind: entity (a name or id), relation, date (may be partial), day (a whole date, or "today"), text,
            number (a decimal), integer, share (0–1, or "25%"), flag (yes or no), word (one of `choices`), or names
            (one a line, or a list of them).
        help: what it is, in a few words.
        default: the value where none is given; None: it is left out.
        choices: the words that a word may be.
        required: whether a value must be given.
        is_option: whether it is given by name only, as in ``--min-share 5%``; others may be given in their order.

    """

    name: str
    kind: str
    help: str = ""
    default: Value | None = None
    choices: tuple[str, ...] = ()
    required: bool = False
    is_option: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its title by language, its parameters in order, and how it is called."""

    COMMAND: ClassVar[str] = "query"

    name: str
    title: Mapping[str, str]
    parameters: tuple[Parameter, ...]
    examples: tuple[str, ...]

    @property
    def usage(self) -> str:
        """The call as a line: "kg query evidence ONE OTHER [ONLY]"."""
        ordered = [parameter for parameter in self.parameters if not parameter.is_option]
        words = [p.name.upper() if p.required else f"[{p.name.upper()}]" for p in ordered]
        return " ".join(["kg", self.COMMAND, self.name, *words])


def entry_of(question: Question, lang: str = "en") -> str:
    """Return a question as lines of a list: its title, its call, its parameters and examples."""
    lines = [f"{question.name}: {question.title.get(lang, question.title['en'])}", f"  {question.usage}"]
    for parameter in question.parameters:
        name = f"--{parameter.name.replace('_', '-')}" if parameter.is_option else parameter.name.upper()
        choices = f" ({', '.join(parameter.choices)})" if parameter.choices else ""
        default = "" if parameter.default in {None, False} else f"; by default {parameter.default}"
        lines.append(f"    {name}  {parameter.help or parameter.kind}{choices}{default}")
    return "\n".join([*lines, *(f"  e.g. {example}" for example in question.examples)])


def bind(question: Question, arguments: Sequence[str], options: Mapping[str, object] = _NO_OPTIONS) -> dict[str, Value]:
    """Return the value of each parameter by its name.

    Args:
        question: the question.
        arguments: values in the order of the parameters, and ``name=value``.
        options: values by name; None is left out.

    Raises:
        QueryError: for a value that is missing, unknown, given twice or of the wrong kind.

    """
    texts = _by_name(question, arguments, options)
    values: dict[str, Value] = {}
    for parameter in question.parameters:
        value = texts.get(parameter.name, parameter.default)
        if value is not None:
            values[parameter.name] = convert(parameter, value)
        elif parameter.required:
            what = f" ({parameter.help})" if parameter.help else ""
            raise QueryError(f"'{question.name}' needs {parameter.name}{what}: {question.usage}")
    return values


def _by_name(question: Question, arguments: Sequence[str], options: Mapping[str, object]) -> dict[str, object]:
    names = [parameter.name for parameter in question.parameters]
    ordered: list[str] = []
    given: dict[str, object] = {}
    for argument in arguments:
        match = _NAMED.fullmatch(argument)
        if match is None:
            ordered.append(argument)
        else:
            _put(question, given, names, match[1], match[2])
    for name, value in options.items():
        if value is not None or name not in names:
            _put(question, given, names, name, value)
    free = [p.name for p in question.parameters if p.name not in given and not p.is_option]
    if len(ordered) > len(free):
        twice = [p.name for p in question.parameters if p.name in given and not p.is_option]
        if twice and not free:
            raise QueryError(f"'{question.name}' is given {twice[0]} twice: {given[twice[0]]} and {ordered[len(free)]}")
        raise QueryError(f"'{question.name}' cannot use '{ordered[len(free)]}': {question.usage}")
    return given | dict(zip(free, ordered, strict=False))


def _put(question: Question, given: dict[str, object], names: Sequence[str], name: str, value: object) -> None:
    if name not in names:
        hint = did_you_mean(name, names) or f" It takes: {', '.join(names) or 'nothing'}."
        raise QueryError(f"'{question.name}' has no parameter '{name}'.{hint}")
    if name in given:
        raise QueryError(f"'{question.name}' is given {name} twice: {given[name]} and {value}")
    given[name] = value


def convert(parameter: Parameter, value: object) -> Value:
    """Return what is given for a parameter as a value of its kind; raise `QueryError` for what is none."""
    is_list = parameter.kind == "names" and isinstance(value, list | tuple)
    name, text = parameter.name, "\n".join(map(str, cast("Sequence[object]", value))) if is_list else str(value)
    match parameter.kind:
        case "share":
            return _share(name, text.strip())
        case "number":
            return _number(name, text.strip())
        case "flag":
            return _flag(name, text.strip())
        case "integer":
            return _integer(name, text.strip())
        case "day":
            return _day(name, text)
        case "date" if not is_partial_date(text):
            raise QueryError(f"{name} '{text}' is no date: {_DATES}")
        case "word" if text not in parameter.choices:
            choices = ", ".join(parameter.choices)
            raise QueryError(f"{name} '{text}': choose one of {choices}.{did_you_mean(text, parameter.choices)}")
    return text


def _share(name: str, text: str) -> float:
    number = _number(name, text.removesuffix("%").strip()) / (100 if text.endswith("%") else 1)
    if not 0 <= number <= 1:
        raise QueryError(f"{name} '{text}' lies outside 0–1: write 0.25, or 25%")
    return float(number)


def _number(name: str, text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise QueryError(f"{name} '{text}' is no number: write digits, as in 12.5")
    return Decimal(text)


def _integer(name: str, text: str) -> int:
    if not text.isascii() or not text.isdecimal():
        raise QueryError(f"{name} '{text}' is no whole number: write digits, as in 4")
    if len(text) > _DIGITS:
        raise QueryError(f"{name} has {len(text)} digits: write {_DIGITS} at most")
    return int(text)


def _flag(name: str, text: str) -> bool:
    if text.casefold() not in _FLAGS:
        raise QueryError(f"{name} '{text}' is neither yes nor no")
    return _FLAGS[text.casefold()]


def _day(name: str, text: str) -> dt.date:
    if text == "today":
        return settings.today()
    if not is_partial_date(text):
        raise QueryError(f"{name} '{text}' is no date: {_DATES}, or today")
    return settings.day_of(text, name)
