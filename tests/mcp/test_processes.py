"""`kg mcp` as a process: its limits, its end, a store that changes meanwhile, verdicts that a person asks for."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from kg.mcp.fence import unfenced
from kg.model import Document
from kg.store import DocumentClaims, open_store
from tests.conftest import COREWEAVE, NVIDIA, claim_of
from tests.mcp.conftest import in_a_thread
from tests.mcp.twelve import TODAY

PATIENCE = 180
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o }"
WORDS = "Nvidia lends to CoreWeave."


@pytest.fixture
def store(tmp_path, unrecorded, sorted_reading):
    with open_store(tmp_path / "store", write=True) as store:
        store.commit([DocumentClaims(*unrecorded[1], "reader/1"), sorted_reading])
    return tmp_path / "store"


def read_more(store):
    document = Document("more.txt", WORDS, "en", "2025-03-20")
    with open_store(store, write=True) as opened:
        opened.commit([DocumentClaims(document, (claim_of(document, WORDS, NVIDIA, "lends-to", COREWEAVE),))])


async def answered(client, tool, arguments):
    """The answer to a light call: on a machine that does much else it may meet the limit, too, and is asked again."""
    for _ in range(10):
        answer = await client.call_tool(tool, arguments)
        if "longer than" not in answer.content[0].text:
            break
    return answer


def test_a_runaway_query_ends_in_its_limit_and_others_go_on(talk, process, example_store):
    async def script(client):
        await client.call_tool("find_company", {"name": "Nvidia"})
        runaway = [client.call_tool("sparql", {"query": ENDLESS}) for _ in range(2)]
        light = [answered(client, "between", {"one": "Nvidia", "other": "CoreWeave"}) for _ in range(6)]
        answers = await asyncio.gather(*runaway, *light)
        bombs = [
            await client.call_tool("sparql", {"query": query})
            for query in (
                "SELECT * { FILTER(" + "IF(true, " * 3_000 + "1" + ", 2)" * 3_000 + ") }",
                "SELECT (GROUP_CONCAT(?x) AS ?all) { ?a ?b ?x . ?c ?d ?y . ?e ?f ?z . ?g ?h ?i }",
            )
        ]
        return answers, bombs, await answered(client, "dossier", {"company": "CoreWeave"})

    answers, bombs, after = talk(process(example_store, "--time-limit", "10", "--memory-limit", "256"), script)
    for answer in (*answers[:2], *bombs):
        assert answer.is_error
        [part] = answer.content
        assert part.text.count("\n") == 0
        assert len(part.text) < 400
    assert all("longer than the 10 s" in answer.content[0].text for answer in answers[:2])
    assert [answer.content[0].text for answer in (*answers[2:], after) if answer.is_error] == []


def slow_workers():
    """How many processes that this one started, or those did, work at the lowest priority: a call that takes long."""
    parents, priorities = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            parents[int(stat.parent.name)], priorities[int(stat.parent.name)] = int(fields[1]), int(fields[16])
    below = {os.getpid()}
    for _ in range(4):
        below |= {process for process, parent in parents.items() if parent in below}
    return sum(priorities[process] == 19 for process in below if process in priorities)


def test_a_call_that_is_given_up_leaves_no_work_behind(talk, process, example_store):
    async def settles(count):
        for _ in range(PATIENCE * 10):
            if slow_workers() == count:
                return True
            await asyncio.sleep(0.1)
        return False

    async def script(client):
        call = asyncio.create_task(client.call_tool("sparql", {"query": ENDLESS}))
        began = await settles(1)
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        return began, await settles(0)

    assert talk(process(example_store, "--time-limit", "600"), script) == (True, True)


def test_what_is_committed_meanwhile_is_answered_from(talk, process, store):
    async def script(client):
        before = await client.call_tool("claims", {"relation": "lends-to"})
        page = await client.call_tool("claims", {"limit": 2})
        await asyncio.to_thread(read_more, store)
        for _ in range(PATIENCE * 10):
            after = await client.call_tool("claims", {"relation": "lends-to"})
            if after.structured_content["page"]["total"]:
                break
            await asyncio.sleep(0.1)
        cursor = page.structured_content["page"]["next"]
        return before, after, await client.call_tool("claims", {"limit": 2, "cursor": cursor})

    before, after, further = talk(process(store), script)
    assert before.structured_content["page"]["total"] == 0
    [row] = after.structured_content["facts"]
    assert unfenced(row["claims"][0]["quote"]) == WORDS
    assert "the graph has changed" in further.structured_content["changed"]


def test_a_verdict_goes_the_way_of_kg_judge(talk, process, store):
    async def script(client):
        tools = await client.list_tools()
        found = await client.call_tool("claims", {"company": "Microsoft", "relation": "competes-with"})
        claim = found.structured_content["facts"][0]["claims"][0]["claim"]
        wrong = await client.call_tool("judge", {"claim": claim, "verdict": "wrong", "part": "relation"})
        after = await client.call_tool("claims", {"company": "Microsoft", "relation": "competes-with"})
        refused = [
            await client.call_tool("judge", {"claim": "nothing", "verdict": "right"}),
            await client.call_tool("judge", {"claim": claim, "verdict": "perhaps"}),
        ]
        return tools, claim, wrong, after, refused

    tools, claim, wrong, after, refused = talk(process(store, "--judge", "ada"), script)
    entries = tools.model_dump(by_alias=True, exclude_none=True, mode="json")["tools"]
    assert entries[-1]["annotations"] == {"destructiveHint": False}
    assert len(json.dumps(entries)) < 8 << 10
    assert wrong.structured_content["claims_withdrawn"] == 1
    assert after.structured_content["page"]["total"] == 0
    assert all(answer.is_error for answer in refused)
    with open_store(store) as opened:
        [judgement] = opened.reading("rivals.txt").judgements
    assert (judgement.claim.id, judgement.author, judgement.verdict, judgement.tool) == (
        *(claim, "ada", "wrong", "assistant"),
    )


def test_a_first_process_that_comes_late_keeps_no_call_from_being_answered(store, tmp_path):
    from kg.mcp.calls import ReadResource
    from kg.server.fair_queue import Busy
    from kg.server.stdio import StdioConfig, _Session
    from kg.server.worker import Answer

    class Scheduler:
        async def answer(self, *_):
            return Answer(b"told", "text/plain")

    async def late():
        raise Busy("no process could be started")

    async def ask():
        (tmp_path / "work").mkdir()
        session = _Session(StdioConfig(store), tmp_path / "work")
        session._scheduler, session._ready = Scheduler(), asyncio.create_task(late())
        try:
            return [await session._ask(ReadResource("kg://ontology"), None) for _ in range(2)]
        finally:
            session._watcher.clean()

    assert in_a_thread(ask()) == [(b"told", "text/plain")] * 2


def test_nobody_judges_who_was_not_told_to(talk, here, example_store):
    with open_store(example_store) as store:
        answer = talk(here(store), lambda client: client.call_tool("judge", {"claim": "x", "verdict": "right"}))
    assert answer.is_error
    assert "there is no tool 'judge'" in answer.content[0].text


# ------------------------------------------------------------------------------ its beginning and its end
@pytest.fixture
def started():
    """`kg mcp` with pipes, and a folder of its own for what it writes meanwhile: started(store, *options)."""
    # Not tmp_path: the address of a socket, which is put there, has 107 letters at most.
    held = tempfile.TemporaryDirectory()
    folder = Path(held.name)
    running = []

    def start(store, *options):
        command = [sys.executable, "-m", "kg", "mcp", "--store", str(store), *options]
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        environment = os.environ | {"TMPDIR": str(folder), "KG_TODAY": TODAY}
        process = subprocess.Popen(command, **pipes, text=True, env=environment)
        running.append(process)
        return process

    start.folder = folder
    yield start
    for process in running:
        process.kill()
        process.communicate()
    held.cleanup()


HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
}


def say(process, message):
    process.stdin.write((message if isinstance(message, str) else json.dumps(message)) + "\n")
    process.stdin.flush()


def test_a_closed_input_ends_it_whatever_it_does(started, example_store):
    process = started(example_store)
    say(process, HELLO)
    assert json.loads(process.stdout.readline())["result"]["serverInfo"]["name"] == "kg"
    say(process, {"jsonrpc": "2.0", "method": "notifications/initialized"})
    say(process, "this is no JSON")
    arguments = {"name": "sparql", "arguments": {"query": ENDLESS}}
    say(process, {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": arguments})
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert "Traceback" not in out + err
    assert list(started.folder.glob("kg-mcp-*")) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_and_leaves_nothing_behind(started, example_store, number):
    process = started(example_store)
    say(process, HELLO)
    process.stdout.readline()
    process.send_signal(number)
    assert process.wait(PATIENCE) == 128 + number
    assert list(started.folder.glob("kg-mcp-*")) == []
    assert "Traceback" not in process.stderr.read()


@pytest.mark.parametrize(
    ("options", "said", "code"),
    [
        (("--store", "nowhere"), "nowhere", 1),
        (("--judge", "ada", "--tiers", "filing"), "a narrowed graph is for reading", 2),
        (("{}",), "--call", 2),
        (("--call", "dossier", "{"), "no JSON", 1),
        (("--call", "dossier", "[]"), "an object", 1),
        (("--call", "dossier", '{"company": "Nobody"}'), "Nobody", 1),
    ],
)
def test_what_it_cannot_do_is_one_line(started, example_store, options, said, code):
    process = started(example_store, *options)
    out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out) == (code, "")
    assert said in err
    assert "Traceback" not in err


def test_a_call_and_the_list_can_be_printed(example_store):
    from click.testing import CliRunner

    from kg.cli import cli

    listed = CliRunner().invoke(cli, ["mcp", "--list", "--judge", "ada"])
    assert listed.output.startswith("find_company(name, [country]")
    assert "judge(claim, verdict" in listed.output
    call = ["mcp", "--call", "between", '{"one": "Nvidia", "other": "CoreWeave"}', "--store", str(example_store)]
    printed = CliRunner().invoke(cli, call)
    assert "⟦Nvidia⟧ holds-stake ⟦CoreWeave⟧; terms: percent 6" in printed.output


def test_the_docs_list_every_tool():
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "assistants.md").read_text("utf-8")
    from kg.mcp.tools import TOOLS

    assert [name for name in TOOLS if name not in page] == []
