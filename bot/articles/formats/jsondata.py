"""JSON: one article, a list of them, an object that wraps a list, JSON Feed, and JSON Lines with one article a line.

Fields go by many names; each is looked up under its synonyms, in the order given, whatever its case. A line or entry
that can't be read costs only itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from bot.articles.charset import decode_text
from bot.articles.formats.markup import has_tags, strip_tags
from bot.articles.formats.stated import read_line, read_moment, read_names, read_url
from bot.articles.raw import ItemProblem, RawArticle, RawArticles
from bot.errors import BadArticle
from bot.text.lazy import compile_later

_LIST_FIELDS = ("articles", "items", "entries", "results", "docs", "documents", "news", "data")
_TEXT_FIELDS = (
    "text", "body", "content", "doc", "document", "article", "contenttext", "articlebody", "fulltext", "maintext",
    "cleanedtext", "articletext", "story", "passage",
)  # fmt: skip
_HTML_FIELDS = ("contenthtml", "html", "bodyhtml", "articlehtml", "rawhtml")
_LAST_TEXT_FIELDS = ("summary", "description", "abstract")  # the text of an entry that has no other
_ID_FIELDS = ("id", "uid", "guid", "articleid", "docid")
_TITLE_FIELDS = ("title", "headline", "name")
_DECK_FIELDS = ("deck", "subtitle", "subhead", "standfirst", "description")
_AUTHOR_FIELDS = ("byline", "authors", "author", "creator", "writer", "by")
_SOURCE_FIELDS = ("source", "publisher", "publication", "outlet", "sitename", "site", "newspaper")
_URL_FIELDS = ("url", "link", "canonicalurl", "permalink", "externalurl", "weburl", "href")
_PUBLISHED_FIELDS = (
    "publishedat", "published", "datepublished", "pubdate", "publishdate", "publicationdate", "date", "datetime",
    "createdat", "timestamp",
)  # fmt: skip
_MODIFIED_FIELDS = ("modifiedat", "modified", "datemodified", "updatedat", "updated", "lastmodified")
_LANGUAGE_FIELDS = ("language", "lang", "inlanguage", "locale")
_KEY_POINT_FIELDS = ("keypoints", "highlights")
_NOT_LETTER = compile_later(r"[^a-z]")
_LONE_SURROGATE = compile_later("[\ud800-\udfff]")


def read_json(data: bytes, path: str) -> RawArticles:
    """Return the articles of a JSON file; one that holds JSON Lines in truth is read as such.

    Raises: BadArticle when it is no JSON.
    """
    text = decode_text(data, path=path)
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        lines = _read_lines(text)
        if len(lines) > 0:
            return lines
        raise BadArticle(f"is not valid JSON: {_fault(error)}; it may be cut off", path=path) from error
    except ValueError as error:  # a number of thousands of digits
        raise BadArticle(f"is not valid JSON: {error}", path=path) from error
    source = None
    records = value if isinstance(value, list) else _records_of(value)
    if records is None:
        return RawArticles([_read_record(value)])
    if isinstance(value, dict):
        source = read_line(_fields(value).get("title")) if "version" in value else None
    return _collect(enumerate(records, 1), source)


def read_json_lines(data: bytes, path: str) -> RawArticles:
    """Return the articles of a JSON Lines file, `item` being the line; blank lines are skipped.

    A file that is one JSON document over several lines is read as such.
    """
    text = decode_text(data, path=path)
    found = _read_lines(text)
    if found.problems and text.lstrip()[:1] in ("[", "{") and _is_one_document(text):
        return read_json(data, path)
    return found


def _is_one_document(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _read_lines(text: str) -> RawArticles:
    return _collect(_parsed_lines(text), None)


def _parsed_lines(text: str) -> Iterator[tuple[int, object]]:
    """Yield the number and value of each line; the value is the error where the line is no JSON."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except (ValueError, RecursionError) as error:
                yield number, error


def _collect(records: Iterable[tuple[int, object]], source: str | None) -> RawArticles:
    """Return the records that can be read, and why the others can't."""
    articles: list[RawArticle] = []
    problems: list[ItemProblem] = []
    for number, record in records:
        try:
            articles.append(_read_record(record, item=number, source=source))
        except BadArticle as error:
            problems.append(ItemProblem(item=number, reason=str(error)))
    return RawArticles(articles, problems=problems)


