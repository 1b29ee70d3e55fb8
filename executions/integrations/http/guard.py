"""Which addresses HTTP tasks may reach: public ones, and those that STATEWRIGHT_HTTP_ALLOW names.

What is judged is the address that is connected to, after the name was resolved: the notation in which a
host was written does not matter, and no second look-up can answer otherwise (DNS rebinding).
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Final

from designer.config import Network

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

_NAT64: Final = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
# Not public either, although Python's table of 3.11 does not say so.
_CLOSED: Final = tuple(map(ipaddress.ip_network, (
    "0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "224.0.0.0/4", "240.0.0.0/4",
    "::/96", "100::/64", "2001::/23", "3fff::/20", "5f00::/16", "fec0::/10", "ff00::/8")))


class RefusedError(Exception):
    """The host is not to be reached; the message says why."""


async def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, as the system finds them (also in every old notation of IPv4)."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def checked(host: str, addresses: Sequence[str], allowed: Sequence[Network]) -> list[str]:
    """The addresses, all of which may be reached.  RefusedError names the host if one may not."""
    if not addresses:
        raise RefusedError(f"The host '{host}' has no address")
    for text in addresses:
        address = ipaddress.ip_address(text.partition("%")[0])
        if not (is_named(address, allowed) or is_public(address)):
            raise RefusedError(
                f"The host '{host}' has the address {address}, which is not public. An administrator may allow it "
                "with STATEWRIGHT_HTTP_ALLOW")
    return list(addresses)


def is_named(address: Address, allowed: Sequence[Network]) -> bool:
    """Whether the setting names the address (an IPv4 address inside an IPv6 one counts as itself)."""
    return any(each in network for each in (address, *_embedded(address)) for network in allowed)


def is_public(address: Address) -> bool:
    """Whether the address, and every IPv4 address inside it, belongs to the public internet."""
    inside = tuple(_embedded(address))
    if inside:
        return all(is_public(each) for each in inside)
    closed = address.is_private or address.is_loopback or address.is_link_local or address.is_multicast
    return address.is_global and not closed and not any(address in network for network in _CLOSED)


def _embedded(address: Address) -> Iterator[Address]:
    """IPv4 addresses that an IPv6 address leads to: mapped, 6to4, Teredo, NAT64."""
    if not isinstance(address, ipaddress.IPv6Address):
        return
    if address.ipv4_mapped:
        yield address.ipv4_mapped
    if address.sixtofour:
        yield address.sixtofour
    if address.teredo:
        yield from address.teredo
    if any(address in network for network in _NAT64):
        yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
