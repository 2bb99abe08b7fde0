"""Who holds how much of whom, along all chains: iterated joins, with the sums of `kg.analysis.ownership`.

Edges are made issuer by issuer, by the same code as on one machine: nothing of an edge depends on another issuer's.
Net shares are then sums over chains that do not come back to their owner, a link longer with each round, until what
still moves is too little to count. Integrated shares follow from them: y_ij = n_ij / (1 - n_ii).

An owner goes to the local kernel, on the part of the graph that it reaches, where its chains turn too long in rings of
holdings, and where shares are ranges that cannot all be as great as they may: the greatest share is then sought among
them. So the answers are those of `kg.analysis.ownership.integrated_ownership.shares_of` everywhere.
"""

from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

from kg.facts import AsOf
from kg.query.as_of import or_today
from kg.spark.frames import Round, Watch, claims_of, in_groups, kept, silent, visible
from kg.store.columns import arrow

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

__all__ = ["UNIT", "edges", "shares"]

UNIT = 10**12
"""Units of a whole, as in `kg.analysis.ownership.holdings`."""
_HELD = ("holds-stake", "invests-in", "acquires", "subsidiary-of")
_LEAST = 1e-15
"""What moves less is followed no further."""
_ENDLESS = 1e3
"""What only sums without end come to: nobody has more of a company in one round."""
_ROUNDS = 60
_NEARLY_ALL = 1 - 1e-6
_TOLERANCE = 1e-9


