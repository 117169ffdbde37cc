"""Gathers a digest from the archive: what came in, of which stories, what of it the channel has not been told.

Texts are read only of the stories that are shown; thousands of others are judged by their heads and summaries.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol

from bot.commands.actions import DigestPart
from bot.commands.visibility import Wish, is_in_headline, is_visible, matches, wanted_heads
from bot.digests.composing import FolderCounts, Size, Told, compose_digest
from bot.digests.copies import additions_of
from bot.digests.items import Material, compose_items, judge_candidate
from bot.digests.ranking import (
    TOPIC_IN_HEADLINE,
    TOPIC_IN_TEXT,
    Candidate,
    Feedback,
    Ranked,
    gather_feedback,
    group_window,
    rank_stories,
    spread_sources,
)
from bot.digests.telling import MAX_HEADLINES_HELD_BACK
from bot.messages.wording import headline_of
from bot.model import Article, Digest, DigestItem, FileState, KnownStory, Summary
from bot.ports import Archive, StoryBook, ToldBook, ToldLine
from bot.stories.novelty import History, fingerprint_of

EnsureWritten = Callable[[Sequence[Article]], Awaitable[None]]
"""Has an LLM write the summaries that are missing; failures leave the extractive ones."""

WriteStories = Callable[[Sequence[DigestItem]], Awaitable[list[DigestItem]]]
"""Has an LLM write headlines and why stories matter, proved; what fails stays as it was."""

LINES_REMEMBERED: Final = 2_000
"""Told lines a new one is compared with: two months of long digests. Of older ones, those of its own story are compared
too, and any other is known by its wording."""

MAX_MEMBERS: Final = 60
"""Articles of one story that are read for it, the latest; more would say little that these do not."""

MAX_COPIES_READ: Final = 400
"""Near-copies of one digest, the latest, whose texts are compared with their originals'."""


