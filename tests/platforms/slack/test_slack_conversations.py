"""Mentions, direct messages, threads and the home page through the real Bolt client."""

from __future__ import annotations

import json
from datetime import time

import pytest

from bot.model import Destination, Schedule
from bot.platforms.slack.connection import SlackPlatform
from bot.platforms.slack.conversations import readable
from tests.platforms.slack.conftest import RealServices
from tests.platforms.slack.slack_limits import texts_of
from tests.platforms.slack.slack_loopback import (
    ADMIN,
    APP_TOKEN,
    BOT_TOKEN,
    BOT_USER,
    CHANNEL,
    PRIVATE_CHANNEL,
    READER,
    TEAM,
    SlackLoopback,
    drop,
    refuse,
)

MENTION = f"<@{BOT_USER}>"


async def settle(slack: SlackLoopback) -> None:
    """Let everything that was sent before be worked off: a command that comes later is answered."""
    await slack.answer_to(await slack.type_command("/news-status"))


async def test_a_mention_is_answered_in_its_thread(platform: SlackPlatform, slack: SlackLoopback) -> None:
    ts = await slack.write(f"{MENTION} Who opened the new bridge?", kind="app_mention")
    [message] = await slack.until(slack.posts)
    assert message["thread_ts"] == ts
    assert "mayor of Oldport" in "\n".join(texts_of(message["blocks"]))


async def test_an_event_that_is_delivered_three_times_is_answered_once(
    platform: SlackPlatform, slack: SlackLoopback
) -> None:
    event = {"type": "app_mention", "user": READER, "text": f"{MENTION} Who opened the new bridge?",
             "ts": slack.next_ts(), "channel": CHANNEL}  # fmt: skip
    for _ in range(3):
        await slack.event(event, event_id="Ev-same")
    await slack.until(slack.posts)
    await settle(slack)
    assert len(slack.posts()) == 1


async def test_an_envelope_that_comes_again_is_acknowledged_again_and_answered_once(
    platform: SlackPlatform, slack: SlackLoopback
) -> None:
    payload = {"command": "/news-search", "text": "bridge", "user_id": READER, "channel_id": CHANNEL, "team_id": TEAM,
               "response_url": f"{slack.base_url}/respond/again", "trigger_id": "t", "api_app_id": "A"}  # fmt: skip
    for _ in range(3):
        await slack.deliver("slash_commands", payload, envelope_id="envelope-same")
    await settle(slack)
    assert len(slack.answers_to("again")) == 1


async def test_a_mention_that_also_comes_as_a_message_is_answered_once(
    platform: SlackPlatform, slack: SlackLoopback
) -> None:
    ts = slack.next_ts()
    event = {"user": READER, "text": f"{MENTION} Who opened the new bridge?", "ts": ts, "thread_ts": ts,
             "channel": CHANNEL, "channel_type": "channel"}  # fmt: skip
    await slack.event({**event, "type": "app_mention"})
    await slack.event({**event, "type": "message"})
    await slack.until(slack.posts)
    await settle(slack)
    assert len(slack.posts()) == 1


async def test_who_asked_in_a_thread_may_ask_on_without_a_mention(
    platform: SlackPlatform, slack: SlackLoopback
) -> None:
    thread = await slack.write(f"{MENTION} Who opened the new bridge?", kind="app_mention")
    await slack.until(slack.posts)
    await slack.write("Who went on strike in Lindau?", thread=thread)
    await slack.until(lambda: len(slack.posts()) == 2)
    assert slack.posts()[1]["thread_ts"] == thread


async def test_others_in_a_thread_are_left_alone(platform: SlackPlatform, slack: SlackLoopback) -> None:
    thread = await slack.write(f"{MENTION} Who opened the new bridge?", kind="app_mention")
    await slack.until(slack.posts)
    await slack.write("I was there!", user=ADMIN, thread=thread)
    await slack.write(f"<@{ADMIN}> were you really?", thread=thread)
    await slack.write("An ordinary message in the channel")
    await settle(slack)
    assert len(slack.posts()) == 1


