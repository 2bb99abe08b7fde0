"""The ontology as a page for people, with an anchor for every term, and as RDF for programs."""

from collections.abc import Iterable
from xml.etree.ElementTree import Element

import pyoxigraph as ox

from kg.server.page.landing import header
from kg.server.page.markup import page
from kg.server.page.ontology_terms import MATCHES, Link, OntologyTerm, ontology_terms, statements
from kg.store.checks import rules
from kg.view.colours import pair
from kg.view.markup import Child, element
from kg.wording.pages import WORDINGS

__all__ = ["ontology_graph", "ontology_page"]

_WITH_LEAD = ("relations", "figures", "modalities", "qualifiers")
_PROPERTIES = {"subClassOf": "kind", "subPropertyOf": "under", "domain": "domain", "range": "range"}


def ontology_page(lang: str) -> str:
    """Return the documentation in a language of `LANGUAGES`; the anchor of a term is its local name."""
    words = WORDINGS[lang]
    groups = {name: terms for name, terms in ontology_terms().items() if terms}
    contents = [element("li", element("a", words[name], href=f"#{name}-")) for name in (*groups, "shapes")]
    body = [
        element("h2", words["ontology"]),
        element("p", words["ontology_lead"]),
        element("nav", element("ul", *contents), class_="contents", aria_label=words["contents"]),
        *(_group(name, terms, lang) for name, terms in groups.items()),
        _shapes(lang),
    ]
    title = f"{words['ontology']} · {words['title']}"
    return page(lang, title, [header(lang, "ontology"), element("main", *body, class_="paper")])


def ontology_graph(rdf_format: ox.RdfFormat) -> bytes:
    """Return the ontology and its mappings in an RDF format."""
    store, prefixes = statements()
    has_prefixes = rdf_format in {ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG, ox.RdfFormat.N3, ox.RdfFormat.RDF_XML}
    triples = (quad.triple for quad in store)
    return ox.serialize(triples, format=rdf_format, prefixes=dict(prefixes) if has_prefixes else None) or b""


def _group(name: str, terms: Iterable[OntologyTerm], lang: str) -> Element:
    words = WORDINGS[lang]
    # A group’s anchor ends in a dash, as no local name does.
    return element(
        "section",
        element("h2", words[name], id=f"{name}-"),
        element("p", words[f"{name}_lead"]) if name in _WITH_LEAD else None,
        *(_term(term, lang, is_property=name not in {"classes", "modalities"}) for term in terms),
    )


def _term(term: OntologyTerm, lang: str, *, is_property: bool) -> Element:
    other = next(language for language in WORDINGS if language != lang)
    heading = element(
        "h3",
        None if term.colour is None else _swatch(term.colour),
        element("a", term.label.get(lang, term.local), href=f"#{term.local}"),
        element("code", f"kg:{term.local}"),
    )
    translation = " — ".join(filter(None, (term.label.get(other), term.comment.get(other))))
    return element(
        "div",
        heading,
        element("p", term.comment[lang]) if lang in term.comment else None,
        element("p", translation, class_="other", lang=other) if translation else None,
        _details(term, lang, is_property=is_property),
        class_="term",
        id=term.local,
    )


def _details(term: OntologyTerm, lang: str, *, is_property: bool) -> Element | None:
    words = WORDINGS[lang]
    lines: list[tuple[str, Child]] = []
    if term.name is not None:
        lines.append((words["name"], element("code", term.name)))
    for name, word in _PROPERTIES.items():
        if links := term.links.get(name):
            is_value = name == "range" and all(link.local is None for link in links)
            lines.append((words["values" if is_value else word], _list(links)))
    if is_property and term.symmetric:
        lines.append((words["symmetric"], "✓"))
    if term.colour is not None:
        lines.append((words["colour"], element("code", term.colour)))
    lines += [(words[name], _list(term.links[name])) for name in MATCHES if name in term.links]
    if term.note is not None:
        lines.append((words["note"], element("span", term.note, lang="en")))
    if not lines:
        return None
    return element("dl", *(part for word, value in lines for part in (element("dt", word), element("dd", value))))


def _list(links: Iterable[Link]) -> Element:
    items = (element("a", link.name, href=f"#{link.local}" if link.local else link.iri) for link in links)
    return element("ul", *(element("li", item) for item in items))


def _swatch(colour: str) -> Element:
    """A sample of a colour in each theme; a policy that forbids styles in markup allows `fill`."""
    colours = pair(colour)
    shapes = [
        element("rect", width="26", height="11", rx="3", class_=theme, fill=fill)
        for theme, fill in (("light", colours.light), ("dark", colours.dark))
    ]
    return element("svg", *shapes, class_="swatch", viewBox="0 0 26 11", aria_hidden="true")


def _shapes(lang: str) -> Element:
    words = WORDINGS[lang]
    items = [
        element("div", element("h3", element("code", rule.name)), element("p", rule.message[lang]), class_="term")
        for rule in rules()
    ]
    return element("section", element("h2", words["shapes"], id="shapes-"), element("p", words["shapes_lead"]), *items)
