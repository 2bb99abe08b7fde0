"""Bytes → Document: text, Markdown and HTML, from files, folders and standard input.

`find` tells what there is to read, `read` reads one of it, `parse` does the same for bytes in
hand. The language and the publication date are taken from who calls, from a ``.json`` beside the
text, from the document's own head, or found in its text, in this order; neither is ever guessed
without a ground for it.
"""

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
    "parse",
    "read",
]
