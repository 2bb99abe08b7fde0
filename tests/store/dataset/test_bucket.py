"""A dataset in a bucket: moto answers as S3 does, on this machine."""

import contextlib
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg.errors import StoreError
from kg.query.sql import DuckDB, ask
from kg.store import open_store
from kg.store.dataset import Tables, push

pytestmark = pytest.mark.slow
pytest.importorskip("deltalake")


@pytest.fixture(scope="module")
def s3(tmp_path_factory):
    """A bucket; its server is a process, since the tables' library lets no other thread run while it waits."""
    pytest.importorskip("moto.server")
    boto3 = pytest.importorskip("boto3")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with (tmp_path_factory.mktemp("moto") / "log").open("wb") as log:
        command = [sys.executable, "-m", "moto.server", "-p", str(port)]
        server = subprocess.Popen(command, stdout=log, stderr=log)
    while True:
        assert server.poll() is None, Path(log.name).read_text("utf-8")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            break
        time.sleep(0.1)
    with pytest.MonkeyPatch.context() as patched:
        for name, value in {
            "AWS_ACCESS_KEY_ID": "reader", "AWS_SECRET_ACCESS_KEY": "nobody", "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": url, "AWS_ALLOW_HTTP": "true",
        }.items():  # fmt: skip
            patched.setenv(name, value)
        boto3.client("s3", endpoint_url=url).create_bucket(Bucket="deals")
        yield "s3://deals"
    server.kill()
    server.wait()


@pytest.fixture(autouse=True)
def cache(monkeypatch, tmp_path):
    monkeypatch.setenv("KG_CACHE", str(tmp_path / "cache"))


def test_a_graph_in_a_bucket_is_a_store(s3, readings, state, tmp_path, monkeypatch):
    address = f"{s3}/graph"
    with open_store(address, write=True) as store:
        store.commit(readings)
        store.forget("deal.txt")
        mine = state(store)
    monkeypatch.setenv("KG_CACHE", str(tmp_path / "another"))
    with open_store(address) as store:
        assert state(store) == mine
    columns, found = ask(DuckDB(Tables(address)), "relations", {})
    assert columns[:3] == ("relation", "modality", "claims")
    assert sum(row[2] for row in found) == len(mine[0])


def test_a_store_is_pushed_to_a_bucket(s3, readings):
    with open_store(None, write=True) as store:
        store.commit(readings)
        assert push(store, f"{s3}/pushed") == (1, 1)
    with open_store(f"{s3}/pushed") as store:
        assert len(list(store.claims())) == 11


def test_a_bucket_that_is_not_there_is_told_in_one_line(s3):
    with pytest.raises(StoreError) as raised:
        open_store("s3://nowhere/graph")
    assert "\n" not in str(raised.value)
    with pytest.raises(StoreError, match="there is no dataset"):
        open_store(f"{s3}/nothing")
