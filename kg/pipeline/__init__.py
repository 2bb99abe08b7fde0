"""The stages composed: sources → documents → claims → entities → store, in one process or in many.

`build` finds what there is to read, leaves alone what the store has already, has the rest read and
commits it in order, so that the journal is the same however many processes read.
"""

from kg.pipeline.builder import build
from kg.pipeline.document_steps import read_document
from kg.pipeline.report import BuildOptions, BuildReport, SourceOptions

__all__ = ["BuildOptions", "BuildReport", "SourceOptions", "build", "read_document"]
