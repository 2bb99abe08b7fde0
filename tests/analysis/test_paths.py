"""How two companies hang together: paths against networkx and brute force, in sentences with their sources."""

import random
import re
from decimal import Decimal
from itertools import count, pairwise

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.analysis.network.paths import RELIANCE, paths
from kg.errors import QueryError, UnknownEntity
from kg.facts import STANDING_MODALITIES, AsOf
from kg.model import Claim, Document, Entity, Modality, Qualifiers

_NUMBERS = count()


def company(name):
    return Entity(f"company/{name.lower()}", name, "Company", (name,))


def say(subject, object_, relation="supplies", *, as_=Modality.ASSERTED, sure=1.0, known=None, name=None, **terms):
    """A claim of which the quote is its document's whole text."""
    sentence = f"{subject} {relation}\n{object_} {next(_NUMBERS)}."
    evidence = Document(name or sentence, sentence, "en", known).evidence(0, len(sentence))
    ends = company(subject), company(object_)
    return Claim(ends[0], relation, ends[1], as_, (evidence,), Qualifiers(**terms), known, confidence=sure)


def found(result):
    """The kinds of paths, their companies and strengths."""
    return [(row.kind, "".join(one.name for one in row.companies), round(row.strength, 9)) for row in result]


def test_the_shortest_and_the_strongest_path_may_differ():
    claims = [say("A", "B", sure=0.5), say("A", "C", sure=0.9), say("B", "C", sure=0.8)]
    assert found(paths(claims, "A", "B")) == [("shortest", "AB", 0.5), ("strongest", "ACB", 0.72)]
    assert found(paths(claims, "A", "B", limit=1)) == [("shortest", "AB", 0.5)]
    assert found(paths(claims, "A", "C")) == [("shortest and strongest", "AC", 0.9), ("next", "ABC", 0.4)]


def test_a_path_runs_over_ties_in_either_direction():
    [path] = paths([say("B", "A"), say("B", "C")], "A", "C")
    assert [step.forward for step in path.steps] == [False, True]
    assert [[end.name for end in step.ends] for step in path.steps] == [["A", "B"], ["B", "C"]]
    assert [cells["step"] for cells in path.cells()] == ["1/2", "2/2"]
    assert [len(cells["claims"]) for cells in path.cells()] == [1, 1]
    assert len(path.claims) == 2


def test_of_parallel_ties_the_strongest_counts_and_of_paths_of_one_length_the_strongest_comes_first():
    claims = [
        say("A", "B", sure=0.4),
        say("B", "A", "invests-in", sure=0.6),
        say("B", "D"),
        say("A", "C", sure=0.5),
        say("C", "D"),
    ]
    assert found(paths(claims, "A", "D")) == [("shortest and strongest", "ABD", 0.6), ("next", "ACD", 0.5)]
    even = [say(one, other) for one, other in ("AC", "CD", "AB", "BD")]
    assert [ids for _, ids, _ in found(paths(even, "A", "D"))] == ["ABD", "ACD"]


@pytest.mark.parametrize("modality", STANDING_MODALITIES)
def test_a_tie_that_is_no_fact_is_weaker_and_says_what_it_is(modality):
    [path] = paths([say("A", "B", as_=modality, sure=0.8)], "A", "B")
    assert path.strength == pytest.approx(0.8 * RELIANCE[modality])
    assert path.modality is modality
    assert ("(" in path.sentences()[0]) is (modality is not Modality.ASSERTED)
    facts = paths([say("A", "B", as_=modality)], "A", "B", modalities=(Modality.ASSERTED,))
    assert len(facts) == (modality is Modality.ASSERTED)


def test_more_sources_do_not_make_a_tie_stronger_and_a_denial_halves_it():
    twice = [say("A", "B", sure=0.6), say("A", "B", sure=0.8)]
    assert paths(twice, "A", "B")[0].strength == 0.8
    [path] = paths([*twice, say("A", "B", as_=Modality.DENIED, name="no.txt")], "A", "B")
    assert path.strength == 0.4
    assert "(denied, or told to have ended, by no.txt)" in path.sentences()[0]
    assert "(démenti, ou dit terminé, par no.txt)" in path.sentences("fr")[0]


