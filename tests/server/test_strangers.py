"""What strangers may send: queries that hurt, foreign hosts, clients that hang up, hostile data."""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import httpx2
import pytest


def _bombs():
    spec = spec_from_file_location("bombs", Path(__file__).with_name("bombs.py"))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.BOMBS


BOMBS = _bombs()


@pytest.mark.parametrize("name", BOMBS)
def test_a_query_that_hurts_ends(hurried, until, name):
    """It ends in an answer or one line, and leaves no work behind; benchmarks/serving.py measures how soon."""
    answer = hurried.http.post("sparql", data={"query": BOMBS[name]}, headers={"accept": "text/csv, text/turtle"})
    assert answer.status_code in {200, 400, 503}, answer.text[:300]
    if answer.status_code != 200:
        assert answer.text.count("\n") == 1
        assert len(answer.text) < 500
    until(lambda: hurried.slow_queries() == 0)
    assert hurried.metric("kg_queries_running") == 0
    assert hurried.get("health").status_code == 200
    until(lambda: hurried.ask("ASK {}").status_code == 200)


def test_the_limits_are_told(server, hurried):
    slow = hurried.ask(BOMBS["cartesian count"])
    assert (slow.status_code, "longer than the 2 s" in slow.text) == (503, True)
    long = server.ask("SELECT * { ?a ?b ?c . ?d ?e ?f }")
    assert (long.status_code, "more than 50000 rows" in long.text) == (503, True)
    large = server.ask(BOMBS["doubling text"])
    assert (large.status_code, "memory" in large.text) == (503, True)


def test_light_queries_go_on_beside_heavy_ones(server, until):
    """Heavy ones work at the lowest priority, and no queue forms behind them; the benchmark measures the times."""
    heavy = [_ask_without_waiting(server, BOMBS["cartesian count"]) for _ in range(4)]
    try:
        until(lambda: server.slow_queries() == 4)
        # Each is another one: what was asked before needs no worker.
        for number in range(30):
            assert server.ask(f"SELECT * {{ ?s kg:supplies ?o }} LIMIT {number}").status_code == 200
        assert server.slow_queries() == 4, "the heavy ones are still at work"
    finally:
        for client in heavy:
            client.close()
    until(lambda: server.metric("kg_queries_running") == 0)
    until(lambda: server.slow_queries() == 0)


def test_a_client_that_hangs_up_stops_its_query(server, until):
    stopped = 'kg_queries_stopped_total{reason="client"}'
    before = server.metric(stopped)
    with _ask_without_waiting(server, BOMBS["cartesian count"]):
        until(lambda: server.metric("kg_queries_running") == 1)
    until(lambda: server.metric(stopped) == before + 1)
    until(lambda: server.metric("kg_queries_running") == 0)


def _ask_without_waiting(server, query):
    """Send a query, and return the connection on which its answer would come."""
    client = socket.create_connection(("127.0.0.1", server.port))
    client.sendall(b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n")
    content = query.encode()
    client.sendall(b"Content-Length: %d\r\n\r\n%s" % (len(content), content))
    return client


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "", "a b", "[::2]"]
)
def test_foreign_hosts_are_refused(server, host):
    with socket.create_connection(("127.0.0.1", server.port)) as client:
        client.sendall(f"GET /sparql?query=ASK+%7B%7D HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        assert b" 400 " in client.makefile("rb").readline()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "LOCALHOST", "[::1]"])
def test_this_machine_is_not(server, host):
    assert server.get("health", headers={"host": f"{host}:{server.port}"}).status_code == 200


def test_every_answer_is_guarded(server):
    for path in (
        "",
        "sparql?query=ASK%7B%7D",
        "sparql?query=x",
        "viewer",
        "library",
        "ontology",
        "health",
        "none",
        "metrics",
    ):
        headers = server.get(path).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_workers_cannot_open_sockets(server):
    """Nothing connects, whatever a query says; the system itself refuses, as `confined` tells."""
    assert server.get("health").json()["confined"] is True
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.5)
        port = listener.getsockname()[1]
        for text in (
            f"SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}",
            f"ASK FROM <http://127.0.0.1:{port}/> {{ ?s ?p ?o }}",
            f"SELECT * {{ GRAPH <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}",
            f"DESCRIBE <http://127.0.0.1:{port}/>",
            f"LOAD <http://127.0.0.1:{port}/>",
        ):
            server.ask(text)
        with pytest.raises(TimeoutError):
            listener.accept()


def test_many_clients_are_served_in_turn(server):
    def ask(number):
        return server.ask(f"SELECT ?s {{ ?s kg:supplies ?o }} OFFSET {number}").status_code

    before = server.metric("kg_answers_given_again_total")
    with ThreadPoolExecutor(32) as clients:
        assert set(clients.map(ask, range(300))) == {200}
    assert server.metric("kg_answers_given_again_total") == before


def test_a_slow_client_holds_nobody_up(server):
    clients = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(50)]
    try:
        for client in clients:
            client.sendall(b"POST /sparql HTTP/1.1\r\nHost: localhost\r\n")
        assert server.rows("SELECT (1 AS ?one) {}") == [{"one": "1"}]
    finally:
        for client in clients:
            client.close()


def test_a_large_answer_comes_whole(server, same):
    answer = server.ask("SELECT * { ?a ?b ?c . ?d kg:modality ?f } LIMIT 50000", "text/tab-separated-values")
    (counted,) = same.query("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d kg:modality ?f }")
    assert len(answer.text.splitlines()) - 1 == min(int(counted["n"].value), 50_000)
    assert len(answer.content) > 1 << 20


def test_nothing_is_left_behind(serving, examples, tmp_path, until):
    with serving(examples, tmp_path / "log") as served:
        threading.Thread(target=_quietly, args=(served,)).start()
        until(lambda: served.slow_queries() == 1)
        served.process.terminate()
        until(lambda: served.process.poll() is not None)
        until(lambda: served.priorities() == {})
    assert "Traceback" not in (tmp_path / "log").read_text()


def test_a_killed_server_takes_its_workers_along(serving, examples, tmp_path, until):
    with serving(examples, tmp_path / "log") as served:
        threading.Thread(target=_quietly, args=(served,)).start()
        until(lambda: served.slow_queries() == 1)
        served.process.kill()
        served.process.wait()
        until(lambda: served.priorities() == {})


def _quietly(served):
    with suppress(httpx2.HTTPError):
        served.ask(BOMBS["cartesian count"])
