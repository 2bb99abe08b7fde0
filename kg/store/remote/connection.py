"""Opening a graph behind an endpoint: what it holds, under which base, and what the engine wants to be told."""

import contextlib
import datetime as dt
from collections.abc import Callable, Mapping

import pyoxigraph as ox

from kg import formats
from kg.errors import StoreError
from kg.ontology import BASE, ontology, turtle
from kg.store.index import schema_version
from kg.store.iris import IriScheme, term
from kg.store.remote.endpoint import Endpoint
from kg.store.remote.engines import ENGINES
from kg.store.remote.graph import RemoteGraph
from kg.store.remote.graph_writer import GraphWriter
from kg.store.remote.http import USUAL, HttpLimits, HttpTransport, library
from kg.store.remote.paging import DURATION
from kg.store.remote.sparql_client import SparqlClient
from kg.store.remote.store import RemoteStore, near_duplicate_index

__all__ = ["open_remote"]

_FOR_READING = "the store is open for reading: open it with write=True to change it"
_TRIED: tuple[Mapping[str, str], ...] = ({}, *(engine.parameters for engine in ENGINES.values() if engine.parameters))
"""What an engine that was not named is told, so that a query without GRAPH finds what is in any graph."""
_STANDS_AT = term("dcterms:identifier")


def open_remote(  # noqa: PLR0913 - what an opening may be told
    url: str,
    *,
    today: dt.date,
    write: bool = False,
    base: str = BASE,
    clock: Callable[[], str],
    limits: HttpLimits = USUAL,
) -> RemoteStore:
    """Open the graph behind the endpoint at `url`; an empty endpoint takes one when it is written to.

    Who writes moves the edges to `today`; who reads is told by `notes` where they stand for another day.

    Raises `StoreError` with one line where nobody answers, where the answer is none of SPARQL's, where the endpoint
    answers from its default graph alone, or where its graph has another base or format; `MissingExtra` without httpx2.
    """
    library()
    client = SparqlClient(HttpTransport(Endpoint.of(url), limits))
    try:
        return _opened(client, today, write=write, base=base, clock=clock)
    except BaseException:
        client.transport.close()
        raise


def _opened(client: SparqlClient, today: dt.date, *, write: bool, base: str, clock: Callable[[], str]) -> RemoteStore:
    client.more = dict(client.engine.parameters or {})
    if write and not client.engine.takes_updates:
        raise StoreError(f"{client.engine.title} is only asked by kg ({client.engine.whole}): see 'kg export --shards'")
    base_ = _base(client)
    if base_ is not None and base not in {BASE, base_}:
        raise StoreError(f"the graph at {client.host} has the base {base_}, which cannot be changed to {base}")
    graph = RemoteGraph(client, IriScheme(base_ or base))
    if base_ is not None:
        _check_format(graph)
        _see_all(client, "GRAPH ?g { ?s a schema:NewsArticle }", "?s a schema:NewsArticle")
    writer = GraphWriter(graph, today)
    if write:
        _prepare(graph, writer)
        writer.set_day(today)
    else:
        writer.day = graph.today() or today
    notes = () if write else tuple(_notes(graph, today, is_there=base_ is not None))
    near_duplicates = near_duplicate_index(client.transport.endpoint.query)
    return RemoteStore(graph, writer, clock, notes, None if write else _FOR_READING, near_duplicates)


def _check_format(graph: RemoteGraph) -> None:
    """Refuse a graph that another version of kg has written: its claims have other ids, and other dates beside them."""
    pattern = f"GRAPH {graph.bookkeeping} {{ {graph.iris.store} {_STANDS_AT} ?mark }}"
    for row in graph.client.rows(f"SELECT ?mark WHERE {{ {pattern} }}"):
        # The first version wrote the hash of the schema alone.
        version, plus, _ = row["mark"].value.partition("+")
        stated = version if plus else "kg-index/1"
        if stated != formats.INDEX:
            older = formats.is_older(stated, formats.INDEX)
            raise StoreError(
                f"the graph at {graph.client.host} has the format {stated}, this kg reads {formats.INDEX}: "
                + ("build into an empty graph" if older else "update kg")
            )


