"""How many questions in words are understood: right, not understood, mistaken, by language, kind and part of the lists.

    python benchmarks/ask.py

The frozen part was written before there was anything to answer it, and is never tuned on: `tests/ask/frozen.toml`.
"""

import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from kg.asking.names import Names
from tests.ask.conftest import market
from tests.ask.lists import PARTS, is_right, part, told

COLUMNS = ("right", "not understood", "wrong", "of")


def main() -> None:
    """Print the table."""
    names = Names.of({end.id: end for claim in market().claims for end in claim.entities}.values())
    counts: Counter[tuple[str, str]] = Counter()
    for name in PARTS:
        questions, traps = part(name)
        for asked in questions:
            found = told(asked, names)
            how = "right" if is_right(asked, found) else "not understood" if found is None else "wrong"
            for row in (f"{name}, {asked.lang}", f"all {asked.kind}", "all"):
                counts[row, how] += 1
                counts[row, "of"] += 1
        for trap in traps:
            how = "wrong" if told(trap, names) is not None else "right"
            counts[f"{name}, traps refused", how] += 1
            counts[f"{name}, traps refused", "of"] += 1
    rows = sorted({row for row, _ in counts}, key=lambda row: (row == "all", row.startswith("all "), row))
    print(f"{'':28}" + "".join(f"{column:>16}" for column in COLUMNS))
    for row in rows:
        print(f"{row:28}" + "".join(f"{counts[row, column]:>16}" for column in COLUMNS))


if __name__ == "__main__":
    main()
