"""The SPARQL 1.1 Protocol as clients speak it, over HTTP."""

import csv
import datetime as dt
import io
import json

import pyoxigraph as ox
import pytest

from kg.server.negotiation import GRAPHS, RESULTS, negotiate

SELECT = "SELECT ?s ?o { ?s kg:supplies ?o } ORDER BY ?s ?o"
CONSTRUCT = "CONSTRUCT { ?s kg:supplies ?o } WHERE { ?s kg:supplies ?o }"


@pytest.fixture(scope="module")
def supplied(same):
    return [tuple(term.value for term in row) for row in same.query(SELECT)]


def rows(answer):
    return [tuple(t.value for t in row) for row in ox.parse_query_results(answer.content, format=RESULTS[kind(answer)])]


def kind(answer):
    return answer.headers["content-type"].partition(";")[0]


@pytest.mark.parametrize("accept", [m for m in RESULTS if m != "text/csv"])
def test_rows_come_in_every_format(server, supplied, accept):
    answer = server.ask(SELECT, accept)
    assert (answer.status_code, kind(answer)) == (200, accept)
    assert rows(answer) == supplied


def test_csv_is_what_spreadsheets_and_r_read(server, supplied):
    answer = server.ask(SELECT, "text/csv")
    assert [tuple(row) for row in csv.reader(io.StringIO(answer.text))] == [("s", "o"), *supplied]


@pytest.mark.parametrize("accept", GRAPHS)
def test_triples_come_in_every_format(server, supplied, accept):
    answer = server.ask(CONSTRUCT, accept)
    assert (answer.status_code, kind(answer)) == (200, accept)
    pairs = {(q.subject.value, q.object.value) for q in ox.parse(answer.content, format=GRAPHS[accept])}
    assert pairs == set(supplied)


@pytest.mark.parametrize("accept", ["application/sparql-results+json", "application/sparql-results+xml"])
@pytest.mark.parametrize(("query", "truth"), [("ASK { ?s ?p ?o }", True), ("ASK { ?s <urn:none> ?o }", False)])
def test_a_truth_value_is_one(server, query, truth, accept):
    answer = server.ask(query, accept)
    assert bool(ox.parse_query_results(answer.content, format=RESULTS[accept])) is truth


def test_queries_come_by_get_by_form_and_directly(server, supplied):
    json_ = {"accept": "application/sparql-results+json"}
    for answer in (
        server.get("sparql", params={"query": SELECT}, headers=json_),
        server.http.post("sparql", data={"query": SELECT}, headers=json_),
        server.http.post("sparql", content=SELECT, headers=json_ | {"content-type": "application/sparql-query"}),
    ):
        assert rows(answer) == supplied


def test_a_long_query_comes_by_post_and_by_get(server, supplied):
    long = SELECT + " # " + "x" * 50_000
    assert rows(server.ask(long)) == supplied
    longer = SELECT + " # " + "x" * 5_000_000
    assert rows(server.http.post("sparql", data={"query": longer})) == supplied


def test_dataset_parameters_name_the_graphs(server, same):
    graphs = sorted(q.graph_name.value for q in same.quads() if "document/" in getattr(q.graph_name, "value", ""))
    first = graphs[0]
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"

    def counted(**more):
        answer = server.get("sparql", params={"query": count, **more}, headers={"accept": "text/csv"})
        return int(answer.text.split()[1])

    assert counted(**{"default-graph-uri": first}) == graphs.count(first)
    assert counted(**{"default-graph-uri": [first, graphs[-1]]}) == graphs.count(first) + graphs.count(graphs[-1])
    # A dataset of named graphs alone has an empty default graph.
    assert counted(**{"named-graph-uri": first}) == 0
    named = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    answer = server.get("sparql", params={"query": named, "named-graph-uri": first}, headers={"accept": "text/csv"})
    assert int(answer.text.split()[1]) == graphs.count(first)
    # The parameters go before what the query says: SPARQL 1.1 Protocol, 2.1.4.
    count = count.replace("{", f"FROM <{graphs[-1]}> {{", 1)
    assert counted(**{"default-graph-uri": first}) == graphs.count(first)


