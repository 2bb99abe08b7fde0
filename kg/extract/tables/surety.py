"""How sure a claim of a table is: how often those that are known in the same way were right."""

import functools
import json
from collections.abc import Mapping

from kg.ontology import damaged, state, turtle

__all__ = ["MEASURED", "confidence"]

MEASURED = "weights/tables.json"
"""How many claims of the tables in the tests were right, and how many wrong, by what tells their kind and names."""


def confidence(told_by: str, surety: str) -> float:
    """Return the share of right ones among claims of tables that are known in the same way.

    Of few such claims, the share among all counts too, as if `_PRIOR` more had been seen (Laplace's rule of succession
    gives that share).

    Args:
        told_by: "head" or "caption": what tells whom the rows name.
        surety: by what the kind of the name is known (`kg.extract.tables.party`).

    """
    counts = _counts(state(MEASURED))
    rights, wrongs = (sum(count[at] for count in counts.values()) for at in (0, 1))
    right, wrong = counts.get(f"{told_by}/{surety}", (0, 0))
    of_all = (rights + 1) / (rights + wrongs + 2)
    return float(round((right + _PRIOR * of_all) / (right + wrong + _PRIOR), 4))


_PRIOR = 10


@functools.lru_cache(maxsize=4)
def _counts(_: object) -> Mapping[str, tuple[int, int]]:
    try:
        return {name: (int(right), int(wrong)) for name, (right, wrong) in json.loads(turtle(MEASURED)).items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise damaged(MEASURED, error) from error
