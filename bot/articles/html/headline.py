"""The title of a page's article, chosen among the places that name it, and the site's name.

A title stands in up to four places: linked data, Open Graph, `<h1>` and `<title>`; the last often carries the site's
name, and any of them may be reworded for search engines.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from lxml import etree

from bot.articles.html.structured import Description, plain, text_of
from bot.text.lazy import compile_later

_SEPARATOR = compile_later(r"\s+[|·•»«:–—-]{1,2}\s+|\s*[|｜]\s*|\s::\s")
_MAX_TITLE_CHARS = 400
# A longer name of a site is a slogan.
_MAX_SOURCE_CHARS = 40
# Linked data may cut a headline off at 110 characters (the limit that search engines named).
_CUT_CHARS = 60
_NOT_WORD = compile_later(r"[\W_]+")


def find_source(page: Description, url: str | None) -> str | None:
    """Return the name of the site or paper, its host where no name is stated, or None."""
    publisher = page.article.get("publisher") or page.page.get("publisher")
    if isinstance(publisher, list):
        publisher = publisher[0] if publisher else None
    if isinstance(publisher, dict) and "name" not in publisher:
        publisher = page.objects.get(str(publisher.get("@id")), publisher)
    site = page.meta("og:site_name")
    if site is not None and len(site) > _MAX_SOURCE_CHARS:
        site = text_of(publisher) or site
    name = site or text_of(publisher) or page.meta("application-name", "dc.publisher", "publisher")
    if name is not None and name.startswith(("http://", "https://", "@")):
        name = None
    if name is None and url:
        name = _host(url).removeprefix("www.") or None
    return name


def find_title(page: Description, root: etree._Element, *, source: str | None, url: str | None) -> str | None:
    """Return the article's title without the site's name, or None when no place names it."""
    headings = _headings(root)
    names = _site_names(page, source, url)
    data = text_of(page.article.get("headline")) or text_of(page.article.get("name"))
    graph = page.meta("og:title", "twitter:title", "parsely-title", "dc.title", "title")
    element = root.find(".//title")
    window = plain("".join(element.itertext())[:_MAX_TITLE_CHARS]) if element is not None else None
    data = without_site(data, names, headings)
    graph = without_site(graph, names, headings)
    window = without_site(window, names, headings)
    shown = _shown_heading(headings, (data, graph, window))
    if data is not None and _is_search_wording(data, graph, window, shown):
        return shown
    if data is not None:
        return _longer_if_cut(data, (shown, graph))
    return _longer_if_cut(graph, (shown,)) if graph else shown or window or (headings[0] if headings else None)


def without_site(title: str | None, names: frozenset[str], headings: tuple[str, ...]) -> str | None:
    """Return a title without the site's name and sections at its end or start; `names` are folded."""
    if not title:
        return None
    folded_headings = {fold(heading) for heading in headings}
    if fold(title) in folded_headings:
        return title
    cuts = list(_SEPARATOR.finditer(title))
    for cut in cuts:
        if fold(title[: cut.start()]) in folded_headings:
            return title[: cut.start()].strip()
        if fold(title[cut.end() :]) in folded_headings and fold(title[: cut.start()]) in names:
            return title[cut.end() :].strip()
    for cut in reversed(cuts):
        if fold(title[cut.end() :]) in names and cut.start() > 0:
            return title[: cut.start()].strip()
    if cuts and cuts[0].start() > 0 and fold(title[: cuts[0].start()]) in names:
        return title[cuts[0].end() :].strip()
    return title


def fold(text: str) -> str:
    """Return the letters and digits of a text, case apart: what makes two titles the same."""
    return _NOT_WORD.sub("", text).casefold()


def _headings(root: etree._Element) -> tuple[str, ...]:
    texts = (plain(" ".join("".join(element.itertext()).split())) for element in root.iter("h1"))
    return tuple(text for text in texts if text and len(text) <= _MAX_TITLE_CHARS)


def _site_names(page: Description, source: str | None, url: str | None) -> frozenset[str]:
    names = {source, page.meta("og:site_name"), page.meta("application-name")}
    address = url or page.meta("og:url")
    host = _host(address).removeprefix("www.").removeprefix("m.") if address else ""
    names.update((host, host.split(".")[0], ".".join(host.split(".")[-2:])))
    return frozenset(fold(name) for name in names if name)


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _shown_heading(headings: tuple[str, ...], others: tuple[str | None, ...]) -> str | None:
    """Return the heading that the page's data names too, or the only one."""
    known = {fold(other) for other in others if other}
    for heading in headings:
        if fold(heading) in known:
            return heading
    return headings[0] if len(headings) == 1 else None


def _is_search_wording(data: str, graph: str | None, window: str | None, shown: str | None) -> bool:
    """Say whether linked data repeats `<title>` while the visible heading and Open Graph agree on another title."""
    if graph is None or window is None or shown is None:
        return False
    return fold(data) == fold(window) != fold(shown) == fold(graph)


def _longer_if_cut(title: str, others: tuple[str | None, ...]) -> str:
    stem = title.rstrip(" .…")
    for other in others:
        if other is not None and len(other) > len(title) >= _CUT_CHARS and other.startswith(stem):
            return other
    return title
