"""What a reviewer waits for at `kg serve --write`, alone and beside other load. ``--quick`` takes a tenth of the data.

100,000 claims, a queue of all of them. A reviewer asks for the next card and judges it, over and over: alone, and
beside eight clients that send light queries without a pause while a second reviewer judges as well. ``--claims N``
takes another number of claims.

Card      from the request to the answer: a sentence, its paragraph, its claims (asked: a median of less than 100 ms)
Judgement the same for a judgement: it is in the journal when it is answered
"""

import argparse
import asyncio
import contextlib
import datetime as dt
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
from _generate import readings
from _served import started

from kg.server.tokens import Role, TokenFile, new_token
from kg.store import open_store

CLIENTS = 8
ROUNDS = 50
CONFLICT = 409
QUERY = (
    "PREFIX kg: <https://w3id.org/company-kg/ontology#> "
    "SELECT ?p ?o { <https://w3id.org/company-kg/company/%s> ?p ?o } LIMIT 50"
)
DRAWS = ({"draw": "all"}, {"draw": "random", "seed": "7"}, {"draw": "uncertain"})


async def review(root: str, token: str, draw: dict[str, str], rounds: int) -> tuple[list[float], list[float]]:
    """Ask for a card and judge its first claim, again and again; return the seconds of both."""
    cards, judgements = [], []
    async with httpx2.AsyncClient(timeout=60, headers={"authorization": f"Bearer {token}"}) as client:
        for _ in range(rounds):
            begun = time.perf_counter()
            answer = await client.get(f"{root}review", params=draw, headers={"accept": "application/json"})
            cards.append(time.perf_counter() - begun)
            card = answer.raise_for_status().json()["cards"][0]
            said = {"claim": card["claims"][0]["id"], "text_sha256": card["text_sha256"], "verdict": "right"}
            begun = time.perf_counter()
            taken = await client.post(f"{root}judgements", json=said)
            judgements.append(time.perf_counter() - begun)
            if taken.status_code != CONFLICT:  # the other reviewer judged a claim of the same document meanwhile
                taken.raise_for_status()
    return cards, judgements


@contextlib.asynccontextmanager
async def loaded(root: str, token: str, names: list[str]) -> AsyncIterator[None]:
    """Have clients send queries without a pause, and another reviewer judge."""
    ended = asyncio.Event()

    async def ask(client: httpx2.AsyncClient, first: int) -> None:
        while not ended.is_set():
            first = (first + CLIENTS) % len(names)
            await client.get(f"{root}sparql", params={"query": QUERY % names[first]}, headers={"accept": "text/csv"})

    async def judge() -> None:
        while not ended.is_set():
            await review(root, token, {"draw": "random", "seed": "8"}, 1)

    async with httpx2.AsyncClient(timeout=60) as client:
        tasks = [asyncio.create_task(work) for work in (judge(), *(ask(client, at) for at in range(CLIENTS)))]
        try:
            yield
        finally:
            ended.set()
            await asyncio.gather(*tasks)


def row(what: str, took: list[float]) -> str:
    p95 = sorted(took)[len(took) * 95 // 100]
    return f"{what:<40}{statistics.median(took) * 1000:>12.1f}{p95 * 1000:>12.1f}"


async def measure(root: str, tokens: tuple[str, str], names: list[str]) -> None:
    await review(root, tokens[0], DRAWS[0], 5)
    for draw in DRAWS:
        cards, judgements = await review(root, tokens[0], draw, ROUNDS)
        print(row(f"card, {draw['draw']}, alone", cards), flush=True)
        async with loaded(root, tokens[1], names):
            beside, judged = await review(root, tokens[0], draw, ROUNDS)
        print(row(f"card, {draw['draw']}, beside load", beside), flush=True)
        print(row("judgement, alone", judgements), row("judgement, beside load", judged), sep="\n", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="take a tenth of the data")
    parser.add_argument("--claims", type=int, default=100_000, help="how many claims (100000)")
    given = parser.parse_args()
    claims = given.claims // (10 if given.quick else 1)
    with tempfile.TemporaryDirectory(prefix="kg-bench-") as temporary:
        work = Path(temporary)
        with open_store(work / "store", write=True) as store:
            store.commit(readings(claims // 10, claims))
            names = [entity.id.removeprefix("company/") for entity in store.entities()][:1000]
        now = dt.datetime.now(dt.UTC)
        (secret, ada), (other, bo) = (new_token(name, Role.REVIEWER, 1, now) for name in ("ada", "bo"))
        for token in (ada, bo):
            TokenFile(work / "tokens.json").add(token)
        command = [sys.executable, "-m", "kg", "serve", "--port", "0", "--store", str(work / "store"), "--write"]
        print(f"{claims:,} claims{'median ms':>38}{'95 % ms':>12}")
        with started([*command, "--tokens", str(work / "tokens.json")], None) as (_, url):
            asyncio.run(measure(re.sub(r"sparql$", "", url), (secret, other), names))


if __name__ == "__main__":
    os.environ.pop("KG_STORE", None)
    main()
