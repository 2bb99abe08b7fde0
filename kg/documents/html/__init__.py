"""HTML → the main text of the page, without its navigation: paragraphs, tables, and the element each stands in.

`tree` parses, `walk` turns the elements into blocks of text, `main_text` tells which of them are the article
(trafilatura finds it), `declared` is what the page says of itself, `access` whether it is all there. `fragment` is for
what is no page: the body of a mail, the entry of a feed.
"""

from kg.documents.html.reader import read_html

__all__ = ["read_html"]
