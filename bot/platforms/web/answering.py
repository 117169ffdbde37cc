"""Makes the answers: a whole page, a page about trouble, the login."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from bot.platforms.web.house import HOUSE, SESSION, House
from bot.platforms.web.rendering import render
from bot.platforms.web.sessions import Session

NAVIGATION = (
    ("/", "Today", "today"),
    ("/archive", "Archive", "archive"),
    ("/search", "Search", "search"),
    ("/chat", "Chat", "chat"),
    ("/status", "Status", "status"),
)
THEMES = ("auto", "light", "dark")
FEEDS = (
    ("/feed.atom", "Atom", "application/atom+xml"),
    ("/feed.json", "JSON feed", "application/feed+json"),
)
THEME_COOKIE = "newsbot-theme"
MAX_NEXT_CHARS = 500


def show_page(
    request: web.Request, template: str, *, here: str = "", status: int = 200, **values: object
) -> web.Response:
    """Return a page; `here` names the entry of the navigation it belongs to."""
    house = request.app[HOUSE]
    session = request.get(SESSION)
    theme = request.cookies.get(THEME_COOKIE, "auto")
    html = render(
        template,
        here=here,
        navigation=NAVIGATION,
        theme=theme if theme in THEMES else "auto",
        path=request.path,
        can_sign_out=bool(session and session.signed_in),
        shareable=house.access.token is not None,
        feeds=_feeds(house, session),
        **values,
    )
    return web.Response(text=html, content_type="text/html", status=status)


def show_trouble(
    request: web.Request, status: int, title: str, text: str, *, bare: bool = False, headers: Mapping[str, str] = {}
) -> web.Response:
    """Return a page that says what is wrong and what to do; `bare` leaves out the ways to other pages."""
    if request.headers.get("Accept", "").startswith("application/json"):
        return web.json_response({"error": text}, status=status, headers=headers)
    response = show_page(request, "trouble.html", status=status, title=title, text=text, bare=bare)
    response.headers.update(headers)
    return response


def show_login(request: web.Request, *, note: str = "", status: int = 401, once_more: bool = False) -> web.Response:
    """Return the login; afterwards the browser goes where it wanted to. `once_more` first loads the page again."""
    if request.headers.get("Accept", "").startswith("application/json"):
        return web.json_response({"error": "Your session has ended. Sign in again."}, status=status)
    wanted = request.query.get("next", "") if request.path == "/login" else request.path_qs
    return show_page(
        request,
        "login.html",
        status=status,
        note=note,
        once_more=once_more,
        next=own_path(wanted if request.method == "GET" else "/"),
    )


def address_with_key(house: House, path: str) -> str:
    """Return a path of ours as it is given to programs and friends: with a login, with the key that opens it alone."""
    return path if house.access.token is None else f"{path}?key={house.sessions.key_of(path)}"


def _feeds(house: House, session: Session | None) -> list[tuple[str, str, str]]:
    """Return the feeds as (address, name, type), for those who may read all that is in them."""
    if house.access.token is not None and not (session and session.signed_in):
        return []
    return [(address_with_key(house, path), name, kind) for path, name, kind in FEEDS]


def see_other(path: str) -> web.Response:
    """Return the answer that sends a browser to another page of ours after it sent a form."""
    return web.Response(status=303, headers={"Location": path})


def own_path(text: str) -> str:
    """Return a path of this site, "/" for anything that could lead elsewhere."""
    is_path = text.startswith("/") and not text.startswith("//") and len(text) <= MAX_NEXT_CHARS
    return text if is_path and text.isprintable() and "\\" not in text else "/"
