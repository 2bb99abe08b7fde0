"""The named queries of ``library/*.rq``, and the comment header that tells what each one takes.

A header is the comment lines at the top of a file::

    # title: Who supplies a company
    # title@fr: Qui fournit une entreprise
    # param company: entity — the customer
    # param from: date = 0001 — the first day
    # param relation: relation? — only this relation
    # example: kg query suppliers CoreWeave

A parameter ends in ``?`` when it may be left out (its variable stays free), or has ``= value``,
its default. Files of users may carry the same header.

What several queries say alike stands once, in ``library/blocks/NAME.rq``, and is put in the place of a line
``# include: NAME``. Questions about facts include ``holds``: the period of a claim holds ``?today``, the parameter
``today: day = today``.

The texts are shaped by what pyoxigraph measured best at 10,000 companies, by factors of 10 to
1,000. It joins in the order written where nothing tells patterns apart, and binds parameters when
it runs, not when it plans: the pattern with the parameter stands first, constants of others are
filters. Behind a UNION it scans, so that each branch is whole; a label that is not OPTIONAL makes
it join everything with everything; two large sides meet as subselects, by hash. A parameter must be
selected, and cannot be seen inside a subselect. ``sameTerm(COALESCE(?company, ?s), ?s)`` holds when
?company was left out, where BOUND does not work on what is bound from outside; Virtuoso takes
``COALESCE(sameTerm(?company, ?s), true)`` for true whatever they are, and IN compares values, which costs more.
"""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from importlib.resources.abc import Traversable
from textwrap import indent

from kg.errors import QueryError, UnknownQuery, did_you_mean
from kg.questions import Parameter, Question
from kg.renamed import LIBRARY, warn_of_old_name

__all__ = ["KINDS", "NamedQuery", "find_query", "library", "parse"]

KINDS = ("entity", "relation", "date", "day", "text", "number")
"""What a parameter can be: see `kg.query.arguments`."""

_FOLDER = "library"
_INCLUDE = re.compile(r"^( *)# include: (\w+)$", re.MULTILINE)
_LINE = re.compile(r"#\s*(title|param|example)\b(?:@(\w+))?\s*([\w-]*)\s*:\s*(.+)")
_SELECTED = re.compile(r"^SELECT\b(?! DISTINCT)(.*?)\s*^WHERE\b", re.MULTILINE | re.DOTALL)
_CLAIM = re.compile(r"\?claim\b")
_PARAMETER = re.compile(r"(\w+)(\?)?(?:\s*=\s*(\S+))?\s*(?:—\s*(.*))?")


@dataclass(frozen=True, slots=True)
class NamedQuery(Question):
    """A question whose answer is SPARQL.

    `sql` says the same over the columns of a store, where it looks at all claims (see `kg.query.scans`).
    """

    text: str = ""
    sql: str | None = None

    def with_claims(self) -> "NamedQuery":
        """Return the query with the column ``claim``, the last, where its rows are claims and do not say which."""
        match = _SELECTED.search(self.text)
        if match is None or _CLAIM.search(match[1]) or not _CLAIM.search(self.text[match.end() :]):
            return self
        return replace(self, text=f"{self.text[: match.end(1)]} ?claim{self.text[match.end(1) :]}")

    @property
    def looks_up(self) -> bool:
        """Whether it is about an entity that has to be named, and so need not look at all claims."""
        return any(parameter.kind == "entity" and parameter.required for parameter in self.parameters)


def parse(name: str, text: str) -> NamedQuery:
    """Read the header of a query; raise `QueryError` naming the line that does not hold."""
    title: dict[str, str] = {}
    parameters: list[Parameter] = []
    examples: list[str] = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        match = _LINE.fullmatch(line.strip())
        if match is None:
            continue
        key, lang, word, rest = match.groups()
        if key == "title":
            title[lang or "en"] = rest
        elif key == "example":
            examples.append(rest)
        else:
            parameters.append(_parameter(name, word, rest))
    return NamedQuery(name, title, tuple(parameters), tuple(examples), text)


def _parameter(query: str, name: str, rest: str) -> Parameter:
    match = _PARAMETER.fullmatch(rest)
    kind = match.group(1) if match else rest
    if match is None or kind not in KINDS or not name.isidentifier():
        raise QueryError(
            f"query '{query}', parameter '{name}': write 'kind — what it is', the kind being one of {', '.join(KINDS)}"
        )
    _, may_miss, default, text = match.groups()
    return Parameter(name, kind, text or "", default, required=not (may_miss or default))


@functools.cache
def library() -> Mapping[str, NamedQuery]:
    """Return the shipped queries by name, in the order of names."""
    folder = files("kg.query") / _FOLDER
    texts, blocks = _texts(folder), _texts(folder / "blocks")
    names = sorted(name.removesuffix(".rq") for name in texts if name.endswith(".rq"))
    return {
        name: replace(parse(name, _composed(texts[f"{name}.rq"], blocks)), sql=texts.get(f"{name}.sql"))
        for name in names
    }


def _texts(folder: Traversable) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in folder.iterdir() if path.is_file()}


def _composed(text: str, blocks: Mapping[str, str]) -> str:
    """Return a query with the blocks that it includes, indented as the line that names them."""
    return _INCLUDE.sub(lambda match: indent(blocks[f"{match[2]}.rq"].rstrip(), match[1]), text)


def find_query(name: str, known: Mapping[str, NamedQuery] | None = None) -> NamedQuery:
    """Return the query called `name`, of the library or of `known`; raise `UnknownQuery` with the nearest names."""
    queries = library() if known is None else known
    if name in LIBRARY and name not in queries:
        warn_of_old_name(f"the query '{name}'", f"'{LIBRARY[name]}'")
        name = LIBRARY[name]
    try:
        return queries[name]
    except KeyError:
        hint = did_you_mean(name, queries) or f" There are: {', '.join(queries)}."
        raise UnknownQuery(f"the library has no query '{name}'.{hint}") from None
