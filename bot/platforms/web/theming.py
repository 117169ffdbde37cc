"""Light or dark, when somebody wants another than the browser's. The server writes it into the page: no flash."""

from __future__ import annotations

from aiohttp import web

from bot.platforms.web.answering import THEME_COOKIE, THEMES, own_path, see_other
from bot.platforms.web.house import HOUSE

THEME_MAX_AGE_S = 365 * 24 * 3600


async def choose_theme(request: web.Request) -> web.Response:
    """Remember the theme in a cookie of its own and go back to the page."""
    form = await request.post()
    theme = str(form.get("theme", "auto"))
    response = see_other(own_path(str(form.get("next", "/"))))
    if theme in THEMES:
        is_secure = request.app[HOUSE].access.behind_tls
        response.set_cookie(
            THEME_COOKIE, theme, max_age=THEME_MAX_AGE_S, httponly=True, samesite="Strict", secure=is_secure
        )
    return response
