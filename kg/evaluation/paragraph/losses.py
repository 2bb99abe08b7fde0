"""How far the model of the paragraph is from what is right."""

from collections.abc import Sequence
from typing import Any

import torch
from torch.nn import functional

from kg.evaluation.paragraph.examples import Example
from kg.evaluation.paragraph.model import Judged, Paragraph

__all__ = ["LOSSES", "adaptive", "loss"]

LOSSES = {"relations": 1.0, "evidence": 0.1, "modalities": 0.3, "roles": 0.5, "kinds": 0.2}
"""How much each loss counts."""

_BIG = 1e30
_EMPTY = 0.1
"""A pair counts as so much of a tie when losses are set against their number."""
_ROLES_AT_ONCE = 400
"""Figures of a window that are looked at in a step: tables have thousands, by pair."""


def adaptive(scores: Any, right: Any, judged: Any) -> Any:
    """Return the loss that draws right relations above the threshold, whose column is the first, and others below.

    Zhou et al., AAAI 2021; what is not judged is left out of both sums.
    """
    threshold = torch.zeros_like(right)
    threshold[:, 0] = 1
    above, below = right * judged, (1 - right) * judged
    below[:, 0] = 0
    drawn = torch.log_softmax(scores - (1 - (above + threshold)) * _BIG, 1) * above
    held = torch.log_softmax(scores - (1 - (below + threshold)) * _BIG, 1) * threshold
    return -(drawn.sum() + held.sum())


def loss(model: Paragraph, told: Sequence[Judged], batch: Sequence[Example]) -> tuple[Any, dict[str, float]]:
    """Return the loss of some windows, and its parts."""
    both = list(zip(told, batch, strict=True))
    parts = {
        "relations": _relations(both),
        "evidence": _mean([_evidence(judged, one) for judged, one in both if one.targets.quotes]),
        "modalities": _mean([_modalities(model, judged, one) for judged, one in both if one.targets.statuses]),
        "roles": _mean([_roles(model, judged, one) for judged, one in both if one.targets.roles]),
        "kinds": _mean([_kinds(judged, one) for judged, one in both if one.kinds]),
    }
    return sum(LOSSES[name] * part for name, part in parts.items()), {n: part.item() for n, part in parts.items()}


def _mean(losses: Sequence[Any]) -> Any:
    return torch.cat(list(losses)).mean() if losses else torch.tensor(0.0)


def _relations(both: Sequence[tuple[Judged, Example]]) -> Any:
    """The loss of pairs, set against how many ties they have."""
    total, ties = 0, 0.0
    for judged, one in both:
        right, asked = torch.from_numpy(one.targets.right), torch.from_numpy(one.targets.judged)
        total = total + adaptive(judged.scores, right, asked)
        ties += (right * asked).sum().item() + _EMPTY * len(one.pairs)
    return total / max(1.0, ties)


def _evidence(judged: Judged, one: Example) -> Any:
    """How little of what a pair looks at lies in the words that say its tie."""
    looked = [judged.looks[pair, list(places)].sum() for pair, places in one.targets.quotes]
    return -torch.log(torch.stack(looked) + 1e-6)


def _modalities(model: Paragraph, judged: Judged, one: Example) -> Any:
    """How unlikely the modalities that are right are, together."""
    pairs, relations, right = zip(*one.targets.statuses, strict=True)
    likely = torch.softmax(model.modalities(judged, pairs, relations), 1)
    return -torch.log(torch.stack([row[list(able)].sum() for row, able in zip(likely, right, strict=True)]) + 1e-6)


def _roles(model: Paragraph, judged: Judged, one: Example) -> Any:
    asked = torch.tensor(one.targets.roles)
    asked = asked[torch.randperm(len(asked))[:_ROLES_AT_ONCE]]
    scores = model.roles(judged, one.figures, asked[:, :3].tolist())
    return functional.cross_entropy(scores, asked[:, 3], reduction="none")


def _kinds(judged: Judged, one: Example) -> Any:
    names, kinds = torch.tensor(one.kinds).T
    return functional.cross_entropy(judged.kinds[names], kinds, reduction="none")
