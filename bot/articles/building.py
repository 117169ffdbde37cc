"""From what a file holds to articles: cleaned, split into sentences, dated, named and given their identity.

One place for all formats, so that the same text becomes the same article whatever it came in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

from bot.articles.cleaning import CleanedText, clean_text
from bot.articles.raw import Articles, ItemProblem, RawArticle
from bot.errors import BadArticle
from bot.model import Article, RemovedLine, Sentence
from bot.text.languages import detect_language
from bot.text.lazy import compile_later
from bot.text.normalizing import fold_quotes, normalize, strip_hidden
from bot.text.scripts import dominant_script
from bot.text.sentences import split_sentences

MAX_TEXT_CHARS = 2_000_000  # a long book: no article has more, and its sentences would fill the memory
FEWEST_WORDS = 2
FEWEST_UNSPACED_CHARS = 4  # the same for scripts that put no space between words
MAX_LINE_CHARS = 1_000  # a title, deck or name longer than that is a paragraph in the wrong field
SCRIPT_SAMPLE_CHARS = 2_000  # a quotation at the start is shorter
ID_HEX_CHARS = 12
VERSION_HEX_CHARS = 16

_UNSPACED_SCRIPTS = frozenset({"han", "kana", "thai", "lao", "khmer", "myanmar", "tibetan", "bopomofo"})
# Languages that are never, or hardly ever, written in Latin letters: pages in any language say lang="en".
_NOT_IN_LATIN = frozenset({
    "am", "ar", "be", "bg", "bn", "el", "fa", "gu", "he", "hi", "hy", "ja", "ka", "kk", "km", "kn", "ko", "ky",
    "lo", "mk", "ml", "mn", "mr", "my", "ne", "or", "pa", "ps", "ru", "si", "ta", "te", "tg", "th", "uk", "ur",
    "yi", "zh",
})  # fmt: skip
# Query parameters that say how a reader came, not what the page is. Source: the lists of ClearURLs and of Firefox's
# query stripping.
_TRACKING = compile_later(
    r"(?i)utm_\w+|(?:fb|g|y|ms|dc|tw|igs|li_fat_)clid|clid|fbclid|gclsrc|mc_[ce]id|_hs(?:enc|mi)|mkt_tok|igshid|ref|ref_src|"
    r"referrer|cmpid|smid|smtyp|ocid|ncid|xtor|taid|soc_src|soc_trk|spm|at_\w+|wt\.\w+|_ga|_gl"
)
_LANGUAGE_CODE = compile_later(r"([A-Za-z]{2})(?:[-_][A-Za-z0-9-]{2,10})?$")
_NOT_WORD = compile_later(r"\W+")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Content:
    """An item after cleaning, before it has an identity; `paragraphs` have one line each."""

    paragraphs: tuple[str, ...]
    title: str | None
    deck: str | None
    byline: tuple[str, ...]
    source: str | None
    published_at: datetime | None
    published_day_only: bool
    modified_at: datetime | None
    key_points: tuple[str, ...]
    captions: tuple[str, ...]
    subheads: tuple[str, ...]
    removed: tuple[RemovedLine, ...]


def build_articles(raws: Sequence[RawArticle], *, path: str, collection: str) -> Articles:
    """Return the articles of one file in its order; `path` is where it lies inside the watched folder.

    Items that can't become articles are among the result's `problems`.
    Raises: BadArticle when none can.
    """
    articles: list[Article] = []
    problems = list(getattr(raws, "problems", ()))
    for built in build_each(raws, path=path, collection=collection):
        if isinstance(built, Article):
            articles.append(built)
        else:
            problems.append(built)
    if not articles:
        raise BadArticle(why_no_article(problems), path=path)
    return Articles(articles, problems=sorted(problems, key=lambda problem: problem.item))


def build_each(raws: Iterable[RawArticle], *, path: str, collection: str) -> Iterator[Article | ItemProblem]:
    """Yield the article of each item, or why it is none; ids are unique within the file."""
    taken: dict[str, int] = {}
    for number, raw in enumerate(raws, 1):
        try:
            article = _build(raw, path, collection)
        except BadArticle as error:
            yield ItemProblem(item=raw.item or number, reason=str(error))
            continue
        count = taken.get(article.id, 0) + 1
        taken[article.id] = count
        yield article if count == 1 else replace(article, id=f"{article.id}-{count}")


def why_no_article(problems: Sequence[ItemProblem]) -> str:
    """Return the reason for a file none of whose items is an article."""
    if not problems:
        return "has no article in it"
    if len(problems) == 1:
        return problems[0].reason
    return (
        f"has no article that can be read: item {problems[0].item} {problems[0].reason}; {len(problems)} items in all"
    )


def canonical_url(url: str) -> str:
    """Return a page's address without what differs between links to the same page.

    Dropped: scheme, www. and m., default port, fragment, tracking parameters, the slash at the end. Parameters are
    sorted.
    """
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").rstrip(".")
        port = parts.port
    except ValueError:
        return url.strip()
    for prefix in ("www.", "m.", "mobile.", "amp."):
        host = host.removeprefix(prefix) if host.count(".") > 1 else host
    kept = sorted(pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(pair[0]))
    query = f"?{urlencode(kept)}" if kept else ""
    where = host if port in (None, 80, 443) else f"{host}:{port}"
    return f"{where}{parts.path.rstrip('/')}{query}"


def _build(raw: RawArticle, path: str, collection: str) -> Article:
    content = _clean(raw)
    body = "\n\n".join(content.paragraphs)
    _refuse_too_short(body)
    language = _language(raw.language, body)
    url = _one_line(raw.url)
    return Article(
        id=_identity(raw, url, path),
        version=_version(content, body),
        path=path,
        collection=collection,
        title=content.title,
        deck=content.deck,
        byline=content.byline,
        source=content.source,
        url=url,
        published_at=content.published_at,
        published_day_only=content.published_day_only,
        modified_at=content.modified_at,
        language=language,
        body=body,
        sentences=_sentences(content.paragraphs, frozenset(content.subheads), language),
        key_points=content.key_points,
        captions=content.captions,
        subheads=content.subheads,
        removed=content.removed,
    )


def _clean(raw: RawArticle) -> _Content:
    """Return the item's content: what its format states wins over what the cleaner finds in the text."""
    length = len(raw.text) if raw.text is not None else sum(map(len, raw.paragraphs))
    if length > MAX_TEXT_CHARS:
        raise BadArticle(
            f"is {length:,} characters long, more than the {MAX_TEXT_CHARS:,} an article may have: split it"
        )
    if raw.text is None:
        return _structured_content(raw, raw.paragraphs, raw.removed)
    if _has_one_line(raw.text):
        # Nothing stands around it that could be cleaned away, and the only line is no headline.
        return _structured_content(raw, (raw.text,), raw.removed)
    stated = _one_line(raw.title)
    cleaned = clean_text(raw.text, title_hint=stated or _one_line(raw.title_hint))
    paragraphs = tuple(paragraph.text for paragraph in cleaned.paragraphs)
    below = (replace(line, line=line.line + raw.first_line - 1) for line in cleaned.removed)
    removed = _in_order((*raw.removed, *below))
    if not paragraphs:
        raise BadArticle(_why_empty(removed))
    return _structured_content(raw, paragraphs, removed, cleaned)


