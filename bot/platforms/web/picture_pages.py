"""The pictures of shared links: one for a digest, one for an article, one that says nothing of the archive."""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.commands.finding import article_of_number
from bot.errors import NotFound
from bot.messages.wording import count_of, day_of
from bot.platforms.web import reading
from bot.platforms.web.cards import card_png
from bot.platforms.web.house import HOUSE
from bot.platforms.web.pages import context_of, number_of

CACHE_S = 3600


async def show_plain_card(_: web.Request) -> web.Response:
    """Return the picture of the page as such."""
    return await _picture("News, with proof for every line", "", "Sign in to read")


async def show_digest_card(request: web.Request) -> web.Response:
    """Return a digest's picture. Raises: NotFound."""
    view = await reading.edition_of(number_of(request, "number"), request.app[HOUSE], context_of(request))
    if view is None:
        raise NotFound("There is no digest of this number.")
    headline = view.stories[0].headline if view.stories else "Nothing new"
    more = len(view.stories) - 1
    below = f"and {count_of(more, 'more story', 'more stories')}, every line with its proof" if more > 0 else ""
    return await _picture(headline, f"News digest · {day_of(view.made_at)}", below)


async def show_article_card(request: web.Request) -> web.Response:
    """Return an article's picture. Raises: NotFound."""
    house = request.app[HOUSE]
    article = await article_of_number(number_of(request, "seq"), context_of(request))
    (told,) = await reading.with_summaries([article], house)
    above = day_of(article.published_at) if article.published_at else ""
    return await _picture(told.headline, above, article.source or "")


async def _picture(headline: str, above: str, below: str) -> web.Response:
    image = await asyncio.to_thread(card_png, headline, above, below)
    response = web.Response(body=image, content_type="image/png")
    response.headers["Cache-Control"] = f"private, max-age={CACHE_S}"
    return response
