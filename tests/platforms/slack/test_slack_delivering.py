"""The outbox and the real Slack client together: whatever breaks, each digest stands in its channel exactly once."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.deliveries.delivering import Deliverer
from bot.deliveries.outbox import marker_of, posts_of_message
from bot.deliveries.pacing import Pace
from bot.model import Bullets, Destination, Heading, Line, Message, PostState
from bot.platforms.slack.publishing import SlackPublisher
from bot.storage.archive import SqlArchive, open_archive
from tests.platforms.slack.slack_loopback import (
    BOT_ID,
    BOT_TOKEN,
    CHANNEL,
    TEAM,
    SlackLoopback,
    answer_nonsense,
    drop,
    refuse,
)

HERE = Destination(platform="slack", workspace=TEAM, channel=CHANNEL)
FAULTS = (
    drop(accept=True),
    drop(accept=False),
    refuse("internal_error"),
    refuse("ratelimited", status=429, headers={"Retry-After": "3"}),
    answer_nonsense("<html>bad gateway</html>", status=502, accept=True),
    answer_nonsense("", status=504),
)
DIGESTS = 30
TURNS = 400


class TurnClock:
    """A clock that tests push forward; what the loopback calls now stays the machine's."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture
async def archive(tmp_path: Path) -> AsyncIterator[SqlArchive]:
    async with open_archive(tmp_path / "news.db") as opened:
        yield opened


def at_once() -> Pace:
    """Return a pace that holds nothing up: the loopback here has no limits."""
    return Pace(per_s=1_000, burst=1_000)


def long_message(words: int) -> Message:
    lines = tuple(Line(text=f"b{n} " + "harbour " * words) for n in range(12))
    return Message(blocks=(Heading(text="News digest"), Bullets(lines=lines)))


async def enqueue(archive: SqlArchive, publisher: SlackPublisher, clock: TurnClock, batch: str, words: int = 3) -> int:
    """Put one message into the outbox; return how many parts it has."""
    payloads = publisher.render(long_message(words), marker=marker_of(HERE, batch=batch))
    await archive.enqueue(posts_of_message(payloads, HERE, batch=batch, clock=clock))
    return len(payloads)


async def test_a_digest_of_several_parts_arrives_in_order(slack: SlackLoopback, archive: SqlArchive) -> None:
    clock = TurnClock()
    publisher = SlackPublisher(BOT_TOKEN, base_url=f"{slack.base_url}/api/", pace=at_once())
    parts = await enqueue(archive, publisher, clock, "one", words=250)
    await Deliverer(archive, {"slack": publisher}, clock).deliver_due()
    assert parts > 1
    assert [m["metadata"]["event_payload"]["part"] for m in slack.posts()] == list(range(1, parts + 1))


async def test_thirty_digests_through_a_bad_network_stand_there_exactly_once(
    slack: SlackLoopback, archive: SqlArchive
) -> None:
    clock = TurnClock()
    picker = random.Random(7)
    publisher = SlackPublisher(BOT_TOKEN, base_url=f"{slack.base_url}/api/", timeout_s=2, pace=at_once())
    deliverer = Deliverer(archive, {"slack": publisher}, clock)
    for number in range(DIGESTS):
        await enqueue(archive, publisher, clock, f"batch-{number}")
        slack.fail_next("chat.postMessage", *picker.choices(FAULTS, k=picker.randint(0, 2)))
        await deliverer.deliver_due()
    for _ in range(TURNS):
        await deliverer.deliver_due()
        clock.ahead += timedelta(seconds=20)
        waiting = [state for state in (PostState.PENDING, PostState.UNKNOWN) if await archive.posts_in(state)]
        if not waiting:
            break
    seen = Counter(m["metadata"]["event_payload"]["id"] for m in slack.channels[CHANNEL] if m.get("bot_id") == BOT_ID)
    assert len(await archive.posts_in(PostState.SENT)) == DIGESTS
    assert len(seen) == DIGESTS
    assert set(seen.values()) == {1}


async def test_a_refused_format_goes_out_plain(slack: SlackLoopback, archive: SqlArchive) -> None:
    clock = TurnClock()
    publisher = SlackPublisher(BOT_TOKEN, base_url=f"{slack.base_url}/api/", pace=at_once())
    await enqueue(archive, publisher, clock, "one")
    slack.fail_next("chat.postMessage", refuse("invalid_blocks"))
    deliverer = Deliverer(archive, {"slack": publisher}, clock)
    await deliverer.deliver_due()
    clock.ahead += timedelta(minutes=2)
    await deliverer.deliver_due()
    [message] = slack.posts()
    assert {block["type"] for block in message["blocks"]} == {"section"}
    assert "b11 harbour" in "".join(block["text"]["text"] for block in message["blocks"])
