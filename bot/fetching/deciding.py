"""Decides when a feed is looked at again, which of its items are fetched, and how. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urljoin

from bot.articles.building import canonical_url
from bot.articles.raw import Feed, FeedEntry
from bot.fetching.downloading import NotFetched
from bot.fetching.remembering import FeedState, KnownItem

FULL_TEXT_CHARS = 1_500
"""An entry with so much text holds its article whole: about 250 words, and teasers have a tenth of that."""

LEAST_TEXT_CHARS = 80
"""Less text than one sentence is not worth a file of its own."""

MAX_BACK_OFF = timedelta(days=1)
MAX_ITEM_FAILURES = 3
"""Looks at which an item's page may fail before the feed's own words are taken instead."""

MAX_NEW_ITEMS = 50
"""Items of one feed fetched at one look: a new feed of 500 takes a few looks instead of ten minutes of its host."""

FORGET_AFTER = timedelta(days=30)
"""An item that its feed has not named for so long may be forgotten: feeds do not bring items back."""

_CUT_OFF = re.compile(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\]|»|(?:read|continue|keep)\s+(?:more|reading|on)\W{0,3})\s*$", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An entry that is to be written: under which key, and how its text is had.

    "page": its page is fetched; "entry": the feed's own text is taken. `fingerprint` changes when the feed says
    something else of it.
    """

    key: str
    fingerprint: str
    entry: FeedEntry
    link: str | None
    way: Literal["page", "entry"]
    is_new: bool


def is_due(state: FeedState, now: datetime) -> bool:
    """Return whether a feed is to be looked at by itself."""
    return not state.gone and (state.next_at is None or state.next_at <= now)


def must_wait(state: FeedState, now: datetime) -> bool:
    """Return whether the feed's server wants to be left alone, whoever asks."""
    return state.wait_until is not None and state.wait_until > now


def pick_items(feed: Feed, state: FeedState, *, get_pages: bool) -> Iterator[Item]:
    """Yield the entries that are new or changed, in the feed's order, each once."""
    taken: set[str] = set()
    for entry in feed.entries:
        link = _absolute(entry.link, state.url)
        key = key_of(link, entry.guid or entry.title, state.url)
        if key is None or key in taken:
            continue
        taken.add(key)
        mark = fingerprint(entry)
        known = state.items.get(key)
        if known is not None and known.fingerprint == mark and known.failures == 0:
            continue
        failed = known.failures if known is not None and known.fingerprint == mark else 0
        wants_page = get_pages and link is not None and not is_whole(entry) and failed < MAX_ITEM_FAILURES
        way: Literal["page", "entry"] = "page" if wants_page else "entry"
        if way == "entry" and len(entry.text) < LEAST_TEXT_CHARS:
            continue
        is_new = known is None or known.failures > 0
        yield Item(key=key, fingerprint=mark, entry=entry, link=link, way=way, is_new=is_new)


def key_of(link: str | None, guid: str | None, feed_url: str) -> str | None:
    """Return what an item is known by: its page's address without tracking, else its id in its feed."""
    if link is not None:
        return canonical_url(link)
    return f"{canonical_url(feed_url)}#{guid}" if guid else None


def fingerprint(entry: FeedEntry) -> str:
    """Return a mark of all that a feed says of an item."""
    said = "\x1f".join((entry.title or "", entry.text, str(entry.published_at), str(entry.updated_at)))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def is_whole(entry: FeedEntry) -> bool:
    """Return whether the entry holds its article whole, and not a teaser of it."""
    return len(entry.text) >= FULL_TEXT_CHARS and not _CUT_OFF.search(entry.text[-40:])


def after_success(state: FeedState, now: datetime, *, every: timedelta) -> FeedState:
    """Return the state after a look that worked, without what the look brought."""
    return replace(
        state, looked_at=now, next_at=now + every, wait_until=None, failures=0, gone=False, works=True, written=0
    )


def after_failure(state: FeedState, error: NotFetched, now: datetime, *, every: timedelta) -> FeedState:
    """Return the state after a look that failed: the next one comes later each time, and never when it is gone."""
    failures = state.failures + 1
    pause = min(every * 2 ** min(failures, 10), MAX_BACK_OFF)
    wait_until = None
    if error.retry_after_s is not None:
        wait_until = now + timedelta(seconds=error.retry_after_s)
        pause = max(pause, timedelta(seconds=error.retry_after_s))
    return replace(
        state,
        looked_at=now,
        next_at=now + pause,
        wait_until=wait_until,
        failures=failures,
        gone=error.gone,
        works=False,
        written=0,
        sentence=str(error),
    )


def with_items(state: FeedState, feed: Feed, changed: Mapping[str, KnownItem], now: datetime) -> dict[str, KnownItem]:
    """Return the items to remember: what the feed names now, what changed, and what it named lately."""
    named = {key_of(_absolute(entry.link, state.url), entry.guid or entry.title, state.url) for entry in feed.entries}
    kept = {
        key: replace(item, seen_at=now) if key in named else item
        for key, item in state.items.items()
        if key in named or now - item.seen_at < FORGET_AFTER
    }
    return {**kept, **changed}


def _absolute(link: str | None, feed_url: str) -> str | None:
    if link is None:
        return None
    try:
        joined = urljoin(feed_url, link)
    except ValueError:
        return None
    # A link to nowhere joins to the feed's own address.
    return joined if joined.startswith(("http://", "https://")) and joined != feed_url else None
