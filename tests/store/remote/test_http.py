"""Whatever an endpoint does, the answer is an answer or one clear line, in time, and no secret is in it."""

import contextlib
import gzip
import socket
import time
from types import SimpleNamespace

import pytest

from kg.errors import KgError, MissingExtra, QueryError, StoreError
from kg.store import open_store
from kg.store.remote import http
from kg.store.remote.endpoint import Endpoint
from kg.store.remote.http import HttpTransport
from kg.store.remote.sparql_client import SparqlClient

from .conftest import NOTHING, answer

TOKEN, DBA = {"KG_TOKEN": "t0ken"}, {"KG_REMOTE_USER": "dba", "KG_REMOTE_PASSWORD": "dba"}
YES = '{"head": {}, "boolean": true}'


@pytest.fixture
def client():
    """A function that makes what asks the faulty server; all are closed in the end."""
    with contextlib.ExitStack() as stack:

        def make(faults, limits, **environment):
            made = SparqlClient(HttpTransport(Endpoint.of(faults.url, environment), limits))
            stack.callback(made.transport.close)
            return made

        yield make


def drip(handler):
    handler.send_response(200)
    handler.send_header("Content-Type", "application/sparql-results+json")
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    try:
        while not handler.released.wait(0.1):
            handler.wfile.write(b" ")
            handler.wfile.flush()
    except OSError:
        pass


def endless(handler):
    handler.send_response(200)
    handler.send_header("Content-Type", "application/sparql-results+json")
    handler.send_header("Connection", "close")
    handler.end_headers()
    try:
        while not handler.released.is_set():
            handler.wfile.write(b" " * 65536)
    except OSError:
        pass
    handler.close_connection = True


def hang(handler):
    handler.released.wait(600)
    handler.close_connection = True


def cut(handler):
    answer(200, NOTHING[:20], Content_Length="5000")(handler)
    handler.close_connection = True


def gone(handler):
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True


BOMB = gzip.compress(b" " * 30_000_000)

