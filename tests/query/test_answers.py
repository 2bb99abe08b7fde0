"""Every library query on a story store by hand, in pyoxigraph and in rdflib; questions of users."""

import datetime as dt
import io
import json
import re
import shlex
from decimal import Decimal

import pytest
import rdflib

from kg.catalogue import listing
from kg.errors import QueryError, StoreError, UnknownEntity, UnknownQuery
from kg.ontology import NAMESPACE, ontology
from kg.query import Table, run, write_answer
from kg.query.arguments import bind
from kg.query.computed import COMPUTED
from kg.query.library import find_query, library

EXAMPLES = [example for query in library().values() for example in query.examples]
CALLS = [
    *EXAMPLES,
    "kg query about OpenAI",
    "kg query competitors Microsoft",
    "kg query buyers Microsoft",
    "kg query evidence OpenAI Oracle",
    "kg query figures OpenAI",
    "kg query connections Google Nvidia",
    "kg query suppliers Google",
    "kg query unproven SoftBank",
]


def ask(store, call):
    _, _, name, *arguments = shlex.split(call)
    return run(store, name, arguments)


def columns(table, *names):
    places = [table.columns.index(name) for name in names]
    return [tuple(row[place] for place in places) for row in table.rows]


def plain(node):
    """A term as something that both engines spell alike."""
    if node is None:
        return None
    text = str(getattr(node, "value", node)) if not isinstance(node, rdflib.term.Node) else str(node)
    try:
        return Decimal(text).normalize()
    except ArithmeticError:
        return text


def by_rdflib(store, call):
    """The same query, on the same quads, in rdflib's memory, the default graph on its own."""
    _, _, name, *arguments = shlex.split(call)
    query = find_query(name)
    dataset = rdflib.Dataset()
    dataset.parse(data="".join(f"{quad} .\n" for quad in store.quads()), format="nquads")
    bound = {key: rdflib.util.from_n3(str(term)) for key, term in bind(query, arguments, store).items()}
    found = dataset.query(query.text, initBindings=bound)
    shown = [str(v) for v in found.vars if str(v) not in {p.name for p in query.parameters}]
    return [tuple(plain(row[name]) for name in shown) for row in found]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("call", CALLS)
def test_a_library_query_says_the_same_in_rdflib(rich, call):
    ours = [tuple(plain(cell) for cell in row) for row in ask(rich, call).terms]
    assert ours == by_rdflib(rich, call)


@pytest.mark.parametrize("name", [name for name in library() if name not in {"connections", "entities", "sources"}])
def test_a_query_on_claims_gives_sentence_document_and_modality(name):
    shown = re.sub(r"WHERE.*", "", find_query(name).text, flags=re.DOTALL)
    for column in ("sentence", "document", "modality"):
        assert f"?{column}" in shown


@pytest.mark.parametrize("name", COMPUTED)
def test_each_computed_question_tells_what_it_answers_and_its_examples_run(rich, name):
    query = COMPUTED[name].query
    assert name == query.name
    assert name not in library()
    assert set(query.title) == {"en", "fr"}
    for example in query.examples:
        assert ask(rich, example).title == query.title["en"]


def test_a_computed_question_refuses_what_a_query_refuses(rich):
    with pytest.raises(UnknownQuery, match="Did you mean 'disputes'"):
        run(rich, "dispute")
    with pytest.raises(QueryError, match="'copies' cannot use 'Nvidia': kg query copies"):
        run(rich, "copies", ["Nvidia"])
    with pytest.raises(UnknownEntity):
        run(rich, "disputes", ["Nobody at all"])


def test_no_query_formats_values_in_or_needs_more_than_sparql_1_1():
    for query in library().values():
        assert "YEAR(" not in query.text
        assert "SERVICE" not in query.text


def test_suppliers_are_facts_that_have_not_ended(rich):
    assert columns(ask(rich, "kg query suppliers OpenAI"), "supplier", "goods", "amount", "modality") == [
        ("CoreWeave", "puissance de calcul", Decimal(11_900_000_000), "asserted"),
        ("Microsoft", "cloud", None, "asserted"),
    ]


def test_buyers(store):
    assert columns(ask(store, "kg query buyers CoreWeave"), "customer", "percent", "duration") == [
        ("Microsoft", 62, None),
        ("OpenAI", None, "P5Y"),
    ]


def test_holders_come_with_percentage_and_sentence(rich):
    assert columns(ask(rich, "kg query holders CoreWeave"), "holder", "percent", "percent_of", "sentence") == [
        ("Nvidia", 6, "capital", "Nvidia détient 6 % du capital de CoreWeave."),
        ("Nvidia", Decimal("5.2"), "capital", "Nvidia owns 5.2% of CoreWeave."),
    ]


