"""What a Jupyter user works with: a graph to read into, ask, look at and take apart."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from kg.errors import MissingExtra
from kg.model import Claim, Document, Entity
from kg.store import Store, open_store

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd
    import pyarrow as pa
    import rdflib

    from kg.analysis import Result
    from kg.analysis.history.changes import Change
    from kg.pipeline import BuildReport
    from kg.store import UpdateResult

__all__ = ["DossierText", "Graph", "InlineViewer", "examples", "open"]


def examples() -> Path:
    """Return the folder of example articles that kg ships: four short news items, two French, two English."""
    return Path(__file__).parent / "examples"


def open(path: str | Path | None = None, *, write: bool | None = None) -> "Graph":  # noqa: A001 - kg.open
    """Open the graph kept in the folder `path`, behind an endpoint's address, or an empty one in memory.

    A graph on disk is opened for reading, as many at once as you like; `write=True` lets it read
    documents too, one at a time. ``kg.open("https://host/sparql")`` asks a SPARQL 1.1 endpoint: a password
    stands in the address or in KG_REMOTE_USER and KG_REMOTE_PASSWORD, a token in KG_TOKEN. Raises a
    `kg.errors.StoreError` with the reason where it cannot.
    """
    return Graph(open_store(path, write=path is None if write is None else write))


@dataclass(frozen=True, slots=True)
class _Shown:
    """Something that Jupyter shows as HTML and a terminal as text."""

    text: str
    html: str

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return self.html


class DossierText(_Shown):
    """A dossier in words."""


class InlineViewer(_Shown):
    """The viewer's page, shown inline."""


