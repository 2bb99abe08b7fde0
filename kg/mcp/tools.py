"""The tools: what each is called, what it takes and answers; loaded on use. Nothing here comes out of a source."""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from kg.errors import QueryError, UnknownQuery, did_you_mean
from kg.facts import AsOf
from kg.judgements import Part, Verdict
from kg.mcp.fence import is_cut, unfenced
from kg.mcp.sections import Section
from kg.model import Modality, Tier
from kg.questions import Parameter, Question, Value, bind

if TYPE_CHECKING:
    from kg.graph import Graph
    from kg.mcp.answer import Found

__all__ = ["JUDGE", "TOOLS", "Tool", "Values", "as_of", "find_tool", "handler_of", "values_of"]

Values: TypeAlias = Mapping[str, Any]
Handler: TypeAlias = "Callable[[Graph, Values], Found]"

_OBJECT = "object"
_JSON: Mapping[str, str] = {"integer": "integer", "flag": "boolean", _OBJECT: "object"}
_DEEP = 20
_PROMISED = frozenset(Section) - {Section.DENIED, Section.PAST}


@dataclass(frozen=True, slots=True)
class Tool(Question):
    """A tool: a question that an assistant may ask; its `title` is the description that he is given.

    `function` is the place ("module:name") of what answers it, `sections` the lists that an answer may have; what
    `changes` the graph is answered elsewhere.
    """

    function: str = ""
    sections: tuple[Section, ...] = ()
    changes: bool = False

    @property
    def usage(self) -> str:
        """The call in a line: "between(one, other, [holds_on])"."""
        return f"{self.name}({', '.join(p.name if p.required else f'[{p.name}]' for p in self.parameters)})"

    @property
    def input_schema(self) -> dict[str, Any]:
        """The JSON Schema of its arguments."""
        required = [parameter.name for parameter in self.parameters if parameter.required]
        schema: dict[str, Any] = {"type": "object", "properties": {p.name: _schema(p) for p in self.parameters}}
        return schema | ({"required": required} if required else {})

    @property
    def output_schema(self) -> dict[str, Any]:
        """The JSON Schema of its data: the lists that matter most of those it may have, and how to go on."""
        lists = {section.value: {"type": "array"} for section in self.sections if section in _PROMISED}
        return {"type": "object", "properties": lists | {"page": {"type": "object"}}, "required": ["page"]}


