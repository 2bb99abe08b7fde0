"""How good a graph is by what people say of it: shares of right claims with their bounds, from random draws alone."""

from collections.abc import Callable, Iterable

from kg.judgements import Judgement, in_force, shares
from kg.judgements.estimate import by_band, by_language, by_reader, by_relation
from kg.model import Claim
from kg.tables.table import Table, Value

__all__ = ["judged_table"]

_COLUMNS = ("of", "judged", "right", "share", "low", "high", "unsure")
_GROUPS: tuple[tuple[str, Callable[[Claim], str]], ...] = (
    ("all", lambda _: ""),
    ("relation", by_relation),
    ("reader", by_reader),
    ("language", by_language),
    ("confidence", by_band),
)
_DIGITS = 3


def judged_table(judgements: Iterable[Judgement]) -> Table:
    """Return the share of right claims among those that were drawn at random and judged: of all, and by group.

    `low` and `high` bound the share in 95 of 100 cases (`kg.judgements.estimate`). A claim that is wrong in any part is
    wrong. Judgements that were taken back do not count.
    """
    held = in_force(judgements)
    rows: list[tuple[Value, ...]] = []
    for name, key in _GROUPS:
        for group, share in shares(held, key).items():
            low, high = share.interval
            told = None if share.share is None else round(share.share, _DIGITS)
            bounds = round(low, _DIGITS), round(high, _DIGITS)
            rows.append((f"{name} {group}".strip(), share.judged, share.right, told, *bounds, share.unsure))
    return Table(_COLUMNS, rows, "Judged at random")
