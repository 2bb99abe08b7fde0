"""The article that the project grew from: its loops, its rivals and friends, its one large customer, with sentences."""

import pytest

import kg
from kg.analysis import circular_deals, concentration, frenemies, largest_customers


@pytest.fixture(scope="module")
def told(shared):
    with kg.open() as graph:
        graph.build(shared / "seed")
        text = next(iter(graph.documents().values())).text
        yield text, list(graph.claims())


def test_the_loops_of_the_seed_are_found_with_their_terms_and_sentences(told):
    text, claims = told
    loops = circular_deals(claims)
    [nvidia] = [
        loop
        for loop in loops
        if str(loop) == "Nvidia → CoreWeave → Nvidia" and loop.legs[0].relationship.relation == "holds-stake"
    ]
    [openai] = [loop for loop in loops if str(loop) == "OpenAI → CoreWeave → OpenAI"]
    assert nvidia.legs[0].share.low == nvidia.legs[0].share.high == pytest.approx(0.06)
    assert nvidia.legs[1].relationship.relation == "supplies"
    assert nvidia.legs[1].relationship.facts[0].qualifiers.quantity == 250_000
    assert openai.modality == "planned"
    assert openai.returned.low == openai.returned.high == pytest.approx(350 / 11_900)
    for claim in (*nvidia.claims, *openai.claims):
        [place, *_] = claim.evidence
        assert text[place.start : place.end] == place.quote


def test_openai_and_microsoft_are_rivals_and_friends_with_evidence_for_each_side(told):
    _, claims = told
    [pair] = frenemies(claims)
    assert {rival.name for rival in pair.rivals} == {"OpenAI", "Microsoft"}
    assert {bond.relation for bond in pair.bonds} >= {"invests-in", "partners-with", "revenue-share-from", "supplies"}
    assert pair.rivalry.claims
    assert all(bond.claims for bond in pair.bonds)


def test_microsofts_share_gives_a_range_of_concentration(told):
    _, claims = told
    [coreweave] = concentration(claims)
    assert (coreweave.hhi.low, coreweave.hhi.high) == (pytest.approx(3844), pytest.approx(5288))
    assert "Microsoft" in {row.customer.name for row in largest_customers(claims) if row.answer == "yes"}
