"""One attempt a call, outcomes as they are, and what the history proves."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import pytest

from bot.model import Bullets, Heading, Line, Message, Paragraph, Post
from bot.platforms.discord.publishing import DiscordPublisher
from bot.platforms.discord.rendering import marker_line_of
from bot.ports import Absent, Ambiguous, Limited, Posted, Refused, Unreadable
from tests.platforms.discord.conftest import StepClock, make_post
from tests.platforms.discord.loopback import APPLICATION, CHANNEL, Fault, LoopbackDiscord, limited

POSTS = rf"/channels/{CHANNEL}/messages"
DIGEST = Message(
    blocks=(
        Heading(text="News digest"),
        Heading(text="Ferries", level=2),
        Bullets(lines=(Line(text="Ferries run again."),)),
    )
)


@pytest.fixture
def post(publisher: DiscordPublisher, clock: StepClock) -> Post:
    [payload] = publisher.render(DIGEST, marker="nb-1f3a")
    return make_post(payload, clock)


async def test_a_post_carries_our_nonce_and_asks_to_enforce_it(
    publisher: DiscordPublisher, server: LoopbackDiscord, post: Post
) -> None:
    outcome = await publisher.post(post)
    [message] = server.messages[CHANNEL]
    [request] = server.requests_to("POST", POSTS)
    assert outcome == Posted(message_id=message["id"])
    assert request.body["nonce"] == post.nonce
    assert request.body["enforce_nonce"] is True


async def test_the_same_nonce_twice_is_one_message(
    publisher: DiscordPublisher, server: LoopbackDiscord, post: Post
) -> None:
    assert await publisher.post(post) == await publisher.post(post)
    assert len(server.messages[CHANNEL]) == 1


async def test_a_connection_dropped_before_it_is_taken_is_ambiguous_and_tried_once(
    publisher: DiscordPublisher, server: LoopbackDiscord, post: Post
) -> None:
    server.faults.append(Fault(method="POST", path=POSTS))
    assert isinstance(await publisher.post(post), Ambiguous)
    assert len(server.requests_to("POST", POSTS)) == 1
    assert server.messages[CHANNEL] == []


async def test_a_connection_dropped_after_it_is_taken_is_ambiguous_and_tried_once(
    publisher: DiscordPublisher, server: LoopbackDiscord, post: Post
) -> None:
    server.faults.append(Fault(method="POST", path=POSTS, after=True))
    assert isinstance(await publisher.post(post), Ambiguous)
    assert len(server.requests_to("POST", POSTS)) == len(server.messages[CHANNEL]) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504, 524])
async def test_a_server_error_is_ambiguous_and_not_retried_by_the_library(
    publisher: DiscordPublisher, server: LoopbackDiscord, post: Post, status: int
) -> None:
    server.faults.append(Fault(method="POST", path=POSTS, status=status, after=True))
    assert isinstance(await publisher.post(post), Ambiguous)
    assert len(server.requests_to("POST", POSTS)) == 1


async def test_no_answer_in_time_is_ambiguous(publisher: DiscordPublisher, server: LoopbackDiscord, post: Post) -> None:
    server.faults.append(Fault(method="POST", path=POSTS, status=200, hang_s=2))
    assert isinstance(await publisher.post(post), Ambiguous)


@pytest.mark.parametrize("is_global", [False, True])
async def test_a_rate_limit_is_handed_on_and_not_slept_out(
    publisher: DiscordPublisher, server: LoopbackDiscord, post: Post, is_global: bool
) -> None:
    server.faults.append(limited("POST", POSTS, retry_after_s=37.5, is_global=is_global))
    assert await publisher.post(post) == Limited(retry_after_s=37.5, everywhere=is_global)
    # Nothing hangs after it, neither here nor on another route.
    assert isinstance(await publisher.post(post), Posted)


async def test_a_ban_by_the_proxy_in_front_is_a_limit_too(
    publisher: DiscordPublisher, server: LoopbackDiscord, post: Post
) -> None:
    server.faults.append(Fault(method="POST", path=POSTS, status=429, body="banned", headers={"Retry-After": "600"}))
    assert await publisher.post(post) == Limited(retry_after_s=600, everywhere=True)


async def test_a_used_up_bucket_does_not_hold_back_the_outcome_that_is_known(
    publisher: DiscordPublisher, server: LoopbackDiscord, post: Post
) -> None:
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Limit": "5", "X-RateLimit-Reset-After": "30"}
    server.faults.append(Fault(method="POST", path=POSTS, status=200, body={"id": "77"}, headers=headers))
    assert await publisher.post(post) == Posted(message_id="77")
    # The next one waits for the bucket: nothing left this machine, so nothing is doubtful.
    assert isinstance(await publisher.post(post), Limited)
    assert len(server.requests_to("POST", POSTS)) == 1


@pytest.mark.parametrize(("code", "status"), [(50001, 403), (50013, 403), (10003, 404), (50024, 400)])
async def test_a_lost_permission_or_channel_refuses_the_channel(
    publisher: DiscordPublisher, server: LoopbackDiscord, post: Post, code: int, status: int
) -> None:
    body = {"message": "Missing Access", "code": code}
    server.faults.append(Fault(method="POST", path=POSTS, status=status, body=body))
    outcome = await publisher.post(post)
    assert isinstance(outcome, Refused)
    assert outcome.scope == "channel"
    assert "Missing Access" in outcome.reason


async def test_a_revoked_token_refuses_the_workspace(
    publisher: DiscordPublisher, server: LoopbackDiscord, post: Post
) -> None:
    await publisher.post(post)
    server.token_valid = False
    outcome = await publisher.post(post)
    assert isinstance(outcome, Refused)
    assert outcome.scope == "workspace"


async def test_a_token_that_never_was_good_refuses_the_workspace(
    publisher: DiscordPublisher, server: LoopbackDiscord, post: Post
) -> None:
    server.token_valid = False
    assert await publisher.post(post) == Refused(reason="Discord does not take the token", scope="workspace")


async def test_a_refused_layout_is_a_refused_format_and_its_plain_form_is_taken(
    publisher: DiscordPublisher, server: LoopbackDiscord, post: Post, clock: StepClock
) -> None:
    body = {"message": "Invalid Form Body", "code": 50035}
    server.faults.append(Fault(method="POST", path=POSTS, status=400, body=body))
    outcome = await publisher.post(post)
    assert isinstance(outcome, Refused)
    assert outcome.scope == "format"
    plain = publisher.simplify(post.payload)
    assert publisher.simplify(plain) == plain
    assert isinstance(await publisher.post(make_post(plain, clock)), Posted)


async def test_an_unknown_message_on_a_retry_means_posted_and_then_deleted(
    publisher: DiscordPublisher, server: LoopbackDiscord, clock: StepClock, post: Post
) -> None:
    await publisher.post(post)
    server.messages[CHANNEL].clear()
    outcome = await publisher.post(make_post(post.payload, clock, attempts=2))
    assert isinstance(outcome, Posted)
    assert outcome.deleted


async def test_a_server_that_is_down_leaves_nothing_in_doubt(
    publisher: DiscordPublisher, server: LoopbackDiscord, post: Post
) -> None:
    await server.stop()
    assert isinstance(await publisher.post(post), Limited)


async def test_it_is_found_by_its_marker_among_others(
    publisher: DiscordPublisher, server: LoopbackDiscord, post: Post
) -> None:
    posted = await publisher.post(post)
    for number in range(250):
        server.add_message(f"talk {number}")
    assert await publisher.find(post) == posted
    assert len(server.requests_to("GET", POSTS)) == 3


async def test_each_part_is_told_from_the_others_of_its_message(
    publisher: DiscordPublisher, server: LoopbackDiscord, clock: StepClock
) -> None:
    long = Message(blocks=tuple(Paragraph(text="ferry " * 500) for _ in range(3)))
    payloads = publisher.render(long, marker="nb-1f3a")
    posts = [make_post(payload, clock, part=n, parts=len(payloads)) for n, payload in enumerate(payloads, start=1)]
    first = await publisher.post(posts[0])
    assert await publisher.find(posts[0]) == first
    assert await publisher.find(posts[1]) == Absent()


async def test_somebody_elses_copy_of_the_marker_is_not_ours(
    publisher: DiscordPublisher, server: LoopbackDiscord, post: Post
) -> None:
    server.add_message("an older one of mine", author=APPLICATION)
    server.add_message("-# nb-1f3a")
    assert await publisher.find(post) == Absent()


async def test_absence_counts_when_an_earlier_message_of_ours_is_in_sight(
    publisher: DiscordPublisher, server: LoopbackDiscord, post: Post, clock: StepClock
) -> None:
    server.add_message("yesterday's digest", author=APPLICATION, at=clock.now() - timedelta(days=1))
    for number in range(120):
        server.add_message(f"talk {number}", at=clock.now() - timedelta(hours=2, seconds=number))
    assert await publisher.find(post) == Absent()


async def test_an_empty_history_proves_nothing(
    publisher: DiscordPublisher, server: LoopbackDiscord, post: Post
) -> None:
    await publisher.post(post)
    server.readable = False
    assert isinstance(await publisher.find(post), Unreadable)


async def test_a_history_without_a_message_of_ours_proves_nothing(
    publisher: DiscordPublisher, server: LoopbackDiscord, post: Post
) -> None:
    server.add_message("talk")
    assert isinstance(await publisher.find(post), Unreadable)


async def test_a_first_attempt_in_the_future_proves_nothing(
    publisher: DiscordPublisher, server: LoopbackDiscord, clock: StepClock, post: Post
) -> None:
    server.add_message("an older one of mine", author=APPLICATION)
    later = make_post(post.payload, clock, first_at=clock.now() + timedelta(hours=6))
    assert isinstance(await publisher.find(later), Unreadable)


async def test_a_wrong_clock_of_ours_is_told_by_discords_own(
    publisher: DiscordPublisher, server: LoopbackDiscord, clock: StepClock
) -> None:
    clock.ahead = timedelta(hours=6)
    [payload] = publisher.render(DIGEST, marker="nb-1f3a")
    post = make_post(payload, clock)
    server.add_message("an older one of mine", author=APPLICATION)
    posted = await publisher.post(post)
    for number in range(120):
        server.add_message(f"talk {number}")
    assert await publisher.find(post) == posted


async def test_a_page_that_fails_is_read_again(
    publisher: DiscordPublisher, server: LoopbackDiscord, post: Post
) -> None:
    posted = await publisher.post(post)
    server.faults.append(limited("GET", POSTS, retry_after_s=0.05))
    assert await publisher.find(post) == posted


async def test_a_history_that_may_not_be_read_proves_nothing(
    publisher: DiscordPublisher, server: LoopbackDiscord, post: Post
) -> None:
    await publisher.post(post)
    server.faults.append(Fault(method="GET", path=POSTS, status=403, body={"message": "Missing Access", "code": 50001}))
    assert isinstance(await publisher.find(post), Unreadable)


async def test_an_edit_replaces_the_content(
    publisher: DiscordPublisher, server: LoopbackDiscord, post: Post, clock: StepClock
) -> None:
    posted = await publisher.post(post)
    assert isinstance(posted, Posted)
    [changed] = publisher.render(Message(blocks=(Paragraph(text="Updated"),)), marker="nb-1f3a")
    sent = make_post(post.payload, clock, message_id=posted.message_id)
    assert await publisher.edit(sent, changed) == posted
    assert server.messages[CHANNEL][0]["components"] == json.loads(changed)["components"]
    server.messages[CHANNEL].clear()
    assert await publisher.edit(sent, changed) == Posted(message_id=posted.message_id, deleted=True)


async def test_the_first_part_of_a_digest_gets_a_thread_named_after_it(
    publisher: DiscordPublisher, server: LoopbackDiscord, clock: StepClock, post: Post
) -> None:
    posted = await publisher.post(post)
    await publisher.post(make_post(post.payload, clock, part=2, parts=2))
    await server.until(lambda: server.threads)
    assert isinstance(posted, Posted)
    assert server.threads == {posted.message_id}
    [request] = server.requests_to("POST", POSTS + r"/\d+/threads")
    assert request.body["name"] == "News digest"


async def test_a_digest_of_nothing_new_gets_no_thread(
    publisher: DiscordPublisher, server: LoopbackDiscord, clock: StepClock
) -> None:
    [payload] = publisher.render(Message(blocks=(Paragraph(text="Nothing new."),)), marker="nb-1f3a")
    await publisher.post(make_post(payload, clock))
    await asyncio.sleep(0.05)
    assert server.requests_to("POST", POSTS + r"/\d+/threads") == []


async def test_a_post_made_while_our_clock_was_ahead_is_found(
    publisher: DiscordPublisher, server: LoopbackDiscord, clock: StepClock, post: Post
) -> None:
    server.add_message("an older one of mine", author=APPLICATION, at=clock.now() - timedelta(days=2))
    posted = server.add_message(
        marker_line_of(json.loads(post.payload)), author=APPLICATION, at=clock.now() - timedelta(hours=3)
    )
    for number in range(150):
        server.add_message(f"talk {number}")
    claimed = make_post(post.payload, clock, first_at=clock.now() - timedelta(hours=1))
    assert await publisher.find(claimed) == Posted(message_id=posted["id"])


async def test_a_thread_that_may_not_be_opened_spoils_nothing(
    publisher: DiscordPublisher, server: LoopbackDiscord, post: Post
) -> None:
    body = {"message": "Missing Permissions", "code": 50013}
    server.faults.append(Fault(method="POST", path=POSTS + r"/\d+/threads", status=403, body=body))
    assert isinstance(await publisher.post(post), Posted)
    await server.until(lambda: server.requests_to("POST", POSTS + r"/\d+/threads"))
