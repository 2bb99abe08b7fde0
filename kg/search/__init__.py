"""Search: words in sentences and documents, in any form and without accents; facets, rank, exact places."""

from kg.search.hits import Hit, SearchResult, add_command
from kg.search.request import SearchRequest
from kg.search.searching import claims_of_hits, search

__all__ = ["Hit", "SearchRequest", "SearchResult", "add_command", "claims_of_hits", "search"]
