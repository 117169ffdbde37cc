"""When a page's article was published and modified, as its own data, its markup or its visible text says.

The page's own offset is kept, so that the calendar day is the publisher's; UTC where it states none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

import lxml.html
from lxml import etree

from bot.articles.html.structured import Description, short_text, text_of

# Older pages do not exist; newer ones are a clock or an event in the future.
_FIRST_YEAR = 1991

_ISO = re.compile(
    r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:(?:T|\s{1,3}|,\s)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s?(Z|UTC|GMT|[+-]\d{2}:?\d{2}(?!\d)|[+-]\d{2}(?!\d))?)?",
    re.I,
)
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:T?(\d{2})(\d{2})(\d{2})?)?(?!\d)")
_YEAR_FIRST = re.compile(r"(?<!\d)((?:19|20)\d{2})\s?[./年년-]\s?(\d{1,2})\s?[./月월-]\s?(\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(r"(?<![\d.])(\d{1,2})\s?[./-]\s?(\d{1,2})\s?[./-]\s?((?:19|20)\d{2}|\d{2})(?![\d])")
_WORDS_DAY = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|º|\.)?\s{0,2}(?:de\s|of\s|-|/)?\s{0,2}([^\W\d_]{3,12})\.?,?\s{0,2}(?:de\s|del\s|-|/)?\s{0,2}((?:19|20)\d{2})(?!\d)"
)
_WORDS_MONTH = re.compile(
    r"(?<![^\W\d_])([^\W\d_]{3,12})\.?\s{1,2}(\d{1,2})(?:st|nd|rd|th)?,?\s{1,2}((?:19|20)\d{2})(?!\d)"
)
_CLOCK = re.compile(r"(?<!\d)(\d{1,2})[:.h](\d{2})(?::\d{2})?(?!\d)\s?([ap]\.?\s?m\b)?", re.I)
_URL_DATE = re.compile(r"/((?:19|20)\d{2})[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?=[/_.-]|$)")
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")

# The months of the languages news is mostly written in, by their first letters (enough to be unambiguous).
_MONTH_NAMES = (
    "january jan januar jänner jänner janvier janv enero ene gennaio gen janeiro januari tammikuuta stycznia styczeń "
    "января янв січня ledna január ianuarie ocak sausio januára siječnja ιανουαρίου leden",
    "february feb februar feber février févr fevrier fév febrero febbraio fevereiro februari helmikuuta lutego luty "
    "февраля фев лютого února február februarie şubat vasario februára veljače φεβρουαρίου únor",
    "march mar märz mrz maerz mars marzo março maart maaliskuuta marca marzec марта мар березня března március martie "
    "mart kovo marts ožujka μαρτίου březen",
    "april apr avril avr abril aprile huhtikuuta kwietnia kwiecień апреля апр квітня dubna április aprilie nisan "
    "balandžio apríla travnja απριλίου duben",
    "may mai mayo maggio mag maio mei toukokuuta maja мая травня května május mayıs gegužės maj mája svibnja μαΐου květen",
    "june jun juni juin junio giugno giu junho kesäkuuta czerwca czerwiec июня червня června június iunie haziran "
    "birželio júna lipnja ιουνίου červen",
    "july jul juli juillet juil julio luglio lug julho heinäkuuta lipca lipiec июля липня července július iulie temmuz "
    "liepos júla srpnja ιουλίου červenec",
    "august aug août aout agosto ago elokuuta sierpnia sierpień августа авг серпня srpna augusztus ağustos rugpjūčio "
    "augustus augusti augusta kolovoza αυγούστου srpen",
    "september sept sep septembre septiembre setiembre settembre set setembro syyskuuta września wrzesień сентября сен "
    "вересня září szeptember septembrie eylül rugsėjo septembra rujna σεπτεμβρίου",
    "october oct oktober okt octobre octubre ottobre ott outubro lokakuuta października październik октября окт жовтня "
    "října október octombrie ekim spalio októbra listopada οκτωβρίου říjen",
    "november nov novembre noviembre novembro marraskuuta listopad ноября ноя листопада listopadu novembra noiembrie kasım "
    "lapkričio studenoga νοεμβρίου",
    "december dec dezember dez décembre decembre déc diciembre dicembre dic dezembro joulukuuta grudnia grudzień декабря "
    "дек грудня prosince decembra decembrie aralık gruodžio prosinca δεκεμβρίου",
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}

_PUBLISHED_METAS = (
    "article:published_time", "og:article:published_time", "og:published_time", "published_time", "datepublished",
    "og:publish_date", "publish-date", "publish_date", "publishdate", "published-date", "publication_date",
    "publicationdate", "article.published", "cxenseparse:recs:publishtime", "parsely-pub-date", "sailthru.date",
    "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date.created", "dc.date", "dcterms.date", "dc:date",
    "date.created", "date.issued", "date_published", "pubdate", "pub_date", "article_date_original", "originalpublicationdate",
    "citation_publication_date", "citation_online_date", "citation_date", "date", "datecreated", "created",
    "article:published", "rnews:datepublished", "content_create_date", "bt:pubdate", "vr:published_time", "displaydate",
    "timestamp", "release_date", "doc_date", "prism.publicationdate", "shareaholic:article_published_time",
)  # fmt: skip
_MODIFIED_METAS = (
    "article:modified_time", "og:updated_time", "og:article:modified_time", "datemodified", "last-modified", "lastmod",
    "dcterms.modified", "dc.date.modified", "modified", "date_modified", "updated_time", "cxenseparse:recs:modifiedtime",
)  # fmt: skip

_PUBLISHED_NAMES = re.compile(
    r"publish|pubdate|posted|created|dateline|date-?published|issued|entry-date|post-date|article-date", re.I
)
_UPDATED_NAMES = re.compile(r"updat|modif", re.I)
_DATE_NAMES = re.compile(
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
# A visible date stands in a short line.
_MAX_DATE_LINE = 160


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


def parse_date(text: str, *, now: datetime | None = None) -> tuple[datetime, bool] | None:
    """Return the first date written in `text` (aware) and whether it has no time of day; None when there is none.

    Numbers of two digits are day, month, year unless only month, day, year makes a date. `now` bounds the future.
    """
    text = text[:_MAX_DATE_LINE]
    for read in (_read_iso, _read_epoch, _read_words, _read_rfc, _read_numbers):
        found = read(text)
        if found is not None and _plausible(found[0], now or datetime.now(UTC)):
            return found
    return None


def _plausible(moment: datetime, now: datetime) -> bool:
    return moment.year >= _FIRST_YEAR and moment <= now + timedelta(days=2)


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
            value = short_text(element, _MAX_DATE_LINE)
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
        text = short_text(element, _MAX_DATE_LINE)
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
        if not 0 <= index < len(lines) or len(lines[index]) > _MAX_DATE_LINE or _UPDATED_NAMES.search(lines[index]):
            continue
        found = parse_date(lines[index]) if any(map(str.isdigit, lines[index])) else None
        if found is not None:
            yield found


def _guess(root: etree._Element, url: str | None) -> tuple[datetime, bool] | None:
    """Return what htmldate finds in the rest of the page."""
    from htmldate import find_date

    try:
        tree = lxml.html.fromstring(etree.tostring(root, encoding="unicode"))
        found = find_date(tree, extensive_search=False, original_date=True, url=url)
    except (ValueError, TypeError, RecursionError, etree.ParserError):
        return None
    return parse_date(found) if found else None


def _read_iso(text: str) -> tuple[datetime, bool] | None:
    found = _ISO.search(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, zone = found.groups()
    if hour is None:
        return _moment(int(year), int(month), int(day))
    return _moment(
        int(year), int(month), int(day), int(hour), int(minute), int(second or 0), zone=_zone(zone), day_only=False
    )


def _read_epoch(text: str) -> tuple[datetime, bool] | None:
    text = text.strip()
    if _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), UTC), False
    found = _COMPACT.search(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = found.groups()
    if hour is None or int(hour) > 23:
        return _moment(int(year), int(month), int(day))
    return _moment(int(year), int(month), int(day), int(hour), int(minute), int(second or 0), zone=UTC, day_only=False)


def _read_words(text: str) -> tuple[datetime, bool] | None:
    for found in _WORDS_DAY.finditer(text):
        month = _MONTHS.get(found[2].lower())
        if month is not None:
            return _with_clock(text, found.end(), int(found[3]), month, int(found[1]))
    for found in _WORDS_MONTH.finditer(text):
        month = _MONTHS.get(found[1].lower())
        if month is not None:
            return _with_clock(text, found.end(), int(found[3]), month, int(found[2]))
    return None


def _read_rfc(text: str) -> tuple[datetime, bool] | None:
    if text.count(":") < 1:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)), False


def _read_numbers(text: str) -> tuple[datetime, bool] | None:
    found = _YEAR_FIRST.search(text)
    if found is not None:
        return _with_clock(text, found.end(), int(found[1]), int(found[2]), int(found[3]))
    found = _DAY_FIRST.search(text)
    if found is None:
        return None
    first, second, year = int(found[1]), int(found[2]), int(found[3])
    if year < 100:
        year += 2000
    day, month = (first, second) if second <= 12 else (second, first)
    if "/" in found[0] and first <= 12 and _CLOCK_AMPM.search(text):
        day, month = second, first
    return _with_clock(text, found.end(), year, month, day)


_CLOCK_AMPM = re.compile(r"\d\s?[ap]\.?m\b|\b(?:EST|EDT|PST|PDT|CST|CDT)\b", re.I)


def _with_clock(text: str, end: int, year: int, month: int, day: int) -> tuple[datetime, bool] | None:
    clock = _CLOCK.search(text[end : end + 30])
    if clock is None or int(clock[1]) > 23 or int(clock[2]) > 59:
        return _moment(year, month, day)
    hour = int(clock[1])
    half = (clock[3] or "").lower()
    if half.startswith("p") and hour < 12:
        hour += 12
    elif half.startswith("a") and hour == 12:
        hour = 0
    return _moment(year, month, day, hour, int(clock[2]), day_only=False)


def _moment(
    year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0, *,
    zone: timezone = UTC, day_only: bool = True,
) -> tuple[datetime, bool] | None:  # fmt: skip
    try:
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone), day_only
    except ValueError:
        return None


def _zone(text: str | None) -> timezone:
    if text is None or text.upper() in ("Z", "UTC", "GMT"):
        return UTC
    sign = -1 if text[0] == "-" else 1
    digits = text[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(sign * offset) if offset < timedelta(hours=24) else UTC
