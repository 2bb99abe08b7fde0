"""Who controls whom: the least fixpoint of `kg.analysis.ownership.control`, by iterated joins.

A controller's group begins with itself. In each round the holdings of those who joined the group in the last are added
to what it holds of each company; whose votes exceed the threshold joins in the next. It ends where nobody joins.
"""

from typing import TYPE_CHECKING

from kg.errors import InvalidRecord
from kg.facts import AsOf
from kg.spark.frames import Round, Watch, kept, silent
from kg.spark.ownership import UNIT, edges

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

__all__ = ["control"]

_HALF = 0.5
_GRANTED = 10 * UNIT
"""What is added where sources tell control, whatever the share."""


def control(
    claims: "DataFrame",
    *,
    threshold: float = _HALF,
    inclusive: bool = False,
    as_of: AsOf | None = None,
    watch: Watch = silent,
) -> "DataFrame":
    """Return who controls whom, a row a pair, as `kg.analysis.ownership.control.control` tells it.

    Columns are controller_id, controller, company_id, company, control ("yes" or "undecided"), direct_low, direct_high,
    together_low, together_high (fractions of the votes) and via, the names of whom it controls that hold votes too.
    `watch` is told of every round.
    """
    if not 0 <= threshold < 1 or (inclusive and not threshold):
        raise InvalidRecord(f"a threshold of {threshold} gives no control: write a fraction of 0–1, as 0.5 for 50 %")
    units = round(threshold * UNIT) - int(inclusive)
    graph = kept(edges(claims, basis="votes", as_of=as_of))
    surely = _fixpoint(graph, units, "yes", watch)
    is_open = not graph.where("low < high OR control = 1").isEmpty()
    perhaps = _fixpoint(graph, units, "undecided", watch) if is_open else surely
    return _told(graph, surely, perhaps)


def _fixpoint(graph: "DataFrame", units: int, answer: str, watch: Watch) -> "DataFrame":
    """Return who controls whom, surely or perhaps, as columns who and whom."""
    from pyspark.sql import functions as f

    links = _links(graph, units, is_sure=answer == "yes").persist()
    direct = links.select(f.col("holder").alias("who"), f.col("issuer").alias("whom"), "low", "most", "spare")
    found = kept(direct.where(_exceeds(units)).select("who", "whom"))
    # Whoever has the control of nobody alone has it of nobody.
    sums = direct.join(found.select("who").distinct(), "who", "left_semi").join(found, ["who", "whom"], "left_anti")
    sums, new, number, total = kept(sums), found, 1, found.count()
    watch(Round(f"control ({answer})", number, total, total))
    moving = total
    while moving:
        number += 1
        joined = new.withColumnRenamed("whom", "holder").join(links, "holder").where("who != issuer")
        added = joined.select("who", f.col("issuer").alias("whom"), "low", "most", "spare")
        added = added.join(found, ["who", "whom"], "left_anti")
        both = sums.unionByName(added).groupBy("who", "whom")
        both = kept(both.agg(*(f.sum(name).alias(name) for name in ("low", "most")), f.max("spare").alias("spare")))
        new = kept(both.where(_exceeds(units)).select("who", "whom"))
        sums = both.where(~_exceeds(units))
        found = kept(found.unionByName(new))
        moving = new.count()
        total += moving
        watch(Round(f"control ({answer})", number, moving, total))
    return found


def _links(graph: "DataFrame", units: int, *, is_sure: bool) -> "DataFrame":
    """Return holdings with the votes that count at least and at most, and what others leave of the company."""
    from pyspark.sql import functions as f

    least = f.col("control") >= (2 if is_sure else 1)
    granted = f.when(least & f.lit(units <= _HALF * UNIT), _GRANTED).otherwise(0)
    left = UNIT - f.sum("low")
    spare = graph.groupBy("issuer").agg(f.when(left < 0, UNIT).otherwise(left).alias("spare"))
    beside = graph.join(spare, "issuer").withColumn("spare", f.lit(UNIT) if is_sure else f.col("spare"))
    most = f.col("low") if is_sure else f.col("high")
    counted = ((f.col("low") + granted).alias("low"), (most + granted).alias("most"))
    return beside.select("holder", "issuer", *counted, "spare")


def _exceeds(units: int) -> "Column":
    from pyspark.sql import functions as f

    return f.least(f.col("most"), f.col("spare") + f.col("low")) > units


def _told(graph: "DataFrame", surely: "DataFrame", perhaps: "DataFrame") -> "DataFrame":
    """Return pairs with what they go by."""
    from pyspark.sql import functions as f

    yes, no = f.expr("true"), {"sure": False, "maybe": False}
    sure, maybe = surely.withColumn("sure", yes), perhaps.withColumn("maybe", yes)
    pairs = sure.join(maybe, ["who", "whom"], "full").fillna(no).select("who", "whom", f.col("sure").alias("is"))
    groups = sure.withColumnRenamed("whom", "holder").join(
        maybe.withColumnRenamed("whom", "holder"), ["who", "holder"], "full"
    )
    alone = pairs.select("who", f.col("who").alias("holder"), yes.alias("sure"), yes.alias("maybe"))
    groups = groups.unionByName(alone.distinct())
    held = graph.select("holder", "holder_name", f.col("issuer").alias("whom"), "low", "high")
    votes = pairs.join(held, "whom").join(groups, ["who", "holder"], "left").fillna(no)
    itself = f.col("holder") == f.col("who")
    in_group = f.when(f.col("is"), f.col("sure")).otherwise(f.col("maybe"))
    sums = votes.groupBy("who", "whom", "is").agg(
        *(f.coalesce(f.max(f.when(itself, f.col(side))), f.lit(0)).alias(f"direct_{side}") for side in ("low", "high")),
        f.sum(f.when(f.col("sure"), f.col("low")).otherwise(0)).alias("least"),
        f.sum(f.when(f.col("maybe"), f.col("high")).otherwise(0)).alias("most"),
        f.sum(f.when(f.col("maybe"), 0).otherwise(f.col("low"))).alias("rest"),
        f.sort_array(
            f.collect_list(f.when(in_group & ~itself, f.struct(f.col("holder").alias("id"), "holder_name")))
        ).alias("via"),
    )
    return _named(graph, sums)


def _named(graph: "DataFrame", sums: "DataFrame") -> "DataFrame":
    from pyspark.sql import functions as f

    ends = (graph.select(f.col(end).alias("id"), f.col(f"{end}_name").alias("name")) for end in ("holder", "issuer"))
    names = kept(next(ends).unionByName(next(ends)).groupBy("id").agg(f.min("name").alias("name")))
    who, whom = (names.select(f.col("id").alias(end), f.col("name").alias(f"{end}_name")) for end in ("who", "whom"))
    least = f.least(f.col("least"), f.lit(UNIT))
    most = f.greatest(least, f.least("most", f.lit(UNIT) - f.col("rest")))
    return (
        sums.join(who, "who")
        .join(whom, "whom")
        .select(
            f.col("who").alias("controller_id"),
            f.col("who_name").alias("controller"),
            f.col("whom").alias("company_id"),
            f.col("whom_name").alias("company"),
            f.when(f.col("is"), "yes").otherwise("undecided").alias("control"),
            *((f.col(f"direct_{side}") / UNIT).alias(f"direct_{side}") for side in ("low", "high")),
            (least / UNIT).alias("together_low"),
            (most / UNIT).alias("together_high"),
            f.col("via.holder_name").alias("via"),
        )
        .orderBy("controller_id", "company_id")
    )
