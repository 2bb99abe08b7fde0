"""The pages of `kg serve`: query editor, search, the ontology's documentation, those of reviewers; and their files.

Nothing here knows the server; all addresses are relative. The pages work under the strictest content security policy,
without 'unsafe-inline': their scripts and styles are files, their data is text.
"""

from kg.server.page.documentation import ontology_graph, ontology_page
from kg.server.page.files import assets
from kg.server.page.landing import landing
from kg.server.page.questions import question_entries
from kg.server.page.reading import read_through_page
from kg.server.page.review import review_page, sign_in_page
from kg.server.page.search import SearchAnswer, search_page
from kg.wording.pages import WORDINGS

__all__ = [
    "LANGUAGES",
    "SearchAnswer",
    "assets",
    "landing",
    "ontology_graph",
    "ontology_page",
    "question_entries",
    "read_through_page",
    "review_page",
    "search_page",
    "sign_in_page",
]

LANGUAGES = tuple(WORDINGS)
"""The languages of the pages, by ISO 639-1 code."""
