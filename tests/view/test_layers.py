"""The layers of a view: what analyses find, in words, with the lines that it rests on."""

import datetime as dt
import json
import sys
from dataclasses import replace
from decimal import Decimal

import pytest

import kg
from kg.analysis.deals.circular import circular_deals
from kg.analysis.deals.common_owners import common_owners
from kg.analysis.deals.concentration import concentration
from kg.analysis.deals.frenemies import frenemies
from kg.facts import facts_of
from kg.model import Claim, Document, Entity, Modality, Qualifiers
from kg.view import layers as module
from kg.view import prefilter, store_view, view_data


@pytest.fixture(scope="module")
def examples():
    with kg.open() as graph:
        graph.build(kg.examples())
        return tuple(graph.claims())


@pytest.fixture(scope="module")
def view(examples):
    return view_data(examples, {}, title="Examples")


def findings(view, name):
    return next((layer["findings"] for layer in view.get("layers", ()) if layer["name"] == name), [])


def titled(view, name, title, lang="en"):
    return next(one for one in findings(view, name) if one["title"][lang] == title)


def firm(name):
    return Entity(f"company/{name}", name, "Company", (name,))


def said(subject, relation, object_, modality=Modality.ASSERTED, **terms):
    sentence = f"{subject.name} {relation} {object_.name} {modality} {sorted(terms.items())}"
    place = (Document("d", sentence, "en", "2025").evidence(0, len(sentence)),)
    return Claim(subject, relation, object_, modality, place, Qualifiers(**terms), "2025")


def test_every_finding_names_lines_and_companies_of_the_view(view):
    lines, companies = {one["id"] for one in view["lines"]}, {one["id"] for one in view["companies"]}
    assert [layer["name"] for layer in view["layers"]][:2] == ["circular", "frenemies"]
    for layer in view["layers"]:
        assert layer["findings"]
        for texts in (
            layer["label"],
            layer["comment"],
            *(t for f in layer["findings"] for t in (f["title"], f["detail"])),
        ):
            assert set(texts) == {"en", "fr"}
            assert all(texts.values())
        for one in layer["findings"]:
            assert one["lines"]
            assert set(one["lines"]) <= lines
            assert set(one["companies"]) <= companies


def test_the_chips_that_come_back_to_nvidia_are_a_finding(view):
    found = titled(view, "circular", "Nvidia → CoreWeave → Nvidia")
    assert "vendor financing" in found["detail"]["en"]
    assert "Nvidia finances CoreWeave: 6 %" in found["detail"]["en"]
    assert "CoreWeave paie Nvidia" in found["detail"]["fr"]
    assert set(found["companies"]) == {"company/nvidia", "company/coreweave"}
    relations = {one["relation"] for one in view["lines"] if one["id"] in found["lines"]}
    assert relations == {"holds-stake", "supplies"}


def test_shares_received_for_an_order_are_a_finding_with_sums_in_both_languages(view):
    found = titled(view, "circular", "OpenAI → CoreWeave → OpenAI")
    assert "OpenAI pays CoreWeave: 11.9 bn USD, planned" in found["detail"]["en"]
    assert "2.94 % of the first sum comes back" in found["detail"]["en"]
    assert "weakest leg: planned" in found["detail"]["en"]
    assert "OpenAI paie CoreWeave : 11,9 Md USD, prévu" in found["detail"]["fr"]
    assert "2,94 % de la première somme revient" in found["detail"]["fr"]


def test_rivals_with_bonds_are_a_finding_with_a_line_of_each_side(view):
    found = titled(view, "frenemies", "Microsoft and OpenAI")
    assert found["title"]["fr"] == "Microsoft et OpenAI"
    relations = {one["relation"] for one in view["lines"] if one["id"] in found["lines"]}
    assert {"competes-with", "invests-in"} <= relations
    assert "Microsoft investit dans OpenAI" in found["detail"]["fr"]


def test_a_large_customer_is_a_finding_with_the_range_of_the_index(view):
    [found] = findings(view, "concentration")
    assert found["title"]["en"] == "CoreWeave ← Microsoft: 62 % of revenue (2024)"
    assert "3,844–5,288 of 10,000" in found["detail"]["en"]
    assert "3 844–5 288" in found["detail"]["fr"].replace("\u202f", " ").replace("\xa0", " ")


