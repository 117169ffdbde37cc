"""Which addresses may be asked. Pure.

Feeds and pages come from the public internet only: an address of this machine, of its network or of its cloud's inner
services is refused, in every spelling, before a connection is opened to it.
Source: the IANA registries of special-purpose addresses (RFC 6890, RFC 8190), and RFC 6052 for NAT64.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Protocol

from yarl import URL

MAX_URL_CHARS = 2_000
"""Browsers and servers agree on addresses up to about this length."""

PUBLIC_PORTS = frozenset((80, 443))

_NOT_PUBLIC_4 = tuple(map(IPv4Network, (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
    "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    "168.63.129.16/32",  # Azure's inner service: the one that lies in a public range
)))  # fmt: skip
# All that is handed out as global unicast today; what embeds an IPv4 address (mapped, NAT64, 6to4, Teredo) or stays
# inside a network (unique local, link-local) lies outside it or among the exceptions.
_GLOBAL_6 = IPv6Network("2000::/3")
_NOT_PUBLIC_6 = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")))


class Reach(Protocol):
    """How far requests may go: which addresses, and which ports of them."""

    def allows(self, address: str) -> bool:
        """Return whether a connection to this numeric address may be opened."""
        ...

    def allows_port(self, port: int) -> bool:
        """Return whether a connection to this port may be opened."""
        ...


@dataclass(frozen=True, slots=True)
class PublicInternet:
    """The reach of every process: public addresses, the ports of the web."""

    def allows(self, address: str) -> bool:
        """Return whether this numeric address is public."""
        return is_public(address)

    def allows_port(self, port: int) -> bool:
        """Return whether this is a port of the web."""
        return port in PUBLIC_PORTS


def is_public(address: str) -> bool:
    """Return whether a numeric address is one that anybody on the internet can reach; False for what is no address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv4Address):
        return not any(parsed in network for network in _NOT_PUBLIC_4)
    return _is_public_6(parsed)


def read_address(text: str, reach: Reach) -> URL:
    """Return a web address that may be asked; host names are looked at again when they are resolved.

    Raises: ValueError with the reason, as the end of a sentence about the address.
    """
    if len(text) > MAX_URL_CHARS:
        raise ValueError(f"is longer than {MAX_URL_CHARS:,} characters")
    if any(char <= " " or char in "\\\x7f" for char in text):
        raise ValueError("is not a web address: it holds spaces, backslashes or control characters")
    try:
        url = URL(text)
        port = url.port
        # The host as it goes on the wire: a name in another script is looked up in its ASCII form.
        host = url.raw_host
    except ValueError:
        raise ValueError("is not a web address") from None
    if url.scheme not in ("http", "https") or not host:
        raise ValueError("is not a web address: it must begin with http:// or https://")
    if url.user is not None or url.password is not None:
        raise ValueError("holds a user name or password, which are never sent")
    if port is None or not reach.allows_port(port):
        raise ValueError(f"names port {port}; only the web's own ports, 80 and 443, are asked")
    if _is_numeric(host) and not reach.allows(host):
        raise ValueError("points into a private network, where nothing is ever fetched")
    return url.with_fragment(None)


def _is_public_6(address: IPv6Address) -> bool:
    if address.scope_id is not None or address not in _GLOBAL_6:
        return False
    return not any(address in network for network in _NOT_PUBLIC_6)


def _is_numeric(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
