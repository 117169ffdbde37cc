"""The digest of now: what came in since the last digest that this destination was told, and that its channel wants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from bot.commands.actions import DigestPart, action_of_part
from bot.commands.announcing import Announcement
from bot.commands.context import Context
from bot.commands.declaring import Help
from bot.commands.gathering import ChannelDigest, EnsureWritten, NewsArchive, WriteStories, gather_part
from bot.commands.times import parse_since
from bot.commands.visibility import Wish, split_list
from bot.commands.wording import shorten
from bot.digests.composing import Size
from bot.digests.telling import digest_message
from bot.errors import BadRequest, NotFound
from bot.messages.wording import byline_of, count_of
from bot.model import (
    Article,
    Block,
    Bullets,
    Button,
    Buttons,
    Digest,
    Footer,
    Heading,
    Line,
    Link,
    Links,
    Message,
    Paragraph,
    Schedule,
)
from bot.ports import Clock, Desk

MAX_LINKS = 5
"""Addresses of one story under "Sources"; /story names all its articles."""

PLACED_WITHIN = timedelta(minutes=2)
"""What came in so long ago is told whether or not it is in a story by now: nothing waits for ever."""

_POSTED_BY_HAND = "posted"


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestArguments:
    """What `/digest` takes."""

    since: Annotated[str, Help("From when on: 24h, 7d, yesterday, 2026-05-03 or all; else since the last digest")] = ""
    topic: Annotated[str, Help("Only articles about these words; several are separated by commas")] = ""


async def tell_digest(arguments: DigestArguments, context: Context) -> Message:
    """Return what is new in this channel, or since the moment asked for; nothing is recorded."""
    found = await _gather(arguments, context)
    if not found.digest.items and not arguments.since:
        return await _explain_nothing(found, context)
    return channel_digest_message(found)


async def announce_digest(arguments: DigestArguments, context: Context) -> Announcement:
    """Return the digest as it is to be posted in the channel and to count as told there.

    One of a topic or of a time has a cursor of its own: what it leaves out is still to be told.
    Raises: NotFound when the channel has been told all of it.
    """
    found = await _gather(arguments, context)
    if not found.digest.items:
        raise NotFound("There is nothing to post: this channel has been told all of it by now.")
    key = context.caller.destination.key
    cursor = f"{key}/{_POSTED_BY_HAND}" if arguments.topic or arguments.since else key
    return Announcement(found=found, message=channel_digest_message(found), cursor=cursor)


async def _gather(arguments: DigestArguments, context: Context) -> ChannelDigest:
    wish = await wish_of_channel(context, topics=split_list(arguments.topic))
    since_seq = None
    if arguments.since:
        since_seq = await context.archive.seq_at(_moment(arguments.since, context))
    key = context.caller.destination.key
    found = await gather_channel_digest(
        context.archive,
        destination=key,
        channel=key,
        clock=context.clock,
        size=context.size,
        wish=wish,
        since_seq=since_seq,
        again=since_seq is not None,
        ensure_written=context.ensure_written,
        write_stories=context.write_stories,
    )
    return replace(found, zone=context.zone)


def _moment(since: str, context: Context) -> datetime:
    try:
        return parse_since(since, now=context.clock.now())
    except BadRequest as error:
        if any(letter.isdigit() for letter in since):
            raise
        raise BadRequest(f"{error} For articles about it: /digest topic:{shorten(since)}") from None


async def wish_of_channel(context: Context, *, topics: Sequence[str] = ()) -> Wish:
    """Return what the caller's channel wants."""
    here = context.caller.destination
    return Wish(
        filters=await context.desk.filters(here),
        topics=tuple(topics),
        collections=context.collections,
        votes=await context.desk.votes(here),
    )