def test_holdings_are_holders_seen_from_the_other_side(store):
    assert columns(ask(store, "kg query holdings Nvidia"), "holding", "percent") == [
        ("CoreWeave", 6),
        ("CoreWeave", Decimal("5.2")),
    ]


def test_investors_are_all_who_put_money_in(rich):
    assert sorted(set(columns(ask(rich, "kg query investors OpenAI"), "investor", "relation"))) == [
        ("Microsoft", "invests-in")
    ]
    assert set(columns(ask(rich, "kg query investors CoreWeave"), "investor", "relation")) == {
        ("Nvidia", "holds-stake"),
        ("Microsoft", "acquires"),
    }


@pytest.mark.parametrize(
    ("company", "rivals"), [("OpenAI", ["Google", "Microsoft"]), ("Microsoft", ["OpenAI"]), ("Google", ["OpenAI"])]
)
def test_competitors_are_found_from_either_side(rich, company, rivals):
    assert [row[0] for row in ask(rich, f"kg query competitors {company}").rows] == rivals


def test_facts_between_rivals_are_those_of_companies_that_compete(rich):
    found = ask(rich, "kg query facts-between-rivals")
    assert set(columns(found, "subject", "relation", "object", "rivalry_sentence")) == {
        ("Microsoft", "invests-in", "OpenAI", "OpenAI now competes with Microsoft."),
        ("Microsoft", "supplies", "OpenAI", "OpenAI now competes with Microsoft."),
    }
    assert len(found) == 5
    assert len(ask(rich, "kg query facts-between-rivals Google")) == 0
    assert ask(rich, "kg query facts-between-rivals openai").rows == found.rows


def test_revenue_shares_are_the_customers_share_of_revenue(rich):
    expected = [("CoreWeave", "Microsoft", 62, "2024")]
    assert columns(ask(rich, "kg query revenue-shares"), "supplier", "customer", "percent", "as_of") == expected
    assert len(ask(rich, "kg query revenue-shares Microsoft")) == 0


def test_changes_lie_between_two_dates(rich):
    known = ask(rich, "kg query changes 2025-04 2025-04-30")
    assert set(columns(known, "date", "change")) == {("2025-04-02", "known")}
    assert len(known) == 14
    assert columns(ask(rich, "kg query changes 2023-01-15 to=2023"), "date", "change", "amount") == [
        ("2023-01", "starts", Decimal(10**10))
    ]
    assert columns(ask(rich, "kg query changes from=2026"), "date", "change", "object") == [("2030", "ends", "OpenAI")]
    assert len(ask(rich, "kg query changes from=2000 to=2001")) == 0


def test_changes_can_be_narrowed_to_a_company(rich):
    found = ask(rich, "kg query changes 2025-04 company=Google")
    assert set(columns(found, "subject", "relation")) == {("Google", "competes-with"), ("Google", "supplies")}


def test_a_partial_date_changes_in_all_its_days(rich):
    assert ("2025-03", "known") in columns(ask(rich, "kg query changes 2025-03-20 2025-03-25"), "date", "change")


def test_planned_is_all_that_is_no_fact_yet(rich):
    assert set(columns(ask(rich, "kg query planned"), "subject", "relation", "object", "modality")) == {
        ("OpenAI", "holds-stake", "CoreWeave", "planned"),
        ("Google", "supplies", "OpenAI", "announced"),
    }
    assert [row[0] for row in ask(rich, "kg query planned CoreWeave").rows] == ["OpenAI"]


def test_unproven_is_reported_or_denied(rich):
    assert set(columns(ask(rich, "kg query unproven"), "subject", "modality")) == {
        ("Microsoft", "denied"),
        ("SoftBank", "hedged"),
    }


def test_past_is_what_held_once(rich):
    assert set(columns(ask(rich, "kg query past"), "subject", "modality")) == {("Nvidia", "past"), ("Oracle", "ended")}


def test_disputes_name_what_differs(rich):
    found = ask(rich, "kg query disputes")
    assert list(dict.fromkeys(columns(found, "dispute", "differs", "subject", "relation", "object"))) == [
        (1, "amount", "Microsoft", "invests-in", "OpenAI"),
        (2, "percent", "Nvidia", "holds-stake", "CoreWeave"),
        (3, "modality", "Microsoft", "acquires", "CoreWeave"),
    ]
    assert columns(found, "differs", "document", "sentence")[-2:] == [
        ("modality", "rivals.txt", "Microsoft denied that it would buy CoreWeave."),
        ("modality", "more.txt", "0. Microsoft acquires."),
    ]
    assert set(columns(ask(rich, "kg query disputes Nvidia"), "differs")) == {("percent",)}
    assert len(ask(rich, "kg query disputes Google")) == 0


