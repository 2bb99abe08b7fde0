"""The start page: the library's questions, a SPARQL editor, the answer."""

import json
from typing import Any
from xml.etree.ElementTree import Element

from kg.ontology import BASE, PREFIXES, ontology
from kg.server.page.markup import page
from kg.server.page.ontology_terms import OntologyTerm, ontology_terms
from kg.store import EVERYTHING, Selection
from kg.view.markup import element
from kg.wording.pages import WORDINGS
from kg.wording.search import SEARCH_WORDINGS

__all__ = ["header", "landing"]

_KINDS = {"classes": "class", "modalities": "constant"}


def landing(lang: str, selection: Selection = EVERYTHING) -> str:
    """Return the page in a language of `LANGUAGES`; it loads `library` and `sparql`, relative to its own address.

    It says to what the graph is narrowed by `selection`.
    """
    words = WORDINGS[lang]
    main = element("main", _library(lang), _query(lang), _answer(lang), class_="desk")
    head = header(lang, "./")
    for note in selection.notes(lang):
        head.append(element("p", note, id="selection", role="note"))
    head.append(_search_box(lang))
    data = element("script", _data(lang), type="application/json", id="data")
    skip = element("a", words["skip"], class_="skip", href="#library")
    return page(lang, words["title"], [skip, head, main, data], script="page.js")


def header(lang: str, current: str, *, root: str = "", session: Element | None = None) -> Element:
    """Return the header of the page at the address `current`: its title, and links to the other pages.

    `root` is the way from the page's address to the server's root, `session` says who is signed in.
    """
    words = WORDINGS[lang]
    other = next(language for language in WORDINGS if language != lang)
    pages = [
        ("./", words["to_query"]),
        ("search", SEARCH_WORDINGS[lang]["title"]),
        ("viewer", words["to_viewer"]),
        ("ontology", words["to_ontology"]),
    ]
    if session is not None:
        pages.append(("review", words["to_review"]))
    links = [
        element("a", text, href=f"{root}{address}?lang={lang}", aria_current="page" if address == current else None)
        for address, text in pages
    ]
    links.append(element("a", words["other"], href=f"?lang={other}", hreflang=other, lang=other, data_lang=other))
    heading = element("div", element("h1", words["title"]), element("p", words["lead"]), class_="heading")
    nav = element("nav", element("ul", *(element("li", link) for link in links)), aria_label=words["pages"])
    return element("header", heading, nav, session)


def _search_box(lang: str) -> Element:
    wording = SEARCH_WORDINGS[lang]
    return element(
        "form",
        element("input", type="hidden", name="lang", value=lang),
        element("input", type="search", name="q", aria_label=wording["words"], placeholder=wording["words"]),
        element("button", wording["go"], class_="primary"),
        role="search",
        action="search",
        class_="box",
    )


def _library(lang: str) -> Element:
    words = WORDINGS[lang]
    return element(
        "section",
        element("h2", words["library"], id="library-title"),
        element("p", words["library_lead"]),
        element(
            "input",
            type="search",
            id="find",
            aria_label=words["find"],
            placeholder=words["find"],
            autocomplete="off",
            spellcheck="false",
        ),
        element("div", id="questions"),
        class_="library",
        id="library",
        aria_labelledby="library-title",
        tabindex="-1",
    )


def _query(lang: str) -> Element:
    words = WORDINGS[lang]
    return element(
        "section",
        element("noscript", element("p", words["no_script"])),
        element("div", id="editor"),
        element(
            "div",
            element("button", words["run"], type="button", id="run", class_="primary"),
            element("button", words["stop"], type="button", id="stop", disabled=True),
            element("small", words["keys"], id="keys"),
            element("a", words["library"], class_="narrow", href="#library"),
            class_="bar",
        ),
        class_="query",
        aria_label=words["query"],
    )


def _answer(lang: str) -> Element:
    words = WORDINGS[lang]
    return element(
        "section",
        element(
            "div",
            element("h2", words["answer"]),
            element("p", id="status", role="status"),
            element("div", id="downloads"),
            class_="said",
        ),
        element("p", id="trouble", role="alert", hidden=True),
        element("div", element("p", words["hint"], class_="none"), id="results"),
        class_="answer",
        id="answer",
        aria_label=words["answer"],
    )


def _data(lang: str) -> str:
    """Return what the script needs of the ontology, as JSON in which no tag can begin or end."""
    schema = ontology()
    data: dict[str, Any] = {
        "lang": lang,
        "words": WORDINGS[lang],
        "prefixes": _prefixes(),
        "terms": [_term(term, group, lang) for group, terms in ontology_terms().items() for term in terms],
        "relations": [
            {"name": relation.name, "iri": relation.iri, "label": relation.label[lang]}
            for relation in schema.relations.values()
        ],
        "classes": [term.iri for term in schema.classes.values()],
    }
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")


def _prefixes() -> dict[str, str]:
    """Return the prefixes of the ontology, and one for each kind of resource with its IRI under the base."""
    kinds = ("claim", "document", "reader", *(name.lower() for name in ontology().classes))
    return {**PREFIXES, **{kind: f"{BASE}{kind}/" for kind in kinds}}


def _term(term: OntologyTerm, group: str, lang: str) -> dict[str, str]:
    return {
        "name": f"kg:{term.local}",
        "label": term.label.get(lang, term.local),
        "comment": term.comment.get(lang, ""),
        "kind": _KINDS.get(group, "property"),
    }
