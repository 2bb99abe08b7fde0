"""From what is searched for to the engine's query: each word in the fields of both languages, each filter as a term."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from kg.dates import first_day, last_day
from kg.search.request import SearchRequest, Term, terms_of
from kg.store.text_entries import UNJUDGED
from kg.store.text_index import FIELDS, NAMES, UNDATED, TextIndex, engine

if TYPE_CHECKING:
    from tantivy import Query

__all__ = ["QueryPlan"]

_ALL_FIELDS = tuple(field for fields in FIELDS.values() for field in fields)
_NEAR, _SLOP = 2.0, 2
"""What words that stand together, or nearly so, count more than the same words apart."""


class QueryPlan:
    """Makes the queries for an index; `names` are those of the company that is asked for, `company` is its id."""

    def __init__(self, index: TextIndex, request: SearchRequest, company: str | None, names: Iterable[str]) -> None:
        self._index, self._request = index, request
        self._company, self._names = company, tuple(names)
        self._tantivy = engine()
        self._terms = terms_of(request.words)

    def query(self, *, dated: bool = True) -> "Query":
        """Return the query; without `dated`, that for what has no date and is else wanted."""
        must, must_not = self._tantivy.Occur.Must, self._tantivy.Occur.MustNot
        level = "document_" if self._request.within == "documents" else ""
        wanted = [term for term in self._terms if not term.is_excluded]
        clauses = [(must, self._words(term, level)) for term in wanted]
        clauses += [(must_not, self._words(term, level)) for term in self._terms if term.is_excluded]
        if (near := self._together(wanted, level)) is not None:
            clauses.append((self._tantivy.Occur.Should, near))
        # What only chooses has no part in the rank.
        clauses += [(must, self._tantivy.Query.const_score_query(one, 0.0)) for one in self._filters(level)]
        if dated:
            clauses += [(must, self._tantivy.Query.const_score_query(one, 0.0)) for one in self._dates()]
        elif self._has_dates:
            clauses.append((must, self._term("year", UNDATED)))
        return self._tantivy.Query.boolean_query(clauses)  # type: ignore[no-any-return]

    def best_in(self, document: str) -> "Query":
        """Return the query for the sentences of a document that have most of the words."""
        occur, sought = self._tantivy.Occur, [term for term in self._terms if not term.is_excluded]
        chosen = [self._term("kind", "sentence"), self._term("document", document)]
        clauses = [(occur.Must, self._tantivy.Query.const_score_query(one, 0.0)) for one in chosen]
        clauses += [(occur.Should, self._words(term, "")) for term in sought]
        return self._tantivy.Query.boolean_query(clauses)  # type: ignore[no-any-return]

    def words(self, field: str) -> frozenset[str]:
        """Return the words that are searched for, as a field has them."""
        wanted = (term.text for term in self._terms if not term.is_excluded)
        return frozenset(word for text in wanted for word in self._index.words(field, text))

    @property
    def _has_dates(self) -> bool:
        return self._request.since is not None or self._request.until is not None

    # ------------------------------------------------------------------------------ words
    def _words(self, term: Term, level: str) -> "Query":
        """Where a word or a phrase stands, in whatever language: the best of them counts."""
        return self._any(self._phrase(field, level, self._index.words(field, term.text)) for field in _ALL_FIELDS)

    def _together(self, terms: Sequence[Term], level: str) -> "Query | None":
        if len(terms) <= 1:
            return None
        text = " ".join(term.text for term in terms)
        near = self._any(self._phrase(f, level, self._index.words(f, text), _SLOP) for f in _ALL_FIELDS)
        return self._tantivy.Query.boost_query(near, _NEAR)  # type: ignore[no-any-return]

    def _any(self, queries: "Iterable[Query]") -> "Query":
        return self._tantivy.Query.disjunction_max_query(list(queries))  # type: ignore[no-any-return]

    def _phrase(self, field: str, level: str, words: Sequence[str], slop: int = 0) -> "Query":
        make, name = self._tantivy.Query, f"{level}{field}"
        if not words:
            return make.empty_query()  # type: ignore[no-any-return]
        if len(words) == 1:
            return make.term_query(self._index.schema, name, words[0])  # type: ignore[no-any-return]
        return make.phrase_query(self._index.schema, name, list(words), slop)  # type: ignore[no-any-return]

    # ------------------------------------------------------------------------------ filters
    def _term(self, field: str, value: str) -> "Query":
        return self._tantivy.Query.term_query(self._index.schema, field, value, "basic")  # type: ignore[no-any-return]

    def _filters(self, level: str) -> "Iterator[Query]":
        request = self._request
        yield self._term("kind", "document" if level else "sentence")
        for field in ("relation", "modality", "document", "source", "outcome", "lang"):
            value = getattr(request, field)
            if value is not None:
                # A site is known without its "www.".
                yield self._term(field, value.removeprefix("www.") if field == "source" else value)
        if request.judged is not None and request.judged != "yes":
            yield self._term("judged", UNJUDGED if request.judged == "no" else request.judged)
        elif request.judged is not None:
            occur = self._tantivy.Occur
            clauses = [(occur.Must, self._tantivy.Query.all_query()), (occur.MustNot, self._term("judged", UNJUDGED))]
            yield self._tantivy.Query.boolean_query(clauses)
        if self._company is not None:
            named = (self._phrase(NAMES, level, self._index.words(NAMES, name)) for name in self._names)
            yield self._any((self._term("company", self._company), *named))

    def _dates(self) -> "Iterator[Query]":
        """A partial date may be any of its days: what may lie in the time asked for is found."""
        if self._request.since is not None:
            yield self._range("last", lower=first_day(self._request.since).toordinal())
        if self._request.until is not None:
            yield self._range("first", upper=last_day(self._request.until).toordinal())

    def _range(self, field: str, lower: int | None = None, upper: int | None = None) -> "Query":
        kind: Any = self._tantivy.FieldType.Integer
        return self._tantivy.Query.range_query(self._index.schema, field, kind, lower, upper)  # type: ignore[no-any-return]