def test_relations_are_called_as_the_ontology_calls_them(rich):
    called = {row[1] for row in ask(rich, "kg query about OpenAI").rows}
    assert called <= set(ontology().relations)
    for relation in ontology().relations.values():
        local = relation.iri.removeprefix(NAMESPACE)
        assert re.sub("([A-Z])", r"-\1", local).lower() == relation.name


@pytest.mark.parametrize("ends", ["Nvidia CoreWeave", "CoreWeave Nvidia"])
def test_evidence_is_to_the_letter_and_from_either_end(store, ends):
    found = ask(store, f"kg query evidence {ends}")
    assert set(columns(found, "subject", "object", "sentence")) == {
        ("Nvidia", "CoreWeave", "Nvidia détient 6 % du capital de CoreWeave."),
        ("Nvidia", "CoreWeave", "Nvidia owns 5.2% of CoreWeave."),
    }


def test_evidence_can_be_of_one_relation(store):
    assert len(ask(store, "kg query evidence OpenAI Microsoft")) == 2
    assert columns(ask(store, "kg query evidence OpenAI Microsoft invests-in"), "relation") == [("invests-in",)]


def test_a_path_names_each_relation_and_the_shortest_comes_first(rich):
    found = ask(rich, "kg query connections SoftBank Nvidia")
    assert found.rows[0][:7] == (
        Decimal(3),
        "SoftBank",
        "← partners-with",
        "OpenAI",
        "← supplies",
        "CoreWeave",
        "← holds-stake",
    )
    direct = ask(rich, "kg query connections OpenAI Microsoft").rows
    assert [row[0] for row in direct] == sorted(row[0] for row in direct)
    assert direct[0][0] == 1
    assert len(ask(rich, "kg query connections OpenAI OpenAI")) == 0


def test_a_path_leads_through_no_claim_that_is_no_edge(store):
    assert all("acquires" not in str(row) for row in ask(store, "kg query connections Microsoft CoreWeave").rows)


def test_about_is_everything(rich):
    claims = {f"{rich.base}claim/{claim.id}" for claim in rich.claims(entity="company/openai")}
    assert {row[-1] for row in ask(rich, "kg query about OpenAI").rows} == claims


def test_a_timeline_is_in_order(rich):
    dates = [row[0] for row in ask(rich, "kg query timeline CoreWeave").rows]
    assert dates == sorted(dates)
    assert {"2023", "2024", "2025-03-11"} <= set(dates)


def test_figures_stand_on_their_own(rich):
    assert columns(ask(rich, "kg query figures"), "subject", "relation", "value", "unit", "as_of")[0] == (
        "CoreWeave",
        "revenue",
        Decimal(229_000_000),
        "USD",
        "2023",
    )
    assert len(ask(rich, "kg query figures OpenAI")) == 0


def test_sources_are_counted(rich):
    assert columns(ask(rich, "kg query sources"), "document", "lang", "published", "claims", "asserted") == [
        ("deal.txt", "fr", "2025-03-11", 4, 3),
        ("more.txt", "en", "2025-04-02", 14, 10),
        ("rivals.txt", "en", "2025-03", 7, 6),
    ]


def test_entities_are_counted(store):
    assert columns(ask(store, "kg query entities"), "name", "type", "claims")[:2] == [
        ("CoreWeave", "Company", 6),
        ("OpenAI", "Company", 6),
    ]


# ---------------------------------------------------------------- questions of users


def test_sparql_needs_no_prefixes(store):
    found = run(store, "SELECT ?who ?what { ?who kg:competesWith ?what }")
    assert [tuple(str(v).rpartition("/")[2] for v in row) for row in found.rows] == [("openai", "microsoft")]


def test_a_file_may_take_arguments(store, tmp_path):
    path = tmp_path / "mine.rq"
    path.write_text("# title: mine\n# param who: entity — x\nSELECT ?who ?y { ?who kg:supplies ?y }", "utf-8")
    assert len(run(store, str(path), ["CoreWeave"])) == 2


def test_ask_is_a_truth_value_and_construct_is_turtle(store):
    assert run(store, "ASK { ?x kg:supplies ?y }") is True
    assert run(store, "ASK { ?x kg:mergesWith ?y }") is False
    turtle = run(store, "CONSTRUCT { ?x kg:supplies ?y } WHERE { ?x kg:supplies ?y }")
    assert len(rdflib.Graph().parse(data=turtle, format="turtle")) == 2


