"""How sure a claim of a table is: how often those that are known in the same way were right."""

import functools
import json
from collections.abc import Mapping

from kg.ontology import damaged, state, turtle

__all__ = ["MEASURED", "confidence"]

MEASURED = "weights/tables.json"
"""How many claims of the tables in the tests were right, and how many wrong, by what tells their kind and names."""


def confidence(told_by: str, surety: str) -> float:
    """Return the share of right ones among claims of tables, by the rule of succession of Laplace.

    Args:
        told_by: "head" or "caption": what tells whom the rows name.
        surety: by what the kind of the name is known (`kg.extract.tables.party`).

    """
    right, wrong = _counts(state(MEASURED)).get(f"{told_by}/{surety}", (0, 0))
    return round((right + 1) / (right + wrong + 2), 4)


@functools.lru_cache(maxsize=4)
def _counts(_: object) -> Mapping[str, tuple[int, int]]:
    try:
        return {name: (int(right), int(wrong)) for name, (right, wrong) in json.loads(turtle(MEASURED)).items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise damaged(MEASURED, error) from error
