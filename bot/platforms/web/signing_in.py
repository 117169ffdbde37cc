"""Signing in with the token, and out again; guesses are slowed down, by address and altogether."""

from __future__ import annotations

import hmac
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from aiohttp import web

from bot.platforms.web.answering import own_path, see_other, show_login
from bot.platforms.web.guarding import SIGNED_OUT, cookie_name, set_cookie
from bot.platforms.web.house import HOUSE, SESSION

log = structlog.get_logger()

MAX_GUESSES = 5
"""Wrong tokens from one address in `GUESSES_WITHIN`."""
MAX_GUESSES_ALTOGETHER = 50
GUESSES_WITHIN = timedelta(minutes=5)
MAX_ADDRESSES = 1_000


@dataclass(slots=True)
class Guesses:
    """Wrong tokens of late, by address."""

    _by_address: OrderedDict[str, list[datetime]] = field(default_factory=OrderedDict)

    def wait_s(self, address: str, now: datetime) -> int:
        """Return the seconds this address has to wait before its next guess is looked at, 0 when it need not."""
        self._drop_old(now)
        own = self._by_address.get(address, [])
        everybody = sorted(moment for some in self._by_address.values() for moment in some)
        waits = [
            moments[-limit] + GUESSES_WITHIN - now
            for moments, limit in ((own, MAX_GUESSES), (everybody, MAX_GUESSES_ALTOGETHER))
            if len(moments) >= limit
        ]
        return max((int(wait.total_seconds()) + 1 for wait in waits), default=0)

    def count(self, address: str, now: datetime) -> None:
        """Remember a wrong token."""
        self._by_address.setdefault(address, []).append(now)
        while len(self._by_address) > MAX_ADDRESSES:
            self._by_address.popitem(last=False)

    def _drop_old(self, now: datetime) -> None:
        for address, moments in list(self._by_address.items()):
            recent = [moment for moment in moments if moment > now - GUESSES_WITHIN]
            if recent:
                self._by_address[address] = recent
            else:
                del self._by_address[address]


GUESSES: web.AppKey[Guesses] = web.AppKey("guesses", Guesses)


async def show_login_page(request: web.Request) -> web.Response:
    """Return the login, or the first page when there is nothing to sign in to."""
    if request.app[HOUSE].access.token is None:
        return see_other("/")
    return show_login(request, status=200)


async def sign_in(request: web.Request) -> web.Response:
    """Take the token; give the browser a new session and send it where it wanted to go."""
    house = request.app[HOUSE]
    if house.access.token is None:
        return see_other("/")
    form = await request.post()
    wanted = own_path(str(form.get("next", "/")))
    guesses, address, now = request.app[GUESSES], request.remote or "", house.clock.now()
    wait_s = guesses.wait_s(address, now)
    if wait_s:
        note = f"Too many wrong tokens. Try again in {wait_s} s."
        response = show_login(request, note=note, status=429)
        response.headers["Retry-After"] = str(wait_s)
        return response
    given = str(form.get("token", "")).strip()
    if not hmac.compare_digest(given.encode("utf-8", "surrogatepass"), house.access.token.encode()):
        guesses.count(address, now)
        log.warning("a wrong login token", address=address)
        return show_login(request, note="This is not the token. It stands in the bot's settings.", status=403)
    response = see_other(wanted)
    set_cookie(response, house, house.sessions.begin(signed_in=True))
    return response


async def sign_out(request: web.Request) -> web.Response:
    """End the session and forget its conversation."""
    house = request.app[HOUSE]
    session = request[SESSION]
    if session is not None:
        house.sessions.sign_out(session)
        house.conversations.forget(session.channel)
    request[SIGNED_OUT] = True
    response = see_other("/")
    response.del_cookie(cookie_name(house), path="/", httponly=True, samesite="Strict", secure=house.access.behind_tls)
    return response
