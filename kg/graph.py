"""The graph of company relationships as notebooks, the command line and the server use it: one face for all."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from kg.displays import DossierText
from kg.errors import QueryError
from kg.facts import AsOf
from kg.graph_forms import OLD_NAMES
from kg.graph_judging import GraphJudging
from kg.model import Document
from kg.query.result import QueryResult
from kg.renamed import warn_of_old_name
from kg.settings import PRECISION
from kg.store import open_store, without_secrets

if TYPE_CHECKING:
    import pandas as pd

    from kg.analysis import Result
    from kg.analysis.history.changes import Change
    from kg.analysis.records import Row
    from kg.pipeline import BuildReport
    from kg.query.dossiers import Dossier
    from kg.search import SearchResult
    from kg.store import UpdateResult

__all__ = ["Graph", "examples", "open"]

_R = TypeVar("_R", bound="Row")


def examples() -> Path:
    """Return the folder of example articles that kg ships: four short news items, two French, two English."""
    return Path(__file__).parent / "examples"


def open(  # noqa: A001 - kg.open
    path: str | Path | None = None, *, write: bool | None = None, today: str | dt.date | None = None
) -> "Graph":
    """Open a graph: a folder, a SPARQL 1.1 endpoint, or an empty graph in memory.

    Many processes may read a folder at once; one may write. An endpoint's password stands in its address or in
    KG_REMOTE_USER and KG_REMOTE_PASSWORD, a token in KG_TOKEN.

    Args:
        path: the folder, or the address "https://host/sparql"; None for a graph in memory.
        write: open it for reading documents in, too. In memory that is the default.
        today: the day for which it is decided which facts hold, by default `kg.settings.today`.

    Raises:
        kg.errors.StoreError: with the reason, where the graph cannot be opened.

    """
    store = open_store(path, write=path is None if write is None else write)
    return Graph(store, today=today, name="in memory" if path is None else without_secrets(str(path)))


class Graph(GraphJudging):
    """A graph of company relationships. Close it, or use it in a `with` block.

    Most questions take `as_of`: a date ("2025-03": as it was true then), an `kg.facts.AsOf` for the other clocks, or
    None for `today`.
    """

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<kg.Graph {self.name}>" if self.name else "<kg.Graph>"

    def __dir__(self) -> list[str]:
        return sorted({name for name in object.__dir__(self) if not name.startswith("_")} - OLD_NAMES)

    def close(self) -> None:
        """Release the files and locks of the store."""
        self.store.close()

    # ------------------------------------------------------------------------------ reading in
    def build(
        self,
        *paths: str | Path,
        lang: str | None = None,
        date: str | None = None,
        tier: str | None = None,
        jobs: int | None = 0,
        precision: float = PRECISION,
    ) -> "BuildReport":
        """Read files and folders into the graph.

        Args:
            paths: files and folders, of the kinds that `kg build` reads.
            lang: their language, "en" or "fr"; by default it is found.
            date: their publication date; by default it is found.
            tier: what kind of source they are (`kg.model.Tier`); by default as the file beside a text says.
            jobs: how many processes read at once; None for as many as suit the machine, 0 for this process alone.
                A document cannot harm this process then. A script that uses jobs does its work under
                ``if __name__ == "__main__"``.
            precision: the share of admitted claims that are to be right; what is less sure is to review.

        Returns:
            What was read and what was not, and how many claims were admitted, are to review, were refused.

        """
        from kg.pipeline import BuildOptions, SourceOptions, build

        return build(
            self.store,
            [str(path) for path in paths],
            SourceOptions(lang, date, tier=tier),
            BuildOptions(jobs, precision=precision),
        )

    def read(self, text: str, *, lang: str, date: str | None = None, name: str | None = None) -> int:
        """Read one text into the graph under a name (made from the text by default); return the number of its claims.

        Example:
            >>> with Graph(open_store(None, write=True)) as graph:
            ...     graph.read("Nvidia owns a 6% stake in CoreWeave.", lang="en")
            1

        """
        from kg.pipeline import read_document

        document = Document(name or "text", text, lang, date)
        if name is None:
            document = Document(f"text-{document.sha256[:12]}", text, lang, date)
        extraction, _ = read_document(document)
        self.store.commit([extraction])
        return len(extraction.claims)

    def update(self, sparql: str) -> "UpdateResult":
        """Change named graphs of your own by SPARQL 1.1 Update, the whole request or nothing of it.

        Queries see them together with the rest. Claims and what follows from them change only with their documents:
        an update that would touch them raises `kg.errors.QueryError`.
        """
        return self.store.update(sparql)

    # ------------------------------------------------------------------------------ questions
    def query(self, query: str, *arguments: str, as_of: AsOf | str | None = None, **values: object) -> QueryResult:
        """Answer a question of the catalogue, a SPARQL SELECT query or a ``.rq`` file.

        Values are bound as terms, never written into the text: ``graph.query("suppliers", "CoreWeave")``, and to
        the variables of your own query: ``graph.query("SELECT ?c { ?c kg:percent ?min }", min=Decimal(6))``.

        Args:
            query: the question's name (``kg query --list``), the text, or a file's name.
            arguments: values of the question's parameters, in their order.
            as_of: the date for which it answers; None is today.
            values: values of parameters or variables by name: text, numbers, dates, entities, RDF terms.

        Returns:
            Rows of Python values; ``.to_pandas()`` gives a DataFrame, ``result.amount / 1e9`` computes.

        Raises:
            kg.errors.QueryError: for a query that cannot be answered, `UnknownQuery` for a name that does not exist.

        """
        answer = self._answer(query, arguments, values, as_of)
        if isinstance(answer, bool):
            warn_of_old_name('graph.query("ASK …")', "graph.ask(…)")
        elif isinstance(answer, str):
            warn_of_old_name('graph.query("CONSTRUCT …")', "graph.construct(…)")
        return cast("QueryResult", answer)

    def construct(self, query: str, **values: object) -> str:
        """Answer a SPARQL CONSTRUCT or DESCRIBE query as Turtle; values are bound to variables as in `query`."""
        answer = self._answer(query, (), values)
        if not isinstance(answer, str):
            raise QueryError("this is no CONSTRUCT query: use graph.query for SELECT, graph.ask for ASK")
        return answer

    def answer(
        self, query: str, *arguments: str, as_of: AsOf | str | None = None, words: str = "", **values: object
    ) -> QueryResult | bool | str:
        """Answer as `query`, `ask` or `construct` do, whichever it is; in words of the language `words`."""
        return self._answer(query, arguments, values, as_of, words)

    def _answer(
        self,
        query: str,
        arguments: Sequence[str],
        values: Mapping[str, object],
        as_of: AsOf | str | None = None,
        words: str = "",
    ) -> QueryResult | bool | str:
        from kg.catalogue import Request, answer_request

        request = Request(query, arguments, values, self._dates(as_of), bool(words), words or "en")
        answer, notes = answer_request(self.store, request)
        return answer if isinstance(answer, bool | str) else QueryResult(answer, notes)

    def disputes(self, company: str | None = None, *, as_of: AsOf | str | None = None) -> "pd.DataFrame":
        """Return what sources say that cannot all be right: a row a claim, the newest last.

        `sources` counts the independent sources of what the row says: copies of one story are one. See
        `kg.facts.disputes`.
        """
        from kg.query.computed import disputes_table
        from kg.query.recorded import entity_then, recorded_then

        dates = self._dates(as_of)
        entity = None if company is None else entity_then(self.store, company, recorded_then(self.store, dates)).id
        return QueryResult(disputes_table(self.store, entity, as_of=dates)).to_pandas()

    def relations(
        self,
        company: str | None = None,
        *,
        relation: str | None = None,
        modality: str | None = None,
        lang: str = "en",
        as_of: AsOf | str | None = None,
    ) -> QueryResult:
        """Return what the sources say of relations, in words: facts first, a row for claims that agree.

        Args:
            company: only relations of this company.
            relation: only this relation, such as "holds-stake".
            modality: only this modality, such as "planned".
            lang: the language of the words.
            as_of: the date for which it is decided what holds; None is today.

        """
        from kg.query import relations_table

        dates = self._dates(as_of)
        table = relations_table(
            self.store, company=company, relation=relation, modality=modality, lang=lang, as_of=dates
        )
        return QueryResult(table, self.store.selection.notes())

    def search(  # noqa: PLR0913 - keywords, each with a default
        self,
        words: str = "",
        *,
        company: str | None = None,
        relation: str | None = None,
        modality: str | None = None,
        document: str | None = None,
        source: str | None = None,
        lang: str | None = None,
        since: str | None = None,
        until: str | None = None,
        outcome: str | None = None,
        judged: str | None = None,
        within: str = "sentences",
        limit: int = 20,
        offset: int = 0,
    ) -> "SearchResult":
        """Search the texts: ``graph.search('"take or pay" -option', company="CoreWeave", since="2025")``.

        All `words` must be there, in any form; "in quotes" together, -this not at all. `company` is named there, or a
        claim is about it; `relation`, `modality`, `outcome` ("none": no claim) and `judged` ("yes", "no", "right" …)
        are of claims there. `within` is "sentences" or "documents"; see `kg.search.SearchRequest` for the rest.

        Returns:
            The best hits first, as a table with exact places; ``total``, ``facets`` and ``hits`` tell more.

        """
        from kg.search import SearchRequest, search

        asked = {name: value for name, value in locals().items() if name in SearchRequest.__dataclass_fields__}
        return search(self.store, SearchRequest(**asked))

    def dossier(
        self,
        company: str,
        other: str | None = None,
        *,
        outcome: str = "admitted",
        as_of: AsOf | str | None = None,
    ) -> "Dossier":
        """Return what the sources say of a company, or of two companies at once, as data.

        With another `outcome` (see `claims`), claims that were not admitted are told apart from the rest.
        """
        from kg.query import between, dossier, outcomes_of

        dates, outcomes = self._dates(as_of), outcomes_of(outcome)
        if other is None:
            return dossier(self.store, company, as_of=dates, outcomes=outcomes)
        return between(self.store, company, other, as_of=dates, outcomes=outcomes)

    def show(self, company: str, lang: str = "en", *, as_of: AsOf | str | None = None) -> DossierText:
        """Return a company's dossier in words: each relation with its terms, dates, modality and sentence."""
        return _in_words(self.dossier(company, as_of=as_of), lang)

    def between(self, company: str, other: str, lang: str = "en", *, as_of: AsOf | str | None = None) -> DossierText:
        """Return what the sources say of two companies at once, in words, with the sentences."""
        return _in_words(self.dossier(company, other, as_of=as_of), lang)

    def analyse(self, name: str, *arguments: str, as_of: AsOf | str | None = None, **options: object) -> "Result[Any]":
        """Answer an analysis of `kg.analysis.ANALYSES`: ``graph.analyse("control", "Microsoft", threshold=0.5)``.

        Args:
            name: the analysis (``kg analyse --list``).
            arguments: the companies it asks for, in their order.
            as_of: the date for which it answers; None is today.
            options: its other parameters, by name.

        Returns:
            Typed rows with ``notes`` and ``claims``, ``table()``, ``plot()`` and ``to_networkx()``.

        """
        from kg.analysis import analyse
        from kg.analysis.background import Background
        from kg.query.as_of import claims_as_of

        old = {clock: options.pop(clock) for clock in ("valid", "known", "recorded") if clock in options}
        if old:
            warn_of_old_name("graph.analyse(valid=, known=, recorded=)", "graph.analyse(as_of=AsOf(…))")
            as_of = AsOf(**{clock: None if date is None else str(date) for clock, date in old.items()})
        dates = self._dates(as_of)
        claims, background = claims_as_of(self.store, dates), Background(self.store)
        result = analyse(claims, name, *arguments, as_of=dates, background=background, **options)
        return self._noted(result)

    def diff(self, since: str, until: str, clock: str = "known", company: str | None = None) -> "Result[Change]":
        """Return what changed between two dates on a clock: known, valid or recorded; of all or of one company."""
        from kg.analysis import changes

        return self._noted(changes(self.store.history(), since, until, clock=clock, company=company))

    def _noted(self, result: "Result[_R]") -> "Result[_R]":
        """Return a result that says what the graph is narrowed to."""
        notes = self.store.selection.notes()
        return replace(result, notes=(*notes, *result.notes)) if notes else result


def _in_words(dossier: "Dossier", lang: str) -> DossierText:
    import html
    import io

    from kg.query import write_dossier

    out = io.StringIO()
    write_dossier(dossier, out, lang, width=100)
    return DossierText(out.getvalue(), f"<pre>{html.escape(out.getvalue())}</pre>")
