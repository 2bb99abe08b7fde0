"""The digests of an interest as an Atom feed (RFC 4287): an entry a line, the newest first."""

import uuid
from xml.etree.ElementTree import Element, tostring

from kg.view.markup import element
from kg.watch.digest import Citation, DigestLine
from kg.watch.pages.page import DigestPage

__all__ = ["render"]

_NAMESPACE = uuid.UUID("6f2c7f5c-6b0e-5f0e-9b7a-0d5a3c0b8e11")
"""Under which the names of interests become ids (RFC 9562, section 5.5): the same feed keeps its id."""
_NEVER = "1970-01-01T00:00:00Z"
"""When a feed was changed that has told nothing yet; Atom asks for a time."""


def render(page: DigestPage) -> str:
    """Return the feed."""
    feed = element(
        "feed",
        element("id", uuid.uuid5(_NAMESPACE, page.interest.file).urn),
        element("title", page.title),
        element("updated", page.at or _NEVER),
        element("author", element("name", "kg")),
        *(_entry(page, line) for line in reversed(page.state.lines)),
        xmlns="http://www.w3.org/2005/Atom",
    )
    feed.set("xml:lang", page.lang)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(feed, "unicode")}\n'


def _entry(page: DigestPage, line: DigestLine) -> Element:
    text = [page.details(line), _sentence(page, line.citation)]
    if line.earlier:
        text.append(f"{page.earlier(line)} {_sentence(page, line.earlier)}")
    return element(
        "entry",
        element("id", uuid.uuid5(_NAMESPACE, f"{line.id} {line.at}").urn),
        element("title", page.wording.labelled.format(*page.headline(line))),
        element("updated", line.at),
        element("category", term=line.kind),
        element("link", rel="alternate", href=line.citation.url) if line.citation.url else None,
        element("content", "\n".join(filter(None, text)), type="text"),
    )


def _sentence(page: DigestPage, citation: Citation) -> str:
    return f"{page.quoted(citation)} {page.where(citation)}"
