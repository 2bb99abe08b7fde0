"""A server in a process of its own, for the time of a benchmark."""

import contextlib
import re
import subprocess
import time
from collections.abc import Iterator

import httpx2

__all__ = ["started"]


@contextlib.contextmanager
def started(command: list[str], url: str | None) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = subprocess.Popen(  # noqa: S603
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True
    )
    try:
        if url is None and process.stdout is not None:
            url = re.search(r"http://\S+/", process.stdout.readline())[0] + "sparql"  # type: ignore[index]
        wait_for(str(url))
        yield process, str(url)
    finally:
        process.terminate()
        process.wait()


def wait_for(url: str) -> None:
    for _ in range(200):
        with contextlib.suppress(httpx2.HTTPError):
            httpx2.get(url, params={"query": "ASK {}"})
            return
        time.sleep(0.1)
    raise SystemExit(f"no answer from {url}")
