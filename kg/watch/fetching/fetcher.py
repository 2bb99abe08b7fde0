"""What was fetched, in a folder: each feed and page in a file, and a record of when, and which version.

A feed or page is asked for anew at most once in its `every` seconds, and only for what changed since (ETag and
Last-Modified, RFC 9110, section 13). The page of an entry is fetched once; what cannot be had is asked for again after
five minutes, then after twice as long each time, for two days. A host that wants to wait is left alone, from one run
to the next: the record knows until when.
"""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kg.dates import utc_now
from kg.documents import SkippedSource
from kg.documents.containers.feed import feed_links
from kg.documents.metadata import is_address
from kg.errors import DocumentError, KgError, MissingExtra
from kg.pipeline.workers import InProcessRunner, ProcessRunner
from kg.watch.config import Address
from kg.watch.fetching.client import LONGEST_PAUSE, WebClient, WebError, WebResponse
from kg.watch.state import write_file

__all__ = ["Fetcher", "folder_of"]

_RECORD = ".kg-fetched.json"
_MOST_PAGES = 50
"""Pages of one feed in a round: the rest is fetched in the next ones."""
_TRIES, _RETRY = 10, 300
"""How often the page of an entry is asked for that cannot be had, and after how many seconds for the second time."""
_MOST_LINKS = 1000
"""Entries of one feed whose pages are fetched."""
_SECONDS = 60
"""For which a feed may be parsed, in a process of its own."""
_KINDS: Mapping[str, str] = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "application/pdf": ".pdf",
}
"""What pages may be, and how their files' names end."""
_VALIDATORS = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}


def folder_of(fetched: Path, address: Address) -> Path:
    """Return the folder that holds what an address gave."""
    return fetched / _name(address.url, str(urlsplit(address.url).hostname))


