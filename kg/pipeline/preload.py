"""Imported by the process that workers are forked from: the pipelines are loaded once, and shared.

Loading the two takes some seconds and 400 MB; a worker that is forked after that has them at once.
"""

import contextlib

from kg import documents
from kg.errors import KgError

__all__: list[str] = []

# What is not installed is told when a text needs it.
with contextlib.suppress(KgError, ModuleNotFoundError):
    from kg.extract.reader import pipeline

    for lang in documents.LANGUAGES:
        pipeline(lang)
    documents.identify("Oracle has announced that it will buy the company.", "")