def test_who_hangs_on_whom_and_who_controls_whom_are_findings():
    a, b, c = map(firm, ("Oak", "Alder", "Cedar"))
    told = [
        said(a, "supplies", b, exclusive=True),
        said(a, "holds-stake", b, percent=Decimal(60), percent_of="votes"),
        said(b, "subsidiary-of", c, Modality.PLANNED),
    ]
    view = view_data(told, {}, title="Trees")
    assert titled(view, "dependence", "Alder depends on Oak")["title"]["fr"] == "Alder dépend d’Oak"
    assert titled(view, "control", "Oak controls Alder")["title"]["fr"] == "Oak contrôle Alder"


def test_a_controller_of_several_is_one_finding_with_the_undecided_apart():
    top, *others = map(firm, ("Top", "A", "B", "C"))
    told = [said(other, "subsidiary-of", top) for other in others[:2]] + [said(top, "invests-in", others[2])]
    [found] = findings(view_data(told, {}, title="Group"), "control")
    assert found["title"]["en"] == "Top controls 2 companies"
    assert "may control: C" in found["detail"]["en"]
    assert len(found["lines"]) == 3


def test_an_owner_of_two_rivals_is_a_finding():
    owner, a, b = map(firm, ("Owner", "A", "B"))
    told = [
        said(a, "competes-with", b),
        said(owner, "holds-stake", a, percent=Decimal("5.5"), percent_of="capital"),
        said(owner, "invests-in", b, Modality.HEDGED),
    ]
    [found] = findings(view_data(told, {}, title="Owner"), "common-owners")
    assert found["title"] == {"en": "Owner in A and B", "fr": "Owner dans A et B"}
    assert "A: 5.5 % · B: share not told" in found["detail"]["en"]
    assert "reported" in found["detail"]["en"]
    assert len(found["lines"]) == 3


def test_what_is_denied_says_so():
    a, b = map(firm, ("A", "B"))
    told = [
        said(a, "invests-in", b),
        said(a, "invests-in", b, Modality.DENIED),
        said(a, "supplies", b),
        said(a, "competes-with", b),
    ]
    view = view_data(told, {}, title="Denied")
    for name in ("circular", "frenemies"):
        assert "a source denies it, or calls it ended" in findings(view, name)[0]["detail"]["en"]
        assert len(findings(view, name)[0]["lines"]) >= 3


def test_nothing_found_leaves_no_layers():
    assert "layers" not in view_data([], {}, title="Empty")
    assert "layers" not in view_data([said(firm("A"), "acquires", firm("B"), Modality.DENIED)], {}, title="Nothing")


def test_what_is_retracted_makes_no_finding():
    a, b = map(firm, ("A", "B"))
    told = [said(a, "invests-in", b), replace(said(a, "supplies", b), retracted_at="2025-04-01T00:00:00Z")]
    assert findings(view_data(told, {}, title="Retracted"), "circular") == []


def test_the_order_of_claims_changes_nothing(examples, view):
    assert view_data(examples[::-1], {}, title="Examples")["layers"] == view["layers"]


def test_at_most_sixty_findings_are_told_and_the_rest_counted():
    told = []
    for at in range(70):
        a, b = firm(f"A{at:02}"), firm(f"B{at:02}")
        told += [said(a, "invests-in", b), said(a, "supplies", b)]
    [layer] = [one for one in view_data(told, {}, title="Many")["layers"] if one["name"] == "circular"]
    assert (len(layer["findings"]), layer["more"]) == (60, 10)


def test_a_large_graph_gets_the_layers_that_are_cheap(monkeypatch, examples, view):
    monkeypatch.setattr(module, "LARGE", 10)
    few = view_data(examples, {}, title="Examples")["layers"]
    assert [layer["name"] for layer in few] == ["circular", "frenemies", "concentration"]
    assert few == [layer for layer in view["layers"] if layer in few]


def test_a_part_of_a_graph_gets_no_communities_which_would_be_of_the_part():
    with kg.open() as graph:
        graph.build(kg.examples())
        views = [store_view(graph.store), store_view(graph.store, whole=False), store_view(graph.store, company="MAI")]
    names = [{layer["name"] for layer in view["layers"]} for view in views]
    assert ["communities" in each for each in names] == [True, False, False]
    assert all("circular" in each for each in names)


@pytest.mark.parametrize("library", ["igraph", "networkx", "kg.analysis.ownership.control"])
def test_a_library_that_is_not_there_takes_its_layer_along_and_nothing_else(monkeypatch, examples, view, library):
    monkeypatch.setitem(sys.modules, library, None)
    left = {layer["name"] for layer in module.layers(examples, facts_of(examples), day=dt.date(2025, 6, 30))}
    gone = {"igraph": "communities", "networkx": "dependence", "kg.analysis.ownership.control": "control"}[library]
    assert left == {layer["name"] for layer in view["layers"]} - {gone}


