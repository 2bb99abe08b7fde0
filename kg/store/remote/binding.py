"""Values into a query for an engine that takes only text: each one replaces its variable, as a term.

The answers are those of pyoxigraph's substitutions: a parameter must be selected, and is seen inside a subselect
that selects it too. The text is taken apart by SPARQL's own terminals
(https://www.w3.org/TR/sparql11-query/#sparqlGrammar), so that a value stands only where a variable stood, never in a
string, a name or a comment; a term writes itself, escapes and all.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyoxigraph as ox

from kg.errors import QueryError

__all__ = ["bound"]

_TOKEN = re.compile(
    r"""
      (?P<space>\s+|\#[^\n\r]*)
    | (?P<iri><(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>)
    | (?P<text>\"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3}|'{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
        |"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
    | [?$](?P<variable>[\w\u00b7\u0300-\u036f\u203f-\u2040]+)
    | (?P<word>@?[^\W\d](?:[\w\-.:%\u00b7]|\\[^uU])*|:(?:[\w\-.:%]|\\[^uU])*)
    | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_OPENING, _CLOSING = frozenset("{(["), frozenset("})]")
_CLAUSES = frozenset({"GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"})


def bound(sparql: str, values: Mapping[str, Any], columns: Iterable[str]) -> str:
    """Return a query with values in place of variables; `columns` are those of its answer, none for ASK and CONSTRUCT.

    Raises `QueryError` for a value that is no IRI or literal, or where the query itself gives the variable one.
    """
    if not values:
        return sparql
    for name, value in values.items():
        if not isinstance(value, ox.NamedNode | ox.Literal):
            raise QueryError(f"?{name} cannot be asked of an endpoint as {value}: give an IRI or a literal")
    terms = {name: f" {value} " for name, value in values.items()}
    return "".join(_Rewriter(sparql, terms).query(tuple(columns)))


class _Token:
    """A terminal of the query: its text, what kind it is, a variable's name, a keyword in capitals."""

    __slots__ = ("kind", "name", "text", "word")

    def __init__(self, match: re.Match[str]) -> None:
        self.text, self.kind = match[0], match.lastgroup
        self.name = match["variable"]
        self.word = match[0].upper() if match.lastgroup == "word" else ""


@dataclass(frozen=True, slots=True)
class _Scope:
    """A SELECT: the parameters that it sees, those that it groups by, whether it stands inside another."""

    seen: frozenset[str]
    inner: bool
    grouped: set[str] = field(default_factory=set)


class _Rewriter:
    """Goes through a query once, from the left, and writes it anew."""

    def __init__(self, sparql: str, terms: Mapping[str, str]) -> None:
        self.tokens = [_Token(match) for match in _TOKEN.finditer(sparql)]
        self.terms = terms
        self.at = 0
        if any(token.text == "\\" for token in self.tokens):
            raise QueryError("a query with parameters cannot hold \\u outside of strings: write the character itself")

    def query(self, columns: tuple[str, ...]) -> list[str]:
        """Return the whole query, in pieces."""
        out: list[str] = []
        while self.at < len(self.tokens):
            word = self.tokens[self.at].word
            if word == "SELECT" and columns:
                out += self._select(frozenset(self.terms), columns)
            elif word in {"ASK", "CONSTRUCT", "DESCRIBE"} and not columns:
                out += self._until(frozenset(self.terms), None)
            else:
                out.append(self._next().text)
        return out

    def _next(self) -> _Token:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def _select(self, seen: frozenset[str], columns: tuple[str, ...] | None) -> list[str]:
        """Rewrite a SELECT up to its end; `columns` are the answer's, None where it is a subselect."""
        head = [self._next().text]
        chosen = self._projection()
        names = {token.name for token in chosen if token.name}
        is_all = any(token.text == "*" for token in chosen) and not names
        if columns is None and not is_all:
            seen &= self._plainly(chosen)
        scope = _Scope(seen, inner=columns is None)
        body = self._until(seen, _CLAUSES)
        tail = self._clauses(scope)
        if columns is not None and is_all:
            chosen = [_Token(match) for name in columns for match in _TOKEN.finditer(f" ?{name}")]
        return [*head, *self._chosen(chosen, scope), *body, *tail]

    def _projection(self) -> list[_Token]:
        """Return what stands between SELECT and what it selects from."""
        tokens = []
        depth = 0
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if depth == 0 and (token.text == "{" or token.word in {"WHERE", "FROM"}):
                break
            depth += (token.text in _OPENING) - (token.text in _CLOSING)
            tokens.append(self._next())
        return tokens

    @staticmethod
    def _plainly(chosen: Iterable[_Token]) -> frozenset[str]:
        """The variables selected as they are, not inside an expression."""
        names, depth = set(), 0
        for token in chosen:
            depth += (token.text in _OPENING) - (token.text in _CLOSING)
            if depth == 0 and token.name:
                names.add(token.name)
        return frozenset(names)

    def _chosen(self, chosen: Iterable[_Token], scope: _Scope) -> list[str]:
        """Select a value under its variable's name; a subselect need not, since what is around it knows the value."""
        out: list[str] = []
        depth, before = 0, ""
        for token in chosen:
            depth += (token.text in _OPENING) - (token.text in _CLOSING)
            if token.name not in scope.seen:
                out.append(token.text)
            elif before == "AS":
                raise _taken(token.name)
            elif depth:
                out.append(self.terms[token.name])
            elif token.name in scope.grouped:
                out.append(token.text)
            else:
                out.append(" " if scope.inner else f"({self.terms[token.name]}AS ?{token.name})")
            before = token.word if token.kind != "space" else before
        if scope.inner and not any(piece.strip() and piece.upper() not in {"DISTINCT", "REDUCED"} for piece in out):
            out.append(" (1 AS ?kg_nothing_else) ")
        return out

    def _until(self, seen: frozenset[str], clauses: frozenset[str] | None) -> list[str]:
        """Rewrite patterns up to one of the clauses that may follow them, or the end of what they stand in."""
        out: list[str] = []
        depth, before, listing = 0, "", False
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            ends = depth == 0 and (token.text == "}" or (out and clauses and token.word in clauses))
            if ends:
                break
            if token.word == "SELECT" and depth:
                out += self._select(seen, None)
                continue
            listing = token.word == "VALUES" or (listing and token.text != "{")
            if token.name in seen and (before == "AS" or listing):
                raise _taken(token.name)
            depth += (token.text in _OPENING) - (token.text in _CLOSING)
            out.append(self.terms[token.name] if token.name in seen else token.text)
            before = token.word if token.kind != "space" else before
            self.at += 1
        return out

    def _clauses(self, scope: _Scope) -> list[str]:
        """Rewrite what follows the patterns: a value may stand in brackets, a bare variable is left to be selected."""
        out: list[str] = []
        depth, clause = 0, ""
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if depth == 0 and token.text == "}":
                break
            clause = token.word if depth == 0 and token.word in _CLAUSES else clause
            depth += (token.text in _OPENING) - (token.text in _CLOSING)
            out.append(self._in_clause(token, clause, depth, scope))
            self.at += 1
        return out

    def _in_clause(self, token: _Token, clause: str, depth: int, scope: _Scope) -> str:
        if token.name not in scope.seen or clause == "ORDER":
            return token.text
        if clause == "VALUES":
            raise _taken(token.name)
        if depth or clause != "GROUP":
            return self.terms[token.name]
        if scope.inner:
            return f"({self.terms[token.name]}AS ?kg_{token.name})"
        scope.grouped.add(token.name)
        return f"({self.terms[token.name]}AS ?{token.name})"


def _taken(name: str) -> QueryError:
    return QueryError(f"?{name} is a parameter, and the query gives it a value of its own: rename one")
