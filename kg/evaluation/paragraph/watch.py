"""How good a fit is: its ties, modalities, roles and kinds on windows that it was not fitted on."""

from collections import Counter
from collections.abc import Iterator, Sequence

import torch

from kg.evaluation.matching import SYMMETRIC
from kg.evaluation.paragraph.examples import Example
from kg.evaluation.paragraph.model import Judged, Paragraph
from kg.extract.paragraph.network import RELATIONS

__all__ = ["Figures", "watch"]

Figures = dict[str, float]
"""Shares in 0–1, by name."""

_THRESHOLDS = (-1, 0, 1, 2)
_PIECES = 4_000
"""Pieces that are judged at once."""


def watch(model: Paragraph, examples: Sequence[Example]) -> Figures:
    """Return the figures of a model: of ties by score, the others of the ties that score above 0."""
    model.eval()
    counts: Counter[str] = Counter()
    with torch.no_grad():
        for batch in _batches(examples):
            for judged, one in zip(model(batch), batch, strict=True):
                counts.update(_ties(judged, one))
                counts.update(_terms(model, judged, one))
    figures: Figures = {}
    for threshold in _THRESHOLDS:
        right, said, asked = counts[f"right {threshold}"], counts[f"said {threshold}"], counts["asked"]
        figures[f"precision from {threshold}"] = _share(right, said)
        figures[f"recall from {threshold}"] = _share(right, asked)
        figures[f"F1 from {threshold}"] = _share(2 * right, said + asked)
    figures["modality"] = _share(counts["modality"], counts["modalities"])
    figures["precision of terms"] = _share(counts["term"], counts["terms said"])
    figures["recall of terms"] = _share(counts["term"], counts["terms"])
    figures["kind"] = _share(counts["kind"], counts["kinds"])
    return figures


def _share(part: float, whole: float) -> float:
    return round(part / whole, 4) if whole else 0.0


def _batches(examples: Sequence[Example]) -> Iterator[list[Example]]:
    """Yield windows of about one length together."""
    batch: list[Example] = []
    for one in sorted(examples, key=lambda one: len(one.ids)):
        if batch and (len(batch) + 1) * len(one.ids) > _PIECES:
            yield batch
            batch = []
        batch.append(one)
    if batch:
        yield batch


def _ties(judged: Judged, one: Example) -> dict[str, int]:
    """Ties said and right by threshold: of a symmetric relation each way is a half, so that all count double."""
    double = torch.tensor([1 if relation in SYMMETRIC else 2 for relation in RELATIONS])
    right, asked = (torch.from_numpy(told)[:, 1:] for told in (one.targets.right, one.targets.judged))
    scores = judged.scores[:, 1:] - judged.scores[:, :1]
    counts = {"asked": int((right * asked * double).sum())}
    for threshold in _THRESHOLDS:
        said = (scores > threshold) * asked * double
        counts |= {f"said {threshold}": int(said.sum()), f"right {threshold}": int((said * right).sum())}
    return counts


def _terms(model: Paragraph, judged: Judged, one: Example) -> dict[str, int]:
    found = judged.scores[:, 1:] > judged.scores[:, :1]
    statuses = [told for told in one.targets.statuses if found[told[0], told[1]]]
    roles = [told for told in one.targets.roles if found[told[0], told[1]]]
    counts = {"modalities": len(statuses), "kinds": len(one.kinds), "terms": sum(told[3] != 0 for told in roles)}
    counts["kind"] = sum(int(judged.kinds[name].argmax()) == kind for name, kind in one.kinds)
    if statuses:
        pairs, relations, right = zip(*statuses, strict=True)
        said = model.modalities(judged, pairs, relations).argmax(1).tolist()
        counts["modality"] = sum(best in able for best, able in zip(said, right, strict=True))
    if roles:
        said = model.roles(judged, one.figures, [told[:3] for told in roles]).argmax(1).tolist()
        counts["terms said"] = sum(best != 0 for best in said)
        counts["term"] = sum(best == told[3] != 0 for best, told in zip(said, roles, strict=True))
    return counts
