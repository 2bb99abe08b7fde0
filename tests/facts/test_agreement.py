"""One day, one answer: whoever is asked which facts hold on a day says the same, on random claims."""

import csv
import io
from collections import defaultdict
from decimal import Decimal

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.analysis import claims_of_edges, frenemies, owners, paths, portfolio
from kg.catalogue import Request, answer_request
from kg.dates import last_day
from kg.export import to_networkx
from kg.export.graphml import write_graphml
from kg.facts import AsOf, TriState, holds_on, relationship_key, relationships, visible_claims
from kg.model import Claim, Document, Entity, Modality, Qualifiers
from kg.ontology import ontology
from kg.query import between, dossier, relations_table, run
from kg.renamed import RenamedWarning
from kg.store import DocumentClaims, open_store
from kg.view.clock import facts_on
from kg.view.data import view_data
from kg.wording.dossiers import DOSSIER_WORDING

RECORDED = "2025-12-01T00:00:00Z"
A, B, C = (Entity(f"company/{name}", name.title(), "Company", (name.title(),)) for name in ("acme", "bolt", "cameo"))

dates = st.sampled_from(["2022", "2023-06", "2024", "2024-02-29", "2025-03", "2025-03-11", "2026-11", "2027"])
days = st.sampled_from(
    ["2022-12-31", "2024-01-01", "2024-02-29", "2025-03-10", "2025-12-01", "2026-11-29", "2028-01-01"]
)
terms = st.fixed_dictionaries(
    {}, optional={"start": dates, "end": dates, "as_of": dates, "duration": st.sampled_from(["P1Y", "P18M", "P5Y"])}
)


@st.composite
def claims_of_one_source(draw, at):
    """A claim whose document is its sentence and nothing else."""
    text = f"Sentence {at}."
    qualifiers = draw(terms)
    if {"start", "end"} <= qualifiers.keys() and last_day(qualifiers["end"]) < last_day(qualifiers["start"]):
        del qualifiers["end"]
    ends = draw(st.sampled_from([(A, B), (B, A), (A, C)]))
    return Claim(
        *(ends[0], draw(st.sampled_from(["supplies", "holds-stake", "competes-with"])), ends[1]),
        draw(st.sampled_from([Modality.ASSERTED, Modality.ASSERTED, *Modality])),
        (Document(f"{at}.txt", text, "en").evidence(0, len(text)),),
        Qualifiers(**qualifiers),
        draw(st.none() | dates),
        RECORDED,
    )


histories = st.integers(1, 5).flatmap(lambda size: st.tuples(*map(claims_of_one_source, range(size))))
few = settings(max_examples=40)
clocks = st.builds(AsOf, valid=days) | st.builds(AsOf, known=days) | st.builds(AsOf, valid=days, known=days)


def edge(subject, relation, object_):
    """A fact as it is compared: the ends of a symmetric relation have no order."""
    ends = sorted((subject, object_)) if ontology().relation(relation).symmetric else (subject, object_)
    return ends[0], relation, ends[1]


def facts(claims, as_of):
    """What the rule says: the relationships that are facts."""
    return {edge(r.subject.id, r.relation, r.object.id) for r in relationships(claims, as_of) if r.is_fact}


# ------------------------------------------------------------------------------ the rule, by its two doors
@given(histories, clocks)
def test_a_relationship_is_a_fact_where_its_claims_hold_on_the_day(claims, as_of):
    groups = defaultdict(list)
    for claim in visible_claims(claims, AsOf(known=as_of.known)):
        groups[relationship_key(claim)].append(claim)
    held = {
        edge(group[0].subject.id, group[0].relation, group[0].object.id)
        for group in groups.values()
        if holds_on(group, as_of.day) is not TriState.FALSE
    }
    assert facts(claims, as_of) == held


@given(histories, clocks)
def test_a_relationship_is_a_fact_where_it_holds_perhaps(claims, as_of):
    for relationship in relationships(claims, as_of):
        assert relationship.is_fact is (relationship.holds is not TriState.FALSE)


def test_an_end_that_is_reported_later_closes_what_was_asserted_before():
    before, report = asserted(1, "2024"), asserted(2, "2026-11", end="2025-03")
    for day, is_held in (("2025-03-31", True), ("2025-12-01", False)):
        assert bool(facts([before, report], AsOf(valid=day))) is is_held
        assert (holds_on([before, report], last_day(day)) is not TriState.FALSE) is is_held
    assert facts([before, report], AsOf(known="2025-12-01"))


