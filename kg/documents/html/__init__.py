"""HTML → the main text of the page, without its navigation: paragraphs, tables, and the element each stands in.

`walk` turns the elements into blocks of text, `main_text` tells which of them are the article (trafilatura finds it),
`declared` is what the page says of itself, `access` whether it is all there.
"""

from kg.documents.html.reader import read_html

__all__ = ["read_html"]
