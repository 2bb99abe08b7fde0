"""Pages that are written by the program itself: a line ``<!-- generated: NAME -->`` becomes what NAME returns.

So the command line, the ontology and the settings stand in one place, and the documentation cannot disagree.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.pages import Page

MARK = re.compile(r"^<!-- generated: (\w+) -->$", re.MULTILINE)


def on_config(config: "MkDocsConfig") -> "MkDocsConfig":
    """Fill in the folders of the navigation, ``FOLDER/*``: a page that is added needs no second entry."""
    for entry in config.nav or []:
        for title, path in list(entry.items()) if isinstance(entry, dict) else []:
            if isinstance(path, str) and path.endswith("/*"):
                folder = Path(path.removesuffix("/*"))
                files = Path(config.docs_dir, folder).glob("*.md")
                names = sorted(file.name for file in files if file.name != "index.md")
                entry[title] = [(folder / name).as_posix() for name in ["index.md", *names]]
    return config


def on_page_markdown(markdown: str, page: "Page", **_: Any) -> str:
    """Fill a page's marks; mkdocs calls it for each page."""
    folder = Path(page.file.abs_src_path or "").parent
    return MARK.sub(lambda match: GENERATORS[match[1]](folder), markdown)


def pages(folder: Path) -> str:
    """Return links to the other pages of a folder, by their titles."""
    files = [file for file in sorted(folder.glob("*.md")) if file.name != "index.md"]
    titles = {file.name: file.read_text("utf-8").partition("\n")[0].removeprefix("# ") for file in files}
    return "\n".join(f"- [{title}]({name})" for name, title in titles.items())


def commands(_: Path) -> str:
    """Return the help of every command, as the program prints it."""
    from kg.cli import cli

    return "\n\n".join(_help(cli, "kg", None))


def _help(command: click.Command, name: str, parent: click.Context | None) -> Iterator[str]:
    context = click.Context(command, info_name=name, parent=parent, max_content_width=100, terminal_width=100)
    level = len(context.command_path.split()) + 1
    yield f"{'#' * min(level, 4)} {context.command_path}\n\n```text\n{command.get_help(context)}\n```"
    for sub_name, sub in sorted(getattr(command, "commands", {}).items()):
        if not sub.hidden:
            yield from _help(sub, sub_name, context)


def terms(_: Path) -> str:
    """Return the terms of the ontology, a table a kind."""
    from kg.ontology import ontology

    known = ontology()
    headings = {
        "relations": "Relations",
        "classes": "Classes",
        "modalities": "Modalities",
        "tiers": "Tiers of sources",
        "qualifiers": "Qualifiers",
        "identifiers": "Identifiers",
    }
    return "\n\n".join(f"## {heading}\n\n{_table(getattr(known, kind))}" for kind, heading in headings.items())


def _table(named: Mapping[str, Any]) -> str:
    rows = [
        (
            f"`{name}`",
            term.label["en"],
            term.label["fr"],
            ", ".join(f"`{end}`" for end in sorted(getattr(term, "domain", ()))),
            ", ".join(f"`{end}`" for end in sorted(getattr(term, "range", ()))),
            (getattr(term, "comment", None) or {}).get("en", ""),
        )
        for name, term in sorted(named.items())
    ]
    heads = ("name", "English", "French", "from", "to", "meaning")
    filled = [at for at in range(len(heads)) if any(row[at] for row in rows)]
    lines = [[heads[at] for at in filled], ["---"] * len(filled), *([row[at] for at in filled] for row in rows)]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |" for line in lines
    )


def settings(_: Path) -> str:
    """Return the environment variables, out of their table."""
    from kg.settings import SETTINGS

    rows = [
        f"| `{setting.name}` | {setting.help} | {setting.default} | {f'`{setting.option}`' if setting.option else ''} |"
        for setting in SETTINGS.values()
    ]
    return "\n".join(
        ["| variable | what it does | without it | the option that comes first |", "|---|---|---|---|", *rows]
    )


def reasons(_: Path) -> str:
    """Return the reason codes of the gate: a table for each outcome."""
    from kg.model import Outcome
    from kg.reasons import EXAMPLES, MEANINGS

    headings = {
        Outcome.REFUSED: "Refused",
        Outcome.TO_REVIEW: "To review",
        Outcome.ADMITTED: "Notes of admitted claims",
    }
    sections = []
    for outcome, heading in headings.items():
        rows = [
            f"| `{code.value}` | {meaning} | {EXAMPLES[code][0]} | {EXAMPLES[code][1]} |"
            for code, (of, meaning) in MEANINGS.items()
            if of is outcome
        ]
        head = ["| code | what it says | for example in | of what was read |", "|---|---|---|---|"]
        sections.append("\n".join([f"## {heading}\n", *head, *rows]))
    return "\n\n".join(sections)


def engines(_: Path) -> str:
    """Return the SPARQL engines that kg knows by name, a section each, out of their table."""
    from kg.store.remote.engines import ENGINES

    return "\n\n".join(f"### {engine.title}\n\n{_engine(name, engine)}" for name, engine in ENGINES.items())


def _engine(name: str, engine: Any) -> str:
    beside = engine.query.rstrip("/").rpartition("/")[0]
    update = engine.updates_at(engine.query) if engine.takes_updates else "kg sends none"
    if engine.takes_updates and engine.update_field:
        update += f", as the field `{engine.update_field}` of a form"
    sent = ", ".join(f"`{key}={value}`" for key, value in (engine.parameters or {}).items())
    durations = "as they are" if engine.holds_durations else "as texts: it makes a number of an `xsd:duration`"
    rows = {
        "named": f"`KG_ENGINE={name}`, `--engine {name}`",
        "address": f"`{engine.query}`",
        "updates": update,
        "Graph Store Protocol": engine.graphs.format(query=engine.query.rstrip("/"), beside=beside) or "not used",
        "sent with each query": sent or "nothing",
        "union of the graphs": engine.union,
        "who asks": engine.secret,
        "an update": engine.whole,
        "at once": f"{engine.quads} statements an update, {engine.rows} rows an answer",
        "durations": durations,
        "time-out": engine.patience,
        "here": "runs in the tests" if engine.is_run else "played in the tests, as its documentation has it",
    }
    return "\n".join(["| | |", "|---|---|", *(f"| {key} | {value} |" for key, value in rows.items())])


GENERATORS = {
    "commands": commands,
    "engines": engines,
    "pages": pages,
    "terms": terms,
    "settings": settings,
    "reasons": reasons,
}
