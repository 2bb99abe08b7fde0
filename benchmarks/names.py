"""How well company names are compared, against other matchers in the same run. ``--quick`` takes a tenth of the pairs.

Made      pairs out of the names of GLEIF's public sample: each name written another way, and another company's name
          that is much like it. One half of the names is never fitted on; thresholds are fixed on the other half
Screening the 139 pairs of organisations by which OpenSanctions tests its matchers. Their question is another one: what
          may be meant is a match there (Citigroup Capital Trust I and II, CVC and CVS Health)
Register  how the members of stock indices are called in the press (pytickersymbols), against the SEC's list, joined by
          ticker; and for each the most similar name of another filer. Nothing is fitted on any of them

The other sides: `token_sort_ratio` of RapidFuzz, on what is written, and after rigour (OpenSanctions) has taken the
legal forms away, each at the threshold that is best for it on the half that ours is fixed on. rigour needs PyICU, which
has no wheels; without it its rows are left out.

Needs the shared data (KG_SHARED); times are of the processor, of one name and of one pair.
"""

import argparse
import csv
import importlib.util
import json
import math
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process

from kg.evaluation.company_names.pairs import NamePair, make_pairs
from kg.evaluation.company_names.register import is_frozen, register_names
from kg.resolve.names import AUTO_MERGE, REVIEW, normalise, score

ROOT = Path(__file__).parents[1]

PAIRS = 12_000  # of each half
SPEED = 4_000
_CASEFOLD = 4  # rigour.text.normalize.Normalize.CASEFOLD, without the import of its package

Matcher = Callable[[str, str], float]


@dataclass(frozen=True)
class Result:
    """Precision, recall and F1 of a matcher at a threshold."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def __str__(self) -> str:
        return f"F1 {self.f1:.3f}  P {self.precision:.3f}  R {self.recall:.3f}"


def ours(first: str, second: str) -> float:
    return score(first, second).probability


def token_sort(first: str, second: str) -> float:
    return fuzz.token_sort_ratio(first.casefold(), second.casefold()) / 100


def with_rigour() -> Matcher:
    """Its data and functions are compiled; the module of its core loads no PyICU."""
    from rigour._core import remove_org_types

    def bare(name: str) -> str:
        return remove_org_types(name.casefold(), _CASEFOLD, 0, "").strip() or name.casefold()

    return lambda first, second: fuzz.token_sort_ratio(bare(first), bare(second)) / 100


def matchers() -> dict[str, Matcher]:
    all_of_them: dict[str, Matcher] = {"kg": ours, "token_sort_ratio": token_sort}
    if importlib.util.find_spec("rigour") is not None:
        all_of_them["rigour, token_sort_ratio"] = with_rigour()
    return all_of_them


def scores(matcher: Matcher, pairs: Sequence[NamePair]) -> np.ndarray:
    return np.array([matcher(pair.first, pair.second) for pair in pairs])


def labels(pairs: Sequence[NamePair]) -> np.ndarray:
    return np.array([pair.same for pair in pairs])


def result(values: np.ndarray, same: np.ndarray, threshold: float) -> Result:
    taken = values >= threshold
    right = float((taken & same).sum())
    return Result(right / max(float(taken.sum()), 1.0), right / float(same.sum()))


def best_threshold(values: np.ndarray, same: np.ndarray) -> float:
    """Return the threshold of the highest F1."""
    return max((result(values, same, at).f1, -at) for at in np.unique(values.round(3)))[1] * -1


def wilson(right: int, count: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927)."""
    z, share = 1.96, right / count
    middle = share + z * z / (2 * count)
    half = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return (middle - half) / (1 + z * z / count), (middle + half) / (1 + z * z / count)


# ---------------------------------------------------------------- made pairs


def made(shared: Path, count: int) -> tuple[list[NamePair], list[NamePair]]:
    """Return the pairs of the half that is fitted on, and of the other."""
    names = register_names(shared / "data/gleif/lei-level1-sample-30k.csv.gz")
    halves = [name for name in names if not is_frozen(name)], [name for name in names if is_frozen(name)]
    return make_pairs(halves[0], count), make_pairs(halves[1], count)


def measure_made(fitted: Sequence[NamePair], frozen: Sequence[NamePair]) -> dict[str, float]:
    """Print how each matcher does on the frozen half; return its threshold."""
    print(f"\nMade: {len(frozen):,} pairs of the half that nothing is fitted on, {len(fitted):,} of the other")
    thresholds = {}
    for name, matcher in matchers().items():
        thresholds[name] = best_threshold(scores(matcher, fitted), labels(fitted))
        values = scores(matcher, frozen)
        print(f"  {name:<28}{result(values, labels(frozen), thresholds[name])}  at {thresholds[name]:.2f}")
    values, same = scores(ours, frozen), labels(frozen)
    print(f"  {'kg: merged unasked':<28}{result(values, same, AUTO_MERGE)}  at {AUTO_MERGE:.2f}")
    asked = float(((values >= REVIEW) & (values < AUTO_MERGE)).mean())
    print(f"  {'kg: merged or asked':<28}{result(values, same, REVIEW)}  at {REVIEW:.2f}, {asked:.1%} are asked")
    right: dict[tuple[bool, str], list[bool]] = defaultdict(list)
    for pair, value in zip(frozen, values, strict=True):
        right[not pair.same, pair.kind].append((value >= thresholds["kg"]) == pair.same)
    for (differs, kind), each in sorted(right.items()):
        print(f"    {'two' if differs else 'one'}: {kind:<36}{np.mean(each):>6.1%} of {len(each):>5}")
    return thresholds


