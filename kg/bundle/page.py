"""The page of a story: one HTML file that loads nothing and runs nothing.

Its policy (https://www.w3.org/TR/CSP3/) allows one style, by its hash, and no script: what folds and unfolds are
elements of HTML. Texts of sources stand in elements that `kg.view.markup` makes, where a tag is text.
"""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from importlib.resources import files
from xml.etree.ElementTree import Element, tostring

from kg.bundle.content import Citations, Quote, Saying, Section, Statement
from kg.bundle.whole_page import FlowRow, WholePage
from kg.view.markup import Child, element

__all__ = ["html_of"]

_BARS = 20
"""Widths that a bar may have."""


def html_of(page: WholePage) -> str:
    """Return the page of a story."""
    style = (files("kg.bundle") / "story.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", page.title),
        element("style", style),
    )
    html = element("html", head, element("body", *_body(page)), lang=page.wording.lang)
    return f"<!doctype html>\n{tostring(html, 'unicode', method='html')}\n"


def _body(page: WholePage) -> Iterator[Child]:
    parts = list(_parts(page))
    yield element(
        "header",
        element("h1", page.title),
        element("p", page.words["lead"], class_="lead"),
        element("ul", *(element("li", line) for line in page.about), class_="about"),
    )
    links = (element("li", element("a", title, href=f"#{id_}")) for id_, title, _ in parts)
    yield element(
        "nav",
        element("h2", page.words["contents"]),
        element("ol", *links),
        aria_label=page.words["contents"],
        id="contents",
    )
    yield element(
        "main", *(element("section", element("h2", title), *children, id=id_) for id_, title, children in parts)
    )
    yield element(
        "footer", element("p", page.words["made"]), element("p", element("a", page.words["to_top"], href="#contents"))
    )


def _parts(page: WholePage) -> Iterator[tuple[str, str, Sequence[Child]]]:
    """Yield what stands on the page: an id, a title, what it holds."""
    words = page.words
    if page.picture is not None:
        picture = _scrolled(page.picture, words["picture"])
        text = element("p", page.picture_text)
        yield "picture", words["picture"], [_hint(page), picture, text, *_scenes(page)]
    if page.notes:
        yield "notes", words["notes"], list(_notes(page))
    for section in page.sections:
        yield section.category.value, section.title, list(_section(page, section))
    if page.flows:
        table = _scrolled(_flows(page), words["flows"])
        yield "flows", words["flows"], [element("p", words["flows_lead"]), _hint(page), table]
    lanes = (_scrolled(part, words["timeline"]) for part in page.timeline)
    yield "timeline", words["timeline"], [element("p", words["timeline_text"]), _hint(page), *lanes]
    yield "disputes", words["disputes"], list(_disputes(page))
    if page.conflicts:
        yield "conflicts", words["conflicts"], list(_conflicts(page))
    yield "left-out", words["left_out"], list(_left_out(page))
    yield (
        "sources",
        words["sources"],
        [element("p", words["sources_lead"]), element("ol", *_sources(page), class_="sources")],
    )
    yield (
        "check",
        words["check"],
        [element("p", words["check_lead"]), element("pre", element("code", "kg bundle verify story.zip"))],
    )


def _hint(page: WholePage) -> Element:
    """Return what tells, on a narrow screen alone, that the next box is wider than what is seen of it."""
    return element("p", page.words["scroll"], class_="hint")


def _scrolled(child: Element, label: str) -> Element:
    """Return what may be wider than a telephone, in a box that scrolls by keys, too (WCAG 2.2, 2.1.1)."""
    return element("div", child, class_="wide", tabindex="0", role="group", aria_label=label)


def _scenes(page: WholePage) -> Iterator[Child]:
    for scene in page.scenes:
        yield element(
            "div",
            element("h3", scene.heading),
            element("p", scene.note) if scene.note else None,
            element("p", page.words["scene_none"]) if scene.svg is None else _scrolled(scene.svg, scene.heading),
            class_="scene",
        )


def _notes(page: WholePage) -> Iterator[Child]:
    items = []
    for note in page.notes:
        on: Child = element("a", note.on, href=f"#c-{note.target}") if note.target else note.on
        by = element("span", f" {note.by}", class_="by") if note.by else None
        items.append(element("li", element("strong", on), by, element("p", note.text), id=f"note-{note.number}"))
    yield element("ol", *items, class_="notes")


def _section(page: WholePage, section: Section) -> Iterator[Child]:
    yield element("p", section.lead, class_="lead")
    if not section.groups:
        yield element("p", page.words["none"])
    for group in section.groups:
        yield element("h3", group.heading)
        yield element("ul", *(_statement(page, each) for each in group.statements), class_="statements")


