"""The outbox: a row a part of a message to a destination; what the port Outbox promises is written there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, delete, exists, func, insert, or_, select, update
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.deliveries.outbox import LONGEST_WAIT_S, claimed, in_doubt
from bot.model import Destination, Platform, Post, PostState
from bot.storage.tables import outbox, slot_keys

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

# A part with one of these is no reason any more to hold back those after it: what a platform never takes must not
# keep the rest of a message from its readers.
_SETTLED = (PostState.SENT.value, PostState.DEAD.value)
_CHANGEABLE = (
    "payload", "state", "attempts", "first_at_us", "last_at_us", "not_before_us", "message_id", "reason",
)  # fmt: skip

_PRUNED_AT_ONCE = 500
_NEW_POSTS_WAIT = timedelta(minutes=1)

RESTORED = "the archive was restored from a backup: this may have been posted since"


async def enqueue(connection: AsyncConnection, posts: Sequence[Post], *, slot_key: str | None) -> bool:
    """Add the parts of one message, unless the slot or one of the posts is there already."""
    used = exists(select(slot_keys.c.slot_key).where(slot_keys.c.slot_key == slot_key))
    known = exists(select(outbox.c.id).where(outbox.c.id.in_([post.id for post in posts])))
    if (await connection.execute(select(or_(used, known)))).scalar():
        return False
    if slot_key is not None:
        await connection.execute(insert(slot_keys), {"slot_key": slot_key})
    if posts:
        await connection.execute(insert(outbox), [_row_of(post) for post in posts])
    return True


async def claim(connection: AsyncConnection, platform: Platform, now: datetime, *, limit: int) -> list[Post]:
    """Move the first claimable post of each destination, if it is due, to SENDING; oldest first."""
    heads = (
        select(func.min(outbox.c.number))
        .where(outbox.c.platform == platform, outbox.c.state == PostState.PENDING.value)
        .where(~_is_sending_there(), ~_has_open_part_before())
        .group_by(outbox.c.workspace, outbox.c.channel)
    )
    due = (
        select(outbox)
        .where(outbox.c.number.in_(heads))
        .where(or_(_is_from_a_fast_clock(now), ~waits(outbox.c.not_before_us, now)))
        .order_by(outbox.c.number)
        .limit(limit)
    )
    posts = [claimed(post_of(row), now) for row in await connection.execute(due)]
    return [post for post in posts if await replace_if(connection, post, expected=PostState.PENDING)]


async def replace_if(connection: AsyncConnection, post: Post, *, expected: PostState) -> bool:
    """Store what can change about a post if its state is the expected one; return whether it was.

    While an attempt is under way or in doubt, what is known of an earlier attempt changes nothing: the same state may
    have come back meanwhile.
    """
    row = _row_of(post)
    changed = {name: row[name] for name in _CHANGEABLE}
    same = [outbox.c.id == post.id, outbox.c.state == expected.value]
    if expected in (PostState.SENDING, PostState.UNKNOWN):
        same.append(outbox.c.attempts <= post.attempts)
    result = await connection.execute(update(outbox).where(*same).values(changed))
    return bool(result.rowcount == 1)


async def posts_in(connection: AsyncConnection, state: PostState, *, platform: Platform | None) -> list[Post]:
    """Return the posts in this state, oldest first."""
    wanted = select(outbox).where(outbox.c.state == state.value).order_by(outbox.c.number)
    if platform is not None:
        wanted = wanted.where(outbox.c.platform == platform)
    return [post_of(row) for row in await connection.execute(wanted)]


async def posts_of(connection: AsyncConnection, destination: Destination, *, limit: int) -> list[Post]:
    """Return the latest posts of one destination, newest first."""
    wanted = select(outbox).where(
        outbox.c.platform == destination.platform,
        outbox.c.workspace == destination.workspace,
        outbox.c.channel == destination.channel,
    )
    rows = await connection.execute(wanted.order_by(outbox.c.number.desc()).limit(limit))
    return [post_of(row) for row in rows]


async def count_posts(connection: AsyncConnection) -> dict[tuple[Platform, PostState], int]:
    """Return how many posts of each platform are in each state; absent ones are left out."""
    counted = select(outbox.c.platform, outbox.c.state, func.count()).group_by(outbox.c.platform, outbox.c.state)
    rows = await connection.execute(counted)
    return {(platform, PostState(state)): count for platform, state, count in rows}


async def post(connection: AsyncConnection, post_id: str) -> Post | None:
    """Return one post."""
    row = (await connection.execute(select(outbox).where(outbox.c.id == post_id))).first()
    return None if row is None else post_of(row)


async def prune(connection: AsyncConnection, *, before: datetime) -> int:
    """Forget messages whose parts were all sent before this moment; their slots stay used."""
    other = outbox.alias("other")
    is_kept = or_(
        other.c.state != PostState.SENT.value, other.c.last_at_us.is_(None), other.c.last_at_us >= micros(before)
    )
    of_message = select(other.c.number).where(*_same_destination(other), other.c.batch == outbox.c.batch, is_kept)
    old = (outbox.c.state == PostState.SENT.value, outbox.c.last_at_us < micros(before))
    numbers = (await connection.execute(select(outbox.c.number).where(*old, ~of_message.exists()))).scalars().all()
    for start in range(0, len(numbers), _PRUNED_AT_ONCE):
        pruned = numbers[start : start + _PRUNED_AT_ONCE]
        await connection.execute(delete(outbox).where(outbox.c.number.in_(pruned)))
    return len(numbers)


async def doubt_all(connection: AsyncConnection, now: datetime) -> None:
    """Turn everything that was on its way into posts of unknown outcome: a restored backup doesn't know their fate."""
    for state in (PostState.PENDING, PostState.SENDING):
        for one in await posts_in(connection, state, platform=None):
            await replace_if(connection, in_doubt(one, RESTORED, look_at=now), expected=state)


