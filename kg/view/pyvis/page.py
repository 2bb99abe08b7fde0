"""Claims as one self-contained HTML page, out of pyvis's template machinery and our own template.

Nothing that a source wrote reaches the page as markup, script, style or option: text is escaped by
the template, or stands in a block of JSON that our script shows through ``textContent``. A strict
Content-Security-Policy (https://www.w3.org/TR/CSP3/) lets only the scripts and the style of this
file run, by their hashes, and nothing load.
"""

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from kg.errors import MissingExtra
from kg.model import Claim, Document, Entity
from kg.ontology import Term, ontology
from kg.view.colours import pair
from kg.view.data import SHAPES
from kg.view.presentation import STYLES, Presentation, clipped, entity, presentation
from kg.view.pyvis.drawing import draw
from kg.view.subgraph import Subgraph, subgraph
from kg.wording.viewer import plural, wording

__all__ = ["LONGEST_TABLE", "network", "page"]

LONGEST_TABLE = 2000
"""So many relations the table lists; it says so when there are more."""

_VIS = "lib/vis-9.1.2/vis-network.min.js"
_OTHER_COLOUR = "#737373"
_NO_DOCUMENTS: Mapping[str, Document] = {}


def page(
    claims: Iterable[Claim],
    *,
    title: str,
    lang: str = "en",
    focus: str | None = None,
    documents: Mapping[str, Document] = _NO_DOCUMENTS,
) -> str:
    """Return the page of some claims: the picture, a legend that filters, the sentences, and a table of all.

    `focus` is the id of the entity to open at. `documents` give the titles and addresses of
    sources. Raises `MissingExtra` where pyvis is not installed, `QueryError` for a language that
    the page is not written in.
    """
    made = network(claims, title=title, lang=lang, focus=focus, documents=documents)
    return str(made.generate_html())


def network(
    claims: Iterable[Claim],
    *,
    title: str,
    lang: str = "en",
    focus: str | None = None,
    documents: Mapping[str, Document] = _NO_DOCUMENTS,
) -> Any:
    """Return the same as a `pyvis.network.Network`, whose ``generate_html`` gives the safe page.

    Its ids are opaque and its options hold nothing of a source: pyvis writes both into scripts.
    """
    words = wording(lang)
    try:
        drawn = subgraph(claims, focus)
    except ImportError as error:
        raise MissingExtra("a picture needs pyvis and numpy: pip install 'kg[view]'") from error
    made = draw(drawn, lang)
    made.set_template_dir(str(files("kg.view.pyvis")), "page.html")
    made.templateEnv.autoescape = True
    made.templateEnv.globals.update(_filling(drawn, lang, words, documents, focus))
    made.templateEnv.globals["title"] = clipped(title, 300)
    return made


def _filling(
    drawn: Subgraph, lang: str, words: Mapping[str, str], documents: Mapping[str, Document], focus: str | None
) -> dict[str, Any]:
    """Return all that the template needs beside nodes, edges and options, which pyvis gives it."""
    from markupsafe import Markup

    sayings = {line: presentation(line, documents, lang) for line in drawn.lines}
    legend = _legend(drawn, lang)
    style = _asset("page.css") + _colour_rules(legend)
    scripts = [_vis(), _asset("labels.js"), _asset("page.js")]
    return {
        "w": words,
        "lang": lang,
        "counts": _counts(drawn, lang, words),
        "left_out": words["left_out"].format(*drawn.left_out) if any(drawn.left_out) else "",
        "legend": legend,
        "rows": _rows(drawn, sayings),
        "rows_left_out": _rows_left_out(drawn, words),
        "facts": _facts(drawn, sayings, lang, words, focus) | {"colours": _colours(legend)},
        # These are ours, whole files of this package and of pyvis: no text of a source is in them.
        "style": Markup(style),  # noqa: S704
        "scripts": [Markup(script) for script in scripts],  # noqa: S704
        "policy": _policy(style, scripts),
    }


def _rows(drawn: Subgraph, sayings: Mapping[Any, Presentation]) -> list[Presentation]:
    keys = {edge.line: f"e{at}" for at, edge in enumerate(drawn.edges)}
    return [sayings[line] | {"key": keys.get(line)} for line in drawn.lines[:LONGEST_TABLE]]


