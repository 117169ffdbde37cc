"""Posting to Slack through the real client: one request a call, every outcome told apart, found again by its id."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from bot.deliveries.pacing import Pace
from bot.model import Button, Buttons, Destination, Heading, Message, Paragraph, Post
from bot.platforms.slack.publishing import SlackPublisher
from bot.ports import Absent, Ambiguous, Limited, Posted, Refused, Unreadable
from tests.platforms.slack.slack_loopback import (
    BOT_TOKEN,
    BOT_USER,
    CHANNEL,
    TEAM,
    SlackLoopback,
    answer_nonsense,
    drop,
    hang,
    refuse,
)

MESSAGE = Message(blocks=(Heading(text="News digest"), Paragraph(text="The bridge over the Arvel is open.")))


@pytest.fixture
def publisher(slack: SlackLoopback) -> SlackPublisher:
    return SlackPublisher(
        BOT_TOKEN, base_url=f"{slack.base_url}/api", timeout_s=1.0, pace=Pace(per_s=1_000, burst=1_000)
    )


def make_post(publisher: SlackPublisher, *, name: str = "one", channel: str = CHANNEL, first: bool = True) -> Post:
    """Return a post of the message, attempted a moment ago."""
    [payload] = publisher.render(MESSAGE, marker="ab12cd")
    return Post(
        id=f"post-{name}", destination=Destination(platform="slack", workspace=TEAM, channel=channel), batch="b",
        part=1, parts=1, payload=payload, marker="ab12cd", nonce="n", attempts=1,
        first_at=datetime.now(UTC) if first else None,
    )  # fmt: skip


async def test_a_post_arrives_once_with_its_id_in_the_metadata(publisher: SlackPublisher, slack: SlackLoopback) -> None:
    outcome = await publisher.post(make_post(publisher))
    [message] = slack.posts()
    assert outcome == Posted(message_id=message["ts"])
    assert message["metadata"]["event_payload"]["id"] == "post-one"
    assert "ab12cd" in json.dumps(message["blocks"])


async def test_a_connection_dropped_after_acceptance_leaves_one_post_that_is_found(
    publisher: SlackPublisher, slack: SlackLoopback
) -> None:
    post = make_post(publisher)
    slack.fail_next("chat.postMessage", drop(accept=True))
    assert isinstance(await publisher.post(post), Ambiguous)
    [message] = slack.posts()
    assert len(slack.calls_of("chat.postMessage")) == 1
    assert await publisher.find(post) == Posted(message_id=message["ts"])


async def test_a_connection_dropped_before_acceptance_leaves_none_and_absence_is_proved(
    publisher: SlackPublisher, slack: SlackLoopback
) -> None:
    post = make_post(publisher)
    slack.fail_next("chat.postMessage", drop(accept=False))
    assert isinstance(await publisher.post(post), Ambiguous)
    assert slack.posts() == []
    assert await publisher.find(post) == Absent()


async def test_an_answer_that_comes_too_late_is_ambiguous(publisher: SlackPublisher, slack: SlackLoopback) -> None:
    slack.fail_next("chat.postMessage", hang(1.5, accept=True))
    assert isinstance(await publisher.post(make_post(publisher)), Ambiguous)
    assert len(slack.posts()) == 1


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (refuse("ratelimited", status=429, headers={"Retry-After": "7"}), Limited(retry_after_s=7, everywhere=True)),
        (
            refuse("ratelimited", status=429, headers={"Retry-After": "soon"}),
            Limited(retry_after_s=30, everywhere=True),
        ),
        (refuse("ratelimited", status=429, headers={"Retry-After": "inf"}), Limited(retry_after_s=30, everywhere=True)),
        (refuse("ratelimited", status=429), Limited(retry_after_s=30, everywhere=True)),
        (refuse("ratelimited"), Limited(retry_after_s=30, everywhere=True)),
        (refuse("internal_error"), Ambiguous),
        (refuse("fatal_error", status=500), Ambiguous),
        (answer_nonsense("<html>502</html>", status=502), Ambiguous),
        (answer_nonsense("<html>fine</html>"), Ambiguous),
        (answer_nonsense("ok", content_type="text/plain"), Ambiguous),
        (answer_nonsense("{", content_type="application/json"), Ambiguous),
        (answer_nonsense("[]", content_type="application/json"), Ambiguous),
        (answer_nonsense('{"ok": true}', content_type="application/json"), Ambiguous),
        (refuse("invalid_auth"), "workspace"),
        (refuse("token_revoked"), "workspace"),
        (refuse("missing_scope", status=403), "workspace"),
        (refuse("channel_not_found"), "channel"),
        (refuse("not_in_channel"), "channel"),
        (refuse("is_archived"), "channel"),
        (refuse("something_new"), "channel"),
        (refuse("msg_blocks_too_long"), "format"),
        (refuse("invalid_blocks"), "format"),
    ],
)
async def test_each_answer_of_slack_has_its_outcome(
    publisher: SlackPublisher, slack: SlackLoopback, fault, expected
) -> None:
    slack.fail_next("chat.postMessage", fault)
    outcome = await publisher.post(make_post(publisher))
    assert len(slack.calls_of("chat.postMessage")) == 1
    if isinstance(expected, str):
        assert isinstance(outcome, Refused)
        assert outcome.scope == expected
    elif isinstance(expected, type):
        assert isinstance(outcome, expected)
    else:
        assert outcome == expected


async def test_a_slack_that_can_not_be_reached_is_tried_later(unused_tcp_port: int) -> None:
    publisher = SlackPublisher(BOT_TOKEN, base_url=f"http://127.0.0.1:{unused_tcp_port}/api/")
    assert isinstance(await publisher.post(make_post(publisher)), Limited)


async def test_a_refused_token_stops_the_workspace(slack: SlackLoopback) -> None:
    publisher = SlackPublisher("xoxb-revoked", base_url=f"{slack.base_url}/api/")
    outcome = await publisher.post(make_post(publisher))
    assert isinstance(outcome, Refused)
    assert outcome.scope == "workspace"
    assert "xoxb" not in outcome.reason


async def test_a_refused_format_can_be_said_simply(publisher: SlackPublisher) -> None:
    [payload] = publisher.render(MESSAGE, marker="ab12cd")
    simple = publisher.simplify(payload)
    assert "The bridge over the Arvel is open." in simple
    assert {block["type"] for block in json.loads(simple)["blocks"]} == {"section"}
    assert publisher.simplify(simple) == simple


async def test_a_post_is_found_behind_many_other_messages(publisher: SlackPublisher, slack: SlackLoopback) -> None:
    post = make_post(publisher)
    await publisher.post(post)
    slack.channels[CHANNEL].extend({"type": "message", "user": "U1", "ts": slack.next_ts()} for _ in range(450))
    assert await publisher.find(post) == Posted(message_id=slack.posts()[0]["ts"])
    assert len(slack.calls_of("conversations.history")) == 3


async def test_a_part_without_its_metadata_is_found_by_its_marker(
    publisher: SlackPublisher, slack: SlackLoopback
) -> None:
    message = Message(blocks=(Paragraph(text="harbour " * 900), Paragraph(text="ferry " * 900)))
    payloads = publisher.render(message, marker="ab12cd")
    posts = [
        replace(make_post(publisher, name=str(number)), payload=payload, part=number, parts=len(payloads))
        for number, payload in enumerate(payloads, start=1)
    ]
    for post in posts:
        await publisher.post(post)
    for message_there in slack.posts():
        del message_there["metadata"]
    found = [await publisher.find(post) for post in posts]
    assert len(posts) > 1
    assert found == [Posted(message_id=message_there["ts"]) for message_there in slack.posts()]


async def test_a_message_of_somebody_else_with_our_id_is_not_ours(
    publisher: SlackPublisher, slack: SlackLoopback
) -> None:
    post = make_post(publisher)
    metadata = {"event_type": "newsbot_post", "event_payload": {"id": post.id}}
    forged = {"type": "message", "user": "U1", "bot_id": "B0OTHER", "ts": slack.next_ts(), "metadata": metadata}
    slack.channels[CHANNEL].append(forged)
    assert await publisher.find(post) == Absent()


async def test_a_history_that_shows_nothing_of_ours_proves_nothing(
    publisher: SlackPublisher, slack: SlackLoopback
) -> None:
    slack.channels[CHANNEL] = [{"type": "message", "user": "U1", "ts": slack.next_ts()}]
    assert isinstance(await publisher.find(make_post(publisher)), Unreadable)


async def test_having_joined_long_ago_shows_that_the_history_is_readable(
    publisher: SlackPublisher, slack: SlackLoopback
) -> None:
    long_ago = (datetime.now(UTC) - timedelta(days=20)).timestamp()
    slack.channels[CHANNEL] = [{"type": "message", "user": BOT_USER, "ts": f"{long_ago:.6f}"}]
    assert await publisher.find(make_post(publisher)) == Absent()


@pytest.mark.parametrize("fault", [refuse("missing_scope"), refuse("ratelimited", status=429), drop(accept=False),
                                   answer_nonsense("<p>no</p>")])  # fmt: skip
async def test_a_history_that_is_not_told_proves_nothing(
    publisher: SlackPublisher, slack: SlackLoopback, fault
) -> None:
    slack.fail_next("conversations.history", fault, fault)  # a dropped reading may be repeated, it changes nothing
    assert isinstance(await publisher.find(make_post(publisher)), Unreadable)


async def test_a_page_missing_in_the_middle_proves_nothing(publisher: SlackPublisher, slack: SlackLoopback) -> None:
    async def without_cursor(request, perform):
        return web.json_response({"ok": True, "messages": [{"user": BOT_USER, "ts": "1"}], "has_more": True})

    slack.fail_next("conversations.history", without_cursor)
    assert isinstance(await publisher.find(make_post(publisher)), Unreadable)


async def test_a_post_never_attempted_is_not_looked_for(publisher: SlackPublisher, slack: SlackLoopback) -> None:
    assert isinstance(await publisher.find(make_post(publisher, first=False)), Unreadable)
    assert slack.calls == []


async def test_an_edit_replaces_the_text_and_keeps_the_id(publisher: SlackPublisher, slack: SlackLoopback) -> None:
    post = make_post(publisher)
    outcome = await publisher.post(post)
    assert isinstance(outcome, Posted)
    sent = replace(post, message_id=outcome.message_id)
    updated = Message(blocks=(Paragraph(text="Updated: the bridge cost 3.5 million."),))
    [payload] = publisher.render(updated, marker="ab12cd")
    assert await publisher.edit(sent, payload) == outcome
    [message] = slack.posts()
    assert "Updated: the bridge cost" in message["text"]
    assert message["metadata"]["event_payload"]["id"] == post.id


async def test_editing_what_was_deleted_says_so(publisher: SlackPublisher, slack: SlackLoopback) -> None:
    post = replace(make_post(publisher), message_id="1.000001")
    assert await publisher.edit(post, post.payload) == Posted(message_id="1.000001", deleted=True)


async def test_too_many_edits_hold_up_edits_and_no_post(publisher: SlackPublisher, slack: SlackLoopback) -> None:
    post = replace(make_post(publisher), message_id="1.000001")
    slack.fail_next("chat.update", refuse("ratelimited", status=429, headers={"Retry-After": "7"}))
    assert await publisher.edit(post, post.payload) == Limited(retry_after_s=7)


async def test_buttons_travel_with_a_digest(publisher: SlackPublisher, slack: SlackLoopback) -> None:
    message = Message(blocks=(*MESSAGE.blocks, Buttons(buttons=(Button(label="Sources", action="sources:1:2"),))))
    [payload] = publisher.render(message, marker="ab12cd")
    await publisher.post(replace(make_post(publisher), payload=payload))
    actions = [block for block in slack.posts()[0]["blocks"] if block["type"] == "actions"]
    assert actions[0]["elements"][0]["value"] == "sources:1:2"
