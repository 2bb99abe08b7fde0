"""What may be asked of the index: everything that SPARQL is, nothing of another server."""

import socket
import threading

import pyoxigraph as ox
import pytest

from kg.errors import QueryError
from kg.store.sparql import DEEPEST, ask


@pytest.fixture
def server():
    """An address that counts who connects."""
    callers = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5)

        def listen():
            try:
                while True:
                    caller, _ = listener.accept()
                    callers.append(caller)
                    caller.close()
            except OSError:
                return

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/", callers
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_an_unguarded_query_would_go_to_the_network(server):
    # Proof that the other tests look where something could happen.
    address, callers = server
    with pytest.raises(OSError, match=r"."):
        list(ox.Store().query(f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}"))
    assert callers


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <%s> { ?s ?p ?o } }",
        "SELECT * { sErViCe SILENT <%s> { ?s ?p ?o } }",
        "SELECT * { ?s ?p 1SERVICE<%s>{ ?a ?b ?c } }",
        "SELECT * { ?s ?p trueSERVICE<%s>{ ?a ?b ?c } }",
        "PREFIX : <%s> SELECT * { SERVICE:x { ?a ?b ?c } }",
        "PREFIX service: <%s> SELECT * { SERVICE service:x { ?a ?b ?c } }",
        "SELECT * { FILTER EXISTS { SERVICE <%s> { ?s ?p ?o } } }",
        "SELECT * { BIND(<%s> AS ?x) SERVICE ?x { ?s ?p ?o } }",
        "ASK { SERVICE <%s> { ?s ?p ?o } }",
        "SELECT * { \\u0053ERVICE <%s> { ?s ?p ?o } }",
        "SELECT * { ?s ?p '''SERVICE''' . SERVICE <%s> { ?s ?p ?o } }",
    ],
)
def test_no_query_reaches_another_server(server, query):
    address, callers = server
    with pytest.raises(QueryError) as caught:
        list(ask(ox.Store(), query % address, {}))
    assert "\n" not in str(caught.value)
    assert callers == []


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?service { ?service ?p 'SERVICE <http://x> {}' } # service",
        "PREFIX service: <http://service/> SELECT * { ?Service service:service <http://a/SERVICE> }",
        "SELECT * { ?s kg:service ?o }",
    ],
)
def test_the_word_service_is_no_crime(query):
    assert list(ask(ox.Store(), query, {})) == []


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT * {\n ?s ?p ] }", r"no SPARQL 1\.1, line 2, column \d+, at"),
        ("SELECT * { ?s ?p", r"line 1, column \d+, where it ends"),
        ("", "line 1, column 1"),
        ("INSERT DATA { <http://a> <http://b> 1 }", "line 1"),
        ("LOAD <http://127.0.0.1/>", "line 1"),
    ],
)
def test_a_syntax_error_is_one_line_that_says_where(query, message):
    with pytest.raises(QueryError, match=message) as caught:
        ask(ox.Store(), query, {})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * " + "{" * 3000 + "}" * 3000,
        "ASK { FILTER(" + "IF(" * 2000 + "true" + ",1,2)" * 2000 + ") }",
        "ASK { FILTER(" + "!" * 20000 + "true) }",
        "SELECT * { ?s ?p " + "(" * 130 + ")" * 130 + " }",
    ],
    ids=["groups", "ifs", "nots", "lists"],
)
def test_a_query_nested_to_kill_is_refused(query):
    with pytest.raises(QueryError, match=f"more than {DEEPEST} deep"):
        ask(ox.Store(), query, {})


def test_values_are_bound_as_terms():
    store = ox.Store()
    node, name = ox.NamedNode("http://a"), ox.Literal("x' } # \\")
    store.add(ox.Quad(node, node, name))
    assert [row["s"] for row in ask(store, "SELECT ?s ?v { ?s ?p ?v }", {"v": name})] == [node]
    assert list(ask(store, "SELECT ?s ?v { ?s ?p ?v }", {"v": ox.Literal("y")})) == []


def test_a_parameter_that_is_not_selected_is_no_damage():
    with pytest.raises(QueryError, match=r"^the query must select its parameter \?s, as in SELECT \?s$"):
        ask(ox.Store(), "SELECT ?o { ?s ?p ?o }", {"s": ox.NamedNode("http://x/s")})
