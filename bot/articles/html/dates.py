"""When a page's article was published and modified, as its own data, its markup or its visible text says.

The page's own offset is kept, so that the calendar day is the publisher's; UTC where it states none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from lxml import etree

from bot.articles.html.moments import MAX_DATE_LINE, parse_date
from bot.articles.html.structured import Description, short_text, text_of
from bot.text.lazy import compile_later

_PUBLISHED_METAS = (
    "article:published_time", "og:article:published_time", "og:published_time", "published_time", "datepublished",
    "og:publish_date", "publish-date", "publish_date", "publishdate", "published-date", "publication_date",
    "publicationdate", "article.published", "cxenseparse:recs:publishtime", "parsely-pub-date", "sailthru.date",
    "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date.created", "dc.date", "dcterms.date", "dc:date",
    "date.created", "date.issued", "date_published", "pubdate", "pub_date", "article_date_original",
    "originalpublicationdate",
    "citation_publication_date", "citation_online_date", "citation_date", "date", "datecreated", "created",
    "article:published", "rnews:datepublished", "content_create_date", "bt:pubdate", "vr:published_time", "displaydate",
    "timestamp", "release_date", "doc_date", "prism.publicationdate", "shareaholic:article_published_time",
)  # fmt: skip
_MODIFIED_METAS = (
    "article:modified_time", "og:updated_time", "og:article:modified_time", "datemodified", "last-modified", "lastmod",
    "dcterms.modified", "dc.date.modified", "modified", "date_modified", "updated_time",
    "cxenseparse:recs:modifiedtime",
)  # fmt: skip

_PUBLISHED_NAMES = compile_later(
    r"publish|pubdate|posted|created|dateline|date-?published|issued|entry-date|post-date|article-date", re.I
)
_UPDATED_NAMES = compile_later(r"updat|modif", re.I)
_DATE_NAMES = compile_later(
    r"(?<![a-z])(?:date|datum|fecha|time|timestamp|pubdate|posted|published|byline|meta|dateline|info|zeit)", re.I
)
# Two ways of writing one moment may differ by the seconds that one of them leaves out.
_SAME = timedelta(minutes=1)
# Time zones lie a multiple of this from UTC, and at most so far.
_QUARTER_HOUR = timedelta(minutes=15)
_MAX_OFFSET = timedelta(hours=14)
# How many lines around the headline may hold the date.
_NEAR_AFTER = 12
_NEAR_BEFORE = 6
# A line with a date and at most a label.
_BARE_DATE_CHARS = 60
_MIN_DATE_CHARS = 6
_URL_DATE = compile_later(r"/((?:19|20)\d{2})[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?=[/_.-]|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDates:
    """When the article was published (aware; `day_only`: no time of day is given) and last modified."""

    published_at: datetime | None = None
    day_only: bool = False
    modified_at: datetime | None = None


def find_dates(
    page: Description, root: etree._Element, *, url: str | None, lines: Sequence[str] = (), headline: int | None = None
) -> PageDates:
    """Return the dates of the page's article: from its linked data, meta elements, markup, address, visible lines.

    `headline` is the index in `lines` (the page's visible blocks of text) where the article's title stands.
    """
    modified = _first(_modified_values(page))
    published = _first(_published_values(page, root, url))
    if published is not None:
        published = _on_local_day(published, page, root, url, lines, headline)
    if published is None and modified is not None:
        published = modified
    if published is None:
        published = _first_near(lines, headline) or _guess(root, url)
    return PageDates(
        published_at=published[0] if published else None,
        day_only=published[1] if published else False,
        modified_at=modified[0] if modified else None,
    )


def _first(values: Iterator[str]) -> tuple[datetime, bool] | None:
    for value in values:
        found = parse_date(value)
        if found is not None:
            return found
    return None


def _on_local_day(
    published: tuple[datetime, bool], page: Description, root: etree._Element, url: str | None,
    lines: Sequence[str], headline: int | None,
) -> tuple[datetime, bool]:  # fmt: skip
    """Return the moment on the publisher's own day, where it is given in UTC and the page names that day elsewhere.

    The same instant with an offset is best; then the day in the address and the one beside the headline, where they are
    one day off as a time zone can make it. A time of day beside the headline gives the offset.
    """
    moment, day_only = published
    if day_only or moment.utcoffset() != timedelta(0):
        return published
    others = [parse_date(value) for value in (*_stated_values(page), *_marked_values(root))]
    for other in others:
        if (
            other is not None
            and not other[1]
            and other[0].utcoffset() != timedelta(0)
            and abs(other[0] - moment) < _SAME
        ):
            return other
    found = _URL_DATE.search(url or page.meta("og:url") or "")
    addressed = parse_date("-".join(found.groups())) if found is not None else None
    if addressed is not None:
        return addressed if _one_day_off(moment, addressed[0]) else published
    shown = next(_near_headline(lines, headline), None)
    if shown is None or not _one_day_off(moment, shown[0]):
        return published
    offset = shown[0] - moment.replace(second=0, microsecond=0)
    if not shown[1] and offset % _QUARTER_HOUR == timedelta(0) and abs(offset) <= _MAX_OFFSET:
        return moment.astimezone(timezone(offset)), False
    return shown[0].replace(hour=0, minute=0, second=0), True


def _one_day_off(moment: datetime, day: datetime) -> bool:
    distance = (day.date() - moment.date()).days
    return (distance == -1 and moment.hour < 12) or (distance == 1 and moment.hour >= 10)


def _published_values(page: Description, root: etree._Element, url: str | None) -> Iterator[str]:
    yield from _stated_values(page)
    yield from _marked_values(root)
    if url is not None or page.meta("og:url"):
        found = _URL_DATE.search(url or page.meta("og:url") or "")
        if found is not None:
            yield "-".join(found.groups())
    yield from _visible_values(root)


def _stated_values(page: Description) -> Iterator[str]:
    for thing in (page.article, page.page):
        for key in ("datePublished", "dateCreated", "uploadDate"):
            value = text_of(thing.get(key))
            if value:
                yield value
    for name in _PUBLISHED_METAS:
        yield from page.metas.get(name, ())


def _modified_values(page: Description) -> Iterator[str]:
    for thing in (page.article, page.page):
        value = text_of(thing.get("dateModified"))
        if value:
            yield value
    for name in _MODIFIED_METAS:
        yield from page.metas.get(name, ())


def _marked_values(root: etree._Element) -> Iterator[str]:
    """Yield what `<time>`, `<abbr title>` and microdata say; elements named after publishing first, updates last."""
    named: list[str] = []
    plain: list[str] = []
    updated: list[str] = []
    for element in root.iter("time", "abbr", "span", "div", "p", "meta"):
        prop = (element.get("itemprop") or "").lower()
        if element.tag not in ("time", "abbr") and prop not in ("datepublished", "datecreated", "datemodified"):
            continue
        value = element.get("datetime") or element.get("content") or element.get("title")
        if not value and (element.tag == "time" or prop):
            value = short_text(element, MAX_DATE_LINE)
        if not value or not any(char.isdigit() for char in value):
            continue
        names = f"{element.get('class') or ''} {prop} {element.get('id') or ''}"
        if _UPDATED_NAMES.search(names):
            updated.append(value)
        elif prop in ("datepublished", "datecreated") or "pubdate" in element.attrib or _PUBLISHED_NAMES.search(names):
            named.append(value)
        else:
            plain.append(value)
    yield from (*named, *plain[:3], *updated[:1])


def _visible_values(root: etree._Element) -> Iterator[str]:
    """Yield the short texts of elements whose names speak of dates, in document order."""
    for element in root.iter(
        "span", "div", "p", "li", "small", "em", "td", "b", "strong", "h2", "h3", "h4", "h5", "h6", "a", "i"
    ):
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        if len(names) < 4 or not _DATE_NAMES.search(names):
            continue
        text = short_text(element, MAX_DATE_LINE)
        if len(text) >= _MIN_DATE_CHARS and any(map(str.isdigit, text)):
            yield text


def _first_near(lines: Sequence[str], headline: int | None) -> tuple[datetime, bool] | None:
    """Return the first date in a short line around the headline, else in a line that is hardly more than a date."""
    near = next(_near_headline(lines, headline), None)
    if near is not None:
        return near
    for line in lines:
        if len(line) <= _BARE_DATE_CHARS and any(map(str.isdigit, line)):
            found = parse_date(line)
            if found is not None:
                return found
    return None


def _near_headline(lines: Sequence[str], headline: int | None) -> Iterator[tuple[datetime, bool]]:
    """Yield the dates in short lines around the headline, those after it first; lines about updates are left out."""
    if headline is None:
        return
    order = (*range(headline + 1, headline + _NEAR_AFTER), *range(headline - 1, headline - _NEAR_BEFORE, -1))
    for index in order:
        if not 0 <= index < len(lines) or len(lines[index]) > MAX_DATE_LINE or _UPDATED_NAMES.search(lines[index]):
            continue
        found = parse_date(lines[index]) if any(map(str.isdigit, lines[index])) else None
        if found is not None:
            yield found


def _guess(root: etree._Element, url: str | None) -> tuple[datetime, bool] | None:
    """Return what htmldate finds in the rest of the page."""
    import lxml.html
    from htmldate import find_date

    try:
        tree = lxml.html.fromstring(etree.tostring(root, encoding="unicode"))
        found = find_date(tree, extensive_search=False, original_date=True, url=url)
    except (ValueError, TypeError, RecursionError, etree.ParserError):
        return None
    return parse_date(found) if found else None
