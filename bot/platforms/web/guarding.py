"""What every request passes on its way in and every answer on its way out: hosts, origins, logins, headers, errors."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog
from aiohttp import hdrs, web

from bot.errors import BadRequest, BotError, NotAllowed, NotFound, Unavailable, new_reference
from bot.platforms.web.access import brings_token, came_past_a_proxy, is_from_own_page, is_our_host
from bot.platforms.web.answering import show_login, show_trouble
from bot.platforms.web.house import HOUSE, SESSION, House
from bot.platforms.web.sessions import Session

log = structlog.get_logger()

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

MAX_FORM_BYTES = 64 * 1024
"""Bytes of anything sent to the page; a command has 6,000 characters."""

PROBE_PATHS = frozenset(("/live", "/ready"))
"""Answered to anybody by any name: they say one word, and orchestrators ask by address."""
OPEN_PATHS = frozenset(("/robots.txt", "/favicon.ico", "/login", "/card.png"))
"""Answered without a login: they hold nothing of the archive."""
STATIC_PREFIX = "/static/"
EVENTS_PATH = "/chat/events"
GUEST_PATHS = ("/chat", "/status", "/theme")
"""Where a browser on this machine gets its cookie: where there is something to remember."""

CONTENT_SECURITY_POLICY = "; ".join((
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'",
    "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
))  # fmt: skip
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    # "no-referrer" would make browsers send "Origin: null" with our own forms.
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Robots-Tag": "noindex, nofollow",
    "Server": "newsbot",
}
"""Source: https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html"""


async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
    """Give every answer, streams too, the headers that keep browsers from doing anything we did not mean."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    response.headers.setdefault("Cache-Control", "private, no-cache")


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer a request that may be answered; everything else gets a page that says why not."""
    request[SESSION] = None
    try:
        return await _guarded(request, handler)
    except web.HTTPRequestEntityTooLarge:
        text = f"That was more than {MAX_FORM_BYTES // 1024} kB, which no form here needs. Send less."
        return show_trouble(request, 413, "Too much", text)
    except web.HTTPNotFound:
        return show_trouble(request, 404, "No such page", "There is no page at this address.")
    except web.HTTPMethodNotAllowed as error:
        text = "This address does not take that kind of request."
        return show_trouble(request, 405, "Not like this", text, headers={"Allow": error.headers.get("Allow", "GET")})
    except web.HTTPException:
        raise
    except BotError as error:
        return _show_error(request, error)
    except (ConnectionResetError, TimeoutError):
        raise
    except Exception as error:
        ref = new_reference()
        log.exception("a page broke", ref=ref, page=request.path, cause=repr(error))
        text = f"Something broke on my side (ref {ref}). It is in my log; trying again may help."
        return show_trouble(request, 500, "Something broke", text)


async def _guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    house = request.app[HOUSE]
    if request.path in PROBE_PATHS:
        return await handler(request)
    refusal = _refuse(request, house)
    if refusal is not None:
        return refusal
    if request.path.startswith(STATIC_PREFIX) or request.path in OPEN_PATHS:
        return await handler(request)
    session = house.sessions.read(request.cookies.get(cookie_name(house), ""))
    if house.access.token is not None and not (session and session.signed_in):
        if not _has_key(request, house):
            return _ask_for_login(request, house)
        session = None
    fresh = _fresh_session(request, house, session)
    request[SESSION] = fresh or session
    response = await handler(request)
    if fresh is not None and not response.prepared and not request.get(SIGNED_OUT):
        set_cookie(response, house, fresh)
    return response


SIGNED_OUT: web.RequestKey[bool] = web.RequestKey("signed_out", bool)


def cookie_name(house: House) -> str:
    """Return the name of our cookie; browsers do not tell ports apart, but two newsbots on one machine must."""
    return "__Host-newsbot" if house.access.behind_tls else f"newsbot-{house.access.port}"


def set_cookie(response: web.StreamResponse, house: House, session: Session) -> None:
    """Give the browser the session's cookie."""
    response.set_cookie(
        cookie_name(house),
        house.sessions.cookie_of(session),
        max_age=max(0, int((session.ends_at - house.clock.now()).total_seconds())),
        path="/",
        httponly=True,
        samesite="Strict",
        secure=house.access.behind_tls,
    )


def _refuse(request: web.Request, house: House) -> web.Response | None:
    """Return the page for a request that must not be answered whoever sent it."""
    if not is_our_host(request.headers.getall(hdrs.HOST, []), house.access):
        text = (
            "This server is not called that. Whoever runs it can add the name to NEWSBOT_WEB__ALLOWED_HOSTS."
            " On the same machine the address is http://127.0.0.1 with its port."
        )
        return show_trouble(request, 421, "Another address", text, bare=True)
    if house.access.token is None and came_past_a_proxy(request.headers):
        text = (
            "This page came by way of a proxy, and there is no login yet."
            " Whoever runs it has to set NEWSBOT_WEB__TOKEN before others can be let in."
        )
        return show_trouble(request, 403, "No login is set", text, bare=True)
    changes = request.method not in ("GET", "HEAD")
    if (changes or request.path == EVENTS_PATH) and not is_from_own_page(request.headers, must_be_said=changes):
        text = "This was not sent from a page of mine, so nothing was done. Open the page and try again there."
        return show_trouble(request, 403, "Not from here", text, bare=True)
    return None


def _has_key(request: web.Request, house: House) -> bool:
    """Return whether a request brings what opens this one page, or the figures, to readers without a login."""
    if request.method not in ("GET", "HEAD"):
        return False
    if request.path == "/metrics":
        return brings_token(request.headers, house.access)
    return house.sessions.opens(request.path, request.query.get("key", ""))


def _ask_for_login(request: web.Request, house: House) -> web.Response:
    ended = cookie_name(house) in request.cookies
    if request.headers.get("Sec-Fetch-Site") == "cross-site" and request.method == "GET":
        # A link from elsewhere brings no strict cookie along; loading the page once more from here does.
        return show_login(request, once_more=True)
    return show_login(request, note="Your session has ended. Sign in again." if ended else "")


def _fresh_session(request: web.Request, house: House, session: Session | None) -> Session | None:
    if session is not None:
        return house.sessions.renewed(session)
    if house.access.token is None and request.path.startswith(GUEST_PATHS) and request.path != EVENTS_PATH:
        return house.sessions.begin(signed_in=False)
    return None


def _show_error(request: web.Request, error: BotError) -> web.Response:
    for kind, status, title in (
        (NotFound, 404, "Not found"),
        (NotAllowed, 403, "Not allowed"),
        (BadRequest, 400, "That can't be done"),
        (Unavailable, 503, "Not now"),
    ):
        if isinstance(error, kind):
            if error.__cause__ is not None:
                log.warning(str(error), page=request.path, cause=repr(error.__cause__))
            return show_trouble(request, status, title, str(error))
    return show_trouble(request, 500, "That can't be done", str(error))
