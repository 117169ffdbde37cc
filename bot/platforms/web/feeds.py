"""The digests as feeds: Atom and JSON Feed, valid whatever an article holds, with ids that never change.

Source: RFC 4287; https://www.jsonfeed.org/version/1.1/; XML 1.0 section 2.2 (characters)
"""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass
from html import escape

from aiohttp import web

from bot.messages.wording import count_of, minute_of
from bot.platforms.web import reading
from bot.platforms.web.answering import address_with_key
from bot.platforms.web.house import HOUSE
from bot.platforms.web.pages import context_of
from bot.platforms.web.reading import EditionView
from bot.platforms.web.rendering import render, text_of
from bot.ports import Edition

TITLE = "newsbot · news digests"
ENTRIES = 20

_ID_SPACE = uuid.UUID("6f1f3b1e-5d0a-4c59-9d8e-6f6a2f4f7b10")
"""A random number that sets the ids of digests apart from all others."""
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One digest as feeds tell it."""

    id: str
    address: str
    title: str
    summary: str
    html: str
    view: EditionView


async def show_atom(request: web.Request) -> web.Response:
    """Return the latest digests as an Atom feed."""
    from feedgenerator import Atom1Feed

    entries = await _entries(request)
    base = _base(request)
    feed = Atom1Feed(
        title=TITLE,
        link=f"{base}/",
        description="",
        feed_url=_address(request, request.path),
        feed_guid=_feed_id(),
        language="en",
    )
    for entry in entries:
        feed.add_item(
            title=entry.title,
            link=entry.address,
            # The library marks summaries as HTML.
            description=escape(entry.summary),
            content=entry.html,
            unique_id=entry.id,
            pubdate=entry.view.edition.made_at,
            updateddate=entry.view.edition.made_at,
            author_name="newsbot",
        )
    return web.Response(text=feed.writeString("utf-8"), content_type="application/atom+xml", charset="utf-8")


async def show_json(request: web.Request) -> web.Response:
    """Return the latest digests as a JSON feed."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": TITLE,
        "home_page_url": f"{_base(request)}/",
        "feed_url": _address(request, request.path),
        "items": [
            {
                "id": entry.id,
                "url": entry.address,
                "title": entry.title,
                "summary": entry.summary,
                "content_html": entry.html,
                "date_published": entry.view.edition.made_at.isoformat(),
            }
            for entry in await _entries(request)
        ],
    }
    text = json.dumps(feed, ensure_ascii=False, indent=1)
    return web.Response(text=text, content_type="application/feed+json", charset="utf-8")


def id_of(edition: Edition) -> str:
    """Return the id of a digest in every feed, whatever the page is called and wherever the archive goes."""
    return uuid.uuid5(_ID_SPACE, f"{edition.destination}\n{edition.made_at.isoformat()}").urn


async def _entries(request: web.Request) -> list[Entry]:
    house, context = request.app[HOUSE], context_of(request)
    found = await house.archive.editions(reading.HOUSE_DESTINATIONS, limit=ENTRIES)
    return [_entry(await reading.view_edition(one, house, context), request) for one in found]


def _entry(view: EditionView, request: web.Request) -> Entry:
    html = render("feed_entry.html", view=view, base=_base(request))
    told = count_of(len(view.stories), "story", "stories")
    first = "; ".join(story.headline for story in view.stories[:3])
    return Entry(
        id=id_of(view.edition),
        address=_address(request, f"/digest/{view.edition.number}"),
        title=_clean(f"News digest · {minute_of(view.made_at)}"),
        summary=_clean(f"{told}: {first}" if view.stories else "Nothing new."),
        html=_clean(html),
        view=view,
    )


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text_of(text))


def _feed_id() -> str:
    return uuid.uuid5(_ID_SPACE, "digests").urn


def _base(request: web.Request) -> str:
    scheme = "https" if request.app[HOUSE].access.behind_tls else "http"
    return f"{scheme}://{request.host}"


def _address(request: web.Request, path: str) -> str:
    return f"{_base(request)}{address_with_key(request.app[HOUSE], path)}"
