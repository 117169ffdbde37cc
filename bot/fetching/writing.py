"""Articles as files of the watched folder, the one door in: whole or not at all, and under names that never change.

The name of a file follows from its article's address alone: the same article is never written twice, whatever else was
forgotten meanwhile, and a changed one replaces its file, which the bot reads as a new version.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from datetime import datetime, timedelta
from html import escape
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bot.articles.raw import FeedEntry
from bot.errors import Unavailable
from bot.fetching.downloading import Fetched

MAX_NAME_CHARS = 60
KEY_HEX_CHARS = 12
ENDINGS = (".html", ".json")
"""A page as it was fetched, or the text that the feed itself holds."""

CLOCK_SLACK = timedelta(days=1)
"""A date so far in the future is another time zone's; a later one is an error."""

_HEAD = re.compile(rb"<head(?:\s[^>]{0,500})?>", re.IGNORECASE)
_HEAD_BYTES = 65_536
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_PLAIN = re.compile(r"[^a-z0-9]+")
_HOST = re.compile(r"[^a-z0-9.-]")


def file_stem(key: str, link: str | None) -> str:
    """Return the name of an item's file without its ending: words of its address, and a mark of all of it."""
    mark = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:KEY_HEX_CHARS]
    last = unquote(urlsplit(link).path.rstrip("/").rpartition("/")[2]) if link else ""
    words = _PLAIN.sub("-", last.rpartition(".")[0].lower() or last.lower()).strip("-")[:MAX_NAME_CHARS].strip("-")
    return f"{words}-{mark}" if words else mark


def host_folder(feed_url: str) -> str:
    """Return the name of the subfolder for a feed's articles: its host."""
    host = _HOST.sub("-", (urlsplit(feed_url).hostname or "").lower()).strip(".-")
    return host[:100] or "feed"


def page_file(page: Fetched, entry: FeedEntry, *, now: datetime) -> bytes:
    """Return a page as it is written: as it came, with its address, charset and date where the reader finds them.

    The address stated first wins: a page can't claim to be the article of another site.
    """
    data, charset = page.data or b"", page.charset
    if data.startswith(_UTF16):
        data, charset = data.decode("utf-16", "replace").encode(), "utf-8"
    said = f'<link rel="canonical" href="{escape(page.url)}">'
    if charset and re.fullmatch(r"[\w.:-]{2,40}", charset):
        said = f'<meta charset="{charset}">{said}'
    head = _HEAD.search(data, 0, _HEAD_BYTES)
    cut = head.end() if head else 0
    end = data.lower().find(b"</head", cut, cut + _HEAD_BYTES * 16)
    published = _past(entry.published_at, now)
    # At the end of the head, so that the page's own date comes first and the feed's fills the gap.
    dated = f'<meta property="article:published_time" content="{published}">' if published and end >= 0 else ""
    end = max(end, cut)
    return data[:cut] + said.encode("ascii", "xmlcharrefreplace") + data[cut:end] + dated.encode() + data[end:]


def entry_file(entry: FeedEntry, *, key: str, link: str | None, source: str | None, now: datetime) -> bytes:
    """Return an item of a feed as it is written: its own text and all that the feed states about it."""
    fields = {
        "title": entry.title,
        "byline": list(entry.byline),
        "source": entry.source or source,
        "url": link,
        "id": None if link else key,
        "published_at": _past(entry.published_at, now),
        "modified_at": _past(entry.updated_at, now),
        "content_html": entry.markup,
    }
    return json.dumps({name: value for name, value in fields.items() if value}, ensure_ascii=False, indent=1).encode(
        "utf-8", "replace"
    )


def write_article(folder: Path, stem: str, ending: str, data: bytes) -> bool:
    """Write one article's file; return False when it was there already, word for word.

    Raises: Unavailable when the folder can't be written.
    """
    file = folder / f"{stem}{ending}"
    try:
        if file.is_file() and file.read_bytes() == data:
            return False
        folder.mkdir(parents=True, exist_ok=True)
        _write_whole(file, data)
        for other in ENDINGS:
            if other != ending:
                # Once a teaser, now a page, or the other way round: one article, one file.
                (folder / f"{stem}{other}").unlink(missing_ok=True)
    except OSError as error:
        raise Unavailable(f"The folder {folder} can't be written ({error.strerror}): make it writable.") from error
    return True


def _write_whole(file: Path, data: bytes) -> None:
    # Names that begin with a dot are never read; the rename makes the file appear whole.
    beside = file.with_name(f".{file.name}.new")
    with beside.open("wb") as opened:
        opened.write(data)
        opened.flush()
        os.fsync(opened.fileno())
    beside.replace(file)


def _past(moment: datetime | None, now: datetime) -> str | None:
    return None if moment is None or moment > now + CLOCK_SLACK else moment.isoformat()
