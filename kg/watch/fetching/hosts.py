"""Which hosts are asked: public ones. Whoever writes a feed must not choose what is asked inside this network.

A name is resolved once, each of its addresses is looked at, and the connection goes to one that was looked at:
a name that resolves otherwise a moment later gains nothing by it.
https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html
"""

import ipaddress
import socket
from collections.abc import Callable
from typing import TypeAlias
from urllib.parse import SplitResult, urlsplit

from kg.errors import DocumentError
from kg.store.remote.http import sanitize

__all__ = ["PORTS", "IpAddress", "is_private", "resolve", "split_address"]

IpAddress: TypeAlias = "ipaddress.IPv4Address | ipaddress.IPv6Address"

PORTS = {"http": 80, "https": 443}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""Addresses of IPv4 in IPv6, through a translator (RFC 6052)."""
_LOCAL = tuple(map(ipaddress.ip_network, ("64:ff9b:1::/48", "fec0::/10", "::/96", "::ffff:0:0:0/96")))
"""What the library takes for public: a translator of one's own network (RFC 8215), addresses of a site (RFC 3879),
and two forms that hold an address of IPv4 (RFC 4291, section 2.5.5.1; RFC 2765, section 2.1)."""


def is_private(address: IpAddress) -> bool:
    """Whether an address is no public one: private, of this machine or link, reserved, or a way to such a one.

    >>> [is_private(ipaddress.ip_address(each)) for each in ("10.0.0.1", "::ffff:127.0.0.1", "9.9.9.9")]
    [True, True, False]

    """
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_private(inner)
        if address.teredo is not None or any(address in network for network in _LOCAL):
            return True
    return not address.is_global or address.is_multicast


def resolve(host: str, port: int, refuses: Callable[[IpAddress], bool] = is_private) -> tuple[str, ...]:
    """Return the addresses of a host; raise `DocumentError` where there is none, or where one of them is refused."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, ValueError) as error:
        raise DocumentError(f"the host {sanitize(host)} cannot be found: check the address") from error
    addresses = [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    for address in addresses:
        if refuses(address):
            raise DocumentError(
                f"the host {host} is at {address}, which is not public: kg fetches from public hosts only"
            )
    return tuple(dict.fromkeys(map(str, addresses)))


def split_address(url: str) -> SplitResult:
    """Return an address taken apart; raise `DocumentError` for one that is none of the web, or carries a password."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise DocumentError(f"leads to '{sanitize(url)}', which is no address") from error
    if parts.scheme not in PORTS or not parts.hostname:
        raise DocumentError(f"leads to '{sanitize(url)}', which is no address of the web")
    if "@" in parts.netloc:
        raise DocumentError("holds a user name or a password: kg fetches only what is open to all")
    return parts
