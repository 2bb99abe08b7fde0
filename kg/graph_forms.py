"""The claims of a graph, and the forms in which other libraries take them."""

import datetime as dt
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Self

from kg import settings
from kg.displays import InlineViewer
from kg.facts import AsOf, visible_claims
from kg.model import Claim, Document, Entity, Outcome
from kg.renamed import warn_of_old_name
from kg.store import Selection, Store, select

if TYPE_CHECKING:
    from typing import Unpack

    import networkx as nx
    import pandas as pd
    import pyarrow as pa
    import pyvis.network
    import rdflib

    from kg.bundle import Bundle, StoryOptions
    from kg.documents.pdf import MarkedPage
    from kg.importers.contract import Reject
    from kg.pipeline.imports import ImportReport
    from kg.view.scenes import Scenes
    from kg.view.widget import ViewWidget

__all__ = ["OLD_NAMES", "GraphForms"]

OLD_NAMES = frozenset({"claims_table", "rdflib", "table"})
"""Methods by names of the version before."""


class GraphForms:
    """What `kg.Graph` holds, as claims, entities, documents, tables, graphs and pictures."""

    def __init__(self, store: Store, *, today: str | dt.date | None = None, name: str = "") -> None:
        self.store = store
        self.name = name
        self._today = settings.day_of(today, "today") if isinstance(today, str) else today

    @property
    def today(self) -> dt.date:
        """The day for which it is decided which facts hold."""
        return self._today or settings.today()

    def select(self, *, accepted_only: bool = False, tiers: Iterable[str] = (), leads: bool = False) -> Self:
        """Return a part of the graph, for reading, of which all questions can be asked: ``graph.select(…).view()``.

        What it answers says that it is narrowed.

        Args:
            accepted_only: only what a person confirmed or made, and rows of registers (`kg.store.selection`).
            tiers: only documents of these tiers: "register", "filing", "company-release", "news", "web", "own-note".
            leads: with claims that are only reported (hedged); tables and JSON lines then have those to review too.

        """
        selection = Selection.of(accepted_only=accepted_only, tiers=tiers, leads=leads)
        return type(self)(select(self.store, selection), today=self._today, name=self.name)

    def _dates(self, as_of: AsOf | str | None) -> AsOf:
        """Return where the clocks stand: on today's date where nothing else is asked for."""
        if isinstance(as_of, AsOf) and as_of.day is None and as_of.recorded is None:
            return as_of  # NO_CUTOFF was asked for by its name
        return (AsOf(valid=as_of) if isinstance(as_of, str) else as_of or AsOf()).or_on(self.today)

    def claims(
        self, company: str | None = None, *, outcome: str = "admitted", as_of: AsOf | str | None = None
    ) -> Iterator[Claim]:
        """Iterate over claims, of all companies or of one; with `as_of` over those that were visible then.

        Args:
            company: only claims that name this company.
            outcome: what the gate decided: "admitted", "to-review", "refused" or "all"; only admitted claims are in the
                graph, and only of these is there a history, so that the others are those of now.
            as_of: the date; None is now.

        """
        from kg.query import ClaimFilter, find_claims, outcomes_of
        from kg.query.as_of import claims_as_of
        from kg.query.recorded import entity_then, recorded_then

        outcomes = outcomes_of(outcome)
        if outcomes != {Outcome.ADMITTED}:
            found = find_claims(self.store, outcomes, ClaimFilter(company))
            return found if as_of is None else visible_claims(found, self._dates(as_of))
        dates = AsOf() if as_of is None else self._dates(as_of)
        past = recorded_then(self.store, dates)
        entity = None if company is None else entity_then(self.store, company, past).id
        if as_of is None:
            return self.store.claims(entity=entity)
        claims = claims_as_of(self.store, dates) if past is None else past
        near = claims if entity is None else (c for c in claims if entity in {end.id for end in c.entities})
        return visible_claims(near, dates)

    def entities(self) -> Sequence[Entity]:
        """Return the entities, in order of id."""
        return sorted(self.store.entities(), key=lambda entity: entity.id)

    def documents(self) -> Mapping[str, Document]:
        """Return the documents by id, with their texts."""
        return {document.id: document for document in self.store.documents()}

    def to_pandas(self, company: str | None = None, *, as_of: AsOf | str | None = None) -> "pd.DataFrame":
        """Return the claims as a DataFrame: a row a claim, a column a term, the sentence last.

        Its column `fact` says what holds on the day asked for. Raises `MissingExtra` without pandas.
        """
        from kg.export.table import frame

        day, words = self._dates(as_of).day or self.today, self._narrowing()
        return frame(self.claims(company, as_of=as_of), today=day, selection=words)

    def to_arrow(self) -> "pa.Table":
        """Return the claims as an Arrow table for DuckDB, polars or pandas: a row a claim, every term typed.

        The table is kept beside the graph and made again when the graph has changed. Its columns are listed in
        `kg.store.columns`; `valid_from` and `valid_until` say when a claim holds. Raises `MissingExtra` where
        pyarrow is not installed.
        """
        return self.store.claims_table()

    def to_networkx(self, *, facts_only: bool = False, as_of: AsOf | str | None = None) -> "nx.MultiDiGraph[str]":
        """Return a networkx MultiDiGraph: entities as nodes, claims as edges with their terms and sentence.

        Args:
            facts_only: leave out claims that do not hold on the day asked for.
            as_of: the date; None is today.

        """
        from kg.export.network import to_networkx

        day = self._dates(as_of).day or self.today
        return to_networkx(self.claims(as_of=as_of), facts_only=facts_only, today=day, selection=self._narrowing())

    def to_rdflib(self) -> "rdflib.Dataset":
        """Return the graph as an `rdflib.Dataset` over the same data."""
        return self.store.dataset()

    def to_pyvis(self, company: str | None = None, *, lang: str = "en") -> "pyvis.network.Network":
        """Return the picture as a pyvis network; its ``generate_html()`` loads nothing and runs no text of a source."""
        from kg.view.views import pyvis_network

        return pyvis_network(self.store, company=company, lang=lang, today=self.today)

    def view(  # noqa: PLR0913 - keywords, each with a default
        self,
        company: str | None = None,
        *,
        hops: int = 2,
        as_of: AsOf | str | None = None,
        lang: str = "en",
        title: str | None = None,
        height: str = "640px",
        scenes: "str | Path | None" = None,
    ) -> "ViewWidget | InlineViewer":
        """Return the picture of all, or of what lies around a company. ``kg view`` writes it as a page.

        Args:
            company: the company to open at.
            hops: how many relations around it.
            as_of: the date at which the viewer's clock stands; None is today.
            lang: "en" or "fr".
            title: the heading.
            height: the height in the notebook, as style sheets write it.
            scenes: a file of notes and saved views (kg-scenes/1), which the viewer saves, to open with.

        Returns:
            A widget whose `selected` is what is chosen in it; without anywidget, an `InlineViewer`.

        """
        from kg.view import store_view
        from kg.view.html import framed, html_of

        day = self._view_day(as_of)
        said = _scenes(scenes)
        view = store_view(self.store, company=company, title=title, lang=lang, hops=hops, as_of=day, scenes=said)
        try:
            from kg.view.widget import ViewWidget
        except ImportError:
            text = f"<a picture of {len(view['companies'])} entities; shown in a notebook>"
            return InlineViewer(text, framed(html_of(view), height))
        return ViewWidget(view, height)

    def page(  # noqa: PLR0913 - keywords, each with a default
        self,
        company: str | None = None,
        *,
        form: str = "html",
        hops: int = 2,
        as_of: AsOf | str | None = None,
        lang: str = "en",
        title: str | None = None,
        scenes: "str | Path | None" = None,
    ) -> str:
        """Return the picture of `view` as a file's text: "html" (a page that needs no network), "pyvis" or "json"."""
        from kg.view import store_page

        day = self._view_day(as_of)
        said = _scenes(scenes)
        return store_page(
            self.store, company=company, title=title, lang=lang, hops=hops, as_of=day, form=form, scenes=said
        )

    def marked_page(self, claim: Claim | str) -> "MarkedPage":
        """Return the page of a PDF on which a claim's sentences stand, with them marked; a notebook shows it.

        Args:
            claim: it, or its id, or the first letters of that.

        Raises `QueryError` where there is no such claim, `kg.errors.DocumentError` where the file is no PDF, is no
        longer at hand or has another text than it had when it was read.

        """
        from kg.documents.pdf import marked_page
        from kg.query.review import find_claim

        found = find_claim(self.store, claim) if isinstance(claim, str) else claim
        spans = [(evidence.start, evidence.end) for evidence in found.evidence]
        return marked_page(self.store.document(found.document), spans)

    def cite(self, claim: Claim | str, style: str = "chicago", *, lang: str = "en") -> str:
        """Return how others cite a claim: its source, and where its sentence stands.

        Args:
            claim: it, or the id of a claim or of a fact (`kg.facts.fact_id`), or the first letters of one.
            style: "chicago", "bibtex", "csl-json" or "annotation" (`kg.export.citation`).
            lang: the language of dates and words.

        Raises `QueryError` where nothing is called so, and for a style that there is not.

        """
        from kg.export.citation import cite, cited

        claims = cited(self.store, claim, self._dates(None)) if isinstance(claim, str) else (claim,)
        return cite(self.store, claims, style, lang)

    def bundle(
        self,
        title: str,
        companies: Sequence[str] = (),
        *,
        notes: "str | Path | Scenes | None" = None,
        texts: bool = False,
        **asked: "Unpack[StoryOptions]",
    ) -> "Bundle":
        """Return a story that travels: ``Path("story.zip").write_bytes(graph.bundle("Deals", ["OpenAI"]).archive())``.

        It holds a page that needs no network, the same as PDF, RDF, JSON lines, CSV and FollowTheMoney, and a manifest
        of hashes; see `kg.bundle`.

        Args:
            title: its heading.
            companies: what it is about; none of them is all.
            notes: notes, saved views and places (`kg.view.scenes`), or a file of them.
            texts: with the whole texts of the documents.
            asked: what else `kg.bundle.StoryRequest` takes: relations, since, until, hops, valid, known, recorded,
                lang.

        Raises `UnknownEntity` with the nearest names, `QueryError` where there is nothing to tell.

        """
        from kg.bundle import StoryRequest, bundled, gathered
        from kg.view.scenes import Scenes, read_scenes

        if self._today is not None and not asked.get("known"):
            asked["valid"] = asked.get("valid") or self._today.isoformat()
        request = StoryRequest(title, tuple(companies), **asked)
        scenes = notes if isinstance(notes, Scenes) else Scenes() if notes is None else read_scenes(notes)
        return bundled(gathered(self.store, request, scenes, with_texts=texts))

    def _narrowing(self) -> str | None:
        """Return what the graph is narrowed to, in words; None where it is whole."""
        return self.store.selection.words() if self.store.selection.narrows else None

    def _view_day(self, as_of: AsOf | str | None) -> str | None:
        """Return the day for the viewer's clock; None leaves it to the viewer."""
        day = None if as_of is None else self._dates(as_of).day
        return str(day or self._today) if day or self._today else None

    def export(self, form: str, out: BinaryIO, *, outcome: str = "admitted") -> tuple[str, ...]:
        """Write the graph in a format of `kg.export.FORMATS`; return a note on each text that the format cannot hold.

        Tables and GraphML say what is a fact today. `outcome` is as in `claims`; RDF holds admitted claims alone.
        Raises `KgError` for a format that does not exist.
        """
        from kg.export import export
        from kg.query import outcomes_of

        return export(self.store, form, out, today=self.today, outcomes=outcomes_of(outcome))

    def export_folder(self, form: str, folder: str | Path, *, outcome: str = "admitted") -> tuple[str, ...]:
        """Write the graph into a new folder of files: Neo4j's CSV ("neo4j"), or tables of Parquet ("parquet").

        Return notes, and raise errors, as `export` does.
        """
        from kg.export import export_folder
        from kg.query import outcomes_of

        outcomes = outcomes_of(outcome)
        return export_folder(self.store, form, Path(folder), today=self.today, outcomes=outcomes)

    def export_shards(
        self, form: str, folder: str | Path, *, count: int = 8, engine: str | None = None
    ) -> tuple[str, ...]:
        """Write the graph into a new folder in at most `count` sorted, packed parts: "nquads", "trig", "turtle".

        They are for the bulk loader of a SPARQL engine, or of all but Virtuoso; what loads them is written beside them.
        Return notes.
        """
        from kg.export import export_shards

        return export_shards(self.store, form, Path(folder), count, engine)

    def import_exported(self, path: str | Path) -> "ImportReport":
        """Take in what `export` or `export_folder` wrote of another graph, as ``kg import`` does, and tell what came.

        A claim that does not hold is left out with a warning, and counted. Raises `DocumentError` for what is no such
        file.
        """
        from kg.export.reading import exported, take_in

        def warn(reject: "Reject") -> None:
            warnings.warn(f"{path}: {reject}", stacklevel=2)

        return take_in(self.store, exported(path), str(path), warn)

    # ------------------------------------------------------------------------------ old names
    def table(self, company: str | None = None) -> "pd.DataFrame":
        """Return `to_pandas`; this name goes with the next version."""
        warn_of_old_name("graph.table()", "graph.to_pandas()")
        return self.to_pandas(company)

    def claims_table(self) -> "pa.Table":
        """Return `to_arrow`; this name goes with the next version."""
        warn_of_old_name("graph.claims_table()", "graph.to_arrow()")
        return self.to_arrow()

    def rdflib(self) -> "rdflib.Dataset":
        """Return `to_rdflib`; this name goes with the next version."""
        warn_of_old_name("graph.rdflib()", "graph.to_rdflib()")
        return self.to_rdflib()


def _scenes(path: "str | Path | None") -> "Scenes | None":
    from kg.view.scenes import read_scenes

    return None if path is None else read_scenes(path)
