"""Which format an answer takes: the Accept header against what can be written (RFC 9110, 12.5.1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

__all__ = ["GRAPHS", "RESULTS", "ResponseFormats", "negotiate"]

RESULTS: Mapping[str, ox.QueryResultsFormat] = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "application/xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
"""How rows and truth values are written, the usual one first."""

GRAPHS: Mapping[str, ox.RdfFormat] = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/n-quads": ox.RdfFormat.N_QUADS,
    "application/trig": ox.RdfFormat.TRIG,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "text/n3": ox.RdfFormat.N3,
}
"""How triples are written, the usual one first."""


@dataclass(frozen=True, slots=True)
class ResponseFormats:
    """The media types for rows and for triples; None where the client takes none that there is."""

    results: str | None
    graph: str | None


@dataclass(frozen=True, slots=True)
class _Range:
    kind: str
    quality: float

    def fits(self, media: str) -> int:
        """Return how closely a media type is named: 0 not at all, 1 by */*, 2 by its kind, 3 by name."""
        if self.kind == media:
            return 3
        if self.kind.endswith("/*") and self.kind[:-1] == media[: len(self.kind) - 1]:
            return 2
        return int(self.kind == "*/*")


def negotiate(accept: str | None, offered: Iterable[str]) -> str | None:
    """Return the media type, of those offered, that an Accept header likes best; the first of equals.

    Without a header, all are liked. None where the client takes none of them.
    """
    ranges = _ranges(accept) if accept and accept.strip() else [_Range("*/*", 1.0)]
    best: tuple[float, int, str] | None = None
    for media in offered:
        closeness, quality = max(((r.fits(media), r.quality) for r in ranges), default=(0, 0.0))
        # Of equal quality, what is named is meant, not what a wildcard lets in.
        if closeness and quality > 0 and (best is None or (quality, closeness) > best[:2]):
            best = (quality, closeness, media)
    return None if best is None else best[2]


def _ranges(accept: str) -> list[_Range]:
    found = []
    for part in accept.split(","):
        kind, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if kind:
            found.append(_Range("*/*" if kind == "*" else kind, _quality(parameters)))
    return found


def _quality(parameters: Iterable[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0
