"""A running `kg serve` over the example articles, and what talks to it."""

import os
import re
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

import kg
from kg.store import open_store

TOKEN = "a token for the tests alone"  # noqa: S105 - it opens nothing


class Served:
    """A server in another process."""

    def __init__(self, process, url, log):
        self.process = process
        self.url = url
        self.log = log
        self.port = int(url.rsplit(":", 1)[1].strip("/"))
        self.http = httpx2.Client(base_url=url, timeout=60)

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

    def workers(self):
        """The resident memory of each of the server's processes, in MB, by process."""
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                session = int((entry / "stat").read_text().rpartition(")")[2].split()[3])
                size = int((entry / "statm").read_text().split()[1]) * 4096 >> 20
            except OSError:
                continue
            # What has ended has no memory, though its parent may not have looked yet.
            if session == self.process.pid and size:
                found[int(entry.name)] = size
        return found


@pytest.fixture(scope="session")
def until():
    """Wait until something holds, with a deadline that no busy machine misses."""

    def wait(holds, seconds=120.0):
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, "it never came about"
            time.sleep(0.02)

    return wait


@contextmanager
def _serving(store, log, *options):
    """Run `kg serve` on a free port, in a session of its own, until the block ends."""
    command = [sys.executable, "-m", "kg", "serve", "--port", "0", "--store", str(store), *options]
    with log.open("wb") as err:
        environment = os.environ | {"KG_WRITE_TOKEN": TOKEN}
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=err, text=True, start_new_session=True, env=environment
        )
        try:
            said = process.stdout.readline()
            url = re.search(r"http://\S+/", said)
            assert url, (said, log.read_text())
            served = Served(process, url[0], log)
            with served.http:
                # The socket takes requests before the first worker is ready: this one waits for it.
                assert served.get("health").status_code == 200
                yield served
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
            process.stdout.close()


@pytest.fixture(scope="package")
def examples(tmp_path_factory):
    """The folder of a store that holds the example articles."""
    folder = tmp_path_factory.mktemp("served") / "store"
    with kg.open(folder, write=True) as graph:
        graph.build(kg.examples())
    return folder


@pytest.fixture(scope="session")
def serving():
    """What runs `kg serve` on a store: serving(store, log, *options), a context manager."""
    return _serving


@pytest.fixture(scope="package")
def server(examples, serving, tmp_path_factory):
    """A server of the examples, for reading, with short limits."""
    log = tmp_path_factory.mktemp("log") / "server.log"
    limits = ("--time-limit", "2", "--row-limit", "50000", "--memory-limit", "512")
    with serving(examples, log, *limits) as served:
        yield served


@pytest.fixture(scope="package")
def same(examples):
    """The same store, opened here."""
    with open_store(examples) as store:
        yield store
