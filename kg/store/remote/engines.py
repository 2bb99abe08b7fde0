"""What differs from one SPARQL engine to another, as a table: KG_ENGINE names the row, and no code asks for a name.

Without a name the address tells where updates go, and the engine is tried out for the rest. A row is what was seen of
an engine that the tests run (`is_run`), else what its makers document.

>>> engine_of("graphdb").updates_at("http://localhost:7200/repositories/news")
'http://localhost:7200/repositories/news/statements'
>>> sorted(ENGINES)
['graphdb', 'jena', 'neptune', 'oxigraph', 'qlever', 'stardog', 'virtuoso']
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.errors import StoreError, did_you_mean

__all__ = ["ANY", "ENGINES", "Engine", "engine_of"]


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine behind an endpoint: where and how it is asked, what it takes at once, what its makers say of it.

    `query` is what its address looks like, `update` and `graphs` where updates and the Graph Store Protocol are, in
    terms of the address ({query}) and of what it lies in ({beside}); without `update` the address tells. `parameters`
    go with each query; where they are None, what the engines want to be told is tried. `update_field` names the field
    of the form that an update is sent in; without it, an update is the body. `quads`, `size` bound an update, in
    statements and characters, `rows` an answer that kg asks for, `page` one that the engine has to sort. `union` tells
    what makes a query without GRAPH find what is in any graph, `whole` what an update is to others, `secret` how it is
    told who asks, `patience` how long a query may take.
    """

    title: str
    query: str
    update: str = "{query}"
    graphs: str = ""
    parameters: Mapping[str, str] | None = field(default_factory=dict)
    update_field: str = ""
    takes_updates: bool = True
    holds_durations: bool = True
    quads: int = 1500
    size: int = 400_000
    rows: int = 4000
    page: int = 500
    union: str = ""
    whole: str = ""
    secret: str = ""
    patience: str = ""
    is_run: bool = False

    def updates_at(self, query: str) -> str:
        """Return where updates go, by the address of queries."""
        path = query.partition("?")[0].rstrip("/")
        return self.update.format(query=path, beside=path.rpartition("/")[0])


ANY = Engine(
    title="any engine",
    query="http://HOST/sparql",
    update="",
    parameters=None,
    union="Fuseki: unionDefaultGraph; Oxigraph: --union-default-graph",
)
"""An engine that nobody named: what is sent and asked for at once suits the narrowest."""

_BASIC = "KG_REMOTE_USER and KG_REMOTE_PASSWORD (Basic)"
ENGINES: Mapping[str, Engine] = {
    "virtuoso": Engine(
        title="Virtuoso 7.2",
        query="http://HOST:8890/sparql",
        graphs="{beside}/sparql-graph-crud",
        holds_durations=False,
        union="always so; there is no default graph besides",
        whole="one update is one transaction",
        secret="KG_REMOTE_USER and KG_REMOTE_PASSWORD at /sparql-auth (Digest); at /sparql, a grant to SPARQL",  # noqa: S106
        patience="MaxQueryExecutionTime; an answer that was cut short says so, and is refused",
        is_run=True,
    ),
    "oxigraph": Engine(
        title="Oxigraph 0.5",
        query="http://HOST:7878/query",
        update="{beside}/update",
        graphs="{beside}/store",
        parameters={"union-default-graph": "true"},
        quads=20_000,
        size=8_000_000,
        rows=50_000,
        page=5000,
        union="kg asks for it, or oxigraph serve --union-default-graph",
        whole="one update is one transaction",
        secret="none: a proxy before it",  # noqa: S106
        patience="oxigraph serve --timeout-s",
        is_run=True,
    ),
    "jena": Engine(
        title="Apache Jena Fuseki, TDB2",
        query="http://HOST:3030/DATASET/query",
        update="{beside}/update",
        graphs="{beside}/data",
        quads=20_000,
        size=8_000_000,
        rows=50_000,
        page=5000,
        union="tdb2:unionDefaultGraph true, which leaves the default graph out",
        whole="one update is one transaction",
        secret=_BASIC,
        patience="arq:queryTimeout",
    ),
    "graphdb": Engine(
        title="GraphDB",
        query="http://HOST:7200/repositories/REPOSITORY",
        update="{query}/statements",
        graphs="{query}/rdf-graphs/service",
        parameters={"infer": "false"},
        quads=20_000,
        size=8_000_000,
        rows=50_000,
        page=5000,
        union="always so",
        whole="one update is one transaction",
        secret=f"{_BASIC}, or KG_TOKEN",
        patience="the repository's query time-out",
    ),
    "stardog": Engine(
        title="Stardog",
        query="http://HOST:5820/DATABASE/query",
        update="{beside}/update",
        graphs="{beside}",
        parameters={"reasoning": "false"},
        quads=20_000,
        size=8_000_000,
        rows=50_000,
        page=5000,
        union="the database's option query.all.graphs=true",
        whole="one update is one transaction",
        secret=f"{_BASIC}, or KG_TOKEN",
        patience="the database's option query.timeout",
    ),
    "neptune": Engine(
        title="Amazon Neptune",
        query="https://HOST:8182/sparql",
        graphs="{query}/gsp/",
        update_field="update",
        quads=20_000,
        size=8_000_000,
        rows=50_000,
        page=5000,
        union="always so; what has no graph is put into one",
        whole="one update is one transaction",
        secret="the network: kg signs no requests, so IAM authentication is off, or a proxy signs",  # noqa: S106
        patience="neptune_query_timeout",
    ),
    "qlever": Engine(
        title="QLever",
        query="http://HOST:7001/",
        takes_updates=False,
        rows=50_000,
        page=5000,
        union="always so",
        whole="kg only reads: an index is made of bulk files",
        secret="none, to ask",  # noqa: S106
        patience="qlever start with TIMEOUT in the Qleverfile",
    ),
}
"""The engines by name."""


def engine_of(name: str | None) -> Engine:
    """Return an engine by its name, or `ANY`; raise `StoreError` for a name that there is not."""
    if not name:
        return ANY
    engine = ENGINES.get(name.lower())
    if engine is None:
        hint = did_you_mean(name, ENGINES) or f" There are: {', '.join(ENGINES)}."
        raise StoreError(f"kg knows no engine '{name}' (KG_ENGINE).{hint}")
    return engine
