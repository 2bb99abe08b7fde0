"""The result of an analysis, with the forms that it can take: a table, a picture, a graph, text."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from kg.analysis.records import ResultData, Row

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["Result"]

R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Result(ResultData[R]):
    """What an analysis found, and what becomes of it. Each method loads its library when it is first called.

    >>> from kg.analysis import claims_of_edges, owners
    >>> print(owners(claims_of_edges([("Alice", "Beta", 0.6)]), "Beta"))  # doctest: +ELLIPSIS
    Who owns Beta, directly and indirectly
    ...
    """

    def table(self) -> "pd.DataFrame":
        """Return the rows as a DataFrame, a share in two columns, its bounds: see `kg.analysis.results.tables`."""
        from kg.analysis.results.tables import frame

        return frame(self)

    def plot(self, ax: "Axes | None" = None) -> "Axes":
        """Draw the rows: bars with their uncertainty, or the companies that they relate."""
        from kg.analysis.results.plots import plot

        return plot(self, ax)

    def to_networkx(self) -> "nx.MultiDiGraph[str]":
        """Return the claims behind the rows as a networkx graph, the result on it: see `kg.analysis.results.graphs`."""
        from kg.analysis.results.graphs import annotated

        return annotated(self)

    def __str__(self) -> str:
        from kg.analysis.results.text import as_text

        return as_text(self)

    def _repr_html_(self) -> str:
        from kg.analysis.results.tables import as_html

        return as_html(self)
