"""YAML front matter: what it states about the article under it, and several such articles in one file.

Values are read as plain strings (no YAML types: "10:30" is no number, no tag runs anything), validated field by field,
so that one wrong value costs that value only. Front matter that is no YAML is read line by line: a colon in an
unquoted headline is the usual reason.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import yaml
from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError

from bot.articles.formats.stated import read_line, read_moment, read_names, read_url
from bot.articles.raw import RawArticle, RawArticles
from bot.model import RemovedLine
from bot.text.lazy import compile_later

MAX_LINES = 200  # front matter is a dozen lines: a longer block between rules is text
MAX_CHARS = 20_000
# Makes strings, lists and mappings only; the one in C is ten times as fast.
_LOADER: type[Any] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_RULE = "---"
_KEY_LINE = compile_later(r"([A-Za-z_][\w-]{0,40})[ \t]*:(?:[ \t]+(.*)|$)")
_TITLE_LINE = compile_later(r"(?:title|headline)[ \t]*:", re.IGNORECASE)
_TELLING_KEYS = frozenset(
    {"title", "headline", "date", "author", "authors", "url", "source", "published", "byline", "id"}
)


class FrontMatter(BaseModel):
    """The fields that are used; others are allowed and ignored."""

    model_config = ConfigDict(extra="ignore")

    id: str | None = None
    title: str | None = Field(None, validation_alias=AliasChoices("title", "headline"))
    deck: str | None = Field(None, validation_alias=AliasChoices("deck", "subtitle", "standfirst", "description"))
    authors: str | list[str | dict[str, Any]] | dict[str, Any] | None = Field(
        None, validation_alias=AliasChoices("authors", "author", "byline", "by")
    )
    source: str | None = Field(None, validation_alias=AliasChoices("source", "publisher", "publication", "outlet"))
    url: str | None = Field(
        None, validation_alias=AliasChoices("url", "link", "canonical", "canonical_url", "permalink")
    )
    published: str | None = Field(
        None, validation_alias=AliasChoices("published_at", "published", "date", "pubdate", "publish_date")
    )
    modified: str | None = Field(None, validation_alias=AliasChoices("modified_at", "modified", "updated", "lastmod"))
    language: str | None = Field(None, validation_alias=AliasChoices("language", "lang"))


def split_articles(text: str) -> RawArticles:
    """Return the article under the front matter a text begins with, or one for each front matter in it.

    Line numbers of what is removed count from the start of the file. A text whose first rule opens no front matter is
    one article without any.
    """
    lines = text.split("\n")
    starts = _front_matter_starts(lines)
    if not starts or any(line.strip() for line in lines[: starts[0]]):
        return RawArticles([RawArticle(text=text)])
    bounds = [*starts[1:], len(lines)]
    articles = [_read_part(lines, start, end) for start, end in zip(starts, bounds, strict=True)]
    if len(articles) == 1:
        return RawArticles(articles)
    return RawArticles(replace(article, item=number) for number, article in enumerate(articles, 1))


def _front_matter_starts(lines: list[str]) -> list[int]:
    """Return where front matter opens; below the first one only what has a title does, as rules divide texts too."""
    starts: list[int] = []
    number = 0
    while number < len(lines):
        end = _front_matter_end(lines, number) if _is_rule(lines[number]) else None
        if end is not None and (not starts or any(_TITLE_LINE.match(line) for line in lines[number + 1 : end])):
            starts.append(number)
            number = end
        number += 1
    return starts


def _is_rule(line: str) -> bool:
    return line.startswith(_RULE) and line.strip() == _RULE


def _front_matter_end(lines: list[str], start: int) -> int | None:
    """Return the number of the closing rule of the front matter that opens at `start`, None if none does."""
    telling = False
    for number in range(start + 1, min(start + MAX_LINES, len(lines))):
        line = lines[number].rstrip()
        if line in (_RULE, "..."):
            return number if telling else None
        key = _KEY_LINE.match(line)
        if key:
            telling = telling or key.group(1).lower() in _TELLING_KEYS
        elif line and not line.startswith((" ", "\t", "-", "#")):
            return None
    return None


def _read_part(lines: list[str], start: int, end: int) -> RawArticle:
    """Return the article of lines `start` to `end`."""
    close = _front_matter_end(lines, start) or start
    block = "\n".join(lines[start + 1 : close])
    stated, fault = _parse(block)
    known = _validate({str(key).lower().replace("-", "_"): value for key, value in stated.items()})
    published_at, day_only = read_moment(known.published)
    reason = f"front matter ({fault})" if fault else "front matter"
    removed = tuple(
        RemovedLine(line=number + 1, text=lines[number].strip(), reason=reason)
        for number in range(start, close + 1)
        if lines[number].strip()
    )
    return RawArticle(
        text="\n".join(lines[close + 1 : end]),
        first_line=close + 2,
        given_id=read_line(known.id),
        title=read_line(known.title),
        deck=read_line(known.deck),
        byline=read_names(known.authors),
        source=read_line(known.source),
        url=read_url(known.url),
        published_at=published_at,
        published_day_only=day_only,
        modified_at=read_moment(known.modified)[0],
        language=read_line(known.language),
        removed=removed,
    )


def _parse(block: str) -> tuple[dict[Any, Any], str | None]:
    """Return the mapping a block states and, where it is no YAML, what is wrong with it."""
    if len(block) > MAX_CHARS:
        return {}, f"longer than {MAX_CHARS} characters"
    try:
        stated = yaml.load(block, Loader=_LOADER)  # noqa: S506  a safe loader
    except (yaml.YAMLError, ValueError) as error:
        fault = getattr(error, "problem", None) or "unreadable"
        return _read_key_lines(block), f"not valid YAML: {fault}"
    if not isinstance(stated, dict):
        return {}, "not a list of fields"
    return stated, None


def _read_key_lines(block: str) -> dict[Any, Any]:
    found = (_KEY_LINE.match(line.rstrip()) for line in block.split("\n"))
    return {key.group(1): (key.group(2) or "").strip().strip("\"'") for key in found if key}


def _validate(stated: dict[str, Any]) -> FrontMatter:
    """Return the known fields; one that has the wrong shape is left out."""
    try:
        return FrontMatter.model_validate(stated)
    except ValidationError as error:
        wrong = {str(part) for problem in error.errors(include_input=False) for part in problem["loc"][:1]}
        return FrontMatter.model_validate({key: value for key, value in stated.items() if key not in wrong})
