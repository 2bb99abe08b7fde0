"""A real llama.cpp server with a very small model: the wiring holds, whatever it answers. ``make test-long``."""

import contextlib
import json
import socket
import subprocess
import time
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path

import pytest

from .conftest import Workplace

LLAMA = Path(__file__).parents[2] / ".llama"
TEXT = "Nvidia owns 6% of CoreWeave, which rents its chips to OpenAI for $11.9 billion over five years.\n"


def get(at, path):
    """What the server tells of itself."""
    host, port = at.removeprefix("http://").split(":")
    connection = HTTPConnection(host, int(port), timeout=5)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


@pytest.fixture(scope="module")
def llama(tmp_path_factory):
    """The address of the server, which answers with 200 tokens at most."""
    if not (LLAMA / "llama-server").exists():
        reason = LLAMA / "reason"
        why = reason.read_text("utf-8").strip() if reason.exists() else "run tests/llm/llama.sh"
        pytest.skip(f"no llama.cpp server here: {why}")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    at, log = f"http://127.0.0.1:{port}", tmp_path_factory.mktemp("llama") / "log"
    command = [LLAMA / "llama-server", "-m", LLAMA / "model.gguf", "-c", "8192", "-n", "200", "--metrics"]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    with log.open("wb") as out:
        server = subprocess.Popen(command, stdout=out, stderr=out)
        try:
            await_health(server, at, log)
            yield at
        finally:
            server.kill()
            server.wait()


def await_health(server, at, log):
    for _ in range(120):
        if server.poll() is not None:
            break
        with contextlib.suppress(OSError):
            if get(at, "/health")[0] == HTTPStatus.OK:
                return
        time.sleep(1)
    pytest.fail(f"the llama.cpp server does not start: {log.read_text('utf-8', 'replace')[-400:]}")


@pytest.mark.long
def test_a_real_server_is_asked_and_an_answer_or_one_line_comes_back(llama, tmp_path, monkeypatch):
    pytest.importorskip("pydantic_ai")
    monkeypatch.setenv("KG_LLM_KEY", "none")
    workplace = Workplace(tmp_path)
    workplace.write("deal.txt", TEXT)
    ran = workplace.build(url=f"{llama}/v1")
    tokens = [
        line for line in get(llama, "/metrics")[1].splitlines() if line.startswith("llamacpp:prompt_tokens_total")
    ]
    assert float(tokens[0].split()[1]) > len(TEXT) / 5
    complaints = ran.stderr.splitlines()
    assert (ran.exit_code, len(complaints)) in {(0, 0), (1, 1)}, ran.output
    assert all("deal.txt: the language model a-model at " in line for line in complaints)
    claims = [json.loads(line) for line in workplace.run("export", "--format", "jsonl").stdout.splitlines()]
    assert "rules" in {claim["method"].partition("/")[0] for claim in claims}
    assert all(evidence["quote"] in TEXT for claim in claims for evidence in claim["evidence"])
