"""The door of all commands: permissions, caps, sharing, and errors as sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest
from structlog.testing import capture_logs

from bot.commands.catalogue import CATALOGUE
from bot.commands.context import CommandLimits, Context
from bot.commands.dispatch import complete, dispatch, dispatch_text, press
from bot.courtesy import is_quiet
from bot.errors import Unavailable
from bot.model import Article, PostState
from bot.ports import Unmetered
from bot.storage.archive import SqlArchive
from tests.commands.commands_parts import actions, make_context, park_post, shown

ADMIN_EXAMPLES = [command.example for command in CATALOGUE if command.who == "admin"]
FORGED = [
    "", ":", "proof", "proof:", "proof:x", "proof:-1", "proof:1:0", "proof:999", "proof:1:99", "page:", "page:0:0:0",
    "page:zz:0:0:0", "page:0:zzzzzzzzzzzzzzzzzzzzz:0:0", "page:1:0:0:0", "page:0:4:zzzzzzzzzzzz:0", "sources:a:b:c",
    "page:article:1:secret:0", "page:article:99:clean:0", "page:article:1:clean:٣", "vote:up", "vote:sideways:x",
    "vote:up:" + "x" * 80, "again:", "again:nothing", "settled:nothing", "share:", "share:status",
    "share:schedule list", "share:nothing", "drop table", "x" * 5_000, "proof:" + "9" * 30, "ask:1", "\x00",
]  # fmt: skip


class BrokenArchive(SqlArchive):
    """An archive that breaks when it is asked how far its stories go."""

    error: Exception = RuntimeError("disk on fire, password hunter2")

    async def settled_seq(self, waited_until: datetime) -> int:
        """Raise its error."""
        raise self.error


def broken(archive: SqlArchive, error: Exception) -> Context:
    """Return a context whose archive raises this error."""
    bad = BrokenArchive(archive._database)
    bad.error = error
    return make_context(bad)


@pytest.mark.parametrize("example", ADMIN_EXAMPLES)
async def test_only_admins_change_a_channel(example: str, archive: SqlArchive) -> None:
    context = make_context(archive, is_admin=False)
    reply = await dispatch_text(example, context)
    assert reply.failed
    assert reply.private
    assert "for admins of this channel only" in shown(reply)
    assert await archive.schedules() == []
    assert await archive.filters(context.caller.destination) == await archive.filters(
        make_context(archive, channel="untouched").caller.destination
    )


async def test_the_permission_is_that_of_this_very_call(archive: SqlArchive) -> None:
    admin = make_context(archive)
    assert not (await dispatch_text("schedule add 08:00", admin)).failed
    demoted = replace(admin, caller=replace(admin.caller, is_admin=False))
    assert (await dispatch_text("schedule list", demoted)).failed
    assert await complete("schedule remove", "id", "", demoted) == []


@pytest.mark.parametrize("action", FORGED)
async def test_a_forged_button_is_answered_and_does_nothing(action: str, archive: SqlArchive) -> None:
    reply = await press(action, make_context(archive))
    assert reply is not None
    assert reply.failed
    assert "Something broke" not in shown(reply)


@pytest.mark.parametrize("text", ["", "/", "   ", "\u200b"])
async def test_nothing_asked_gets_the_help(text: str, archive: SqlArchive) -> None:
    assert "What you can ask me" in shown(await dispatch_text(text, make_context(archive)))


async def test_the_unforeseen_gets_a_reference_that_the_log_has_with_the_cause(archive: SqlArchive) -> None:
    context = broken(archive, RuntimeError("disk on fire, password hunter2"))
    with capture_logs() as logs:
        reply = await dispatch("digest", {}, context)
    text = shown(reply)
    ref = re.search(r"Something broke on my side \(ref ([0-9a-f]{4})\)", text)
    assert ref is not None
    assert reply.failed
    assert reply.private
    assert "hunter2" not in text
    assert [entry["ref"] for entry in logs] == [ref[1]]
    assert "disk on fire" in str(logs[0]["cause"])


async def test_what_is_down_outside_says_when_to_try_again(archive: SqlArchive) -> None:
    context = broken(archive, Unavailable("The archive is busy.", retry_after_s=30))
    assert "The archive is busy. Try again in 30 s." in shown(await dispatch("digest", {}, context))


async def test_a_completion_never_raises(archive: SqlArchive) -> None:
    assert await complete("story", "name", "x", broken(archive, RuntimeError("broken"))) == []


async def test_a_user_has_so_many_uses_a_day_of_what_costs(archive: SqlArchive) -> None:
    limits = CommandLimits(uses_a_user=2, uses_a_channel=100)
    context = make_context(archive, limits=limits, max_usd_per_day=1.0)
    outcomes = [(await dispatch_text("ask When does the tunnel open?", context)).failed for _ in range(3)]
    assert outcomes == [False, False, True]
    assert not (await dispatch_text("search tunnel", context)).failed
    other = make_context(archive, limits=limits, max_usd_per_day=1.0, user="user-2")
    assert not (await dispatch_text("ask tunnel?", other)).failed
    elsewhere = make_context(archive, limits=limits, max_usd_per_day=1.0, workspace="guild-2")
    assert not (await dispatch_text("ask tunnel?", elsewhere)).failed


async def test_a_channel_has_so_many_uses_a_day_of_what_costs(archive: SqlArchive) -> None:
    limits = CommandLimits(uses_a_user=100, uses_a_channel=2)
    replies = [
        await dispatch_text("ask tunnel?", make_context(archive, limits=limits, max_usd_per_day=1.0, user=f"user-{n}"))
        for n in range(3)
    ]
    assert [reply.failed for reply in replies] == [False, False, True]
    assert "midnight UTC" in shown(replies[2])


async def test_a_refused_question_is_not_counted(archive: SqlArchive) -> None:
    context = make_context(archive, limits=CommandLimits(uses_a_user=1), max_usd_per_day=1.0)
    assert (await dispatch_text("ask " + "x" * 5_000, context)).failed
    assert not (await dispatch_text("ask tunnel?", context)).failed


async def test_nothing_is_counted_where_nothing_can_cost(archive: SqlArchive) -> None:
    context = make_context(archive, limits=CommandLimits(uses_a_user=1))
    replies = [await dispatch_text("ask tunnel?", context) for _ in range(3)]
    assert not any(reply.failed for reply in replies)


@pytest.mark.parametrize("text", ["digest", "ask When does the tunnel open?", 'ask is it "open"', "search harbour"])
async def test_an_answer_is_private_and_shared_by_its_action(text: str, archive: SqlArchive) -> None:
    context = make_context(archive)
    reply = await dispatch_text(text, context)
    assert reply.private
    assert reply.can_share
    assert reply.share_action is not None
    assert len(reply.share_action) <= 90
    shared = await press(reply.share_action, context)
    assert shared is not None
    assert not shared.private
    assert shared.message == reply.message


async def test_a_digest_that_is_posted_comes_with_what_it_tells_and_its_cursor(archive: SqlArchive) -> None:
    context = make_context(archive)
    key = context.caller.destination.key
    for text, cursor in (
        ("digest", key),
        ("digest topic:tunnel", f"{key}/posted"),
        ("digest since:7d", f"{key}/posted"),
    ):
        reply = await dispatch_text(text, context)
        shared = await press(reply.share_action or "", context)
        assert shared is not None
        assert shared.announcement is not None
        assert shared.announcement.cursor == cursor
        assert shared.announcement.found.digest.items


async def test_what_is_too_long_for_a_button_is_not_offered_for_sharing(archive: SqlArchive) -> None:
    reply = await dispatch_text("ask " + "tunnel " * 30, make_context(archive))
    assert not reply.failed
    assert not reply.can_share


async def test_only_admins_post_a_digest_to_the_channel(archive: SqlArchive) -> None:
    context = make_context(archive, is_admin=False)
    assert not (await dispatch("digest", {}, context)).can_share
    forged = await press("share:digest", context)
    assert forged is not None
    assert forged.private
    assert "Only admins" in shown(forged)
    assert (await dispatch_text("search harbour", context)).can_share


async def test_a_channel_is_not_flooded_with_shared_answers(archive: SqlArchive) -> None:
    context = make_context(archive, limits=CommandLimits(shares_a_channel=1))
    first, second = [await press('share:search words:"harbour"', context) for _ in range(2)]
    assert first is not None
    assert not first.private
    assert second is not None
    assert second.failed
    assert second.private


async def test_a_parked_post_is_posted_again_or_marked_by_an_admin(archive: SqlArchive) -> None:
    context = make_context(archive)
    one = await park_post(archive, context.caller.destination, post_id="one")
    two = await park_post(archive, context.caller.destination, post_id="two")
    status = await dispatch("status", {}, context)
    assert "⟦one⟧" in shown(status)
    assert actions(status)["Post again"] == f"again:{one.id}"
    assert not _failed(await press(f"again:{one.id}", context))
    assert not _failed(await press(f"settled:{two.id}", context))
    states = [(await archive.post(post.id)) for post in (one, two)]
    assert [post.state for post in states if post] == [PostState.PENDING, PostState.SENT]
    assert _failed(await press(f"again:{one.id}", context))


async def test_who_is_no_admin_sees_parked_posts_but_decides_nothing(archive: SqlArchive) -> None:
    context = make_context(archive, is_admin=False)
    post = await park_post(archive, context.caller.destination)
    status = await dispatch("status", {}, context)
    assert post.marker in shown(status)
    assert "Post again" not in actions(status)
    for action in (f"again:{post.id}", f"settled:{post.id}"):
        reply = await press(action, context)
        assert "Only admins" in shown(reply) if reply else False
    assert (await archive.post(post.id)) == post


async def test_the_form_of_the_ask_button_is_a_question_like_any_other(archive: SqlArchive) -> None:
    context = make_context(archive)
    reply = await press("ask", context, text="When does the tunnel open?")
    assert reply is not None
    assert "14 May 2026" in shown(reply)
    assert _failed(await press("ask", context, text=None))
    assert _failed(await press("ask", context, text="x" * 5_000))


async def test_hidden_characters_of_a_value_are_gone(archive: SqlArchive) -> None:
    reply = await dispatch("search", {"words": "har\u200bbour \u202e\ud800"}, make_context(archive))
    assert "Harbour tunnel" in shown(reply)
    assert "\u202e" not in shown(reply)


async def test_an_llm_is_asked_only_for_what_will_be_shown(archive: SqlArchive) -> None:
    written: list[str] = []

    async def ensure(articles: Sequence[Article]) -> None:
        written.extend(article.path for article in articles)

    context = replace(make_context(archive, max_usd_per_day=1.0), ensure_written=ensure)
    await dispatch_text("digest topic:ferry", context)
    assert written == ["tunnel.txt"]


def _failed(reply: object) -> bool:
    return bool(getattr(reply, "failed", True))


class QuietSeen(Unmetered):
    """Notes whether the bot's own work was asked to stand aside."""

    def __init__(self) -> None:
        self.seen: list[bool] = []

    def answered(self, command: str, seconds: float, *, failed: bool) -> None:
        self.seen.append(is_quiet())


async def test_reading_stands_aside_while_a_command_is_answered(archive: SqlArchive) -> None:
    meter = QuietSeen()
    await dispatch("help", {}, replace(make_context(archive), meter=meter))
    assert meter.seen == [False]
    assert is_quiet()