def edges(claims: "DataFrame", *, basis: str = "capital", as_of: AsOf | None = None) -> "DataFrame":
    """Return who holds how much of whom, a row a pair, as `kg.analysis.ownership.holdings_from_claims` gathers it.

    `low` and `high` are units, `UNIT` the whole; `control` is 2 where sources tell that the holder controls the issuer,
    1 where they may, 0 elsewhere. `basis` is "capital" or "votes".
    """
    from pyspark.sql import functions as f

    day = or_today(as_of)

    def held(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        from kg.analysis.ownership.holdings_from_claims import holdings

        graph = holdings(claims_of(rows), basis=basis, as_of=day)
        control = [0] * len(graph) if graph.control is None else graph.control.tolist()
        columns = (graph.holder.tolist(), graph.issuer.tolist(), graph.low.tolist(), graph.high.tolist(), control)
        for holder, issuer, low, high, told in zip(*columns, strict=True):
            one, other = graph.entities[holder], graph.entities[issuer]
            ends = {"holder": one.id, "holder_name": one.name, "issuer": other.id, "issuer_name": other.name}
            yield ends | {"low": low, "high": high, "control": told}

    issuer = f.when(f.col("relation") == "subsidiary-of", f.col("subject_id")).otherwise(f.col("object_id"))
    return in_groups(visible(claims, _HELD).withColumn("issuer", issuer), ["issuer"], held, _edges())


def _edges() -> "pa.Schema":
    pa = arrow()
    texts = [(name, pa.string()) for name in ("holder", "holder_name", "issuer", "issuer_name")]
    return pa.schema([*texts, *((name, pa.int64()) for name in ("low", "high", "control"))])


def shares(
    claims: "DataFrame",
    owners: Collection[str] | None = None,
    *,
    basis: str = "capital",
    as_of: AsOf | None = None,
    watch: Watch = silent,
) -> "DataFrame":
    """Return what owners have in companies, directly and indirectly, a row a pair: all of them, or those of some ids.

    Columns are holder, issuer, net_low, net_high, integrated_low, integrated_high, fractions of the whole, with what
    `kg.analysis.ownership.shares` means by them. `watch` is told of every round.
    """
    from pyspark.sql import functions as f

    graph = kept(edges(claims, basis=basis, as_of=as_of))
    begin = graph if owners is None else graph.where(f.col("holder").isin(list(owners)))
    reach = _reach(graph, begin, watch)
    is_exact = graph.where("low < high").isEmpty()
    unfit = begin.select("holder").limit(0) if is_exact else kept(_unfit(graph, reach))
    begin = begin.join(unfit, "holder", "left_anti")
    least = _along_chains(graph, begin, "low", watch)
    most = least if is_exact else _along_chains(graph, begin, "high", watch)
    both = most.select("holder", "issuer", f.col("net").alias("high"), f.col("moves").alias("high_moves")).join(
        least.select("holder", "issuer", f.col("net").alias("low"), "moves"), ["holder", "issuer"], "left"
    )
    both = kept(both.fillna({"low": 0.0, "moves": False}))
    stubborn = kept(unfit.unionByName(_unsettled(both)).distinct())
    told = _told(both.join(stubborn, "holder", "left_anti"))
    if stubborn.isEmpty():
        return told
    return told.unionByName(_by_kernel(graph, reach.join(stubborn, "holder", "left_semi")))


def _reach(graph: "DataFrame", begin: "DataFrame", watch: Watch) -> "DataFrame":
    """Return each owner beside every node that it reaches, itself among them, as holder and node."""
    from pyspark.sql import functions as f

    links = graph.select(f.col("holder").alias("node"), "issuer").persist()
    new = kept(begin.select("holder", f.col("holder").alias("node")).distinct())
    found, number = new, 0
    total = moving = new.count()
    while moving:
        number += 1
        further = new.join(links, "node").select("holder", f.col("issuer").alias("node")).distinct()
        new = kept(further.join(found, ["holder", "node"], "left_anti"))
        found = kept(found.unionByName(new))
        moving = new.count()
        total += moving
        watch(Round("reach", number, moving, total))
    return found


def _unfit(graph: "DataFrame", reach: "DataFrame") -> "DataFrame":
    """Return the owners below whom shares are ranges that cannot all be as great as they may."""
    from pyspark.sql import functions as f

    whole = graph.groupBy("issuer").agg(f.sum("low").alias("all_low"))
    links = graph.select(f.col("holder").alias("node"), "issuer", "low", "high")
    sums = reach.join(links, "node").groupBy("holder", "issuer").agg(*(f.sum(x).alias(x) for x in ("low", "high")))
    room = UNIT - (f.col("all_low") - f.col("low"))
    beyond = sums.join(whole, "issuer").where(f.col("high") > room + int(_TOLERANCE * UNIT))
    return beyond.select("holder").distinct()


def _along_chains(graph: "DataFrame", begin: "DataFrame", side: str, watch: Watch) -> "DataFrame":
    """Return the sums over the chains of each owner that do not come back to it, and whether they still move."""
    from pyspark.sql import functions as f

    links = graph.where(f.col(side) > 0).select("holder", "issuer", (f.col(side) / UNIT).alias("share")).persist()
    step = begin.where(f.col(side) > 0).select("holder", "issuer", (f.col(side) / UNIT).alias("step"))
    so_far = kept(step.select("holder", "issuer", f.col("step").alias("net"), "step"))
    follows = f.col("step").between(_LEAST, _ENDLESS) & (f.col("holder") != f.col("issuer"))
    for number in range(1, _ROUNDS + 1):
        [told] = so_far.agg(f.count_if(follows), f.count("*"), f.max(f.when(follows, f.col("step")))).collect()
        watch(Round(f"shares ({side})", number, *told))
        if not told[0]:
            break
        onward = so_far.where(follows).select("holder", f.col("issuer").alias("by"), "step")
        ways = onward.join(links.select(f.col("holder").alias("by"), "issuer", "share"), "by")
        step = ways.select("holder", "issuer", f.lit(0.0).alias("net"), (f.col("step") * f.col("share")).alias("step"))
        # What has grown without end stays so: its owner is not settled.
        before = so_far.withColumn("step", f.when(f.col("step") > _ENDLESS, f.col("step")).otherwise(0.0))
        both = before.unionByName(step).groupBy("holder", "issuer").agg(f.sum("net").alias("net"), f.sum("step"))
        both = both.withColumnRenamed("sum(step)", "step")
        so_far = kept(both.withColumn("net", f.col("net") + f.col("step")))
    moves = (f.col("step") > _LEAST) & (f.col("holder") != f.col("issuer"))
    return so_far.select("holder", "issuer", "net", moves.alias("moves"))


def _unsettled(both: "DataFrame") -> "DataFrame":
    """Return the owners whose shares still move, or come back to them all but whole."""
    from pyspark.sql import functions as f

    back = f.when(f.col("holder") == f.col("issuer"), f.greatest("low", "high")).otherwise(0.0)
    return both.where(f.col("moves") | f.col("high_moves") | (back >= _NEARLY_ALL)).select("holder")


def _told(both: "DataFrame") -> "DataFrame":
    """Return net shares with the integrated ones: what comes back to an owner passes it again and again."""
    from pyspark.sql import functions as f

    back = both.where("holder = issuer").select(
        "holder", f.col("low").alias("back_low"), f.col("high").alias("back_high")
    )
    beside = both.join(back, "holder", "left").fillna({"back_low": 0.0, "back_high": 0.0})
    least = f.least("low", f.lit(1.0))
    return beside.select(
        "holder",
        "issuer",
        least.alias("net_low"),
        f.greatest(f.least("high", f.lit(1.0)), least).alias("net_high"),
        (f.col("low") / (1 - f.col("back_low"))).alias("integrated_low"),
        (f.col("high") / (1 - f.col("back_high"))).alias("integrated_high"),
    )


def _by_kernel(graph: "DataFrame", reach: "DataFrame") -> "DataFrame":
    """Return the shares of some owners by the local kernel, each from all who hold what it reaches."""
    from pyspark.sql import functions as f

    links = graph.select(f.col("holder").alias("by"), "issuer", "low", "high")
    asked = reach.select(f.col("holder").alias("owner"), f.col("node").alias("issuer")).join(links, "issuer")
    pa = arrow()
    numbers = [(f"{kind}_{side}", pa.float64()) for kind in ("net", "integrated") for side in ("low", "high")]
    return in_groups(asked, ["owner"], _kernel, pa.schema([("holder", pa.string()), ("issuer", pa.string()), *numbers]))


def _kernel(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield what owners have in all that they reach, the holders of which are rows, in order of owners."""
    import numpy as np

    from kg.analysis.ownership.holdings import Holdings, Numbered
    from kg.analysis.ownership.integrated_ownership import shares_of

    for owner, group in groupby(rows, key=lambda row: row["owner"]):
        held = list(group)
        nodes = sorted({owner, *(row[end] for row in held for end in ("by", "issuer"))})
        place = {node: at for at, node in enumerate(nodes)}
        holder, issuer = (np.array([place[row[end]] for row in held], np.int64) for end in ("by", "issuer"))
        low, high = (np.array([row[side] for row in held], np.int64) for side in ("low", "high"))
        found = shares_of(Holdings(Numbered(len(nodes)), holder, issuer, low, high), place[owner])
        for node, (net, integrated) in found.intervals().items():
            yield {
                "holder": owner,
                "issuer": nodes[node],
                "net_low": net.low,
                "net_high": net.high,
                "integrated_low": integrated.low,
                "integrated_high": integrated.high,
            }
