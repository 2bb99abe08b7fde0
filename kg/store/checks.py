"""Whether a store keeps its promises: the rules of ``ontology/shapes.ttl``, the quotes, the index.

The rules are SHACL-SPARQL (https://www.w3.org/TR/shacl/#sparql-constraints); here the store answers
each of them once, for all foci together, where a SHACL processor would ask for every focus anew.
"""

import functools
import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pyoxigraph as ox

from kg.errors import OntologyError, UnknownDocument
from kg.facts import relationship_key, reports_end
from kg.garbage import seldom_collected
from kg.model import Claim, Document, Evidence, Outcome
from kg.ontology import turtle
from kg.store.api import Store
from kg.store.differences import Comparison, shortened
from kg.store.iris import IriScheme
from kg.store.local import LocalStore
from kg.store.replay import current, may_end
from kg.store.sparql import ask

__all__ = ["CheckReport", "Rule", "Violation", "check", "rules", "verify"]

_SHACL = "http://www.w3.org/ns/shacl#"
_COPIED = 2_000_000
"""Quads of which a copy is made in memory: some 650 bytes each."""
_VARIABLE = re.compile(r"\{[$?](\w+)\}")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of ``shapes.ttl``: the query for what breaks it, and what to say, by language (en, fr)."""

    name: str
    select: str
    message: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule: which, by what (a prefixed name, an IRI or a document's id), and how."""

    rule: str
    focus: str
    message: str


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check found, and how many of what it looked at."""

    violations: tuple[Violation, ...]
    counts: Mapping[str, int]


@functools.cache
def rules() -> tuple[Rule, ...]:
    """Read ``ontology/shapes.ttl``, once in a process; raise `OntologyError` where a rule is not whole."""
    store = ox.Store()
    try:
        store.load(turtle("shapes.ttl").encode(), ox.RdfFormat.TURTLE)
    except SyntaxError as error:
        raise OntologyError(f"ontology/shapes.ttl: {error}") from error
    return tuple(_rule(store, quad) for quad in store.quads_for_pattern(None, _shacl("sparql"), None))


def _shacl(name: str) -> ox.NamedNode:
    return ox.NamedNode(_SHACL + name)


def _rule(store: ox.Store, quad: ox.Quad) -> Rule:
    def values(name: str) -> list[Any]:
        constraint: Any = quad.object
        return [triple.object for triple in store.quads_for_pattern(constraint, _shacl(name), None)]

    name = str(quad.subject).rpartition("#")[2].rstrip(">")
    message = {text.language: text.value for text in values("message")}
    if len(values("select")) != 1 or set(message) != {"en", "fr"}:
        raise OntologyError(f"ontology/shapes.ttl: the rule {name} needs one sh:select, and sh:message in en and fr")
    return Rule(name, values("select")[0].value, message)


def check(store: Store, lang: str = "en") -> CheckReport:
    """Look for whatever is wrong in a store, and count what was looked at.

    The rules are asked of the graph, and `verify` does the rest. A graph without a journal is fetched, so that no
    engine's ways with SPARQL count. Messages of the rules are in `lang` (en, fr). Raises what `verify` raises.
    """
    if isinstance(store, LocalStore):
        copy = ox.Store() if store.index.size <= _COPIED else None
        verified = _verify(store, copy)
        graph = store.index.store if copy is None else _completed(copy, store)
    else:
        verified, graph = _verify(store), _fetched(store)
    broken = [violation for rule in rules() for violation in _broken(graph, store.base, rule, lang)]
    return CheckReport(_sorted((*broken, *verified.violations)), {"rules": len(rules()), **verified.counts})


def verify(store: Store) -> CheckReport:
    """Look whether a store is whole, and count what was looked at.

    Every claim's id is compared with what it says, every quote with its document, and the graph with the one that
    the journal makes, quad by quad. Before that the files are read whole: raises `JournalDamaged`, or `StoreError`
    where it is the index, for one that is not what was written. A query that met it might go on without end.
    """
    return _verify(store)


def _verify(store: Store, copy: ox.Store | None = None) -> CheckReport:
    """Verify a store; a `copy` takes in what of its graph is read meanwhile."""
    counts: Counter[str] = Counter(documents=0)
    if isinstance(store, LocalStore):
        store.read_through()
        broken = _against_journal(store, counts, copy)
    else:
        counts["documents"] = sum(1 for _ in store.documents())
        claims = itertools.chain(store.claims(), store.candidates())
        # Claims come document by document, so a few texts at hand are enough.
        broken = [*_ungrounded(claims, functools.lru_cache(maxsize=8)(store.document), counts)]
    return CheckReport(_sorted(broken), dict(counts))


@seldom_collected()
def _against_journal(store: LocalStore, counts: Counter[str], copy: ox.Store | None) -> list[Violation]:
    """Return what is wrong with the readings of a journal, and with its index beside it: each reading is read once."""
    ends = frozenset(relationship_key(claim) for claim in may_end(store.journal) if reports_end(claim))
    comparison = Comparison(store, ends, copy)
    broken: list[Violation] = []
    different: list[tuple[str, str]] = []
    other = functools.lru_cache(maxsize=8)(store.document)
    for place, reading in current(store.journal):
        counts["documents"] += 1
        own = reading.document
        find = functools.partial(_own_or_other, own, other)
        broken += _ungrounded((*reading.claims, *reading.candidates), find, counts)
        different += comparison.of_reading(place, reading)
    different += comparison.of_whole()
    return [*dict.fromkeys(broken), *(Violation("index-is-the-journals", focus, how) for focus, how in different)]


def _own_or_other(own: Document, other: Callable[[str], Document], id_: str) -> Document:
    return own if id_ == own.id else other(id_)


def _sorted(violations: Iterable[Violation]) -> tuple[Violation, ...]:
    return tuple(sorted(violations, key=lambda v: (v.rule, v.focus, v.message)))


def _completed(copy: ox.Store, store: LocalStore) -> ox.Store:
    """Add the graphs that a copy lacks, or has not whole; rules are asked of memory ten times as fast as of a disk."""
    taken = set(copy.named_graphs())
    for graph in store.index.store.named_graphs():
        if graph not in taken:
            copy.bulk_extend(store.index.store.quads_for_pattern(None, None, None, graph))
    if len(copy) != len(store.index.store):
        copy.bulk_extend(store.index.store)
    return copy


def _fetched(store: Store) -> ox.Store:
    """Return a copy of a store's graph, with the schema of this kg."""
    graph = ox.Store()
    graph.bulk_extend(store.quads())
    graph.load(turtle("kg.ttl").encode(), ox.RdfFormat.TURTLE, to_graph=IriScheme(store.base).ontology)
    return graph


