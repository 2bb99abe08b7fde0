"""Assistants over HTTP: the same answers within the same guards as all that the server answers."""

import asyncio
import json

import pytest

from kg.mcp.answer import MAX_BYTES
from tests.mcp.conftest import in_a_thread, size_of, tokens_of
from tests.mcp.twelve import TWELVE, says

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o }"
LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
JSON = {"accept": "application/json, text/event-stream", "content-type": "application/json"}


@pytest.fixture(scope="module")
def talk_to():
    """Let a client talk to a served graph: talk_to(server, script, mode)."""
    mcp = pytest.importorskip("mcp", reason="the SDK of the protocol is not installed: pip install 'kg[mcp]'")

    def run(server, script, **options):
        async def session():
            async with mcp.Client(f"{server.url}mcp", read_timeout_seconds=180, **options) as client:
                return await script(client)

        return in_a_thread(session())

    return run


def test_twelve_questions_are_answered_all_at_once(server, talk_to):
    async def script(client):
        return await asyncio.gather(*(client.call_tool(asked.tool, asked.arguments) for asked in TWELVE))

    for asked, answer in zip(TWELVE, talk_to(server, script), strict=True):
        assert not answer.is_error, answer.content[0].text
        assert says(asked, answer.structured_content), asked.words
        assert tokens_of(answer) <= asked.tokens
        assert size_of(answer) <= MAX_BYTES


def test_a_client_of_the_version_before_is_answered_too(server, talk_to):
    async def script(client):
        return client.protocol_version, await client.call_tool("between", {"one": "Nvidia", "other": "CoreWeave"})

    version, answer = talk_to(server, script, mode="legacy")
    assert version < "2026"
    assert answer.structured_content["facts"]


def test_a_runaway_query_ends_in_the_limit(hurried, talk_to, until):
    answer = talk_to(hurried, lambda client: client.call_tool("sparql", {"query": ENDLESS}))
    assert answer.is_error
    assert "longer than the 2 s" in answer.content[0].text
    until(lambda: hurried.slow_queries() == 0)


def test_who_hangs_up_leaves_no_work_behind(server, until):
    call = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": "sparql", "arguments": {"query": ENDLESS}},
    }
    before = server.metric('kg_queries_stopped_total{reason="client"}')
    client = server.http.__class__(base_url=server.url, timeout=1.0, verify=False)
    with pytest.raises(Exception, match="timed out"), client:
        client.post("mcp", json=call, headers=JSON)
    until(lambda: server.metric('kg_queries_stopped_total{reason="client"}') == before + 1)
    until(lambda: server.metric("kg_queries_running") == 0)


def test_nobody_judges_over_http(server, talk_to):
    tools = talk_to(server, lambda client: client.list_tools())
    assert all(tool.annotations.read_only_hint for tool in tools.tools)
    assert "judge" not in {tool.name for tool in tools.tools}


def test_the_guards_are_those_of_the_server(server):
    answer = server.http.post("mcp", json=LIST, headers=JSON)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert len(json.dumps(answer.json()["result"]["tools"])) < 8 << 10
    foreign = server.http.post("mcp", json=LIST, headers=JSON | {"host": "evil.example"})
    assert foreign.status_code == 400
    page = server.http.post("mcp", json=LIST, headers=JSON | {"origin": "https://evil.example"})
    assert page.status_code == 403
    assert page.text.count("\n") == 1
    own = server.http.post("mcp", json=LIST, headers=JSON | {"origin": server.url.rstrip("/")})
    assert own.status_code == 200


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
def test_there_is_nothing_but_messages(server, method):
    answer = server.http.request(method, "mcp")
    assert (answer.status_code, answer.text) == (405, f"{method} is not for /mcp, which takes POST\n")


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"{", 400),
        (b"[]", 400),
        (b"{}", 400),
        (b"null", 400),
        (b"\xff", 400),
        (b"[" * 100_000, 400),
        (b"x" * (1 << 19), 413),
    ],
)
def test_what_is_no_message_is_refused(server, content, status):
    answer = server.http.post("mcp", content=content, headers=JSON)
    assert answer.status_code == status
    assert len(answer.content) < 4_000
    assert "Traceback" not in answer.text


def test_a_page_of_an_allowed_origin_may_ask(examples, hosting):
    with hosting(examples, "--cors", "https://desk.example") as served:
        headers = {
            "origin": "https://desk.example",
            "access-control-request-method": "POST",
            "access-control-request-headers": "content-type,mcp-protocol-version,mcp-method",
        }
        assert served.http.options("mcp", headers=headers).status_code == 200
        answer = served.http.post("mcp", json=LIST, headers=JSON | {"origin": "https://desk.example"})
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == "https://desk.example"


def test_of_a_narrowed_graph_nothing_else_is_told(tmp_path, hosting, talk_to):
    from kg.model import Tier
    from kg.store import open_store
    from tests.server.test_narrowed import FILING, WHISPER, read

    with open_store(tmp_path / "store", write=True) as store:
        store.commit(
            [read("press.txt", WHISPER, "supplies", Tier.NEWS), read("filing.txt", FILING, "holds-stake", Tier.FILING)]
        )
        hidden = next(store.claims(document="press.txt")).id

    async def script(client):
        calls = {
            "dossier": {"company": "Nvidia", "leads": True},
            "claims": {"company": "CoreWeave"},
            "question": {"name": "sources"},
            "changes": {"since": "2000", "until": "2030", "clock": "recorded"},
            "sparql": {"query": "SELECT ?s { GRAPH ?g { ?c kg:sentence ?s } }"},
            "evidence": {"claim": hidden},
        }
        return {tool: await client.call_tool(tool, given) for tool, given in calls.items()}

    with hosting(tmp_path / "store", "--tiers", "filing") as served:
        answers = talk_to(served, script)
    assert answers["evidence"].is_error
    for tool, answer in answers.items():
        assert "whispers" not in answer.content[0].text, tool
        assert "press.txt" not in answer.content[0].text, tool
    assert "filing.txt" in answers["question"].content[0].text
    assert "narrowed" in answers["dossier"].content[0].text


def test_without_the_sdk_the_address_says_what_to_install(monkeypatch):
    from kg.server.access import AccessPolicy
    from kg.server.assistants import AssistantEndpoint
    from kg.server.protocol import HttpError

    def absent(_):
        raise ImportError("No module named 'mcp'")

    monkeypatch.setattr(AssistantEndpoint, "_manager", absent)
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/mcp",
        "headers": [],
        "scheme": "http",
        "server": ("localhost", 1),
    }

    async def ask():
        endpoint = AssistantEndpoint(None, AccessPolicy())
        try:
            await endpoint({**scope, "query_string": b"", "root_path": ""}, None, None)
        finally:
            await endpoint.close()

    with pytest.raises(HttpError, match=r"kg\[mcp\]") as caught:
        in_a_thread(ask())
    assert caught.value.status == 501
