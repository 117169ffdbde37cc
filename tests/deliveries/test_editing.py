"""The Editor over a real archive: noted once, after its post, retried, coalesced, given up, and no ban provoked."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from bot.deliveries.delivering import Deliverer
from bot.deliveries.editing import EDIT_DAYS, Editor, after_edit
from bot.deliveries.outbox import GIVE_UP_S, posts_of_message
from bot.deliveries.refusals import MAX_REFUSALS, Refusals
from bot.model import Article, Coverage, Destination, Digest, Message, Platform, Post, PostState
from bot.ports import (
    Absent,
    Ambiguous,
    Edit,
    EditState,
    FindOutcome,
    Limited,
    Note,
    Posted,
    PostOutcome,
    Refused,
    Shown,
    ShownLine,
    Told,
)
from bot.storage.archive import SqlArchive, open_archive
from tests.storage.archive_parts import make_article, make_record

NEWS = Destination(platform="discord", workspace="guild", channel="news")
SPORT = replace(NEWS, channel="sport")
FAR = replace(NEWS, workspace="other", channel="far")
FORBIDDEN = Refused(reason="Missing Access", scope="channel")
REVOKED = Refused(reason="token revoked", scope="workspace")
BODY = "A fire at the mill in {town} killed {dead} people on Monday.\n\nThe mayor said the cause was not known."


@dataclass
class HandClock:
    """Stands still until it is moved."""

    time: datetime = datetime(2026, 11, 21, 14, 5, tzinfo=UTC)

    def now(self) -> datetime:
        """Return the time."""
        return self.time


@dataclass
class Channels:
    """A platform that keeps what stands in its channels, and answers as it is told to."""

    clock: HandClock
    platform: Platform = "discord"
    answer: Callable[[Post], PostOutcome | None] = lambda post: None
    stands: dict[str, str] = field(default_factory=dict)
    edits: list[tuple[str, datetime]] = field(default_factory=list)
    posts: int = 0
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def render(self, message: Message, *, marker: str) -> list[str]:
        """Return a body."""
        return [marker]

    def annotate(self, payload: str, notes: Sequence[Note]) -> str | None:
        """Return the payload with the notes as they are worded."""
        return json.dumps([payload, *(f"{note.when}: {'; '.join(note.changes)}" for note in notes)], ensure_ascii=False)

    async def post(self, post: Post) -> PostOutcome:
        """Take it."""
        self.posts += 1
        self.stands[f"m-{post.id}"] = post.payload
        return Posted(message_id=f"m-{post.id}")

    async def find(self, post: Post) -> FindOutcome:
        """See nothing."""
        return Absent()

    async def edit(self, post: Post, payload: str) -> PostOutcome:
        """Answer as told, or take it."""
        self.edits.append((post.id, self.clock.now()))
        self.arrived.set()
        await asyncio.sleep(0)
        outcome = self.answer(post)
        if outcome is not None:
            return outcome
        self.stands[str(post.message_id)] = payload
        return Posted(message_id=str(post.message_id))


@dataclass
class Stand:
    """An archive, a platform, and who posts and edits there."""

    archive: SqlArchive
    clock: HandClock
    there: Channels
    told: list[tuple[Destination, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Forget everything that is not written down."""
        refusals = Refusals()
        publishers = {"discord": self.there}
        self.deliverer = Deliverer(self.archive, publishers, self.clock, refusals=refusals)
        self.editor = Editor(self.archive, publishers, self.clock, refusals=refusals, notify_admin=self._notify)

    async def _notify(self, destination: Destination, sentence: str) -> None:
        self.told.append((destination, sentence))

    async def read(self, town: str, *, dead: int) -> Article:
        """Read a version of an article."""
        article = make_article(town, BODY.format(town=town, dead=dead), title=f"Fire in {town}")
        [stored] = await self.archive.save_articles([make_record(f"{town}.txt", article)], [article], [])
        return stored

    async def enqueue(self, article: Article, *, to: Destination = NEWS, batch: str = "") -> Post:
        """Enqueue a digest that tells of an article."""
        [post] = posts_of_message([f"digest of {article.id}"], to, batch=batch or article.id, clock=self.clock)
        lines = tuple(ShownLine(text=sentence.text, quote=sentence.text) for sentence in article.sentences)
        shown = Shown(
            post_id=post.id, article_id=article.id, version=article.version, anchor="proof:1", about="Fire",
            headline=article.title or "", lines=lines, zone="Europe/Berlin", at=self.clock.now(),
        )  # fmt: skip
        digest = Digest(
            made_at=self.clock.now(), since_seq=0, until_seq=0, items=(), held_back=(),
            coverage=Coverage(read=0, quarantined=0, merged=0, shown=0, extractive=0, llm=0),
        )  # fmt: skip
        told = Told(cursor=to.key, digest=digest, text="", shown=(shown,))
        assert await self.archive.enqueue([post], slot_key=f"{to.key} {batch or article.id}", told=told)
        return post

    async def tell(self, town: str = "Harl", *, to: Destination = NEWS) -> Post:
        """Read an article and post a digest that tells of it."""
        post = await self.enqueue(await self.read(town, dead=12), to=to)
        await self.deliverer.deliver_due()
        return post

    async def round(self, *, after: timedelta = timedelta(0)) -> None:
        """Let time pass, then compare and edit."""
        self.clock.time += after
        await self.editor.compare_all()
        await self.editor.edit_due()

    def note(self, post: Post) -> str:
        """Return what is noted in a message as it stands there."""
        stands = self.there.stands[f"m-{post.id}"]
        return json.loads(stands)[1] if stands.startswith("[") else ""

    async def edits(self, state: EditState) -> list[Edit]:
        """Return the edits in a state."""
        return await self.archive.edits_in(state, platform="discord")


