"""What the jobs share: claims out of rows, groups that one worker sees whole, and frames of iterations."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeAlias

from kg.errors import KgError
from kg.model import Claim, Outcome
from kg.store.columns import arrow

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

__all__ = ["Round", "Watch", "claims_of", "in_groups", "kept", "silent", "visible"]

_AT_ONCE = 4096
"""Rows from which on the groups that are complete are worked on."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one round of an iteration came to: pairs that are new or still move, all pairs, the most that moved."""

    job: str
    number: int
    moving: int
    pairs: int
    most: float | None = None

    def __str__(self) -> str:
        moved = "" if self.most is None else f", by {self.most:.1e} at most"
        word = "new" if self.most is None else "moving"
        return f"{self.job}, round {self.number}: {self.moving:,} pairs {word}{moved}, {self.pairs:,} in all"


Watch: TypeAlias = Callable[[Round], None]


def silent(_: Round) -> None:
    """Tell nobody of a round."""


def visible(claims: "DataFrame", relations: Iterable[str]) -> "DataFrame":
    """Return the rows of admitted claims of some relations between two entities."""
    from pyspark.sql import functions as f

    held = claims.where(f.col("relation").isin(list(relations)) & f.col("object_id").isNotNull())
    return held.where(f.col("outcome") == Outcome.ADMITTED.value) if "outcome" in claims.columns else held


def claims_of(rows: Iterable[dict[str, Any]]) -> Iterator[Claim]:
    """Yield the claims that rows are; raise `KgError` for a row that is none, naming it."""
    from kg.export.reading.parquet import claim_of

    for row in rows:
        try:
            yield claim_of({"outcome": Outcome.ADMITTED.value, **row})
        except (KeyError, TypeError, AttributeError, ValueError, ArithmeticError) as error:
            raise KgError(f"row '{row.get('claim')}' is no claim: {error}") from error


def in_groups(
    frame: "DataFrame",
    keys: Sequence[str],
    act: Callable[[list[dict[str, Any]]], Iterable[dict[str, Any]]],
    schema: "pa.Schema",
) -> "DataFrame":
    """Return what a function makes of rows, of which it is given those of equal keys together, many keys at once."""
    from pyspark.sql.pandas.types import from_arrow_schema

    order = [*keys, *(["claim"] if "claim" in frame.columns else [])]
    # Not every engine behind Spark Connect keeps the order of rows on their way to Python: Sail does not.
    is_ordered = "connect" not in type(frame).__module__

    def run(batches: Iterator["pa.RecordBatch"]) -> Iterator["pa.RecordBatch"]:
        told: Iterable[dict[str, Any]] = (row for batch in batches for row in batch.to_pylist())
        for rows in _complete(told if is_ordered else sorted(told, key=lambda row: [row[key] for key in order]), keys):
            yield arrow().RecordBatch.from_pylist(list(act(rows)), schema)

    sorted_ = frame.repartition(*keys).sortWithinPartitions(*order)
    return sorted_.mapInArrow(run, from_arrow_schema(schema))


def _complete(rows: Iterable[dict[str, Any]], keys: Sequence[str]) -> Iterator[list[dict[str, Any]]]:
    """Yield rows some thousand at once, never parting those of one key."""
    together: list[dict[str, Any]] = []
    for _, group in groupby(rows, key=lambda row: tuple(row[key] for key in keys)):
        together += group
        if len(together) >= _AT_ONCE:
            yield together
            together = []
    if together:
        yield together


def kept(frame: "DataFrame") -> "DataFrame":
    """Work a frame out once and keep its rows, so that an iteration does not grow longer with each round.

    They lie in the folder ``spark.checkpoint.dir``, where the session has one: there they outlive a lost executor.
    """
    spark = frame.sparkSession
    if spark.conf.get("spark.checkpoint.dir", None):
        return frame.checkpoint()
    try:
        return frame.localCheckpoint()
    except Exception:
        # An engine behind Spark Connect may have no checkpoints, as Sail: then the rows go through this process.
        if "connect" not in type(frame).__module__:
            raise
        rows = frame.toArrow()
        return spark.createDataFrame(rows) if len(rows) else spark.createDataFrame([], frame.schema)
