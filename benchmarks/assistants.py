"""What an assistant waits for and pays: ``kg mcp`` over the example articles, the twelve questions of the tests.

Milliseconds are of the whole call as the SDK's own client sees it, over standard input and output, the median of
``--times`` calls; bytes are of the answer as it is sent, escaped to ASCII; tokens are its characters divided by four.
The first answer waits for a worker process, the others do not.
"""

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import mcp

import kg
from kg.mcp.fitting import wire_size
from kg.mcp.protocol import tool_entries

# The questions are those of the tests: what is measured is what is shown to be right.
sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.mcp.conftest import size_of, tokens_of
from tests.mcp.twelve import TWELVE, says


async def measured(store: Path, times: int) -> None:
    command = ["-m", "kg", "mcp", "--store", str(store)]
    server = mcp.StdioServerParameters(command=sys.executable, args=command, env=dict(os.environ))
    start = time.perf_counter()
    async with mcp.Client(server) as client:
        said(f"handshake {time.perf_counter() - start:.1f} s")
        await client.call_tool("find_company", {"name": "OpenAI"})
        said(f"first answer {time.perf_counter() - start:.1f} s; tools/list {wire_size(tool_entries()):,} bytes\n")
        for asked in TWELVE:
            await client.call_tool(asked.tool, asked.arguments)
        print(f"{'ms':>7} {'bytes':>7} {'tokens':>7}  question")
        waits, answers = [], []
        for asked in TWELVE:
            seconds, answer = [], None
            for _ in range(times):
                before = time.perf_counter()
                answer = await client.call_tool(asked.tool, asked.arguments)
                seconds.append(time.perf_counter() - before)
            if not says(asked, answer.structured_content):
                raise SystemExit(f"{asked.words} is not answered: {answer.content[0].text}")
            waits.append(statistics.median(seconds) * 1000)
            answers.append(answer)
            print(f"{waits[-1]:7.1f} {size_of(answer):7,} {tokens_of(answer):7,.0f}  {asked.words}")
        worst = max(map(size_of, answers)), max(map(tokens_of, answers))
        print(f"{max(waits):7.1f} {worst[0]:7,} {worst[1]:7,.0f}  the most\n")
        before = time.perf_counter()
        await asyncio.gather(*(client.call_tool(asked.tool, asked.arguments) for asked in TWELVE))
        said(f"all twelve at once {(time.perf_counter() - before) * 1000:.0f} ms")


def said(line: Any) -> None:
    print(line, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=9)
    times = parser.parse_args().times
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        with kg.open(store, write=True) as graph:
            graph.build(kg.examples())
        asyncio.run(measured(store, times))


if __name__ == "__main__":
    main()