@pytest.fixture
async def stand() -> AsyncIterator[Stand]:
    async with open_archive("sqlite:///:memory:") as archive:
        clock = HandClock()
        yield Stand(archive, clock, Channels(clock))


NOTED = "21 Nov, 15:05: “12 people” is now “15 people”"


async def test_a_changed_file_is_noted_once_in_the_message_that_told_of_it(stand: Stand) -> None:
    post = await stand.tell()
    await stand.read("Harl", dead=15)
    for _ in range(5):
        await stand.round()
    assert stand.note(post) == NOTED
    assert len(stand.there.edits) == 1
    assert stand.there.posts == 1


async def test_a_change_of_nothing_that_was_told_edits_nothing(stand: Stand) -> None:
    post = await stand.tell()
    longer = make_article("Harl", BODY.format(town="Harl", dead=12) + "\n\nTea was served.", title="Fire in Harl")
    await stand.archive.save_articles([make_record("Harl.txt", longer)], [longer], [])
    await stand.round()
    assert stand.there.edits == []
    assert await stand.archive.outdated(since=stand.clock.now() - timedelta(days=1), limit=9) == []
    assert stand.note(post) == ""


async def test_no_edit_is_made_before_its_post_is_there(stand: Stand) -> None:
    post = await stand.enqueue(await stand.read("Harl", dead=12))
    await stand.read("Harl", dead=15)
    await stand.round()
    assert stand.there.edits == []
    await stand.deliverer.deliver_due()
    await stand.round()
    assert stand.note(post) == NOTED


async def test_several_changes_before_the_edit_are_one_that_tells_first_and_last(stand: Stand) -> None:
    post = await stand.tell()
    for dead in (13, 14, 15):
        await stand.read("Harl", dead=dead)
        await stand.editor.compare_all()
    await stand.round()
    assert stand.note(post) == NOTED
    assert len(stand.there.edits) == 1


async def test_a_change_during_an_edit_is_noted_by_another(stand: Stand) -> None:
    post = await stand.tell()
    await stand.read("Harl", dead=14)
    await stand.editor.compare_all()
    editing = asyncio.create_task(stand.editor.edit_due())
    await stand.there.arrived.wait()
    await stand.read("Harl", dead=15)
    await stand.editor.compare_all()
    await editing
    await stand.round()
    assert stand.note(post) == NOTED
    assert await stand.edits(EditState.PENDING) == []


async def test_a_file_that_is_changed_back_is_said_to_say_what_stands_there(stand: Stand) -> None:
    post = await stand.tell()
    await stand.read("Harl", dead=15)
    await stand.round()
    await stand.read("Harl", dead=12)
    await stand.round()
    assert stand.note(post).endswith("the source says again what stands here")


