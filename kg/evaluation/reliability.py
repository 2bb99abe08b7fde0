"""How often claims of each confidence are right: ``python -m kg.evaluation.reliability --shared DIR``.

Reads marked passages that nothing was fitted to (the part ``frozen``), compares what the reader says of them with the
marks, and prints Markdown: the reliability curve, the expected calibration error (Naeini et al., "Obtaining Well
Calibrated Probabilities Using Bayesian Binning", AAAI 2015) by language, relation and reader, what each precision asked
for gives, and where the right claims go: admitted, to review, refused.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.evaluation.gate_fit import material
from kg.evaluation.matching import RELATIONS, Key
from kg.evaluation.passages import Passage
from kg.extract import read
from kg.extract.confidence import least, settled
from kg.model import Claim, Document, Entity, Outcome
from kg.reasons import Reason, outcome_of
from kg.resolve import Resolver
from kg.settings import PRECISION

__all__ = ["Judged", "expected_calibration_error", "judged", "main"]

_BINS = 10
_ASKED = (0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
_FEW = 10
"""Claims from which on a group has a row of its own."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim of the reader about a marked passage, sorted by the usual precision; `core`: the marks ask for it."""

    passage: str
    lang: str
    edge: Key
    claim: Claim
    right: bool
    core: bool

    @property
    def sure(self) -> bool:
        """Whether nothing but its confidence may keep it from being admitted."""
        reasons = [reason for reason in self.claim.reasons if reason != Reason.LOW_CONFIDENCE]
        return outcome_of(reasons) is Outcome.ADMITTED


def judged(passage: Passage) -> Iterator[Judged]:
    """Yield what the reader says of a passage, each claim right or wrong by its edge, whatever its outcome."""
    published = (passage.published or "").partition(" ")[0] or None
    document = Document(passage.id, passage.text, passage.lang, published)
    resolver = Resolver()
    extraction = read(document, resolver.kind)
    for claim in (*extraction.claims, *extraction.candidates):
        if claim.relation not in RELATIONS or not isinstance(claim.object, Entity):
            continue
        verdict = passage.verdict(claim.subject.name, claim.relation, claim.object.name)
        if verdict is not None and claim.evidence[0].start < passage.limit:
            edge, right, core = verdict
            yield Judged(passage.id, passage.lang, edge, settled(claim, PRECISION), right, core)


def expected_calibration_error(found: Sequence[Judged]) -> float:
    """Return by how much confidence and the share of right claims differ, over bins weighed by their claims."""
    if not found:
        return 0.0
    return sum(abs(_mean(rows) - _share(rows)) * len(rows) for rows in _bins(found).values()) / len(found)


def _bins(found: Iterable[Judged]) -> dict[int, list[Judged]]:
    bins: defaultdict[int, list[Judged]] = defaultdict(list)
    for one in found:
        bins[min(int(one.claim.confidence * _BINS), _BINS - 1)].append(one)
    return dict(sorted(bins.items()))


def _mean(rows: Sequence[Judged]) -> float:
    return sum(row.claim.confidence for row in rows) / len(rows)


def _share(rows: Sequence[Judged]) -> float:
    return sum(row.right for row in rows) / len(rows)


def _distinct(found: Iterable[Judged]) -> list[Judged]:
    """One claim of each edge of a passage, the surest."""
    best: dict[tuple[str, Key], Judged] = {}
    for one in found:
        key = (one.passage, one.edge)
        if key not in best or one.claim.confidence > best[key].claim.confidence:
            best[key] = one
    return list(best.values())


def _curve(found: Sequence[Judged]) -> Iterator[str]:
    yield "| confidence | claims | mean confidence | right |\n|---|---:|---:|---:|"
    for at, rows in _bins(found).items():
        yield f"| {at / _BINS:.1f}–{(at + 1) / _BINS:.1f} | {len(rows)} | {_mean(rows):.2f} | {_share(rows):.2f} |"


def _errors(found: Sequence[Judged]) -> Iterator[str]:
    yield "| claims of | claims | right | expected calibration error |\n|---|---:|---:|---:|"
    groups: tuple[tuple[str, Callable[[Judged], str]], ...] = (
        ("all", lambda _: "all"),
        ("language", lambda one: one.lang),
        ("relation", lambda one: one.claim.relation),
        ("reader", lambda one: one.claim.method.partition("/")[0]),
    )
    for _, group in groups:
        for name in sorted({group(one) for one in found}):
            rows = [one for one in found if group(one) == name]
            if len(rows) >= _FEW:
                yield f"| {name} | {len(rows)} | {_share(rows):.2f} | {expected_calibration_error(rows):.3f} |"


def _precisions(found: Sequence[Judged], ties: int) -> Iterator[str]:
    yield "| precision asked | least confidence | admitted | right of them | ties found |\n|---|---:|---:|---:|---:|"
    for precision in _ASKED:
        rows = _distinct(one for one in found if one.sure and one.claim.confidence >= least(precision))
        core = sum(one.core for one in rows)
        share = f"{_share(rows):.2f}" if rows else "–"
        yield f"| {precision:.2f} | {least(precision):.2f} | {len(rows)} | {share} | {core / ties:.3f} |"


def _outcomes(found: Sequence[Judged]) -> Iterator[str]:
    yield "| outcome | right | wrong |\n|---|---:|---:|"
    taken: set[tuple[str, Key]] = set()
    for outcome in Outcome:
        rows = [one for one in found if one.claim.outcome is outcome and (one.passage, one.edge) not in taken]
        keys = {(one.passage, one.edge): one.right for one in rows}
        taken |= keys.keys()
        yield f"| {outcome.value} | {sum(keys.values())} | {len(keys) - sum(keys.values())} |"


def main() -> None:
    """Print how well confidences fit, on the frozen passages below a folder."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--shared", type=Path, required=True, help="folder with the passages")
    held = material(parser.parse_args().shared)
    found = [one for passage in held.frozen for one in judged(passage)]
    ties = sum(passage.core_ties for passage in held.frozen)
    sure = [one for one in found if one.sure]
    for title, rows in (
        ("Reliability", _curve(sure)),
        ("Calibration", _errors(sure)),
        ("Precisions", _precisions(found, ties)),
        ("Outcomes", _outcomes(found)),
    ):
        sys.stdout.write(f"\n{title}\n\n" + "\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