async def gather_digest(
    archive: NewsArchive,
    *,
    destination: str,
    clock: Clock,
    size: Size,
    since_seq: int | None = None,
    ensure_written: EnsureWritten | None = None,
    write_stories: WriteStories | None = None,
) -> Digest:
    """Return the digest of everything ingested since this destination's last one; nothing is recorded.

    `since_seq` asks for everything after that ingest sequence number instead, told before or not. `ensure_written` is
    called with the articles that will be shown, before their summaries are taken (to have an LLM write them first).
    """
    found = await gather_channel_digest(
        archive,
        destination=destination,
        channel=destination,
        clock=clock,
        size=size,
        wish=Wish(),
        since_seq=since_seq,
        again=since_seq is not None,
        ensure_written=ensure_written,
        write_stories=write_stories,
    )
    return found.digest


async def gather_channel_digest(
    archive: NewsArchive,
    *,
    destination: str,
    channel: str,
    clock: Clock,
    size: Size,
    wish: Wish,
    since_seq: int | None = None,
    again: bool = False,
    ensure_written: EnsureWritten | None = None,
    write_stories: WriteStories | None = None,
) -> ChannelDigest:
    """Return the digest of what is new and wanted; what is not wanted is counted, never silently gone.

    `destination` names the cursor, `channel` whose memory counts: nothing it was told is told again, unless `again`.
    """
    since = await archive.digest_cursor(destination) if since_seq is None else since_seq
    now = clock.now()
    part = DigestPart(
        since_seq=since,
        # What came in just now and is in no story yet is told the next time: alone, it would be a story of its own.
        until_seq=max(since, await archive.settled_seq(now - PLACED_WITHIN)),
        # To the millisecond, as the buttons keep it.
        made_at=now.replace(microsecond=now.microsecond // 1000 * 1000),
        topics=wish.topics,
        again=again,
    )
    return await gather_part(
        archive,
        part,
        channel=channel,
        wish=wish,
        size=size,
        ensure_written=ensure_written,
        write_stories=write_stories,
    )


async def gather_scheduled_digest(
    archive: NewsArchive,
    desk: Desk,
    schedule: Schedule,
    *,
    clock: Clock,
    max_chars: int,
    collections: tuple[str, ...] | None = None,
    ensure_written: EnsureWritten | None = None,
    write_stories: WriteStories | None = None,
) -> ChannelDigest:
    """Return the digest that a schedule is due to tell; record it under `cursor_of(schedule)` once it is enqueued."""
    cursor, channel = cursor_of(schedule), schedule.destination.key
    since = await archive.digest_cursor(cursor)
    if not since and cursor != channel:
        # A new schedule begins where its channel is, not with the first article ever read.
        since = await archive.digest_cursor(channel)
    found = await gather_channel_digest(
        archive,
        destination=cursor,
        channel=channel,
        clock=clock,
        size=Size(max_articles=schedule.max_articles, max_chars=max_chars),
        wish=Wish(
            filters=await desk.filters(schedule.destination),
            topics=schedule.topics,
            collections=collections,
            only=schedule.collections,
            votes=await desk.votes(schedule.destination),
        ),
        since_seq=since,
        ensure_written=ensure_written,
        write_stories=write_stories,
    )
    return replace(found, zone=schedule.zone)


def cursor_of(schedule: Schedule) -> str:
    """Return the name under which the archive keeps how far a schedule has told.

    A schedule of everything moves its channel's own. One limited to topics or collections has one for itself: what it
    leaves out is still new to the channel's other schedules.
    """
    if schedule.topics or schedule.collections:
        return f"{schedule.destination.key}/{schedule.id}"
    return schedule.destination.key


def channel_digest_message(found: ChannelDigest, *, with_buttons: bool = True) -> Message:
    """Return a digest as it is shown in a channel: numbered on from the page before, with its buttons."""
    items = found.digest.items
    made_at = found.digest.made_at.astimezone(ZoneInfo(found.zone))
    blocks: list[Block] = []
    open_item = 0
    for block in digest_message(replace(found.digest, made_at=made_at)).blocks:
        if open_item and isinstance(block, Heading | Footer):
            blocks.append(_proof_button(items[open_item - 1].article, found.offset + open_item))
            open_item = 0
        if isinstance(block, Heading) and block.marker:
            open_item = int(block.marker)
            blocks.append(replace(block, marker=str(found.offset + open_item)))
        else:
            blocks.append(_channel_footer(block, found) if isinstance(block, Footer) else block)
    if items:
        blocks.append(_digest_buttons(found))
    if with_buttons:
        return Message(blocks=tuple(blocks))
    return Message(blocks=tuple(block for block in blocks if not isinstance(block, Buttons)))


def sources_message(found: ChannelDigest) -> Message:
    """Return where the articles of a digest come from, with their addresses."""
    if not found.digest.items:
        return Message(blocks=(Paragraph(text="The articles of this digest have changed or gone since."),))
    blocks: list[Block] = [Heading(text="Sources of this digest")]
    for number, item in enumerate(found.digest.items, start=found.offset + 1):
        blocks.append(Heading(text=item.headline, level=2, marker=str(number)))
        lines = [Line(text=byline_of(article)) for article in item.articles[:MAX_LINKS]]
        lines += [Line(text=f"also told by {copy}") for copy in item.merged]
        blocks.append(Bullets(lines=tuple(lines)))
        links = [Link(text=one.source or one.url, url=one.url) for one in item.articles[:MAX_LINKS] if one.url]
        if links:
            blocks.append(Links(links=tuple(links)))
    return Message(blocks=tuple(blocks))


async def _explain_nothing(found: ChannelDigest, context: Context) -> Message:
    if await context.archive.last_seq() == 0:
        text = "I have read no articles yet. As soon as files are put into my folder, they show up here."
        return Message(blocks=(Heading(text="Nothing to tell yet"), Paragraph(text=text)))
    message = channel_digest_message(found)
    hints = ["Try /digest since:7d for what came before."]
    if found.wish.topics:
        hints.append("Or /search for the words in everything I have read.")
    if found.left_out:
        hints.append("/filter list shows what this channel leaves out.")
    return Message(blocks=(*message.blocks[:-1], Paragraph(text=" ".join(hints), quiet=True), message.blocks[-1]))


def _proof_button(article: Article, number: int) -> Buttons:
    return Buttons(buttons=(Button(label=f"Proof of {number}", action=f"proof:{article.ingested_seq}"),))


def _digest_buttons(found: ChannelDigest) -> Buttons:
    digest = found.digest
    part = DigestPart(
        since_seq=digest.since_seq,
        until_seq=digest.until_seq,
        made_at=digest.made_at.astimezone(UTC),
        topics=found.wish.topics,
        collections=found.wish.only,
        offset=found.offset,
        again=found.again,
    )
    following = replace(part, offset=found.following)
    wanted = [("Sources", action_of_part("sources", part))]
    if digest.held_back:
        wanted.append(("Next page", action_of_part("page", following)))
    buttons = [Button(label=label, action=action) for label, action in wanted if action is not None]
    buttons.append(Button(label="Ask", action="ask"))
    buttons.append(Button(label="👍", action=f"vote:up:digest-{digest.until_seq}"))
    buttons.append(Button(label="👎", action=f"vote:down:digest-{digest.until_seq}"))
    return Buttons(buttons=tuple(buttons))


def _channel_footer(footer: Footer, found: ChannelDigest) -> Footer:
    lines = [line for line in footer.lines if not line.startswith("`newsbot status`")]
    if found.left_out:
        reason = "the filter or the topics of this channel" if found.wish.needs_texts else "this channel's filter"
        lines.append(f"Left out: {count_of(found.left_out, 'article')}, by {reason}. /filter list shows it.")
    if found.digest.coverage.quarantined:
        lines.append("/status lists what could not be read, and why.")
    return Footer(lines=tuple(lines))
