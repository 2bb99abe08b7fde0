import re
from dataclasses import replace
from decimal import Decimal
from importlib.resources import files

import pytest

from kg.errors import QueryError, UnknownQuery
from kg.model import Outcome, Qualifiers
from kg.ontology import ontology
from kg.query import run
from kg.query.library import find_query, library, parse
from kg.questions import Parameter
from kg.store import check, open_store

HEADER = """\
# title: Who supplies a company
# title@fr: Qui fournit une entreprise
# A line of prose.
# param company: entity — the customer
# param from: date = 2024 — the first day
# param relation: relation? — only this relation
# example: kg query suppliers CoreWeave
# example: kg query suppliers CoreWeave from=2024
SELECT ?company { }
# param late: entity — not in the header
"""


def test_a_header_says_what_a_query_takes():
    query = parse("suppliers", HEADER)
    assert query.title == {"en": "Who supplies a company", "fr": "Qui fournit une entreprise"}
    assert query.parameters == (
        Parameter("company", "entity", "the customer", required=True),
        Parameter("from", "date", "the first day", default="2024"),
        Parameter("relation", "relation", "only this relation"),
    )
    assert query.examples == ("kg query suppliers CoreWeave", "kg query suppliers CoreWeave from=2024")
    assert query.usage == "kg query suppliers COMPANY [FROM] [RELATION]"


def test_a_query_without_a_header_takes_nothing():
    assert parse("given", "ASK {}").parameters == ()


@pytest.mark.parametrize("line", ["# param company: firm — x", "# param a-b: entity — x", "# param : entity — x"])
def test_a_header_that_does_not_hold_is_named(line):
    with pytest.raises(QueryError, match="query 'q', parameter"):
        parse("q", line)


def test_an_unknown_query_gives_the_nearest_or_all():
    with pytest.raises(UnknownQuery, match=r"no query 'supliers'. Did you mean 'suppliers'"):
        find_query("supliers")
    with pytest.raises(UnknownQuery, match=r"There are: about, .*timeline"):
        find_query("zzz")


@pytest.mark.parametrize("name", library())
def test_each_query_tells_what_it_answers_in_two_languages_and_how_it_is_called(name):
    query = library()[name]
    assert set(query.title) == {"en", "fr"}
    assert query.examples
    assert all(example.startswith(f"kg query {name}") for example in query.examples)
    assert all(parameter.help for parameter in query.parameters)


def test_sql_stands_beside_the_sparql_that_says_the_same():
    folder = files("kg.query") / "library"
    sql = {path.name.removesuffix(".sql") for path in folder.iterdir() if path.name.endswith(".sql")}
    assert sql == {name for name, query in library().items() if query.sql}
    assert sql >= {"changes", "entities", "planned"}
    assert not sql & {"connections", "suppliers"}


def test_bounds_of_a_sum_are_told_by_the_questions_that_tell_sums(sorted_reading):
    planned = next(c for c in sorted_reading.candidates if c.outcome is Outcome.TO_REVIEW)
    terms = Qualifiers(amount_min=Decimal(350_000_000), amount_max=Decimal(400_000_000), currency="USD")
    bounded = replace(planned, outcome=Outcome.ADMITTED, reasons=(), qualifiers=terms)
    with open_store(None, write=True) as store:
        store.commit([replace(sorted_reading, claims=(bounded,), candidates=())])
        assert check(store).violations == ()
        assert next(store.claims()).qualifiers == terms
        for question, arguments in (("about", ["OpenAI"]), ("planned", []), ("evidence", ["OpenAI", "CoreWeave"])):
            table = run(store, question, arguments)
            row = dict(zip(table.columns, table.rows[0], strict=True))
            assert (row["amount"], row["amount_min"], row["amount_max"]) == (None, 350_000_000, 400_000_000), question
        columns = store.claims_table().to_pylist()[0]
        assert (columns["amount_min"], columns["currency"]) == (350_000_000, "USD")


def test_evidence_tells_every_quote_of_a_claim(sorted_reading):
    first, second = sorted_reading.claims
    leaning = replace(first, evidence=(first.evidence[0], second.evidence[0]))
    with open_store(None, write=True) as store:
        store.commit([replace(sorted_reading, claims=(leaning,))])
        table = run(store, "evidence", ["CoreWeave", "OpenAI"])
        sentences = [row[table.columns.index("sentence")] for row in table.rows]
    assert sentences == [evidence.quote for evidence in leaning.evidence]


def _facts(store, *arguments):
    table = run(store, "facts", arguments)
    return [(row[0], row[1]) for row in table.rows]


def test_facts_of_a_relation_are_narrowed_by_ends_and_figures(rich):
    assert _facts(rich, "holds-stake", "whom=CoreWeave", "more_than=5.2") == [("Nvidia", "CoreWeave")]
    assert len(_facts(rich, "holds-stake", "whom=CoreWeave", "at_least=5.2")) == 2
    assert _facts(rich, "holds-stake", "who=CoreWeave") == []
    amounts = ("invests-in", "whom=OpenAI", "measure=amount")
    assert len(_facts(rich, *amounts, "at_least=1e10")) == 3
    assert len(_facts(rich, *amounts, "at_least=1e10", "money=EUR")) == 1
    assert _facts(rich, *amounts, "less_than=1e10") == []


def test_facts_of_a_relation_without_direction_are_told_from_the_end_that_is_asked(rich):
    assert _facts(rich, "competes-with", "who=OpenAI") == [("OpenAI", "Google"), ("OpenAI", "Microsoft")]
    assert _facts(rich, "competes-with", "who=Google", "whom=OpenAI") == [("Google", "OpenAI")]


def test_relations_without_direction_are_those_of_the_ontology():
    symmetric = {f"kg:{r.iri.rpartition('#')[2]}" for r in ontology().relations.values() if r.symmetric}
    for name in ("facts", "planned", "past", "unproven", "changes"):
        listed = re.search(r"IN \((kg:competesWith[^)]*)\)", library()[name].text)[1]
        assert set(listed.split(", ")) == symmetric, name
