"""Commands, buttons, forms and completions through the real client and a gateway on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from bot.commands.context import Context
from bot.deliveries.delivering import Deliverer
from bot.deliveries.refusals import Refusals
from bot.model import Article, Caller, Destination, Message, Paragraph, PostState
from bot.platforms.discord.connection import DiscordPlatform
from bot.summaries.extractive import summarize_article
from tests.platforms.discord.conftest import Bot, make_post
from tests.platforms.discord.loopback import (
    CHANNEL,
    GUILD,
    READER,
    Fault,
    buttons_in,
    limited,
    texts_in,
)
from tests.storage.archive_parts import make_article

CALLBACK = r"/interactions/\d+/.+/callback"
ORIGINAL = r"/webhooks/\d+/.+/messages/@original"
EPHEMERAL = 64
HERE = Destination(platform="discord", workspace=GUILD, channel=CHANNEL)
PRIVATE_DEFER = {"type": 5, "data": {"flags": EPHEMERAL}}


async def test_a_command_is_acknowledged_in_private_and_then_answered(bot: Bot) -> None:
    async with bot.running():
        token = await bot.server.use_command("search", {"words": "bridge"})
        answer = await bot.server.answer_to(token)
    assert bot.server.callbacks[token] == PRIVATE_DEFER
    assert "Bridge opens" in texts_in(answer)
    assert bot.callers[0].destination == Destination(platform="discord", workspace=GUILD, channel=CHANNEL)
    assert bot.callers[0].user == READER


@pytest.mark.parametrize("admin", [True, False])
async def test_who_is_an_admin_is_what_the_server_says(bot: Bot, admin: bool) -> None:
    async with bot.running():
        token = await bot.server.use_command("schedule list", admin=admin)
        answer = await bot.server.answer_to(token)
    assert bot.callers[0].is_admin is admin
    assert ("for admins" in texts_in(answer)) is not admin


async def test_in_a_thread_the_channel_it_belongs_to_is_meant(bot: Bot) -> None:
    thread = {"id": "900000000000000021", "type": 11, "guild_id": GUILD, "parent_id": CHANNEL, "name": "Digest",
              "owner_id": READER, "message_count": 0, "member_count": 0,
              "thread_metadata": {"archived": False, "auto_archive_duration": 60, "locked": False,
                                  "archive_timestamp": "2026-11-21T00:00:00+00:00"}}  # fmt: skip
    async with bot.running():
        token = await bot.server.use_command("help", channel_id=thread["id"], channel=thread)
        await bot.server.answer_to(token)
    assert bot.callers[0].destination.channel == CHANNEL


async def test_a_direct_message_is_told_where_the_bot_works(bot: Bot) -> None:
    async with bot.running():
        answer = await bot.server.answer_to(await bot.server.use_command("help", guild=None))
    assert "channels of a server" in texts_in(answer)
    assert bot.callers == []


async def test_a_question_of_5000_characters_gets_a_helpful_private_answer(bot: Bot) -> None:
    async with bot.running():
        token = await bot.server.use_command("ask", {"question": "why " * 1_250})
        answer = await bot.server.answer_to(token)
    assert "characters" in texts_in(answer)
    assert bot.server.callbacks[token] == PRIVATE_DEFER


async def test_a_command_of_an_older_version_is_answered(bot: Bot) -> None:
    async with bot.running():
        answer = await bot.server.answer_to(await bot.server.use_command("horoscope", {"sign": "crab"}))
    assert "do not know this command" in texts_in(answer)


async def test_what_is_typed_so_far_is_completed(bot: Bot) -> None:
    async with bot.running():
        answer = await bot.server.callback_to(await bot.server.type_option("story", "name", "brid"))
    assert answer["type"] == 8
    assert any("Bridge" in choice["name"] for choice in answer["data"]["choices"])


async def test_a_completion_of_nonsense_is_empty(bot: Bot) -> None:
    async with bot.running():
        answer = await bot.server.callback_to(await bot.server.type_option("story", "name", "zzzz qqqq"))
    assert answer == {"type": 8, "data": {"choices": []}}


async def test_every_button_of_a_digest_does_something_after_a_restart(bot: Bot) -> None:
    async with bot.running():
        digest = await bot.server.answer_to(await bot.server.use_command("digest"))
    buttons = buttons_in(digest)
    assert {"Proof of 1", "Ask", "👍"} <= set(buttons)
    async with bot.running():
        for custom_id in buttons.values():
            token = await bot.server.press(custom_id, digest)
            callback = await bot.server.callback_to(token)
            if callback["type"] != 9:
                assert callback == PRIVATE_DEFER
                assert "do not know" not in texts_in(await bot.server.answer_to(token))


async def test_the_next_page_takes_the_place_of_the_one_before(bot: Bot) -> None:
    more = [
        make_article(f"ferry {n}", f"Ferry {n} of Oldport left at noon with {n} sacks.", title=f"Ferry {n}")
        for n in range(12)
    ]
    await bot.archive.save_articles([], more, [summarize_article(article) for article in more])
    async with bot.running():
        first = await bot.server.answer_to(await bot.server.use_command("digest"))
        first["flags"] |= EPHEMERAL
        token = await bot.server.press(buttons_in(first)["Next page"], first)
        second = await bot.server.answer_to(token)
        public = {**first, "flags": first["flags"] & ~EPHEMERAL}
        other = await bot.server.press(buttons_in(first)["Next page"], public)
        await bot.server.answer_to(other)
    assert bot.server.callbacks[token]["type"] == 6
    assert bot.server.callbacks[other] == PRIVATE_DEFER
    assert texts_in(second) != texts_in(first)


async def test_a_forged_button_is_answered_not_carried_out(bot: Bot) -> None:
    async with bot.running():
        digest = await bot.server.answer_to(await bot.server.use_command("digest"))
        digest["components"][0]["components"][-1] = _row("newsbot:drop:everything")
        answer = await bot.server.answer_to(await bot.server.press("newsbot:drop:everything", digest))
    assert "button" in texts_in(answer)


async def test_a_question_is_asked_through_a_form(bot: Bot) -> None:
    async with bot.running():
        digest = await bot.server.answer_to(await bot.server.use_command("digest"))
        form = await bot.server.callback_to(await bot.server.press("newsbot:ask", digest))
        assert form["type"] == 9
        token = await bot.server.submit(form["data"]["custom_id"], "How much did the bridge over the Arvel cost?")
        answer = await bot.server.answer_to(token)
    assert bot.server.callbacks[token] == PRIVATE_DEFER
    assert "Bridge opens" in texts_in(answer) or "3.4 million" in texts_in(answer)


async def test_a_form_filled_in_after_a_restart_is_answered(bot: Bot) -> None:
    async with bot.running():
        answer = await bot.server.answer_to(await bot.server.submit("newsbot:ask", "What about the bakers?"))
    assert texts_in(answer)


async def test_the_menu_on_a_message_opens_the_form_about_it(bot: Bot) -> None:
    async with bot.running():
        message = bot.server.add_message("**The mayor** of Oldport opened the bridge " + "again " * 200)
        form = await bot.server.callback_to(await bot.server.use_menu("Ask about this", message))
    field = form["data"]["components"][0]["component"]
    assert form["type"] == 9
    assert "The mayor of Oldport" in field["value"]
    assert len(field["value"]) < 400


async def deliver(bot: Bot, platform: DiscordPlatform) -> None:
    """Post what waits in the outbox, as the running bot does."""
    deliverer = Deliverer(bot.archive, {"discord": platform.publisher}, bot.clock, refusals=Refusals())
    await deliverer.deliver_due()
    await deliverer.drain(timeout_s=10)


async def test_a_digest_is_posted_to_the_channel_when_an_admin_says_so(bot: Bot) -> None:
    async with bot.running() as platform:
        private = await bot.server.answer_to(await bot.server.use_command("digest", admin=True))
        share = buttons_in(private)["Post to channel"]
        refused = await bot.server.answer_to(await bot.server.press(share, private, admin=False))
        told = await bot.server.answer_to(await bot.server.press(share, private, admin=True))
        await deliver(bot, platform)
        [public] = bot.server.messages[CHANNEL]
    assert "Bridge opens" in texts_in(public)
    assert "Post to channel" not in buttons_in(public)
    assert "counts as told" in texts_in(told)
    assert "admins" in texts_in(refused)


async def test_a_digest_posted_by_hand_is_told_and_not_repeated_by_the_next_one(bot: Bot) -> None:
    async with bot.running() as platform:
        private = await bot.server.answer_to(await bot.server.use_command("digest", admin=True))
        share = buttons_in(private)["Post to channel"]
        await bot.server.answer_to(await bot.server.press(share, private, admin=True))
        lines = await bot.archive.told_lines(HERE.key, limit=50)
        again = await bot.server.answer_to(await bot.server.press(share, private, admin=True))
        following = await bot.server.answer_to(await bot.server.use_command("digest"))
        await deliver(bot, platform)
    assert lines
    assert "told all of it by now" in texts_in(again)
    assert "Nothing new" in texts_in(following)
    assert await bot.archive.digest_cursor(HERE.key) == await bot.archive.last_seq()
    assert len(bot.server.messages[CHANNEL]) == 1


async def test_a_digest_of_a_topic_posted_by_hand_keeps_the_rest_for_the_next_one(bot: Bot) -> None:
    async with bot.running():
        private = await bot.server.answer_to(await bot.server.use_command("digest", {"topic": "bridge"}, admin=True))
        share = buttons_in(private)["Post to channel"]
        await bot.server.answer_to(await bot.server.press(share, private, admin=True))
        following = await bot.server.answer_to(await bot.server.use_command("digest"))
    assert "Bakers" in texts_in(following)
    assert "Proof of 2" not in buttons_in(following)
    assert await bot.archive.digest_cursor(HERE.key) == 0


async def test_sharing_once_posts_once_when_the_answer_is_lost(bot: Bot) -> None:
    async with bot.running():
        private = await bot.server.answer_to(await bot.server.use_command("search", {"words": "bridge"}))
        bot.server.faults.append(Fault(method="POST", path=rf"/channels/{CHANNEL}/messages", after=True))
        token = await bot.server.press(buttons_in(private)["Post to channel"], private, admin=True)
        assert "Posted" in texts_in(await bot.server.answer_to(token))
    assert len(bot.server.messages[CHANNEL]) == 1


async def test_a_detail_of_a_digest_is_shared_in_its_thread(bot: Bot) -> None:
    async with bot.running() as platform:
        posted = await platform.publisher.post(make_post(_payload(platform.publisher), bot.clock))
        private = await bot.server.answer_to(await bot.server.use_command("search", {"words": "bridge"}, admin=True))
        private["interaction_metadata"] = {
            "id": "1", "type": 3, "user": {"id": READER, "username": "r", "discriminator": "0", "avatar": None},
            "authorizing_integration_owners": {}, "interacted_message_id": posted.message_id,
        }  # fmt: skip
        await bot.server.answer_to(await bot.server.press(buttons_in(private)["Post to channel"], private, admin=True))
    assert [texts_in(m).splitlines()[0] for m in bot.server.messages[posted.message_id]] == [
        "## 1 article for “bridge”"
    ]
    assert len(bot.server.messages[CHANNEL]) == 1


async def test_a_share_that_the_channel_refuses_is_told_in_private(bot: Bot) -> None:
    body = {"message": "Missing Permissions", "code": 50013}
    async with bot.running():
        private = await bot.server.answer_to(await bot.server.use_command("search", {"words": "bridge"}))
        bot.server.faults.append(Fault(method="POST", path=r"/channels/\d+/messages", status=403, body=body))
        token = await bot.server.press(buttons_in(private)["Post to channel"], private, admin=True)
        assert "Missing Permissions" in texts_in(await bot.server.answer_to(token))


async def test_a_parked_post_is_settled_by_an_admins_button_only(bot: Bot) -> None:
    async with bot.running() as platform:
        post = make_post(_payload(platform.publisher), bot.clock, state=PostState.PARKED)
        await bot.archive.enqueue([post])
        await bot.archive.update(post, expected=PostState.PENDING)
        status = await bot.server.answer_to(await bot.server.use_command("status", admin=True))
        settle = buttons_in(status)["Mark as posted"]
        await bot.server.answer_to(await bot.server.press(settle, status, admin=False))
        assert (await bot.archive.post(post.id)).state is PostState.PARKED
        await bot.server.answer_to(await bot.server.press(settle, status, admin=True))
        assert (await bot.archive.post(post.id)).state is PostState.SENT


async def test_a_parked_post_goes_out_once_more_when_an_admin_says_so(bot: Bot) -> None:
    async with bot.running() as platform:
        post = make_post(_payload(platform.publisher), bot.clock, state=PostState.PARKED)
        await bot.archive.enqueue([post])
        await bot.archive.update(post, expected=PostState.PENDING)
        await deliver(bot, platform)
        assert bot.server.messages[CHANNEL] == []
        status = await bot.server.answer_to(await bot.server.use_command("status", admin=True))
        again = buttons_in(status)["Post again"]
        told = await bot.server.answer_to(await bot.server.press(again, status, admin=True))
        assert "posted again" in texts_in(told)
        await deliver(bot, platform)
        pressed_twice = await bot.server.answer_to(await bot.server.press(again, status, admin=True))
        assert "not parked any more" in texts_in(pressed_twice)
        await deliver(bot, platform)
    assert len(bot.server.messages[CHANNEL]) == 1
    assert (await bot.archive.post(post.id)).state is PostState.SENT


async def test_a_slow_command_ends_in_an_apology_while_the_answer_still_counts(bot: Bot) -> None:
    async def write_forever(articles: Sequence[Article]) -> None:
        await asyncio.sleep(3_600)

    bot.ensure_written = write_forever
    async with bot.running(patience_s=0.1):
        answer = await bot.server.answer_to(await bot.server.use_command("digest"))
    assert "longer than Discord waits" in texts_in(answer)


async def test_an_interaction_that_is_known_no_more_is_dropped_and_the_next_one_answered(bot: Bot) -> None:
    body = {"message": "Unknown interaction", "code": 10062}
    async with bot.running():
        bot.server.faults.append(Fault(method="POST", path=CALLBACK, status=404, body=body))
        late = await bot.server.use_command("help")
        answer = await bot.server.answer_to(await bot.server.use_command("help"))
    assert bot.server.answers[late] == []
    assert texts_in(answer)


async def test_an_acknowledgement_whose_answer_is_lost_is_followed_by_the_answer(bot: Bot) -> None:
    async with bot.running():
        bot.server.faults.append(Fault(method="POST", path=CALLBACK, after=True))
        assert texts_in(await bot.server.answer_to(await bot.server.use_command("help")))


@pytest.mark.parametrize(
    "fault",
    [
        limited("PATCH", ORIGINAL, retry_after_s=0.05),
        Fault(method="PATCH", path=ORIGINAL, status=503),
        Fault(method="PATCH", path=ORIGINAL),
        Fault(method="PATCH", path=ORIGINAL, status=400, body={"message": "Invalid Form Body", "code": 50035}),
    ],
    ids=["rate limit", "server error", "dropped", "refused layout"],
)
async def test_an_answer_gets_through_a_failure(bot: Bot, fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.platforms.discord.replying.MAX_SEND_WAIT_S", 0.05)
    async with bot.running():
        bot.server.faults.append(fault)
        assert "Bridge" in texts_in(
            await bot.server.answer_to(await bot.server.use_command("search", {"words": "bridge"}))
        )


async def test_what_nobody_foresaw_is_told_with_a_reference(bot: Bot) -> None:
    def broken(caller: Caller) -> Context:
        raise RuntimeError("no archive")

    bot.context = broken
    async with bot.running():
        answer = await bot.server.answer_to(await bot.server.use_command("help"))
    assert "Something broke on my side (ref " in texts_in(answer)
    assert "no archive" not in texts_in(answer)


async def test_ten_commands_at_once_are_all_answered(bot: Bot) -> None:
    async with bot.running():
        tokens = [await bot.server.use_command("search", {"words": "bakers"}) for _ in range(10)]
        answers = await asyncio.gather(*(bot.server.answer_to(token) for token in tokens))
    assert all("Bakers" in texts_in(answer) for answer in answers)


def _payload(publisher: Any) -> str:
    [payload] = publisher.render(Message(blocks=(Paragraph(text="News digest"),)), marker="nb-1f3a")
    return payload


def _row(custom_id: str) -> dict[str, Any]:
    return {"type": 1, "components": [{"type": 2, "style": 2, "label": "x", "custom_id": custom_id}]}