def test_a_figure_of_a_later_date_is_no_fact_yet():
    [relationship] = relationships([asserted(1, None, as_of="2026-11")], AsOf(known="2025-12-01"))
    assert (relationship.modality, relationship.holds) == (Modality.ANNOUNCED, TriState.FALSE)


def asserted(at, known, **terms):
    text = f"Sentence {at}."
    place = Document(f"{at}.txt", text, "en").evidence(0, len(text))
    return Claim(A, "supplies", B, Modality.ASSERTED, (place,), Qualifiers(**terms), known, RECORDED)


# ------------------------------------------------------------------------------ analyses
@given(histories, clocks)
def test_analyses_rest_on_the_same_facts(claims, as_of):
    held = facts(claims, as_of)
    stakes = {end for end in held if end[1] == "holds-stake"}
    for holder in (A, B):
        rows = portfolio([*claims, *lasting()], holder.name, as_of=as_of)
        direct = {(row.holder.id, "holds-stake", row.issuer.id) for row in rows if row.direct is not None}
        assert {end for end in direct if "lasting" not in end[2]} == {end for end in stakes if end[0] == holder.id}
    for other in (B, C):
        told = [claim for claim in claims if {claim.subject.id, claim.object.id} == {A.id, other.id}]
        if not facts(told, as_of):
            continue
        [path] = paths(told, A.name, other.name, limit=1, modalities=(Modality.ASSERTED,), as_of=as_of)
        assert edge(*ends_of(path.steps[0])) in held


def ends_of(step):
    return step.relationship.subject.id, step.relationship.relation, step.relationship.object.id


def lasting():
    """Stakes that every holder has on any day, so that it is known."""
    end = Entity("company/lasting", "Lasting", "Company", ("Lasting",))
    text = "It holds."
    return [
        Claim(
            *(holder, "holds-stake", end, Modality.ASSERTED),
            (Document(f"{holder.name}.txt", text, "en").evidence(0, len(text)),),
            known_from="1990",
        )
        for holder in (A, B)
    ]


# ------------------------------------------------------------------------------ lists of edges
COLUMNS = ("holder", "issuer", "relation", "start", "end", "as_of", "duration", "known_from", "modality")


@given(histories, clocks)
def test_a_list_of_edges_says_what_its_claims_say(claims, as_of):
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(COLUMNS)
    for claim in claims:
        qualifiers = claim.qualifiers
        rows.writerow(
            [
                *(claim.subject.name, claim.object.name, claim.relation),
                *(qualifiers.start, qualifiers.end, qualifiers.as_of, qualifiers.duration),
                *(claim.known_from, claim.modality.value),
            ]
        )
    listed = claims_of_edges(io.StringIO(out.getvalue(), newline=""))
    assert facts(listed, as_of) == facts([claim.recorded(None) for claim in claims], as_of)


# ------------------------------------------------------------------------------ exports
@given(histories, days)
def test_an_export_of_facts_has_the_same_edges(claims, day):
    graph = to_networkx(claims, facts_only=True, today=last_day(day))
    edges = {edge(one, data["relation"], other) for one, other, data in graph.edges(data=True)}
    assert edges == facts(claims, AsOf(valid=day))


@few
@given(histories, days)
def test_graphml_marks_the_same_edges_as_facts(claims, day):
    file = io.BytesIO()
    write_graphml(claims, file, today=last_day(day))
    graph = nx.read_graphml(io.BytesIO(file.getvalue()), node_type=str, edge_key_type=str, force_multigraph=True)
    edges = {edge(one, data["relation"], other) for one, other, data in graph.edges(data=True) if data["fact"]}
    assert edges == facts(claims, AsOf(valid=day))


# ------------------------------------------------------------------------------ a store
@few
@given(histories, st.lists(days, min_size=1, max_size=3))
def test_edges_of_a_store_follow_the_day(claims, days):
    with store_of(claims, days[0]) as store:
        for day in days:
            store.set_day(last_day(day))
            assert edges_of(store) == facts(claims, AsOf(valid=day))
            assert undecided_of(store) == {
                edge(r.subject.id, r.relation, r.object.id)
                for r in relationships(claims, AsOf(valid=day))
                if r.holds is TriState.UNDECIDED
            }


