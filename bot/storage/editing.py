"""What posted messages show of which article, and the edits they need; the port Corrections says what is promised."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Platform, PostState
from bot.ports import Edit, EditState, Shown, ShownLine
from bot.storage.outbox import micros, micros_or_none, moment_of, moment_or_none, post_of, waits
from bot.storage.tables import articles, edits, outbox, shown
from bot.storage.upserts import upsert


async def insert_shown(connection: AsyncConnection, showings: Sequence[Shown]) -> None:
    """Add what the parts of one message show."""
    if showings:
        await connection.execute(insert(shown), [_row_of(showing) for showing in showings])


async def outdated(connection: AsyncConnection, *, since: datetime, limit: int) -> list[Shown]:
    """Return what was shown since then of articles that have another version now, oldest first."""
    wanted = (
        select(shown)
        .join(articles, articles.c.id == shown.c.article_id)
        .where(shown.c.at_us >= micros(since), articles.c.version != shown.c.version)
        .order_by(shown.c.at_us, shown.c.post_id, shown.c.article_id)
        .limit(limit)
    )
    return [_shown_of(row) for row in await connection.execute(wanted)]


async def compare(connection: AsyncConnection, showing: Shown, *, edits_post: bool) -> None:
    """Store what a comparison came to, and ask for the edit of its post if it needs one."""
    row = _row_of(showing)
    same = (shown.c.post_id == showing.post_id, shown.c.article_id == showing.article_id)
    changed = {name: row[name] for name in ("version", "changes", "changed_at_us")}
    await connection.execute(update(shown).where(*same).values(changed))
    if not edits_post:
        return
    revision = (await connection.execute(select(edits.c.revision).where(edits.c.post_id == showing.post_id))).scalar()
    fresh = {
        "post_id": showing.post_id,
        "revision": (revision or 0) + 1,
        "state": EditState.PENDING.value,
        "attempts": 0,
        "first_at_us": None,
        "not_before_us": None,
        "reason": None,
    }
    await connection.execute(upsert(connection, edits), fresh)


async def shown_in(connection: AsyncConnection, post_id: str) -> list[Shown]:
    """Return what one post says of which article, in the order it was written down."""
    wanted = select(shown).where(shown.c.post_id == post_id).order_by(shown.c.at_us, shown.c.article_id)
    return [_shown_of(row) for row in await connection.execute(wanted)]


async def edits_due(connection: AsyncConnection, platform: Platform, now: datetime, *, limit: int) -> list[Edit]:
    """Return pending edits of posts that are there, longest waiting first."""
    is_due = (
        edits.c.state == EditState.PENDING.value,
        outbox.c.state == PostState.SENT.value,
        ~waits(edits.c.not_before_us, now),
    )
    return await _edits(connection, *is_due, outbox.c.platform == platform, limit=limit)


async def edits_in(connection: AsyncConnection, state: EditState, *, platform: Platform) -> list[Edit]:
    """Return the edits in this state, oldest post first."""
    return await _edits(connection, edits.c.state == state.value, outbox.c.platform == platform)


async def update_edit(connection: AsyncConnection, edit: Edit) -> bool:
    """Store an edit of the stored revision; return whether it was."""
    row = {
        "state": edit.state.value,
        "attempts": edit.attempts,
        "first_at_us": micros_or_none(edit.first_at),
        "not_before_us": micros_or_none(edit.not_before),
        "reason": edit.reason,
    }
    same = (edits.c.post_id == edit.post.id, edits.c.revision == edit.revision)
    result = await connection.execute(update(edits).where(*same).values(row))
    return bool(result.rowcount == 1)


async def prune_shown(connection: AsyncConnection, *, before: datetime) -> None:
    """Forget what was shown before this moment, and edits of posts that show nothing any more."""
    await connection.execute(delete(shown).where(shown.c.at_us < micros(before)))
    await connection.execute(delete(edits).where(edits.c.post_id.not_in(select(shown.c.post_id))))


async def _edits(connection: AsyncConnection, *conditions: Any, limit: int | None = None) -> list[Edit]:
    columns = [column.label(f"edit_{column.name}") for column in edits.columns]
    wanted = select(outbox, *columns).join(edits, edits.c.post_id == outbox.c.id).where(*conditions)
    wanted = wanted.order_by(edits.c.not_before_us.nulls_first(), outbox.c.number).limit(limit)
    return [_edit_of(row) for row in await connection.execute(wanted)]


def _edit_of(row: Row[Any]) -> Edit:
    return Edit(
        post=post_of(row),
        revision=row.edit_revision,
        state=EditState(row.edit_state),
        attempts=row.edit_attempts,
        first_at=moment_or_none(row.edit_first_at_us),
        not_before=moment_or_none(row.edit_not_before_us),
        reason=row.edit_reason,
    )


def _row_of(showing: Shown) -> dict[str, Any]:
    body = {
        "anchor": showing.anchor,
        "about": showing.about,
        "headline": showing.headline,
        "lines": [(line.text, line.quote, line.attribution) for line in showing.lines],
        "zone": showing.zone,
    }
    return {
        "post_id": showing.post_id,
        "article_id": showing.article_id,
        "at_us": micros(showing.at),
        "version": showing.version,
        "body": json.dumps(body, ensure_ascii=False),
        "changes": json.dumps(showing.changes, ensure_ascii=False),
        "changed_at_us": micros_or_none(showing.changed_at),
    }


def _shown_of(row: Row[Any]) -> Shown:
    body: dict[str, Any] = json.loads(row.body)
    return Shown(
        post_id=row.post_id,
        article_id=row.article_id,
        version=row.version,
        anchor=body["anchor"],
        about=body["about"],
        headline=body["headline"],
        lines=tuple(ShownLine(text=text, quote=quote, attribution=by) for text, quote, by in body["lines"]),
        zone=body["zone"],
        at=moment_of(row.at_us),
        changes=tuple(json.loads(row.changes)),
        changed_at=moment_or_none(row.changed_at_us),
    )
