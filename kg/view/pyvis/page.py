"""A view ("kg-view/1") as one self-contained HTML page, out of pyvis's template machinery and our own template.

Nothing that a source wrote reaches the page as markup, script, style or option: text is escaped by
the template, or stands in a block of JSON that our script shows through ``textContent``. A strict
Content-Security-Policy (https://www.w3.org/TR/CSP3/) lets only the scripts and the style of this
file run, by their hashes, and nothing load.
"""

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from kg.facts import TriState
from kg.ontology import Term, ontology
from kg.view.colours import pair
from kg.view.data import SHAPES
from kg.view.presentation import STYLES
from kg.view.pyvis.drawing import draw
from kg.view.pyvis.elements import Elements, elements
from kg.view.pyvis.presentation import Presentation, company, presentation
from kg.wording.viewer import plural, wording

__all__ = ["LONGEST_TABLE", "network", "page"]

LONGEST_TABLE = 2000
"""So many relations the table lists; it says so when there are more."""

_VIS = "lib/vis-9.1.2/vis-network.min.js"
_OTHER_COLOUR = "#737373"


def page(view: Mapping[str, Any]) -> str:
    """Return the page of a view: the picture, a legend that filters, the sentences, and a table of all.

    It shows what stands on the day of the view. Raises `MissingExtra` where pyvis is not installed, `QueryError` for
    a language that the page is not written in.
    """
    return str(network(view).generate_html())


def network(view: Mapping[str, Any]) -> Any:
    """Return the same as a `pyvis.network.Network`, whose ``generate_html`` gives the safe page.

    Its ids are opaque and its options hold nothing of a source: pyvis writes both into scripts.
    """
    words, drawn = wording(view["lang"]), elements(view)
    made = draw(drawn, view["lang"])
    made.set_template_dir(str(files("kg.view.pyvis")), "page.html")
    made.templateEnv.autoescape = True
    made.templateEnv.globals.update(_values(view, drawn, words))
    return made


def _values(view: Mapping[str, Any], drawn: Elements, words: Mapping[str, str]) -> dict[str, Any]:
    """Return all that the template needs beside nodes, edges and options, which pyvis gives it."""
    from markupsafe import Markup

    lang = view["lang"]
    rows = [presentation(shown, view, lang) for shown in drawn.lines]
    legend = _legend(drawn, lang)
    style = _asset("page.css") + _colour_rules(legend)
    scripts = [_vis(), _asset("labels.js"), _asset("page.js")]
    return {
        "w": words,
        "lang": lang,
        "title": view["title"],
        "counts": _counts(view, drawn, words),
        "left_out": words["left_out"].format(*drawn.left_out) if any(drawn.left_out) else "",
        "legend": legend,
        "rows": _rows(drawn, rows),
        "rows_left_out": words["rows_left_out"].format(LONGEST_TABLE, len(rows)) if len(rows) > LONGEST_TABLE else "",
        "facts": _facts(view, drawn, rows, words) | {"colours": _colours(legend)},
        # These are ours, whole files of this package and of pyvis: no text of a source is in them.
        "style": Markup(style),  # noqa: S704
        "scripts": [Markup(script) for script in scripts],  # noqa: S704
        "policy": _policy(style, scripts),
    }


def _rows(drawn: Elements, rows: Sequence[Presentation]) -> list[Presentation]:
    keys = {edge.shown.line["id"]: edge.key for edge in drawn.edges}
    listed = zip(drawn.lines[:LONGEST_TABLE], rows, strict=False)
    return [row | {"key": keys.get(shown.line["id"])} for shown, row in listed]


def _facts(
    view: Mapping[str, Any], drawn: Elements, rows: Sequence[Presentation], words: Mapping[str, str]
) -> dict[str, Any]:
    """Return what the page's script shows: what each node is, what each edge says, which figures a node has."""
    keys = {node.company["id"]: node.key for node in drawn.nodes}
    by_line = {shown.line["id"]: row for shown, row in zip(drawn.lines, rows, strict=True)}
    figures: dict[str, list[Presentation]] = {}
    for shown, row in zip(drawn.lines, rows, strict=True):
        subject = view["companies"][shown.line["subject"]]["id"]
        if row["is_figure"] and subject in keys:
            figures.setdefault(keys[subject], []).append(row)
    return {
        "nodes": {node.key: company(node.company, view["lang"]) for node in drawn.nodes},
        "edges": {edge.key: by_line[edge.shown.line["id"]] for edge in drawn.edges},
        "figures": figures,
        "focus": keys.get(view["focus"]),
        "words": {name: words[name] for name in ("not_found", "hint", "close", "more", "open", "shut", "known_from")},
    }


def _counts(view: Mapping[str, Any], drawn: Elements, words: Mapping[str, str]) -> str:
    lang = view["lang"]
    figures = sum("object" not in shown.line for shown in drawn.lines)
    undecided = sum(shown.holds is TriState.UNDECIDED for shown in drawn.lines)
    sources = {claim["document"] for shown in drawn.lines for claim in shown.line["claims"]}
    parts = [
        words["as_of"].format(view["asOf"]),
        plural(words["entity"], drawn.companies, lang),
        plural(words["relation"], len(drawn.lines) - figures, lang),
        words["undecided_facts"].format(undecided) if undecided else "",
        plural(words["figure"], figures, lang) if figures else "",
        plural(words["source"], len(sources), lang),
    ]
    return " · ".join(filter(None, parts))


def _legend(drawn: Elements, lang: str) -> dict[str, list[dict[str, Any]]]:
    """Return the relations, modalities and classes that are drawn, in the ontology's order, with their counts."""
    terms = ontology()
    relations = Counter(edge.shown.line["relation"] for edge in drawn.edges)
    modalities = Counter(edge.shown.modality.value for edge in drawn.edges)
    kinds = Counter(node.company["kind"] for node in drawn.nodes)
    styles = {modality.value: style for modality, style in STYLES.items()}
    return {
        "relations": _entries(terms.relations, relations, "r", lang),
        "modalities": [
            entry | {"style": styles[entry["name"]]} for entry in _entries(terms.modalities, modalities, "m", lang)
        ],
        "kinds": [
            entry | {"shape": SHAPES.get(entry["name"], "dot")} for entry in _entries(terms.classes, kinds, "k", lang)
        ],
    }


def _entries(terms: Mapping[str, Term], counts: Counter[str], prefix: str, lang: str) -> list[dict[str, Any]]:
    present = [(at, term) for at, term in enumerate(terms.values()) if counts[term.name]]
    return [
        {
            "name": term.name,
            "rule": f"{prefix}{at}",
            "label": term.label[lang],
            "comment": term.comment.get(lang, ""),
            "count": counts[term.name],
            "colour": pair(term.colour or _OTHER_COLOUR),
        }
        for at, term in present
    ]


def _colours(legend: Mapping[str, list[dict[str, Any]]]) -> dict[str, dict[str, list[str]]]:
    return {
        kind: {entry["name"]: [entry["colour"].light, entry["colour"].dark] for entry in legend[kind]}
        for kind in ("relations", "kinds")
    }


def _colour_rules(legend: Mapping[str, list[dict[str, Any]]]) -> str:
    entries = [*legend["relations"], *legend["kinds"]]
    light = "".join(f".{entry['rule']}{{--c:{entry['colour'].light}}}" for entry in entries)
    dark = "".join(f".{entry['rule']}{{--c:{entry['colour'].dark}}}" for entry in entries)
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
