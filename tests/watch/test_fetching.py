"""Fetching: public hosts alone, as their owners allow, what changed alone, and within limits."""

import contextlib
import gzip
import http.server
import ipaddress
import json
import socket
import threading
from dataclasses import dataclass, field, replace

import pytest

from kg.errors import DocumentError
from kg.watch.config import Address, WatchedPath
from kg.watch.fetching import hosts
from kg.watch.fetching.client import LIMITS, WebClient, WebError
from kg.watch.fetching.fetcher import Fetcher, folder_of
from kg.watch.fetching.hosts import is_private, resolve
from kg.watch.fetching.robots import Robots

PAGE = b"<html><body><p>Nvidia owns 6% of CoreWeave.</p></body></html>"
HTML = {"Content-Type": "text/html; charset=utf-8"}
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>
<item><title>One</title><link>{0}/one.html</link></item>
<item><title>Two</title><link>{0}/private/two.html</link></item>
<item><title>Bad</title><link>javascript:alert(1)</link></item></channel></rss>"""


@dataclass
class Site:
    """A server on this machine: what it gives at each path, and what it was asked."""

    url: str = ""
    pages: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)

    def give(self, path, body=b"", status=200, **headers):
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = (status, names, body if isinstance(body, bytes) else body.encode())

    @property
    def paths(self):
        return [path for path, _ in self.asked]


@pytest.fixture
def site():
    told = Site()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            told.asked.append((self.path, dict(self.headers)))
            status, headers, body = told.pages.get(self.path, (404, {}, b""))
            if headers.get("ETag") and self.headers.get("If-None-Match") == headers["ETag"]:
                status, body = 304, b""
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield told
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def waits():
    return []


@pytest.fixture
def client(waits):
    """A client that may ask this machine, and does not wait in earnest."""
    time = [0.0]

    def sleep(seconds):
        waits.append(seconds)
        time[0] += seconds

    made = WebClient(refuses=lambda _: False, sleep=sleep, clock=lambda: time[0])
    yield made
    made.close()


def get(client, url):
    return client.get(url, {})


# ------------------------------------------------------------------------------ which hosts
@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.1",
        "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:10.0.0.1",
        "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:1:2:3:4:5:6", "64:ff9b:1::a00:1", "64:ff9b:1:ffff::1", "fec0::1",
        "::127.0.0.1", "::ffff:0:127.0.0.1", "::ffff:0:909:909",
    ],
)  # fmt: skip
def test_private_addresses_are_refused(address):
    assert is_private(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["9.9.9.9", "2620:fe::fe", "::ffff:9.9.9.9", "64:ff9b::909:909"])
def test_public_addresses_are_not(address):
    assert not is_private(ipaddress.ip_address(address))


def test_a_name_is_refused_where_one_of_its_addresses_is(monkeypatch):
    found = [(2, 1, 6, "", (each, 80)) for each in ("9.9.9.9", "192.168.0.1")]
    monkeypatch.setattr(hosts.socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(DocumentError, match=r"the host news\.example is at 192\.168\.0\.1, which is not public"):
        resolve("news.example", 80)
    monkeypatch.setattr(hosts.socket, "getaddrinfo", lambda *_, **__: found[:1])
    assert resolve("news.example", 80) == ("9.9.9.9",)


def at_this_machine(monkeypatch, *addresses):
    """Let every name lead here; return the names that were looked up."""
    names = []

    def found(host, port, *_, **__):
        there = addresses or ("127.0.0.1",)
        if host.startswith("127."):
            there = (host,)
        else:
            names.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in there]

    monkeypatch.setattr(hosts.socket, "getaddrinfo", found)
    return names


def test_a_host_of_which_one_address_is_dead_is_reached_at_the_next(site, client, monkeypatch):
    at_this_machine(monkeypatch, "127.0.0.9", "127.0.0.1")
    site.give("/one", PAGE, **HTML)
    assert get(client, site.url.replace("127.0.0.1", "news.example") + "/one").body == PAGE


def test_a_host_outside_ascii_is_asked_for_by_the_name_that_dns_has(site, client, monkeypatch):
    names = at_this_machine(monkeypatch)
    site.give("/one", PAGE, **HTML)
    response = get(client, site.url.replace("127.0.0.1", "münchen.example") + "/one")
    assert (response.body, set(names)) == (PAGE, {"xn--mnchen-3ya.example"})
    assert {headers["Host"].partition(":")[0] for _, headers in site.asked} == {"xn--mnchen-3ya.example"}


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://[::1]/", "http://2130706433/", "http://0x7f.1/", "http://localhost/"]
)
def test_this_machine_is_not_asked(url):
    with pytest.raises(DocumentError, match=r"not public|cannot be found"):
        get(WebClient(), url)


def test_a_site_that_sends_on_to_a_private_address_is_not_followed(site, client):
    site.give("/robots.txt")
    site.give("/moved", status=302, Location="http://169.254.169.254/latest/meta-data")
    refusing = replace_refusal(client, lambda address: address.is_link_local)
    with pytest.raises(DocumentError, match=r"169\.254\.169\.254, which is not public"):
        get(refusing, f"{site.url}/moved")


def replace_refusal(client, refuses):
    return WebClient(refuses=refuses, sleep=client.sleep, clock=client.clock)


@pytest.mark.parametrize(
    ("location", "wrong"),
    [
        ("file:///etc/passwd", "no address of the web"),
        ("gopher://x/", "no address of the web"),
        ("http://user:secret@example.org/", "a user name or a password"),
        ("http://[oops/", "no address"),
        ("/loop", "on and on"),
    ],
)
def test_a_site_that_sends_on_elsewhere_is_one_line(site, client, location, wrong):
    site.give("/loop", status=302, Location=location)
    with pytest.raises(DocumentError, match=wrong) as raised:
        get(client, f"{site.url}/loop")
    assert "secret" not in str(raised.value)


# ------------------------------------------------------------------------------ what owners allow
def test_what_robots_txt_forbids_is_left_alone(site, client):
    site.give("/robots.txt", "User-agent: *\nDisallow: /private/\n")
    site.give("/one", PAGE, **{"Content-Type": "text/html"})
    assert get(client, f"{site.url}/one").body == PAGE
    with pytest.raises(DocumentError, match=r"does not let programs fetch /private/x \(robots\.txt\)"):
        get(client, f"{site.url}/private/x")
    assert site.paths == ["/robots.txt", "/one"]


def test_where_robots_txt_cannot_be_had_nothing_is_fetched(site, client):
    site.give("/robots.txt", status=500)
    with pytest.raises(DocumentError, match="does not tell what it allows"):
        get(client, f"{site.url}/one")
    assert site.paths == ["/robots.txt"]


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_too_busy_for_its_robots_txt_is_asked_for_nothing(site, client, status):
    """429 does not say that there are no rules."""
    site.give("/robots.txt", status=status, Retry_After="900")
    for _ in range(2):
        with pytest.raises(WebError) as raised:
            get(client, f"{site.url}/one")
        assert raised.value.after == 900
    assert site.paths == ["/robots.txt"]


RFC_9309 = """User-Agent: *
Disallow: *.gif$
Disallow: /example/
Allow: /publications/