def waits(not_before_us: ColumnElement[int | None], now: datetime) -> ColumnElement[bool]:
    """Return whether it is too early; a moment further ahead than any wait is that of a clock set back since."""
    latest = micros(now + timedelta(seconds=LONGEST_WAIT_S))
    return not_before_us.is_not(None) & (not_before_us > micros(now)) & (not_before_us <= latest)


def micros(moment: datetime) -> int:
    """Return a moment as microseconds since 1970."""
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(number: int) -> datetime:
    """Return the moment that is stored as this number, in UTC."""
    return _EPOCH + number * _MICROSECOND


def _is_sending_there() -> ColumnElement[bool]:
    other = outbox.alias("sending")
    return select(other.c.number).where(*_same_destination(other), other.c.state == PostState.SENDING.value).exists()


def _has_open_part_before() -> ColumnElement[bool]:
    other = outbox.alias("earlier")
    earlier = (other.c.batch == outbox.c.batch, other.c.part < outbox.c.part, other.c.state.not_in(_SETTLED))
    return select(other.c.number).where(*_same_destination(other), *earlier).exists()


def _is_from_a_fast_clock(now: datetime) -> ColumnElement[bool]:
    # A new post is due when it is made, so a moment ahead means that the clock was set back since.
    return (outbox.c.attempts == 0) & (outbox.c.not_before_us > micros(now + _NEW_POSTS_WAIT))


def _same_destination(other: FromClause) -> tuple[ColumnElement[bool], ...]:
    return tuple(other.c[name] == outbox.c[name] for name in ("platform", "workspace", "channel"))


def _row_of(post: Post) -> dict[str, Any]:
    return {
        "id": post.id,
        "platform": post.destination.platform,
        "workspace": post.destination.workspace,
        "channel": post.destination.channel,
        "batch": post.batch,
        "part": post.part,
        "parts": post.parts,
        "payload": post.payload,
        "marker": post.marker,
        "nonce": post.nonce,
        "state": post.state.value,
        "attempts": post.attempts,
        "first_at_us": micros_or_none(post.first_at),
        "last_at_us": micros_or_none(post.last_at),
        "not_before_us": micros_or_none(post.not_before),
        "message_id": post.message_id,
        "reason": post.reason,
    }


def post_of(row: Row[Any]) -> Post:
    """Return the post of a row of the outbox."""
    return Post(
        id=row.id,
        destination=Destination(platform=row.platform, workspace=row.workspace, channel=row.channel),
        batch=row.batch,
        part=row.part,
        parts=row.parts,
        payload=row.payload,
        marker=row.marker,
        nonce=row.nonce,
        state=PostState(row.state),
        attempts=row.attempts,
        first_at=moment_or_none(row.first_at_us),
        last_at=moment_or_none(row.last_at_us),
        not_before=moment_or_none(row.not_before_us),
        message_id=row.message_id,
        reason=row.reason,
    )


def micros_or_none(moment: datetime | None) -> int | None:
    """Return a moment as microseconds since 1970, or None."""
    return None if moment is None else micros(moment)


def moment_or_none(number: int | None) -> datetime | None:
    """Return the moment that is stored as this number, or None."""
    return None if number is None else moment_of(number)
