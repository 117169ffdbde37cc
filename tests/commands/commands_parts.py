"""An archive with articles of an invented coast, two workspaces that share it, and what they are told as plain text."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.commands.context import CommandLimits, Context
from bot.commands.dispatch import Reply
from bot.deliveries.outbox import in_doubt
from bot.model import (
    Article,
    Bullets,
    Buttons,
    Caller,
    Destination,
    FileRecord,
    FileState,
    Footer,
    Heading,
    Links,
    Message,
    Paragraph,
    Platform,
    Post,
    PostState,
    Quote,
    RemovedLine,
    Sentence,
    Table,
)
from bot.pipeline import summarize_all
from bot.storage.archive import SqlArchive
from bot.text.sentences import split_sentences

NOW = datetime(2026, 3, 4, 7, 0, tzinfo=UTC)

TUNNEL = (
    "The harbour tunnel of Vessa will open on 14 May 2026, mayor Ilse Brandt said on Tuesday. It cost 41 million "
    "crowns. Engineers had found water in the eastern tube in January. Ferries keep running until the end of June."
)
BAKERS = (
    "Bakers in Quell went on strike on Monday after talks about night work failed. Their union asks for two more free "
    "days. The guild of mills called the demand unaffordable."
)
VACCINE = (
    "A clinic in Tarn has tested a vaccine against marsh fever on 300 people. Nobody fell seriously ill, doctor Amir "
    "Solano said. The results will be checked abroad."
)
SECRET = (
    "The board of Hollow Bank plans to close its branch in Vessa on 2 July 2026. The harbour tunnel played no part "
    "in it. Forty people work there."
)


class FixedClock:
    """A clock that stands still."""

    def __init__(self, now: datetime = NOW) -> None:
        self.time = now

    def now(self) -> datetime:
        """Return its time."""
        return self.time


def make_news(
    name: str,
    body: str,
    *,
    title: str | None,
    source: str | None = "The Vessa Post",
    collection: str = "",
    published_at: datetime | None = NOW - timedelta(hours=20),
    copy_note: str = "",
) -> Article:
    """Return an article as the pipeline makes one."""
    text = f"{body} {copy_note}".strip()
    sentences = tuple(
        Sentence(index=index, text=text[start:end], start=start, end=end, paragraph=0)
        for index, (start, end) in enumerate(split_sentences(text, "en"))
    )
    path = f"{collection}/{name}" if collection else name
    return Article(
        id=f"https://paper.example/{path}",
        version=hashlib.sha256(f"{title}\n{text}".encode()).hexdigest(),
        path=path,
        collection=collection,
        title=title,
        source=source,
        url=f"https://paper.example/{path}",
        byline=("Mira Voss",),
        published_at=published_at,
        language="en",
        body=text,
        sentences=sentences,
        removed=(RemovedLine(line=7, text="Subscribe to our letter", reason="asks to subscribe"),),
    )


def coast_news() -> list[Article]:
    """Return three articles everybody may see and one of the collection "board"."""
    return [
        make_news("tunnel.txt", TUNNEL, title="Harbour tunnel opens in May"),
        make_news("bakers.txt", BAKERS, title="Bakers on strike in Quell", source="Quell Daily"),
        make_news("vaccine.txt", VACCINE, title="Clinic tests vaccine", published_at=None),
        make_news("bank.txt", SECRET, title="Hollow Bank to close branch", source="Board Letter", collection="board"),
    ]


async def fill(archive: SqlArchive, articles: Sequence[Article]) -> list[Article]:
    """Store articles with their summaries; return them as stored."""
    records = [
        FileRecord(
            path=article.path.encode(),
            signature=(1, number, 1, 1, 1),
            state=FileState.READ,
            article_ids=(article.id,),
        )
        for number, article in enumerate(articles)
    ]
    return await archive.save_articles(records, articles, await summarize_all(articles, bullets=3))


def make_context(
    archive: SqlArchive,
    *,
    workspace: str = "guild-1",
    channel: str = "channel-1",
    user: str = "user-1",
    is_admin: bool = True,
    platform: Platform = "discord",
    collections: tuple[str, ...] | None = None,
    limits: CommandLimits | None = None,
    max_usd_per_day: float | None = None,
    clock: FixedClock | None = None,
) -> Context:
    """Return the context of a call."""
    destination = Destination(platform=platform, workspace=workspace, channel=channel)
    return Context(
        caller=Caller(destination=destination, user=user, is_admin=is_admin),
        archive=archive,
        desk=archive,
        outbox=archive,
        clock=clock or FixedClock(),
        limits=limits or CommandLimits(),
        collections=collections,
        max_usd_per_day=max_usd_per_day,
    )


async def park_post(archive: SqlArchive, destination: Destination, *, post_id: str = "post-1") -> Post:
    """Put a post into the outbox whose outcome nobody could find out, and return it."""
    post = Post(
        id=post_id,
        destination=destination,
        batch=f"batch of {post_id}",
        part=1,
        parts=1,
        payload="{}",
        marker=f"⟦{post_id}⟧",
        nonce=post_id[:25],
    )
    await archive.enqueue([post])
    parked = replace(in_doubt(post, "the connection broke", look_at=NOW), state=PostState.PARKED, not_before=None)
    assert await archive.update(parked, expected=PostState.PENDING)
    return parked


def shown(reply: Reply | Message) -> str:
    """Return everything a message says, a line a text, buttons as [label]."""
    message = reply.message if isinstance(reply, Reply) else reply
    return "\n".join(text for block in message.blocks for text in _texts(block))


def actions(reply: Reply | Message) -> dict[str, str]:
    """Return the actions of a message's buttons by their labels; of equal labels the first."""
    message = reply.message if isinstance(reply, Reply) else reply
    found: dict[str, str] = {}
    for block in message.blocks:
        if isinstance(block, Buttons):
            for button in block.buttons:
                found.setdefault(button.label, button.action)
    return found


def _texts(block: object) -> list[str]:
    if isinstance(block, Heading):
        return [f"{block.marker} {block.text}".strip()]
    if isinstance(block, Paragraph | Quote):
        return [block.text]
    if isinstance(block, Bullets):
        return [text for line in block.lines for text in (f"{line.text} [{', '.join(line.marks)}]", *line.proof)]
    if isinstance(block, Table):
        return [" | ".join(row) for row in (block.columns, *block.rows)]
    if isinstance(block, Footer):
        return list(block.lines)
    if isinstance(block, Links):
        return [f"{link.text} <{link.url}>" for link in block.links]
    assert isinstance(block, Buttons)
    return [f"[{button.label}]" for button in block.buttons]
