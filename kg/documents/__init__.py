"""Bytes → Document: text, Markdown, HTML, PDF, office files, sheets, mail, and what holds many of them.

`find` lists the sources, `list_members` what is in one that holds many documents, `read` reads one, `parse` reads bytes
that the caller already has.
The language and the publication date come from the caller, else from a ``.json`` file beside the
text, else from the document's own head, else from its text. Where none of them gives a date, the
document has none; where none gives a language, it is refused.
"""

from kg.documents.containers import Listing, ListingTask, is_container, keep_columns, list_members
from kg.documents.containers.container import ColumnQuestion
from kg.documents.language import LANGUAGES, identify
from kg.documents.loader import LIMIT, parse, read
from kg.documents.metadata import Metadata, checked
from kg.documents.sources import COLUMNS, STDIN, SkippedSource, Source, find

__all__ = [
    "COLUMNS",
    "LANGUAGES",
    "LIMIT",
    "STDIN",
    "ColumnQuestion",
    "Listing",
    "ListingTask",
    "Metadata",
    "SkippedSource",
    "Source",
    "checked",
    "find",
    "identify",
    "is_container",
    "keep_columns",
    "list_members",
    "parse",
    "read",
]
