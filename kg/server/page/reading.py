"""The page on which a document is read through: its text, with every claim beside its sentence."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode
from xml.etree.ElementTree import Element

from kg.model import Document, Outcome
from kg.query.passages import Passage, passages
from kg.query.review_records import claims_records
from kg.server.page.landing import header
from kg.server.page.markup import page
from kg.server.page.review import messages, reviewer_data, session_form
from kg.store import DocumentClaims
from kg.view.markup import Child, element
from kg.wording.counts import counted
from kg.wording.reviewing import REVIEWING

__all__ = ["read_through_page"]


def read_through_page(  # noqa: PLR0913 - who reads what, in which language, from where
    reading: DocumentClaims, lang: str, root: str, name: str | None, csrf: str | None, *, judges: bool, is_open: bool
) -> str:
    """Return the page of a document.

    `root` is the way from its address to the server's root, `name` who is signed in, `csrf` the secret of his session.
    Unless he `judges`, nothing can be judged or added; whoever is not signed in may do so where the server `is_open`.
    """
    words, document = REVIEWING[lang], reading.document
    found = passages(reading)
    records = [claims_records(passage.claims, reading, lang) for passage in found]
    rows = [
        _row(at, passage, claims, lang, document.lang)
        for at, (passage, claims) in enumerate(zip(found, records, strict=True))
    ]
    main = element(
        "main",
        element("h2", document.title or document.id),
        element("p", *_about(document, found, lang), class_="about"),
        element("noscript", element("p", words["no_script"])),
        None if judges or not is_open else _reads_only(document.id, lang, root, name),
        *messages(),
        element("div", *rows, class_="passages"),
        _closing(lang) if judges else None,
        class_="reading",
    )
    places = [
        {"start": passage.start, "end": passage.end, "claims": claims}
        for passage, claims in zip(found, records, strict=True)
    ]
    data = reviewer_data(
        lang, csrf if judges else None, root=root, document=document.id, text_sha256=document.sha256, passages=places
    )
    session = session_form(lang, name, csrf, root=root) if name else None
    title = f"{document.title or document.id} · {words['read']}"
    return page(
        lang, title, [header(lang, "read", root=root, session=session), main, data], script="reading.js", root=root
    )


def _reads_only(document: str, lang: str, root: str, name: str | None) -> Element:
    """What is told to who may not judge: where to sign in and come back from, or that his token is a reader's."""
    words = REVIEWING[lang]
    if name is not None:
        return element("p", words["reads_only"], class_="none")
    # An id may be an address: "//" in a way back would lead to another host.
    following = f"documents/{quote(document, safe='')}/read?lang={lang}"
    address = f"{root}sign-in?{urlencode({'lang': lang, 'next': following})}"
    return element("p", element("a", words["sign_in_to_judge"], href=address))


def _about(document: Document, found: Sequence[Passage], lang: str) -> Iterator[Child]:
    words = REVIEWING[lang]
    silent = sum(passage.is_silent for passage in found)
    open_ = sum(claim.outcome is Outcome.TO_REVIEW for passage in found for claim in passage.claims)
    parts = [counted(words["sentences"], len(found), lang), counted(words["reviewable"], open_, lang)]
    if document.published:
        parts.insert(0, words["published"].format(document.published))
    if silent:
        parts.append(words["silent"].format(silent))
    yield " · ".join(parts)
    if silent:
        yield " · "
        yield element("a", words["to_silent"], href="#", id="to-silent")


def _row(at: int, passage: Passage, claims: Sequence[Mapping[str, Any]], lang: str, text_lang: str) -> Element:
    """A sentence, and beside it what is claimed of it."""
    words = REVIEWING[lang]
    label = f"passage-{at}"
    beside: list[Child] = []
    if claims:
        beside.append(element("ul", *(_claim(claim, lang) for claim in claims), class_="claims"))
    if passage.is_silent:
        beside.append(element("p", words["nothing_here"], class_="silent"))
    text = element("p", *_marked(passage), lang=text_lang, dir="auto", id=label, tabindex="-1")
    attributes = {"class_": "passage silent-passage" if passage.is_silent else "passage", "data_at": str(at)}
    return element("section", text, element("div", *beside, class_="beside"), aria_labelledby=label, **attributes)


def _claim(claim: Mapping[str, Any], lang: str) -> Element:
    """A claim as it stands before the page's script gives it its buttons."""
    state = element("small", REVIEWING[lang][f"state_{claim['outcome']}"])
    return element("li", element("span", claim["phrase"], class_="phrase"), " ", state)


def _marked(passage: Passage) -> Iterator[Child]:
    """The text of a passage with its names marked."""
    at = passage.start
    for start, end in passage.names:
        yield passage.text[at - passage.start : start - passage.start]
        yield element("mark", passage.text[start - passage.start : end - passage.start], class_="name")
        at = end
    yield passage.text[at - passage.start :]


# ------------------------------------------------------------------------------ closing
def _closing(lang: str) -> Element:
    """Where a reader says that he has read to the end: the script posts it to the document's address `closing`."""
    words = REVIEWING[lang]
    button = element("button", words["closing"], type="button", id="close", class_="primary")
    return element(
        "section", element("p", words["closing_lead"]), button, class_="closing", aria_label=words["closing"]
    )
