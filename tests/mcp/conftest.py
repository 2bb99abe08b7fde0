"""The SDK's own client, to a process over standard input and output, or to a server in this one."""

import asyncio
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from kg.mcp.fitting import wire_size
from tests.mcp.twelve import TODAY

PATIENCE = 180.0


def in_a_thread(coroutine):
    """Run a coroutine to its end, in a thread of its own: the browser's tests leave a loop running in this one."""
    with ThreadPoolExecutor(1) as executor:
        return executor.submit(asyncio.run, coroutine).result()


@pytest.fixture(scope="session")
def talk():
    """Let a client talk to a server: talk(server, script), where script(client) is a coroutine function."""
    mcp = pytest.importorskip("mcp", reason="the SDK of the protocol is not installed: pip install 'kg[mcp]'")

    def run(server, script):
        async def session():
            async with mcp.Client(server, read_timeout_seconds=PATIENCE) as client:
                return await script(client)

        return in_a_thread(session())

    return run


@pytest.fixture(scope="session")
def process():
    """The command that a client starts: process(store, *options)."""
    mcp = pytest.importorskip("mcp", reason="the SDK of the protocol is not installed: pip install 'kg[mcp]'")

    def command(store, *options):
        arguments = ["-m", "kg", "mcp", "--store", str(store), *options]
        environment = os.environ | {"KG_TODAY": TODAY}
        return mcp.StdioServerParameters(command=sys.executable, args=arguments, env=environment)

    return command


@pytest.fixture(scope="session")
def here():
    """A server in this process, whose calls are answered at once: here(store)."""
    from kg.mcp.protocol import protocol_server

    class Buffer(bytearray):
        def write(self, content):
            self.extend(content)

    def server(store, judge=None):
        async def ask(task, _):
            buffer = Buffer()
            media_type = task.answer(store, buffer)
            return bytes(buffer), media_type

        return protocol_server(ask, judge)

    return server


def size_of(result):
    """How many bytes an answer takes as it is sent, escaped to ASCII: the most that a transport makes of it."""
    return wire_size(result.model_dump(by_alias=True, exclude_none=True, mode="json"))


def tokens_of(result):
    """How many tokens an answer takes, by the rule of four characters: its data and its text together."""
    data = json.dumps(result.structured_content, ensure_ascii=False)
    return (len(data) + sum(len(part.text) for part in result.content)) / 4
