"""Changes over HTTP: only with the token, each seen by whoever asks after it, refused in one line."""

import subprocess
import sys

import pyoxigraph as ox
import pytest

import kg
from kg.store import check, open_store

GRAPH = "https://example.org/sectors"
_INSERT = f'INSERT DATA {{ GRAPH <{GRAPH}> {{ <company/coreweave> <urn:sector> "cloud" }} }}'
_SECTORS = "SELECT ?name ?sector { ?c <urn:sector> ?sector ; rdfs:label ?name }"
_ARTICLE = b"<html><body><article><p>Nvidia owns a 6% stake in CoreWeave.</p></article></body></html>"


@pytest.fixture
def writable(serving, tmp_path):
    with kg.open(tmp_path / "store", write=True) as graph:
        graph.build(kg.examples())
    with serving(tmp_path / "store", tmp_path / "log", "--write") as served:
        served.folder = tmp_path / "store"
        yield served


def test_an_update_is_seen_at_once_and_kept(writable):
    for options in (
        {"data": {"update": _INSERT}},
        {"content": _INSERT.replace("cloud", "AI"), "headers": {"content-type": "application/sparql-update"}},
    ):
        answer = writable.change("POST", "sparql", **options)
        assert (answer.status_code, answer.json()) == (200, {"added": 1, "removed": 0})
    assert sorted(row["sector"] for row in writable.rows(_SECTORS)) == ["AI", "cloud"]
    with open_store(writable.folder) as store:
        assert len(list(store.quads(GRAPH))) == 2
        assert check(store).violations == ()


def test_an_update_ranges_over_the_graphs_that_the_request_names(writable):
    writable.change("POST", "sparql", data={"update": _INSERT})
    copy = "INSERT { GRAPH <urn:copy> { ?s ?p ?o } } WHERE { ?s ?p ?o }"
    done = writable.change("POST", "sparql", data={"update": copy, "using-graph-uri": GRAPH})
    assert done.json() == {"added": 1, "removed": 0}
    twice = copy.replace("WHERE", f"USING <{GRAPH}> WHERE")
    refused = writable.change("POST", "sparql", data={"update": twice, "using-graph-uri": GRAPH})
    assert refused.status_code == 400


@pytest.mark.parametrize("text", ["CLEAR ALL", "DELETE WHERE { ?a ?b ?c }", "LOAD <http://127.0.0.1:9/>", "INSERT"])
def test_what_may_not_be_changed_is_told(writable, text):
    answer = writable.change("POST", "sparql", data={"update": text})
    assert (answer.status_code, answer.text.count("\n")) == (400, 1)
    assert writable.rows("SELECT (COUNT(*) AS ?n) { ?c a kg:Claim }") != [{"n": "0"}]


def test_graphs_are_put_added_to_and_taken_away(writable):
    turtle = {"content-type": "text/turtle"}
    put = writable.change("PUT", "data", params={"graph": GRAPH}, content="<a> <urn:p> 1, 2 .", headers=turtle)
    assert put.json() == {"added": 2, "removed": 0}
    again = writable.change("PUT", "data", params={"graph": GRAPH}, content="<a> <urn:p> 2 .", headers=turtle)
    assert again.json() == {"added": 0, "removed": 1}
    more = writable.change("POST", "data", params={"graph": GRAPH}, content="<a> <urn:p> 3 .", headers=turtle)
    assert more.json() == {"added": 1, "removed": 0}
    answer = writable.get("data", params={"graph": GRAPH}, headers={"accept": "application/n-triples"})
    assert {quad.object.value for quad in ox.parse(answer.content, format=ox.RdfFormat.N_TRIPLES)} == {"2", "3"}
    assert "https://example.org/a" in answer.text
    assert writable.change("DELETE", "data", params={"graph": GRAPH}).json() == {"added": 0, "removed": 2}
    assert writable.get("data", params={"graph": GRAPH}).status_code == 404