def test_a_step_is_told_with_its_terms_its_quote_and_its_document():
    claim = say("A", "B", "holds-stake", name="a.txt", percent=Decimal(6), percent_of="capital", as_=Modality.PLANNED)
    quote = " ".join(claim.evidence[0].quote.split())
    [path] = paths([claim], "B", "A")
    assert path.sentences() == (f"A holds a stake in B (planned; 6 % of capital): “{quote}” a.txt",)
    assert path.sentences("fr") == (f"A détient une part de B (prévu; 6 % du capital) : « {quote} » a.txt",)
    with pytest.raises(QueryError, match="cannot be worded in 'de'"):
        path.sentences("de")


def test_without_a_path_a_note_says_so():
    result = paths([say("A", "B"), say("C", "D")], "A", "D")
    assert (len(result), result.notes) == (0, ("No tie leads from A to D.",))


def test_bad_questions_get_one_line():
    claims = [say("A", "B")]
    with pytest.raises(QueryError, match="'A' and ' a' are both company/a: a path needs two companies"):
        paths(claims, "A", " a")
    with pytest.raises(QueryError, match="0 paths cannot be found"):
        paths(claims, "A", "B", limit=0)
    with pytest.raises(UnknownEntity):
        paths(claims, "A", "Z")


def test_a_past_date_has_only_the_ties_of_then():
    claims = [say("A", "B", known="2024-01-01"), say("B", "C", known="2024-01-01"), say("A", "C", known="2025-01-01")]
    assert [ids for _, ids, _ in found(paths(claims, "A", "C"))] == ["AC", "ABC"]
    assert [ids for _, ids, _ in found(paths(claims, "A", "C", as_of=AsOf(known="2024")))] == ["ABC"]


# ---------------------------------------------------------------- laws
NAMES = "ABCDEF"
EDGES = st.dictionaries(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).filter(lambda pair: pair[0] < pair[1]),
    st.sampled_from((1.0, 0.5, 0.25)),  # products of which are exact
    min_size=1,
    max_size=15,
)


@given(EDGES, st.randoms(use_true_random=False))
def test_paths_are_the_best_of_all_that_networkx_finds(edges, chance: random.Random):
    claims = [say(one, other, sure=sure) for (one, other), sure in edges.items()] + [say("A", "A"), say("F", "F")]
    graph = nx.Graph(list(edges))
    graph.add_nodes_from("AF")

    def strength(path):
        product = 1.0
        for pair in pairwise(path):
            product *= edges[tuple(sorted(pair))]
        return product

    every = sorted(
        ("".join(path) for path in nx.all_simple_paths(graph, "A", "F")), key=lambda p: (len(p), -strength(p), p)
    )
    result = paths(claims, "A", "F", limit=4)
    assert len(result) == min(4, len(every))
    if every:
        assert found(result)[0][1] == every[0]
        assert max(row.strength for row in result[:2]) == pytest.approx(max(map(strength, every)))
        strongest = [ids for kind, ids, _ in found(result) if kind == "strongest"]
        rest = [ids for kind, ids, _ in found(result) if kind != "strongest"]
        assert rest == [ids for ids in every if ids not in strongest][: len(rest)]
    mixed = paths(chance.sample(claims, len(claims)), "A", "F", limit=4)
    assert (mixed.rows, mixed.notes) == (result.rows, result.notes)


# ---------------------------------------------------------------- the examples
def test_nvidia_and_openai_hang_together_by_coreweave(examples):
    first = paths(examples, "Nvidia", "OpenAI")[0]
    assert [one.name for one in first.companies] == ["Nvidia", "CoreWeave", "OpenAI"]
    stake = first.sentences()[0]
    assert stake.startswith("Nvidia holds a stake in CoreWeave (6 % of capital): “")
    assert {"Nvidia", "6"} <= set(re.findall(r"\w+", stake.partition("“")[2]))
    quotes = {evidence.quote for claim in examples for evidence in claim.evidence}
    assert all(cells["quote"] in quotes for path in paths(examples, "Nvidia", "Stargate") for cells in path.cells())


def test_a_saying_is_as_strong_as_it_stands_at_the_date():
    was = say("A", "B", as_=Modality.PAST, start="2019", end="2021", known="2022")
    result = paths([was], "A", "B", as_of=AsOf(valid="2020"))
    assert (result.name, found(result), result[0].modality) == (
        "path",
        [("shortest and strongest", "AB", 1.0)],
        Modality.ASSERTED,
    )
    will = say("A", "B", start="2030", known="2024")
    [path] = paths([will], "A", "B", as_of=AsOf(valid="2025"))
    assert (path.strength, path.modality) == (RELIANCE[Modality.ANNOUNCED], Modality.ANNOUNCED)
    assert path.steps[0].best_claim[0].modality is Modality.ANNOUNCED
