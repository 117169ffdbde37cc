"""Connections that can only go where they may: names are resolved once, checked, and the checked address is used.

A name that answers with a public address first and a private one a second later gains nothing: there is no second
question. The socket itself is checked once more, so no way through the HTTP library leads around this.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import ip_address
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.fetching.addresses import Reach

CONNECT_S = 10.0
"""Seconds that one connection may take to open."""

Lookup = Callable[[str], Awaitable[Sequence[str]]]
"""Returns the numeric addresses of a host name. Raises: OSError when it has none."""


class OutOfReach(Exception):
    """A host whose addresses may not be asked; the message is the end of a sentence about it."""

    def __init__(self) -> None:
        super().__init__("points into a private network, where nothing is ever fetched")


class PinnedResolver(AbstractResolver):
    """Resolves names to those of their addresses that may be asked."""

    def __init__(self, reach: Reach, lookup: Lookup) -> None:
        self._reach = reach
        self._lookup = lookup

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses. Raises: OutOfReach when the name has none that may be asked."""
        addresses = await self._lookup(host)
        allowed = [address for address in addresses if self._reach.allows(address)]
        if addresses and not allowed:
            raise OutOfReach
        return [_result(host, port, address) for address in allowed]

    async def close(self) -> None:
        """Hold nothing, close nothing."""


async def look_up(host: str) -> Sequence[str]:
    """Return the addresses that the system knows for a host name."""
    found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def open_session(reach: Reach, *, user_agent: str, lookup: Lookup = look_up) -> aiohttp.ClientSession:
    """Return an HTTP session that keeps no cookie, uses no proxy and connects within reach only."""

    def checked_socket(info: Any) -> socket.socket:
        family, kind, protocol, _, address = info
        if not reach.allows(str(address[0])) or not reach.allows_port(int(address[1])):
            raise OutOfReach
        made = socket.socket(family=family, type=kind, proto=protocol)
        made.setblocking(False)
        return made

    connector = aiohttp.TCPConnector(
        resolver=PinnedResolver(reach, lookup), use_dns_cache=False, force_close=True, socket_factory=checked_socket
    )
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        trust_env=False,
        requote_redirect_url=False,
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S),
        headers={"User-Agent": user_agent},
    )


def _result(host: str, port: int, address: str) -> ResolveResult:
    family = socket.AF_INET if ip_address(address).version == 4 else socket.AF_INET6
    return ResolveResult(
        hostname=host, host=address, port=port, family=family, proto=socket.IPPROTO_TCP, flags=socket.AI_NUMERICHOST
    )