def _name(url: str, readable: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", readable.lower()).strip("-")[:60]
    return f"{slug or 'page'}-{hashlib.sha256(url.encode()).hexdigest()[:8]}"


@dataclass(slots=True)
class Fetcher:
    """Fetches addresses into `folder`; `failed` are those that could not be had, `count` what came anew.

    `jobs` is that of a build: feeds are strangers' texts, and parsed in a process that may be ended, unless it is 0.
    """

    folder: Path
    client: WebClient
    clock: Callable[[], str] = utc_now
    jobs: int | None = None
    count: int = 0
    failed: list[SkippedSource] = field(default_factory=list)
    _record: dict[str, dict[str, Any]] = field(init=False)
    """By address, what came of it: when, in which file, of which version; of a feed, the addresses of its entries."""

    def __post_init__(self) -> None:
        """Read what was fetched before; a record that is lost costs requests, and nothing else."""
        try:
            record = json.loads((self.folder / _RECORD).read_bytes())
            self._record = {str(url): dict(entry) for url, entry in record["addresses"].items()}
            for host, until in record["hosts"].items():
                seconds = _seconds(self.clock(), until)
                if seconds > 0:
                    self.client.leave(host, seconds)
        except (OSError, ValueError, AttributeError, KeyError, TypeError):
            self._record = {}

    def fetch(self, addresses: Iterable[Address]) -> None:
        """Fetch the addresses that are due, and of feeds the pages of their entries, where they are wanted."""
        feeds, known = set[str](), set[str]()
        for address in addresses:
            try:
                if self._is_due(address.url, address.every):
                    self._try(address.url, 0, lambda response, of=address: self._keep(of, response))  # type: ignore[misc]
                if address.pages:
                    links = self._links(address)
                    self._fetch_pages(address, links)
                    feeds, known = feeds | {address.url}, known.union(links)
            finally:
                self._write()
        # The page of an entry that has left its feed is not asked for any more.
        self._record = {
            url: entry for url, entry in self._record.items() if entry.get("of") not in feeds or url in known
        }
        self._write()

    def _fetch_pages(self, address: Address, links: Sequence[str]) -> None:
        folder, left = folder_of(self.folder, address) / "pages", _MOST_PAGES
        for url in links:
            # A host that wants to wait has said so for the first of its pages.
            if left and self._is_wanted(url) and _host(url) not in self._waiting():
                left -= 1
                self._try(url, _RETRY, lambda response, url=url: self._keep_page(folder, url, response))  # type: ignore[misc]
                self._record[url]["of"] = address.url

    def _waiting(self) -> Collection[str]:
        return {host for host, seconds in self.client.waits().items() if seconds > LONGEST_PAUSE}

    def _is_due(self, url: str, every: float) -> bool:
        entry = self._record.get(url, {})
        try:
            passed = _seconds(str(entry.get("at", "")), self.clock())
        except ValueError:
            return True
        # Where it could not be had, the wait says when to ask again.
        return not 0 <= passed < float(entry.get("wait") or every)

    def _is_wanted(self, link: str) -> bool:
        entry = self._record.get(link, {})
        return "file" not in entry and int(entry.get("tries", 0)) < _TRIES and self._is_due(link, 0)

    def _try(self, url: str, pause: float, keep: Callable[[WebResponse], Mapping[str, Any]]) -> None:
        entry = self._record.get(url, {})
        known = entry if (self.folder / str(entry.get("file", _RECORD))).is_file() and "file" in entry else {}
        conditions = {header: str(known[name]) for name, header in _VALIDATORS.items() if name in known}
        new: dict[str, Any] = {**entry, "at": self.clock(), "wait": 0}
        try:
            response = self.client.get(url, conditions)
            new.pop("tries", None)
            if response.body is not None:
                new = {"at": new["at"], **keep(response), **_validators(response.headers)}
                self.count += 1
        except MissingExtra:
            raise
        except (DocumentError, ValueError) as error:
            # One address, which may be a stranger's, must not end the round.
            self.failed.append(SkippedSource(url, str(error)))
            new |= self._again(entry, pause, error)
        self._record[url] = new

    @staticmethod
    def _again(entry: Mapping[str, Any], pause: float, error: Exception) -> Mapping[str, Any]:
        """Return when to ask again: as the host says, who is not tired of it by that; else more and more seldom."""
        after = error.after if isinstance(error, WebError) else None
        if after is not None:
            return {"wait": after}
        tries = int(entry.get("tries", 0)) + 1
        return {"tries": tries, "wait": pause * 2 ** min(tries - 1, _TRIES)}

    def _keep(self, address: Address, response: WebResponse) -> Mapping[str, Any]:
        folder = folder_of(self.folder, address)
        if not address.is_feed:
            return self._keep_page(folder, address.url, response)
        path = folder / ("feed.json" if response.kind.endswith("json") else "feed.xml")
        write_file(path, response.body or b"")
        return {"file": str(path.relative_to(self.folder))}

    def _keep_page(self, folder: Path, url: str, response: WebResponse) -> Mapping[str, Any]:
        """Keep a page under the address that was asked for: where it is sent on to may be another one each time."""
        suffix = _KINDS.get(response.kind)
        if suffix is None:
            raise DocumentError(f"is of the kind '{response.kind}': pages are {', '.join(_KINDS)}")
        path = folder / f"{_name(url, urlsplit(url).path)}{suffix}"
        if is_address(url):
            # Beside the page, as kg build reads it; before the page, which may be read at once.
            write_file(path.with_suffix(".json"), json.dumps({"url": url}).encode())
        write_file(path, response.body or b"")
        return {"file": str(path.relative_to(self.folder))}

    def _links(self, address: Address) -> Sequence[str]:
        """Return the addresses of a feed's entries, which are looked for when it came anew."""
        entry = self._record.get(address.url, {})
        path = self.folder / str(entry.get("file", _RECORD))
        if "links" not in entry and "file" in entry and path.is_file():
            entry["links"] = self._parsed_links(address, path)[:_MOST_LINKS]
        return tuple(map(str, entry.get("links", ())))

    def _parsed_links(self, address: Address, path: Path) -> Sequence[str]:
        with InProcessRunner() if self.jobs == 0 else ProcessRunner(1) as runner:
            [(_, links)] = runner.map(feed_links, [path], lambda _: _SECONDS)
        if isinstance(links, MissingExtra):
            raise links
        if isinstance(links, KgError):
            self.failed.append(SkippedSource(address.url, str(links)))
            return []
        return links

    def _write(self) -> None:
        now = _moment(self.clock())
        hosts = {host: str(now + dt.timedelta(seconds=seconds)) for host, seconds in self.client.waits().items()}
        record = {"addresses": self._record, "hosts": hosts}
        write_file(self.folder / _RECORD, json.dumps(record).encode())


def _validators(headers: Mapping[str, str]) -> Mapping[str, str]:
    """Return what tells the version of an answer, as far as it can be sent back (RFC 9110, section 5.5)."""
    values = {name: headers.get(name) or "" for name in _VALIDATORS}
    return {name: value for name, value in values.items() if value and value.isascii() and value.isprintable()}


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""


def _seconds(start: str, end: str) -> float:
    return (_moment(end) - _moment(start)).total_seconds()


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)
