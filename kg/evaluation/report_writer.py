"""A report written out: as tables for a terminal, as Markdown, as JSON."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, TextIO

from kg.evaluation.counts import Counts
from kg.evaluation.report import EvaluationReport
from kg.evaluation.runner import Evaluation
from kg.evaluation.scoring import Mistake
from kg.evaluation.sections import Cell, Section, corpus_sections, gold_sections, mistakes_section
from kg.evaluation.sentences import CorpusReport
from kg.tables.rendering import write_table
from kg.tables.table import Table
from kg.wording.printable import printable

__all__ = ["write"]


def write(result: Evaluation | CorpusReport, form: str, errors: int | None, out: TextIO) -> None:
    """Write a report as "json", as "markdown" or as a "table", with its first `errors` errors; None for all."""
    mistakes = result.report.mistakes[:errors]
    if form == "json":
        json.dump(_record(result, mistakes), out, ensure_ascii=False, indent=1)
        out.write("\n")
        return
    sections = gold_sections(result) if isinstance(result, Evaluation) else corpus_sections(result)
    if mistakes:
        sections = (*sections, mistakes_section(mistakes))
    for number, section in enumerate(section for section in sections if section.rows):
        out.write("\n" if number else "")
        (_write_markdown if form == "markdown" else _write_table)(section, out)


def _write_table(section: Section, out: TextIO) -> None:
    out.write(f"{section.title}\n")
    write_table(Table(section.columns, section.rows), out)


def _write_markdown(section: Section, out: TextIO) -> None:
    """Write a table of GitHub's Markdown: https://github.github.com/gfm/#tables-extension-."""
    filled = [i for i in range(len(section.columns)) if any(row[i] is not None for row in section.rows)]
    out.write(f"### {section.title}\n\n")
    lines = [
        [section.columns[i] for i in filled],
        ["---" if i == filled[0] else "---:" for i in filled],
        *([_escaped(row[i]) for i in filled] for row in section.rows),
    ]
    out.writelines(f"| {' | '.join(line)} |\n" for line in lines)


def _escaped(cell: Cell) -> str:
    text = printable("" if cell is None else str(cell))
    return "".join(f"\\{c}" if c in "\\|*_<>`[]" else c for c in text)


def _record(result: Evaluation | CorpusReport, mistakes: Sequence[Mistake]) -> dict[str, Any]:
    record = _report(result.report)
    if isinstance(result, CorpusReport):
        record["near_misses"] = {kind: asdict(each) for kind, each in result.near_misses.items()}
    elif result.halves is not None:
        parts = {"read": result.halves.read, "unread": result.halves.unread}
        record["split"] = {name: _report(part) for name, part in parts.items()} | {"gap": dict(result.halves.gap)}
    return record | {"errors": [asdict(each) for each in mistakes], "errors_in_all": len(result.report.mistakes)}


def _report(report: EvaluationReport) -> dict[str, Any]:
    confusion: dict[str, dict[str, int]] = {}
    for (gold, claimed), count in report.confusion.items():
        confusion.setdefault(gold, {})[claimed] = count
    return dict(report.figures) | {
        "intervals": {name: list(interval) if interval else None for name, interval in report.intervals.items()},
        "per_language": _edges(report.languages.items()),
        "per_relation": _edges(report.relations.items()),
        "per_document": _edges(report.documents.items()),
        "per_qualifier": {
            name: {"right": c.terms_right, "wrong": c.terms_wrong, "missing": c.terms_missing, "asked": c.terms}
            for name, c in report.terms.items()
        },
        "per_status": {
            name: {"recall": c.recall, "status": c.status, "core": c.core, "found": c.found}
            for name, c in report.statuses.items()
        },
        "confusion": confusion,
    }


def _edges(counts: Iterable[tuple[str, Counts]]) -> Mapping[str, Any]:
    return {
        name: {"precision": c.precision, "recall": c.recall, "f1": c.f1, "said": c.said, "core": c.core}
        for name, c in counts
    }