FAULTS: dict[str, Callable[[Post], PostOutcome]] = {
    "lost": lambda post: Ambiguous(reason="no answer"),
    "limited": lambda post: Limited(retry_after_s=30),
    "forbidden": lambda post: FORBIDDEN,
    "revoked": lambda post: REVOKED,
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("restarts", [False, True], ids=["going on", "restarted"])
async def test_an_edit_that_fails_is_made_later_whether_or_not_the_program_died(
    stand: Stand, fault: Callable[[Post], PostOutcome], restarts: bool
) -> None:
    post = await stand.tell()
    stand.there.answer = fault
    await stand.read("Harl", dead=15)
    await stand.round()
    if restarts:
        stand.restart()
    stand.there.answer = lambda post: None
    await stand.round(after=timedelta(hours=7))
    assert stand.note(post).endswith("“12 people” is now “15 people”")
    assert [edit.post.id for edit in await stand.edits(EditState.MADE)] == [post.id]


async def test_an_edit_that_was_taken_before_the_program_died_is_made_again_with_the_same_result(stand: Stand) -> None:
    post = await stand.tell()
    await stand.read("Harl", dead=15)

    def taken_and_killed(post: Post) -> PostOutcome:
        stand.there.stands[str(post.message_id)] = "taken"
        raise asyncio.CancelledError

    stand.there.answer = taken_and_killed
    await stand.round()
    stand.restart()
    stand.there.answer = lambda post: None
    await stand.round()
    assert stand.note(post) == NOTED


async def test_a_limit_is_kept_to_the_second_in_the_whole_workspace(stand: Stand) -> None:
    await stand.tell("Harl")
    await stand.tell("Oxmouth", to=SPORT)
    stand.there.answer = lambda post: Limited(retry_after_s=30)
    for town in ("Harl", "Oxmouth"):
        await stand.read(town, dead=15)
    began = stand.clock.now()
    for _ in range(120):
        await stand.round(after=timedelta(seconds=1))
    moments = [(at - began).total_seconds() for _, at in stand.there.edits]
    assert all(later - earlier in (0, 30) or later - earlier >= 30 for earlier, later in pairwise(moments))
    assert len(moments) <= 10


async def test_a_lost_permission_is_told_once_and_other_channels_are_edited(stand: Stand) -> None:
    towns = ["Harl", "Oxmouth", "Eddingholm"]
    for town in towns:
        await stand.tell(town)
    far = await stand.tell("Farway", to=FAR)
    stand.there.answer = lambda post: FORBIDDEN if post.destination == NEWS else None
    for town in (*towns, "Farway"):
        await stand.read(town, dead=15)
    for _ in range(200):
        await stand.round(after=timedelta(minutes=1))
    assert [place for place, _ in stand.told] == [NEWS]
    assert "Missing Access" in stand.told[0][1]
    assert stand.note(far).endswith("“12 people” is now “15 people”")
    refused = sum(post_id != far.id for post_id, _ in stand.there.edits)
    assert refused <= 15, "a channel that said no is asked every quarter of an hour at most"
    assert len(await stand.edits(EditState.PENDING)) == 3


@pytest.mark.parametrize(
    ("outcome", "why"),
    [
        (Posted(message_id="m", deleted=True), "the message was deleted there"),
        (Refused(reason="cant_update_message", scope="format"), "cant_update_message"),
    ],
)
async def test_an_edit_of_a_message_that_is_gone_or_closed_is_given_up(
    stand: Stand, outcome: PostOutcome, why: str
) -> None:
    await stand.tell()
    stand.there.answer = lambda post: outcome
    await stand.read("Harl", dead=15)
    for _ in range(3):
        await stand.round(after=timedelta(days=1))
    assert [edit.reason for edit in await stand.edits(EditState.GIVEN_UP)] == [why]
    assert len(stand.there.edits) == 1
    assert stand.told == []


async def test_a_message_marked_as_posted_by_hand_is_not_edited(stand: Stand) -> None:
    post = await stand.enqueue(await stand.read("Harl", dead=12))
    by_hand = replace(post, state=PostState.SENT, reason="marked as posted by hand", not_before=None)
    assert await stand.archive.update(by_hand, expected=PostState.PENDING)
    await stand.read("Harl", dead=15)
    await stand.round()
    assert stand.there.edits == []
    [edit] = await stand.edits(EditState.GIVEN_UP)
    assert "by hand" in (edit.reason or "")


async def test_a_digest_of_long_ago_is_not_edited(stand: Stand) -> None:
    await stand.tell()
    stand.clock.time += timedelta(days=EDIT_DAYS, minutes=1)
    await stand.read("Harl", dead=15)
    await stand.round()
    assert stand.there.edits == []


def test_a_refusal_is_tried_ever_more_rarely_and_given_up_after_days(stand_edit: Edit) -> None:
    now = datetime(2026, 11, 21, tzinfo=UTC)
    edit, waits = stand_edit, []
    for _ in range(100):
        edit = after_edit(edit, FORBIDDEN, now)
        if edit.state is not EditState.PENDING or edit.not_before is None:
            break
        waits.append((edit.not_before - now).total_seconds())
        now = edit.not_before
    assert waits[:2] == [900, 900]
    assert waits == sorted(waits)
    assert edit.state is EditState.GIVEN_UP
    assert edit.first_at is not None
    assert (now - edit.first_at).total_seconds() > GIVE_UP_S


@pytest.fixture
def stand_edit() -> Edit:
    [post] = posts_of_message(["{}"], NEWS, batch="b", clock=HandClock())
    return Edit(post=post)


async def test_a_platform_that_refuses_too_often_is_left_alone_for_ten_minutes(stand: Stand) -> None:
    refusals = Refusals()
    now = stand.clock.now()
    for _ in range(MAX_REFUSALS - 1):
        refusals.count("discord", FORBIDDEN, now)
    refusals.count("discord", Refused(reason="bad layout", scope="format"), now)
    assert not refusals.is_resting("discord", now)
    refusals.count("discord", Limited(retry_after_s=1), now)
    assert refusals.is_resting("discord", now)
    assert not refusals.is_resting("slack", now)
    assert refusals.is_resting("discord", now + timedelta(minutes=9))
    assert not refusals.is_resting("discord", now + timedelta(minutes=10))


async def test_draining_lets_an_edit_under_way_end_and_begins_no_other(stand: Stand) -> None:
    first = await stand.tell("Harl")
    await stand.tell("Oxmouth")
    for town in ("Harl", "Oxmouth"):
        await stand.read(town, dead=15)
    await stand.editor.compare_all()
    editing = asyncio.create_task(stand.editor.edit_due())
    await stand.there.arrived.wait()
    assert await stand.editor.drain(timeout_s=5)
    await editing
    assert stand.note(first) == NOTED
    assert len(stand.there.edits) == 1
