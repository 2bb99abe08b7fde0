"""A running `kg serve` over the example articles, and what talks to it."""

import asyncio
import json
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

import kg
from kg.store import open_store
from tests.server.reviewers import story

GENEROUS = 120.0
"""Seconds after which something is held never to come about; no busy machine takes so long."""
TOKEN = "a token for the tests alone"  # noqa: S105 - it opens nothing


class Served:
    """A server in another process."""

    def __init__(self, process, url, log):
        self.process = process
        self.url = url
        self.log = log
        self.port = int(url.rsplit(":", 1)[1].strip("/"))
        self.http = httpx2.Client(base_url=url, timeout=GENEROUS, verify=False)  # no certificates to load

    def change(self, method, path, **options):
        options["headers"] = {"authorization": f"Bearer {TOKEN}"} | options.get("headers", {})
        return self.http.request(method, path, **options)

    def get(self, path, **options):
        return self.http.get(path, **options)

    def ask(self, query, accept="application/sparql-results+json", **options):
        return self.http.get("sparql", params={"query": query}, headers={"accept": accept}, **options)

    def rows(self, query):
        answer = self.ask(query)
        assert answer.status_code == 200, answer.text
        return [{name: cell["value"] for name, cell in row.items()} for row in answer.json()["results"]["bindings"]]

    def metric(self, name):
        """A figure of the server, such as 'kg_queries_running'."""
        (line,) = (line for line in self.get("metrics").text.splitlines() if line.startswith(f"{name} "))
        return float(line.rpartition(" ")[2])

    def priorities(self):
        """The nice value of each of the server's processes, by process; 19 is that of a query that takes long."""
        priorities = {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                is_alive = int((entry / "statm").read_text().split()[1]) > 0
            except OSError:
                continue
            # What has ended has no memory, though its parent may not have looked yet.
            if int(fields[3]) == self.process.pid and is_alive:
                priorities[int(entry.name)] = int(fields[16])
        return priorities

    def slow_queries(self):
        """How many processes work at the lowest priority."""
        return list(self.priorities().values()).count(19)


@pytest.fixture(scope="session")
def until():
    """Wait until something holds, with a deadline that no busy machine misses."""

    def wait(holds, seconds=GENEROUS):
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, "it never came about"
            time.sleep(0.02)

    return wait


@pytest.fixture(scope="session")
def run_async():
    """Run a coroutine to its end, in a thread of its own: the browser's tests leave a loop running in this one."""

    def run(coroutine):
        with ThreadPoolExecutor(1) as executor:
            return executor.submit(asyncio.run, coroutine).result()

    return run


_ENVIRONMENT = os.environ | {"KG_WRITE_TOKEN": TOKEN}


def _address(process, log):
    line = process.stdout.readline()
    url = re.search(r"http://\S+/", line)
    assert url, (line, log.read_text())
    return url[0]


@contextmanager
def _ready(process, url, log):
    served = Served(process, url, log)
    with served.http:
        # The socket takes requests before the first worker is ready: this one waits for it.
        assert served.get("health").status_code == 200
        yield served


@contextmanager
def _process(command, log):
    """A process in a session of its own, until the block ends."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with (
        log.open("wb") as err,
        subprocess.Popen(
            command, **pipes, stderr=err, text=True, bufsize=1, start_new_session=True, env=_ENVIRONMENT
        ) as process,
    ):
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(GENEROUS)
            except subprocess.TimeoutExpired:
                process.kill()


@contextmanager
def _serving(store, log, *options):
    """Run `kg serve` on a free port, in a session of its own, until the block ends."""
    command = [sys.executable, "-m", "kg", "serve", "--port", "0", "--store", str(store), *options]
    with _process(command, log) as process, _ready(process, _address(process, log), log) as served:
        yield served


@pytest.fixture(scope="package")
def examples(tmp_path_factory):
    """The folder of a store that holds the example articles."""
    folder = tmp_path_factory.mktemp("served") / "store"
    with kg.open(folder, write=True) as graph:
        graph.build(kg.examples())
    return folder


@pytest.fixture(scope="package")
def told(tmp_path_factory, unrecorded, sorted_reading):
    """The folder of a store of the story, for copies of it: its French document as a gate sorts it."""
    folder = tmp_path_factory.mktemp("told") / "store"
    story(folder, unrecorded, sorted_reading)
    return folder


@pytest.fixture(scope="session")
def serving():
    """What runs `kg serve` on a store: serving(store, log, *options), a context manager."""
    return _serving


@pytest.fixture(scope="package")
def hosting(tmp_path_factory):
    """What runs `kg serve` as `serving` does, but one after the other in one process: each starts in no time."""
    log = tmp_path_factory.mktemp("host") / "log"
    with _process([sys.executable, str(Path(__file__).with_name("host.py"))], log) as process:

        @contextmanager
        def hosted(store, *options):
            print(json.dumps(["--port", "0", "--store", str(store), *options]), file=process.stdin)
            with _ready(process, _address(process, log), log) as served:
                try:
                    yield served
                finally:
                    print("null", file=process.stdin)
                    assert process.stdout.readline() == "ended\n"

        yield hosted


@pytest.fixture(scope="package")
def server(examples, serving, tmp_path_factory):
    """A server of the examples, for reading, with small limits but for time: a busy machine may be slow."""
    log = tmp_path_factory.mktemp("log") / "server.log"
    limits = ("--time-limit", str(GENEROUS), "--row-limit", "50000", "--memory-limit", "512")
    with serving(examples, log, *limits) as served:
        yield served


@pytest.fixture(scope="package")
def hurried(examples, serving, tmp_path_factory):
    """A server of the examples that ends each query after two seconds."""
    log = tmp_path_factory.mktemp("log") / "server.log"
    limits = ("--time-limit", "2", "--row-limit", "50000", "--memory-limit", "512")
    with serving(examples, log, *limits) as served:
        yield served


@pytest.fixture(scope="package")
def same(examples):
    """The same store, opened here."""
    with open_store(examples) as store:
        yield store
