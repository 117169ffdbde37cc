"""Who wrote the article: names out of linked data, meta elements or the visible byline, cleaned of what is no name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from lxml import etree

from bot.articles.html.headline import fold
from bot.articles.html.structured import Description, plain, short_text
from bot.text.lazy import compile_later

_AUTHOR_METAS = (
    "author", "article:author", "parsely-author", "dc.creator", "dcterms.creator", "dc.author", "citation_author",
    "sailthru.author", "cxenseparse:author", "byl", "rbauthors", "creator", "article:author_name", "og:author",
    "article.author", "shareaholic:article_author_name", "twitter:data1",
)  # fmt: skip

_BY = compile_later(
    r"^(?:(?:written|words|story|text|report(?:ed|ing)?|posted|published|article|created|analysis|an article|"
    r"ein artikel|"
    r"ein kommentar|eine analyse|eine kolumne|ein interview|ein gastbeitrag|interview|kommentar|gastbeitrag|essay|"
    r"opinion|"
    r"(?:view|see|show|read)?\s?(?:all|more)\s(?:posts|articles|stories)|(?:zeige\s)?alle\s(?:beiträge|artikel)|"
    r"veröffentlicht|"
    r"geschrieben|publié|écrit|escrito|publicado|scritto|pubblicato|geplaatst|skrevet|skriven|napisane)\s+)?"
    r"(?:by|von|par|por|door|av|af|di|przez|od|yazan|oleh|od|aut(?:h|eu?)?or(?:en|in|s|a)?|verfasser(?:in)?|"
    r"texte?|redaktion|autorzy|redazione|szerző|автор|текст|글|文|作者|著者|記者|기자)\s*[:：]?\s+",
    re.I,
)
_COLON_BY = compile_later(
    r"^(?:by|von|par|por|text|autore?(?:in)?|auteure?|auth?ors?|written by|words|foto|photos?|redacción|автор|作者)"
    r"\s*[:：]\s*",
    re.I,
)
# Korean, Japanese and Chinese set the role behind the name; the agency's name may stand before it.
_WIDE_ROLE = compile_later(r"\s*(?:기자|특파원|선임기자|인턴기자|논설위원|앵커|記者|特派員|编辑|記者報導)\s*=?$")
_WIDE_NAME = compile_later(r"[가-힣]{2,4}|[\u4e00-\u9fff]{2,4}")
_EDGES = " ,;:|=-–—•·"
_BRACKETS = compile_later(r"\s*[(\[（][^()\[\]（）]{0,80}[)\]）]")
_EMAIL = compile_later(r"\S{1,80}@\S{1,80}")
_AND = compile_later(r"\s+(?:and|und|et|y|och|og|en|e|ve|i|&|и)\s+|\s*[;/|•·]\s*|\s+[–—-]\s+", re.I)
_COMMA = compile_later(r"\s*,\s*|\s*、\s*")
_NOT_NAME = compile_later(
    r"\d|https?:|www\.|\.(?:com|de|net|org|co)\b|[?!#{}<>=_]|"
    r"\b(?:follow|share|updated|published|read|minutes?|newsletter|posts?|articles?|comments?|facebook|twitter|"
    r"abonnieren|uhr|januar|email|mehr|more|view|bio|profile|subscribe|click|about|all rights|photo|getty|images)\b",
    re.I,
)
_ROLE = compile_later(
    r"\b(?:editors?|reporters?|correspondents?|writers?|journalists?|staff|columnists?|contributors?|producer|chief|"
    r"director|professor|profesorius|redakt\w+|korrespondent\w*|reporter\w*|volont\w+|chef\w*|journaliste?|rédact\w+|"
    r"correspondante?|periodista|redactor\w*|corresponsal|giornalista|inviato|dziennikarz|gazeteci|muhabir\w*|"
    r"business|politics|political|sports?|science|health|technology|news|desk|team|bureau|university|institute|"
    r"universit\w+|senior|junior|associate|assistant|freelance\w*|author|fellow|analyst|expert\w*|ph\.?d|m\.?d)\b",
    re.I,
)
_PARTICLES = frozenset((
    "de", "da", "do", "dos", "das", "di", "del", "della", "la", "le", "van", "von", "der", "den", "ter", "ten", "zu",
    "zur", "af", "av", "al", "el", "bin", "ibn", "ben", "y", "e", "du", "des", "st",
))  # fmt: skip
_MAX_NAME_CHARS = 60
_MAX_NAME_WORDS = 5
_MAX_AUTHORS = 15
_MAX_BYLINE_CHARS = 200
# A byline stands at most so many blocks of text below the headline.
_BYLINE_LINES = 8
# A line with nothing but a name, farther down, is more likely a tag.
_NAME_LINES = 3
_BYLINE_NAMES = compile_later(
    r"(?<![a-z])(?:byline|author|authors|auteur|autor|autoren|writer|contributor|reporter|journalist|signature|firma)(?![a-z]{4})",
    re.I,
)
_NO_BYLINE_NAMES = compile_later(
    r"bio|image|avatar|photo|desc|related|comment|more|box|social|date|widget|share|follow|title|about", re.I
)
_AUTHOR_ADDRESS = compile_later(
    r"/(?:authors?|autor(?:en|es|i)?|auteurs?|redakteure?|redaktion|journalists?|people|person|profile?|staff|"
    r"reporters?|"
    r"writers?|contributors?|columnists?|by|forfatter|skribent|autore)/",
    re.I,
)
_NOBODY = frozenset((
    "admin", "administrator", "webmaster", "editor", "redaktion", "staff", "author", "unknown", "user", "root",
    "none", "null", "undefined", "guest", "superuser", "webredaktion", "wordpress", "anonymous",
))  # fmt: skip


def find_authors(
    page: Description, root: etree._Element, *, source: str | None, lines: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return the authors as the page names them, in order; the paper itself only where nobody else is named.

    `lines` are the visible blocks of text that follow the headline.
    """
    found: list[tuple[str, ...]] = []
    places = (
        _data_names(page), _meta_names(page), _marked_names(root), _visible_names(root), _linked_names(root),
        _line_names(lines),
    )  # fmt: skip
    for names in places:
        cleaned = clean_names(names)
        people = tuple(name for name in cleaned if not _is_paper(name, source))
        if people:
            return people
        if cleaned:
            found.append(cleaned)
    return found[0] if found else ()