def _schema(parameter: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": _JSON.get(parameter.kind, "string")}
    if parameter.choices:
        schema["enum"] = list(parameter.choices)
    return schema | ({"description": parameter.help} if parameter.help else {})


# ---------------------------------------------------------------------------------- the table
_ALL = tuple(section for section in Section if section is not Section.ROWS)
_COMPANY = Parameter("company", "entity", "name or id", required=True)
_CLOCKS = (
    Parameter("holds_on", "date", "true then; today by default"),
    Parameter("known_on", "date", "published by then"),
    Parameter("recorded_on", "date", "recorded here by then"),
)
_LEADS = Parameter("leads", "flag", "also claims not admitted")
_PAGE = (
    Parameter("limit", "integer", default=20),
    Parameter("cursor", "text", "page.next"),
)


def _tool(name: str, text: str, function: str, *parameters: Parameter, sections: tuple[Section, ...] = _ALL) -> Tool:
    options = tuple(replace(parameter, is_option=True) for parameter in parameters)
    return Tool(name, {"en": text}, options, (), f"kg.mcp.{function}", sections)


_ROWS = (Section.ROWS,)
_TABLE = (
    _tool(
        "find_company",
        "Find who a name means: entities of this graph, then companies of registers, likeliest first, with why.",
        "companies:find_company",
        Parameter("name", "text", required=True),
        Parameter("country", "text", "ISO 3166-1, as FR"),
        *_PAGE,
        sections=_ROWS,
    ),
    _tool(
        "dossier",
        "All that sources say of one company: owners, suppliers, customers, deals, figures, disputes; with sentences.",
        "relations:dossier",
        _COMPANY,
        _LEADS,
        *_CLOCKS,
        *_PAGE,
    ),
    _tool(
        "between",
        "All that sources say of two companies together; with sentences.",
        "relations:between",
        Parameter("one", "entity", required=True),
        Parameter("other", "entity", required=True),
        _LEADS,
        *_CLOCKS,
        *_PAGE,
    ),
    _tool(
        "claims",
        "Single claims, filtered, newest first; use it to list or to count.",
        "relations:claims",
        replace(_COMPANY, required=False),
        Parameter("other", "entity", "the other end"),
        Parameter("relation", "relation", "as supplies, holds-stake"),
        Parameter("modality", "word", choices=tuple(Modality)),
        Parameter("tier", "word", "kind of source", choices=tuple(Tier)),
        Parameter("text", "text", "words in names or quote"),
        _LEADS,
        *_CLOCKS,
        *_PAGE,
    ),
    _tool(
        "evidence",
        "A claim in full: each quote with its place and the text around it, source, who judged it.",
        "evidence:evidence",
        Parameter("claim", "text", "id; several apart by spaces", required=True),
        _PAGE[1],
    ),
    _tool(
        "question",
        "Ask a prepared question, as suppliers, holders, competitors, planned, timeline. Without name: lists all.",
        "questions:question",
        Parameter("name", "text"),
        Parameter("arguments", _OBJECT, "values by parameter"),
        _CLOCKS[0],
        *_PAGE,
        sections=(Section.ROWS, *_ALL),
    ),
    _tool(
        "analyse",
        "Compute: owners, control, beneficial, concentration, circular, path, shock … Without name: lists all. "
        "'undecided' is what the sources leave open, 'missing' what they lack.",
        "questions:analyse",
        Parameter("name", "text"),
        Parameter("arguments", _OBJECT, "values by parameter"),
        *_CLOCKS,
        *_PAGE,
        sections=(Section.ROWS, *_ALL),
    ),
    _tool(
        "changes",
        "What changed between two dates.",
        "questions:changes",
        Parameter("since", "date", required=True),
        Parameter("until", "date", required=True),
        Parameter("clock", "word", "which clock the dates are on", "known", ("known", "valid", "recorded")),
        replace(_COMPANY, required=False),
        *_PAGE,
    ),
    _tool(
        "sparql",
        "Last resort: SPARQL 1.1, read only. Facts are edges as ?a kg:supplies ?b; see kg://ontology.",
        "sparql:sparql",
        Parameter("query", "text", required=True),
        *_PAGE,
        sections=_ROWS,
    ),
)
TOOLS: Mapping[str, Tool] = {tool.name: tool for tool in _TABLE}
"""The tools that read, by name."""

JUDGE = Tool(
    "judge",
    {"en": "Record the user's own verdict on a claim, and what is right instead. Only when told to."},
    (
        Parameter("claim", "text", "id", required=True, is_option=True),
        Parameter("verdict", "word", choices=tuple(Verdict), required=True, is_option=True),
        Parameter("part", "word", "what is wrong", choices=tuple(Part), is_option=True),
        *(Parameter(name, "text", is_option=True) for name in ("subject", "relation", "object", "modality")),
        Parameter("terms", _OBJECT, 'as {"percent": "6"}', is_option=True),
    ),
    (),
    changes=True,
)
"""The tool that judges, for who asks for it by `kg mcp --judge`."""


def find_tool(name: str, *, judging: bool = False) -> Tool:
    """Return the tool called `name`; raise `UnknownQuery` with the nearest names."""
    tools = {**TOOLS, JUDGE.name: JUDGE} if judging else TOOLS
    if name not in tools:
        raise UnknownQuery(f"there is no tool '{name}'.{did_you_mean(name, tools)} There are: {', '.join(tools)}")
    return tools[name]


def handler_of(tool: Tool) -> Handler:
    """Return the function that answers a tool, importing its module."""
    module, _, name = tool.function.partition(":")
    handler: Handler = getattr(importlib.import_module(module), name)
    return handler


def values_of(tool: Tool, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a call by parameter, out of their fences; raise `QueryError` for what does not fit.

    >>> values_of(TOOLS["dossier"], {"company": "⟦OpenAI⟧", "limit": 5})["company"]
    'OpenAI'
    """
    kinds = {parameter.name: parameter.kind for parameter in tool.parameters}
    plain: dict[str, Any] = {}
    objects: dict[str, Mapping[str, Any]] = {}
    for name, value in arguments.items():
        if value is None:
            continue
        if kinds.get(name) == _OBJECT:
            objects[name] = _object(name, value)
        else:
            plain[name] = _plain(name, value)
    values: dict[str, Any] = dict(bind(tool, (), plain))
    return values | objects


def _object(name: str, value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise QueryError(f'{name} is an object of values by name: write {name}: {{"company": "OpenAI"}}')
    if len(value) > _DEEP:
        raise QueryError(f"{name} has {len(value)} values: give {_DEEP} at most")
    return {str(key): _listed(str(key), each) for key, each in value.items() if each is not None}


def _listed(name: str, value: object) -> Any:
    return [_plain(name, each) for each in value] if isinstance(value, list) else _plain(name, value)


def _plain(name: str, value: object) -> Value:
    if isinstance(value, str):
        if is_cut(value):
            raise QueryError(f"{name} was cut short where it was shown: give the id, or the whole of it")
        return unfenced(value)
    if isinstance(value, bool | int | float):
        return value
    raise QueryError(f"{name} is one text, number or truth value, not a list or an object")


def as_of(values: Values) -> AsOf:
    """Return where a call sets the three clocks."""
    return AsOf(values.get("holds_on"), values.get("known_on"), values.get("recorded_on"))
