"""Which hosts are asked: public ones. Whoever writes a feed must not choose what is asked inside this network.

A name is resolved once, each of its addresses is looked at, and the connection goes to the address that was looked at:
a name that resolves otherwise a moment later gains nothing by it.
https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html
"""

import ipaddress
import socket
from collections.abc import Callable
from typing import TypeAlias

from kg.errors import DocumentError

__all__ = ["IpAddress", "is_private", "resolve"]

IpAddress: TypeAlias = "ipaddress.IPv4Address | ipaddress.IPv6Address"

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""Addresses of IPv4 in IPv6, through a translator (RFC 6052)."""


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
        if address.teredo is not None:
            return True
    return not address.is_global or address.is_multicast


def resolve(host: str, port: int, refuses: Callable[[IpAddress], bool] = is_private) -> str:
    """Return an address of a host; raise `DocumentError` where there is none, or where one of them is refused."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise DocumentError(f"the host {host} cannot be found: check the address") from error
    addresses = [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    for address in addresses:
        if refuses(address):
            raise DocumentError(
                f"the host {host} is at {address}, which is not public: kg fetches from public hosts only"
            )
    return str(addresses[0])