def clean_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names in raw author values: split where several stand in one, without roles, brackets, addresses."""
    result: dict[str, str] = {}
    for raw in names:
        for name in _split(raw):
            key = fold(name)
            if key and key not in _NOBODY and len(result) < _MAX_AUTHORS:
                result.setdefault(key, name)
    return tuple(result.values())


def looks_like_person(text: str) -> bool:
    """Return whether a text is shaped like a person's name: two to five capitalised words, no role, no sign.

    In Chinese, Japanese and Korean: two to four characters.
    """
    if _WIDE_NAME.fullmatch(text):
        return True
    words = text.split()
    if not 2 <= len(words) <= _MAX_NAME_WORDS or len(text) > _MAX_NAME_CHARS:
        return False
    if _NOT_NAME.search(text) or _ROLE.search(text):
        return False
    return all(word.lower() in _PARTICLES or not word[0].islower() for word in words)


def _split(raw: str) -> Iterator[str]:
    text = _BRACKETS.sub("", _EMAIL.sub("", plain(raw[:1_000]))).strip(_EDGES)
    previous = None
    while previous != text:
        previous = text
        text = _WIDE_ROLE.sub("", _COLON_BY.sub("", _BY.sub("", text))).strip(_EDGES)
    if not text or text.startswith("@"):
        return
    parts = [part.strip() for part in _AND.split(text) if part.strip()]
    if len(parts) > 1 and not all(looks_like_person(part.split(",")[0]) or _ROLE.search(part) for part in parts):
        parts = [text]
    for part in parts:
        yield from _before_roles(part, first=part is parts[0])


def _before_roles(part: str, *, first: bool) -> Iterator[str]:
    """Yield the names of a list with commas; after the first one only what looks like a person."""
    for index, name in enumerate(_COMMA.split(part)):
        name = name.strip(" .,") if len(name) > 3 else name.strip(" ,")
        if first and index == 0:
            if name and len(name) <= _MAX_NAME_CHARS and "http" not in name and "/" not in name:
                yield name
        elif looks_like_person(name):
            yield name


def _is_paper(name: str, source: str | None) -> bool:
    return source is not None and fold(name) == fold(source)


def _data_names(page: Description) -> Iterator[str]:
    for key in ("author", "creator"):
        value = page.article.get(key) or page.page.get(key)
        values = value if isinstance(value, list) else [value]
        for author in values:
            yield from _names_of(author, page)


def _names_of(author: object, page: Description) -> Iterator[str]:
    if isinstance(author, str):
        if not author.startswith("http"):
            yield author
        return
    if not isinstance(author, dict):
        return
    name = author.get("name")
    if name is None:
        name = page.objects.get(str(author.get("@id")), {}).get("name")
    if name is None and author.get("givenName"):
        name = f"{author.get('givenName')} {author.get('familyName') or ''}"
    for value in name if isinstance(name, list) else [name]:
        if isinstance(value, str):
            yield value


def _meta_names(page: Description) -> Iterator[str]:
    for name in _AUTHOR_METAS:
        values = [value for value in page.metas.get(name, ()) if not value.startswith(("http", "/", "@"))]
        if name == "twitter:data1" and "by" not in (page.meta("twitter:label1") or "").lower():
            continue
        people = [value for value in values if "@" not in value and "." not in value.strip(".").replace(". ", "")]
        if people:
            yield from people
            return


def _marked_names(root: etree._Element) -> Iterator[str]:
    """Yield the texts of microdata authors and of links marked as the author's."""
    for element in root.iter("a", "span", "div", "p", "address", "li", "em", "strong", "b"):
        prop = element.get("itemprop") or ""
        if "author" not in prop and "author" not in (element.get("rel") or "").split():
            continue
        named = element.find(".//*[@itemprop='name']")
        target = named if named is not None else element
        text = short_text(target, _MAX_BYLINE_CHARS)
        if text:
            yield text


