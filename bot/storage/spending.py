"""What the LLM cost, a row a day, and the replies already paid for."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.records import pack_text, unpack_text
from bot.storage.tables import replies, spending
from bot.storage.upserts import upsert

# Sums of dollars are floats: a cap is broken only by more than rounding.
_ROUNDING_USD = 1e-9


async def reserve(
    connection: AsyncConnection, day: str, tokens: int, usd: float, *, max_tokens: int, max_usd: float
) -> bool:
    """Add to the day unless a cap would break; return whether it was added."""
    spent_tokens, spent_usd = await spent(connection, day)
    if spent_tokens + tokens > max_tokens or spent_usd + usd > max_usd + _ROUNDING_USD:
        return False
    await add(connection, day, tokens, usd)
    return True


async def add(connection: AsyncConnection, day: str, tokens: int, usd: float) -> None:
    """Add to what is counted for the day; negative numbers take back."""
    await connection.execute(upsert(connection, spending, adding=True), {"day": day, "tokens": tokens, "usd": usd})


async def spent(connection: AsyncConnection, day: str) -> tuple[int, float]:
    """Return the tokens and US dollars counted for the day."""
    row = (await connection.execute(select(spending.c.tokens, spending.c.usd).where(spending.c.day == day))).first()
    return (0, 0.0) if row is None else (row.tokens, row.usd)


async def cached_reply(connection: AsyncConnection, key: str) -> str | None:
    """Return the reply stored under this key."""
    payload = (await connection.execute(select(replies.c.reply).where(replies.c.key == key))).scalar()
    return None if payload is None else unpack_text(payload)


async def cache_reply(connection: AsyncConnection, key: str, reply: str) -> None:
    """Store a reply, replacing one under the same key."""
    await connection.execute(upsert(connection, replies), {"key": key, "reply": pack_text(reply)})
