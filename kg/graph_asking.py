"""Questions to a graph in words, and those of SPARQL that are answered by yes or no."""

from typing import TYPE_CHECKING

from kg.errors import QueryError
from kg.facts import AsOf
from kg.graph_forms import GraphForms

if TYPE_CHECKING:
    from kg.asking import Reply

__all__ = ["GraphAsking"]


class GraphAsking(GraphForms):
    """What `kg.Graph` is asked in words."""

    def ask(
        self, question: str, *, lang: str | None = None, as_of: AsOf | str | None = None, **values: object
    ) -> "Reply | bool":
        """Answer a question in words, or a SPARQL ASK query, which is told by its braces.

        A question in words goes through the catalogue of questions; no model takes part:
        ``graph.ask("who supplies CoreWeave?")``, ``graph.ask("qui détient plus de 5 % de CoreWeave ?")``.

        Args:
            question: the question, in English or French, or the query.
            lang: the language of a question in words; by default the one in which it is understood.
            as_of: the date for which a question in words is asked where it names none; None is today.
            values: values of the query's variables by name, bound as in `query`.

        Returns:
            Of words a `kg.asking.Reply`: facts in ``result``, what is no fact in ``apart``, the ``sparql`` that ran,
            and of a question of yes or no the ``verdict``. Of a query whether it holds.

        Raises:
            kg.errors.NotUnderstood: with what of the words was not understood, and the nearest questions.

        """
        if "{" in question:
            return self._holds(question, values if lang is None else {**values, "lang": lang})
        from kg.asking import ask

        if values:
            raise QueryError(f"a question in words takes no values: leave {', '.join(values)} out, or write SPARQL")
        return ask(self.store, question, lang=lang, as_of=self._dates(as_of))

    def _holds(self, query: str, values: dict[str, object]) -> bool:
        from kg.catalogue import Request, answer_request

        answer, _ = answer_request(self.store, Request(query, (), values, self._dates(None)))
        if not isinstance(answer, bool):
            raise QueryError("this is no ASK query: use graph.query for SELECT, graph.construct for CONSTRUCT")
        return answer
