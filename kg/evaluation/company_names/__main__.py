"""Make what kg.resolve.names counts and weighs: ``python -m kg.evaluation.company_names GLEIF.csv.gz``.

Both are made of the half of the register's names that `is_frozen` leaves: ``ontology/names/word-frequencies.json`` and
``ontology/weights/names-pairs.json``. `benchmarks/names.py` measures on the other half.
"""

import argparse
import json
import sys
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np

from kg.evaluation.company_names.fit import features_of, fitted
from kg.evaluation.company_names.mining import mistaken
from kg.evaluation.company_names.pairs import make_pairs
from kg.evaluation.company_names.register import is_frozen, register_names
from kg.resolve.names.form import normalise
from kg.resolve.names.scoring import WEIGHTS, forget_weights
from kg.resolve.names.tables import FREQUENCIES, word_weights

_PAIRS = 24_000
_LEAST = 2
_ROUNDS, _MINED = 2, 4_000
"""How often what the weights mistake is added to what they are fitted on, and of how many names."""


def main() -> None:
    """Count, then fit."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("gleif", type=Path, help="GLEIF's names (CSV, gzip), with a column Entity.LegalName")
    parser.add_argument("--out", type=Path, default=Path("ontology"))
    options = parser.parse_args()
    names = [name for name in register_names(options.gleif) if not is_frozen(name)]
    _count(names, options.out / FREQUENCIES)
    word_weights.cache_clear()
    pairs = make_pairs(names, _PAIRS)
    for _ in range(_ROUNDS):
        weights = fitted(features_of(pairs), np.array([pair.same for pair in pairs], float))
        (options.out / WEIGHTS).write_text(json.dumps(weights, indent=1) + "\n", "utf-8")
        forget_weights()
        pairs += mistaken(names, _MINED)
    weights = fitted(features_of(pairs), np.array([pair.same for pair in pairs], float))
    (options.out / WEIGHTS).write_text(json.dumps(weights, indent=1) + "\n", "utf-8")
    sys.stdout.write(f"{len(names)} names, {len(pairs)} pairs\n")


def _count(names: list[str], path: Path) -> None:
    """Count in how many names each word stands; words that stand in one only say nothing more than unknown ones."""
    if not path.exists():
        path.write_text('{"names": 1, "words": {}}\n', "utf-8")  # what normalise reads meanwhile
    counts = Counter(word for name in names for word in set(normalise(name).words))
    by_count = defaultdict(list)
    for word, count in sorted(counts.items()):
        if count >= _LEAST:
            by_count[count].append(word)
    table = {"names": len(names), "words": {str(count): " ".join(by_count[count]) for count in sorted(by_count)}}
    path.write_text(json.dumps(table, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
