"""Finds the article or the story that a name means: number, id, path or headline, among those a workspace may see."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.commands.context import Context
from bot.commands.gathering import MAX_MEMBERS
from bot.commands.visibility import is_visible, visible_hits
from bot.commands.wording import SHOWN_CHARS, shorten
from bot.errors import BadRequest, NotFound
from bot.model import Article, Placement, Summary
from bot.ports import Archive
from bot.stories.naming import is_story_id

RECENT = 5_000
"""Articles, the latest, whose headlines are compared; older ones are found by search."""

MIN_LIKENESS = 0.8
"""How like a headline a name must be to mean it."""

SUGGESTED = 3
HEADLINES_COMPARED = 12
"""Best hits whose summaries' headlines are compared: what has no title of its own is shown under those."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundStory:
    """A story, by its articles that may be seen (with texts, by ingest sequence) and their summaries.

    `asked` is the article that the name means; of a copy, its original when that may be seen.
    """

    asked: Article
    placement: Placement
    articles: tuple[Article, ...]
    summaries: Mapping[str, Summary]


async def find_story(name: str, context: Context) -> FoundStory:
    """Return the story that tells the article of this name, or has this id. Raises: NotFound."""
    wanted = name.strip()
    members = await context.archive.members(wanted) if is_story_id(wanted) else []
    for member in members[:MAX_MEMBERS]:
        article = await context.archive.article(member)
        if article is not None and is_visible(article, context.collections):
            return await story_of(article, context)
    return await story_of(await find_article(name, context), context)


async def story_of(article: Article, context: Context) -> FoundStory:
    """Return the story of an article that may be seen. Raises: NotFound when nothing of it is summarized yet."""
    if article.duplicate_of is not None:
        original = await context.archive.article(article.duplicate_of)
        if original is not None and is_visible(original, context.collections):
            article = original
    placed = (await context.archive.placements([article.id])).get(article.id)
    placement = placed or Placement(article_id=article.id, event=article.id, storyline=article.id)
    ids = await context.archive.members(placement.event) if placed else []
    others = [one for one in ids[-MAX_MEMBERS:] if one != article.id]
    found = [one for one in await context.archive.articles(others) if is_visible(one, context.collections)]
    articles = sorted([article, *found], key=lambda one: one.ingested_seq)
    summaries = await context.archive.summaries_of(articles)
    if article.id not in summaries:
        raise NotFound(f"“{label_of(article)}” has no summary yet; /article shows its text.")
    return FoundStory(asked=article, placement=placement, articles=tuple(articles), summaries=summaries)


async def find_article(name: str, context: Context) -> Article:
    """Return the article, with its text. Raises: NotFound, which names the nearest headlines."""
    wanted = name.strip()
    if wanted.startswith("#") and wanted[1:].isascii() and wanted[1:].isdigit() and len(wanted) < 19:
        return await article_of_number(int(wanted[1:]), context)
    by_id = await context.archive.article(wanted)
    if by_id is not None and is_visible(by_id, context.collections):
        return by_id
    heads = await recent_heads(context)
    found = _by_headline(wanted, heads)
    if found is not None:
        return await _whole(found, context)
    hits = await visible_hits(context.archive, wanted, limit=HEADLINES_COMPARED, collections=context.collections)
    articles = [hit.article for hit in hits]
    sure = [article for article in articles[:SUGGESTED] if _all_words_in(wanted, article.title or "")]
    if len(sure) == 1:
        return sure[0]
    summaries = await context.archive.summaries_of(articles)
    headlines = {one.id: summaries[one.id].headline if one.id in summaries else label_of(one) for one in articles}
    called = next((one for one in articles if _is_called(wanted, headlines[one.id])), None)
    if called is not None:
        return called
    raise NotFound(await _explain(wanted, articles[:SUGGESTED], headlines, context))


async def article_of_number(seq: int, context: Context) -> Article:
    """Return the article that has, or once had, this ingest sequence number, as it is now. Raises: NotFound."""
    present = await context.archive.present_seq(seq) if seq > 0 else None
    found = await context.archive.articles_between(present - 1, present) if present else []
    if not found or not is_visible(found[0], context.collections):
        raise NotFound(f"I have no article #{seq}: there was none, or it was deleted. /search finds what I have.")
    return found[0]


async def recent_heads(context: Context) -> list[Article]:
    """Return the latest articles this workspace may see, newest first, without texts."""
    return await latest_heads(context.archive, context.collections)


async def latest_heads(archive: Archive, collections: Collection[str] | None) -> list[Article]:
    """Return the latest articles of these collections (None: all), newest first, without texts."""
    last = await archive.last_seq()
    heads = await archive.heads_between(max(0, last - RECENT), last)
    return [head for head in reversed(heads) if is_visible(head, collections)]


def label_of(article: Article) -> str:
    """Return what an article is called where it has to be told apart: its headline, or its path."""
    return article.title or article.path


def _by_headline(wanted: str, heads: Sequence[Article]) -> Article | None:
    folded = _fold(wanted)
    if not folded:
        raise BadRequest("Say which article: its headline, its path, or its number such as #12.")
    names = [(_fold(head.title or ""), _fold(head.path), head) for head in heads]
    for test in (
        lambda title, path: folded in (title, path),
        lambda title, path: title.startswith(folded.rstrip("…")) or path.rpartition("/")[2] == folded,
        lambda title, path: len(folded) > 3 and folded in title,
    ):
        found = [head for title, path, head in names if test(title, path)]
        if found:
            # Copies of one article share its headline: the original is meant.
            return next((head for head in found if head.duplicate_of is None), found[0])
    titles = {title: head for title, _, head in names if title}
    near = difflib.get_close_matches(folded, titles, n=1, cutoff=MIN_LIKENESS) if len(titles) <= RECENT // 5 else []
    return titles[near[0]] if near else None


async def _whole(head: Article, context: Context) -> Article:
    return await _whole_of(head.id, context)


async def _whole_of(article_id: str, context: Context) -> Article:
    found = await context.archive.articles([article_id])
    if not found:
        raise NotFound("That article was deleted just now.")
    return found[0]


async def _explain(wanted: str, nearest: Sequence[Article], headlines: Mapping[str, str], context: Context) -> str:
    shown = shorten(wanted, 2 * SHOWN_CHARS)
    if await context.archive.last_seq() == 0:
        return "I have read no articles yet."
    if not nearest:
        return f"I have no article called “{shown}”, and nothing that matches it. /search looks for words."
    names = "; ".join(f"“{headlines[article.id]}” (#{article.ingested_seq})" for article in nearest)
    return f"I have no article called “{shown}”. Did you mean {names}?"


def _is_called(wanted: str, headline: str) -> bool:
    """Return whether this is the headline as it is shown, which may be shortened."""
    name = _fold(wanted).rstrip("…").rstrip()
    return bool(name) and _fold(headline).startswith(name)


def _all_words_in(wanted: str, title: str) -> bool:
    folded = _fold(title)
    return bool(folded) and all(word in folded for word in _fold(wanted).split())


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())