FAULTS = {
    "hangs": (hang, StoreError, r"said nothing for 0.4 s"),
    "drips": (drip, StoreError, r"takes more than 1.2 s"),
    "never ends": (endless, StoreError, r"more than 100000 bytes"),
    "a bomb": (answer(200, BOMB, Content_Encoding="gzip"), StoreError, r"more than 100000 bytes"),
    "no gzip": (answer(200, b"x" * 50, Content_Encoding="gzip"), StoreError, r"cannot be asked"),
    "cut": (cut, StoreError, r"broke off .*try again later"),
    "gone": (gone, StoreError, r"broke off"),
    "a broken body": (answer(200, NOTHING[:30]), StoreError, r"broken or was cut short"),
    "HTML": (
        answer(200, "<h1>Wel\x07come</h1>", "text/html"),
        StoreError,
        r"answers text/html \(Wel come\), no SPARQL",
    ),
    "no type": (answer(200, "", ""), StoreError, r"without a type"),
    "500": (answer(500, "<p>Virtuoso 42000 Error", "text/html"), StoreError, r"answers 500 \(Virtuoso 42000 Error\)$"),
    "400": (answer(400, "parse error", "text/plain"), QueryError, r"answers 400 \(parse error\)$"),
    "401": (answer(401), StoreError, r"answers 401: it may want a password or a token \(KG_REMOTE_USER"),
    "404": (answer(404), StoreError, r"answers 404: is its endpoint at /sparql\?"),
    "busy": (answer(503, Retry_After="0"), StoreError, r"answers 503.*try again later"),
    "busy for hours": (answer(429, Retry_After="7200"), StoreError, r"asks for a wait of 7200 s"),
    "in circles": (answer(307, Location="/sparql"), StoreError, r"round in circles"),
    "elsewhere": (answer(302, Location="http://example.org/x?t=1"), StoreError, r"on to http://example.org/x: give"),
    "nowhere": (answer(302), StoreError, r"round in circles"),
    "a file": (answer(302, Location="file:///etc/passwd"), StoreError, r"sends us on to"),
    "rows for a yes": (answer(200, "{}"), StoreError, r"broken"),
    "partial": (answer(200, YES, X_SQL_State="S1TAT", X_SQL_Message="RC: timeout"), QueryError, r"cut its answer"),
    "rows left out": (answer(200, YES, X_SPARQL_MaxRows="10"), QueryError, r"cut its answer short \(at most 10 rows\)"),
    "moved proxy": (answer(407), QueryError, r"answers 407"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_one_line_in_time(client, faults, hasty, fault):
    action, error, message = FAULTS[fault]
    faults.then(action)
    # In time: what hangs, drips or never ends goes on until the test is over, so that an error is an end.
    with pytest.raises(error, match=message) as caught:
        client(faults, hasty).says("ASK {}")
    line = str(caught.value)
    assert "\n" not in line
    assert "127.0.0.1" in line
    assert len(line) < 420
    assert line.isprintable()


def test_nobody_there_is_one_line(hasty):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(StoreError, match=rf"127.0.0.1:{port} cannot be reached"):
        SparqlClient(HttpTransport(Endpoint.of(f"http://127.0.0.1:{port}/"), hasty)).says("ASK {}")


def test_a_busy_server_is_asked_again_when_it_says(client, faults, monkeypatch):
    waits = []
    monkeypatch.setattr(http, "time", SimpleNamespace(sleep=waits.append, monotonic=time.monotonic))
    faults.then(answer(429, Retry_After="1"), answer(503), gone, answer(200, YES))
    patient = http.HttpLimits(pause=0.01, attempts=4)
    assert client(faults, patient).says("ASK {}")
    assert waits[0] == 1
    assert max(waits[1:]) <= 0.04
    assert len(faults.asked) == 4


def test_a_date_may_say_when(client, faults, hasty):
    faults.then(answer(503, Retry_After="Wed, 21 Oct 2015 07:28:00 GMT"), answer(200, YES))
    assert client(faults, hasty).says("ASK {}")


def test_a_move_on_the_same_host_is_followed_with_what_was_asked(client, faults, hasty):
    faults.then(answer(301, Location="/elsewhere"), answer(200, YES))
    assert client(faults, hasty, **TOKEN).says("ASK {}")
    assert [(path, form["query"]) for path, _, form in faults.asked] == [
        ("/sparql", ["ASK {}"]),
        ("/elsewhere", ["ASK {}"]),
    ]


def test_another_port_of_the_host_is_another_server(client, faults, hasty):
    faults.then(answer(307, Location="http://127.0.0.1:1/sparql"))
    with pytest.raises(StoreError, match="sends us on"):
        client(faults, hasty, **TOKEN).says("ASK {}")
    assert len(faults.asked) == 1


# ---------------------------------------------------------------------------- who asks
def test_a_password_of_the_address_is_sent_and_never_shown(client, faults, hasty):
    faults.then(answer(500, "you said Basic YW5hOnMzY3JldCE= which is ana:s3cret!"))
    url = faults.url = faults.url.replace("http://", "http://ana:s3cret%21@")
    with pytest.raises(StoreError) as caught:
        client(faults, hasty).says("ASK {}")
    assert faults.asked[0][1] == "Basic YW5hOnMzY3JldCE="
    shown = str(caught.value) + repr(Endpoint.of(url)) + repr(HttpTransport(Endpoint.of(url)))
    assert "s3cret" not in shown
    assert "YW5h" not in shown


def test_a_token_comes_from_the_environment(client, faults, hasty):
    faults.then(answer(200, YES))
    assert client(faults, hasty, **TOKEN).says("ASK {}")
    assert faults.asked[0][1] == "Bearer t0ken"
    assert "t0ken" not in repr(client(faults, hasty, **TOKEN))


def test_digest_is_spoken_where_it_is_asked_for(client, faults, hasty):
    challenge = 'Digest realm="SPARQL", nonce="abc", qop="auth", algorithm=MD5'
    faults.then(answer(401, WWW_Authenticate=challenge), answer(401, WWW_Authenticate=challenge), answer(200, YES))
    with_digest = client(faults, hasty, **DBA)
    assert with_digest.says("ASK {}")
    assert [who.partition(" ")[0] if who else None for _, who, _ in faults.asked] == ["Basic", None, "Digest"]
    assert with_digest.says("ASK {}")
    assert faults.asked[3][1].startswith("Digest ")


@pytest.mark.parametrize("environment", [{"KG_TOKEN": "t0ken"}, {"KG_REMOTE_USER": "u", "KG_REMOTE_PASSWORD": "t0ken"}])
def test_secrets_of_the_environment_do_not_travel_in_clear(environment):
    with pytest.raises(StoreError, match="in clear: use https") as caught:
        Endpoint.of("http://example.org/sparql", environment)
    assert "t0ken" not in str(caught.value)
    assert Endpoint.of("https://example.org/sparql", environment).secrets
    assert Endpoint.of("http://localhost:3030/sparql", environment).secrets
    assert Endpoint.of("http://[::1]:3030/sparql", environment).secrets


@pytest.mark.parametrize(
    "url", ["http://", "https://ho st/", "http://[::1/", "http://h:port/", "https://h/\n", "ftp://h/"]
)
def test_what_is_no_address_is_refused(url):
    with pytest.raises(StoreError, match="no address of an endpoint") as caught:
        Endpoint.of(url, {})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("query", "updates"),
    [
        ("http://h/ds/query", ("http://h/ds/update",)),
        ("http://h/sparql", ("http://h/sparql", "http://h/update")),
        ("http://h/ds/sparql", ("http://h/ds/sparql", "http://h/ds/update")),
        ("http://h/repositories/kg?infer=false", ("http://h/repositories/kg/statements?infer=false",)),
        ("http://u:p@h:8890/sparql-auth/", ("http://h:8890/sparql-auth/", "http://h:8890/update")),
    ],
)
def test_updates_go_where_the_usual_engines_take_them(query, updates):
    assert Endpoint.of(query, {}).updates == updates


def test_updates_go_where_they_are_said_to_go_on_the_same_host():
    assert Endpoint.of("http://h/q", {"KG_UPDATE_URL": "http://h/u"}).updates == ("http://h/u",)
    with pytest.raises(StoreError, match="own host"):
        Endpoint.of("http://h/q", {"KG_UPDATE_URL": "http://other/u"})


def test_an_update_that_nobody_takes_is_one_line(client, faults, hasty):
    faults.then(answer(405), answer(403, "read only"))
    with pytest.raises(StoreError, match=r"an update was refused: 127.* answers 405"):
        client(faults, hasty).transport.update("INSERT DATA {}")
    assert [path for path, _, _ in faults.asked] == ["/sparql", "/update"]


def test_the_place_that_took_an_update_is_remembered(client, faults, hasty):
    faults.then(answer(400), answer(204), answer(204))
    telling = client(faults, hasty)
    telling.transport.update("INSERT DATA {}")
    telling.transport.update("INSERT DATA {}")
    assert [path for path, _, _ in faults.asked] == ["/sparql", "/update", "/update"]


def test_parameters_of_the_address_go_with_each_request(client, faults, hasty):
    faults.then(answer(200, YES))
    faults.url += "?infer=false"
    client(faults, hasty).says("ASK {}")
    assert faults.asked[0][0] == "/sparql?infer=false"


def test_without_the_extra_one_line_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "httpx2", None)
    with pytest.raises(MissingExtra, match=r"pip install 'kg\[remote\]'"):
        open_store("http://127.0.0.1:1/sparql")