def _base(client: SparqlClient) -> str | None:
    """Return the base of the graph that is there: what stands before "document/" in the name of a document's graph."""
    rows = client.rows(
        "SELECT ?g ?id { GRAPH ?g { ?g a schema:NewsArticle ; schema:identifier ?id ; schema:sha256 ?hash } } LIMIT 20"
    )
    for row in rows:
        iri, ending = row["g"].value, IriScheme().document(row["id"].value).value.removeprefix(BASE)
        if iri.endswith(ending):
            return str(iri.removesuffix(ending))
    return None


def _see_all(client: SparqlClient, somewhere: str, anywhere: str) -> None:
    """See that what is in some graph is found without naming it, with what the engine wants to be told for that."""
    engine = client.engine
    for more in _TRIED if engine.parameters is None else (engine.parameters,):
        client.more = dict(more)
        if client.says(f"ASK {{ {somewhere} FILTER EXISTS {{ {anywhere} }} }}"):
            return
    raise StoreError(
        f"{client.host} answers from its default graph alone, and kg asks the union of all graphs: turn it on"
        f" ({engine.union})"
    )


def _prepare(graph: RemoteGraph, writer: GraphWriter) -> None:
    """See that the endpoint takes updates and has the schema of this kg, before any document is sent."""
    mark = ox.Quad(graph.iris.store, _STANDS_AT, ox.Literal(schema_version()), graph.bookkeeping)
    is_ready = graph.client.says(f"ASK {{ GRAPH {graph.bookkeeping} {{ {mark.triple} }} }}")
    if not is_ready:
        triples = ox.parse(turtle("kg.ttl").encode(), ox.RdfFormat.TURTLE)
        writer.send([f"DROP SILENT GRAPH {graph.iris.ontology}"])
        writer.load(ox.Quad(t.subject, t.predicate, t.object, graph.iris.ontology) for t in triples)
        try:
            _see_all(graph.client, f"GRAPH {graph.iris.ontology} {{ kg:Claim a owl:Class }}", "kg:Claim a owl:Class")
        except StoreError:
            writer.send([f"DROP SILENT GRAPH {graph.iris.ontology}"])
            raise
        old = f"GRAPH {graph.bookkeeping} {{ {graph.iris.store} {_STANDS_AT} ?old }}"
        writer.send([f"DELETE WHERE {{ {old} }}"])
        if graph.client.engine.holds_durations:
            _try_durations(graph, writer)
        writer.load([mark])
    writer.in_default = _is_loaded_elsewhere(graph)
    writer.plain_durations = not graph.client.says(
        f"ASK {{ GRAPH {graph.bookkeeping} {{ {graph.iris.store} {DURATION} ?d }} }}"
    )


def _try_durations(graph: RemoteGraph, writer: GraphWriter) -> None:
    """Leave a duration there, if the engine takes one; whoever writes next sees whether it did."""
    tried = ox.Quad(graph.iris.store, DURATION, ox.Literal("P1Y", datatype=term("xsd:duration")), graph.bookkeeping)
    with contextlib.suppress(StoreError):
        writer.load([tried])


def _is_loaded_elsewhere(graph: RemoteGraph) -> bool:
    """Whether entities are described outside the graph that kg writes them to: an export was loaded, for instance."""
    classes = ", ".join(f"<{class_.iri}>" for class_ in ontology().classes.values())
    return graph.client.says(
        f"ASK {{ ?e a ?class FILTER(?class IN ({classes}))"
        f" FILTER NOT EXISTS {{ GRAPH {graph.derived} {{ ?e a ?class }} }} }}"
    )


def _notes(graph: RemoteGraph, today: dt.date, *, is_there: bool) -> list[str]:
    host = graph.client.host
    if not is_there:
        return [f"{host} holds no graph of kg: 'kg build ARTICLES --store URL' makes one where updates are allowed"]
    day = graph.today()
    notes = [] if day in {None, today} else [f"its edges stand for {day}: who writes to {host} next moves them"]
    if not graph.client.says(f"ASK {{ GRAPH {graph.bookkeeping} {{ ?document {term('prov:value')} ?record }} }}"):
        notes.append(f"{host} has no texts of documents: what is shown of them is the quotes alone")
    if not graph.client.says("ASK { kg:Claim a owl:Class }"):
        notes.append(f"{host} lacks the schema: load ontology/kg.ttl into {graph.iris.ontology}")
    return notes
