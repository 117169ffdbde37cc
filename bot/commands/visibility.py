"""What one workspace may see, and which articles a channel wants: collections, filters and topics.

Whatever a workspace may not see does not exist for it: it is neither found, counted, named nor merged with.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from bot.answers.retrieval import is_visible, visible_hits
from bot.model import Article
from bot.ports import Archive, ChannelFilter
from bot.text.words import terms

__all__ = [
    "SOURCE_PREFIX",
    "Wish",
    "is_in_headline",
    "is_visible",
    "matches",
    "split_list",
    "visible_hits",
    "wanted_heads",
    "why_not",
]

SOURCE_PREFIX = "source:"
"""Marks an entry of a filter that names a source; every other entry is a word or a phrase."""

ARTICLES_A_BATCH = 200
"""Articles loaded with their texts at a time while a filter looks at them: bounds memory."""

REMEMBERED_TEXTS = 512
"""Texts remembered by their words: many channels with a filter look at the same day's."""

_SEPARATORS = re.compile(r"[,;\uff0c\u3001]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a destination wants: its filter, the topics of one schedule (any of them), and the collections it may see.

    `only` are the collections that a schedule is limited to; empty: all that may be seen. `votes` are the sums of its
    readers' thumbs by what they were on.
    """

    filters: ChannelFilter = field(default_factory=ChannelFilter)
    topics: tuple[str, ...] = ()
    collections: tuple[str, ...] | None = None
    only: tuple[str, ...] = ()
    votes: Mapping[str, int] = field(default_factory=dict)

    @property
    def needs_texts(self) -> bool:
        """Whether articles can only be judged by their texts."""
        return bool(self.topics or _words(self.filters.include) or _words(self.filters.exclude))

    @property
    def takes_all(self) -> bool:
        """Whether everything that may be seen is wanted."""
        return not (self.topics or self.only or self.filters.include or self.filters.exclude)


def matches(article: Article, wish: Wish) -> bool:
    """Return whether the article, given with its text, is wanted.

    Words match as whole words in any inflection, a phrase as its words side by side, in the headline, the deck, the
    byline or the text; sources by their name. Of the included words one suffices, of the topics too.
    """
    return why_not(article, wish) is None


def why_not(article: Article, wish: Wish) -> str | None:
    """Return why an article is not wanted, as the end of "left out because ...", or None when it is."""
    if not is_visible(article, wish.collections):
        return "it lies in a collection that is not read here"
    if wish.only and article.collection not in wish.only:
        return "it lies in another collection than those asked for"
    include, exclude = wish.filters.include, wish.filters.exclude
    source = (article.source or "").casefold()
    wanted_sources = _sources(include)
    if wanted_sources and source not in wanted_sources:
        return "this channel includes other sources only"
    if source and source in _sources(exclude):
        return f"this channel excludes the source {article.source}"
    if not wish.needs_texts:
        return None
    text = _indexed(article)
    excluded = next((word for word in _words(exclude) if _holds(text, word, article.language)), None)
    if excluded is not None:
        return f"this channel excludes “{excluded}”"
    for words, sentence in (
        (_words(include), "it holds none of the words that this channel includes"),
        (wish.topics, "it holds none of the topics asked for"),
    ):
        if words and not any(_holds(text, word, article.language) for word in words):
            return sentence
    return None


def is_in_headline(article: Article, topics: Sequence[str]) -> bool:
    """Return whether one of these topics stands in an article's headline or deck; it may be given without its text."""
    text = _indexed(replace(article, byline=(), body=""))
    return any(_holds(text, topic, article.language) for topic in topics)


def split_list(text: str) -> tuple[str, ...]:
    """Return the entries of a list written with commas, in order, without repetitions; case is kept, not compared."""
    entries: dict[str, str] = {}
    for entry in _SEPARATORS.split(text):
        flat = " ".join(entry.split())
        if flat:
            entries.setdefault(flat.casefold(), flat)
    return tuple(entries.values())


async def wanted_heads(archive: Archive, heads: Sequence[Article], wish: Wish) -> tuple[list[Article], int]:
    """Return those of these articles that are wanted, without texts, and how many visible ones are not wanted.

    A copy whose original is not wanted here stands for itself: it is the first this destination hears of it.
    """
    visible = [head for head in heads if is_visible(head, wish.collections)]
    wanted = visible if wish.takes_all else await _keep_wanted(archive, visible, wish)
    return await _promote_orphans(archive, wanted, wish), len(visible) - len(wanted)


async def _keep_wanted(archive: Archive, heads: Sequence[Article], wish: Wish) -> list[Article]:
    if not wish.needs_texts:
        return await asyncio.to_thread(lambda: [head for head in heads if matches(head, wish)])
    wanted: list[Article] = []
    for start in range(0, len(heads), ARTICLES_A_BATCH):
        batch = heads[start : start + ARTICLES_A_BATCH]
        found = await archive.articles([head.id for head in batch])
        kept = await _matching_ids(found, wish)
        wanted.extend(head for head in batch if head.id in kept)
    return wanted


async def _matching_ids(articles: Sequence[Article], wish: Wish) -> set[str]:
    # Stemming a batch of texts takes some 100 ms: the event loop goes on meanwhile.
    return await asyncio.to_thread(lambda: {article.id for article in articles if matches(article, wish)})


async def _promote_orphans(archive: Archive, heads: Sequence[Article], wish: Wish) -> list[Article]:
    present = {head.id for head in heads}
    elsewhere = {head.duplicate_of for head in heads if head.duplicate_of and head.duplicate_of not in present}
    if not elsewhere:
        return list(heads)
    told = await _matching_ids(await archive.articles(sorted(elsewhere)), wish)
    stands_for: dict[str, str] = {}
    result: list[Article] = []
    for head in heads:
        original = head.duplicate_of
        if original is None or original in present or original in told:
            result.append(head)
        elif original in stands_for:
            result.append(replace(head, duplicate_of=stands_for[original]))
        else:
            stands_for[original] = head.id
            result.append(replace(head, duplicate_of=None))
    return result


def _indexed(article: Article) -> Mapping[str, str]:
    return _index_parts((article.title, article.deck, *article.byline, article.body), article.language)


@lru_cache(maxsize=REMEMBERED_TEXTS)
def _index_parts(parts: tuple[str | None, ...], language: str) -> Mapping[str, str]:
    # A term that no text has keeps phrases from reaching over the border of two parts.
    joined = " \x1f ".join(" ".join(terms(part, language)) for part in parts if part)
    plain = " \x1f ".join(" ".join(terms(part)) for part in parts if part) if language != "en" else joined
    return {language: f" {joined} ", "en": f" {plain} "}


def _holds(text: Mapping[str, str], phrase: str, language: str) -> bool:
    # A topic is too short to tell its language: it is read in the article's own and in English.
    for read_in in {language, "en"}:
        wanted = " ".join(terms(phrase, read_in))
        if wanted and f" {wanted} " in text[read_in]:
            return True
    return False


def _words(entries: Sequence[str]) -> tuple[str, ...]:
    return tuple(entry for entry in entries if not entry.startswith(SOURCE_PREFIX))


def _sources(entries: Sequence[str]) -> frozenset[str]:
    return frozenset(
        entry.removeprefix(SOURCE_PREFIX).casefold() for entry in entries if entry.startswith(SOURCE_PREFIX)
    )
