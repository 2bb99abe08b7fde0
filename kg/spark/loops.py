"""Circular deals of two to four companies, by joins: those of `kg.analysis.deals.circular`, in the same order.

Legs are made relationship by relationship, by the same code as on one machine. A circle is found once, from its least
company on: the pairs of payer and payee are joined to ways of up to four, those that come back are kept where capital
stands against trade, and each choice of legs along them is a loop.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from kg.analysis.deals.relations import LEGS, Flow
from kg.errors import QueryError
from kg.facts import STANDING_MODALITIES, AsOf
from kg.query.as_of import or_today
from kg.spark.frames import Round, Watch, claims_of, in_groups, kept, silent, visible
from kg.store.columns import arrow

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import Column, DataFrame

__all__ = ["circular_deals", "legs"]

_LONGEST = 4
_CAPITAL = tuple(flow.value for flow in Flow if flow.is_capital)
_TOGETHER = ("yes", "undecided", "no")


def legs(claims: "DataFrame", *, as_of: AsOf | None = None) -> "DataFrame":
    """Return what passes from whom to whom, a row a leg: `kg.analysis.deals.circular.Leg`, as columns.

    `firmness` is how firmly it is said, 0 for what is asserted; `first` and `last` are the days on which it may hold;
    `amounts` the sums, one a currency.
    """
    day = or_today(as_of)

    def passing(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        from kg.analysis.deals.circular import Leg
        from kg.facts import relationships

        for one in relationships(claims_of(rows), day, relations=LEGS):
            for flow, forth in LEGS[one.relation] if one.subject.id != one.object.id else ():
                payer, payee = (one.subject, one.object) if forth else (one.object, one.subject)
                yield _row(Leg(payer, payee, one, flow))

    return in_groups(visible(claims, LEGS), ["relation", "subject_id", "object_id"], passing, _schema())


def _row(leg: Any) -> dict[str, Any]:
    """Return a leg as a row."""
    return {
        "payer_id": leg.payer.id,
        "payer": leg.payer.name,
        "payee_id": leg.payee.id,
        "payee": leg.payee.name,
        "kind": leg.kind.value,
        "relation": leg.relationship.relation,
        "firmness": STANDING_MODALITIES.index(leg.relationship.modality),
        "first": leg.span[0],
        "last": leg.span[1],
        "says_start": leg.says_start,
        "amounts": [{"currency": sum_.currency, "low": sum_.low, "high": sum_.high} for sum_ in leg.amounts],
        "claims": [claim.id for claim in leg.relationship.claims],
    }


def _schema() -> "pa.Schema":
    pa = arrow()
    amount = pa.decimal128(38, 12)
    money = pa.struct([("currency", pa.string()), ("low", amount), ("high", amount)])
    kinds = {"firmness": pa.int32(), "first": pa.date32(), "last": pa.date32(), "says_start": pa.bool_()}
    kinds |= {"amounts": pa.list_(money), "claims": pa.list_(pa.string())}
    names = ("payer_id", "payer", "payee_id", "payee", "kind", "relation", *kinds)
    return pa.schema([(name, kinds.get(name, pa.string())) for name in names])


def circular_deals(
    claims: "DataFrame", *, max_length: int = _LONGEST, as_of: AsOf | None = None, watch: Watch = silent
) -> "DataFrame":
    """Return the circular deals of 2 to `max_length` companies, at most four, a row a loop.

    Columns are kind, modality (of the weakest leg), together, first and last (the days on which all legs may hold),
    returned_low and returned_high (the share of the first leg's money that comes back), and legs, in the order of the
    circle. `watch` is told how many ways there are of each length. Raises `QueryError` for another length.
    """
    from pyspark.sql import functions as f

    if not 2 <= max_length <= _LONGEST:  # noqa: PLR2004 - a circle takes two
        raise QueryError(
            f"a circle of {max_length} companies is not looked for: give a max_length from 2 to {_LONGEST}"
        )
    found = kept(legs(claims, as_of=as_of))
    circles = kept(_circles(found, max_length, watch))
    chosen = _chosen(found, circles)
    mixed = chosen.where(f.exists("legs", _is_capital) & ~f.forall("legs", _is_capital))
    return _measured(mixed.select(_from_first().alias("legs")))


def _is_capital(leg: "Column") -> "Column":
    return leg["kind"].isin(*_CAPITAL)


def _circles(found: "DataFrame", max_length: int, watch: Watch) -> "DataFrame":
    """Return circles of companies, each once, with its least company first, as arrays of ids."""
    from pyspark.sql import functions as f

    capital = f.col("kind").isin(*_CAPITAL)
    pairs = found.groupBy("payer_id", "payee_id").agg(
        f.bool_or(capital).alias("capital"), f.bool_or(~capital).alias("trade")
    )
    pairs = kept(pairs.select(f.col("payer_id").alias("by"), f.col("payee_id").alias("to"), "capital", "trade"))
    starts = pairs.where("by < to")
    ways = starts.select(
        f.array("by", "to").alias("way"), f.col("to").alias("end"), *(f.array(x).alias(x) for x in ("capital", "trade"))
    )
    closed = None
    for length in range(2, max_length + 1):
        onward = ways.join(pairs.select(f.col("by").alias("end"), "to", *_next()), "end")
        back = onward.where(f.col("to") == f.element_at("way", 1)).where(_is_mixed()).select("way")
        closed = back if closed is None else closed.unionByName(back)
        watch(Round("circles", length, back.count(), ways.count()))
        if length < max_length:
            ways = onward.where((f.col("to") > f.element_at("way", 1)) & ~f.array_contains("way", f.col("to")))
            ways = kept(ways.select(f.concat("way", f.array("to")).alias("way"), f.col("to").alias("end"), *_longer()))
    if closed is None:
        raise QueryError("no length of circles")
    return closed


def _next() -> Iterator["Column"]:
    from pyspark.sql import functions as f

    return (f.col(name).alias(f"next_{name}") for name in ("capital", "trade"))


def _longer() -> Iterator["Column"]:
    from pyspark.sql import functions as f

    return (f.concat(name, f.array(f"next_{name}")).alias(name) for name in ("capital", "trade"))


def _is_mixed() -> "Column":
    """Whether one pair of a circle can be capital, and another trade."""
    from pyspark.sql import functions as f

    capital, trade = (f.concat(name, f.array(f"next_{name}")) for name in ("capital", "trade"))
    both = f.arrays_zip(capital.alias("capital"), trade.alias("trade"))
    counts = [f.size(f.filter(both, act)) for act in (_has_capital, _has_trade, _has_both)]
    one_of_both = (counts[0] == 1) & (counts[1] == 1) & (counts[2] == 1)
    return (counts[0] > 0) & (counts[1] > 0) & ~one_of_both


def _has_capital(pair: "Column") -> "Column":
    return pair["capital"]


def _has_trade(pair: "Column") -> "Column":
    return pair["trade"]


def _has_both(pair: "Column") -> "Column":
    return pair["capital"] & pair["trade"]


def _chosen(found: "DataFrame", circles: "DataFrame") -> "DataFrame":
    """Return every choice of legs along circles, as arrays: a leg is joined to each pair after the other."""
    from pyspark.sql import functions as f

    packed = found.select(
        f.col("payer_id").alias("by"), f.col("payee_id").alias("to"), f.struct(*found.columns).alias("leg")
    )
    size, parts = f.size("way"), circles
    for at in range(_LONGEST):
        ends = (f.get("way", f.lit(at) % size).alias("by"), f.get("way", f.lit(at + 1) % size).alias("to"))
        onward = parts.where(size > at).select("*", *ends).join(packed, ["by", "to"])
        legs_ = f.array_append("legs", f.col("leg")) if at else f.array("leg")
        onward = onward.select("way", legs_.alias("legs"))
        # No circle is shorter than two.
        parts = onward if at < 2 else onward.unionByName(parts.where(size <= at))  # noqa: PLR2004
    return parts.select("legs")


def _from_first() -> "Column":
    """Turn a circle so that it begins with the capital that is put in, else with the payment."""
    from pyspark.sql import functions as f

    size, places = f.size("legs"), f.sequence(f.lit(0), f.size("legs") - 1)

    def kind(at: "Column") -> "Column":
        return f.get("legs", at)["kind"]

    def first(flow: str) -> "Column":
        of_kind = f.filter(places, lambda at: kind(at) == flow)
        # Of several in a row the one that nothing of its kind precedes.
        ranked = f.transform(
            of_kind,
            lambda at: f.struct(
                (kind((at + size - 1) % size) == flow).alias("follows"),
                f.get("legs", at)["payer_id"].alias("payer_id"),
                at.alias("at"),
            ),
        )
        return f.array_min(ranked)["at"]

    at = f.coalesce(*(first(flow.value) for flow in (Flow.FINANCES, Flow.PAYS, Flow.SHARES_REVENUE)), f.lit(0))
    turned = f.slice("legs", at + 1, size)
    return f.concat(turned, f.slice("legs", f.lit(1), at))


def _measured(loops: "DataFrame") -> "DataFrame":
    """Return loops with what is said of them, in the order of `kg.analysis.deals.circular.circular_deals`."""
    from pyspark.sql import functions as f

    weakest = f.array_max(f.transform("legs", lambda leg: leg["firmness"]))
    modalities = f.array(*(f.lit(modality.value) for modality in STANDING_MODALITIES))
    told = loops.select(
        _kind().alias("kind"),
        weakest.alias("firmness"),
        f.element_at(modalities, weakest + 1).alias("modality"),
        *_days(),
        *_returned(),
        "legs",
    )
    told = told.withColumn("at", f.array_position(f.array(*map(f.lit, _TOGETHER)), f.col("together")))
    names = f.transform("legs", lambda leg: f.struct(leg["payer"], leg["payer_id"], leg["kind"], leg["relation"]))
    first = f.try_element_at(f.element_at("legs", 1)["amounts"], f.lit(1))
    less = (f.coalesce(-f.col(f"returned_{side}"), f.lit(1.0)) for side in ("low", "high"))
    amount = (f.coalesce(first["currency"], f.lit("~")), -first["low"], -first["high"])
    ordered = told.orderBy("firmness", "at", *less, *amount, f.size("legs"), names)
    return ordered.drop("firmness", "at")


def _kind() -> "Column":
    from pyspark.sql import functions as f

    kinds = f.transform("legs", lambda leg: leg["kind"])
    put_in, received, paid = (f.array_contains(kinds, flow.value) for flow in (Flow.FINANCES, Flow.OWNED_BY, Flow.PAYS))
    told = f.when(put_in & received, "mixed").when(received, "customer's stake").when(paid, "vendor financing")
    return told.otherwise("revenue share")


def _days() -> Iterator["Column"]:
    """The days on which all legs may hold, and whether they do so together."""
    from pyspark.sql import functions as f

    first, last = f.array_max(f.transform("legs", _field("first"))), f.array_min(f.transform("legs", _field("last")))
    apart = (first > last).eqNullSafe(f.lit(1).cast("boolean"))
    late = f.filter("legs", lambda leg: leg["first"] > last)
    all_say = f.forall("legs", lambda leg: leg["first"].isNotNull())
    of_late = f.when(f.exists(late, lambda leg: leg["says_start"]), "no").otherwise("undecided")
    together = f.when(~apart, f.when(all_say, "yes").otherwise("undecided")).otherwise(of_late)
    yield together.alias("together")
    yield f.when(~apart, first).alias("first")
    yield f.when(~apart, last).alias("last")


def _field(name: str) -> Callable[["Column"], "Column"]:
    """Return what takes a field of a struct: Spark counts the arguments of a lambda, defaults among them."""
    return lambda struct: struct[name]


def _returned() -> Iterator["Column"]:
    """The share of the first leg's money that comes back: null where a leg has no sum, or another currency's."""
    from pyspark.sql import functions as f

    amounts = f.transform("legs", lambda leg: f.get(leg["amounts"], f.lit(0)))
    first = f.element_at(amounts, 1)
    rest = f.slice(amounts, f.lit(2), f.size("legs"))
    alone = f.forall("legs", lambda leg: f.size(leg["amounts"]) == 1)
    alike = f.forall(amounts, lambda money: money["currency"] == first["currency"])
    is_known = alone & alike & (first["high"] != 0)
    for side, other in (("low", "high"), ("high", "low")):
        least = f.array_min(f.transform(rest, _field(side)))
        whole = first[other]
        part = f.when(least < whole, least.cast("double") / whole.cast("double")).otherwise(1.0)
        yield f.when(is_known, part).alias(f"returned_{side}")