def _rows_left_out(drawn: Subgraph, words: Mapping[str, str]) -> str:
    every = len(drawn.lines)
    return words["rows_left_out"].format(LONGEST_TABLE, every) if every > LONGEST_TABLE else ""


def _facts(
    drawn: Subgraph, sayings: Mapping[Any, Presentation], lang: str, words: Mapping[str, str], focus: str | None
) -> dict[str, Any]:
    """Return what the page's script shows: what each node is, what each edge says, which figures a node has."""
    keys = {node.entity.id: node.key for node in drawn.nodes}
    figures: dict[str, list[Presentation]] = {}
    for line in drawn.lines:
        if not isinstance(line.object, Entity) and line.subject.id in keys:
            figures.setdefault(keys[line.subject.id], []).append(sayings[line])
    return {
        "nodes": {node.key: entity(node.entity, lang) for node in drawn.nodes},
        "edges": {f"e{at}": sayings[edge.line] for at, edge in enumerate(drawn.edges)},
        "figures": figures,
        "focus": keys.get(focus) if focus else None,
        "words": {name: words[name] for name in ("not_found", "hint", "close", "more", "open", "shut", "known_from")},
    }


def _counts(drawn: Subgraph, lang: str, words: Mapping[str, str]) -> str:
    figures = sum(not isinstance(line.object, Entity) for line in drawn.lines)
    sources = {name for line in drawn.lines for name in line.documents}
    parts = [
        plural(words["entity"], drawn.entities, lang),
        plural(words["relation"], len(drawn.lines) - figures, lang),
        plural(words["figure"], figures, lang) if figures else "",
        plural(words["source"], len(sources), lang),
    ]
    return " · ".join(filter(None, parts))


def _legend(drawn: Subgraph, lang: str) -> dict[str, list[dict[str, Any]]]:
    """Return the relations, modalities and classes that are drawn, in the ontology's order, with their counts."""
    terms = ontology()
    relations = Counter(edge.line.relation for edge in drawn.edges)
    modalities = Counter(edge.line.modality.value for edge in drawn.edges)
    kinds = Counter(node.entity.type for node in drawn.nodes)
    styles = {modality.value: style for modality, style in STYLES.items()}
    return {
        "relations": _entries(terms.relations, relations, "r", lang),
        "modalities": [
            one | {"style": styles[one["name"]]} for one in _entries(terms.modalities, modalities, "m", lang)
        ],
        "kinds": [one | {"shape": SHAPES.get(one["name"], "dot")} for one in _entries(terms.classes, kinds, "k", lang)],
    }


def _entries(terms: Mapping[str, Term], counts: Counter[str], prefix: str, lang: str) -> list[dict[str, Any]]:
    found = [(at, term) for at, term in enumerate(terms.values()) if counts[term.name]]
    return [
        {
            "name": term.name,
            "rule": f"{prefix}{at}",
            "label": term.label[lang],
            "comment": term.comment.get(lang, ""),
            "count": counts[term.name],
            "colour": pair(term.colour or _OTHER_COLOUR),
        }
        for at, term in found
    ]


def _colours(legend: Mapping[str, list[dict[str, Any]]]) -> dict[str, dict[str, list[str]]]:
    return {
        kind: {one["name"]: [one["colour"].light, one["colour"].dark] for one in legend[kind]}
        for kind in ("relations", "kinds")
    }


def _colour_rules(legend: Mapping[str, list[dict[str, Any]]]) -> str:
    entries = [*legend["relations"], *legend["kinds"]]
    light = "".join(f".{one['rule']}{{--c:{one['colour'].light}}}" for one in entries)
    dark = "".join(f".{one['rule']}{{--c:{one['colour'].dark}}}" for one in entries)
    return f"{light}\n@media (prefers-color-scheme: dark){{{dark}}}\n"


def _asset(name: str) -> str:
    return (files("kg.view.pyvis") / name).read_text("utf-8")


def _vis() -> str:
    import pyvis

    text = (Path(pyvis.__path__[0]) / _VIS).read_text("utf-8")
    # Reading has turned CRLF into LF, as a browser does before it hashes; the map is not shipped.
    return text.replace("//# sourceMappingURL=vis-network.min.js.map", "")


def _policy(style: str, scripts: Iterable[str]) -> str:
    allowed = " ".join(_hash(script) for script in scripts)
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_hash(style)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
