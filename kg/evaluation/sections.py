"""A report as tables: what a person reads, in a terminal or in Markdown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from kg.evaluation.counts import Counts, ratio
from kg.evaluation.report import EvaluationReport
from kg.evaluation.runner import Evaluation
from kg.evaluation.scoring import Mistake
from kg.evaluation.sentences import CorpusReport, Silence

__all__ = ["Cell", "Section", "corpus_sections", "gold_sections", "mistakes_section"]

Cell: TypeAlias = str | int | float | None

_LABELS: Mapping[str, str] = {
    "documents": "documents",
    "said": "distinct relations said",
    "core": "relations to find",
    "precision": "precision",
    "recall": "recall",
    "f1": "F1",
    "macro_precision": "precision, mean of documents",
    "macro_recall": "recall, mean of documents",
    "macro_f1": "F1 of the means",
    "status": "status right (its group)",
    "modality": "modality right (exactly)",
    "qualifiers": "qualifiers right",
    "qualifiers_asked": "qualifiers asked for",
    "qualifiers_wrong": "qualifiers wrong",
    "qualifiers_missing": "qualifiers missing",
    "grounding": "quotes exact",
    "traps": "traps",
    "traps_hit": "traps fallen into",
    "traps_hit_by_any": "traps fallen into, * for anything",
}
_OF_TEXTS = frozenset({"macro_precision", "macro_recall", "macro_f1", "traps", "traps_hit", "traps_hit_by_any"})
_SENTENCE_LABELS = {n: label for n, label in _LABELS.items() if n not in _OF_TEXTS} | {"documents": "sentences"}
"""A sentence sets no traps, and is too short for a figure of its own."""

_EDGES = ("precision", "recall", "F1", "said", "to find")


@dataclass(frozen=True, slots=True)
class Section:
    """A titled table; a cell that is None is empty."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def gold_sections(evaluation: Evaluation) -> tuple[Section, ...]:
    """Return the tables of a report against gold; with halves, one row or column for each."""
    whole, halves = evaluation.report, evaluation.halves
    if halves is None:
        return (_figures(whole, _LABELS), *_breakdowns({"": whole}))
    parts = {"read": halves.read, "unread": halves.unread}
    rows = tuple(
        (label, *(_with_interval(part, name) for part in (whole, *parts.values())), _signed(halves.gap.get(name)))
        for name, label in _LABELS.items()
    )
    return (Section("Figures", ("figure", "all", *parts, "gap"), rows), *_breakdowns(parts))


def corpus_sections(corpus: CorpusReport) -> tuple[Section, ...]:
    """Return the tables of a report on marked sentences."""
    kinds = corpus.near_misses
    near = {"all": Silence(sum(k.items for k in kinds.values()), sum(k.silent for k in kinds.values())), **kinds}
    rows = tuple(
        (kind, _share(ratio(tally.silent, tally.items)), tally.items) for kind, tally in near.items() if tally.items
    )
    silence = Section("Near misses", ("kind", "nothing claimed", "sentences"), rows)
    return (_figures(corpus.report, _SENTENCE_LABELS), silence, *_breakdowns({"": corpus.report}))


def mistakes_section(mistakes: Iterable[Mistake]) -> Section:
    """Return the table of errors, each with its document, place and quote."""
    rows = tuple(
        (m.kind, m.document, f"{m.subject} {m.relation} {m.object}", m.note or None, f"{m.start}–{m.end}", m.quote)
        for m in mistakes
    )
    return Section("Errors", ("error", "document", "relation", "note", "at", "quote"), rows)


def _figures(report: EvaluationReport, labels: Mapping[str, str]) -> Section:
    rows = tuple((label, _with_interval(report, name)) for name, label in labels.items())
    return Section("Figures", ("figure", "value (95 %)"), rows)


def _with_interval(report: EvaluationReport, name: str) -> Cell:
    value, interval = report.figures[name], report.intervals.get(name)
    if value is None or interval is None:
        return _share(value) if isinstance(value, float) else value
    return f"{_share(value)} ({_share(interval[0])}–{_share(interval[1])})"


def _signed(value: float | None) -> str | None:
    return None if value is None else f"{value:+.3f}"


def _share(value: float | None) -> str | None:
    return None if value is None else f"{value:.3f}"


def _breakdowns(parts: Mapping[str, EvaluationReport]) -> Iterable[Section]:
    yield _table("Relations", "relation", _EDGES, {half: part.relations for half, part in parts.items()})
    yield _table("Languages", "language", _EDGES, {half: part.languages for half, part in parts.items()})
    status = ("recall", "status right", "to find", "found")
    yield _table("Modality", "gold status", status, {half: part.statuses for half, part in parts.items()})
    yield _confusion(parts)
    terms = ("right", "wrong", "missing", "asked for")
    yield _table("Qualifiers", "qualifier", terms, {half: part.terms for half, part in parts.items()})


def _table(title: str, what: str, columns: Sequence[str], parts: Mapping[str, Mapping[str, Counts]]) -> Section:
    names = sorted({name for counts in parts.values() for name in counts})
    rows = tuple(
        (name, half or None, *(_column(column, parts[half][name]) for column in columns))
        for name in names
        for half in parts
        if name in parts[half]
    )
    return Section(title, (what, "half", *columns), rows)


def _column(name: str, counts: Counts) -> Cell:
    cells: Mapping[str, Cell] = {
        "precision": _share(counts.precision),
        "recall": _share(counts.recall),
        "F1": None if counts.precision is None or counts.recall is None else _share(counts.f1),
        "said": counts.said,
        "to find": counts.core,
        "found": counts.found,
        "status right": _share(counts.status),
        "right": counts.terms_right,
        "wrong": counts.terms_wrong,
        "missing": counts.terms_missing,
        "asked for": counts.terms,
    }
    return cells[name]


def _confusion(parts: Mapping[str, EvaluationReport]) -> Section:
    columns = sorted({claimed for part in parts.values() for _, claimed in part.confusion})
    golds = sorted({gold for part in parts.values() for gold, _ in part.confusion})
    rows = tuple(
        (gold, half or None, *(part.confusion.get((gold, claimed)) for claimed in columns))
        for gold in golds
        for half, part in parts.items()
        if any(gold == of for of, _ in part.confusion)
    )
    return Section("Modality said, by gold status", ("gold status", "half", *columns), rows)
