"""How good a graph is, by what people say of claims drawn at random from it.

Only random draws measure: what was chosen for being doubtful is wrong more often than the rest. A share of right ones
comes with the interval of Wilson ("Probable inference, the law of succession, and statistical inference", 1927), which
holds for few draws and for shares near one, where the usual one fails.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from kg.judgements.judgement import Draw, Judgement, Verdict
from kg.model import Claim, Outcome

__all__ = ["BANDS", "Share", "by_band", "by_language", "by_reader", "by_relation", "measured", "shares", "wilson"]

_NORMAL = 1.959963984540054
"""The 97.5th percentile of the normal distribution: two such tails leave 95 %."""
BANDS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
"""Borders of the bands of confidence."""


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the judged are right, and between what bounds the share of all lies, in 95 of 100 cases.

    `unsure` are those that nobody could tell; they count neither way.
    """

    right: int
    judged: int
    unsure: int = 0

    @property
    def share(self) -> float | None:
        """The share of right ones; None where nothing was judged."""
        return self.right / self.judged if self.judged else None

    @property
    def interval(self) -> tuple[float, float]:
        """The bounds of the share."""
        return wilson(self.right, self.judged)


def wilson(right: int, judged: int) -> tuple[float, float]:
    """Return the bounds between which a share lies, in 95 of 100 cases, of which so many of so many were right.

    >>> tuple(round(bound, 3) for bound in wilson(93, 100))
    (0.863, 0.966)
    """
    if not judged:
        return 0.0, 1.0
    share, square = right / judged, _NORMAL**2
    middle = share + square / (2 * judged)
    reach = _NORMAL * math.sqrt(share * (1 - share) / judged + square / (4 * judged**2))
    return max(0.0, (middle - reach) / (1 + square / judged)), min(1.0, (middle + reach) / (1 + square / judged))


def measured(judgements: Iterable[Judgement]) -> tuple[Judgement, ...]:
    """Return the judgements that measure: the last on each claim that was admitted when it was drawn at random.

    Whoever comes back to a claim that was drawn, to correct it, does not take it out of the measure.
    """
    told = sorted(judgements, key=lambda one: one.order)
    drawn = {one.claim.id for one in told if one.drawn is Draw.RANDOM and one.claim.outcome is Outcome.ADMITTED}
    last = {one.claim.id: one for one in told if one.claim.id in drawn}
    return tuple(last.values())


def shares(judgements: Iterable[Judgement], key: Callable[[Claim], str] = lambda _: "") -> Mapping[str, Share]:
    """Return the share of right ones in each group of judged claims."""
    groups: defaultdict[str, list[Verdict]] = defaultdict(list)
    for judgement in measured(judgements):
        groups[key(judgement.claim)].append(judgement.verdict)
    return {
        group: Share(
            verdicts.count(Verdict.RIGHT),
            len(verdicts) - verdicts.count(Verdict.UNSURE),
            verdicts.count(Verdict.UNSURE),
        )
        for group, verdicts in sorted(groups.items())
    }


def by_relation(claim: Claim) -> str:
    """The relation."""
    return claim.relation


def by_reader(claim: Claim) -> str:
    """What read it, without the version."""
    return "+".join(method.partition("/")[0] for method in claim.method.split("+"))


def by_language(claim: Claim) -> str:
    """The language of the text."""
    return claim.evidence[0].lang


def by_band(claim: Claim) -> str:
    """The band in which its confidence lies, such as "0.8–0.9"."""
    low = max(border for border in BANDS[:-1] if border <= claim.confidence)
    return f"{low:.1f}–{BANDS[BANDS.index(low) + 1]:.1f}"
