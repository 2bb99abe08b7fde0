"""What a reader of one format hands on: the text that offsets refer to, and what its head says."""

from dataclasses import dataclass

from kg.documents.metadata import NOTHING, Metadata

__all__ = ["Page"]


@dataclass(frozen=True, slots=True)
class Page:
    """The text of a document, and its metadata.

    `written` is what its author wrote about it (front matter) and is held to; `found` is what its
    template or its layout suggest, and is taken where it can be right.
    """

    text: str
    written: Metadata = NOTHING
    found: Metadata = NOTHING