User-Agent: kg
Disallow:/
Allow:/example/page.html
Allow:/example/allowed.gif

User-Agent: barbot
User-Agent: bazbot
Disallow: /example/page.html

User-Agent: quxbot
"""
"""The example of section 5.1, in which foobot is called kg."""


@pytest.mark.parametrize(
    ("rules", "path", "is_allowed"),
    [
        (RFC_9309, "/example/page.html", True),
        (RFC_9309, "/example/allowed.gif", True),
        (RFC_9309, "/publications/", False),
        (RFC_9309.replace("kg", "foobot"), "/a.gif", False),
        (RFC_9309.replace("kg", "foobot"), "/a.gifs", True),
        (RFC_9309.replace("kg", "foobot"), "/example/page.html", False),
        (RFC_9309.replace("quxbot", "kg").replace("kg\nD", "foobot\nD"), "/example/page.html", True),
        ("User-Agent: kg\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n", "/example/page/", True),
        (
            "User-Agent: kg\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n",
            "/example/page/disallowed.gif",
            False,
        ),
        ("User-agent: *\nAllow: /\nDisallow: /private/\n", "/private/a", False),
        ("User-agent: *\nDisallow: /private/\nAllow: /private/open\n", "/private/open/a", True),
        ("User-agent: *\nDisallow: /*.pdf$\n", "/a/b.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$\n", "/a/b.pdf?x", True),
        ("User-agent: *\nDisallow: /*/private/\n", "/a/private/b", False),
        ("User-agent: *\nDisallow: /*?print=\n", "/a?print=1", False),
        ("User-agent: *\nDisallow: /caf%C3%A9\n", "/café", False),
        ("\ufeffUser-agent: *\nDisallow: /\n", "/a", False),
        ("user-agent: KG\ndisallow: /a # all of it\n", "/a", False),
        ("User-agent: kg\nDisallow: /a\n\nUser-agent: kg\nDisallow: /b\n", "/a", False),
        ("User-agent: *\nDisallow: /" + "*a" * 500 + "*b\n", "/" + "a" * 5000, True),
    ],
)
def test_rules_are_read_as_rfc_9309_has_them(rules, path, is_allowed):
    robots = Robots(lambda _: (200, rules))
    with contextlib.nullcontext() if is_allowed else pytest.raises(DocumentError, match="does not let programs"):
        robots.check(f"https://example.org{path}")


def test_a_pause_may_have_a_fraction():
    robots = Robots(lambda _: (200, "User-agent: *\nCrawl-delay: 2.5\nDisallow:\n"))
    assert robots.delay("https://example.org/") == 2.5


def test_robots_txt_counts_where_a_site_sends_on_to(site, client):
    site.give("/robots.txt", "User-agent: kg\nDisallow: /private/\n")
    site.give("/moved", status=301, Location="/private/x")
    with pytest.raises(DocumentError, match=r"/private/x \(robots\.txt\)"):
        get(client, f"{site.url}/moved")
    assert site.paths == ["/robots.txt", "/moved"]


def test_a_host_is_asked_once_a_second_or_as_it_wishes(site, client, waits):
    site.give("/one", PAGE, **HTML)
    for _ in range(3):
        get(client, f"{site.url}/one")
    assert waits == [1.0, 1.0]
    site.give("/robots.txt", "User-agent: *\nCrawl-delay: 7\n")
    slow = WebClient(refuses=client.refuses, sleep=client.sleep, clock=client.clock)
    for _ in range(2):
        get(slow, f"{site.url}/one")
    assert waits[2:] == [7.0]


def test_the_next_round_asks_again_what_is_allowed(site, client):
    site.give("/one", PAGE, **HTML)
    get(client, f"{site.url}/one")
    client.close()
    site.give("/robots.txt", "User-agent: *\nDisallow: /\n")
    with pytest.raises(DocumentError, match="robots"):
        get(client, f"{site.url}/one")


def test_a_host_that_wants_long_pauses_is_left_for_a_later_round(site, client):
    site.give("/robots.txt", "User-agent: *\nCrawl-delay: 600\n")
    site.give("/one", PAGE, **HTML)
    get(client, f"{site.url}/one")
    with pytest.raises(WebError, match="left for a later round"):
        get(client, f"{site.url}/one")


# ------------------------------------------------------------------------------ limits
def test_what_is_too_long_is_refused(site, client):
    client.limits = replace(LIMITS, size=1000)
    site.give("/long", b"x" * 2000, **HTML)
    with pytest.raises(DocumentError, match="too long for an article"):
        get(client, f"{site.url}/long")


@pytest.mark.parametrize(
    ("packing", "body", "wrong"),
    [
        ("gzip", gzip.compress(bytes(1 << 24), mtime=0), "too long for an article"),
        ("gzip", gzip.compress(PAGE, mtime=0)[:-9], "ends in the middle"),
        ("gzip", PAGE, "cannot be fetched"),
        ("br", PAGE, "is packed as 'br', which was not asked for"),
    ],
)
def test_what_is_packed_is_counted_as_it_is_unpacked(site, client, packing, body, wrong):
    client.limits = replace(LIMITS, size=1000)
    site.give("/one", gzip.compress(PAGE), Content_Encoding="gzip", **HTML)
    site.give("/two", body, Content_Encoding=packing, **HTML)
    assert get(client, f"{site.url}/one").body == PAGE
    assert site.asked[-1][1]["Accept-Encoding"] == "gzip"
    with pytest.raises(WebError, match=wrong):
        get(client, f"{site.url}/two")


@pytest.mark.parametrize("start", [b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\n\r\n"], ids=["header", "body"])
def test_who_sends_a_byte_now_and_then_is_left_in_the_end(client, start):
    client.limits = replace(LIMITS, total=0.5)
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip():
            for answer in (b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", start):
                connection, _ = server.accept()
                with connection, contextlib.suppress(OSError):
                    connection.recv(9999)
                    connection.sendall(answer)
                    while answer is start and not over.wait(0.05):
                        connection.sendall(b"x")

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        with pytest.raises(WebError, match=r"takes longer than 0\.5 s"):
            get(client, f"http://127.0.0.1:{server.getsockname()[1]}/")
        over.set()
        thread.join()


@pytest.mark.parametrize(("status", "wrong"), [(404, "answers 404"), (500, "answers 500"), (204, "answers 204")])
def test_an_answer_that_is_none_is_one_line(site, client, status, wrong):
    site.give("/one", status=status)
    with pytest.raises(DocumentError, match=wrong):
        get(client, f"{site.url}/one")


def test_a_host_that_is_not_there_is_one_line(client):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(DocumentError, match="cannot be fetched"):
        get(client, f"http://127.0.0.1:{port}/")


def test_nothing_of_this_machine_is_sent_along(site, client, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    site.give("/one", PAGE, Set_Cookie="a=b", **HTML)
    get(client, f"{site.url}/one")
    get(client, f"{site.url}/one")
    sent = {name.lower() for _, headers in site.asked for name in headers}
    assert sent == {"host", "user-agent", "accept", "accept-encoding", "connection"}
    assert site.asked[-1][1]["Host"] == site.url.removeprefix("http://")


# ------------------------------------------------------------------------------ what is kept
def fetcher(tmp_path, client, moment="2026-05-04T08:00:00Z"):
    return Fetcher(tmp_path / "web", client, lambda: moment, jobs=0)


def test_a_feed_and_the_pages_of_its_entries_are_kept_with_their_addresses(site, client, tmp_path):
    pytest.importorskip("feedparser")
    site.give("/robots.txt", "User-agent: *\nDisallow: /private/\n")
    site.give("/feed", FEED.format(site.url), **{"Content-Type": "application/rss+xml"})
    site.give("/one.html", PAGE, **HTML)
    address = Address(f"{site.url}/feed", is_feed=True, pages=True)
    fetched = fetcher(tmp_path, client)
    fetched.fetch([address])
    assert fetched.count == 2
    [skipped] = fetched.failed
    assert skipped.source == f"{site.url}/private/two.html"
    folder = folder_of(tmp_path / "web", address)
    assert (folder / "feed.xml").read_text() == FEED.format(site.url)
    [page] = (folder / "pages").glob("*.html")
    assert page.read_bytes() == PAGE
    assert json.loads(page.with_suffix(".json").read_text()) == {"url": f"{site.url}/one.html"}
    later = fetcher(tmp_path, client, "2026-05-04T08:30:00Z")
    later.fetch([address])
    assert site.paths.count("/feed") == site.paths.count("/one.html") == 1, "it is not due, and the page is here"


def test_what_has_not_changed_is_not_sent_again(site, client, tmp_path):
    address = Address(f"{site.url}/page", every=3600)
    site.give("/page", PAGE, ETag='"1"', **HTML)
    counts = []
    for hour in (8, 9, 10):
        if hour == 10:
            site.give("/page", PAGE + b" ", ETag='"2"', **HTML)
        fetched = fetcher(tmp_path, client, f"2026-05-04T{hour:02}:00:00Z")
        fetched.fetch([address])
        counts.append(fetched.count)
    assert counts == [1, 0, 1]
    asked = [headers.get("If-None-Match") for path, headers in site.asked if path == "/page"]
    assert asked == [None, '"1"', '"1"']


def test_a_busy_site_is_asked_again_when_it_says(site, client, tmp_path):
    address = Address(f"{site.url}/page", every=60)
    site.give("/page", status=429, Retry_After="7200")
    for moment, count in (("08:00", 1), ("09:00", 1), ("10:01", 2)):
        new = replace_refusal(client, client.refuses)
        fetcher(tmp_path, new, f"2026-05-04T{moment}:00Z").fetch([address])
        assert site.paths.count("/page") == count


LINKS = '<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{0}</channel></rss>'


def give_feed(site, *links):
    items = "".join(f"<item><title>News</title><link>{link}</link></item>" for link in links)
    site.give("/feed", LINKS.format(items), **{"Content-Type": "application/rss+xml"})
    return Address(f"{site.url}/feed", is_feed=True, pages=True)


def test_a_link_that_no_request_can_be_made_of_costs_itself_alone(site, client, tmp_path):
    site.give("/one.html", PAGE, ETag='"é"', **HTML)
    address = give_feed(
        site, "https://münchen.invalid/a", "https://[::1/", "https://ß..\u0301x/", f"{site.url}/one.html"
    )
    fetched = fetcher(tmp_path, client)
    fetched.fetch([address])
    assert fetched.count == 2
    assert [skipped.source for skipped in fetched.failed] == [
        "https://münchen.invalid/a", "https://[::1/", "https://ß..\u0301x/",
    ]  # fmt: skip


@pytest.mark.parametrize("header", ["ETag", "Last-Modified"])
def test_a_version_that_cannot_be_sent_back_is_not(site, client, tmp_path, header):
    site.give("/page", PAGE, **{header: '"é"'}, **HTML)
    for hour in (8, 9):
        fetched = fetcher(tmp_path, client, f"2026-05-04T{hour:02}:00:00Z")
        fetched.fetch([Address(f"{site.url}/page")])
        assert (fetched.count, fetched.failed) == (1, [])


def test_the_pages_of_a_busy_host_are_left_alone_as_long_as_it_says_and_not_given_up(site, client, tmp_path):
    links = [f"{site.url}/{number}.html" for number in range(5)]
    address = give_feed(site, *links)
    for link in links:
        site.give(link.removeprefix(site.url), status=429, Retry_After="3600")
    pages = []
    for minute in ("08:00", "08:15", "08:30", "08:45", "09:01", "10:02"):
        if minute == "10:02":
            for link in links:
                site.give(link.removeprefix(site.url), PAGE, **HTML)
        # As with --once: each run is a process of its own.
        new = replace_refusal(client, client.refuses)
        fetched = fetcher(tmp_path, new, f"2026-05-04T{minute}:00Z")
        fetched.fetch([address])
        pages.append(sum(path.endswith(".html") for path in site.paths))
    assert pages == [1, 1, 1, 1, 2, 7]


def test_a_long_pause_between_two_requests_is_kept_from_one_run_to_the_next(site, client, tmp_path):
    site.give("/robots.txt", "User-agent: *\nCrawl-delay: 600\n")
    site.give("/one", PAGE, **HTML)
    site.give("/two", PAGE, **HTML)
    both = [Address(f"{site.url}/one"), Address(f"{site.url}/two")]
    counts = []
    for minute in (0, 5, 11):
        fetched = fetcher(tmp_path, replace_refusal(client, client.refuses), f"2026-05-04T08:{minute:02}:00Z")
        fetched.fetch(both)
        counts.append((fetched.count, [skipped.source for skipped in fetched.failed]))
    assert counts == [(1, [f"{site.url}/two"]), (0, []), (1, [])]


def test_a_page_that_cannot_be_had_is_asked_for_more_and_more_seldom(site, client, tmp_path):
    address = give_feed(site, f"{site.url}/gone.html")
    for hour in range(200):
        fetcher(tmp_path, client, f"2026-05-{4 + hour // 24:02}T{hour % 24:02}:00:00Z").fetch([address])
    assert 5 < site.paths.count("/gone.html") <= 10


def test_a_page_that_sends_on_to_another_address_each_time_stays_one_document(site, client, tmp_path):
    address = Address(f"{site.url}/page", every=60)
    for minute in range(3):
        site.give("/page", status=302, Location=f"/page?session={minute}")
        site.give(f"/page?session={minute}", PAGE, **HTML)
        fetcher(tmp_path, client, f"2026-05-04T08:{2 * minute:02}:00Z").fetch([address])
    [page] = folder_of(tmp_path / "web", address).glob("*.html")
    assert json.loads(page.with_suffix(".json").read_text()) == {"url": address.url}


def test_the_record_forgets_the_pages_that_have_left_their_feed(site, client, tmp_path):
    record = tmp_path / "web" / ".kg-fetched.json"
    for number in range(4):
        site.give(f"/{number}.html", PAGE, **HTML)
        address = give_feed(site, f"{site.url}/{number}.html")
        fetcher(tmp_path, client, f"2026-05-04T{8 + number:02}:00:00Z").fetch([address])
    assert list(json.loads(record.read_text())["addresses"]) == [address.url, f"{site.url}/3.html"]


def test_a_feed_that_cannot_be_parsed_is_one_line(site, client, tmp_path):
    site.give("/feed", '<!DOCTYPE rss [<!ENTITY a "b">]><rss><channel/></rss>')
    fetched = fetcher(tmp_path, client)
    fetched.fetch([Address(f"{site.url}/feed", is_feed=True, pages=True)])
    [skipped] = fetched.failed
    assert "declares entities" in skipped.reason


def test_what_is_no_page_is_not_kept(site, client, tmp_path):
    site.give("/page", b"\x89PNG", **{"Content-Type": "image/png"})
    fetched = fetcher(tmp_path, client)
    fetched.fetch([Address(f"{site.url}/page")])
    assert [skipped.reason for skipped in fetched.failed] == [
        "is of the kind 'image/png': pages are text/html, application/xhtml+xml, text/plain, application/pdf"
    ]


def test_a_record_that_is_lost_costs_requests_only(site, client, tmp_path):
    address = Address(f"{site.url}/page")
    site.give("/page", PAGE, **HTML)
    fetcher(tmp_path, client).fetch([address])
    (tmp_path / "web" / ".kg-fetched.json").write_text("[1]")
    again = fetcher(tmp_path, client)
    again.fetch([address])
    assert (again.count, again.failed) == (1, [])


def test_what_is_fetched_is_read_and_told_with_its_address(site, client, desk):
    site.give("/page", PAGE, **HTML)
    desk.config = replace(desk.config, addresses=(Address(f"{site.url}/page", lang="en"),))
    desk.look()
    desk.config = replace(desk.config, interests=(replace(desk.config.interests[0], name="C", company="CoreWeave"),))
    desk.look()
    watcher = desk.watcher()
    watcher.client = client
    report = watcher.round()
    assert (report.fetched, report.not_fetched) == (1, [])
    [line] = map(json.loads, (desk.digests / "c.jsonl").read_text().splitlines())
    assert line["citation"]["url"] == f"{site.url}/page"


def test_without_a_client_no_socket_is_opened(desk, monkeypatch, tmp_path):
    def refuse(*_, **__):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.txt").write_text("News\n\nMay 4, 2026\n\nNvidia owns 6% of CoreWeave.\n")
    desk.config = replace(
        desk.config,
        paths=(WatchedPath(tmp_path / "news"),),
        addresses=(Address("https://example.org/feed", is_feed=True, pages=True),),
    )
    desk.look()
    assert [built.read for built in desk.reports[-1].builds] == [1]