@pytest.mark.parametrize("seed", range(4))
def test_the_claims_that_count_give_what_all_give(examples, seed):
    """What is left out for speed makes no row: checked on the examples and on graphs drawn at random."""
    told = examples if seed == 0 else drawn(seed)
    kept, longest = prefilter.of_circles(told)
    assert longest == 4
    assert circular_deals(kept).rows == circular_deals(told).rows
    assert frenemies(prefilter.of_rivals(told)).rows == frenemies(told).rows
    assert common_owners(prefilter.of_owners(told)).rows == common_owners(told).rows
    kept, whole = concentration(prefilter.of_shares(told)), concentration(told)
    assert [(row.company, row.period, row.hhi) for row in kept] == [(row.company, row.period, row.hhi) for row in whole]


def drawn(seed):
    import random

    chance = random.Random(seed)  # noqa: S311 - no secret
    firms = [firm(f"F{at}") for at in range(12)]
    relations = ("supplies", "invests-in", "holds-stake", "lends-to", "competes-with", "subsidiary-of", "acquires")
    told = []
    for _ in range(60):
        relation = chance.choice((*relations, "revenue-share-from", "partners-with", "participates-in"))
        modality = chance.choice((Modality.ASSERTED, Modality.ASSERTED, Modality.PLANNED, Modality.DENIED))
        share = {"percent": Decimal(chance.randint(1, 30)), "percent_of": "revenue"} if relation == "supplies" else {}
        told.append(said(*chance.sample(firms, 1), relation, chance.choice(firms), modality, **share))
    return tuple({claim.id: claim for claim in told if claim.subject.id != claim.object.id}.values())


def test_very_many_circles_are_told_of_two_companies_alone(monkeypatch):
    monkeypatch.setattr(prefilter, "_MANY", 0)
    a, b, c = map(firm, ("A", "B", "C"))
    told = [said(a, "lends-to", b), said(c, "supplies", b), said(a, "supplies", c), said(a, "supplies", b)]
    assert prefilter.of_circles(told)[1] == 2
    assert {one["title"]["en"] for one in findings(view_data(told, {}, title="Two"), "circular")} == {"A → B → A"}


def test_hostile_names_are_plain_text(payloads):
    told = []
    for at, payload in enumerate(payloads):
        bad, good = Entity(f"company/{at}", payload, "Company", (payload,)), firm(f"Good{at}")
        told += [
            said(bad, "invests-in", good),
            said(bad, "supplies", good, percent=Decimal(40), percent_of="revenue"),
            said(bad, "competes-with", good),
            said(good, "subsidiary-of", bad),
        ]
    view = view_data(told, {}, title="Hostile")
    assert {layer["name"] for layer in view["layers"]} >= {"circular", "frenemies", "concentration", "control"}
    for layer in view["layers"]:
        for text in (t for f in layer["findings"] for t in (*f["title"].values(), *f["detail"].values())):
            assert len(text) <= 600
            assert all(sign.isprintable() for sign in text)
            assert "\u202e" not in text
    assert json.loads(json.dumps(view["layers"])) == view["layers"]


def test_a_range_of_shares_is_no_number_and_an_unknown_one_no_range():
    seller, buyer, other = map(firm, ("Seller", "Buyer", "Other"))
    range_ = {"percent_min": Decimal("49.96"), "percent_max": Decimal("50.04"), "percent_of": "revenue"}
    told = [said(seller, "supplies", buyer, **range_)]
    told += [said(other, "supplies", buyer, percent_max=Decimal(100), percent_of="revenue")]
    titles = [one["title"] for one in findings(view_data(told, {}, title="Range"), "concentration")]
    assert [title["en"] for title in titles] == [
        "Seller ← Buyer: 49.96–50.04 % of revenue",
        "Other ← Buyer: share unknown",
    ]
    assert titles[1]["fr"] == "Other ← Buyer : part inconnue"


def test_control_told_by_word_claims_no_votes():
    [found] = findings(view_data([said(firm("A"), "subsidiary-of", firm("B"))], {}, title="Word"), "control")
    assert found["detail"]["en"] == "by itself, or together with all that it controls"
    assert "voix" not in found["detail"]["fr"]


def test_a_layer_counts_the_notes_of_its_analysis():
    seller, a, b = map(firm, ("Seller", "A", "B"))
    shares = {"percent": Decimal(70), "percent_of": "revenue", "as_of": "2024"}
    told = [said(seller, "supplies", a, **shares), said(seller, "supplies", b, **shares)]
    [layer] = [one for one in view_data(told, {}, title="Over")["layers"] if one["name"] == "concentration"]
    assert layer["notes"] == len(concentration(prefilter.of_shares(told)).notes) == 1