def test_from_names_graphs_of_the_store_and_nothing_outside(server, same):
    graph = next(q.graph_name.value for q in same.quads() if "document/" in getattr(q.graph_name, "value", ""))
    inside = [{"n": str(len(list(same.quads(graph))))}]
    count = "SELECT (COUNT(*) AS ?n)"
    assert server.rows(f"{count} FROM <{graph}> {{ ?s ?p ?o }}") == inside
    assert server.rows(f"{count} FROM NAMED <{graph}> {{ GRAPH ?g {{ ?s ?p ?o }} }}") == inside
    for outside in ("FROM <http://127.0.0.1:9/x>", "FROM NAMED <file:///etc/passwd>", "FROM kg:nothing"):
        answer = server.ask(f"{count} {outside} {{ ?s ?p ?o }}")
        assert answer.status_code == 400
        assert "there is no graph <" in answer.text


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (("GET", {"params": {"query": "SELEC"}}), 400),
        (("GET", {"params": {"query": ["ASK {}", "ASK {}"]}}), 400),
        (("GET", {"params": {"update": "CLEAR ALL"}}), 400),
        (("GET", {"params": {"query": "ASK {}"}, "headers": {"accept": "image/png"}}), 406),
        (("GET", {"params": {"query": "ASK {}"}, "headers": {"accept": "text/turtle"}}), 406),
        (("GET", {"params": {"query": CONSTRUCT}, "headers": {"accept": "text/csv"}}), 406),
        (("GET", {"params": "query=%ff"}), 400),
        (("POST", {"data": {"que": "ASK {}"}}), 400),
        (("POST", {"content": "ASK {}", "headers": {"content-type": "text/plain"}}), 415),
        (("POST", {"content": b"\xff", "headers": {"content-type": "application/sparql-query"}}), 400),
        (("POST", {"content": "ASK {}"}), 415),
        (("POST", {"data": {"update": "CLEAR ALL"}}), 403),
        (("POST", {"data": {"query": "ASK {}", "update": "CLEAR ALL"}}), 400),
        (("POST", {"content": "CLEAR ALL", "headers": {"content-type": "application/sparql-update"}}), 403),
        (("POST", {"content": b"x" * (17 << 20), "headers": {"content-type": "application/sparql-query"}}), 413),
        (("PUT", {}), 405),
        (("DELETE", {}), 405),
        (("PATCH", {}), 405),
    ],
)
def test_what_is_wrong_is_told_in_one_line(server, request_, status):
    method, options = request_
    answer = server.http.request(method, "sparql", **options)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text.count("\n") == 1
    assert "Traceback" not in answer.text


def test_what_another_server_would_be_asked_is_refused(server):
    for spelt in ("SERVICE <http://127.0.0.1:9/>", "service SILENT <http://127.0.0.1:9/>", "SERVICE ?s"):
        answer = server.ask(f"SELECT * {{ ?s ?p ?o . {spelt} {{ ?a ?b ?c }} }}")
        assert (answer.status_code, "SERVICE" in answer.text) == (400, True)


def test_head_options_and_methods(server):
    head = server.http.head("sparql", params={"query": SELECT})
    whole = server.ask(SELECT)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(whole.content))
    options = server.http.options("sparql")
    assert options.status_code == 204
    assert {"GET", "HEAD", "POST"} <= set(options.headers["allow"].replace(" ", "").split(","))
    assert {"GET", "POST"} <= set(server.http.delete("sparql").headers["allow"].replace(" ", "").split(","))
    assert server.get("nothing").status_code == 404


def test_the_service_describes_itself(server):
    for accept in GRAPHS:
        answer = server.get("sparql", headers={"accept": accept})
        properties = {
            q.predicate.value.partition("#")[2]: q.object for q in ox.parse(answer.content, format=GRAPHS[accept])
        }
        assert properties["endpoint"].value == f"{server.url}sparql"
        assert "feature" in properties
    assert server.get("sparql", headers={"accept": "text/html"}).headers["location"] == "./"
    assert server.get("sparql", headers={"accept": "image/png"}).status_code == 406


def test_the_graph_store_is_read(server, same):
    graph = next(q.graph_name.value for q in same.quads() if "document/" in getattr(q.graph_name, "value", ""))
    for params, name in (({"graph": graph}, graph), ({"default": ""}, "")):
        answer = server.get("data", params=params, headers={"accept": "application/n-triples"})
        assert len(answer.text.splitlines()) == len(list(same.quads(name)))
    whole = server.get("data", headers={"accept": "application/n-quads"})
    assert set(ox.parse(whole.content, format=ox.RdfFormat.N_QUADS)) == set(same.quads())
    assert server.get("data").headers["content-type"] == "application/n-quads", "Turtle cannot tell the graphs apart"
    refused = server.get("data", headers={"accept": "text/turtle"})
    assert (refused.status_code, "application/trig" in refused.text) == (406, True)
    assert server.get("data", params={"graph": "http://e/none"}).status_code == 404
    assert server.get("data", params={"graph": "not an iri"}).status_code == 400
    assert server.get("data", params={"graph": graph, "default": ""}).status_code == 400
    assert server.get("data", params={"default": ""}, headers={"accept": "text/csv"}).status_code == 406
    assert server.http.put("data", params={"graph": graph}, content="").status_code == 403