def _records_of(value: object) -> list[object] | None:
    """Return the list an object wraps, None when the object is an article itself."""
    if not isinstance(value, dict):
        return None
    fields = _fields(value)
    for name in _LIST_FIELDS:
        records = fields.get(name)
        if isinstance(records, list) and all(isinstance(record, dict) for record in records):
            return records
    return None


def _read_record(record: object, *, item: int | None = None, source: str | None = None) -> RawArticle:
    """Return one article.

    Raises: BadArticle when the record is none or has no text.
    """
    if isinstance(record, RecursionError):
        raise BadArticle("is nested too deeply")
    if isinstance(record, ValueError):
        raise BadArticle(f"is not valid JSON: {_fault(record)}")
    if isinstance(record, str) and record.strip():
        return RawArticle(text=_whole(record), item=item)
    if not isinstance(record, dict):
        raise BadArticle(f'is not an article but {_json_kind(record)}: an object with a field "text" is wanted')
    fields = _fields(record)
    nested = fields.get("article")
    if isinstance(nested, dict):
        fields = {**fields, **_fields(nested)}
    text = _text(fields)
    if text is None:
        raise BadArticle('has no text: a field "text" (or body, content) is wanted')
    published_at, day_only = read_moment(_first(fields, _PUBLISHED_FIELDS))
    deck = _line(fields, _DECK_FIELDS)
    return RawArticle(
        text=text,
        given_id=_given_id(fields),
        title=_line(fields, _TITLE_FIELDS),
        deck=deck if deck and deck not in text else None,
        byline=tuple(_whole(name) for name in read_names(_first(fields, _AUTHOR_FIELDS))),
        source=_source(fields) or source,
        url=read_url(_first(fields, _URL_FIELDS)),
        published_at=published_at,
        published_day_only=day_only,
        modified_at=read_moment(_first(fields, _MODIFIED_FIELDS))[0],
        language=_line(fields, _LANGUAGE_FIELDS),
        key_points=_strings(_first(fields, _KEY_POINT_FIELDS)),
        item=item,
    )


def _fields(record: dict[Any, Any]) -> dict[str, Any]:
    """Return the record by field names in lower case without anything but letters: published_at is publishedat."""
    fields: dict[str, Any] = {}
    for key, value in record.items():
        fields.setdefault(_NOT_LETTER.sub("", str(key)[:60].lower()), value)
    return fields


def _first(fields: dict[str, Any], names: Iterable[str]) -> Any:
    """Return the first of the fields that has a value."""
    return next((fields[name] for name in names if fields.get(name) not in (None, "", [], {})), None)


def _text(fields: dict[str, Any]) -> str | None:
    """Return the article's text; a list of strings is a list of paragraphs, and HTML loses its tags."""
    for names in (_TEXT_FIELDS, _HTML_FIELDS, _LAST_TEXT_FIELDS):
        for name in names:
            value = fields.get(name)
            if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
                value = "\n\n".join(value)
            if isinstance(value, str) and value.strip():
                text = _whole(value)
                return strip_tags(text) if name in _HTML_FIELDS or has_tags(text) else text
    return None


def _line(fields: dict[str, Any], names: Iterable[str]) -> str | None:
    for name in names:
        line = read_line(fields.get(name))
        if line:
            return _whole(strip_tags(line) if has_tags(line) else line)
    return None


def _given_id(fields: dict[str, Any]) -> str | None:
    """Return the id exactly as the record gives it."""
    value = _first(fields, _ID_FIELDS)
    if isinstance(value, str) and value.strip():
        return _whole(value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _source(fields: dict[str, Any]) -> str | None:
    value = _first(fields, _SOURCE_FIELDS)
    line = read_line(value.get("name") if isinstance(value, dict) else value)
    return _whole(line) if line else None


def _strings(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        return ()
    return tuple(_whole(part) for part in value if isinstance(part, str) and part.strip())


def _whole(text: str) -> str:
    """Return the text without lone surrogates, which JSON can spell and nothing can store."""
    return _LONE_SURROGATE.sub("\ufffd", text)


def _fault(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        place = f"line {error.lineno}, column {error.colno}" if error.lineno > 1 else f"column {error.colno}"
        return f"{error.msg.lower()} at {place}"
    return "it has a number that is too long"


def _json_kind(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    return "a list" if isinstance(value, list) else "an empty string"
