"""What is scored, brought together: gold and a build of its texts, a store or an export; a corpus and the reader."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.evaluation.claims import read_claims, scored_claims
from kg.evaluation.gold import read_gold
from kg.evaluation.records import ScoredClaim
from kg.evaluation.report import EvaluationReport, Halves, halves, report
from kg.evaluation.scoring import score
from kg.evaluation.sentences import CorpusReport, score_corpus
from kg.store import open_store

__all__ = ["Evaluation", "evaluate_corpus", "evaluate_gold"]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures over all gold, those of its halves where asked for, and a line on each text that was not read."""

    report: EvaluationReport
    halves: Halves | None = None
    not_read: tuple[str, ...] = ()


def evaluate_gold(
    folders: Sequence[Path],
    *,
    texts: Path | None = None,
    store: str | None = None,
    claims: Path | None = None,
    split: bool = False,
) -> Evaluation:
    """Score claims against the gold files (kg-gold/1) of some folders, whose texts lie below `texts`.

    The claims are those of the file `claims` (kg-claims/1), else those that `store` holds, else those
    of a build of the texts, made in memory for it. `split` reports the two halves of the gold too.
    Raises `AnnotationError` for gold or claims that do not hold, `StoreError` for the store.
    """
    golds = read_gold(folders, texts)
    not_read: tuple[str, ...] = ()
    if claims is not None:
        scored = read_claims(claims)
    elif store is not None:
        with open_store(store) as opened:
            scored = scored_claims(opened.claims())
    else:
        scored, not_read = _built(path for _, path in golds)
    documents = score((gold for gold, _ in golds), scored)
    return Evaluation(report(documents), halves(documents) if split else None, not_read)


def _built(paths: Iterable[Path]) -> tuple[tuple[ScoredClaim, ...], tuple[str, ...]]:
    from kg.pipeline import build

    with open_store(None) as store:
        done = build(store, [str(path) for path in paths])
        return scored_claims(store.claims()), tuple(f"{skipped.source}: {skipped.reason}" for skipped in done.skipped)


def evaluate_corpus(paths: Sequence[Path]) -> CorpusReport:
    """Score the reader on marked sentences (``ontology/corpus``), each read as a document of its own.

    Raises `AnnotationError` for a file that does not hold.
    """
    from kg.extract.corpus import Item, read_corpora
    from kg.pipeline import read_document

    def read(item: Item) -> tuple[ScoredClaim, ...]:
        return scored_claims(read_document(item.document)[0].claims)

    return score_corpus(read_corpora(paths), read)