class NewsArchive(Archive, StoryBook, ToldBook, Protocol):
    """One object that is the archive, the book of stories and the book of what was told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelDigest:
    """A digest, what it was made for, how many articles the wish left out, and how many stories were passed over.

    `following` is where its next page begins. `zone` is the IANA zone in which its date is shown.
    """

    digest: Digest
    wish: Wish
    left_out: int = 0
    offset: int = 0
    following: int = 0
    again: bool = False
    zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """The stories of a span of articles, those to be told in their order, and those that tell nothing new.

    `reduced` are the summaries of near-copies that say something their originals do not: that alone.
    """

    ranked: tuple[Ranked, ...]
    known: tuple[Candidate, ...]
    history: History
    reduced: Mapping[str, Summary]
    read: int
    merged: int
    left_out: int


async def order_stories(archive: NewsArchive, part: DigestPart, *, channel: str, wish: Wish) -> Ordered:
    """Return the stories of a part, ordered as of the moment it was made: the same whenever it is asked again."""
    window = await archive.window(part.since_seq, part.until_seq)
    heads, left_out = await wanted_heads(archive, window.heads, wish)
    heads, reduced = await _tell_additions(archive, heads, wish)
    # A week's news are thousands of stories: whatever looks at all of them does so beside the event loop.
    candidates, merged = await asyncio.to_thread(group_window, window, heads)
    lines = await _told_before(archive, channel, part, candidates)
    judged, history = await _judge(archive, channel, part, candidates, lines, reduced)
    feedback = gather_feedback(wish.votes, lines, before_seq=part.since_seq)
    ranked = await asyncio.to_thread(_rank, judged, part, feedback)
    return Ordered(
        ranked=tuple(ranked),
        known=tuple(candidate for candidate in judged if candidate.novelty == "unchanged"),
        history=history,
        reduced=reduced,
        read=len(heads),
        merged=merged,
        left_out=left_out,
    )


def _rank(judged: Sequence[Candidate], part: DigestPart, feedback: Feedback) -> list[Ranked]:
    news = [candidate for candidate in judged if candidate.novelty != "unchanged"]
    if part.topics:
        news = [replace(one, topic=_topic_match(one, part.topics)) for one in news]
    return spread_sources(rank_stories(news, made_at=part.made_at, feedback=feedback))


async def gather_part(
    archive: NewsArchive,
    part: DigestPart,
    *,
    channel: str,
    wish: Wish,
    size: Size,
    ensure_written: EnsureWritten | None = None,
    write_stories: WriteStories | None = None,
) -> ChannelDigest:
    """Return a page of a digest: its stories from `part.offset` on, in the order that the first page began."""
    ordered = await order_stories(archive, part, channel=channel, wish=wish)
    items, known, at = await _compose(archive, ordered, part, wish=wish, size=size, ensure_written=ensure_written)
    if write_stories is not None and items:
        items = dict(zip(items, await write_stories(list(items.values())), strict=True))
    digest = compose_digest(
        Told(
            items=tuple(items.values()),
            named=await _headlines(archive, ordered.ranked[at:]),
            known=(*known, *(_known(candidate, ordered.history) for candidate in ordered.known)),
            read=ordered.read,
            merged=ordered.merged,
        ),
        since_seq=part.since_seq,
        until_seq=part.until_seq,
        folder=await _count_folder(archive, wish),
        made_at=part.made_at,
        max_chars=size.max_chars,
    )
    unshown = list(items)[len(digest.items) :]
    return ChannelDigest(
        digest=digest,
        wish=wish,
        left_out=ordered.left_out,
        offset=part.offset,
        following=unshown[0] if unshown else at,
        again=part.again,
    )


async def _tell_additions(
    archive: NewsArchive, heads: Sequence[Article], wish: Wish
) -> tuple[list[Article], dict[str, Summary]]:
    """Return the heads with near-copies that say something new as articles of their own, and the summary of that."""
    copies = [head for head in heads if head.duplicate_of is not None][-MAX_COPIES_READ:]
    if not copies:
        return list(heads), {}
    texts = await archive.articles([*(head.id for head in copies), *(head.duplicate_of or "" for head in copies)])
    by_id = {article.id: article for article in texts if is_visible(article, wish.collections)}
    summaries = await archive.summaries_of([by_id[head.id] for head in copies if head.id in by_id])

    def reduce() -> dict[str, Summary]:
        found: dict[str, Summary] = {}
        for head in copies:
            copy, original = by_id.get(head.id), by_id.get(head.duplicate_of or "")
            if copy is not None and original is not None and head.id in summaries:
                additions = additions_of(copy, summaries[head.id], original)
                if additions is not None:
                    found[head.id] = additions
        return found

    reduced = await asyncio.to_thread(reduce)
    return [replace(head, duplicate_of=None) if head.id in reduced else head for head in heads], reduced


async def _told_before(
    archive: NewsArchive, channel: str, part: DigestPart, candidates: Sequence[Candidate]
) -> list[ToldLine]:
    """Return the lines this part must not repeat: what the channel was told before it was made."""
    lines = await archive.told_lines(channel, limit=LINES_REMEMBERED)
    if len(lines) == LINES_REMEMBERED:
        stories = {name for one in candidates for name in (one.event, one.storyline)}
        known = {(line.at, line.fingerprint) for line in lines}
        older = await archive.told_of(channel, stories, limit=LINES_REMEMBERED)
        lines += [line for line in older if (line.at, line.fingerprint) not in known]
    return [line for line in lines if _counts(line.at, line.seq, part)]


def _counts(at: datetime, seq: int, part: DigestPart) -> bool:
    return at < part.made_at and (not part.again or seq <= part.since_seq)


async def _judge(
    archive: NewsArchive,
    channel: str,
    part: DigestPart,
    candidates: Sequence[Candidate],
    lines: Sequence[ToldLine],
    reduced: Mapping[str, Summary],
) -> tuple[list[Candidate], History]:
    """Return the candidates with their novelty; those of which nothing was told are new without a look at them."""
    if not lines:
        return list(candidates), History(())
    names = {name for line in lines for name in (line.event, line.citation.article_id)}
    told = await asyncio.to_thread(lambda: [one for one in candidates if not names.isdisjoint(one.names)])
    summaries = {**await archive.summaries_of([head for one in told for head in one.heads]), **reduced}
    fingerprints = {fingerprint_of(bullet.text) for summary in summaries.values() for bullet in summary.bullets}
    older = await archive.told_among(channel, fingerprints) if len(lines) >= LINES_REMEMBERED else {}
    known = {print_ for print_, (at, seq) in older.items() if _counts(at, seq, part)}

    def judge() -> tuple[list[Candidate], History]:
        history = History(lines, fingerprints=known)
        judged = {one.event: judge_candidate(one, summaries, history) for one in told}
        return [judged.get(candidate.event, candidate) for candidate in candidates], history

    return await asyncio.to_thread(judge)


def _topic_match(candidate: Candidate, topics: Sequence[str]) -> float:
    found = any(is_in_headline(head, topics) for head in candidate.heads)
    return TOPIC_IN_HEADLINE if found else TOPIC_IN_TEXT


async def _compose(
    archive: NewsArchive,
    ordered: Ordered,
    part: DigestPart,
    *,
    wish: Wish,
    size: Size,
    ensure_written: EnsureWritten | None,
) -> tuple[dict[int, DigestItem], list[KnownStory], int]:
    """Return the items by their position in the order, what proved to be known, and the position after the last."""
    items: dict[int, DigestItem] = {}
    known: list[KnownStory] = []
    at = part.offset
    while at < len(ordered.ranked) and len(items) < size.max_articles:
        batch = ordered.ranked[at : at + size.max_articles - len(items)]
        materials = await _load(archive, batch, wish, ensure_written, ordered.reduced)
        # What fills the places of stories that prove to be known is told as it is: the LLM had its time.
        ensure_written = None
        composed = await asyncio.to_thread(compose_items, materials, ordered.history, list(items.values()))
        for position, item in enumerate(composed, start=at):
            if item is None:
                continue
            if item.novelty == "unchanged":
                known.append(KnownStory(headline=item.headline, articles=len(batch[position - at].candidate.heads)))
            else:
                items[position] = item
        at += len(batch)
    return items, known, at


async def _load(
    archive: NewsArchive,
    batch: Sequence[Ranked],
    wish: Wish,
    ensure_written: EnsureWritten | None,
    reduced: Mapping[str, Summary],
) -> list[Material | None]:
    """Return what each story is told from; None where its new articles have gone since."""
    stories = [
        [replace(one, duplicate_of=None) if one.id in reduced else one for one in members]
        for members in await _members(archive, [ranked.candidate for ranked in batch], wish)
    ]
    fresh_ids = [frozenset(_fresh(ranked.candidate)) for ranked in batch]
    if ensure_written is not None:
        fresh = [
            article
            for articles, ids in zip(stories, fresh_ids, strict=True)
            for article in articles
            if article.id in ids and article.duplicate_of is None and article.id not in reduced
        ]
        if fresh:
            await ensure_written(fresh)
    summaries = {
        **await archive.summaries_of([article for articles in stories for article in articles]),
        **reduced,
    }
    return [
        Material(ranked=ranked, articles=tuple(articles), summaries=summaries, fresh=ids)
        if any(article.id in ids and article.id in summaries for article in articles)
        else None
        for ranked, articles, ids in zip(batch, stories, fresh_ids, strict=True)
    ]


async def _members(archive: NewsArchive, batch: Sequence[Candidate], wish: Wish) -> list[list[Article]]:
    """Return of each story the articles that may be seen and are wanted, the latest earlier ones and the new ones."""
    members = await archive.members_of({candidate.event for candidate in batch})
    wanted = [_latest(members[candidate.event], _fresh(candidate)) for candidate in batch]
    found = await archive.articles(list(dict.fromkeys(one for ids in wanted for one in ids)))

    def sort_out() -> list[list[Article]]:
        matching = {article.id: article for article in found if matches(article, wish)}
        return [[matching[one] for one in ids if one in matching] for ids in wanted]

    return await asyncio.to_thread(sort_out)


def _latest(members: Sequence[str], fresh: Sequence[str]) -> list[str]:
    new = set(fresh)
    earlier = [member for member in members if member not in new]
    room = max(0, MAX_MEMBERS - len(fresh))
    return [*earlier[len(earlier) - room :], *fresh[:MAX_MEMBERS]]


def _fresh(candidate: Candidate) -> list[str]:
    return [head.id for head in (*candidate.heads, *candidate.copies)]


async def _headlines(archive: NewsArchive, ranked: Sequence[Ranked]) -> tuple[str, ...]:
    """Return the headlines of these stories; those beyond what a message names are counted by their paths."""
    leads = [one.candidate.heads[0] for one in ranked]
    untitled = [lead for lead in leads[:MAX_HEADLINES_HELD_BACK] if not lead.title]
    summaries = await archive.summaries_of(untitled) if untitled else {}
    return tuple(headline_of(lead, summaries) for lead in leads)


def _known(candidate: Candidate, history: History) -> KnownStory:
    head = candidate.heads[0]
    told = history.lines_of(candidate.names)
    headline = head.title or (told[0].headline if told else head.path)
    return KnownStory(headline=headline, articles=len(candidate.heads))


async def _count_folder(archive: NewsArchive, wish: Wish) -> FolderCounts:
    if wish.collections is not None:
        # What lies unread in the folder may lie in a collection that this workspace does not see.
        return FolderCounts(quarantined=0, waiting=0)
    counts = await archive.count_files()
    return FolderCounts(
        quarantined=counts.get(FileState.QUARANTINED, 0),
        waiting=counts.get(FileState.WAITING, 0),
    )
