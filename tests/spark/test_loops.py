"""Circular deals by joins: those of the local analysis, in their order, to the last measure."""

import pytest

import kg
from kg.analysis.deals.circular import circular_deals as local_deals
from kg.errors import QueryError
from tests.spark.graphs import ROOT, claim, company, generated

pytestmark = [
    pytest.mark.long,
    # The wire between PySpark and Java, which PySpark 4.1 leaves to the collector.
    pytest.mark.filterwarnings("ignore:Exception ignored in. <socket.socket:pytest.PytestUnraisableExceptionWarning"),
]
pytest.importorskip("pyspark", reason="pyspark is not here: the jobs on Spark need it")

from kg.spark.loops import circular_deals  # noqa: E402


def here(claims, **how):
    return [
        (
            *(loop.kind, str(loop.modality), loop.together.value, *(loop.overlap or (None, None))),
            None if loop.returned is None else pytest.approx((loop.returned.low, loop.returned.high)),
            [(leg.payer.id, leg.payee.id, leg.kind.value, leg.relationship.relation) for leg in loop.legs],
        )
        for loop in local_deals(claims, limit=10**6, **how).rows
    ]


def there(frame, **how):
    return [
        (
            *(row.kind, row.modality, row.together, row["first"], row["last"]),
            None if row.returned_low is None else (row.returned_low, row.returned_high),
            [(leg.payer_id, leg.payee_id, leg.kind, leg.relation) for leg in row.legs],
        )
        for row in circular_deals(frame, **how).collect()
    ]


def test_deals_of_generated_graphs_are_the_local_ones_in_their_order(frame_of):
    for companies, claims in ((8, 60), (25, 150)):
        told = generated(companies, claims)
        expected = here(told)
        assert len(expected) > 3
        assert there(frame_of(told)) == expected


def test_deals_of_the_examples_are_the_local_ones(frame_of, tmp_path):
    with kg.open(tmp_path / "store", write=True) as graph:
        graph.build(str(ROOT / "kg" / "examples"))
        claims = list(graph.store.claims())
    expected = here(claims)
    assert expected
    assert there(frame_of(claims)) == expected
    assert there(frame_of(claims), max_length=2) == here(claims, max_length=2)


def test_ways_are_counted_by_their_length(frame_of):
    stake = {"percent": "5", "percent_of": "capital"}
    claims = [
        claim("d1", company(1), "holds-stake", company(2), **stake),
        claim("d2", company(1), "supplies", company(2)),
    ]
    rounds = []
    assert there(frame_of(claims), watch=rounds.append) == here(claims)
    assert [(each.number, each.moving) for each in rounds] == [(2, 1), (3, 0), (4, 0)]


def test_a_length_that_is_not_looked_for_is_refused(frame_of):
    with pytest.raises(QueryError, match="from 2 to 4"):
        circular_deals(frame_of([]), max_length=5)
