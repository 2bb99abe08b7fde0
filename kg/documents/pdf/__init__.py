"""PDF → text in reading order, by pdfium: columns, paragraphs, tables, and where on the pages each part stands."""

from kg.documents.pdf.marked_page import MarkedPage, marked_page
from kg.documents.pdf.reading import read_pdf

__all__ = ["MarkedPage", "marked_page", "read_pdf"]
