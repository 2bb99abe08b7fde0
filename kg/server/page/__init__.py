"""What the browser gets from `kg serve`: the page with the query editor, the ontology's documentation, their files.

No server is in here, and no address but relative ones. The pages ask for nothing that the strictest
policy without 'unsafe-inline' forbids: their script and style are files, their data is text.
"""

from kg.server.page.documentation import ontology_graph, ontology_page
from kg.server.page.files import assets
from kg.server.page.landing import landing
from kg.server.page.wording import WORDINGS

__all__ = ["LANGUAGES", "assets", "landing", "ontology_graph", "ontology_page"]

LANGUAGES = tuple(WORDINGS)
"""What the pages are written in, by ISO 639-1 code."""