def _has_one_line(text: str) -> bool:
    lines = (line for line in strip_hidden(text).split("\n") if line and not line.isspace())
    return next(lines, None) is not None and next(lines, None) is None


def _structured_content(
    raw: RawArticle, paragraphs: Sequence[str], removed: tuple[RemovedLine, ...], cleaned: CleanedText | None = None
) -> _Content:
    """Return the content of clean paragraphs: what the item states, then what the cleaner found (if it has run).

    A first paragraph that repeats the stated title is taken out.
    """
    found = cleaned or CleanedText()
    dated = cleaned is None or raw.published_at is not None
    stated = _one_line(raw.title)
    kept = _each_line(paragraphs)
    title = stated or _one_line(raw.title_hint)
    if title and len(kept) > 1 and _folded(kept[0]) == _folded(title):
        removed = _in_order((RemovedLine(line=1, text=kept[0], reason="repeats the title"), *removed))
        kept = kept[1:]
    return _Content(
        paragraphs=kept,
        title=stated or _one_line(found.title) or title,
        deck=_one_line(raw.deck) or _one_line(found.deck),
        byline=_each_line(raw.byline) or _each_line(found.byline),
        source=_one_line(raw.source) or _one_line(found.source),
        published_at=raw.published_at if dated else found.published_at,
        published_day_only=raw.published_day_only if dated else found.published_day_only,
        modified_at=raw.modified_at or found.modified_at,
        key_points=_each_line(raw.key_points) or _each_line(found.key_points),
        captions=_each_line((*raw.captions, *found.captions)),
        subheads=_each_line((*raw.subheads, *found.subheads)),
        removed=removed,
    )


