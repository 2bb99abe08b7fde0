"""A parsed source, of whichever format: the text that offsets refer to, and its metadata."""

from dataclasses import dataclass

from kg.documents.metadata import NOTHING, Metadata

__all__ = ["Page"]


@dataclass(frozen=True, slots=True)
class Page:
    """The text of a document, and its metadata.

    `declared` are those that its author wrote (front matter); wrong ones are an error. `detected` are those that
    its template or layout suggest; wrong ones are ignored.
    """

    text: str
    declared: Metadata = NOTHING
    detected: Metadata = NOTHING
