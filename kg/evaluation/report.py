"""The figures of many texts together, how sure they are, and the halves that they fall into."""

import hashlib
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from kg.evaluation.counts import Counts, harmonic, mean, ratio, total
from kg.evaluation.scoring import DocumentScore, Mistake

__all__ = ["SHARES", "ConfidenceInterval", "EvaluationReport", "Halves", "halves", "is_read_half", "report"]

_SAMPLES, _SEED = 1000, 20_250_311
_LOW, _HIGH = 0.025, 0.975
_SAMPLED = ("precision", "recall", "f1", "macro_precision", "macro_recall", "macro_f1")
SHARES = (*_SAMPLED, "status", "modality", "qualifiers", "grounding")
"""The figures that are shares, in 0–1; the others are counts."""

_HALF_OF_HEX = "02468ace"

ConfidenceInterval: TypeAlias = tuple[float, float] | None
"""Where a figure lies in 95 of 100 samples of the documents; None where no sample has it."""


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """Figures over texts. `figures` are named values in 0–1, or counts; `intervals` those of P, R and F1.

    The breakdowns hold counts by relation, language, term of gold, status of gold and document;
    `confusion` counts what was found by gold's status and the modality said.
    """

    figures: Mapping[str, float | None]
    intervals: Mapping[str, ConfidenceInterval]
    relations: Mapping[str, Counts]
    languages: Mapping[str, Counts]
    terms: Mapping[str, Counts]
    statuses: Mapping[str, Counts]
    documents: Mapping[str, Counts]
    confusion: Mapping[tuple[str, str], int]
    mistakes: tuple[Mistake, ...]


@dataclass(frozen=True, slots=True)
class Halves:
    """The reports of the two halves of the gold, and `gap`: each share in the read one less that in the unread."""

    read: EvaluationReport
    unread: EvaluationReport
    gap: Mapping[str, float | None]


def report(documents: Sequence[DocumentScore]) -> EvaluationReport:
    """Return the figures of some documents, each counted once; the sums do not depend on their order."""
    by_name = _summed((document.document, document.counts) for document in documents)
    counts = total([Counts(), *by_name.values()])
    confusion = sum((Counter(document.confusion) for document in documents), Counter[tuple[str, str]]())
    return EvaluationReport(
        figures={"documents": len(documents), **_shares(counts, confusion, list(by_name.values()))},
        intervals=_intervals(list(by_name.values())),
        relations=_summed(pair for document in documents for pair in document.relations.items()),
        languages=_summed(
            (document.lang, document.counts) for document in documents if document.counts.said or document.counts.core
        ),
        terms=_summed(pair for document in documents for pair in document.terms.items()),
        statuses=_summed(pair for document in documents for pair in document.statuses.items()),
        documents=by_name,
        confusion=dict(sorted(confusion.items())),
        mistakes=tuple(mistake for document in documents for mistake in document.mistakes),
    )


def is_read_half(file: str) -> bool:
    """Tell which half of the gold a file is in: read while the reader is worked on, or kept unread.

    The rule looks at the file's name alone, so that new files never move old ones: read is whose
    name's SHA-256 begins with an even hexadecimal digit.

    >>> is_read_half("a.gold.json"), is_read_half("d.gold.json")
    (True, False)
    """
    return hashlib.sha256(file.encode()).hexdigest()[0] in _HALF_OF_HEX


def halves(documents: Iterable[DocumentScore]) -> Halves:
    """Return the reports of the two halves (see `is_read_half`), and by how much the read one's shares are higher."""
    parts: dict[bool, list[DocumentScore]] = {True: [], False: []}
    for document in documents:
        parts[is_read_half(document.file)].append(document)
    read, unread = report(parts[True]), report(parts[False])
    return Halves(read, unread, {name: _less(read.figures[name], unread.figures[name]) for name in SHARES})


def _less(first: float | None, second: float | None) -> float | None:
    return None if first is None or second is None else round(first - second, 3)


def _summed(pairs: Iterable[tuple[str, Counts]]) -> dict[str, Counts]:
    groups: dict[str, list[Counts]] = defaultdict(list)
    for name, counts in pairs:
        groups[name].append(counts)
    return {name: total(groups[name]) for name in sorted(groups)}


def _shares(
    counts: Counts, confusion: Mapping[tuple[str, str], int], documents: Sequence[Counts]
) -> dict[str, float | None]:
    macro_precision, macro_recall = (
        mean(document.precision for document in documents),
        mean(document.recall for document in documents),
    )
    return {
        "said": counts.said,
        "core": counts.core,
        "precision": counts.precision,
        "recall": counts.recall,
        "f1": counts.f1,
        "macro_precision": macro_precision,
        "macro_recall": macro_recall,
        "macro_f1": harmonic(macro_precision, macro_recall),
        "status": counts.status,
        "modality": ratio(sum(n for (gold, claimed), n in confusion.items() if gold == claimed), counts.found),
        "qualifiers": counts.qualifiers,
        "qualifiers_asked": counts.terms,
        "qualifiers_wrong": counts.terms_wrong,
        "qualifiers_missing": counts.terms_missing,
        "grounding": counts.grounding,
        "traps": counts.traps,
        "traps_hit": counts.sprung,
        "traps_hit_by_any": counts.sprung_by_any,
    }


_Row: TypeAlias = tuple[int, int, int, int, float | None, float | None]
"""Of a document: said, right, core, found, precision, recall."""


def _intervals(documents: Sequence[Counts]) -> dict[str, ConfidenceInterval]:
    """Resample the documents (percentile bootstrap, Efron 1979): claims of one text are not independent."""
    rows: list[_Row] = [
        (document.said, document.right, document.core, document.found, document.precision, document.recall)
        for document in documents
    ]
    # The seed is fixed: the same build has the same intervals.
    choices = random.Random(_SEED)  # noqa: S311 - sampling, no secret
    samples = [_sampled(choices.choices(rows, k=len(rows))) for _ in range(_SAMPLES)] if rows else []
    return {name: _between(sample[name] for sample in samples) for name in _SAMPLED}


def _sampled(rows: Sequence[_Row]) -> dict[str, float | None]:
    said, right, core, found, precisions, recalls = zip(*rows, strict=True)
    precision, recall = ratio(sum(right), sum(said)), ratio(sum(found), sum(core))
    macro_precision, macro_recall = mean(precisions), mean(recalls)
    return {
        "precision": precision,
        "recall": recall,
        "f1": harmonic(precision, recall),
        "macro_precision": macro_precision,
        "macro_recall": macro_recall,
        "macro_f1": harmonic(macro_precision, macro_recall),
    }


def _between(values: Iterable[float | None]) -> ConfidenceInterval:
    numbers = sorted(value for value in values if value is not None)
    if not numbers:
        return None
    last = len(numbers) - 1
    return numbers[round(_LOW * last)], numbers[round(_HIGH * last)]
