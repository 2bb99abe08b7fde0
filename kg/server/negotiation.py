"""Which format an answer has: the Accept header against the formats that can be written (RFC 9110, 12.5.1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

__all__ = ["DATASETS", "GRAPHS", "RESULTS", "ResponseFormats", "negotiate"]

RESULTS: Mapping[str, ox.QueryResultsFormat] = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "application/xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
"""The formats of rows and truth values by media type, the usual one first."""

GRAPHS: Mapping[str, ox.RdfFormat] = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/n-quads": ox.RdfFormat.N_QUADS,
    "application/trig": ox.RdfFormat.TRIG,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "text/n3": ox.RdfFormat.N3,
}
"""The formats of triples by media type, the usual one first."""

DATASETS: Mapping[str, ox.RdfFormat] = {name: form for name, form in GRAPHS.items() if form.supports_datasets}
"""Those of them that can say which graph a triple is of."""


@dataclass(frozen=True, slots=True)
class ResponseFormats:
    """The media types for rows, for triples and for those of several graphs; None where the client accepts none."""

    results: str | None
    graph: str | None
    dataset: str | None = None


@dataclass(frozen=True, slots=True)
class _MediaRange:
    pattern: str
    quality: float

    def specificity(self, media_type: str) -> int:
        """Return how exactly the range names a media type: 0 not at all, 1 by */*, 2 by its main type, 3 by name."""
        if self.pattern == media_type:
            return 3
        if self.pattern.endswith("/*") and media_type.startswith(self.pattern[:-1]):
            return 2
        return int(self.pattern == "*/*")


def negotiate(accept: str | None, media_types: Iterable[str]) -> str | None:
    """Return the media type that a client prefers.

    Args:
        accept: the value of the Accept header; None or "" accepts everything.
        media_types: those that can be written; the first of equals is chosen.

    Returns:
        One of the media types, or None where the client accepts none of them.

    Example:
        >>> negotiate("text/*;q=0.5, application/json", ["text/csv", "application/json"])
        'application/json'

    """
    ranges = _parse(accept) if accept and accept.strip() else [_MediaRange("*/*", 1.0)]
    best: tuple[float, int, str] | None = None
    for media_type in media_types:
        matches = ((range_.specificity(media_type), range_.quality) for range_ in ranges)
        specificity, quality = max(matches, default=(0, 0.0))
        # At equal quality, a type that is named comes before one that a wildcard lets in.
        if specificity and quality > 0 and (best is None or (quality, specificity) > best[:2]):
            best = (quality, specificity, media_type)
    return None if best is None else best[2]


def _parse(accept: str) -> list[_MediaRange]:
    ranges = []
    for part in accept.split(","):
        pattern, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if pattern:
            ranges.append(_MediaRange("*/*" if pattern == "*" else pattern, _quality(parameters)))
    return ranges


def _quality(parameters: Iterable[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0
