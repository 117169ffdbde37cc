"""Who may speak to the page at all: by the host a request names, the page it comes from, and how it got here. Pure.

On loopback the page is its user's own; beyond it nobody is served without the login token. A request must name a host
of ours, also on loopback: a foreign name that resolves to 127.0.0.1 (DNS rebinding) brings a foreign page along.
Source: https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
"""

from __future__ import annotations

import hmac
import ipaddress
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

LOOPBACK_NAMES = frozenset(("localhost", "127.0.0.1", "::1"))
"""Hosts by which a browser on the same machine names it."""

MIN_TOKEN_CHARS = 16
"""Characters of a login token; shorter ones are guessed."""

_HOST = re.compile(r"(?:\[(?P<v6>[0-9a-f:.]{2,45})\]|(?P<name>[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?))(?::\d{1,5})?")
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Where the page is served and to whom. `key` signs cookies and shared addresses; `token` None: no login.

    `behind_tls` says that readers reach the page by https (a proxy's, in front of it).
    """

    host: str
    port: int
    key: bytes
    token: str | None = None
    allowed_hosts: tuple[str, ...] = ()
    behind_tls: bool = False

    @property
    def hosts(self) -> frozenset[str]:
        """The host names, in lower case and without ports, that a request may name."""
        own = set() if _is_any_address(self.host) else {self.host.casefold().strip("[]")}
        return frozenset(LOOPBACK_NAMES | own | {host.casefold().strip("[]") for host in self.allowed_hosts})


def why_not_serve(access: Access) -> str | None:
    """Return the sentence that says why the page must not be served like this, and what to set; None when it may."""
    if access.token is not None:
        if len(access.token) < MIN_TOKEN_CHARS:
            return (
                f"The login token has {len(access.token)} characters, at least {MIN_TOKEN_CHARS} are needed."
                " Set NEWSBOT_WEB__TOKEN to a longer one."
            )
        return None
    if not is_loopback(access.host):
        return (
            f"The page would be served on {access.host}, beyond this machine, without a login."
            f" Set NEWSBOT_WEB__TOKEN to {MIN_TOKEN_CHARS} characters or more, or NEWSBOT_WEB__HOST to 127.0.0.1."
        )
    if access.hosts - LOOPBACK_NAMES - {access.host}:
        return (
            "NEWSBOT_WEB__ALLOWED_HOSTS names hosts beyond this machine, but there is no login."
            f" Set NEWSBOT_WEB__TOKEN to {MIN_TOKEN_CHARS} characters or more."
        )
    return None


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach an address that is served on this host."""
    if host.casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_our_host(headers: Sequence[str], access: Access) -> bool:
    """Return whether a request's Host headers are one, and it names a host of ours; its port says nothing."""
    return len(headers) == 1 and host_name(headers[0]) in access.hosts


def host_name(header: str) -> str | None:
    """Return the host of a Host header in lower case, without port and brackets; None when it is not well-formed."""
    match = _HOST.fullmatch(header.casefold())
    return None if match is None else match["v6"] or match["name"]


def came_past_a_proxy(headers: Mapping[str, str]) -> bool:
    """Return whether a proxy brought this request: whoever sent it is then not on this machine, perhaps."""
    return any(name in headers for name in _FORWARDED)


def is_from_own_page(headers: Mapping[str, str], *, must_be_said: bool) -> bool:
    """Return whether a request was sent by a page of ours.

    Browsers say so with every POST (Origin); `must_be_said` refuses whoever says nothing. A request that is only read
    may come without: browsers send no Origin with it.
    """
    origin, site = headers.get("Origin"), headers.get("Sec-Fetch-Site")
    if site is not None and site != "same-origin":
        return False
    if origin is not None:
        parts = urlsplit(origin) if origin.count("://") == 1 else None
        if parts is None or parts.scheme not in ("http", "https") or parts.path or parts.query or "@" in parts.netloc:
            return False
        return parts.netloc.casefold() == headers.get("Host", "").casefold()
    return site is not None or not must_be_said


def brings_token(headers: Mapping[str, str], access: Access) -> bool:
    """Return whether a program brings the login token, as `Authorization: Bearer TOKEN`; never without a login."""
    given = headers.get("Authorization", "").removeprefix("Bearer ").encode("utf-8", "surrogatepass")
    return access.token is not None and hmac.compare_digest(given, access.token.encode())


def _is_any_address(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_unspecified
    except ValueError:
        return False