@pytest.mark.parametrize(
    ("form", "text"),
    [("table", "yes\n"), ("csv", "true\n"), ("jsonl", "true\n"), ("json", '{"head": {}, "boolean": true}\n')],
)
def test_a_truth_value_in_each_form(store, form, text):
    out = io.StringIO()
    write_answer(run(store, "ASK { ?x kg:supplies ?y }"), form, out)
    assert out.getvalue() == text


def test_an_answer_is_written_in_the_form_asked_for(store):
    out = io.StringIO()
    write_answer(run(store, "holders", ["CoreWeave"]), "json", out)
    assert [row["holder"]["value"] for row in json.loads(out.getvalue())["results"]["bindings"]] == ["Nvidia"] * 2


def test_the_columns_of_what_was_asked_are_left_out(store):
    found = ask(store, "kg query suppliers OpenAI")
    assert isinstance(found, Table)
    assert "company" not in found.columns
    assert found.title == "Who supplies a company, on which terms"


@pytest.mark.parametrize(
    ("query", "arguments", "error", "message"),
    [
        ("supliers", (), UnknownQuery, "no query 'supliers'. Did you mean 'suppliers'"),
        ("suppliers", (), QueryError, "needs company"),
        ("suppliers", ("Nobody at all",), UnknownEntity, "nothing in the graph is called 'Nobody at all'"),
        ("SELECT ?x {", (), QueryError, "no SPARQL 1.1, line 1"),
        ("SELECT ?x { ?x foo:bar ?y }", (), QueryError, "no SPARQL 1.1"),
        ("SELECT ?x { SERVICE <http://example.org/> { ?x ?y ?z } }", (), QueryError, "SERVICE"),
        ("SELECT ?x { ?x ?y ?z }", ("Nvidia",), QueryError, "cannot use 'Nvidia'"),
        ("missing.rq", (), QueryError, "missing.rq cannot be read: No such file"),
        ("", (), QueryError, "no SPARQL 1.1"),
        ("ASK { ?x ?y '\ud800' }", (), QueryError, "surrogates not allowed"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_one_line(store, query, arguments, error, message):
    with pytest.raises(error, match=re.escape(message)) as caught:
        run(store, query, arguments)
    assert "\n" not in str(caught.value)
    assert not isinstance(caught.value, StoreError)


def test_a_file_of_another_encoding_is_refused(store, tmp_path):
    path = tmp_path / "latin.rq"
    path.write_bytes("ASK { ?x ?y 'é' }".encode("latin-1"))
    with pytest.raises(QueryError, match=r"is not UTF-8 \(byte 13\)"):
        run(store, str(path))


def test_a_value_can_never_become_part_of_the_query(store):
    with pytest.raises(UnknownEntity):
        run(store, "suppliers", ["> ?p ?o } #"])
    with pytest.raises(QueryError):
        run(store, "changes", ["2025' || true"])


def test_the_catalogue_lists_every_query_with_its_parameters():
    listed = listing("fr")
    for name, query in {**library(), **{name: computed.query for name, computed in COMPUTED.items()}}.items():
        assert f"{name}: {query.title['fr']}" in listed
        assert query.usage in listed


def test_values_are_bound_to_variables(store):
    found = {
        "name": "OpenAI",
        "percent": Decimal(6),
        "entity": next(entity for entity in store.entities() if entity.id == "company/openai"),
        "iri": rdflib.URIRef(f"{store.base}company/openai"),
        "date": dt.date(2025, 3, 11),
        "truth": True,
        "number": 7,
    }
    table = run(store, "SELECT " + " ".join(f"?{name}" for name in found) + " {}", (), found)
    (row,) = table.terms
    assert [str(cell) for cell in row] == [
        '"OpenAI"',
        '"6"^^<http://www.w3.org/2001/XMLSchema#decimal>',
        f"<{store.base}company/openai>",
        f"<{store.base}company/openai>",
        '"2025-03-11"^^<http://www.w3.org/2001/XMLSchema#date>',
        '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>',
        '"7"^^<http://www.w3.org/2001/XMLSchema#integer>',
    ]
    hostile = 'x" } ; DROP ALL #'
    assert run(store, "SELECT ?v { BIND(STR(?v) AS ?w) }", (), {"v": hostile}).rows == [(hostile,)]
    for wrong in ([1], None, rdflib.BNode()):
        with pytest.raises(QueryError, match="v is a"):
            run(store, "SELECT ?v {}", (), {"v": wrong})