def _statement(page: WholePage, statement: Statement) -> Element:
    return element(
        "li",
        element(
            "p",
            element("strong", statement.text),
            element("span", f" · {statement.terms}", class_="terms") if statement.terms else None,
            *_marks(statement.notes),
            class_="statement",
        ),
        element("p", " · ".join(statement.details), class_="details") if statement.details else None,
        *(_saying(page, saying) for saying in statement.sayings),
        id=f"c-{statement.fact}",
        data_fact=statement.fact,
    )


def _marks(numbers: Sequence[int]) -> Iterator[Child]:
    for number in numbers:
        yield " "
        yield element("a", str(number), href=f"#note-{number}", class_="mark")


def _saying(page: WholePage, saying: Saying) -> Element:
    return element(
        "div",
        *(_quote(saying.claim, at, quote) for at, quote in enumerate(saying.quotes)),
        element("p", " · ".join(saying.judged), *_marks(saying.notes), class_="judged")
        if saying.judged or saying.notes
        else None,
        _cite(page, saying.claim, saying.citations),
        class_="saying",
        id=f"c-{saying.claim}",
        data_claim=saying.claim,
    )


def _quote(claim: str, at: int, quote: Quote) -> Element:
    where: Child = element("a", quote.where, href=quote.url, rel="noopener noreferrer") if quote.url else quote.where
    return element(
        "figure",
        element("blockquote", quote.text, lang=quote.lang or None, data_quote=f"{claim}-{at}"),
        element(
            "figcaption",
            element("a", f"[{quote.number}]", href=f"#source-{quote.number}"),
            " ",
            where,
            f", {quote.place}",
        ),
    )


def _cite(page: WholePage, claim: str, citations: Citations) -> Element:
    forms = (("BibTeX", citations.bibtex), ("CSL-JSON", citations.csl), ("Web Annotation", citations.annotation))
    return element(
        "details",
        element("summary", page.words["cite"]),
        element("p", element("b", page.words["chicago"]), f" {citations.note}"),
        element("p", citations.entry),
        *(part for name, text in forms for part in (element("p", element("b", name)), _code(text, name))),
        element("p", page.words["claim"].format(claim), class_="id"),
        class_="cite",
    )


def _code(text: str, name: str) -> Element:
    return element("pre", element("code", text), tabindex="0", role="group", aria_label=name)


def _flows(page: WholePage) -> Element:
    words = page.words
    names = [words[name] for name in ("leg", "sum", "said", "for")]
    heads = element("tr", *(element("th", name, scope="col") for name in names))
    return element("table", element("thead", heads), element("tbody", *map(_flow, page.flows)))


def _flow(row: FlowRow) -> Element:
    width = max(1, round(_BARS * row.part))
    bar = element("span", class_=f"bar w{width} {row.category}", aria_hidden="true")
    return element(
        "tr",
        element("th", element("a", row.leg, href=f"#c-{row.fact}"), scope="row"),
        element("td", row.sum, bar),
        element("td", row.said),
        element("td", row.relation),
    )


def _disputes(page: WholePage) -> Iterator[Child]:
    yield element("p", page.words["disputes_lead"], class_="lead")
    if not page.disputes:
        yield element("p", page.words["none"])
    for dispute in page.disputes:
        sides = (element("li", element("a", text, href=f"#c-{fact}")) for text, fact in dispute.sides)
        yield element("h3", dispute.heading)
        yield element("p", dispute.differs, class_="details")
        yield element("ul", *sides, class_="sides")


def _conflicts(page: WholePage) -> Iterator[Child]:
    yield element("p", page.words["conflicts_lead"], class_="lead")
    for conflict in page.conflicts:
        yield element("h3", conflict.heading)
        yield element("ul", *(element("li", side) for side in conflict.sides), class_="sides")


def _left_out(page: WholePage) -> Iterator[Child]:
    yield element("p", page.words["left_out_lead"], class_="lead")
    if not page.left_out:
        yield element("p", page.words["none"])
    for group in page.left_out:
        yield element("h3", group.heading)
        if group.items:
            yield element("ul", *(_absent(*item) for item in group.items), class_="absent")
        if group.more:
            yield element("p", group.more)


def _absent(phrase: str, reasons: str, quote: str, place: str) -> Element:
    return element(
        "li",
        element("span", phrase),
        element("p", quote, " ", place, class_="details"),
        element("p", reasons, class_="details") if reasons else None,
    )


def _sources(page: WholePage) -> Iterator[Element]:
    for row in page.sources:
        title: Child = element("a", row.title, href=row.url, rel="noopener noreferrer") if row.url else row.title
        parts = (row.document, row.published, row.kind, row.lang, row.length, row.text)
        yield element(
            "li",
            element("strong", title),
            element("p", " · ".join(filter(None, parts)), class_="details"),
            element("p", f"{page.words['hash']} ", element("code", row.sha256), class_="details"),
            id=f"source-{row.number}",
        )
