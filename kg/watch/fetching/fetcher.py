"""What was fetched, in a folder: each feed and page in a file, and a record of when, and which version.

A feed or page is asked for anew at most once in its `every` seconds, and only for what changed since (ETag and
Last-Modified, RFC 9110, section 13). The page of an entry is fetched once.
"""

import datetime as dt
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kg.dates import utc_now
from kg.documents import SkippedSource
from kg.documents.metadata import is_address
from kg.errors import DocumentError, MissingExtra
from kg.watch.config import Address
from kg.watch.fetching.client import WebClient, WebError, WebResponse
from kg.watch.state import write_file

__all__ = ["Fetcher", "folder_of"]

_RECORD = ".kg-fetched.json"
_MOST_PAGES = 50
"""Pages of one feed in a round: the rest is fetched in the next ones."""
_TRIES = 3
"""How often the page of an entry is asked for that cannot be had."""
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
    """Fetches addresses into `folder`; `failed` are those that could not be had, `count` what came anew."""

    folder: Path
    client: WebClient
    clock: Callable[[], str] = utc_now
    count: int = 0
    failed: list[SkippedSource] = field(default_factory=list)
    _record: dict[str, dict[str, Any]] = field(init=False)

    def __post_init__(self) -> None:
        """Read what was fetched before; a record that is lost costs requests, and nothing else."""
        try:
            record = json.loads((self.folder / _RECORD).read_bytes())
            self._record = {str(url): dict(entry) for url, entry in record.items()}
        except (OSError, ValueError, AttributeError, TypeError):
            self._record = {}

    def fetch(self, address: Address) -> None:
        """Fetch an address where it is due; of a feed, the pages of its entries where they are wanted."""
        if self._is_due(address):
            self._try(address.url, lambda response: self._keep(address, response))
        if address.pages:
            for url in self._new_pages(address):
                folder = folder_of(self.folder, address) / "pages"
                self._try(url, lambda response, folder=folder: self._keep_page(folder, response))  # type: ignore[misc]

    def _is_due(self, address: Address) -> bool:
        entry = self._record.get(address.url, {})
        last = str(entry.get("at", ""))
        try:
            passed = (_moment(self.clock()) - _moment(last)).total_seconds()
        except ValueError:
            return True
        return not 0 <= passed < max(address.every, float(entry.get("wait", 0)))

    def _try(self, url: str, keep: Callable[[WebResponse], Path]) -> None:
        entry = self._record.get(url, {})
        known = entry if (self.folder / str(entry.get("file", _RECORD))).is_file() and "file" in entry else {}
        conditions = {header: str(known[name]) for name, header in _VALIDATORS.items() if name in known}
        new: dict[str, Any] = {**entry, "at": self.clock(), "wait": 0}
        try:
            response = self.client.get(url, conditions)
            if response.body is not None:
                new = {"at": new["at"], "file": str(keep(response).relative_to(self.folder))}
                new |= {name: value for name in _VALIDATORS if (value := response.headers.get(name))}
                self.count += 1
        except DocumentError as error:
            self.failed.append(SkippedSource(url, str(error)))
            new["tries"] = int(entry.get("tries", 0)) + 1
            new["wait"] = (error.after or 0) if isinstance(error, WebError) else 0
        self._record[url] = new
        write_file(self.folder / _RECORD, json.dumps(self._record).encode())

    def _keep(self, address: Address, response: WebResponse) -> Path:
        folder = folder_of(self.folder, address)
        if not address.is_feed:
            return self._keep_page(folder, response)
        path = folder / ("feed.json" if response.kind.endswith("json") else "feed.xml")
        write_file(path, response.body or b"")
        return path

    def _keep_page(self, folder: Path, response: WebResponse) -> Path:
        suffix = _KINDS.get(response.kind)
        if suffix is None:
            raise DocumentError(f"is of the kind '{response.kind}': pages are {', '.join(_KINDS)}")
        name = _name(response.url, urlsplit(response.url).path)
        path = folder / f"{name}{suffix}"
        if is_address(response.url):
            # Beside the page, as kg build reads it; before the page, which may be read at once.
            write_file(path.with_suffix(".json"), json.dumps({"url": response.url}).encode())
        write_file(path, response.body or b"")
        return path

    def _new_pages(self, address: Address) -> list[str]:
        entry = self._record.get(address.url, {})
        path = self.folder / str(entry.get("file", ""))
        if not path.is_file():
            return []
        links = dict.fromkeys(link for link in _links(path.read_bytes()) if self._is_wanted(link))
        return list(links)[:_MOST_PAGES]

    def _is_wanted(self, link: str) -> bool:
        entry = self._record.get(link, {})
        return "file" not in entry and int(entry.get("tries", 0)) < _TRIES


def _links(data: bytes) -> Iterator[str]:
    """Yield the addresses of a feed's entries, in their order."""
    try:
        import feedparser
    except ImportError as error:
        raise MissingExtra("fetching the pages of a feed needs feedparser: pip install 'kg[office]'") from error
    for entry in feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False).entries:
        link = str(entry.get("link") or "").strip()
        if is_address(link):
            yield link


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)