@pytest.mark.parametrize("kind", ["application/sparql-results+xml", "application/sparql-results+json; charset=utf-8"])
def test_both_forms_of_results_are_read(client, faults, hasty, kind):
    xml = '<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head/><boolean>true</boolean></sparql>'
    faults.then(answer(200, xml if "xml" in kind else YES, kind))
    assert client(faults, hasty).says("ASK {}")


ROWS = '{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"1"}},'


@pytest.mark.parametrize(
    "rest", ["", "{", '{"x":{"type":"literal"}}]}}', "]}}", '{"x":{"type":"uri","value":"no iri"}}]}}']
)
def test_an_answer_broken_in_its_middle_is_no_shorter_answer(client, faults, hasty, rest):
    faults.then(answer(200, ROWS + rest))
    with pytest.raises(StoreError, match="broken or was cut short"):
        list(client(faults, hasty).query("SELECT ?x { ?x ?p ?o }", {}))
    with pytest.raises(StoreError, match="broken or was cut short"):
        list(client(faults, hasty).rows("SELECT ?x { ?x ?p ?o }"))


def test_every_fault_at_opening_is_ours(faults):
    # An endpoint that answers anything at all to anything cannot make opening fail otherwise.
    for body in ("", "{}", "[]", NOTHING, YES, '{"head":{"vars":["g","id"]},"results":{"bindings":[{}]}}', "null"):
        faults.script[:] = [answer(200, body)]
        try:
            open_store(faults.url).close()
        except KgError:
            continue
