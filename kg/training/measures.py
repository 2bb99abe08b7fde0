"""How well the reader does on marked documents, at the precision that a build asks for by default."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.evaluation.counts import harmonic, ratio
from kg.evaluation.labelled import Labelled, labelled
from kg.evaluation.passages import Passage
from kg.extract.confidence import confidence, least
from kg.settings import PRECISION

if TYPE_CHECKING:
    from kg.evaluation.matching import Key

__all__ = ["Measures", "calibration_error", "measured"]

_BINS = 10


@dataclass(frozen=True, slots=True)
class Measures:
    """Precision, recall of the ties that must be found, F1, and the expected calibration error of all proposals."""

    precision: float | None
    recall: float | None
    f1: float
    calibration_error: float | None
    admitted: int
    proposals: int


def measured(passages: Iterable[Passage]) -> Measures:
    """Read marked documents with the weights of the moment, and compare."""
    found: list[tuple[Labelled, float]] = []
    core = 0
    for passage in passages:
        core += passage.core_ties
        found += [(one, confidence(one.measures)) for one in labelled(passage)]
    bound = least(PRECISION)
    said: dict[tuple[str, Key], Labelled] = {(one.passage, one.edge): one for one, sure in found if sure >= bound}
    precision = ratio(sum(one.right for one in said.values()), len(said))
    recall = ratio(sum(one.core for one in said.values()), core)
    error = calibration_error([(sure, one.right) for one, sure in found]) if found else None
    return Measures(precision, recall, harmonic(precision, recall), error, len(said), len(found))


def calibration_error(found: Sequence[tuple[float, bool]]) -> float:
    """Return by how much confidence and the share of what is right differ, over ten bins (Naeini et al., 2015)."""
    bins: defaultdict[int, list[tuple[float, bool]]] = defaultdict(list)
    for sure, right in found:
        bins[min(int(sure * _BINS), _BINS - 1)].append((sure, right))
    return sum(abs(sum(sure - right for sure, right in rows)) for rows in bins.values()) / len(found)
