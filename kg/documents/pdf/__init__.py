"""PDF → text in reading order, by pdfium: columns, paragraphs, tables, and where on the pages each part stands."""

from kg.documents.pdf.reading import read_pdf

__all__ = ["read_pdf"]
