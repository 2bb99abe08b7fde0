"""Refit on one part of the documents, calibrate on another, measure on a third, keep what is no worse.

A document belongs to one part for good, by its id (`kg.evaluation.passages.part_of`): three in five refit, one in five
calibrates, one in five measures. Weights that do worse there than the old ones are not written.
"""

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

import kg
from kg.errors import AnnotationError, StoreFull
from kg.evaluation.labelled import labelled
from kg.evaluation.passages import Passage, part_of
from kg.extract.confidence import MODEL, confidence
from kg.extract.paragraph.network import HEADS, encoder_hash, network
from kg.ontology import path, turtle
from kg.settings import changed_environment
from kg.training.calibration import ENOUGH, calibrated
from kg.training.measures import Measures, measured
from kg.training.refit import Layer, refit
from kg.training.samples import samples

__all__ = ["FEWEST", "Trained", "check_folder", "train"]

FEWEST = 20
"""Documents without which nothing is fitted."""

_LOST = 0.02
"""What precision may lose where F1 gains."""
_HEADS, _CONFIDENCE, _MADE = Path(HEADS).name, f"{MODEL}.json", "made.json"


@dataclass(frozen=True, slots=True)
class Trained:
    """What came of it: documents by part, proposals that calibrated, measures before and after, why it is not kept.

    `worse` is empty where the new weights were written.
    """

    documents: Mapping[str, int]
    calibrating: int
    before: Measures
    after: Measures
    worse: str

    @property
    def has_thresholds(self) -> bool:
        """Whether thresholds come from these documents; else they are the old ones."""
        return self.calibrating >= ENOUGH


def train(passages: Sequence[Passage], out: Path, made_of: Mapping[str, Any]) -> Trained:
    """Fit weights to marked documents and write them into the folder `out`, unless they do worse than the old ones.

    `made_of` is kept beside them in ``made.json``. Raises `AnnotationError` where there are too few documents, or where
    the marks tie no names that kg finds, and `StoreFull` where the folder cannot be written.
    """
    parts = _parts(passages)
    check_folder(out)
    before = measured(parts["frozen"])
    with tempfile.TemporaryDirectory(prefix="kg-train-") as name:
        folder = Path(name)
        (folder / _CONFIDENCE).write_text(turtle(f"weights/{_CONFIDENCE}"), "utf-8")
        np.savez(folder / _HEADS, **_refitted(parts["train"]))
        with changed_environment({"KG_WEIGHTS": str(folder)}):
            calibrating = _calibrate(parts["calibrate"], folder / _CONFIDENCE)
            after = measured(parts["frozen"])
        documents = {part: len(those) for part, those in parts.items()}
        told = Trained(documents, calibrating, before, after, _worse(before, after))
        if not told.worse:
            _write(folder, out, {**made_of, **_made(told)})
    return told


def _parts(passages: Sequence[Passage]) -> dict[str, list[Passage]]:
    parts: dict[str, list[Passage]] = {"train": [], "calibrate": [], "frozen": []}
    for passage in passages:
        parts[part_of(passage.id)].append(passage)
    if len(passages) < FEWEST:
        raise AnnotationError(f"{len(passages)} documents are too few to learn from: mark {FEWEST} or more")
    empty = [part for part, those in parts.items() if not those]
    if empty:
        raise AnnotationError(f"of {len(passages)} documents none falls into the part '{empty[0]}': mark some more")
    if not any(passage.core_ties for passage in parts["frozen"]):
        raise AnnotationError("the documents kept for measuring have no ties that must be found: mark some more")
    return parts


def check_folder(out: Path) -> None:
    """Raise `StoreFull` where a folder holds something else than weights."""
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / _MADE).is_file())):
        raise StoreFull(f"{out} holds something else than weights: choose a new folder for --out")


def _refitted(passages: Sequence[Passage]) -> dict[str, Any]:
    """All heads, the relations' layer fitted further."""
    found = samples(passages)
    if found is None or not (found.right * found.judged).any():
        raise AnnotationError("the marks tie no two names that kg finds in these documents: nothing can be learned")
    weights = network().weights
    layer = refit(Layer(weights["bi.weight"], weights["bi.bias"]), found)
    with np.load(path(HEADS), allow_pickle=False) as held:
        heads: dict[str, Any] = {name: held[name] for name in held.files}
    heads["bi.weight"] = layer.weight.astype(heads["bi.weight"].dtype)
    heads["bi.bias"] = layer.bias.astype(heads["bi.bias"].dtype)
    return heads | {"encoder": np.array(encoder_hash())}


def _calibrate(passages: Sequence[Passage], file: Path) -> int:
    """Fit the confidence in a file to documents; return how many proposals it was fitted to."""
    found = [one for passage in passages for one in labelled(passage)]
    old = json.loads(file.read_text("utf-8"))
    new = calibrated(old, [confidence(one.measures) for one in found], [one.right for one in found])
    file.write_text(json.dumps(new, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")
    return len(found)


def _worse(before: Measures, after: Measures) -> str:
    if after.f1 < before.f1:
        return f"F1 fell from {before.f1:.3f} to {after.f1:.3f}"
    if before.precision is not None and (after.precision or 0.0) < before.precision - _LOST:
        return f"precision fell from {before.precision:.3f} to {after.precision or 0.0:.3f}"
    return ""


def _made(told: Trained) -> dict[str, Any]:
    return {
        "kg": kg.__version__,
        "documents": dict(told.documents),
        "proposals_that_calibrate": told.calibrating,
        "thresholds": "of these documents" if told.has_thresholds else "as before",
        "before": asdict(told.before),
        "after": asdict(told.after),
    }


def _write(folder: Path, out: Path, made: Mapping[str, Any]) -> None:
    (folder / _MADE).write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", "utf-8")
    with _writing(out):
        out.mkdir(parents=True, exist_ok=True)
        for name in (_HEADS, _CONFIDENCE, _MADE):
            part = out / f"{name}.part"
            shutil.copyfile(folder / name, part)
            part.replace(out / name)


@contextmanager
def _writing(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreFull(f"{out} cannot be written: {error.strerror}; free space or choose another place") from error
