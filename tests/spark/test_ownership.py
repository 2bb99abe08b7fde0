"""Control and integrated ownership by joins: the answers of the local kernels, on any graph."""

import pytest

from kg.analysis.ownership.control import control as local_control
from kg.analysis.ownership.holdings_from_claims import holdings
from kg.analysis.ownership.integrated_ownership import shares_of
from kg.errors import InvalidRecord
from kg.facts import AsOf
from tests.spark.graphs import claim, company, generated, holdings_of

pytestmark = [
    pytest.mark.long,
    # The wire between PySpark and Java, which PySpark 4.1 leaves to the collector.
    pytest.mark.filterwarnings("ignore:Exception ignored in. <socket.socket:pytest.PytestUnraisableExceptionWarning"),
]
pytest.importorskip("pyspark", reason="pyspark is not here: the jobs on Spark need it")

from kg.spark.control import control  # noqa: E402
from kg.spark.ownership import edges, shares  # noqa: E402

MEASURES = "net_low", "net_high", "integrated_low", "integrated_high"


def shares_here(claims, **how):
    graph = holdings(claims, **how)
    told = {}
    for node, holder in enumerate(graph.entities):
        for other, (net, integrated) in shares_of(graph, node).intervals().items():
            values = (net.low, net.high, integrated.low, integrated.high)
            ends = holder.id, graph.entities[other].id
            told |= {(*ends, name): value for name, value in zip(MEASURES, values, strict=True)}
    return told


def shares_there(frame, **how):
    rows = shares(frame, **how).collect()
    told = {(row.holder, row.issuer, name): row[name] for row in rows for name in MEASURES}
    assert len(told) == len(rows) * len(MEASURES)
    return told


def control_here(claims, **how):
    return [
        (
            *(row.controller.id, row.company.id, row.answer.value, tuple(entity.name for entity in row.via)),
            *map(pytest.approx, (row.direct.low, row.direct.high, row.together.low, row.together.high)),
        )
        for row in local_control(claims, **how).rows
    ]


def control_there(frame, **how):
    numbers = "direct_low", "direct_high", "together_low", "together_high"
    return [
        (row.controller_id, row.company_id, row.control, tuple(row.via), *(row[name] for name in numbers))
        for row in control(frame, **how).collect()
    ]


@pytest.mark.parametrize("seed", [1, 2])
def test_control_and_shares_of_exact_holdings_in_rings_are_the_local_ones(frame_of, seed):
    claims = holdings_of(seed)
    frame, rounds = frame_of(claims), []
    assert shares_there(frame, watch=rounds.append) == pytest.approx(shares_here(claims), abs=1e-9)
    assert [each.moving for each in rounds if each.job == "shares (low)"][-1] == 0
    assert control_there(frame) == control_here(claims)


def test_rings_that_hold_nearly_the_whole_of_each_other_are_solved_by_the_kernel(frame_of):
    claims = holdings_of(5, companies=6, is_whole=True)
    assert shares_there(frame_of(claims)) == pytest.approx(shares_here(claims), rel=1e-6)


def test_shares_that_are_ranges_denied_or_of_votes_are_the_local_ones(frame_of):
    claims = generated(20, 160)
    frame = frame_of(claims)
    assert shares_there(frame) == pytest.approx(shares_here(claims), abs=1e-9)
    assert control_there(frame, threshold=0.25) == control_here(claims, threshold=0.25)
    graph = holdings(claims, basis="votes", as_of=AsOf("2020"))
    ends = [[graph.entities[node].id for node in side.tolist()] for side in (graph.holder, graph.issuer)]
    told = zip(*ends, graph.low.tolist(), graph.high.tolist(), strict=True)
    rows = edges(frame, basis="votes", as_of=AsOf("2020")).collect()
    assert {(row.holder, row.issuer, row.low, row.high) for row in rows} == set(told)


def test_owners_of_some_ids_are_followed_alone(frame_of):
    claims = holdings_of(1)
    holder = claims[0].subject.id
    told = shares_there(frame_of(claims), owners=[holder])
    assert told == pytest.approx({key: value for key, value in shares_here(claims).items() if key[0] == holder})


def test_half_is_no_control_unless_it_is_inclusive_and_rounds_are_told(frame_of):
    half = {"percent": "50", "percent_of": "capital"}
    claims = [claim(f"d{at}", company(at), "holds-stake", company(at + 1), **half) for at in range(3)]
    frame, rounds = frame_of(claims), []
    assert control_there(frame, watch=rounds.append) == []
    assert [str(each) for each in rounds] == ["control (yes), round 1: 0 pairs new, 0 in all"]
    rounds.clear()
    assert control_there(frame, inclusive=True, watch=rounds.append) == control_here(claims, inclusive=True)
    assert [(each.moving, each.pairs) for each in rounds] == [(3, 3), (2, 5), (1, 6), (0, 6)]


def test_a_threshold_that_gives_no_control_is_refused(frame_of):
    with pytest.raises(InvalidRecord, match="gives no control"):
        control(frame_of([]), threshold=1)
