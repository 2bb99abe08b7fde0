"""A connection on which no request's head arrives is closed; whatever has its head goes on."""

import asyncio
import socket
import threading
import time
from contextlib import closing
from types import SimpleNamespace

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from kg.server.protocol import HttpError, read_body
from kg.server.service import ServiceConfig, create_server

_HEAD_SECONDS = 0.3
_GENEROUS = 60


async def _echo(request):
    return PlainTextResponse(await request.body() or b"nothing")


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    application = Starlette(routes=[Route("/", _echo, methods=["GET", "POST"])])
    config = ServiceConfig(tmp_path_factory.mktemp("none"), head_seconds=_HEAD_SECONDS)
    server = create_server(application, config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join()


@pytest.fixture
def client(port):
    with closing(socket.create_connection(("127.0.0.1", port), timeout=_GENEROUS)) as connection:
        yield connection


def _until_closed(client):
    received = b""
    while part := client.recv(4096):
        received += part
    return received


def test_a_connection_without_a_byte_is_closed(client):
    assert _until_closed(client) == b""


@pytest.mark.parametrize("part", [b"G", b"GET / HTTP/1.1\r\n", b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Le"])
def test_a_head_that_never_ends_is_refused(client, part):
    client.sendall(part)
    response = _until_closed(client)
    assert response.startswith(b"HTTP/1.1 408 ")
    assert response.endswith(b"did not arrive within 0.3 s\n")


def test_bytes_that_drip_in_do_not_prolong_it(client):
    client.sendall(b"GET / HTTP/1.1\r\n")
    client.settimeout(0.05)
    for _ in range(_GENEROUS * 20):
        try:
            received = client.recv(4096)
            break
        except TimeoutError:
            client.sendall(b"X-Header: 1\r\n")
        except ConnectionError:
            received = b""
            break
    else:
        pytest.fail("the connection is still open")
    # What was on its way when the server closed may cost the client its response.
    assert received == b"" or received.startswith(b"HTTP/1.1 408 ")


def test_a_head_that_grows_without_end_is_refused(client):
    response = b""
    try:
        client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X-Header: " + b"x" * (1 << 18))
        response = _until_closed(client)
    except ConnectionError:
        # What was on its way when the server closed may cost the client its response.
        pass
    assert response == b"" or response.startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("bad", [b"\x16\x03\x01", b"GET /\xff HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\nA b: c\r\n\r\n"])
def test_what_is_no_http_is_refused(client, bad):
    client.sendall(bad + b"\r\n\r\n")
    assert _until_closed(client).startswith(b"HTTP/1.1 400 ")


def test_what_was_on_its_way_when_it_was_refused_costs_no_connection(client):
    client.sendall(b"PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n")
    assert client.recv(4096).startswith(b"HTTP/1.1 405 ")
    client.sendall(b"hello")
    client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert _until_closed(client).endswith(b"nothing")


@pytest.mark.parametrize("is_apart", [False, True])
def test_a_request_that_offers_another_protocol_keeps_its_body(client, is_apart):
    """As Java's own client sends it; https://github.com/Kludex/uvicorn/issues/2722."""
    inner = b"GET /smuggled HTTP/1.1\r\n\r\n"
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
    head += b"HTTP2-Settings: AAE\r\nContent-Length: %d\r\n\r\n" % len(inner)
    for part in (head, inner) if is_apart else (head + inner,):
        client.sendall(part)
        time.sleep(0.05)
    client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    received = _until_closed(client)
    assert received.count(b"HTTP/1.1 200 OK") == 2
    assert inner in received
    assert received.endswith(b"nothing")


def test_requests_behind_one_another_are_answered_in_their_order(client):
    bodies = [b"%d" % number for number in range(5)]
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n"
    close = b"Connection: close\r\n"
    client.sendall(b"".join(head + close * (body == bodies[-1]) + b"\r\n" + body for body in bodies))
    answers = _until_closed(client).split(b"HTTP/1.1 200 OK")[1:]
    assert [answer[-1:] for answer in answers] == bodies


def test_a_second_head_has_its_limit_too(client):
    client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert client.recv(4096).startswith(b"HTTP/1.1 200 ")
    client.sendall(b"GET / HT")
    assert b"HTTP/1.1 408 " in _until_closed(client)


def test_a_body_may_come_later_than_the_limit(client):
    client.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nConnection: close\r\n\r\n")
    time.sleep(2 * _HEAD_SECONDS)
    client.sendall(b"hello")
    response = _until_closed(client)
    assert response.startswith(b"HTTP/1.1 200 ")
    assert response.endswith(b"hello")


def test_a_body_that_stalls_is_refused(run_async):
    async def stream():
        yield b"a part"
        await asyncio.Event().wait()

    with pytest.raises(HttpError, match=r"nothing more .* arrived for 0\.1 s") as error:
        run_async(read_body(SimpleNamespace(stream=stream), stall_seconds=0.1))
    assert error.value.status == 408