# ---------------------------------------------------------------- pairs that others made, names of two registers


def screening(shared: Path) -> list[NamePair]:
    with (shared / "data/names/name-pairs-orgs.csv").open(encoding="utf-8", newline="") as lines:
        return [NamePair(r["name1"], r["name2"], r["is_match"] == "true", r["category"]) for r in csv.DictReader(lines)]


def measure_screening(pairs: Sequence[NamePair], thresholds: dict[str, float]) -> None:
    print(f"\nScreening: {len(pairs)} pairs of OpenSanctions, at the thresholds of the made pairs")
    for name, matcher in matchers().items():
        values, same = scores(matcher, pairs), labels(pairs)
        right = int(((values >= thresholds[name]) == same).sum())
        low, high = wilson(right, len(pairs))
        told = result(values, same, thresholds[name])
        print(f"  {name:<28}{told}  right {right / len(pairs):.3f} (95 %: {low:.3f} to {high:.3f})")


def filers(shared: Path) -> dict[str, tuple[int, str]]:
    rows = json.loads((shared / "data/sec/company_tickers.json").read_text("utf-8")).values()
    return {row["ticker"]: (row["cik_str"], row["title"]) for row in rows}


def index_members() -> Iterator[tuple[str, str]]:
    """Yield names of companies of stock indices with their tickers in dollars, without what tells pages apart."""
    from pytickersymbols import PyTickerSymbols

    for stock in PyTickerSymbols().get_all_stocks():
        for symbol in stock.get("symbols", ()):
            if symbol.get("currency") == "USD":
                yield stock["name"].partition(" (")[0], symbol.get("yahoo", "")


def register(shared: Path) -> tuple[list[NamePair], list[NamePair]]:
    """Return pairs of a press name and a filer's, in two halves by the filer's name."""
    by_ticker = filers(shared)
    joined = {name: by_ticker[ticker] for name, ticker in index_members() if ticker in by_ticker}
    titles = sorted(set(by_ticker.values()))
    folded = [title.casefold() for _, title in titles]
    halves: tuple[list[NamePair], list[NamePair]] = [], []
    for name, (cik, title) in sorted(joined.items()):
        half = halves[is_frozen(title)]
        half.append(NamePair(name, title, same=True, kind="ticker"))
        near = process.extract(name.casefold(), folded, scorer=fuzz.token_sort_ratio, limit=8)
        other = next((titles[at][1] for _, _, at in near if titles[at][0] != cik), None)
        half += [] if other is None else [NamePair(name, other, same=False, kind="nearest")]
    return halves


def measure_register(fixing: Sequence[NamePair], pairs: Sequence[NamePair]) -> None:
    print(
        f"\nRegister: {len(pairs):,} pairs of press names and filers' names; thresholds fixed on {len(fixing):,} others"
    )
    for name, matcher in matchers().items():
        threshold = best_threshold(scores(matcher, fixing), labels(fixing))
        print(f"  {name:<28}{result(scores(matcher, pairs), labels(pairs), threshold)}  at {threshold:.2f}")
    values, same = scores(ours, pairs), labels(pairs)
    print(f"  {'kg: merged unasked':<28}{result(values, same, AUTO_MERGE)}  at {AUTO_MERGE:.2f}")
    print(f"  {'kg: merged or asked':<28}{result(values, same, REVIEW)}  at {REVIEW:.2f}")


# ---------------------------------------------------------------- speed


def measure_speed(pairs: Sequence[NamePair]) -> None:
    start = time.process_time()
    forms = [(normalise(pair.first), normalise(pair.second)) for pair in pairs]
    prepared = time.process_time()
    for first, second in forms:
        score(first, second)
    scored = time.process_time()
    for pair in pairs:
        token_sort(pair.first, pair.second)
    other = time.process_time() - scored
    print(f"\nSpeed, µs of a pair: token_sort_ratio {other / len(pairs) * 1e6:.0f}")
    name, pair = (prepared - start) / len(pairs) / 2, (scored - prepared) / len(pairs)
    print(f"  kg: to prepare a name {name * 1e6:.0f}, a pair {pair * 1e6:.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    shared = Path(os.environ.get("KG_SHARED", ROOT.parent / "shared"))
    if not shared.is_dir():
        sys.exit(f"the shared data is not here: {shared} (set KG_SHARED)")
    fitted, frozen = made(shared, PAIRS // 10 if options.quick else PAIRS)
    thresholds = measure_made(fitted, frozen)
    measure_screening(screening(shared), thresholds)
    if importlib.util.find_spec("pytickersymbols") is None:
        print("\nRegister: left out, pytickersymbols is not installed")
    else:
        measure_register(*register(shared))
    measure_speed(frozen[:SPEED])


if __name__ == "__main__":
    main()