async def test_a_thread_from_before_a_restart_is_still_known(platform: SlackPlatform, slack: SlackLoopback) -> None:
    thread = slack.next_ts()
    began = {"type": "message", "user": READER, "text": f"{MENTION} hello", "ts": thread, "thread_ts": thread}
    slack.channels[CHANNEL].append(began)
    await slack.write("Who opened the new bridge?", thread=thread)
    await slack.until(slack.posts)


async def test_a_thread_that_can_not_be_read_is_nobodys(platform: SlackPlatform, slack: SlackLoopback) -> None:
    slack.fail_next("conversations.replies", refuse("missing_scope"))
    await slack.write("Who opened the new bridge?", thread=slack.next_ts())
    await settle(slack)
    assert slack.posts() == []


async def test_the_bots_own_messages_edits_and_joins_are_not_answered(
    platform: SlackPlatform, slack: SlackLoopback
) -> None:
    base = {"type": "message", "channel": "D0DIRECT", "channel_type": "im", "ts": slack.next_ts(), "text": "hello"}
    await slack.event({**base, "user": BOT_USER, "bot_id": "B0BOT"})
    await slack.event({**base, "user": "U0OTHERBOT", "bot_id": "B0OTHER", "subtype": "bot_message"})
    await slack.event({**base, "subtype": "message_changed", "message": {"text": "hello"}})
    await slack.event({**base, "user": READER, "subtype": "channel_join"})
    await settle(slack)
    assert slack.calls_of("chat.postMessage") == []


async def test_a_direct_message_is_answered_there(platform: SlackPlatform, slack: SlackLoopback) -> None:
    await slack.write("Who opened the new bridge?", channel="D0DIRECT")
    [message] = await slack.until(lambda: slack.posts("D0DIRECT"))
    assert "mayor of Oldport" in "\n".join(texts_of(message["blocks"]))


async def test_a_mention_may_name_a_command(platform: SlackPlatform, slack: SlackLoopback) -> None:
    await slack.write(f"{MENTION} search bakers", kind="app_mention")
    [message] = await slack.until(slack.posts)
    assert "Lindau" in "\n".join(texts_of(message["blocks"]))


async def test_what_concerns_one_reader_is_whispered(platform: SlackPlatform, slack: SlackLoopback) -> None:
    await slack.write(f"{MENTION} schedule add 08:00", kind="app_mention")
    [whisper] = await slack.until(lambda: slack.calls_of("chat.postEphemeral"))
    assert whisper["user"] == READER
    assert "admins" in "\n".join(texts_of(whisper["blocks"]))
    assert slack.posts() == []


async def test_a_digest_asked_for_in_a_mention_stays_with_its_reader_and_counts_as_told_once_it_is_shared(
    platform: SlackPlatform, slack: SlackLoopback, services: RealServices
) -> None:
    here = Destination(platform="slack", workspace=TEAM, channel=CHANNEL)
    await slack.write(f"{MENTION} digest", user=ADMIN, kind="app_mention")
    [whisper] = await slack.until(lambda: slack.calls_of("chat.postEphemeral"))
    assert whisper["user"] == ADMIN
    assert "Bridge opens" in json.dumps(whisper["blocks"])
    assert slack.posts() == []
    assert await services.archive.told_lines(here.key, limit=9) == []
    [share] = [
        element["value"]
        for block in whisper["blocks"] if block["type"] == "actions"
        for element in block["elements"] if element["text"]["text"] == "Share"
    ]  # fmt: skip
    await slack.answer_to(await slack.press(share, user=ADMIN))
    assert await services.archive.told_lines(here.key, limit=9)
    again = await slack.answer_to(await slack.type_command("/digest", user=ADMIN))
    assert "Nothing new" in "\n".join(texts_of(again["blocks"]))


async def test_an_empty_mention_explains_the_bot(platform: SlackPlatform, slack: SlackLoopback) -> None:
    await slack.write(MENTION, kind="app_mention")
    [whisper] = await slack.until(lambda: slack.calls_of("chat.postEphemeral"))
    assert "/ask" in "\n".join(texts_of(whisper["blocks"]))


