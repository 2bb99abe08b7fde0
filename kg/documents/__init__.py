"""Bytes → Document: text, Markdown and HTML, from files, folders and standard input.

`find` lists the sources, `read` reads one of them, `parse` reads bytes that the caller already has.
The language and the publication date come from the caller, else from a ``.json`` file beside the
text, else from the document's own head, else from its text. Where none of them gives a date, the
document has none; where none gives a language, it is refused.
"""

from kg.documents.containers import is_container, members
from kg.documents.language import LANGUAGES, identify
from kg.documents.loader import LIMIT, parse, read
from kg.documents.metadata import Metadata, checked
from kg.documents.sources import STDIN, SkippedSource, Source, find

__all__ = [
    "LANGUAGES",
    "LIMIT",
    "STDIN",
    "Metadata",
    "SkippedSource",
    "Source",
    "checked",
    "find",
    "identify",
    "is_container",
    "members",
    "parse",
    "read",
]
