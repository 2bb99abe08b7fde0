"""A model that writes SPARQL for ``kg ask --llm``: what it may not write is sent back, the rest shown and run apart."""

import json

import pytest
from click.testing import CliRunner

from kg.asking.written import checked
from kg.cli import cli
from kg.errors import ModelFailed, QueryError
from kg.store import open_store

from .endpoint import completion

GOOD = "SELECT ?who { ?who kg:supplies <https://w3id.org/company-kg/company/coreweave> } LIMIT 200"


def query(sparql):
    return completion(json.dumps({"queries": [{"sparql": sparql}]}))


@pytest.fixture
def run(example_store, endpoint):
    endpoint.requests.clear()
    endpoint.answer.replies.clear()

    def run_it(*options):
        asked = ("ask", "who supplies CoreWeave?", "--llm", "a-model", "--llm-url", endpoint.url)
        return CliRunner().invoke(cli, [*asked, *options, "--store", str(example_store), "--today", "2025-06-15"])

    return run_it


@pytest.fixture(scope="module")
def store(example_store):
    with open_store(example_store) as opened:
        yield opened


def test_what_a_model_writes_is_shown_and_run(run, endpoint):
    endpoint.answer.replies = {"CoreWeave": [query(GOOD)]}
    answer = run()
    assert answer.stdout.splitlines()[0] == GOOD
    assert "company:nvidia" in answer.stdout
    assert "SPARQL written by a-model, checked, run apart" in answer.stderr
    told = endpoint.requests[0].messages
    assert "kg:supplies" in told
    assert "<https://w3id.org/company-kg/company/coreweave>" in told


def test_what_it_may_not_write_is_sent_back_with_the_reason(run, endpoint):
    endpoint.answer.replies = {"CoreWeave": [query("SELECT ?who { ?who kg:suplies ?b }"), query(GOOD)]}
    assert "company:nvidia" in run("--csv").stdout.replace("https://w3id.org/company-kg/company/", "company:")
    assert "the ontology has no kg:suplies. Did you mean 'supplies'?" in endpoint.requests[1].messages


def test_a_model_that_goes_on_so_is_one_line(run, endpoint):
    endpoint.answer.replies = {"CoreWeave": [query("DROP ALL")]}
    answer = run()
    assert isinstance(answer.exception, ModelFailed)
    assert "wrote no query that can be asked: the query is no SPARQL 1.1" in str(answer.exception)
    assert len(endpoint.requests) == 3


def test_sparql_alone_runs_nothing(run, endpoint):
    endpoint.answer.replies = {"CoreWeave": [query(GOOD)]}
    assert run("--sparql").stdout == f"{GOOD}\n"


def test_a_query_that_runs_away_is_ended(run, endpoint):
    bomb = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    endpoint.answer.replies = {"CoreWeave": [query(bomb)]}
    answer = run("--seconds", "0.5")
    assert isinstance(answer.exception, QueryError)
    assert str(answer.exception) == "the query took more than 0.5 seconds, and was ended: ask for less"


@pytest.mark.parametrize(
    ("sparql", "why"),
    [
        ("", "there is no query"),
        ("CONSTRUCT { ?a ?b ?c } WHERE { ?a ?b ?c }", "only SELECT and ASK"),
        ("DESCRIBE <urn:a>", "only SELECT and ASK"),
        ("INSERT DATA { <urn:a> <urn:b> 1 }", "no SPARQL 1.1"),
        ("SELECT * { SERVICE <https://example.org/sparql> { ?a ?b ?c } }", "SERVICE"),
        ("SELECT * { ?a <https://w3id.org/company-kg/ontology#hates> ?b }", "no kg:hates"),
        ("SELECT * FROM <urn:nobody> { ?a ?b ?c }", "no graph <urn:nobody>"),
        ("SELECT * { company:zorblatt ?b ?c }", "find companies by rdfs:label"),
    ],
)
def test_what_is_not_taken(sparql, why, store):
    with pytest.raises(QueryError, match=why):
        checked(sparql, store)


@pytest.mark.parametrize(
    "sparql",
    [
        GOOD,
        "ASK { company:nvidia kg:holdsStake ?b }",
        'SELECT ?c { ?c a kg:Claim ; kg:goods "kg:hates" } # kg:hates',
        "SELECT ?q { ?c kg:modality kg:Asserted ; kg:evidence/oa:hasSelector/oa:exact ?q }",
    ],
)
def test_what_is_taken(sparql, store):
    assert checked(sparql, store) == sparql
