"""What is on its way to channels, what stands there, and what they set up: implements the ports Outbox and Desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Destination, Platform, Post, PostState, Schedule
from bot.ports import ChannelFilter, Edit, EditState, Shown, Told
from bot.storage import desk, digests, editing, outbox
from bot.storage.database import Database


class SqlChannels:
    """Every method is one transaction; what the ports promise is written there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count_posts(self) -> dict[tuple[Platform, PostState], int]:
        """Return how many posts of each platform are in each state."""
        return await self._database.read(outbox.count_posts)

    async def enqueue(self, posts: Sequence[Post], *, slot_key: str | None = None, told: Told | None = None) -> bool:
        """Add the parts of one message as PENDING, and what it tells as told, unless its slot was used before."""

        async def add(connection: AsyncConnection) -> bool:
            added = await outbox.enqueue(connection, posts, slot_key=slot_key)
            if added and told is not None:
                await digests.insert_digest(connection, told.cursor, told.digest, told.text)
                await editing.insert_shown(connection, told.shown)
            return added

        return await self._database.write(add)

    async def claim(self, platform: Platform, now: datetime, *, limit: int) -> list[Post]:
        """Move posts that are due to SENDING and return them."""
        return await self._database.write(lambda connection: outbox.claim(connection, platform, now, limit=limit))

    async def update(self, post: Post, *, expected: PostState) -> bool:
        """Replace a post if its stored state is the expected one; return whether it was."""
        return await self._database.write(lambda connection: outbox.replace_if(connection, post, expected=expected))

    async def posts_in(self, state: PostState, *, platform: Platform | None = None) -> list[Post]:
        """Return the posts in this state, oldest first."""
        return await self._database.read(lambda connection: outbox.posts_in(connection, state, platform=platform))

    async def posts_of(self, destination: Destination, *, limit: int) -> list[Post]:
        """Return the latest posts of one destination, newest first."""
        return await self._database.read(lambda connection: outbox.posts_of(connection, destination, limit=limit))

    async def post(self, post_id: str) -> Post | None:
        """Return one post."""
        return await self._database.read(lambda connection: outbox.post(connection, post_id))

    async def prune_posts(self, *, before: datetime) -> int:
        """Forget messages all of whose parts were sent before this moment; return how many posts that were."""
        return await self._database.write(lambda connection: outbox.prune(connection, before=before))

    async def outdated(self, *, since: datetime, limit: int) -> list[Shown]:
        """Return what was shown since then of articles that have another version now."""
        return await self._database.read(lambda connection: editing.outdated(connection, since=since, limit=limit))

    async def compare(self, shown: Shown, *, edits: bool) -> None:
        """Keep up to which version this was compared; `edits` asks for an edit of its post."""
        await self._database.write(lambda connection: editing.compare(connection, shown, edits_post=edits))

    async def shown_in(self, post_id: str) -> list[Shown]:
        """Return what one post says of which article."""
        return await self._database.read(lambda connection: editing.shown_in(connection, post_id))

    async def edits_due(self, platform: Platform, now: datetime, *, limit: int) -> list[Edit]:
        """Return pending edits of posts that are SENT."""
        return await self._database.read(lambda connection: editing.edits_due(connection, platform, now, limit=limit))

    async def edits_in(self, state: EditState, *, platform: Platform) -> list[Edit]:
        """Return the edits in this state, oldest post first."""
        return await self._database.read(lambda connection: editing.edits_in(connection, state, platform=platform))

    async def update_edit(self, edit: Edit) -> bool:
        """Store what became of an edit, unless there is more to note by now."""
        return await self._database.write(lambda connection: editing.update_edit(connection, edit))

    async def prune_shown(self, *, before: datetime) -> None:
        """Forget what was shown before this moment, and the edits of it."""
        await self._database.write(lambda connection: editing.prune_shown(connection, before=before))

    async def schedules(self, destination: Destination | None = None) -> list[Schedule]:
        """Return the schedules of one destination, or all of them, oldest first."""
        return await self._database.read(lambda connection: desk.schedules(connection, destination))

    async def save_schedule(self, schedule: Schedule) -> None:
        """Insert or replace a schedule. Raises: NotAllowed when its id is that of another destination's."""
        await self._database.write(lambda connection: desk.save_schedule(connection, schedule))

    async def remove_schedule(self, destination: Destination, schedule_id: str) -> bool:
        """Remove a schedule of this destination; return whether it was there."""
        return await self._database.write(lambda connection: desk.remove_schedule(connection, destination, schedule_id))

    async def filters(self, destination: Destination) -> ChannelFilter:
        """Return the filter of a destination."""
        return await self._database.read(lambda connection: desk.filters(connection, destination))

    async def save_filters(self, destination: Destination, filters: ChannelFilter) -> None:
        """Replace the filter of a destination."""
        await self._database.write(lambda connection: desk.save_filters(connection, destination, filters))

    async def count_use(self, caller_key: str, day: str, *, limit: int) -> bool:
        """Count one use on this UTC day, unless the limit is reached."""
        return await self._database.write(lambda connection: desk.count_use(connection, caller_key, day, limit=limit))

    async def save_vote(self, destination: Destination, user: str, subject: str, vote: int) -> None:
        """Keep a reader's thumb on something; a second one replaces the first."""
        await self._database.write(lambda connection: desk.save_vote(connection, destination, user, subject, vote))

    async def remember_event(self, event_id: str, now: datetime) -> bool:
        """Write down that this event is answered; return False when it was written down before."""
        return await self._database.write(lambda connection: desk.remember_event(connection, event_id, now))

    async def votes(self, destination: Destination) -> dict[str, int]:
        """Return the sum of the votes on each subject in a destination."""
        return await self._database.read(lambda connection: desk.votes_of(connection, destination))

    async def slot_told(self, schedule_id: str, *, until: datetime | None = None) -> datetime | None:
        """Return the moment of the last slot of this schedule that was enqueued or passed over."""
        return await self._database.read(lambda connection: desk.slot_told(connection, schedule_id, until=until))

    async def slots_told(self, *, until: datetime) -> dict[str, datetime]:
        """Return the moment of the last slot of each schedule that was enqueued or passed over."""
        return await self._database.read(lambda connection: desk.slots_told(connection, until=until))

    async def mark_slot(self, schedule_id: str, slot_at: datetime, *, missed: bool) -> bool:
        """Write a slot down as enqueued or missed; return False when it was written down before."""
        return await self._database.write(
            lambda connection: desk.mark_slot(connection, schedule_id, slot_at, missed=missed)
        )

    async def missed_slots(self, destination: Destination, *, limit: int) -> list[datetime]:
        """Return the moments of the slots that this destination's schedules missed, newest first."""
        return await self._database.read(lambda connection: desk.missed_slots(connection, destination, limit=limit))
