"""What is asked again is answered again, from what was said before, until the store changes."""

import pytest

import kg
from kg.mcp.calls import CallTool
from kg.server.answer_cache import AnswerCache
from kg.server.negotiation import ResponseFormats
from kg.server.tasks import LibraryQuery, ReadDocument, SparqlQuery
from kg.server.worker import Answer
from kg.store import Scope

_CSV = ResponseFormats("text/csv", "text/turtle")
_COUNT = "SELECT (COUNT(*) AS ?n) { ?claim a kg:Claim }"
_AGAIN = "kg_answers_given_again_total"


def _answer(content=b"n\r\n1\r\n"):
    return Answer(content, "text/csv")


def test_a_query_that_is_asked_again_is_not_worked_out_again(server):
    before, first = server.metric(_AGAIN), server.ask(_COUNT, "text/csv")
    again = server.ask(_COUNT, "text/csv")
    assert (again.status_code, again.content, again.headers["content-type"]) == (
        200,
        first.content,
        first.headers["content-type"],
    )
    assert server.metric(_AGAIN) > before
    # Another format is another question.
    assert server.ask(_COUNT).json()["results"]["bindings"][0]["n"]["value"] in first.text


def test_a_change_is_seen_by_who_asks_the_same_again(serving, tmp_path):
    with kg.open(tmp_path / "store", write=True) as graph:
        graph.build(kg.examples())
    asked = "SELECT ?o { GRAPH <urn:mine> { ?s ?p ?o } }"
    with serving(tmp_path / "store", tmp_path / "log", "--write") as server:
        for value in ("one", "two"):
            assert [row["o"] for row in server.rows(asked)] == ([] if value == "one" else ["one"])
            turtle = {"content-type": "text/turtle"}
            options = {"params": {"graph": "urn:mine"}, "content": f'<a> <urn:p> "{value}" .', "headers": turtle}
            assert server.change("PUT", "data", **options).status_code == 200
            assert [row["o"] for row in server.rows(asked)] == [value]


@pytest.mark.parametrize("call", ["NOW()", "RAND()", "UUID()", "struuid ()", "BNODE()", "NOW#a\n()"])
def test_what_differs_at_each_call_is_worked_out_each_time(call):
    cache, snapshot = AnswerCache(), object()
    query = SparqlQuery(f"SELECT ({call} AS ?x) {{}}", _CSV)
    cache.put(snapshot, query, _answer())
    assert cache.get(snapshot, query) is None


def test_questions_of_the_catalogue_are_kept_and_documents_are_not(tmp_path):
    cache, snapshot = AnswerCache(), object()
    question, document = LibraryQuery("entities", (), _CSV), ReadDocument("a.txt")
    tool = CallTool("find_company", {"name": "OpenAI"})  # has no hash
    for task in (question, document, tool):
        cache.put(snapshot, task, _answer())
    assert cache.get(snapshot, question) == _answer()
    assert cache.get(snapshot, document) is None
    assert cache.get(snapshot, tool) is None
    in_file = LibraryQuery("about", ("OpenAI",), _CSV)
    cache.put(snapshot, in_file, Answer(tmp_path / "1", "text/csv"))
    assert cache.get(snapshot, in_file) is None


def test_the_least_recently_asked_leave_when_there_is_no_room():
    cache, snapshot = AnswerCache(3 * 2500), object()
    queries = [SparqlQuery(f"ASK {{ ?s ?p {n} }}", _CSV) for n in range(4)]
    for query in queries[:3]:
        cache.put(snapshot, query, _answer(b"x" * 1000))
    assert cache.get(snapshot, queries[0]) is not None
    cache.put(snapshot, queries[3], _answer(b"x" * 1000))
    assert [cache.get(snapshot, query) is None for query in queries] == [False, True, False, False]
    long = SparqlQuery("ASK { }", _CSV, Scope(named=("urn:" + "x" * 100_000,)))
    cache.put(snapshot, long, _answer())
    assert cache.get(snapshot, long) is None
    huge = SparqlQuery("ASK { }", _CSV)
    cache.put(snapshot, huge, _answer(b"x" * 100_000))
    assert cache.get(snapshot, huge) is None
    assert cache.get(snapshot, queries[0]) is not None


def test_answers_of_another_state_of_the_store_are_dropped():
    cache, old, new = AnswerCache(), object(), object()
    query = SparqlQuery(_COUNT, _CSV)
    cache.put(old, query, _answer())
    assert cache.get(new, query) is None
    cache.put(new, query, _answer(b"n\r\n2\r\n"))
    assert cache.get(old, query) is None
    assert cache.get(new, query).content == b"n\r\n2\r\n"
