"""A value put into a query's text is what pyoxigraph's substitution of the variable is, whatever the value."""

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import QueryError
from kg.store.remote.binding import bound
from kg.store.sparql import Scope, Solutions, ask

A, B, P, Q = (ox.NamedNode(f"http://x/{name}") for name in "abpq")
DATA = ox.Store()
DATA.extend(
    ox.Quad(*triple, graph)
    for triple, graph in (
        ((A, P, ox.Literal("x")), ox.DefaultGraph()),
        ((A, P, ox.Literal("y")), ox.DefaultGraph()),
        ((B, P, ox.Literal("y")), A),
        ((A, Q, B), A),
        ((B, Q, A), B),
    )
)


ELSEWHERE = Scope(present=False)


def answered(query, values):
    result = ask(DATA, query, values, ELSEWHERE)
    if isinstance(result, Solutions):
        return sorted(tuple(map(str, row)) for row in result)
    return bool(result) if isinstance(result, ox.QueryBoolean) else sorted(map(str, result))


def rewritten(query, values):
    empty = ask(ox.Store(), query, {}, ELSEWHERE)
    return bound(query, values, [v.value for v in empty.variables] if isinstance(empty, Solutions) else [])


QUERIES = [
    "SELECT ?s ?o { ?s ?p ?o }",
    "SELECT * { ?s ?p ?o }",
    "SELECT DISTINCT * { ?s ?p ?o }",
    "SELECT ?s ?z { ?s ?p ?o BIND(STR(?s) AS ?z) }",
    "SELECT ?s (STR(?s) AS ?z) ?o { ?s ?p ?o }",
    "SELECT ?s ?o { { SELECT ?o { ?s ?p ?o } } }",
    "SELECT ?s ?o { { SELECT ?s ?o { ?s ?p ?o } } }",
    "SELECT ?s ?o { { SELECT * { ?s ?p ?o } } }",
    "SELECT ?s ?o { { SELECT DISTINCT ?s { ?s ?p ?k } LIMIT 1 } ?s ?p ?o } ORDER BY DESC(?o) ?s",
    "SELECT ?s ?o { { SELECT ?s (COUNT(?p) AS ?o) { ?s ?p ?k } GROUP BY ?s HAVING (COUNT(?p) > 0) } }",
    "SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s",
    "SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s ?p HAVING (COUNT(*) > 1) ORDER BY ?s",
    "SELECT ?s ?o { ?s ?p ?o FILTER EXISTS { ?s ?p 'x' } }",
    "SELECT ?s ?o { ?s ?p ?o MINUS { ?s ?p 'x' } }",
    "SELECT ?s ?o { GRAPH ?g { ?s ?p ?o } OPTIONAL { ?o ?q ?s } }",
    "SELECT ?s ?o { { ?s ?p ?o } UNION { ?o ?p ?s } }",
    "SELECT ?s ?o { ?o ?p ?x FILTER(sameTerm(COALESCE(?s, ?o), ?o)) }",
    "SELECT ?s ?o { ?s (<http://x/q>|^<http://x/q>)+ ?o }",
    "SELECT?s ?o{?s?p?o FILTER(?o!=\"?s }\"&&?o!='''?s'''&&1<2)}#?s }",
    "PREFIX select: <http://x/> SELECT ?s ?o { ?s select:q ?o }",
    "SELECT ?s ?o FROM <http://x/a> WHERE { ?s ?p ?o }",
    "ASK { ?s <http://x/q> <http://x/b> }",
    "ASK { { SELECT ?s { ?s <http://x/p> 'x' } } }",
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "CONSTRUCT WHERE { ?s ?p ?o }",
    "DESCRIBE ?s WHERE { ?s ?p ?o }",
]


@pytest.mark.parametrize("value", [A, B, P])
@pytest.mark.parametrize("query", QUERIES)
def test_the_text_answers_as_the_substitution_does(query, value):
    values = {"s": value}
    assert answered(rewritten(query, values), {}) == answered(query, values)


def test_two_values_and_one_left_out():
    query = "SELECT ?s ?o ?left { ?s ?p ?o FILTER(sameTerm(COALESCE(?left, ?s), ?s)) }"
    values = {"s": A, "o": ox.Literal("y")}
    assert answered(rewritten(query, values), {}) == answered(query, values) != []


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(["", "en", "fr-CA", P.value]))
def test_any_literal_arrives_as_it_is(text, kind):
    value = ox.Literal(text, datatype=ox.NamedNode(kind)) if ":" in kind else ox.Literal(text, language=kind or None)
    (row,) = ask(ox.Store(), rewritten("SELECT ?v { BIND(1 AS ?x) }", {"v": value}), {})
    assert row["v"] == value


@pytest.mark.parametrize(
    "hostile", ['" } INSERT { <http://x> <http://x> 1 } #', "\\u0022 } #", "'''", '"""', "?s", "\\", "\n#", "\x00", "}"]
)
def test_a_hostile_value_is_only_a_value(hostile):
    query = "SELECT ?v ?o { BIND(?v AS ?w) ?s ?p ?o FILTER(?o = ?v || ?o = 'x') }"
    values = {"v": ox.Literal(hostile)}
    assert answered(rewritten(query, values), {}) == answered(query, values)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=30))
def test_what_is_no_variable_stays_letter_by_letter(text):
    literal = str(ox.Literal(text))
    query = f"SELECT ?s {{ ?s ?p {literal} }} # {literal}"
    assert rewritten(query, {"s": A}).endswith(f" {literal} }} # {literal}")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?s ?o { VALUES ?s { <http://x/a> } ?s ?p ?o }",
        "SELECT ?s ?o { VALUES (?o ?s) { ('x' <http://x/a>) } ?s ?p ?o }",
        "SELECT ?s ?o { BIND(<http://x/b> AS ?s) ?s ?p ?o }",
        "SELECT (1 AS ?s) { ?o ?p ?q }",
        "SELECT ?s ?o { ?s ?p ?o } VALUES ?s { <http://x/a> }",
    ],
)
def test_a_parameter_that_the_query_itself_gives_a_value_is_refused(query):
    with pytest.raises(QueryError, match=r"\?s is a parameter"):
        rewritten(query, {"s": A})


def test_what_cannot_be_written_is_refused():
    with pytest.raises(QueryError, match="give an IRI or a literal"):
        bound("SELECT ?s { ?s ?p ?o }", {"s": ox.BlankNode("x")}, ["s"])
    with pytest.raises(QueryError, match="write the character itself"):
        bound("SELECT ?s { ?\\u0073 ?p ?o }", {"s": A}, ["s"])