@few
@given(histories, days, days)
def test_library_questions_answer_for_any_day(claims, stands, day):
    with store_of(claims, stands) as store:
        assert told_by_the_library(store, day) == facts(claims, AsOf(valid=day))


@few
@given(histories, days)
def test_dossiers_and_tables_of_relations_tell_the_same_facts(claims, day):
    as_of = AsOf(valid=day)
    with store_of(claims, day) as store:
        held = facts(claims, as_of)
        for entity in known(claims):
            assert told_by(dossier(store, entity.name, as_of=as_of)) == {end for end in held if entity.id in end}
        if B in known(claims):
            assert told_by(between(store, A.name, B.name, as_of=as_of)) == {end for end in held if C.id not in end}
        assert told_by_relations(store, as_of) == held


def store_of(claims, day):
    """A store in memory that took in each claim with its document; its edges stand for a day."""
    store = open_store(None, write=True, clock=lambda: RECORDED, today=last_day(day))
    store.commit(DocumentClaims(Document(c.document, c.evidence[0].quote, "en"), (c,), "test") for c in claims)
    return store


def known(claims):
    return {end for claim in claims for end in claim.entities}


def edges_of(store):
    rows = store.query("SELECT ?s ?p ?o { ?s ?p ?o }")
    return {edge(*(short(store, term) for term in row)) for row in rows if row["p"].value in RELATION_OF}


def undecided_of(store):
    """The edges of which every claim that holds is undecided."""
    answer = store.query(
        """SELECT ?s ?p ?o (MIN(IF(BOUND(?mark), 1, 0)) AS ?all) {
             ?store kg:today ?today . GRAPH ?source { ?claim rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o }
             ?claim kg:from ?from . OPTIONAL { ?claim kg:until ?until } OPTIONAL { ?claim kg:undecided ?mark }
             FILTER(?from <= ?today && COALESCE(?until >= ?today, true))
           } GROUP BY ?s ?p ?o"""
    )
    marks = defaultdict(set)
    for row in answer:
        marks[edge(*(short(store, row[name]) for name in "spo"))].add(row["all"].value)
    return {end for end, values in marks.items() if values == {"1"}}


def short(store, term):
    """An entity's id, or the name of a relation."""
    return RELATION_OF.get(term.value) or term.value.removeprefix(store.base)


RELATION_OF = {relation.iri: relation.name for relation in ontology().relations.values()}


def told_by_the_library(store, day):
    edges = set()
    for entity in store.entities():
        for question, relation, is_object in (
            *(("suppliers", "supplies", True), ("buyers", "supplies", False)),
            *(("holders", "holds-stake", True), ("holdings", "holds-stake", False)),
            ("competitors", "competes-with", True),
        ):
            for id_ in ids_of(run(store, question, [entity.id], {"today": last_day(day)}), store):
                edges.add(edge(id_, relation, entity.id) if is_object else edge(entity.id, relation, id_))
    return edges


def ids_of(table, store):
    at = table.columns.index("id")
    return {str(row[at]).removeprefix(store.base) for row in table.rows}


def told_by(found):
    return {edge(fact.subject.id, fact.relation, fact.object.id) for group in found.facts for fact in group.facts}


def told_by_relations(store, as_of):
    ids = {entity.name: entity.id for entity in store.entities()}
    relation_of = {relation.label["en"]: relation.name for relation in ontology().relations.values()}
    asserted = ontology().modalities[Modality.ASSERTED].label["en"]
    labels = {asserted, f"{asserted}, {DOSSIER_WORDING['en'].undecided}"}
    table = relations_table(store, as_of=as_of)
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    return {
        edge(ids[row["subject"]], relation_of[row["relation"]], ids[row["object"]])
        for row in rows
        if row["modality"] in labels
    }


# ------------------------------------------------------------------------------ the viewer
@few
@given(histories, days, days)
def test_the_viewer_shows_the_same_facts_at_any_day_of_its_clock(claims, made, day):
    assert shown(claims, made, day) == facts(claims, AsOf(valid=day))


