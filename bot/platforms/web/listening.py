"""Listens at an address of this machine; one that is in use is said once and tried again: the bot goes on meanwhile."""

from __future__ import annotations

import asyncio
import errno
from dataclasses import dataclass

import structlog
from aiohttp import web

from bot.platforms.web.access import is_loopback

log = structlog.get_logger()

TRY_AGAIN_S = 30.0
"""Seconds until an address that was in use is tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something is served. `what` begins sentences ("The web page is"), `section` its settings' names.

    `turn_off` ends the sentence that says what to set when it is not to be served at all.
    """

    host: str
    port: int
    what: str
    section: str
    turn_off: str


async def listen(runner: web.AppRunner, place: Place, stop: asyncio.Event) -> bool:
    """Serve at this place as soon as it is free; return False when `stop` was set before."""
    complained = False
    while not stop.is_set():
        try:
            await web.TCPSite(runner, place.host, place.port).start()
            return True
        except OSError as error:
            if not complained:
                log.error(_explain(error, place))
                complained = True
            try:
                await asyncio.wait_for(stop.wait(), TRY_AGAIN_S)
            except TimeoutError:
                continue
    return False


def address_of(host: str, port: int) -> str:
    """Return the address by which what is served here is opened on this machine."""
    if host in ("0.0.0.0", "::", ""):  # noqa: S104 - compared, not bound
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _explain(error: OSError, place: Place) -> str:
    host, port = place.host, place.port
    if error.errno == errno.EADDRINUSE:
        why = f"Port {port} of {host} is in use by another program."
    elif error.errno == errno.EACCES:
        why = f"Port {port} may not be used without more rights."
    else:
        why = f"{host} is not an address of this machine, or can't be used ({error.strerror or error})."
    beyond = "" if is_loopback(host) else f" {place.section}HOST names the address."
    return (
        f"{place.what} not served yet. {why} Set {place.section}PORT to another one, or {place.turn_off}."
        f"{beyond} The bot goes on without and tries again every {TRY_AGAIN_S:.0f} s."
    )