def _visible_names(root: etree._Element) -> Iterator[str]:
    """Yield names from elements whose class or id speaks of a byline; the first one that gives a person decides."""
    for element in root.iter(etree.Element):
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        if len(names) < 5 or not _BYLINE_NAMES.search(names) or _NO_BYLINE_NAMES.search(names):
            continue
        text = short_text(element, _MAX_BYLINE_CHARS)
        if not text:
            continue
        people = [name for name in clean_names([text]) if looks_like_person(name)]
        if people:
            yield from people
            return


def _linked_names(root: etree._Element) -> Iterator[str]:
    """Yield the first link to a page about a person, and those beside it."""
    first: etree._Element | None = None
    for link in root.iter("a"):
        if not _AUTHOR_ADDRESS.search((link.get("href") or "")[:500]):
            continue
        text = short_text(link, _MAX_BYLINE_CHARS)
        if not text or not looks_like_person(text):
            continue
        if first is None:
            first = link
        elif not _are_close(first, link):
            return
        yield text


def _line_names(lines: Sequence[str]) -> Iterator[str]:
    """Yield the names of the first line that begins with "By", else of the first that is nothing but a name."""
    short = [line for line in lines[:_BYLINE_LINES] if len(line) <= _MAX_BYLINE_CHARS // 2]
    signed = [line for line in short if _BY.match(line)]
    for line in signed or [line for line in short[:_NAME_LINES] if looks_like_person(line)]:
        people = [name for name in clean_names([line]) if looks_like_person(name)]
        if people:
            yield from people
            return


def _are_close(first: etree._Element, second: etree._Element) -> bool:
    near = list(first.iterancestors())[:2]
    return any(ancestor in near for ancestor in list(second.iterancestors())[:2])