def test_the_library_is_listed_and_asked(server):
    listed = {query["name"]: query for query in server.get("library").json()}
    assert listed["suppliers"]["parameters"][0]["name"] == "company"
    assert listed["suppliers"]["sparql"]
    assert listed["disputes"]["sparql"] is None
    answer = server.get("library/suppliers", params={"company": "OpenAI"})
    names = {row["supplier"]["value"] for row in answer.json()["results"]["bindings"]}
    assert names == {"Microsoft"}
    tied = server.get("library/frenemies", params={"company": "OpenAI"})
    assert {row["rival"]["value"] for row in tied.json()["results"]["bindings"]} == {"Microsoft"}, "an analysis, too"
    assert {parameter["name"] for parameter in listed["owners"]["parameters"]} == {"company", "basis", "min_share"}
    for media in RESULTS:
        answer = server.get("library/disputes", headers={"accept": media})
        assert (answer.status_code, kind(answer)) == (200, media), answer.text
    unknown = server.get("library/suppliers", params={"company": "OpenAy"})
    assert (unknown.status_code, "OpenAI" in unknown.text) == (404, True)
    assert server.get("library/supplier").status_code == 404
    assert server.get("library/suppliers").status_code == 400


def test_a_stranger_asks_of_sanctions_by_names_and_makes_the_server_read_no_file(server, tmp_path):
    owned = server.get("library/sanctions", params={"listed": "Nvidia", "threshold": "5%"})
    assert {row["company"]["value"] for row in owned.json()["results"]["bindings"]} == {"CoreWeave"}
    names = tmp_path / "names.txt"
    names.write_text("Nvidia")
    refused = server.get("library/sanctions", params={"listed": str(names), "threshold": "5%"})
    assert refused.status_code == 404
    assert "nothing that takes part here" in refused.text
    assert server.get("library/sanctions", params={"background": "x"}).status_code == 400


def test_the_ontology_and_the_viewer_are_there(server):
    assert b"holdsStake" in server.get("ontology", headers={"accept": "text/turtle"}).content
    assert server.get("ontology", headers={"accept": "text/html"}).headers["content-type"].startswith("text/html")
    page = server.get("viewer", params={"company": "CoreWeave", "lang": "fr"})
    assert page.status_code == 200
    assert 'lang="fr"' in page.text
    assert server.get("viewer", params={"company": "Nobody Inc"}).status_code == 404
    assert server.get("viewer", params={"lang": "de"}).status_code == 400


def test_cross_origin_requests_are_by_choice(server, serving, examples, tmp_path):
    origin = {"origin": "https://example.org"}
    assert "access-control-allow-origin" not in server.get("health", headers=origin).headers
    with serving(examples, tmp_path / "log", "--cors", "https://example.org") as shared:
        assert shared.get("health", headers=origin).headers["access-control-allow-origin"] == "https://example.org"
        preflight = origin | {"access-control-request-method": "POST"}
        assert shared.http.options("sparql", headers=preflight).status_code == 200
        other = {"origin": "https://evil.example"}
        assert "access-control-allow-origin" not in shared.get("health", headers=other).headers


def test_health_metrics_and_the_log(server, until):
    today = dt.datetime.now(dt.UTC).date().isoformat()
    assert server.get("health").json() == {"status": "ok", "commit": 1, "day": today, "confined": True}
    figures = server.get("metrics").text
    assert 'kg_http_requests_total{endpoint="/health",status="200"}' in figures
    server.get("what/ever?secret=1")
    until(lambda: "/what/ever" in server.log.read_text())  # it is written once the answer has left
    lines = [json.loads(line) for line in server.log.read_text().splitlines()]
    last = [line for line in lines if line["path"] == "/what/ever"][-1]
    assert (last["status"], last["method"], last["client"]) == (404, "GET", "127.0.0.1")
    assert "secret" not in json.dumps(lines)


def test_the_accept_header_is_weighed():
    assert negotiate(None, RESULTS) == "application/sparql-results+json"
    assert negotiate("text/html, */*;q=0.1", RESULTS) == "application/sparql-results+json"
    assert (
        negotiate("text/csv;q=0.5, application/sparql-results+xml;q=0.9", RESULTS) == "application/sparql-results+xml"
    )
    assert negotiate("text/*", RESULTS) == "text/csv"
    assert negotiate("text/csv;q=0", RESULTS) is None
    assert negotiate("*/*, text/csv;q=0", ["text/csv"]) is None
    assert negotiate("text/csv;q=high", ["text/csv"]) is None