def _broken(graph: ox.Store, base: str, rule: Rule, lang: str) -> Iterator[Violation]:
    solutions = ask(graph, rule.select, {})
    names = [variable.value for variable in solutions.variables]
    for row in solutions:
        values = {name: shortened(row[name], base) for name in names if row[name] is not None}
        message = _VARIABLE.sub(lambda match: values.get(match[1], "?"), rule.message[lang])  # noqa: B023 - used at once
        yield Violation(rule.name, values["this"], message)


def _ungrounded(
    claims: Iterable[Claim], document: Callable[[str], Document], counts: Counter[str]
) -> Iterator[Violation]:
    """Yield a violation for every id and quote that is not as claim and document have it; count what is seen."""
    textless = set()
    for claim in claims:
        counts["claims" if claim.outcome is Outcome.ADMITTED else "candidates"] += 1
        if (id_ := replace(claim).id) != claim.id:
            yield Violation("id-is-the-claims", f"claim/{claim.id}", f"says what claim {id_} would")
        for place in claim.evidence:
            if _has_no_text(place.document, document):
                textless.add(place.document)
                continue
            counts["quotes"] += 1
            how = _misquoted(place, document)
            if how is not None:
                yield Violation("quote-is-in-its-document", f"claim/{claim.id}", how)
    for id_ in textless:
        yield Violation("quote-is-in-its-document", id_, "its text is not kept here: no quote of it can be compared")


def _has_no_text(id_: str, document: Callable[[str], Document]) -> bool:
    """Whether a document is here without its text, as behind an endpoint into which an export was loaded."""
    try:
        return document(id_).text == ""
    except UnknownDocument:
        return False


def _misquoted(place: Evidence, document: Callable[[str], Document]) -> str | None:
    try:
        text = document(place.document).text
    except UnknownDocument as error:
        return str(error)
    if text[place.start : place.end] == place.quote:
        return None
    return " ".join(f"'{place.document}' does not say «{place.quote[:40]}» at {place.start}–{place.end}".split())