async def test_an_answer_whose_fate_is_unknown_is_not_posted_again(
    platform: SlackPlatform, slack: SlackLoopback
) -> None:
    slack.fail_next("chat.postMessage", drop(accept=True))
    await slack.write(f"{MENTION} Who opened the new bridge?", kind="app_mention")
    await slack.until(slack.posts)
    await settle(slack)
    assert len(slack.calls_of("chat.postMessage")) == 1


async def test_an_answer_that_is_limited_is_posted_after_the_wait(
    platform: SlackPlatform, slack: SlackLoopback
) -> None:
    slack.fail_next("chat.postMessage", refuse("ratelimited", status=429, headers={"Retry-After": "1"}))
    await slack.write(f"{MENTION} Who opened the new bridge?", kind="app_mention")
    await slack.until(slack.posts)
    assert len(slack.posts()) == 1


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (f"{MENTION} what &lt;b&gt; &amp; c?", "what <b> & c?"),
        ("see <https://a.example|this> in <#C1|general>", "see this in general"),
        ("<!here> hi <!subteam^S1|@board>", "hi @board"),
        (f"{MENTION}", ""),
    ],
)
def test_what_somebody_wrote_is_read_without_slacks_marks(written: str, read: str) -> None:
    assert readable(written) == read


async def test_the_home_page_shows_the_readers_own_channels(
    platform: SlackPlatform, slack: SlackLoopback, services
) -> None:
    for number, channel in enumerate((CHANNEL, PRIVATE_CHANNEL)):
        there = Destination(platform="slack", workspace=TEAM, channel=channel)
        await services.archive.save_schedule(
            Schedule(
                id=f"s{number}", destination=there, times=(time(8, number),), weekdays=(0, 3), zone="Europe/Berlin"
            )
        )
    elsewhere = Destination(platform="slack", workspace="T0OTHER", channel=CHANNEL)
    await services.archive.save_schedule(
        Schedule(id="s9", destination=elsewhere, times=(time(9, 9),), weekdays=(), zone="UTC")
    )
    await slack.event({"type": "app_home_opened", "user": READER, "channel": "D1", "tab": "home"})
    [published] = await slack.until(lambda: slack.calls_of("views.publish"))
    shown = "\n".join(texts_of(published["view"]))
    assert published["user_id"] == READER
    assert "#c0news: 08:00, Mon, Thu (Europe/Berlin)" in shown
    assert "08:01" not in shown
    assert "09:09" not in shown
    assert "articles" in shown.lower()
    assert shown.count("Status") == 1
    assert "this channel" not in shown


async def test_the_home_page_works_without_knowing_the_channels(platform: SlackPlatform, slack: SlackLoopback) -> None:
    slack.fail_next("users.conversations", refuse("missing_scope"))
    await slack.event({"type": "app_home_opened", "user": READER, "channel": "D1", "tab": "home"})
    [published] = await slack.until(lambda: slack.calls_of("views.publish"))
    assert "No digests are scheduled" in json.dumps(published)


async def test_the_messages_tab_is_left_alone(platform: SlackPlatform, slack: SlackLoopback) -> None:
    await slack.event({"type": "app_home_opened", "user": READER, "channel": "D1", "tab": "messages"})
    await settle(slack)
    assert slack.calls_of("views.publish") == []


async def test_the_owner_is_told_what_a_person_has_to_know(platform: SlackPlatform, slack: SlackLoopback) -> None:
    there = Destination(platform="slack", workspace=TEAM, channel=CHANNEL)
    await platform.notify_admin(there, "The bot is not in the channel any more.")
    [message] = slack.posts("U0OWNER")
    assert "not in the channel any more" in "\n".join(texts_of(message["blocks"]))


async def test_telling_the_owner_never_raises(slack: SlackLoopback, services) -> None:
    platform = SlackPlatform("xoxb-revoked", APP_TOKEN, services, base_url=f"{slack.base_url}/api/")
    await platform.notify_admin(Destination(platform="slack", workspace=TEAM, channel=CHANNEL), "Something.")
    assert BOT_TOKEN not in json.dumps(slack.calls)