class Graph:
    """A company graph. Close it, or use it in a `with` block."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        entities = sum(1 for _ in self.store.entities())
        claims = sum(1 for _ in self.store.claims())
        return f"<kg.Graph: {entities} entities, {claims} claims>"

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()

    # ------------------------------------------------------------------------------ reading in
    def build(
        self, *paths: str | Path, lang: str | None = None, date: str | None = None, jobs: int | None = 0
    ) -> "BuildReport":
        """Read files and folders into the graph; the result tells what was read and what was not.

        With `jobs` so many processes read at once (None: as many as suit the machine), and no document
        can harm this one. A script that asks for them does its work under ``if __name__ == "__main__"``.
        """
        from kg.pipeline import BuildOptions, SourceOptions, build

        return build(self.store, [str(path) for path in paths], SourceOptions(lang, date), BuildOptions(jobs))

    def read(self, text: str, *, lang: str, date: str | None = None, name: str | None = None) -> int:
        """Read one text into the graph under a name (made from the text by default); return its claims' number."""
        from kg.pipeline import read_document

        document = Document(name or "text", text, lang, date)
        if name is None:
            document = Document(f"text-{document.sha256[:12]}", text, lang, date)
        reading, _ = read_document(document)
        self.store.commit([reading])
        return len(reading.claims)

    # ------------------------------------------------------------------------------ asking
    def query(self, query: str, *arguments: str, **named: Any) -> Any:
        """Answer SPARQL, a ``.rq`` file or a library query as a pandas DataFrame (ASK: a bool).

        Values are bound as terms, never written into the text: ``graph.query("suppliers", "CoreWeave")``, and to
        the variables of a query of one's own: ``graph.query("SELECT ?c { ?c kg:percent ?least }", least=Decimal(6))``.
        """
        from kg.query import Table, resolve, run

        parameters = {parameter.name for parameter in resolve(query).parameters}
        given = [*arguments, *(f"{key}={value}" for key, value in named.items() if key in parameters)]
        result = run(self.store, query, given, {key: named[key] for key in named if key not in parameters})
        if not isinstance(result, Table):
            return result
        return _pandas().DataFrame([list(row) for row in result.rows], columns=list(result.columns))

    def update(self, sparql: str) -> "UpdateResult":
        """Change named graphs of your own by SPARQL 1.1 Update, the whole request or nothing of it.

        They are asked together with the rest. Claims and what follows from them change only with their documents:
        an update that would touch them raises `kg.errors.QueryError`.
        """
        return self.store.update(sparql)

    def claims(self, company: str | None = None) -> Iterator[Claim]:
        """Iterate over the claims, of all companies or of one."""
        from kg.query import find_entity

        return self.store.claims(entity=None if company is None else find_entity(self.store, company).id)

    def entities(self) -> Sequence[Entity]:
        """Return the entities, in order of id."""
        return sorted(self.store.entities(), key=lambda entity: entity.id)

    def table(self, company: str | None = None) -> "pd.DataFrame":
        """Return the claims as a DataFrame: a row a claim, a column a term, the sentence last."""
        from kg.export.table import frame

        _pandas()
        return frame(self.claims(company))

    def claims_table(self) -> "pa.Table":
        """Return the claims as an Arrow table for DuckDB, polars or pandas: a row a claim, every term typed.

        It is kept beside the graph and made fresh when that has changed; `kg.store.columns` tells its columns.
        """
        return self.store.claims_table()

    def disputes(self, company: str | None = None) -> "pd.DataFrame":
        """Return what sources say that cannot all be right, on all or one company: a row a claim, the newest last.

        `sources` counts those of what the row says; copies of one story are one. See `kg.query.disputes`.
        """
        found: pd.DataFrame = self.query("disputes", *([] if company is None else [company]))
        return found

    def show(self, company: str, lang: str = "en") -> DossierText:
        """Return a company's dossier: each relation with its terms, dates, modality and sentence."""
        from kg.query import dossier

        return self._dossier(dossier(self.store, company), lang)

    def between(self, company: str, other: str, lang: str = "en") -> DossierText:
        """Return what ties two companies."""
        from kg.query import between

        return self._dossier(between(self.store, company, other), lang)

    @staticmethod
    def _dossier(found: Any, lang: str) -> DossierText:
        import html

        from kg.query import write_dossier

        out = io.StringIO()
        write_dossier(found, out, lang, width=100)
        return DossierText(out.getvalue(), f"<pre>{html.escape(out.getvalue())}</pre>")

    # ------------------------------------------------------------------------------ analysis
    def analyse(
        self,
        name: str,
        *arguments: str,
        valid: str | None = None,
        known: str | None = None,
        recorded: str | None = None,
        **options: Any,
    ) -> "Result[Any]":
        """Answer one of `kg.analysis.ANALYSES`: ``graph.analyse("control", "Microsoft", threshold=0.5)``.

        `valid`, `known` and `recorded` are dates at which the three clocks stand (see `kg.facts.as_of`), by
        default today. The result has rows, `notes`, `claims`, ``table()``, ``plot()`` and ``to_networkx()``.
        """
        from kg.analysis import analyse
        from kg.facts import AsOf
        from kg.settings import today

        # Today's names are later knowledge: a history has those of its time.
        claims = self.store.claims() if recorded is None and known is None else self.store.history()
        return analyse(claims, name, *arguments, as_of=AsOf(valid, known, recorded).or_on(today()), **options)

    def diff(self, since: str, until: str, clock: str = "known", company: str | None = None) -> "Result[Change]":
        """Return what changed between two dates on a clock: known, valid or recorded; of all or of one company."""
        from kg.analysis import changes

        return changes(self.store.history(), since, until, clock=clock, company=company)

    # ------------------------------------------------------------------------------ elsewhere
    def view(  # noqa: PLR0913 - keywords, each with a default
        self,
        company: str | None = None,
        *,
        hops: int = 2,
        as_of: str | None = None,
        lang: str = "en",
        title: str | None = None,
        height: str = "640px",
    ) -> Any:
        """Return the picture: of all, or of what lies at most `hops` relations around a company.

        In a notebook it is a widget, whose `selected` is what is chosen in it; without anywidget it is
        a `InlineViewer`. `as_of` is the date at which its clock stands. A page of its own is ``kg view``.
        """
        from kg.view import store_view
        from kg.view.html import framed, html_of

        view = store_view(self.store, company=company, title=title, lang=lang, hops=hops, as_of=as_of)
        try:
            from kg.view.widget import Widget
        except ImportError:
            page = html_of(view)
            return InlineViewer(
                f"<a picture of {len(view['companies'])} entities; shown in a notebook>", framed(page, height)
            )
        return Widget(view, height)

    def to_pyvis(self, company: str | None = None, *, lang: str = "en") -> Any:
        """Return the picture as a `pyvis.network.Network`; its ``generate_html()`` loads nothing and runs no name."""
        from kg.view.views import pyvis_network

        return pyvis_network(self.store, company=company, lang=lang)

    def to_networkx(self, *, facts_only: bool = False) -> "nx.MultiDiGraph[str]":
        """Return a networkx MultiDiGraph: entities as nodes, claims as edges with their terms and sentence."""
        from kg.export.network import to_networkx

        return to_networkx(self.store.claims(), facts_only=facts_only)

    def rdflib(self) -> "rdflib.Dataset":
        """Return the graph as an `rdflib.Dataset` over the same data."""
        return self.store.dataset()

    def documents(self) -> Mapping[str, Document]:
        """Return the documents by id, with their texts."""
        return {document.id: document for document in self.store.documents()}


def _pandas() -> Any:
    try:
        import pandas as pd
    except ImportError as error:
        raise MissingExtra("tables need pandas: pip install 'kg[notebook]'") from error
    return pd
