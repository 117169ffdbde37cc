"""The pages of a story, and of what happened when: merged bullets, who disagrees, the days, and all articles."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date

from aiohttp import web

from bot.commands.context import Context
from bot.commands.finding import FoundStory, story_of
from bot.commands.story import merge_found
from bot.commands.visibility import is_visible, visible_hits
from bot.digests.items import prefer_standing
from bot.errors import NotFound
from bot.model import Article, DatedClaim
from bot.platforms.web import reading
from bot.platforms.web.answering import show_page
from bot.platforms.web.house import HOUSE, House
from bot.platforms.web.pages import context_of, shared_by
from bot.platforms.web.timeline_picture import Picture, draw_timeline, when_of
from bot.stories.timeline import build_timeline

MAX_BULLETS = 12
MAX_CONFLICTS = 5
MAX_ARTICLES = 60
MAX_EARLIER = 8
"""Articles of the same storyline that are named beside a story, the latest."""
STORYLINE_ARTICLES = 40
"""Latest articles of a storyline whose days are shown."""
TIMELINE_ENTRIES = 10
TOPIC_ENTRIES = 20
TOPIC_HITS = 40
MAX_TOPIC_CHARS = 200


async def show_story(request: web.Request) -> web.Response:
    """Return the page of one story. Raises: NotFound."""
    house, context = request.app[HOUSE], context_of(request)
    found = await _find(request.match_info["id"], house, context)
    story = await merge_found(found)
    by_id = {article.id: article for article in found.articles}
    articles = [by_id[one] for one in story.articles]
    line = await _storyline(found, house, context)
    claims, picture = await _timeline(line, topic=story.headline, entries=TIMELINE_ENTRIES, house=house)
    earlier = [article for article in line if article.id not in by_id and article.duplicate_of is None]
    language_of = {article.id: article.language for article in articles}
    return show_page(
        request,
        "story.html",
        story=story,
        bullets=prefer_standing(story.bullets, None, language_of)[:MAX_BULLETS],
        conflicts=story.conflicts[:MAX_CONFLICTS],
        count=len(articles),
        articles=[reading.Told(article=one, summary=found.summaries.get(one.id)) for one in articles[:MAX_ARTICLES]],
        earlier=await reading.with_summaries(earlier[: -MAX_EARLIER - 1 : -1], house),
        claims=claims,
        picture=picture,
        lead=articles[0],
        shared=shared_by(request, f"/card/article/{articles[0].ingested_seq}.png"),
    )


async def show_timeline(request: web.Request) -> web.Response:
    """Return what happened when, about a topic."""
    house, context = request.app[HOUSE], context_of(request)
    topic = request.query.get("topic", "").strip()[:MAX_TOPIC_CHARS]
    hits = await visible_hits(house.archive, topic, limit=TOPIC_HITS, collections=context.collections) if topic else []
    claims, picture = await _timeline(
        [hit.article for hit in hits], topic=topic, entries=TOPIC_ENTRIES, house=house, at_least=1
    )
    return show_page(
        request, "timeline.html", here="search", topic=topic, matched=len(hits), claims=claims, picture=picture
    )


async def _find(story_id: str, house: House, context: Context) -> FoundStory:
    """Return a story by its id, of those articles that may be seen; by an article's id, that article's."""
    members = await house.archive.members(story_id)
    for article in await house.archive.articles(members[-MAX_ARTICLES:] or [story_id]):
        if is_visible(article, context.collections):
            return await story_of(article, context)
    raise NotFound("There is no story at this address; its articles may be gone. Search finds what there is.")


async def _storyline(found: FoundStory, house: House, context: Context) -> list[Article]:
    """Return the articles of the story's whole line that may be seen, by ingest sequence."""
    ids = await house.archive.members(found.placement.storyline)
    articles = await house.archive.articles(ids[-STORYLINE_ARTICLES:])
    by_id = {one.id: one for one in (*articles, *found.articles) if is_visible(one, context.collections)}
    return sorted(by_id.values(), key=lambda one: one.ingested_seq)


async def _timeline(
    articles: Sequence[Article], *, topic: str, entries: int, house: House, at_least: int = 2
) -> tuple[list[tuple[str, DatedClaim]], Picture | None]:
    """Return dated claims, each with its day in words, and their picture; nothing when they are too few."""
    if not articles or not topic:
        return [], None
    # Finding the dates of forty articles takes some 100 ms: the event loop goes on meanwhile.
    claims = await asyncio.to_thread(build_timeline, articles, topic=topic, k=entries)
    if len(claims) < at_least:
        return [], None
    today: date = house.clock.now().date()
    return [(when_of(claim), claim) for claim in claims], draw_timeline(claims, today=today)
