"""The pages one reads: today's digest, the archive, a digest, an article with its proof, and search."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.commands.context import Context
from bot.commands.finding import article_of_number
from bot.commands.search import MAX_QUERY_CHARS
from bot.commands.visibility import is_visible, visible_hits
from bot.errors import BadRequest, NotFound
from bot.platforms.web import reading
from bot.platforms.web.answering import address_with_key, show_page
from bot.platforms.web.house import HOUSE, SESSION, House
from bot.platforms.web.proof_text import cited_by, paragraphs_of

HITS_SHOWN = 20
MAX_TOPIC_CHARS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """Where a page and its picture are found by those with whom it is shared."""

    address: str
    card: str


async def show_today(request: web.Request) -> web.Response:
    """Return the newest digest, and what came in since."""
    house, context = request.app[HOUSE], context_of(request)
    view = await reading.latest_edition(house, context)
    since = await reading.came_in_since(view.edition.until_seq if view else 0, house, context)
    now = reading.in_zone(house.clock.now(), house)
    return show_page(
        request,
        "today.html",
        here="today",
        view=view,
        since=since,
        now=now,
        is_today=view is not None and view.made_at.date() == now.date(),
        shared=shared_by(request, f"/card/digest/{view.edition.number}.png" if view else "/card.png"),
    )


async def show_edition(request: web.Request) -> web.Response:
    """Return one digest that was told."""
    house, context = request.app[HOUSE], context_of(request)
    number = number_of(request, "number")
    view = await reading.edition_of(number, house, context)
    if view is None:
        raise NotFound("There is no digest of this number. The archive lists them all.")
    return show_page(
        request, "edition.html", here="archive", view=view, shared=shared_by(request, f"/card/digest/{number}.png")
    )


async def show_archive(request: web.Request) -> web.Response:
    """Return past digests, newest first: all of them, up to a date, or those about a topic."""
    house, context = request.app[HOUSE], context_of(request)
    topic = request.query.get("topic", "").strip()[:MAX_TOPIC_CHARS]
    day = request.query.get("on", "").strip()
    before = number_in(request.query.get("before", ""))
    if topic:
        views = await reading.editions_about(topic, house, context)
    else:
        views = await reading.list_editions(house, context, before=before, until=_end_of_day(day, house))
    # How many stories there are in all may tell of articles that are not shown here.
    told_in = {view.edition.number: view.told for view in views} if context.collections is None else {}
    is_full = not topic and len(views) == reading.EDITIONS_A_PAGE
    return show_page(
        request,
        "archive.html",
        here="archive",
        views=views,
        told_in=told_in,
        topic=topic,
        day=day,
        older=views[-1].edition.number if is_full else None,
    )


async def show_article(request: web.Request) -> web.Response:
    """Return one article: its bullets beside its text, where each one's proof lights up, and what was taken out."""
    house, context = request.app[HOUSE], context_of(request)
    seq = number_of(request, "seq")
    article = await article_of_number(seq, context)
    if article.ingested_seq != seq:
        raise web.HTTPFound(f"/article/{article.ingested_seq}")
    (told,) = await reading.with_summaries([article], house)
    original = await house.archive.article(article.duplicate_of) if article.duplicate_of else None
    return show_page(
        request,
        "article.html",
        told=told,
        article=article,
        paragraphs=paragraphs_of(article),
        cited_by=cited_by(told.summary),
        original=original if original and is_visible(original, context.collections) else None,
        shared=shared_by(request, f"/card/article/{seq}.png"),
    )


async def show_search(request: web.Request) -> web.Response:
    """Return what matches some words, best first."""
    house, context = request.app[HOUSE], context_of(request)
    words = request.query.get("q", "").strip()
    if len(words) > MAX_QUERY_CHARS:
        raise BadRequest(f"The query has {len(words):,} characters; use at most {MAX_QUERY_CHARS:,}.")
    hits = await visible_hits(house.archive, words, limit=HITS_SHOWN, collections=context.collections) if words else []
    return show_page(request, "search.html", here="search", words=words, hits=hits)


def context_of(request: web.Request) -> Context:
    """Return the context of whoever sent this request."""
    return request.app[HOUSE].context(request[SESSION])


def number_of(request: web.Request, name: str) -> int:
    """Return the number that stands in the address. Raises: NotFound."""
    number = number_in(request.match_info[name])
    if number is None:
        raise NotFound("There is no page at this address.")
    return number


def number_in(text: str) -> int | None:
    """Return a sequence number, None when the text is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def shared_by(request: web.Request, card: str) -> Shared:
    """Return the full addresses of a page and of its picture.

    With a login they hold a key each, which opens this page and this picture and nothing else.
    """
    house = request.app[HOUSE]
    scheme = "https" if house.access.behind_tls else "http"
    base = f"{scheme}://{request.host}"
    return Shared(address=base + address_with_key(house, request.path), card=base + address_with_key(house, card))


def _end_of_day(day: str, house: House) -> datetime | None:
    if not day:
        return None
    try:
        wanted = date.fromisoformat(day)
        return datetime.combine(wanted + timedelta(days=1), time(), ZoneInfo(house.timetable.zone))
    except (ValueError, OverflowError):
        raise BadRequest("A date is written like 2026-05-03.") from None