def _one_line(text: str | None) -> str | None:
    if not text:
        return None
    return _joined_lines(text)[:MAX_LINE_CHARS].strip() or None


def _each_line(texts: Iterable[str]) -> tuple[str, ...]:
    lines = (_joined_lines(text) for text in texts)
    return tuple(line for line in lines if line)


def _joined_lines(text: str) -> str:
    if text.isascii() and text.isprintable():  # one line that normalising would not change
        return text.strip()
    return " ".join(filter(None, (line.strip() for line in normalize(text).split("\n"))))


def _folded(text: str) -> str:
    return _NOT_WORD.sub(" ", fold_quotes(text).casefold()).strip()


def _in_order(removed: Iterable[RemovedLine]) -> tuple[RemovedLine, ...]:
    return tuple(sorted(removed, key=lambda line: line.line))


def _why_empty(removed: Sequence[RemovedLine]) -> str:
    if not removed:
        return "has no text in it"
    plural = "s were" if len(removed) > 1 else " was"
    return f"has no article text left after cleaning: {len(removed)} line{plural} taken out ({removed[0].reason}, ...)"


def _refuse_too_short(body: str) -> None:
    if len(body) > 200:
        return
    if dominant_script(body) in _UNSPACED_SCRIPTS:
        if len(body) < FEWEST_UNSPACED_CHARS:
            raise BadArticle(f"is too short to be an article: {len(body)} characters")
        return
    words = sum(any(char.isalnum() for char in word) for word in body.split())
    if words < FEWEST_WORDS:
        raise BadArticle(f"is too short to be an article: {words} word{'' if words == 1 else 's'}")


def _language(stated: str | None, body: str) -> str:
    """Return the stated language where the text is in a script it is written in, else the detected one."""
    match = _LANGUAGE_CODE.match(stated.strip()) if stated else None
    if match:
        code = match.group(1).lower()
        if (code in _NOT_IN_LATIN) != (dominant_script(body[:SCRIPT_SAMPLE_CHARS]) == "latin"):
            return code
    return detect_language(body)


def _sentences(paragraphs: Sequence[str], subheads: frozenset[str], language: str) -> tuple[Sentence, ...]:
    """Return the sentences of the body, numbered from 0; none reaches over the end of its paragraph.

    A page's subheads stand among its paragraphs, where a reader expects them; they are no sentences.
    """
    sentences: list[Sentence] = []
    offset = 0
    for number, paragraph in enumerate(paragraphs):
        spans = [] if paragraph in subheads else split_sentences(paragraph, language)
        for start, end in spans:
            sentences.append(
                Sentence(
                    index=len(sentences),
                    text=paragraph[start:end],
                    start=offset + start,
                    end=offset + end,
                    paragraph=number,
                )
            )
        offset += len(paragraph) + 2
    return tuple(sentences)


def _identity(raw: RawArticle, url: str | None, path: str) -> str:
    """Return the given id as it is, else a hash of the page's address, else of the path and the item's number."""
    if raw.given_id:
        return raw.given_id
    if url:
        return _hash(f"url:{canonical_url(url)}", ID_HEX_CHARS)
    place = path if raw.item is None else f"{path}#{raw.item}"
    return _hash(f"path:{place}", ID_HEX_CHARS)


def _version(content: _Content, body: str) -> str:
    """Return the hash of what a reader would see change: text, title, deck, names and date, not the markup around."""
    day = content.published_at.isoformat() if content.published_at else ""
    parts = (content.title or "", content.deck or "", *content.byline, content.source or "", day, body)
    return _hash("\x1f".join(parts), VERSION_HEX_CHARS)


def _hash(text: str, digits: int) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:digits]
