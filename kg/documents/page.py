"""A parsed source, of whichever format: the text that offsets refer to, and its metadata."""

from dataclasses import dataclass

from kg.documents.metadata import NOTHING, Metadata
from kg.errors import DocumentError
from kg.places import Place
from kg.xbrl import XbrlFact

__all__ = ["INVISIBLE", "LIMIT", "LONGEST", "Page", "check_length"]

LIMIT = 32 * 1024 * 1024
"""The most bytes that a document may have, its markup included; a longer one is no article."""

INVISIBLE = str.maketrans("", "", "\xad\u200b\u2060\ufeff")
"""Soft hyphens and spaces of no width: they tell where a line may end, also within a name."""

LONGEST = 1_000_000
"""The most characters of text in one document; a book has as many, and parsing takes two kilobytes for each."""


@dataclass(frozen=True, slots=True)
class Page:
    """The text of a document, and its metadata.

    `declared` are those that its author wrote (front matter); wrong ones are an error. `detected` are those that
    its template or layout suggest; wrong ones are ignored. `places` tell where parts of the text stand in the file,
    `notes` what of the file or of its article is not in the text, and what to do, `facts` what a filing marks up.
    """

    text: str
    declared: Metadata = NOTHING
    detected: Metadata = NOTHING
    places: tuple[Place, ...] = ()
    notes: tuple[str, ...] = ()
    facts: tuple[XbrlFact, ...] = ()


def check_length(text: str, where: str) -> None:
    """Raise `DocumentError` for a text that is too long to be one document."""
    if len(text) > LONGEST:
        raise DocumentError(f"{where}: holds {len(text):,} characters, too long for an article ({LONGEST:,}): split it")
