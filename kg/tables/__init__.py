"""Tables of Python values, their RDF terms, and how they are written: for people, as CSV, JSON and JSON lines."""

from kg.tables.rendering import RENDERERS, render, renderer
from kg.tables.table import Kind, Table, TermRows, Value

__all__ = ["RENDERERS", "Kind", "Table", "TermRows", "Value", "render", "renderer"]