def shown(claims, made, day):
    view = view_data(claims, {}, title="", today=last_day(made))
    ids = facts_on(view, last_day(day).isoformat())
    names = [company["id"] for company in view["companies"]]
    return {
        edge(names[line["subject"]], line["relation"], names[line["object"]])
        for line in view["lines"]
        if line["id"] in ids
    }


# ------------------------------------------------------------------------------ two stores, told in full
NVIDIA, COREWEAVE, ALPHA, BETA, GAMMA, DELTA = (
    Entity(f"company/{name.lower()}", name, "Company", (name,))
    for name in ("Nvidia", "CoreWeave", "Alpha", "Beta", "Gamma", "Delta")
)


def told_in_2015(subject, relation, object_, modality=Modality.ASSERTED, **terms):
    text = f"{subject.name} {relation} {object_.name}."
    place = Document(f"{subject.name} {relation}.txt", text, "en").evidence(0, len(text))
    return Claim(
        subject, relation, object_, modality, (place,), Qualifiers(**terms), "2015-01-01", "2015-01-01T00:00:00Z"
    )


STAKE = told_in_2015(NVIDIA, "holds-stake", COREWEAVE, percent=Decimal(6), end="2025")
CONTRACT = told_in_2015(BETA, "supplies", GAMMA, start="2015", duration="P5Y")


@pytest.mark.parametrize(("day", "held"), [("2018-06-01", (STAKE, CONTRACT)), ("2026-06-01", ())])
def test_a_stake_and_a_contract_that_ran_out_are_over_for_everybody(day, held):
    claims, as_of = [STAKE, CONTRACT], AsOf(valid=day)
    expected = {edge(c.subject.id, c.relation, c.object.id) for c in held}
    assert facts(claims, as_of) == expected
    assert facts(claims_of_edges(listed(claims)), as_of) == expected
    assert shown(claims, "2015-01-01", day) == expected
    with store_of(claims, "2015-01-01") as store:
        assert told_by_the_library(store, day) == expected
        store.set_day(last_day(day))
        assert edges_of(store) == expected
        assert told_by_relations(store, as_of) == expected
        told = (told_by(dossier(store, name, as_of=as_of)) for name in ("Nvidia", "Gamma"))
        assert set().union(*told) == expected
    rows = owners([*claims, told_in_2015(ALPHA, "holds-stake", COREWEAVE)], "CoreWeave", as_of=as_of)
    assert {row.holder.name for row in rows} == ({"Alpha", "Nvidia"} if held else {"Alpha"})


def listed(claims):
    """The claims as a list of edges."""
    out = io.StringIO(newline="")
    rows = csv.DictWriter(out, ["holder", "issuer", "relation", "percent", "start", "end", "duration", "known_from"])
    rows.writeheader()
    for claim in claims:
        terms = {name: getattr(claim.qualifiers, name) for name in ("percent", "start", "end", "duration")}
        ends = {"holder": claim.subject.name, "issuer": claim.object.name, "relation": claim.relation}
        rows.writerow(ends | terms | {"known_from": claim.known_from})
    return io.StringIO(out.getvalue(), newline="")


def test_who_competes_and_is_bound_has_one_answer_to_questions_and_analyses():
    claims = [
        told_in_2015(ALPHA, "competes-with", BETA),
        told_in_2015(ALPHA, "acquires", BETA),
        told_in_2015(GAMMA, "competes-with", DELTA),
        told_in_2015(GAMMA, "supplies", DELTA, Modality.PLANNED),
    ]
    analysed = {str(row) for row in frenemies(claims, as_of=AsOf(valid="2026-01-01"))}
    with store_of(claims, "2026-01-01") as store, pytest.warns(RenamedWarning):
        asked, rivals = (
            answer_request(store, Request(question, (), {}, AsOf(valid="2026-01-01")))[0]
            for question in ("frenemies", "facts-between-rivals")
        )
    assert analysed == {"Delta and Gamma"}
    assert pairs(asked, "rival", "other") == {frozenset({"Delta", "Gamma"})}
    # Another question, which has a name of its own: facts of any relation, and no plans.
    assert pairs(rivals, "subject", "object") == {frozenset({"Alpha", "Beta"})}


def pairs(table, first, second):
    at = [table.columns.index(name) for name in (first, second)]
    return {frozenset(str(row[place]) for place in at) for row in table.rows}
