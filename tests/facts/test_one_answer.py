"""One day, one answer: edges, questions, tables, dossiers, analyses, exports and the picture of one store agree.

`test_agreement` asks the rule itself, analyses on claims and lists of edges the same of random claims.
"""

import datetime as dt
import io
from decimal import Decimal

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kg
from kg.catalogue import Request, answer_request
from kg.dates import last_day
from kg.errors import UnknownEntity
from kg.export.network import graphml
from kg.facts import AsOf
from kg.model import Document, Entity, Modality, Qualifiers
from kg.ontology import ontology
from kg.query import run
from kg.query.dossiers import dossier
from kg.query.relations import relations_table
from kg.renamed import RenamedWarning
from kg.store import DocumentClaims, open_store
from kg.view.clock import facts_on
from kg.view.data import view_data
from tests.facts.test_agreement import RECORDED, A, B, C, Claim, days, edge, facts, histories

RELATIONS = {relation.iri: name for name, relation in ontology().relations.items()}
IDS = {entity.name: entity.id for entity in (A, B, C)}


def committed(claims):
    store = open_store(None, clock=lambda: RECORDED)
    for claim in claims:
        quote = claim.evidence[0].quote
        store.commit([DocumentClaims(Document(claim.document, quote, "en", claim.known_from), (claim,))])
    return store


def edges(store, today):
    """The plain triples of the default graph."""
    store.set_day(today)
    return {
        edge(name_of(quad.subject, store), RELATIONS[quad.predicate.value], name_of(quad.object, store))
        for quad in store.quads("")
        if quad.predicate.value in RELATIONS
    }


def name_of(node, store):
    return node.value.removeprefix(store.base)


def answers(store, day):
    """What library questions list, for each company."""
    known = {entity.name for entity in store.entities()}
    for question, relation in (("holders", "holds-stake"), ("suppliers", "supplies"), ("competitors", "competes-with")):
        for name in known:
            for row in run(store, question, [name, f"today={day}"]).rows:
                yield edge(IDS[row[0]], relation, IDS[name])


def in_dossiers(store, as_of):
    for entity in store.entities():
        for group in dossier(store, entity.name, as_of=as_of).facts:
            for fact in group.facts:
                yield edge(fact.subject.id, fact.relation, fact.object.id)


def in_picture(claims, day):
    view = view_data(claims, {}, title="", as_of=day)
    shown = facts_on(view, str(last_day(day)))
    ids = [company["id"] for company in view["companies"]]
    return {
        edge(ids[line["subject"]], line["relation"], ids[line["object"]])
        for line in view["lines"]
        if line["id"] in shown
    }


def in_graphml(store, day):
    out = io.BytesIO()
    graphml(store.claims(), out, today=last_day(day))
    graph = nx.read_graphml(io.BytesIO(out.getvalue()), force_multigraph=True)
    return {
        edge(one, data["relation"], other) for one, other, data in graph.edges(data=True) if data.get("fact") is True
    }


@settings(max_examples=40)
@given(histories, days)
def test_a_store_gives_one_answer_whoever_is_asked(claims, day):
    as_of = AsOf(valid=day)
    with committed(claims) as store:
        stored = tuple(store.claims())
        expected = facts(stored, as_of)
        assert edges(store, last_day(day)) == expected
        assert set(answers(store, day)) == expected
        assert set(in_dossiers(store, as_of)) == expected
        assert in_picture(stored, day) == expected
        assert in_graphml(store, day) == expected
        asserted = [row for row in relations_table(store, as_of=as_of).rows if str(row[4]).startswith("asserted")]
        labels = {relation.label["en"]: name for name, relation in ontology().relations.items()}
        assert {edge(IDS[row[0]], labels[row[1]], IDS[row[2]]) for row in asserted} == expected


@settings(max_examples=15)
@given(histories, st.lists(days, min_size=2, max_size=4))
def test_a_day_that_changes_leaves_what_a_fresh_store_has(claims, order):
    with committed(claims) as store:
        for day in order:
            assert edges(store, last_day(day)) == facts(tuple(store.claims()), AsOf(valid=day))


# ------------------------------------------------------------------------------ the stores that gave several answers
def say(sentence, subject, relation, object_, modality=Modality.ASSERTED, **terms):
    ends = [Entity(f"company/{name.lower()}", name, "Company", (name,)) for name in (subject, object_)]
    document = Document(f"{sentence}.txt", sentence, "en", "2015-03-11")
    place = document.evidence(0, len(sentence))
    return DocumentClaims(
        document, (Claim(ends[0], relation, ends[1], modality, (place,), Qualifiers(**terms), "2015-03-11"),)
    )


OF_2015 = [
    say(
        "Nvidia owns 6 % of CoreWeave until 2025.", "Nvidia", "holds-stake", "CoreWeave", percent=Decimal(6), end="2025"
    ),
    say("Beta supplies Gamma for five years.", "Beta", "supplies", "Gamma", start="2015", duration="P5Y"),
]


def owners(graph):
    """The owners of CoreWeave; a company without any takes no part in ownership on that day."""
    try:
        return graph.analyse("owners", "CoreWeave").rows
    except UnknownEntity:
        return ()


@pytest.mark.parametrize(("day", "is_fact"), [("2026-12-01", False), ("2018-01-01", True)])
def test_what_ran_out_is_a_fact_for_nobody(day, is_fact, monkeypatch):
    monkeypatch.setenv("KG_TODAY", day)
    with open_store(None, clock=lambda: "2015-04-01T00:00:00Z") as store:
        store.commit(OF_2015)
        graph = kg.Graph(store)
        plain = graph.query("SELECT ?s ?o { ?s kg:holdsStake|kg:supplies ?o }")
        assert len(plain.rows) == (2 if is_fact else 0)
        assert [len(graph.query(*each).rows) for each in (("holders", "CoreWeave"), ("suppliers", "Gamma"))] == [
            int(is_fact)
        ] * 2
        assert len(owners(graph)) == int(is_fact)
        assert len(facts_on(view_data(store.claims(), {}, title=""), day)) == (2 if is_fact else 0)
        assert len([1 for *_, data in graph.to_networkx().edges(data=True) if data["fact"]]) == (2 if is_fact else 0)


def test_one_name_has_one_answer():
    told = [
        say("Alpha competes with Beta.", "Alpha", "competes-with", "Beta"),
        say("Alpha acquired Beta.", "Alpha", "acquires", "Beta"),
        say("Gamma competes with Delta.", "Gamma", "competes-with", "Delta"),
        say("Gamma plans to supply Delta.", "Gamma", "supplies", "Delta", Modality.PLANNED),
    ]
    with open_store(None) as store:
        store.commit(told)
        graph = kg.Graph(store)
        analysed = {row.rivals[0].name for row in graph.analyse("frenemies")}
        with pytest.warns(RenamedWarning, match="is the analysis of that name"):
            queried, _ = answer_request(store, Request("frenemies", (), {}, AsOf(valid=str(dt.date(2026, 12, 1)))))
        names = {row[queried.columns.index("rival")] for row in queried.rows}
    assert analysed == names == {"Delta"} or analysed == names == {"Gamma"}
