"""The tree around a company: parents as far up as they are known, subsidiaries below, each with its evidence."""

from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from click.testing import CliRunner

import kg
from kg.analysis.ownership.structure import group_structure
from kg.analysis.results.tables import table
from kg.cli import cli
from kg.errors import UnknownEntity
from kg.facts import AsOf, TriState
from kg.model import Entity, Modality


def _sibling(name):
    spec = spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


oracles = _sibling("oracles")
holds, say = oracles.holds, oracles.say


def under(company, parent, **terms):
    return say(company, "subsidiary-of", parent, **terms)


def places(result):
    return [(row.level, row.company.name, row.parent and row.parent.name, row.directness) for row in result]


# A register tells of the nearest parent and of the ultimate one; of the latter not whether it is the nearest too.
GROUP = [
    under("Mid", "Top", indirect=False, start="2010-05"),
    under("Low", "Mid", indirect=False, start="2012", as_of="2025-12-31"),
    under("Low", "Top"),
    under("Leaf", "Low", indirect=False),
    under("Leaf", "Top", indirect=True),
    under("Twig", "Low", indirect=False),
    under("Aunt", "Top", indirect=False),
    under("Niece", "Aunt", indirect=False),
]


def test_the_chain_goes_up_to_the_top_and_all_that_is_below_comes_after():
    result = group_structure(GROUP, "Low")
    assert places(result) == [
        (0, "Top", None, None),
        (1, "Mid", "Top", "direct"),
        (2, "Low", "Mid", "direct"),
        (3, "Leaf", "Low", "direct"),
        (3, "Twig", "Low", "direct"),
    ]
    assert [row.since for row in result] == [None, "2010-05", "2012", None, None]
    assert result[2].as_of == "2025-12-31"
    assert [claim.subject.name for claim in result[2].claims] == ["Low"]
    assert "2 more of the group of Top stand beside the chain: ask for it" in result.notes
    assert any("a parent further up" in note and note.endswith(": 2") for note in result.notes)


def test_asked_of_the_top_it_is_the_whole_group():
    assert {row.company.name for row in group_structure(GROUP, "Top")} == {
        *("Top", "Mid", "Low", "Leaf", "Twig", "Aunt", "Niece")
    }
    assert [row.level for row in group_structure(GROUP, "Leaf")] == [0, 1, 2, 3]


def test_an_ultimate_parent_stands_over_the_company_where_nothing_between_is_known():
    claims = [under("Low", "Top", indirect=True), under("Other", "Top")]
    assert places(group_structure(claims, "Low")) == [
        (0, "Top", None, None),
        (1, "Low", "Top", "through others"),
    ]
    assert places(group_structure(claims, "Other"))[1] == (1, "Other", "Top", "not told")


def test_a_majority_of_votes_makes_a_parent_and_half_of_them_does_not():
    claims = [holds("Top", "Low", 51), holds("Half", "Other", 50), holds("Low", "Leaf", percent_min=50.1)]
    assert [row.company.name for row in group_structure(claims, "Low")] == ["Top", "Low", "Leaf"]
    assert places(group_structure(claims, "Other")) == []


def test_it_stands_as_of_a_day_and_plans_are_none_of_it():
    claims = [
        under("Low", "Before", end="2020-12-31"),
        under("Low", "After", start="2021-01-01"),
        under("Low", "Planned", as_=Modality.PLANNED),
    ]
    assert group_structure(claims, "Low")[0].company.name == "After"
    assert group_structure(claims, "Low", as_of=AsOf(valid="2019"))[0].company.name == "Before"


def test_a_denied_parent_is_undecided():
    claims = [under("Low", "Top"), under("Low", "Top", as_=Modality.DENIED)]
    assert [row.answer for row in group_structure(claims, "Low")] == [None, TriState.UNDECIDED]


def test_several_parents_are_each_told_and_what_is_below_once():
    claims = [under("Joint", "One", indirect=False), under("Joint", "Two", indirect=False), under("Leaf", "Joint")]
    assert places(group_structure(claims, "Joint")) == [
        (0, "One", None, None),
        (1, "Joint", "One", "direct"),
        (2, "Leaf", "Joint", "not told"),
        (0, "Two", None, None),
        (1, "Joint", "Two", "direct"),
        (2, "Leaf", "Joint", "not told"),
    ]


def test_rings_end():
    claims = [under("A", "B"), under("B", "C"), under("C", "A"), under("Leaf", "A")]
    found = group_structure(claims, "A")
    assert {row.company.name for row in found} == {"A", "B", "C", "Leaf"}
    assert len(found) == 5


def test_a_person_at_the_top_is_no_company():
    owner = Entity("person/ada", "Ada", "Person")
    claims = [under("Low", "Mid"), replace(holds("Ada", "Mid", 60), subject=owner)]
    result = group_structure(claims, "Low")
    assert [(row["entity"], row["type"]) for _, row in result.table().iterrows()] == [
        ("Ada", "Person"),
        ("Mid", "Company"),
        ("Low", "Company"),
    ]
    assert "company" not in result.table().columns
    assert "personne" in str(table(result, words=True, lang="fr").rows[0]).casefold()


def test_a_company_without_ties_is_told():
    with pytest.raises(UnknownEntity):
        group_structure(GROUP, "Nobody")


def test_every_place_names_its_claims_and_the_top_those_of_what_is_right_below_it():
    result = group_structure(GROUP, "Low")
    assert [[claim.subject.name for claim in row.claims] for row in result] == [
        ["Mid"],
        ["Mid"],
        ["Low"],
        ["Leaf"],
        ["Twig"],
    ]
    assert result.table()["parent_id"].tolist()[1:] == ["company/top", "company/mid", "company/low", "company/low"]
    text = str(result)
    assert text.index("└── Mid") < text.index("└──── Low") < text.index("└────── Leaf")
    assert result.to_networkx().number_of_nodes() == 5


def test_the_group_of_a_real_company_out_of_gleif(shared, tmp_path):
    store = str(tmp_path / "store")
    for name in ("L1Data.ttl", "L2Data.ttl"):
        file = shared / "data" / "gleif" / "rdf-samples" / name
        done = CliRunner().invoke(cli, ["import", "gleif", str(file), "--store", store], catch_exceptions=False)
        assert done.exit_code == 0, done.output
    with kg.open(store) as graph:
        result = graph.analyse("structure", "Citibank, National Association")
    trust = "The Eagle Tax-Exempt Trust Series 20170009"
    assert places(result) == [
        (0, "Citigroup Inc.", None, None),
        (1, "Citicorp LLC", "Citigroup Inc.", "direct"),
        (2, "Citibank, National Association", "Citicorp LLC", "direct"),
        (3, trust, "Citibank, National Association", "direct"),
    ]
    assert [(row.since, row.as_of) for row in result][1:] == [
        ("2017-10-02", "2018-02-02"),
        ("2017-10-02", "2018-05-02"),
        ("2017-12-02", "2017-12-31"),
    ]
    assert {claim.document.partition("/rr/")[0] for claim in result.claims} == {"gleif"}
