"""Graphs of the user's own, beside those that follow from documents: what an update would make of them.

Named graphs outside the store's base are the user's: a list of sectors, notes, a table of another source. They are
asked together with the rest, stand in the journal, and may be changed by SPARQL 1.1 Update. What is below the base
and in the default graph follows from documents, and cannot be changed but by them: an update that would is refused
whole. An update runs on a copy first; what it changed is found by a walk over all.
"""

import re
import secrets
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

import pyoxigraph as ox

from kg.errors import QueryError
from kg.ontology import PREFIXES
from kg.store.iris import IriScheme
from kg.store.journal import translated
from kg.store.journal_format import Delta
from kg.store.sparql import SKIPPED, Scope, check_depth, graph_node, place_of

__all__ = ["GraphDelta", "UpdateResult", "quads_of", "replaced", "updated"]

_FETCHING = re.compile("service|load", re.IGNORECASE)
_WHERE = re.compile(
    rf"{SKIPPED}|<[^<>\s]*>|[{{}}]|\b(?:DELETE\s+)?WHERE\b|\b(?:USING|WITH)\b", re.IGNORECASE | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class UpdateResult:
    """What a change of own graphs brought: triples that came and went."""

    added: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class GraphDelta:
    """Quads of own graphs that come and go."""

    added: frozenset[ox.Quad]
    removed: frozenset[ox.Quad]

    @property
    def delta(self) -> Delta:
        """The same, as the journal has it."""
        return Delta(*("".join(sorted(f"{quad} .\n" for quad in quads)) for quads in (self.added, self.removed)))


def quads_of(text: str) -> Iterator[ox.Quad]:
    """Yield the quads that N-Quads say."""
    return cast("Iterator[ox.Quad]", ox.parse(text, format=ox.RdfFormat.N_QUADS))


def replaced(store: ox.Store, graph: str, triples: Iterable[ox.Triple], iris: IriScheme) -> GraphDelta:
    """Return what changes when a graph is to hold these triples; raise `QueryError` where it is not the user's."""
    node = graph_node(graph)
    if not isinstance(node, ox.NamedNode) or not _is_own(node.value, iris):
        raise QueryError(_refusal(iris))
    before = set(store.quads_for_pattern(None, None, None, node))
    after = {_skolem(ox.Quad(t.subject, t.predicate, t.object, node), iris) for t in triples}
    return GraphDelta(frozenset(after - before), frozenset(before - after))


def updated(store: ox.Store, sparql: str, iris: IriScheme, scope: Scope) -> GraphDelta:
    """Return what an update changes in the user's own graphs.

    `scope` names the graphs that its patterns range over, as USING does. Raises `QueryError`, in one line, for
    what is no SPARQL 1.1 Update, what would fetch from elsewhere and what would change other graphs.
    """
    check_depth(sparql)
    text = _using(sparql, scope)
    _check_alone(text, iris)
    try:
        with tempfile.TemporaryDirectory(prefix="kg-update-", ignore_cleanup_errors=True) as folder:
            copy = _copy(store, Path(folder) / "copy")
            _run(copy, text, iris, sparql)
            before, after = _seen(store, iris), _seen(copy, iris)
            del copy
    except OSError as error:
        raise translated(error, Path(tempfile.gettempdir())) from error
    if before.others != after.others:
        raise QueryError(_refusal(iris))
    added = {_skolem(quad, iris) for quad in after.own - before.own}
    return GraphDelta(frozenset(added - before.own), frozenset(before.own - after.own))


def _refusal(iris: IriScheme) -> str:
    return (
        "the change would touch what follows from documents (the default graph, and graphs below "
        f"{iris.base}): change graphs of your own, and documents by 'kg build' and 'kg forget'"
    )


def _is_own(graph: str, iris: IriScheme) -> bool:
    return not graph.startswith(iris.base)


def _copy(store: ox.Store, place: Path) -> ox.Store:
    try:
        store.backup(str(place))
    except (OSError, RuntimeError):
        # A store in memory has no files to copy.
        copy = ox.Store()
        copy.bulk_extend(store)
        return copy
    return ox.Store(str(place))


def _run(store: ox.Store, text: str, iris: IriScheme, query: str) -> None:
    try:
        store.update(text, base_iri=iris.base, prefixes=dict(PREFIXES))
    except SyntaxError as error:
        raise QueryError(f"the update is no SPARQL 1.1, {place_of(error, query)}") from error
    except (ValueError, RuntimeError) as error:
        raise QueryError(f"the update cannot be carried out: {' '.join(str(error).split())}") from error


def _check_alone(sparql: str, iris: IriScheme) -> None:
    """Refuse LOAD and SERVICE: where the words are no keywords, an update that spells them otherwise still parses."""
    if not _FETCHING.search(sparql):
        return
    words = {"service": f"x{secrets.token_hex(3)}", "load": f"y{secrets.token_hex(2)}"[:4]}
    replaced = _FETCHING.sub(lambda match: words[match[0].lower()], sparql)
    try:
        _run(ox.Store(), replaced, iris, sparql)
    except QueryError as error:
        raise QueryError(f"kg fetches nothing, so that LOAD and SERVICE are refused; or else, {error}") from error


def _using(sparql: str, scope: Scope) -> str:
    """Return an update whose patterns range over the graphs of a scope.

    https://www.w3.org/TR/sparql11-protocol/#update-dataset
    """
    if not scope.default and not scope.named:
        return sparql
    clauses = "".join(f"USING <{iri}> " for iri in scope.default)
    clauses += "".join(f"USING NAMED <{iri}> " for iri in scope.named)
    parts, at, depth = [], 0, 0
    for match in _WHERE.finditer(sparql):
        word = match[0].upper()
        depth += {"{": 1, "}": -1}.get(word, 0)
        if depth == 0 and word in {"USING", "WITH"}:
            raise QueryError("the graphs are named twice, in the update and beside it: name them once")
        if depth == 0 and word == "WHERE":
            parts += [sparql[at : match.start()], clauses]
            at = match.start()
    return "".join(parts) + sparql[at:]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a store holds: the user's own quads, and a sum over all others."""

    own: frozenset[ox.Quad]
    others: int


class _Lines:
    """A file that takes N-Quads: keeps the lines of own graphs, and sums up the others."""

    def __init__(self, is_own: Callable[[bytes], bool]) -> None:
        self.own: list[bytes] = []
        self.others = 0
        self._is_own = is_own
        self._rest = b""

    def write(self, data: Any) -> int:
        *lines, self._rest = (self._rest + bytes(data)).split(b"\n")
        for line in lines:
            if self._is_own(line):
                self.own.append(line)
            else:
                # The order of two stores may differ; the hash of bytes is keyed, and its sum cannot be steered.
                self.others = (self.others + hash(line)) % (1 << 64)
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""


def _seen(store: ox.Store, iris: IriScheme) -> _Seen:
    mine = tuple(
        f" {graph} .".encode()
        for graph in store.named_graphs()
        if isinstance(graph, ox.NamedNode) and _is_own(graph.value, iris)
    )
    lines = _Lines(lambda line: bool(mine) and line.endswith(mine))
    store.dump(cast("IO[bytes]", lines), ox.RdfFormat.N_QUADS)
    return _Seen(frozenset(quads_of(b"\n".join(lines.own).decode())), lines.others)


def _skolem(quad: ox.Quad, iris: IriScheme) -> ox.Quad:
    """Name blank nodes, which mean other ones each time they are read: https://www.w3.org/TR/rdf11-concepts/, 3.5."""

    def named(node: Any) -> Any:
        return ox.NamedNode(f"{iris.base}.well-known/genid/{node.value}") if isinstance(node, ox.BlankNode) else node

    return ox.Quad(named(quad.subject), quad.predicate, named(quad.object), quad.graph_name)
