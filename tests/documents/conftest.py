"""What tests of files of many documents share: one article in every form, and what is found in a file."""

import gzip
import json
import socket
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest

from kg.documents import ListingTask, SkippedSource, find, is_container, list_members, read
from kg.errors import DocumentError

TITLE = "Oracle buys Opower"
BODY = (
    "Oracle has announced that it will buy the company Opower for $532 million.\n\n"
    "Nvidia owns 6% of CoreWeave, and the company competes with Microsoft."
)
TEXT = f"{TITLE}\n\n{BODY}\n"
RECORD = {"title": TITLE, "body": BODY, "publishedAt": "2016-05-02T08:00:00Z", "url": "https://example.org/opower"}


def mail(body=BODY, subject=TITLE, **headers):
    message = EmailMessage()
    message["Subject"], message["From"], message["Date"] = subject, "ada@example.org", "Mon, 02 May 2016 08:00:00 +0000"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    return message


def mbox(*messages):
    head = b"From ada@example.org Mon May  2 08:00:00 2016\n"
    return b"".join(head + bytes(message).replace(b"\r\n", b"\n") + b"\n" for message in messages)


def rss(*entries):
    items = "".join(entries) or (
        f"<item><title>{TITLE}</title><link>https://example.org/opower</link><guid>tag:example.org,2016:opower</guid>"
        "<pubDate>Mon, 02 May 2016 08:00:00 GMT</pubDate>"
        f"<description>{escaped(paragraphs(BODY))}</description></item>"
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{items}</channel></rss>'


def paragraphs(text):
    return "".join(f"<p>{paragraph}</p>" for paragraph in text.split("\n\n"))


def escaped(markup):
    return markup.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def page(body=BODY, title=TITLE):
    article = f"<article><h1>{title}</h1>{paragraphs(body)}</article>"
    return f"<html><head><title>{title}</title></head><body>{article}</body></html>"


def warc_record(url, body, content_type="text/html", status="200 OK", kind="response"):
    body = body if isinstance(body, bytes) else body.encode()
    answer = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    head = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{len(answer):012}>\r\n"
        f"WARC-Date: 2016-05-03T10:00:00Z\r\nWARC-Target-URI: {url}\r\n"
        f"Content-Type: application/http; msgtype={kind}\r\nContent-Length: {len(answer)}\r\n\r\n"
    )
    return head.encode() + answer + b"\r\n\r\n"


def forms():
    """One article in every form, by the name of its file."""
    return {
        "mail.eml": bytes(mail()),
        "box.mbox": mbox(mail()),
        "feed.rss": rss().encode(),
        "crawl.warc.gz": gzip.compress(warc_record("https://example.org/opower", page())),
        "news.jsonl": json.dumps(RECORD).encode() + b"\n",
        "news.json": json.dumps({"status": "ok", "articles": [RECORD]}).encode(),
        "sheet.csv": f'Title,Text,Date\n{TITLE},"{BODY}",2016-05-02\n'.encode(),
        "plain.txt": TEXT.encode(),
        "small.txt.gz": gzip.compress(TEXT.encode()),
    }


def members(path):
    """What is below a path: documents, what is not read and why, by its name below the path, and what was listed."""
    found = _Found([], {}, [])
    for source in find([str(path)]):
        found.take(source)
    return found.documents, {name.removeprefix(f"{path}"): why for name, why in found.skipped.items()}, found.listings


@dataclass
class _Found:
    documents: list
    skipped: dict
    listings: list

    def take(self, source):
        if isinstance(source, SkippedSource):
            self.skipped[source.source] = source.reason
            return
        try:
            if is_container(source):
                self.take_all(source)
            else:
                self.documents.append(read(source))
        except DocumentError as error:
            self.skipped[source.name] = str(error)

    def take_all(self, source):
        task = ListingTask(source)
        while task is not None:
            listing = list_members(task)
            self.listings.append(listing)
            for member in listing.sources:
                if member == source:
                    self.documents.append(read(member))
                else:
                    self.take(member)
            task = ListingTask(source, listing.rest) if listing.rest is not None else None


@pytest.fixture
def unpacked(tmp_path):
    """Return what is in a file of these bytes, by its name."""

    def unpack(name, data):
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return members(path)

    return unpack


@pytest.fixture
def _no_socket(monkeypatch):
    """Let nothing open a socket."""

    def refuse(*_, **__):
        raise AssertionError("a socket is opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def written(folder: Path, files) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder
