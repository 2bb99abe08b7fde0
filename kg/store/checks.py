"""Whether a store keeps its promises: the rules of ``ontology/shapes.ttl``, the quotes, the index.

The rules are SHACL-SPARQL (https://www.w3.org/TR/shacl/#sparql-constraints); here the store answers
each of them once, for all foci together, where a SHACL processor would ask for every focus anew.
"""

import functools
import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pyoxigraph as ox

from kg.errors import OntologyError, UnknownDocument
from kg.facts import relationship_key, reports_end
from kg.facts.periods import Key
from kg.model import Claim, Document, Evidence, Outcome
from kg.ontology import PREFIXES, turtle
from kg.store.api import Store
from kg.store.bookkeeping import RECORD, identity_quads
from kg.store.derived import ENDING, derived, graphs, today_quad
from kg.store.index import Index
from kg.store.iris import IriScheme
from kg.store.label_counts import LabelCounts, LabelCountsIndex, description
from kg.store.local import LocalStore
from kg.store.rdf_decode import mentioned
from kg.store.replay import beside, current
from kg.store.sparql import ask

__all__ = ["CheckReport", "Rule", "Violation", "check", "rules", "verify"]

_SHACL = "http://www.w3.org/ns/shacl#"
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
    verified = verify(store)
    graph = store.index.store if isinstance(store, LocalStore) else _fetched(store)
    broken = [violation for rule in rules() for violation in _broken(graph, store.base, rule, lang)]
    return CheckReport(_sorted((*broken, *verified.violations)), {"rules": len(rules()), **verified.counts})


def verify(store: Store) -> CheckReport:
    """Look whether a store is whole, and count what was looked at.

    Every claim's id is compared with what it says, every quote with its document, and the graph with the one that
    the journal makes, quad by quad. Before that the files are read whole: raises `JournalDamaged`, or `StoreError`
    where it is the index, for one that is not what was written. A query that met it might go on without end.
    """
    if isinstance(store, LocalStore):
        store.read_through()
    counts: Counter[str] = Counter()
    broken = [*_ungrounded(store, counts)]
    if isinstance(store, LocalStore):
        broken += (Violation("index-is-the-journals", focus, how) for focus, how in _differences(store))
    return CheckReport(_sorted(broken), dict(counts))


def _sorted(violations: Iterable[Violation]) -> tuple[Violation, ...]:
    return tuple(sorted(violations, key=lambda v: (v.rule, v.focus, v.message)))


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
        values = {name: _short(row[name], base) for name in names if row[name] is not None}
        message = _VARIABLE.sub(lambda match: values.get(match[1], "?"), rule.message[lang])  # noqa: B023 - used at once
        yield Violation(rule.name, values["this"], message)


def _short(node: Any, base: str) -> str:
    """Return an IRI as its prefixed name, or as its id in the store; a literal as its text."""
    if not isinstance(node, ox.NamedNode):
        return str(node.value)
    for prefix in ("kg", "rdf", "rdfs", "oa"):
        if node.value.startswith(PREFIXES[prefix]):
            return f"{prefix}:{node.value.removeprefix(PREFIXES[prefix])}"
    return str(node.value.removeprefix(base))


def _ungrounded(store: Store, counts: Counter[str]) -> Iterator[Violation]:
    """Yield a violation for every id and quote that is not as claim and document have it; count what is seen."""
    counts["documents"] = sum(1 for _ in store.documents())
    # Claims come document by document, so a few texts at hand are enough.
    document = functools.lru_cache(maxsize=8)(store.document)
    textless = set()
    for claim in itertools.chain(store.claims(), store.candidates()):
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


def _differences(store: LocalStore) -> Iterator[tuple[str, str]]:
    """Yield what in the index is not as the journal makes it, as a focus and what is wrong with it."""
    index, iris, label_counts = store.index, store.index.iris, LabelCountsIndex(lambda _: LabelCounts())
    if index.position() != store.journal.end or index.size != len(index.store):
        yield iris.store.value, "the index stands at another commit than the journal, or has lost or gained quads"
    expected = {today_quad(index.day, iris)}
    closed = _closed_keys(store)
    claims: list[Claim] = []
    held = set()
    for place, reading in current(store.journal):
        id_ = reading.document.id
        held.add(id_)
        if not index.keeps(place, reading):
            yield id_, "the index has another reading of the document than the journal"
        yield from _unlike(iris.document(id_), graphs((reading,), iris), index)
        # Where no claim reports an end, each has its own period, and none is kept.
        claims += (claim for claim in reading.claims if relationship_key(claim) in closed)
        expected |= _facts((c for c in reading.claims if relationship_key(c) not in closed), index)
        for entity in mentioned(reading.claims, reading.records).values():
            label_counts.of(entity.id).add(entity, 1)
    for id_ in label_counts.ids():
        expected.update(description(id_, label_counts.of(id_), iris))
    expected |= _facts(claims, index)
    endings = {quad for quad in expected if quad.predicate == ENDING}
    yield from _differing(endings, set(index.store.quads_for_pattern(None, ENDING, None, iris.store)), iris)
    yield from _unlike(ox.DefaultGraph(), expected - endings, index)
    besides = beside(store.journal)
    annotated: defaultdict[Any, set[ox.Quad]] = defaultdict(set)
    for quad in besides.own | identity_quads(besides.identities, iris, iris.store):
        annotated[quad.graph_name].add(quad)
    records = set(index.store.quads_for_pattern(None, RECORD, None, iris.store))
    yield from _differing(annotated.pop(iris.store, set()), records, iris)
    for graph, quads in annotated.items():
        yield from _unlike(graph, quads, index)
    expected_graphs = {iris.document(id_) for id_ in held} | {iris.store, iris.ontology} | set(annotated)
    for graph in index.graphs():
        if graph not in expected_graphs:
            yield str(graph), "the journal knows no document of this graph"


def _closed_keys(store: LocalStore) -> set[Key]:
    """Return the relationships of which a claim reports an end."""
    claims = (claim for _, reading in current(store.journal) for claim in reading.claims)
    return {relationship_key(claim) for claim in claims if reports_end(claim)}


def _facts(claims: Iterable[Claim], index: Index) -> set[ox.Quad]:
    """Return the edges and marks that follow from all claims of some relationships."""
    facts = derived(claims, index.iris, index.day)
    return {*facts.edges, *facts.marks}


def _unlike(graph: Any, expected: set[ox.Quad], index: Index) -> Iterator[tuple[str, str]]:
    """Yield the subjects of which a graph says more or less than it should."""
    yield from _differing(expected, set(index.graph(graph)), index.iris)


def _differing(expected: set[ox.Quad], present: set[ox.Quad], iris: IriScheme) -> Iterator[tuple[str, str]]:
    for focus in sorted({_short(quad.subject, iris.base) for quad in present ^ expected}):
        yield focus, "the index says other things of it than the journal does"
