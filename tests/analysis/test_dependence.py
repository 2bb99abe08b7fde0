"""Single points of failure are those that sources show, and say no more than sources do."""

from decimal import Decimal

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from kg.analysis.deals.dependence import dependence
from kg.facts import Interval, TriState
from kg.model import Claim, Document, Entity, Modality, Qualifiers


def company(name):
    return Entity(f"company/{name.lower()}", name, "Company", (name,))


A, B, C, D, E = map(company, "ABCDE")


def say(subject, object_, as_="asserted", percent=None, of="revenue", **terms):
    """A claim of supply whose document is one sentence."""
    if percent is not None:
        terms |= {"percent": Decimal(str(percent)), "percent_of": of}
    sentence = f"{subject.name} supplies {object_.name} {as_} {sorted(terms.items())}"
    place = (Document(sentence, sentence, "en", "2025-03").evidence(0, len(sentence)),)
    return Claim(subject, "supplies", object_, Modality(as_), place, Qualifiers(**terms), "2025-03")


def found(*claims, how=None, company=None):
    rows = dependence(claims, company)
    return [(row.company.name, row.depends_on.name, row.answer.value) for row in rows if how in {None, row.how}]


def test_the_examples_show_on_whom_a_company_hangs(examples):
    first, second = dependence(examples, "CoreWeave")
    assert (first.depends_on.name, first.how, first.answer) == ("Microsoft", "most of revenue", TriState.TRUE)
    assert first.share == Interval.exactly(0.62)
    assert (second.depends_on.name, second.how, second.answer) == ("Nvidia", "only known supplier", TriState.UNDECIDED)
    assert all(row.claims for row in (first, second))


def test_who_is_not_exclusive_is_not_the_only_supplier(examples):
    assert not dependence(examples, "OpenAI")
    assert found(say(A, B), say(B, C, exclusive=False)) == [("B", "A", "undecided")]


def test_an_exclusive_supplier_is_sure_unless_sources_are_at_odds():
    assert found(say(A, C, exclusive=True), say(B, C), how="exclusive supplier") == [("C", "A", "yes")]
    claims = say(A, C, exclusive=True), say(A, C, exclusive=False)
    assert found(*claims, how="exclusive supplier") == [("C", "A", "undecided")]
    [row] = [row for row in dependence([say(A, C, "planned", exclusive=True), say(A, C)]) if "exclusive" in row.how]
    assert row.modality is Modality.PLANNED


def test_more_than_half_of_revenue_or_cost_is_most_and_a_range_across_it_is_undecided():
    assert found(say(A, B, percent=51), how="most of revenue") == [("A", "B", "yes")]
    assert found(say(A, B, percent=50), how="most of revenue") == []
    assert found(say(A, B, percent_min=Decimal(30), percent_of="cost"), how="most of cost") == [("B", "A", "undecided")]


def test_a_supplier_behind_all_suppliers_is_a_cut_point_with_the_claims_of_the_chains():
    claims = [say(A, B), say(A, C), say(B, D), say(C, D)]
    [row] = [row for row in dependence(claims) if row.how == "cut point"]
    assert (row.company, row.depends_on, row.answer) == (D, A, TriState.UNDECIDED)
    assert set(row.claims) == set(claims)
    assert found(*claims, say(E, C), how="cut point") == []


def test_planned_supplies_neither_cut_nor_save():
    claims = [say(A, B), say(A, C), say(B, D), say(C, D), say(E, C, "planned")]
    assert found(*claims, how="cut point") == [("D", "A", "undecided")]


def test_companies_that_supply_each_other_in_a_circle_are_no_cut_points_of_each_other():
    assert found(say(A, B), say(B, A), say(A, C), say(B, C), how="cut point") == []


def test_what_the_sources_do_not_know_is_said():
    notes = dependence([say(A, B), say(A, C, exclusive=True)]).notes
    assert notes == (
        "an exclusive supplier may be so for some goods only: the sentences tell",
        "only known suppliers and cut points are so to these sources: others may supply, and nobody tells",
    )
    assert dependence([]).notes == ()


NODES = [company(name) for name in "ABCDEF"]


@given(st.sets(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)), max_size=14))
def test_cut_points_are_those_without_which_no_beginning_reaches_the_customer(pairs):
    pairs = {(one, other) for one, other in pairs if one != other}
    graph = nx.DiGraph([(one.name, other.name) for one, other in pairs])
    parts = list(nx.strongly_connected_components(graph))
    begin = {n for part in parts if all(set(graph.predecessors(m)) <= part for m in part) for n in part}
    wanted = set()
    for point in graph:
        rest = graph.subgraph(set(graph) - {point})
        reached = {n for b in begin & set(rest) for n in {b, *nx.descendants(rest, b)}}
        wanted |= {(n, point) for n in set(rest) - reached if list(graph.predecessors(n)) != [point]}
    told = [say(one, other) for one, other in sorted(pairs, key=str)]
    assert {pair[:2] for pair in found(*told, how="cut point")} == wanted


@given(st.permutations([say(A, B), say(A, C, exclusive=True), say(B, D), say(C, D, percent=60), say(D, E)]))
def test_the_order_of_claims_does_not_count_and_a_company_narrows_the_rows(claims):
    rows = dependence(claims).rows
    assert rows == dependence(claims[::-1]).rows
    assert dependence(claims, "D").rows == tuple(row for row in rows if row.company == D)