def test_graphs_that_are_not_ones_own_stay(writable):
    document = writable.rows("SELECT DISTINCT ?g { GRAPH ?g { ?c a kg:Claim } }")[0]["g"]
    for params in ({"default": ""}, {}, {"graph": document}):
        assert writable.change("DELETE", "data", params=params).status_code == 400
    turtle = {"content-type": "text/turtle"}
    broken = writable.change("PUT", "data", params={"graph": GRAPH}, content="<a> <b>", headers=turtle)
    assert (broken.status_code, broken.text.count("\n")) == (400, 1)
    wrong = writable.change("PUT", "data", params={"graph": GRAPH}, content="x", headers={"content-type": "image/png"})
    assert wrong.status_code == 415


def test_an_article_is_read_and_withdrawn(writable):
    html = {"content-type": "text/html"}
    params = {"lang": "en", "date": "2025-03-02"}
    done = writable.change("PUT", "documents/news/stake.html", params=params, content=_ARTICLE, headers=html)
    assert done.json() == {"document": "news/stake.html", "lang": "en", "claims": 1, "new": 1}
    held = "SELECT ?n { GRAPH ?g { ?c rdf:predicate kg:holdsStake ; kg:percent ?n ; kg:knownFrom ?d } FILTER (?n = 6) }"
    assert {"n": "6"} in writable.rows(held)
    document = writable.get("documents/news/stake.html").json()
    assert (document["text"].strip(), document["published"]) == ("Nvidia owns a 6% stake in CoreWeave.", "2025-03-02")
    again = writable.change("PUT", "documents/news/stake.html", params=params, content=_ARTICLE, headers=html)
    assert again.json()["new"] == 0
    assert writable.change("DELETE", "documents/news/stake.html").json() == {"retracted": 1}
    assert writable.get("documents/news/stake.html").status_code == 404
    assert writable.change("DELETE", "documents/news/stake.html").status_code == 404
    assert writable.change("PUT", "documents/empty", content=b" ").status_code == 422
    assert writable.change("PUT", "documents/x", content=b"\x00\x01\x02" * 100).status_code == 422
    late = writable.change("PUT", "documents/x", params={"date": "2999-01-01"}, content=_ARTICLE, headers=html)
    assert (late.status_code, late.text.count("\n")) == (422, 1)


def test_a_sheet_is_read_as_a_table(writable):
    sheet = {"content-type": "text/csv"}
    put = {"params": {"lang": "en"}, "headers": sheet, "content": b"Buyer,Target\nOracle,Opower\n"}
    assert writable.change("PUT", "documents/deals.csv", **put).json()["claims"] == 1
    assert "| --- | --- |" in writable.get("documents/deals.csv").json()["text"]
    assert writable.change("DELETE", "documents/deals.csv").status_code == 200


def test_nobody_changes_anything_without_the_token(writable, server):
    for method, path, options in (
        ("POST", "sparql", {"data": {"update": _INSERT}}),
        ("PUT", "data", {"params": {"graph": GRAPH}, "content": "<a> <b> <c> ."}),
        ("DELETE", "documents/stargate.en.html", {}),
        ("PUT", "documents/mine", {"content": _ARTICLE}),
    ):
        for shown in (None, "Bearer", "Bearer wrong", "Basic a token for the tests alone"):
            headers = {} if shown is None else {"authorization": shown}
            answer = writable.http.request(method, path, headers=headers, **options)
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert server.change(method, path, **options).status_code == 403
    assert writable.rows(_SECTORS) == []


def test_a_change_beside_a_build_waits_or_is_told(writable):
    with kg.open(writable.folder, write=True):
        answer = writable.change("POST", "sparql", data={"update": _INSERT})
        assert (answer.status_code, "retry-after" in answer.headers) == (503, True)
        assert "in use" in answer.text
    assert writable.change("POST", "sparql", data={"update": _INSERT}).status_code == 200


def test_writing_wants_a_token_of_some_length(examples):
    command = [sys.executable, "-m", "kg", "serve", "--write", "--store", str(examples)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env={"PATH": "/bin"})
    assert (ended.returncode, "KG_WRITE_TOKEN" in ended.stderr) == (2, True)
