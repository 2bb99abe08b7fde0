"""How good a graph is, by what people say of claims drawn at random from it.

Only random draws measure: what was chosen for being doubtful is wrong more often than the rest. A share of right ones
comes with the interval of Wilson ("Probable inference, the law of succession, and statistical inference", 1927), which
holds for few draws and for shares near one, where the usual one fails.

What readers miss is counted in documents read to the end. Claims of one document are found or missed together more
often than those of two, so that many claims of few documents tell less than they seem to: the interval counts them as
the fewer independent ones that they are worth (Dean and Pagano, "Evaluating confidence interval methods for binomial
proportions in clustered surveys", 2015).
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.judgements.closing import ClosedDocument
from kg.judgements.judgement import Draw, Judgement, Verdict
from kg.judgements.stratum import WHOLE, Stratum
from kg.model import Claim, Outcome

__all__ = [
    "BANDS",
    "Recall",
    "Share",
    "by_band",
    "by_language",
    "by_reader",
    "by_relation",
    "clustered",
    "measured",
    "recall",
    "share_of",
    "shares",
    "wilson",
]

_NORMAL = 1.959963984540054
"""The 97.5th percentile of the normal distribution: two such tails leave 95 %."""
_STUDENT = {1: 12.706204736432095, 2: 4.302652729696142}
_FEWEST_GROUPS = 2
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


def wilson(right: float, judged: float, normal: float = _NORMAL) -> tuple[float, float]:
    """Return the bounds between which a share lies, in 95 of 100 cases, of which so many of so many were right.

    >>> tuple(round(bound, 3) for bound in wilson(93, 100))
    (0.863, 0.966)
    """
    if not judged:
        return 0.0, 1.0
    share, square = right / judged, normal**2
    middle = share + square / (2 * judged)
    reach = normal * math.sqrt(share * (1 - share) / judged + square / (4 * judged**2))
    return max(0.0, (middle - reach) / (1 + square / judged)), min(1.0, (middle + reach) / (1 + square / judged))


def measured(judgements: Iterable[Judgement], stratum: Stratum = WHOLE) -> tuple[Judgement, ...]:
    """Return the judgements that measure a part of the graph: the last on each claim that was admitted when drawn.

    It was drawn at random, from this part or from a larger one: a draw from one company tells nothing of the others.
    Whoever comes back to a claim that was drawn, to correct it, does not take it out of the measure.
    """
    told = sorted(judgements, key=lambda one: one.order)
    drawn = {one.claim.id for one in told if _is_draw(one, stratum)}
    last = {one.claim.id: one for one in told if one.claim.id in drawn}
    return tuple(last.values())


def _is_draw(judgement: Judgement, stratum: Stratum) -> bool:
    is_random = judgement.drawn is Draw.RANDOM and judgement.stratum.tells_of(stratum)
    return is_random and judgement.claim.outcome is Outcome.ADMITTED and stratum.takes(judgement.claim)


def share_of(judgements: Iterable[Judgement]) -> Share:
    """Return the share of right ones among judgements."""
    verdicts = [judgement.verdict for judgement in judgements]
    unsure = verdicts.count(Verdict.UNSURE)
    return Share(verdicts.count(Verdict.RIGHT), len(verdicts) - unsure, unsure)


def shares(judgements: Iterable[Judgement], key: Callable[[Claim], str] = lambda _: "") -> Mapping[str, Share]:
    """Return the share of right ones in each group of judged claims, by draws from the whole graph."""
    groups: defaultdict[str, list[Judgement]] = defaultdict(list)
    for judgement in measured(judgements):
        groups[key(judgement.claim)].append(judgement)
    return {group: share_of(those) for group, those in sorted(groups.items())}


@dataclass(frozen=True, slots=True)
class Recall:
    """How many of the claims that hold in some documents readers had found, a pair of numbers a document."""

    found_of: tuple[tuple[int, int], ...]

    @property
    def found(self) -> int:
        """How many readers had found."""
        return sum(found for found, _ in self.found_of)

    @property
    def holding(self) -> int:
        """How many hold."""
        return sum(holding for _, holding in self.found_of)

    @property
    def share(self) -> float | None:
        """The share that readers had found; None where nothing holds."""
        return self.found / self.holding if self.holding else None

    @property
    def interval(self) -> tuple[float, float]:
        """The bounds of the share in documents like these."""
        return clustered(self.found_of)


def recall(documents: Iterable[ClosedDocument], key: Callable[[Claim], str] = lambda _: "") -> Mapping[str, Recall]:
    """Return what readers had found in documents read to the end, by group of claims.

    Claims without a text (notes) were not there to be found, and do not count.
    """
    groups: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for document in documents:
        held: Counter[str] = Counter(key(claim) for claim in document.claims if not _is_note(claim))
        found: Counter[str] = Counter(key(claim) for claim in document.found if not _is_note(claim))
        for group, count in held.items():
            groups[group].append((found[group], count))
    return {group: Recall(tuple(pairs)) for group, pairs in sorted(groups.items())}


def _is_note(claim: Claim) -> bool:
    return claim.method.startswith("note/")


def clustered(pairs: Sequence[tuple[int, int]]) -> tuple[float, float]:
    """Return the bounds between which a share lies, in 95 of 100 cases: each group has so many right of so many.

    One group tells nothing of others.

    >>> tuple(round(bound, 2) for bound in clustered([(4, 5), (2, 5), (5, 5), (1, 5)]))
    (0.16, 0.92)
    >>> clustered([(4, 5)])
    (0.0, 1.0)
    """
    count, right, judged = len(pairs), sum(one for one, _ in pairs), sum(two for _, two in pairs)
    if count < _FEWEST_GROUPS or not judged:
        return 0.0, 1.0
    share = right / judged
    spread = count / (count - 1) * sum((one - share * two) ** 2 for one, two in pairs) / judged**2
    alone = share * (1 - share) / judged
    worth = judged / max(1.0, spread / alone) if alone else float(judged)
    return wilson(share * worth, worth, _student(count - 1))


def _student(freedom: int) -> float:
    """The 97.5th percentile of Student's distribution: exact for one and two degrees of freedom, else by a series.

    Abramowitz and Stegun, "Handbook of Mathematical Functions" (1964), 26.7.5.
    """
    if freedom in _STUDENT:
        return _STUDENT[freedom]
    z = _NORMAL
    terms = (
        z,
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
    )
    return float(sum(term / freedom**power for power, term in enumerate(terms)))


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
